"""A database on a server: its tables, who may have it, and what becomes of lost connections."""

import asyncio
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path

import psycopg
import pytest

from pollbot.database import Store
from pollbot.errors import StartError, StorageInDoubt, StorageUnavailable
from pollbot.place import Server, place
from pollbot.polls.answers.key_rows import part_for_good
from pollbot.polls.kept import Kept
from pollbot.polls.rules import Option, Poll, PollSettings
from pollbot.setup.sentences import sentence
from pollbot.store import server_tables
from pollbot.store.migrations import all_steps, applied, migrate, schema
from pollbot.store.postgres import PostgresConnection, PostgresServer, as_postgres_reads
from pollbot.store.server_tables import migrate as migrate_server
from pollbot.store.writer import Connection
from tests.support.cluster import KEY, Cluster, Databases

FIRST_ON_A_SERVER = "muted_reminders"
"""The last step that a server's database began with: there is none that is older."""

ONE = Path("one")
OF_A_SERVER = {"pollbot_steps", "poll_key_seal", "leader"}


def open_store(server: Server) -> Store:
    return Store(server, [KEY])


def beats(databases: Databases) -> set[str]:
    return {name for (name,) in databases.rows(ONE, "SELECT name FROM beats")}


# Statements


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SELECT ? WHERE a = '?'", "SELECT %s WHERE a = '?'"),
        ("VALUES (:a, :b_c)", "VALUES (%(a)s, %(b_c)s)"),
        ("SELECT a::text", "SELECT a::text"),
        ("a LIKE 'x%' AND b % 2 = ?", "a LIKE 'x%%' AND b %% 2 = %s"),
        ("a IS ? OR b IS NOT ?", "a IS NOT DISTINCT FROM %s OR b IS DISTINCT FROM %s"),
        ("a IS NULL OR b IS NOT NULL", "a IS NULL OR b IS NOT NULL"),
        ("a NOT IN ()", "a NOT IN (SELECT NULL WHERE FALSE)"),
        ("'it''s 10:30, 100%'", "'it''s 10:30, 100%%'"),
    ],
)
def test_a_statement_is_put_in_the_servers_words(ours: str, theirs: str) -> None:
    assert as_postgres_reads(ours) == theirs


DOCUMENT = json.dumps(
    {
        "text": "a “b” é 'c'",
        "number": 3,
        "half": 0.5,
        "yes": True,
        "no": False,
        "nothing": None,
        "inner": {"text": "x", "list": [1, 2]},
        "list": ["a", "b"],
    }
)


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        *(
            ("SELECT CAST(json_extract(?, ?) AS TEXT)", (DOCUMENT, f"$.{path}"))
            for path in ("text", "number", "yes", "no", "nothing", "inner.text", "gone", "a.b")
        ),
        ("SELECT value FROM json_each(?) ORDER BY value", (json.dumps(["b", "a", 'c"']),)),
        ("SELECT value FROM json_each(?)", ("[]",)),
        *(
            ("SELECT json_patch(?, ?)", (DOCUMENT, json.dumps(patch)))
            for patch in (
                {},
                {"number": 4, "new": "é"},
                {"text": None, "yes": False},
                {"inner": {"text": "y", "more": 1}},
                {"list": [1], "gone": None},
                {"new": {"a": {"b": 1}}},
            )
        ),
    ],
)
def test_what_is_read_of_json_is_the_same_on_both(
    databases: Databases, statement: str, values: tuple[str, ...]
) -> None:
    here = sqlite3.connect(":memory:").execute(statement, values).fetchall()
    there = databases.rows(ONE, statement, values)

    def plain(rows: list[tuple[object, ...]]) -> list[object]:
        return [
            json.loads(value) if isinstance(value, str) and value.startswith("{") else value
            for (value,) in rows
        ]

    assert plain(there) == plain(here)


async def test_values_come_back_as_they_were_kept(databases: Databases) -> None:
    store = open_store(databases.at(ONE))
    try:
        await store.beat("no\0thing, “quoted” 'q' \\ %s ? é 🍕", 1e9 + 0.123456)
    finally:
        store.close()

    [(name, at)] = databases.rows(ONE, "SELECT name, at FROM beats WHERE name LIKE ?", ("no%",))
    assert name == "no\N{REPLACEMENT CHARACTER}thing, “quoted” 'q' \\ %s ? é 🍕"
    assert at == 1e9 + 0.123456


