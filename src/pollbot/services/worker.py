"""Loops that do what is due and sleep until more is."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from pollbot.errors import RemoteUnavailable, SlackError, SlackUnavailable
from pollbot.storage.queue import Again, Held, Next, Work
from pollbot.storage.writer import FINISHING

log = logging.getLogger(__name__)

T = TypeVar("T")

Clock = Callable[[], float]
"""Returns unix seconds."""

_LONGEST_SLEEP = 10.0
_AFTER_FAILURE = 2.0
_BREATH = 0.03
_NEW_INSTALL = 60.0
"""Seconds after which it is worth a try whether somebody has mended the installation."""


class Tasks:
    """Work that goes on beside whoever started it, and is given time to end."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._tasks: set[asyncio.Task[None]] = set()
        self._can_wait: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def spawn(
        self, work: Coroutine[Any, Any, None], *, can_wait: bool = False
    ) -> asyncio.Task[None]:
        """Start ``work``; what it raises is logged. What ``can_wait`` delays no stop."""
        task = asyncio.create_task(self._guarded(work))
        for kept in (self._tasks, self._can_wait) if can_wait else (self._tasks,):
            kept.add(task)
            task.add_done_callback(kept.discard)
        return task

    async def stop(self, grace: float) -> None:
        """Wait ``grace`` seconds for what is under way, then cut it off."""
        for task in set(self._can_wait):
            task.cancel()
        tasks = set(self._tasks)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            log.exception("%s: a piece of work failed", self._name)


class Worker(ABC):
    """Runs ``turn`` again and again: when it is woken, when it asked to, and every 10 s.

    What a turn starts with ``spawn`` goes on beside the loop, and is given time
    to end when the worker is stopped. What it began is never turned away by a
    database that has much to do.
    """

    only_looks = False
    """Whether all it does is to look whether something changed elsewhere."""

    def __init__(self, name: str, clock: Clock) -> None:
        self.name = name
        self.beat_at = 0.0
        self.next_at: float | None = None
        self._clock = clock
        self._woken = asyncio.Event()
        self._asleep = False
        self._stopping = False
        self._loop: asyncio.Task[None] | None = None
        self._tasks = Tasks(name)

    def start(self) -> None:
        """Begin to work, in the running event loop."""
        self._loop = asyncio.create_task(self._run(), name=self.name)

    def wake(self) -> None:
        """Say that there may be something to do. Cheap enough for every click."""
        self._woken.set()

    async def stop(self, grace: float) -> None:
        """Start nothing new; wait ``grace`` seconds for what is under way, then cut it off."""
        self._stopping = True
        self.wake()
        if self._loop is not None:
            _, late = await asyncio.wait({self._loop}, timeout=grace / 2)
            for task in late:
                task.cancel()
        await self._tasks.stop(grace / 2)

    @property
    def busy(self) -> int:
        """How many pieces of work are under way."""
        return len(self._tasks)

    @property
    def at_rest(self) -> bool:
        """Whether it has taken a turn since it was last woken, and nothing is under way."""
        return self._asleep and not self._woken.is_set() and not self.busy

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run ``work`` beside the loop, which takes a turn when it ends."""
        self._tasks.spawn(work).add_done_callback(lambda _: self.wake())

    @abstractmethod
    async def turn(self, now: float) -> float | None:
        """Start what is due; return when the next turn is needed, None for whenever woken."""

    async def _run(self) -> None:
        FINISHING.set(True)
        while True:
            # A last turn takes up what came in just before the end.
            last = self._stopping
            self._woken.clear()
            now = self._clock()
            try:
                next_at = await self.turn(now)
            except Exception:
                log.exception("%s: a turn failed", self.name)
                next_at = now + _AFTER_FAILURE
            self.beat_at = self._clock()
            self.next_at = next_at
            if last:
                return
            # A crowd wakes a worker a thousand times a second; a turn takes up all of them.
            await asyncio.sleep(_BREATH)
            pause = _LONGEST_SLEEP if next_at is None else next_at - self._clock()
            if not self._stopping and pause > 0:
                self._asleep = True
                try:
                    async with asyncio.timeout(min(pause, _LONGEST_SLEEP)):
                        await self._woken.wait()
                except TimeoutError:
                    pass
                self._asleep = False


class QueueWorker(Worker, Generic[T]):
    """Serves one queue: at most ``at_once`` pieces of work side by side.

    A commit that makes some of it due wakes this worker. What fails is tried again after a
    pause, where ``serve`` knows nothing better; what is cut off is free at the next start.
    """

    def __init__(self, work: Work[T], clock: Clock, *, at_once: int) -> None:
        super().__init__(work.name, clock)
        self._work = work
        self._at_once = at_once
        self._holders: Counter[str] = Counter()
        work.on_due(self.wake)

    @abstractmethod
    async def serve(self, work: T, attempts: int) -> Next:
        """Do a piece of work; return what becomes of it. ``attempts`` counts earlier failures."""

    async def tidy(self, now: float) -> None:
        """Do what is to be done now and then; nothing, if there is no such thing."""

    async def turn(self, now: float) -> float | None:
        """Start what is due, the longest waiting first."""
        await self.tidy(now)
        free = self._at_once - self.busy
        if free <= 0:
            return None
        taken = await self._work.claim(now, free, set(self._holders))
        for held in taken.held:
            self._holders[held.holder] += 1
            self.spawn(self._hold(held))
        return taken.next_at

    async def _served(self, held: Held[T]) -> Next:
        try:
            return await self.serve(held.work, held.attempts)
        except SlackError as error:
            log.error("%s: Slack refuses that, or the bot token (%s)", self.name, error.code)
            return Again(_NEW_INSTALL)
        except (SlackUnavailable, RemoteUnavailable) as error:
            log.warning("%s: not now (%s)", self.name, error.why)
            return Again(error.retry_after)
        except Exception:
            log.exception("%s: a piece of work failed", self.name)
            return Again()

    async def _hold(self, held: Held[T]) -> None:
        try:
            then = await self._served(held)
            await self._work.put_back(held, then, self._clock())
        finally:
            self._holders[held.holder] -= 1
            self._holders += Counter()
