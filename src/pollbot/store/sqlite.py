"""The database as one SQLite file, which belongs to one process."""

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pollbot.errors import StartError
from pollbot.store.writer import Connection

_LOCKED = 1.5
_STILL_LOCKED = 0.2
"""Seconds to wait for another program's lock, at first and later on.

Slack waits 3 s for the answer to a click, which may come just after a try has begun.
"""


class SqliteConnection(sqlite3.Connection):
    """SQLite's own connection, with what follows a commit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.made_due: list[str] = []
        self.after_commit: list[Callable[[Connection], None]] = []
        self.to_claim = ""


class SqliteFile:
    """The file, which this process alone may write."""

    at_hand = True
    errors: type[Exception] = sqlite3.Error
    no_fault_of_ours: type[Exception] = sqlite3.OperationalError
    in_doubt: tuple[type[Exception], ...] = ()
    leader = 0

    def __init__(self, path: Path) -> None:
        self._named = path
        self._path = path
        self._files: list[tuple[Path, tuple[int, int]]] = []
        self._lock = -1
        self._writing: SqliteConnection | None = None
        self._patience = _LOCKED

    @property
    def path(self) -> Path:
        """The file's own path, however it was named."""
        return self._path

    @property
    def connection(self) -> SqliteConnection:
        """The connection that writes."""
        if self._writing is None:
            raise RuntimeError("the file is not open")
        return self._writing

    def open(self) -> SqliteConnection:
        """Return the connection that writes. Raises StartError if the file cannot be had."""
        self._path = _one_name(self._named)
        self._lock = _only_process(self._path)
        try:
            db = _open(self._path)
            self._files = [(self._path, _identity(self._path))]
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise StartError(
                f"pollbot did not start.\n  POLLBOT_DATABASE: {self._named} cannot be used as a "
                f"database ({error}). Nothing in it was changed. Name another file, or restore "
                "this one from a backup."
            ) from error
        self._writing = db
        return db

    def open_to_read(self) -> SqliteConnection:
        """Return one that reads beside it, and may change nothing."""
        return _open_to_read(self._path)

    def begin(self, db: Connection, *, wait: bool = True) -> bool:
        """Take SQLite's lock for writing; return whether it was free, if this is not to wait."""
        if wait:
            db.execute("BEGIN IMMEDIATE")
            return True
        db.execute("PRAGMA busy_timeout = 0")
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not is_in_the_way(error):
                raise
            return False
        finally:
            self._wait_for_locks(db)
        return True

    def commit(self, db: Connection) -> None:
        """Have all that was changed on disk, in files that stay."""
        db.execute("COMMIT")
        self._see_that_it_stays()

    def begin_to_read(self, db: Connection) -> None:
        """Begin to read what is on disk now."""
        _must_be_there(self._files[:1])
        db.execute("BEGIN")

    def is_lost(self, db: Connection) -> bool:
        """Return that none is: there is no way between it and its file."""
        return False

    def away(self, db: Connection, is_away: bool) -> None:
        """Wait less for another program's lock, once that was in vain."""
        self._patience = _STILL_LOCKED if is_away else _LOCKED
        self._wait_for_locks(db)

    def _wait_for_locks(self, db: Connection) -> None:
        db.execute(f"PRAGMA busy_timeout = {int(self._patience * 1000)}")

    def close(self) -> None:
        """Let another process have it."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _see_that_it_stays(self) -> None:
        """Raise sqlite3.OperationalError if what was committed lies in no file that stays."""
        _must_be_there(self._files)
        if len(self._files) == 1:
            # What was written last lies beside the database until the next checkpoint.
            log_beside = self._path.with_name(self._path.name + "-wal")
            self._files.append((log_beside, _identity(log_beside)))


def _must_be_there(files: list[tuple[Path, tuple[int, int]]]) -> None:
    """Raise sqlite3.OperationalError if one of the files is not the one that was opened.

    SQLite goes on with files that were deleted or moved away, without an error
    (sqlite.org, "How To Corrupt An SQLite Database File", 2.4), and what is opened in
    their place is another database.
    """
    for path, was in files:
        try:
            there = _identity(path)
        except OSError:
            there = None
        if there != was:
            how = "is gone" if there is None else "was replaced by another"
            raise sqlite3.OperationalError(
                f"the file {path} {how} while pollbot runs; put it in place and start pollbot again"
            )


def _one_name(path: Path) -> Path:
    """Return the file's own path, however it was named.

    Raises StartError if it has several names: SQLite keeps what was written last in files
    beside the one by which it was opened, and the lock lies there, too.
    """
    real = path.resolve()
    try:
        names = real.stat().st_nlink
    except OSError:
        return real
    if names > 1:
        raise StartError(
            f"pollbot did not start.\n  POLLBOT_DATABASE: {path} is one of {names} names of the "
            "same file (hard links). Opened by two of them it would be damaged: keep one name, or "
            "make a copy."
        )
    return real


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def is_in_the_way(error: sqlite3.Error) -> bool:
    """Return whether another program that has the file open is why SQLite refuses."""
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def hold(path: Path) -> int:
    """Return the descriptor of the database's lock, which lives as long as this process.

    SQLite itself would let two processes in; two vote workers would then each think that an
    intent is theirs. Raises BlockingIOError if another one has it, or another OSError.
    """
    lock = path.with_name(path.name + ".lock")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _only_process(path: Path) -> int:
    try:
        return hold(path)
    except BlockingIOError as error:
        raise StartError(
            f"pollbot did not start.\n  Another pollbot already uses {path}. One database "
            "belongs to one process: stop the other one, or give this one its own "
            "POLLBOT_DATABASE."
        ) from error
    except OSError as error:
        raise StartError(
            f"pollbot did not start.\n  POLLBOT_DATABASE: {path} cannot be made or opened "
            f"({error.strerror}). Name a file in a folder that exists and that pollbot may write."
        ) from error


def _open(path: Path) -> SqliteConnection:
    # Once the writer's thread runs, that and the event loop use it in turns.
    db = sqlite3.connect(
        path,
        isolation_level=None,
        check_same_thread=False,
        timeout=_LOCKED,
        factory=SqliteConnection,
    )
    try:
        # FULL: an answer to Slack means "on disk", through a power cut too.
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            # What SQLite puts aside, to undo a piece, is a copy that nothing would write over.
            "temp_store=MEMORY",
        ):
            db.execute(f"PRAGMA {pragma}").fetchall()
        db.create_function("random_id", 0, lambda: secrets.token_hex(16))
        os.chmod(path, 0o600)
    except (sqlite3.Error, OSError):
        db.close()
        raise
    return db


def _open_to_read(path: Path) -> SqliteConnection:
    # Opened by the reader's thread, closed by whoever closes the writer. One that is gone is not
    # made anew: it would look as if it had been replaced.
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=_LOCKED,
        factory=SqliteConnection,
    )
    for pragma in ("query_only=ON", "temp_store=MEMORY"):
        db.execute(f"PRAGMA {pragma}").fetchall()
    return db
