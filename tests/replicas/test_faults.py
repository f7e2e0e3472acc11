"""Three pollbots on one database and a crowd, while replicas, connections and the server fail.

In short by default; TORTURE=1 makes it 300 people and 60 faults, FAULTS, PEOPLE and SEED choose.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest

from pollbot.place import Server
from pollbot.store.postgres import PostgresConnection
from pollbot.store.writer import Connection
from tests.replicas.replicas import PATIENCE, Replica, Replicas, running, wait_for
from tests.support.cluster import Cluster, programs
from tests.support.cluster import running as cluster_running
from tests.support.crowd import Crowd
from tests.support.house import House
from tests.support.ledger import Told
from tests.support.team_voice import VOICE_TOKEN, team_voice
from tests.support.torture import TORTURE, tries
from tests.support.tried import Tried

REPLICAS = 3
FAULTS = int(os.environ.get("FAULTS", tries(0, 60)))
PEOPLE = int(os.environ.get("PEOPLE", tries(12, 300)))
SEED = int(os.environ.get("SEED", "13"))
ISSUES = max(4, PEOPLE // 12)
SOON = 5.0 if TORTURE else PATIENCE
"""Seconds until another one leads, and until all is right.

Other processes see to both, and a busy machine has less time for them than for its own loop.
"""
ALL = (
    "leader_killed",
    "leader_stopped",
    "leader_hangs",
    "connections_cut",
    "database_restarted",
    "follower_killed",
    "follower_stopped",
)
IN_SHORT = {
    False: ("leader_killed", "database_restarted", "leader_stopped"),
    True: ("leader_killed", "leader_hangs", "connections_cut"),
}


@pytest.fixture
def stoppable() -> Iterator[Cluster]:
    """A server of this test alone."""
    found = programs()
    if found is None:
        assert "CI" not in os.environ, "no PostgreSQL server is installed"
        pytest.skip("no PostgreSQL server is installed")
    with cluster_running(found) as cluster:
        yield cluster


@pytest.mark.timeout(900 + 60 * FAULTS)
@pytest.mark.parametrize("socket", [False, True], ids=["http", "socket"])
async def test_nothing_is_lost_or_doubled_whatever_befalls_three_replicas(
    house: House, stoppable: Cluster, socket: bool, tried: Tried
) -> None:
    chance = random.Random(SEED + socket)  # noqa: S311  chooses moments, guards nothing
    befalls = drawn(chance, socket)
    async with team_voice(house) as voice:
        crowd = Crowd(
            house,
            voice,
            [f"U0CROWD{number:03}" for number in range(PEOPLE)],
            [f"PLAT-{100 + number}" for number in range(ISSUES)],
            [f"PLAT-{2000 + number}" for number in range(max(6, len(befalls)))],
            chance,
            pause=PEOPLE / 15,
        )
        settings = {"POLLBOT_TEAM_VOICE_URL": voice.url, "POLLBOT_TEAM_VOICE_TOKEN": VOICE_TOKEN}
        address = stoppable.make("pollbot")
        begun: list[str] = []
        try:
            async with running(
                house, stoppable, "pollbot", REPLICAS, socket=socket, **settings
            ) as replicas:
                await crowd.arrive(connected(address), posts_within=5.0 * len(befalls))
                faults = Faults(replicas, chance)
                life = asyncio.ensure_future(crowd.go_on())
                for name in befalls:
                    begun.append(name)
                    await faults.befall(name)
                crowd.end()
                await life
                await crowd.press_again()

                calm = asyncio.get_running_loop().time()
                await crowd.all_right(SOON, closed=False)
                right_after = asyncio.get_running_loop().time() - calm
                await crowd.close_polls()
                await crowd.all_right(PATIENCE, closed=True)
                await house.slack.until(
                    # Slack takes about one message a second in a channel.
                    lambda: not crowd.silent(),
                    PATIENCE + 2 * len(crowd.posts),
                    what="each post, or a word to its owner",
                )
                twice = crowd.hang_twice()
        finally:
            found = crowd.wrong(closed=False)
            deeds = {told.name.lower(): crowd.ledger.count(told) for told in Told}
            posts = {key: crowd.posted(key) for key in crowd.posts}
            tried(f"{REPLICAS} replicas: faults", len(begun))
            tried(f"{REPLICAS} replicas: deeds", sum(deeds.values()),
                  lost=len(found.lost), doubled=len(found.doubled))  # fmt: skip
            tried(f"{REPLICAS} replicas: posts of schedules", len(posts), lost=len(crowd.silent()),
                  doubled=sum(times > 1 for times in posts.values()))  # fmt: skip

    told_of = sum(times == 0 for times in posts.values())
    print(f"{PEOPLE} people, {REPLICAS} replicas, {len(befalls)} faults: {', '.join(befalls)}")
    print(f"{deeds}, {replicas.balancer.handed_on} of them handed on to another replica")
    print(f"{len(crowd.titles)} polls made, {twice} of whose cards were posted once more")
    print(f"{len(posts)} posts, {told_of} of them told of instead")
    print(f"all right {right_after:.2f} s after the last press; seconds until another one led:")
    print({why: [round(one, 2) for one in took] for why, took in faults.takeovers.items()})
    assert {key for key, times in posts.items() if times > 1} == set()
    assert {why for why, took in faults.takeovers.items() if max(took) > SOON} == set()


def connected(address: str) -> Callable[[], Connection]:
    """Return what opens a connection there, beside those of the replicas."""

    def opened() -> Connection:
        db = PostgresConnection(Server(address))
        db.connect()
        return db

    return opened


def drawn(chance: random.Random, socket: bool) -> list[str]:
    """Return what is to befall them, in a random order."""
    befalls = list(IN_SHORT[socket])
    if FAULTS:
        befalls = [*ALL, *chance.choices(ALL, k=max(0, FAULTS - len(ALL)))][:FAULTS]
    chance.shuffle(befalls)
    return befalls


class Faults:
    """What befalls the replicas and their database, one after the other."""

    def __init__(self, replicas: Replicas, chance: random.Random) -> None:
        self._replicas = replicas
        self._chance = chance
        self.takeovers: dict[str, list[float]] = {}

    async def befall(self, name: str) -> None:
        """Let it happen, mend it, and return once all is well again."""
        await getattr(self, f"_{name}")()
        await self._replicas.all_well()

    async def _leader_killed(self) -> None:
        leader = await self._replicas.one_leads()
        async with self._another_leads("leader killed"):
            await self._replicas.kill(leader)
        await self._replicas.start(leader)

    async def _leader_stopped(self) -> None:
        leader = await self._replicas.one_leads()
        async with self._another_leads("leader stopped"):
            self._replicas.stop(leader)
        await asyncio.sleep(self._chance.uniform(0.0, 1.0))
        self._replicas.go_on(leader)

    async def _leader_hangs(self) -> None:
        leader = await self._replicas.one_leads()
        async with self._another_leads("leader's connections hang"):
            leader.wire.free.clear()
        leader.wire.free.set()

    async def _connections_cut(self) -> None:
        async with self._another_leads("all connections cut"):
            await asyncio.to_thread(self._replicas.cluster.cut, self._replicas.database)

    async def _database_restarted(self) -> None:
        # The machine goes on, so what a crash of the server leaves unwritten is with the system.
        cluster, mode = self._replicas.cluster, self._chance.choice(["fast", "immediate"])
        before = await self._replicas.terms()
        await asyncio.to_thread(cluster.stop, mode)
        async with self._another_leads("database back", before):
            await asyncio.to_thread(cluster.start)

    async def _follower_killed(self) -> None:
        one = await self._a_follower()
        await self._replicas.kill(one)
        await self._replicas.start(one)

    async def _follower_stopped(self) -> None:
        one = await self._a_follower()
        self._replicas.stop(one)
        await asyncio.sleep(self._chance.uniform(0.5, 4.0))
        self._replicas.go_on(one)

    async def _a_follower(self) -> Replica:
        leader = await self._replicas.one_leads()
        return self._chance.choice([one for one in self._replicas.all if one is not leader])

    @asynccontextmanager
    async def _another_leads(self, why: str, terms: int | None = None) -> AsyncIterator[None]:
        """Return once the next leader has done something, and keep how long that took."""
        before = await self._replicas.terms() if terms is None else terms
        began = asyncio.get_running_loop().time()
        yield

        async def is_another() -> bool:
            return await self._replicas.terms() > before

        await wait_for(is_another, f"another leader, {why}")
        house = self._replicas.house
        seen = done_by_leaders(house)
        await house.slack.until(
            lambda: done_by_leaders(house) > seen, PATIENCE, what=f"its first deed, {why}"
        )
        took = asyncio.get_running_loop().time() - began
        self.takeovers.setdefault(why, []).append(took)


def done_by_leaders(house: House) -> int:
    """Return how often something was done that only a leader does."""
    calls = house.jira.calls
    votes = sum(call.method != "GET" and call.path.endswith("/votes") for call in calls)
    return votes + sum(call.method == "chat.update" for call in house.slack.calls)
