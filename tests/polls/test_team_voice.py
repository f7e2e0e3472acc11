"""Polls on an issue that live in Team Voice, from a signed payload to the stand-in and the rows."""

import copy
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from pollbot.polls.kept_rows import READ_EVERY
from pollbot.polls.rows import GONE_AFTER, SURE_AFTER
from pollbot.sandbox.slack import Message
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.sandbox.team_voice.polls import KeptPoll
from pollbot.wiring import Pollbot
from tests.support.house import (
    ADA,
    BEN,
    CLEO,
    LEADS,
    PLANNING,
    House,
    buttons,
    letters,
    rest,
    shown,
)
from tests.support.polls import HOUR, at, element, hanging, poll_id, polls_listed, submitted
from tests.support.team_voice import (
    PAGE,
    PATIENCE,
    SPACE,
    VOICE_TOKEN,
    action,
    by_default,
    card_says,
    change,
    close_windows,
    command,
    connect,
    edit,
    in_time,
    manage,
    more,
    on_disk,
    press,
    team_voice,
    window,
    words,
)

LUNCH = 'PLAT-12 "Which export?" "CSV" "JSON"'
LATER = 11.0  # seconds after which a touched card is worth another look at Team Voice


@pytest.fixture
async def voice(house: House) -> AsyncIterator[TeamVoiceStandIn]:
    async with team_voice(house) as stand_in:
        yield stand_in


@pytest.fixture
async def program(house: House, voice: TeamVoiceStandIn) -> AsyncIterator[Pollbot]:
    """The program with Team Voice for every project; Ada and Ben are connected."""
    async with house.program(**by_default(voice)) as pollbot:
        await connect(house, ADA, BEN)
        yield pollbot


def assert_open(card: Message) -> None:
    """See that the card still asks: its poll is neither closed nor deleted."""
    assert {"CSV", "JSON"} <= set(buttons(card).values()), card.text
    assert "Closed on" not in card.text


async def nothing_is_made(house: House, program: Pollbot, voice: TeamVoiceStandIn) -> None:
    """See that no poll of theirs hangs anywhere, and that pollbot knows none."""
    await rest(house, program)
    assert not hanging(house)
    voice.faults.mode, voice.html_mode = "up", False
    if VOICE_TOKEN not in voice.tokens:
        voice.add_token(VOICE_TOKEN, {"PLAT", SPACE})
    assert await polls_listed(house, "PLAT-12") == []


async def create(house: House, text: str = LUNCH, user: str = ADA) -> Message:
    """Create a poll and return its card."""
    assert await command(house, user, text) == ""
    return await house.card(text.split('"')[1])


def only(voice: TeamVoiceStandIn) -> KeptPoll:
    [kept] = voice.polls.values()
    return kept


def asked(voice: TeamVoiceStandIn, method: str) -> int:
    return sum(call.method == method for call in voice.calls)


def change_in_jira(kept: KeptPoll, **fields: Any) -> None:
    """Change the poll as somebody does inside Jira."""
    kept.poll = copy.deepcopy(kept.poll) | fields


# Created, answered, kept true


