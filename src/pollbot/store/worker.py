"""Loops that do what is due and sleep until more is."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

from pollbot import errands
from pollbot.errors import (
    ContentRefused,
    InstallBroken,
    JiraUnavailable,
    NotLookedUp,
    NotYet,
    SiteMoved,
    SlackError,
    SlackUnavailable,
    SourceUnavailable,
    SourceUnusable,
    StorageUnavailable,
)
from pollbot.store.deliveries import DoneElsewhere
from pollbot.store.queue import EVERYTHING, Again, Held, Later, Next, Only, Parked, Work
from pollbot.store.writer import FINISHING

log = logging.getLogger(__name__)

T = TypeVar("T")

Clock = Callable[[], float]
"""Returns unix seconds."""

_LONGEST_SLEEP = 10.0
_AFTER_FAILURE = 2.0
_BREATH = 0.03
_ONE_AFTER_THE_OTHER = 0.5
_HOUSEKEEPING = 60.0
_AFTER_LOST = 30.0
_UNTIL_MENDED = 60.0
"""Seconds after which it is worth a try whether somebody has mended the installation."""


def pause_after(error: SlackUnavailable) -> float:
    """Return the seconds after which it is time to try again, at the earliest.

    What lost the first answer shall not lose the second.
    """
    return max(error.retry_after, _AFTER_LOST if error.lost else 0.0)


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
        except StorageUnavailable:
            log.debug("%s: a piece of work waits for the database", self._name)
        except DoneElsewhere:
            log.debug("%s: another pollbot did what Slack brought here, too", self._name)
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
        """Begin to work, in the running event loop; again, if it was stopped."""
        self._stopping, self._asleep, self.next_at = False, False, None
        # The first turn may take its time on a busy machine, and is no silence.
        self.beat_at = self._clock()
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
            await asyncio.gather(self._loop, return_exceptions=True)
            self._loop = None
        await self._tasks.stop(grace / 2)

    @property
    def works(self) -> bool:
        """Whether it was started, and not stopped since."""
        return self._loop is not None

    @property
    def busy(self) -> int:
        """How many pieces of work are under way."""
        return len(self._tasks)

    @property
    def at_rest(self) -> bool:
        """Whether it has taken a turn since it was last woken, and nothing is under way."""
        idle = self._asleep and not self._woken.is_set() and not self.busy
        return idle or not self.works

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
            except StorageUnavailable:
                # The writer says so, once; nine workers need not repeat it.
                next_at = now + _AFTER_FAILURE
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


class Claimer(Worker, Generic[T]):
    """Claims what is due of one queue, at most ``at_once`` pieces of work side by side.

    A commit that makes some of it due wakes this worker. What fails is tried again after a
    pause, where nothing better is known; what is cut off is free at the next start.
    """

    def __init__(self, work: Work[T], clock: Clock, *, at_once: int) -> None:
        super().__init__(work.name, clock)
        self._work = work
        self._at_once = at_once
        self._holders: dict[tuple[Any, ...], str] = {}
        self._tidied_at = 0.0
        work.on_due(self.wake)

    def start(self) -> None:
        """Begin to work, with nothing held: what was is taken up by whoever leads."""
        self._holders.clear()
        self._tidied_at = 0.0
        super().start()

    def room(self) -> int:
        """Return how many more pieces of work may be begun in this turn."""
        return self._at_once - self.busy

    @abstractmethod
    def begin(self, held: list[Held[T]]) -> None:
        """Start to serve what was claimed, with ``spawn``; all of it is put back in the end."""

    async def tidy(self, now: float) -> None:
        """Do what is to be done once a minute; nothing, if there is no such thing."""

    async def turn(self, now: float) -> float | None:
        """Start what is due, the longest waiting first."""
        # Forth or back: the clock may have been set.
        if abs(now - self._tidied_at) >= _HOUSEKEEPING:
            self._tidied_at = now
            await self.tidy(now)
        free = self.room()
        if free <= 0:
            return None
        only, until = self.held_back(now)
        taken = await self._work.claim(now, free, set(self._holders.values()), only)
        mine = []
        for held in taken.held:
            if self.is_serving(held.key):
                # Its row was deleted and made anew while it was served: one after the other.
                await self._work.put_back(held, Later(now + _ONE_AFTER_THE_OTHER), now)
            else:
                self._holders[held.key] = held.holder
                mine.append(held)
        self.begin(mine)
        return min((at for at in (taken.next_at, until) if at is not None), default=None)

    def held_back(self, now: float) -> tuple[Only, float | None]:
        """Return which of it may be claimed now, and when the rest may be."""
        return EVERYTHING, None

    def is_serving(self, key: tuple[Any, ...]) -> bool:
        """Return whether the work of that row is under way."""
        return key in self._holders

    async def put_back(self, held: Held[T], then: Next) -> None:
        """Let go of a piece of work, and keep what becomes of it."""
        await self._work.put_back(held, then, self._clock())
        self.let_go([held])

    async def outcome(self, serving: Awaitable[Next]) -> Next:
        """Return what becomes of work by how serving it went."""
        try:
            return await serving
        except InstallBroken as error:
            log.debug("%s: Slack refuses the bot token (%s)", self.name, error.code)
            return Again(_UNTIL_MENDED)
        except ContentRefused as error:
            log.error("%s: Slack refuses what is said: %s %s", self.name, error.code, error.where)
            return Parked()
        except SlackError as error:
            log.error("%s: Slack refuses that (%s)", self.name, error.code)
            return Again(_UNTIL_MENDED)
        except NotLookedUp as error:
            log.debug("%s: Slack does not tell that of a person (%s)", self.name, error.untold)
            return Again() if error.passing else Again(_UNTIL_MENDED)
        except NotYet as error:
            return Later(error.until)
        except SlackUnavailable as error:
            log.debug("%s: Slack is away (%s)", self.name, error.why)
            return Again(pause_after(error))
        except (JiraUnavailable, SourceUnavailable) as error:
            log.debug("%s: not now (%s)", self.name, error.why)
            return Again(error.retry_after)
        except SiteMoved as error:
            return Again(error.retry_after)
        except SourceUnusable as error:
            log.debug("%s: not before an admin mends it: %s", self.name, error)
            return Again(_UNTIL_MENDED)
        except StorageUnavailable:
            return Again()
        except Exception:
            log.exception("%s: a piece of work failed", self.name)
            return Again()

    def let_go(self, held: list[Held[T]]) -> None:
        """Stop to hold what could not be put back: it is free when its lease is over.

        What was put back and claimed again meanwhile is somebody else's.
        """
        for one in held:
            if self._holders.get(one.key) == one.holder:
                del self._holders[one.key]


class QueueWorker(Claimer[T]):
    """Serves one queue piece by piece."""

    @abstractmethod
    async def serve(self, work: T, attempts: int) -> Next:
        """Do a piece of work; return what becomes of it. ``attempts`` counts earlier failures."""

    def begin(self, held: list[Held[T]]) -> None:
        """Serve each piece beside the others."""
        for one in held:
            self.spawn(self._serve(one))

    async def _serve(self, held: Held[T]) -> None:
        with errands.under(held.errand):
            try:
                await self.put_back(held, await self.outcome(self.serve(held.work, held.attempts)))
            finally:
                self.let_go([held])
