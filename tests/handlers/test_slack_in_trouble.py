"""Slack is slow, asks us to wait, answers nonsense: what people see, and how often."""

import pytest

from pollbot.sandbox.slack import Message, SlackStandIn
from pollbot.wiring import Pollbot
from tests.polls import answer, poll
from tests.schedules import lunch, next_at, schedule, until_due
from tests.support import ADA, BEN, CLEO, House, rest, shown

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
