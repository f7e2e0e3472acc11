"""Due times: what a clock on the wall says, counted a second time, day by day."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from dateutil import tz
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pollbot.errors import BadInput
from pollbot.schedules.rules import (
    MOST_POSTS,
    ON_TIME,
    Lateness,
    Missed,
    Plan,
    What,
    checked_plan,
    when_due,
)
from pollbot.text.recurrence import LATEST, Due, Every, Recurrence, ahead, due_by, next_due
from tests.support.refusals import sentence

BERLIN = "Europe/Berlin"
ZONES = [
    BERLIN,
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour forth and back
    "Africa/Casablanca",  # back in Ramadan
    "America/Sao_Paulo",  # forth at midnight, until 2019
    "America/Nuuk",  # forth in the last hour of a day, since 2024
    "Asia/Kolkata",
    "Pacific/Apia",  # without a 30 December 2011
    "UTC",
]
FIRST = datetime(2005, 1, 1, tzinfo=UTC).timestamp()
LAST = datetime(2037, 6, 1, tzinfo=UTC).timestamp()

recurrences = st.builds(
    Recurrence,
    every=st.sampled_from(Every),
    at=st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    zone=st.sampled_from(ZONES),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    day=st.integers(1, 31),
    on=st.dates(date(2005, 1, 1), date(2037, 6, 1)),
)
moments = st.floats(FIRST, LAST)


def of(every: Every, at: str = "09:00", zone: str = BERLIN, **rest: object) -> Recurrence:
    hour, minute = map(int, at.split(":"))
    return Recurrence(every, time(hour, minute), zone, **rest)  # type: ignore[arg-type]  # named below


def unix(text: str, zone: str = BERLIN) -> float:
    """Return a moment of a wall clock; ``text`` may tell its own offset."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=tz.gettz(zone))).timestamp()


def on_the_wall(moment: float | None, zone: str = BERLIN) -> str:
    assert moment is not None
    return datetime.fromtimestamp(moment, tz.gettz(zone)).isoformat(" ", "minutes")


def counted(recurrence: Recurrence, after: float, count: int) -> list[float]:
    """Return the due times after a moment, by a walk over the days of a calendar on the wall."""
    zone = tz.gettz(recurrence.zone)
    day = datetime.fromtimestamp(after, zone).date() - timedelta(days=3)
    if recurrence.every is Every.ONCE:
        assert recurrence.on is not None
        day = recurrence.on
    found: set[float] = set()
    # A few more than asked: the first ones are past, and two may be the same moment.
    for _ in range(33 * (count + 3)):
        if _is_due(recurrence, day):
            naive = datetime.combine(day, recurrence.at, zone)
            found.add(tz.resolve_imaginary(naive).timestamp())
        day += timedelta(days=1)
    return sorted(at for at in found if at > after)[:count]


def _is_due(recurrence: Recurrence, day: date) -> bool:
    match recurrence.every:
        case Every.ONCE:
            return day == recurrence.on
        case Every.DAILY:
            return True
        case Every.WEEKDAYS:
            return day.isoweekday() not in (6, 7)
        case Every.WEEKLY:
            return day.isoweekday() - 1 in recurrence.days
        case Every.MONTHLY:
            tomorrow = day + timedelta(days=1)
            return day.day == recurrence.day or (tomorrow.day == 1 and day.day < recurrence.day)


# The same as counted


@given(recurrences, moments)
@example(of(Every.DAILY, "09:00", "Pacific/Apia"), unix("2011-12-29T10:00", "Pacific/Apia"))
@example(of(Every.DAILY, "00:30", "America/Sao_Paulo"), unix("2018-11-03T10:00", "UTC"))
@example(of(Every.DAILY, "02:15", "Australia/Lord_Howe"), unix("2026-10-03T00:00", "UTC"))
@example(of(Every.DAILY, "01:45", "Australia/Lord_Howe"), unix("2026-04-04T00:00", "UTC"))
@example(of(Every.DAILY, "02:30", "Africa/Casablanca"), unix("2026-02-14T00:00", "UTC"))
@example(of(Every.DAILY, "23:30", "America/Nuuk"), unix("2024-03-31T01:10", "UTC"))
@example(of(Every.MONTHLY, day=31), unix("2028-01-31T09:00"))
def test_due_times_are_those_that_a_walk_over_the_days_finds(
    recurrence: Recurrence, after: float
) -> None:
    expected = counted(recurrence, after, 5)

    assert ahead(recurrence, after, 5) == expected
    assert next_due(recurrence, after) == (expected[0] if expected else None)


