"""What no commit may leave in the store: more answers of one person than their poll takes."""

import json
import sqlite3
from collections.abc import Callable

_TABLES = ("answers", "unfinished")


class OneAnswerEach:
    """Looks, right before each commit, at those whose answers it changes."""

    def __init__(self, db: sqlite3.Connection, breaks: Callable[[str], None]) -> None:
        self._db, self._breaks = db, breaks
        self._changed: list[tuple[str, str]] = []
        db.create_function("of_this_commit", 2, lambda *who: self._changed.append(who))
        for table in _TABLES:
            db.execute(
                f"CREATE TEMP TRIGGER look_at_{table} AFTER INSERT ON main.{table}"
                " BEGIN SELECT of_this_commit(new.poll_id, new.voter); END"
            )

    def look(self) -> None:
        """Look at what the transaction that is open has changed."""
        changed, self._changed = dict.fromkeys(self._changed), []
        for poll_id, voter in changed:
            counted, unfinished = (self._count(table, poll_id, voter) for table in _TABLES)
            row = self._db.execute("SELECT settings FROM polls WHERE id = ?", (poll_id,)).fetchone()
            settings = {} if row is None else json.loads(row[0])
            most = (settings.get("most") or 100) if settings.get("several") else 1
            if counted > most or (counted and unfinished):
                self._breaks(
                    f"Somebody has {counted} answers, and {unfinished} that do not count yet, in a "
                    f"poll that takes {most}."
                )

    def _count(self, table: str, poll_id: str, voter: str) -> int:
        (count,) = self._db.execute(
            f"SELECT count(*) FROM {table} WHERE poll_id = ? AND voter = ?",  # noqa: S608  of _TABLES
            (poll_id, voter),
        ).fetchone()
        return int(count)
