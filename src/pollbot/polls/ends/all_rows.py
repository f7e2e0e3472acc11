"""Polls that close once all who may answer have answered, and when that is looked at next."""

from dataclasses import dataclass

from pollbot.chance import Chance
from pollbot.polls.rules import Poll
from pollbot.store.columns import Columns
from pollbot.store.queue import Limit, Queue, Work
from pollbot.store.writer import Connection, Writer, transaction

WHEN_ALL = Queue(
    "when all",
    "when_all",
    ("poll_id",),
    "1 = 1",
    limits=(Limit("team_id", 4),),
    looks=True,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A poll that waits for answers."""

    poll_id: str
    team_id: str


_ROW = Columns(Waiting)


class WhenAllRows:
    """One row per open poll that closes so, from its first answer on."""

    def __init__(self, writer: Writer, chance: Chance) -> None:
        self._writer = writer
        self.work: Work[Waiting] = Work(
            writer, WHEN_ALL, str(_ROW), lambda row, _: _ROW.read(row), chance
        )

    @transaction
    def forget(self, db: Connection, waiting: Waiting) -> None:
        """Forget a poll that closes so no more."""
        forget(db, waiting.poll_id)


def look(db: Connection, team_id: str, poll: Poll, now: float) -> None:
    """Have it looked at whether all have answered, if the poll closes then."""
    if not poll.settings.closes_when_all or poll.closed_at is not None:
        return
    db.execute(
        "INSERT INTO when_all (poll_id, team_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (poll.id, team_id),
    )
    WHEN_ALL.make_due(db, now, "poll_id = ?", poll.id)


def forget(db: Connection, poll_id: str) -> None:
    """Forget a poll that is closed or deleted."""
    db.execute("DELETE FROM when_all WHERE poll_id = ?", (poll_id,))
