"""The figures as people read them, beside their goals."""

import os
import platform
import statistics
from dataclasses import dataclass, field

from bench.clicks import ClicksMeasured
from bench.dripping import Pair
from bench.goals import Goal, lines
from bench.growth import Growth, growth_goals, growth_lines
from bench.one_issue import OneIssue
from bench.one_second import OneSecond
from bench.storms import Storm, storm_goals, storm_lines


@dataclass(slots=True)
class Measured:
    """All that the table is made of."""

    disk: str
    starts: list[float] = field(default_factory=list)
    idle: float = 0.0
    clicks: ClicksMeasured | None = None
    storms: list[Storm] = field(default_factory=list)
    dripping: list[Pair] = field(default_factory=list)
    one_second: OneSecond | None = None
    one_issue: OneIssue | None = None
    growth: Growth | None = None
    heard: dict[str, int] = field(default_factory=dict)


def goals(measured: Measured) -> list[Goal]:
    """Return every goal with what was measured of it."""
    return [
        Goal("start to /healthz", statistics.median(measured.starts), "at most", 1.5, " s"),
        Goal("memory when idle", measured.idle, "at most", 100, " MB", digits=0),
        *([] if measured.clicks is None else measured.clicks.goals()),
        *([] if measured.growth is None else growth_goals(measured.growth)),
        *storm_goals(measured.storms),
        *_dripping(measured.dripping),
        *_one_second(measured.one_second),
        *_one_issue(measured.one_issue),
    ]


def machine(disk: str) -> str:
    """Return what it is measured on."""
    return (
        f"pollbot, measured on {os.cpu_count()} cores ({platform.machine()}, "
        f"{platform.system()}), Python {platform.python_version()}\ndatabase on {disk}"
    )


def table(measured: Measured) -> str:
    """Return all figures, and whether each goal is met."""
    return "\n".join(
        [
            machine(measured.disk),
            "",
            *lines(goals(measured)),
            "",
            *([] if measured.clicks is None else measured.clicks.lines()),
            f"starts: {min(measured.starts):.2f} to {max(measured.starts):.2f} s",
            *storm_lines(measured.storms),
            *(
                f"beside Jira, {number}: {pair_in_words(pair)}"
                for number, pair in enumerate(measured.dripping, 1)
            ),
            *_in_one_second(measured.one_second),
            *([] if measured.growth is None else growth_lines(measured.growth)),
            f"meanwhile: {_meanwhile(measured.heard)}",
        ]
    )


def pair_in_words(one: Pair) -> str:
    """Return what plain polls waited for beside a Jira that answers, and beside one that drips."""
    return (
        f"an answer was on its card after {_beside(one.answering.answers)}, beside a Jira that "
        f"drips {_beside(one.dripping.answers)}; posts came {_beside(one.answering.posts)} late, "
        f"beside it {_beside(one.dripping.posts)}; {one.dripping.stuck} calls or more hung"
    )


def _beside(seconds: list[float]) -> str:
    middle, worst = statistics.median(seconds) * 1000, max(seconds) * 1000
    return f"{middle:.0f} ms (at worst {worst:.0f})"


def _dripping(pairs: list[Pair]) -> list[Goal]:
    if not pairs:
        return []
    answers = statistics.median(pair.answers for pair in pairs)
    posts = statistics.median(pair.posts for pair in pairs)
    return [
        Goal("beside Jira: dripping / not, card", answers, "at most", 1.5),
        Goal("beside Jira: dripping / not, post", posts, "at most", 1.5),
    ]


def _one_second(one: OneSecond | None) -> list[Goal]:
    if one is None:
        return []
    wrong = one.lost + one.doubled
    return [
        Goal("1,000 schedules at once, of 60 s", one.ratio, "at most", 1.1, digits=3),
        Goal("posts lost or doubled of these", wrong, "at most", 0, digits=0),
    ]


def _in_one_second(one: OneSecond | None) -> list[str]:
    if one is None:
        return []
    return [
        f"1,000 schedules at once: the 600th post came {one.first_minute:.2f} s after the due "
        f"second, the last {one.seconds:.2f} s; {one.lost} lost, {one.doubled} doubled, "
        f"{one.too_many} answers of 429, {one.auth_tests} calls of auth.test"
    ]


def _one_issue(one: OneIssue | None) -> list[Goal]:
    if one is None:
        return []
    return [
        Goal("500 votes on one issue, of 128 s", one.ratio, "at most", 1.15, digits=3),
        Goal("answers of 429 meanwhile", one.too_many, "at most", 0, digits=0),
    ]


def _meanwhile(heard: dict[str, int]) -> str:
    return ", ".join(f"{count:,} x {what}" for what, count in sorted(heard.items()))
