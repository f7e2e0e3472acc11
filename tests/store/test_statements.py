"""Each statement of pollbot's is prepared by both engines, so neither has words of its own."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

from pollbot.store.postgres import PostgresConnection, as_postgres_reads
from tests.support.cluster import Databases
from tests.support.statements import NAMED, Statements, empty, for_postgresql, for_sqlite

ONE = Path("one")
ABOUT_TRANSACTIONS = re.compile("SAVEPOINT|ROLLBACK|RELEASE")
FEWEST = 600
"""More than these were there when this was written."""


def said(statements: Statements) -> list[tuple[str, str]]:
    """Return each place with each of its statements, columns that are named included."""
    return [
        (str(place), re.sub(rf"INTO (\w+) {re.escape(NAMED)}", _with_columns, statement))
        for place, statement in statements
        if not ABOUT_TRANSACTIONS.match(statement)
    ]


def _with_columns(found: "re.Match[str]") -> str:
    columns = [row[1] for row in empty().execute(f"PRAGMA table_info({found[1]})")]
    names = ", ".join(columns), ", ".join(f":{name}" for name in columns)
    return f"INTO {found[1]} ({names[0]}) VALUES ({names[1]})"


def test_every_statement_is_found_and_there_are_many() -> None:
    for statements in (for_sqlite(), for_postgresql()):
        assert statements.unknown == []
        assert [str(place) for place, texts in statements.by_place.items() if not texts] == []
        assert len(list(statements)) > FEWEST


def test_sqlite_takes_every_statement(databases: Databases) -> None:
    db, refused = empty(), []
    for place, statement in said(for_sqlite()):
        named = dict.fromkeys(re.findall(r"(?<!:):([a-z_]+)", statement))
        try:
            db.execute(f"EXPLAIN {statement}", named or (None,) * statement.count("?"))
        except sqlite3.Error as error:
            missing = re.search("no such table: (.*)", str(error))
            if missing is None or not _is_there(databases, missing[1]):
                refused.append(f"{place}: {error}\n{statement}")

    assert refused == []


def _is_there(databases: Databases, table: str) -> bool:
    """Return whether a server has a table, which it needs and a file does not."""
    return databases.rows(ONE, "SELECT to_regclass(?) IS NOT NULL", (table,)) == [(True,)]


def test_a_server_takes_every_statement(databases: Databases) -> None:
    with closing(databases.beside(ONE)) as db:
        refused = [
            f"{place}: {why}\n{statement}"
            for place, statement in said(for_postgresql())
            if (why := _refused(db, prepared(statement)))
        ]

    assert refused == []


def _refused(db: PostgresConnection, statement: str) -> str:
    """Return why a server does not take a statement; nothing if it does."""
    try:
        db.run(f"PREPARE said AS {statement}")
    except psycopg.Error as error:
        return str(error)
    (types,) = db.run("SELECT parameter_types::text[] FROM pg_prepared_statements").fetchone()
    db.run("DEALLOCATE said")
    # pollbot's truths are the numbers 0 and 1, which a server takes for no boolean.
    return "a value is used as a truth" if "boolean" in types else ""


def prepared(statement: str) -> str:
    """Return a statement with PostgreSQL's own placeholders."""
    names: list[str] = []

    def numbered(found: "re.Match[str]") -> str:
        if found[0] == "%%":
            return "%"
        name = found[1] or f"value {len(names)}"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    text = re.sub(r"%%|%s|%\((\w+)\)s", numbered, as_postgres_reads(statement))
    # psycopg says that a number is one; here it is known by its sign.
    return re.sub(r"(?<== )-(\$\d+)", r"-CAST(\1 AS DOUBLE PRECISION)", text)


def test_what_is_one_engines_alone_would_be_seen(databases: Databases) -> None:
    alone = (
        "UPDATE cards SET drawn = max(drawn, ?)",
        "SELECT rowid FROM cards",
        "SELECT 1 FROM cards WHERE ?",
        "SELECT 1 FROM cards WHERE posted OR changes > ?",
        "INSERT INTO beats (name, at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET at = at",
        "SELECT count(*) FROM (SELECT 1 FROM cards)",
    )
    with closing(databases.beside(ONE)) as db:
        refused = [bool(_refused(db, prepared(statement))) for statement in alone]

    assert all(refused), refused
    for statement in alone:
        empty().execute(f"EXPLAIN {statement}", (None,) * statement.count("?"))
