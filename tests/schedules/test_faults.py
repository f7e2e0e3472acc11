"""Schedules while Slack, Jira or their owner do something else at the same moment."""

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, PLANNING, House, letters, rest, shown, written
from tests.support.schedules import (
    an_issue,
    change,
    errors,
    form,
    line,
    lines,
    listed,
    lunch,
    next_at,
    press,
    schedule,
    submit,
    told_in_form,
    until_due,
)

HOUR, DAY, WEEK = 3600.0, 86400.0, 7 * 86400.0
BERLIN = ZoneInfo("Europe/Berlin")
BUSY = {"ok": False, "error": "ratelimited"}


def posts(house: House, part: str) -> list[Message]:
    """Return what pollbot has posted by itself, in any channel."""
    return [m for m in house.slack.messages if part in m.text and "Scheduled by" in shown(m)]


async def posted(house: House, part: str, count: int = 1) -> Message:
    """Return the newest of so many posts, once they are there."""
    await house.slack.until(lambda: len(posts(house, part)) >= count, what=f"{count} posts")
    assert len(posts(house, part)) == count
    return posts(house, part)[-1]


async def refused(house: House, code: str) -> None:
    """Wait until Slack has refused something for that reason."""
    await house.slack.until(
        lambda: any(call.answer.get("error") == code for call in house.slack.calls),
        what=f"a refusal: {code}",
    )


async def tomorrow(house: House, card: Message) -> None:
    """Schedule the card's results once, tomorrow at 17:30 in Berlin."""
    day = datetime.fromtimestamp(house.clock(), BERLIN).date() + timedelta(days=1)
    await schedule(house, card, every="once", on=day.isoformat(), at="17:30")


async def votes_daily(house: House) -> None:
    """Schedule the votes of PLAT-12 as Ada, daily."""
    await house.connect(ADA)
    await an_issue(house)


# Told later


async def test_an_owner_whom_slack_does_not_let_us_tell_is_told_later(
    house: House, pollbot: Pollbot
) -> None:
    await schedule(house, await lunch(house), every="daily", at="09:00")
    gone = {"ok": False, "error": "channel_not_found"}
    house.slack.faults.fail_next("chat.postMessage", 200, gone)
    house.slack.faults.fail_next("chat.postMessage", 200, BUSY)

    await until_due(house)
    await refused(house, "ratelimited")
    assert "Paused: Slack does not let" in await line(house)
    assert not letters(house, ADA)
    house.clock.ahead += 60

    await house.told(ADA, "Your schedule is paused")


async def test_a_word_is_kept_over_a_restart(house: House) -> None:
    async with house.program():
        await schedule(house, await lunch(house), every="daily", at="09:00")
        house.slack.faults.fail_next("chat.postMessage", 200, {"ok": False, "error": "is_archived"})
        house.slack.faults.fail_next("chat.postMessage", 200, BUSY)
        await until_due(house)
        await refused(house, "ratelimited")
        assert "Paused: Slack does not let" in await line(house)
        assert not letters(house, ADA)

    for _ in range(2):
        async with house.program() as pollbot:
            await house.told(ADA, "Your schedule is paused")
            await rest(house, pollbot)

    assert sum("is paused" in text for text in house.words(ADA)) == 1


async def test_a_lost_due_time_is_told_once_the_installation_is_mended(
    house: House, pollbot: Pollbot
) -> None:
    await tomorrow(house, await lunch(house))
    due = await next_at(house)
    assert due is not None
    token, house.slack.tokens.bot = house.slack.bot_token, "xoxb-another"
    for moment in (due + 1, due + 2 * DAY, due + 2 * DAY + 60):
        tries = len(house.slack.calls)
        house.clock.ahead += moment - house.clock()
        await house.slack.until(partial(_called_since, house, tries), what="a try")
        await rest(house, pollbot)
        assert not letters(house, ADA)
    assert "It is over" in await line(house)

    house.slack.tokens.bot = token
    house.clock.ahead += 60

    await house.told(ADA, "due while pollbot, or what they need, was away")
    await rest(house, pollbot)
    assert len(letters(house, ADA)) == 1
    assert not posts(house, "Lunch?")


def _looks(house: House) -> int:
    """Return how often pollbot asked Slack whether it still knows it."""
    return len([call for call in house.slack.calls if call.method == "auth.test"])


def _called_since(house: House, before: int) -> bool:
    return len(house.slack.calls) > before


async def test_run_now_says_that_its_channel_is_gone(house: House, pollbot: Pollbot) -> None:
    house.slack.add_channel("C0OTHER", "other")
    await schedule(house, await lunch(house), every="daily", at="09:00", channel="C0OTHER")
    house.slack.delete_channel("C0OTHER")

    rows = await listed(house)
    for times in (1, 2):
        stamp = f"1700000000.00000{times}"
        await house.slack.press(ADA, rows.id, "run_schedule", action_ts=stamp)

        told = await house.told(ADA, "Nothing was posted")
        assert "choose another channel" in told.text
        await house.slack.until(partial(_said, house, "Nothing was posted", times))
    await rest(house, pollbot)
    assert letters(house, ADA) == [], "nothing is in doubt"


