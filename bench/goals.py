"""What a measurement is to reach, and what follows where it does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

FAR = 0.2
"""The part of a limit by which a goal may be missed without failing the run: machines differ."""

Bound = Literal["at least", "at most"]
Verdict = Literal["met", "not met", "far off"]


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure with its limit. ``measured`` is infinite where what was waited for never came.

    ``unit`` follows both numbers, ``digits`` are those after the point.
    """

    name: str
    measured: float
    bound: Bound
    limit: float
    unit: str = ""
    digits: int = 2

    @property
    def verdict(self) -> Verdict:
        """Whether it is met; ``far off`` where it is missed by more than a fifth of its limit."""
        at_most = self.bound == "at most"
        beyond = self.measured - self.limit if at_most else self.limit - self.measured
        if beyond <= 0:
            return "met"
        return "far off" if beyond > self.limit * FAR else "not met"

    def line(self) -> str:
        """Return its row in the table."""
        sign = "<=" if self.bound == "at most" else ">="
        limit = f"{sign} {self.limit:g}{self.unit}" if self.limit else "0"
        return row(self.name, self._said(), limit, self.verdict)

    def _said(self) -> str:
        return f"{self.measured:.{self.digits}f}{self.unit}" if isfinite(self.measured) else "never"


def row(name: str, measured: str, limit: str, verdict: str) -> str:
    """Return a row of the table of goals."""
    return f"{name:<44}{measured:>12}{limit:>12}   {verdict}".rstrip()


def lines(goals: Sequence[Goal]) -> list[str]:
    """Return the table of goals."""
    return [row("", "measured", "goal", ""), *(goal.line() for goal in goals)]


def exit_code(goals: Sequence[Goal]) -> int:
    """Return 1 if one of them is missed by more than a fifth, else 0."""
    return int(any(goal.verdict == "far off" for goal in goals))
