"""pollbot doctor where the database is on a server: planted faults, and what mends them."""

import json
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet

from pollbot.cli import main
from pollbot.doctor import findings as found
from pollbot.doctor.kept_rows import Asked
from pollbot.doctor.of_files import look_at_files
from pollbot.settings import read_storage
from tests.doctor import test_doctor
from tests.doctor.test_doctor import Ground, Run, wrongs
from tests.store.test_postgres import pooler
from tests.support.cluster import Cluster

pytestmark = pytest.mark.of_files  # One that has moved: the world is the doctor's own.
ground = test_doctor.ground
run = test_doctor.run


@dataclass
class There:
    """A pollbot that was used, and whose database was moved to a server."""

    ground: Ground
    cluster: Cluster
    name: str
    stack: ExitStack
    patch: pytest.MonkeyPatch
    work: dict[str, Any]

    @property
    def env(self) -> dict[str, str]:
        return self.ground.env

    def run(self, statement: str, *, into: str = "") -> list[tuple[Any, ...]]:
        address = self.cluster.address(into or self.name)
        with psycopg.connect(address, autocommit=True) as db:
            done = db.execute(statement.encode())
            return done.fetchall() if done.description else []

    def at(self, address: str) -> None:
        self.env["POLLBOT_DATABASE"] = address

    def another(self, words: str = "") -> None:
        """Have the settings name a database that is empty."""
        name = f"{self.name}_more"
        self.cluster.run(f'CREATE DATABASE "{name}" {words}')
        self.stack.callback(self.cluster.run, f'DROP DATABASE "{name}" WITH (FORCE)')
        self.at(self.cluster.address(name))

    def somebody(self, *granted: str) -> None:
        """Have another user of the server's open the database, who may do what is granted."""
        role = f"guest_{self.name}"
        self.cluster.run(f'CREATE ROLE "{role}" LOGIN')
        self.stack.callback(self.cluster.run, f'DROP ROLE "{role}"')
        for what in granted:
            self.cluster.run(f'GRANT {what} TO "{role}"')
        self.at(self.env["POLLBOT_DATABASE"].replace("pollbot@", f"{role}@"))


