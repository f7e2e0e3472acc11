"""Whether the database is the newest that ran here, or an older copy of it was put back.

Every commit that changes something counts one up in the database, and after it in a small file
beside it, ``<database>.mark``, which no backup holds. So a database that has counted less than
its file, or has none beside it, was restored from a copy, or has lost SQLite's log: what it holds
as still to be done may have been done since. A crash between the two leaves the file behind,
which tells nothing.
"""

import logging
import os
import secrets
import sqlite3
from collections.abc import Callable
from pathlib import Path

from pollbot.errors import StartError
from pollbot.store.writer import Connection

log = logging.getLogger(__name__)

_LONGEST = 200


def go_ahead(database: Path, copied: sqlite3.Connection) -> Callable[[], None]:
    """Have the file beside the database count more than a copy that is about to be put there.

    So the copy is known as an older one at the next start, wherever that is and from whatever
    version it comes. Returns what undoes this. Raises OSError, or sqlite3.Error.
    """
    path = _beside(database)
    name, count = secrets.token_hex(8), 0
    if copied.execute("SELECT 1 FROM sqlite_master WHERE name = 'mark'").fetchone():
        name, count = copied.execute("SELECT name, count FROM mark").fetchone() or (name, count)
    was = _read(path)
    if was is not None and was[0] == name:
        count = max(count, was[1])

    def undo() -> None:
        if was is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(_line(*was))

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _write(descriptor, name, count + 1)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return undo


class Mark:
    """The count in the database and in the file beside it. Lives on the writer's thread.

    ``is_older``: the database is not the one that ran here last, but an older copy, or another.
    """

    def __init__(self, database: Path) -> None:
        self._path = _beside(database)
        self._file = -1
        self._name = ""
        self._count = 0
        self._trouble = False
        self.is_older = False

    def take_up(self, db: sqlite3.Connection) -> None:
        """Compare the two. Raises StartError if the file cannot be written.

        Of an older copy neither is touched before its first commit, which leaves out what was
        due: a start that is cut off before that knows it the next time, too.
        """
        beside = _read(self._path)
        row = db.execute("SELECT name, count FROM mark").fetchone()
        name, count = beside or ("", 0)
        self.is_older = _tells_older(beside, row)
        if row is None:
            self._name = name if count == 0 and name else secrets.token_hex(8)
        else:
            self._name, self._count = row
        if name == self._name:
            self._count = max(self._count, count)
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            if not self.is_older:
                self._write()
                os.fsync(self._file)
        except OSError as error:
            raise StartError(
                f"pollbot did not start.\n  {self._path} cannot be written ({error.strerror}). It "
                "tells whether an older copy of the database was put back. Let pollbot write in "
                "that folder."
            ) from error

    def count(self, db: Connection) -> None:
        """Count the open transaction, which changes something."""
        self._count += 1
        db.execute(
            "INSERT INTO mark (id, name, count) VALUES (1, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET count = excluded.count",
            (self._name, self._count),
        )

    def committed(self) -> None:
        """Keep beside the database what it counts now, once that is on disk."""
        try:
            self._write()
        except OSError as error:
            if not self._trouble:
                log.error("%s cannot be written: %s", self._path, error)
            self._trouble = True

    def close(self) -> None:
        """Let go of the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _write(self) -> None:
        _write(self._file, self._name, self._count)


def is_older(database: Path, db: sqlite3.Connection) -> bool:
    """Return whether a database is an older copy on which pollbot has not been started yet."""
    row = db.execute("SELECT name, count FROM mark").fetchone()
    return _tells_older(_read(_beside(database)), row)


def _tells_older(beside: tuple[str, int] | None, row: tuple[str, int] | None) -> bool:
    if row is None:
        # One from before there were marks, or a new one: it has no file, or an unused one.
        return beside is not None and not (beside[0] and beside[1] == 0)
    return beside is None or beside[0] != row[0] or beside[1] > row[1]


def _beside(database: Path) -> Path:
    return database.with_name(database.name + ".mark")


def _write(file: int, name: str, count: int) -> None:
    # In place and of one length, so that no moment sees half of it.
    os.pwrite(file, _line(name, count).encode(), 0)


def _line(name: str, count: int) -> str:
    return f"{name:16} {count:020}\n"


def _read(path: Path) -> tuple[str, int] | None:
    """Return what the file says: the name "" if it cannot be understood; None without one."""
    try:
        with path.open("rb") as file:
            name, count = file.read(_LONGEST).decode().split()
            return name, int(count)
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return "", 0
