"""What a poll asks of whoever answers it: how many options, places, who, and what follows."""

import asyncio
import json
from collections.abc import Sequence

import pytest

from pollbot.sandbox.slack.things import UserGroup
from pollbot.slack import members
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, LEADS, PLANNING, House, rest, shown
from tests.support.polls import (
    BOUND,
    DAY,
    HOUR,
    action,
    add_option,
    all_of,
    answer,
    close,
    drawn,
    form_poll,
    labels,
    manage,
    more,
    poll,
    replies,
    until,
    why_not,
    window,
)

DAN = "U0DAN"
FOUR = '"Which days?" "Mon" "Tue" "Wed" "Thu"'
NOTHING = "Nothing was"


def counts(house: House) -> dict[str, int]:
    """Return how often each option is counted, by its title."""
    ((options,),) = house.rows("SELECT options FROM polls")
    titles = {one["id"]: one["title"] for one in json.loads(options)}
    rows = house.rows("SELECT option_id, count(*) FROM answers GROUP BY option_id")
    return {titles[option_id]: count for option_id, count in rows}


def devs(house: House, *users: str) -> UserGroup:
    """Return a new user group of these people, @devs."""
    group = house.slack.groups["S0DEVS"] = UserGroup("S0DEVS", "devs", "Devs", set(users))
    return group


async def refused(house: House, text: str) -> str:
    """Return why this makes no poll; none is made."""
    said = await why_not(house, ADA, await house.slack.command(ADA, PLANNING, "/poll", text))
    assert house.rows("SELECT 1 FROM polls") == []
    return said


# How many options


async def test_an_answer_takes_no_more_options_than_the_poll_says(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, f"max 2 {FOUR}")
    assert "Choose up to 2." in shown(card)
    for day in ("Mon", "Tue"):
        await answer(house, BEN, card, day)

    await answer(house, BEN, card, "Wed")

    told = await house.told(BEN, "takes no more")
    assert "You have 2 of 2" in told.text
    assert counts(house) == {"Mon": 1, "Tue": 1}
    await answer(house, BEN, card, "Mon")
    await answer(house, BEN, card, "Wed")
    await house.slack.until(lambda: "Wed 1" in card.text, BOUND, what=card.text)
    assert counts(house) == {"Tue": 1, "Wed": 1}


async def test_an_answer_counts_once_it_has_enough_options(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, f"min 2 {FOUR}")
    assert "Choose 2 or more." in shown(card)

    await answer(house, BEN, card, "Mon")

    told = await house.told(BEN, "does not count yet")
    assert "choose 1 more" in told.text
    part = "1 person has chosen fewer than 2 options, which does not count yet."
    await house.slack.until(lambda: part in card.text, BOUND, what=card.text)
    assert "No answers yet" in card.text
    assert counts(house) == {}
    await answer(house, BEN, card, "Tue")
    await house.slack.until(lambda: "Tue 1 (100 %)" in card.text, BOUND, what=card.text)
    assert "does not count yet" not in card.text
    assert counts(house) == {"Mon": 1, "Tue": 1}
    await answer(house, BEN, card, "Tue")
    await house.slack.until(lambda: part in card.text, BOUND, what=card.text)
    assert counts(house) == {}


async def test_exactly_so_many(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, f"min 2 max 2 final {FOUR}")
    assert "Choose exactly 2, answers are final." in shown(card)
    await answer(house, BEN, card, "Mon")
    await house.told(BEN, "choose 1 more")

    # What does not count yet is not final either.
    await answer(house, BEN, card, "Mon")
    for day in ("Tue", "Wed"):
        await answer(house, BEN, card, day)

    await house.slack.until(lambda: "Wed 1" in card.text, BOUND, what=card.text)
    await answer(house, BEN, card, "Tue")
    await house.told(BEN, "Answers to this poll are final")
    assert counts(house) == {"Tue": 1, "Wed": 1}