@given(recurrences, st.sampled_from(ZONES), st.integers(2005, 2036), st.floats(-2, 2))
def test_so_they_are_around_each_change_of_the_clocks(
    recurrence: Recurrence, zone: str, year: int, days: float
) -> None:
    new_year = int(unix(f"{year}-01-01T00:00", "UTC"))
    moved = [
        moment
        for moment in range(new_year, new_year + 366 * 86400, 86400)
        if _offset(moment, zone) != _offset(moment + 86400, zone)
    ]
    assume(moved)

    for moment in moved:
        on = datetime.fromtimestamp(moment, UTC).date() + timedelta(days=1)
        there = replace(recurrence, zone=zone, on=on)
        after = moment + days * 86400
        assert ahead(there, after, 4) == counted(there, after, 4)


def _offset(moment: float, zone: str) -> object:
    return datetime.fromtimestamp(moment, tz.gettz(zone)).utcoffset()


@given(recurrences, moments)
def test_each_due_time_is_later_than_the_one_before(recurrence: Recurrence, after: float) -> None:
    times = [after, *ahead(recurrence, after, 10)]

    assert all(earlier < later for earlier, later in pairwise(times))


@given(recurrences, moments, st.lists(st.floats(0, 40 * 86400), max_size=20))
def test_whoever_looks_now_and_then_serves_no_due_time_twice_and_misses_none(
    recurrence: Recurrence, now: float, waits: list[float]
) -> None:
    assume(recurrence.every is not Every.ONCE)
    begun, next_at = now, next_due(recurrence, now)
    served: list[Due] = []

    for wait in waits:
        now += wait
        assert next_at is not None
        if next_at <= now:
            due = due_by(recurrence, next_at, now)
            assert due.at <= now, "never early"
            served.append(due)
            next_at = next_due(recurrence, due.at)

    came = [at for at in ahead(recurrence, begun, 900) if at <= now]
    assert sum(1 + due.missed for due in served) == len(came)
    assert len({due.at for due in served}) == len(served)
    assert {due.at for due in served} <= set(came)


# What people expect of a clock


def test_nine_o_clock_stays_nine_o_clock_when_the_clocks_change() -> None:
    spring = ahead(of(Every.DAILY), unix("2026-03-28T08:00"))
    autumn = ahead(of(Every.DAILY), unix("2026-10-24T08:00"))

    assert [on_the_wall(at)[11:16] for at in (*spring, *autumn)] == ["09:00"] * 6
    assert spring[1] - spring[0] == 23 * 3600
    assert autumn[1] - autumn[0] == 25 * 3600


def test_a_time_that_the_clocks_leave_out_is_moved_on_by_as_much() -> None:
    jump = ahead(of(Every.DAILY, "02:30"), unix("2026-03-28T12:00"), 2)

    assert [on_the_wall(at) for at in jump] == [
        "2026-03-29 03:30+02:00",
        "2026-03-30 02:30+02:00",
    ]


def test_a_time_that_comes_twice_is_due_once_and_the_first_time() -> None:
    twice = ahead(of(Every.DAILY, "02:30"), unix("2026-10-24T12:00"), 2)

    assert [on_the_wall(at) for at in twice] == [
        "2026-10-25 02:30+02:00",
        "2026-10-26 02:30+01:00",
    ]
    assert next_due(of(Every.DAILY, "02:30"), twice[0]) == twice[1]


