"""Shortcuts: what can be begun from the menu of a message, or from Slack's own search."""

import json
from typing import Any

import pytest

from pollbot.sandbox.slack import Message, View, payloads
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, LEADS, PLANNING, House, buttons, rest
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


@pytest.mark.parametrize("text", ["PLAT-13?", "What next?"])
@pytest.mark.parametrize(
    ("status", "answer", "why"),
    [
        (429, {"ok": False, "error": "ratelimited"}, "Slack asks pollbot to wait"),
        (503, {}, "Slack did not show pollbot the thread just now"),
        (200, {"ok": False, "error": "internal_error"}, "Slack did not show pollbot the thread"),
    ],
)
@pytest.mark.usefixtures("pollbot")
async def test_a_thread_that_slack_cannot_show_just_now_loses_no_issue(
    house: House, text: str, status: int, answer: dict[str, Any], why: str
) -> None:
    await house.connect(ADA)
    house.slack.channels[PLANNING].app_is_member = True
    message = house.slack.say(BEN, PLANNING, text)
    house.slack.say(BEN, PLANNING, "or PLAT-12", thread_ts=message.ts)
    seconds = {"Retry-After": "30"} if status == 429 else None
    house.slack.faults.fail_next("conversations.replies", status, answer, seconds)

    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))

    await house.told(ADA, why)
    assert under(house, message) == []
    house.clock.ahead += 40
    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))
    assert "PLAT-12" in (await card_under(house, message)).text


@pytest.mark.usefixtures("pollbot")
async def test_a_long_thread_is_read_to_its_end(house: House) -> None:
    await house.connect(ADA)
    house.slack.channels[PLANNING].app_is_member = True
    message = house.slack.say(BEN, PLANNING, "What next?")
    for number in range(230):
        house.slack.say(BEN, PLANNING, f"hm {number}", thread_ts=message.ts)
    house.slack.say(BEN, PLANNING, "PLAT-12 I say", thread_ts=message.ts)

    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))

    assert (await card_under(house, message)).text.startswith("PLAT-12")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("PLAT-13?", ["No card was posted for", "Then run `/votes` again."]),
        ("PLAT-13 or PLAT-12?", ["The list of issues was not posted", "Then ask for it again."]),
    ],
)
@pytest.mark.usefixtures("pollbot")
async def test_a_message_that_is_deleted_meanwhile_is_said_as_that(
    house: House, text: str, said: list[str]
) -> None:
    await house.connect(ADA)
    message = house.slack.say(BEN, PLANNING, text)
    body = payloads.message_shortcut(house.slack, ADA, message, VOTE_HERE)
    house.slack.delete(message)

    in_time(await house.slack.deliver(body, kind="interactive"))

    told = await house.told(ADA, "the message under which this was to hang is not there any more")
    assert "Choose another message, or the channel itself." in told.text
    assert all(part in told.text for part in said)


@pytest.mark.usefixtures("pollbot")
async def test_a_poll_whose_message_is_deleted_meanwhile_is_posted_from_what_is_told(
    house: House,
) -> None:
    message = house.slack.say(BEN, PLANNING, "Lunch?\n- Pizza\n- Soup")
    await house.slack.shortcut(ADA, MAKE_POLL, message.id)
    form = await window(house, ADA, "Lunch?")
    house.slack.delete(message)

    in_time(await house.slack.submit(ADA, form.id, {}))

    told = await house.told(ADA, "the message under which this was to hang is not there any more")
    post = next(name for name, label in buttons(told).items() if label == "Post it")
    in_time(await house.slack.press(ADA, told.id, post))
    assert (await house.card("Lunch?")).thread_ts is None


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


@pytest.mark.parametrize("keys", ["PLAT-12 PLAT-90 PLAT-13", "PLAT-90 PLAT-13 PLAT-12"])
@pytest.mark.usefixtures("pollbot")
async def test_two_keys_of_one_issue_count_once(house: House, keys: str) -> None:
    await house.connect(ADA)
    house.jira.move("PLAT-12", "PLAT-90")
    message = house.slack.say(BEN, PLANNING, keys)

    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))

    card = await card_under(house, message)
    assert card.text.count("PLAT-90") == card.text.count("PLAT-13") == 1
    assert "and 1 more" not in json.dumps(card.blocks)


