"""One pretended world per test, on free ports of this machine."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from hypothesis import settings

from pollbot.sandbox.jira import JiraStandIn
from pollbot.sandbox.slack import SlackStandIn
from pollbot.wiring import Pollbot
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
from tests.support.torture import tries

# How long one example takes says more of the machine than of the rule.
settings.register_profile("pollbot", deadline=None, max_examples=tries(25, 200))
settings.load_profile("pollbot")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no setting of this machine reach a test."""
    for name in list(os.environ):
        if name.startswith(("SLACK_", "POLLBOT_")):
            monkeypatch.delenv(name)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """A client that is patient with a busy machine."""
    async with httpx.AsyncClient(timeout=10) as http:
        yield http


@pytest.fixture
async def house(tmp_path: Path, clock: Clock) -> AsyncIterator[House]:
    """Three people, three channels, a few issues; the program is not running yet.

    Whatever a story posts in a channel pings nobody, whatever it shows can be heard as well as
    seen, and all that pollbot asks of Jira is what Jira's own description knows.
    """
    slack, jira = SlackStandIn(now=clock), JiraStandIn(now=clock)
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
    yield house
    await slack.stop()
    await jira.stop()
    assert pings(house) == []
    assert barriers(slack) == []
    assert complaints(asked_of_jira) == []


@pytest.fixture
async def pollbot(house: House) -> AsyncIterator[Pollbot]:
    """The program, reached by signed HTTP requests."""
    async with house.program() as pollbot:
        yield pollbot
