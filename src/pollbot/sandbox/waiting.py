"""Waiting for the pretended world, with an end, and without the time in which nothing happens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from pollbot.sandbox.clock import Clock

T = TypeVar("T")

BETWEEN_LOOKS = 0.01
MOST_REAL_SECONDS = 90.0


class OwnTime:
    """Seconds in which a loop had its turns, if it is looked at every ``BETWEEN_LOOKS``.

    Of a longer break only the beginning counts: the machine did something else then, and whoever
    shares the loop could not have been any faster. Where the loop has a slower time of its own,
    so does what one waits for, and that one counts.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._seen = time.monotonic()
        self._seconds = 0.0

    def look(self) -> float:
        """Return the seconds until now."""
        now = time.monotonic()
        self._seconds += min(now - self._seen, 2 * BETWEEN_LOOKS)
        self._seen = now
        return min(self._seconds, self._loop.time() - self._began)


async def until(
    condition: Callable[[], T | None],
    seconds: float,
    now: Callable[[], float],
    heard: Callable[[], str],
) -> T:
    """Return what the condition returns as soon as it is true; AssertionError after ``seconds``.

    They are the loop's own, so that a busy machine makes nothing fail; there is an end in real
    time as well. Where ``now`` is a ``Clock`` which knows that pollbot rests until a moment, it is
    moved there, but never past ``seconds`` from the start: what falls due later is not waited for.
    """
    own, end = OwnTime(), now() + seconds
    give_up = time.monotonic() + max(seconds, MOST_REAL_SECONDS)
    while not (value := condition()):
        if own.look() > seconds or time.monotonic() > give_up:
            raise AssertionError(heard())
        if isinstance(now, Clock):
            now.skip_rest(end - now())
        await asyncio.sleep(BETWEEN_LOOKS)
    return value
