"""Three programs on one database, exchanged one by one for a newer version and back, and a crowd
that clicks all the while."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from tests.e2e.process import PROGRAM, Process, start_beside
from tests.support.cluster import KEY, Databases
from tests.support.house import ADA, BEN, House
from tests.support.polls import action, poll

ONE = Path("one")
NEWER = Path(__file__).with_name("newer.py")
CROWD = tuple(f"UCROWD{n:02}" for n in range(6))
_BETWEEN_LOOKS = 0.25
_BETWEEN_CLICKS = 0.05
_LONGER_THAN_A_BALANCERS_LOOKS = 4.0


class Balancer:
    """Hands each request to one of those that are healthy, in turn, as balancers do.

    One that takes no connection is left out until it is healthy again, and the next one is asked;
    a request that was sent is sent to nobody else.
    """

    def __init__(self) -> None:
        self.behind: list[int] = []
        self._healthy: set[int] = set()
        self._turn = 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_post("/slack/events", self._pass_on)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        async with aiohttp.ClientSession() as self._session:
            looking = asyncio.create_task(self._look())
            try:
                await web.TCPSite(runner, "127.0.0.1", 0).start()
                yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
            finally:
                looking.cancel()
                await runner.cleanup()

    async def _look(self) -> None:
        while True:
            for port in list(self.behind):
                try:
                    async with self._session.get(f"http://127.0.0.1:{port}/healthz") as answer:
                        is_well = answer.status == 200
                except aiohttp.ClientError:
                    is_well = False
                (self._healthy.add if is_well else self._healthy.discard)(port)
            await asyncio.sleep(_BETWEEN_LOOKS)

    async def _pass_on(self, request: web.Request) -> web.Response:
        body, headers = await request.read(), request.headers.copy()
        headers.popall("Host")
        while up := [port for port in self.behind if port in self._healthy]:
            self._turn += 1
            port = up[self._turn % len(up)]
            address = f"http://127.0.0.1:{port}/slack/events"
            try:
                async with self._session.post(address, data=body, headers=headers) as answer:
                    return web.Response(status=answer.status, body=await answer.read())
            except aiohttp.ClientConnectorError:
                self._healthy.discard(port)
            except aiohttp.ClientError:
                return web.Response(status=502)
        return web.Response(status=503)


class Crowd:
    """People who press one button again and again, and how often each of them did."""

    def __init__(self, house: House, card: str, button: str) -> None:
        self._house, self._card, self._button = house, card, button
        self.presses = dict.fromkeys(CROWD, 0)
        self.failed: list[object] = []
        self._over = False

    @asynccontextmanager
    async def pressing(self) -> AsyncIterator[None]:
        people = [asyncio.create_task(self._press(user)) for user in CROWD]
        try:
            yield
            self._over = True
            await asyncio.gather(*people)
        finally:
            for one in people:
                one.cancel()

    async def _press(self, user: str) -> None:
        # Each press undoes the one before: after an odd number of them somebody has answered.
        while not self._over or self.presses[user] % 2 == 0:
            answer = await self._house.slack.press(user, self._card, self._button)
            if (answer.status, answer.error) != (200, None):
                self.failed.append(answer)
            self.presses[user] += 1
            await asyncio.sleep(_BETWEEN_CLICKS)


class Replicas:
    """The programs that run."""

    def __init__(self, house: House, databases: Databases, *, socket: bool) -> None:
        self._house = house
        self._socket = socket
        address = databases.at(ONE).address
        self._settings = {"POLLBOT_DATABASE": address, "POLLBOT_ENCRYPTION_KEYS": KEY}
        self.balancer = Balancer()
        self.running: list[Process] = []
        self.ends: list[tuple[int, bool]] = []

    async def add(self, program: Path = PROGRAM) -> None:
        one = await start_beside(self._house, program, socket=self._socket, **self._settings)
        self.running.append(one)
        self.balancer.behind.append(one.port)

    async def exchange(self, program: Path) -> None:
        """Put a program in the place of the one that runs longest, as docs/scale.md says."""
        await self.add(program)
        oldest = self.running.pop(0)
        code, seconds = await oldest.end()
        self.balancer.behind.remove(oldest.port)
        self.ends.append((code, self._socket or seconds > _LONGER_THAN_A_BALANCERS_LOOKS))

    async def kill(self) -> None:
        for one in self.running:
            if one.child.returncode is None:
                await one.end(signal.SIGKILL)


@asynccontextmanager
async def replicas(house: House, databases: Databases, *, socket: bool) -> AsyncIterator[Replicas]:
    three = Replicas(house, databases, socket=socket)
    async with three.balancer.serving() as address:
        if not socket:
            house.slack.events_url = address
        try:
            for _ in range(3):
                await three.add()
            yield three
        finally:
            await three.kill()


@pytest.mark.parametrize("socket", [False, True], ids=["HTTP", "Socket Mode"])
async def test_nobody_notices_that_each_program_is_exchanged_for_a_newer_one_and_back(
    house: House, databases: Databases, socket: bool
) -> None:
    for user in CROWD:
        house.slack.add_person(user, user.title())
    async with replicas(house, databases, socket=socket) as three:
        for user in (ADA, BEN):
            await house.connect(user)
        card = await poll(house, '"Lunch?" "Pizza" "Soup" multi')
        crowd = Crowd(house, card.id, action(card, "Soup"))
        votes = []
        async with crowd.pressing():
            for program, user, key in (
                (NEWER, ADA, "PLAT-12"),
                (NEWER, ADA, "PLAT-13"),
                (NEWER, BEN, "PLAT-12"),
                (PROGRAM, BEN, "PLAT-13"),
            ):
                votes.append(await house.vote(user, key))
                await three.exchange(program)

        assert crowd.failed == []
        assert min(crowd.presses.values()) > 10
        assert [answer.status for answer in votes] == [200] * 4
        await house.votes("PLAT-12", 9)
        await house.votes("PLAT-13", 2)
        await house.slack.until(
            lambda: f"{len(CROWD)} people" in card.text or f"{len(CROWD)} answers" in card.text,
            timeout=20,
            what=f"{len(CROWD)} answers, after {crowd.presses}, on {card.text}",
        )
        for user in (ADA, BEN):
            for key in ("PLAT-12", "PLAT-13"):
                told = [said for said in house.words(user) if key in said and "is counted" in said]
                assert len(told) == 1, (user, key, house.words(user))
        assert three.ends == [(0, True)] * 4
    assert databases.rows(ONE, "SELECT count(*) FROM pollbot_steps WHERE name = 'of_tomorrow'") == [
        (1,)
    ]