@pytest.mark.parametrize(
    ("status", "rest"), [(400, 0), (403, 0), (404, 0), (410, 0), (500, 1), (503, 1)]
)
@pytest.mark.usefixtures("pollbot")
async def test_an_issue_that_jira_answers_oddly_keeps_no_other_away(
    house: House, status: int, rest: int
) -> None:
    await house.connect(ADA)
    message = house.slack.say(BEN, PLANNING, "PLAT-12, PLAT-13 and PLAT-7")
    house.jira.faults.fail_next("GET issue", status)

    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))

    card = await card_under(house, message)
    assert sum(key in card.text for key in ("PLAT-12", "PLAT-13", "PLAT-7")) == 2
    assert ("and 1 more" in json.dumps(card.blocks)) is bool(rest)


async def test_a_busy_jira_is_waited_for_so_that_no_issue_is_lost(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    message = house.slack.say(BEN, PLANNING, "PLAT-12 and PLAT-13")
    house.jira.faults.fail_next("GET issue", 429, headers={"Retry-After": "30"})

    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))
    await house.told(ADA, "Queued")
    await rest(house, pollbot)
    house.clock.ahead += 90

    card = await card_under(house, message)
    assert "PLAT-12" in card.text
    assert "PLAT-13" in card.text


@pytest.mark.usefixtures("pollbot")
async def test_where_jira_refuses_every_issue_it_is_said_that_nothing_is_posted(
    house: House,
) -> None:
    await house.connect(ADA)
    message = house.slack.say(BEN, PLANNING, "PLAT-12 and PLAT-13")
    house.jira.faults.fail_next("GET issue", 410, times=2)

    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))

    await house.told(ADA, "No card was posted")
    assert under(house, message) == []


# Vote on an issue


@pytest.mark.usefixtures("pollbot")
async def test_an_issue_is_named_in_a_form_and_voted_on(house: House) -> None:
    await house.connect(ADA)
    in_time(await house.slack.shortcut(ADA, "vote_on_issue"))
    form = await window(house, ADA, "Vote on an issue")

    in_time(await house.slack.submit(ADA, form.id, {"issue": {"pick_issue": " plat-12 "}}))

    await house.votes("PLAT-12", 8)
    await window(house, ADA, "Your vote on PLAT-12 is saved")
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

    answer = await house.slack.submit(ADA, form.id, {"issue": {"pick_issue": typed}})

    assert why in words(answer)
    assert house.slack.stack_of(ADA)[-1].id == form.id
    assert house.jira.votes("PLAT-12") == 7


@pytest.mark.usefixtures("pollbot")
async def test_what_the_form_says_is_true_without_an_account_too(house: House) -> None:
    await house.slack.shortcut(ADA, "vote_on_issue")
    form = await window(house, ADA, "Vote on an issue")

    in_time(await house.slack.submit(ADA, form.id, {"issue": {"pick_issue": "PLAT-12"}}))

    told = await window(house, ADA, "Your vote on PLAT-12 is saved")
    assert "way to Jira" not in json.dumps(told.view)
    await house.told(ADA, "pollbot needs your Jira account once")


@pytest.mark.usefixtures("pollbot")
async def test_a_form_in_no_channel_advises_no_link_of_a_channel(house: House) -> None:
    await house.slack.shortcut(ADA, "vote_on_issue")
    form = await window(house, ADA, "Vote on an issue")

    answer = await house.slack.submit(ADA, form.id, {"issue": {"pick_issue": "   "}})

    assert "Which issue? Nothing was changed. Give a key" in words(answer)
    assert "link this channel" not in words(answer)


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
                "options": {"value": "Pizza\nSoup"},
                "channel": {"value": PLANNING},
            },
        )
    )

    await house.card("Lunch?")
    told = await window(house, ADA, f"is created. Its card is on its way to <#{PLANNING}>.")
    assert "Lunch?" in json.dumps(told.view)


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
    answer = await house.slack.submit(ADA, form.id, {"options": {"value": "Yes"}})
    assert "at least 2" in words(answer)


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