def _said(house: House, part: str, times: int) -> bool:
    return sum(part in text for text in house.words(ADA)) == times


# Changed meanwhile


async def slowly_refused(house: House, pollbot: Pollbot, code: str) -> None:
    """Let the next post take a while and then be refused; return once it is under way."""
    await until_due(house, before=60)
    house.slack.faults.mode, house.slack.faults.slow_seconds = "slow", 1.0
    house.slack.faults.fail_next("chat.postMessage", 200, {"ok": False, "error": code})
    looks = _looks(house)
    house.clock.ahead += 61
    # Right after this answer the post is claimed and sent.
    await house.slack.until(lambda: _looks(house) > looks, what="a look whether Slack is there")
    await written(pollbot)
    house.slack.faults.mode = "up"


@pytest.mark.parametrize("code", ["ratelimited", "channel_not_found", "something_new"])
async def test_an_edit_while_slack_takes_its_time_has_the_last_word(
    house: House, pollbot: Pollbot, code: str
) -> None:
    await schedule(house, await lunch(house), every="daily", at="09:00", end="after", most="3")
    await press(house, ADA, await listed(house), "Edit")
    await form(house)
    await slowly_refused(house, pollbot, code)

    assert "Saved" in told_in_form(await submit(house, at="17:45"))
    assert code not in str([call.answer for call in house.slack.calls]), "still under way"
    await refused(house, code)
    await rest(house, pollbot)

    said, due = await line(house), await next_at(house)
    assert due is not None
    assert datetime.fromtimestamp(due, BERLIN).strftime("%H:%M") == "17:45"
    assert due > house.clock()
    assert "Paused" not in said
    assert "0 of 3 posts made" in said
    await until_due(house, before=60)
    await rest(house, pollbot)
    assert not posts(house, "Lunch?"), "it is not tried again before"
    house.clock.ahead += 61
    await posted(house, "Lunch?")


async def test_a_resume_while_jira_fails_has_the_last_word(house: House, pollbot: Pollbot) -> None:
    await votes_daily(house)
    rows = await listed(house)
    house.jira.faults.mode, house.jira.faults.slow_seconds = "slow", 0.7
    house.jira.faults.fail_next("GET issue", 503)
    await rest(house, pollbot)
    await until_due(house)
    await written(pollbot)

    await press(house, ADA, rows, "Pause")
    await press(house, ADA, await house.told(ADA, "Paused"), "Resume")
    await house.told(ADA, "It goes on")
    assert not any(call.status == 503 for call in house.jira.calls), "still under way"
    await house.jira.until(lambda: any(call.status == 503 for call in house.jira.calls))
    await rest(house, pollbot)
    for _ in range(2):  # no try that failed brings another one
        house.clock.ahead += 120
        await rest(house, pollbot)

    assert not posts(house, "PLAT-12")
    await until_due(house)
    await posted(house, "PLAT-12")


async def test_what_somebody_paused_meanwhile_is_not_resumed_by_connecting(
    house: House, pollbot: Pollbot
) -> None:
    await votes_daily(house)
    rows = await listed(house)
    house.jira.revoke("acc-ada")
    house.jira.faults.mode, house.jira.faults.slow_seconds = "slow", 0.7
    await rest(house, pollbot)
    await until_due(house)
    await written(pollbot)

    await press(house, ADA, rows, "Pause")
    await house.told(ADA, "Paused")
    assert not any(call.account_id is None for call in house.jira.calls), "still under way"
    await house.jira.until(lambda: any(call.account_id is None for call in house.jira.calls))
    await rest(house, pollbot)
    assert (await line(house)).endswith("Paused.")

    house.jira.faults.mode = "up"
    house.jira.people["acc-ada"].tokens["new-token"] = None
    await house.connect(ADA, token="new-token")
    await rest(house, pollbot)
    assert (await line(house)).endswith("Paused.")
    assert not posts(house, "PLAT-12")
    assert letters(house, ADA) == []


# Refused again and again


async def refused_each_time(house: House, pollbot: Pollbot, times: int) -> None:
    house.slack.faults.fail_next(
        "chat.postMessage", 200, {"ok": False, "error": "something_new"}, times=times
    )
    before = _refusals(house)
    await until_due(house)
    for attempt in range(1, times + 1):
        await house.slack.until(
            partial(_refused_so_often, house, before + attempt), what=f"attempt {attempt}"
        )
        await rest(house, pollbot)
        if attempt < times:
            house.clock.ahead += 45


def _refusals(house: House) -> int:
    return sum(call.answer.get("error") == "something_new" for call in house.slack.calls)


def _refused_so_often(house: House, times: int) -> bool:
    return _refusals(house) == times


