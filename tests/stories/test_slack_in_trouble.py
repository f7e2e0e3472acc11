"""Slack is slow, asks us to wait, answers nonsense: what people see, and how often."""

import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from itertools import pairwise

import pytest

from pollbot.sandbox.faults import Faults
from pollbot.sandbox.slack import Message, SlackStandIn
from pollbot.wiring import Pollbot
from tests.support import stored
from tests.support.house import ADA, BEN, CLEO, House, rest, shown
from tests.support.polls import answer, poll
from tests.support.schedules import lunch, next_at, schedule, until_due

HOUR = 3600.0
BUSY = {"ok": False, "error": "ratelimited"}


def asked(slack: SlackStandIn, method: str) -> int:
    """Return how often pollbot has called a method."""
    return sum(call.method == method for call in slack.calls)


def posted(house: House) -> list[Message]:
    """Return what schedules have posted."""
    return [m for m in house.slack.messages if "Scheduled by" in shown(m)]


# How long it asks us to wait


@pytest.mark.parametrize("value", ["999999999", "9" * 5000, "86400"], ids=len)
async def test_no_answer_of_slacks_freezes_the_cards_of_a_workspace(
    house: House, pollbot: Pollbot, value: str
) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    await rest(house, pollbot)
    house.slack.faults.fail_next("chat.update", 429, BUSY, {"Retry-After": value})
    house.slack.faults.fail_next("response_url", 404, "used_url", times=9)
    await answer(house, BEN, card, "Pizza")
    await house.slack.until(lambda: asked(house.slack, "chat.update") == 1, what="a try")
    await rest(house, pollbot)

    house.clock.ahead += 130

    await house.slack.until(lambda: "Pizza 1" in card.text, what="the card, two minutes later")


@pytest.mark.parametrize("value", ["999999999", "9" * 5000, "86400"], ids=len)
async def test_no_answer_of_slacks_holds_back_what_people_wait_for(
    house: House, pollbot: Pollbot, value: str
) -> None:
    await schedule(house, await lunch(house), every="daily", at="09:00")
    await house.connect(ADA)
    await rest(house, pollbot)
    for method in ("chat.postMessage", "response_url", "users.info", "views.publish"):
        house.slack.faults.fail_next(method, 429, BUSY, {"Retry-After": value})
    await until_due(house)
    await house.vote(ADA, "PLAT-12")
    await house.slack.open_home(ADA)
    await rest(house, pollbot)
    assert posted(house) == []

    for _ in range(3):
        house.clock.ahead += 65
        await rest(house, pollbot)

    assert len(posted(house)) == 1
    await house.told(ADA, "is counted")
    await house.slack.until(lambda: ADA in house.slack.homes, what="Home")


@pytest.mark.parametrize("value", ["999999999", "9" * 5000, "86400"], ids=len)
async def test_no_answer_of_jiras_holds_back_a_vote_for_longer_than_an_hour(
    house: House, pollbot: Pollbot, value: str
) -> None:
    await house.connect(ADA)
    house.jira.faults.fail_next("POST votes", 429, "", {"Retry-After": value})
    await house.vote(ADA, "PLAT-12")
    await house.told(ADA, "Queued")
    await rest(house, pollbot)

    house.clock.ahead += HOUR + 60

    await house.votes("PLAT-12", 8)
    await house.told(ADA, "is counted")


# Nonsense


@pytest.mark.parametrize(
    "body",
    [
        '{"ok": true, "x": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"ok": true, "x": ' + "9" * 5000 + "}",
        "<!doctype html><title>Maintenance</title>",
        '{"ok": true}',
    ],
    ids=["deep", "5,000 digits", "a page", "no ts"],
)
async def test_a_post_that_is_answered_with_nonsense_is_perhaps_there_and_comes_once(
    house: House, pollbot: Pollbot, body: str
) -> None:
    await schedule(house, await lunch(house), every="daily", at="09:00")
    await rest(house, pollbot)
    house.slack.faults.fail_next("chat.postMessage", 200, body)
    before = asked(house.slack, "chat.postMessage")

    await until_due(house)

    await house.told(ADA, "may be in its channel")
    house.clock.ahead += HOUR
    await rest(house, pollbot)
    assert not posted(house)
    assert asked(house.slack, "chat.postMessage") == before + 2, "the post, and the word about it"
    assert (await next_at(house) or 0) > house.clock()