@pytest.mark.parametrize(
    ("words", "said"),
    {
        "more needed than taken": ("min 3 max 2", "cannot need 3 options and take 2"),
        "more taken than there are": ("max 5", "cannot take 5 options: the poll has 4"),
        "more needed than there are": ("min 5", "cannot need 5 options: the poll has 4"),
        "no places": ("places 0", "“0” is no number of places"),
        "nothing taken": ("max 0", "“0” is no number of options that an answer takes"),
        "less than nothing": ("max -1", "“-1” is no number of options"),
        "a fraction": ("min 1.5", "“1.5” is no number of options"),
        "far too many": ("places 99999999999", "is no number of places"),
        "no number": ("max many", "After `max` comes a number"),
        "no number at the end": ("places", "After `places` comes a number"),
        "one and several": ("single max 3", "contradicts another word"),
        "two limits": ("max 2 max 3", "contradicts another word"),
        "places that tell": ("anonymous places 5", "places need results that everybody sees"),
        "places of percentages": ("percent places 5", "places need results"),
        "places of hidden results": ("hidden places 5", "places need results"),
        "nobody": ("for", "After `for` comes who may answer"),
        "who is no group": ("for @nobody", "This workspace has no user group"),
    }.values(),
)
async def test_what_cannot_be_is_refused_with_a_reason(
    house: House, pollbot: Pollbot, words: str, said: str
) -> None:
    told = await refused(house, f"{words} {FOUR}")

    assert said in told, told
    assert NOTHING in told or "comes" in told


@pytest.mark.parametrize(
    "words",
    ["max ３", "max:3", "--max=3", "max3", "MAX ٣", "—max 3", "max 3,"],
)
async def test_numbers_are_read_as_people_write_them(
    house: House, pollbot: Pollbot, words: str
) -> None:
    card = await poll(house, f"{words} {FOUR}")

    assert "Choose up to 3." in shown(card)


# Places


async def test_the_last_place_goes_to_one_person(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, 'places 2 "Which workshop?" "Clay" "Wood"')
    assert "Each option has 2 places." in shown(card)
    crowd = [f"U0CROWD{number:02}" for number in range(20)]
    for user in crowd:
        house.slack.add_person(user, user.title())
    await answer(house, ADA, card, "Clay")
    clay = action(card, "Clay")

    await asyncio.gather(*(house.slack.press(user, card.id, clay) for user in crowd))

    await house.slack.until(lambda: "Clay 2 (100 %, full)" in card.text, BOUND, what=card.text)
    assert counts(house) == {"Clay": 2}
    assert "2 of 2 places" in shown(card)
    assert set(labels(card).values()) >= {"Clay (full)", "Wood"}
    (kept,) = [user for user in crowd if house.rows("SELECT 1 FROM answers WHERE voter = ?", user)]
    late = next(user for user in crowd if user != kept)
    told = await house.told(late, "is full")
    assert "all its 2 places are taken. Your answer was left as it was" in told.text


async def test_a_place_is_free_again_once_somebody_withdraws(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, 'places 1 "Which workshop?" "Clay" "Wood"')
    await answer(house, BEN, card, "Clay")
    await answer(house, CLEO, card, "Clay (full)")
    await house.told(CLEO, "its place is taken")
    # Whoever has it presses it again, and keeps it.
    await answer(house, BEN, card, "Clay (full)")

    await answer(house, BEN, card, "Wood")

    await answer(house, CLEO, card, "Clay")
    await house.slack.until(lambda: "Clay 1 (50 %, full)" in card.text, BOUND, what=card.text)
    assert counts(house) == {"Clay": 1, "Wood": 1}


# Who may answer


async def test_only_members_of_a_user_group_answer(house: House, pollbot: Pollbot) -> None:
    group = devs(house, ADA, BEN)
    card = await poll(house, 'for @devs "Ship?" "Yes" "No"')
    assert "Only @devs may answer." in shown(card)
    assert "<!subteam" not in str(card.blocks)

    await answer(house, BEN, card, "Yes")
    await answer(house, CLEO, card, "No")

    told = await house.told(CLEO, "you are not one of them")
    assert "Only @devs may answer this poll" in told.text
    await house.slack.until(lambda: "Yes 1" in card.text, BOUND, what=card.text)
    assert counts(house) == {"Yes": 1}
    # Who left keeps the answer, and may take it back, but gives no other.
    group.users.remove(BEN)
    house.clock.ahead += 61
    await answer(house, BEN, card, "No")
    await house.told(BEN, "What you answered before stays")
    assert counts(house) == {"Yes": 1}
    await house.slack.press(BEN, card.id, action(card, "My answer"))
    mine = await house.told(BEN, "Your answer to")
    await house.slack.press(BEN, mine.id, action(mine, "Withdraw answer"))
    await house.slack.until(lambda: "No answers yet" in card.text, BOUND, what=card.text)
    assert counts(house) == {}


