"""Several pollbots on one database, each a process of its own that may be killed at any time."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psycopg

from pollbot.errors import StartError

log = logging.getLogger(__name__)

Environment = Callable[[int], dict[str, str]]
"""Returns the settings of the replica with that number."""

_PROGRAM = "import sys; from pollbot.cli import main; sys.exit(main(['serve']))"
_UP = re.compile(r"pollbot is up \(.*port (\d+)\)")
_ANSWERED = re.compile(r"^pollbot_ack_seconds_count\{.*\} (\d+)", re.MULTILINE)
_PATIENCE = 60.0
_BETWEEN_LOOKS = 0.1
_BETWEEN_COUNTS = 0.5
# The sessions with a lock that nobody shares: the leader's, and, for the length of a change, that
# of a writing connection, which has a shared one besides.
_WHO_LEADS = b"""
    SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.mode = 'ExclusiveLock' AND l.granted AND l.pid NOT IN (
        SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock'
    )
"""


@dataclass(eq=False)
class Replica:
    """One of them: ``down``, ``starting``, ``up`` or ``frozen``."""

    number: int
    state: str = "down"
    port: int = 0
    answered: int = 0
    """How many deliveries of Slack's, by its own metrics."""
    child: asyncio.subprocess.Process | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)
    said: deque[str] = field(default_factory=lambda: deque(maxlen=20))


class Replicas:
    """Starts and ends them, and knows who leads by asking the server who has the leader's lock."""

    def __init__(self, count: int, environment: Environment, changed: Callable[[], None]) -> None:
        self.each = {number: Replica(number) for number in range(1, count + 1)}
        self.leader: int | None = None
        self.took: float | None = None
        """Seconds that the last change of the leader took."""
        self._environment = environment
        self._changed = changed
        self._gone: float | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._starting = asyncio.Lock()
        self._closed = False

    async def open(self, address: str, folder: Path) -> None:
        """Start them all. Raises StartError."""
        self._folder = folder
        self._begin(self._watch(address))
        await asyncio.gather(*map(self._until_up, self.each))
        self._begin(self._count())

    async def close(self) -> None:
        """End them all, also those that stand still."""
        async with self._starting:
            self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for replica in self.each.values():
            if replica.child is not None:
                with suppress(ProcessLookupError):
                    replica.child.kill()
                await replica.child.communicate()

    async def do(self, number: int, act: str) -> bool:
        """Kill, start, freeze or thaw one; return whether that can be done now."""
        replica = self.each.get(number)
        if replica is None or self._closed:
            return False
        child = replica.child
        if act == "start" and replica.state == "down":
            await self._start(replica)
        elif act == "kill" and child is not None and replica.state != "down":
            self._leaves(replica, "down")
            child.kill()
        elif act == "freeze" and child is not None and replica.state == "up":
            self._leaves(replica, "frozen")
            child.send_signal(signal.SIGSTOP)
        elif act == "thaw" and child is not None and replica.state == "frozen":
            self._is(replica, "up")
            child.send_signal(signal.SIGCONT)
        else:
            return False
        return True

    def shown(self) -> dict[str, Any]:
        """Return what a page shows of them."""
        each = [
            {"number": one.number, "state": one.state, "answered": one.answered}
            for one in self.each.values()
        ]
        return {"each": each, "leader": self.leader, "took": self.took}

    async def _until_up(self, number: int) -> None:
        replica = self.each[number]
        await self._start(replica)
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while replica.state == "starting":
                    await replica.news.wait()
                    replica.news.clear()
        if replica.state != "up":
            said = "\n".join(replica.said) or f"nothing was heard of it for {_PATIENCE:.0f} s"
            raise StartError(f"The demo did not start: replica {number} is not up.\n{said}")

    async def _start(self, replica: Replica) -> None:
        self._is(replica, "starting")
        # Nothing that is set here for another pollbot or another server; and no .env is read there.
        ours = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("POLLBOT_", "SLACK_", "PG"))
        }
        replica.said.clear()
        async with self._starting:
            if self._closed:
                return
            replica.child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                _PROGRAM,
                cwd=self._folder,
                env=ours | self._environment(replica.number),
                stdin=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,  # Ctrl+C is for the demo, which ends them
            )
            self._begin(self._listen(replica, replica.child))

    async def _listen(self, replica: Replica, child: asyncio.subprocess.Process) -> None:
        """Hear what one says, until it ends."""
        if (said := child.stderr) is not None:
            async for line in said:
                replica.said.append(line.decode(errors="replace").rstrip())
                up = _UP.search(replica.said[-1])
                if up and replica.child is child and replica.state == "starting":
                    replica.port, replica.answered = int(up[1]), 0
                    self._is(replica, "up")
        code = await child.wait()
        if replica.child is child and replica.state != "down":
            self._leaves(replica, "down")
            log.warning("replica %d ended (%s): %s", replica.number, code, " / ".join(replica.said))

    async def _watch(self, address: str) -> None:
        """See who leads."""
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as server:
            while True:
                rows = await (await server.execute(_WHO_LEADS)).fetchall()
                numbers = [int(name) for (name,) in rows if str(name).isdecimal()]
                self._lead(numbers[0] if numbers else None)
                await asyncio.sleep(_BETWEEN_LOOKS)

    async def _count(self) -> None:
        """See how much each of them answers."""
        patience = aiohttp.ClientTimeout(_BETWEEN_COUNTS)
        async with aiohttp.ClientSession(timeout=patience) as http:
            while True:
                for one in self.each.values():
                    if one.state != "up":
                        continue
                    # It may end, or stand still, right now.
                    with suppress(aiohttp.ClientError, TimeoutError):
                        async with http.get(f"http://127.0.0.1:{one.port}/metrics") as answer:
                            found = _ANSWERED.findall(await answer.text())
                        self._answered(one, sum(map(int, found)))
                await asyncio.sleep(_BETWEEN_COUNTS)

    def _answered(self, replica: Replica, count: int) -> None:
        if count != replica.answered:
            replica.answered = count
            self._changed()

    def _lead(self, leader: int | None) -> None:
        if leader == self.leader:
            return
        if leader is not None and self._gone is not None:
            self.took = round(time.monotonic() - self._gone, 1)
            self._gone = None
        self.leader = leader
        self._changed()

    def _leaves(self, replica: Replica, state: str) -> None:
        if replica.number == self.leader:
            self._gone = time.monotonic()
            self.took = None
        self._is(replica, state)

    def _is(self, replica: Replica, state: str) -> None:
        replica.state = state
        replica.news.set()
        self._changed()

    def _begin(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
