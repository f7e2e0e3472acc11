"""A file moves to a server: whole or not at all, counted on both sides, and used on there."""

import asyncio
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet

from pollbot.cli import main
from pollbot.database import Store
from pollbot.people import Person
from pollbot.place import Server
from pollbot.store.move import parents_first
from pollbot.store.vault import Vault
from tests.store.released.story import KEY
from tests.store.test_postgres import Wire, pooler
from tests.store.test_upgrades import FROM, an_old_one
from tests.support.cluster import Cluster
from tests.support.house import ADA, BEN, CLEO, House, rest, shown, written
from tests.support.polls import answer, close, poll
from tests.support.schedules import lunch, schedule, until_due
from tests.support.thief import all_in, named

pytestmark = pytest.mark.of_files


@dataclass
class Ground:
    """A file that is to move, and an empty database on a server."""

    file: Path
    cluster: Cluster
    name: str
    stack: ExitStack
    address: str = ""
    env: dict[str, str] = field(default_factory=dict)

    @property
    def server(self) -> Server:
        return Server(self.cluster.address(self.name))

    def beside(self, end: str) -> Path:
        return self.file.with_name(self.file.name + end)

    def sql(self, statement: str, *values: Any) -> None:
        with closing(sqlite3.connect(self.file)) as db, db:
            db.execute(statement, values)

    def there(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.cluster.address(self.name), autocommit=True) as db:
            done = db.execute(query.encode())
            return done.fetchall() if done.description else []

    def is_empty(self) -> bool:
        return (
            self.there("SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace") == []
        )

    def state(self) -> Any:
        """Return what is in the folder and on the server, but SQLite's index and the lock."""
        files = {
            one.name: (one.stat().st_mode, one.read_bytes())
            for one in self.file.parent.iterdir()
            if one.is_file() and not one.name.endswith(("-shm", ".lock", "-wal"))
        }
        tables = self.there(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        )
        return files, sorted(tables)


