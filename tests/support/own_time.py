"""How long something takes, whatever else the machine has to do."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pollbot.sandbox.waiting import BETWEEN_LOOKS, OwnTime


@contextmanager
def own_time() -> Iterator[Callable[[], float]]:
    """Within it, what it gives returns the loop's own seconds since the beginning."""
    time = OwnTime()
    looking = asyncio.ensure_future(_look(time))
    try:
        yield time.look
    finally:
        looking.cancel()


async def _look(time: OwnTime) -> None:
    while True:
        await asyncio.sleep(BETWEEN_LOOKS)
        time.look()
