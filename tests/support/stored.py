"""A test's database as another program sees it, in a file or on a server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pollbot.store.sqlite import SqliteConnection
from pollbot.store.writer import Connection


def beside(path: Path) -> Connection:
    """Return a connection beside pollbot's own; each statement is a transaction of its own."""
    return SqliteConnection(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)


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
