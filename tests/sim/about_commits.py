"""What each commit leaves of answers: never more of one person's than their poll takes."""

import json
import sqlite3
from collections.abc import Callable

_TABLES = ("answers", "unfinished")


Answered = Callable[[str, str, frozenset[str]], None]
"""Hears of a poll's id, of who has answered it, and of the ids of what they have chosen now."""


class OneAnswerEach:
    """Looks, right before each commit, at those whose answers it changes, and tells of them."""

    def __init__(
        self, db: sqlite3.Connection, breaks: Callable[[str], None], answered: Answered
    ) -> None:
        self._db, self._breaks, self._answered = db, breaks, answered
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
            chosen, begun = (self._chosen(table, poll_id, voter) for table in _TABLES)
            self._answered(poll_id, voter, chosen)
            row = self._db.execute("SELECT settings FROM polls WHERE id = ?", (poll_id,)).fetchone()
            settings = {} if row is None else json.loads(row[0])
            most = (settings.get("most") or 100) if settings.get("several") else 1
            if len(chosen) > most or (chosen and begun):
                self._breaks(
                    f"Somebody has {len(chosen)} answers, and {len(begun)} that do not count yet, "
                    f"in a poll that takes {most}."
                )

    def _chosen(self, table: str, poll_id: str, voter: str) -> frozenset[str]:
        rows = self._db.execute(
            f"SELECT option_id FROM {table} WHERE poll_id = ? AND voter = ?",  # noqa: S608  of _TABLES
            (poll_id, voter),
        ).fetchall()
        return frozenset(str(option_id) for (option_id,) in rows)
