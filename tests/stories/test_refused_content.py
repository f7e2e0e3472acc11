"""Slack refuses what is in a message: never told as the channel's fault, nor tried for ever."""

from collections.abc import Awaitable, Callable

import pytest

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, LEADS, PLANNING, House, letters, rest, shown
from tests.support.polls import HOUR, answer, close, form_poll, hanging, labels, poll, replies
from tests.support.schedules import lunch, press, schedule, until_due

CODES = ["msg_blocks_too_long", "invalid_blocks", "msg_too_long", "invalid_attachments"]
DAY = 24 * HOUR


def refuse(house: House, code: str, *methods: str, times: int = 1) -> None:
    """Have the next messages refused for what is in them."""
    for method in methods:
        # A response_url says it in plain text.
        by_url = method == "response_url"
        body = code if by_url else {"ok": False, "error": code}
        house.slack.faults.fail_next(method, 400 if by_url else 200, body, times=times)


def tries(house: House, method: str) -> int:
    return sum(call.method == method for call in house.slack.calls)


def about_the_channel(house: House) -> list[str]:
    """Return what anybody was told about a channel that does not let pollbot in."""
    return [
        m.text
        for m in house.slack.messages
        if "invite" in shown(m).lower() or "does not let pollbot" in shown(m)
    ]


async def days_pass(house: House, pollbot: Pollbot) -> None:
    for _ in range(3):
        house.clock.ahead += DAY
        await rest(house, pollbot)


@pytest.mark.parametrize("code", CODES)
async def test_a_card_that_never_came_is_told_once_and_comes_with_the_next_edit(
    house: House, pollbot: Pollbot, code: str
) -> None:
    refuse(house, code, "chat.postMessage")

    await house.slack.command(ADA, PLANNING, "/poll", '"Lunch?" "Pizza" "Soup"')

    told = await house.told(ADA, "Slack does not take what pollbot wants to show of *Lunch?*")
    await days_pass(house, pollbot)
    assert hanging(house) == []
    assert tries(house, "chat.postMessage") == 1
    assert about_the_channel(house) == []
    assert [text for text in house.words(ADA) if "does not take" in text] == [told.text]

    await edited(house, told, "Dinner?")

    card = await house.card("Dinner?")
    await answer(house, BEN, card, "Soup")
    await house.card("Soup 1")


async def edited(house: House, message: Message, title: str) -> None:
    """Press *Edit* in a message, and give the poll another question."""
    await press(house, ADA, message, "Edit")
    form = await house.slack.until(
        lambda: next(
            (v for v in house.slack.stack_of(ADA) if v.view["callback_id"] == "edit_poll"), None
        ),
        what="the form",
    )
    field = next(b for b in form.view["blocks"] if b.get("block_id") == "title")
    sent = await house.slack.submit(ADA, form.id, {"title": {field["element"]["action_id"]: title}})
    assert sent.status == 200, sent


async def test_a_card_that_never_came_does_not_come_beside_one_that_was_asked_for_anew(
    house: House, pollbot: Pollbot
) -> None:
    refuse(house, "msg_blocks_too_long", "chat.postMessage")
    await house.slack.command(ADA, PLANNING, "/poll", '"Lunch?" "Pizza" "Soup"')
    await house.told(ADA, "Slack does not take")

    await house.slack.command(ADA, PLANNING, "/poll", "list")
    await press(house, ADA, house.slack.visible_to(ADA, PLANNING)[-1], "Post here")
    card = await house.card("Lunch?")
    await answer(house, BEN, card, "Soup")
    await house.card("Soup 1")

    await rest(house, pollbot)
    assert hanging(house) == [card]


@pytest.mark.parametrize("code", CODES)
async def test_a_change_that_slack_refuses_is_told_once_over_restarts_and_the_next_one_is_shown(
    house: House, code: str
) -> None:
    async with house.program() as pollbot:
        card = await poll(house, '"Lunch?" "Pizza" "Soup"')
        await rest(house, pollbot)
        refuse(house, code, "chat.update", times=2)
        await answer(house, BEN, card, "Soup")
        told = await house.told(ADA, "Slack does not take")
        await rest(house, pollbot)
        before = tries(house, "chat.update")
        assert before == 1
    for _ in range(2):
        async with house.program() as pollbot:
            await days_pass(house, pollbot)
    assert tries(house, "chat.update") == before
    assert "Soup 1" not in card.text

    async with house.program() as pollbot:
        await answer(house, ADA, card, "Soup")
        await house.slack.until(lambda: tries(house, "chat.update") == before + 1, what="a try")
        await rest(house, pollbot)
        await answer(house, ADA, card, "Pizza")
        await house.card("Pizza 1")
        await rest(house, pollbot)

    assert [text for text in house.words(ADA) if "does not take" in text] == [told.text]
    assert about_the_channel(house) == []


