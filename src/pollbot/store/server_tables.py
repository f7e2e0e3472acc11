"""The tables on a PostgreSQL server: those of the file, made at once and then kept up step by step.

An empty database gets the tables as all of the steps leave them, read from an empty file of
SQLite's and put in PostgreSQL's words. Steps that are added later run on both.
"""

import re
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import psycopg
from psycopg.errors import LockNotAvailable

from pollbot.errors import StartError
from pollbot.store.migrations import ANY, all_steps, in_the_way, migrations, schema
from pollbot.store.postgres import (
    FUNCTIONS,
    WRITING,
    PostgresConnection,
    said,
    tables_as_postgres_makes_them,
)
from pollbot.store.server_beside import OTHERS, how_many_older, too_new

_OF_ITS_OWN = """
CREATE TABLE pollbot_steps (name TEXT PRIMARY KEY, needs TEXT);
CREATE TABLE poll_key_seal (id BIGINT PRIMARY KEY, key TEXT NOT NULL);
"""
"""What only a server needs: which steps were taken, each with the one that a program has to know
to go on beside it, and what seals the keys of polls."""

_SINCE_REPLICAS = "ALTER TABLE pollbot_steps ADD COLUMN IF NOT EXISTS needs TEXT"

_ONE_LEADS = """
CREATE TABLE IF NOT EXISTS leader (id BIGINT PRIMARY KEY CHECK (id = 1), number BIGINT NOT NULL);
INSERT INTO leader (id, number) VALUES (1, 0) ON CONFLICT DO NOTHING;
"""
"""How often the place of the leader was taken."""

_WAIT = 400
"""Milliseconds for which a step waits for a table. Whoever wants to read or write waits behind it,
and gives up after five times that."""
_PAUSE = 0.5
_PATIENCE = 60.0


class _Tables:
    """What a step gets in place of sqlite-utils' database."""

    def __init__(self, db: PostgresConnection) -> None:
        self._db = db

    def execute(self, statement: str) -> Any:
        """Run one statement."""
        return self._db.run(tables_as_postgres_makes_them(statement))

    def executescript(self, script: str) -> Any:
        """Run statements that are parted by semicolons."""
        return self._db.run(tables_as_postgres_makes_them(script))


def migrate(
    db: PostgresConnection, before: str | None = None, *, patience: float = _PATIENCE
) -> None:
    """Bring the database up to date, step by step, beside those who use it.

    An empty one gets the tables as they were ``before`` a step, if one is named. Raises StartError
    if a step failed, or if it is not for this version: a newer pollbot has taken away what this
    one uses, or an older one that runs uses what this one would take away.
    """
    give_up = time.monotonic() + patience
    try:
        if _is_new_here(db):
            # It takes small machines seconds; a server cuts off who stands still meanwhile.
            new = schema(before)
            _in_its_turn(db, give_up, lambda: _make_ready(db, new))
        taken = db.execute("SELECT name, needs FROM pollbot_steps").fetchall()
        every = all_steps()
        if newer := in_the_way(taken, [step.name for step in every]):
            raise StartError(f"pollbot did not start.\n  {too_new(newer)}")
        have = {name for name, _ in taken}
        for step in every:
            if step.name == before:
                break
            if step.name not in have:
                _in_its_turn(db, give_up, partial(_take, db, step))
    except LockNotAvailable as error:
        raise StartError(
            "pollbot did not start.\n  POLLBOT_DATABASE: another program has a table in use that "
            f"is to be changed, and did not let go of it within {patience:.0f} s ({said(error)}). "
            "The step that waited was not taken, and pollbots that run go on. Start this one again "
            "when that program is done, such as pg_dump."
        ) from error
    except psycopg.Error as error:
        raise StartError(
            "pollbot did not start.\n  POLLBOT_DATABASE: the tables could not be made or brought "
            f"up to date ({said(error)}). The step that failed left nothing behind, and pollbots "
            "that run go on. pollbot's user has to own its database, or a schema in it that stands "
            "first in its search_path."
        ) from error


def make_all(db: PostgresConnection, new: tuple[list[str], list[str]]) -> None:
    """Make what ``schema`` returned in the open transaction, where no tables are.

    Raises psycopg.Error.
    """
    made, steps = new
    db.run(FUNCTIONS)
    db.run(_ONE_LEADS)
    db.run(_OF_ITS_OWN + ";".join(map(tables_as_postgres_makes_them, made)))
    _keep(db, steps)


def tables_there(db: PostgresConnection) -> list[str]:
    """Return which of pollbot's tables the database holds."""
    made, _ = schema()
    named = re.findall(
        r"CREATE TABLE (?:IF NOT EXISTS )?\"?(\w+)", _OF_ITS_OWN + _ONE_LEADS + "\n".join(made)
    )
    return [
        name for name in named if db.execute("SELECT to_regclass(?)", (name,)).fetchone() != (None,)
    ]


def _is_new_here(db: PostgresConnection) -> bool:
    """Return whether what only a server needs is to be made first."""
    (there,) = db.run(
        "SELECT to_regclass('leader') IS NOT NULL AND EXISTS (SELECT FROM pg_attribute"
        " WHERE attrelid = to_regclass('pollbot_steps') AND attname = 'needs')"
    ).fetchone()
    return not there


def _make_ready(db: PostgresConnection, new: tuple[list[str], list[str]]) -> None:
    (there,) = db.run("SELECT to_regclass('pollbot_steps') IS NOT NULL").fetchone()
    if not there:
        make_all(db, new)
        return
    db.run(f"{_ONE_LEADS}; {_SINCE_REPLICAS}")


def _take(db: PostgresConnection, step: Any) -> None:
    if db.execute("SELECT 1 FROM pollbot_steps WHERE name = ?", (step.name,)).fetchone():
        return  # another one that starts has taken it meanwhile
    needs = migrations.needs(step.name)
    if needs != ANY:
        known = [one.name for one in all_steps()].index(needs) + 1
        if older := how_many_older(db.execute(OTHERS), known):
            raise StartError(
                "pollbot did not start.\n  POLLBOT_DATABASE: this version takes away "
                f"({step.name}) what older pollbots still use, and {older} of them run on this "
                "database. It was not taken away, and they go on. Bring them to the version "
                "before this one first, or stop them all and start this one."
            )
    # With a step, since a pollbot that knows none is older than those that are there.
    db.run(FUNCTIONS)
    step.fn(_Tables(db))
    _keep(db, [step.name])


def _in_its_turn(db: PostgresConnection, give_up: float, work: Callable[[], None]) -> None:
    """Run ``work`` in a transaction between those of all who write; raises LockNotAvailable."""
    while True:
        try:
            db.run(f"BEGIN; SET LOCAL lock_timeout = {_WAIT}")
            try:
                db.run(f"SELECT pg_advisory_xact_lock({WRITING})")
                work()
                db.run("COMMIT")
                return
            finally:
                if db.in_transaction:
                    db.run("ROLLBACK")
        except LockNotAvailable:
            if time.monotonic() >= give_up:
                raise
        time.sleep(_PAUSE)


def _keep(db: PostgresConnection, steps: list[str]) -> None:
    db.executemany(
        "INSERT INTO pollbot_steps (name, needs) VALUES (?, ?)",
        [(name, migrations.needs(name)) for name in steps],
    )
