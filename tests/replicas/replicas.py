"""Several pollbots as processes of their own on one database, and what befalls them."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import psycopg

from tests.e2e.process import PROGRAM, Process, health, start_beside
from tests.replicas.balancer import Balancer, Wire
from tests.support.cluster import KEY, Cluster
from tests.support.house import House

T = TypeVar("T")

PATIENCE = 120.0
"""Seconds for what takes a few, on a machine that is busy."""
_BETWEEN_LOOKS = 0.02
_LAST_WORDS = 20_000


@dataclass
class Replica:
    """One of them, by the name that the server knows it by."""

    name: str
    wire: Wire
    process: Process | None = None
    said: str = ""
    """What it has logged, as far as it has ended."""


@dataclass
class Replicas:
    """All of them, and who leads."""

    house: House
    cluster: Cluster
    database: str
    socket: bool
    settings: dict[str, str]
    balancer: Balancer
    all: list[Replica] = field(default_factory=list)
    known_terms: int = 0

    async def start(self, one: Replica) -> None:
        """Start it; return when it is healthy."""
        address = self.cluster.address(self.database, one.wire.port)
        one.process = await start_beside(
            self.house,
            PROGRAM,
            socket=self.socket,
            POLLBOT_DATABASE=f"{address}?application_name={one.name}",
            POLLBOT_ENCRYPTION_KEYS=KEY,
            **self.settings,
        )

    async def kill(self, one: Replica) -> None:
        """End it as a power cut does."""
        assert one.process is not None
        await one.process.end(signal.SIGKILL)
        one.said += one.process.said_first + one.process.said_then
        one.process = None

    def stop(self, one: Replica) -> None:
        """Let it stand still, with all its connections open."""
        assert one.process is not None
        one.process.child.send_signal(signal.SIGSTOP)

    def go_on(self, one: Replica) -> None:
        """Let it go on."""
        assert one.process is not None
        one.process.child.send_signal(signal.SIGCONT)

    def ports(self) -> list[int]:
        return [one.process.port for one in self.all if one.process is not None]

    async def leader(self) -> Replica | None:
        """Return who has the leader's lock, as the server says."""
        try:
            name = await asyncio.to_thread(self.cluster.leader, self.database)
        except psycopg.Error:
            return None
        return next((one for one in self.all if one.name == name), None)

    async def one_leads(self) -> Replica:
        """Return who leads, once somebody does."""
        return await wait_for(self.leader, "a leader")

    async def terms(self) -> int:
        """Return how often somebody began to lead; -1 if the server is not to be reached."""
        address = self.cluster.address(self.database)
        try:
            return int(await asyncio.to_thread(_number, address))
        except psycopg.Error:
            return -1

    async def all_well(self) -> None:
        """Return once all are healthy, and one of them leads."""
        for one in self.all:
            assert one.process is not None
            assert await health(one.process, until=200) == 200, one.name
        await self.one_leads()


async def wait_for(
    look: Callable[[], Awaitable[T | None]], what: str, seconds: float = PATIENCE
) -> T:
    """Return what a look finds, once it finds something."""
    try:
        async with asyncio.timeout(seconds):
            while not (found := await look()):
                await asyncio.sleep(_BETWEEN_LOOKS)
            return found
    except TimeoutError:
        raise AssertionError(f"waited {seconds:.0f} s for {what}") from None


@asynccontextmanager
async def running(
    house: House, cluster: Cluster, database: str, count: int, *, socket: bool, **settings: str
) -> AsyncIterator[Replicas]:
    """Run so many on one database, and let Slack reach them."""
    balancer = Balancer(lambda: replicas.ports())
    replicas = Replicas(house, cluster, database, socket, settings, balancer)
    failed = False
    async with AsyncExitStack() as stack:
        if not socket:
            house.slack.events_url = await stack.enter_async_context(balancer.serving())
        for number in range(1, count + 1):
            wire = await stack.enter_async_context(Wire(cluster.port).laid())
            replicas.all.append(Replica(f"replica{number}", wire))
        try:
            await asyncio.gather(*map(replicas.start, replicas.all))
            await replicas.all_well()
            yield replicas
        except BaseException:
            failed = True
            raise
        finally:
            for one in replicas.all:
                one.wire.free.set()
                if one.process is not None:
                    await replicas.kill(one)
                if failed:
                    print(f"{one.name} said at last:\n{one.said[-_LAST_WORDS:]}")


def _number(address: str) -> Any:
    with psycopg.connect(address, autocommit=True, connect_timeout=5) as db:
        return (db.execute("SELECT number FROM leader").fetchone() or (-1,))[0]
