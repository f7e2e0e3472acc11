"""Pace: never faster than somebody else's server allows, and never stuck."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.slack.post_pace import PostPace
from pollbot.web.pace import Pace, redraw_pause

windows = st.lists(st.tuples(st.integers(1, 8), st.floats(0.1, 30.0)), min_size=1, max_size=3)
waits = st.lists(st.floats(0.0, 20.0), max_size=60)


def started(pace: Pace, waits: list[float], now: float = 1_700_000_000.0) -> list[float]:
    """Return when the starts happened of somebody who waits as told, and then a little more."""
    starts = []
    for wait in waits:
        now = pace.ready_at(now + wait)
        pace.start(now)
        starts.append(now)
    return starts


@given(windows, waits)
def test_no_window_ever_holds_more_starts_than_allowed(
    windows: list[tuple[int, float]], waits: list[float]
) -> None:
    starts = started(Pace(*windows), waits)

    for n, seconds in windows:
        for first, one_too_many in zip(starts, starts[n:], strict=False):
            assert one_too_many >= first + seconds


@given(windows, waits, st.floats(0.0, 100.0))
def test_whoever_waits_until_told_may_start(
    windows: list[tuple[int, float]], waits: list[float], later: float
) -> None:
    pace = Pace(*windows)
    now = started(pace, [0.0, *waits])[-1]

    ready = pace.ready_at(now + later)

    assert now + later <= ready <= now + later + max(seconds for _, seconds in windows)
    assert pace.ready_at(ready) == ready


@dataclass
class Counting:
    """Somebody else's server: it counts what arrives, by a clock and in windows of its own."""

    n: int
    seconds: float
    ahead: float

    def holds(self, arrivals: list[float]) -> bool:
        """Return whether neither a sliding nor a fixed window of its own ever held too many."""
        seen = sorted(at + self.ahead for at in arrivals)
        slides = all(
            last - first >= self.seconds for first, last in zip(seen, seen[self.n :], strict=False)
        )
        fixed = Counter(int(at // self.seconds) for at in seen)
        return slides and all(count <= self.n for count in fixed.values())


@given(
    windows,
    st.lists(st.tuples(st.floats(0.01, 1.0), st.floats(0.1, 0.9)), max_size=60),
    st.integers(1, 12),
    st.floats(-1e5, 1e5),
)
def test_wherever_in_its_time_a_call_arrives_no_window_of_any_clock_holds_too_many(
    windows: list[tuple[int, float]], calls: list[tuple[float, float]], at_once: int, ahead: float
) -> None:
    pace, now, arrivals = Pace(*windows), 0.0, []
    under_way: list[float] = []

    def answer() -> float:
        ended = under_way.pop(0)
        pace.end(ended)
        return ended

    for took, arrived in calls:
        while under_way and (len(under_way) >= at_once or pace.ready_at(now) > now):
            now = max(now, answer())
        now = pace.ready_at(now)
        pace.begin()
        arrivals.append(now + took * arrived)
        under_way = sorted([*under_way, now + took])

    assert all(Counting(n, seconds, ahead).holds(arrivals) for n, seconds in windows)


Wait = Callable[[float], float]
"""The moment at which one may go on, by a clock that says so much."""


def after_calls(ahead: float) -> Wait:
    pace = Pace((2, 30.0))
    for _ in range(2):
        pace.start(ahead)
    return pace.ready_at


def after_a_pause(ahead: float) -> Wait:
    pace = Pace((2, 30.0))
    pace.pause_until(ahead + 3600.0)
    return pace.ready_at


def posts(pace: PostPace, channel: str) -> Wait:
    return lambda now: pace.wait("T1", channel, now) or now


def after_a_post(ahead: float) -> Wait:
    pace = PostPace()
    pace.begin("T1", "C1", ahead)
    pace.end("T1", "C1", ahead)
    return posts(pace, "C1")


def after_many_posts(ahead: float) -> Wait:
    pace = PostPace()
    for n in range(600):
        pace.begin("T1", f"C{n}", ahead)
        pace.end("T1", f"C{n}", ahead)
    return posts(pace, "other")


def in_a_crowd(ahead: float) -> Wait:
    pace = PostPace()
    pace.begin("T1", "C1", ahead)
    pace.end("T1", "C1", ahead)
    for _ in range(500):
        pace.wait("T1", "C1", ahead)
    return posts(pace, "C1")


def in_a_busy_channel(ahead: float) -> Wait:
    pace = PostPace()
    pace.too_busy("T1", "C1", ahead + 120.0, ahead)
    return posts(pace, "C1")


def in_a_busy_workspace(ahead: float) -> Wait:
    pace = PostPace()
    for n in range(3):
        pace.too_busy("T1", f"C{n}", ahead + 120.0, ahead)
    return posts(pace, "other")


@pytest.mark.parametrize("back", [1.0, 100.0, 3600.0, 86_400.0, 91 * 86_400.0])
@pytest.mark.parametrize(
    ("kept", "longest"),
    [
        (after_calls, 30.0),
        (after_a_pause, 3600.0),
        (after_a_post, 1.0),
        (after_many_posts, 60.0),
        (in_a_crowd, 1.0),
        (in_a_busy_channel, 120.0),
        (in_a_busy_workspace, 120.0),
    ],
)
def test_after_a_clock_is_set_back_nothing_waits_longer_than_its_own_longest_pause(
    kept: Callable[[float], Wait], longest: float, back: float
) -> None:
    now = 1_700_000_000.0
    ready_at = kept(now + back)

    # Nor is forgotten what the other side asked for.
    assert ready_at(now) - now == longest


def test_the_limits_of_one_jira_issue_are_used_to_the_full() -> None:
    pace = Pace((20, 2.0), (100, 30.0))

    starts = started(pace, [0.0] * 201, now=0.0)

    assert starts[:20] == [0.0] * 20
    assert starts[20] == 2.0
    assert starts[100] == 30.0
    assert starts[200] == 60.0


def test_a_pause_holds_back_every_start_and_a_shorter_one_does_not_shorten_it() -> None:
    pace = Pace((5, 1.0))

    pace.pause_until(100.0)
    pace.pause_until(50.0)

    assert pace.ready_at(10.0) == 100.0
    assert pace.ready_at(101.0) == 101.0


@given(windows, waits, st.floats(0.0, 60.0), st.floats(0.0, 60.0), waits)
def test_a_pace_that_is_idle_can_be_forgotten(
    windows: list[tuple[int, float]],
    waits: list[float],
    pause: float,
    later: float,
    more: list[float],
) -> None:
    old = Pace(*windows)
    now = started(old, [0.0, *waits])[-1]
    old.pause_until(now + pause)
    then = now + later

    if old.idle_at(then):
        assert started(old, more, then) == started(Pace(*windows), more, then)
    else:
        assert then < max(now + pause, now + max(seconds for _, seconds in windows))


def test_a_fresh_pace_is_idle() -> None:
    assert Pace((1, 1.0)).idle_at(0.0)


@pytest.mark.parametrize(("storm", "pause"), [(0.0, 0.75), (9.9, 0.75), (10.0, 3.0), (3600.0, 3.0)])
def test_a_card_is_drawn_within_a_second_and_every_three_once_a_storm_lasts(
    storm: float, pause: float
) -> None:
    assert redraw_pause(storm) == pause


@given(st.lists(st.floats(0.0, 1e6), min_size=2).map(sorted))
def test_a_longer_storm_never_means_more_drawings(storms: list[float]) -> None:
    pauses = [redraw_pause(storm) for storm in storms]

    assert all(earlier <= later for earlier, later in pairwise(pauses))
