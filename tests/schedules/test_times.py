"""Whatever the clock does and however often pollbot is started: each due time at most once."""

import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pollbot.sandbox.clock import Clock
from pollbot.sandbox.jira import JiraStandIn
from pollbot.sandbox.slack import Message, SlackStandIn
from pollbot.schedules.rules import Missed
from pollbot.text.recurrence import Every, Recurrence
from tests.schedules.test_rules import ZONES, counted
from tests.support.house import ADA, PLANNING, House, rest
from tests.support.own_time import run
from tests.support.schedules import lunch, next_at, schedule
from tests.support.torture import tries

FIRST = datetime(2024, 1, 1, tzinfo=UTC).timestamp()
LAST = datetime(2034, 1, 1, tzinfo=UTC).timestamp()
ON_TIME, DAY = 600.0, 86400.0


class Standing(Clock):
    """A clock that stands still until it is set, forth or back."""

    def __init__(self, now: float) -> None:
        super().__init__()
        self.now = now

    def __call__(self) -> float:
        return self.now

    def steady(self) -> float:
        return self.now

    def set(self, now: float) -> None:
        self.now = now
        for listener in self.on_move:
            listener()


@dataclass(frozen=True)
class Step:
    """Time passes until so long after the next due time, or so many seconds from now.

    ``away``: pollbot is not running meanwhile.
    """

    away: bool
    after_due: float | None
    seconds: float = 0.0


recurrences = st.builds(
    Recurrence,
    every=st.sampled_from(Every),
    at=st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    zone=st.sampled_from(ZONES),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    day=st.integers(1, 31),
)
after_due = st.one_of(
    st.sampled_from([-1.0, 0.0, ON_TIME, ON_TIME + 1, DAY, DAY + 1]),
    st.floats(0, ON_TIME),
    st.floats(ON_TIME, 40 * DAY),
)
steps = st.lists(
    st.one_of(
        st.builds(Step, st.booleans(), after_due),
        st.builds(Step, st.booleans(), st.none(), st.floats(-20 * DAY, 20 * DAY)),
    ),
    min_size=1,
    max_size=5,
)


@dataclass
class Expected:
    """What should have happened so far, by another library's calendar.

    ``posts`` are the due times that were posted; ``late`` tells of each late post how many
    due times before it were left out.
    """

    recurrence: Recurrence
    missed: Missed
    next_at: float | None
    posts: list[float] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    claimed: set[float] = field(default_factory=set)

    def start_at(self, now: float) -> None:
        """Wait for no longer than the recurrence says, wherever the clock was before."""
        two = list(counted(self.recurrence, now, 2))
        if self.next_at is not None and len(two) == 2 and two[1] < self.next_at:
            self.next_at = two[0]

    def pass_to(self, now: float) -> None:
        if self.next_at is None or self.next_at > now:
            return
        newest, left_out = self.next_at, 0
        while (later := self._next(newest)) is not None and later <= now:
            newest, left_out = later, left_out + 1
        self.next_at = self._next(newest)
        if newest in self.claimed or (self.missed is Missed.SKIP and now - newest > ON_TIME):
            return
        self.claimed.add(newest)
        if now - newest <= DAY:
            self.posts.append(newest)
        if ON_TIME < now - newest <= DAY:
            self.late.append(left_out)

    def _next(self, after: float) -> float | None:
        return next(iter(counted(self.recurrence, after, 1)), None)


DAILY = Recurrence(Every.DAILY, time(9), "Europe/Berlin")


@pytest.mark.timeout(300)
@example(DAILY, Missed.LATE, int(FIRST), [Step(False, -1.0), Step(True, 0.0)])
@example(DAILY, Missed.SKIP, int(FIRST), [Step(True, 7200.0), Step(False, 0.0)])
@example(DAILY, Missed.LATE, int(FIRST), [Step(True, 3 * DAY + 7200), Step(True, None, -DAY)])
@given(recurrences, st.sampled_from(Missed), st.integers(int(FIRST), int(LAST)), steps)
@settings(max_examples=tries(8, 200), suppress_health_check=[HealthCheck.too_slow])
def test_each_due_time_is_posted_at_most_once_never_early_and_late_by_its_rule(
    recurrence: Recurrence, missed: Missed, start: int, steps: list[Step]
) -> None:
    run(_live_through(recurrence, missed, float(start), steps))


async def _live_through(
    recurrence: Recurrence, missed: Missed, start: float, steps: list[Step]
) -> None:
    clock = Standing(start)
    if recurrence.every is Every.ONCE:
        here = datetime.fromtimestamp(start, ZoneInfo(recurrence.zone)).date()
        recurrence = replace(recurrence, on=here + timedelta(days=recurrence.day))
    async with _house(clock, recurrence.zone) as house, AsyncExitStack() as running:
        pollbot = await running.enter_async_context(house.program())
        answer = await schedule(house, await lunch(house), **_fields(recurrence, missed))
        # Where the answer could not wait for it, the schedule is kept a little later.
        await house.slack.until(
            lambda: house.rows("SELECT 1 FROM schedules"), what=f"a schedule, after {answer}"
        )
        expected = Expected(recurrence, missed, await next_at(house, channel=PLANNING))
        assert expected.next_at == next(iter(counted(recurrence, start, 1)))

        for step in steps:
            now = clock() + step.seconds
            if step.after_due is not None and expected.next_at is not None:
                now = expected.next_at + step.after_due
            if step.away:
                await running.aclose()
            clock.set(now)
            expected.pass_to(now)
            if step.away:
                expected.start_at(now)
                pollbot = await running.enter_async_context(house.program())
            await rest(house, pollbot)

            posts = [m for m in house.slack.messages if "Scheduled by" in str(m.blocks)]
            assert len(posts) == len(expected.posts)
            late = [m for m in posts if "Posted late" in str(m.blocks)]
            assert [_left_out(m) for m in late] == expected.late
            assert await next_at(house, channel=PLANNING) == expected.next_at
            sent = [call.at for call in house.slack.calls if "Scheduled by" in str(call.args)]
            assert all(due <= at for due, at in zip(expected.posts, sent, strict=True))


@asynccontextmanager
async def _house(clock: Clock, zone: str) -> AsyncIterator[House]:
    slack, jira = SlackStandIn(now=clock), JiraStandIn(now=clock)
    slack.add_person(ADA, "Ada", tz=zone)
    slack.add_channel(PLANNING, "planning")
    await slack.start()
    await jira.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield House(slack, jira, Path(folder) / "pollbot.db", clock)
    finally:
        await slack.stop()
        await jira.stop()


def _fields(recurrence: Recurrence, missed: Missed) -> dict[str, Any]:
    """Return what is filled into the form."""
    fields: dict[str, Any] = {
        "every": recurrence.every.value,
        "at": f"{recurrence.at:%H:%M}",
        "missed": missed.value,
    }
    match recurrence.every:
        case Every.WEEKLY:
            fields["days"] = [str(day) for day in sorted(recurrence.days)]
        case Every.MONTHLY:
            fields["day"] = str(recurrence.day)
        case Every.ONCE:
            assert recurrence.on is not None
            fields["on"] = recurrence.on.isoformat()
    return fields


def _left_out(post: Message) -> int:
    said = re.search(r"(\d+) earlier posts?", str(post.blocks))
    return int(said[1]) if said else 0
