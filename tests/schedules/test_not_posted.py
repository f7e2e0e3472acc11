"""What Slack lets nobody post in a channel: why, and the owner gets it, to pass it on."""

from collections.abc import Awaitable, Callable

import pytest

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support import stored
from tests.support.house import ADA, BEN, PLANNING, House, buttons, letters, rest, shown
from tests.support.polls import (
    HOUR,
    all_of,
    answer,
    close,
    form_poll,
    hanging,
    manage,
    poll,
    polls_listed,
    reply,
    until,
)
from tests.support.schedules import (
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
from tests.support.team_voice import close_windows

MINUTE = 60.0
DAY = 86400.0


async def results(house: House) -> None:
    await schedule(house, await lunch(house), every="daily", at="09:00")


async def a_poll(house: House) -> None:
    """Have a poll made anew each day."""
    await house.slack.command(ADA, PLANNING, "/poll", "")
    opened = await all_of(house, await form(house, callback_id="create_poll"))
    values = {
        "title": {"value": "Lunch?"},
        "options": {"value": "Pizza\nSoup"},
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
    top_issues: ("Top voted issues", "PLAT-12> · 7 · ", "for you to pass on"),
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


async def test_a_reason_that_an_older_version_kept_in_words_is_told_as_it_is(
    house: House,
) -> None:
    async with house.program() as pollbot:
        await results(house)
        await rest(house, pollbot)
        await paused(house, "not_in_channel")
        await rest(house, pollbot)
    (kept,) = house.rows("SELECT why FROM schedules")
    assert "Slack does not let" not in kept[0], "what happened is kept, and not how it is told"
    with stored.opened(house.database) as db:
        db.execute("UPDATE schedules SET why = 'That channel is *archived*. Choose another one.'")

    async with house.program():
        assert "Paused: That channel is *archived*. Choose another one." in await line(house)


def invited(told: Message) -> bool:
    return "invite" in shown(told).lower()


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


# Words under a card

Word = Callable[[House, Pollbot], Awaitable[None]]


async def an_end(house: House, pollbot: Pollbot) -> None:
    """Have a poll that was answered close by its deadline."""
    card = await poll(house, f'{until(house, 2 * HOUR)} "Lunch?" "Pizza" "Soup"')
    await answer(house, BEN, card, "Soup")
    await house.card("1 answer")
    await rest(house, pollbot)
    house.clock.ahead += 2 * HOUR


async def a_reminder(house: House, pollbot: Pollbot) -> None:
    """Have the time come at which the channel of a poll is reminded as one."""
    await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    await rest(house, pollbot)
    house.slack.faults.fail_next(
        "conversations.members", 200, {"ok": False, "error": "missing_scope"}, times=9
    )
    house.clock.ahead += 2 * HOUR


WORDS: dict[Word, tuple[str, ...]] = {
    an_end: ("Not announced in <#C0PLANNING>", "*Lunch?*", "Soup", "for you to pass on"),
    a_reminder: ("*Lunch?* closes", "remind anybody in <#C0PLANNING>", "please do it yourself"),
}


def refuse(house: House, code: str) -> None:
    house.slack.faults.fail_next("chat.postMessage", 200, {"ok": False, "error": code})


@pytest.mark.parametrize("code", [*CODES, UNKNOWN])
@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.__name__)
async def test_a_word_that_slack_does_not_take_is_told_with_what_helps(
    house: House, pollbot: Pollbot, word: Word, code: str
) -> None:
    await word(house, pollbot)
    refuse(house, code)
    await rest(house, pollbot)

    told = await house.told(ADA, "<#C0PLANNING>")
    said = shown(told) + told.text
    assert all(part in said for part in WORDS[word]), said
    assert CODES.get(code, f"a reason that pollbot does not know ({UNKNOWN})") in said
    assert invited(told) is (CODES.get(code) == INVITE)
    house.clock.ahead += HOUR / 2
    await rest(house, pollbot)
    assert len([text for text in letters(house, ADA) if "<#C0PLANNING>" in text]) == 1


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.__name__)
async def test_of_a_card_that_is_gone_nobody_hears_but_of_a_result(
    house: House, pollbot: Pollbot, word: Word
) -> None:
    await word(house, pollbot)
    before = letters(house, ADA)
    refuse(house, "message_not_found")

    await rest(house, pollbot)

    assert any(
        call.answer.get("error") == "message_not_found"
        for call in house.slack.calls
        if call.method == "chat.postMessage"
    )
    more = letters(house, ADA)[len(before) :]
    # What was to be said under the only card of a poll is for its creator to pass on.
    assert [one.partition(".")[0] for one in more] == ["Announced nowhere"] * (word is an_end)


async def test_where_slack_gives_an_unknown_reason_a_click_is_a_way_too(
    house: House, pollbot: Pollbot
) -> None:
    await poll(house, f'{until(house, 20 * MINUTE)} "Lunch?" "Pizza" "Soup"')
    card = await house.card("Lunch?")
    await answer(house, BEN, card, "Soup")
    await rest(house, pollbot)
    house.clock.ahead += 20 * MINUTE
    refuse(house, UNKNOWN)
    await rest(house, pollbot)

    assert any("Closed, by its deadline" in str(post.body) for post in house.slack.hook_posts)
    assert letters(house, ADA) == []


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
    assert "PLAT-12" not in shown(told)
