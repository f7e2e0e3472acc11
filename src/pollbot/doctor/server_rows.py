"""What is read of a database on a server, whether pollbot runs or not; nothing is changed there."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
from psycopg.errors import InsufficientPrivilege, UndefinedColumn, UndefinedTable

from pollbot.database import opens_on_server
from pollbot.doctor.kept_rows import Asked, Kept, Tables, UnreadableError, own_key, read_tables
from pollbot.place import Server
from pollbot.store.migrations import all_steps, in_the_way
from pollbot.store.postgres import PostgresConnection, in_use, said
from pollbot.store.vault import Vault


@dataclass(frozen=True)
class OnServer:
    """What the server says of itself, and what is stored on it.

    ``makes_tables``: whether pollbot's user may; ``ahead``: seconds of the server's clock.
    """

    version: int
    pooled: bool
    runs: bool
    encoding: str
    read_only: bool
    syncs: bool
    makes_tables: bool
    ahead: float
    kept: Kept = field(default_factory=Kept)


class ForbiddenError(UnreadableError):
    """pollbot's user may not read what is there; the text is the server's."""


class _MissingError(Exception):
    """A table or a column is not there yet."""


class _Reading:
    """A connection that tells what is not there yet as one kind of error."""

    def __init__(self, db: PostgresConnection) -> None:
        self._db = db

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Any:
        try:
            return self._db.execute(statement, values)
        except (UndefinedColumn, UndefinedTable) as error:
            raise _MissingError from error


def read_server(server: Server, keys: list[str], asked: Asked) -> OnServer:
    """Return what is found there. Raises UnreadableError: ForbiddenError, or it is away."""
    db = PostgresConnection(server)
    try:
        with closing(db):
            db.connect()
            return _read(db, server, keys, asked)
    except InsufficientPrivilege as error:
        raise ForbiddenError(said(error)) from None
    except psycopg.Error as error:
        raise UnreadableError(said(error)) from None


def _read(db: PostgresConnection, server: Server, keys: list[str], asked: Asked) -> OnServer:
    db.run("SET default_transaction_read_only = on; SET statement_timeout = 10000")
    encoding, standby, syncs, makes, now, there = db.run(
        "SELECT current_setting('server_encoding'), pg_is_in_recovery(),"
        " current_setting('fsync')::bool,"
        " coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),"
        " extract(epoch FROM clock_timestamp())::float8, to_regclass('pollbot_steps') IS NOT NULL"
    ).fetchone()
    return OnServer(
        version=db.raw.info.server_version // 10000,
        pooled=_is_pooled(db, server),
        runs=in_use(db),
        encoding=str(encoding),
        read_only=bool(standby),
        syncs=bool(syncs),
        makes_tables=bool(makes),
        ahead=float(now) - asked.now if asked.now else 0.0,
        kept=_kept(db, keys, asked) if there else Kept(),
    )


def _is_pooled(db: PostgresConnection, server: Server) -> bool:
    with closing(PostgresConnection(server)) as other:
        other.connect()
        pids = [one.run("SELECT pg_backend_pid()").fetchone() for one in (db, other)]
    return bool(pids[0] == pids[1])


def _kept(db: PostgresConnection, keys: list[str], asked: Asked) -> Kept:
    # Of each its row as JSON: before there were replicas, it had one column.
    found = db.execute("SELECT to_jsonb(pollbot_steps) FROM pollbot_steps").fetchall()
    taken = {row["name"]: row.get("needs") for (row,) in found}
    every = [step.name for step in all_steps()]
    steps = tuple(name for name in every if name in taken)
    if newer := tuple(in_the_way(taken.items(), every)):
        return Kept(steps, newer)
    fits = opens_on_server(db, keys)
    vault = Vault(keys) if keys and fits else None
    seals = db.execute("SELECT key FROM poll_key_seal").fetchall()
    names = {
        name
        for (name,) in db.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = current_schema()::regnamespace"
        )
    }
    own = [own_key(sealed, vault) for (sealed,) in seals]
    read = read_tables(Tables(_Reading(db), names, _MissingError), vault, own, asked)
    older = tuple(name for name in every if name not in taken)
    added = tuple(sorted(taken.keys() - set(every)))
    return replace(read, steps=steps, older=older, added=added, opened=fits)
