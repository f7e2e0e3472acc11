"""What is said about schedules: true, within every limit, and with a way on."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.errors import StaleButton
from pollbot.people import Person
from pollbot.polls.rules import Ask, Draft
from pollbot.records.refusals import IssueUnseen
from pollbot.sandbox.slack.blockkit import elements, problems
from pollbot.schedules import blocks
from pollbot.schedules.blocks import Row
from pollbot.schedules.refusals import OftenTried, PostNotTaken, QueryRefused
from pollbot.schedules.rules import Missed, Plan, Schedule, What
from pollbot.slack.clicks import (
    Click,
    DeleteScheduleClick,
    EditScheduleClick,
    NewScheduleClick,
    PauseClick,
    ResumeClick,
    RunNowClick,
    ScheduleClick,
    ScheduleIssueClick,
)
from pollbot.slack.kit import Block, Message
from pollbot.slack.owned import Part
from pollbot.text.catalog import speaking
from pollbot.text.recurrence import Every, Recurrence
from tests.support.catalog import PSEUDO
from tests.support.drawn import (
    LINK,
    PEOPLE,
    assert_pings_nobody,
    assert_room,
    labels,
    markup,
    pressed,
    shown,
    texts,
)

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC).timestamp()  # 09:00 in Berlin
WEEK = 7 * 86400.0
ME = PEOPLE[1]
WEEKLY = Recurrence(Every.WEEKLY, time(9, 0), "Europe/Berlin", days=frozenset({0}))
ONCE = Recurrence(Every.ONCE, time(9, 0), "Europe/Berlin", on=date(2026, 11, 24))
CHANNEL = "<#C0TEAM>"


def row(
    recurrence: Recurrence = WEEKLY,
    wish: dict[str, Any] | None = None,
    **kept: Any,
) -> Row:
    plan = Plan(What.POLL, "p1", "C0TEAM", recurrence, **(wish or {}))
    schedule = Schedule("s1", Person("T1", ME), "", plan, MONDAY - WEEK, MONDAY)
    schedule = replace(schedule, **kept)
    return Row(schedule, blocks.label_of(plan, "Lunch?"))


recurrences = st.builds(
    Recurrence,
    every=st.sampled_from(Every),
    at=st.times(),
    zone=st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "America/Sao_Paulo"]) | texts,
    days=st.frozensets(st.integers(0, 6)),
    day=st.integers(1, 31),
    on=st.none() | st.dates(),
)
plans = st.builds(
    Plan,
    what=st.sampled_from(What),
    subject=texts,
    channel_id=st.just("C0TEAM") | texts,
    recurrence=recurrences,
    missed=st.sampled_from(Missed),
    until_closed=st.booleans(),
    most=st.none() | st.integers(1, 1000),
    ask=st.none() | st.builds(Ask, st.builds(Draft, texts, st.just(("A", "B")))),
)
moments = st.floats(0, 4e9) | st.floats(-1e18, 1e18)


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """Draw a schedule as it may stand."""
    plan = draw(plans)
    schedule = Schedule(
        id=draw(st.sampled_from(["s1", "s" * 12])),
        owner=Person("T1", draw(st.sampled_from(PEOPLE))),
        site="",
        plan=plan,
        made_at=MONDAY,
        next_at=draw(st.none() | moments),
        paused=draw(st.booleans()),
        why=draw(st.none() | st.builds(QueryRefused, texts)),
        posted=draw(st.integers(0, 1000)),
    )
    label = blocks.label_of(plan, draw(texts), draw(st.sampled_from(["", LINK])))
    return Row(schedule, label, draw(st.none() | texts))


def assert_slack_takes(message: Message) -> None:
    assert problems(message.blocks, "message") == []
    assert_room(message)
    for text in [message.text, *markup(message.blocks)]:
        assert_pings_nobody(text, LINK, CHANNEL)


@given(rows(), st.lists(moments, max_size=5))
def test_slack_takes_whatever_is_said_about_a_schedule(seen: Row, upcoming: list[float]) -> None:
    for message in (
        blocks.schedule_list([seen], Part(True)),
        blocks.saved(seen, upcoming),
        blocks.deleted(seen),
        blocks.paused(seen),
        blocks.resumed(seen),
        blocks.ran(seen),
        blocks.paused_by_failure(seen),
        blocks.maybe_missing([(seen, MONDAY)]),
        blocks.not_posted([(seen, at) for at in upcoming]),
        blocks.subject_gone(seen),
    ):
        assert_slack_takes(message)


@given(st.lists(rows(), min_size=1, max_size=3), st.integers(1, 30))
def test_slack_takes_any_number_of_schedules(some: list[Row], times: int) -> None:
    many = some * times

    listed = blocks.schedule_list(many[:10], Part(True, page=1, total=50))
    lost = blocks.not_posted([(each, MONDAY) for each in many])
    assert_slack_takes(listed)
    assert_slack_takes(lost)
    said, named = shown(lost), labels(lost.blocks).count("Run now")
    assert (f"\nand {len(many) - named} more" in said) == (len(many) > named)
    assert named >= min(len(many), 3)


@pytest.mark.parametrize("what", What)
def test_slack_takes_a_page_of_what_escapes_make_long(what: What) -> None:
    many = "&" * 200
    plan = Plan(what, many, "C0TEAM", replace(WEEKLY, zone=many, days=frozenset(range(7))))
    each = replace(row(), schedule=replace(row().schedule, plan=plan))

    listed = blocks.schedule_list(
        [replace(each, label=blocks.label_of(plan, many), by=many)] * 10,
        Part(True, page=1, total=50),
    )

    assert_slack_takes(listed)
    assert labels(listed.blocks).count("Pause") == 10


# In words


@pytest.mark.parametrize(
    ("recurrence", "said"),
    [
        (
            Recurrence(Every.ONCE, time(9, 0), "UTC", on=date(2028, 2, 29)),
            "once on Tue 29 Feb 2028 at 09:00 (UTC)",
        ),
        (Recurrence(Every.DAILY, time(0, 5), "UTC"), "daily at 00:05 (UTC)"),
        (Recurrence(Every.WEEKDAYS, time(17, 30), "UTC"), "on weekdays at 17:30 (UTC)"),
        (WEEKLY, "weekly on Monday at 09:00 (Europe/Berlin)"),
        (
            replace(WEEKLY, days=frozenset({3, 0})),
            "weekly on Monday and Thursday at 09:00 (Europe/Berlin)",
        ),
        (
            replace(WEEKLY, days=frozenset({6, 0, 3})),
            "weekly on Monday, Thursday and Sunday at 09:00 (Europe/Berlin)",
        ),
        (Recurrence(Every.MONTHLY, time(9), "UTC", day=1), "monthly on the 1st at 09:00 (UTC)"),
        (Recurrence(Every.MONTHLY, time(9), "UTC", day=12), "monthly on the 12th at 09:00 (UTC)"),
        (Recurrence(Every.MONTHLY, time(9), "UTC", day=22), "monthly on the 22nd at 09:00 (UTC)"),
        (
            Recurrence(Every.MONTHLY, time(9), "UTC", day=31),
            "monthly on the 31st or the last day at 09:00 (UTC)",
        ),
    ],
)
def test_a_recurrence_is_said_in_words(recurrence: Recurrence, said: str) -> None:
    assert blocks.in_words(recurrence) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Berlin", "Mon 23 Nov 2026, 09:00 CET"),
        ("America/Sao_Paulo", "Mon 23 Nov 2026, 05:00 UTC-03"),
        ("Asia/Kolkata", "Mon 23 Nov 2026, 13:30 IST"),
        ("Pacific/Kiritimati", "Mon 23 Nov 2026, 22:00 UTC+14"),
        ("Europe/Atlantis", "2026-11-23 08:00 UTC"),
        ("../../etc/passwd", "2026-11-23 08:00 UTC"),
    ],
)
def test_a_moment_is_said_as_a_clock_there_shows_it(zone: str, said: str) -> None:
    assert blocks.local(MONDAY, zone) == said


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan(What.POLL, "p1", "C1", WEEKLY), "Results of *A &lt; B*"),
        (Plan(What.ISSUE, "PLAT-12", "C1", WEEKLY), f"Votes on {LINK}"),
        (
            Plan(What.TOP, "votes > 0", "C1", WEEKLY, name="What <next>?"),
            "Top voted issues: *What &lt;next&gt;?*",
        ),
        (Plan(What.BALLOT, "votes > 0", "C1", WEEKLY, name="Next"), "Ballot: *Next*"),
        (Plan(What.TOP, "a > `b`", "C1", WEEKLY), "Top voted issues of `a &gt; 'b'`"),
        (Plan(What.BALLOT, "PLAT", "C1", WEEKLY), "Ballot of `PLAT`"),
        (
            Plan(What.ASK, "", "C1", WEEKLY, ask=Ask(Draft("Lunch?", ("A", "B")))),
            "*Lunch?* as a fresh poll each time",
        ),
        (
            Plan(What.ASK, "", "C1", ONCE, ask=Ask(Draft("Lunch?", ("A", "B")))),
            "The poll *Lunch?*",
        ),
    ],
)
def test_what_is_posted_has_a_name(plan: Plan, said: str) -> None:
    assert blocks.label_of(plan, "A < B", LINK) == said


# The list


def test_the_list_says_what_where_when_and_what_comes_next() -> None:
    message = blocks.schedule_list([row()], Part(False))

    assert shown(message) == (
        "*Your schedules*\n"
        "Results of *Lunch?* in <#C0TEAM>\n"
        "Weekly on Monday at 09:00 (Europe/Berlin)\n"
        "Next: Mon 23 Nov 2026, 09:00 CET."
    )
    assert message.text == (
        "1 schedule: Results of *Lunch?* in <#C0TEAM>\nWeekly on Monday at 09:00 (Europe/Berlin)\n"
        "Next: Mon 23 Nov 2026, 09:00 CET."
    )


WAYS: dict[str, Click] = {
    "Run now": RunNowClick(schedule="s1"),
    "Pause": PauseClick(schedule="s1"),
    "Resume": ResumeClick(schedule="s1"),
    "Edit": EditScheduleClick(schedule="s1"),
    "Delete": DeleteScheduleClick(schedule="s1"),
}
NEW = ["New: top voted issues", "New: ballot"]


@pytest.mark.parametrize(
    ("seen", "ways"),
    [
        (row(), ["Run now", "Pause", "Edit", "Delete"]),
        (row(paused=True), ["Run now", "Resume", "Edit", "Delete"]),
        (row(next_at=None), ["Edit", "Delete"]),
        (row(next_at=None, paused=True), ["Edit", "Delete"]),
    ],
    ids=["runs", "paused", "over", "over and paused"],
)
def test_each_schedule_has_its_ways(seen: Row, ways: list[str]) -> None:
    message = blocks.schedule_list([seen], Part(False))

    assert labels(message.blocks) == [*ways, *NEW]
    for label in ways:
        wanted = WAYS[label]
        assert type(wanted).unpack(pressed(message.blocks, label)) == wanted
    assert "cannot be undone" in json.dumps(pressed(message.blocks, "Delete")["confirm"])


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (row(paused=True), "Paused."),
        (row(paused=True, why=OftenTried()), "Paused: It could not be posted"),
        (row(next_at=None), "It is over."),
        (row(wish={"most": 5}, posted=2), "09:00 (Europe/Berlin), 2 of 5 posts made"),
        (row(wish={"until_closed": True}), "09:00 (Europe/Berlin), until the poll is closed"),
        (row(wish={"view": "chart", "most": 5}), "09:00 (Europe/Berlin), as a chart, 0 of 5"),
        (row(wish={"view": "bars", "most": 5}), "09:00 (Europe/Berlin), 0 of 5"),
    ],
)
def test_the_list_says_how_a_schedule_stands(seen: Row, said: str) -> None:
    message = shown(blocks.schedule_list([seen], Part(False)))

    assert said in message
    assert ("Next:" in message) == (seen.schedule.next_at is not None and not seen.schedule.paused)


def test_only_somebody_elses_schedule_names_its_owner() -> None:
    theirs = replace(row(owner=Person("T1", PEOPLE[2])), by="Cleo <3")

    everybodys = shown(blocks.schedule_list([row(), theirs], Part(True)))

    assert everybodys.startswith("*Schedules in this workspace*")
    assert everybodys.count(" · by ") == 1
    assert " · by Cleo &lt;3" in everybodys
    nameless = shown(blocks.schedule_list([replace(theirs, by="")], Part(True)))
    assert " · by somebody" in nameless
    assert " · by " not in shown(blocks.schedule_list([row()], Part(False)))


def test_what_others_have_posted_here_can_be_looked_at_only() -> None:
    theirs = replace(row(paused=True, why=IssueUnseen("PLAT-40")), by="Cleo", theirs=True)

    message = blocks.schedule_list([row(), theirs], Part(False))

    assert "*Posted in this channel by others*\nResults of *Lunch?* in" in shown(message)
    assert labels(message.blocks) == ["Run now", "Pause", "Edit", "Delete", *NEW]
    assert "PLAT-40" not in shown(message), "why it was paused is for its owner"
    alone = blocks.schedule_list([theirs], Part(False))
    assert labels(alone.blocks) == NEW
    assert shown(alone).startswith("*Posted in this channel by others*")


def test_more_than_ten_schedules_come_in_pages() -> None:
    first, last = (
        blocks.schedule_list([row()] * count, Part(False, page=page, total=23))
        for page, count in ((0, 10), (2, 3))
    )

    assert labels(first.blocks).count("Run now") == 10
    assert first.text.startswith("23 schedules: ")
    assert "Page 1 of 3" in shown(first)
    assert ("Next" in labels(first.blocks), "Previous" in labels(first.blocks)) == (True, False)
    assert ("Next" in labels(last.blocks), "Previous" in labels(last.blocks)) == (False, True)


@pytest.mark.parametrize(
    ("admin", "none"),
    [
        (False, "You have no schedules, and none posts in this channel. Press"),
        (True, "There are no schedules in this workspace. Press"),
    ],
)
def test_an_empty_list_says_whose_it_is_and_how_to_begin(admin: bool, none: str) -> None:
    message = blocks.schedule_list([], Part(admin))

    assert message.text.startswith(none)
    assert labels(message.blocks) == NEW
    for label, what in zip(NEW, ("top", "ballot"), strict=True):
        assert NewScheduleClick.unpack(pressed(message.blocks, label)).what == what


# Receipts, and words to the owner


def test_a_saved_schedule_is_told_with_its_next_runs() -> None:
    three = [MONDAY, MONDAY + WEEK, MONDAY + 2 * WEEK]

    said = blocks.saved(row(), three).text
    ends = blocks.saved(row(wish={"most": 5}, posted=3), three).text

    assert "Results of *Lunch?* in <#C0TEAM>, weekly on Monday at 09:00 (Europe/Berlin)." in said
    assert (
        "Next: Mon 23 Nov 2026, 09:00 CET; Mon 30 Nov 2026, 09:00 CET; Mon 7 Dec 2026, 09:00 CET."
    ) in said
    assert "Next: Mon 23 Nov 2026, 09:00 CET; Mon 30 Nov 2026, 09:00 CET. " in ends
    assert "no run ahead" in blocks.saved(row(), []).text


@pytest.mark.parametrize(
    ("told", "seen", "said"),
    [
        (blocks.deleted, row(), "what was posted stays"),
        (blocks.paused, row(paused=True), "until you resume it"),
        (blocks.resumed, row(), "Next: Mon 23 Nov 2026, 09:00 CET."),
        (blocks.ran, row(), "Next: Mon 23 Nov 2026, 09:00 CET."),
        (blocks.ran, row(paused=True), "It stays paused"),
        (blocks.ran, row(next_at=None), "It is over."),
    ],
)
def test_a_receipt_says_what_comes_next(
    told: Callable[[Row], Message], seen: Row, said: str
) -> None:
    message = told(seen)

    assert said in message.text
    assert "Results of *Lunch?* in <#C0TEAM>" in message.text


def test_a_schedule_that_was_paused_for_a_failure_comes_with_the_ways_to_mend_it() -> None:
    seen = row(why=PostNotTaken("not_in_channel"))

    message = blocks.paused_by_failure(seen)

    assert "pollbot write there (not_in_channel): it is not in that channel." in message.text
    assert "nothing more is posted while it is paused" in message.text
    assert labels(message.blocks) == ["Resume", "Edit", "Delete"]
    assert ResumeClick.unpack(pressed(message.blocks, "Resume")).schedule == "s1"


def test_what_was_perhaps_posted_is_not_said_to_be() -> None:
    message = blocks.maybe_missing([(row(), MONDAY), (row(), MONDAY + WEEK)])

    assert "may be in its channel or not" in shown(message)
    assert "Due Mon 23 Nov 2026, 09:00 CET" in shown(message)
    assert "Due Mon 30 Nov 2026, 09:00 CET" in shown(message)
    assert _run_now(message) == ["s1", "s1"]


def test_what_is_too_old_is_told_in_one_message() -> None:
    message = blocks.not_posted([(row(), MONDAY - WEEK * n) for n in range(30)])

    assert "They are not posted by itself now" in shown(message)
    assert "set back to an older copy" in shown(message)
    assert len(_run_now(message)) == 20
    assert "and 10 more" in shown(message)


def _run_now(message: Message) -> list[str]:
    buttons: list[Block] = [each for block in message.blocks for each in elements(block)]
    return [RunNowClick.unpack(each).schedule for each in buttons]


def test_a_schedule_without_anything_to_post_is_over() -> None:
    poll = blocks.subject_gone(row())
    issue = blocks.subject_gone(
        Row(replace(row().schedule, plan=Plan(What.ISSUE, "PLAT-12", "C0TEAM", WEEKLY)), LINK)
    )

    assert "Its poll was deleted, so nothing more is posted" in poll.text
    assert "What it posts is not there any more" in issue.text
    assert labels(poll.blocks) == ["Delete"]


# Beside what was posted


@pytest.mark.parametrize(
    ("missed", "rest"),
    [
        (0, ""),
        (1, " 1 earlier post was left out."),
        (2, " 2 earlier posts were left out."),
    ],
)
def test_a_late_post_says_so(missed: int, rest: str) -> None:
    assert blocks.late_note(MONDAY, "Europe/Berlin", missed) == (
        ":hourglass_flowing_sand: Posted late: it was due Mon 23 Nov 2026, 09:00 CET, when "
        f"pollbot, Slack or Jira was away.{rest}"
    )


@pytest.mark.parametrize(
    ("name", "who"), [("Ada <!channel>", "Ada &lt;!channel&gt;"), ("", "somebody")]
)
def test_a_scheduled_post_says_whose_it_is(name: str, who: str) -> None:
    assert blocks.scheduled_by(name, WEEKLY) == (
        f"Scheduled by {who}, weekly on Monday at 09:00 · `/pollbot schedules`"
    )


def test_somebody_without_a_name_is_called_so_in_the_language_of_the_post() -> None:
    with speaking(PSEUDO):
        assert "⟦somebody⟧" in blocks.scheduled_by("", WEEKLY)


# What buttons remember


@pytest.mark.parametrize(
    "click",
    [
        *WAYS.values(),
        NewScheduleClick(what="top"),
        ScheduleClick(poll="p" * 60),
        ScheduleIssueClick(issue="PLAT-12"),
    ],
    ids=lambda click: click.action_id,
)
def test_a_click_brings_back_what_its_button_was_given(click: Click) -> None:
    kind = type(click)

    assert kind.unpack({"value": click.pack()}) == click
    for foreign in ("", "{}", '{"v":0,"schedule":"s1"}', '{"v":1,"schedule":""}', '{"v":1}'):
        with pytest.raises(StaleButton):
            kind.unpack({"value": foreign})
