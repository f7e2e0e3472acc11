"""Forget me: what is kept is shown, then asked, then gone, in every table."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import Any

import pytest

from pollbot.forgetting.rows import (
    DELETED,
    INSTALLED,
    NAMED_IN,
    NAMELESS,
    OF_POLLS,
    OF_RUNS,
)
from pollbot.sandbox.slack import Message
from pollbot.store.migrations import migrate
from pollbot.wiring import Pollbot
from tests.support import stored, workflows
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, buttons, rest, shown
from tests.support.own_time import own_time
from tests.support.polls import all_of, answer, close, poll, window
from tests.support.rights import allow, close_windows
from tests.support.schedules import schedule
from tests.support.team_voice import by_default, team_voice

LUNCH = '"Lunch?" "Pizza" "Soup"'
PERSONS = {"user_id", "owner", "owners", "reader", "voter", "passed_over"}
IN_AUDIT = {("audit_people", "user_id")}
OF_NOBODY = {
    *("audit", "audit_forgotten", "beats", "counts", "endings", "installs_begun", "issues"),
    *("languages", "mark", "pages", "poll_defaults", "poll_keys", "previews", "rights", "steps"),
    *("teams", "vote_counts", "work_objects", "workspaces", "ballot_lines", "crossings"),
    *("threshold_states", "when_all", "forgotten_polls", "retention"),
}
"""Tables without the id of a person, but for what is said of them in forgetting/rows.py."""


def named_columns() -> set[tuple[str, str]]:
    """Return the columns that hold user ids, as their names tell."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        migrate(db)
        tables = [
            str(name)
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not str(name).startswith(("_", "sqlite_"))
        ]
        return {
            (table, column)
            for table in tables
            for _, column, *_ in db.execute(f"PRAGMA table_info({table})")
            if column in PERSONS or column.endswith("_by")
        }


def all_tables() -> set[str]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        migrate(db)
        found = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {str(name) for (name,) in found if not str(name).startswith(("_", "sqlite_"))}


def test_each_column_with_a_person_says_how_they_are_forgotten() -> None:
    said = {*DELETED, *NAMELESS, *INSTALLED, *OF_POLLS, *IN_AUDIT}

    assert named_columns() == {one for one in said if one[0] in all_tables()}


def test_each_table_says_whether_a_person_is_in_it() -> None:
    said = {
        table
        for table, *_ in (
            *(*DELETED, *NAMELESS, *INSTALLED, *NAMED_IN),
            *(*OF_POLLS, *OF_RUNS, *IN_AUDIT),
        )
    }

    assert all_tables() - said - OF_NOBODY == set(), "say in forgetting/rows.py how, or here"


def left(house: House, user: str) -> list[str]:
    """Return the tables and columns in which somebody is still."""
    found = []
    for table, columns in stored.tables(house.database).items():
        for column in sorted(columns):
            query = f"SELECT count(*) FROM {table} WHERE CAST({column} AS TEXT) LIKE ?"  # noqa: S608
            if house.rows(query, f"%{user}%") != [(0,)]:
                found.append(f"{table}.{column}")
    return found


async def asked(house: House, user: str, words: str = "forget me") -> Message:
    await house.slack.command(user, PLANNING, "/pollbot", words)
    return await house.told(user, "What pollbot keeps of")


async def forget(house: House, user: str, words: str = "forget me") -> None:
    told = await asked(house, user, words)
    press = next(iter(buttons(told)))
    await house.slack.press(user, told.id, press)


async def story(house: House, pollbot: Pollbot) -> dict[str, Message]:
    """Let Ben do what leaves traces, and others beside him."""
    await house.connect(BEN)
    await close_windows(house, BEN)
    await allow(house, makers="people", people=[BEN, CLEO])
    await house.slack.command(BEN, PLANNING, "/pollbot", "link PLAT-12")
    await house.vote(BEN, "PLAT-13")
    await house.votes("PLAT-13", 1)
    await house.slack.command(BEN, PLANNING, "/votes", "PLAT-12")
    await house.card("Export")
    await house.slack.command(BEN, PLANNING, "/pollbot", "reminders off")
    over = await poll(house, 'here "Dinner?" "Cake" "Tea"', user=BEN)
    await answer(house, BEN, over, "Cake")
    await answer(house, CLEO, over, "Tea")
    await close(house, BEN, over)
    await close_windows(house, BEN)
    hanging = await poll(house, f"here {LUNCH}", user=BEN)
    await answer(house, BEN, hanging, "Pizza")
    await answer(house, CLEO, hanging, "Pizza")
    secret = await poll(house, 'here anonymous "Pay?" "Much" "Little"', user=BEN)
    await answer(house, BEN, secret, "Much")
    await schedule(house, hanging, user=BEN, every="daily", at="09:00")
    # It is looked at as Ben, to whom Jira does not show it.
    house.jira.issues["PLAT-13"].seen_by = {"acc-ada"}
    await rest(house, pollbot)
    house.clock.ahead += 600
    await rest(house, pollbot)
    assert house.rows("SELECT passed_over FROM voted_issues") == [(BEN,)]
    return {"over": over, "hanging": hanging, "secret": secret}


