"""The tables: made once, strict, and never half made."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from pollbot.storage.migrations import migrate, migrations
from pollbot.storage.store import Store

BOOKKEEPING = "_sqlite_migrations"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(tmp_path / "pollbot.db", isolation_level=None)
    yield db
    db.close()


def schema(db: sqlite3.Connection) -> dict[str, str]:
    return dict(
        db.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name <> ?",
            (BOOKKEEPING,),
        )
    )


def applied(db: sqlite3.Connection) -> list[str]:
    return [step.name for step in migrations.applied(Database(db))]


def test_a_fresh_database_gets_every_table(db: sqlite3.Connection) -> None:
    migrate(db)

    assert {"accounts", "links", "intents", "cards", "deliveries", "beats"} <= set(schema(db))
    assert applied(db)[0] == "first_light", "an applied step is never renamed"
    assert not db.in_transaction


def test_a_second_start_changes_nothing(db: sqlite3.Connection) -> None:
    migrate(db)
    db.execute("INSERT INTO beats (name, at) VALUES ('health', 1.0)")
    before = schema(db), applied(db)

    migrate(db)

    assert (schema(db), applied(db)) == before
    assert db.execute("SELECT at FROM beats").fetchall() == [(1.0,)]


def test_every_table_is_strict(db: sqlite3.Connection) -> None:
    migrate(db)

    strict = {
        name: bool(strict)
        for _, name, kind, _, _, strict in db.execute("PRAGMA table_list")
        if kind == "table" and not name.startswith("sqlite_") and name != BOOKKEEPING
    }
    assert len(strict) >= 6
    assert all(strict.values()), strict
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("INSERT INTO beats (name, at) VALUES ('health', 'soon')")


def test_every_row_about_a_person_or_channel_carries_its_team(db: sqlite3.Connection) -> None:
    migrate(db)

    for table in set(schema(db)) & {"accounts", "links", "intents", "cards", "deliveries"}:
        columns = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
        assert "team_id" in columns, table
        assert "site" in columns or table == "deliveries", table


def test_a_step_that_fails_leaves_the_database_as_it_was(db: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE cards (mine TEXT)")

    with pytest.raises(sqlite3.OperationalError, match="cards already exists"):
        migrate(db)

    assert set(schema(db)) == {"cards"}
    assert applied(db) == []
    assert not db.in_transaction
    db.execute("DROP TABLE cards")
    migrate(db)
    assert "cards" in schema(db)


def test_a_store_brings_its_database_up_to_date(tmp_path: Path) -> None:
    for _ in range(2):
        Store(tmp_path / "pollbot.db", []).close()

    with closing(sqlite3.connect(tmp_path / "pollbot.db")) as db:
        assert applied(db)
        assert migrations.pending(Database(db)) == []
