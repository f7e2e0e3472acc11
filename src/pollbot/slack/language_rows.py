"""In which language a workspace's cards are."""

from pollbot.people import Person
from pollbot.store import audit
from pollbot.store.audit import What
from pollbot.store.deliveries import act
from pollbot.store.writer import Connection, Writer, transaction


class LanguageRows:
    """One row per team that chose; no row means English."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @transaction
    def of(self, db: Connection, team_id: str) -> str | None:
        """Return the code of the language that the team's admins chose."""
        row = db.execute("SELECT code FROM languages WHERE team_id = ?", (team_id,)).fetchone()
        return None if row is None else str(row[0])

    @act
    def choose(self, db: Connection, by: Person, code: str, now: float) -> None:
        """Keep the language of the team's cards."""
        row = db.execute("SELECT code FROM languages WHERE team_id = ?", (by.team_id,)).fetchone()
        db.execute(
            "INSERT INTO languages (team_id, code) VALUES (?, ?)"
            " ON CONFLICT (team_id) DO UPDATE SET code = excluded.code",
            (by.team_id, code),
        )
        before = None if row is None else str(row[0])
        audit.note(db, by, What.SETUP_CHANGED, "language", now, before=before, after=code)
