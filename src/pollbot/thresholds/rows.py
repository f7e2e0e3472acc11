"""Thresholds, how each issue stands to them, and what is yet to be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pollbot.accounts.rows import Waits
from pollbot.accounts.rules import Waiting
from pollbot.cards.rows import NewCard, forget_unposted, keep_message, keep_unposted
from pollbot.chance import Chance, new_id
from pollbot.errors import PollbotError
from pollbot.jira.key_rows import present
from pollbot.people import Person
from pollbot.rights.rows import rights_of
from pollbot.store import audit, outbox
from pollbot.store.audit import What as Deed
from pollbot.store.columns import Columns
from pollbot.store.deliveries import act
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Limit, Queue, Work
from pollbot.store.refusals import read, written
from pollbot.store.set_back import owe_word
from pollbot.store.writer import Connection, Writer, long_transaction, reading, transaction
from pollbot.thresholds.refusals import (
    ManyThresholds,
    SameThreshold,
    ThresholdElsewhere,
    ThresholdGone,
)
from pollbot.thresholds.rules import (
    Crossing,
    Rule,
    Standing,
    Threshold,
    What,
    check_rights,
    in_order,
    moved,
)

MOST = 20
"""As many thresholds one person may have."""
_GATHERED = 1.0
"""Seconds for which what is to be told waits for more that goes to the same place."""
_KEPT_FOR = 2 * 86400.0


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """A threshold as it lies in its table, but for what only its queue looks at."""

    id: str
    team_id: str
    site: str
    owner: str
    what: What
    subject: str
    votes: int
    channel_id: str
    made_at: float
    paused: bool
    why: str
    version: int


_ROW = Columns(ThresholdRow)
_COLUMNS = str(_ROW)
THRESHOLDS = Queue(
    "thresholds",
    "thresholds",
    ("id",),
    "paused = 0",
    limits=(Limit("site", 100),),
    looks=True,
)
_OF_THIS = "(SELECT {0} FROM thresholds WHERE thresholds.id = crossings.threshold_id)"
_CROSSING = ", ".join(
    (
        *("id", "team_id", "threshold_id", "site", "issue_key"),
        *(_OF_THIS.format(column) for column in ("owner", "votes", "channel_id")),
    )
)
CROSSINGS = Queue(
    "crossings",
    "crossings",
    ("id",),
    f"done = 0 AND {_OF_THIS.format('paused')} = 0",
)
_AS_IT_WAS = "id = ? AND version = ? AND paused = 0"
_MINE = "team_id = ? AND owner = ?"


def notice_of(crossing: Crossing) -> Notice:
    """Return what is told of an issue that reached the number, once for each time it does."""
    return Notice(Kind.CROSSED, crossing.id, reader=crossing.owner.user_id)


class ThresholdRows:
    """One row per threshold, one per issue that it has seen, and one for what is to be told.

    ```
                             fewer, then as many                told, or in doubt
        below ────────────────────────────────▶ above, and a ──────────────────▶ above
          ▲        (the first look: no crossing)   crossing                        │
          └────────────── fewer at two readings, some minutes apart ───────────────┘
    ```
    """

    def __init__(self, writer: Writer, chance: Chance) -> None:
        self._writer = writer
        self._chance = chance
        self.looks: Work[Threshold] = Work(
            writer, THRESHOLDS, _COLUMNS, lambda row, _: _threshold(row), chance
        )
        self.work: Work[Crossing] = Work(
            writer, CROSSINGS, _CROSSING, lambda row, _: _crossing(row), chance
        )

    @act
    def add(
        self, db: Connection, person: Person, site: str, rule: Rule, stamp: str, now: float
    ) -> Threshold:
        """Keep a new one; the same delivery again changes nothing. Return what is kept.

        Raises ManyThresholds and SameThreshold.
        """
        mine = (person.team_id, person.user_id)
        known = db.execute(
            f"SELECT {_COLUMNS} FROM thresholds WHERE {_MINE} AND stamp = ?", (*mine, stamp)
        ).fetchone()
        if known is not None:
            return _threshold(known)
        self._check_other(db, person, site, rule)
        (count,) = db.execute(f"SELECT count(*) FROM thresholds WHERE {_MINE}", mine).fetchone()
        if count >= MOST:
            raise ManyThresholds(MOST)
        row = db.execute(
            "INSERT INTO thresholds (id, team_id, site, owner, what, subject, votes, channel_id,"
            f" stamp, made_at, {THRESHOLDS.columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            f" RETURNING {_COLUMNS}",
            (
                new_id(self._chance),
                person.team_id,
                site,
                person.user_id,
                rule.what,
                _present(db, site, rule),
                rule.votes,
                rule.channel_id,
                stamp,
                now,
                *THRESHOLDS.due(now),
            ),
        ).fetchone()
        THRESHOLDS.wake(db)
        kept = _threshold(row)
        _note(db, person, Deed.RULE_MADE, kept, now)
        return kept

    @act
    def change(self, db: Connection, threshold: Threshold, rule: Rule, now: float) -> Threshold:
        """Keep another rule for one. What was paused by a failure goes on: it was to be mended.

        Of what it looks at now, or by another number, what is above already is no news.
        """
        old, id_ = threshold.rule, threshold.id
        self._check_other(db, threshold.owner, threshold.site, rule, id_)
        if (rule.what, rule.subject, rule.votes) != (old.what, old.subject, old.votes):
            _begin_anew(db, id_)
        THRESHOLDS.make_due(
            db,
            now,
            "id = ?",
            rule.what,
            _present(db, threshold.site, rule),
            rule.votes,
            rule.channel_id,
            id_,
            sets="what = ?, subject = ?, votes = ?, channel_id = ?, version = version + 1,"
            " needs_jira = 0, paused = CASE WHEN why = '' THEN paused ELSE 0 END, why = ''",
        )
        _tell_on(db, id_, now)
        kept = find_threshold(db, threshold.owner.team_id, id_)
        _note(db, threshold.owner, Deed.RULE_CHANGED, kept, now)
        return kept

    @transaction
    def find(self, db: Connection, team_id: str, threshold_id: str) -> Threshold:
        """Return the threshold. Raises ThresholdGone if this team has none with that id."""
        return find_threshold(db, team_id, threshold_id)

    @reading
    def of(self, db: Connection, team_id: str, owner: str | None) -> list[Threshold]:
        """Return the thresholds of one person, or of the whole team; the newest first."""
        rows = db.execute(
            f"SELECT {_COLUMNS} FROM thresholds WHERE team_id = ? AND owner = coalesce(?, owner)"
            " ORDER BY made_at DESC, id",
            (team_id, owner),
        ).fetchall()
        return [_threshold(row) for row in rows]

    @reading
    def others_in(self, db: Connection, person: Person, channel_id: str) -> list[Threshold]:
        """Return what others than the person have told in a channel; the newest first."""
        rows = db.execute(
            f"SELECT {_COLUMNS} FROM thresholds WHERE team_id = ? AND owner <> ?"
            " AND channel_id = ? AND channel_id <> '' ORDER BY made_at DESC, id",
            (person.team_id, person.user_id, channel_id),
        ).fetchall()
        return [_threshold(row) for row in rows]

    @act
    def pause(self, db: Connection, by: Person, threshold_id: str, now: float) -> Threshold:
        """Tell nothing until ``resume``; what was to be told is left out."""
        db.execute(
            "UPDATE thresholds SET paused = 1, why = '', needs_jira = 0, version = version + 1"
            " WHERE team_id = ? AND id = ?",
            (by.team_id, threshold_id),
        )
        _begin_anew(db, threshold_id)
        kept = find_threshold(db, by.team_id, threshold_id)
        _note(db, by, Deed.RULE_PAUSED, kept, now)
        return kept

    @act
    def resume(self, db: Connection, by: Person, threshold_id: str, now: float) -> Threshold:
        """Go on. What a failure has held up is told if it is so still."""
        resumed = THRESHOLDS.make_due(
            db,
            now,
            "team_id = ? AND id = ? AND paused = 1",
            by.team_id,
            threshold_id,
            sets="paused = 0, why = '', needs_jira = 0, version = version + 1",
        )
        _tell_on(db, threshold_id, now)
        kept = find_threshold(db, by.team_id, threshold_id)
        if resumed:
            _note(db, by, Deed.RULE_RESUMED, kept, now)
        return kept

    @act
    def delete(self, db: Connection, by: Person, threshold: Threshold, now: float) -> None:
        """Forget the threshold, and what it was to tell."""
        gone = db.execute(
            "DELETE FROM thresholds WHERE team_id = ? AND id = ?", (by.team_id, threshold.id)
        )
        if gone.rowcount:
            _begin_anew(db, threshold.id)
            _note(db, by, Deed.RULE_REMOVED, threshold, now)

    @transaction
    def stop(
        self,
        db: Connection,
        threshold: Threshold,
        why: PollbotError,
        now: float,
        *,
        needs_jira_since: float | None = None,
    ) -> None:
        """Pause what cannot go on; its owner is to be told. See ``ScheduleRows.stop``."""
        owner = threshold.owner
        if needs_jira_since is not None and _has_connected(
            db, owner, threshold.site, needs_jira_since
        ):
            return
        stopped = db.execute(
            "UPDATE thresholds SET paused = 1, why = ?, needs_jira = ?, version = version + 1"
            f" WHERE {_AS_IT_WAS}",
            (written(why), int(needs_jira_since is not None), threshold.id, threshold.version),
        )
        if stopped.rowcount:
            notice = Notice(Kind.THRESHOLD_STOPPED, threshold.id, now, owner.user_id)
            outbox.owe(db, notice, owner.team_id, now)

    @transaction
    def missed(self, db: Connection, threshold: Threshold, seen: Sequence[str]) -> list[str]:
        """Return the issues that had so many votes when they were last seen, and are not ``seen``.

        Of those that are known to have left the list, none is asked for again.
        """
        rows = db.execute(
            "SELECT issue_key FROM threshold_states WHERE threshold_id = ? AND above = 1"
            " AND away = 0 ORDER BY issue_key",
            (threshold.id,),
        ).fetchall()
        return sorted({str(key) for (key,) in rows} - set(seen))

    @transaction
    def seen(
        self,
        db: Connection,
        threshold: Threshold,
        votes: Mapping[str, int],
        now: float,
        *,
        away: Sequence[str] = (),
    ) -> None:
        """Keep how many votes the issues have that it looks at, and what is to be told of that.

        ``away`` have left its list, or are not shown to its owner any more.
        """
        row = db.execute(
            f"SELECT baselined FROM thresholds WHERE {_AS_IT_WAS}",
            (threshold.id, threshold.version),
        ).fetchone()
        if row is None:
            return
        first = not row[0]
        for issue_key, count in votes.items():
            key = present(db, threshold.site, issue_key)
            before = _standing(db, threshold.id, key)
            after, crossed = moved(before, count, threshold.rule.votes, now, first=first)
            if after != before:
                _keep_standing(db, threshold, key, after)
            else:
                db.execute(
                    "UPDATE threshold_states SET away = 0 WHERE threshold_id = ?"
                    " AND issue_key = ? AND away = 1",
                    (threshold.id, key),
                )
            if crossed:
                self._add_crossing(db, threshold, key, now)
        db.executemany(
            "UPDATE threshold_states SET away = 1 WHERE threshold_id = ? AND issue_key = ?",
            [(threshold.id, key) for key in away],
        )
        db.execute("UPDATE thresholds SET baselined = 1 WHERE id = ?", (threshold.id,))

    @transaction
    def pending(self, db: Connection, like: Crossing) -> list[Crossing]:
        """Return all that is to be told in the same message, by the keys of the issues."""
        rows = db.execute(
            f"SELECT {_CROSSING} FROM crossings WHERE {CROSSINGS.work} AND team_id = ? ORDER BY id",
            (like.owner.team_id,),
        ).fetchall()
        same = (one for one in map(_crossing, rows) if one.place == like.place)
        return sorted(same, key=lambda one: in_order(one.issue_key))

    @transaction
    def not_so(self, db: Connection, crossings: Sequence[Crossing], *, fewer: bool) -> None:
        """Leave out what is not so any more: it has ``fewer`` votes again, or is not shown."""
        for one in crossings:
            db.execute("DELETE FROM crossings WHERE id = ? AND done = 0", (one.id,))
            if fewer:
                db.execute(
                    "UPDATE threshold_states SET above = 0, below_since = NULL"
                    " WHERE threshold_id = ? AND issue_key = ?",
                    (one.threshold_id, present(db, one.site, one.issue_key)),
                )

    @transaction
    def claim(
        self, db: Connection, crossings: Sequence[Crossing], card: NewCard | None, now: float
    ) -> set[str]:
        """Claim all of these to be told together; return the ids of those that are not ours.

        If any is not, none is claimed. What may have been told before is over.
        """
        others: set[str] = set()
        for one in crossings:
            wanted = db.execute(
                f"SELECT 1 FROM crossings WHERE id = ? AND {CROSSINGS.work}"
                f" AND {_OF_THIS.format('channel_id')} = ? AND {_OF_THIS.format('votes')} = ?",
                (one.id, one.channel_id, one.votes),
            ).fetchone()
            state, _ = outbox.stands(db, notice_of(one))
            if wanted is None or state:
                others.add(one.id)
            if state not in ("", "claimed"):
                db.execute("UPDATE crossings SET done = 1 WHERE id = ?", (one.id,))
        if others:
            return others
        for one in crossings:
            outbox.claim(db, notice_of(one), one.owner.team_id, now)
        if card is not None:
            first = crossings[0]
            keep_unposted(db, card, first.owner, first.site, first.channel_id, now)
        return others

    @transaction
    def release(self, db: Connection, crossings: Sequence[Crossing], card: NewCard | None) -> None:
        """Give them back, since Slack said that it took nothing."""
        for one in crossings:
            outbox.release(db, notice_of(one))
        if card is not None:
            forget_unposted(db, card.id)

    @transaction
    def told(
        self,
        db: Connection,
        crossings: Sequence[Crossing],
        card: NewCard | None,
        where: tuple[str, str],
        now: float,
    ) -> None:
        """Forget what Slack took; ``where`` it hangs from now on, if it is a card."""
        for one in crossings:
            outbox.sent(db, notice_of(one), now)
            outbox.forget(db, Kind.CROSSED, one.id)
            db.execute("DELETE FROM crossings WHERE id = ?", (one.id,))
        if card is not None:
            keep_message(db, self._chance, card.id, *where, now)

    @transaction
    def crossing(self, db: Connection, team_id: str, crossing_id: str) -> Crossing:
        """Return what was to be told, told or not. Raises ThresholdGone once it is forgotten."""
        row = db.execute(
            f"SELECT {_CROSSING} FROM crossings WHERE id = ? AND team_id = ?"
            f" AND {_OF_THIS.format('owner')} IS NOT NULL",
            (crossing_id, team_id),
        ).fetchone()
        if row is None:
            raise ThresholdGone
        return _crossing(row)

    @transaction
    def waiting(self, db: Connection, threshold_id: str) -> list[Crossing]:
        """Return what a threshold is yet to tell."""
        rows = db.execute(
            f"SELECT {_CROSSING} FROM crossings WHERE threshold_id = ? AND done = 0 ORDER BY id",
            (threshold_id,),
        ).fetchall()
        return sorted(map(_crossing, rows), key=lambda one: in_order(one.issue_key))

    @long_transaction
    def tidy(self, db: Connection, now: float) -> None:
        """Forget what nobody has to hear of any more."""
        db.execute("DELETE FROM crossings WHERE done = 1 AND crossed_at < ?", (now - _KEPT_FOR,))

    def _add_crossing(
        self, db: Connection, threshold: Threshold, issue_key: str, now: float
    ) -> None:
        db.execute(
            "DELETE FROM crossings WHERE threshold_id = ? AND issue_key = ? AND done = 0"
            " AND NOT EXISTS (SELECT 1 FROM outbox WHERE kind = ? AND about = crossings.id)",
            (threshold.id, issue_key, Kind.CROSSED),
        )
        db.execute(
            "INSERT INTO crossings (id, team_id, threshold_id, site, issue_key, crossed_at,"
            f" {CROSSINGS.columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                new_id(self._chance),
                threshold.owner.team_id,
                threshold.id,
                threshold.site,
                issue_key,
                now,
                *CROSSINGS.due(now + _GATHERED),
            ),
        )
        CROSSINGS.wake(db)

    def _check_other(
        self, db: Connection, person: Person, site: str, rule: Rule, but: str = ""
    ) -> None:
        """Raise SameThreshold if the person has the same one already; NotYours if admins say so."""
        check_rights(rule, rights_of(db, person.team_id))
        same = db.execute(
            f"SELECT 1 FROM thresholds WHERE {_MINE} AND site = ? AND what = ? AND subject = ?"
            " AND votes = ? AND channel_id = ? AND id <> ?",
            (
                person.team_id,
                person.user_id,
                site,
                rule.what,
                _present(db, site, rule),
                rule.votes,
                rule.channel_id,
                but,
            ),
        ).fetchone()
        if same is not None:
            raise SameThreshold


def find_threshold(db: Connection, team_id: str, threshold_id: str) -> Threshold:
    """Return the threshold.

    Raises ThresholdElsewhere if another team has it, and ThresholdGone if nobody has.
    """
    row = db.execute(f"SELECT {_COLUMNS} FROM thresholds WHERE id = ?", (threshold_id,)).fetchone()
    if row is None:
        raise ThresholdGone
    threshold = _threshold(row)
    if threshold.owner.team_id != team_id:
        raise ThresholdElsewhere
    return threshold


def heard(db: Connection, site: str, issue_key: str, votes: int, now: float) -> None:
    """Have whoever waits for an issue to have so many votes look now, since it may have them."""
    THRESHOLDS.make_sooner(
        db,
        now,
        "site = ? AND paused = 0 AND baselined = 1 AND votes <= ?"
        " AND ((what = 'issue' AND subject = ?) OR (what = 'list' AND (upper(subject) = ?"
        " OR EXISTS (SELECT 1 FROM threshold_states WHERE threshold_states.threshold_id ="
        " thresholds.id AND threshold_states.issue_key = ?))))"
        " AND NOT EXISTS (SELECT 1 FROM threshold_states WHERE threshold_states.threshold_id ="
        " thresholds.id AND threshold_states.issue_key = ? AND threshold_states.above = 1)",
        site,
        votes,
        issue_key,
        issue_key.rpartition("-")[0].upper(),
        issue_key,
        issue_key,
    )


def follow(db: Connection, site: str, before: str, key: str) -> None:
    """Have thresholds on an issue, and how it stands to others, go on with its new key.

    Where it is known by both keys, it was told if it was by any of them.
    """
    db.execute(
        "UPDATE thresholds SET subject = ? WHERE site = ? AND what = 'issue' AND subject = ?",
        (key, site, before),
    )
    rows = db.execute(
        "SELECT threshold_id, above FROM threshold_states WHERE issue_key = ? AND threshold_id IN"
        " (SELECT id FROM thresholds WHERE site = ?) ORDER BY threshold_id",
        (before, site),
    ).fetchall()
    for threshold_id, above in rows:
        known = db.execute(
            "SELECT above FROM threshold_states WHERE threshold_id = ? AND issue_key = ?",
            (threshold_id, key),
        ).fetchone()
        if known is not None:
            db.execute(
                "UPDATE threshold_states SET above = ? WHERE threshold_id = ? AND issue_key = ?",
                (int(above or known[0]), threshold_id, key),
            )
            db.execute(
                "DELETE FROM threshold_states WHERE threshold_id = ? AND issue_key = ?",
                (threshold_id, before),
            )
            db.execute(
                "DELETE FROM crossings WHERE threshold_id = ? AND issue_key = ? AND done = 0"
                " AND NOT EXISTS (SELECT 1 FROM outbox WHERE kind = ? AND about = crossings.id)",
                (threshold_id, before, Kind.CROSSED),
            )
    db.execute(
        "UPDATE threshold_states SET issue_key = ? WHERE issue_key = ? AND threshold_id IN"
        " (SELECT id FROM thresholds WHERE site = ?)",
        (key, before, site),
    )
    db.execute(
        "UPDATE crossings SET issue_key = ? WHERE site = ? AND issue_key = ?", (key, site, before)
    )


def leave_out_all(db: Connection, now: float) -> int:
    """Begin anew with each: what has so many votes by the next look may have been told since."""
    rows = db.execute(
        "SELECT id, team_id, owner FROM thresholds WHERE paused = 0 ORDER BY id"
    ).fetchall()
    for id_, team_id, owner in rows:
        _begin_anew(db, id_)
        owe_word(db, f"threshold {id_}", owner, team_id, now)
    return len(rows)


class ThresholdsForAccounts(Waits):
    """Thresholds that wait for an account."""

    def connected(self, db: Connection, person: Person, site: str, now: float) -> Waiting:
        """Let go on what waited for a Jira account that is there now."""
        resumed = THRESHOLDS.make_due(
            db,
            now,
            "team_id = ? AND owner = ? AND site = ? AND paused = 1 AND needs_jira = 1",
            person.team_id,
            person.user_id,
            site,
            sets="paused = 0, why = '', needs_jira = 0, version = version + 1",
            returning="id",
        )
        for (id_,) in resumed:
            _tell_on(db, id_, now)
        return Waiting()


def _note(db: Connection, by: Person, deed: Deed, threshold: Threshold, now: float) -> None:
    rule = threshold.rule
    audit.note(db, by, deed, threshold.id, now, votes=rule.votes, channel=rule.channel_id)


def _begin_anew(db: Connection, threshold_id: str) -> None:
    """Forget how issues stand to it, and what it was to tell: the next look is its first."""
    db.execute("UPDATE thresholds SET baselined = 0 WHERE id = ?", (threshold_id,))
    db.execute("DELETE FROM threshold_states WHERE threshold_id = ?", (threshold_id,))
    db.execute("DELETE FROM crossings WHERE threshold_id = ? AND done = 0", (threshold_id,))


def _tell_on(db: Connection, threshold_id: str, now: float) -> None:
    CROSSINGS.make_due(db, now, "threshold_id = ? AND done = 0", threshold_id)


def _standing(db: Connection, threshold_id: str, issue_key: str) -> Standing | None:
    row = db.execute(
        "SELECT above, below_since FROM threshold_states WHERE threshold_id = ? AND issue_key = ?",
        (threshold_id, issue_key),
    ).fetchone()
    return None if row is None else Standing(bool(row[0]), row[1])


def _keep_standing(
    db: Connection, threshold: Threshold, issue_key: str, standing: Standing
) -> None:
    db.execute(
        "INSERT INTO threshold_states (threshold_id, team_id, issue_key, above, below_since)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (threshold_id, issue_key) DO UPDATE SET"
        " above = excluded.above, below_since = excluded.below_since, away = 0",
        (
            threshold.id,
            threshold.owner.team_id,
            issue_key,
            int(standing.above),
            standing.below_since,
        ),
    )


def _present(db: Connection, site: str, rule: Rule) -> str:
    return present(db, site, rule.subject) if rule.what is What.ISSUE else rule.subject


def _has_connected(db: Connection, owner: Person, site: str, since: float) -> bool:
    account = db.execute(
        "SELECT 1 FROM accounts WHERE team_id = ? AND user_id = ? AND site = ?"
        " AND refused_at IS NULL AND connected_at > ?",
        (owner.team_id, owner.user_id, site, since),
    )
    return account.fetchone() is not None


def _threshold(row: Sequence[Any]) -> Threshold:
    kept = _ROW.read(row)
    return Threshold(
        id=kept.id,
        owner=Person(kept.team_id, kept.owner),
        site=kept.site,
        rule=Rule(kept.what, kept.subject, kept.votes, kept.channel_id),
        made_at=kept.made_at,
        paused=kept.paused,
        why=read(kept.why) if kept.why else None,
        version=kept.version,
    )


def _crossing(row: Sequence[Any]) -> Crossing:
    id_, team_id, threshold_id, site, issue_key, owner, votes, channel_id = row
    return Crossing(
        id_,
        threshold_id,
        Person(team_id, owner or ""),
        site,
        issue_key,
        votes or 0,
        channel_id or "",
    )