@pytest.mark.parametrize(
    ("text", "question", "options"),
    [
        (":wave: Hello everybody\n:pizza: Which day?\nThanks", ":pizza: Which day?", []),
        (":wave: Hello\n:tada: It works\nThanks", ":wave: Hello", []),
        ("Lunch?\n:pizza: Pizza\n:ramen: Soup", "Lunch?", ["Pizza", "Soup"]),
        (":wave: Hi\n:pizza: Lunch?\n- Pizza\n- Soup", ":pizza: Lunch?", ["Pizza", "Soup"]),
        ("Lunch?\n:pizza: Only one", "Lunch?", []),
        ("```\nLunch?\n- Pizza\n- Soup\n```", "Lunch?", ["Pizza", "Soup"]),
        ("```Lunch?\n- Pizza\n- Soup```", "Lunch?", ["Pizza", "Soup"]),
        ("Lunch?\n```\n1. Pizza\n2. Soup\n```", "Lunch?", ["Pizza", "Soup"]),
        ("When?\n5. May\n12. May", "When?", ["5. May", "12. May"]),
        ("Who?\nJ. Smith\nM. Jones", "Who?", ["J. Smith", "M. Jones"]),
    ],
)
@pytest.mark.usefixtures("pollbot")
async def test_a_list_is_told_from_lines_that_only_look_like_one(
    house: House, text: str, question: str, options: list[str]
) -> None:
    message = house.slack.say(BEN, PLANNING, text)

    in_time(await house.slack.shortcut(ADA, MAKE_POLL, message.id))

    filled = filled_in(await window(house, ADA, "create_poll"))
    assert filled["title"] == question
    assert filled.get("options", "").splitlines() == options
    assert "```" not in json.dumps(filled)


@pytest.mark.usefixtures("pollbot")
async def test_what_is_cut_is_said_in_the_form(house: House) -> None:
    long = "Lunch?\n- " + "a" * 500 + "\n- " + "b" * 201 + "\n- " + "c" * 200 + "\n" + "d " * 1500
    message = house.slack.say(BEN, PLANNING, long)

    in_time(await house.slack.shortcut(ADA, MAKE_POLL, message.id))

    form = await window(house, ADA, "2 options of the message are cut: each takes 200 characters.")
    assert "The description is cut: it takes 2,000 characters." in json.dumps(form.view)
    filled = filled_in(form)
    lines = filled["options"].split("\n")
    assert [line[-2:] for line in lines] == ["a…", "b…", "cc"]
    assert {len(line) for line in lines} == {200}


@pytest.mark.usefixtures("pollbot")
async def test_a_list_that_is_too_long_for_any_poll_is_said_as_that(house: House) -> None:
    message = house.slack.say(BEN, PLANNING, "Q?\n" + "\n".join(f"- {i}" for i in range(120)))

    in_time(await house.slack.shortcut(ADA, MAKE_POLL, message.id))

    await house.told(ADA, "A poll takes at most 100 options; I found 120.")
    assert house.slack.stack_of(ADA) == []


# What a message is besides the words of its writer


MENU = {
    "from_url": "https://lunch.example/menu",
    "title": "Menu of PLAT-7",
    "title_link": "https://lunch.example/menu",
    "text": "Pizza for 5\n- Soup\n- PLAT-7",
}
SHARED = {
    "from_url": "https://sandbox.slack.example/archives/C1/p1",
    "is_msg_unfurl": True,
    "is_share": True,
    "text": "PLAT-13, then",
}


async def shortcut_on(house: House, message: Message, callback_id: str, **more: object) -> None:
    """Ada uses the shortcut on a message that has ``more`` to it than words."""
    body = payloads.message_shortcut(house.slack, ADA, message, callback_id)
    body["message"] |= more
    in_time(await house.slack.deliver(body, kind="interactive"))


def filled_in(form: View) -> dict[str, str]:
    """Return what a form says before anybody has typed, by its fields."""
    return {
        block["block_id"]: value
        for block in form.view["blocks"]
        if block["type"] == "input" and (value := block["element"].get("initial_value"))
    }


@pytest.mark.usefixtures("pollbot")
async def test_only_what_its_writer_said_becomes_a_poll(house: House) -> None:
    house.jira.anonymous_may_browse = True
    url = f"{house.jira.site_url}/browse/PLAT-12"
    message = await house.slack.share(BEN, PLANNING, f"Now, or later? {url}")
    await house.slack.until(lambda: message.unfurls, what="a preview")

    for more in ({}, {"attachments": [MENU]}):
        await shortcut_on(house, message, MAKE_POLL, **more)

        form = await window(house, ADA, "create_poll")
        assert filled_in(form) == {"title": f"Now, or later? {url}"}
        await house.slack.close(ADA, form.id)


