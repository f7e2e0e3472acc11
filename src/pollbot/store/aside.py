"""The database read aside: not a byte of it is changed, whether pollbot runs on it or not.

Beside a pollbot that runs, a file is read as any reader does. Where none runs, SQLite would write
files beside it: so it is read as one that cannot change; and if a killed run left a log, as a copy
of both in a folder that only whoever reads it can look into, which is gone afterwards.
"""

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pollbot.errors import NotDone
from pollbot.place import Place, Server
from pollbot.store.copies import why
from pollbot.store.migrations import all_steps, applied, in_the_way, pending, unknown
from pollbot.store.sqlite import SqliteConnection
from pollbot.store.writer import Connection

_LOCKED = 5.0


@contextmanager
def aside(database: Place) -> Iterator[Connection]:
    """Open the database, to read all of it as it is at one moment. Raises NotDone."""
    if isinstance(database, Server):
        with _on_server(database) as there:
            yield there
        return
    try:
        if not database.exists():
            raise NotDone(
                f"Nothing was done: there is no {database}. Is this the folder in which pollbot is "
                "started?"
            )
        with open_aside(database.resolve(), runs=is_locked(database.resolve())) as db:
            if not applied(db):
                raise NotDone(f"Nothing was done: {database} is no database of pollbot's.")
            _fits(database, newer=bool(unknown(db)), older=bool(pending(db)))
            db.execute("BEGIN")
            yield db
    except (sqlite3.Error, OSError) as error:
        raise NotDone(f"Nothing was done: {database} cannot be read ({why(error)}).") from error


@contextmanager
def open_aside(path: Path, *, runs: bool) -> Iterator[SqliteConnection]:
    """Open a file that is there; ``runs``: a pollbot does, on it. Raises sqlite3.Error, OSError."""
    log = path.with_name(path.name + "-wal")
    if runs:
        with closing(_connect(path, "mode=ro")) as db:
            yield db
    elif not (log.exists() and log.stat().st_size):
        with closing(_connect(path, "mode=ro&immutable=1")) as db:
            yield db
    else:
        with tempfile.TemporaryDirectory(prefix="pollbot-aside-") as folder:
            copied = Path(folder) / "copy"
            shutil.copyfile(path, copied)
            shutil.copyfile(log, Path(folder) / "copy-wal")
            with closing(_connect(copied, "mode=rw")) as db:
                yield db


def is_locked(path: Path) -> bool:
    """Return whether a process has pollbot's lock on the database."""
    try:
        descriptor = os.open(
            path.with_name(path.name + ".lock"), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
        )
    except OSError:
        return False
    try:
        # Shared and let go at once: two who look do not take each other for a pollbot.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def _on_server(server: Server) -> Iterator[Connection]:
    try:
        import psycopg

        from pollbot.store.postgres import PostgresConnection, said
    except ImportError as error:
        raise NotDone(
            f"Nothing was done: for a database on a server a part of pollbot is not installed "
            f"({error}): pip install 'pollbot[postgres]'."
        ) from None
    try:
        with closing(PostgresConnection(server)) as db:
            db.connect()
            db.run("SET default_transaction_read_only = on")
            db.run("SET default_transaction_isolation = 'repeatable read'")
            db.run("BEGIN")
            if not db.run("SELECT to_regclass('pollbot_steps') IS NOT NULL").fetchone()[0]:
                raise NotDone(f"Nothing was done: {server} is no database of pollbot's.")
            # Of each its row as JSON: before there were replicas, it had one column.
            found = db.execute("SELECT to_jsonb(pollbot_steps) FROM pollbot_steps").fetchall()
            taken = {row["name"]: row.get("needs") for (row,) in found}
            every = [step.name for step in all_steps()]
            newer, older = in_the_way(taken.items(), every), set(every) - taken.keys()
            _fits(server, newer=bool(newer), older=bool(older))
            yield db
    except psycopg.Error as error:
        raise NotDone(f"Nothing was done: {server} cannot be read ({said(error)}).") from None


def _fits(database: Place, *, newer: bool, older: bool) -> None:
    if newer:
        raise NotDone(
            f"Nothing was done: {database} is of a newer pollbot than this one. Use that one."
        )
    if older:
        raise NotDone(
            f"Nothing was done: {database} was last used by an older pollbot than this one. Start "
            "this one once, which brings it up to date, or use that one."
        )


def _connect(path: Path, how: str) -> SqliteConnection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{how}",
        uri=True,
        isolation_level=None,
        timeout=_LOCKED,
        factory=SqliteConnection,
    )
