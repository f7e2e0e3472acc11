"""Several pollbots on one PostgreSQL server: ``python -m bench.on_server``.

It makes a server of its own, from the system's packages, that writes to the disk as a real one
does, and lets every round of both kinds take turns on the same machine:

- **Answers**: kept in a file and on the server; see ``bench/engines.py``.
- **Claims**: pieces of work that a leader claims and puts back, four at once, each on disk both
  times; alone, beside a second replica, and beside one that keeps answers as fast as it can.
- **Takeover**: three replicas; the leader is killed (SIGKILL), or stopped (SIGSTOP), five times
  each. Somebody presses on a poll's card right then, at another door: measured is from the fault
  until the card in Slack is changed by the next leader.
- **Storms**: Slack is 100 ms away and 1,000 people press on one poll's card within a second, a
  third of them at each door; see ``bench/storms.py``.
"""

import asyncio
import itertools
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench.around import ROOT, Clicks, World, fresh, real_disk, say, world
from bench.crowd import NotAcknowledged, press_within
from bench.engines import answers_each_second, compared
from bench.programs import Program, clean_environment, free_port, running
from bench.storms import Storm, pressed
from bench.storms import in_words as storm_in_words
from bench.world import MANY, PEOPLE
from pollbot.database import Store
from pollbot.jira.rules import Wish
from pollbot.people import Address, Person
from pollbot.place import Server
from pollbot.store.queue import Later
from pollbot.store.writer import LEADER
from pollbot.votes.rules import Wished
from tests.support.cluster import KEY, Cluster, programs
from tests.support.cluster import running as cluster_running

REPLICAS = 3
TIMES = 5
ROUNDS = 3
STORMS = 2
CLAIMING = 3.0
_WORK, _AT_ONCE, _PER_CLAIM = 4000, 4, 8
_LONGEST = 20.0


@dataclass(slots=True)
class OnServer:
    """All that was measured, round by round."""

    answers: list[float] = field(default_factory=list)
    """The server's share of what a file keeps."""
    claims: list[tuple[float, float, float]] = field(default_factory=list)
    """Each second: alone, beside a second replica, beside a busy one."""
    killed: list[float] = field(default_factory=list)
    stopped: list[float] = field(default_factory=list)
    storms: list[Storm] = field(default_factory=list)


def main() -> int:
    """Measure everything, and print it."""
    found = programs()
    if found is None:
        print("no PostgreSQL server is installed (Debian's package postgresql)", file=sys.stderr)
        return 1
    disk, kind = real_disk()
    with (
        cluster_running(found, durable=True, within=disk) as cluster,
        tempfile.TemporaryDirectory(prefix="pollbot-bench-", dir=disk) as folder,
    ):
        measured = measure(cluster, Path(folder))
    print(f"database on {kind}; {os.cpu_count()} cores")
    print(in_words(measured))
    return 0


def measure(cluster: Cluster, folder: Path) -> OnServer:
    """Return all figures."""
    measured = OnServer()
    say("answers in a file and on the server, in turns")
    measured.answers = asyncio.run(compared(cluster.make("answers"), folder))
    for number in range(1, ROUNDS + 1):
        kinds = asyncio.run(claims_of_three_kinds(cluster, f"claims_{number}"))
        measured.claims.append(kinds)
        say("claims each second: " + ", ".join(f"{one:,.0f}" for one in measured.claims[-1]))
    with world() as outside, replicas(cluster, outside, fresh(folder / "replicas")) as several:
        say(f"{len(PEOPLE)} people connect, and a poll is posted")
        clicks = outside.people_arrive(several.ports()[0])
        for kind, signs in (("killed", signal.SIGKILL), ("stopped", signal.SIGSTOP)):
            for _ in range(TIMES):
                took = several.takeover(clicks, signs)
                getattr(measured, kind).append(took)
                say(f"leader {kind}: another one's first deed came after {took:.2f} s")
    for number in range(1, STORMS + 1):
        measured.storms.append(storm(cluster, fresh(folder / f"storm-{number}"), number))
        say(f"storm on {REPLICAS} replicas: {storm_in_words(measured.storms[-1])}")
    return measured


def in_words(measured: OnServer) -> str:
    """Return the figures as people read them."""
    alone, beside, busy = zip(*measured.claims, strict=True)
    return "\n".join(
        [
            f"durable answers, of a file's: {_each(measured.answers)}",
            f"claims each second of a leader alone: {statistics.median(alone):,.0f}",
            "beside a second replica, of these: "
            + _each([two / one for one, two in zip(alone, beside, strict=True)]),
            "beside one that keeps answers as fast as it can: "
            + _each([two / one for one, two in zip(alone, busy, strict=True)]),
            f"takeover, leader killed: {_seconds(measured.killed)}",
            f"takeover, leader stopped: {_seconds(measured.stopped)}",
            *(f"storm on {REPLICAS} replicas: {storm_in_words(one)}" for one in measured.storms),
        ]
    )


def _each(ratios: list[float]) -> str:
    rounds = ", ".join(f"{one:.2f}" for one in ratios)
    return f"{statistics.median(ratios):.2f} (rounds: {rounds})"


def _seconds(took: list[float]) -> str:
    return f"{statistics.median(took):.2f} s, at worst {max(took):.2f} s, of {len(took)}"


# Claims


async def claims_of_three_kinds(cluster: Cluster, name: str) -> tuple[float, float, float]:
    """Return a leader's claims a second: alone, beside a replica, and beside a busy one."""
    server = Server(cluster.make(name))
    store = Store(server, [KEY])
    try:
        number = await store.lead.take()
        keeping = asyncio.ensure_future(store.lead.keep())
        try:
            alone = await claims_each_second(store, number)
            async with another(server, "rests"):
                beside = await claims_each_second(store, number)
            async with another(server, "answers"):
                busy = await claims_each_second(store, number)
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            await store.lead.let_go()
    finally:
        store.close()
    return alone, beside, busy


