"""The form of a new poll: a few fields first, a look at the card, and where the poll went."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from pollbot.sandbox.slack import View
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, PLANNING, House, rest
from tests.support.polls import (
    all_of,
    chosen,
    drawn,
    hanging,
    labels,
    polls_listed,
    window,
)
from tests.support.team_voice import by_default, close_windows, connect, team_voice

BOUND = 10.0
FILLED = {"title": {"value": "Lunch?"}, "options": {"value": "Pizza\nSoup"}}


async def new(house: House, text: str = "") -> View:
    await house.slack.command(ADA, PLANNING, "/poll", text)
    return await window(house, ADA, '"callback_id": "create_poll"')


def inputs(form: View) -> list[str]:
    return [block["block_id"] for block in form.view["blocks"] if block["type"] == "input"]


class Hands:
    """Counts what a person does: each thing sent, and each field that is filled in."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.used = 0

    async def command(self, text: str) -> View:
        self.used += 1
        return await new(self.house, text)

    async def submit(self, form: View, **fields: str) -> None:
        self.used += 1 + len(fields)
        values = {name: {"value": text} for name, text in fields.items()}
        sent = await self.house.slack.submit(ADA, form.id, values)
        assert (sent.error, form.errors, sent.body) == (None, {}, "")


@pytest.mark.usefixtures("pollbot")
async def test_a_first_poll_takes_four_interactions_by_the_empty_form(house: House) -> None:
    hands = Hands(house)

    form = await hands.command("")
    await hands.submit(form, title="Lunch?", options="Pizza\nSoup")

    card = await house.card("Lunch?")
    assert {"Pizza", "Soup"} < set(labels(card).values())
    assert hands.used <= 4
    assert house.words(ADA) == []


@pytest.mark.usefixtures("pollbot")
async def test_a_first_poll_takes_two_interactions_by_words(house: House) -> None:
    hands = Hands(house)

    await hands.submit(await hands.command("Lunch? Pizza Soup"))

    assert {"Pizza", "Soup"} < set(labels(await house.card("Lunch?")).values())
    assert hands.used == 2


@pytest.mark.usefixtures("pollbot")
async def test_five_fields_come_first_and_the_rest_is_behind_a_button(house: House) -> None:
    form = await new(house)

    assert inputs(form) == ["title", "options", "issue", "channel"]
    assert "pick_template" in drawn(form)  # the fifth, which is a menu of its own
    assert chosen(form, "channel") is None or chosen(form, "channel") == PLANNING
    await all_of(house, form)
    assert inputs(form)[:4] == ["title", "options", "issue", "channel"]
    assert {"description", "settings", "visibility", "end", "remind", "repeat"} < {*inputs(form)}


@pytest.mark.parametrize(
    "text", ["anonymous Lunch? Pizza Soup", "until 2h Lunch? Pizza Soup", "multi Lunch? Pizza Soup"]
)
@pytest.mark.usefixtures("pollbot")
async def test_what_was_typed_of_the_settings_is_never_hidden(house: House, text: str) -> None:
    form = await new(house, text)

    assert "settings" in inputs(form)
    assert "more_settings" not in drawn(form)


# A look at the card


@pytest.mark.usefixtures("pollbot")
async def test_a_preview_shows_the_card_and_its_buttons_do_nothing(house: House) -> None:
    form = await new(house)

    pressed = await house.slack.view_action(ADA, form.id, "preview_poll", values=FILLED)
    assert (pressed.status, pressed.error) == (200, None)
    preview = await window(house, ADA, '"callback_id": "poll_preview"')

    shown = drawn(preview)
    assert "Lunch?" in shown
    assert "Names are shown. Everybody sees the results." in shown
    buttons = [one for block in preview.view["blocks"] for one in block.get("elements", [])]
    waiting = {one["text"]["text"]: one["action_id"] for one in buttons if one["type"] == "button"}
    assert {"Pizza", "Soup"} < waiting.keys()
    assert not any("value" in one for one in buttons)
    for action_id in waiting.values():
        touched = await house.slack.view_action(ADA, preview.id, action_id)
        assert (touched.status, touched.error) == (200, None)
    assert hanging(house) == []
    assert house.rows("SELECT * FROM polls") == []
    await house.slack.close(ADA, preview.id)
    assert house.slack.stack_of(ADA)[-1].id == form.id
    await house.slack.submit(ADA, form.id, {})
    card = await house.card("Lunch?")
    assert {*waiting} == {*labels(card).values()}


@pytest.mark.usefixtures("pollbot")
async def test_a_preview_of_what_cannot_be_says_why_and_loses_nothing(house: House) -> None:
    form = await new(house)

    one = FILLED | {"options": {"value": "Pizza"}}
    await house.slack.view_action(ADA, form.id, "preview_poll", values=one)

    await house.told(ADA, "at least 2 options")
    assert house.slack.stack_of(ADA)[-1].id == form.id
    await house.slack.submit(ADA, form.id, FILLED)
    await house.card("Lunch?")


# An issue is picked


async def pick(house: House, form: View, key: str, part: str, **values: Any) -> None:
    picked = await house.slack.view_action(ADA, form.id, "pick_issue", value=key, values=values)
    assert (picked.status, picked.error) == (200, None), picked
    await window(house, ADA, part)


@pytest.mark.usefixtures("pollbot")
async def test_an_issue_is_picked_in_the_form_and_taken_away_again(house: House) -> None:
    await house.connect(ADA)
    form = await new(house)

    await pick(house, form, "PLAT-12", "browse/PLAT-12|PLAT-12>", **FILLED)
    assert "Put it on no issue" in drawn(form)
    await pick(house, form, "PLAT-13", "browse/PLAT-13|PLAT-13>")
    await house.slack.view_action(ADA, form.id, "pick_issue", value=None)
    await window(house, ADA, "Without an issue or page.")
    await pick(house, form, "PLAT-13", "browse/PLAT-13|PLAT-13>")
    await house.slack.submit(ADA, form.id, {})

    card = await house.card("Lunch?")
    assert "PLAT-13" in card.text
    assert len(await polls_listed(house, "PLAT-13")) == 1


