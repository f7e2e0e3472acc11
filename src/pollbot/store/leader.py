"""Which of several pollbots on one database does what is due, and that only this one does."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Protocol

from pollbot.errors import StorageUnavailable
from pollbot.store.worker import Clock, Worker
from pollbot.store.writer import LEADER

log = logging.getLogger(__name__)

_BETWEEN_TRIES = 0.5
_AT_DOORS = 20.0


class Lead(Protocol):
    """The place of the one that leads."""

    shared: bool
    """Whether others may want it, too."""

    async def take(self) -> int | None:
        """Return its number, if it is ours now; None while another one has it."""

    async def keep(self) -> None:
        """Keep it; return once it is lost."""

    async def let_go(self) -> None:
        """Let another one have it."""


class AlwaysLeads:
    """The place of the one process that has a file."""

    shared = False

    async def take(self) -> int | None:
        """Return the only number that there is."""
        return 0

    async def keep(self) -> None:
        """Keep it for good."""
        await asyncio.Event().wait()

    async def let_go(self) -> None:
        """Nothing is to be done: the next process takes it with the file."""


class Leading:
    """Has workers work while this pollbot leads, after ``take_up`` took up what was left.

    ```
                   lock                     taken up
        follows ──────────▶ takes up what ──────────▶ leads
          ▲                 others left                 │
          └────────────── workers are cut off ◀─────────┘
                                            session lost
    ```

    What an earlier leader still begins, one that stood still and does not know yet, carries its
    number and is refused (``LEADER``).
    """

    def __init__(
        self,
        lead: Lead,
        take_up: Callable[[float], Awaitable[None]],
        workers: Sequence[Worker],
        clock: Clock,
    ) -> None:
        self._lead = lead
        self._take_up = take_up
        self._workers = workers
        self._clock = clock
        self._going: asyncio.Task[None] | None = None
        self._stopping = False
        self.leads = False

    async def start(self) -> None:
        """Lead at once, if nobody else does; else as soon as nobody does any more.

        Raises StorageUnavailable where it leads and what was left cannot be taken up.
        """
        await self._try()
        self._going = asyncio.create_task(self._go_on(), name="leading")

    async def stop(self, grace: float) -> None:
        """Bring what is under way to its end, for at most ``grace`` seconds; then let go."""
        self._stopping = True
        await asyncio.gather(*(worker.stop(grace) for worker in self._workers))
        if self._going is not None:
            self._going.cancel()
            with suppress(asyncio.CancelledError):
                await self._going
        self.leads = False
        await self._lead.let_go()

    async def _go_on(self) -> None:
        while True:
            try:
                if self.leads:
                    await self._lead.keep()
                    await self._cut_off()
                await asyncio.sleep(_BETWEEN_TRIES)
                if not self._stopping:
                    await self._try()
            except StorageUnavailable:
                log.debug("what was left could not be taken up; it is tried again")
            except Exception:
                log.exception("leading failed; it is tried again")

    async def _try(self) -> None:
        number = await self._lead.take()
        if number is None:
            return
        # In a context of its own, which all goes on in that the workers begin.
        try:
            await asyncio.create_task(self._begin(number))
        except (Exception, asyncio.CancelledError):
            await self._lead.let_go()
            raise

    async def _begin(self, number: int) -> None:
        LEADER.set(number)
        await self._take_up(self._clock())
        if self._stopping:
            return
        for worker in self._workers:
            worker.start()
        self.leads = True
        if self._lead.shared:
            log.info("this pollbot leads now, as number %d: it does what is due", number)

    async def _cut_off(self) -> None:
        self.leads = False
        if not self._stopping:
            log.warning("another pollbot may lead now: what was under way here is cut off")
            await asyncio.gather(*(worker.stop(0) for worker in self._workers))
        await self._lead.let_go()


class LeftAtDoors(Worker):
    """Takes up what doors have left that ended, while others live: it looks again and again."""

    only_looks = True

    def __init__(self, take_up: Callable[[float], Awaitable[None]], clock: Clock) -> None:
        super().__init__("left at doors", clock)
        self._take_up = take_up

    async def turn(self, now: float) -> float | None:
        """Take up what is old enough by now."""
        await self._take_up(now)
        return now + _AT_DOORS
