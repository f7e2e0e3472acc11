"""What a poll's end brings about: its announcement, and the reminders before it."""

from dataclasses import dataclass

from pollbot.domain.kept import Kept
from pollbot.domain.schedules import LATEST
from pollbot.errors import PollGone
from pollbot.storage import posts
from pollbot.storage.poll_rows import COLUMNS, find_poll, kept_from
from pollbot.storage.records import want_at_end
from pollbot.storage.writer import Connection, Writer, transaction

_LEASE = 120.0


@dataclass(frozen=True, slots=True)
class Ending:
    """A poll that closed, until that was said everywhere; ``attempts`` counts lost tries."""

    poll_id: str
    team_id: str
    closed_at: float
    attempts: int


@dataclass(frozen=True, slots=True)
class Hung:
    """A card of a poll whose message is known."""

    id: str
    channel_id: str
    message_ts: str


class Endings:
    """One row per poll and close. Whatever is said of them goes through ``posts``."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @transaction
    def claim(self, db: Connection, now: float, limit: int) -> list[Ending]:
        """Return ends whose time has come to be announced."""
        rows = db.execute(
            "UPDATE endings SET try_at = ? WHERE (poll_id, closed_at) IN"
            " (SELECT poll_id, closed_at FROM endings WHERE try_at <= ? ORDER BY try_at LIMIT ?)"
            " RETURNING poll_id, team_id, closed_at, attempts",
            (now + _LEASE, now, limit),
        ).fetchall()
        return [Ending(*row) for row in rows]

    @transaction
    def next_due(self, db: Connection) -> float | None:
        """Return when the next end is to be announced; None if none is."""
        (moment,) = db.execute("SELECT min(try_at) FROM endings").fetchone()
        return None if moment is None else float(moment)

    @transaction
    def resume(self, db: Connection, now: float) -> None:
        """Make due what an earlier run left unsaid."""
        db.execute("UPDATE endings SET try_at = ? WHERE try_at > ?", (now, now))

    @transaction
    def postpone(self, db: Connection, ending: Ending, until: float) -> None:
        """Try this one again at ``until``."""
        db.execute(
            "UPDATE endings SET try_at = ?, attempts = attempts + 1"
            " WHERE poll_id = ? AND closed_at = ?",
            (until, ending.poll_id, ending.closed_at),
        )

    @transaction
    def done(self, db: Connection, ending: Ending) -> None:
        """Keep that everything about this end was said."""
        db.execute(
            "DELETE FROM endings WHERE poll_id = ? AND closed_at = ?",
            (ending.poll_id, ending.closed_at),
        )

    @transaction
    def cards(self, db: Connection, poll_id: str, until: float) -> list[Hung]:
        """Return the poll's cards that were asked for by ``until``, the oldest first."""
        rows = db.execute(
            "SELECT id, channel_id, message_ts FROM cards WHERE poll_id = ? AND made_at <= ?"
            " AND message_ts IS NOT NULL ORDER BY made_at, id",
            (poll_id, until),
        ).fetchall()
        return [Hung(*row) for row in rows]

    @transaction
    def claim_word(self, db: Connection, ending: Ending, subject: str, now: float) -> bool:
        """Return whether this is ours to say of the end, which must still be the poll's end."""
        still = db.execute(
            "SELECT 1 FROM endings WHERE poll_id = ? AND closed_at = ?",
            (ending.poll_id, ending.closed_at),
        ).fetchone()
        return still is not None and posts.claim(db, subject, ending.closed_at, ending.team_id, now)

    @transaction
    def sent(self, db: Connection, subject: str, due_at: float, now: float) -> None:
        """Keep that this was said, or refused for good."""
        posts.sent(db, subject, due_at, now)

    @transaction
    def release(self, db: Connection, subject: str, due_at: float) -> None:
        """Give back what certainly never reached Slack."""
        posts.release(db, subject, due_at)

    @transaction
    def to_remind(self, db: Connection, now: float) -> list[Kept]:
        """Return the open polls whose time for a reminder has come; forget those long past it."""
        db.execute("UPDATE polls SET remind_at = NULL WHERE remind_at <= ?", (now - LATEST,))
        rows = db.execute(
            f"SELECT {COLUMNS} FROM polls WHERE remind_at <= ? AND closed_at IS NULL"
            " AND deleted_at IS NULL AND closes_at > ? ORDER BY closes_at",
            (now, now),
        ).fetchall()
        return [kept_from(row) for row in rows]

    @transaction
    def next_reminder(self, db: Connection, now: float) -> float | None:
        """Return when the next reminder is due after ``now``; None if none is."""
        (moment,) = db.execute(
            "SELECT min(remind_at) FROM polls WHERE remind_at > ? AND closed_at IS NULL"
            " AND deleted_at IS NULL",
            (now,),
        ).fetchone()
        return None if moment is None else float(moment)

    @transaction
    def reminded(self, db: Connection, poll_id: str, now: float) -> None:
        """Keep that nobody of this poll is left to be reminded."""
        db.execute(
            "UPDATE polls SET remind_at = NULL WHERE id = ? AND remind_at <= ?", (poll_id, now)
        )

    @transaction
    def claim_reminder(
        self, db: Connection, kept: Kept, subject: str, user_id: str | None, now: float
    ) -> Kept | None:
        """Return the poll as it is now if this reminder of it is ours to make.

        It is not where it was made before, where the poll closed or gave its
        names up, and where the user has answered; ``user_id`` None is no user.
        """
        try:
            latest = find_poll(db, kept.team_id, kept.poll.id)
        except PollGone:
            return None
        if not latest.poll.is_open(now) or not latest.poll.settings.names:
            return None
        answered = db.execute(
            "SELECT 1 FROM answers WHERE poll_id = ? AND voter = ? LIMIT 1",
            (kept.poll.id, user_id),
        ).fetchone()
        if answered is not None or not posts.claim(db, subject, 0.0, kept.team_id, now):
            return None
        return latest


def remember_end(db: Connection, kept: Kept, now: float) -> None:
    """Keep that the poll closed, so that a crash right after loses nothing of what follows."""
    db.execute(
        "INSERT INTO endings (poll_id, team_id, closed_at, try_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (kept.poll.id, kept.team_id, kept.poll.closed_at, now),
    )
    if kept.kind == "issue":
        want_at_end(db, kept, now)


def forget_end(db: Connection, poll_id: str) -> None:
    """Drop what would still be said of the poll's end: it is open again, or gone."""
    db.execute("DELETE FROM endings WHERE poll_id = ?", (poll_id,))
