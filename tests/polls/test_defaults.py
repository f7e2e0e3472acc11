"""What a workspace's polls begin with: chosen by admins, in forms and commands, nowhere else."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from pollbot.polls.typed_words import OPPOSITES
from pollbot.sandbox.slack import Message, View
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from tests.support.house import ADA, BEN, PLANNING, House, shown
from tests.support.polls import (
    DAY,
    HOUR,
    all_of,
    at,
    chosen,
    close,
    defaults_form,
    drawn,
    manage,
    poll,
    set_defaults,
    submit_defaults,
    until,
    window,
)
from tests.support.schedules import until_due
from tests.support.team_voice import (
    close_windows,
    command,
    connect,
    press,
    set_up,
    team_voice,
    words,
)

LUNCH = '"Lunch?" "Pizza" "Soup"'
AS_EVER = ["changeable", "names"]
EVERYTHING: dict[str, Any] = {
    "settings": ["several", "comments", "percent_only"],
    "visibility": "afterClose",
    "end": "259200",
    "record": ["record"],
}
"""Every setting otherwise than in pollbot; the reminder needs names."""

pytestmark = pytest.mark.usefixtures("pollbot")


def kept(house: House, title: str = "Lunch?") -> dict[str, Any]:
    """Return the settings of the newest poll that asks this."""
    [row] = house.rows(
        "SELECT settings, remind_before, record, closes_at, created_at FROM polls WHERE title = ?"
        " ORDER BY created_at DESC LIMIT 1",
        title,
    )
    settings, remind, record, closes_at, created_at = row
    return {
        **json.loads(settings),
        "remind_before": remind,
        "record": bool(record),
        "lasts": None if closes_at is None else closes_at - created_at,
    }


async def ask(house: House, text: str) -> Message:
    """Make a poll by command, whatever is said of it besides; return its card."""
    answer = await house.slack.command(ADA, PLANNING, "/poll", text)
    assert "Nothing was created" not in words(answer)
    return await house.card(text.split('"')[1])


def of_team(house: House) -> list[tuple[str, dict[str, Any]]]:
    rows = house.rows("SELECT team_id, defaults FROM poll_defaults ORDER BY team_id")
    return [(team_id, json.loads(defaults)) for team_id, defaults in rows]


# Chosen by admins


async def test_an_admin_chooses_each_setting_and_finds_it_again(house: House) -> None:
    await set_defaults(house, **EVERYTHING)

    [(_, stored)] = of_team(house)
    assert stored == {
        "several": True,
        "changeable": False,
        "names": False,
        "comments": True,
        "percent_only": True,
        "visibility": "afterClose",
        "lasts": 3 * DAY,
        "record": True,
    }
    form = await defaults_form(house)
    assert {field: chosen(form, field) for field in EVERYTHING} == EVERYTHING
    await close_windows(house, ADA)
    await house.slack.command(ADA, PLANNING, "/pollbot", "setup")
    said = drawn(await window(house, ADA, '"callback_id": "setup"'))
    for part in ("several answers", "final answers", "anonymous", "3 days after it is posted"):
        assert part in said


async def test_what_is_taken_back_is_as_it_ever_was(house: House) -> None:
    await set_defaults(house, **EVERYTHING)
    await set_defaults(
        house, settings=AS_EVER, visibility="alwaysPublic", end="none", remind="none", record=[]
    )

    assert [defaults for _, defaults in of_team(house)] == [{}]
    await poll(house, LUNCH)
    assert "defaults" not in drawn(await new(house))


async def test_only_admins_open_and_save_the_form(house: House) -> None:
    await set_defaults(house, settings=["several", *AS_EVER])
    saved = next(
        one.body
        for one in reversed(house.slack.deliveries)
        if one.body.get("type") == "view_submission"
    )
    opened = next(
        one.body
        for one in reversed(house.slack.deliveries)
        if "poll_defaults" in str(one.body) and one.body.get("type") == "block_actions"
    )
    await set_defaults(house, settings=AS_EVER)
    before = of_team(house)

    for body in (opened, saved):
        await house.slack.deliver(body | {"user": body["user"] | {"id": BEN}}, kind="interactive")

    assert "Only admins of this workspace" in str(house.slack.deliveries[-1].answer.body)
    await house.told(BEN, "Only admins of this workspace")
    assert of_team(house) == before
    assert house.slack.stack_of(BEN) == []


async def test_two_admins_at_once_lose_nothing(house: House) -> None:
    house.slack.people[BEN].is_admin = True
    await set_defaults(house, settings=["comments", *AS_EVER])
    ada, ben = await defaults_form(house, ADA), await defaults_form(house, BEN)

    await submit_defaults(house, ada, settings=["several", "comments", *AS_EVER], end="86400")
    await submit_defaults(house, ben, settings=["comments", "changeable"])

    [(_, stored)] = of_team(house)
    assert stored == {"several": True, "comments": True, "names": False, "lasts": DAY}


@pytest.mark.parametrize(
    "wanted",
    [
        {"remind": "86400"},
        {"remind": "86400", "end": "86400"},
        {"remind": "86400", "end": "259200", "settings": ["changeable"]},
        {"remind": "86400", "end": "259200", "settings": [*AS_EVER, "stays_open"]},
    ],
    ids=["no end", "no time", "no names", "stays open"],
)
async def test_a_reminder_that_no_poll_could_send_is_refused_at_its_field(
    house: House, wanted: dict[str, Any]
) -> None:
    form = await defaults_form(house)

    answer = await submit_defaults(house, form, **wanted)

    assert list((answer.json or {})["errors"]) == ["remind"]
    assert "Nothing was saved" in words(answer)
    assert of_team(house) == []


async def test_a_reminder_whose_end_another_admin_took_away_is_refused(house: House) -> None:
    house.slack.people[BEN].is_admin = True
    await set_defaults(house, end="259200")
    ada, ben = await defaults_form(house, ADA), await defaults_form(house, BEN)

    await submit_defaults(house, ben, end="none")
    answer = await submit_defaults(house, ada, remind="86400")

    assert list((answer.json or {})["errors"]) == ["remind"]
    assert [defaults for _, defaults in of_team(house)] == [{}]


@pytest.mark.parametrize("memory", ["", "{}", '{"v": 2}', '{"v": 1, "more": true}', "no JSON"])
async def test_a_form_of_another_version_changes_nothing(house: House, memory: str) -> None:
    await set_defaults(house, settings=["several", *AS_EVER])
    saved = next(
        one.body
        for one in reversed(house.slack.deliveries)
        if one.body.get("type") == "view_submission"
    )
    await set_defaults(house, settings=AS_EVER)
    old = saved["view"] | {"private_metadata": memory, "id": "V0OLD"}

    answer = await house.slack.deliver(saved | {"view": old}, kind="interactive")

    assert "errors" in str(answer.body), answer
    assert [defaults for _, defaults in of_team(house)] == [{}]


# A command has them where it says nothing


async def test_a_command_has_them_where_it_says_nothing(house: House) -> None:
    await set_defaults(house, **EVERYTHING)

    await house.slack.command(ADA, PLANNING, "/poll", LUNCH)

    await house.card("Lunch?")
    made = kept(house)
    assert (made["several"], made["changeable"], made["names"]) == (True, False, False)
    assert (made["comments"], made["percent_only"]) == (True, True)
    assert made["visibility"] == "afterClose"
    assert 3 * DAY <= made["lasts"] <= 3 * DAY + 60


OTHERWISE = " ".join(word for word in OPPOSITES if word not in ("noreminder", "norecord"))


async def test_every_default_can_be_said_otherwise(house: House) -> None:
    await poll(house, LUNCH)
    before = kept(house)
    await set_defaults(house, **EVERYTHING)

    await ask(house, f'{OTHERWISE} "Otherwise?" "Pizza" "Soup"')

    assert kept(house, "Otherwise?") == before


async def test_an_end_by_default_is_said_with_the_words_against_it(house: House) -> None:
    await set_defaults(house, end="259200", settings=["comments", *AS_EVER])

    answer = await house.slack.command(ADA, PLANNING, "/poll", LUNCH)

    assert "*Lunch?* has your workspace’s defaults" in words(answer)
    assert "comments, an end 3 days after it is posted" in words(answer)
    assert "`nocomments`, `noend`" in words(answer)


async def test_what_the_card_shows_at_once_is_not_told_besides(house: House) -> None:
    await set_defaults(house, settings=["several", *AS_EVER])

    answer = await house.slack.command(ADA, PLANNING, "/poll", LUNCH)

    assert answer.body == ""


async def test_a_usual_reminder_is_left_out_where_it_has_no_time(house: House) -> None:
    await set_defaults(house, end="259200", remind="86400")

    await ask(house, f"{until(house, 2 * HOUR)} {LUNCH}")
    await ask(house, 'noend "Later?" "Pizza" "Soup"')
    await ask(house, f'anonymous {until(house, 3 * DAY)} "Who?" "Pizza" "Soup"')
    await ask(house, f'{until(house, 3 * DAY)} "Reminds?" "Pizza" "Soup"')
    await ask(house, f'noreminder {until(house, 3 * DAY)} "Quiet?" "Pizza" "Soup"')

    reminders = {
        title: kept(house, title)["remind_before"]
        for title in ("Lunch?", "Later?", "Who?", "Reminds?", "Quiet?")
    }
    assert reminders == {
        "Lunch?": None,
        "Later?": None,
        "Who?": None,
        "Reminds?": DAY,
        "Quiet?": None,
    }


async def test_a_template_asks_for_one_answer_whatever_is_usual(house: House) -> None:
    await set_defaults(house, settings=["several", "comments", *AS_EVER])

    await poll(house, 'score "How was it?"')
    await poll(house, 'multi yesno "Both?"')

    assert (kept(house, "How was it?")["several"], kept(house, "Both?")["several"]) == (False, True)
    assert kept(house, "How was it?")["comments"]


async def test_what_is_there_already_stays_as_it_is(house: House) -> None:
    card = await poll(house, LUNCH)
    before = kept(house)

    await set_defaults(house, **EVERYTHING)
    await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
    form = house.slack.stack_of(ADA)[-1]
    assert chosen(form, "settings") == AS_EVER
    await house.slack.submit(ADA, form.id, {"title": {"value": "Dinner?"}})

    await house.card("Dinner?")
    assert kept(house, "Dinner?") == before


async def test_a_copy_is_as_its_original(house: House) -> None:
    card = await poll(house, LUNCH)
    original = kept(house)
    await close(house, ADA, card)
    await set_defaults(house, **EVERYTHING)

    await manage(house, ADA, card, "copy_poll", "A copy of")

    assert house.rows("SELECT count(*) FROM polls") == [(2,)]
    assert kept(house) == original


# The form begins with them


async def new(house: House, text: str = "") -> View:
    await close_windows(house, ADA)
    await house.slack.command(ADA, PLANNING, "/poll", text)
    return await window(house, ADA, '"callback_id": "create_poll"')


async def created(house: House, form: View, **typed: Any) -> Message:
    fields = {"title": {"value": "Lunch?"}, "options": {"value": "Pizza\nSoup"}} | typed
    answer = await house.slack.submit(form.user, form.id, fields)
    assert (answer.error, answer.body) == (None, ""), answer
    return await house.card("Lunch?")


@pytest.mark.parametrize("opened", [False, True], ids=["first step", "more settings"])
async def test_the_form_begins_with_them_and_says_so(house: House, opened: bool) -> None:
    await set_defaults(house, **EVERYTHING)

    form = await new(house)
    assert "Your workspace’s defaults: several answers, final answers, anonymous" in drawn(form)
    assert "an end 3 days after it is posted" in drawn(form)
    assert "more_settings" in drawn(form)
    if opened:
        form = await all_of(house, form)
        assert chosen(form, "settings") == EVERYTHING["settings"]
        assert chosen(form, "visibility") == "afterClose"
        assert "are your workspace’s defaults: several answers" in drawn(form)
    await created(house, form)

    made = kept(house)
    assert (made["several"], made["changeable"], made["names"]) == (True, False, False)
    assert (made["comments"], made["percent_only"]) == (True, True)
    assert made["visibility"] == "afterClose"
    assert 3 * DAY <= made["lasts"] <= 3 * DAY + 120


@pytest.mark.parametrize("opened", [False, True], ids=["first step", "more settings"])
async def test_a_poll_on_an_issue_by_form_has_the_usual_reminder_and_record(
    house: House, opened: bool
) -> None:
    await connect(house, ADA)
    await set_defaults(house, end="259200", remind="86400", record=["record"])

    form = await new(house, "PLAT-12")
    assert "its result on the issue" in drawn(form)
    if opened:
        form = await all_of(house, form)
        assert (chosen(form, "remind"), chosen(form, "record")) == ("86400", ["record"])
    await created(house, form)

    made = kept(house)
    assert (made["remind_before"], made["record"]) == (DAY, True)


async def test_a_poll_that_gets_its_issue_later_is_recorded_as_usual(house: House) -> None:
    await connect(house, ADA)
    await set_defaults(house, record=["record"])
    form = await new(house)
    assert "its result on the issue" not in drawn(form)
    form = await all_of(house, form)
    await house.slack.view_action(ADA, form.id, "pick_issue", value="PLAT-13")
    form = await window(house, ADA, '"record"')
    assert chosen(form, "record") == ["record"]

    await created(house, form)

    assert kept(house)["record"] is True


async def test_a_form_that_was_open_goes_on_as_it_began(house: House) -> None:
    form = await new(house)
    await house.slack.view_action(ADA, form.id, "pick_template", value="yesno")
    house.slack.people[BEN].is_admin = True
    await set_defaults(house, BEN, **EVERYTHING)

    await house.slack.submit(ADA, form.id, {"title": {"value": "Lunch?"}})

    await house.card("Lunch?")
    assert (kept(house)["several"], kept(house)["lasts"]) == (False, None)


async def test_words_that_say_otherwise_open_the_form_with_all_its_settings(house: House) -> None:
    await set_defaults(house, settings=["several", *AS_EVER], end="86400", remind="3600")

    usual = await new(house, "Lunch? Pizza Soup")
    assert "more_settings" in drawn(usual)
    otherwise = await new(house, "single noend Lunch? Pizza Soup")

    assert chosen(otherwise, "settings") == AS_EVER
    assert (chosen(otherwise, "end"), chosen(otherwise, "remind")) == (None, "none")
    await created(house, otherwise)
    made = kept(house)
    assert (made["several"], made["lasts"], made["remind_before"]) == (False, None, None)


async def test_what_is_usual_anyway_may_be_part_of_a_question(house: House) -> None:
    form = await new(house, "single or double? Here There")

    assert chosen(form, "title") == "single or double?"
    assert "I took" not in drawn(form)
    assert "Did you mean" not in drawn(form)


async def test_a_template_in_the_first_step_asks_for_one_answer(house: House) -> None:
    await set_defaults(house, settings=["several", *AS_EVER])
    form = await new(house)
    await house.slack.view_action(ADA, form.id, "pick_template", value="yesno")
    form = await window(house, ADA, "Yes or no?")
    await house.slack.submit(ADA, form.id, {"title": {"value": "Lunch?"}})
    await house.card("Lunch?")
    assert kept(house)["several"] is False

    form = await new(house)
    for name, part in (("yesno", "Yes or no?"), ("none", "What shall we eat?")):
        await house.slack.view_action(ADA, form.id, "pick_template", value=name)
        form = await window(house, ADA, part)
    field = next(b["block_id"] for b in form.view["blocks"] if "options" in str(b.get("block_id")))
    await house.slack.submit(
        ADA, form.id, {"title": {"value": "Dinner?"}, field: {"value": "Pizza\nSoup"}}
    )

    await house.card("Dinner?")
    assert kept(house, "Dinner?")["several"] is True


async def test_a_message_that_becomes_a_poll_has_them(house: House) -> None:
    await set_defaults(house, settings=["comments", "names"], end="86400")
    message = house.slack.say(BEN, PLANNING, "Lunch?\n- Pizza\n- Soup")

    await house.slack.shortcut(ADA, "make_poll", message.id)
    form = await window(house, ADA, '"callback_id": "create_poll"')
    await created(house, form)

    made = kept(house)
    assert (made["comments"], made["changeable"]) == (True, False)
    assert DAY <= made["lasts"] <= DAY + 120


async def test_what_is_written_to_pollbot_has_them(house: House) -> None:
    await set_defaults(house, settings=["comments", *AS_EVER])
    house.slack.channels[PLANNING].app_is_member = True

    await house.slack.share(ADA, PLANNING, f"<@{house.slack.bot_user_id}> poll {LUNCH}")

    await house.card("Lunch?")
    assert kept(house)["comments"] is True


async def test_a_usual_end_is_counted_from_a_later_posting(house: House) -> None:
    await set_defaults(house, end="86400")
    form = await all_of(house, await new(house))
    first = int(chosen(form, "end"))
    post_at = int(house.clock() + 5 * DAY) // 60 * 60

    await house.slack.view_action(ADA, form.id, "changed", block_id="post_at", value=post_at)

    moved = await window(house, ADA, f'"initial_date_time": {post_at + int(DAY)}')
    assert first < post_at
    await created_later(house, moved)
    [(plan,)] = house.rows("SELECT plan FROM schedules")
    assert json.loads(plan)["ask"]["lasts"] == DAY


async def test_an_end_that_somebody_chose_is_left_alone(house: House) -> None:
    await set_defaults(house, end="86400")
    form = await all_of(house, await new(house))
    mine, post_at = at(house, 9 * DAY), at(house, 5 * DAY)

    await house.slack.view_action(
        ADA,
        form.id,
        "changed",
        block_id="post_at",
        value=post_at,
        values={"end": {"value": mine}},
    )
    await created_later(house, form)

    [(plan,)] = house.rows("SELECT plan FROM schedules")
    assert json.loads(plan)["ask"]["lasts"] == mine - post_at


async def test_what_a_schedule_posts_stays_as_it_was_saved(house: House) -> None:
    form = await all_of(house, await new(house))
    await house.slack.view_action(ADA, form.id, "changed", block_id="post_at", value=at(house, DAY))
    await created_later(house, form)
    await close_windows(house, ADA)
    await set_defaults(house, **EVERYTHING)

    await until_due(house)

    await house.card("Lunch?")
    made = kept(house)
    assert (made["several"], made["names"], made["lasts"]) == (False, True, None)


async def created_later(house: House, form: View) -> None:
    answer = await house.slack.submit(
        ADA, form.id, {"title": {"value": "Lunch?"}, "options": {"value": "Pizza\nSoup"}}
    )
    assert "errors" not in answer.body, answer


# Where a source cannot do what is usual

ON_PLAT = 'PLAT-12 "Which export?" "CSV" "JSON"'


@pytest.fixture
async def voice(house: House) -> AsyncIterator[TeamVoiceStandIn]:
    """Serve Team Voice for PLAT, and have Ada connected."""
    async with team_voice(house) as stand_in:
        await connect(house, ADA)
        await set_up(house, ADA, "PLAT", stand_in.url)
        yield stand_in


@pytest.mark.parametrize("hidden", ["afterVote", "afterClose"])
async def test_results_hidden_by_default_keep_a_poll_in_pollbot_and_it_is_said(
    house: House, voice: TeamVoiceStandIn, hidden: str
) -> None:
    await set_defaults(house, visibility=hidden)

    said = await command(house, ADA, ON_PLAT)

    assert "Team Voice cannot hide them: so *Which export?* is kept in pollbot" in said
    assert "`visible`" in said
    await house.card("Which export?")
    assert voice.polls == {}
    assert kept(house, "Which export?")["visibility"] == hidden


async def test_who_says_visible_gets_a_poll_of_team_voice(
    house: House, voice: TeamVoiceStandIn
) -> None:
    await set_defaults(house, visibility="afterClose")

    assert await command(house, ADA, f"visible {ON_PLAT}") == ""

    await house.card("Which export?")
    assert len(voice.polls) == 1


async def test_who_asks_for_hidden_results_is_refused_as_ever(
    house: House, voice: TeamVoiceStandIn
) -> None:
    await set_defaults(house, visibility="afterClose")

    said = await command(house, ADA, f"hidden {ON_PLAT}")

    assert "never shows in Jira what you asked to hide. Nothing was created" in said
    assert (voice.polls, house.rows("SELECT 1 FROM polls")) == ({}, [])


async def test_the_form_begins_in_pollbot_and_says_why(
    house: House, voice: TeamVoiceStandIn
) -> None:
    await set_defaults(house, visibility="afterClose")
    form = await new(house, "PLAT-12")
    assert chosen(form, "keep") == "pollbot"
    assert "Team Voice cannot hide them: so this poll begins as one that is kept" in drawn(form)
    assert "more_settings" in drawn(form)

    await created(house, form)

    assert voice.polls == {}
    form = await new(house, "PLAT-12")
    await house.slack.view_action(ADA, form.id, "changed", block_id="keep", value="source")
    form = await window(house, ADA, "Team Voice shows results always: choose that")
    refused = await house.slack.submit(
        ADA, form.id, {"title": {"value": "Dinner?"}, "options": {"value": "Pizza\nSoup"}}
    )
    assert "Nothing was created" in words(refused)


async def test_other_defaults_go_to_team_voice(house: House, voice: TeamVoiceStandIn) -> None:
    await set_defaults(house, settings=["several", "comments"], end="86400", record=["record"])

    said = await command(house, ADA, ON_PLAT)

    assert "an end 1 day after it is posted, its result on the issue" in said
    await house.card("Which export?")
    [there] = voice.polls.values()
    settings = there.poll["settings"]
    assert settings["allowSelectionOfMultipleOptions"] is True
    assert (settings["allowRevote"], settings["saveParticipantNames"]) == (False, False)
    assert (settings["allowComment"], settings["closePollOnEndDate"]) == (True, True)


async def test_what_is_given_back_makes_the_same_poll_under_these_defaults(house: House) -> None:
    await connect(house, ADA)
    await set_defaults(house, settings=["several", *AS_EVER], end="86400")
    house.jira.faults.mode = "down"
    receipt = await command(house, ADA, f"single noend {ON_PLAT}")
    assert "is saved" in receipt
    saved = house.slack.messages[-1]

    await press(house, ADA, saved, "Drop it")

    given_back = await house.told(ADA, "Dropped")
    assert f"/poll PLAT-12 single noend {ON_PLAT.removeprefix('PLAT-12 ')}" in shown(given_back)


# Two workspaces


async def test_another_workspace_has_defaults_of_its_own(house: House) -> None:
    await set_defaults(house, settings=["several", *AS_EVER])
    [(mine, _)] = of_team(house)
    await house.slack.command(ADA, PLANNING, "/poll", LUNCH)
    await house.card("Lunch?")
    body = house.slack.deliveries[-1].body

    other = {"team_id": "T0OTHER", "trigger_id": "1.2.3", "text": '"Theirs?" "Pizza" "Soup"'}
    await house.slack.deliver(body | other, kind="slash_commands")

    await house.slack.until(
        lambda: house.rows("SELECT 1 FROM polls WHERE title = 'Theirs?'"), what="their poll"
    )
    made = dict(house.rows("SELECT team_id, title FROM polls"))
    assert {team: kept(house, title)["several"] for team, title in made.items()} == {
        mine: True,
        "T0OTHER": False,
    }
