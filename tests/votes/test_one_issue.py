"""Many votes on one issue: Jira's windows are kept and not tried, reads are shared, none waits."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from aiohttp import web

from pollbot.database import Store
from pollbot.jira.client import basic
from pollbot.people import Account, Person
from pollbot.votes.worker import VoteWorker
from pollbot.wiring import Pollbot
from tests.support.connecting import keep_account
from tests.support.house import ADA, PLANNING, House
from tests.support.own_time import own_time
from tests.support.polls import close, poll
from tests.support.team_voice import close_windows

CROWD = [f"U0CROWD{number:02}" for number in range(50)]
ISSUE, OTHER = "PLAT-13", "PLAT-12"


@pytest.fixture
async def crowd(house: House, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fifty people with their accounts; each of their calls is on its way for a time of its own."""
    store = Store(house.database, [])
    for user in CROWD:
        house.slack.add_person(user, user)
        email, token = f"{user}@example.com".lower(), f"{user}-token"
        house.jira.add_person(f"acc-{user}", user, email, token=token)
        account = Account(f"acc-{user}", user, house.jira.site_url, basic(email, token))
        person = Person(house.slack.team_id, user)
        await keep_account(store, person, house.jira.site_url, account, house.clock())
    store.close()
    monkeypatch.setattr(house.jira.faults, "before", uneven(house.jira.faults.before))
    return CROWD


Before = Callable[[str, web.Request], Coroutine[Any, Any, web.Response | None]]


def uneven(before: Before) -> Before:
    chance = random.Random(1)  # noqa: S311  no secret

    async def late(name: str, request: web.Request) -> web.Response | None:
        await asyncio.sleep(chance.uniform(0.0, 0.12))
        return await before(name, request)

    return late


async def all_vote(house: House, crowd: list[str], issue: str = ISSUE) -> None:
    await asyncio.gather(*(house.vote(user, issue) for user in crowd))


async def counted(house: House, count: int) -> None:
    """Wait until Jira has so many votes, and let the time pass that it takes."""
    for _ in range(40):
        if house.jira.votes(ISSUE) == count:
            return
        await asyncio.sleep(0.2)
        house.clock.skip_rest(3.0)
    pytest.fail(f"Jira has {house.jira.votes(ISSUE)} of {count} votes")


def too_many(house: House) -> int:
    return sum(call.status == 429 for call in house.jira.calls)


async def test_jira_never_has_to_say_that_it_is_too_much_and_reads_are_shared(
    house: House, crowd: list[str]
) -> None:
    async with house.program():
        with own_time() as took:
            await all_vote(house, crowd)
            await counted(house, len(crowd))
            of_pollbot = took() + house.clock.ahead

        for user in crowd:
            await house.told(user, "is counted in Jira")
    taken = sorted(call.at for call in house.jira.calls if call.method == "POST")
    assert too_many(house) == 0
    assert len(taken) == len(crowd)
    assert of_pollbot < 1.15 * 4.0 + 1.0, "two windows of 2 s, and what calls take"
    reads = [call for call in house.jira.calls if call.method == "GET"]
    assert len(reads) < len(crowd)


async def test_what_an_earlier_run_wrote_counts_as_well(house: House, crowd: list[str]) -> None:
    async with house.program():
        await all_vote(house, crowd[:20])
        await counted(house, 20)
    async with house.program():
        await all_vote(house, crowd[20:])
        await counted(house, len(crowd))

    assert too_many(house) == 0


async def test_a_storm_on_one_issue_delays_no_vote_on_another(
    house: House, crowd: list[str], pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    await all_vote(house, crowd)
    before = house.clock.ahead

    with own_time() as took:
        await house.vote(ADA, OTHER)
        await house.told(ADA, "is counted in Jira")

        assert took() + house.clock.ahead - before < 1.5
    assert house.jira.votes(ISSUE) < len(crowd), "the storm goes on"


async def test_who_reads_for_others_may_lose_the_account_and_they_hear_the_count_all_the_same(
    house: House, crowd: list[str], pollbot: Pollbot
) -> None:
    house.jira.faults.fail_next("GET issue", 401)

    await all_vote(house, crowd[:6])

    told = [await house.told(user, "is counted in Jira") for user in crowd[:6]]
    unread = [one for one in told if "did not answer when asked for the new count" in one.text]
    assert len(unread) == 1
    assert any("6 votes" in one.text for one in told)


async def test_results_on_an_issue_wait_for_their_turn_among_its_votes(
    house: House, crowd: list[str], pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    cards = [await poll(house, f'{ISSUE} "{what}?" "Yes" "No"') for what in ("Tea", "Pie", "Rum")]
    await all_vote(house, crowd)

    for card in cards:
        told = await close(house, ADA, card)
        asked = await house.slack.view_action(ADA, told.id, "record_result")
        assert (asked.status, asked.error) == (200, None)
        await close_windows(house, ADA)
    await counted(house, len(crowd))
    await house.jira.until(lambda: len(house.jira.comments(ISSUE)) == 3, what="three results")

    assert too_many(house) == 0


async def test_while_many_wait_for_an_answer_few_votes_are_begun_in_a_turn(
    house: House, crowd: list[str], pollbot: Pollbot
) -> None:
    worker = next(one for one in pollbot._workers if isinstance(one, VoteWorker))
    alone = worker.room()
    house.slack.faults.drip("users.info")

    asking = [
        asyncio.create_task(house.slack.command(user, PLANNING, "/pollbot", "help"))
        for user in crowd[:10]
    ]
    await house.slack.until(lambda: worker.room() < alone, what="those who wait for an answer")
    assert worker.room() == 4
    house.slack.faults.let_go()
    await asyncio.gather(*asking)
    assert worker.room() == alone

    await all_vote(house, crowd)
    await counted(house, len(crowd))
