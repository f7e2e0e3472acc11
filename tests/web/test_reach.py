"""When a side is away, and when that is told: by what calls to it said, at whatever time."""

import asyncio
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.errors import (
    AccountRefused,
    InstallBroken,
    JiraBusy,
    JiraError,
    JiraUnavailable,
    NotFound,
    SlackBusy,
    SlackError,
    SlackUnavailable,
    SourceBusy,
    SourceUnavailable,
)
from pollbot.polls.sources.team_voice.refusals import PrivateAddress, TokenRefused
from pollbot.web.reach import STEADY, Reach

GONE = JiraUnavailable("ConnectError")


class World:
    """A side with a clock, and the lines about it."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG, logger="pollbot.web.reach")
        self._caplog = caplog
        self.now = 1_000.0
        self._hears = Reach(lambda: self.now).to("Jira")

    def call(self, failure: BaseException | None = None, *, seconds: float = 0.1) -> None:
        self.now += seconds
        self._hears("GET issue", failure, seconds)

    @property
    def told(self) -> list[str]:
        lines = [r.getMessage() for r in self._caplog.records]
        return [line for line in lines if " is away" in line or " is back" in line]

    def at(self, level: int) -> list[str]:
        return [r.getMessage() for r in self._caplog.records if r.levelno == level]


@pytest.fixture
def world(caplog: pytest.LogCaptureFixture) -> World:
    return World(caplog)


def test_thirty_calls_that_fail_are_two_lines_with_how_long_it_was_away(world: World) -> None:
    world.call()
    for _ in range(30):
        world.call(GONE, seconds=10)
    world.call(seconds=5)
    world.call()

    assert world.told == ["Jira is away: ConnectError", "Jira is back after 295 s"]
    assert world.at(logging.WARNING) == ["Jira is away: ConnectError"]
    assert world.at(logging.INFO) == ["Jira is back after 295 s"]
    assert len(world.at(logging.DEBUG)) == 33


@pytest.mark.parametrize(
    ("failure", "why", "level"),
    [
        (JiraUnavailable("HTTP 503"), "HTTP 503", logging.WARNING),
        (SlackUnavailable("TimeoutError", lost=True), "TimeoutError", logging.WARNING),
        (SourceUnavailable("not understood"), "not understood", logging.WARNING),
        (TokenRefused(), "TokenRefused", logging.ERROR),
        (PrivateAddress(), "PrivateAddress", logging.ERROR),
        (
            InstallBroken("token_revoked"),
            "Slack refuses the bot token (token_revoked)",
            logging.ERROR,
        ),
    ],
)
def test_what_counts_as_away(world: World, failure: Exception, why: str, level: int) -> None:
    world.call(failure)

    assert world.told == world.at(level) == [f"Jira is away: {why}"]


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (SlackError("invalid_blocks"), "no (invalid_blocks)"),
        (SlackBusy("ratelimited", 30.0), "no (ratelimited)"),
        (JiraBusy("jira-burst-based", 3.0), "no (429 jira-burst-based)"),
        (SourceBusy("HTTP 429"), "no (HTTP 429)"),
        (JiraError(400), "no (400)"),
        (NotFound(), "no (404)"),
        (AccountRefused(), "no (AccountRefused)"),
    ],
)
def test_who_says_no_or_asks_to_wait_is_there(world: World, failure: Exception, said: str) -> None:
    world.call(GONE)
    world.call(failure)

    assert world.told == ["Jira is away: ConnectError", "Jira is back after 0 s"]
    assert f"Jira: GET issue: {said} after 100 ms" in world.at(logging.INFO)


def test_what_was_given_up_here_says_nothing(world: World) -> None:
    world.call(asyncio.CancelledError())
    world.call(GONE)
    world.call(asyncio.CancelledError())

    assert world.told == ["Jira is away: ConnectError"]


def test_an_answer_to_what_was_asked_before_is_no_sign_that_it_is_back(world: World) -> None:
    world.call(GONE)
    world.call(seconds=0.05)
    assert len(world.told) == 2

    world.now += 2 * STEADY
    world.call(GONE)
    world.now -= 5.0  # as if both had been under way at the same time
    world.call(seconds=9.0)

    assert [line.partition(" ")[2].split()[1] for line in world.told] == [
        *("away:", "back", "away:"),
    ]


def test_what_fails_every_other_time_is_told_once_a_minute(world: World) -> None:
    for _ in range(600):
        world.call(GONE, seconds=0.5)
        world.call(seconds=0.5)

    assert 2 <= len(world.told) <= 2 * (1 + 600 / STEADY)


def test_what_is_away_again_right_after_it_was_back_is_told_once_that_lasts(world: World) -> None:
    world.call(GONE)
    world.call()
    for _ in range(int(STEADY) + 1):
        world.call(GONE, seconds=1.0)

    assert [line.split()[2] for line in world.told] == ["away:", "back", "away:"]


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["ok", "gone", "no"]), st.floats(0.0, 400.0)), max_size=60
    )
)
def test_away_and_back_alternate_and_the_last_word_is_true(
    steps: list[tuple[str, float]],
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        told: list[str] = []

        def keep(_: int, message: str, *said: Any) -> None:
            told.append(message % said)

        patch.setattr("pollbot.web.reach.log.log", keep)
        patch.setattr("pollbot.web.reach.log.info", lambda *said: keep(0, *said))
        now = 0.0
        reach = Reach(lambda: now)
        hears, lately = reach.to("Jira"), "ok"
        for lately, pause in steps:
            now += pause + 0.01
            hears("GET issue", {"ok": None, "gone": GONE, "no": JiraError(400)}[lately], 0.005)
        if lately == "gone":
            for _ in range(2):
                now += STEADY
                hears("GET issue", GONE, 0.005)

    said = [line.split()[2] for line in told if " is away" in line or " is back" in line]
    assert said == ["away:", "back"] * (len(said) // 2) + ["away:"] * (len(said) % 2)
    assert bool(len(said) % 2) is (lately == "gone")


@pytest.mark.parametrize(
    ("what", "level"),
    [
        ("POST issue/votes", logging.INFO),
        ("DELETE issue/votes", logging.INFO),
        ("PUT issue/comment", logging.INFO),
        ("GET issue", logging.DEBUG),
        ("POST search/jql", logging.DEBUG),
        ("POST search/approximate-count", logging.DEBUG),
        ("chat.update", logging.DEBUG),
    ],
)
def test_what_changes_something_is_worth_a_line(
    caplog: pytest.LogCaptureFixture, what: str, level: int
) -> None:
    caplog.set_level(logging.DEBUG)
    Reach(lambda: 0.0).to("Jira")(what, None, 0.25)

    assert [(r.levelno, r.getMessage()) for r in caplog.records] == [
        (level, f"Jira: {what}: ok after 250 ms")
    ]
