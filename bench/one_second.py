"""1,000 schedules due in one second, in as many channels: how near the shortest time they come.

Slack takes about one message a second in a channel, and several hundred a minute in a workspace
(docs.slack.dev, "Rate limits"), which the stand-in takes as 600 and enforces, without a burst.
"""

import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import httpx

from bench.crowd import NotAcknowledged
from bench.plain_polls import CHANNELS

PER_MINUTE = 600
SHORTEST = (len(CHANNELS) - 1) // PER_MINUTE * 60.0
"""Seconds from the first to the last of so many posts, if each comes as soon as it may."""
_LONGEST = 3 * SHORTEST
_AFTER = 3.0


@dataclass(frozen=True, slots=True)
class OneSecond:
    """What Slack saw: seconds from the due second to the last post, and from it to the 600th."""

    seconds: float
    first_minute: float
    too_many: int
    auth_tests: int
    lost: int
    doubled: int

    @property
    def ratio(self) -> float:
        return self.seconds / SHORTEST


def posts_of_one_second(base_url: str, due: float) -> OneSecond:
    """Wait until Slack has a post of each schedule, and a little longer for one too many.

    Raises NotAcknowledged if that takes three times as long as it has to.
    """
    while True:
        seen = _seen(base_url, due)
        if len({channel for channel, _ in seen["taken"]}) == len(CHANNELS):
            break
        if time.time() > due + _LONGEST:
            raise NotAcknowledged(
                f"Slack had posts in {len(seen['taken'])} of {len(CHANNELS)} channels after "
                f"{_LONGEST:.0f} s"
            )
        time.sleep(0.5)
    time.sleep(_AFTER)
    seen = _seen(base_url, due)
    posted = Counter(channel for channel, _ in seen["taken"])
    at = sorted(at for _, at in seen["taken"])
    return OneSecond(
        at[-1] - due,
        at[PER_MINUTE - 1] - due,
        seen["too_many"],
        seen["auth_tests"],
        lost=sum(not posted[channel] for channel in CHANNELS),
        doubled=sum(count - 1 for count in posted.values()),
    )


def _seen(base_url: str, since: float) -> dict[str, Any]:
    answer = httpx.get(f"{base_url}/bench/posts", params={"since": since}, timeout=30)
    answer.raise_for_status()
    seen: dict[str, Any] = answer.json()
    seen["taken"] = [(channel, at) for channel, at in seen["taken"] if channel in CHANNELS]
    return seen
