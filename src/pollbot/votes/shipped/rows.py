"""Votes that were cast here, kept until their people hear what became of the issues."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from pollbot.accounts.rows import Waits
from pollbot.accounts.rules import Dropped
from pollbot.chance import Chance, new_id
from pollbot.jira.key_rows import present
from pollbot.people import Person
from pollbot.store import outbox
from pollbot.store.deliveries import act
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Limit, Queue, Work
from pollbot.store.writer import Connection, Writer, long_transaction, reading, transaction
from pollbot.votes.shipped.rules import (
    ALL,
    KEPT_FOR,
    READ_EVERY,
    CastVote,
    Muted,
    VotedIssue,
    project_of,
)

TOLD = Queue(
    "shipped",
    "cast_votes",
    ("id",),
    "resolved = 1",
    limits=(Limit("site", 16),),
)
READ = Queue("resolutions", "voted_issues", ("id",), "1 = 1", looks=True)

_OF_ISSUE = "team_id = ? AND site = ? AND issue_key = ?"
_OF_VOTE = "team_id = ? AND user_id = ? AND site = ? AND issue_key = ?"

Say = Literal["say", "under way", "over"]
"""Whether somebody is to be told now, is being told, or is not to be told any more."""


def notice_of(vote: CastVote) -> Notice:
    """Return what its person is told, once for each vote that is cast."""
    return Notice(Kind.SHIPPED, vote.id, reader=vote.person.user_id)


def keep(
    db: Connection,
    chance: Chance,
    person: Person,
    site: str,
    issue_key: str,
    now: float,
    *,
    seen_open: bool,
) -> None:
    """Keep that Jira took a vote, unless its person wants to hear nothing of the issue.

    Without ``seen_open`` nobody has seen that the issue is not resolved yet.
    """
    if _is_muted(db, person, site, issue_key):
        return
    key = present(db, site, issue_key)
    db.execute(
        "INSERT INTO cast_votes (id, team_id, user_id, site, issue_key, cast_at, seen_open)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (team_id, user_id, site, issue_key)"
        " DO UPDATE SET seen_open = CASE excluded.seen_open WHEN 0 THEN cast_votes.seen_open"
        " ELSE excluded.seen_open END",
        (new_id(chance), person.team_id, person.user_id, site, key, now, int(seen_open)),
    )
    _look_at(db, new_id(chance), person.team_id, site, key, now)


def forget(db: Connection, person: Person, site: str, issue_key: str) -> None:
    """Forget a vote that was withdrawn."""
    key = present(db, site, issue_key)
    db.execute(
        f"DELETE FROM cast_votes WHERE {_OF_VOTE}", (person.team_id, person.user_id, site, key)
    )


def follow(db: Connection, site: str, before: str, key: str) -> None:
    """Have votes for an issue that has a new key, and looks at it, go on under that."""
    for table, same in (
        ("cast_votes", "other.team_id = {0}.team_id AND other.user_id = {0}.user_id"),
        ("voted_issues", "other.team_id = {0}.team_id"),
    ):
        db.execute(
            f"DELETE FROM {table} WHERE site = ? AND issue_key = ? AND EXISTS (SELECT 1"
            f" FROM {table} AS other WHERE {same.format(table)} AND other.site = ?"
            " AND other.issue_key = ?)",
            (site, before, site, key),
        )
    db.execute(
        "UPDATE cast_votes SET issue_key = ? WHERE site = ? AND issue_key = ?", (key, site, before)
    )
    db.execute(
        "UPDATE voted_issues SET issue_key = ? WHERE site = ? AND issue_key = ?",
        (key, site, before),
    )


def leave_out_all(db: Connection, now: float) -> int:
    """Forget whom to tell, and tell of what is resolved from now on; return how many were to be.

    What is resolved by the next look may have been told since the copy was made.
    """
    left = db.execute("DELETE FROM cast_votes WHERE resolved = 1").rowcount
    db.execute("UPDATE cast_votes SET seen_open = 0")
    return left


class VotesOfAccounts(Waits):
    """Votes whose people cannot be told what they may see, once their account is gone."""

    def disconnected(self, db: Connection, person: Person, site: str) -> Dropped:
        """Forget them."""
        db.execute(
            "DELETE FROM cast_votes WHERE team_id = ? AND user_id = ? AND site = ?",
            (person.team_id, person.user_id, site),
        )
        return Dropped()


class ShippedRows:
    """One row per vote that was cast here, one per issue that is looked at for them.

    ```
                cast          resolved, and seen open before           told, muted,
        [*] ──────────▶ kept ───────────────────────────▶ resolved ──────────────▶ [*]
                        │  ▲                                 │        not voted, hidden
                        │  └──────────── reopened ───────────┘
                        └── withdrawn, disconnected, muted, a year, resolved at the first look ▶ [*]
    ```
    """

    def __init__(self, writer: Writer, chance: Chance) -> None:
        self._writer = writer
        self._chance = chance
        self.work: Work[CastVote] = Work(
            writer, TOLD, "id, team_id, user_id, site, issue_key", lambda row, _: _vote(row), chance
        )
        self.looks: Work[VotedIssue] = Work(
            writer, READ, "id, team_id, site, issue_key", lambda row, _: VotedIssue(*row), chance
        )

    @transaction
    def readers(self, db: Connection, issues: Sequence[VotedIssue]) -> dict[str, Person]:
        """Return as whom to look at issues, by their ids; nobody, where no voter can look.

        Next comes whoever comes after the last one to whom Jira did not show it.
        """
        found: dict[str, Person] = {}
        for issue in issues:
            row = db.execute(
                "SELECT user_id FROM cast_votes JOIN accounts USING (team_id, user_id, site)"
                " WHERE cast_votes.team_id = ? AND cast_votes.site = ? AND issue_key = ?"
                " AND resolved = 0 AND refused_at IS NULL"
                " ORDER BY user_id <= (SELECT passed_over FROM voted_issues WHERE id = ?), user_id"
                " LIMIT 1",
                (issue.team_id, issue.site, issue.issue_key, issue.id),
            ).fetchone()
            if row is not None:
                found[issue.id] = Person(issue.team_id, str(row[0]))
        return found

    @transaction
    def seen(
        self,
        db: Connection,
        team_id: str,
        site: str,
        issues: Iterable[tuple[str, bool]],
        now: float,
    ) -> None:
        """Keep how issues are: the key of each, and whether it is resolved."""
        for key, resolved in issues:
            issue = (team_id, site, present(db, site, key))
            if not resolved:
                db.execute(f"UPDATE cast_votes SET seen_open = 1 WHERE {_OF_ISSUE}", issue)
                continue
            # Jira takes no votes on what is resolved: that is old, or its person knows it.
            db.execute(f"DELETE FROM cast_votes WHERE {_OF_ISSUE} AND seen_open = 0", issue)
            TOLD.make_due(db, now, f"{_OF_ISSUE} AND resolved = 0", *issue, sets="resolved = 1")
            db.execute(f"DELETE FROM voted_issues WHERE {_OF_ISSUE}", issue)

    @transaction
    def passed_over(self, db: Connection, issue_ids: Iterable[str], reader: Person) -> None:
        """Keep that Jira did not show these to somebody, so that another one looks next."""
        db.executemany(
            "UPDATE voted_issues SET passed_over = ? WHERE id = ?",
            [(reader.user_id, id_) for id_ in issue_ids],
        )

    @transaction
    def reopened(self, db: Connection, vote: CastVote, now: float) -> None:
        """Go on looking at an issue that is not resolved any more."""
        db.execute("UPDATE cast_votes SET resolved = 0, seen_open = 1 WHERE id = ?", (vote.id,))
        key = present(db, vote.site, vote.issue_key)
        _look_at(db, new_id(self._chance), vote.person.team_id, vote.site, key, now)

    @transaction
    def claim(self, db: Connection, vote: CastVote, now: float) -> Say:
        """Claim the word to its person, unless they withdraw, have muted it, or are told."""
        key = present(db, vote.site, vote.issue_key)
        of_vote = (vote.person.team_id, vote.person.user_id, vote.site, key)
        wanted = db.execute(
            f"SELECT 1 FROM cast_votes WHERE id = ? AND resolved = 1 AND NOT EXISTS (SELECT 1"
            f" FROM intents WHERE {_OF_VOTE} AND wish = 'withdraw' AND state <> 'settled')",
            (vote.id, *of_vote),
        ).fetchone()
        if wanted is None:
            return "over"
        if outbox.claim(db, notice_of(vote), vote.person.team_id, now):
            return "say"
        return "over" if outbox.stands(db, notice_of(vote))[0] == "sent" else "under way"

    @transaction
    def in_doubt_since(self, db: Connection, vote: CastVote) -> float | None:
        """Return since when nobody knows whether its person was told; None where that is known."""
        state, since = outbox.stands(db, notice_of(vote))
        return since if state == "unsure" else None

    @transaction
    def not_said(self, db: Connection, vote: CastVote) -> None:
        """Keep that a word that was in doubt is not there, so that it is said once more."""
        notice = notice_of(vote)
        outbox.forget(db, notice.kind, notice.about, notice.reader)

    @transaction
    def over(self, db: Connection, vote: CastVote) -> None:
        """Forget a vote whose person was told, or is not to be told; and that they were."""
        db.execute("DELETE FROM cast_votes WHERE id = ?", (vote.id,))
        notice = notice_of(vote)
        outbox.forget(db, notice.kind, notice.about, notice.reader)

    @long_transaction
    def tidy(self, db: Connection, now: float) -> None:
        """Forget votes that are too old, and stop to look at what nobody waits for."""
        db.execute("DELETE FROM cast_votes WHERE cast_at < ?", (now - KEPT_FOR,))
        db.execute(
            "DELETE FROM voted_issues WHERE NOT EXISTS (SELECT 1 FROM cast_votes WHERE"
            " cast_votes.team_id = voted_issues.team_id AND cast_votes.site = voted_issues.site"
            " AND cast_votes.issue_key = voted_issues.issue_key AND resolved = 0)"
        )

    @reading
    def muted(self, db: Connection, person: Person) -> list[Muted]:
        """Return what somebody wants to hear nothing of."""
        rows = db.execute(
            "SELECT site, project FROM muted WHERE team_id = ? AND user_id = ?"
            " ORDER BY project, site",
            (person.team_id, person.user_id),
        ).fetchall()
        return [Muted(*row) for row in rows]

    @act
    def mute(self, db: Connection, person: Person, what: Muted) -> None:
        """Tell somebody nothing of this from now on, and forget their votes that it is about."""
        db.execute(
            "INSERT INTO muted (team_id, user_id, site, project) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (person.team_id, person.user_id, what.site, what.project),
        )
        mine = db.execute(
            "SELECT id, site, issue_key FROM cast_votes WHERE team_id = ? AND user_id = ?",
            (person.team_id, person.user_id),
        ).fetchall()
        for id_, site, key in mine:
            if what == ALL or what == Muted(site, project_of(key)):
                db.execute("DELETE FROM cast_votes WHERE id = ?", (id_,))

    @act
    def unmute(self, db: Connection, person: Person, what: Muted) -> None:
        """Tell somebody of this again: of votes that they cast from now on."""
        db.execute(
            "DELETE FROM muted WHERE team_id = ? AND user_id = ? AND site = ? AND project = ?",
            (person.team_id, person.user_id, what.site, what.project),
        )


def _is_muted(db: Connection, person: Person, site: str, issue_key: str) -> bool:
    row = db.execute(
        "SELECT 1 FROM muted WHERE team_id = ? AND user_id = ?"
        " AND (project = '' OR (site = ? AND project = ?))",
        (person.team_id, person.user_id, site, project_of(issue_key)),
    ).fetchone()
    return row is not None


def _look_at(db: Connection, id_: str, team_id: str, site: str, issue_key: str, now: float) -> None:
    db.execute(
        f"INSERT INTO voted_issues (id, team_id, site, issue_key, {READ.columns})"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (team_id, site, issue_key) DO NOTHING",
        (id_, team_id, site, issue_key, *READ.due(now + READ_EVERY)),
    )


def _vote(row: tuple[Any, ...]) -> CastVote:
    id_, team_id, user_id, site, issue_key = row
    return CastVote(id_, Person(team_id, user_id), site, issue_key)
