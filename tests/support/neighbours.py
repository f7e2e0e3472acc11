"""Rows that lie side by side, and whoever and wherever they may be mistaken for."""

from typing import Any

from pollbot.people import Person
from pollbot.store.sqlite import SqliteConnection
from pollbot.store.writer import Connection
from tests.support import stored

Row = dict[str, Any]

NOW, DAY = 1_750_000_000.0, 86400.0
SITE, ELSEWHERE = "https://acme.atlassian.net", "https://other.atlassian.net"
ADA, BEN, TWIN = Person("T1", "U0ADA"), Person("T1", "U0BEN"), Person("T2", "U0ADA")


def put(db: Connection, table: str, **given: Any) -> None:
    """Write a row of which only what matters is given; what else it has to have is nothing."""
    assert isinstance(db, SqliteConnection)
    wanted = {
        name: "" if kind == "TEXT" else 0
        for _, name, kind, not_null, default, _ in db.execute(f"PRAGMA table_info({table})")
        if not_null and default is None
    }
    stored.insert(db, table, wanted | given)


def rows(db: Connection, table: str) -> list[Row]:
    return stored.by_column(db, f"SELECT * FROM {table} ORDER BY 1, 2, 3")  # noqa: S608


def columns_of(db: Connection, table: str) -> set[str]:
    """Return the columns of a table."""
    return {str(row[1]) for row in db.execute(f"PRAGMA table_info({table})").fetchall()}
