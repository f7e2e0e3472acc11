"""What channels chose about previews of links."""

from pollbot.cards.rows import touch_previews
from pollbot.people import Person
from pollbot.previews.rules import CHOICES, USUAL, Shown, WorkObjects
from pollbot.store import audit
from pollbot.store.audit import What
from pollbot.store.columns import Columns
from pollbot.store.deliveries import act
from pollbot.store.writer import Connection, Writer, transaction

_WORK_OBJECTS = Columns(WorkObjects)


class PreviewRows:
    """One row per channel that chose, and per workspace; no row means the usual."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @transaction
    def of(self, db: Connection, team_id: str, channel_id: str) -> Shown:
        """Return what a channel shows."""
        row = db.execute(
            "SELECT shown FROM previews WHERE team_id = ? AND channel_id = ?",
            (team_id, channel_id),
        ).fetchone()
        return next((one for one in CHOICES if row is not None and one == row[0]), USUAL)

    @act
    def choose(self, db: Connection, by: Person, channel_id: str, shown: Shown, now: float) -> None:
        """Keep what a channel shows from now on."""
        team_id = by.team_id
        db.execute(
            "INSERT INTO previews (team_id, channel_id, shown) VALUES (?, ?, ?)"
            " ON CONFLICT (team_id, channel_id) DO UPDATE SET shown = excluded.shown",
            (team_id, channel_id, shown),
        )
        touch_previews(db, team_id, channel_id)
        audit.note(db, by, What.PREVIEWS_CHANGED, channel_id, now, after=shown)

    @transaction
    def work_objects(self, db: Connection, team_id: str) -> WorkObjects:
        """Return whether previews in a workspace are Work Objects."""
        row = db.execute(
            f"SELECT {_WORK_OBJECTS} FROM work_objects WHERE team_id = ?", (team_id,)
        ).fetchone()
        return WorkObjects() if row is None else _WORK_OBJECTS.read(row)

    @act
    def switch(self, db: Connection, by: Person, on: bool, now: float) -> None:
        """Keep whether they are from now on; what Slack said before counts no more."""
        db.execute(
            "INSERT INTO work_objects (team_id, is_on) VALUES (?, ?) ON CONFLICT (team_id)"
            " DO UPDATE SET is_on = excluded.is_on, refused = NULL, refused_at = NULL",
            (by.team_id, int(on)),
        )
        audit.note(db, by, What.SETUP_CHANGED, "work objects", now, after=on)

    @transaction
    def refused(self, db: Connection, team_id: str, code: str, now: float) -> None:
        """Keep that Slack took none, but the same as blocks."""
        db.execute(
            "UPDATE work_objects SET refused = ?, refused_at = ? WHERE team_id = ?",
            (code, now, team_id),
        )
