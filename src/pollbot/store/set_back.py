"""What an older copy of the database holds as still to be done: it may have been done since.

Nothing of it is done again. Whoever it belongs to is told what was left out, once, and can ask
for it again: a post or a vote that came twice cannot be taken back.
"""

from dataclasses import dataclass

from pollbot.polls.kept_rows import REMINDERS
from pollbot.polls.rows import Polls
from pollbot.polls.waiting import rows as waiting_polls
from pollbot.schedules.kept_rows import COLUMNS as SCHEDULE_COLUMNS
from pollbot.schedules.kept_rows import schedule_from
from pollbot.schedules.rows import leave_out
from pollbot.store import outbox
from pollbot.store.outbox import Kind, Subject
from pollbot.store.writer import Connection, Writer, transaction

_PERHAPS_MADE = (
    "The database of pollbot was set back to an older copy, in which it was still waiting, so it "
    "may have been made since. `/poll list` with the issue or page shows whether it is there."
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How much of an older copy of the database was not done again."""

    wishes: int
    cards: int
    results: int
    posts: int


class SetBack:
    """Leaves out what was due before the database was set back to an older copy."""

    def __init__(self, writer: Writer, polls: Polls) -> None:
        self._writer = writer
        self._polls = polls

    @transaction
    def leave_out(self, db: Connection, now: float) -> LeftOut:
        """Leave out all that is due by ``now``; return how much that was."""
        # What was to be told then is told of below, or was told since.
        db.execute("UPDATE outbox SET state = 'sent', owed = 0 WHERE state = 'claimed' OR owed > 0")
        db.execute("DELETE FROM receipts")
        db.execute("UPDATE deliveries SET told = 1")
        wishes = self._wishes(db, now) + waiting_polls.settle_all(db, _PERHAPS_MADE, now)
        cards = self._cards(db, now)
        results = self._results(db, now)
        return LeftOut(wishes, cards, results, self._posts(db, now))

    def _wishes(self, db: Connection, now: float) -> int:
        rows = db.execute(
            "DELETE FROM intents RETURNING team_id, user_id, issue_key, wish, state"
        ).fetchall()
        for team_id, user_id, key, wish, state in rows:
            if state != "settled":
                _owe(db, f"{wish} {key}", user_id, team_id, now)
        return len(rows)

    def _cards(self, db: Connection, now: float) -> int:
        rows = db.execute(
            "DELETE FROM cards WHERE posted = 0 RETURNING team_id, posted_by, issue_key, poll_id"
        ).fetchall()
        for team_id, user_id, key, poll_id in rows:
            about = f"card {key}" if poll_id is None else f"poll {poll_id}"
            _owe(db, about, user_id, team_id, now)
        return len(rows)

    def _results(self, db: Connection, now: float) -> int:
        """Close the polls whose end has come without a word, and leave out reminders."""
        self._polls.end(db, now)
        ended = db.execute("DELETE FROM endings RETURNING poll_id, team_id").fetchall()
        # A comment may be on the issue by now: whoever asks again has that one brought up to date.
        records = db.execute(
            "UPDATE records SET state = 'refused',"
            " tried = CASE WHEN comment_id IS NULL THEN 1 ELSE tried END"
            " WHERE state IN ('wanted', 'unconnected') AND poll_id IN"
            " (SELECT id FROM polls WHERE closed_at IS NOT NULL) RETURNING poll_id, team_id"
        ).fetchall()
        over = {*ended, *records}
        for poll_id, team_id in sorted(over):
            owner = db.execute("SELECT created_by FROM polls WHERE id = ?", (poll_id,)).fetchone()
            if owner is not None:
                _owe(db, f"poll {poll_id}", owner[0], team_id, now)
        REMINDERS.make_due(db, None, f"{REMINDERS.column} <= ?", now)
        return len(over)

    def _posts(self, db: Connection, now: float) -> int:
        rows = db.execute(
            f"SELECT {SCHEDULE_COLUMNS} FROM schedules WHERE next_at <= ? AND paused = 0", (now,)
        ).fetchall()
        for schedule in map(schedule_from, rows):
            if schedule.next_at is not None:
                leave_out(db, schedule, schedule.next_at, schedule.plan.next_due(now), now)
        return len(rows)


def _owe(db: Connection, about: str, user_id: str, team_id: str, now: float) -> None:
    outbox.owe(db, Subject(Kind.SET_BACK, about, now, user_id), team_id, now)