async def test_a_receipt_that_is_answered_with_nonsense_comes_once_more_at_most(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(CLEO)
    await rest(house, pollbot)
    house.slack.faults.fail_next("response_url", 200, "<html>", times=20)
    before = len(house.slack.hook_posts)
    await house.vote(CLEO, "PLAT-12")

    for _ in range(20):
        await rest(house, pollbot)
        house.clock.ahead += 60

    assert len(house.slack.hook_posts) == before + 2


# A crowd of posts


async def crowd(house: House, channels: list[str]) -> None:
    """Leave a schedule for each of these channels, all due in the same second, in a minute."""
    async with house.program() as pollbot:
        await schedule(house, await lunch(house), every="daily", at="09:00")
        await rest(house, pollbot)
    house.clock.ahead += 120
    due = house.clock() + 60
    for channel in set(channels):
        house.slack.add_channel(channel, channel)
    with stored.opened(house.database) as db:
        (one,) = stored.by_column(db, "SELECT * FROM schedules")
        db.execute("DELETE FROM schedules")
        for place, channel in enumerate(channels):
            plan = json.loads(one["plan"]) | {"channel_id": channel}
            row = one | {"id": f"s{place}", "stamp": f"{place}", "plan": json.dumps(plan)}
            stored.insert(db, "schedules", row | {"next_at": due, "due_at": due})


def moments(house: House, channel: str = "") -> list[float]:
    """Return when schedules have posted."""
    return [
        call.at
        for call in house.slack.calls
        if call.method == "chat.postMessage"
        and call.answer.get("ok")
        and "Scheduled by" in str(call.args)
        and channel in (str(call.args["channel"]), "")
    ]


async def test_a_crowd_of_schedules_goes_as_fast_as_slack_takes_it_and_no_faster(
    house: House,
) -> None:
    house.slack.post_limits.burst = 1
    await crowd(house, [f"C0MANY{number}" for number in range(650)])
    began, looks = house.clock() + 60, asked(house.slack, "auth.test")
    async with house.program() as pollbot:
        await house.slack.until(lambda: len(moments(house)) == 650, 130, what="all posts")
        await rest(house, pollbot)

    assert [call for call in house.slack.calls if call.status == 429] == []
    went = sorted(moments(house))
    assert went[599] < began + 20, "as many as a minute takes go at once"
    assert went[-1] < began + 60 + 6
    assert asked(house.slack, "auth.test") < looks + 15, "no look at Slack for each of them"
    assert not [m for m in posted(house) if "late" in shown(m).lower()]


async def test_a_channel_gets_one_message_a_second(house: House) -> None:
    house.slack.post_limits.burst = 1
    await crowd(house, ["C0SAME"] * 8)
    began = house.clock() + 60
    async with house.program() as pollbot:
        await house.slack.until(lambda: len(moments(house)) == 8, 90, what="all posts")
        await rest(house, pollbot)

    assert [call for call in house.slack.calls if call.status == 429] == []
    went = sorted(moments(house))
    assert all(later >= first + 1 for first, later in pairwise(went))
    assert went[-1] < began + 7 + 5


def down(faults: Faults) -> None:
    faults.mode = "down"


def failing(faults: Faults) -> None:
    for name in ("auth.test", "chat.postMessage"):
        faults.fail_next(name, 503, {"ok": False, "error": "service_unavailable"}, times=1000)


@pytest.mark.parametrize("outage", [down, failing])
async def test_an_outage_brings_late_posts_and_no_doubt(
    house: House, outage: Callable[[Faults], None]
) -> None:
    channels = [f"C0MANY{number}" for number in range(30)]
    await crowd(house, channels)
    async with house.program() as pollbot:
        await rest(house, pollbot)
        outage(house.slack.faults)
        house.clock.ahead += 61
        await rest(house, pollbot)
        assert moments(house) == []

        house.slack.faults.mode = "up"
        house.slack.faults._failures.clear()
        house.clock.ahead += 120

        await house.slack.until(lambda: len(moments(house)) == 30, 60, what="all posts")
        await rest(house, pollbot)
    assert not [word for word in house.words(ADA) if "may be" in word]
    assert house.rows("SELECT count(*) FROM outbox WHERE state <> 'sent'") == [(0,)]


@pytest.mark.parametrize("restarted", [False, True], ids=["running", "restarted"])
async def test_that_a_vote_has_expired_is_told_once_when_slack_takes_words_again(
    house: House, restarted: bool
) -> None:
    async with AsyncExitStack() as life:
        pollbot = await life.enter_async_context(house.program())
        await house.vote(BEN, "PLAT-12")
        await house.told(BEN, "needs your Jira account")
        await rest(house, pollbot)
        for method in ("response_url", "chat.postEphemeral", "chat.postMessage"):
            house.slack.faults.turn_away(method, BEN)
        house.clock.ahead += 86_400 + 60
        for _ in range(12):
            await rest(house, pollbot)
            house.clock.ahead += 60
        assert "it waited 24 hours" not in str(house.words(BEN))
        if restarted:
            await life.aclose()
            pollbot = await life.enter_async_context(house.program())
            await rest(house, pollbot)

        house.slack.faults.let_go()
        house.clock.ahead += 120

        await house.told(BEN, "it waited 24 hours")
        await rest(house, pollbot)
        assert str(house.words(BEN)).count("it waited 24 hours") == 1