@pytest.mark.usefixtures("pollbot")
async def test_what_is_picked_right_before_it_is_sent_counts(house: House) -> None:
    await house.connect(ADA)
    form = await new(house)

    await house.slack.submit(ADA, form.id, FILLED | {"issue": {"pick_issue": "PLAT-13"}})

    assert "PLAT-13" in (await house.card("Lunch?")).text


@pytest.mark.usefixtures("pollbot")
async def test_an_issue_that_jira_does_not_show_is_said_at_once(house: House) -> None:
    await house.connect(ADA)
    form = await new(house)

    await pick(house, form, "PLAT-99", "or does not show it to you")

    await house.slack.view_action(ADA, form.id, "turn_place", values=FILLED)
    await window(house, ADA, "Put it on PLAT-99")
    await house.slack.submit(ADA, form.id, {})
    await house.card("Lunch?")


@pytest.mark.usefixtures("pollbot")
async def test_the_issue_of_the_channel_stands_in_the_menu(house: House) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/pollbot", "link PLAT-13")

    assert chosen(await new(house), "issue") == "PLAT-13"


# Where it went


@pytest.fixture
async def voice(house: House) -> AsyncIterator[TeamVoiceStandIn]:
    async with team_voice(house) as stand_in:
        yield stand_in


async def test_a_poll_of_team_voice_is_said_to_be_there(
    house: House, voice: TeamVoiceStandIn
) -> None:
    async with house.program(**by_default(voice)) as pollbot:
        await connect(house, ADA)
        await close_windows(house, ADA)
        form = await new(house, "PLAT-12")
        assert "It is created in Team Voice, so people can answer in Jira as well." in drawn(form)

        await house.slack.submit(ADA, form.id, FILLED)

        await window(house, ADA, "is created in Team Voice, where people can answer in Jira")
        await house.card("Lunch?")
        await rest(house, pollbot)
        assert len(voice.polls) == 1


@pytest.mark.usefixtures("pollbot")
async def test_a_poll_for_another_channel_is_said_to_go_there(house: House) -> None:
    house.slack.add_channel("C0FOOD", "food")
    form = await new(house)

    await house.slack.submit(ADA, form.id, FILLED | {"channel": {"value": "C0FOOD"}})

    await window(house, ADA, "is created. Its card is on its way to <#C0FOOD>.")
    await house.card("Lunch?", channel="C0FOOD")


# What cannot be read opens the form


UNREAD = {
    '"Lunch?"': ("Lunch?", "", "no options"),
    '"Lunch?" "Pizza"': ("Lunch?", "Pizza", "only one option"),
    '"Lunch?" Pizza Soup': ("Lunch?", "Pizza\nSoup", "outside the quotes"),
    'Lunch today? "Pizza" "Soup"': ("Lunch today?", "Pizza\nSoup", "before the quotes"),
    'create "Lunch?" "Pizza" "Soup"': ("Lunch?", "Pizza\nSoup", "makes a poll by itself"),
    '"Lunch?" "Pizza" or "Soup"': ("Lunch?", "Pizza\nSoup", "one after the other"),
    '"Lunch?" "Pizza" "Soup" @ben': ("Lunch?", "Pizza\nSoup", "calls nobody"),
    'yesno "Lunch?" "Pizza" "Soup"': ("Lunch?", "Pizza\nSoup", "brings its own options"),
    '"Lunch?" "Pizza" "Soup': ("Lunch?", "Pizza\nSoup", "never end"),
    '"" "Pizza" "Soup"': (None, "Pizza\nSoup", "they are empty"),
    'here PLAT-12 "Lunch?" "Pizza" "Soup"': ("Lunch?", "Pizza\nSoup", "names one"),
    'hidden aftervote "Lunch?" "Pizza" "Soup"': ("Lunch?", "Pizza\nSoup", "contradicts"),
    'foo bar "Lunch?" "Pizza" "Soup" baz': (
        "foo bar",
        "Lunch?\nPizza\nSoup\nbaz",
        "before the quotes",
    ),
}


@pytest.mark.parametrize("text", UNREAD)
@pytest.mark.usefixtures("pollbot")
async def test_what_cannot_be_read_opens_the_form_with_all_the_words(
    house: House, text: str
) -> None:
    title, options, why = UNREAD[text]

    form = await new(house, text)

    assert (chosen(form, "title"), chosen(form, "options") or "") == (title, options)
    assert why in drawn(form)
    assert house.rows("SELECT * FROM polls") == []
    assert house.words(ADA) == []


@pytest.mark.parametrize("text", UNREAD)
async def test_where_no_form_opens_the_sentence_comes_as_before(
    house: House, pollbot: Pollbot, text: str
) -> None:
    house.slack.faults.fail_next(
        "views.open", body={"ok": False, "error": "expired_trigger_id"}, times=5
    )
    await house.slack.command(ADA, PLANNING, "/poll", text)

    await house.told(ADA, UNREAD[text][2])
    await rest(house, pollbot)
    assert hanging(house) == []


@pytest.mark.usefixtures("pollbot")
async def test_what_is_to_be_done_to_a_poll_opens_no_form(house: House) -> None:
    answer = await house.slack.command(BEN, PLANNING, "/poll", "close Lunch?")
    assert "Nothing was created" not in answer.body

    answer = await house.slack.command(BEN, PLANNING, "/poll", 'close "Lunch?"')

    assert "press *More* on its card" in answer.body
