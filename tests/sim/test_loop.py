"""The loop on which nothing is real."""

import asyncio
from collections.abc import Iterator
from contextvars import Context

import pytest

from tests.sim.loop import LIFE, PretendedLoop, Stuck


@pytest.fixture
def loop() -> Iterator[PretendedLoop]:
    loop = PretendedLoop()
    yield loop
    if not loop.is_closed():
        loop.bury()


def test_time_jumps_to_the_next_timer(loop: PretendedLoop) -> None:
    seen: list[float] = []

    async def look(after: float) -> None:
        await asyncio.sleep(after)
        seen.append(loop.time())

    async def both() -> None:
        await asyncio.gather(look(86_400.0), look(0.5))

    loop.run_until_complete(both())

    assert seen == [0.5, 86_400.0]


def test_a_life_that_ends_takes_no_step_more(loop: PretendedLoop) -> None:
    done: list[str] = []

    async def live(answer: "asyncio.Future[None]") -> None:
        try:
            done.append("asked")
            await answer
            done.append("heard")
        finally:
            done.append("cleaned up")

    async def world() -> None:
        answer = loop.create_future()
        context = Context()
        context.run(LIFE.set, 1)
        loop.create_task(live(answer), context=context)
        await asyncio.sleep(1.0)
        loop.end(1)
        answer.set_result(None)
        await asyncio.sleep(1.0)

    loop.run_until_complete(world())

    assert done == ["asked"]


def test_a_life_can_be_ended_between_any_two_steps(loop: PretendedLoop) -> None:
    done: list[int] = []

    async def live() -> None:
        for step in range(10):
            done.append(step)
            await asyncio.sleep(0)

    async def world() -> None:
        context = Context()
        context.run(LIFE.set, 1)
        loop.after_steps(4, lambda: loop.end(1))
        loop.create_task(live(), context=context)
        await asyncio.sleep(1.0)

    loop.run_until_complete(world())

    assert done == [0, 1, 2, 3]


def test_a_life_that_stands_still_goes_on_where_it_was(loop: PretendedLoop) -> None:
    done: list[tuple[str, float]] = []

    async def live(name: str) -> None:
        for _ in range(3):
            await asyncio.sleep(1.0)
            done.append((name, loop.time()))

    async def world() -> None:
        for life, name in enumerate(("still", "other"), start=1):
            context = Context()
            context.run(LIFE.set, life)
            loop.create_task(live(name), context=context)
        await asyncio.sleep(1.5)
        loop.stand_still(1)
        await asyncio.sleep(3.0)
        loop.go_on(1)
        await asyncio.sleep(3.0)

    loop.run_until_complete(world())

    assert done == [
        ("still", 1.0),
        ("other", 1.0),
        ("other", 2.0),
        ("other", 3.0),
        ("still", 4.5),
        ("still", 5.5),
    ]


def test_who_waits_for_nothing_is_told_so(loop: PretendedLoop) -> None:
    with pytest.raises(Stuck):
        loop.run_until_complete(asyncio.wait_for(loop.create_future(), None))
