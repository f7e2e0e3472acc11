"""Promises about schedules: never early, never twice, and what may be missing was told."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from pollbot.schedules.rules import ON_TIME
from tests.sim.people import Planned, that_it_posted
from tests.sim.seen import posts, words_of
from tests.sim.world import BEGIN, Workspace

_RUNS_WITHIN = 60.0
"""Seconds in which whatever *Run now* has begun has posted, or failed."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What one post may be for: a due time, or a press of *Run now*, by the times it may come at.

    ``missing`` says what is wrong if there is none; it is empty where there need not be one.
    """

    since: float
    until: float
    missing: str = ""


def posted_once(place: Workspace, plans: list[Planned]) -> None:
    """Look whether each post of a schedule has a reason of its own, and what had to come came."""
    for planned in plans:
        times = [
            float(post.message.ts)
            for post in posts(place)
            if post.is_scheduled and f"daily at {planned.at}" in post.blocks
        ]
        reasons = [*_due(place, planned), *_pressed(place, planned)]
        explained = explain(times, reasons)
        early = [at for at in times if not any(one.since <= at for one in reasons)]
        if early:
            place.breaks(f"The schedule of {planned.at} posted before it was due.")
        elif len(explained) < len(times):
            place.breaks(
                f"The schedule of {planned.at} posted {len(times)} times, and was to post for "
                f"{len(reasons)} due times and presses at the most, each once.",
                "doubled",
            )
        needed = [one for one in reasons if one.missing]
        served = explain(times, needed).values()
        for one in needed:
            if one not in served:
                place.breaks(one.missing)


def explain(times: Sequence[float], reasons: Sequence[Reason]) -> dict[int, Reason]:
    """Return a reason for as many posts as can have one each, by the place of the post."""
    post_for: dict[int, int] = {}

    def finds_one(post: int, tried: set[int]) -> bool:
        for at, reason in enumerate(reasons):
            if at not in tried and reason.since <= times[post] < reason.until:
                tried.add(at)
                if at not in post_for or finds_one(post_for[at], tried):
                    post_for[at] = post
                    return True
        return False

    for post in range(len(times)):
        finds_one(post, set())
    return {post: reasons[at] for at, post in post_for.items()}


def _due(place: Workspace, planned: Planned) -> Iterator[Reason]:
    times = [*_due_times(place, planned), math.inf]
    for due, next_due in pairwise(times):
        is_last = next_due == math.inf
        missing = f"The post of {planned.at} never came, and its owner was not told."
        is_needed = is_last and _is_missing(place, planned, due)
        yield Reason(due, next_due, missing if is_needed else "")


def _pressed(place: Workspace, planned: Planned) -> Iterator[Reason]:
    for ran in planned.runs:
        since = BEGIN + ran.sent_at
        until = math.inf if place.comes_late else since + _RUNS_WITHIN
        missing = f"Run now of {planned.at} told at {ran.sent_at:.1f} s that it posted: it did not."
        yield Reason(since, until, missing if that_it_posted(place, ran) else "")


def _due_times(place: Workspace, planned: Planned) -> Iterator[float]:
    """Yield when it was due until now; there may be one more, before it was saved."""
    hour, minute = map(int, planned.at.split(":"))
    sent = datetime.fromtimestamp(BEGIN + planned.sent_at, ZoneInfo(planned.zone))
    due = sent.replace(hour=hour, minute=minute, second=0, microsecond=0)
    while due.timestamp() <= place.clock():
        if due > sent:
            yield due.timestamp()
        due += timedelta(days=1)


def _is_missing(place: Workspace, planned: Planned, due: float) -> bool:
    """Return whether the post ought to be there, or its owner ought to have been told."""
    if planned.acked_at is None or planned.touched_at is not None:
        return False
    if due <= BEGIN + planned.acked_at:
        return False
    if planned.skips and any(BEGIN + at > due + ON_TIME for at in place.ups):
        # What a storm kept from being posted is left out after a night.
        return False
    return not any(
        "may be in its channel or not" in message.text and planned.at in words_of(message)
        for message in place.slack.messages
    )
