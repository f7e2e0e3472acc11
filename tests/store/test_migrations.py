"""The tables: made once, strict, and never half made."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from pollbot.database import Store
from pollbot.polls.kept import Home
from pollbot.polls.sources.team_voice.client import Place
from pollbot.polls.sources.team_voice.source import written
from pollbot.store.migrations import migrate, migrations
from pollbot.store.outbox import Kind

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


# A database of the version before the queues and the outbox, with work in every state

BEFORE_THE_QUEUES = """
INSERT INTO intents (id, team_id, user_id, site, issue_key, wish, state, attempts, due_at,
    asked_at, channel_id) VALUES
    ('waits', 'T1', 'U1', 's', 'P-1', 'vote', 'queued', 3, 1000.0, 1.0, 'C1'),
    ('leased', 'T1', 'U2', 's', 'P-1', 'vote', 'queued', 0, 9000000000.0, 1.0, 'C1');
INSERT INTO cards (id, team_id, channel_id, site, issue_key, posted_by, changes, drawn, due_at,
    made_at) VALUES
    ('waits', 'T1', 'C1', 's', 'P-1', 'U1', 2, 1, 1000.0, 1.0),
    ('out of reach', 'T1', 'C1', 's', 'P-1', 'U1', 2, 1, 1e12, 1.0);
INSERT INTO polls (id, team_id, site, kind, subject, remote_id, title, description, options,
    settings, created_by, created_at, read_due_at, remind_at, closed_at) VALUES
    ('open', 'T1', 's', 'plain', '', 'r1', 't', '', '[]', '{}', 'U1', 1.0, 2000.0, 3000.0, NULL),
    ('closed', 'T1', 's', 'plain', '', 'r2', 't', '', '[]', '{}', 'U1', 1.0, 2000.0, NULL, 5.0);
INSERT INTO endings (poll_id, team_id, closed_at, try_at) VALUES ('closed', 'T1', 5.0, 1000.0);
INSERT INTO records (poll_id, team_id, site, issue_key, owner, state, try_at, closed_at)
    VALUES ('closed', 'T1', 's', 'P-1', 'U1', 'wanted', 1000.0, 5.0);
INSERT INTO schedules (id, team_id, site, owner, plan, stamp, made_at, next_at, try_at)
    VALUES ('s1', 'T1', 's', 'U1', '{}', 'x', 1.0, 7000.0, 9000000000.0);
INSERT INTO posts (subject, due_at, team_id, claimed_at, sent_at, too_old, tell) VALUES
    ('schedule s1', 10.0, 'T1', 10.0, 11.0, 0, NULL),
    ('schedule s1', 20.0, 'T1', 20.0, NULL, 0, NULL),
    ('schedule s1', 30.0, 'T1', 30.0, NULL, 0, 'owed'),
    ('schedule s1', 40.0, 'T1', 40.0, NULL, 1, 'owed'),
    ('schedule s1', 50.0, 'T1', 50.0, NULL, 0, 'done'),
    ('run s1', 60.0, 'T1', 60.0, 61.0, 0, NULL),
    ('stopped s1', 70.0, 'T1', 70.0, NULL, 0, 'owed'),
    ('gone s1', 80.0, 'T1', 80.0, NULL, 0, 'done'),
    ('closed c1', 5.0, 'T1', 5.0, 6.0, 0, NULL),
    ('remind p1 U0ADA', 0.0, 'T1', 5.0, 6.0, 0, NULL);
