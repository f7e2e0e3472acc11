"""Steps over restarts, outages and time: each is done once, and Slack hears its one end."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from pollbot.sandbox.slack.workflows import Run
from pollbot.store import copies
from pollbot.wiring import Pollbot
from tests.support import polls
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, rest
from tests.support.team_voice import by_default, connect, team_voice
from tests.support.workflows import CREATE, begun, created, done, failed

DOWN = {"ok": False, "error": "service_unavailable"}


def ends(house: House) -> list[str]:
    return [
        f"{call.method} {call.answer.get('error', 'ok')}"
        for call in house.slack.calls
        if call.method.startswith("functions.")
    ]


async def parked(house: House, pollbot: Pollbot, run: Run) -> None:
    await rest(house, pollbot)
    assert run.state == "running"
    assert house.rows("SELECT due_at, held_until FROM executions") == [(None, None)]


async def by_hand(house: House) -> None:
    await polls.close(house, ADA, await house.card("Lunch?"))


async def by_the_clock(house: House) -> None:
    house.clock.ahead += 2 * polls.HOUR


CLOSES = {
    "by hand": ("", by_hand, "by hand"),
    "by the clock": ("1h", by_the_clock, "by its deadline"),
}


@pytest.mark.parametrize(("end", "close", "reason"), CLOSES.values(), ids=CLOSES)
async def test_the_end_of_a_poll_is_waited_for_over_restarts(
    house: House,
    end: str,
    close: Callable[[House], Awaitable[None]],
    reason: str,
) -> None:
    async with house.program() as pollbot:
        told = await created(house, end=end)
        run = await begun(house, "poll_closed", "", poll=told["link"])
        await parked(house, pollbot, run)
    async with house.program() as pollbot:
        await parked(house, pollbot, run)
        house.clock.ahead += 1800
        await rest(house, pollbot)
        assert run.state == "running"

        await close(house)

        assert (await done(house, run))["reason"] == reason
        await rest(house, pollbot)
        assert ends(house) == ["functions.completeSuccess ok"] * 2


async def test_an_end_that_comes_while_pollbot_is_away_is_told_at_its_start(house: House) -> None:
    async with house.program() as pollbot:
        told = await created(house, end="1h")
        run = await begun(house, "poll_closed", "", poll=told["poll"])
        await parked(house, pollbot, run)
    house.clock.ahead += polls.DAY

    async with house.program():
        assert (await done(house, run))["reason"] == "by its deadline"


async def test_a_poll_that_is_closed_already_is_told_at_once(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    told = await created(house)
    await polls.close(house, ADA, await house.card("Lunch?"))

    ended = await done(house, await begun(house, "poll_closed", poll=f"<{told['link']}|poll>"))

    assert "winner" not in ended
    assert (ended["answers"], ended["counts"]) == (0, "Pizza: 0 (0 %)\nSoup: 0 (0 %)")


async def test_a_poll_that_is_deleted_ends_the_step_that_waits_for_it(
    house: House, pollbot: Pollbot
) -> None:
    told = await created(house)
    run = await begun(house, "poll_closed", poll=told["poll"])
    await parked(house, pollbot, run)

    await polls.manage(house, ADA, await house.card("Lunch?"), "delete_poll", "is deleted")

    assert "was deleted" in await failed(house, run)


@pytest.mark.parametrize(
    ("words", "absent"),
    [("anonymous", {"winner", "counts"}), ("anonymous hidden multi", {"winner", "counts"})],
)
async def test_what_the_card_hides_no_step_tells(
    house: House, pollbot: Pollbot, words: str, absent: set[str]
) -> None:
    del pollbot
    told = await created(house, settings=words)
    run = await begun(house, "poll_closed", poll=told["poll"])
    card = await house.card("Lunch?")
    await polls.answer(house, BEN, card, "Soup")

    await polls.close(house, ADA, card)

    ended = await done(house, run)
    assert not absent & ended.keys()
    assert "Too few answers" in ended["result"]
    assert BEN not in str(ended)


async def test_percentages_stay_percentages_and_names_stay_in_slack(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    told = await created(house, settings="percent")
    run = await begun(house, "poll_closed", poll=told["poll"])
    card = await house.card("Lunch?")
    for user in (BEN, CLEO):
        await polls.answer(house, user, card, "Soup")

    await polls.close(house, ADA, card)

    ended = await done(house, run)
    assert ended["counts"] == "Pizza: 0 %\nSoup: 100 %"
    assert "answers" not in ended
    assert not {"Ben", "Cleo", BEN, CLEO} & set(str(ended).replace("'", " ").split())


async def test_a_poll_that_was_opened_again_is_waited_for_again(
    house: House, pollbot: Pollbot
) -> None:
    told = await created(house)
    card = await house.card("Lunch?")
    run = await begun(house, "poll_closed", poll=told["poll"])
    house.slack.faults.fail_next("functions.completeSuccess", body=DOWN, times=1)
    await polls.close(house, ADA, card)
    await house.slack.heard("functions.completeSuccess", 2)
    await polls.reopen(house, ADA, card)
    house.clock.ahead += 60
    await parked(house, pollbot, run)

    await polls.close(house, ADA, card)

    await done(house, run)


@pytest.mark.parametrize("lost", ["answer", "call"])
async def test_an_end_whose_answer_was_lost_is_told_again_and_counts_once(
    house: House, pollbot: Pollbot, lost: str
) -> None:
    method = "functions.completeSuccess"
    if lost == "answer":
        house.slack.faults.lose_next_answer(method)
    else:
        house.slack.faults.fail_next(method, status=0)
    run = await begun(house, "create_poll", **CREATE)
    await house.slack.heard(method)
    house.clock.ahead += 120

    await done(house, run)

    await rest(house, pollbot)
    await house.slack.until(
        lambda: house.rows("SELECT id FROM executions") == [], what="that the end is known"
    )
    assert len(house.rows("SELECT id FROM polls")) == 1
    assert len([m for m in house.slack.messages if "Lunch?" in m.text]) == 1


async def test_a_restart_between_the_poll_and_its_end_makes_no_second_poll(house: House) -> None:
    house.slack.faults.fail_next("functions.completeSuccess", body=DOWN, times=50)
    async with house.program():
        run = await begun(house, "create_poll", **CREATE)
        await house.slack.heard("functions.completeSuccess")
    house.slack.faults.mend("functions.completeSuccess")
    house.clock.ahead += 5 * polls.DAY

    async with house.program() as pollbot:
        told = await done(house, run)
        await rest(house, pollbot)

    assert house.rows("SELECT id FROM polls") == [(told["poll"],)]


async def test_a_step_that_pollbot_begins_a_day_late_is_not_begun(house: House) -> None:
    async with house.program() as pollbot:
        house.jira.faults.mode = "down"
        await house.slack.until(lambda: pollbot.at_rest)
        house.slack.faults.fail_next("users.info", body=DOWN, times=50)
        run = await begun(house, "create_poll", **CREATE)
        await house.slack.heard("users.info")
    house.slack.faults.mend("users.info")
    house.clock.ahead += 2 * polls.DAY

    async with house.program():
        assert "a day has passed" in await failed(house, run)
    assert house.rows("SELECT id FROM polls") == []


async def test_jira_is_tried_for_ten_minutes_and_then_the_step_fails(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    house.jira.faults.mode = "down"
    back = await begun(house, "votes_of_issue", issue="PLAT-12")
    await house.jira.until(lambda: house.jira.calls, what="a try")
    house.clock.ahead += 300
    await rest(house, pollbot)
    assert back.state == "running"
    house.jira.faults.mode = "up"
    house.clock.ahead += 120
    assert (await done(house, back))["votes"] == 7

    house.jira.faults.mode = "down"
    away = await begun(house, "votes_of_issue", issue="PLAT-12")
    both = await begun(house, "create_poll", **CREATE, about="PLAT-12")
    await rest(house, pollbot)
    assert (away.state, both.state) == ("running", "running")
    house.clock.ahead += 660

    assert "Jira" in await failed(house, away)
    assert "Jira" in await failed(house, both)
    house.jira.faults.mode = "up"
    house.clock.ahead += 660
    await rest(house, pollbot)
    assert house.rows("SELECT id FROM polls") == []


async def test_an_account_that_jira_refuses_is_said_and_marked(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    await house.connect(ADA)
    house.jira.people.clear()

    run = await begun(house, "create_poll", **CREATE, about="PLAT-12")

    assert "/pollbot connect" in await failed(house, run)
    assert house.rows("SELECT count(*) FROM accounts WHERE refused_at IS NOT NULL") == [(1,)]


async def test_an_issue_that_everybody_may_see_is_counted_for_nobody(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    house.jira.anonymous_may_browse = True

    told = await done(house, await begun(house, "votes_of_issue", "", issue="PLAT-12"))

    assert told["votes"] == 7


async def test_a_poll_is_made_in_team_voice_once_though_its_answer_was_lost(house: House) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)) as pollbot:
        await connect(house, ADA)
        voice.faults.lose_next_answer("POST")
        run = await begun(house, "create_poll", **CREATE, about="PLAT-12")
        await house.slack.until(lambda: any(call.method == "POST" for call in voice.calls))
        house.clock.ahead += 60

        told = await done(house, run)

        await rest(house, pollbot)
        assert len(voice.polls) == 1
        assert house.rows("SELECT id FROM polls") == [(told["poll"],)]
        run = await begun(house, "poll_closed", poll=told["poll"])
        [there] = voice.polls.values()
        voice.answer_inside(there.id, "acc-ben", [there.option_ids[0]])
        await polls.close(house, ADA, await house.card("Lunch?"))
        assert (await done(house, run))["winner"] == "Pizza"


async def test_the_apps_own_token_goes_where_that_of_the_step_is_over(
    house: House, pollbot: Pollbot
) -> None:
    told = await created(house)
    run = await begun(house, "poll_closed", poll=told["poll"])
    await parked(house, pollbot, run)
    house.clock.ahead += 1200

    await polls.close(house, ADA, await house.card("Lunch?"))

    await done(house, run)
    assert ends(house)[1:] == ["functions.completeSuccess ok"]


@pytest.mark.parametrize("code", ["token_revoked", "token_expired", "access_denied"])
async def test_a_step_whose_token_is_refused_is_no_broken_installation(
    house: House, pollbot: Pollbot, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    method = "functions.completeSuccess"
    house.slack.faults.fail_next(method, body={"ok": False, "error": code})

    await created(house)

    assert [call.answer["ok"] for call in await house.slack.heard(method, 2)] == [False, True]
    assert "is away" not in caplog.text
    assert await pollbot.health() == {}


async def test_a_step_that_nobody_may_end_is_given_up_and_logged(
    house: House, pollbot: Pollbot, caplog: pytest.LogCaptureFixture
) -> None:
    told = await created(house)
    run = await begun(house, "poll_closed", poll=told["poll"])
    await parked(house, pollbot, run)
    house.slack.workflows.app_ends = False
    house.clock.ahead += 1200

    await polls.close(house, ADA, await house.card("Lunch?"))

    await house.slack.until(lambda: not house.rows("SELECT id FROM executions"), what="no row")
    assert "lets pollbot end no step of a workflow: access_denied" in caplog.text
    assert "xwfp-" not in caplog.text


async def test_a_workflow_that_was_ended_is_forgotten_without_a_word(
    house: House, pollbot: Pollbot
) -> None:
    told = await created(house)
    run = await begun(house, "poll_closed", poll=told["poll"])
    await parked(house, pollbot, run)
    house.slack.workflows.cancel(run)
    before = house.words(ADA)

    await polls.close(house, ADA, await house.card("Lunch?"))
    await house.slack.until(lambda: not house.rows("SELECT id FROM executions"), what="no row")

    assert run.state == "cancelled"
    assert house.words(ADA) == before


async def test_a_manifest_of_another_version_is_said(
    house: House, pollbot: Pollbot, caplog: pytest.LogCaptureFixture
) -> None:
    del pollbot
    await house.connect(ADA)
    known = house.slack.workflows.offered["votes_of_issue"]
    older = {"properties": {"key": {"type": "string"}}, "required": ["key"]}
    offered = dict(house.slack.workflows.offered)
    offered["votes_of_issue"] = {**known, "output_parameters": older}
    house.slack.workflows.offered = offered

    run = await begun(house, "votes_of_issue", issue="PLAT-12")

    assert "pollbot manifest --steps" in await failed(house, run)
    assert "Slack refuses what a step of a workflow tells" in caplog.text


async def test_slack_asks_for_one_run_in_two_events_and_gets_one_poll(
    house: House, pollbot: Pollbot
) -> None:
    run = house.slack.workflows.begin(ADA, "create_poll", CREATE)
    bodies = [house.slack.workflows.executed(run) for _ in range(3)]

    await asyncio.gather(*(house.slack.deliver(one, kind="events_api") for one in bodies))
    await done(house, run)
    await rest(house, pollbot)
    house.clock.ahead += 2 * 3600
    late = house.slack.workflows.executed(run)
    await house.slack.deliver(late, kind="events_api")
    await rest(house, pollbot)

    assert len(house.rows("SELECT id FROM polls")) == 1
    assert len([m for m in house.slack.messages if "Lunch?" in m.text]) == 1
    assert house.rows("SELECT id FROM executions") == []


async def test_nothing_of_a_run_lies_open_on_disk(house: House, pollbot: Pollbot) -> None:
    told = await created(house)
    run = await begun(house, "poll_closed", poll=told["poll"])
    await parked(house, pollbot, run)

    [(inputs, token)] = house.rows("SELECT inputs, token FROM executions")

    assert inputs == f'{{"poll": "{told["poll"]}"}}'
    assert token
    assert run.token not in str(token)


@pytest.mark.of_files
async def test_an_older_copy_makes_no_poll_again_and_goes_on_waiting(
    house: House, tmp_path: Path
) -> None:
    copy = tmp_path / "yesterday.db"
    async with house.program() as pollbot:
        told = await created(house)
        waiting = await begun(house, "poll_closed", poll=told["poll"])
        house.slack.faults.fail_next("users.info", body=DOWN, times=1)
        await rest(house, pollbot)
        making = await begun(house, "create_poll", CLEO, **{**CREATE, "question": "Dinner?"})
        await house.slack.until(
            lambda: house.rows("SELECT id FROM executions WHERE attempts > 0"), what="a pause"
        )
        copies.back_up(house.database, copy)
        house.clock.ahead += 60
        await done(house, making)
    for beside in ("-wal", "-shm"):
        house.database.with_name(house.database.name + beside).unlink(missing_ok=True)
    shutil.copy(copy, house.database)

    async with house.program() as pollbot:
        await rest(house, pollbot)
        assert [m.text for m in house.slack.messages if "Dinner?" in m.text][1:] == []
        assert house.rows("SELECT step FROM executions") == [("poll_closed",)]
        await polls.close(house, ADA, await house.card("Lunch?"))
        await done(house, waiting)


@pytest.mark.of_files
async def test_who_waits_for_a_poll_that_an_older_copy_may_have_made_hears_it(
    house: House, tmp_path: Path
) -> None:
    copy = tmp_path / "yesterday.db"
    house.slack.faults.fail_next("users.info", body=DOWN, times=50)
    async with house.program():
        run = await begun(house, "create_poll", CLEO, **CREATE)
        await house.slack.heard("users.info")
        copies.back_up(house.database, copy)
    async with house.program() as pollbot:
        await rest(house, pollbot)
    house.slack.faults.mend("users.info")
    for beside in ("-wal", "-shm"):
        house.database.with_name(house.database.name + beside).unlink(missing_ok=True)
    shutil.copy(copy, house.database)

    async with house.program():
        assert "set back to an older copy" in await failed(house, run)
    assert house.rows("SELECT id FROM polls") == []
    assert PLANNING not in {message.channel for message in house.slack.messages}
