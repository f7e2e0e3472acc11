"""What left for Jira to change a vote or a watcher, and what of it may still arrive there."""

from dataclasses import dataclass, replace
from typing import Literal

from pollbot.chance import Chance, new_id
from pollbot.jira.rules import LANDS_WITHIN, Watching, Wish
from pollbot.people import Person
from pollbot.store.writer import Connection, Writer, long_transaction, transaction

_COUNTED_FOR = 60.0
"""Seconds for which a try counts in one of Jira's windows, and some more."""
_REMEMBERED_FOR = 3600.0

Change = Wish | Watching
Asked = Literal["intents", "watches"]
"""The table of what is asked for."""

_VOTES = "wish IN ('vote', 'withdraw')"
_IS = "team_id = ? AND user_id = ? AND site = ? AND issue_key = ?"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is not known of a person's earlier tries on an issue.

    ``tried``: one of them may have reached Jira, though its answer never came. ``against``:
    when the last one for the opposite left that may still arrive; None if none can. ``undoes``: the
    last one was for the opposite, so lately that Jira may tell of how it was before that.
    ``unknown``: keys that may belong to one issue, since Jira has not told of them yet.
    """

    tried: bool
    against: float | None
    undoes: bool = False
    unknown: tuple[str, ...] = ()


class TryRows:
    """One row per call, from before it leaves until its answer is old.

    A call without an answer (it took too long, the line was cut, pollbot was) may land for
    ``LANDS_WITHIN`` seconds, whatever was asked for since.
    """

    def __init__(self, writer: Writer, chance: Chance) -> None:
        self._writer = writer
        self._chance = chance

    @transaction
    def doubt(
        self, db: Connection, person: Person, site: str, issue_key: str, wish: Change, now: float
    ) -> Doubt:
        """Return what is in doubt for somebody who asks for that state now."""
        doubt = _doubt(db, (person.team_id, person.user_id, site, issue_key), wish, now)
        return replace(doubt, unknown=_unknown(db, (person.team_id, person.user_id, site)))

    @transaction
    def begin(self, db: Connection, table: Asked, asked_id: str, now: float) -> str | None:
        """Keep that a call for what was asked leaves now; return its id.

        None if that was dropped or replaced: then none is to leave.
        """
        row = db.execute(
            "INSERT INTO tries (id, team_id, user_id, site, issue_key, wish, sent_at)"
            f" SELECT ?, team_id, user_id, site, issue_key, wish, ? FROM {table} WHERE id = ?"
            " RETURNING id",
            (new_id(self._chance), now, asked_id),
        ).fetchone()
        return None if row is None else str(row[0])

    @transaction
    def answered(self, db: Connection, try_id: str, now: float) -> None:
        """Keep that Jira answered: that call cannot land any more."""
        db.execute("UPDATE tries SET answered_at = ? WHERE id = ?", (now, try_id))

    @transaction
    def turned_away(self, db: Connection, try_id: str) -> None:
        """Keep that Jira did not take that call up: it neither lands nor counts."""
        db.execute("DELETE FROM tries WHERE id = ?", (try_id,))

    @transaction
    def lately(self, db: Connection, now: float) -> list[tuple[str, str, float]]:
        """Return the site, the issue and the latest moment of each call that Jira may count yet."""
        return db.execute(
            "SELECT site, issue_key, CASE WHEN coalesce(answered_at, sent_at) > ? THEN ?"
            " ELSE coalesce(answered_at, sent_at) END FROM tries"
            " WHERE coalesce(answered_at, sent_at) > ? ORDER BY 3",
            (now, now, now - _COUNTED_FOR),
        ).fetchall()

    @long_transaction
    def forget_old(self, db: Connection, now: float) -> None:
        """Drop what can neither land nor count any more."""
        db.execute(
            "DELETE FROM tries WHERE answered_at <= ? OR sent_at <= ?",
            (now - _COUNTED_FOR, now - _REMEMBERED_FOR),
        )


def may_be_there(
    db: Connection, person: Person, site: str, issue_key: str, wish: Wish, since: float
) -> bool:
    """Return whether a call for that state, as asked for ``since`` then, may have reached Jira."""
    found = db.execute(
        f"SELECT 1 FROM tries WHERE {_IS} AND wish = ?"
        " AND (answered_at IS NULL OR answered_at >= ?)",
        (person.team_id, person.user_id, site, issue_key, wish.value, since),
    )
    return found.fetchone() is not None


def was_voted_since(db: Connection, site: str, issue_key: str, since: float) -> bool:
    """Return whether Jira took a vote on the issue, or a withdrawal, of which ``since`` tells."""
    found = db.execute(
        f"SELECT 1 FROM tries WHERE site = ? AND issue_key = ? AND answered_at >= ? AND {_VOTES}"
        " LIMIT 1",
        (site, issue_key, since),
    )
    return found.fetchone() is not None


def follow(db: Connection, site: str, before: str, key: str) -> None:
    """Have calls about an issue that has a new key count for that."""
    db.execute(
        "UPDATE tries SET issue_key = ? WHERE site = ? AND issue_key = ?", (key, site, before)
    )


def _unknown(db: Connection, of: tuple[str, str, str]) -> tuple[str, ...]:
    """Return the keys without an id among those a person has something under way for.

    Nothing, where there is but one.
    """
    keys = {
        key
        for (key,) in db.execute(
            "SELECT issue_key FROM intents WHERE team_id = ? AND user_id = ? AND site = ?"
            " AND state = 'queued' UNION SELECT issue_key FROM tries WHERE team_id = ?"
            f" AND user_id = ? AND site = ? AND answered_at IS NULL AND {_VOTES}",
            (*of, *of),
        ).fetchall()
    }
    if len(keys) < 2:
        return ()
    marks = ", ".join("?" * len(keys))
    known = db.execute(
        f"SELECT issue_key FROM issues WHERE site = ? AND issue_key IN ({marks})", (of[2], *keys)
    ).fetchall()
    return tuple(sorted(keys - {key for (key,) in known}))


def _doubt(db: Connection, of: tuple[str, str, str, str], wish: Change, now: float) -> Doubt:
    # A clock that was ahead shall keep nothing in doubt for longer than the right one.
    db.execute(
        f"UPDATE tries SET sent_at = ? WHERE {_IS} AND sent_at > ? AND answered_at IS NULL",
        (now, *of, now),
    )
    found = db.execute(
        f"SELECT wish, sent_at, answered_at FROM tries WHERE {_IS} ORDER BY sent_at", of
    ).fetchall()
    rows = [one for one in found if one[0] in {each.value for each in type(wish)}]
    unanswered = [(other, at) for other, at, answered_at in rows if answered_at is None]
    against = [at for other, at in unanswered if other != wish.value and at + LANDS_WITHIN > now]
    undoes = bool(rows) and rows[-1][0] != wish.value
    return Doubt(bool(unanswered), max(against, default=None), undoes)
