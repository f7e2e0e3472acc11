"""The tables on a PostgreSQL server: those of the file, made at once and then kept up step by step.

An empty database gets the tables as all of the steps leave them, read from an empty file of
SQLite's and put in PostgreSQL's words. Steps that are added later run on both.
"""

import re
from typing import Any

import psycopg

from pollbot.errors import StartError
from pollbot.store.migrations import all_steps, schema
from pollbot.store.postgres import (
    FUNCTIONS,
    PostgresConnection,
    said,
    tables_as_postgres_makes_them,
)

_OF_ITS_OWN = """
CREATE TABLE pollbot_steps (name TEXT PRIMARY KEY);
CREATE TABLE poll_key_seal (id BIGINT PRIMARY KEY, key TEXT NOT NULL);
"""
"""What only a server needs: which steps were taken, and what seals the keys of polls."""

_ONE_LEADS = """
CREATE TABLE IF NOT EXISTS leader (id BIGINT PRIMARY KEY CHECK (id = 1), number BIGINT NOT NULL);
INSERT INTO leader (id, number) VALUES (1, 0) ON CONFLICT DO NOTHING;
"""
"""How often the place of the leader was taken."""

_ONLY_ONE = 0x6D696772
_FOR_A_STEP = "0"


class Steps:
    """What a step gets in place of sqlite-utils' database."""

    def __init__(self, db: PostgresConnection) -> None:
        self._db = db

    def execute(self, statement: str) -> Any:
        """Run one statement."""
        return self._db.run(tables_as_postgres_makes_them(statement))

    def executescript(self, script: str) -> Any:
        """Run statements that are parted by semicolons."""
        return self._db.run(tables_as_postgres_makes_them(script))


def migrate(db: PostgresConnection, before: str | None = None) -> None:
    """Bring the database up to date; a step that fails leaves it as it was.

    An empty one gets the tables as they were ``before`` a step, if one is named. Raises StartError
    if a newer pollbot was there before, or if a step failed.
    """
    db.run("BEGIN; SET LOCAL lock_timeout = 60000")
    try:
        db.run(f"SELECT pg_advisory_xact_lock({_ONLY_ONE})")
        _migrate(db, before)
        db.run("COMMIT")
    except psycopg.Error as error:
        raise StartError(
            "pollbot did not start.\n  POLLBOT_DATABASE: the tables could not be made or brought "
            f"up to date ({said(error)}). Nothing was changed. pollbot's user has to own its "
            "database, or a schema in it that stands first in its search_path."
        ) from error
    finally:
        if db.in_transaction:
            db.run("ROLLBACK")


def make_all(db: PostgresConnection, before: str | None = None) -> None:
    """Make all tables in the open transaction, where there are none. Raises psycopg.Error."""
    db.run(FUNCTIONS)
    made, steps = schema(before)
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


def _migrate(db: PostgresConnection, before: str | None) -> None:
    (there,) = db.run("SELECT to_regclass('pollbot_steps') IS NOT NULL").fetchone()
    if not there:
        make_all(db, before)
        return
    db.run(FUNCTIONS)
    db.run(_ONE_LEADS)
    taken = {name for (name,) in db.execute("SELECT name FROM pollbot_steps")}
    every = all_steps()
    if newer := sorted(taken - {step.name for step in every}):
        raise StartError(
            "pollbot did not start.\n  POLLBOT_DATABASE: a newer pollbot has used this database "
            f"({', '.join(newer)}). Nothing in it was changed. Start that version."
        )
    pending = [step for step in every if step.name not in taken]
    for step in pending:
        step.fn(Steps(db))
    _keep(db, [step.name for step in pending])


def _keep(db: PostgresConnection, steps: list[str]) -> None:
    db.executemany("INSERT INTO pollbot_steps (name) VALUES (?)", [(name,) for name in steps])
