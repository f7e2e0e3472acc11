"""Rules of voting: why Jira refused, and when to try again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.jira.issues import Issue
from pollbot.jira.rules import Wish
from pollbot.votes.rules import Refusal, why_refused
from pollbot.web.pace import pause_before_retry

ME, SOMEBODY = "acc-me", "acc-somebody"


def issue(
    *, voted: bool = False, resolution: str | None = None, reporter_id: str | None = SOMEBODY
) -> Issue:
    return Issue(
        key="PLAT-12",
        summary="Export",
        status="Open",
        type="Story",
        votes=3,
        voted=voted,
        resolution=resolution,
        reporter_id=reporter_id,
    )


RESOLVED, MINE = issue(resolution="Fixed"), issue(reporter_id=ME)
BOTH = issue(resolution="Fixed", reporter_id=ME)
REASONS = {
    "voting is off": (issue(), Wish.VOTE, False, Refusal.VOTING_OFF),
    "voting is off, whatever else": (BOTH, Wish.VOTE, False, Refusal.VOTING_OFF),
    "nothing to withdraw, but voting is off": (issue(), Wish.WITHDRAW, False, Refusal.VOTING_OFF),
    "resolved": (RESOLVED, Wish.VOTE, True, Refusal.RESOLVED),
    "resolved, when withdrawing": (RESOLVED, Wish.WITHDRAW, True, Refusal.RESOLVED),
    "resolved before own": (BOTH, Wish.VOTE, True, Refusal.RESOLVED),
    "own": (MINE, Wish.VOTE, True, Refusal.OWN_REPORT),
    "own, when withdrawing": (MINE, Wish.WITHDRAW, True, Refusal.OWN_REPORT),
    "no vote to withdraw": (issue(), Wish.WITHDRAW, True, Refusal.NOT_VOTED),
    "a vote to withdraw": (issue(voted=True), Wish.WITHDRAW, True, Refusal.UNEXPLAINED),
    "nothing in the fields": (issue(), Wish.VOTE, True, Refusal.UNEXPLAINED),
    "voted already": (issue(voted=True), Wish.VOTE, True, Refusal.UNEXPLAINED),
    "no reporter": (issue(reporter_id=None), Wish.VOTE, True, Refusal.UNEXPLAINED),
}


@pytest.mark.parametrize(("seen", "wish", "voting_on", "reason"), REASONS.values(), ids=REASONS)
def test_the_issues_own_fields_say_why_jira_refused(
    seen: Issue, wish: Wish, voting_on: bool, reason: Refusal
) -> None:
    assert why_refused(seen, wish, ME, voting_on=voting_on) is reason


attempts, jitters = st.integers(1, 10**6), st.floats(0.7, 1.3)


@given(attempts, jitters, st.floats(0.0, 7200.0))
def test_a_retry_comes_never_sooner_than_asked_for_and_never_much_later(
    attempts: int, jitter: float, asked_for: float
) -> None:
    pause = pause_before_retry(attempts, jitter, asked_for)

    assert asked_for <= pause <= max(30.0 * 1.3, asked_for)
    assert pause >= 2.0 * 0.7


@given(st.integers(1, 100), jitters)
def test_more_failures_never_mean_a_shorter_pause(attempts: int, jitter: float) -> None:
    assert pause_before_retry(attempts, jitter) <= pause_before_retry(attempts + 1, jitter)


def test_pauses_double_from_two_seconds_and_stop_at_thirty() -> None:
    assert [pause_before_retry(n, 1.0) for n in range(1, 8)] == [2, 4, 8, 16, 30, 30, 30]
