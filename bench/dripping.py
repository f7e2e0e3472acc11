"""A Jira that drips beside polls that have nothing to do with it: what they wait for it.

It answers with a byte now and then and never ends. Meanwhile 16 people vote, ask for cards, and
have schedules of issues that are due. The same is done beside a Jira that answers.
"""

import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.crowd import NotAcknowledged
from bench.due import made_due
from bench.plain_polls import POSTED, home_of
from bench.programs import Program

_AHEAD = 8.0
_ISSUES_BEFORE = 3.0
_BETWEEN = 0.5
_AFTER = 2.0
_LONGEST = 30.0


@dataclass(frozen=True, slots=True)
class Beside:
    """Seconds from each press to the update of its card, and from each due time to its post."""

    answers: list[float]
    posts: list[float]
    stuck: int
    """How many calls of Jira hung, at the least, while people pressed."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The same beside a Jira that answers and beside one that drips."""

    answering: Beside
    dripping: Beside

    @property
    def answers(self) -> float:
        return _ratio(self.dripping.answers, self.answering.answers)

    @property
    def posts(self) -> float:
        return _ratio(self.dripping.posts, self.answering.posts)


def make_due(folder: Path) -> float:
    """Have the plain polls' schedules be due one after the other; return when the first is."""
    due = time.time() + _AHEAD
    made_due(folder, _due_times(due), due - _ISSUES_BEFORE)
    return due


def beside_jira(program: Program, base_url: str, due: float, *, drips: bool) -> Beside:
    """Measure presses and posts on a running program, while much is wanted of Jira.

    Raises NotAcknowledged if a post does not come.
    """
    asked = {"events_url": f"http://127.0.0.1:{program.port}/slack/events", "drips": drips}
    try:
        _post(f"{base_url}/bench/beside", asked)
        pressed = _post(f"{base_url}/bench/presses", {})
        posts = _posts(base_url, due)
    finally:
        _post(f"{base_url}/bench/calm", {})
    return Beside(pressed["took"], posts, pressed["stuck"])


def _posts(base_url: str, due: float) -> list[float]:
    """Return how long after its due time each poll was posted."""
    at = _due_times(due)
    time.sleep(max(0.0, max(at.values()) + _AFTER - time.time()))
    while True:
        answer = httpx.get(f"{base_url}/bench/posts", params={"since": due}, timeout=_LONGEST)
        seen = {channel: came for channel, came in answer.json()["taken"] if channel in at}
        if len(seen) == len(at):
            return [seen[channel] - at[channel] for channel in at]
        if time.time() > max(at.values()) + _LONGEST:
            raise NotAcknowledged(f"Slack had {len(seen)} of {len(at)} posts of plain polls")
        time.sleep(0.5)


def _due_times(first: float) -> dict[str, float]:
    return {home_of(number): first + place * _BETWEEN for place, number in enumerate(POSTED)}


def _post(url: str, body: dict[str, object]) -> dict[str, Any]:
    answer = httpx.post(url, json=body, timeout=2 * _LONGEST)
    answer.raise_for_status()
    told: dict[str, Any] = answer.json()
    return told


def _ratio(ours: list[float], other: list[float]) -> float:
    return statistics.median(ours) / statistics.median(other)
