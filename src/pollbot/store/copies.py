"""Whole copies of the database, made while it is written, each of them seen to be whole.

A copy holds all that was committed before it began, and so all that anybody was told is kept.
It is one file, which SQLite reads where nothing may be written beside it. What names the voters
of an open anonymous poll is sealed in it under the own key in ``<database>.poll-key``
(polls/answers/key_rows.py), which is in no copy; in that of a version from before there was such a
key, nobody's name is left that the installation's key alone would open.
"""

import fcntl
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pollbot.errors import NotDone, StartError
from pollbot.store.migrations import applied, forget_voters

log = logging.getLogger(__name__)

BESIDE = (
    *("", "-wal", "-shm", "-journal", ".part"),
    *(".lock", ".mark", ".key", ".poll-key", ".poll-key.new"),
)
"""How the names of what pollbot and SQLite keep go on after the database's."""

BEFORE, REPLACED = ".before-", ".replaced-"
"""So go on those of copies from before an update, and of databases that were replaced."""

_LOCKED = 10.0
"""Seconds to wait for another program's lock."""

_KEPT = 3
"""How many copies from before an update are kept."""


def back_up(database: Path, to: Path) -> int:
    """Copy the database into a new file, whether pollbot runs or not; return its size in bytes.

    Raises NotDone; then there is no such file, or the one that was there before.
    """
    database = database.resolve()
    if os.path.lexists(to):
        raise NotDone(
            f"No backup was made: {to} is there already, and stays as it is. Name a new file."
        )
    if not to.absolute().parent.is_dir():
        raise NotDone(f"No backup was made: the folder of {to} is not there.")
    if is_taken(to, database):
        raise NotDone(
            f"No backup was made: {to} is a name that belongs to the database itself. Name "
            "another file."
        )
    try:
        with closing(open_existing(database)) as db, unfinished(to) as part:
            if not applied(db):
                raise NotDone(f"No backup was made: {database} is no database of pollbot's.")
            copy(db, part)
            size = part.stat().st_size
            finish(part, to)
    except FileExistsError:
        raise NotDone(f"No backup was made: {to} came to be meanwhile, and is not ours.") from None
    except FileNotFoundError as error:
        raise NotDone(
            f"No backup was made: there is no {error.filename}. Is this the folder in which "
            "pollbot is started?"
        ) from None
    except (sqlite3.Error, OSError) as error:
        raise NotDone(
            f"No backup was made of {database}: {why(error)}. There is no {to} now."
        ) from error
    return size


def keep_before(db: sqlite3.Connection, database: Path, step: str) -> Path:
    """Copy the database as it is before a step changes its tables; return where that lies.

    Of such copies the newest few are kept. Raises StartError if it cannot be made.
    """
    database = database.resolve()
    to = database.with_name(f"{database.name}{BEFORE}{step}")
    try:
        with unfinished(to) as part:
            copy(db, part)
            # What a start that failed halfway has left under this name is not more than this.
            part.replace(to)
            sync_folder(to)
    except (sqlite3.Error, OSError) as error:
        full = isinstance(error, OSError | sqlite3.OperationalError)
        raise StartError(
            f"pollbot did not start.\n  POLLBOT_DATABASE: {database} is to be brought up to date, "
            f"and its copy {to} cannot be made before ({why(error)}). Nothing in it was changed. "
            + (
                "Make room: the copy takes as much as the database."
                if full
                else "Put back a backup with `pollbot restore`."
            )
        ) from error
    log.info("the database is brought up to date; %s is how it was before", to)
    _drop_old(database)
    return to


def copy(db: sqlite3.Connection, to: Path) -> None:
    """Write all that is committed into an empty file, and to disk.

    Raises sqlite3.Error or OSError; sqlite3.DatabaseError also where the copy is not whole.
    """
    with closing(sqlite3.connect(to, isolation_level=None)) as made:
        # Without a transaction of its own, sqlite3 would wait for ever for one that locks all.
        db.execute("BEGIN")
        try:
            db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
            db.backup(made)
        finally:
            db.execute("ROLLBACK")
        made.execute("PRAGMA journal_mode=DELETE").fetchall()
        forget_voters(made)
        damage = damage_of(made)
    if damage:
        raise sqlite3.DatabaseError(f"it is damaged ({damage})")
    with to.open("rb") as file:
        os.fsync(file.fileno())


def damage_of(db: sqlite3.Connection) -> str:
    """Return what is wrong with the database as SQLite sees it; "" if nothing is."""
    found = [str(one) for (one,) in db.execute("PRAGMA integrity_check(3)")]
    return "" if found == ["ok"] else "; ".join(found)


def open_existing(database: Path) -> sqlite3.Connection:
    """Open a database that is there. Raises FileNotFoundError, or sqlite3.Error."""
    database.stat()
    return sqlite3.connect(
        f"{database.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=_LOCKED
    )


def owned_like(path: Path, other: Path) -> None:
    """Give a file that root has made to whom the other one belongs, so that pollbot can use it."""
    if os.geteuid() == 0:
        owner = other.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def sync_folder(path: Path) -> None:
    """Have the names in a file's folder on disk."""
    descriptor = os.open(path.absolute().parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def unfinished(to: Path) -> Iterator[Path]:
    """Give an empty file beside the one that is to be made, for its owner only; it goes in the end.

    One that was left by a program that was killed is written over. Raises NotDone if another
    program is writing it.
    """
    part = to.with_name(to.name + ".part")
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotDone(f"Nothing was done: another program is writing {part}.") from None
        try:
            os.ftruncate(descriptor, 0)
            os.fchmod(descriptor, 0o600)
            yield part
        finally:
            for end in ("", "-journal", "-wal", "-shm"):
                part.with_name(part.name + end).unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def why(error: Exception) -> str:
    """Return what SQLite or the system said, with the file it is about."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT:
        return f"it is damaged ({error})"
    return str(error)


def is_taken(to: Path, database: Path) -> bool:
    """Return whether a name belongs to what pollbot and SQLite keep of the database."""
    start, end = to.name[: len(database.name)], to.name[len(database.name) :]
    ours = end in BESIDE or end.startswith((BEFORE, REPLACED))
    return to.absolute().parent.resolve() == database.parent and start == database.name and ours


def finish(part: Path, to: Path) -> None:
    """Give the file its name. Raises FileExistsError if somebody was faster."""
    try:
        os.link(part, to)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links, such as FAT.
        if os.path.lexists(to):
            raise FileExistsError(str(to)) from None
        part.rename(to)
    sync_folder(to)


def _drop_old(database: Path) -> None:
    start = database.name + BEFORE
    kept = [
        path
        for path in database.parent.iterdir()
        if path.name.startswith(start) and not path.name.endswith(".part")
    ]
    kept.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in kept[_KEPT:]:
        path.unlink(missing_ok=True)