@pytest.mark.parametrize(("room", "asked"), [(14, 0), (12, 1), (11, 1)])
async def test_a_group_is_remembered_for_a_minute_if_there_is_room_for_it(
    house: House, monkeypatch: pytest.MonkeyPatch, room: int, asked: int
) -> None:
    monkeypatch.setattr(members, "ROOM", room)
    devs(house, ADA, BEN, CLEO)

    def looks() -> int:
        return sum(call.method == "usergroups.users.list" for call in house.slack.calls)

    async with house.program():
        card = await poll(house, 'for @devs "Ship?" "Yes" "No"')
        await answer(house, BEN, card, "Yes")
        before = looks()

        await answer(house, CLEO, card, "No")

        assert counts(house) == {"Yes": 1, "No": 1}
        assert looks() - before == asked


TROUBLE = {
    "the group is gone": "is not there any more, or is disabled",
    "the group is disabled": "is not there any more, or is disabled",
    "Slack is away": "Slack does not answer pollbot right now",
    "Slack asks to wait": "asks pollbot to wait",
    "the scope is missing": "usergroups:read",
}


@pytest.mark.parametrize(("trouble", "said"), TROUBLE.items(), ids=TROUBLE)
async def test_nothing_is_guessed_of_a_group_that_nobody_tells(
    house: House, pollbot: Pollbot, trouble: str, said: str
) -> None:
    group = devs(house, ADA, BEN)
    card = await poll(house, 'for @devs "Ship?" "Yes" "No"')
    match trouble:
        case "the group is gone":
            del house.slack.groups[group.id]
        case "the group is disabled":
            group.is_disabled = True
        case "Slack is away":
            house.slack.faults.fail_next("usergroups.users.list", 503, {"ok": False})
        case "Slack asks to wait":
            house.slack.faults.fail_next(
                "usergroups.users.list", 429, {"ok": False}, {"Retry-After": "1"}
            )
        case _:
            house.slack.faults.fail_next(
                "usergroups.users.list", 200, {"ok": False, "error": "missing_scope"}
            )

    await answer(house, BEN, card, "Yes")

    told = await house.told(BEN, said)
    assert NOTHING in told.text
    assert counts(house) == {}


async def test_members_of_the_channel_answer_wherever_a_card_hangs(
    house: House, pollbot: Pollbot
) -> None:
    house.slack.channels[PLANNING].members = {ADA, BEN}
    card = await poll(house, 'for members "Ship?" "Yes" "No"')
    assert f"Only members of <#{PLANNING}> may answer." in shown(card)

    await answer(house, CLEO, card, "Yes")
    await answer(house, BEN, card, "Yes")

    await house.told(CLEO, "you are not one of them")
    await house.slack.until(lambda: "Yes 1" in card.text, BOUND, what=card.text)
    assert counts(house) == {"Yes": 1}


