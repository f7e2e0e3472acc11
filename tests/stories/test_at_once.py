"""Clicks at the same moment, on what a card showed before, and while Slack shows nothing."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, House, buttons, rest
from tests.support.polls import (
    BOUND,
    HOUR,
    action,
    add_option,
    answer,
    close,
    labels,
    poll,
    until,
)

OPTIONS = ["Pizza", "Soup", "Rice", "Salad", "Pasta"]
FIVE = " ".join(f'"{option}"' for option in OPTIONS)


async def pressed_at_once(house: House, card_id: str, user: str, actions: list[str]) -> None:
    bodies = [house.slack.click_body(user, card_id, one) for one in actions]
    told = await asyncio.gather(*(house.slack.deliver(body, kind="interactive") for body in bodies))
    assert {(one.status, one.error) for one in told} == {(200, None)}


@pytest.mark.parametrize(
    ("words", "stand"),
    [
        ("", 1),
        ("final", 1),
        ("anonymous", 1),
        ("multi max 2", 2),
        ("multi final max 2", 2),
        ("multi anonymous max 2", 2),
    ],
)
async def test_of_all_that_one_person_presses_at_once_as_much_stands_as_an_answer_takes(
    house: House, pollbot: Pollbot, words: str, stand: int
) -> None:
    card = await poll(house, f'{words} "Lunch?" {FIVE}')
    each = [action(card, option) for option in OPTIONS]

    await asyncio.gather(
        *(pressed_at_once(house, card.id, user, each) for user in (ADA, BEN, CLEO))
    )

    await rest(house, pollbot)
    kept = Counter(voter for (voter,) in house.rows("SELECT voter FROM answers"))
    assert sorted(kept.values()) == [stand] * 3
    await house.slack.until(lambda: "3 participants" in card.text, BOUND, what=card.text)
    house.clock.ahead += 30
    await rest(house, pollbot)
    told = [text for text in house.words(BEN) if "Your answer" in text]
    if not words:
        (chosen,) = house.rows("SELECT option_id FROM answers WHERE voter = ?", BEN)
        assert f"*{OPTIONS[int(*chosen) - 1]}*" in told[-1], "the last word to Ben is what stands"


async def test_a_click_on_what_a_card_showed_before_takes_nothing_from_it(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, 'addable "Lunch?" "Pizza" "Soup"')
    before = house.slack.click_body(CLEO, card.id, action(card, "Soup"))
    for option in ("Rice", "Salad"):
        await add_option(house, BEN, card, option)
    await answer(house, BEN, card, "Rice")
    await house.slack.until(lambda: "Rice 1" in card.text, BOUND, what=card.text)

    await house.slack.deliver(before, kind="interactive")

    await house.slack.until(lambda: "Soup 1" in card.text, BOUND, what=card.text)
    await rest(house, pollbot)
    assert "Rice 1" in card.text
    assert [*labels(card).values()][:4] == ["Pizza", "Soup", "Rice", "Salad"]


SHOWS_NOTHING: dict[str, tuple[dict[str, Any] | str, int, dict[str, str]]] = {
    "429": ({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "3"}),
    "500": ("", 500, {}),
    "no answer": ("", 0, {}),
    "internal_error": ({"ok": False, "error": "internal_error"}, 200, {}),
    "HTML": ("<html>busy</html>", 200, {}),
}


def shows_nothing(house: House, how: str, *ways: str) -> None:
    """Let Slack show nothing, on each of these ways, as often as each stands there."""
    body, status, headers = SHOWS_NOTHING[how]
    for way in ways:
        house.slack.faults.fail_next(way, status, body, headers)


@pytest.mark.parametrize("words", ["", "anonymous"])
@pytest.mark.parametrize("how", SHOWS_NOTHING)
async def test_who_sees_nothing_happen_and_presses_again_takes_nothing_back(
    house: House, pollbot: Pollbot, how: str, words: str
) -> None:
    card = await poll(house, f'{words} "Lunch?" {FIVE}')
    await rest(house, pollbot)
    shows_nothing(house, how, *["chat.update"] * 3, "response_url")
    for _ in range(2):
        await answer(house, BEN, card, "Soup")
    await rest(house, pollbot)
    assert len(house.rows("SELECT 1 FROM answers WHERE option_id = '2'")) == 1

    for _ in range(6):
        house.clock.ahead += 60
        await rest(house, pollbot)

    await house.slack.until(lambda: "1 participant" in card.text, BOUND, what=card.text)
    await house.told(BEN, "Soup")
    assert not [text for text in house.words(BEN) if "withdrawn" in text]


@pytest.mark.parametrize("by_hand", [True, False], ids=["by hand", "by its deadline"])
@pytest.mark.parametrize("how", SHOWS_NOTHING)
async def test_a_close_that_slack_does_not_show_at_first_is_shown_once_it_does(
    house: House, how: str, by_hand: bool
) -> None:
    async with house.program() as pollbot:
        ends = "" if by_hand else until(house, HOUR)
        card = await poll(house, f'{ends} "Lunch?" "Pizza" "Soup"')
        await answer(house, BEN, card, "Soup")
        await house.slack.until(lambda: "Soup 1" in card.text, BOUND, what=card.text)
        await rest(house, pollbot)
        shows_nothing(house, how, *["chat.update"] * 4)
        if by_hand:
            await close(house, ADA, card)
        else:
            house.clock.ahead += HOUR + 60
        await rest(house, pollbot)
        assert "answer:0" in buttons(card), "it looks open"
        await house.slack.press(CLEO, card.id, "answer:0")
        await house.told(CLEO, "is closed and takes no more answers")
    async with house.program() as pollbot:
        for _ in range(8):
            house.clock.ahead += 60
            await rest(house, pollbot)

        assert "answer:0" not in buttons(card)
        assert "Soup 1 (100 %)" in card.text
    assert house.rows("SELECT count(*) FROM answers") == [(1,)]
