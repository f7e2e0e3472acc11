"""What Slack lets nobody post in a channel: why, and the owner gets it, to pass it on."""

from collections.abc import Awaitable, Callable

import pytest

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.polls import close, hanging, manage, polls_listed, reply
from tests.schedules import (
    a_ballot,
    an_issue,
    form,
    line,
    lunch,
    press,
    schedule,
    top_issues,
    until_due,
)
from tests.support import ADA, PLANNING, House, buttons, rest, shown
from tests.team_voice import close_windows

DAY = 86400.0


async def results(house: House) -> None:
    await schedule(house, await lunch(house), every="daily", at="09:00")


async def a_poll(house: House) -> None:
    """Have a poll made anew each day."""
    await house.slack.command(ADA, PLANNING, "/poll", "")
    opened = await form(house, callback_id="create_poll")
    values = {
        "title": {"value": "Lunch?"},
        "option:1": {"value": "Pizza"},
        "option:2": {"value": "Soup"},
        "post_at": {"changed": int(house.clock() + DAY)},
        "repeat": {"changed": "daily"},
    }
    answer = await house.slack.submit(ADA, opened.id, values)
    assert answer.status == 200, answer
    if opened.id in house.slack.views:
        await house.slack.close(ADA, opened.id)


Make = Callable[[House], Awaitable[None]]
KINDS: dict[Make, tuple[str, ...]] = {
    results: ("*Lunch?*", "Pizza", "Soup", "for you to pass on"),
    an_issue: ("PLAT-12", "7 votes", "for you to pass on"),
    top_issues: ("Top voted issues", "PLAT-12", "7 votes", "for you to pass on"),
    a_ballot: ("Vote on these issues", "PLAT-12", "7 votes", "for you to pass on"),
    a_poll: ("Its poll *Lunch?* is made and kept", "`/poll list` offers to post it"),
}
INVITE = "`/invite @pollbot`"
CODES = {
    "not_in_channel": INVITE,
    "channel_not_found": INVITE,
    "is_archived": "that channel is archived. Choose another",
    "restricted_action": "an admin of your Slack has limited who may post there",
    "restricted_action_read_only_channel": "an admin of your Slack has limited who may post there",
    "messages_tab_disabled": "nobody there takes messages",
    "missing_scope": "its installation lacks a permission",
}
UNKNOWN = "never_heard_of_it"


async def paused(house: House, code: str) -> Message:
    """Let the schedule be refused at its due time; return what its owner is told."""
    refusal = {"ok": False, "error": code}
    house.slack.faults.fail_next("chat.postMessage", 200, refusal)
    await until_due(house)
    return await house.told(ADA, "Your schedule is paused")


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
async def test_the_owner_gets_what_could_not_be_posted(
    house: House, pollbot: Pollbot, make: Make, code: str
) -> None:
    await house.connect(ADA)
    await make(house)
    await rest(house, pollbot)

    told = await paused(house, code)
    await rest(house, pollbot)

    for part in (f"({code})", CODES[code], *KINDS[make]):
        assert part in shown(told)
    assert set(buttons(told)) == {"resume_schedule", "edit_schedule", "delete_schedule"}
    assert not [m for m in house.slack.messages if "Scheduled by" in shown(m)]
    assert "Paused: Slack does not let" in await line(house)


def invited(told: Message) -> bool:
    return "invite" in shown(told).split("for you to pass on")[0].lower()


@pytest.mark.parametrize("code", [*CODES, UNKNOWN])
async def test_a_copy_that_slack_does_not_post_says_why(
    house: House, pollbot: Pollbot, code: str
) -> None:
    card = await lunch(house)
    await close(house, ADA, card)
    await close_windows(house, ADA)
    await reply(house, card, "Closed")
    house.slack.faults.fail_next("chat.postMessage", 200, {"ok": False, "error": code})

    await manage(house, ADA, card, "copy_poll", "A copy of")

    told = await house.told(ADA, "was made, but its card could not be posted")
    assert f"({code})" in shown(told)
    assert CODES.get(code, "a reason that pollbot does not know") in shown(told)
    assert invited(told) is (CODES.get(code) == INVITE)
    await press(house, ADA, told, "Post it")
    await house.slack.until(lambda: len(hanging(house)) == 2, what="the card")


async def test_an_issues_card_that_slack_does_not_post_says_why(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    house.slack.faults.fail_next("chat.postMessage", 200, {"ok": False, "error": UNKNOWN})

    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")

    told = await house.told(ADA, "No card was posted")
    assert f"a reason that pollbot does not know ({UNKNOWN})" in shown(told)
    assert not invited(told)


async def test_the_poll_that_was_made_is_there_to_be_posted(house: House, pollbot: Pollbot) -> None:
    await a_poll(house)
    await paused(house, "not_in_channel")

    there = await polls_listed(house)

    assert "Lunch?" in str(there)


async def test_what_jira_does_not_tell_then_is_said_not_to_be_there(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    await top_issues(house)
    await rest(house, pollbot)
    house.slack.faults.fail_next("chat.postMessage", 200, {"ok": False, "error": "not_in_channel"})
    house.slack.faults.turn_away("chat.postMessage", ADA)
    await until_due(house)
    await rest(house, pollbot)
    house.jira.faults.mode = "down"

    house.slack.faults.let_go()
    house.clock.ahead += 60

    told = await house.told(ADA, "Your schedule is paused")
    assert "could not be read just now" in shown(told)
    assert "7 votes" not in shown(told)
