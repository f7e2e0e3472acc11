"""Shortcuts: what can be begun from the menu of a message, or from Slack's own search."""

import json
from typing import Any

import pytest

from pollbot.sandbox.slack import Message, View
from tests.support.house import ADA, BEN, LEADS, PLANNING, House, buttons
from tests.support.team_voice import in_time, words

VOTE_HERE, MAKE_POLL = "vote_on_mentioned", "make_poll"


def under(house: House, message: Message) -> list[Message]:
    """Return what pollbot posted in the message's thread."""
    return [
        one
        for one in house.slack.messages
        if one.thread_ts == message.ts and one.user == house.slack.bot_user_id
    ]


async def card_under(house: House, message: Message) -> Message:
    return await house.slack.until(
        lambda: next(iter(under(house, message)), None),
        what=f"a card, instead of {house.words(ADA)}",
    )


def controls(card: Message) -> list[dict[str, Any]]:
    return [one for block in card.blocks for one in block.get("elements", [])]


async def window(house: House, user: str, part: str) -> View:
    return await house.slack.until(
        lambda: next(
            (
                view
                for view in house.slack.stack_of(user)[-1:]
                if part in json.dumps(view.view, ensure_ascii=False)
            ),
            None,
        ),
        what=f"a window with “{part}”, instead of {house.words(user)}",
    )


# Vote on these issues


@pytest.mark.parametrize(
    "text",
    [
        "PLAT-12 comes back again and again",
        "See <{site}/browse/PLAT-12|this> please, and no phase-2 or UTF-8 of it",
        "{site}/browse/plat-12 and <https://elsewhere.example/browse/ABC-1>",
        "(PLAT-12), *PLAT-12* and again plat-12",
    ],
)
@pytest.mark.usefixtures("pollbot")
async def test_one_issue_becomes_its_card_in_the_thread(house: House, text: str) -> None:
    await house.connect(ADA)
    message = house.slack.say(BEN, PLANNING, text.format(site=house.jira.site_url))

    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))

    card = await card_under(house, message)
    assert card.text.startswith("PLAT-12: Export")
    assert set(buttons(card).values()) >= {"Vote", "Withdraw"}
    in_time(await house.slack.press(BEN, card.id, "vote"))
    await house.told(BEN, "pollbot needs your Jira account once")


@pytest.mark.usefixtures("pollbot")
async def test_several_issues_become_a_ballot_in_the_thread(house: House) -> None:
    await house.connect(ADA)
    first = house.slack.say(BEN, PLANNING, "Which first?")
    message = house.slack.say(BEN, PLANNING, "PLAT-13 or PLAT-12? NOPE-1?", thread_ts=first.ts)

    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))

    card = await card_under(house, first)
    assert card.text.startswith("Vote on these issues – PLAT-13 Dark mode")
    assert "PLAT-12" in card.text
    assert "NOPE-1" not in json.dumps(card.blocks)
    vote = next(one for one in controls(card) if '"PLAT-13"' in one["value"])
    in_time(await house.slack.press(ADA, card.id, "vote", value=vote["value"]))
    await house.votes("PLAT-13", 1)


@pytest.mark.usefixtures("pollbot")
async def test_what_is_voted_on_shows_on_the_ballot(house: House) -> None:
    await house.connect(ADA)
    message = house.slack.say(BEN, PLANNING, "PLAT-13 and PLAT-12")
    await house.slack.shortcut(ADA, VOTE_HERE, message.id)
    card = await card_under(house, message)

    await house.vote(ADA, "PLAT-13")

    await house.slack.until(
        lambda: "PLAT-13 Dark mode (1 vote)" in card.text, what=f"the vote on {card.text}"
    )


@pytest.mark.usefixtures("pollbot")
async def test_a_thread_is_read_where_the_app_may(house: House) -> None:
    await house.connect(ADA)
    house.slack.channels[PLANNING].app_is_member = True
    message = house.slack.say(BEN, PLANNING, "What do we do next?")
    house.slack.say(BEN, PLANNING, "PLAT-13, I say", thread_ts=message.ts)
    house.slack.say(ADA, PLANNING, "no, PLAT-12", thread_ts=message.ts)

    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))

    card = await card_under(house, message)
    assert "PLAT-13" in card.text
    assert "PLAT-12" in card.text


