"""A database moves from its file to a PostgreSQL server, while no pollbot runs on either.

All tables are copied in one transaction of the server's, and counted on both sides before it ends:
a kill or an error at any moment leaves nothing there. What the file holds stays as it is, but
is worth an older copy from then on (store/mark.py): a start on it would else do again what is due.

```
    the file, locked and judged ──▶ tables and rows, counted ──▶ the mark goes ahead ──▶ COMMIT
```

A kill between the last two leaves a file that is taken for an older copy though nothing moved: what
was due is left out then, and told, which is better than done twice.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import psycopg
from psycopg import sql

from pollbot.errors import NotDone, StartError
from pollbot.place import Server
from pollbot.store import mark
from pollbot.store.copies import damage_of, open_existing, why
from pollbot.store.migrations import applied, migrate, pending, schema, unknown
from pollbot.store.postgres import PostgresConnection, PostgresServer, said, storable
from pollbot.store.restore import Opens
from pollbot.store.server_tables import make_all, tables_there
from pollbot.store.sqlite import hold, is_in_the_way

Carry = Callable[[PostgresConnection], None]
"""Brings to the server what lies beside the file, in the open transaction."""

_OF_THE_FILE = ("mark", "_sqlite_migrations")
_LOCKED = 2000
_PATIENT = "tcp_user_timeout=60000"
"""A server that is given much at once may take no more for a while."""
_AT_ONCE = 1000
_TRIES, _BETWEEN = 6, 1.1


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows of a table are here, and how many there."""

    table: str
    here: int
    there: int


def move(database: Path, server: Server, opens: Opens, carry: Carry) -> list[Counted]:
    """Copy the file's database to the server; return what was counted.

    Raises NotDone; then there is nothing on the server, and the file is as it was.
    """
    try:
        with _held(database), closing(open_existing(database)) as here:
            _alone_in(here, database)
            _judge(here, database, opens)
            return _moved(here, database, server, carry)
    except FileNotFoundError as error:
        raise NotDone(
            f"Nothing was moved: there is no {error.filename}. Is this the folder in which pollbot "
            "is started?"
        ) from None
    except (sqlite3.Error, OSError) as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT:
            raise _damaged(database, str(error)) from error
        raise NotDone(
            f"Nothing was moved: {database} cannot be read ({why(error)}). See that "
            "POLLBOT_DATABASE names pollbot's database, and that you may read and write it."
        ) from error


@contextmanager
def _held(database: Path) -> Iterator[None]:
    database.stat()
    try:
        lock = hold(database)
    except BlockingIOError:
        raise NotDone(
            f"Nothing was moved: pollbot runs on {database}. Stop it first; afterwards it starts "
            "on the server."
        ) from None
    try:
        yield
    finally:
        os.close(lock)


def _alone_in(here: sqlite3.Connection, database: Path) -> None:
    """Keep every other program out until the connection is closed. Raises NotDone."""
    here.text_factory = _text
    here.execute(f"PRAGMA busy_timeout = {_LOCKED}")
    try:
        # www.sqlite.org/wal.html#noshm: in this mode the log belongs to one connection.
        here.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
        here.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if not is_in_the_way(error):
            raise
        raise NotDone(
            f"Nothing was moved: another program has {database} open (sqlite3? Litestream?). Close "
            "it first."
        ) from None


def _text(read: bytes) -> str:
    return read.decode("utf-8", "replace")


def _judge(here: sqlite3.Connection, database: Path, opens: Opens) -> None:
    if damage := damage_of(here):
        raise _damaged(database, damage)
    if not applied(here):
        raise NotDone(f"Nothing was moved: {database} is no database of pollbot's.")
    if newer := unknown(here):
        raise NotDone(
            f"Nothing was moved: a newer pollbot has used {database} ({', '.join(newer)}). Move it "
            "with that version."
        )
    if older := pending(here):
        raise NotDone(
            f"Nothing was moved: {database} is of an older version ({', '.join(older)}). Start "
            "this version on it once, which keeps a copy and brings it up to date, stop it, and "
            "move it then."
        )
    if mark.is_older(database, here):
        raise NotDone(
            f"Nothing was moved: {database} was moved to a server already, or is an older copy "
            "that was put back, and what is due in it may have been done since. If it was moved, "
            "go on with pollbot there. If not, start pollbot on this file once, which leaves that "
            "out and tells its people, stop it, and move it then."
        )
    if not opens(here):
        raise NotDone(
            f"Nothing was moved: no key that is here opens what is sealed in {database}. Put the "
            f"key that belongs to it into {database}.key, or into POLLBOT_ENCRYPTION_KEYS."
        )


def _damaged(database: Path, damage: str) -> NotDone:
    return NotDone(
        f"Nothing was moved: {database} is damaged ({damage}). Put back the newest backup with "
        "`pollbot restore`, start pollbot on it once, stop it, and move that."
    )