async def test_a_poll_on_an_issue_is_made_in_team_voice_and_answered_in_slack(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await create(house, 'PLAT-12 multi comments "Which export?" "CSV" "JSON"')

    await press(house, BEN, card, "JSON")

    await card_says(house, card, "JSON 1", "1 in Slack")
    [post] = [call for call in voice.calls if call.method == "POST"]
    assert (post.workspace, post.content, post.container) == ("PLAT", "PLAT-12", None)
    assert post.body == {
        "title": "Which export?",
        "description": "",
        "options": [
            {"id": "1", "title": "CSV", "order": 0},
            {"id": "2", "title": "JSON", "order": 1},
        ],
        "settings": {
            "allowSelectionOfMultipleOptions": True,
            "resultsVisibility": "alwaysPublic",
            "endDate": "",
            "hideAbsoluteNumbers": False,
            "allowRevote": True,
            "saveParticipantNames": True,
            "closePollOnEndDate": False,
            "allowComment": True,
        },
    }
    assert house.rows("SELECT voter, option_id FROM answers") == [(BEN, "2")]
    assert len(await polls_listed(house, "PLAT-12")) == 1, "it is known to be the one there"
    assert "PLAT-12" in shown(card)
    assert asked(voice, "PUT") == 0


async def test_answers_given_in_jira_are_added_when_the_card_is_touched(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await create(house)
    for who, chosen in (("acc-x", "1"), ("acc-y", "1"), ("acc-z", "2")):
        voice.answer_inside(only(voice).id, who, chosen)
    house.clock.ahead = LATER

    await press(house, BEN, card, "CSV")

    await card_says(house, card, "4 answers: 1 in Slack, 3 in Jira", "CSV 3 (75 %)")


async def test_answers_given_in_jira_are_added_by_the_sweep(
    house: House, voice: TeamVoiceStandIn
) -> None:
    async with house.program(socket=True, **by_default(voice)):
        await connect(house, ADA)
        card = await create(house)
        await house.card("No answers yet")
    voice.answer_inside(only(voice).id, "acc-x", "2")
    house.clock.ahead = 301.0

    async with house.program(socket=True, **by_default(voice)):
        await card_says(house, card, "1 answer: 0 in Slack, 1 in Jira", "JSON 1 (100 %)")


async def test_the_sweep_looks_after_five_minutes_and_later_while_nothing_changes(
    house: House, voice: TeamVoiceStandIn
) -> None:
    async with house.program(socket=True, **by_default(voice)):
        await connect(house, ADA)
        card = await create(house)
        await press(house, ADA, card, "CSV")
        await card_says(house, card, "1 in Slack, 0 in Jira")
    heard = asked(voice, "GET")

    for ahead, looks in ((290.0, 0), (320.0, 1), (700.0, 1), (1300.0, 2)):
        house.clock.ahead = ahead
        async with house.program(socket=True, **by_default(voice)):
            await voice.until(lambda: asked(voice, "GET") - heard >= looks, timeout=PATIENCE)  # noqa: B023  awaited here
            # A vote's receipt comes after the first turns of all workers.
            await house.vote(ADA, "PLAT-13")
            await house.told(ADA, "PLAT-13")
        assert asked(voice, "GET") - heard == looks, ahead


async def test_a_title_and_options_changed_in_jira_are_seen(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await create(house)
    await press(house, BEN, card, "JSON")
    await card_says(house, card, "JSON 1")
    options = [
        {"id": "2", "title": "JSON lines", "order": 0},
        {"id": "1", "title": "CSV", "order": 1},
        {"id": "3", "title": "XML", "order": 2},
    ]
    change_in_jira(only(voice), title="Which export first?", options=options)
    house.clock.ahead = LATER

    await press(house, ADA, card, "CSV")

    await card_says(house, card, "Which export first?", "JSON lines 1", "CSV 1", "XML 0")
    assert [text for one, text in buttons(card).items() if one.startswith("answer")] == [
        "JSON lines",
        "CSV",
        "XML",
    ]


async def test_an_option_removed_in_jira_keeps_its_answers_as_removed(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await create(house)
    await press(house, BEN, card, "JSON")
    await card_says(house, card, "JSON 1")
    stale = house.slack.click_body(CLEO, card.id, action(card, "JSON"))
    change_in_jira(only(voice), options=[{"id": "1", "title": "CSV", "order": 0}])
    house.clock.ahead = LATER

    await press(house, ADA, card, "CSV")

    await card_says(house, card, "JSON 1 (50 %, removed)", "CSV 1 (50 %)")
    assert "JSON" not in buttons(card).values()
    in_time(await house.slack.deliver(stale, kind="interactive"))
    await house.told(CLEO, "That option is not there any more")
    assert house.rows("SELECT voter, option_id FROM answers ORDER BY 1") == [(ADA, "1"), (BEN, "2")]


async def test_an_edit_in_slack_sends_back_all_that_it_does_not_know(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await create(house)
    kept = only(voice)
    settings = kept.poll["settings"] | {"theme": {"dark": [1, None]}, "reminders": "weekly"}
    options = [option | {"colour": "#ff0000"} for option in kept.poll["options"]]
    change_in_jira(kept, settings=settings, options=options, pinned=True, tags=["a", 7])
    before = copy.deepcopy(kept.poll)

    answer = await edit(house, ADA, card, title="Which export now?", _2="JSON lines")

    assert words(answer) == ""
    await card_says(house, card, "Which export now?", "JSON lines")
    expected = copy.deepcopy(before) | {"title": "Which export now?"}
    expected["options"][1]["title"] = "JSON lines"
    assert only(voice).poll == expected
    await manage(house, ADA, card, "Edit")
    form = await window(house, ADA, '"callback_id": "edit_poll"')
    boxes = {"settings": {"changed": ["changeable", "names", "comments"]}}
    assert words(await house.slack.submit(ADA, form.id, boxes)) == ""
    expected["settings"]["allowComment"] = True
    assert only(voice).poll == expected


async def test_an_edit_keeps_answers_by_option_and_gives_a_new_option_a_new_id(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await create(house, 'PLAT-12 "Which export?" "CSV" "JSON" "XML"')
    await press(house, BEN, card, "XML")
    voice.answer_inside(only(voice).id, "acc-x", "1")
    await manage(house, ADA, card, "Edit")
    form = await window(house, ADA, '"callback_id": "edit_poll"')

    await house.slack.view_action(ADA, form.id, "option_remove", value="=3")
    form = await house.slack.until(
        lambda: next((v for v in house.slack.stack_of(ADA) if "option:=3" not in str(v.view)), None)
    )
    await house.slack.view_action(ADA, form.id, "add_option")
    form = await window(house, ADA, "option:1")
    in_time(await house.slack.submit(ADA, form.id, {"option:1": {"value": "YAML"}}))

    await card_says(house, card, "XML 1 (100 %, removed)", "YAML 0")
    assert [(one["id"], one["title"]) for one in only(voice).poll["options"]] == [
        ("1", "CSV"),
        ("2", "JSON"),
        ("4", "YAML"),
    ]
    assert only(voice).answers == {"acc-x": {"1"}}


async def look(house: House, later: float = LATER) -> str:
    """Have Team Voice's list read once more, after that many seconds; return what is listed."""
    house.clock.ahead += later
    return await command(house, BEN, "list PLAT-12")


async def test_a_poll_deleted_in_jira_is_said_to_be_deleted_on_its_card(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await create(house)
    voice.polls.clear()
    house.clock.ahead = LATER

    await press(house, BEN, card, "CSV")
    await card_says(house, card, "CSV 1")
    await press(house, CLEO, card, "CSV")
    await card_says(house, card, "CSV 2")
    await rest(house, program)
    house.clock.ahead += SURE_AFTER

    await card_says(house, card, "was deleted")
    assert buttons(card) == {}


async def test_a_poll_deleted_in_jira_is_not_listed_any_more(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await create(house)
    await create(house, 'PLAT-12 local "Only here?" "Yes" "No"')
    voice.polls.clear()

    assert "Which export?" in await look(house)
    await look(house, SURE_AFTER)

    listed = await look(house)
    assert "Which export?" not in listed
    assert "Only here?" in listed
    await card_says(house, card, "was deleted")


@pytest.mark.parametrize("cut_short", [False, True], ids=["an empty list", "a list cut short"])
async def test_lists_that_lack_a_poll_for_a_while_delete_nothing(
    house: House, voice: TeamVoiceStandIn, program: Pollbot, *, cut_short: bool
) -> None:
    card = await create(house)
    if cut_short:
        await create(house, 'PLAT-12 "Another?" "Yes" "No"')
    await press(house, BEN, card, "CSV")
    await card_says(house, card, "CSV 1")
    kept = next(one for one in voice.polls.values() if one.title == "Which export?")
    # Each time that it is there between them, it is looked for anew.
    for _ in range(3):
        del voice.polls[kept.id]
        for later in (LATER, LATER, SURE_AFTER - 3 * LATER):
            assert "Which export?" in await look(house, later)
        voice.polls[kept.id] = kept
        assert "Which export?" in await look(house)
    voice.answer_inside(kept.id, "acc-x", "1")
    await look(house)

    await card_says(house, card, "CSV 2", "1 in Slack, 1 in Jira")
    assert_open(card)


async def test_a_poll_that_comes_back_is_alive_on_its_card_with_its_answers(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await create(house)
    await press(house, BEN, card, "CSV")
    await card_says(house, card, "CSV 1")
    there = dict(voice.polls)
    voice.polls.clear()
    await look(house)
    await look(house, SURE_AFTER)
    await card_says(house, card, "was deleted")

    voice.polls.update(there)
    house.clock.ahead += 2 * READ_EVERY

    await card_says(house, card, "CSV 1")
    assert_open(card)
    await press(house, CLEO, card, "CSV")
    await card_says(house, card, "CSV 2")


async def test_answers_to_a_poll_that_stays_away_are_gone_after_a_day(
    house: House, voice: TeamVoiceStandIn
) -> None:
    async with house.program(**by_default(voice)):
        await connect(house, ADA, BEN)
        card = await create(house, 'PLAT-12 anonymous "Which export?" "CSV" "JSON"')
        await press(house, BEN, card, "CSV")
        await house.slack.until(lambda: house.rows("SELECT * FROM answers"))
        there = dict(voice.polls)
        voice.polls.clear()
        await look(house)
        await look(house, SURE_AFTER)
        await card_says(house, card, "was deleted")
        house.clock.ahead += GONE_AFTER
        await house.slack.until(lambda: not house.rows("SELECT * FROM answers"), timeout=PATIENCE)
        assert house.rows("SELECT * FROM poll_keys") == []

        # By then it is another one, and nobody has answered it in Slack.
        voice.polls.update(there)
        assert "Which export?" in await look(house)
        assert "was deleted" in card.text
        assert len(house.rows("SELECT * FROM polls WHERE deleted_at IS NULL")) == 1


async def test_a_poll_deleted_in_slack_stays_so_whatever_an_old_list_says(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await create(house)
    there = dict(voice.polls)
    await manage(house, ADA, card, "Delete")
    await window(house, ADA, "is deleted")
    await card_says(house, card, "was deleted")
    voice.polls.update(there)

    listed = await look(house)

    assert "Which export?" not in listed
    await rest(house, program)
    assert "was deleted" in card.text


async def test_a_closed_poll_that_is_unlisted_and_comes_back_shows_its_result(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await create(house)
    await press(house, BEN, card, "CSV")
    await card_says(house, card, "CSV 1")
    await manage(house, ADA, card, "Close")
    await window(house, ADA, "is closed")
    there = dict(voice.polls)
    voice.polls.clear()
    await look(house)
    house.clock.ahead += SURE_AFTER
    await card_says(house, card, "was deleted")

    voice.polls.update(there)
    house.clock.ahead += 2 * READ_EVERY

    await card_says(house, card, "CSV 1")
    assert "was deleted" not in card.text


async def test_a_closed_poll_that_becomes_anonymous_in_jira_keeps_no_key(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await create(house)
    await press(house, BEN, card, "CSV")
    await manage(house, ADA, card, "Close")
    await window(house, ADA, "is closed")
    await house.slack.until(lambda: "Results" in buttons(card).values(), timeout=PATIENCE)
    settings = only(voice).poll["settings"] | {"saveParticipantNames": False}
    change_in_jira(only(voice), settings=settings)
    house.clock.ahead = LATER

    await press(house, BEN, card, "Results")

    await house.slack.until(
        lambda: [()] if BEN not in str(house.rows("SELECT * FROM answers")) else None,
        timeout=PATIENCE,
        what="the name to go",
    )
    assert house.rows("SELECT * FROM poll_keys") == []


async def test_a_poll_that_is_gone_already_is_deleted_all_the_same(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await create(house)
    await card_says(house, card, "No answers yet")
    voice.polls.clear()

    await manage(house, ADA, card, "Delete")

    await window(house, ADA, "is deleted")
    await card_says(house, card, "was deleted")
    assert [call.status for call in voice.calls if call.method == "DELETE"] == [404]


async def test_delete_in_slack_deletes_in_team_voice(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await create(house)
    await press(house, BEN, card, "CSV")

    await manage(house, ADA, card, "Delete")

    await window(house, ADA, "is deleted")
    await card_says(house, card, "was deleted")
    assert voice.polls == {}
    assert house.rows("SELECT * FROM answers") == []


@pytest.mark.parametrize("shape", ["nonsense", "words", "negative", "strangers"])
async def test_results_in_a_shape_that_nobody_knows_are_said_to_be_not_understood(
    house: House, voice: TeamVoiceStandIn, program: Pollbot, shape: str
) -> None:
    card = await create(house)
    voice.answer_inside(only(voice).id, "acc-x", "2")
    voice.results_shape = shape
    house.clock.ahead = LATER

    await press(house, BEN, card, "CSV")

    await house.slack.until(
        lambda: "came in a form that I do not understand" in shown(card),
        timeout=PATIENCE * 1.5,
        what=f"a word about it on {shown(card)}",
    )
    assert "JSON 0" in card.text
    assert "in Jira" not in card.text
    results = await command(house, BEN, "results PLAT-12")
    assert "Which export?" in results


async def test_polls_made_in_jira_are_listed_posted_and_answered(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    made = voice.add_poll("PLAT", "PLAT-12", "Made in Jira?", ("Yes", "No"))
    voice.answer_inside(made.id, "acc-x", "1")

    assert "Made in Jira?" in await command(house, BEN, "list PLAT-12")
    listed = house.slack.visible_to(BEN, PLANNING)[-1]
    await press(house, BEN, listed, "Post here")
    card = await house.card("Made in Jira?")
    await press(house, CLEO, card, "No")

    await card_says(house, card, "2 answers: 1 in Slack, 1 in Jira")
    assert len(await polls_listed(house, "PLAT-12", user=BEN)) == 1
    assert len(await polls_listed(house, "PLAT-12", user=BEN)) == 1


ENDS = {
    "an end closes it": (2 * HOUR, (), True),
    "it stays open after its end": (2 * HOUR, ("stays_open",), False),
    "no end closes nothing": (None, (), False),
}


@pytest.mark.parametrize(("ends_in", "ticked", "closes"), ENDS.values(), ids=ENDS)
async def test_an_end_in_the_form_closes_the_poll_in_team_voice_too(
    house: House,
    voice: TeamVoiceStandIn,
    program: Pollbot,
    ends_in: float | None,
    ticked: tuple[str, ...],
    closes: bool,
) -> None:
    settings = ("changeable", "names", *ticked)
    sent = await submitted(house, where="PLAT-12", ends_in=ends_in, settings=settings)
    assert (sent.status, sent.error) == (200, None), sent
    assert "is created in Team Voice" in sent.body
    card = await house.card("Lunch?")

    [post] = [call for call in voice.calls if call.method == "POST"]
    there = post.body["settings"]
    end = datetime.fromtimestamp(at(house, ends_in), UTC) if ends_in is not None else None
    assert there["endDate"] == (f"{end:%Y-%m-%dT%H:%M:%SZ}" if end is not None else "")
    assert there["closePollOnEndDate"] is closes
    house.clock.ahead += 2 * HOUR + 60
    if closes:
        await card_says(house, card, "Closed on")
    else:
        await press(house, BEN, card, "Pizza")
        await card_says(house, card, "Pizza 1")


async def found(house: House, voice: TeamVoiceStandIn, user: str, **wishes: Any) -> Message:
    """Make a poll inside Jira and have somebody post it from the list; return its card."""
    voice.add_poll("PLAT", "PLAT-12", "Made in Jira?", ("Yes", "No"), settings=wishes)
    await command(house, user, "list PLAT-12")
    listed = house.slack.visible_to(user, PLANNING)[-1]
    await press(house, user, listed, "Post here")
    return await house.card("Made in Jira?")


def ends(house: House, seconds: float) -> dict[str, Any]:
    """Return the settings of a poll that closes by itself."""
    end = datetime.fromtimestamp(house.clock() + seconds, UTC).isoformat(timespec="seconds")
    return {"endDate": end, "closePollOnEndDate": True}


async def test_who_lists_a_poll_of_jira_is_not_offered_its_record(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await found(house, voice, BEN, **ends(house, HOUR))

    house.clock.ahead += HOUR + 5

    await card_says(house, card, "Closed on")
    await rest(house, program)
    assert letters(house, BEN) == []


@pytest.mark.parametrize(
    ("box", "value"), [("remind", "3600"), ("record", ["record"])], ids=["reminder", "record"]
)
async def test_whoever_asks_for_more_of_a_poll_of_jira_is_the_one_who_asks(
    house: House, voice: TeamVoiceStandIn, program: Pollbot, box: str, value: Any
) -> None:
    card = await found(house, voice, BEN, **ends(house, 3 * HOUR))
    await manage(house, ADA, card, "Edit")
    form = await window(house, ADA, '"callback_id": "edit_poll"')
    sent = await house.slack.submit(ADA, form.id, {box: {element(form, box): value}})
    assert words(sent) == ""

    if box == "remind":
        house.clock.ahead += 2 * HOUR
        asked = await house.told(CLEO, "you have not answered")
        assert "Ada asks in" in asked.text
    else:
        house.clock.ahead += 3 * HOUR
        await house.told(ADA, "as a comment in your name")
        [comment] = house.jira.issues["PLAT-12"].comments
        assert comment.author == "acc-ada"


async def test_a_reminder_that_was_wanted_before_it_was_known_who_asks_names_nobody(
    house: House, voice: TeamVoiceStandIn
) -> None:
    async with house.program(**by_default(voice)):
        await connect(house, ADA, BEN)
        card = await found(house, voice, BEN, **ends(house, 3 * HOUR))
    # So an earlier version kept it, which took whoever listed the poll for its creator.
    change(house, "UPDATE polls SET remind_before = 3600, remind_due_at = closes_at - 3600")

    async with house.program(**by_default(voice)):
        house.clock.ahead += 2 * HOUR
        asked = await house.told(CLEO, "you have not answered")

    assert f"A poll in <#{card.channel}>" in asked.text
    assert "asks" not in asked.text


# Who may


async def test_who_does_not_see_the_issue_makes_no_poll_on_it(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    house.jira.issues["PLAT-12"].seen_by = {"acc-ada"}

    for text in (LUNCH, f"local {LUNCH}", 'PLAT-999 "Which export?" "CSV" "JSON"'):
        assert "does not show it to you" in await command(house, BEN, text)

    assert voice.calls == []
    await rest(house, program)
    assert not hanging(house)
    assert await polls_listed(house, "PLAT-12") == []


async def test_who_may_not_edit_the_issue_makes_no_poll_in_team_voice(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    house.jira.people["acc-ben"].may_edit = set()

    refused = await command(house, BEN, LUNCH)
    kept_here = await command(house, BEN, f"local {LUNCH}")

    assert "those who may edit PLAT-12" in refused
    assert kept_here == ""
    await house.card("Which export?")
    assert voice.calls == []


async def test_edit_on_the_issue_is_asked_for_as_the_person_who_acts(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await create(house, user=ADA)
    await manage(house, BEN, card, "Close")

    await window(house, BEN, "is closed")
    checks = [c.account_id for c in house.jira.calls if c.path.endswith("/mypermissions")]
    assert checks == ["acc-ada", "acc-ben"]


@pytest.mark.parametrize("what", ["Edit", "Close", "Delete"])
async def test_who_may_not_edit_the_issue_changes_no_poll_of_team_voice(
    house: House, voice: TeamVoiceStandIn, program: Pollbot, what: str
) -> None:
    card = await create(house)
    before = copy.deepcopy(only(voice).poll)
    house.jira.people["acc-ada"].may_edit = set()  # its creator, and an admin in Slack

    if what == "Edit":
        said = words(await edit(house, ADA, card, title="Mine"))
    else:
        await manage(house, ADA, card, what)
        said = (await house.told(ADA, "may edit PLAT-12")).text

    assert "those who may edit PLAT-12" in said
    assert only(voice).poll == before
    await rest(house, program)
    assert_open(card)
    assert "Mine" not in card.text
    assert ["*Which export?*" in said for said in await polls_listed(house, "PLAT-12")] == [True]


async def test_who_is_not_connected_is_asked_to_connect(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await create(house)

    refused = await command(house, CLEO, LUNCH)
    await manage(house, CLEO, card, "Close")

    assert "own Jira account" in refused
    told = await house.told(CLEO, "needs your Jira account")
    assert "Connect Jira" in str(told.blocks)
    assert len(voice.polls) == 1
    await rest(house, program)
    assert_open(card)


async def test_a_poll_kept_in_pollbot_is_its_creators_and_the_admins(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    card = await create(house, f"local {LUNCH}", user=BEN)
    await press(house, BEN, card, "CSV")
    opened = await more(house, BEN, card)
    await house.slack.view_action(BEN, opened.id, "show_results")
    harmless = house.slack.deliveries[-1].body

    for what in ("close_poll", "delete_poll"):
        forged = copy.deepcopy(harmless)
        forged["user"]["id"] = CLEO
        forged["actions"][0] |= {
            "action_id": what,
            "value": json.dumps({"v": 1, "poll": poll_id(card)}),
        }
        in_time(await house.slack.deliver(forged, kind="interactive"))
        await house.slack.until(
            lambda: sum("Only whoever created the poll" in word for word in house.words(CLEO)),
            what=f"a refusal among {house.words(CLEO)}",
        )

    await rest(house, program)
    assert_open(card)
    await manage(house, ADA, card, "Close")
    await window(house, ADA, "is closed")
    await card_says(house, card, "Closed on")
    assert voice.calls == []


# What Team Voice cannot say


@pytest.mark.parametrize("visibility", ["hidden", "aftervote"])
async def test_a_visibility_that_team_voice_does_not_document_is_refused_with_two_ways_out(
    house: House, voice: TeamVoiceStandIn, program: Pollbot, visibility: str
) -> None:
    refused = await command(house, ADA, f"{visibility} {LUNCH}")
    await rest(house, program)
    made = hanging(house)
    kept_here = await command(house, ADA, f"{visibility} local {LUNCH}")

    assert "results always visible" in refused
    assert "`local`" in refused
    assert made == []
    assert kept_here == ""
    card = await house.card("Which export?")
    await press(house, BEN, card, "CSV")
    await house.told(BEN, "Your answer to")
    assert "CSV 1" not in card.text
    assert voice.calls == []


async def test_a_poll_that_is_hidden_in_jira_is_not_shown_and_stays_hidden_after_an_edit(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    made = voice.add_poll(
        "PLAT",
        "PLAT-12",
        "Whose idea?",
        ("Mine", "Yours"),
        settings={"resultsVisibility": "afterVotingOnly"},
    )
    voice.answer_inside(made.id, "acc-x", "1")
    await command(house, BEN, "list PLAT-12")
    listed = house.slack.visible_to(BEN, PLANNING)[-1]
    await press(house, BEN, listed, "Post here")
    card = await house.card("Whose idea?")

    await press(house, BEN, card, "Yours")
    answer = await edit(house, ADA, card, title="Whose idea was it?")

    assert words(answer) == ""
    await card_says(house, card, "Whose idea was it?")
    assert only(voice).poll["settings"]["resultsVisibility"] == "afterVotingOnly"
    assert only(voice).poll["title"] == "Whose idea was it?"
    for seen in (shown(listed), listed.text, shown(card), card.text):
        assert "Mine 1" not in seen
        assert "100 %" not in seen
        assert "50 %" not in seen


async def test_the_default_of_the_environment_is_for_issues_only(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    said = await command(
        house, ADA, f'{house.jira.site_url}/wiki/spaces/DOCS/pages/{PAGE} "Which day?" "Tue" "Thu"'
    )

    assert said == ""
    await house.card("Which day?")
    assert voice.calls == []


# When Team Voice fails


def down(voice: TeamVoiceStandIn, method: str) -> None:
    voice.faults.mode = "down"


def busy(voice: TeamVoiceStandIn, method: str) -> None:
    voice.faults.mode = "429"


def broken(voice: TeamVoiceStandIn, method: str) -> None:
    voice.faults.fail_next(f"{method} polls", 500, "<h1>oops</h1>", times=9)


def html(voice: TeamVoiceStandIn, method: str) -> None:
    voice.html_mode = True


def token(voice: TeamVoiceStandIn, method: str) -> None:
    voice.tokens.clear()


def picky(voice: TeamVoiceStandIn, method: str) -> None:
    voice.faults.fail_next(f"{method} polls", 400, {"error": "no"}, times=9)


FAILURES = pytest.mark.parametrize(
    ("fail", "sentence"),
    [
        (down, "Team Voice does not answer right now"),
        (busy, "Team Voice is asked too much right now"),
        (broken, "Team Voice does not answer right now"),
        (html, "something that pollbot does not understand"),
        (token, "does not accept the access token"),
        (picky, "did not accept what pollbot sent"),
    ],
    ids=["down", "busy", "broken", "html", "token", "picky"],
)


@FAILURES
async def test_a_failure_while_creating_is_said_and_leaves_nothing(
    house: House, voice: TeamVoiceStandIn, program: Pollbot, fail: Any, sentence: str
) -> None:
    fail(voice, "POST")

    said = await command(house, ADA, LUNCH)

    assert ("may have been created all the same" if fail is broken else sentence) in said
    assert VOICE_TOKEN not in said
    await nothing_is_made(house, program, voice)


async def test_a_slow_team_voice_is_waited_for_after_slack_was_answered(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    voice.faults.slow_seconds = 2.6
    voice.faults.mode = "slow"

    said = await command(house, ADA, LUNCH)

    assert "takes longer than usual" in said
    assert voice.polls == {}
    await house.slack.until(
        lambda: any("Which export?" in m.text for m in house.slack.messages), timeout=PATIENCE
    )


async def test_a_slow_failure_is_told_after_slack_was_answered(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    voice.faults.slow_seconds = 2.6
    voice.faults.mode = "slow"
    voice.tokens.clear()

    assert "takes longer than usual" in await command(house, ADA, LUNCH)

    await house.slack.until(
        lambda: any("does not accept the access token" in word for word in house.words(ADA)),
        timeout=PATIENCE,
    )
    await nothing_is_made(house, program, voice)


@FAILURES
async def test_a_failure_while_editing_is_said_in_the_form_and_changes_nothing(
    house: House, voice: TeamVoiceStandIn, program: Pollbot, fail: Any, sentence: str
) -> None:
    card = await create(house)
    before = copy.deepcopy(only(voice).poll)
    fail(voice, "PUT")

    answer = await edit(house, ADA, card, title="Which export now?")

    assert sentence in words(answer)
    assert only(voice).poll == before
    await rest(house, program)
    await close_windows(house, ADA)
    assert "Which export?" in card.text
    assert "Which export now?" not in str((await more(house, ADA, card)).view)


@pytest.mark.parametrize("stays", [True, False], ids=["open", "closed meanwhile"])
async def test_a_form_whose_work_fails_after_a_long_time_comes_back_as_it_was_filled_in(
    house: House, voice: TeamVoiceStandIn, program: Pollbot, stays: bool
) -> None:
    card = await create(house)
    before = copy.deepcopy(only(voice).poll)
    await manage(house, ADA, card, "Edit")
    form = await window(house, ADA, '"callback_id": "edit_poll"')
    filled = {
        "title": {"value": "Which export now?"},
        "description": {"value": "For *all* of us"},
        "settings": {"changed": ["changeable", "names", "comments"]},
        "visibility": {"changed": "alwaysPublic"},
        "end": {"value": int(house.clock()) + 7200},
        "remind": {"changed": "3600"},
    }
    voice.faults.slow_down("GET polls", 2.6)
    voice.faults.fail_next("PUT polls", 429)

    answer = await house.slack.submit(ADA, form.id, filled)

    assert '"response_action": "update"' in answer.body
    sent = house.slack.deliveries[-1].body["view"]["state"]
    if not stays:
        await house.slack.close(ADA, form.id)
        await house.told(ADA, "is asked too much right now")
        assert only(voice).poll == before
        return
    await house.slack.until(
        lambda: "is asked too much right now" in str(form.view), timeout=PATIENCE, what="the form"
    )
    said = house.words(ADA)
    voice.faults.mend("GET polls")
    assert only(voice).poll == before
    assert words(await house.slack.submit(ADA, form.id, {})) == ""
    assert house.slack.deliveries[-1].body["view"]["state"] == sent
    await card_says(house, card, "Which export now?")
    assert only(voice).poll["description"] == "For *all* of us"
    await rest(house, program)
    assert house.words(ADA) == said


@FAILURES
async def test_a_failure_while_deleting_is_said_and_keeps_the_answers(
    house: House, voice: TeamVoiceStandIn, program: Pollbot, fail: Any, sentence: str
) -> None:
    card = await create(house)
    await press(house, BEN, card, "CSV")
    fail(voice, "DELETE")

    await manage(house, ADA, card, "Delete")

    await house.told(ADA, sentence)
    assert len(voice.polls) == 1
    await card_says(house, card, "CSV 1")
    await rest(house, program)
    assert_open(card)


@FAILURES
async def test_a_failure_while_reading_keeps_the_card_and_is_said_when_asked(
    house: House, voice: TeamVoiceStandIn, program: Pollbot, fail: Any, sentence: str
) -> None:
    card = await create(house)
    voice.answer_inside(only(voice).id, "acc-x", "2")
    house.clock.ahead = LATER
    await press(house, BEN, card, "CSV")
    await card_says(house, card, "1 in Slack, 1 in Jira")
    house.clock.ahead = 2 * LATER
    fail(voice, "GET")

    await press(house, CLEO, card, "CSV")

    await card_says(house, card, "3 answers: 2 in Slack, 1 in Jira")
    assert sentence in await command(house, BEN, "list PLAT-12")
    await rest(house, program)
    assert_open(card)


# Between Team Voice and Slack


async def test_a_card_that_cannot_be_posted_is_told_with_a_button_that_posts_it(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    house.slack.faults.fail_next("response_url", 404, "expired_url")

    await command(house, ADA, LUNCH, channel=LEADS)

    told = await house.told(ADA, "its card could not be posted")
    assert len(voice.polls) == 1
    await press(house, ADA, told, "Post it")
    card = await house.card("Which export?", channel=told.channel)
    await press(house, BEN, card, "CSV")
    await card_says(house, card, "CSV 1")
    await rest(house, program)
    assert hanging(house) == [card]


async def test_a_card_that_slack_refuses_is_told_as_well(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    house.slack.faults.fail_next("chat.postMessage", 200, {"ok": False, "error": "something_new"})

    await command(house, ADA, LUNCH)

    told = await house.told(ADA, "its card could not be posted")
    await press(house, ADA, told, "Post it")
    card = await house.card("Which export?")
    assert "CSV" in buttons(card).values()


async def test_who_was_creating_a_poll_in_a_crash_is_told_at_the_next_start(
    house: House, voice: TeamVoiceStandIn
) -> None:
    async with house.program(**by_default(voice)):
        await connect(house, ADA)
        await create(house)
    # What a crash leaves between Team Voice's answer and the row.
    change(house, "UPDATE polls SET made = 0, remote_id = NULL, raw = NULL")
    change(house, "DELETE FROM cards")

    async with house.program(**by_default(voice)):
        told = await house.told(ADA, "may have been created")

    assert "Which export?" in told.text
    assert LUNCH in shown(told)
    assert house.rows("SELECT * FROM polls") == []


async def test_who_was_creating_a_poll_in_a_crash_is_told_once_slack_is_back(
    house: House, voice: TeamVoiceStandIn
) -> None:
    async with house.program(**by_default(voice)):
        await connect(house, ADA)
        await create(house)
    change(house, "UPDATE polls SET made = 0, remote_id = NULL, raw = NULL")
    change(house, "DELETE FROM cards")
    house.slack.faults.fail_next("chat.postMessage", 503, "", times=2)

    async with house.program(**by_default(voice)):
        await house.slack.until(
            lambda: any("may have been created" in word for word in house.words(ADA)),
            timeout=PATIENCE,
        )


async def test_the_token_is_in_no_payload_no_log_and_no_readable_column(
    house: House,
    voice: TeamVoiceStandIn,
    program: Pollbot,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    card = await create(house)
    await edit(house, ADA, card, title="Which export now?")
    voice.faults.fail_next("DELETE polls", 500)
    await manage(house, ADA, card, "Delete")
    await house.told(ADA, "may have been deleted")

    assert VOICE_TOKEN not in caplog.text
    assert "token=" not in caplog.text
    assert VOICE_TOKEN.encode() not in on_disk(house)
