"""The time by which pollbot acts: the machine's clock, unless that has just jumped."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

log = logging.getLogger(__name__)

_JUMP = 120.0
"""Seconds between two looks that cannot be a clock that is being adjusted."""

_BELIEVED_AFTER = 60.0
"""Seconds for which a jump has to stand."""


def since_boot() -> float:
    """Return seconds that go on while the machine sleeps, and that nobody can set."""
    # CLOCK_BOOTTIME is Linux's; elsewhere a clock that stands still during sleep has to do.
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class ToldTime:
    """Called, it returns unix seconds.

    A jump of more than two minutes against a clock that nobody can set is not believed until
    it has stood for a minute: what pollbot does at a wrong time (closing a poll, destroying a
    key, leaving out a due time) cannot be undone. Meanwhile time goes on from where it was.
    ``on_step`` hears of each jump that was believed, in seconds.

    ```
                 jump                       stood for a minute
        told ──────────▶ told from before ──────────────────────▶ told, from there on
          ▲                     │
          └──── it is right again
    ```
    """

    def __init__(
        self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = since_boot
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._told = wall()
        self._looked_at = steady()
        self._jumped: float | None = None
        self._doubted_at = 0.0
        self.on_step: list[Callable[[float], None]] = []

    def __call__(self) -> float:
        wall, steady = self._wall(), self._steady()
        expected = self._told + (steady - self._looked_at)
        jump = wall - expected
        believed = 0.0
        if abs(jump) > _JUMP:
            if self._jumped is None or abs(jump - self._jumped) > _JUMP:
                self._doubt(jump, steady)
            if steady - self._doubted_at < _BELIEVED_AFTER:
                wall = expected
            else:
                believed = jump
        elif self._jumped is not None:
            log.warning("the clock is right again; nothing was done by the time that it showed")
            self._jumped = None
        self._told, self._looked_at = wall, steady
        if believed:
            self._believe(believed)
        return wall

    @property
    def doubt(self) -> str:
        """What is wrong with the clock, in a sentence; empty if nothing is."""
        if self._jumped is None:
            return ""
        shown = datetime.fromtimestamp(self._told, UTC).isoformat(timespec="seconds")
        return (
            f"the machine's clock jumped by {self._jumped:+.0f} s; until that has stood for a "
            f"minute pollbot goes by {shown}"
        )

    def _doubt(self, jump: float, steady: float) -> None:
        self._jumped, self._doubted_at = jump, steady
        log.warning(
            "the machine's clock jumped by %+.0f s. Until that has stood for a minute, pollbot "
            "goes on from the time before",
            jump,
        )

    def _believe(self, jump: float) -> None:
        self._jumped = None
        log.warning("the clock has stood for a minute since its jump of %+.0f s: believed", jump)
        for listener in self.on_step:
            listener(jump)
