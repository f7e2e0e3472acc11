"""Another side goes away for a while, and comes back: the log has a line for each."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from pollbot.wiring import Pollbot
from tests.door.log import Log, logging_as
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, rest
from tests.support.polls import answer, more, poll
from tests.support.schedules import an_issue
from tests.support.team_voice import by_default, close_windows, connect, team_voice

KEYS = [f"PLAT-{number}" for number in range(100, 110)]
AWAY, BACK = " is away: ", " is back after "


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    with logging_as(monkeypatch, "INFO", "json") as log:
        yield log


def told(log: Log) -> list[str]:
    """Return who is said to be away or back, in order."""
    lines = [json.loads(line)["message"] for line in log.lines]
    return [line for line in lines if AWAY in line or BACK in line]


def warnings(log: Log) -> list[str]:
    lines = [json.loads(line) for line in log.lines]
    return [line["message"] for line in lines if line["level"] in ("WARNING", "ERROR")]


async def all_vote(house: House) -> None:
    """Have three people vote on ten issues each."""
    people = (ADA, BEN, CLEO)
    await asyncio.gather(*(house.vote(user, key) for user in people for key in KEYS))


async def test_thirty_votes_while_jira_is_away_are_two_lines(house: House, log: Log) -> None:
    for key in KEYS:
        house.jira.add_issue(key, "Something")
    async with house.program() as pollbot:
        await connect(house, ADA, BEN, CLEO)
        house.jira.faults.mode = "down"
        await all_vote(house)
        await rest(house, pollbot)
        for _ in range(20):
            house.clock.ahead += 30
            await rest(house, pollbot)
        tried = sum(call.status == 0 for call in house.jira.calls)
        house.jira.faults.mode = "up"
        for _ in range(4):
            house.clock.ahead += 60
            await rest(house, pollbot)
        for key in KEYS:
            await house.votes(key, 3)

    host = house.jira.site_url.partition("//")[2]
    assert tried > 100
    away, back = told(log)
    assert away.startswith(f"Jira at {host}{AWAY}")
    assert back.startswith(f"Jira at {host}{BACK}")
    assert 600 <= float(back.split()[-2]) <= 900
    assert warnings(log) == [away]


@pytest.mark.parametrize("kind", ["Jira", "Slack", "Team Voice"])
async def test_whatever_waits_for_a_side_says_nothing_above_debug_meanwhile(
    house: House, log: Log, kind: str
) -> None:
    """Votes, cards, polls to be made, results on issues, schedules, readings, receipts, words."""
    async with a_side(kind, house) as side, house.program(**side.settings) as pollbot:
        await connect(house, ADA, BEN)
        lunch = await poll(house, '"Lunch?" "Pizza" "Soup"')
        local = "PLAT-12" if kind == "Team Voice" else "PLAT-12 local"
        export = await poll(house, f'{local} "Which export?" "CSV" "PDF"')
        await an_issue(house)
        await close_windows(house, ADA)
        await rest(house, pollbot)
        side.take_away()
        house.slack.faults.mode, mode = "up", house.slack.faults.mode
        form = await more(house, ADA, export)
        house.slack.faults.mode = mode
        await house.vote(BEN, "PLAT-12")
        await answer(house, BEN, lunch, "Pizza")
        await answer(house, BEN, export, "CSV")
        await house.slack.command(ADA, PLANNING, "/poll", 'PLAT-12 "Which import?" "CSV" "PDF"')
        await house.slack.view_action(ADA, form.id, "close_poll")
        await rest(house, pollbot)
        [(due_at,)] = house.rows("SELECT due_at FROM schedules WHERE due_at IS NOT NULL")
        house.clock.ahead += due_at - house.clock() + 1
        for _ in range(5):
            await rest(house, pollbot)
            house.clock.ahead += 60
        side.bring_back()
        for _ in range(5):
            house.clock.ahead += 60
            await rest(house, pollbot)
        await house.slack.until(lambda: len(mine(log, side)) == 2, 30, what=f"{told(log)}")

    assert [one for one in warnings(log) if AWAY not in one and "was perhaps not" not in one] == []
    assert len([one for one in warnings(log) if AWAY in one]) == 1


# The sides


@dataclass
class Side:
    """Another side: what it is called, and how it is used, taken away and brought back."""

    name: str
    house: House
    settings: dict[str, Any] = field(default_factory=dict)

    async def use(self) -> None:
        """Have pollbot call it, or try to."""

    def take_away(self) -> None:
        raise NotImplementedError

    def bring_back(self) -> None:
        raise NotImplementedError


class OfJira(Side):
    async def use(self) -> None:
        await self.house.vote(ADA, "PLAT-12")

    def take_away(self) -> None:
        self.house.jira.faults.mode = "down"

    def bring_back(self) -> None:
        self.house.jira.faults.mode = "up"


class OfSlack(Side):
    async def use(self) -> None:
        await self.house.vote(ADA, "PLAT-12")

    def take_away(self) -> None:
        self.house.slack.faults.mode = "down"

    def bring_back(self) -> None:
        self.house.slack.faults.mode = "up"


class OfSockets(OfSlack):
    async def use(self) -> None:
        """Nothing is needed: pollbot goes on trying."""

    def take_away(self) -> None:
        super().take_away()
        for socket in list(self.house.slack.sockets.open):
            self.house.slack.sockets.cut(socket)


class OfTeamVoice(Side):
    voice: Any = None

    async def use(self) -> None:
        await self.house.slack.command(ADA, PLANNING, "/poll", "list PLAT-12")

    def take_away(self) -> None:
        self.voice.faults.mode = "down"

    def bring_back(self) -> None:
        self.voice.faults.mode = "up"


class OfDatabase(Side):
    other: sqlite3.Connection | None = None

    async def use(self) -> None:
        await self.house.vote(ADA, "PLAT-13")

    def take_away(self) -> None:
        self.other = sqlite3.connect(self.house.database, isolation_level=None)
        self.other.execute("BEGIN IMMEDIATE")

    def bring_back(self) -> None:
        assert self.other is not None
        self.other.execute("ROLLBACK")
        self.other.close()


@asynccontextmanager
async def a_side(kind: str, house: House) -> AsyncIterator[Side]:
    match kind:
        case "Jira":
            yield OfJira("Jira at 127.0.0.1:", house)
        case "Slack":
            yield OfSlack("Slack ", house)
        case "Socket Mode":
            yield OfSockets("Socket Mode ", house, {"socket": True})
        case "Team Voice":
            async with team_voice(house) as voice:
                side = OfTeamVoice("Team Voice, source default ", house, by_default(voice))
                side.voice = voice
                yield side
        case _:
            yield OfDatabase("the database ", house)


@pytest.mark.parametrize(
    "kind",
    [
        "Jira",
        "Slack",
        "Socket Mode",
        "Team Voice",
        # Of a server, tests/stories/test_server_away.py tells.
        pytest.param("database", marks=pytest.mark.of_files),
    ],
)
async def test_a_side_that_goes_and_comes_is_two_lines(house: House, log: Log, kind: str) -> None:
    async with a_side(kind, house) as side, house.program(**side.settings) as pollbot:
        await connect(house, ADA)
        await side.use()
        await rest(house, pollbot)
        assert told(log) == []
        side.take_away()
        for _ in range(3):
            await side.use()
        await house.slack.until(lambda: mine(log, side), what="a line that it is away")
        await some_time(house, pollbot)
        side.bring_back()
        await side.use()
        await house.slack.until(
            lambda: len(mine(log, side)) == 2, 30, what=f"a line that it is back: {told(log)}"
        )
        await some_time(house, pollbot)

    away, back = mine(log, side)
    assert AWAY in away
    assert BACK in back
    assert [line for line in warnings(log) if line.startswith(side.name)] == [away]
    others = {"Slack "} if kind == "Socket Mode" else set()
    assert [one for one in told(log) if not one.startswith((side.name, *others))] == []
    # That a word may be lost for good is told of each.
    assert [one for one in warnings(log) if AWAY not in one and "was perhaps not" not in one] == []


def mine(log: Log, side: Side) -> list[str]:
    return [line for line in told(log) if line.startswith(side.name)]


async def some_time(house: House, pollbot: Pollbot) -> None:
    for _ in range(3):
        house.clock.ahead += 30
        await asyncio.sleep(0)
        if not house.slack.sockets.open:
            await rest(house, pollbot)
