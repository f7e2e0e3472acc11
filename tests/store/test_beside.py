"""Two versions of pollbot on one database: what a step may do, and who goes on beside it."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet
from sqlite_utils import Database

from pollbot.database import Store
from pollbot.errors import StartError, StorageUnavailable
from pollbot.people import Person
from pollbot.place import Server
from pollbot.store.migrations import all_steps, in_the_way, migrations, poll_defaults
from pollbot.store.postgres import WRITING
from pollbot.store.server_tables import migrate as migrate_server
from tests.support.cluster import KEY, Databases

FIRST_WITH_A_MARK = poll_defaults.__name__
"""Every step after this one says who goes on beside it."""

ONE = Path("one")
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


# What a step that only adds may do


def marked() -> list[str]:
    steps = [step.name for step in all_steps()]
    return steps[steps.index(FIRST_WITH_A_MARK) + 1 :]


def tables(db: sqlite3.Connection) -> dict[str, str]:
    """Return how each table was made, without its end."""
    return {
        name: re.sub(r"\)[^)]*$", "", sql).rstrip()
        for name, sql in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    }


def columns(db: sqlite3.Connection, table: str) -> dict[str, tuple[Any, ...]]:
    return {row[1]: row[2:] for row in db.execute(f"PRAGMA table_info({table})")}


def faults(step: Callable[[Database], None], db: sqlite3.Connection) -> list[str]:
    """Return why programs that do not know a step cannot go on beside it."""
    before = tables(db)
    had = {table: columns(db, table) for table in before}
    found: list[str] = []

    def look(action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if first in had and action == sqlite3.SQLITE_UPDATE and second in had[first]:
            found.append(f"changes {first}.{second}")
        if first in had and action == sqlite3.SQLITE_DELETE:
            found.append(f"deletes of {first}")
        return sqlite3.SQLITE_OK

    unique = "SELECT name FROM pragma_index_list(?) WHERE [unique] = 1"
    held = {table: set(db.execute(unique, (table,))) for table in before}
    db.set_authorizer(look)
    try:
        step(Database(db))
    finally:
        db.set_authorizer(None)
    after = tables(db)
    for table, sql in before.items():
        if table not in after:
            found.append(f"takes away {table}")
        elif not _is_added_to(sql, after[table]):
            found.append(f"makes {table} anew")
        elif set(db.execute(unique, (table,))) - held[table]:
            found.append(f"refuses rows of {table}")
    for table in before.keys() & after.keys():
        now = columns(db, table)
        for name in now.keys() - had[table].keys():
            _, not_null, default, key = now[name]
            if key or (not_null and default in (None, "NULL")):
                found.append(f"wants {table}.{name}")
    return found


def _is_added_to(before: str, after: str) -> bool:
    """Return whether one text is the other with something added in one place.

    SQLite writes a new column after the last one, and before what the table asks of its rows.
    """
    pairs = enumerate(zip(before, after, strict=False))
    alike = next((place for place, (old, new) in pairs if old != new), len(after))
    return after.endswith(before[alike:])


def void(_: object) -> None:
    """Return nothing, whatever there is."""


@contextmanager
def before_step(name: str | None) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        migrations.apply(Database(db), stop_before=name)
        yield db


def test_every_new_step_says_who_goes_on_beside_it() -> None:
    assert [name for name in marked() if migrations.needs(name) == name] == [], (
        "mark it: @migrations.adds(), or @migrations.takes_away(the step since which it is unused)"
    )


def test_what_a_step_needs_came_before_it() -> None:
    steps = [step.name for step in all_steps()]
    for place, name in enumerate(steps):
        needs = migrations.needs(name)
        assert needs in ("", name) or needs in steps[:place], name


def test_steps_that_say_that_they_only_add_do() -> None:
    for step in all_steps():
        if migrations.needs(step.name) == "":
            with before_step(step.name) as db:
                assert faults(step.fn, db) == [], step.name


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("CREATE TABLE new (a TEXT NOT NULL) STRICT; CREATE UNIQUE INDEX u ON new (a)", None),
        ("ALTER TABLE beats ADD COLUMN a TEXT; UPDATE beats SET a = name", None),
        ("ALTER TABLE beats ADD COLUMN a TEXT NOT NULL DEFAULT ''", None),
        ("CREATE INDEX i ON beats (at)", None),
        ("DROP TABLE beats", "takes away beats"),
        ("ALTER TABLE beats RENAME TO pulses", "takes away beats"),
        ("ALTER TABLE beats RENAME COLUMN at TO since", "makes beats anew"),
        ("ALTER TABLE beats DROP COLUMN at", "makes beats anew"),
        ("CREATE UNIQUE INDEX u ON beats (at)", "refuses rows of beats"),
        ("UPDATE beats SET at = 0", "changes beats.at"),
        ("DELETE FROM beats", "deletes of beats"),
        (
            "CREATE TABLE b (name TEXT NOT NULL PRIMARY KEY, at REAL NOT NULL, a TEXT NOT NULL);"
            "DROP TABLE beats; ALTER TABLE b RENAME TO beats",
            "makes beats anew",
        ),
    ],
)
def test_a_step_that_does_more_would_be_noticed(script: str, fault: str | None) -> None:
    with before_step(None) as db:
        found = faults(lambda tables: void(tables.executescript(script)), db)

    assert (fault in found) if fault else (found == []), found


def test_who_knows_what_a_step_needs_goes_on_beside_it() -> None:
    taken = [("first", "first"), ("more", ""), ("less", "more"), ("odd", None)]

    assert in_the_way(taken, ["first", "more", "less", "odd"]) == []
    assert in_the_way(taken, ["first", "more", "odd"]) == []
    assert in_the_way(taken, ["first", "odd"]) == ["less"]
    assert in_the_way(taken[:2], ["first"]) == []
    assert in_the_way(taken, ["first", "more"]) == ["odd"]


# A newer version


def adds_much(db: Database) -> None:
    """Add what a version may add."""
    db.executescript(
        """
        CREATE TABLE moods (team_id TEXT NOT NULL PRIMARY KEY, mood TEXT NOT NULL) STRICT;
        ALTER TABLE beats ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm';
        ALTER TABLE beats ADD COLUMN why TEXT;
        CREATE INDEX beats_mood ON beats (mood);
        """
    )


def takes_links(db: Database) -> None:
    """Take away what older versions use."""
    db.execute("DROP TABLE links")


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have whatever starts from now on know more steps; they are forgotten after the test."""
    monkeypatch.setattr(migrations, "_migrations", [*migrations._migrations])
    monkeypatch.setattr(migrations, "_needs", {**migrations._needs})

    def know(*steps: Callable[[Database], None], unused_since: Any = None) -> None:
        for step in steps:
            (migrations.takes_away(unused_since) if unused_since else migrations.adds())(step)

    return know


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Have whatever starts from now on know the steps of this version only."""
    steps, needs = migrations._migrations, migrations._needs

    def know() -> None:
        monkeypatch.setattr(migrations, "_migrations", [*steps])
        monkeypatch.setattr(migrations, "_needs", {**needs})

    return know


@asynccontextmanager
async def opened(server: Server, *keys: str) -> AsyncIterator[Store]:
    store = await asyncio.to_thread(Store, server, list(keys) or [KEY])
    try:
        yield store
    finally:
        await asyncio.to_thread(store.close)


def steps_there(databases: Databases) -> set[str]:
    return {name for (name,) in databases.rows(ONE, "SELECT name FROM pollbot_steps")}


def beats(databases: Databases) -> dict[str, str]:
    return dict(databases.rows(ONE, "SELECT name, mood FROM beats"))


async def test_a_version_that_only_adds_starts_beside_one_that_goes_on(
    databases: Databases, older: Callable[[], None], newer: Callable[..., None]
) -> None:
    server = databases.at(ONE)
    async with opened(server) as one:
        for turn in range(20):  # so that its statements are prepared
            await one.beat("old", float(turn))
            await one.look(1.0)
        newer(adds_much)
        async with opened(server) as other:
            for turn in range(10):
                await asyncio.gather(one.beat("old", 30.0 + turn), other.beat("new", 1.0))
                await asyncio.gather(one.look(1.0), other.look(1.0))
        older()
        async with opened(server) as again:
            await again.beat("went back", 1.0)
        await one.beat("old and alone", 1.0)

    assert adds_much.__name__ in steps_there(databases)
    assert beats(databases) == dict.fromkeys(("old", "new", "went back", "old and alone"), "calm")


async def test_what_is_taken_away_waits_until_nobody_uses_it(
    databases: Databases, older: Callable[[], None], newer: Callable[..., None]
) -> None:
    server = databases.at(ONE)
    async with opened(server) as one:
        newer(adds_much)
        newer(takes_links, unused_since=adds_much)
        with pytest.raises(StartError, match=r"takes_links.*1 of them run.*not taken") as told:
            await asyncio.to_thread(Store, server, [KEY])
        await one.beat("goes on", 1.0)
    assert "version before this one first, or stop them all" in str(told.value)
    assert takes_links.__name__ not in steps_there(databases)

    older()
    newer(adds_much)
    async with opened(server) as between:
        newer(takes_links, unused_since=adds_much)
        async with opened(server) as newest:
            await asyncio.gather(between.beat("between", 1.0), newest.beat("newest", 1.0))
    assert {"between", "newest"} <= set(beats(databases))

    older()
    with pytest.raises(StartError, match=r"a newer pollbot has used.*takes_links.*Start that"):
        await asyncio.to_thread(Store, server, [KEY])


async def test_one_that_was_cut_off_meanwhile_notices_what_was_taken_away(
    databases: Databases,
) -> None:
    async with opened(databases.at(ONE)) as one:
        await one.beat("before", 1.0)
        with psycopg.connect(databases.at(ONE).address, autocommit=True) as db:
            db.execute("INSERT INTO pollbot_steps (name, needs) VALUES ('b', 'a')")
            db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        with pytest.raises(StorageUnavailable):
            await one.beat("after", 1.0)
        assert "a newer pollbot has used this database (b)" in one.trouble


async def test_a_step_waits_for_a_long_look_without_keeping_those_who_write(
    databases: Databases, newer: Callable[..., None]
) -> None:
    server = databases.at(ONE)
    async with opened(server) as one:
        newer(adds_much)
        with psycopg.connect(server.address) as dump:
            dump.execute("SELECT count(*) FROM beats")  # and its lock stays, as pg_dump's do
            db = databases.beside(ONE)
            try:
                given_up = asyncio.create_task(asyncio.to_thread(migrate_server, db, patience=1.0))
                turns = 0
                while not given_up.done():
                    await one.beat("writes", 1.0)
                    await one.look(1.0)
                    turns += 1
                with pytest.raises(StartError, match="another program has a table in use"):
                    await given_up
            finally:
                db.close()
        assert turns > 1
        assert adds_much.__name__ not in steps_there(databases)
    async with opened(server):
        assert adds_much.__name__ in steps_there(databases)


async def test_two_that_start_at_once_take_each_step_once(
    databases: Databases, newer: Callable[..., None]
) -> None:
    server = databases.at(ONE)
    newer(adds_much)
    with psycopg.connect(server.address) as others:
        others.execute(f"SELECT pg_advisory_xact_lock({WRITING})".encode())
        starting = [asyncio.create_task(asyncio.to_thread(Store, server, [KEY])) for _ in range(3)]
        await asyncio.sleep(0)
    for store in await asyncio.gather(*starting):
        await asyncio.to_thread(store.close)

    assert adds_much.__name__ in steps_there(databases)


async def test_a_database_from_before_there_were_replicas_is_brought_up_to_date(
    databases: Databases, newer: Callable[..., None]
) -> None:
    with psycopg.connect(databases.at(ONE).address, autocommit=True) as db:
        db.execute("DROP TABLE leader")
        db.execute("ALTER TABLE pollbot_steps DROP COLUMN needs")
    newer(adds_much)

    async with opened(databases.at(ONE)) as one:
        await one.beat("one", 1.0)

    [(needs,)] = databases.rows(ONE, "SELECT needs FROM pollbot_steps WHERE name = 'adds_much'")
    assert needs == ""
    assert databases.rows(ONE, "SELECT count(*) FROM leader") == [(1,)]


# Keys


@pytest.mark.parametrize(
    ("first", "then"),
    [([OLD], [OLD, NEW]), ([OLD, NEW], [NEW, OLD]), ([NEW, OLD], [OLD, NEW]), ([NEW, OLD], [NEW])],
)
async def test_neighbours_with_keys_in_the_documented_order_read_all_that_either_keeps(
    databases: Databases, first: list[str], then: list[str]
) -> None:
    server = databases.at(ONE)
    async with opened(server, *first) as one, opened(server, *then) as other:
        person = Person("T1", "U1")
        await one.sources.set(person, "ONE", "https://one.example", "token of one", 1.0)
        await other.sources.set(person, "TWO", "https://two.example", "token of two", 1.0)
        for store in (one, other):
            found = {(source.url, source.token) for source in await store.sources.all("T1")}
            assert found == {
                ("https://one.example", "token of one"),
                ("https://two.example", "token of two"),
            }


async def test_a_new_key_takes_the_old_ones_place_while_others_write(databases: Databases) -> None:
    server, person = databases.at(ONE), Person("T1", "U1")
    async with opened(server, OLD, NEW) as one:
        for number in range(250):
            name = f"P{number}"
            await one.sources.set(person, name, f"https://{number}.example", "token", 1.0)
        starting = asyncio.create_task(asyncio.to_thread(Store, server, [NEW, OLD]))
        while not starting.done():
            await one.sources.set(person, "P7", "https://7.example", "newer token", 1.0)
        await asyncio.to_thread((await starting).close)
    # The older one has sealed with the old key up to its end, so it is not done yet.
    async with opened(server, NEW, OLD):
        pass

    async with opened(server, NEW) as last:
        tokens = {one.workspace: one.token for one in await last.sources.all("T1")}
    assert tokens == {f"P{n}": "token" if n != 7 else "newer token" for n in range(250)}


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        ([OLD], [NEW, OLD], "its first key is not among those of another pollbot"),
        ([OLD], [NEW], "its first key is not among those of another pollbot"),
        ([OLD, NEW], [NEW], "seals what it keeps with a key that is not among them"),
    ],
)
async def test_keys_that_would_leave_a_neighbour_blind_are_refused(
    databases: Databases, first: list[str], then: list[str], said: str
) -> None:
    server = databases.at(ONE)
    async with opened(server, *first) as one:
        with pytest.raises(StartError, match=f"POLLBOT_ENCRYPTION_KEYS: .*{said}.*was changed"):
            await asyncio.to_thread(Store, server, then)
        await one.beat("goes on", 1.0)
    async with opened(server, *then):
        pass
