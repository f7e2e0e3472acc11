"""Whose turn it is to post: never faster than Slack takes messages, and no slower."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.slack.post_pace import PER_CHANNEL, PER_WORKSPACE, PostPace

TEAM, OTHER = "T0ONE", "T0OTHER"
NOW = 1_700_000_000.0


def posted(
    pace: PostPace, channels: list[str], now: float = NOW, *, takes: float = 0.0
) -> list[tuple[float, str]]:
    """Return when each message went, of a crowd that comes at once and again when it is told to.

    Slack's answer ``takes`` so many seconds, while which others come.
    """
    waiting = [(now, place, channel) for place, channel in enumerate(channels)]
    under_way: list[tuple[float, str]] = []
    went = []
    while waiting:
        waiting.sort()
        if under_way and under_way[0][0] <= waiting[0][0]:
            answered, channel = under_way.pop(0)
            pace.end(TEAM, channel, answered)
            continue
        at, place, channel = waiting.pop(0)
        again = pace.wait(TEAM, channel, at)
        if again is None:
            pace.begin(TEAM, channel, at)
            under_way.append((at + takes, channel))
            went.append((at, channel))
        else:
            assert again > at
            waiting.append((again, place, channel))
    for answered, channel in under_way:
        pace.end(TEAM, channel, answered)
    return went


def too_many(moments: list[float], window: tuple[int, float]) -> bool:
    """Return whether any window holds more than are allowed."""
    n, seconds = window
    return any(later < first + seconds for first, later in zip(moments, moments[n:], strict=False))


@given(st.lists(st.integers(0, 12), max_size=80))
def test_no_channel_and_no_workspace_gets_more_than_it_takes(channels: list[int]) -> None:
    went = posted(PostPace(), [f"C{one}" for one in channels])

    assert len(went) == len(channels)
    for one in set(channels):
        assert not too_many([at for at, channel in went if channel == f"C{one}"], PER_CHANNEL)
    most = max((channels.count(one) for one in channels), default=1)
    assert max((at for at, _ in went), default=NOW) == NOW + most - 1, "and no later than need be"


@pytest.mark.parametrize("count", [600, 601, 1000, 1999])
def test_a_crowd_takes_as_long_as_the_workspace_needs_and_comes_one_after_the_other(
    count: int,
) -> None:
    pace, asked = PostPace(), 0
    wait = pace.wait

    def counted(team_id: str, channel_id: str, now: float, ahead: int = 0) -> float | None:
        nonlocal asked
        asked += 1
        return wait(team_id, channel_id, now, ahead)

    pace.wait = counted  # type: ignore[method-assign]  # to count how often they come

    went = posted(pace, [f"C{one}" for one in range(count)])

    n, seconds = PER_WORKSPACE
    assert went[-1][0] == NOW + (count - 1) // n * seconds
    assert not too_many([at for at, _ in went], PER_WORKSPACE)
    assert asked <= 2 * count + n, "nobody comes in vain again and again"


def test_a_message_counts_from_when_its_answer_is_here() -> None:
    pace = PostPace()
    pace.begin(TEAM, "C1", NOW)
    assert pace.wait(TEAM, "C1", NOW + 2) is not None, "it is still under way"

    pace.end(TEAM, "C1", NOW + 3)

    assert pace.wait(TEAM, "C1", NOW + 3.5) == NOW + 4
    assert pace.wait(TEAM, "C1", NOW + 4) is None


@pytest.mark.parametrize("takes", [0.02, 0.1, 0.3, 2.0])
def test_a_slow_answer_puts_nobody_back_to_the_end_of_the_line(takes: float) -> None:
    went = [at for at, _ in posted(PostPace(), ["C1"] * 20, takes=takes)]

    assert not too_many(went, PER_CHANNEL)
    assert went[-1] <= NOW + 19 * (1 + takes) + max(1.0, takes)


def test_a_429_holds_back_its_channel_and_those_of_three_their_workspace() -> None:
    pace = PostPace()
    for place, channel in enumerate(("C1", "C2")):
        pace.too_busy(TEAM, channel, NOW + 30 + place, NOW)
    assert pace.wait(TEAM, "C1", NOW) == NOW + 30
    assert pace.wait(TEAM, "C9", NOW) is None

    pace.too_busy(TEAM, "C3", NOW + 40, NOW)

    assert pace.wait(TEAM, "C9", NOW) == NOW + 30
    assert pace.wait(OTHER, "C9", NOW) is None
    assert pace.wait(TEAM, "C9", NOW + 30) is None
    assert pace.wait(TEAM, "C3", NOW + 30) == NOW + 40


def test_what_holds_nobody_back_is_forgotten() -> None:
    pace = PostPace()
    posted(pace, [f"C{one}" for one in range(700)])
    pace.too_busy(TEAM, "C1", NOW + 300, NOW + 60)

    pace.tidy(NOW + 121)
    assert (len(pace._channels), len(pace._teams)) == (1, 0)
    pace.tidy(NOW + 300)
    assert not pace._channels
