"""What an older copy of the database holds as still to be done: it may have been done since.

Nothing of it is done again. Whoever it belongs to is told what was left out, once, and can ask
for it again: a post or a vote that came twice cannot be taken back.
"""

from collections.abc import Callable, Mapping

from pollbot.store import outbox
from pollbot.store.outbox import Kind, Notice
from pollbot.store.writer import Connection, Writer, transaction

LeaveOut = Callable[[Connection, float], int]
"""Leaves out what of a feature is due by a moment, and owes its people a word; returns how much
that was. It is called in the transaction."""


class SetBack:
    """Leaves out what was due before the database was set back to an older copy.

    ``features`` are done in this order, each by the name of what it leaves out.
    """

    def __init__(self, writer: Writer, features: Mapping[str, LeaveOut]) -> None:
        self._writer = writer
        self._features = features

    @transaction
    def leave_out(self, db: Connection, now: float) -> dict[str, int]:
        """Leave out all that is due by ``now``; return how much that was, by its name."""
        # What was to be told then is told of below, or was told since.
        db.execute("UPDATE outbox SET state = 'sent', owed = 0 WHERE state = 'claimed' OR owed > 0")
        db.execute("UPDATE deliveries SET told = 1")
        return {name: leave_out(db, now) for name, leave_out in self._features.items()}


def owe_word(db: Connection, about: str, user_id: str, team_id: str, now: float) -> bool:
    """Owe somebody the word that this was left out; return whether it was not owed yet."""
    notice = outbox.of_team(db, Notice(Kind.SET_BACK, about, now, user_id), team_id)
    known = outbox.is_known(db, notice)
    outbox.owe(db, notice, team_id, now)
    return not known