def test_a_time_may_be_moved_on_into_the_next_day() -> None:
    late = of(Every.WEEKLY, "23:30", "America/Nuuk", days=frozenset({5}))

    saturday = next_due(late, unix("2024-03-31T01:10", "UTC"))

    assert on_the_wall(saturday, "America/Nuuk") == "2024-03-31 00:30-01:00"


def test_a_day_that_a_country_left_out_is_made_up_for_once() -> None:
    days = ahead(of(Every.DAILY, zone="Pacific/Apia"), unix("2011-12-29T00:00", "Pacific/Apia"))

    assert [on_the_wall(at, "Pacific/Apia")[:10] for at in days] == [
        "2011-12-29",
        "2011-12-31",
        "2012-01-01",
    ]


@pytest.mark.parametrize(
    ("day", "after", "days"),
    [
        (31, "2026-01-30", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        (31, "2028-01-31", ["2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31"]),
        (30, "2026-01-31", ["2026-02-28", "2026-03-30", "2026-04-30", "2026-05-30"]),
        (29, "2026-01-30", ["2026-02-28", "2026-03-29", "2026-04-29", "2026-05-29"]),
        (29, "2028-01-30", ["2028-02-29", "2028-03-29", "2028-04-29", "2028-05-29"]),
        (1, "2026-01-02", ["2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"]),
    ],
)
def test_where_a_month_is_too_short_its_last_day_counts(
    day: int, after: str, days: list[str]
) -> None:
    times = ahead(of(Every.MONTHLY, day=day), unix(f"{after}T12:00"), 4)

    assert [on_the_wall(at)[:10] for at in times] == days


def test_weekdays_leave_out_the_weekend() -> None:
    friday = unix("2026-11-20T08:00")

    times = ahead(of(Every.WEEKDAYS), friday, 3)

    assert [on_the_wall(at)[:10] for at in times] == ["2026-11-20", "2026-11-23", "2026-11-24"]


def test_weekly_is_on_the_days_that_were_chosen() -> None:
    times = ahead(of(Every.WEEKLY, days=frozenset({0, 3})), unix("2026-11-20T08:00"), 3)

    assert [on_the_wall(at)[:10] for at in times] == ["2026-11-23", "2026-11-26", "2026-11-30"]


def test_what_is_due_right_now_is_not_ahead_any_more() -> None:
    monday = unix("2026-11-23T09:00")

    assert next_due(of(Every.DAILY), monday - 1) == monday
    assert next_due(of(Every.DAILY), monday) == unix("2026-11-24T09:00")


def test_once_is_once_and_not_in_the_past() -> None:
    once = of(Every.ONCE, on=date(2028, 2, 29))

    assert ahead(once, unix("2026-01-01T00:00")) == [unix("2028-02-29T09:00")]
    assert next_due(once, unix("2028-02-29T09:00")) is None
    assert next_due(of(Every.ONCE), unix("2026-01-01T00:00")) is None


@pytest.mark.parametrize("every", Every)
def test_the_calendar_has_an_end_and_no_due_time_behind_it(every: Every) -> None:
    rule = of(every, "23:59", "America/New_York", days=frozenset({6}), day=31, on=date.max)

    assert ahead(rule, datetime(9999, 12, 31, 23, 59, 30, tzinfo=UTC).timestamp()) in (
        [],
        [datetime(9999, 12, 31, 23, 59, tzinfo=UTC).timestamp() + 5 * 3600],
    )
    assert next_due(rule, 1e18) is None
    assert next_due(rule, -1e18) is None


# Due times that have come


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-23T09:00", Due(unix("2026-11-23T09:00"), 0)),
        ("2026-11-24T08:59", Due(unix("2026-11-23T09:00"), 0)),
        ("2026-11-24T09:00", Due(unix("2026-11-24T09:00"), 1)),
        ("2026-11-30T12:00", Due(unix("2026-11-30T09:00"), 7)),
    ],
)
def test_the_newest_due_time_counts_and_those_before_it_were_missed(now: str, due: Due) -> None:
    assert due_by(of(Every.DAILY), unix("2026-11-23T09:00"), unix(now)) == due


