"""The form of a schedule: within every limit, true about what comes next, and nothing is lost."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.errors import BadField, StaleButton
from pollbot.people import Person
from pollbot.polls.rules import Ask, Draft
from pollbot.sandbox.slack.blockkit import view_problems
from pollbot.sandbox.slack.state import complaints, state_values
from pollbot.schedules import form as forms
from pollbot.schedules.form import ScheduleForm
from pollbot.schedules.form_state import QUERIES, End, views_of
from pollbot.schedules.rules import Missed, Plan, Schedule, What, checked_plan
from pollbot.slack.kit import Block
from pollbot.text.recurrence import Every, Recurrence
from tests.support.drawn import assert_pings_nobody, markup, texts
from tests.support.refusals import sentence

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC).timestamp()  # a Friday
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC).timestamp()  # 09:00 in Berlin
WEEK = 7 * 86400.0
BERLIN = "Europe/Berlin"

POLL = ScheduleForm(What.POLL, "p1", "Lunch?", channel="C0TEAM", zone=BERLIN)
TOP = ScheduleForm(What.TOP, "PLAT", channel="C0TEAM", zone=BERLIN)


@st.composite
def states(draw: st.DrawFn) -> ScheduleForm:
    """Draw a form as somebody may have left it, and Slack would send it."""
    what = draw(st.sampled_from(What))
    ends: list[End] = ["never", "closed", "after"] if what is What.POLL else ["never", "after"]
    return ScheduleForm(
        what=what,
        subject=draw(texts) if what in QUERIES else draw(st.sampled_from(["p1", "p" * 60])),
        label=" ".join(draw(texts).split())[:100].strip(),
        channel=draw(st.sampled_from(["C0TEAM", "C0PLANNING"])),
        zone=draw(st.sampled_from([BERLIN, "Asia/Kolkata", "UTC"])),
        every=draw(st.sampled_from(Every)),
        at=f"{draw(st.times()):%H:%M}",
        days=draw(st.frozensets(st.integers(0, 6))),
        day=draw(st.integers(1, 31)),
        on=draw(st.just("") | st.dates().map(str)),
        view=draw(st.sampled_from(views_of(what) or ["bars"])),
        missed=draw(st.sampled_from(Missed)),
        end=draw(st.sampled_from(ends)),
        most=draw(st.just("") | st.integers(1, 1000).map(str)),
        schedule=draw(st.sampled_from(["", "s1"])),
        posted=draw(st.integers(0, 5)),
        ask_kept=draw(st.booleans()),
    )


def filled_in(form: Block, **typed: Any) -> Block:
    """Return the form as Slack sends it, after somebody changed some of its fields."""
    elements = {
        block["block_id"]: block["element"]["action_id"]
        for block in form["blocks"]
        if "element" in block
    }
    changed = {name: {elements[name]: value} for name, value in typed.items()}
    return {**form, "state": {"values": state_values(form["blocks"], changed)}}


def drawn(state: ScheduleForm, **typed: Any) -> ScheduleForm:
    """Return what comes back of a form after somebody changed some of its fields."""
    return forms.read_schedule_form(filled_in(forms.schedule_form(state, []), **typed))


def fields(form: Block) -> dict[str, Block]:
    return {block["block_id"]: block for block in form["blocks"] if "element" in block}


def said(state: ScheduleForm, upcoming: list[float]) -> str:
    return "\n".join(markup(forms.schedule_form(state, upcoming)["blocks"]))


# To Slack and back


@given(states(), st.lists(st.floats(0, 4e9), max_size=3), st.sampled_from(["", "That is wrong."]))
def test_slack_takes_the_form_however_it_is_filled_in(
    state: ScheduleForm, upcoming: list[float], problem: str
) -> None:
    form = forms.schedule_form(state, upcoming, problem=problem)

    assert view_problems(form) == []
    assert form["callback_id"] == forms.SCHEDULE_FORM
    for text in markup(form["blocks"]):
        assert_pings_nobody(text)


@given(states())
def test_a_form_brings_back_what_stands_in_it(state: ScheduleForm) -> None:
    assert drawn(state) == state


@given(states(), st.lists(st.sampled_from(Every), max_size=6))
def test_nothing_is_lost_on_the_way_through_other_recurrences(
    state: ScheduleForm, ways: list[Every]
) -> None:
    now = state
    for every in ways:
        now = drawn(now, every=every.value)

    assert replace(now, every=state.every) == state


def test_jql_of_any_length_fits_into_its_field() -> None:
    long = replace(TOP, subject='"' * 2000, zone="America/Argentina/ComodRivadavia")

    form = forms.schedule_form(long, [])

    assert view_problems(form) == []
    assert len(form["private_metadata"]) < 500
    assert drawn(long) == long


@pytest.mark.parametrize("memory", [None, "", "x", "[]", "{}", '{"v":2,"what":"poll"}', '{"v":1}'])
def test_a_form_of_another_version_is_told_from_ours(memory: str | None) -> None:
    view = {} if memory is None else {"private_metadata": memory}

    with pytest.raises(StaleButton):
        forms.read_schedule_form(view)


def test_a_form_without_its_fields_is_one_without_a_time() -> None:
    memory = forms.schedule_form(POLL, [])["private_metadata"]

    read = forms.read_schedule_form({"private_metadata": memory, "state": {"values": {}}})

    with pytest.raises(BadField) as wrong:
        forms.to_plan(read)
    assert wrong.value.field == "at"


@pytest.mark.parametrize("what", [What.TOP, What.BALLOT])
def test_a_list_may_have_a_name_of_its_own(what: What) -> None:
    named = replace(TOP, what=what, name="  What  next? ")

    plan = forms.to_plan(drawn(named))

    assert plan.name == "What next?"
    assert drawn(replace(TOP, what=what, name=plan.name)).name == "What next?"
    assert forms.to_plan(drawn(replace(POLL, name="Hm"))).name == ""


# What it asks


def test_a_new_one_is_weekly_on_monday_at_nine() -> None:
    assert forms.to_plan(drawn(POLL)) == Plan(
        What.POLL,
        "p1",
        "C0TEAM",
        Recurrence(Every.WEEKLY, time(9, 0), BERLIN, days=frozenset({0})),
    )


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        (POLL, ["every", "days", "at", "view", "channel", "end", "missed"]),
        (replace(POLL, every=Every.DAILY), ["every", "at", "view", "channel", "end", "missed"]),
        (
            replace(POLL, every=Every.MONTHLY),
            ["every", "day", "at", "view", "channel", "end", "missed"],
        ),
        (replace(POLL, every=Every.ONCE), ["every", "on", "at", "view", "channel", "missed"]),
        (
            replace(POLL, every=Every.DAILY, end="after"),
            ["every", "at", "view", "channel", "end", "most", "missed"],
        ),
        (TOP, ["query", "name", "every", "days", "at", "view", "channel", "end", "missed"]),
        (
            replace(TOP, what=What.BALLOT),
            ["query", "name", "every", "days", "at", "channel", "end", "missed"],
        ),
        (replace(POLL, what=What.ISSUE), ["every", "days", "at", "channel", "end", "missed"]),
        (replace(POLL, what=What.ASK), ["every", "days", "at", "channel", "end", "missed"]),
    ],
)
def test_only_what_matters_is_asked(state: ScheduleForm, asked: list[str]) -> None:
    assert list(fields(forms.schedule_form(state, []))) == asked


@pytest.mark.parametrize("what", What)
def test_only_a_poll_can_end_it_by_closing(what: What) -> None:
    form = forms.schedule_form(replace(POLL, what=what), [])

    ends = [one["value"] for one in fields(form)["end"]["element"]["options"]]

    assert ends == (["never", "closed", "after"] if what is What.POLL else ["never", "after"])


@pytest.mark.parametrize("every", Every)
def test_what_changes_the_next_runs_is_sent_at_once(every: Every) -> None:
    form = forms.schedule_form(replace(POLL, every=every, end="after"), [])

    sent = {name for name, block in fields(form).items() if block.get("dispatch_action")}

    assert sent == set(fields(form)) - {"view", "channel", "missed"}
    assert {fields(form)[name]["element"]["action_id"] for name in sent} == {forms.SCHEDULE_CHANGED}


def test_the_channel_of_a_new_one_is_where_it_was_begun() -> None:
    anywhere = fields(forms.schedule_form(replace(POLL, channel=""), []))["channel"]["element"]
    here = fields(forms.schedule_form(POLL, []))["channel"]["element"]

    assert anywhere["default_to_current_conversation"] is True
    assert "initial_conversation" not in anywhere
    assert here["initial_conversation"] == "C0TEAM"


def test_a_client_asks_for_what_is_missing() -> None:
    empty = replace(TOP, subject="", channel="", end="after", days=frozenset())

    assert set(complaints(forms.schedule_form(empty, [])["blocks"], {})) == {
        "query",
        "days",
        "channel",
        "most",
    }


# What comes next


@pytest.mark.parametrize(
    ("state", "line"),
    [
        (
            POLL,
            "*Next:* Mon 23 Nov 2026, 09:00 CET; Mon 30 Nov 2026, 09:00 CET; "
            "Mon 7 Dec 2026, 09:00 CET",
        ),
        (
            replace(POLL, end="after", most="2"),
            "*Next:* Mon 23 Nov 2026, 09:00 CET; Mon 30 Nov 2026, 09:00 CET",
        ),
        (
            replace(POLL, schedule="s1", end="after", most="5", posted=4),
            "*Next:* Mon 23 Nov 2026, 09:00 CET",
        ),
        (replace(POLL, end="after", most=""), "not known yet. Give a whole number of posts"),
        (replace(POLL, days=frozenset()), "not known yet. Choose at least one day of the week."),
        (replace(POLL, at=""), "not known yet. Choose a time"),
        (replace(POLL, every=Every.ONCE), "not known yet. Choose a day."),
        (
            replace(POLL, every=Every.ONCE, on="2026-11-20"),
            "*Next:* none, since that time is in the past.",
        ),
        (
            replace(POLL, every=Every.ONCE, on="2028-02-29", end="after"),
            "*Next:* Tue 29 Feb 2028, 09:00 CET",
        ),
        (replace(POLL, zone="Europe/Atlantis"), "*Next:* none."),
    ],
)
def test_the_form_says_when_it_runs_next(state: ScheduleForm, line: str) -> None:
    shown = said(state, forms.runs_ahead(state, NOW))

    assert line in shown
    assert shown.split(line)[1].split("\n")[0] in ("", ".", *_REST)


_REST = (", from 1 to 1,000.", " of the day.", " Choose another time.", " Choose a later one.")


def test_the_form_says_whose_clock_it_goes_by() -> None:
    assert f"Times are in your Slack time zone, {BERLIN}." in said(POLL, [])
    assert f"in the time zone of this schedule, {BERLIN}." in said(replace(POLL, schedule="s1"), [])


@pytest.mark.parametrize("what", [What.TOP, What.BALLOT])
def test_the_form_says_who_will_see_the_issues_that_somebody_may_see(what: What) -> None:
    mine = replace(TOP, what=what)

    assert "everybody in the channel sees the issues that you can see" in said(mine, [])
    of_other = said(replace(mine, schedule="s1"), [])
    assert "everybody in the channel sees the issues that its owner can see" in of_other


def test_nine_o_clock_stays_nine_o_clock_in_what_is_shown() -> None:
    spring = datetime(2026, 3, 27, 12, 0, tzinfo=UTC).timestamp()
    daily = replace(POLL, every=Every.DAILY)

    shown = said(daily, forms.runs_ahead(daily, spring))

    assert "28 Mar 2026, 09:00 CET; Sun 29 Mar 2026, 09:00 CEST; Mon 30 Mar" in shown


# The plan


@pytest.mark.parametrize(
    ("typed", "plan"),
    [
        ({"every": "daily"}, {"every": Every.DAILY, "days": frozenset()}),
        ({"every": "weekdays", "at": "17:30"}, {"every": Every.WEEKDAYS, "at": time(17, 30)}),
        ({"days": ["0", "3"]}, {"days": frozenset({0, 3})}),
    ],
)
def test_when_is_read_as_it_was_chosen(typed: dict[str, Any], plan: dict[str, Any]) -> None:
    recurrence = forms.to_plan(drawn(POLL, **typed)).recurrence

    for name, value in plan.items():
        assert getattr(recurrence, name) == value


def test_a_day_of_the_month_and_a_single_day_are_read_once_they_are_asked() -> None:
    monthly = drawn(drawn(POLL, every="monthly"), day="31")
    once = drawn(drawn(POLL, every="once"), on="2028-02-29")

    assert forms.to_plan(monthly).recurrence == Recurrence(
        Every.MONTHLY, time(9, 0), BERLIN, day=31
    )
    assert forms.to_plan(once).recurrence == Recurrence(
        Every.ONCE, time(9, 0), BERLIN, on=date(2028, 2, 29)
    )


def test_the_other_choices_are_read_as_they_were_made() -> None:
    typed = drawn(POLL, view="chart", missed="skip", end="closed", channel="C0RANDOM")
    counted = drawn(drawn(POLL, end="after"), most="12")

    plan = forms.to_plan(typed)
    assert (plan.view, plan.missed, plan.until_closed, plan.channel_id) == (
        "chart",
        Missed.SKIP,
        True,
        "C0RANDOM",
    )
    assert forms.to_plan(counted).most == 12
    assert forms.to_plan(drawn(TOP, query=" project = PLAT ")).subject == "project = PLAT"


@pytest.mark.parametrize(
    ("state", "field", "why"),
    [
        (replace(TOP, subject="  "), "query", "needs a project or a JQL query"),
        (replace(TOP, what=What.BALLOT, subject="x" * 2001), "query", "2,001 characters"),
        (replace(POLL, days=frozenset()), "days", "at least one day"),
        (replace(POLL, every=Every.ONCE), "on", "Choose a day."),
        (replace(POLL, every=Every.ONCE, on="2027-02-29"), "on", "Choose a day."),
        (replace(POLL, at=""), "at", "Choose a time"),
        (replace(POLL, at="25:00"), "at", "Choose a time"),
        (replace(POLL, channel=""), "channel", "needs a channel"),
        (replace(POLL, end="after", most=""), "most", "from 1 to 1,000"),
        (replace(POLL, end="after", most="0"), "most", "from 1 to 1,000"),
        (replace(POLL, end="after", most="1.5"), "most", "from 1 to 1,000"),
        (replace(POLL, end="after", most="1001"), "most", "from 1 to 1,000"),
        (replace(POLL, end="after", most="³"), "most", "from 1 to 1,000"),
        (replace(POLL, end="after", most="4", posted=4), "most", "4 times already"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(state: ScheduleForm, field: str, why: str) -> None:
    with pytest.raises(BadField) as wrong:
        forms.to_plan(state)

    assert wrong.value.field == field
    assert why in sentence(wrong.value.because)
    assert field in fields(forms.schedule_form(state, [])), "Slack shows it only at such a field"


def test_once_is_over_by_itself() -> None:
    once = replace(POLL, every=Every.ONCE, on="2028-02-29", end="after", most="")

    plan = forms.to_plan(once)

    assert plan.most is None
    assert not plan.until_closed


ASK = Ask(Draft("Lunch?", ("A", "B")))


@pytest.mark.parametrize(
    "plan",
    [
        Plan(What.POLL, "p1", "C0TEAM", forms.to_plan(POLL).recurrence, until_closed=True),
        Plan(What.TOP, 'project = "PLAT"', "C0TEAM", forms.to_plan(POLL).recurrence, "table"),
        Plan(
            What.BALLOT,
            "PLAT",
            "C0TEAM",
            Recurrence(Every.MONTHLY, time(0, 0), "Asia/Kolkata", day=31),
            missed=Missed.SKIP,
            most=7,
        ),
        Plan(
            What.ISSUE,
            "PLAT-12",
            "C0TEAM",
            Recurrence(Every.ONCE, time(23, 59), BERLIN, on=date(2028, 2, 29)),
        ),
        Plan(What.ASK, "", "C0TEAM", Recurrence(Every.WEEKDAYS, time(9, 0), BERLIN), ask=ASK),
    ],
    ids=lambda plan: plan.what.value,
)
def test_a_schedule_that_is_opened_and_saved_is_as_it_was(plan: Plan) -> None:
    schedule = Schedule("s1", Person("T1", "U0ADA"), "", plan, NOW, MONDAY, posted=3)

    read = drawn(forms.form_of(schedule, "Lunch?"))

    assert read.schedule == "s1"
    assert read.ask_kept == (plan.ask is not None)
    assert replace(forms.to_plan(read), ask=plan.ask) == plan
    assert checked_plan(plan, NOW) == plan