async def test_the_form_asks_who_and_how_many(house: House, pollbot: Pollbot) -> None:
    devs(house, CLEO)
    await house.slack.command(ADA, PLANNING, "/poll", "")
    form = await window(house, ADA, '"callback_id": "create_poll"')
    await all_of(house, form)
    await house.slack.view_action(ADA, form.id, "who_and_how")
    await window(house, ADA, '"block_id": "who"')
    await house.slack.view_action(ADA, form.id, "changed", block_id="who", value="named")
    await window(house, ADA, '"block_id": "groups"')
    chosen = {
        "title": {"value": "Which days?"},
        "options": {"value": "Mon\nTue\nWed"},
        "people": {"value": [BEN]},
        "groups": {"value": ["S0DEVS"]},
    }

    sent = await house.slack.submit(ADA, form.id, chosen | {"most": {"value": "9"}})
    assert (sent.json or {})["errors"].keys() == {"most"}, sent
    sent = await house.slack.submit(ADA, form.id, chosen | {"most": {"value": "two"}})
    assert "is no number" in str((sent.json or {})["errors"]["most"])
    sent = await house.slack.submit(
        ADA, form.id, chosen | {"most": {"value": "2"}, "places": {"value": "５"}}
    )
    assert "errors" not in sent.body, sent

    card = await house.card("Which days?")
    for said in (
        "Choose up to 2.",
        "Each option has 5 places.",
        "Only @devs and 1 person whom its maker chose may answer.",
    ):
        assert said in shown(card)
    await answer(house, ADA, card, "Mon")
    await house.told(ADA, "you are not one of them")
    for user in (BEN, CLEO):
        await answer(house, user, card, "Tue")
    await house.slack.until(lambda: "Tue 2" in card.text, BOUND, what=card.text)
    assert counts(house) == {"Tue": 2}


async def test_an_edit_leaves_the_answers_that_are_there(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, f"multi {FOUR}")
    for day in ("Mon", "Tue", "Wed"):
        await answer(house, BEN, card, day)
    await house.slack.until(lambda: "Wed 1" in card.text, BOUND, what=card.text)
    form = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
    await house.slack.view_action(ADA, form.id, "who_and_how")
    await window(house, ADA, '"block_id": "most"')

    sent = await house.slack.submit(ADA, form.id, {"most": {"value": "2"}})

    assert "errors" not in sent.body, sent
    await house.slack.until(lambda: "Choose up to 2." in shown(card), BOUND, what=shown(card))
    assert counts(house) == {"Mon": 1, "Tue": 1, "Wed": 1}
    await answer(house, BEN, card, "Thu")
    await house.told(BEN, "You have 3 of 2")
    await answer(house, BEN, card, "Mon")
    await house.slack.until(lambda: "Mon 0" in card.text, BOUND, what=card.text)
    assert counts(house) == {"Tue": 1, "Wed": 1}


async def test_fewer_options_asked_for_make_a_begun_answer_count(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, f"min 2 {FOUR}")
    await answer(house, BEN, card, "Mon")
    await house.told(BEN, "does not count yet")
    form = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')

    await house.slack.submit(ADA, form.id, {"least": {"value": ""}})

    await house.slack.until(lambda: "Mon 1 (100 %)" in card.text, BOUND, what=card.text)
    assert counts(house) == {"Mon": 1}


# Options that people add


async def test_people_add_options_where_the_poll_allows_it(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, 'addable "Lunch?" "Pizza" "Soup"')
    assert "You may add options." in shown(card)

    assert "is an option of" in await add_option(house, BEN, card, "  Sushi ")

    await answer(house, CLEO, card, "Sushi")
    await house.slack.until(lambda: "Sushi 1 (100 %)" in card.text, BOUND, what=card.text)
    assert "Added by others: “Sushi” by <@U0BEN>." in drawn(await more(house, ADA, card))
    assert "Added by others" not in drawn(await more(house, CLEO, card))
    ((what, who),) = house.rows(
        "SELECT what, user_id FROM audit JOIN audit_people ON audit_people.id = who"
        " WHERE what = 'option added'"
    )
    assert (what, who) == ("option added", BEN)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pizza", "Two options are the same"),
        ("Ｐizza", "Two options are the same"),
        ("\u200b ", "words that can be seen"),
    ],
)
async def test_an_option_that_cannot_be_is_refused_at_its_field(
    house: House, pollbot: Pollbot, text: str, said: str
) -> None:
    card = await poll(house, 'addable "Lunch?" "Pizza" "Soup"')

    body = await add_option(house, BEN, card, text)

    assert said in json.loads(body)["errors"]["new_option"]
    assert NOTHING in body
    assert set(labels(card).values()) >= {"Pizza", "Soup"}
    assert house.rows("SELECT 1 FROM additions") == []


