"""What channels chose about previews of links."""

from pollbot.cards.rows import touch_previews
from pollbot.previews.rules import CHOICES, USUAL, Shown
from pollbot.store.deliveries import act
from pollbot.store.writer import Connection, Writer, transaction


class PreviewRows:
    """One row per channel that chose; no row means the usual."""

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
    def choose(self, db: Connection, team_id: str, channel_id: str, shown: Shown) -> None:
        """Keep what a channel shows from now on."""
        db.execute(
            "INSERT INTO previews (team_id, channel_id, shown) VALUES (?, ?, ?)"
            " ON CONFLICT (team_id, channel_id) DO UPDATE SET shown = excluded.shown",
            (team_id, channel_id, shown),
        )
        touch_previews(db, team_id, channel_id)
