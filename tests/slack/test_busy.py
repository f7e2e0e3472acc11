"""Who has to wait where Slack asked for it, and until when."""

from contextlib import ExitStack, suppress

import pytest

from pollbot.errors import NotYet, SlackBusy, SlackError, SlackUnavailable
from pollbot.slack.busy import Busy

HERE, THERE, URL, EPHEMERAL = "T1", "T2", "response_url", "chat.postEphemeral"


class Told:
    """The time, as it is told."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Told:
    return Told()


@pytest.fixture
def busy(clock: Told) -> Busy:
    return Busy(clock)


def goes(busy: Busy, team_id: str = HERE, way: str = URL, end: Exception | None = None) -> bool:
    """Return whether Slack may be asked, which ends like this."""
    asked = False
    with suppress(SlackError, SlackUnavailable), busy.going(team_id, way):
        asked = True
        if end is not None:
            raise end
    return asked


def test_only_what_goes_the_same_way_in_the_same_workspace_waits(busy: Busy) -> None:
    assert goes(busy, end=SlackBusy("slow down", 30.0))

    with pytest.raises(NotYet) as waits, busy.going(HERE, URL):
        pass
    assert (waits.value.until, waits.value.retry_after) == (1_000_030.0, 30.0)
    assert goes(busy, team_id=THERE)
    assert goes(busy, way=EPHEMERAL)
    assert busy.teams(URL) == {HERE: 1_000_030.0}
    assert busy.teams(EPHEMERAL) == {}


def test_what_hangs_after_a_pause_holds_up_the_others_for_a_moment_only(
    busy: Busy, clock: Told
) -> None:
    goes(busy, end=SlackBusy("slow down", 30.0))
    clock.now += 30

    with ExitStack() as hanging:
        hanging.enter_context(busy.going(HERE, URL))
        assert not goes(busy)
        clock.now += 0.5
        for _ in range(20):
            hanging.enter_context(busy.going(HERE, URL))
        assert goes(busy)


@pytest.mark.parametrize(
    ("end", "others"),
    [
        pytest.param(None, True, id="taken"),
        pytest.param(SlackError("expired_url"), True, id="refused"),
        pytest.param(SlackBusy("slow down", 7.0), False, id="busy again"),
        pytest.param(SlackUnavailable("no answer"), False, id="lost"),
    ],
)
def test_after_a_pause_one_goes_first_and_the_others_once_it_was_taken(
    busy: Busy, clock: Told, end: Exception | None, others: bool
) -> None:
    goes(busy, end=SlackBusy("slow down", 30.0))
    clock.now += 29.9
    assert not goes(busy)
    clock.now += 0.1
    with suppress(SlackError, SlackUnavailable), busy.going(HERE, URL):
        assert not goes(busy), "the first one is still under way"
        if end is not None:
            raise end

    assert goes(busy) is others
    clock.now += 7.0
    assert goes(busy)


def test_whoever_hangs_after_a_pause_holds_up_the_others_for_half_a_second(
    busy: Busy, clock: Told
) -> None:
    goes(busy, end=SlackBusy("slow down"))
    clock.now += 1.0
    with busy.going(HERE, URL):
        clock.now += 0.5
        assert goes(busy)


def test_what_was_under_way_when_slack_began_to_ask_ends_no_pause(busy: Busy) -> None:
    with busy.going(HERE, URL):
        goes(busy, end=SlackBusy("slow down", 30.0))
    assert not goes(busy)


def test_a_shorter_pause_ends_no_longer_one(busy: Busy, clock: Told) -> None:
    with suppress(SlackBusy), busy.going(HERE, URL):
        goes(busy, end=SlackBusy("slow down", 30.0))
        raise SlackBusy("slow down", 1.0)
    clock.now += 29.0
    assert not goes(busy)


def test_a_clock_that_is_set_back_makes_nobody_wait_for_longer_than_two_minutes(
    busy: Busy, clock: Told
) -> None:
    goes(busy, end=SlackBusy("slow down", 30.0))
    clock.now -= 1_000.0
    assert not goes(busy)
    clock.now += 120.0
    assert goes(busy)
