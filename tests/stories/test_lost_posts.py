"""A post whose answer is lost: it comes once more at most, and its owner hears what may be."""

from collections.abc import Awaitable, Callable

import pytest

from pollbot.sandbox.faults import Faults
from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, LEADS, PLANNING, House, rest, shown
from tests.support.polls import HOUR, action, answer, close, form_poll, poll, replies
from tests.support.schedules import lunch, schedule, until_due

LUNCH = '"Lunch?" "Pizza" "Soup"'


async def a_poll(house: House) -> str:
    await house.slack.command(ADA, PLANNING, "/poll", LUNCH)
    return "*Lunch?*"


async def an_issue(house: House) -> str:
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    return "PLAT-12"


async def a_poll_outside(house: House) -> str:
    await house.slack.command(ADA, LEADS, "/poll", LUNCH)
    return "*Lunch?*"


async def an_issue_outside(house: House) -> str:
    await house.slack.command(ADA, LEADS, "/votes", "PLAT-12")
    return "PLAT-12"


async def a_ballot(house: House) -> str:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/votes", "project = PLAT")
    return "a list of issues"


async def a_top_list(house: House) -> str:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/votes", "top PLAT")
    return "a list of issues"


def taken(faults: Faults, way: str, times: int) -> None:
    """Slack takes it each time, and its answer is lost."""
    faults.lose_next_answer(way, times)


def lost(faults: Faults, way: str, times: int) -> None:
    """Slack takes nothing, and nobody can know."""
    faults.fail_next(way, 0, times=times)


Ask = Callable[[House], Awaitable[str]]
Fault = Callable[[Faults, str, int], None]
FAULTS = pytest.mark.parametrize("fault", [taken, lost], ids=lambda fault: fault.__name__)


async def a_day_passes(house: House, pollbot: Pollbot) -> None:
    for pause in (1, 35, 35, 35, 120, HOUR, 20 * HOUR):
        house.clock.ahead += pause
        await rest(house, pollbot)


def cards(house: House) -> list[Message]:
    """Return the messages with a control to vote or to answer, in channels, and lists."""
    return [
        m
        for m in house.slack.messages
        if m.channel in (PLANNING, LEADS)
        and m.ephemeral_for is None
        and any(one in str(m.blocks) for one in ("'vote'", "'answer:0'", "'data_table'"))
    ]


@FAULTS
@pytest.mark.parametrize(
    ("ask", "way"),
    [
        (a_poll, "chat.postMessage"),
        (an_issue, "chat.postMessage"),
        (a_ballot, "chat.postMessage"),
        (a_top_list, "chat.postMessage"),
        (a_poll_outside, "response_url"),
        (an_issue_outside, "response_url"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
async def test_a_card_is_posted_once_more_at_most_and_who_asked_is_told(
    house: House, pollbot: Pollbot, ask: Ask, way: str, fault: Fault
) -> None:
    await house.connect(ADA)
    await rest(house, pollbot)
    fault(house.slack.faults, way, 2)

    title = await ask(house)
    await rest(house, pollbot)
    await a_day_passes(house, pollbot)

    assert len(cards(house)) == (2 if fault is taken else 0)
    told = [said for said in house.words(ADA) if "twice, once or not at all" in said]
    assert len(told) == 1
    assert title in told[0]
    for card in cards(house) if ask is not a_top_list else []:
        assert await house.slack.press(BEN, card.id, control(card))
    await rest(house, pollbot)
    for card in cards(house):
        if ask in (a_poll, a_poll_outside):
            assert "Pizza 1" in card.text, "each that hangs there is kept right"


def control(card: Message) -> str:
    return action(card, "Vote") if "PLAT-12" in card.text else action(card, "Pizza")


@FAULTS
async def test_one_lost_answer_is_no_news_to_anybody(
    house: House, pollbot: Pollbot, fault: Fault
) -> None:
    await rest(house, pollbot)
    fault(house.slack.faults, "chat.postMessage", 1)

    await a_poll(house)
    await rest(house, pollbot)
    await a_day_passes(house, pollbot)

    assert len(cards(house)) == (2 if fault is taken else 1)
    assert house.words(ADA) == []


async def test_a_card_that_was_pressed_meanwhile_is_there_and_not_posted_again(
    house: House, pollbot: Pollbot
) -> None:
    await rest(house, pollbot)
    taken(house.slack.faults, "chat.postMessage", 1)
    await a_poll(house)
    await house.slack.until(lambda: cards(house) != [], what="the card")

    await answer(house, BEN, cards(house)[0], "Pizza")
    await rest(house, pollbot)
    await a_day_passes(house, pollbot)

    (card,) = cards(house)
    assert "Pizza 1" in card.text
    assert house.words(ADA) == []


async def test_a_busy_slack_gets_the_card_as_soon_as_it_takes_it(
    house: House, pollbot: Pollbot
) -> None:
    await rest(house, pollbot)
    busy = {"ok": False, "error": "ratelimited"}
    house.slack.faults.fail_next("chat.postMessage", 429, busy, {"Retry-After": "30"}, times=4)

    await a_poll(house)
    await rest(house, pollbot)
    await a_day_passes(house, pollbot)

    assert len(cards(house)) == 1
    assert house.words(ADA) == []


# Announcements, schedules, reminders: once only


@FAULTS
async def test_an_announcement_comes_once_at_most_and_its_creator_is_told(
    house: House, pollbot: Pollbot, fault: Fault
) -> None:
    card = await poll(house, LUNCH)
    await rest(house, pollbot)
    house.clock.ahead += 2
    fault(house.slack.faults, "chat.postMessage", 1)

    await close(house, ADA, card)
    await rest(house, pollbot)
    await a_day_passes(house, pollbot)

    assert len(replies(house, card)) == (1 if fault is taken else 0)
    assert sum("It may be there or not" in said for said in house.words(ADA)) == 1


@FAULTS
async def test_a_scheduled_post_comes_once_at_most_and_its_owner_is_told(
    house: House, pollbot: Pollbot, fault: Fault
) -> None:
    await schedule(house, await lunch(house), every="weekly", at="09:00")
    await rest(house, pollbot)
    fault(house.slack.faults, "chat.postMessage", 1)

    await until_due(house)
    await rest(house, pollbot)
    await a_day_passes(house, pollbot)

    came = [m for m in house.slack.messages if "Scheduled by" in shown(m)]
    assert len(came) == (1 if fault is taken else 0)
    assert sum("may be in its channel" in said for said in house.words(ADA)) == 1


@FAULTS
async def test_reminders_come_once_at_most_and_the_creator_is_told_once_for_all(
    house: House, pollbot: Pollbot, fault: Fault
) -> None:
    await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    await rest(house, pollbot)
    fault(house.slack.faults, "chat.postMessage", 2)

    house.clock.ahead += 2 * HOUR
    for _ in range(20):
        house.clock.ahead += 35
        await rest(house, pollbot)

    reminded = [m for m in house.slack.messages if "you have not answered" in m.text]
    # The word about it is the second message of which the answer is lost, or a reminder is.
    assert len(reminded) in ((3,) if fault is taken else (1, 2))
    told = [said for said in house.words(ADA) if "may not have been reminded" in said]
    assert 1 <= len(told) <= 2
    assert "Lunch?" in told[0]
    assert house.rows("SELECT count(*) FROM outbox WHERE kind = 'perhaps_reminded'") == [(1,)]
