"""The top voted issues now: by a word after `/votes`, and by the form, which Home opens, too."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from pollbot.jira.refusals import LongQuery, NoQuery
from pollbot.sandbox.slack import Answer, Message, View
from pollbot.votes.typed import Listing, listing
from pollbot.wiring import Pollbot
from tests.stories.test_home import home, opened
from tests.stories.test_home import press as press_on_home
from tests.support.house import ADA, BEN, LEADS, PLANNING, House, buttons, rest, shown
from tests.support.polls import drawn, window
from tests.support.schedules import change, form, listed, press, submit, until_due
from tests.support.team_voice import close_windows, command

SECRET = "C0SECRET"
FORM = '"callback_id": "show_votes"'


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("top PLAT", Listing("PLAT", look="table")),
        ("TOP plat", Listing("plat", look="table")),
        ("top project = PLAT", Listing("project = PLAT", look="table")),
        ("top bars project = PLAT", Listing("project = PLAT", look="bars")),
        ("top chart PLAT as What next?", Listing("PLAT", "What next?", "chart")),
        ('top table votes > 3 as "Ours"', Listing("votes > 3", "Ours", "table")),
        ("top bars", Listing("bars", look="table")),
        ("top pie PLAT", Listing("pie PLAT", look="table")),
        ("top order by votes", Listing("order by votes", look="table")),
        ("project = PLAT", Listing("project = PLAT")),
        ("top in (1, 2)", Listing("top in (1, 2)")),
        ("top = 1", Listing("top = 1")),
        ("TOP-12", None),
        ("PLAT-12", None),
        ("topics PLAT", None),
        ("", None),
    ],
)
def test_what_is_typed_is_a_list_or_none(typed: str, asked: Listing | None) -> None:
    assert listing(typed) == asked


@pytest.mark.parametrize(
    ("typed", "wrong"), [("top", NoQuery), ("top  ", NoQuery), (f"top {'x' * 2001}", LongQuery)]
)
def test_too_little_and_too_much_is_refused(typed: str, wrong: type[Exception]) -> None:
    with pytest.raises(wrong):
        listing(typed)


async def top(house: House, *, channel: str = PLANNING) -> Message:
    return await house.card("Top voted issues", channel=channel)


def posted(house: House) -> list[Message]:
    return [m for m in house.slack.messages if m.channel == PLANNING and not m.ephemeral_for]


def kinds(message: Message) -> list[str]:
    return [block["type"] for block in message.blocks]


def without_ids(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: one[name] for name in one if name != "block_id"} for one in blocks]


@pytest.mark.parametrize("look", ["table", "bars", "chart"])
async def test_it_looks_as_a_schedule_posts_it(house: House, pollbot: Pollbot, look: str) -> None:
    await house.connect(ADA)
    await press(house, ADA, await listed(house), "New: top voted issues")
    await form(house)
    await change(house, "every", "daily")
    await submit(house, query="PLAT", name="What next?", view=look, at="09:00", channel=PLANNING)
    await until_due(house)
    by_schedule = await top(house)

    await command(house, ADA, f"top {look} PLAT as What next?", "/votes")
    now = await house.slack.until(
        lambda: next((m for m in reversed(posted(house)) if m.id != by_schedule.id), None),
        what="a list now",
    )

    # What stands below it there says whose schedule it is.
    assert without_ids(now.blocks) == without_ids(by_schedule.blocks)[:-1]
    assert now.text == by_schedule.text


async def test_it_has_nothing_to_press_and_stays_as_it_was(house: House, pollbot: Pollbot) -> None:
    for user in (ADA, BEN):
        await house.connect(user)
    await command(house, ADA, "top project = PLAT", "/votes")
    said = await top(house)
    assert "data_table" in kinds(said)
    assert buttons(said) == {}
    assert "PLAT-7" not in said.text
    before = json.dumps(said.blocks)
    await rest(house, pollbot)

    await house.vote(BEN, "PLAT-13")
    await house.told(BEN, "is counted in Jira")
    await rest(house, pollbot)

    assert json.dumps(said.blocks) == before
    assert "chat.update" not in [one.method for one in house.slack.calls]


@pytest.mark.usefixtures("pollbot")
async def test_where_slack_takes_no_table_its_rows_are_lines(house: House) -> None:
    await house.connect(ADA)
    house.slack.faults.fail_next("chat.postMessage", 200, {"ok": False, "error": "invalid_blocks"})

    await command(house, ADA, "top PLAT", "/votes")

    said = await top(house)
    assert "data_table" not in kinds(said)
    assert "browse/PLAT-12|PLAT-12>" in shown(said)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("top NOPE", "Jira does not take that JQL"),
        ("top project = PLAT AND", "Jira does not take that JQL"),
        ("top votes > 1000", "Jira finds no issue by that JQL"),
        ("top EMPTY", "no open issue of that project has votes yet"),
        (f"top text ~ '{'x' * 2001}'", "2,010 characters"),
    ],
)
@pytest.mark.usefixtures("pollbot")
async def test_what_finds_nothing_is_said(house: House, text: str, why: str) -> None:
    house.jira.add_issue("EMPTY-1", "Nobody's", other_votes=0)
    await house.connect(ADA)

    said = await command(house, ADA, text, "/votes")

    if why not in said:
        await house.told(ADA, why)
    assert posted(house) == []


@pytest.mark.usefixtures("pollbot")
async def test_it_is_asked_for_in_a_message_to_pollbot_as_well(house: House) -> None:
    await house.connect(ADA)
    house.slack.channels[PLANNING].app_is_member = True

    await house.slack.share(ADA, PLANNING, f"<@{house.slack.bot_user_id}> votes top PLAT")

    assert "data_table" in kinds(await top(house))


@pytest.mark.usefixtures("pollbot")
async def test_alone_the_word_opens_the_form_for_it(house: House) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/votes", "top")
    opened_form = await window(house, ADA, FORM)

    await house.slack.submit(ADA, opened_form.id, {"query": {"value": "PLAT"}})

    assert "data_table" in kinds(await top(house))


async def test_without_the_app_in_the_channel_it_comes_by_the_command(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    house.slack.add_channel(SECRET, "secret", is_private=True, members=[ADA])

    await house.slack.command(ADA, SECRET, "/votes", "top PLAT")

    assert "data_table" in kinds(await top(house, channel=SECRET))
    await rest(house, pollbot)
    assert not [one for one in house.words(ADA) if "no member" in one], "nothing in it goes stale"


# From Home


async def from_home(house: House, user: str = ADA) -> View:
    await house.connect(user)
    await close_windows(house, user)
    await opened(house, user, "New list")
    await press_on_home(house, user, "New list")
    return await window(house, user, FORM)


async def filled(house: House, view: View, channel: str = PLANNING, **fields: str) -> Answer:
    values = {name: {"value": value} for name, value in {**fields, "channel": channel}.items()}
    return await house.slack.submit(ADA, view.id, values)


@pytest.mark.usefixtures("pollbot")
async def test_a_ballot_is_posted_from_home(house: House) -> None:
    house.slack.channels[LEADS].app_is_member = True
    view = await from_home(house)

    await filled(house, view, LEADS, query="project = PLAT", name="  What\n next? ")

    card = await house.card("What next?: Vote on these issues", channel=LEADS)
    assert "Vote" in buttons(card).values()
    assert f"on its way to <#{LEADS}>" in drawn(await window(house, ADA, "is on its way"))


@pytest.mark.parametrize("look", ["table", "bars", "chart"])
@pytest.mark.usefixtures("pollbot")
async def test_a_top_list_is_posted_from_home(house: House, look: str) -> None:
    view = await from_home(house)

    await filled(house, view, query="PLAT", name="What next?", look=look)

    said = await top(house)
    assert said.text.startswith("What next?: Top voted issues – PLAT-12")
    kind = {"table": "data_table", "bars": "section", "chart": "data_visualization"}[look]
    assert kind in kinds(said)


@pytest.mark.parametrize("look", ["ballot", "table"])
async def test_where_pollbot_is_no_member_the_form_says_so_and_keeps_what_was_typed(
    house: House, pollbot: Pollbot, look: str
) -> None:
    house.slack.add_channel(SECRET, "secret", is_private=True, members=[ADA])
    view = await from_home(house)

    answer = await filled(house, view, SECRET, query="PLAT", name="Ours", look=look)

    errors = (answer.json or {})["errors"]
    assert list(errors) == ["channel"]
    assert "pollbot cannot post in that channel yet." in errors["channel"]
    assert "/invite @pollbot" in errors["channel"]
    assert house.rows("SELECT 1 FROM cards") == []
    assert house.slack.stack_of(ADA)[-1].id == view.id
    house.slack.channels[SECRET].app_is_member = True
    # What was filled in is still there: she sends it once more as it is.
    await house.slack.submit(ADA, view.id, {})
    await house.card("Ours", channel=SECRET)
    await rest(house, pollbot)
    assert len([m for m in house.slack.messages if "Ours" in m.text]) == 1


@pytest.mark.usefixtures("pollbot")
async def test_jira_that_does_not_tell_of_the_query_holds_nothing_up(house: House) -> None:
    view = await from_home(house)
    house.jira.faults.fail_next("POST search", 500)

    await filled(house, view, query="PLAT", look="bars")

    await top(house)


@pytest.mark.usefixtures("pollbot")
async def test_slack_that_does_not_tell_of_the_channel_holds_nothing_up(house: House) -> None:
    view = await from_home(house)
    house.slack.faults.fail_next("conversations.info", 500)

    await filled(house, view, query="PLAT", look="bars")

    await top(house)


@pytest.mark.parametrize(
    ("fields", "at", "says"),
    [
        ({"query": "x" * 2001}, "query", "2,001 characters"),
        ({"query": "project = PLAT AND"}, "query", "Jira does not take that JQL"),
        ({"query": "NOPE"}, "query", "Jira does not take that JQL"),
        ({"query": "votes >", "look": "table"}, "query", "Jira does not take that JQL"),
        ({}, "issue", "Which issue?"),
    ],
)
@pytest.mark.usefixtures("pollbot")
async def test_what_is_wrong_stands_at_its_field(
    house: House, fields: dict[str, str], at: str, says: str
) -> None:
    view = await from_home(house)
    body = submission(house, view, fields)

    answer = await house.slack.deliver(body, kind="interactive")

    assert says in (answer.json or {})["errors"][at]


@pytest.mark.parametrize("look", ["", "pie", "ballot", "7"])
@pytest.mark.usefixtures("pollbot")
async def test_a_look_that_is_not_known_is_a_ballot(house: House, look: str) -> None:
    view = await from_home(house)

    await house.slack.deliver(
        submission(house, view, {"query": "PLAT", "look": look}), kind="interactive"
    )

    await house.card("Vote on these issues: PLAT")


@pytest.mark.usefixtures("pollbot")
async def test_a_site_that_is_none_of_ours_is_asked_nothing(house: House) -> None:
    view = await from_home(house)
    fields = {"query": "PLAT", "site": "https://elsewhere.example"}

    answer = await house.slack.deliver(submission(house, view, fields), kind="interactive")

    assert "from another version" in str(answer.json)
    assert house.rows("SELECT 1 FROM cards") == []


@pytest.mark.usefixtures("pollbot")
async def test_without_a_channel_it_says_so(house: House) -> None:
    view = await from_home(house)
    body = submission(house, view, {"query": "PLAT"}, channel=None)

    answer = await house.slack.deliver(body, kind="interactive")

    assert "It needs a channel" in (answer.json or {})["errors"]["channel"]


def submission(
    house: House, view: View, fields: dict[str, str], *, channel: str | None = PLANNING
) -> dict[str, Any]:
    """Return what a client sends that keeps to no rule of the form."""
    state: dict[str, Any] = {
        name: {"value": {"type": "plain_text_input", "value": value}}
        for name, value in fields.items()
        if name == "query"
    }
    state |= {
        name: {"value": {"type": "static_select", "selected_option": {"value": value}}}
        for name, value in fields.items()
        if name != "query"
    }
    chosen = {"type": "conversations_select", "selected_conversation": channel}
    state["channel"] = {"value": chosen}
    return {
        "type": "view_submission",
        "team": {"id": house.slack.people[ADA].team_id},
        "user": {"id": ADA},
        "trigger_id": f"of {view.id}",
        "response_urls": [],
        "view": view.view
        | {"id": view.id, "app_installed_team_id": house.slack.people[ADA].team_id}
        | {"state": {"values": state}},
    }


@pytest.mark.usefixtures("pollbot")
async def test_who_is_not_connected_is_asked_to(house: House) -> None:
    await command(house, ADA, "top PLAT", "/votes")

    await house.told(ADA, "Jira shows these issues only to people it knows")


@pytest.mark.usefixtures("pollbot")
async def test_jira_away_delays_it_over_a_restart(house: House) -> None:
    await house.connect(ADA)
    house.jira.faults.mode = "down"
    await command(house, ADA, "top PLAT as Ours", "/votes")
    await house.told(ADA, "The list of issues appears by itself as soon as Jira is back")
    house.jira.faults.mode = "up"
    house.clock.ahead += 60

    assert "data_table" in kinds(await house.card("Ours: Top voted issues"))


@pytest.mark.usefixtures("pollbot")
async def test_home_offers_it_to_whoever_began(house: House) -> None:
    assert "new_list" not in await opened(house, BEN, "1. Connect")
    await house.connect(BEN)
    await opened(house, BEN, "New list")
    assert "new_list" in home(house, BEN)
