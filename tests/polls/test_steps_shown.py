"""On every surface an open anonymous poll moves in steps of three: between them nothing tells.

What a surface says is compared from answer to answer, but for how many have answered.
"""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pollbot.polls.results.blocks import RESULTS_VIEW
from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support.house import ADA, PLANNING, House, rest
from tests.support.polls import answer, drawn, manage, poll, window
from tests.support.schedules import listed, press, schedule
from tests.support.team_voice import by_default, card_says, close_windows, connect, team_voice

READERS = [f"U0READER{n}" for n in range(7)]
GIVEN = ["Pizza", "Soup", "Pizza", "Pizza", "Soup", "Soup", "Pizza"]
STEPS = [[0, 1], [2, 3, 4], [5, 6]]
"""Which of the answers are shown alike: none; the first three; the first six."""
TOTALS = re.compile(r"\d+ (answers?|participants?)")


def texts(value: Any) -> str:
    """Return all text of blocks or of a window."""
    return "\n".join(re.findall(r'"text": "((?:[^"\\]|\\.)*)"', json.dumps(value)))


def said_by(message: Message) -> str:
    return f"{message.text}\n{texts(message.blocks)}"


async def on_its_card(house: House, pollbot: Pollbot, card: Message) -> str:
    return texts(card.blocks)


async def in_its_notification(house: House, pollbot: Pollbot, card: Message) -> str:
    return card.text


async def in_the_window(house: House, pollbot: Pollbot, card: Message) -> str:
    view = await manage(house, ADA, card, "show_results", f'"callback_id": "{RESULTS_VIEW}"')
    said = texts(json.loads(drawn(view)))
    await close_windows(house, ADA)
    return said


async def in_the_list(house: House, pollbot: Pollbot, card: Message) -> str:
    return texts((await house.slack.command(ADA, PLANNING, "/poll", "list")).json)


async def by_the_lists_button(house: House, pollbot: Pollbot, card: Message) -> str:
    await house.slack.command(ADA, PLANNING, "/poll", "list")
    await press(house, ADA, house.slack.visible_to(ADA, PLANNING)[-1], "Results")
    await rest(house, pollbot)
    return said_by(house.slack.visible_to(ADA, PLANNING)[-1])


async def on_a_second_card(house: House, pollbot: Pollbot, card: Message) -> str:
    await house.slack.command(ADA, PLANNING, "/poll", "list")
    await press(house, ADA, house.slack.visible_to(ADA, PLANNING)[-1], "Post here")
    return await newest(house, pollbot, card)


async def in_a_scheduled_post(house: House, pollbot: Pollbot, card: Message) -> str:
    if not house.rows("SELECT 1 FROM schedules"):
        await schedule(house, card, every="daily", at="09:00")
    house.clock.ahead += 2.0
    await press(house, ADA, await listed(house), "Run now")
    return await newest(house, pollbot, card)


async def in_my_answer(house: House, pollbot: Pollbot, card: Message) -> str:
    await press(house, READERS[0], card, "My answer")
    await rest(house, pollbot)
    return said_by(house.slack.visible_to(READERS[0], PLANNING)[-1])


async def newest(house: House, pollbot: Pollbot, card: Message) -> str:
    """Return what the newest message of all says that is not the first card."""

    def there() -> Message | None:
        posts = [m for m in house.slack.messages if m.ephemeral_for is None and m.id != card.id]
        return posts[-1] if posts else None

    await rest(house, pollbot)
    return said_by(await house.slack.until(there, 10, what="a post"))


Surface = Callable[[House, Pollbot, Message], Awaitable[str]]
SURFACES: list[tuple[Surface, str]] = [
    (on_its_card, ""),
    (in_its_notification, ""),
    (in_the_window, ""),
    (in_the_list, ""),
    (by_the_lists_button, ""),
    (on_a_second_card, ""),
    (in_a_scheduled_post, ""),
    (in_my_answer, "aftervote"),
    (on_its_card, "percent"),
    (in_a_scheduled_post, "percent"),
]