def _moved(here: sqlite3.Connection, database: Path, server: Server, carry: Carry) -> list[Counted]:
    tables = schema()
    engine = PostgresServer(_patient(server), alone=True)
    there = _opened(engine)
    undo: Callable[[], None] | None = None
    try:
        engine.begin(there)
        there.run(
            "SET LOCAL idle_in_transaction_session_timeout = 60000; SET LOCAL lock_timeout = 60000;"
            "SET LOCAL statement_timeout = 0"
        )
        _must_be_empty(there, server)
        make_all(there, tables)
        counted = _copied(here, there)
        carry(there)
        _must_agree(counted)
        undo = mark.go_ahead(database, here)
        try:
            engine.commit(there)
        except psycopg.OperationalError:
            if there.is_open or not _arrived(there):
                raise
    except psycopg.Error as error:
        if undo is not None and not there.is_open:
            raise NotDone(
                f"It is not known whether {database} was moved: {server} went away when all of it "
                f"was to be kept ({said(error)}). Start pollbot on neither before you know: once "
                "the server is back, look whether there are tables in that database. If there are, "
                "all of it was moved."
            ) from None
        _undone(undo)
        raise _not_taken(error, database, server) from None
    except BaseException:
        _undone(undo)
        raise
    finally:
        engine.close()
    return counted


def _arrived(there: PostgresConnection) -> bool:
    """Return whether all of it is there, of which the server has said nothing.

    Raises psycopg.OperationalError if it goes on saying nothing.
    """
    for left in reversed(range(_TRIES)):
        time.sleep(_BETWEEN)
        try:
            there.connect()
            return bool(tables_there(there))
        except psycopg.OperationalError:
            if not left:
                raise
    return False


def _said(error: psycopg.Error) -> str:
    """Return what the server says, without the row that it says it of."""
    return error.diag.message_primary or said(error)


def _not_taken(error: psycopg.Error, database: Path, server: Server) -> NotDone:
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return NotDone(
            f"Nothing was moved: {server} did not take it ({_said(error)}), and {database} is as "
            "it was. pollbot's user has to own its database there, or a schema in it that stands "
            "first in its search_path."
        )
    return NotDone(
        f"Nothing was moved: {server} did not take it ({_said(error)}). There is nothing of it "
        f"there, and {database} is as it was. Run this again once that is mended."
    )


def _undone(undo: Callable[[], None] | None) -> None:
    if undo is not None:
        undo()


def _patient(server: Server) -> Server:
    if "tcp_user_timeout" in server.address:
        return server
    joined = "&" if "?" in server.address else "?"
    return Server(f"{server.address}{joined}{_PATIENT}")


def _opened(engine: PostgresServer) -> PostgresConnection:
    try:
        return engine.open()
    except StartError as error:
        _, _, reason = str(error).partition("\n")
        reason = reason.strip().removeprefix("POLLBOT_DATABASE: ")
        raise NotDone(f"Nothing was moved, and the file is as it was. {reason}") from None


def _must_be_empty(there: PostgresConnection, server: Server) -> None:
    if found := tables_there(there):
        raise NotDone(
            f"Nothing was moved: {server} holds tables of pollbot's already ({', '.join(found[:3])}"
            f"{' …' if len(found) > 3 else ''}), and they were not touched. Name an empty "
            "database, such as createdb makes."
        )


def _copied(here: sqlite3.Connection, there: PostgresConnection) -> list[Counted]:
    tables = parents_first()
    for table in tables:
        _copy(here, there, table)
    return [Counted(table, _count(here, table), _count(there, table)) for table in sorted(tables)]


def parents_first() -> list[str]:
    """Return the tables that move, each after those that its rows refer to."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as empty:
        migrate(empty)
        names = {
            name
            for (name,) in empty.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in _OF_THE_FILE and not name.startswith("sqlite_")
        }
        parents = {
            name: {row[2] for row in empty.execute(f"PRAGMA foreign_key_list({name})")} - {name}
            for name in sorted(names)
        }
    return list(TopologicalSorter(parents).static_order())


def _copy(here: sqlite3.Connection, there: PostgresConnection, table: str) -> None:
    described = here.execute(f"PRAGMA table_info({table})").fetchall()
    columns = [row[1] for row in described]
    # By key, so that their order on the server does not tell in which order they came.
    keys = [row[1] for row in sorted(described, key=lambda row: row[5]) if row[5]]
    order = f" ORDER BY {', '.join(keys)}" if keys else ""
    rows = here.execute(f"SELECT {', '.join(columns)} FROM {table}{order}")
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with there.raw.cursor() as cursor, cursor.copy(into) as copying:
        while some := rows.fetchmany(_AT_ONCE):
            for row in some:
                copying.write_row([storable(value) for value in row])


def _count(db: sqlite3.Connection | PostgresConnection, table: str) -> int:
    (count,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)


def _must_agree(counted: list[Counted]) -> None:
    if wrong := [one for one in counted if one.here != one.there]:
        raise NotDone(
            "Nothing was moved: the server kept another number of rows than it was given, so all "
            "of it was undone, and the file is as it was. Look for triggers or rules there: "
            + "; ".join(f"{one.table} {one.here} here, {one.there} there" for one in wrong)
            + "."
        )
