"""Waiting for the pretended world, with an end, and without the time in which nothing happens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from pollbot.sandbox.clock import Clock

T = TypeVar("T")

BETWEEN_LOOKS = 0.01


async def until(
    condition: Callable[[], T | None],
    seconds: float,
    now: Callable[[], float],
    heard: Callable[[], str],
) -> T:
    """Return what the condition returns as soon as it is true; AssertionError after ``seconds``.

    Where ``now`` is a ``Clock`` which knows that pollbot rests until a moment, it is moved there,
    but never past ``seconds`` from the start: what falls due later is not waited for.
    """
    give_up, end = time.monotonic() + seconds, now() + seconds
    while not (value := condition()):
        if time.monotonic() > give_up:
            raise AssertionError(heard())
        if isinstance(now, Clock):
            now.skip_rest(end - now())
        await asyncio.sleep(BETWEEN_LOOKS)
    return value