# Tables


def columns_of_file() -> set[tuple[str, str]]:
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrate(db)
    tables = db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%sqlite%'"
    ).fetchall()
    return {
        (table, row[1]) for (table,) in tables for row in db.execute(f"PRAGMA table_info({table})")
    }


def columns_of(databases: Databases) -> set[tuple[str, str]]:
    rows = databases.rows(
        ONE,
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public'",
    )
    return {(table, column) for table, column in rows if table not in OF_A_SERVER}


def test_a_server_has_the_tables_and_columns_of_the_file(databases: Databases) -> None:
    assert columns_of(databases) == columns_of_file()


def test_a_database_that_was_made_earlier_is_brought_up_to_date(cluster: Cluster) -> None:
    steps = [step.name for step in all_steps()]
    later = [*steps[steps.index(FIRST_ON_A_SERVER) + 1 :], None]
    name = "made_earlier"
    db = PostgresConnection(Server(cluster.make(name)))
    db.connect()
    try:
        migrate_server(db, before=later[0])
        taken = [one for (one,) in db.execute("SELECT name FROM pollbot_steps").fetchall()]
        migrate_server(db)
        found = db.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        ).fetchall()
        now = {one for (one,) in db.execute("SELECT name FROM pollbot_steps").fetchall()}
    finally:
        db.close()
        cluster.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    assert sorted(taken) == sorted(steps[: steps.index(FIRST_ON_A_SERVER) + 1])
    assert now == set(steps)
    there = {(table, column) for table, column in found if table not in OF_A_SERVER}
    assert there == columns_of_file()