async def test_nobody_floods_a_poll_with_options(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, 'addable anonymous "Lunch?" "Pizza" "Soup"')
    for number in range(5):
        assert "is an option of" in await add_option(house, BEN, card, f"Dish {number}")

    body = await add_option(house, BEN, card, "Dish 6")

    assert "You have added 5 options" in body
    assert "is an option of" in await add_option(house, CLEO, card, "Dish 6")
    # Of an anonymous poll nobody knows who added what, on disk neither.
    assert "Added by others" not in drawn(await more(house, ADA, card))
    known = house.rows("SELECT added_by FROM additions")
    assert len(known) == 6
    assert not {who for (who,) in known} & {BEN, CLEO}
    assert house.rows("SELECT 1 FROM audit WHERE what = 'option added'") == []
    await close(house, ADA, card)
    assert house.rows("SELECT 1 FROM additions") == []


async def test_two_at_once_add_one_option_or_two(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, 'addable "Lunch?" "Pizza" "Soup"')

    said = await asyncio.gather(
        add_option(house, BEN, card, "Sushi"),
        add_option(house, CLEO, card, "SUSHI"),
        add_option(house, ADA, card, "Pho"),
    )

    assert sum("is an option of" in one for one in said) == 2
    await house.slack.until(lambda: "Pho" in labels(card).values(), BOUND, what=card.text)
    titles = [text.casefold() for text in labels(card).values()]
    assert titles.count("sushi") == 1


async def test_an_option_comes_too_late_once_the_poll_is_closed(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, f'addable {until(house, HOUR)} "Lunch?" "Pizza" "Soup"')
    await house.slack.press(BEN, card.id, action(card, "Add an option"))
    form = await window(house, BEN, '"callback_id": "add_option_form"')
    house.clock.ahead += 2 * HOUR

    sent = await house.slack.submit(BEN, form.id, {"new_option": {"value": "Sushi"}})

    assert "is closed and takes no more answers, so nothing was changed" in sent.body
    assert "Sushi" not in str(house.rows("SELECT options FROM polls"))


# Who has not answered


async def test_who_has_not_answered_is_told_to_who_manages_the_poll(
    house: House, pollbot: Pollbot
) -> None:
    house.slack.channels[PLANNING].app_is_member = True
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    await answer(house, BEN, card, "Pizza")

    seen = drawn(await manage(house, ADA, card, "not_answered", "have not answered"))

    assert "2 people of 3 have not answered in Slack:" in seen
    assert "<@U0ADA>, <@U0CLEO>" in seen
    assert "<@U0BEN>" not in seen
    assert "Not answered yet" not in drawn(await more(house, BEN, card))


async def test_of_an_anonymous_poll_nobody_is_named(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, 'anonymous "Lunch?" "Pizza" "Soup"')
    await answer(house, BEN, card, "Pizza")
    await house.told(BEN, "Your answer to")

    seen = drawn(await manage(house, ADA, card, "not_answered", "nobody is named here"))

    assert "only while neither they nor the others are fewer than three" in seen
    assert "<@" not in seen
    assert '"nudge' not in seen


def reminded(house: House) -> Sequence[str]:
    """Return who was reminded, in order."""
    return [
        user
        for message in house.slack.messages
        for user in (ADA, BEN, CLEO)
        if "you have not answered “Lunch?” yet" in message.text
        and user in house.slack.channels[message.channel].members
    ]


async def everybody(house: House, pollbot: Pollbot, seconds: float = 2.0) -> None:
    for _ in range(10):
        house.clock.ahead += seconds
        await rest(house, pollbot)


async def test_a_nudge_reminds_each_once_over_restarts_and_with_the_reminder(
    house: House,
) -> None:
    async with house.program() as pollbot:
        card = await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
        await answer(house, BEN, card, "Soup")
        await manage(house, ADA, card, "not_answered", "have not answered")
        (view,) = house.slack.stack_of(ADA)
        await house.slack.view_action(ADA, view.id, "nudge")
        await window(house, ADA, "are reminded now")
        await house.slack.until(lambda: reminded(house), BOUND, what="a first reminder")
    async with house.program() as pollbot:
        await everybody(house, pollbot)
        assert sorted(reminded(house)) == [ADA, CLEO]

        house.clock.ahead += 2 * HOUR
        await everybody(house, pollbot)

        assert sorted(reminded(house)) == [ADA, CLEO]
        assert replies(house, card) == []
        seen = drawn(await manage(house, ADA, card, "not_answered", "have not answered"))
        assert "They were nudged on" in seen


