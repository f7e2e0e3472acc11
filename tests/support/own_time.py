"""Time as the tests have it: seconds in which a busy machine gave them no turn do not pass.

Slack's three seconds, and each patience of pollbot's own, are real ones. A machine that has other
things to do may stand still for as long, and nobody could have answered in time. So the loop of
all tests counts what it waited, a short while at a time, and what the process computed.
"""

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Self

from pollbot.sandbox import clock

_A_WHILE = 0.05
"""Seconds that may pass between two looks; of a longer break only so many count."""


class _Seconds:
    """The seconds that passed for this process so far. Any thread may ask."""

    def __init__(self) -> None:
        # As one value, since another thread may look between two steps.
        self._passed: tuple[float, float | None] = (0.0, time.process_time())

    def __call__(self) -> float:
        passed, computing_since = self._passed
        if computing_since is None:
            return passed
        return passed + time.process_time() - computing_since

    def wait(self) -> None:
        """Count no more what is computed: the loop waits."""
        self._passed = self(), None

    def go_on(self, waited: float) -> None:
        self._passed = self() + waited, time.process_time()


seconds = _Seconds()


class _Selector(selectors.DefaultSelector):
    """Waits a while at most, as a loop may do at any time, and counts how long."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        asked = _A_WHILE if timeout is None else min(max(timeout, 0.0), _A_WHILE)
        began = time.monotonic()
        seconds.wait()
        try:
            return super().select(asked)
        finally:
            seconds.go_on(min(time.monotonic() - began, asked))


class OwnLoop(asyncio.SelectorEventLoop):
    """The standard library's loop, on which time passes as told above."""

    def __init__(self) -> None:
        super().__init__(_Selector())

    def time(self) -> float:
        return seconds()


class Clock(clock.Clock):
    """The sandbox's clock, from now on as fast as the loop; on another it would stand still."""

    def __init__(self) -> None:
        with suppress(RuntimeError):
            assert isinstance(asyncio.get_running_loop(), OwnLoop), "see run, below"
        began = time.time() - seconds()
        super().__init__(lambda: began + seconds(), seconds)

    @classmethod
    def begun(cls, at: float) -> Self:
        """Return a clock that shows this moment, in unix seconds, and goes on from there.

        It is for whoever speaks of days: what is ahead today is past some day.
        """
        clock = cls()
        clock.ahead = at - clock()
        return clock


def run(story: Coroutine[Any, Any, None]) -> None:
    """Run it on a loop of its own, for a test that is no coroutine."""
    with asyncio.Runner(loop_factory=OwnLoop) as runner:
        runner.run(story)


@contextmanager
def own_time() -> Iterator[Callable[[], float]]:
    """Within it, what it gives returns the loop's seconds since the beginning."""
    began = seconds()
    yield lambda: seconds() - began
