"""The clock of the pretended world: real time, and what it was moved ahead of that."""

from __future__ import annotations

import time
from collections.abc import Callable

MOST_AHEAD = 3653 * 86400.0
"""Ten years."""


class Clock:
    """Called, it returns unix seconds. ``on_move`` hears of every change of ``ahead``.

    Moving ``ahead`` lets time pass. ``wrong`` is how far the machine shows something else:
    a clock that was set, while time went on as before.
    ``rests_until`` may tell when pollbot has something to do next, if it has nothing to do now.
    ``real`` and ``passed`` are what it goes by.
    """

    def __init__(
        self,
        real: Callable[[], float] = time.time,
        passed: Callable[[], float] = time.monotonic,
    ) -> None:
        self.real = real
        """Returns unix seconds, as if nobody had ever moved it."""
        self._passed = passed
        self.on_move: list[Callable[[], None]] = []
        self.rests_until: Callable[[], float | None] = lambda: None
        self.wrong = 0.0
        self._ahead = 0.0

    def __call__(self) -> float:
        return self.real() + self._ahead

    def shown(self) -> float:
        """Return what the machine's clock shows."""
        return self() + self.wrong

    def steady(self) -> float:
        """Return seconds that only time moves."""
        return self._passed() + self._ahead

    @property
    def ahead(self) -> float:
        """Seconds between real time and this clock."""
        return self._ahead

    @ahead.setter
    def ahead(self, seconds: float) -> None:
        self._ahead = seconds
        for listener in list(self.on_move):
            listener()

    def skip_rest(self, at_most: float) -> float:
        """Move ahead to the end of pollbot's rest, if it rests; return by how many seconds."""
        until = self.rests_until()
        if until is None or not 0 < (seconds := until - self()) <= at_most:
            return 0.0
        self.ahead += seconds
        return seconds