async def test_a_nudge_goes_to_those_who_may_answer_and_spares_who_muted_it(
    house: House, pollbot: Pollbot
) -> None:
    devs(house, BEN, CLEO)
    await house.slack.command(CLEO, PLANNING, "/pollbot", "reminders off")
    card = await poll(house, f'for @devs {until(house, 3 * HOUR)} "Lunch?" "Pizza" "Soup"')
    await manage(house, ADA, card, "not_answered", "have not answered")
    (view,) = house.slack.stack_of(ADA)

    await house.slack.view_action(ADA, view.id, "nudge")

    await house.slack.until(lambda: reminded(house), BOUND, what="a reminder")
    await everybody(house, pollbot)
    assert reminded(house) == [BEN]


async def test_a_poll_without_an_end_nudges_in_working_hours(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    await manage(house, ADA, card, "not_answered", "have not answered")
    (view,) = house.slack.stack_of(ADA)

    await house.slack.view_action(ADA, view.id, "nudge")

    for _ in range(6):
        await everybody(house, pollbot, DAY / 20)
    assert sorted(reminded(house)) == [ADA, BEN, CLEO]
    told = next(m for m in house.slack.messages if "you have not answered" in m.text)
    assert "closes" not in told.text


# Closed once all have answered


async def test_a_poll_closes_once_all_have_answered(house: House, pollbot: Pollbot) -> None:
    house.slack.channels[PLANNING].app_is_member = True
    card = await poll(house, 'autoclose "Lunch?" "Pizza" "Soup"')
    assert "It closes once all members of this channel have answered." in shown(card)
    for user in (ADA, BEN):
        await answer(house, user, card, "Pizza")
    await rest(house, pollbot)
    assert house.rows("SELECT 1 FROM polls WHERE closed_at IS NOT NULL") == []

    await answer(house, CLEO, card, "Soup")

    await house.slack.until(lambda: "Closed on" in card.text, BOUND, what=card.text)
    await house.slack.until(lambda: replies(house, card), BOUND, what="its result in the thread")
    (said,) = replies(house, card)
    assert "as all had answered" in said.text
    assert counts(house) == {"Pizza": 2, "Soup": 1}


async def test_an_anonymous_poll_closes_so_for_its_group_over_a_restart(house: House) -> None:
    group = devs(house, ADA, BEN, CLEO)
    async with house.program() as pollbot:
        card = await poll(house, 'for @devs anonymous until all "Lunch?" "Pizza" "Soup"')
        for user in (ADA, BEN):
            await answer(house, user, card, "Pizza")
            await house.told(user, "Your answer to")
        await rest(house, pollbot)
    # Who is missed no more is not waited for.
    group.users.remove(CLEO)
    async with house.program() as pollbot:
        assert house.rows("SELECT 1 FROM polls WHERE closed_at IS NOT NULL") == []
        house.clock.ahead += 601

        await house.slack.until(lambda: "Closed on" in card.text, BOUND, what=card.text)

    assert house.rows("SELECT closed_by FROM polls") == [("*",)]


async def test_what_does_not_count_yet_closes_nothing(house: House, pollbot: Pollbot) -> None:
    house.slack.channels[LEADS].members = {ADA}
    house.slack.channels[LEADS].app_is_member = True
    card = await poll(house, f"min 2 for members autoclose {FOUR}", channel=LEADS)
    await answer(house, ADA, card, "Mon")
    await house.told(ADA, "does not count yet")
    await rest(house, pollbot)
    assert house.rows("SELECT 1 FROM polls WHERE closed_at IS NOT NULL") == []

    await answer(house, ADA, card, "Tue")

    await house.slack.until(lambda: "Closed on" in card.text, BOUND, what=card.text)