@pytest.mark.parametrize(
    ("more", "question"),
    [
        ({"attachments": [{"title": "Deploy?", "text": "- now\n- later"}]}, "Deploy?"),
        (
            {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Deploy?"}}]},
            "Deploy?",
        ),
    ],
)
@pytest.mark.usefixtures("pollbot")
async def test_an_app_may_say_all_in_blocks_and_attachments(
    house: House, more: dict[str, Any], question: str
) -> None:
    message = house.slack.say(BEN, PLANNING, "")

    await shortcut_on(house, message, MAKE_POLL, bot_id="B0CI", **more)

    form = await window(house, ADA, "create_poll")
    assert filled_in(form)["title"] == question


@pytest.mark.parametrize(
    ("attachment", "also"),
    [
        (MENU, None),
        ({**MENU, "from_url": "{site}/browse/PLAT-13"}, "PLAT-13"),
        (SHARED, "PLAT-13"),
        ({"title": "Build", "fields": [{"title": "Ticket", "value": "PLAT-13"}]}, "PLAT-13"),
        ({"actions": [{"type": "button", "text": "Go", "value": "PLAT-7"}]}, None),
        ({"blocks": [{"type": "actions", "elements": [{"value": "PLAT-7"}]}]}, None),
    ],
)
@pytest.mark.usefixtures("pollbot")
async def test_attachments_name_issues_but_previews_only_by_their_links(
    house: House, attachment: dict[str, Any], also: str | None
) -> None:
    await house.connect(ADA)
    message = house.slack.say(BEN, PLANNING, "PLAT-12 please")
    site = house.jira.site_url
    sent = json.loads(json.dumps(attachment).replace("{site}", site))

    await shortcut_on(house, message, VOTE_HERE, attachments=[sent])

    card = await card_under(house, message)
    assert "PLAT-12" in card.text
    assert "PLAT-7" not in card.text
    assert also is None or also in card.text


@pytest.mark.parametrize(
    "odd",
    [
        {"text": {"text": "PLAT-13"}},
        {"text": None, "attachments": "PLAT-13", "blocks": 5},
        {"text": 5, "attachments": [5, {"from_url": {"a": "PLAT-13"}, "title_link": None}]},
    ],
)
@pytest.mark.usefixtures("pollbot")
async def test_a_message_of_another_shape_says_nothing(house: House, odd: dict[str, Any]) -> None:
    message = house.slack.say(BEN, PLANNING, "PLAT-12")

    await shortcut_on(house, message, VOTE_HERE, **odd)
    await house.told(ADA, "names no issue of your Jira")
    await shortcut_on(house, message, MAKE_POLL, **odd)
    await house.told(ADA, "That message has no words of its own")


@pytest.mark.usefixtures("pollbot")
async def test_a_preview_names_the_issue_of_its_link_alone(house: House) -> None:
    house.jira.anonymous_may_browse = True
    house.jira.issues["PLAT-12"].summary = "Export like PLAT-13"
    await house.connect(ADA)
    message = await house.slack.share(BEN, PLANNING, f"{house.jira.site_url}/browse/PLAT-12")
    await house.slack.until(lambda: message.unfurls, what="a preview")

    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))

    assert (await card_under(house, message)).text.startswith("PLAT-12: Export")


@pytest.mark.usefixtures("pollbot")
async def test_cards_name_the_issues_that_they_are_of(house: House) -> None:
    house.slack.channels[PLANNING].app_is_member = True
    house.jira.issues["PLAT-13"].summary = "Dark mode like PLAT-12"
    await house.connect(ADA)
    message = house.slack.say(BEN, PLANNING, "PLAT-13?")
    await house.slack.shortcut(ADA, VOTE_HERE, message.id)
    card = await card_under(house, message)

    in_time(await house.slack.shortcut(ADA, VOTE_HERE, message.id))
    in_time(await house.slack.shortcut(ADA, VOTE_HERE, card.id))

    await house.slack.until(lambda: len(under(house, message)) == 3, what="three cards")
    assert {one.text for one in under(house, message)} == {card.text}
