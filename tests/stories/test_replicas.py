"""Several pollbots on one database: each hears Slack, and one does what is due."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from pollbot.database import Store
from pollbot.errors import LeadLost
from pollbot.store.writer import LEADER
from pollbot.wiring import Pollbot
from tests.schedules.test_schedules import posted, posts
from tests.support.cluster import KEY, Cluster, Databases
from tests.support.house import ADA, BEN, House, rest
from tests.support.polls import action, poll
from tests.support.schedules import lunch, schedule, until_due

ONE = Path("one")


def program(house: House, databases: Databases) -> AbstractAsyncContextManager[Pollbot]:
    return house.program(database=databases.at(ONE), encryption_keys=KEY)


@asynccontextmanager
async def two(house: House, databases: Databases) -> AsyncIterator[tuple[Pollbot, Pollbot]]:
    """Run two pollbots; the first one leads, and Slack brings everything to the second one."""
    async with program(house, databases) as first, program(house, databases) as second:
        assert (first.leads, second.leads) == (True, False)
        yield first, second


def end_leaders_session(cluster: Cluster, name: str) -> None:
    cluster.run(
        "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"  # noqa: S608  a test's own name
        f" WHERE l.locktype = 'advisory' AND a.datname = '{name}' AND a.query NOT LIKE 'BEGIN%'"
        " AND l.mode = 'ExclusiveLock'"
    )


async def test_what_comes_to_one_door_is_done_by_the_leader(
    house: House, databases: Databases
) -> None:
    async with two(house, databases) as (first, second):
        await house.connect(ADA)
        card = await poll(house, '"Lunch?" "Pizza" "Soup"')
        await house.vote(ADA, "PLAT-12")
        await house.votes("PLAT-12", 8)
        await house.slack.press(BEN, card.id, action(card, "Soup"))
        await house.slack.until(lambda: "1 answer" in card.text, what="the card's count")

        assert await first.health() == {}
        assert await second.health() == {}
        assert (first.leads, second.leads) == (True, False)


async def test_the_next_one_leads_once_the_leader_ended(house: House, databases: Databases) -> None:
    leader = program(house, databases)
    first = await leader.__aenter__()
    async with program(house, databases) as second:
        assert (first.leads, second.leads) == (True, False)
        await house.connect(ADA)

        await leader.__aexit__(None, None, None)

        await house.slack.until(lambda: second.leads, what="the next leader")
        await house.vote(ADA, "PLAT-12")
        await house.votes("PLAT-12", 8)


async def test_each_due_time_is_posted_once_whoever_leads(
    house: House, databases: Databases
) -> None:
    leader = program(house, databases)
    first = await leader.__aenter__()
    async with program(house, databases) as second:
        house.clock.on_move[:] = [first.clock_moved, second.clock_moved]
        await schedule(house, await lunch(house), every="daily", at="09:00")
        await until_due(house)
        await posted(house, "Lunch?")
        await rest(house, second)

        await leader.__aexit__(None, None, None)
        await house.slack.until(lambda: second.leads, what="the next leader")
        house.clock.ahead += 60
        await rest(house, second)
        assert len(posts(house, "Lunch?")) == 1, "what was posted is not posted by the next one"
        await until_due(house)

        await posted(house, "Lunch?", 2)
        await rest(house, second)
        assert len(posts(house, "Lunch?")) == 2


async def test_a_leader_whose_session_is_lost_follows_and_all_goes_on(
    house: House, cluster: Cluster, databases: Databases, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with two(house, databases) as (first, second):
        await house.connect(ADA)
        for issue, votes in (("PLAT-12", 8), ("PLAT-13", 1)):
            await asyncio.to_thread(end_leaders_session, cluster, databases.name(ONE))
            await house.vote(ADA, issue)
            await house.votes(issue, votes)
            await house.slack.until(lambda: first.leads != second.leads, what="one leader")

    assert not [one for one in caplog.records if one.exc_info]
    [(number,)] = databases.rows(ONE, "SELECT number FROM leader")
    assert number == 3, "each one that led was the next"


async def test_what_an_earlier_leader_begins_is_refused_and_changes_nothing(
    cluster: Cluster, databases: Databases
) -> None:
    first, second = (Store(databases.at(ONE), [KEY]) for _ in range(2))
    try:
        number = await first.lead.take()
        assert await second.lead.take() is None
        LEADER.set(number)
        await first.beat("as leader", 1.0)
        end_leaders_session(cluster, databases.name(ONE))
        while (later := await second.lead.take()) is None:
            await asyncio.sleep(0.01)

        with pytest.raises(LeadLost):
            await first.beat("too late", 2.0)
        with pytest.raises(LeadLost):
            await first.intents.work.claim(2.0, 10)
        LEADER.set(None)
        await first.beat("at a door", 3.0)
        LEADER.set(later)
        await second.beat("as the next leader", 4.0)
    finally:
        LEADER.set(None)
        with suppress(Exception):
            await first.lead.let_go()
        await second.lead.let_go()
        first.close()
        second.close()
    kept = databases.rows(ONE, "SELECT name FROM beats ORDER BY at")
    assert kept == [("as leader",), ("at a door",), ("as the next leader",)]


async def test_one_that_leaves_says_so_answers_on_and_hands_over(
    house: House, databases: Databases, http: httpx.AsyncClient
) -> None:
    async with two(house, databases) as (first, second):
        await house.connect(ADA)
        leaving = asyncio.create_task(first.leave())
        await house.slack.until(lambda: second.leads, timeout=15, what="the next leader")

        said = await http.get(f"http://127.0.0.1:{first.port}/healthz")
        assert (said.status_code, said.json()["pollbot"]) == (
            503,
            "it is stopping: ask another one",
        )
        assert said.headers["Connection"] == "close"
        assert "pollbot" not in (await http.get(f"http://127.0.0.1:{second.port}/healthz")).json()
        house.slack.events_url = f"http://127.0.0.1:{first.port}/slack/events"
        assert (await house.vote(ADA, "PLAT-12")).status == 200
        await house.votes("PLAT-12", 8)
        await leaving
        assert (first.leads, second.leads) == (False, True)


async def test_in_socket_mode_one_that_leaves_acknowledges_what_came_and_hears_no_more(
    house: House, databases: Databases
) -> None:
    def program() -> AbstractAsyncContextManager[Pollbot]:
        return house.program(socket=True, database=databases.at(ONE), encryption_keys=KEY)

    async with program() as first, program() as second:
        await house.connect(ADA)
        card = await poll(house, '"Lunch?" "Pizza" "Soup"')
        await house.slack.until(lambda: len(house.slack.sockets.open) == 4, what="four sockets")

        leaving = asyncio.create_task(first.leave())
        presses = [
            await house.slack.press(user, card.id, action(card, option))
            for option in ("Soup", "Pizza") * 10
            for user in (ADA, BEN)
        ]
        await leaving
        presses.append(await house.slack.press(BEN, card.id, action(card, "Soup")))

        assert {(one.status, one.error) for one in presses} == {(200, None)}
        assert len(house.slack.sockets.open) == 2
        assert first.door is not None
        assert not first.door.is_open
        await house.slack.until(lambda: second.leads, timeout=15, what="the next leader")
        await house.slack.until(lambda: "2 answers" in card.text, what="the card's count")


async def test_a_file_is_left_at_once(house: House) -> None:
    async with house.program() as only:
        await only.leave()

        assert await only.health() == {}
