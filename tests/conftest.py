"""One pretended world per test, on free ports of this machine."""

import gc
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from aiohttp import web_app
from hypothesis import settings

from pollbot.sandbox.jira import JiraStandIn
from pollbot.sandbox.slack import SlackStandIn
from pollbot.sandbox.world.steps import STEPS
from pollbot.wiring import Pollbot
from tests.support import bolt, canaries
from tests.support import cluster as postgres
from tests.support.accessible import barriers
from tests.support.house import (
    ADA,
    BEN,
    CLEO,
    EMAILS,
    LEADS,
    PLANNING,
    TOKENS,
    TWO_OF_US,
    Clock,
    House,
    pings,
)
from tests.support.jira_spec import complaints, listen
from tests.support.own_time import OwnLoop
from tests.support.torture import TORTURE, tries

if TYPE_CHECKING:
    # pytest itself has to be the first that imports it.
    from tests.support.tried import Tried

pytest_plugins = ["tests.support.tried"]

# How long one example takes says more of the machine than of the rule.
settings.register_profile("pollbot", deadline=None, max_examples=tries(25, 200))
settings.load_profile("pollbot")

bolt.read_once()


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], OwnLoop]]:
    return {"own": OwnLoop}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have what waits for programs of its own run first, while other workers have much to do."""
    items.sort(key=lambda item: item.path.parent.name not in ("e2e", "replicas"))


def pytest_configure() -> None:
    """Have Python look for nothing that is left over while the tests are found: nothing is."""
    gc.disable()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run be one on PostgreSQL."""
    parser.addoption("--engine", choices=["sqlite", "postgresql"], default="sqlite")


def pytest_collection_finish() -> None:
    """Have Python look for what is left over among what tests make, and not in the tests again."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A server for this worker of the run."""
    programs = postgres.programs()
    if programs is None:
        why = "no PostgreSQL server is installed (Debian's package postgresql)"
        assert "CI" not in os.environ, why
        pytest.skip(why)
    with postgres.running(programs) as cluster:
        cluster.make_template()
        yield cluster


@pytest.fixture
def databases(cluster: postgres.Cluster) -> Iterator[postgres.Databases]:
    """Databases of this test."""
    databases = postgres.Databases(cluster)
    yield databases
    databases.give_back()


@pytest.fixture(autouse=True)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where databases are in this run; on a server, a file's path stands for one of its own."""
    engine: str = request.config.getoption("--engine")
    if engine == "postgresql":
        if request.node.get_closest_marker("of_files") is not None:
            pytest.skip("it is about SQLite's file")
        databases: postgres.Databases = request.getfixturevalue("databases")
        monkeypatch.setattr("pollbot.database._OnFile", databases.opened)
        monkeypatch.setattr("tests.support.stored.beside", databases.beside)
        monkeypatch.setattr("tests.support.stored.rows", databases.read)
        monkeypatch.setattr("tests.support.stored.copied", databases.copied)
    return engine


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no setting of this machine reach a test."""
    for name in list(os.environ):
        if name.startswith(("SLACK_", "POLLBOT_")):
            monkeypatch.delenv(name)
    # Nobody is asked over TLS, and to read whom this machine trusts takes each program its time.
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)  # which httpx reads before the folder
    monkeypatch.setenv("SSL_CERT_DIR", str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """Let go of the programs of tests that are over, or each collection takes seconds in the end.

    aiohttp 3.14 keeps the last 1,024 handlers, and with them all that they know.
    """
    yield
    web_app._cached_build_middleware.cache_clear()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """A client that is patient with a busy machine."""
    async with httpx.AsyncClient(timeout=10) as http:
        yield http


@pytest.fixture
async def house(tmp_path: Path, clock: Clock, tried: "Tried") -> AsyncIterator[House]:
    """Three people, three channels, a few issues; the program is not running yet.

    Whatever a story posts in a channel pings nobody, whatever it shows can be heard as well as
    seen, and all that pollbot asks of Jira is what Jira's own description knows. No secret of
    the house is in what was logged and told, in the files, or in how a program shows itself.
    """
    slack, jira = SlackStandIn(now=clock), JiraStandIn(now=clock)
    slack.workflows.offered = STEPS
    for user, name in ((ADA, "Ada"), (BEN, "Ben"), (CLEO, "Cleo")):
        slack.add_person(user, name, is_admin=user == ADA)
        jira.add_person(f"acc-{name.lower()}", f"{name} of Jira", EMAILS[user], token=TOKENS[user])
    slack.add_channel(PLANNING, "planning")
    slack.add_channel(LEADS, "leads", is_private=True, members=(ADA, BEN))
    slack.add_channel(TWO_OF_US, "directmessage", is_private=True, members=(ADA, BEN))
    jira.add_issue("PLAT-12", "Export <all> & more", other_votes=7)
    jira.add_issue("PLAT-13", "Dark mode")
    jira.add_issue("PLAT-7", "Old bug", status="Done", category="done", resolution="Fixed")
    asked_of_jira = listen(jira.app)
    await slack.start()
    await jira.start()
    house = House(slack, jira, tmp_path / "pollbot.db", clock)
    kept = canaries.secrets(slack, [(EMAILS[user], token) for user, token in TOKENS.items()])
    house.kept = kept
    with canaries.listening(kept) as heard:
        yield house
    await slack.stop()
    await jira.stop()
    assert pings(house) == []
    assert barriers(slack) == []
    assert complaints(asked_of_jira) == []
    leaked = {
        "the log": heard.leaked,
        "payloads": canaries.in_payloads(slack, jira, kept),
        "files": canaries.in_files(house.database, kept),
        "programs": house.shown,
    }
    if TORTURE:
        tried("worlds searched for secrets", 1, leaked=len(canaries.named(leaked)))
    assert canaries.named(leaked) == {}


@pytest.fixture
async def pollbot(house: House) -> AsyncIterator[Pollbot]:
    """The program, reached by signed HTTP requests."""
    async with house.program() as pollbot:
        yield pollbot
