"""What people write to pollbot in a message: the words of commands, where none can be typed."""

from typing import Any

import pytest

from pollbot.sandbox.slack import Message, payloads
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, PLANNING, House, buttons, rest, shown

AT = "<@U0POLLBOT>"


async def thread(house: House) -> Message:
    return house.slack.say(BEN, PLANNING, "What of the export?")


def to_pollbot(house: House, user: str) -> str:
    """Return the channel in which the person and pollbot are alone."""
    return house.slack.direct_channel(user).id


async def named(house: House, user: str, words: str, under: Message | None = None) -> Message:
    ts = None if under is None else under.ts
    return await house.slack.share(user, PLANNING, f"{AT} {words}", ts)


async def test_a_vote_in_a_thread_is_answered_in_that_thread(house: House) -> None:
    house.slack.channels[PLANNING].app_is_member = True
    async with house.program():
        await house.connect(ADA)
        under = await thread(house)

        await named(house, ADA, "vote PLAT-12", under)

        await house.votes("PLAT-12", 8)
        told = await house.told(ADA, "is counted in Jira")
        assert (told.ephemeral_for, told.thread_ts) == (ADA, under.ts)


@pytest.mark.parametrize("words", ["votes PLAT-12", "/votes plat-12", "`/pollbot votes PLAT-12`"])
async def test_a_card_comes_to_the_thread_in_which_it_was_asked_for(
    house: House, words: str
) -> None:
    house.slack.channels[PLANNING].app_is_member = True
    async with house.program():
        await house.connect(ADA)
        under = await thread(house)

        await named(house, ADA, words, under)

        assert (await house.card("PLAT-12")).thread_ts == under.ts


async def test_a_poll_comes_to_the_thread_in_which_it_was_asked_for(house: House) -> None:
    house.slack.channels[PLANNING].app_is_member = True
    async with house.program():
        under = await thread(house)

        await named(house, ADA, 'poll "Lunch, &lt;3?" "Pizza" "Soup"', under)

        card = await house.card("Pizza")
        assert card.thread_ts == under.ts
        assert "Lunch, &lt;3?" in card.text


async def test_what_needs_a_form_comes_with_a_button_that_opens_it(house: House) -> None:
    house.slack.channels[PLANNING].app_is_member = True
    async with house.program():
        under = await thread(house)

        await named(house, ADA, "poll", under)
        told = await house.told(ADA, "opens a form")
        await house.slack.press(ADA, told.id, "words")

        form = await house.slack.until(
            lambda: next(iter(house.slack.stack_of(ADA)), None), what="the form"
        )
        assert "poll" in str(form.view["title"]).lower()
        assert under.ts in form.view["private_metadata"]


@pytest.mark.usefixtures("pollbot")
async def test_a_direct_message_does_what_the_command_does(house: House) -> None:
    await house.connect(ADA)
    here = to_pollbot(house, ADA)

    await house.slack.share(ADA, here, f"vote <{house.jira.site_url}/browse/PLAT-12>")
    await house.votes("PLAT-12", 8)
    told = await house.told(ADA, "is counted in Jira")
    await house.slack.share(ADA, here, "votes PLAT-13")

    assert told.ephemeral_for is None
    assert told.channel == here
    await house.card("PLAT-13", channel=here)


@pytest.mark.usefixtures("pollbot")
async def test_connect_in_a_direct_message_opens_the_form_by_a_button(house: House) -> None:
    await house.slack.share(ADA, to_pollbot(house, ADA), "connect")
    told = await house.told(ADA, "opens a form")
    assert buttons(told) == {"words": "Open the form"}

    await house.slack.press(ADA, told.id, "words")

    await house.slack.until(lambda: house.slack.stack_of(ADA), what="the form")


@pytest.mark.usefixtures("pollbot")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("help", "Vote on Jira issues"),
        ("vote", "PLAT-12"),
        ("vote nonsense", "nonsense"),
        ("hello there", "I do not know “hello”"),
        ("", "Vote on Jira issues"),
        ("pol", "`/pollbot poll`"),
    ],
)
async def test_what_is_not_understood_is_answered_in_words(
    house: House, words: str, said: str
) -> None:
    await house.slack.share(ADA, to_pollbot(house, ADA), words or AT)

    told = await house.told(ADA, "")
    assert said in shown(told)


async def test_a_name_in_the_middle_of_a_message_does_nothing(house: House) -> None:
    house.slack.channels[PLANNING].app_is_member = True
    async with house.program() as pollbot:
        await house.connect(ADA)

        await house.slack.share(ADA, PLANNING, f"vote PLAT-12, {AT}?")

        told = await house.told(ADA, "Nothing was done")
        await rest(house, pollbot)
        assert told.ephemeral_for == ADA
        assert house.jira.votes("PLAT-12") == 7


NOT_SAID_NOW: dict[str, dict[str, Any]] = {
    "an app": {"bot_id": "B0OTHER"},
    "pollbot": {"bot_id": "B0POLLBOT", "user": "U0POLLBOT"},
    "an edit": {"edited": {"user": ADA, "ts": "1.2"}},
    "a change": {"subtype": "message_changed", "hidden": True, "message": {"text": "vote PLAT-12"}},
    "a deletion": {"subtype": "message_deleted", "hidden": True},
    "an old app": {"subtype": "bot_message"},
    "nobody": {"user": None},
}


@pytest.mark.parametrize("odd", NOT_SAID_NOW.values(), ids=NOT_SAID_NOW.keys())
@pytest.mark.parametrize("kind", ["message", "app_mention"])
async def test_only_what_a_person_says_now_acts(
    house: House, pollbot: Pollbot, kind: str, odd: dict[str, Any]
) -> None:
    await house.connect(ADA)
    here = to_pollbot(house, ADA) if kind == "message" else PLANNING
    before = len(house.slack.messages)
    message = house.slack.say(ADA, here, f"{AT} vote PLAT-12")
    body = event(house, message, kind)
    body["event"] |= odd

    answer = await house.slack.deliver(body, kind="events_api")
    await rest(house, pollbot)

    assert answer.status == 200
    assert house.jira.votes("PLAT-12") == 7
    assert len(house.slack.messages) == before + 1, "and pollbot says nothing"


async def test_a_message_that_is_told_twice_acts_once(house: House, pollbot: Pollbot) -> None:
    message = house.slack.say(ADA, to_pollbot(house, ADA), 'poll "Lunch?" "Pizza" "Soup"')
    body = event(house, message, "message")

    for _ in range(2):
        await house.slack.deliver(body, kind="events_api")
    other = event(house, message, "message")
    other["event_id"] = "Ev0AGAIN"
    await house.slack.deliver(other, kind="events_api")
    await rest(house, pollbot)

    assert house.rows("SELECT count(*) FROM polls") == [(1,)]


def event(house: House, message: Message, kind: str) -> dict[str, Any]:
    what = {
        "type": kind,
        "channel": message.channel,
        "channel_type": "im" if kind == "message" else "channel",
        "ts": message.ts,
        "text": message.text,
    }
    return payloads.event(house.slack, ADA, what)


async def test_without_the_scopes_the_commands_work_as_before(house: House) -> None:
    house.slack.tokens.bot_scopes.remove("app_mentions:read")
    house.slack.tokens.bot_scopes.remove("im:history")
    async with house.program():
        await house.connect(ADA)

        await house.vote(ADA, "PLAT-12")

        await house.votes("PLAT-12", 8)