@pytest.mark.parametrize("why", ["no scope", "no member"])
@pytest.mark.usefixtures("pollbot")
async def test_a_thread_that_cannot_be_read_is_said_where_nothing_else_names_an_issue(
    house: House, why: str
) -> None:
    if why == "no scope":
        house.slack.channels[PLANNING].app_is_member = True
        for scope in ("channels:history", "groups:history"):
            house.slack.tokens.bot_scopes.remove(scope)
    message = house.slack.say(BEN, PLANNING, "What do we do next?")
    house.slack.say(BEN, PLANNING, "PLAT-13, I say", thread_ts=message.ts)

    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))

    await house.told(ADA, "Slack does not let pollbot read its thread")
    assert under(house, message) == []


@pytest.mark.parametrize(
    "text", ["Nothing of Jira's", "<https://elsewhere.example/browse/ABC-1>", "UTF-8", ""]
)
@pytest.mark.usefixtures("pollbot")
async def test_a_message_without_issues_is_said_as_that(house: House, text: str) -> None:
    message = house.slack.say(BEN, PLANNING, text)

    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))

    await house.told(ADA, "names no issue of your Jira")
    assert under(house, message) == []


@pytest.mark.usefixtures("pollbot")
async def test_issues_that_nobody_may_see_are_not_shown(house: House) -> None:
    message = house.slack.say(BEN, PLANNING, "NOPE-1 and NOPE-2")
    await house.connect(ADA)

    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))

    await house.told(ADA, "Jira knows none of the issues that this message names")
    assert under(house, message) == []


@pytest.mark.usefixtures("pollbot")
async def test_forty_keys_become_one_list_of_twenty(house: House) -> None:
    await house.connect(ADA)
    for number in range(100, 140):
        house.jira.add_issue(f"PLAT-{number}", f"Issue {number}")
    named = " ".join(f"PLAT-{number}" for number in range(100, 140))
    message = house.slack.say(BEN, PLANNING, named)

    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))

    card = await card_under(house, message)
    assert "PLAT-119" in card.text
    assert "PLAT-120" not in card.text
    assert "and 20 more" in card.text


@pytest.mark.usefixtures("pollbot")
async def test_the_same_shortcut_twice_posts_one_card(house: House) -> None:
    await house.connect(ADA)
    message = house.slack.say(BEN, PLANNING, "PLAT-13 and PLAT-12")
    await house.slack.shortcut(ADA, VOTE_HERE, message.id)
    await card_under(house, message)
    again = house.slack.deliveries[-1].body

    await house.slack.deliver(again, kind="interactive")
    await house.vote(ADA, "PLAT-12")
    await house.votes("PLAT-12", 8)

    assert len(under(house, message)) == 1


@pytest.mark.usefixtures("pollbot")
async def test_jira_away_delays_the_list_and_says_so(house: House) -> None:
    await house.connect(ADA)
    message = house.slack.say(BEN, PLANNING, "PLAT-13 and PLAT-12")
    house.jira.faults.mode = "down"
    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))
    await house.told(ADA, "appears by itself as soon as Jira is back")

    house.jira.faults.mode = "up"
    house.clock.ahead += 60

    card = await card_under(house, message)
    assert "PLAT-13" in card.text


async def test_a_list_that_was_asked_for_comes_after_a_restart(house: House) -> None:
    async with house.program():
        await house.connect(ADA)
        message = house.slack.say(BEN, PLANNING, "PLAT-13 and PLAT-12")
        house.jira.faults.mode = "down"
        await house.slack.shortcut(ADA, VOTE_HERE, message.id)
        await house.told(ADA, "as soon as Jira is back")
    house.jira.faults.mode = "up"
    house.clock.ahead += 60

    async with house.program():
        card = await card_under(house, message)

    assert "PLAT-12" in card.text


@pytest.mark.usefixtures("pollbot")
async def test_in_a_private_channel_without_the_app_the_answer_is_a_way(house: House) -> None:
    await house.connect(ADA)
    message = house.slack.say(BEN, LEADS, "PLAT-13 and PLAT-12")

    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))

    card = await card_under(house, message)
    assert card.channel == LEADS


# Vote on an issue