"""


@pytest.fixture
def upgraded(db: sqlite3.Connection) -> sqlite3.Connection:
    """Return a database with work in it that was brought up to date."""
    migrations.apply(Database(db), stop_before="queues")
    db.executescript(BEFORE_THE_QUEUES)
    migrate(db)
    return db


@pytest.mark.parametrize("table", ["intents", "cards", "endings", "records", "schedules"])
def test_what_an_earlier_version_left_is_due_and_held_by_nobody(
    upgraded: sqlite3.Connection, table: str
) -> None:
    now = time.time()

    found = [
        (row["due_at"], row["held_until"], row["holder"]) for row in Database(upgraded)[table].rows
    ]

    assert [row[1:] for row in found] == [(None, None)] * len(found)
    assert found[0][0] == (7000.0 if table == "schedules" else 1000.0)
    if table == "intents":
        assert found[1][0] <= now, "a lease of a program that is gone"
    if table == "cards":
        assert found[1][0] is None, "only a click helps"


def test_readings_and_reminders_keep_their_times(upgraded: sqlite3.Connection) -> None:
    found = upgraded.execute("SELECT id, read_due_at, remind_due_at FROM polls ORDER BY id DESC")

    assert found.fetchall() == [("open", 2000.0, 3000.0), ("closed", None, None)]


def test_what_was_claimed_sent_or_owed_is_so_still(upgraded: sqlite3.Connection) -> None:
    found = upgraded.execute(
        "SELECT kind, about, reader, occasion, state, owed FROM outbox ORDER BY occasion DESC"
    ).fetchall()

    assert found == [
        ("gone", "s1", "", 80.0, "sent", 0),
        ("stopped", "s1", "", 70.0, "owed", 2),
        ("run", "s1", "", 60.0, "sent", 0),
        ("schedule", "s1", "", 50.0, "unsure", 0),
        ("schedule", "s1", "", 40.0, "left_out", 2),
        ("schedule", "s1", "", 30.0, "unsure", 2),
        ("schedule", "s1", "", 20.0, "claimed", 0),
        ("schedule", "s1", "", 10.0, "sent", 0),
        ("closed", "c1", "", 5.0, "sent", 0),
        ("remind", "p1", "U0ADA", 0.0, "sent", 0),
    ]
    kinds = {row[0] for row in upgraded.execute("SELECT DISTINCT kind FROM outbox")}
    assert kinds <= {kind.value for kind in Kind}


# A database of the version before sources had places of their own, and answers their counts

BEFORE_PLACES = """
INSERT INTO polls (id, team_id, site, kind, subject, source_id, workspace, content, container,
    remote_id, raw, title, description, options, settings, created_by, created_at) VALUES
    ('here', 'T1', 's', 'plain', '', NULL, NULL, NULL, NULL, NULL, NULL, 't', '', '[]', '{}', 'U1',
     1.0),
    ('issue', 'T1', 's', 'issue', 'PLAT-12', 'default', 'PLAT', 'PLAT-12', NULL, 'r1', '{"a":1}',
     't', '', '[]', '{}', 'U1', 1.0),
    ('page', 'T1', 's', 'page', '98305', 's1', '65601', '98305', 'm–1', 'r1', '{}', 't', '', '[]',
     '{}', 'U1', 1.0),
    ('half made', 'T1', 's', 'issue', 'PLAT-13', 'default', 'PLAT', 'PLAT-13', NULL, NULL, NULL,
     't', '', '[]', '{}', 'U1', 1.0);
INSERT INTO answers (poll_id, voter, option_id) VALUES
    ('here', 'U1', '1'), ('here', 'U1', '2'), ('here', 'U2', '1'), ('issue', 'U1', '1');
"""


async def test_polls_keep_their_homes_and_answers_get_their_counts(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "pollbot.db", isolation_level=None)) as db:
        migrations.apply(Database(db), stop_before="places")
        db.executescript(BEFORE_PLACES)
    store = Store(tmp_path / "pollbot.db", [])
    try:
        kept = {
            poll_id: await store.polls.find("T1", poll_id)
            for poll_id in ("here", "issue", "page", "half made")
        }
        counted = {poll_id: await store.answers.counted(kept[poll_id]) for poll_id in kept}
    finally:
        store.close()

    assert {poll_id: one.home for poll_id, one in kept.items()} == {
        "here": None,
        "issue": Home("team_voice", "default", written(Place("PLAT", "PLAT-12")), "r1", '{"a":1}'),
        "page": Home("team_voice", "s1", written(Place("65601", "98305", "m–1")), "r1", "{}"),
        "half made": Home("team_voice", "default", written(Place("PLAT", "PLAT-13"))),
    }
    assert [one.is_half_made for one in kept.values()] == [False, False, False, True]
    assert (counted["here"].counts, counted["here"].people) == ({"1": 2, "2": 1}, 2)
    assert (counted["issue"].counts, counted["issue"].people) == ({"1": 1}, 1)
    assert (counted["page"].counts, counted["page"].people) == ({}, 0)
