"""Promises about schedules: never early, never twice, and what may be missing was told."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pollbot.schedules.rules import ON_TIME
from tests.sim.people import Planned
from tests.sim.seen import posts, words_of
from tests.sim.world import BEGIN, Workspace


def posted_once(place: Workspace, plans: list[Planned]) -> None:
    """Look at the posts of each schedule."""
    for planned in plans:
        due = list(_due_times(place, planned))
        served: Counter[float] = Counter()
        for post in posts(place):
            if not post.is_scheduled or f"daily at {planned.at}" not in post.blocks:
                continue
            before = [moment for moment in due if moment <= float(post.message.ts)]
            if before:
                served[before[-1]] += 1
            else:
                place.breaks(f"The schedule of {planned.at} posted before it was due.")
        if any(count > 1 for count in served.values()):
            place.breaks(f"The schedule of {planned.at} posted twice for one due time.", "doubled")
        if due and not served[due[-1]] and _is_missing(place, planned, due[-1]):
            place.breaks(f"The post of {planned.at} never came, and its owner was not told.")


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
