"""Short ways to take work from a queue, and to put it back."""

from typing import TypeVar

from pollbot.database import Store
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Held, Later, Next, Work
from pollbot.store.writer import Connection

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


async def owed(store: Store, team_id: str = "T1") -> list[Notice]:
    """Return what people of the team are still to hear, in the order of its occasions."""

    def find(db: Connection) -> list[Notice]:
        rows = db.execute(
            "SELECT kind, about, occasion, reader FROM outbox WHERE owed > 0 AND team_id = ?"
            " ORDER BY occasion",
            (team_id,),
        ).fetchall()
        return [Notice(Kind(kind), *rest) for kind, *rest in rows]

    return await store.outbox._writer.do(find)
