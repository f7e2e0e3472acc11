"""What an export reads, a page after the other, beside all that is written."""

from pollbot.errors import PollGone
from pollbot.people import Person
from pollbot.polls.exports.refusals import NamesGone
from pollbot.polls.exports.rules import PAGE, Kind
from pollbot.polls.kept_rows import find_poll
from pollbot.store import audit
from pollbot.store.deliveries import act
from pollbot.store.writer import Connection, Writer, reading


class ExportRows:
    """Reads answers by who gave them; each page sees that the poll is there and keeps names."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @act
    def begin(
        self, db: Connection, person: Person, poll_id: str, kind: Kind, stamp: str, now: float
    ) -> bool:
        """Keep that the person takes the poll along; return whether they do not already.

        ``stamp`` names the window: one that is pressed twice, by an impatient finger, sends it
        once. Raises PollGone.
        """
        find_poll(db, person.team_id, poll_id)
        fresh = db.execute(
            "INSERT INTO deliveries (team_id, user_id, subject, stamp, deed, seen_at)"
            " VALUES (?, ?, ?, ?, 'export', ?) ON CONFLICT DO NOTHING RETURNING 1",
            (person.team_id, person.user_id, f"export {kind} {poll_id}", stamp, now),
        ).fetchone()
        if fresh is None:
            return False
        audit.note(db, person, audit.What.EXPORTED, poll_id, now, kind=kind)
        return True

    @reading
    def answers(
        self, db: Connection, team_id: str, poll_id: str, after: tuple[str, str] | None
    ) -> list[tuple[str, str]]:
        """Return the next answers, as who gave each and its option; none once all were read.

        Raises PollGone, and NamesGone where nobody may be named any more.
        """
        kept = find_poll(db, team_id, poll_id)
        if kept.poll.deleted:
            raise PollGone
        if not kept.poll.settings.names:
            raise NamesGone
        voter, option_id = after or ("", "")
        rows: list[tuple[str, str]] = db.execute(
            "SELECT voter, option_id FROM answers WHERE poll_id = ?"
            " AND (voter > ? OR (voter = ? AND option_id > ?)) ORDER BY voter, option_id LIMIT ?",
            (poll_id, voter, voter, option_id, PAGE),
        ).fetchall()
        return rows

    @reading
    def is_there(self, db: Connection, team_id: str, poll_id: str, *, named: bool) -> None:
        """Raise PollGone or NamesGone unless what was written of the poll may be handed over."""
        kept = find_poll(db, team_id, poll_id)
        if kept.poll.deleted:
            raise PollGone
        if named and not kept.poll.settings.names:
            raise NamesGone
