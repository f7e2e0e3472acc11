"""What ``make bench`` says of a goal, and when it fails."""

from math import inf

import pytest

from bench.goals import Bound, Goal, Verdict, exit_code, lines


@pytest.mark.parametrize(
    ("measured", "bound", "limit", "verdict"),
    [
        (0.8, "at least", 0.8, "met"),
        (0.79, "at least", 0.8, "not met"),
        (0.65, "at least", 0.8, "not met"),
        (0.63, "at least", 0.8, "far off"),
        (2.0, "at most", 2.0, "met"),
        (2.3, "at most", 2.0, "not met"),
        (2.5, "at most", 2.0, "far off"),
        (inf, "at most", 2.0, "far off"),
        (0, "at most", 0, "met"),
        (1, "at most", 0, "far off"),
    ],
)
def test_a_goal_is_far_off_beyond_a_fifth_of_its_limit(
    measured: float, bound: Bound, limit: float, verdict: Verdict
) -> None:
    goal = Goal("clicks", measured, bound, limit)

    assert goal.verdict == verdict
    assert exit_code([Goal("start", 1, "at most", 1), goal]) == (verdict == "far off")


def test_a_goal_stands_in_its_row_with_what_was_measured() -> None:
    rows = [
        Goal("card complete after", 0.482, "at most", 1, " s"),
        Goal("card complete after", inf, "at most", 1, " s"),
        Goal("answers lost", 0, "at most", 0, digits=0),
        Goal("answers, of the floor", 0.7, "at least", 0.8),
    ]

    assert [" ".join(line.split()) for line in lines(rows)] == [
        "measured goal",
        "card complete after 0.48 s <= 1 s met",
        "card complete after never <= 1 s far off",
        "answers lost 0 0 met",
        "answers, of the floor 0.70 >= 0.8 not met",
    ]
