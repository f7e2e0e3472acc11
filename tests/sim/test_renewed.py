"""Connections that Slack ends again and again, over ten minutes of no time."""

import asyncio
import random
from itertools import pairwise
from typing import Any, cast

import aiohttp
import pytest

from pollbot.desk import Desk
from pollbot.socket_door import SocketDoor
from pollbot.web.reach import Reach
from tests.sim.loop import PretendedLoop
from tests.sim.sockets import Connection, Sockets

_WATCHED = 600.0
_NOBODY_ASKS = cast(Desk, None)


class _Counted(Sockets):
    """The same, that keeps when each connection was opened."""

    opened: list[float]

    async def ws_connect(self, address: str, **given: Any) -> Connection:
        self.opened.append(self._loop.time())
        return await super().ws_connect(address, **given)


def watched(lasts: tuple[float, float], seed: int) -> tuple[list[float], list[int]]:
    """Return when connections were opened, and how many were open each tenth of a second."""
    loop, chance, seen = PretendedLoop(), random.Random(seed), list[int]()  # noqa: S311
    sockets = _Counted(loop, chance, lambda _: None, lasts)
    sockets.opened = []

    async def address() -> str:
        await asyncio.sleep(0.1)
        return "ws://slack"

    async def watch() -> None:
        session = cast(aiohttp.ClientSession, sockets)
        door = SocketDoor(_NOBODY_ASKS, session, address, Reach(loop.time), chance)
        door.open()
        await door.first_open.wait()
        await asyncio.sleep(1.0)
        while loop.time() < _WATCHED:
            seen.append(sockets.open)
            await asyncio.sleep(0.1)
        await door.shut(1.0)

    loop.run_until_complete(watch())
    loop.bury()
    return sockets.opened, seen


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("lasts", [(1.5, 3.0), (3.0, 60.0), (59.0, 61.0), (300.0, 300.0)])
def test_one_is_open_at_any_time_however_often_slack_renews_them(
    lasts: tuple[float, float], seed: int
) -> None:
    opened, seen = watched(lasts, seed)

    assert min(seen) >= 1
    assert len(opened) >= _WATCHED / lasts[1]


@pytest.mark.parametrize("seed", range(5))
def test_a_slack_that_ends_each_at_once_is_asked_less_and_less(seed: int) -> None:
    opened, _ = watched((0.0, 0.0), seed)

    assert len(opened) < 2 * (_WATCHED / 20 + 10)
    assert max(later - sooner for sooner, later in pairwise(opened)) > 5