async def test_nothing_of_the_person_is_left_in_any_table(house: House, pollbot: Pollbot) -> None:
    cards = await story(house, pollbot)
    assert {"accounts.user_id", "schedules.owner", "polls.created_by"} <= set(left(house, BEN))
    told = await asked(house, BEN)
    said = told.text + shown(told)
    for kind in ("1 Jira account", "1 schedule", "in 2 polls with names", "1 of these polls"):
        assert kind in said
    assert "withdraw them before" in said

    await forget(house, BEN)

    await house.told(BEN, "You are forgotten in pollbot")
    await rest(house, pollbot)
    assert left(house, BEN) == []
    await house.slack.until(
        lambda: "Pizza 1" in cards["hanging"].text, what=f"less on {cards['hanging'].text}"
    )
    assert "Cake 1 (50 %), Tea 1 (50 %)" in cards["over"].text, "numbers of a closed poll stay"
    assert house.jira.votes("PLAT-13") == 1, "what is in Jira is Jira's"
    assert house.rows("SELECT 1 FROM schedules") == []
    assert house.rows("SELECT what FROM audit WHERE what = 'person forgotten'") == [
        ("person forgotten",)
    ]
    assert CLEO in str(house.rows("SELECT voter FROM answers")), "others stay"


async def test_twice_is_once_and_who_comes_back_is_new(house: House, pollbot: Pollbot) -> None:
    await poll(house, LUNCH, user=BEN)
    told = await asked(house, BEN)
    press = next(iter(buttons(told)))
    again = house.slack.post(PLANNING, house.slack.bot_user_id, "-", told.blocks)
    await house.slack.press(BEN, told.id, press)
    await house.told(BEN, "You are forgotten in pollbot")

    await house.slack.press(BEN, again.id, press)
    await house.told(BEN, "Nothing is kept of you")
    await rest(house, pollbot)
    assert left(house, BEN) == []
    assert house.rows("SELECT count(*) FROM audit WHERE what = 'person forgotten'") == [(1,)]

    await poll(house, '"Dinner?" "Cake" "Tea"', user=BEN)
    assert house.rows("SELECT created_by FROM polls WHERE title = 'Dinner?'") == [(BEN,)]


@pytest.mark.usefixtures("pollbot")
async def test_of_whom_nothing_is_known_nothing_is_to_be_forgotten(house: House) -> None:
    answer = await house.slack.command(CLEO, PLANNING, "/pollbot", "forget me")

    assert "Nothing is kept of you" in answer.body


@pytest.mark.parametrize("words", ["forget", "forget everything", "forget @ben", "forget U0-!"])
@pytest.mark.usefixtures("pollbot")
async def test_words_that_name_nobody_forget_nobody(house: House, words: str) -> None:
    await poll(house, LUNCH, user=BEN)

    answer = await house.slack.command(BEN, PLANNING, "/pollbot", words)

    assert "`/pollbot forget me`" in answer.body
    assert "polls.created_by" in left(house, BEN)


async def test_an_admin_forgets_who_has_left_and_nobody_else_does(
    house: House, pollbot: Pollbot
) -> None:
    await story(house, pollbot)
    refused: Any = await house.slack.command(CLEO, PLANNING, "/pollbot", f"forget {BEN}")
    assert "Only admins" in refused.body + str(house.words(CLEO))

    await forget(house, ADA, f"forget {BEN}")

    await house.told(ADA, "is forgotten in pollbot")
    await rest(house, pollbot)
    assert left(house, BEN) == []
    who = "SELECT user_id FROM audit JOIN audit_people ON id = who WHERE what = 'person forgotten'"
    assert house.rows(who) == [(ADA,)]


