"""What is posted by itself: from a card's button, by the clock, to the message in the channel."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from pollbot.sandbox.slack import Message
from pollbot.slack.clicks import Click, CloseClick, DeleteClick, PauseClick
from pollbot.slack.kit import actions, button
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
from tests.support.polls import poll_id, remembered
from tests.support.schedules import (
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
    top_issues,
    until_due,
)

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


async def due(house: House) -> float:
    """Return when the list says that the next post comes."""
    at = await next_at(house)
    assert at is not None
    return at


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
    first = datetime.fromtimestamp(await due(house), BERLIN)
    assert (first.weekday() in (0, 3), first.hour, first.minute) == (True, 9, 0)
    assert not posts(house, "Lunch?")
    await until_due(house)
    post = await posted(house, "Lunch?")
    assert "Pizza" in post.text
    assert "1 answer" in post.text
    assert "weekly on Monday and Thursday at 09:00" in shown(post)
    assert house.clock() < await due(house) <= house.clock() + WEEK


async def test_scheduled_results_name_people_and_comments_but_mention_nobody(
    house: House, pollbot: Pollbot
) -> None:
    card = await lunch(house, text='comments "Lunch?" "Pizza" "Soup"')
    for user, dish in ((ADA, "Pizza"), (BEN, "Pizza"), (CLEO, "Soup")):
        await press(house, user, card, dish)
    await press(house, BEN, card, "Comment")
    comment = await form(house, BEN, "comment_poll")
    await house.slack.submit(BEN, comment.id, {"comment": {"value": "with olives"}})
    await house.slack.until(lambda: "with olives" in shown(card), what="the comment on the card")
    await schedule(house, card, every="weekly", days=["0"], at="09:00")

    await until_due(house)

    post = await posted(house, "Lunch?")
    assert "Ada, Ben" in shown(post)
    assert "> with olives – Ben" in shown(post)
    assert "<@" not in str(post.blocks) + post.text


async def test_names_that_slack_does_not_tell_are_counted(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await press(house, BEN, card, "Pizza")
    await rest(house, pollbot)
    house.slack.faults.fail_next("users.info", 200, {"ok": False, "error": "user_not_found"})
    await press(house, CLEO, card, "Pizza")
    await rest(house, pollbot)
    await schedule(house, card, every="weekly", days=["0"], at="09:00")
    await until_due(house, before=5.0)
    await rest(house, pollbot)
    house.clock.ahead += 700
    del house.slack.people[CLEO]

    post = await posted(house, "Lunch?")

    assert "Ben and 1 more" in shown(post)
    assert "<@" not in str(post.blocks) + post.text


async def test_a_post_comes_once_though_the_program_is_started_again(house: House) -> None:
    async with house.program() as pollbot:
        card = await lunch(house)
        await schedule(house, card, every="daily", at="09:00")
        await until_due(house)
        await posted(house, "Lunch?")
        await rest(house, pollbot)

    async with house.program() as pollbot:
        await rest(house, pollbot)

        assert len(posts(house, "Lunch?")) == 1
        assert not letters(house, ADA), "nothing is in doubt"


async def test_once_is_once(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    tomorrow = datetime.fromtimestamp(house.clock(), BERLIN).date() + timedelta(days=1)

    await schedule(house, card, every="once", on=tomorrow.isoformat(), at="17:30")

    await until_due(house)
    await posted(house, "Lunch?")
    await rest(house, pollbot)
    house.clock.ahead += 5 * WEEK
    await rest(house, pollbot)
    assert "It is over" in await line(house)
    assert len(posts(house, "Lunch?")) == 1


async def test_it_ends_after_so_many_posts(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00", end="after", most="2")

    for count in (1, 2):
        await until_due(house)
        await posted(house, "Lunch?", count)

    await rest(house, pollbot)
    said = await line(house)
    assert "2 of 2 posts made" in said
    assert "It is over" in said


async def test_it_ends_when_the_poll_is_closed(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00", end="closed")
    await pressed(house, ADA, CloseClick(poll=poll_id(card)))
    await house.slack.until(lambda: "Closed on" in card.text, what="a closed card")

    await until_due(house)

    await rest(house, pollbot)
    assert "It is over" in await line(house)
    assert not posts(house, "Lunch?")


async def pressed(house: House, user: str, click: Click) -> None:
    """Press a button that stands in some message or window."""
    message = house.slack.post(
        PLANNING, house.slack.bot_user_id, "-", [actions(button("-", click))]
    )
    await house.slack.press(user, message.id, click.action_id)


# What was missed


async def away(house: House, seconds: float, **fields: Any) -> None:
    """Schedule daily results, and be away from the next due time on."""
    async with house.program():
        card = await lunch(house)
        await schedule(house, card, every="daily", at="09:00", **fields)
        first = await due(house)
    house.clock.ahead += first - house.clock() + seconds


async def test_a_missed_post_comes_late_with_a_note(house: House) -> None:
    await away(house, 2 * DAY + HOUR)

    async with house.program():
        post = await posted(house, "Lunch?")

    assert "Posted late" in shown(post)
    assert "2 earlier posts were left out" in shown(post)


async def test_a_missed_post_is_skipped_where_its_rule_says_so(house: House) -> None:
    await away(house, HOUR, missed="skip")

    async with house.program() as pollbot:
        await rest(house, pollbot)

        assert await due(house) > house.clock()
        assert not posts(house, "Lunch?")
        assert not letters(house, ADA)


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

    async with house.program() as pollbot:
        told = await house.told(ADA, "due while pollbot, or what they need, was away")
        await rest(house, pollbot)
    async with house.program() as pollbot:
        await rest(house, pollbot)

    assert len(house.slack.messages) == heard + 1
    for number in range(4):
        assert f"Lunch {number}?" in shown(told)


async def test_what_was_claimed_and_not_sent_is_told_and_not_posted_again(house: House) -> None:
    async with house.program():
        card = await lunch(house)
        await schedule(house, card, every="daily", at="09:00")
        house.slack.faults.fail_next("chat.postMessage", 0)
        await until_due(house)
        await house.slack.until(
            lambda: any(
                c.method == "chat.postMessage" and c.status == 0 for c in house.slack.calls
            ),
            timeout=20,
            what="a post without an answer",
        )

    async with house.program():
        told = await house.told(ADA, "may be in its channel or not")

        assert not posts(house, "Lunch?")
        await press(house, ADA, told, "Run now")
        await posted(house, "Lunch?")


async def test_what_is_due_while_slack_is_away_comes_late(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00")
    first = await due(house)
    house.slack.faults.mode = "down"
    house.clock.ahead += first - house.clock() + 1
    await house.slack.until(
        lambda: any(c.at >= first and c.status == 0 for c in house.slack.calls),
        timeout=20,
        what="a call that Slack did not answer",
    )
    await rest(house, pollbot)

    house.slack.faults.mode = "up"
    house.clock.ahead += 3600
    post = await posted(house, "Lunch?")

    assert "Posted late: it was due" in str(post.blocks)
    assert not [row for row in house.words(ADA) if "may be in its channel" in row]


# Managing


async def test_it_can_be_paused_and_resumed(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00")

    await press(house, ADA, await listed(house), "Pause")
    await house.told(ADA, "Paused")
    house.clock.ahead += 40 * DAY
    await press(house, ADA, await listed(house), "Resume")
    await house.told(ADA, "It goes on")

    assert not posts(house, "Lunch?"), "what was due while it was paused is left out"
    await until_due(house)
    await posted(house, "Lunch?")


async def test_more_than_ten_come_in_pages(house: House, pollbot: Pollbot) -> None:
    for number in range(11):
        card = await lunch(house, text=f'"Lunch {number}?" "Pizza" "Soup"')
        await schedule(house, card, every="daily", at="09:00")
    first = await listed(house)
    assert "Lunch 0?" not in shown(first)

    await press(house, ADA, first, "Next")

    await house.told(ADA, "11 schedules: Results of *Lunch 0?*")


async def test_run_now_posts_once_per_press(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00")
    before = await due(house)
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
    await rest(house, pollbot)
    assert len(posts(house, "Lunch?")) == 1
    assert await due(house) == before


async def test_an_edit_moves_the_next_run(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00")

    await press(house, ADA, await listed(house), "Edit")
    await form(house)
    answer = await submit(house, at="10:45")

    assert "10:45" in told_in_form(answer)
    assert datetime.fromtimestamp(await due(house), BERLIN).strftime("%H:%M") == "10:45"
    assert len(await lines(house)) == 1


async def test_a_deleted_one_posts_no_more(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00")

    await press(house, ADA, await listed(house), "Delete")

    await house.told(ADA, "The schedule is deleted")
    assert await lines(house) == []
    house.clock.ahead += 2 * DAY
    await rest(house, pollbot)
    assert not posts(house, "Lunch?")


async def test_only_its_owner_and_admins_manage_it(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await schedule(house, card, user=BEN, every="daily", at="09:00")
    theirs = await listed(house, CLEO)
    assert "Posted in this channel by others" in shown(theirs)
    assert "Pause" not in str(theirs.blocks)

    mine = await listed(house, BEN)
    assert "Pause" in str(mine.blocks)
    await pressed(house, CLEO, PauseClick(schedule=remembered(mine, "schedule")))
    await house.told(CLEO, "Only whoever made that schedule")
    assert "Paused" not in await line(house, BEN)
    await press(house, ADA, await listed(house, ADA), "Pause")
    await house.told(ADA, "Paused")
    assert "Paused" in await line(house, BEN)


async def test_the_same_form_sent_twice_makes_one(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await press(house, ADA, card, "Schedule results")
    view = await form(house)
    body = {"every": {"schedule_changed": "weekly"}}

    first = await house.slack.submit(ADA, view.id, body)
    second = await house.slack.deliver(house.slack.deliveries[-1].body, kind="interactive")

    assert (first.status, second.status) == (200, 200)
    assert len(await lines(house)) == 1


async def test_a_form_that_is_sent_with_two_clicks_makes_one(
    house: House, pollbot: Pollbot
) -> None:
    card = await lunch(house)
    await press(house, ADA, card, "Schedule results")
    view = await form(house)
    await house.slack.submit(ADA, view.id, {"every": {"schedule_changed": "weekly"}})

    # It is no delivery that came before: a click has a trigger_id of its own.
    again = {**house.slack.deliveries[-1].body, "trigger_id": "2.2.second"}
    second = await house.slack.deliver(again, kind="interactive")

    assert second.status == 200
    assert len(await lines(house)) == 1


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


async def test_posts_into_one_channel_are_drawn_once_each_and_go_one_after_the_other(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    for _ in range(5):
        await top_issues(house)
    await rest(house, pollbot)
    house.jira.faults.slow_down("POST search", 0.3)
    house.slack.faults.slow_down("chat.postMessage", 1.2)
    asked = len(house.jira.calls)

    await until_due(house)
    await house.slack.until(lambda: len(posts(house, "PLAT-12")) == 5, 60, what="five posts")

    assert sum("/search" in call.path for call in house.jira.calls[asked:]) == 5
    went = sorted(float(one.ts) for one in posts(house, "PLAT-12"))
    assert all(later - first >= 1.0 for first, later in pairwise(went))


async def test_the_top_voted_issues_are_a_table_with_a_name_where_slack_takes_it(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    await press(house, ADA, await listed(house), "New: top voted issues")
    await form(house)
    await change(house, "every", "daily")
    await submit(house, query="project = PLAT", name="What next?", at="09:00", channel=PLANNING)
    assert "Top voted issues: *What next?*" in await line(house, channel=PLANNING)
    await until_due(house)

    first = await posted(house, "PLAT-12")
    house.slack.faults.fail_next("chat.postMessage", 200, {"ok": False, "error": "invalid_blocks"})
    await until_due(house)
    second = await posted(house, "PLAT-12", 2)

    (table,) = [block for block in first.blocks if block["type"] == "data_table"]
    assert [cell["text"] for cell in table["rows"][0]][:3] == ["#", "Issue", "Votes"]
    assert "PLAT-7" not in first.text, "it is resolved"
    assert not [block for block in second.blocks if block["type"] == "data_table"]
    assert "browse/PLAT-12|PLAT-12>" in shown(second)
    for post in (first, second):
        assert post.text.startswith("What next?: Top voted issues")
        assert "What next?" in shown(post)
        assert "project = PLAT" not in shown(post)


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
    assert "Paused: Slack does not let pollbot write" in await line(house)


async def test_a_private_channel_without_pollbot_is_refused_in_the_form(
    house: House, pollbot: Pollbot
) -> None:
    card = await lunch(house)

    answer = await schedule(house, card, every="daily", at="09:00", channel=LEADS)

    assert "/invite @pollbot" in str(errors(answer))
    assert await lines(house) == []


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
    await rest(house, pollbot)
    assert await due(house) > house.clock()
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
    assert await lines(house) == []


async def test_a_time_in_the_past_is_refused(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    yesterday = datetime.fromtimestamp(house.clock(), UTC).date() - timedelta(days=2)

    answer = await schedule(house, card, every="once", on=yesterday.isoformat(), at="09:00")

    assert "in the past" in str(errors(answer))
    assert await lines(house) == []


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
    await pressed(house, ADA, DeleteClick(poll=poll_id(card)))
    await house.card("was deleted")

    await until_due(house)

    await house.told(ADA, "Your schedule is over")
    assert not posts(house, "Lunch?")


async def test_while_jira_is_away_the_post_waits(house: House, pollbot: Pollbot) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    await schedule(house, await house.card("PLAT-12"), every="daily", at="09:00")
    house.jira.faults.mode = "down"
    asked = len(house.jira.calls)
    await until_due(house)
    await house.jira.until(lambda: len(house.jira.calls) > asked, what="a try")
    await rest(house, pollbot)
    assert not posts(house, "PLAT-12")

    house.jira.faults.mode = "up"
    house.clock.ahead += 120

    await posted(house, "PLAT-12")
    assert "paused" not in str(house.words(ADA))


async def test_a_slack_without_charts_gets_the_words(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await press(house, BEN, card, "Pizza")
    await schedule(house, card, every="daily", at="09:00", view="chart")
    house.slack.faults.fail_next("chat.postMessage", 200, {"ok": False, "error": "invalid_blocks"})

    await until_due(house)

    post = await posted(house, "Lunch?")
    assert not [b for b in post.blocks if b["type"] == "data_visualization"]
