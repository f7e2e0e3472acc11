"""What Slack brings to two pollbots on one database, in turn or at once, counts once."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from pollbot.place import Server
from pollbot.sandbox.slack import Answer
from pollbot.wiring import Pollbot
from tests.door.test_every_delivery import KEPT, ROWS, VOICE, Deed, Step
from tests.stories.test_replicas import ONE, two
from tests.support.cluster import KEY, Cluster, Databases
from tests.support.house import ADA, BEN, PLANNING, House
from tests.support.polls import action, more, poll
from tests.support.team_voice import by_default, connect, team_voice
from tests.support.tried import Tried, once

SAID = ("chat.", "views.")
TOLD = ("votes", "watches", "receipts", "owed")
UNTOLD = "SELECT 1 FROM deliveries WHERE told = 0 AND subject LIKE 'poll %'"
LUNCH = '"Lunch?" "Pizza" "Soup"'


def url(pollbot: Pollbot) -> str:
    return f"http://127.0.0.1:{pollbot.port}/slack/events"


async def all_rest(*pollbots: Pollbot) -> None:
    """Wait until nothing is under way at any of them, nor due by what another one did."""

    async def waits() -> bool:
        look = await pollbots[0].look()
        work = {
            (name, state)
            for name, states in look.work.items()
            for state, amount in states.items()
            if amount.count
        }
        # Words that follow each other wait for a moment, to be told together.
        soon = any(name in TOLD and state != "parked" for name, state in work)
        now = any(state in ("due", "held") for _, state in work)
        return soon or now or not all(one.at_rest for one in pollbots)

    async with asyncio.timeout(20):
        while await waits():
            await asyncio.sleep(0.02)


def kept(databases: Databases) -> dict[str, list[str]]:
    return {query: sorted(map(str, databases.rows(ONE, query))) for query in KEPT}


def done(house: House) -> dict[str, list[str]]:
    """Return what was written in Jira, and what anybody was shown."""
    return {
        "Jira": [f"{c.method} {c.path}" for c in house.jira.calls if c.method != "GET"],
        "Slack": [
            f"{c.method} {json.dumps(c.args, default=str)}"
            for c in house.slack.calls
            if c.method.startswith(SAID)
        ],
        "URLs": [json.dumps(post.body) for post in house.slack.hook_posts],
    }


@pytest.mark.parametrize("deed", ROWS.values(), ids=ROWS)
async def test_what_comes_again_to_another_pollbot_changes_nothing_and_says_nothing_new(
    house: House, databases: Databases, deed: Deed, tried: Tried
) -> None:
    async with team_voice(house) as voice:
        VOICE.set(voice)
        again_to = house.program(
            database=databases.at(ONE), encryption_keys=KEY, **by_default(voice)
        )
        brought_to = house.program(
            database=databases.at(ONE), encryption_keys=KEY, **by_default(voice)
        )
        async with again_to as first, brought_to as second:
            await connect(house, ADA)
            await deed(house)
            brought = [b for b in house.slack.deliveries if b.body.get("type") != "view_closed"][-1]
            await all_rest(first, second)
            before = kept(databases) | done(house)

            house.slack.events_url = url(first)
            with once(tried, "two pollbots: deeds that come again", if_not="doubled"):
                again = await house.slack.deliver(brought.body, kind=brought.kind)

                assert again.status == 200
                assert again.body in ("", brought.answer.body)
                await all_rest(first, second)
                assert kept(databases) | done(house) == before


async def make(house: House) -> Step:
    async def ask(house: House) -> None:
        await house.slack.command(ADA, PLANNING, "/poll", LUNCH)

    return ask


async def vote(house: House) -> Step:
    return lambda house: house.vote(ADA, "PLAT-13")


async def answer_soup(house: House) -> Step:
    card = await poll(house, LUNCH)
    return lambda house: house.slack.press(BEN, card.id, action(card, "Soup"))


async def close_it(house: House) -> Step:
    opened = await more(house, ADA, await poll(house, LUNCH))
    return lambda house: house.slack.view_action(ADA, opened.id, "close_poll")


def counted(databases: Databases) -> dict[str, int]:
    return {query: len(found) for query, found in kept(databases).items()}


AT_ONCE: dict[str, Callable[[House], Awaitable[Step]]] = {
    "a poll": make,
    "a vote": vote,
    "an answer": answer_soup,
    "an end": close_it,
}


@pytest.mark.parametrize("ready", AT_ONCE.values(), ids=AT_ONCE)
async def test_what_comes_to_two_pollbots_at_once_is_done_once_and_nobody_hears_of_an_error(
    house: House,
    databases: Databases,
    monkeypatch: pytest.MonkeyPatch,
    ready: Callable[[House], Awaitable[Step]],
    tried: Tried,
) -> None:
    async with two(house, databases) as pollbots:
        await connect(house, ADA, BEN)
        act = await ready(house)
        await all_rest(*pollbots)
        before = counted(databases)
        answers: list[Answer] = []
        heard = {user: len(house.words(user)) for user in (ADA, BEN)}

        async def bring(body: dict[str, Any], **how: Any) -> Answer:
            told = await asyncio.gather(
                *(
                    house.slack._http.deliver(url(one), body, how["kind"], 3.0, {})
                    for one in pollbots
                )
            )
            answers.extend(told)
            return told[0]

        with monkeypatch.context() as patch:
            patch.setattr(house.slack, "deliver", bring)
            await act(house)
        await all_rest(*pollbots)

        with once(tried, "two pollbots: deeds at once", if_not="doubled"):
            assert [one.status for one in answers] == [200, 200]
            more = {query: count - before[query] for query, count in counted(databases).items()}
            assert max(more.values()) <= 1, more
            for user, count in heard.items():
                assert len(house.words(user)) <= count + 1, house.words(user)


async def test_who_clicks_at_a_door_that_does_not_lead_is_told_there_of_all_clicks(
    house: House, databases: Databases
) -> None:
    async with two(house, databases) as (leader, door):
        card = await poll(house, LUNCH)
        for label in ("Soup", "Pizza", "Soup"):
            await house.slack.press(BEN, card.id, action(card, label))

        await house.slack.until(
            lambda: len(house.words(BEN)) == 2 and "Soup" in house.words(BEN)[-1],
            timeout=20,
            what=f"the answer, instead of {house.words(BEN)}",
        )
        await house.slack.until(
            lambda: databases.rows(ONE, UNTOLD) == [],
            timeout=20,
            what="that they were told, on disk",
        )
        await all_rest(leader, door)
    assert len(house.words(BEN)) == 2


@pytest.fixture
def other_role(cluster: Cluster) -> Iterator[str]:
    """Another one who may use the server, and who can be turned away there."""
    cluster.run("CREATE ROLE other SUPERUSER LOGIN")
    yield "other"
    cluster.run("DROP ROLE other")


@pytest.mark.parametrize("anonymous", [False, True], ids=["named", "anonymous"])
async def test_of_what_another_pollbot_keeps_nobody_hears_that_it_is_not_kept(
    house: House, cluster: Cluster, databases: Databases, other_role: str, *, anonymous: bool
) -> None:
    """Whatever stands between Slack and them brings what failed at one to another one."""
    place = Server(databases.at(ONE).address.replace("pollbot@", f"{other_role}@"))
    with_one = house.program(database=databases.at(ONE), encryption_keys=KEY)
    with_other = house.program(database=place, encryption_keys=KEY)
    async with with_one as healthy, with_other:
        card = await poll(house, f"{'anonymous' if anonymous else ''} {LUNCH}")
        cluster.run(f"ALTER ROLE {other_role} NOLOGIN")
        cluster.run(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{other_role}'"  # noqa: S608  a test's own name
        )

        failed = await house.slack.press(BEN, card.id, action(card, "Soup"))
        brought = house.slack.deliveries[-1]
        house.slack.events_url = url(healthy)
        kept = await house.slack.deliver(brought.body, kind=brought.kind)
        word = await house.told(BEN, "another pollbot on the same database may have kept it")

        assert (failed.status, kept.status) == (503, 200)
        assert "press a button again does no harm" in word.text
        await house.slack.until(lambda: "1 answer" in card.text, what="the card's count")
        assert not [said for said in house.words(BEN) if "nothing was saved" in said]