async def test_where_the_app_is_no_member_the_way_of_a_click_is_refused_in_the_same_sense(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup"', channel=LEADS)
    await rest(house, pollbot)
    refuse(house, "invalid_blocks", "response_url", times=3)  # the card, and the receipt twice

    await answer(house, BEN, card, "Soup")

    told = await house.told(ADA, "Slack does not take")
    await rest(house, pollbot)
    assert "not the place" in told.text
    await answer(house, ADA, card, "Pizza")
    await house.card("Pizza 1", channel=LEADS)


async def test_a_card_of_an_issue_is_told_to_whoever_asked_for_it(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(BEN)
    refuse(house, "invalid_blocks", "chat.postMessage")

    await house.slack.command(BEN, PLANNING, "/votes", "PLAT-12")

    told = await house.told(BEN, "Slack does not take")
    assert "PLAT-12" in told.text
    await days_pass(house, pollbot)
    assert tries(house, "chat.postMessage") == 1
    assert about_the_channel(house) == []


@pytest.mark.parametrize("code", CODES)
async def test_a_schedule_is_paused_at_once_and_says_that_it_is_not_the_channel(
    house: House, pollbot: Pollbot, code: str
) -> None:
    await schedule(house, await lunch(house), every="daily", at="09:00", view="chart")
    await rest(house, pollbot)
    before = tries(house, "chat.postMessage")
    refuse(house, code, "chat.postMessage", times=3)

    await until_due(house)

    told = await house.told(ADA, "Your schedule is paused")
    assert f"({code}): it refuses the message itself, not the channel" in told.text
    await days_pass(house, pollbot)
    ways = 3  # the chart, the same in lines, and its words alone
    assert tries(house, "chat.postMessage") == before + ways + 1
    assert [text for text in letters(house, ADA) if "paused" in text] == [told.text]
    assert about_the_channel(house) == []


async def test_a_scheduled_card_is_not_posted_without_its_buttons(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    await schedule(house, await house.card("PLAT-12"), every="daily", at="09:00")
    await rest(house, pollbot)
    refuse(house, "invalid_blocks", "chat.postMessage")

    await until_due(house)

    await house.told(ADA, "Your schedule is paused")
    assert not [m for m in house.slack.messages if "Scheduled by" in shown(m)]


async def announced(house: House, pollbot: Pollbot, times: int) -> Message:
    """Close a poll while Slack refuses what is in the announcement; return its card."""
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    await answer(house, BEN, card, "Soup")
    await house.card("Soup 1")
    await rest(house, pollbot)
    refuse(house, "msg_blocks_too_long", "chat.postMessage", times=times)
    await close(house, ADA, card)
    return card


async def test_an_announcement_that_is_too_much_is_made_in_words(
    house: House, pollbot: Pollbot
) -> None:
    card = await announced(house, pollbot, 1)

    await rest(house, pollbot)

    (said,) = replies(house, card)
    assert "Soup 1 (100 %)" in said.text
    assert {block["text"]["type"] for block in said.blocks} == {"plain_text"}
    assert letters(house, ADA) == []


async def test_an_announcement_that_is_refused_in_words_too_is_told_to_the_creator(
    house: House, pollbot: Pollbot
) -> None:
    card = await announced(house, pollbot, 2)

    await house.told(ADA, "Slack does not take what pollbot wants to show of *Lunch?*")

    await days_pass(house, pollbot)
    assert replies(house, card) == []
    assert about_the_channel(house) == []


async def test_a_reminder_that_is_too_much_is_made_in_words(house: House, pollbot: Pollbot) -> None:
    await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    await rest(house, pollbot)
    refuse(house, "invalid_blocks", "chat.postMessage")

    house.clock.ahead += 2 * HOUR
    await house.slack.until(lambda: letters(house, ADA), what="a reminder")

    (told,) = letters(house, ADA)
    assert "you have not answered “Lunch?” yet" in told
    assert about_the_channel(house) == []


Asking = Callable[[House, Pollbot], Awaitable[object]]


async def my_answer(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    await answer(house, BEN, card, "Soup")
    await house.card("Soup 1")
    await rest(house, pollbot)
    refuse(house, "invalid_blocks", "response_url")
    await press(house, BEN, card, "My answer")


async def results(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    await answer(house, BEN, card, "Soup")
    await close(house, ADA, await house.card("Soup 1"))
    await house.slack.until(lambda: "Results" in labels(card).values(), what="a closed card")
    await rest(house, pollbot)
    refuse(house, "msg_blocks_too_long", "response_url")
    await press(house, BEN, card, "Results")


@pytest.mark.parametrize("ask", [my_answer, results])
async def test_who_is_told_something_gets_it_in_words_where_slack_takes_no_more(
    house: House, pollbot: Pollbot, ask: Asking
) -> None:
    await ask(house, pollbot)

    def in_words_only() -> bool:
        told = [m for m in house.slack.messages if m.ephemeral_for == BEN and "Soup" in m.text]
        return any(not labels(m) and "plain_text" in str(m.blocks) for m in told)

    await house.slack.until(in_words_only, what=f"words instead of {house.words(BEN)}")
    await rest(house, pollbot)
    assert about_the_channel(house) == []


async def test_a_form_that_slack_does_not_take_is_told_to_who_asked_for_it(
    house: House, pollbot: Pollbot
) -> None:
    refuse(house, "view_too_large", "views.open")

    await house.slack.command(ADA, PLANNING, "/poll", "")

    told = await house.told(ADA, "(view_too_large)")
    assert "not about the place" in told.text