@pytest.mark.parametrize(
    ("surface", "words"), SURFACES, ids=lambda one: getattr(one, "__name__", one)
)
async def test_no_surface_tells_of_fewer_than_three_people(
    house: House, pollbot: Pollbot, surface: Surface, words: str
) -> None:
    for user in READERS:
        house.slack.add_person(user, user)
    card = await poll(house, f'anonymous {words} "Lunch?" "Pizza" "Soup"')
    told = []
    for user, option in zip(READERS, GIVEN, strict=True):
        await answer(house, user, card, option)
        house.clock.ahead += 2.0
        await rest(house, pollbot)
        told.append(TOTALS.sub("-", await surface(house, pollbot, card)))

    alike = [{told[place] for place in step} for step in STEPS]
    assert [len(one) for one in alike] == [1, 1, 1], told
    # The list says only how many have answered.
    assert len(set.union(*alike)) == (1 if surface is in_the_list else 3), told
    await manage(house, ADA, card, "close_poll", "takes no more answers")
    house.clock.ahead += 2.0
    exact = "Pizza 57 %" if words == "percent" else "Pizza 4 (57 %)"
    await house.slack.until(lambda: exact in card.text, 10, what=f"{exact}: {card.text}")


@pytest.mark.parametrize(
    ("surface", "words", "answered"),
    [(on_its_card, "", 1), (in_the_window, "", 1), (in_my_answer, "aftervote", 3)],
    ids=["on its card", "in the window", "to who has answered"],
)
async def test_comments_that_stood_while_nothing_was_shown_are_not_shown_alone_later(
    house: House, pollbot: Pollbot, surface: Surface, words: str, answered: int
) -> None:
    for user in READERS:
        house.slack.add_person(user, user)
    card = await poll(house, f'anonymous comments {words} "Lunch?" "Pizza" "Soup"')
    readers, authors = READERS[:3], READERS[3:6]
    for user in readers[:answered]:
        await answer(house, user, card, "Pizza")
    for user in authors:
        await comment(house, user, card, f"So says {user}.")
    house.clock.ahead += 2.0
    await rest(house, pollbot)
    assert "So says" not in card.text + texts(card.blocks)

    for user in authors[1:]:
        await comment(house, user, card, "")
    for user in readers[answered:]:
        await answer(house, user, card, "Pizza")
    house.clock.ahead += 2.0
    await rest(house, pollbot)

    told = await surface(house, pollbot, card)
    assert "100 %" in told
    assert "So says" not in told
    for user in authors[1:]:
        await comment(house, user, card, f"So says {user}.")
    house.clock.ahead += 2.0
    await rest(house, pollbot)
    told = await surface(house, pollbot, card)
    assert [user for user in authors if f"So says {user}." in told] == authors


async def comment(house: House, user: str, card: Message, words: str) -> None:
    """Say something about one's answer, or take that back with no words."""
    await press(house, user, card, "Comment")
    form = await window(house, user, '"callback_id": "comment_poll"')
    said = await house.slack.submit(user, form.id, {"comment": {"value": words}})
    assert (said.status, said.error) == (200, None), said
    await close_windows(house, user)


async def test_what_is_read_back_from_jira_moves_in_steps_too_and_nothing_is_written_there(
    house: House,
) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)) as pollbot:
        for user in READERS:
            house.slack.add_person(user, user)
        await connect(house, ADA)
        card = await poll(house, 'PLAT-12 anonymous "Lunch?" "Pizza" "Soup"')
        await answer(house, READERS[0], card, "Soup")
        told: list[str] = []
        [kept] = voice.polls.values()
        for reader, option in zip(READERS, GIVEN, strict=True):
            voice.answer_inside(kept.id, f"acc-{reader}", "1" if option == "Pizza" else "2")
            house.clock.ahead += 400.0
            await press(house, READERS[1], card, "My answer")
            await rest(house, pollbot)
            await card_says(house, card, f"{len(told) + 2} answers")
            told.append(re.sub(r"\d+ in (Slack|Jira)", "-", TOTALS.sub("-", card.text)))

        alike = [{told[place] for place in step} for step in STEPS]
        assert [len(one) for one in alike] == [1, 1, 1], told
        assert len(set.union(*alike)) == 3, told
        written = [call.body for call in voice.calls if call.method in ("POST", "PUT")]
        assert len(written) == 1, "the poll itself"
        assert house.jira.comments("PLAT-12") == []