def test_nobody_waits_while_it_is_worked_out_which_tables_there_are(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After 1.5 s a server cuts off who stands still in a transaction, as slow machines do."""
    name, open_then = "slow_machine", []
    work_out = schema

    def looked_at(before: str | None = None) -> tuple[list[str], list[str]]:
        open_then.extend(
            cluster.run(
                "SELECT query FROM pg_stat_activity WHERE state = 'idle in transaction'"  # noqa: S608  a test's own name
                f" AND datname = '{name}'"
            )
        )
        return work_out(before)

    monkeypatch.setattr(server_tables, "schema", looked_at)
    db = PostgresConnection(Server(cluster.make(name)))
    db.connect()
    try:
        migrate_server(db)
        made = db.execute("SELECT count(*) FROM pollbot_steps").fetchone()
    finally:
        db.close()
        cluster.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    assert open_then == []
    assert made == (len(list(all_steps())),)


def test_a_database_of_a_newer_pollbot_is_refused_and_left_alone(databases: Databases) -> None:
    server = databases.at(ONE)
    with psycopg.connect(server.address, autocommit=True) as db:
        db.execute("INSERT INTO pollbot_steps (name) VALUES ('of_tomorrow')")

    with pytest.raises(StartError, match=r"a newer pollbot has used.*of_tomorrow"):
        open_store(server)

    assert ("of_tomorrow",) in databases.rows(ONE, "SELECT name FROM pollbot_steps")


# Who may have it


OPEN_IT = """
    import sys
    from pollbot.database import Store
    from pollbot.errors import StartError
    from pollbot.place import Server
    try:
        store = Store(Server(sys.argv[1]), [sys.argv[2]])
    except StartError as error:
        sys.exit(str(error))
    print("open", flush=True)
    sys.stdin.read()
    store.close()
"""


def another_process(server: Server, *, without: str = "") -> "subprocess.Popen[str]":
    hidden = f"import sys; sys.modules[{without!r}] = None\n" if without else ""
    return subprocess.Popen(
        [sys.executable, "-c", hidden + textwrap.dedent(OPEN_IT), server.address, KEY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_who_wants_the_database_alone_waits_until_nobody_has_it(databases: Databases) -> None:
    server = databases.at(ONE)
    alone = PostgresServer(server, alone=True)
    with another_process(server) as first, another_process(server) as second:
        for process in (first, second):
            assert process.stdout is not None
            assert process.stdout.readline() == "open\n"

        with pytest.raises(StartError, match="Another pollbot already uses PostgreSQL at"):
            alone.open()

        for process in (first, second):
            process.kill()
            process.wait(30)

    alone.open()
    with pytest.raises(StartError, match="shares it with no other") as told:
        open_store(server)
    alone.close()
    assert "wait until that is done" in str(told.value)
    open_store(server).close()


def test_without_its_driver_it_says_what_to_install(databases: Databases) -> None:
    with another_process(databases.at(ONE), without="psycopg") as process:
        said, complaint = process.communicate(timeout=60)

    assert (process.returncode, said) == (1, "")
    assert "pip install 'pollbot[postgres]'" in complaint
    assert "Traceback" not in complaint


def test_keys_have_to_be_set_for_a_server(databases: Databases) -> None:
    with pytest.raises(StartError, match="POLLBOT_ENCRYPTION_KEYS: it has to be set"):
        Store(databases.at(ONE), [])

    open_store(databases.at(ONE)).close()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ada:s3cret@127.0.0.1:1/pollbot",
        "postgresql://ada:s3cret@127.0.0.1:{port}/there_is_none",
        "postgresql://ada:s3cret@[::1/pollbot",
        "postgresql://ada:s3cret@127.0.0.1:{port}/x?sslmode=nonsense",
    ],
)
def test_a_server_that_is_not_to_be_had_is_said_without_its_password(
    cluster: Cluster, address: str
) -> None:
    server = place(address.format(port=cluster.port))
    assert isinstance(server, Server)

    with pytest.raises(StartError, match="POLLBOT_DATABASE") as told:
        Store(server, [KEY])

    said = str(told.value) + repr(server) + str(server)
    assert "cannot be used" in said
    assert "s3cret" not in said
    assert told.value.__cause__ is None, "the cause could hold the address"


@contextmanager
def pooler(cluster: Cluster, name: str, mode: str) -> Iterator[Server]:
    program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    if not Path(program).exists():
        assert "CI" not in os.environ, "pgbouncer is not installed"
        pytest.skip("pgbouncer is not installed")
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    config, users = cluster.folder / "pgbouncer.ini", cluster.folder / "users.txt"
    users.write_text('"pollbot" ""\n')
    config.write_text(
        f"[databases]\n* = host=127.0.0.1 port={cluster.port}\n[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = trust\n"
        f"auth_file = {users}\npool_mode = {mode}\nunix_socket_dir =\n"
        "ignore_startup_parameters = extra_float_digits\n"
    )
    # It refuses to run as root.
    who = "nobody" if os.geteuid() == 0 else None
    for file in (config, users):
        file.chmod(0o644)
    process = subprocess.Popen(
        [program, str(config)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, user=who
    )
    server = Server(f"postgresql://pollbot@127.0.0.1:{port}/{name}")
    try:
        for _ in range(100):
            with suppress(psycopg.OperationalError):
                psycopg.connect(server.address, connect_timeout=2).close()
                break
        yield server
    finally:
        process.terminate()
        process.wait(30)


@pytest.mark.parametrize("mode", ["transaction", "session"])
def test_a_pooler_that_shares_connections_between_transactions_is_refused(
    cluster: Cluster, databases: Databases, mode: str
) -> None:
    with pooler(cluster, databases.name(ONE), mode) as server:
        if mode == "session":
            open_store(server).close()
            return
        with pytest.raises(StartError, match="through a pooler") as told:
            open_store(server)

    assert "name the server itself" in str(told.value)
    open_store(databases.at(ONE)).close()


# Lost connections


class Wire:
    """Leads to the server, and can cut a connection before or after a word went through it."""

    def __init__(self, port: int) -> None:
        self._to = port
        self.cut_before = b""
        self.cut_after = b""
        self.cuts = 0
        self.stays_cut = False
        self.port = 0
        self._open: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def laid(self) -> AsyncIterator["Wire"]:
        served = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = served.sockets[0].getsockname()[1]
        async with served:
            yield self
            if self._open:
                await asyncio.wait(self._open, timeout=10)

    async def _serve(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        serving = asyncio.current_task()
        assert serving is not None
        self._open.add(serving)
        serving.add_done_callback(self._open.discard)
        if self.stays_cut and self.cuts:
            back.close()
            return
        try:
            there, to = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            back.close()
            return
        ways = [
            asyncio.create_task(self._carry(here, to, heard=True)),
            asyncio.create_task(self._carry(there, back, heard=False)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for end in (to, back):
            end.close()
            with suppress(OSError):
                await end.wait_closed()

    async def _carry(
        self, out: asyncio.StreamReader, to: asyncio.StreamWriter, *, heard: bool
    ) -> None:
        with suppress(OSError):
            while data := await out.read(65536):
                if heard and self.cut_before and self.cut_before in data:
                    self.cut_before, self.cuts = b"", self.cuts + 1
                    return
                to.write(data)
                await to.drain()
                if heard and self.cut_after and self.cut_after in data:
                    self.cut_after, self.cuts = b"", self.cuts + 1
                    return


async def test_a_commit_whose_answer_is_lost_is_looked_up(
    cluster: Cluster, databases: Databases
) -> None:
    async with Wire(cluster.port).laid() as wire:
        store = await asyncio.to_thread(
            open_store, Server(cluster.address(databases.name(ONE), wire.port))
        )
        wire.cut_after = b"COMMIT"
        await store.beat("kept all the same", 1.0)
        wire.cut_before = b"COMMIT"
        with pytest.raises(StorageUnavailable):
            await store.beat("not kept", 1.0)
        await store.beat("afterwards", 1.0)
        await asyncio.to_thread(store.close)

    assert wire.cuts == 2
    assert beats(databases) == {"kept all the same", "afterwards"}


async def test_of_a_commit_that_cannot_be_looked_up_nobody_says_that_it_was_not_kept(
    cluster: Cluster, databases: Databases
) -> None:
    async with Wire(cluster.port).laid() as wire:
        store = await asyncio.to_thread(
            open_store, Server(cluster.address(databases.name(ONE), wire.port))
        )
        wire.stays_cut, wire.cut_after = True, b"COMMIT"
        with pytest.raises(StorageInDoubt) as doubt:
            await store.beat("kept, which nobody knows", 1.0)
        with pytest.raises(StorageUnavailable) as refused:
            await store.beat("not kept", 1.0)
        await asyncio.to_thread(store.close)

    async with asyncio.timeout(20):
        while not beats(databases):  # the server may still be at its commit
            await asyncio.sleep(0.02)
    assert "nobody can tell yet" in sentence(doubt.value)
    assert "nothing was saved" in sentence(refused.value)
    assert beats(databases) == {"kept, which nobody knows"}


async def test_a_connection_that_was_cut_while_nothing_was_going_on_is_made_anew(
    cluster: Cluster, databases: Databases
) -> None:
    store = open_store(databases.at(ONE))
    await store.beat("before", 1.0)
    await store.look(1.0)
    cluster.cut(databases.name(ONE))
    await store.beat("after", 1.0)
    await store.look(1.0)
    store.close()

    assert beats(databases) == {"before", "after"}


async def test_what_only_reads_is_done_once_more_where_its_connection_was_lost(
    cluster: Cluster, databases: Databases
) -> None:
    store = open_store(databases.at(ONE))
    await store.beat("kept", 1.0)
    tries: list[object] = []

    def read(db: Connection, cuts: int) -> list[str]:
        tries.append(db)
        if len(tries) <= cuts:
            cluster.cut(databases.name(ONE))
        return [name for (name,) in db.execute("SELECT name FROM beats").fetchall()]

    await store.look(1.0)
    found = await store._writer.read(lambda db: read(db, 1))
    assert (found, len(set(map(id, tries)))) == (["kept"], 2)

    tries.clear()
    with pytest.raises(StorageUnavailable):
        await store._writer.read(lambda db: read(db, 9))
    assert len(tries) == 2
    assert await store._writer.read(lambda db: read(db, 0)) == ["kept"]
    store.close()


async def test_what_only_reads_and_fails_by_itself_is_not_done_once_more(
    databases: Databases,
) -> None:
    store = open_store(databases.at(ONE))
    tries: list[None] = []

    def read(db: Connection) -> None:
        tries.append(None)
        db.execute("SELECT no_such_column FROM beats")

    await store.look(1.0)
    with pytest.raises(StorageUnavailable):
        await store._writer.read(read)
    store.close()
    assert len(tries) == 1


async def test_what_was_under_way_when_the_connection_was_cut_is_not_kept_and_said(
    cluster: Cluster, databases: Databases
) -> None:
    store = open_store(databases.at(ONE))
    in_it, go_on = threading.Event(), threading.Event()

    def slow(db: Connection) -> None:
        db.execute("INSERT INTO beats (name, at) VALUES ('half', 1.0)")
        in_it.set()
        assert go_on.wait(30)
        db.execute("INSERT INTO beats (name, at) VALUES ('done', 1.0)")

    half = asyncio.ensure_future(store._writer.do(slow))
    await asyncio.to_thread(in_it.wait, 30)
    together = asyncio.ensure_future(store.beat("next", 1.0))
    cluster.cut(databases.name(ONE))
    go_on.set()

    with pytest.raises(StorageUnavailable):
        await half
    await together
    store.close()
    assert beats(databases) == {"next"}


async def test_a_piece_that_fails_undoes_only_itself(databases: Databases) -> None:
    store = open_store(databases.at(ONE))

    def fail(db: Connection) -> None:
        db.execute("INSERT INTO beats (name, at) VALUES ('undone', 1.0)")
        db.execute("SELECT no_such_column FROM beats")

    before, failed, after = await asyncio.gather(
        store.beat("before", 1.0),
        store._writer.do(fail),
        store.beat("after", 1.0),
        return_exceptions=True,
    )
    store.close()

    assert (before, after) == (None, None)
    assert isinstance(failed, psycopg.errors.UndefinedColumn)
    assert beats(databases) == {"before", "after"}


def test_every_step_of_the_file_is_known_to_the_server(databases: Databases) -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrate(db)

    kept = {name for (name,) in databases.rows(ONE, "SELECT name FROM pollbot_steps")}

    assert kept == set(applied(db))


def anonymous_poll(poll_id: str) -> Kept:
    options = tuple(Option(str(number), f"Option {number}", number) for number in range(2))
    poll = Poll(poll_id, "Lunch?", "", options, PollSettings(names=False), "U0MAKER")
    return Kept(poll, "T", "https://acme.example", "plain", "", 1.0)


async def test_each_close_of_an_anonymous_poll_renews_what_seals_the_keys(
    databases: Databases,
) -> None:
    def seals() -> list[str]:
        return [key for (key,) in databases.rows(ONE, "SELECT key FROM poll_key_seal")]

    store, seen = open_store(databases.at(ONE)), []
    try:
        for poll_id in ("one", "two"):
            await store.polls.add(anonymous_poll(poll_id))
        seen.append(seals())
        for poll_id in ("one", "two"):
            await store._writer.do(lambda db, one=poll_id: part_for_good(db, store.poll_keys, one))  # type: ignore[misc]
            seen.append(seals())
    finally:
        store.close()

    first, renewed, last = seen
    assert (len(first), len(renewed), last) == (1, 1, [])
    assert renewed != first


@contextmanager
def holding_up_changes(server: Server) -> Iterator[None]:
    """Have every pollbot wait that wants to change something."""
    other = PostgresServer(server)
    other.begin(other.open())
    try:
        yield
    finally:
        other.close()


async def test_what_one_pollbot_closes_takes_no_key_of_a_poll_that_another_one_makes(
    databases: Databases,
) -> None:
    first, second = open_store(databases.at(ONE)), open_store(databases.at(ONE))
    made = anonymous_poll("made")
    await first.polls.add(anonymous_poll("closed"))

    async def waiting(count: int) -> None:
        query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while databases.rows(ONE, query) != [(count,)]:
            await asyncio.sleep(0.01)

    try:
        # The server lets those in who wait for the same lock in the order of their coming.
        with holding_up_changes(databases.at(ONE)):
            close = first._writer.begin(lambda db: part_for_good(db, first.poll_keys, "closed"))
            await waiting(1)
            make = asyncio.ensure_future(second.polls.add(made))
            await waiting(2)
        await asyncio.gather(close, make)
        for store in (first, second):
            assert await store._writer.do(partial(store.poll_keys.find, kept=made))
    finally:
        first.close()
        second.close()
