"""The largest polls that pollbot takes, from the command to the card that everybody answers on."""

import json

import pytest

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, PLANNING, House, rest, shown
from tests.support.polls import close, drawn, manage, reply

KINDS = {"letters": "x", "emoji": "🔥", "full-width": "課", "escapes": "<&>"}


def options(kind: str, count: int, length: int) -> list[str]:
    return [f"{n:03} {KINDS[kind] * length}"[:length] for n in range(count)]


async def large_poll(house: House, titles: list[str], words: str = "") -> Message:
    typed = " ".join(f'"{title}"' for title in titles)
    answer = await house.slack.command(ADA, PLANNING, "/poll", f'{words} "Which one?" {typed}')
    assert (answer.status, answer.body) == (200, ""), answer
    return await house.card("Which one?")


def select(card: Message) -> dict[str, object]:
    return next(
        element
        for block in card.blocks
        for element in [*block.get("elements", []), block.get("accessory", {})]
        if "options" in element
    )


@pytest.mark.parametrize("kind", KINDS)
async def test_a_poll_of_100_options_of_75_characters_is_posted_answered_and_announced(
    house: House, pollbot: Pollbot, kind: str
) -> None:
    card = await large_poll(house, options(kind, 100, 75))
    offered = json.loads(json.dumps(select(card)))["options"]
    first = [f"{n + 1}. {n:03} {KINDS[kind][0]}" for n in range(9)]
    assert [option["text"]["text"][:8] for option in offered[:9]] == first
    assert len(offered) == 100

    await house.slack.choose(BEN, card.id, "choose", offered[77]["value"])

    await house.slack.until(lambda: "1 · 100 %" in shown(card), what="the count on the card")
    assert "Which one?" in shown(card)
    window = await manage(house, BEN, card, "show_results", "099 ")
    assert all(f"{n:03} " in drawn(window) for n in range(100))
    await close(house, ADA, card)
    announced = await reply(house, card, "Closed")
    assert "1 · 100 %" in shown(announced)
    await rest(house, pollbot)
    refused = [call for call in house.slack.calls if call.answer.get("ok") is not True]
    assert refused == []