async def test_an_admins_button_forgets_nobody_by_another_hand(
    house: House, pollbot: Pollbot
) -> None:
    await poll(house, LUNCH, user=BEN)
    told = await asked(house, ADA, f"forget {BEN}")
    [button] = [e for b in told.blocks if b["type"] == "actions" for e in b["elements"]]
    pressed = house.slack.post(PLANNING, house.slack.bot_user_id, "-", told.blocks)

    await house.slack.press(CLEO, pressed.id, button["action_id"])

    await house.told(CLEO, "Only admins")
    await rest(house, pollbot)
    assert "polls.created_by" in left(house, BEN)


async def test_steps_of_workflows_know_nobody_and_make_nothing_in_their_name(
    house: House, pollbot: Pollbot
) -> None:
    house.jira.faults.answer_all(503)
    reads = await workflows.begun(house, "votes_of_issue", BEN, issue="PLAT-12")
    await rest(house, pollbot)
    assert "1 other line" in shown(await asked(house, BEN))
    house.jira.faults.let_go()
    await house.connect(BEN)
    house.jira.faults.answer_all(503)
    makes = await workflows.begun(house, "create_poll", BEN, **workflows.CREATE, about="PLAT-12")
    await rest(house, pollbot)
    assert (reads.state, makes.state) == ("running", "running")

    await forget(house, BEN)

    await house.told(BEN, "You are forgotten in pollbot")
    why = await workflows.failed(house, makes)
    assert "was forgotten in pollbot before this step was done" in why
    house.jira.faults.let_go()
    assert "does not show PLAT-12 to everybody" in await workflows.failed(house, reads)
    await rest(house, pollbot)
    assert left(house, BEN) == []
    assert house.rows("SELECT created_by FROM polls") == []


HELD = (
    "SELECT 1 FROM executions WHERE held_until IS NOT NULL"
    " UNION ALL SELECT 1 FROM waiting_polls WHERE held_until IS NOT NULL"
)


HELD_UP = 2.0


async def of_a_step(house: House, where: str) -> None:
    await workflows.begun(house, "create_poll", BEN, **workflows.CREATE, about=where)


async def of_one_that_waits(house: House, where: str) -> None:
    house.jira.faults.answer_all(503)
    await house.slack.command(BEN, PLANNING, "/poll", f"{where} {LUNCH}")
    house.jira.faults.let_go()
    house.clock.ahead += 60


@pytest.mark.parametrize("ask", [of_a_step, of_one_that_waits], ids=["a step", "one that waits"])
@pytest.mark.parametrize("call", ["GET issue", "GET polls", "POST polls"])
async def test_a_poll_in_the_midst_of_being_made_is_nobodys_or_not_made(
    house: House, ask: Callable[[House, str], Awaitable[None]], call: str
) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)) as pollbot:
        await house.connect(BEN)
        await close_windows(house, BEN)
        faults = house.jira.faults if call == "GET issue" else voice.faults
        begun = call == "POST polls"
        is_held_up = "SELECT 1 FROM polls WHERE made = 0" if begun else HELD
        faults.slow_down(call, HELD_UP)
        await ask(house, "PLAT-12")
        with own_time() as took:
            await house.slack.until(lambda: house.rows(is_held_up), what="that it is being made")

            await forget(house, BEN)
            await house.told(BEN, "You are forgotten in pollbot")
            assert took() < HELD_UP, "it was made before"
        await rest(house, pollbot)

        assert left(house, BEN) == []
        made = house.rows("SELECT created_by FROM polls")
        assert made == ([("",)] if begun else [])


async def test_who_is_only_named_by_others_is_forgotten_too(house: House, pollbot: Pollbot) -> None:
    await house.slack.command(ADA, PLANNING, "/poll", "")
    form = await window(house, ADA, '"callback_id": "create_poll"')
    await all_of(house, form)
    await house.slack.view_action(ADA, form.id, "who_and_how")
    await window(house, ADA, '"block_id": "who"')
    await house.slack.view_action(ADA, form.id, "changed", block_id="who", value="named")
    await window(house, ADA, '"block_id": "people"')
    chosen = {"title": "Which days?", "options": "Mon\nTue", "people": [BEN, CLEO]}
    await house.slack.submit(ADA, form.id, {name: {"value": one} for name, one in chosen.items()})
    await house.card("Which days?")
    await rest(house, pollbot)
    assert "1 other line" in shown(await asked(house, BEN))

    await forget(house, BEN)

    await house.told(BEN, "You are forgotten in pollbot")
    assert left(house, BEN) == []
    assert CLEO in str(house.rows("SELECT settings FROM polls"))
