"""A test's database as another program sees it, in a file or on a server."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pollbot.store.sqlite import SqliteConnection
from pollbot.store.writer import Connection


def beside(path: Path) -> Connection:
    """Return a connection beside pollbot's own; each statement is a transaction of its own."""
    return SqliteConnection(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)


def lose_poll_keys(path: Path) -> None:
    """Lose what seals the keys of polls, as if nobody had ever had it."""
    with opened(path) as db:
        if isinstance(db, SqliteConnection):
            path.with_name(f"{path.name}.poll-key").unlink()
        else:
            db.execute("DELETE FROM poll_key_seal")


def copied(path: Path, folder: Path) -> Path:
    """Return a copy of the database as a kill would leave it now, in a folder beside what it had.

    The folder is new, and may lie in the database's own.
    """
    shutil.copytree(path.parent, folder, ignore=shutil.ignore_patterns(folder.name))
    return folder / path.name


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """Open the database that lies there."""
    db = beside(path)
    try:
        yield db
    finally:
        db.close()


def rows(path: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Return what another program would read there."""
    with opened(path) as db:
        return db.execute(query, values).fetchall()


def by_column(db: Connection, query: str, *values: object) -> list[dict[str, Any]]:
    """Return rows by the names of their columns."""
    cursor: Any = db.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def insert(db: Connection, table: str, row: dict[str, Any]) -> None:
    """Write a row of which every column is given."""
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))  # noqa: S608


def tables(path: Path) -> dict[str, set[str]]:
    """Return the columns of every table."""
    with opened(path) as db:
        found = db.execute(
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
            " WHERE m.type = 'table'"
            if isinstance(db, SqliteConnection)
            else "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        ).fetchall()
    columns: dict[str, set[str]] = {}
    for table, column in found:
        columns.setdefault(table, set()).add(column)
    return columns