@pytest.fixture
def ground(tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    monkeypatch.chdir(tmp_path)
    name = f"move_{uuid.uuid4().hex[:12]}"
    cluster.make(name)
    with ExitStack() as stack:
        made = Ground(tmp_path / "pollbot.db", cluster, name, stack, cluster.address(name))
        made.env = {"POLLBOT_DATABASE": str(made.file), "POLLBOT_ENCRYPTION_KEYS": KEY}
        yield made
    cluster.run(f'DROP DATABASE "{name}" WITH (FORCE)')


Run = Callable[[], tuple[int, str]]


@pytest.fixture
def run(ground: Ground, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def migrate_to() -> tuple[int, str]:
        for name, value in ground.env.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        code = main(["migrate-to", ground.address])
        out, err = capsys.readouterr()
        return code, out + err

    return migrate_to


def rows_here(file: Path, table: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as db:
        columns = ", ".join(sorted(row[1] for row in db.execute(f"PRAGMA table_info({table})")))
        query = f"SELECT {columns} FROM {table}"  # noqa: S608  names from our own schema
        return sorted(db.execute(query).fetchall(), key=repr)


def rows_there(ground: Ground, table: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(ground.file)) as db:
        columns = ", ".join(sorted(row[1] for row in db.execute(f"PRAGMA table_info({table})")))
    query = f"SELECT {columns} FROM {table}"  # noqa: S608  names from our own schema
    return sorted(ground.there(query), key=repr)


def is_older(file: Path) -> bool:
    store = Store(file, [KEY])
    store.close()
    return store.is_older


# What moves


def test_each_table_that_refers_to_another_comes_after_it() -> None:
    order = parents_first()

    assert order.index("polls") < order.index("answers")
    assert not {"mark", "_sqlite_migrations"} & set(order)
    assert len(order) == len(set(order)) > 30


async def test_a_database_that_lived_is_used_on(house: House, ground: Ground, run: Run) -> None:
    assert house.database == ground.file
    async with house.program(encryption_keys=KEY) as pollbot:
        await house.connect(ADA)
        await house.vote(ADA, "PLAT-13")
        await house.votes("PLAT-13", 1)
        leaving = await poll(house, 'anonymous local "Leaving?" "Yes" "No"')
        await answer(house, BEN, leaving, "Yes")
        await schedule(house, await lunch(house), every="daily", at="09:00")
        await rest(house, pollbot)
        house.jira.faults.mode = "down"
        await house.vote(ADA, "PLAT-12")
        await written(pollbot)
    folder = ground.file.parent

    code, said = run()

    assert code == 0, said
    assert re.search(r"^answers +1 +1$", said, re.MULTILINE)
    assert f"POLLBOT_DATABASE={ground.address}" in said
    house.jira.faults.mode = "up"
    house.clock.ahead += 3600
    async with house.program(encryption_keys=KEY, database=ground.server) as pollbot:
        await house.votes("PLAT-12", 8)
        await house.told(ADA, "is counted")
        await answer(house, CLEO, leaving, "No")
        assert len(ground.there("SELECT 1 FROM answers")) == 2
        await close(house, ADA, leaving)
        await house.slack.until(lambda: "2 answers" in shown(leaving), what="the results")
        posted = len(house.slack.messages)
        await until_due(house)
        await house.slack.until(
            lambda: any("Results of" in m.text for m in house.slack.messages[posted:]),
            what="what was scheduled",
        )
        await rest(house, pollbot)
        assert ground.there("SELECT count(*) FROM poll_keys") == [(0,)]

    people = [Person(house.slack.team_id, who) for who in (ADA, BEN, CLEO)]
    assert named([all_in(folder)], people, [KEY]) == set(), "what stays of the file names nobody"
    assert is_older(ground.file)


@FROM
def test_what_earlier_versions_wrote_arrives_as_it_is(
    released: Path, ground: Ground, run: Run
) -> None:
    with closing(sqlite3.connect(ground.file)) as db:
        db.executescript(released.read_text())
    for end, held in re.findall(r"^-- (\S+): (.*)$", released.read_text(), re.MULTILINE):
        ground.beside(f".{end}").write_text(held)
    Store(ground.file, [KEY]).close()
    ground.beside(".mark").unlink()
    ground.sql("DELETE FROM mark")
    had_own_key = ground.beside(".poll-key").exists()

    code, said = run()

    assert code == 0, said
    for table in parents_first():
        assert rows_there(ground, table) == rows_here(ground.file, table), table
    assert ground.there("SELECT count(*) FROM poll_key_seal") == [(int(had_own_key),)]
    assert not ground.beside(".poll-key").exists()
    store = Store(ground.server, [KEY])
    assert store.poll_keys.lost == 0
    store.close()
    assert is_older(ground.file)


ODD = ("a\0b", "%s ? \\N \\. \t \n", "“é” 🍕", "", "\\")


def test_odd_texts_arrive(ground: Ground, run: Run) -> None:
    Store(ground.file, [KEY]).close()
    for number, text in enumerate(ODD):
        ground.sql("INSERT INTO beats (name, at) VALUES (?, ?)", text, number + 0.1)
    ground.sql("INSERT INTO beats (name, at) VALUES (CAST(x'63ff64' AS TEXT), 1e300)")

    code, said = run()

    assert code == 0, said
    assert re.search(r"^beats +6 +6$", said, re.MULTILINE)
    there = dict(ground.there("SELECT name, at FROM beats"))
    expected = {text.replace("\0", "\ufffd"): number + 0.1 for number, text in enumerate(ODD)}
    assert there == expected | {"c\ufffdd": 1e300}


def test_what_the_server_does_not_take_is_told_without_anybodys_words(
    ground: Ground, run: Run
) -> None:
    Store(ground.file, [KEY]).close()
    for text in ("our secret\0", "our secret\N{REPLACEMENT CHARACTER}"):
        ground.sql("INSERT INTO beats (name, at) VALUES (?, 1.0)", text)
    before = ground.state()

    code, said = run()

    assert code == 1
    assert "did not take it (duplicate key value" in said
    assert "our secret" not in said
    assert ground.state() == before


def test_where_the_key_is_in_a_file_it_is_named_and_not_shown(ground: Ground, run: Run) -> None:
    del ground.env["POLLBOT_ENCRYPTION_KEYS"]
    Store(ground.file, []).close()
    key = ground.beside(".key").read_text().strip()
    ground.address = ground.address.replace("pollbot@", "pollbot:s3cret@") + "?password=t0ps3cret"

    code, said = run()

    assert code == 0, said
    assert f"POLLBOT_ENCRYPTION_KEYS to what {ground.file}.key holds" in said
    assert key not in said
    assert "s3cret" not in said
    assert "POLLBOT_DATABASE=postgresql://pollbot@127.0.0.1" in said


def test_what_a_killed_pollbot_left_in_its_log_moves_too(ground: Ground, run: Run) -> None:
    Store(ground.file, [KEY]).close()
    with closing(sqlite3.connect(ground.file, isolation_level=None)) as db:
        db.execute("PRAGMA wal_autocheckpoint = 0")
        db.execute("INSERT INTO beats (name, at) VALUES ('last', 1.0)")
        for end in ("", "-wal"):
            shutil.copy(ground.beside(end), ground.file.with_name(f"killed{end}"))
    for end in ("", "-wal"):
        shutil.copy(ground.file.with_name(f"killed{end}"), ground.beside(end))

    assert run()[0] == 0

    assert ground.there("SELECT name FROM beats") == [("last",)]


def test_moved_twice_is_refused(ground: Ground, run: Run) -> None:
    Store(ground.file, [KEY]).close()
    assert run()[0] == 0
    before = ground.state()

    code, said = run()

    assert code == 1
    assert "was moved to a server already" in said
    assert ground.state() == before


# What does not move


def pollbot_runs(ground: Ground) -> None:
    ground.stack.callback(Store(ground.file, [KEY]).close)


def another_has_it_open(ground: Ground) -> None:
    db = sqlite3.connect(ground.file)
    db.execute("SELECT * FROM beats").fetchall()
    ground.stack.callback(db.close)


def no_file(ground: Ground) -> None:
    ground.file.unlink()


def no_database(ground: Ground) -> None:
    ground.file.write_bytes(b"no database any more, for whatever reason" * 99)


def of_another(ground: Ground) -> None:
    ground.file.unlink()
    ground.sql("CREATE TABLE theirs (a TEXT)")


def damaged(ground: Ground) -> None:
    with closing(sqlite3.connect(ground.file)) as db:
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'cards'").fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    with ground.file.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)


def of_a_newer_pollbot(ground: Ground) -> None:
    ground.sql(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('pollbot', 'of_tomorrow', '2030-01-01')"
    )


def of_an_older_pollbot(ground: Ground) -> None:
    ground.file.unlink()
    ground.beside(".mark").unlink()
    an_old_one(ground.file.parent, before="counts")


def put_back(ground: Ground) -> None:
    ground.sql("INSERT INTO mark (id, name, count) VALUES (1, 'abcdef', 3)")
    ground.beside(".mark").unlink()


def other_keys(ground: Ground) -> None:
    sealed = Vault([Fernet.generate_key().decode()]).seal("secret")
    ground.sql(
        "INSERT INTO accounts (team_id, user_id, site, account_id, display_name, base_url,"
        " credential, connected_at) VALUES ('T', 'U', 's', 'a', 'Ada', 's', ?, 1)",
        sealed,
    )


def other_poll_key(ground: Ground) -> None:
    ground.sql(
        "INSERT INTO polls (id, team_id, site, kind, subject, title, description, options,"
        " settings, created_by, created_at)"
        " VALUES ('p', 'T', 's', 'plain', '', 'x', '', '[]', '{}', 'U', 1)"
    )
    ground.sql("INSERT INTO poll_keys (poll_id, key) VALUES ('p', 'sealed')")
    ground.beside(".poll-key").write_text("of another machine\n")


def source_on_a_server(ground: Ground) -> None:
    ground.env["POLLBOT_DATABASE"] = ground.address


def to(address: str) -> Callable[[Ground], None]:
    def plant(ground: Ground) -> None:
        ground.address = address.format(port=ground.cluster.port, name=ground.name)

    return plant


def pooled(ground: Ground) -> None:
    server = ground.stack.enter_context(pooler(ground.cluster, ground.name, "transaction"))
    ground.address = server.address


def a_pollbot_there(ground: Ground) -> None:
    ground.stack.callback(Store(ground.server, [KEY]).close)


def tables_there(ground: Ground) -> None:
    Store(ground.server, [KEY]).close()


def a_table_there(ground: Ground) -> None:
    ground.there("CREATE TABLE votes_of_others (a int); CREATE TABLE polls (mine int)")


def not_ours_there(ground: Ground) -> None:
    role = f"guest_{ground.name}"
    ground.cluster.run(f'CREATE ROLE "{role}" LOGIN')
    ground.stack.callback(ground.cluster.run, f'DROP ROLE "{role}"')
    ground.address = ground.address.replace("pollbot@", f"{role}@")


REFUSALS: list[tuple[Callable[[Ground], None], int, str]] = [
    (pollbot_runs, 1, "pollbot runs on .*pollbot.db. Stop it first"),
    (another_has_it_open, 1, "another program has .* open .* Close it first"),
    (no_file, 1, "there is no .*pollbot.db. Is this the folder"),
    (no_database, 1, "cannot be read .file is not a database."),
    (of_another, 1, "is no database of pollbot's"),
    (damaged, 1, "is damaged .* Put back the newest backup"),
    (of_a_newer_pollbot, 1, "a newer pollbot has used .*of_tomorrow.* Move it with that version"),
    (of_an_older_pollbot, 1, "of an older version .counts.* Start this version on it once"),
    (put_back, 1, "an older copy that was put back.* start pollbot on this file once"),
    (other_keys, 1, "no key that is here opens what is sealed in .* POLLBOT_ENCRYPTION_KEYS"),
    (other_poll_key, 1, r"no key that is here opens .*\.poll-key.* delete that file"),
    (source_on_a_server, 2, "POLLBOT_DATABASE is PostgreSQL at .* What moves is a file"),
    (to("elsewhere.db"), 2, "the address of a PostgreSQL server, postgresql://"),
    (to("mysql://ada:s3cret@db/x"), 2, "the address of a PostgreSQL server, postgresql://"),
    (to("postgresql://ada:s3cret@[::1/x"), 1, "it is no address that PostgreSQL's library reads"),
    (to("postgresql://ada:s3cret@127.0.0.1:1/x"), 1, "cannot be used as a database .*refused"),
    (to("postgresql://pollbot:s3cret@127.0.0.1:{port}/none"), 1, '"none" does not exist'),
    (to("postgresql://nobody:s3cret@127.0.0.1:{port}/{name}"), 1, '"nobody" does not exist'),
    (pooled, 1, "through a pooler .* name the server itself"),
    (a_pollbot_there, 1, "Another pollbot already uses PostgreSQL at .* stop the other one"),
    (tables_there, 1, "holds tables of pollbot's already .* Name an empty database"),
    (a_table_there, 1, "holds tables of pollbot's already .polls.* Name an empty database"),
    (not_ours_there, 1, "permission denied .* pollbot's user has to own"),
]


@pytest.mark.parametrize(
    ("plant", "code", "sentence"), REFUSALS, ids=[f"{p.__name__}-{s[:20]}" for p, _, s in REFUSALS]
)
def test_what_cannot_move_stays_as_it_is_and_is_told(
    ground: Ground, run: Run, plant: Callable[[Ground], None], code: int, sentence: str
) -> None:
    Store(ground.file, [KEY]).close()
    plant(ground)
    before = ground.state()

    returned, said = run()

    assert (returned, "Nothing was moved" in said) == (code, True), said
    assert re.search(sentence, said), said
    assert "s3cret" not in said
    assert "Traceback" not in said
    assert ground.state() == before


def test_without_its_driver_it_says_what_to_install(
    ground: Ground, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(ground.file, [KEY]).close()
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for name in [one for one in sys.modules if one.startswith("pollbot.store.move")]:
        monkeypatch.delitem(sys.modules, name)

    code, said = run()

    assert code == 2
    assert "pip install 'pollbot[postgres]'" in said
    assert not is_older(ground.file)


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_server_is_backed_up_and_restored_by_its_own_tools(
    ground: Ground,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
) -> None:
    copy = ground.file.with_name("copy.db")
    if command == "restore":
        copy.touch()
    monkeypatch.setenv("POLLBOT_DATABASE", ground.address.replace("pollbot@", "pollbot:s3cret@"))
    before = ground.state()

    assert main([command, str(copy)]) == 1

    said = capsys.readouterr().err
    assert "Nothing was done: the database is PostgreSQL at 127.0.0.1" in said
    assert "Use the server's own pg_dump and pg_restore, as docs/scale.md says." in said
    assert "s3cret" not in said
    assert ground.state() == before


# Counted, and killed


BEFORE = "CREATE TRIGGER hinders BEFORE INSERT ON beats"
AT_THE_END = "CREATE CONSTRAINT TRIGGER hinders AFTER INSERT ON beats DEFERRABLE INITIALLY DEFERRED"


def hinder_beats(ground: Ground, trigger: str, body: str) -> None:
    """Have the server give the table of beats a trigger as soon as it is made."""
    ground.there(
        f"""
        CREATE FUNCTION hinder() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$;
        CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
            IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands()
                WHERE object_identity = 'public.beats' AND command_tag = 'CREATE TABLE')
            THEN {trigger} FOR EACH ROW EXECUTE FUNCTION hinder(); END IF;
        END $$;
        CREATE EVENT TRIGGER watches ON ddl_command_end EXECUTE FUNCTION watch()
        """
    )


def test_a_row_that_the_server_did_not_keep_undoes_all(ground: Ground, run: Run) -> None:
    Store(ground.file, [KEY]).close()
    for number in range(3):
        ground.sql("INSERT INTO beats (name, at) VALUES (?, 1.0)", f"beat {number}")
    hinder_beats(
        ground,
        BEFORE,
        "IF NEW.name = 'beat 1' THEN RETURN NULL; END IF; RETURN NEW;",
    )
    before = ground.state()

    code, said = run()

    assert code == 1
    assert "all of it was undone" in said
    assert "beats 3 here, 2 there" in said
    assert ground.state() == before
    assert ground.is_empty()
    ground.there("DROP EVENT TRIGGER watches")
    assert run()[0] == 0


def test_what_fails_in_the_last_moment_leaves_the_file_as_it_was(ground: Ground, run: Run) -> None:
    Store(ground.file, [KEY]).close()
    ground.sql("INSERT INTO beats (name, at) VALUES ('here', 1.0)")
    ground.sql("INSERT INTO mark (id, name, count) VALUES (1, 'abcdef', 3)")
    ground.beside(".mark").write_text(f"{'abcdef':16} {3:020}\n")
    hinder_beats(ground, AT_THE_END, "RAISE EXCEPTION 'the disk is full';")
    before = ground.state()

    code, said = run()

    assert code == 1
    assert "did not take it (the disk is full)" in said
    assert ground.state() == before
    assert ground.is_empty()
    assert not is_older(ground.file)


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_commit_whose_answer_is_lost_is_looked_up(
    ground: Ground, run: Run, arrives: bool
) -> None:
    Store(ground.file, [KEY]).close()
    async with Wire(ground.cluster.port).laid() as wire:
        ground.address = ground.cluster.address(ground.name, wire.port)
        setattr(wire, "cut_after" if arrives else "cut_before", b"COMMIT")
        code, said = await asyncio.to_thread(run)

    assert wire.cuts == 1
    assert code == (0 if arrives else 1), said
    assert ground.is_empty() != arrives
    assert is_older(ground.file) == arrives


async def test_where_nobody_can_tell_what_became_of_it_that_is_said(
    ground: Ground, run: Run
) -> None:
    Store(ground.file, [KEY]).close()
    wire = Wire(ground.cluster.port)
    wire.stays_cut = True
    async with wire.laid():
        ground.address = ground.cluster.address(ground.name, wire.port)
        wire.cut_after = b"COMMIT"
        code, said = await asyncio.to_thread(run)

    assert code == 1
    assert "It is not known whether" in said
    assert not ground.is_empty()
    assert is_older(ground.file)


HELD = 4242
HOLD = f"PERFORM pg_advisory_xact_lock({HELD}); RETURN NEW;"


MAIN = "import sys; from pollbot.cli import main; sys.exit(main())"


def wait_for(what: Callable[[], object]) -> None:
    ends = time.monotonic() + 60
    while not what():
        assert time.monotonic() < ends, "it did not get there"
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("trigger", "arrives"),
    [(BEFORE, False), (AT_THE_END, True)],
    ids=["while rows are copied", "while all is committed"],
)
def test_a_kill_leaves_nothing_there_or_all_of_it(
    ground: Ground, run: Run, trigger: str, arrives: bool
) -> None:
    Store(ground.file, [KEY]).close()
    ground.sql("INSERT INTO beats (name, at) VALUES ('here', 1.0)")
    hinder_beats(ground, trigger, HOLD)
    with psycopg.connect(ground.cluster.address(ground.name), autocommit=True) as holding:
        holding.execute("SELECT pg_advisory_lock(%s)", (HELD,))
        with subprocess.Popen(
            [sys.executable, "-c", MAIN, "migrate-to", ground.address],
            env={**os.environ, **ground.env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as moving:
            waits = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            wait_for(lambda: ground.there(waits) or moving.poll() is not None)
            assert moving.poll() is None, moving.stdout and moving.stdout.read()
            moving.send_signal(signal.SIGKILL)
            moving.wait(60)
        holding.execute("SELECT pg_advisory_unlock(%s)", (HELD,))
        others = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'pollbot' AND datname = "
        wait_for(lambda: not ground.there(f"{others} '{ground.name}'"))

    assert ground.is_empty() != arrives
    assert is_older(ground.file) == arrives
    if not arrives:
        ground.there("DROP EVENT TRIGGER watches")
        assert run()[0] == 0
    assert ground.there("SELECT name FROM beats") == [("here",)]