@pytest.mark.usefixtures("pollbot")
async def test_an_issue_is_named_in_a_form_and_voted_on(house: House) -> None:
    await house.connect(ADA)
    in_time(await house.slack.shortcut(ADA, "vote_on_issue"))
    form = await window(house, ADA, "Vote on an issue")

    in_time(await house.slack.submit(ADA, form.id, {"issue": {"value": " plat-12 "}}))

    await house.votes("PLAT-12", 8)
    await window(house, ADA, "Your vote on PLAT-12 is on its way")
    await house.told(ADA, "is counted in Jira. It has 8 votes now.")


@pytest.mark.parametrize(
    ("typed", "why"),
    [("nothing of Jira's", "no issue"), ("PLAT-12 PLAT-13", "One issue at a time")],
)
@pytest.mark.usefixtures("pollbot")
async def test_what_is_no_issue_is_said_at_its_field(house: House, typed: str, why: str) -> None:
    await house.connect(ADA)
    await house.slack.shortcut(ADA, "vote_on_issue")
    form = await window(house, ADA, "Vote on an issue")

    answer = await house.slack.submit(ADA, form.id, {"issue": {"value": typed}})

    assert why in words(answer)
    assert house.slack.stack_of(ADA)[-1].id == form.id
    assert house.jira.votes("PLAT-12") == 7


# New poll, and Make this a poll


@pytest.mark.usefixtures("pollbot")
async def test_a_poll_is_begun_anywhere_and_says_where_it_goes(house: House) -> None:
    in_time(await house.slack.shortcut(ADA, "new_poll"))
    form = await window(house, ADA, "create_poll")

    in_time(
        await house.slack.submit(
            ADA,
            form.id,
            {
                "title": {"value": "Lunch?"},
                "option:1": {"value": "Pizza"},
                "option:2": {"value": "Soup"},
                "channel": {"value": PLANNING},
            },
        )
    )

    await house.card("Lunch?")


@pytest.mark.usefixtures("pollbot")
async def test_a_message_becomes_a_poll_under_it(house: House) -> None:
    text = "Team, I wonder.\nWhere do we eat &lt;today&gt;?\n• Pizza\n• Soup &amp; salad\n• Pizza"
    message = house.slack.say(BEN, PLANNING, text)

    in_time(await house.slack.shortcut(ADA, MAKE_POLL, message.id))
    form = await window(house, ADA, "Where do we eat <today>?")
    in_time(await house.slack.submit(ADA, form.id, {}))

    card = await card_under(house, message)
    assert "Where do we eat" in card.text
    assert "Team, I wonder." in json.dumps(card.blocks)
    answers = [name for name in buttons(card).values() if name in ("Pizza", "Soup &amp; salad")]
    assert "Pizza" in answers


@pytest.mark.usefixtures("pollbot")
async def test_a_poll_from_a_message_that_goes_elsewhere_hangs_in_no_thread(house: House) -> None:
    message = house.slack.say(ADA, LEADS, "Lunch?\n- Pizza\n- Soup")
    await house.slack.shortcut(ADA, MAKE_POLL, message.id)
    form = await window(house, ADA, "Lunch?")

    in_time(await house.slack.submit(ADA, form.id, {"channel": {"value": PLANNING}}))

    card = await house.card("Lunch?")
    assert card.thread_ts is None


@pytest.mark.usefixtures("pollbot")
async def test_a_question_without_a_list_leaves_the_options_to_fill_in(house: House) -> None:
    message = house.slack.say(BEN, PLANNING, "Shall we? - I do not know")

    in_time(await house.slack.shortcut(ADA, MAKE_POLL, message.id))

    form = await window(house, ADA, "Shall we? - I do not know")
    answer = await house.slack.submit(ADA, form.id, {})
    assert "at least 2" in words(answer) or "two" in words(answer)


@pytest.mark.usefixtures("pollbot")
async def test_a_message_without_words_and_a_poll_make_no_poll(house: House) -> None:
    empty = house.slack.say(BEN, PLANNING, "")
    await house.slack.command(ADA, PLANNING, "/poll", '"Lunch?" "Pizza" "Soup"')
    poll = await house.card("Lunch?")

    in_time(await house.slack.shortcut(ADA, MAKE_POLL, empty.id))
    await house.told(ADA, "That message has no words of its own")
    in_time(await house.slack.shortcut(ADA, MAKE_POLL, poll.id))
    await house.told(ADA, "That is a poll already")

    assert house.slack.stack_of(ADA) == []