async def claims_each_second(store: Store, number: int | None) -> float:
    """Return how many pieces of work the leader claimed and put back in a second."""
    now, team = time.time(), f"T{time.time_ns()}"
    await asyncio.gather(
        *(
            store.intents.press(
                Person(team, f"U{number:05}"),
                Wished("https://acme.example", f"PLAT-{number % 100}", Wish.VOTE),
                Address(f"C{number % 500}"),
                now,
            )
            for number in range(_WORK)
        )
    )
    ends, count = time.perf_counter() + CLAIMING, 0

    async def work() -> None:
        nonlocal count
        LEADER.set(number)
        while time.perf_counter() < ends:
            for held in (await store.intents.work.claim(time.time(), _PER_CLAIM)).held:
                count += 1
                await store.intents.work.put_back(held, Later(now + 86400), time.time())

    await asyncio.gather(*(work() for _ in range(_AT_ONCE)))
    return count / CLAIMING


@asynccontextmanager
async def another(server: Server, how: str) -> AsyncIterator[None]:
    """Have a second replica's store open in a process of its own, which rests or is busy."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bench.on_server", how, server.address, KEY),
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.PIPE,
    )
    try:
        if process.stdout is None or not await process.stdout.readline():
            raise RuntimeError("the second replica did not start")
        yield
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def be_another(how: str, address: str, key: str) -> None:
    """Follow, and try for the lead as a follower does; keep answers meanwhile if that is wanted."""
    store = Store(Server(address), [key])
    print("open", flush=True)
    while True:
        await store.lead.take()
        if how == "answers":
            await answers_each_second(store, f"{time.time_ns()}", seconds=0.5)
        else:
            await asyncio.sleep(0.5)


# Replicas as processes of their own


class Several:
    """Replicas on one database, and who leads them."""

    def __init__(self, cluster: Cluster, database: str, outside: World, folder: Path) -> None:
        self._cluster = cluster
        self._database = database
        self._outside = outside
        self._folder = folder
        self._numbers = itertools.count()
        self._people = itertools.cycle(PEOPLE)
        self._options = itertools.count()
        self._running: dict[str, tuple[ExitStack, Program]] = {}

    def start(self) -> None:
        """Start one more, and wait until it is healthy."""
        name, port = f"replica{next(self._numbers)}", free_port()
        address = self._cluster.address(self._database)
        folder = fresh(self._folder / name)
        environment = self._outside.environment(port, folder) | {
            "POLLBOT_DATABASE": f"{address}?application_name={name}",
            "POLLBOT_ENCRYPTION_KEYS": KEY,
        }
        stack = ExitStack()
        command = [sys.executable, str(ROOT / "app.py")]
        self._running[name] = (
            stack,
            stack.enter_context(running(command, environment, port, folder)),
        )

    def end(self, name: str) -> None:
        """End one as a power cut would."""
        stack, program = self._running.pop(name)
        program.kill()
        stack.close()

    def end_all(self) -> None:
        """End all of them."""
        for name in list(self._running):
            self.end(name)

    def ports(self) -> list[int]:
        """Return where they can be reached."""
        return [program.port for _, program in self._running.values()]

    def takeover(self, clicks: Clicks, sign: signal.Signals) -> float:
        """Return the seconds from a leader's fault to the next one's first deed."""
        leader = self._leader()
        _, program = self._running[leader]
        other = next(port for port in self.ports() if port != program.port)
        program.process.send_signal(sign)
        since = time.time()
        click = clicks.answers[next(self._options) % len(clicks.answers)]
        person = (next(self._people),)
        asyncio.run(press_within(0.0, [other], [click], self._outside.secret, person))
        while not (changed := self._outside.updates(click.source, since)):
            if time.time() - since > _LONGEST:
                raise NotAcknowledged(f"no other one led within {_LONGEST:.0f} s")
            time.sleep(0.02)
        self.end(leader)
        self.start()
        return float(changed[0]["at"]) - since

    def _leader(self) -> str:
        give_up = time.time() + _LONGEST
        while (name := self._cluster.leader(self._database)) is None:
            if time.time() > give_up:
                raise NotAcknowledged(f"nobody led within {_LONGEST:.0f} s")
            time.sleep(0.02)
        return name


@contextmanager
def replicas(cluster: Cluster, outside: World, folder: Path) -> Iterator[Several]:
    """Run three of them on an empty database."""
    database = folder.name
    cluster.make(database)
    several = Several(cluster, database, outside, folder)
    try:
        for _ in range(REPLICAS):
            several.start()
        yield several
    finally:
        several.end_all()


def storm(cluster: Cluster, folder: Path, number: int) -> Storm:
    """Let 300 people press within a second at three doors, Slack being away; watch the card."""
    with world() as outside, replicas(cluster, outside, folder) as several:
        polls = outside.polls_for_storms(several.ports()[0])
        found = pressed(outside, f"on {REPLICAS} replicas", polls[:1], several.ports())
    with psycopg.connect(cluster.address(folder.name)) as db:
        query = "SELECT count(*), count(DISTINCT voter) FROM answers"
        rows, voters = db.execute(query).fetchone() or (0, 0)
    if not rows == voters == len(MANY):
        raise NotAcknowledged(f"{len(MANY)} answered, but {rows} answers of {voters} are kept")
    return found


if __name__ == "__main__":
    if len(sys.argv) > 2:
        asyncio.run(be_another(*sys.argv[1:]))
    sys.exit(main())