def test_what_is_due_once_is_missed_by_nothing() -> None:
    once = of(Every.ONCE, on=date(2026, 11, 23))
    at = unix("2026-11-23T09:00")

    assert due_by(once, at, at + 10**8) == Due(at, 0)


@pytest.mark.parametrize(
    ("missed", "late", "what"),
    [
        (Missed.LATE, 0.0, Lateness.POST),
        (Missed.LATE, ON_TIME, Lateness.POST),
        (Missed.LATE, ON_TIME + 1, Lateness.POST_LATE),
        (Missed.LATE, LATEST, Lateness.POST_LATE),
        (Missed.LATE, LATEST + 1, Lateness.TOO_LATE),
        (Missed.SKIP, 0.0, Lateness.POST),
        (Missed.SKIP, ON_TIME, Lateness.POST),
        (Missed.SKIP, ON_TIME + 1, Lateness.SKIP),
        (Missed.SKIP, LATEST + 1, Lateness.SKIP),
    ],
)
def test_what_becomes_of_a_due_time_follows_its_rule(
    missed: Missed, late: float, what: Lateness
) -> None:
    assert when_due(missed, 1_750_000_000.0, 1_750_000_000.0 + late) is what


# Plans


def plan(recurrence: Recurrence | None = None, **changes: object) -> Plan:
    wished = {
        "what": What.POLL,
        "subject": "p1",
        "channel_id": "C0PLANNING",
        "recurrence": recurrence or of(Every.DAILY),
    }
    return Plan(**(wished | changes))  # type: ignore[arg-type]  # a test names what it is about


NOW = unix("2026-11-20T12:00")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (plan(of(Every.DAILY, zone="Europe/Atlantis")), "do not know your time zone"),
        (plan(of(Every.DAILY, zone="../../etc/passwd")), "do not know your time zone"),
        (plan(of(Every.DAILY, zone="/etc/localtime")), "do not know your time zone"),
        (plan(of(Every.DAILY, zone="Europe")), "do not know your time zone"),
        (plan(of(Every.DAILY, zone="UTC\0")), "do not know your time zone"),
        (plan(of(Every.DAILY, zone="")), "do not know your time zone"),
        (plan(of(Every.ONCE)), "It has no day"),
        (plan(of(Every.WEEKLY)), "at least one day"),
        (plan(of(Every.WEEKLY, days=frozenset({7}))), "no such day"),
        (plan(of(Every.MONTHLY, day=0)), "no such day"),
        (plan(of(Every.MONTHLY, day=32)), "no such day"),
        (plan(of(Every.ONCE, on=date(2026, 11, 20))), "in the past"),
        (plan(most=0), "from 1 to 1,000"),
        (plan(most=MOST_POSTS + 1), "from 1 to 1,000"),
        (plan(channel_id=""), "needs a channel"),
        (plan(what=What.TOP, subject=" "), "needs a project or a JQL query"),
        (plan(what=What.BALLOT, subject=""), "needs a project or a JQL query"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused_with_the_reason(wrong: Plan, why: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked_plan(wrong, NOW)

    assert why in sentence(refused.value)
    assert "Nothing was saved." in sentence(refused.value)


def test_a_plan_that_can_be_kept_stays_as_it_is() -> None:
    wished = plan(of(Every.ONCE, on=date(2026, 11, 21)), until_closed=True, most=MOST_POSTS)

    assert checked_plan(wished, NOW) == wished


@pytest.mark.parametrize("what", [What.ISSUE, What.TOP, What.BALLOT, What.ASK])
def test_only_a_poll_can_end_a_schedule_by_closing(what: What) -> None:
    assert not checked_plan(plan(what=what, until_closed=True), NOW).until_closed


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../../etc/passwd", ""])
def test_a_zone_that_is_not_known_any_more_has_no_due_times(zone: str) -> None:
    gone = of(Every.DAILY, zone=zone)

    assert next_due(gone, NOW) is None
    assert ahead(gone, NOW) == []
    assert due_by(gone, NOW - 60, NOW) == Due(NOW - 60, 0)
