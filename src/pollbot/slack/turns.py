"""Words leave in the order they came: so many at once, and few while people wait for an answer.

A thousand people who press within a second are owed a thousand words. All at once these would open
a connection each, and take the processor from those whom Slack gives three seconds to be answered.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_MOST = 64
_FEWEST = 4
_RUSH = 8
"""Deliveries that wait for their answer at once before words are held back for them."""
_LONGEST = 2.0
"""Seconds for which a word is held back by those who wait for an answer."""
_SLOW = 1.0
"""Seconds after which one under way takes no other's place: who hangs holds up nobody."""
_LOOK = 0.05


class Turns:
    """Who may say something now. ``answering`` is how many deliveries wait for their answer."""

    def __init__(self) -> None:
        self.answering = 0
        self._taken = 0
        self._waiting: deque[tuple[float, asyncio.Future[None]]] = deque()
        self._look: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn, and let the next one have theirs afterwards."""
        loop = asyncio.get_running_loop()
        if self._waiting or self._taken >= self._room(loop.time()):
            mine = loop.create_future()
            self._waiting.append((loop.time(), mine))
            self._look_again(loop)
            try:
                await mine
            except asyncio.CancelledError:
                if mine.done() and not mine.cancelled():
                    self._leave()
                raise
        else:
            self._taken += 1
        has_left = False

        def leave() -> None:
            nonlocal has_left
            if not has_left:
                has_left = True
                self._leave()

        slow = loop.call_later(_SLOW, leave)
        try:
            yield
        finally:
            slow.cancel()
            leave()

    def _leave(self) -> None:
        self._taken -= 1
        self._go()

    def _go(self) -> None:
        """Let those go on for whom there is room now."""
        loop = asyncio.get_running_loop()
        while self._waiting and self._taken < self._room(loop.time()):
            _, turn = self._waiting.popleft()
            if not turn.done():
                self._taken += 1
                turn.set_result(None)
        if self._waiting:
            self._look_again(loop)

    @property
    def in_a_rush(self) -> bool:
        """Whether many wait for their answer, and what can wait leaves them the processor."""
        return self.answering >= _RUSH

    def _room(self, now: float) -> int:
        has_waited = bool(self._waiting) and now - self._waiting[0][0] >= _LONGEST
        return _FEWEST if self.in_a_rush and not has_waited else _MOST

    def _look_again(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._look is None:
            self._look = loop.call_later(_LOOK, self._looked)

    def _looked(self) -> None:
        self._look = None
        self._go()
