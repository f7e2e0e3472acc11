"""What is posted by itself: from a card's button, by the clock, to the message in the channel."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pollbot.blocks.clicks import Click, CloseClick, DeleteClick, PauseClick
from pollbot.blocks.kit import actions, button
from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.schedules import (
    change,
    errors,
    form,
    lunch,
    press,
    schedule,
    submit,
    told_in_form,
)
from tests.support import ADA, BEN, CLEO, LEADS, PLANNING, House, buttons, shown

HOUR, DAY, WEEK = 3600.0, 86400.0, 7 * 86400.0
BERLIN = ZoneInfo("Europe/Berlin")


def posts(house: House, part: str, channel: str = PLANNING) -> list[Message]:
    """Return what pollbot has posted by itself in the channel."""
    return [
        m
        for m in house.slack.messages
        if m.channel == channel and part in m.text and "Scheduled by" in shown(m)
    ]


async def posted(house: House, part: str, count: int = 1, channel: str = PLANNING) -> Message:
    """Return the newest of so many posts, once they are there."""
    found = await house.slack.until(
        lambda: [] if len(posts(house, part, channel)) < count else posts(house, part, channel),
        what=f"{count} posts with “{part}”, but {[m.text for m in house.slack.messages][-5:]}",
    )
    assert len(found) == count
    return found[-1]


def next_at(house: House) -> float:
    return float(house.rows("SELECT next_at FROM schedules")[0][0])


async def until_due(house: House) -> None:
    """Move the clock to right after the next due time."""
    house.clock.ahead += next_at(house) - house.clock() + 1


async def test_the_form_shows_the_next_three_runs_in_local_time(
    house: House, pollbot: Pollbot
) -> None:
    house.slack.people[ADA].tz = "America/New_York"
    card = await lunch(house)

    await press(house, ADA, card, "Schedule results")

    view = await form(house)
    text = str(view.view["blocks"])
    assert "Lunch?" in text
    assert "America/New_York" in text
    now = datetime.fromtimestamp(house.clock(), ZoneInfo("America/New_York"))
    runs = re.findall(r"Mon (\d+ \w{3} \d{4}), 09:00 E[SD]T", text)
    assert len(runs) == 3
    first = datetime.strptime(f"{runs[0]} +0000", "%d %b %Y %z").date()
    assert timedelta() <= first - now.date() <= timedelta(days=7)


async def test_weekly_results_come_on_their_day(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await press(house, BEN, card, "Pizza")

    answer = await schedule(house, card, every="weekly", days=["0", "3"], at="09:00")

    assert "Saved" in told_in_form(answer)
    due = datetime.fromtimestamp(next_at(house), BERLIN)
    assert (due.weekday() in (0, 3), due.hour, due.minute) == (True, 9, 0)
    assert not posts(house, "Lunch?")
    await until_due(house)
    post = await posted(house, "Lunch?")
    assert "Pizza" in post.text
    assert "1 answer" in post.text
    assert "weekly on Monday and Thursday at 09:00" in shown(post)
    assert house.clock() < next_at(house) <= house.clock() + WEEK


async def test_a_post_comes_once_though_the_program_is_started_again(house: House) -> None:
    async with house.program():
        card = await lunch(house)
        await schedule(house, card, every="daily", at="09:00")
        await until_due(house)
        await posted(house, "Lunch?")
        await house.slack.until(lambda: house.rows("SELECT 1 FROM posts WHERE sent_at > 0"))

    async with house.program():
        await house.slack.command(ADA, PLANNING, "/pollbot", "schedules")

        assert len(posts(house, "Lunch?")) == 1


async def test_once_is_once(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    tomorrow = datetime.fromtimestamp(house.clock(), BERLIN).date() + timedelta(days=1)

    await schedule(house, card, every="once", on=tomorrow.isoformat(), at="17:30")

    await until_due(house)
    await posted(house, "Lunch?")
    await house.slack.until(lambda: house.rows("SELECT next_at FROM schedules") == [(None,)])
    house.clock.ahead += 5 * WEEK
    answer = await house.slack.command(ADA, PLANNING, "/pollbot", "schedules")
    assert "It is over" in str(answer.json)
    assert len(posts(house, "Lunch?")) == 1


async def test_it_ends_after_so_many_posts(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00", end="after", most="2")

    for count in (1, 2):
        await until_due(house)
        await posted(house, "Lunch?", count)

    assert house.rows("SELECT next_at, posted FROM schedules") == [(None, 2)]


async def test_it_ends_when_the_poll_is_closed(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00", end="closed")
    await pressed(house, ADA, CloseClick(poll=poll_id(house)))
    await house.slack.until(lambda: house.rows("SELECT 1 FROM polls WHERE closed_at IS NOT NULL"))

    await until_due(house)

    await house.slack.until(lambda: house.rows("SELECT next_at FROM schedules") == [(None,)])
    assert not posts(house, "Lunch?")


async def pressed(house: House, user: str, click: Click) -> None:
    """Press a button that stands in some message or window."""
    message = house.slack.post(
        PLANNING, house.slack.bot_user_id, "-", [actions(button("-", click))]
    )
    await house.slack.press(user, message.id, click.action_id)


def poll_id(house: House) -> str:
    return str(house.rows("SELECT id FROM polls")[0][0])


# What was missed


async def away(house: House, seconds: float, **fields: Any) -> None:
    """Schedule daily results, and be away from the next due time on."""
    async with house.program():
        card = await lunch(house)
        await schedule(house, card, every="daily", at="09:00", **fields)
    house.clock.ahead += next_at(house) - house.clock() + seconds


async def test_a_missed_post_comes_late_with_a_note(house: House) -> None:
    await away(house, 2 * DAY + HOUR)

    async with house.program():
        post = await posted(house, "Lunch?")

    assert "Posted late" in shown(post)
    assert "2 earlier posts were left out" in shown(post)


async def test_a_missed_post_is_skipped_where_its_rule_says_so(house: House) -> None:
    await away(house, HOUR, missed="skip")

    async with house.program():
        await house.slack.until(lambda: next_at(house) > house.clock())

        assert not posts(house, "Lunch?")
        assert not house.words(ADA)


async def test_a_short_absence_is_not_called_late(house: House) -> None:
    await away(house, 120)

    async with house.program():
        post = await posted(house, "Lunch?")

    assert "late" not in shown(post)


async def test_a_database_from_last_week_floods_nobody(house: House) -> None:
    async with house.program():
        for number in range(4):
            card = await lunch(house, text=f'"Lunch {number}?" "Pizza" "Soup"')
            day = datetime.fromtimestamp(house.clock(), BERLIN) + timedelta(days=1)
            await schedule(house, card, every="once", on=day.date().isoformat(), at="09:00")
        heard = len(house.slack.messages)
    house.clock.ahead += WEEK + DAY

    async with house.program():
        told = await house.told(ADA, "more than a day ago")
        await house.slack.until(
            lambda: house.rows("SELECT DISTINCT tell FROM posts") == [("done",)]
        )

    assert len(house.slack.messages) == heard + 1
    for number in range(4):
        assert f"Lunch {number}?" in shown(told)


async def test_what_was_claimed_and_not_sent_is_told_and_not_posted_again(house: House) -> None:
    async with house.program():
        card = await lunch(house)
        await schedule(house, card, every="daily", at="09:00")
        house.slack.faults.fail_next("chat.postMessage", 0)
        await until_due(house)
        await house.slack.until(lambda: house.rows("SELECT 1 FROM posts"), timeout=20)

    async with house.program():
        told = await house.told(ADA, "may be in its channel or not")

        assert not posts(house, "Lunch?")
        await press(house, ADA, told, "Run now")
        await posted(house, "Lunch?")


async def test_what_is_due_while_slack_is_away_comes_late(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00")
    house.slack.faults.mode = "down"
    await until_due(house)
    await house.slack.until(
        lambda: house.rows("SELECT 1 FROM schedules WHERE attempts > 0"), timeout=20
    )

    house.slack.faults.mode = "up"
    house.clock.ahead += 3600
    post = await posted(house, "Lunch?")

    assert "Posted late: it was due" in str(post.blocks)
    assert not [row for row in house.words(ADA) if "may be in its channel" in row]


# Managing


async def listed(house: House, user: str = ADA) -> Message:
    await house.slack.command(user, PLANNING, "/pollbot", "schedules")
    return await house.slack.until(
        lambda: next((m for m in reversed(house.slack.messages) if m.ephemeral_for == user), None)
    )


async def test_it_can_be_paused_and_resumed(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00")

    await press(house, ADA, await listed(house), "Pause")
    await house.told(ADA, "Paused")
    house.clock.ahead += 3 * DAY
    await press(house, ADA, await listed(house), "Resume")
    await house.told(ADA, "It goes on")

    assert not posts(house, "Lunch?"), "what was due while it was paused is left out"
    await until_due(house)
    await posted(house, "Lunch?")


async def test_more_than_twenty_come_in_pages(house: House, pollbot: Pollbot) -> None:
    for number in range(21):
        card = await lunch(house, text=f'"Lunch {number}?" "Pizza" "Soup"')
        await schedule(house, card, every="daily", at="09:00")
    first = await listed(house)
    assert "Lunch 0?" not in shown(first)

    await press(house, ADA, first, "Next")

    await house.told(ADA, "21 schedules: Results of *Lunch 0?*")


async def test_run_now_posts_once_per_press(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00")
    due = next_at(house)
    rows = await listed(house)
    button = next(
        e
        for b in rows.blocks
        for e in b.get("elements", [])
        if e.get("action_id") == "run_schedule"
    )

    for _ in range(2):
        await house.slack.press(
            ADA, rows.id, "run_schedule", value=button["value"], action_ts="1700000000.000001"
        )

    await posted(house, "Lunch?")
    await house.told(ADA, "Posted")
    assert next_at(house) == due


async def test_an_edit_moves_the_next_run(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00")

    await press(house, ADA, await listed(house), "Edit")
    await form(house)
    answer = await submit(house, at="10:45")

    assert "10:45" in told_in_form(answer)
    assert datetime.fromtimestamp(next_at(house), BERLIN).strftime("%H:%M") == "10:45"
    assert house.rows("SELECT count(*) FROM schedules") == [(1,)]


async def test_a_deleted_one_posts_no_more(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00")

    await press(house, ADA, await listed(house), "Delete")

    await house.told(ADA, "The schedule is deleted")
    assert house.rows("SELECT * FROM schedules") == []


async def test_only_its_owner_and_admins_manage_it(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await schedule(house, card, user=BEN, every="daily", at="09:00")
    schedule_id = house.rows("SELECT id FROM schedules")[0][0]
    assert "There are no schedules" in (await listed(house, CLEO)).text

    mine = await listed(house, BEN)
    assert "Pause" in str(mine.blocks)
    await pressed(house, CLEO, PauseClick(schedule=schedule_id))
    await house.told(CLEO, "Only whoever made that schedule")
    assert house.rows("SELECT paused FROM schedules") == [(0,)]
    await press(house, ADA, await listed(house, ADA), "Pause")
    await house.slack.until(lambda: house.rows("SELECT paused FROM schedules") == [(1,)])


async def test_the_same_form_sent_twice_makes_one(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await press(house, ADA, card, "Schedule results")
    view = await form(house)
    body = {"every": {"schedule_changed": "weekly"}}

    first = await house.slack.submit(ADA, view.id, body)
    second = await house.slack.deliver(house.slack.deliveries[-1].body, kind="interactive")

    assert (first.status, second.status) == (200, 200)
    assert house.rows("SELECT count(*) FROM schedules") == [(1,)]


# Issues


async def test_an_issues_votes_come_as_a_card_that_stays_fresh(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    await house.connect(BEN)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    await schedule(house, await house.card("PLAT-12"), every="daily", at="09:00")

    await until_due(house)

    post = await posted(house, "PLAT-12")
    assert "7 votes" in post.text
    await house.slack.press(BEN, post.id, "vote")
    await house.slack.until(lambda: "8 votes" in post.text, what="8 votes on the scheduled card")
    assert "Scheduled by Ada" in shown(post)


async def test_the_top_voted_issues_come_with_what_changed(house: House, pollbot: Pollbot) -> None:
    await house.connect(ADA)
    house.jira.add_issue("PLAT-30", "Falls", other_votes=9)
    await press(house, ADA, await listed(house), "New: top voted issues")
    await form(house)
    await change(house, "every", "daily")
    answer = await submit(house, query="plat", at="09:00", view="bars", channel=PLANNING)
    assert "Saved" in told_in_form(answer)
    await until_due(house)
    first = await posted(house, "PLAT-12")
    assert first.text.index("PLAT-30") < first.text.index("PLAT-12")

    house.jira.issues["PLAT-12"].other_votes += 3
    house.jira.issues["PLAT-30"].other_votes -= 1
    house.jira.add_issue("PLAT-31", "Rises", other_votes=50)
    await until_due(house)

    second = await posted(house, "PLAT-12", 2)
    assert second.text.index("PLAT-31") < second.text.index("PLAT-12")
    words = shown(second)
    assert "▲3" in words
    assert "▼1" in words
    assert "new" in words


async def test_a_ballot_takes_votes_and_shows_them(house: House, pollbot: Pollbot) -> None:
    await house.connect(ADA)
    await house.connect(BEN)
    await press(house, ADA, await listed(house), "New: ballot")
    await form(house)
    await change(house, "every", "daily")
    await submit(house, query="project = PLAT ORDER BY key", at="09:00", channel=PLANNING)
    await until_due(house)
    ballot = await posted(house, "PLAT-12")

    vote = next(
        e
        for b in ballot.blocks
        for e in b.get("elements", [])
        if e.get("action_id") == "vote" and "PLAT-13" in e["value"]
    )
    await house.slack.press(BEN, ballot.id, "vote", value=vote["value"])

    await house.votes("PLAT-13", 1)
    await house.slack.until(lambda: "1 vote" in ballot.text, what="the vote on the ballot")
    assert "PLAT-12" in ballot.text, "the other issues stay on it"


# What goes wrong


async def test_a_deleted_channel_pauses_it_and_its_owner_is_told(
    house: House, pollbot: Pollbot
) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00")
    house.slack.delete_channel(PLANNING)

    await until_due(house)

    told = await house.told(ADA, "Your schedule is paused")
    assert {"Resume", "Edit", "Delete"} <= set(buttons(told).values())
    assert house.rows("SELECT paused FROM schedules") == [(1,)]


async def test_a_private_channel_without_pollbot_is_refused_in_the_form(
    house: House, pollbot: Pollbot
) -> None:
    card = await lunch(house)

    answer = await schedule(house, card, every="daily", at="09:00", channel=LEADS)

    assert "/invite @pollbot" in str(errors(answer))
    assert house.rows("SELECT * FROM schedules") == []


async def test_a_revoked_token_pauses_it_until_jira_is_connected_again(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    await schedule(house, await house.card("PLAT-12"), every="daily", at="09:00")
    house.jira.revoke("acc-ada")
    await until_due(house)
    await house.told(ADA, "Your schedule is paused")
    assert not posts(house, "PLAT-12")

    house.jira.people["acc-ada"].tokens["new-token"] = None
    await house.connect(ADA, token="new-token")

    await posted(house, "PLAT-12")
    await house.slack.until(lambda: next_at(house) > house.clock())
    await until_due(house)
    await posted(house, "PLAT-12", 2)


async def test_jql_that_jira_does_not_take_is_shown_in_the_form(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    await press(house, ADA, await listed(house), "New: ballot")
    await form(house)

    answer = await submit(house, query="nonsense = 5", channel=PLANNING)

    assert "nonsense" in errors(answer)["query"]
    assert house.rows("SELECT * FROM schedules") == []


async def test_a_time_in_the_past_is_refused(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    yesterday = datetime.fromtimestamp(house.clock(), UTC).date() - timedelta(days=2)

    answer = await schedule(house, card, every="once", on=yesterday.isoformat(), at="09:00")

    assert "in the past" in str(errors(answer))
    assert house.rows("SELECT * FROM schedules") == []


async def test_a_zone_that_does_not_exist_is_said(house: House, pollbot: Pollbot) -> None:
    house.slack.people[ADA].tz = "Mars/Olympus"
    card = await lunch(house)

    answer = await schedule(house, card, every="daily", at="09:00")

    assert "time zone" in str(errors(answer))


async def test_a_schedule_on_a_deleted_poll_is_over_and_told(
    house: House, pollbot: Pollbot
) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00")
    await pressed(house, ADA, DeleteClick(poll=poll_id(house)))
    await house.slack.until(lambda: house.rows("SELECT 1 FROM polls WHERE deleted_at IS NOT NULL"))

    await until_due(house)

    await house.told(ADA, "Your schedule is over")
    assert not posts(house, "Lunch?")


async def test_while_jira_is_away_the_post_waits(house: House, pollbot: Pollbot) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    await schedule(house, await house.card("PLAT-12"), every="daily", at="09:00")
    house.jira.faults.mode = "down"
    await until_due(house)
    await house.slack.until(lambda: house.rows("SELECT 1 FROM schedules WHERE attempts > 0"))

    house.jira.faults.mode = "up"
    house.clock.ahead += 120

    await posted(house, "PLAT-12")
    assert not house.words(ADA) or "paused" not in str(house.words(ADA))


async def test_a_slack_without_charts_gets_the_words(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await press(house, BEN, card, "Pizza")
    await schedule(house, card, every="daily", at="09:00", view="chart")
    house.slack.faults.fail_next("chat.postMessage", 200, {"ok": False, "error": "invalid_blocks"})

    await until_due(house)

    post = await posted(house, "Lunch?")
    assert not [b for b in post.blocks if b["type"] == "data_visualization"]
