"""Cards that schedules post: every vote is on them, whenever it came, and they stay so."""

from collections.abc import Awaitable, Callable

import pytest

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, House, rest, shown
from tests.support.schedules import a_ballot, an_issue, until_due

Make = Callable[[House], Awaitable[None]]


CARDS = pytest.mark.parametrize("make", [a_ballot, an_issue], ids=lambda make: make.__name__)


async def scheduled(house: House) -> Message:
    """Return what was posted last by a schedule, once it is there."""

    def newest() -> Message | None:
        found = [m for m in house.slack.messages if "Scheduled by" in shown(m)]
        return found[-1] if found else None

    return await house.slack.until(newest, 10, what="a scheduled post")


def read(house: House) -> int:
    """Return how often Jira was asked for an issue, or for several."""
    return sum(c.method == "GET" or "search" in c.path for c in house.jira.calls)


def claimed(house: House) -> int:
    return len(house.rows("SELECT 1 FROM outbox WHERE kind = 'schedule' AND state = 'claimed'"))


@pytest.mark.parametrize("moment", [read, claimed], ids=["after the look", "after the claim"])
@CARDS
async def test_a_vote_that_is_counted_while_a_card_is_posted_is_on_it(
    house: House, pollbot: Pollbot, make: Make, moment: Callable[[House], int]
) -> None:
    for user in (ADA, BEN):
        await house.connect(user)
    await make(house)
    await rest(house, pollbot)
    house.slack.faults.mode = "slow"
    before = moment(house)
    await until_due(house)
    await house.slack.until(lambda: moment(house) > before, 20, what="a post under way")

    await house.vote(BEN, "PLAT-12")
    await house.votes("PLAT-12", 8)
    house.slack.faults.mode = "up"

    card = await scheduled(house)
    await rest(house, pollbot)
    await house.slack.until(lambda: "8 votes" in card.text, what=f"the vote on {card.text}")


@CARDS
async def test_a_card_is_drawn_once_if_nobody_votes(
    house: House, pollbot: Pollbot, make: Make
) -> None:
    await house.connect(ADA)
    await make(house)
    await until_due(house)

    card = await scheduled(house)
    await rest(house, pollbot)

    changed = [c for c in house.slack.calls if c.method == "chat.update"]
    assert not [c for c in changed if c.args["ts"] == card.ts]


@CARDS
async def test_a_card_whose_post_was_not_answered_is_kept_as_what_it_is(
    house: House, pollbot: Pollbot, make: Make
) -> None:
    for user in (ADA, BEN, CLEO):
        await house.connect(user)
    await make(house)
    await rest(house, pollbot)
    house.slack.faults.lose_next_answer("chat.postMessage")
    await until_due(house)
    card = await scheduled(house)
    await house.told(ADA, "may be in its channel")

    await press_vote(house, BEN, card)
    await house.slack.until(lambda: "8 votes" in card.text, what=f"the vote on {card.text}")
    await house.vote(CLEO, "PLAT-12")
    await house.slack.until(lambda: "9 votes" in card.text, what=f"the vote on {card.text}")

    assert "Scheduled by" in shown(card)
    assert sum("Scheduled by" in shown(m) for m in house.slack.messages) == 1


@CARDS
async def test_a_card_that_slack_did_not_take_leaves_nothing_behind(
    house: House, pollbot: Pollbot, make: Make
) -> None:
    await house.connect(ADA)
    await make(house)
    await rest(house, pollbot)
    hanging = house.rows("SELECT count(*) FROM cards")
    house.slack.faults.fail_next("chat.postMessage", 200, {"ok": False, "error": "ratelimited"})
    house.slack.faults.fail_next("chat.postMessage", 200, {"ok": False, "error": "ratelimited"})
    await until_due(house)

    card = await scheduled(house)
    await rest(house, pollbot)

    assert house.rows("SELECT count(*) FROM cards WHERE message_ts = ?", card.ts) == [(1,)]
    assert house.rows("SELECT count(*) - 1 FROM cards") == hanging


async def press_vote(house: House, user: str, card: Message) -> None:
    """Press *Vote* for PLAT-12 on a card."""
    value = next(
        element["value"]
        for block in card.blocks
        for element in block.get("elements", [])
        if element.get("action_id") == "vote" and "PLAT-12" in element["value"]
    )
    answer = await house.slack.press(user, card.id, "vote", value=value)
    assert answer.status == 200, answer
