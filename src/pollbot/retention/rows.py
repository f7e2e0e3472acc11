"""What a workspace forgets by age: little by little, and never what is open or still owed."""

from collections.abc import Callable
from dataclasses import dataclass, fields

from pollbot.people import Person
from pollbot.polls import past_rows
from pollbot.records import rows as record_rows
from pollbot.retention.rules import DAY, FOR_GOOD, Retention
from pollbot.store import audit
from pollbot.store.audit import What
from pollbot.store.columns import Columns
from pollbot.store.deliveries import act
from pollbot.store.writer import Connection, Writer, long_transaction, reading

_ROW = Columns(Retention)
AT_ONCE = 200
"""As much of each kind is forgotten in one transaction, so that no click waits for it."""

_OVER = (
    (
        "schedules",
        "id",
        "schedules.next_at IS NULL AND coalesce(schedules.last_due, schedules.made_at) < ?"
        " AND NOT EXISTS"
        " (SELECT 1 FROM outbox WHERE outbox.about = schedules.id AND outbox.owed > 0)",
    ),
    (
        "cards",
        "id",
        "cards.poll_id IS NULL AND cards.posted = 1 AND cards.changes = cards.drawn"
        " AND cards.made_at < ? AND NOT EXISTS"
        " (SELECT 1 FROM outbox WHERE outbox.about = cards.id AND outbox.owed > 0)",
    ),
)
"""Work that is done: each table with its key, and what of it is over since before a moment."""
_SAID = ("outbox",)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was forgotten in one piece; ``more``: there may be more of it."""

    polls: int = 0
    audit: int = 0
    work: int = 0
    more: bool = False

    @property
    def any(self) -> bool:
        """Whether anything was."""
        return bool(self.polls or self.audit or self.work)


class RetentionRows:
    """One row per team whose admins said something; no row keeps everything."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @reading
    def of(self, db: Connection, team_id: str) -> Retention:
        """Return how long a workspace keeps what is over."""
        return _of(db, team_id)

    @act
    def change(
        self, db: Connection, by: Person, rule: Callable[[Retention], Retention], now: float
    ) -> None:
        """Keep what the rule makes of the team's times as they stand."""
        before = _of(db, by.team_id)
        after = rule(before)
        db.execute(
            "INSERT INTO retention (team_id, polls, audit, work) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (team_id) DO UPDATE SET polls = excluded.polls, audit = excluded.audit,"
            " work = excluded.work",
            (by.team_id, after.polls, after.audit, after.work),
        )
        for name in (one.name for one in fields(Retention)):
            was, now_is = getattr(before, name), getattr(after, name)
            if was != now_is:
                words = {"before": was, "after": now_is}
                audit.note(db, by, What.SETUP_CHANGED, f"days of {name}", now, **words)

    @reading
    def teams(self, db: Connection) -> list[str]:
        """Return the workspaces that forget something by age."""
        rows = db.execute(
            "SELECT team_id FROM retention WHERE polls IS NOT NULL OR audit IS NOT NULL"
            " OR work IS NOT NULL ORDER BY team_id"
        ).fetchall()
        return [str(team_id) for (team_id,) in rows]

    @long_transaction
    def forget(self, db: Connection, team_id: str, now: float) -> Forgotten:
        """Forget the next piece of what is too old in a workspace; return how much that was."""
        kept = _of(db, team_id)
        polls = entries = work = 0
        if kept.polls is not None:
            for poll_id in past_rows.too_old(db, team_id, now - kept.polls * DAY, AT_ONCE):
                record_rows.forget(db, poll_id)
                past_rows.forget(db, team_id, poll_id, now)
                polls += 1
        if kept.work is not None:
            work = _forget_work(db, team_id, now - kept.work * DAY)
        if kept.audit is not None:
            entries = audit.forget_before(db, team_id, now - kept.audit * DAY, AT_ONCE)
        done = Forgotten(polls, entries, work, more=AT_ONCE in (polls, entries) or work >= AT_ONCE)
        if done.any:
            audit.note(
                db,
                audit.nobody(team_id),
                What.FORGOTTEN_BY_AGE,
                "",
                now,
                polls=polls,
                entries=entries,
                work=work,
            )
        return done


def _forget_work(db: Connection, team_id: str, before: float) -> int:
    work = 0
    for table, key, over in _OVER:
        gone = db.execute(
            f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE team_id = ?"
            f" AND {over} ORDER BY {key} LIMIT {AT_ONCE})",
            (team_id, before),
        )
        work += gone.rowcount
    for table in _SAID:
        gone = db.execute(
            f"DELETE FROM {table} WHERE team_id = ? AND state = 'sent' AND owed = 0"
            " AND changed_at < ?",
            (team_id, before),
        )
        work += gone.rowcount
    return work


def _of(db: Connection, team_id: str) -> Retention:
    row = db.execute(f"SELECT {_ROW} FROM retention WHERE team_id = ?", (team_id,)).fetchone()
    return FOR_GOOD if row is None else _ROW.read(row)