@pytest.mark.parametrize("most", ["9", "1"])
async def test_a_post_that_slack_refuses_is_tried_five_times_and_does_not_end_in_silence(
    house: House, pollbot: Pollbot, most: str
) -> None:
    await schedule(house, await lunch(house), every="daily", at="09:00", end="after", most=most)

    await refused_each_time(house, pollbot, 5)

    told = await house.told(ADA, "Your schedule is paused")
    assert "a reason that pollbot does not know (something_new)" in shown(told)
    assert "for you to pass on" in shown(told)
    assert f"0 of {most} posts made" in await line(house) or most == "1"
    house.clock.ahead += 45
    await rest(house, pollbot)
    assert not posts(house, "Lunch?"), "it is left out"
    await press(house, ADA, await listed(house), "Resume")
    await until_due(house)
    await posted(house, "Lunch?")


async def test_a_post_that_waited_for_jira_comes_late_once_it_is_connected(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    await tomorrow(house, await house.card("PLAT-12"))
    house.jira.revoke("acc-ada")
    await until_due(house)
    await house.told(ADA, "Your schedule is paused")
    house.clock.ahead += HOUR

    house.jira.people["acc-ada"].tokens["new-token"] = None
    await house.connect(ADA, token="new-token")

    assert "Posted late" in shown(await posted(house, "PLAT-12"))


# What is read changes


async def query_daily(house: House, what: str, query: str) -> None:
    await house.connect(ADA)
    await press(house, ADA, await listed(house), what)
    await form(house)
    await change(house, "every", "daily")
    answer = await submit(house, query=query, at="09:00", channel=PLANNING)
    assert "Saved" in told_in_form(answer), answer


async def test_jql_that_breaks_later_is_told_in_jiras_words(house: House, pollbot: Pollbot) -> None:
    house.jira.add_issue("OLD-1", "Soon gone")
    await query_daily(house, "New: top voted issues", "project = OLD")
    del house.jira.issues["OLD-1"]
    said = "The value 'OLD' does not exist for the field 'project'."
    house.jira.faults.fail_next("POST search", 400, {"errorMessages": [said], "errors": {}})
    house.jira.faults.fail_next("GET search", 400, {"errorMessages": [said], "errors": {}})

    await until_due(house)

    told = await house.told(ADA, "Your schedule is paused")
    assert said in told.text


async def test_of_ten_thousand_issues_twenty_are_shown_and_the_rest_is_counted(
    house: House, pollbot: Pollbot
) -> None:
    for number in range(10_000):
        house.jira.add_issue(f"BIG-{number + 1}", "One of many")
    await query_daily(house, "New: ballot", "project = BIG ORDER BY key")

    await until_due(house)

    ballot = await posted(house, "BIG")
    assert "9,980" in shown(ballot) + ballot.text
    votes = [
        e for b in ballot.blocks for e in b.get("elements", []) if e.get("action_id") == "vote"
    ]
    assert len(votes) == 20


async def test_an_admin_cannot_have_something_else_read_as_its_owner(
    house: House, pollbot: Pollbot
) -> None:
    house.slack.add_channel("C0OTHER", "other")
    await house.connect(BEN)
    await press(house, BEN, await listed(house, BEN), "New: ballot")
    await form(house, BEN)
    await submit(house, BEN, query="project = PLAT", at="09:00", channel=PLANNING)

    for wish in ({"query": "project = HR"}, {"channel": "C0OTHER"}):
        await press(house, ADA, await listed(house), "Edit")
        await form(house)
        answer = await submit(house, **wish)
        assert "Only whoever made that schedule" in str(errors(answer))

    await press(house, ADA, await listed(house), "Edit")
    await form(house)
    assert "Saved" in told_in_form(await submit(house, at="11:15"))


# Clocks and calendars


async def test_half_past_two_on_the_night_when_the_clocks_jump(
    house: House, pollbot: Pollbot
) -> None:
    day = datetime.fromtimestamp(house.clock(), BERLIN).replace(hour=12, minute=0)
    while (day + timedelta(days=1)).utcoffset() <= day.utcoffset():  # type: ignore[operator]
        day += timedelta(days=1)
    house.clock.ahead += day.timestamp() - house.clock()

    answer = await schedule(house, await lunch(house), every="daily", at="02:30")

    assert "03:30 CEST" in told_in_form(answer)
    assert "02:30 CEST" in told_in_form(answer)
    await until_due(house)
    await posted(house, "Lunch?")
    await rest(house, pollbot)
    due = datetime.fromtimestamp(await next_at(house) or 0, BERLIN)
    assert (due.date() - day.date(), due.strftime("%H:%M")) == (timedelta(days=2), "02:30")


async def test_the_29th_of_february_is_there_only_in_a_leap_year(
    house: House, pollbot: Pollbot
) -> None:
    card = await lunch(house)
    await press(house, ADA, card, "Schedule results")
    await change(house, "every", "once")

    answer = await submit(house, on="2027-02-29", at="09:00")

    assert errors(answer), answer
    assert await lines(house) == []
