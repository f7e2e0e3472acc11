"""Short ways to take work from a queue, and to put it back."""

from typing import TypeVar

from pollbot.storage.queue import Held, Later, Next, Work

T = TypeVar("T")


async def held(work: Work[T], now: float, most: int = 10) -> list[Held[T]]:
    """Return what is due, which is held from now on."""
    return (await work.claim(now, most)).held


async def due(work: Work[T], now: float) -> list[T]:
    """Return what is due, and put it back as if nothing had been done about it."""
    found = await held(work, now)
    for one in found:
        await work.put_back(one, Later(now), now)
    return [one.work for one in found]


async def only(work: Work[T], now: float) -> Held[T]:
    """Return the one piece of work that is due, which is held from now on."""
    (one,) = await held(work, now)
    return one


async def put_back(work: Work[T], one: Held[T], then: Next, now: float) -> None:
    """Let go of a piece of work."""
    await work.put_back(one, then, now)


async def next_due(work: Work[T], now: float) -> float | None:
    """Return when something is due that is not due yet."""
    return (await work.claim(now, 0)).next_at
