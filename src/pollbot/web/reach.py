"""What the log has of calls to other sides: one line when one is away, and one when it is back.

Whatever fails meanwhile is a line at DEBUG, however many wait for that side. Which errand a call
was made for stands in its line, as in every other.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from pollbot.errors import (
    InstallBroken,
    JiraBusy,
    JiraUnavailable,
    SlackBusy,
    SlackUnavailable,
    SourceBusy,
    SourceUnavailable,
    SourceUnusable,
)
from pollbot.web.watched import Watch

log = logging.getLogger(__name__)

STEADY = 60.0
"""Seconds for which a side has to be back, or away again, before that is told anew."""

_BUSY = (SlackBusy, JiraBusy, SourceBusy)
_AWAY = (SlackUnavailable, JiraUnavailable, SourceUnavailable, SourceUnusable, InstallBroken)
_CHANGES = ("POST ", "PUT ", "DELETE ")
# Asked by POST, since a query may be long.
_ONLY_READS = ("jql", "approximate-count", "check")


@dataclass(slots=True)
class _Side:
    """``away_since`` is None while it answers; ``told``: the log says that it is away."""

    away_since: float | None = None
    told: bool = False
    back_at: float | None = None


class Reach:
    """Which sides are away, as far as the last calls told. ``clock`` returns seconds.

    ```
                 a call fails                       another fails, STEADY after it was back
        answers ──────────────▶ away, not told yet ─────────────────────────────────────▶ told
           ▲                             │            (at once, if it was not away lately)  │
           └──── a call is answered that began after that ──────────────────────────────────┘
    ```
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sides: dict[str, _Side] = {}

    def to(self, name: str) -> Watch:
        """Return what is to be told of each call to the side of that name."""

        def heard(what: str, failure: BaseException | None, seconds: float) -> None:
            self._hear(name, what, failure, seconds)

        return heard

    def failed(self, name: str, why: str, *, level: int = logging.WARNING) -> None:
        """Hear that a side does not answer; tell it once for as long as it is away."""
        now, side = self._clock(), self._sides.setdefault(name, _Side())
        if side.away_since is None or side.away_since > now:
            side.away_since = now
        lately = side.back_at is not None and 0 <= now - side.back_at < STEADY
        if side.told or (lately and now - side.away_since < STEADY):
            return
        side.told = True
        log.log(level, "%s is away: %s", name, why)

    def answered(self, name: str, since: float = 0.0) -> None:
        """Hear that a side answers to what was asked ``since`` seconds ago."""
        side = self._sides.get(name)
        now = self._clock()
        if side is None or side.away_since is None or side.away_since > now - since:
            return
        if side.told:
            log.info("%s is back after %.0f s", name, now - side.away_since)
            side.back_at = now
        side.away_since, side.told = None, False

    def away(self, begin: str) -> int:
        """Return how many sides whose names begin so are away, as far as the last calls told."""
        return sum(
            name.startswith(begin) and side.away_since is not None
            for name, side in self._sides.items()
        )

    def _hear(self, name: str, what: str, failure: BaseException | None, seconds: float) -> None:
        if failure is not None and not isinstance(failure, Exception):
            return  # we gave up ourselves, at the end of the program or of somebody's patience
        of_one = isinstance(failure, InstallBroken) and bool(failure.team_id)
        away = isinstance(failure, _AWAY) and not isinstance(failure, _BUSY) and not of_one
        is_news = failure is not None or (
            what.startswith(_CHANGES) and not what.endswith(_ONLY_READS)
        )
        level = logging.INFO if is_news and not away else logging.DEBUG
        log.log(level, "%s: %s: %s after %.0f ms", name, what, _became(failure), seconds * 1000)
        if failure is not None and away:
            wrong = isinstance(failure, InstallBroken | SourceUnusable)
            level = logging.ERROR if wrong else logging.WARNING
            self.failed(name, _said(failure), level=level)
        else:
            self.answered(name, seconds)


def _became(failure: Exception | None) -> str:
    return "ok" if failure is None else f"no ({_said(failure)})"


def _said(failure: Exception) -> str:
    """Return in a code of the other side's, or in a word of ours, what failed."""
    if isinstance(failure, InstallBroken) and failure.team_id:
        return f"Slack refuses the token of {failure.team_id} ({failure.code})"
    if isinstance(failure, InstallBroken):
        return f"Slack refuses the bot token ({failure.code})"
    for name in ("code", "why", "status", "cause"):
        if said := getattr(failure, name, None):
            return str(said)
    return type(failure).__name__