@pytest.fixture
async def there(
    ground: Ground, run: Run, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[There]:
    _, _, wrong = await wrongs(ground, run)
    assert wrong == []
    work = json.loads(ground.folder.with_name(f"{ground.folder.name}.bundle").read_text())["work"]
    name = f"doctor_{uuid.uuid4().hex[:12]}"
    address = cluster.make(name)
    assert main(["migrate-to", address]) == 0
    ground.env["POLLBOT_DATABASE"] = address
    ground.env["POLLBOT_ENCRYPTION_KEYS"] = ground.beside(".key").read_text().strip()
    with ExitStack() as stack:
        yield There(ground, cluster, name, stack, monkeypatch, work)
    cluster.run(f'DROP DATABASE "{name}" WITH (FORCE)')


async def test_where_all_is_well_nothing_is_wrong(there: There, run: Run) -> None:
    there.at(there.env["POLLBOT_DATABASE"].replace("pollbot@", "pollbot:s3cret@"))

    code, words, wrong = await wrongs(there.ground, run)

    bundle = there.ground.folder.with_name(f"{there.ground.folder.name}.bundle").read_text()
    assert (code, wrong) == (0, [])
    assert f"PostgreSQL at 127.0.0.1:{there.cluster.port}, database {there.name} answers" in words
    assert "pollbot does not run on it now." in words
    assert "The tables are of this version" in words
    assert "POLLBOT_ENCRYPTION_KEYS opens what is stored." in words
    assert "Slack brought these commands here:" in words
    assert "Voting is switched on in Jira." in words, "an account was found to ask as"
    assert json.loads(bundle)["work"] == there.work, "it counts as it does in a file"
    assert "s3cret" not in words + bundle
    assert there.name not in bundle


def no_server(there: There) -> None:
    there.at("postgresql://ada:s3cret@127.0.0.1:1/x")


def no_address(there: There) -> None:
    there.at("postgresql://ada:s3cret@[::1/x")


def no_such_database(there: There) -> None:
    there.at(f"postgresql://pollbot:s3cret@127.0.0.1:{there.cluster.port}/none")


def no_such_user(there: There) -> None:
    there.at(there.cluster.address(there.name).replace("pollbot@", "ada:s3cret@"))


def no_driver(there: There) -> None:
    there.patch.setitem(sys.modules, "psycopg", None)
    for name in ("of_server", "server_rows"):
        there.patch.delitem(sys.modules, f"pollbot.doctor.{name}", raising=False)


def in_pools(there: There) -> None:
    server = there.stack.enter_context(pooler(there.cluster, there.name, "transaction"))
    there.at(server.address)


def of_latin_letters(there: There) -> None:
    there.another("ENCODING 'LATIN1' TEMPLATE template0")


def of_somebody_else(there: There) -> None:
    there.somebody()


def empty_and_of_somebody_else(there: There) -> None:
    there.another()
    there.somebody()


def newer(there: There) -> None:
    there.run("INSERT INTO pollbot_steps (name) VALUES ('of_the_future')")


def no_keys(there: There) -> None:
    del there.env["POLLBOT_ENCRYPTION_KEYS"]
    there.patch.delenv("POLLBOT_ENCRYPTION_KEYS", raising=False)


def other_keys(there: There) -> None:
    there.env["POLLBOT_ENCRYPTION_KEYS"] = Fernet.generate_key().decode()


def from_a_dump(there: There) -> None:
    there.run("DELETE FROM poll_key_seal")


def own_word(there: There) -> None:
    there.run("INSERT INTO beats (name, at) VALUES ('command /umfrage', 0)")


@pytest.mark.parametrize(
    ("plant", "kind", "wrong", "mend"),
    [
        (no_server, found.ServerAway, "refused", "Look at the address"),
        (no_address, found.ServerAway, "it is no address", "Look at the address"),
        (no_such_database, found.ServerAway, '"none" does not exist', "Look at the address"),
        (no_such_user, found.ServerAway, '"ada" does not exist', "the name, the password"),
        (no_driver, found.DriverMissing, "is not installed", "pip install 'pollbot[postgres]'"),
        (in_pools, found.ServerPooled, "a pooler that gives", "Name the server itself"),
        (of_latin_letters, found.ServerEncoding, "encoding is LATIN1", "--encoding UTF8"),
        (of_somebody_else, found.ServerForbids, "permission denied", "REASSIGN OWNED"),
        (empty_and_of_somebody_else, found.MayNotMakeTables, "may not make any", "--owner"),
        (newer, found.ServerNewer, "of_the_future", "Install that newer version"),
        (no_keys, found.KeysUnset, "is not set", "Set it to what this database was used with"),
        (other_keys, found.KeysOpenNothing, "none of POLLBOT_ENCRYPTION_KEYS opens", "add the key"),
        (from_a_dump, found.SealLost, "the keys of 1 open anonymous poll cannot", "post copies"),
        (own_word, found.CommandUnknown, "/umfrage", "pollbot manifest prints"),
    ],
)
async def test_each_fault_is_found_alone_with_what_mends_it(
    there: There,
    run: Run,
    plant: Callable[[There], None],
    kind: type[found.Finding],
    wrong: str,
    mend: str,
) -> None:
    plant(there)

    code, words, kinds = await wrongs(there.ground, run)

    assert (code, kinds) == (1, [kind.__name__]), words
    _, _, of_it = words.partition("WRONG ")
    assert wrong in of_it
    assert "That means: " in of_it
    assert mend in of_it
    assert "s3cret" not in words


async def test_what_is_to_come_is_no_fault(there: There, run: Run) -> None:
    steps = there.run("DELETE FROM pollbot_steps WHERE name = 'unwatches' RETURNING name")
    older = await wrongs(there.ground, run)
    there.another()
    empty = await wrongs(there.ground, run)

    assert steps == [("unwatches",)]
    assert [older[0], older[2], empty[0], empty[2]] == [0, [], 0, []]
    assert "the next start brings them up to date (unwatches)" in older[1]
    assert "There are no tables yet; pollbot makes them at its first start." in empty[1]
    assert "fsync is off" in empty[1], "as it is in the cluster of the tests"


async def test_what_a_newer_pollbot_has_added_is_no_fault(there: There, run: Run) -> None:
    there.run("INSERT INTO pollbot_steps (name, needs) VALUES ('of_tomorrow', '')")

    code, words, wrong = await wrongs(there.ground, run)

    assert (code, wrong) == (0, []), words
    assert "A newer pollbot has added to the tables (of_tomorrow)" in words


async def test_somebody_who_may_change_nothing_finds_the_same(there: There, run: Run) -> None:
    there.somebody("pg_read_all_data")

    code, words, wrong = await wrongs(there.ground, run)

    assert (code, wrong) == (0, [])
    assert "The tables are of this version" in words


@pytest.mark.parametrize("port", ["0", "9"], ids=["anywhere", "on another machine"])
async def test_it_works_beside_a_pollbot_that_runs(there: There, run: Run, port: str) -> None:
    there.env["POLLBOT_PORT"] = port
    house = there.ground.house
    key, address = there.env["POLLBOT_ENCRYPTION_KEYS"], there.cluster.address(there.name)
    async with house.program(database=address, encryption_keys=key) as pollbot:
        code, words, wrong = await wrongs(there.ground, run)
        there.env["POLLBOT_PORT"], there.env["POLLBOT_HOST"] = str(pollbot.port), "127.0.0.1"
        here = await wrongs(there.ground, run)

    assert (code, wrong, here[0], here[2]) == (0, [], 0, [])
    assert "pollbot runs on it now." in words


async def test_a_clock_that_is_off_on_the_server_is_told(
    there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in there.env.items():
        monkeypatch.setenv(name, value)

    behind = look_at_files(read_storage(), Asked((), time.time() + 3600))

    off = [one.seconds for one in behind.findings if isinstance(one, found.ServerClockOff)]
    assert len(off) == 1
    assert -3700 < off[0] < -3500
