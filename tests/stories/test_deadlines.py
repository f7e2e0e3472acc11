"""Ends hold by the clock."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from pollbot.sandbox.slack import Message
from tests.support.house import BEN, PLANNING, House, buttons, nothing_waits
from tests.support.polls import end_of, form_poll, poll

LATER = 10 * 365 * 86400.0


async def test_a_late_click_is_refused_and_the_card_loses_its_options(house: House) -> None:
    async with house.program(socket=True):
        await house.slack.command(
            BEN, PLANNING, "/poll", 'until 2029-01-01T10:00Z "Lunch?" "Pizza" "Soup"'
        )
        card = await house.card("Lunch?")
        soup = house.slack.click_body(BEN, card.id, "answer:1")
        house.clock.ahead = LATER

        answer = await house.slack.deliver(soup, kind="interactive")

        assert answer.status == 200
        await house.told(BEN, "is closed and takes no more answers, so nothing was changed")

    async with house.program(socket=True):
        await house.slack.until(lambda: "answer:1" not in buttons(card), what=f"{card.text}")
        assert "Soup. Nobody answered." in card.text


async def by_command(house: House) -> Message:
    ends_at = datetime.fromtimestamp(house.clock() + 63, UTC).isoformat(timespec="seconds")
    return await poll(house, f'until {ends_at} "Lunch?" "Pizza" "Soup"', user=BEN)


async def by_form(house: House) -> Message:
    return await form_poll(house, ends_in=180, user=BEN)


@pytest.mark.parametrize("make", [by_command, by_form], ids=lambda one: one.__name__)
async def test_a_card_loses_its_options_right_at_a_near_end(
    house: House, make: Callable[[House], Awaitable[Message]]
) -> None:
    async with house.program():
        card = await make(house)
        assert "answer:1" in buttons(card)
        house.clock.ahead += (end_of(card) or 0) - house.clock() - 2
        assert "answer:1" in buttons(card)
        await house.slack.until(
            lambda: "answer:1" not in buttons(card), timeout=4, what=f"a closed card: {card.text}"
        )


async def test_a_vote_meant_long_ago_is_not_cast(house: House) -> None:
    async with house.program(socket=True):
        await house.vote(BEN, "PLAT-12")
        await house.told(BEN, "kept for 24 hours")
    house.clock.ahead = 25 * 3600.0

    async with house.program(socket=True) as pollbot:
        await house.told(BEN, "it waited 24 hours")
        await house.connect(BEN)
        await nothing_waits(house, pollbot)

    assert sum("it waited 24 hours" in text for text in house.words(BEN)) == 1
    assert house.jira.votes("PLAT-12") == 7
