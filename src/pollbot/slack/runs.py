"""When somebody who clicks and clicks is told: at once of the first, together of the others."""

from collections.abc import Hashable
from dataclasses import dataclass

BETWEEN = 3.0
"""Seconds: clicks that follow each other within them are one run."""
_LONGEST = 20.0
"""Seconds after which somebody hears of a run that has not ended."""


@dataclass(slots=True)
class _Run:
    last: float
    seen_at: float
    first: float | None = None
    told_at: float | None = None


class Runs:
    """Who clicked where in these seconds, and was told of it; all of it is forgotten soon.

    What somebody is told is not kept here, and is on disk where it has to outlive a restart.
    """

    def __init__(self) -> None:
        self._runs: dict[Hashable, _Run] = {}

    def clicked(self, where: Hashable, at: float, now: float) -> None:
        """Remember a click of which somebody is to be told."""
        if at > now:
            return  # the clock was set back since
        run = self._of(where, now)
        run.last = max(run.last, at)
        run.first = at if run.first is None else min(run.first, at)

    def ready_at(self, where: Hashable, now: float) -> float:
        """Return when they may be told of what they clicked, if they click no more."""
        run = self._runs.get(where)
        if run is None or run.told_at is None:
            return now
        told_at = run.told_at = min(run.told_at, now)
        # A click that came while they were told of others has no part in that.
        if run.first is not None and run.first - told_at > BETWEEN:
            return now
        run.last = min(run.last, now)
        quiet_at = max(run.last, told_at) + BETWEEN
        return max(now, min(quiet_at, told_at + _LONGEST))

    def told(self, where: Hashable, now: float) -> None:
        """Remember that they were told of all until now."""
        run = self._of(where, now)
        run.first, run.told_at = None, now

    def not_told(self, where: Hashable) -> None:
        """Remember that they were not told after all, so that nothing has to wait."""
        if (run := self._runs.get(where)) is not None:
            run.told_at = None

    def _of(self, where: Hashable, now: float) -> _Run:
        run = self._runs.pop(where, None) or _Run(now, now)
        run.seen_at = now
        self._runs[where] = run
        while abs(now - (oldest := next(iter(self._runs.items())))[1].seen_at) > 2 * _LONGEST:
            del self._runs[oldest[0]]
        return run
