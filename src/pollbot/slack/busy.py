"""Where Slack asked us to wait: one pause for all of a workspace that go the same way."""

from collections.abc import Iterator
from contextlib import contextmanager

from pollbot.errors import NotYet, SlackBusy, SlackError, SlackUnavailable
from pollbot.store.worker import Clock
from pollbot.web.pace import no_later
from pollbot.web.pauses import OF_SLACK

_UNSAID = 1.0
"""Seconds to wait after a 429 without Retry-After."""
_FIRST = 0.5
"""Seconds for which the others wait for what becomes of the first one after a pause."""


class Busy:
    """Who has to wait. Slack limits each method in each workspace (docs.slack.dev, rate-limits).

    After a 429 nothing of that workspace goes this way until its Retry-After is over. Then one
    goes first, so that a crowd need not hear it one by one that Slack still wants to wait. One
    that Slack does not answer soon holds up nobody.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[tuple[str, str], float] = {}
        self._one_left: set[tuple[str, str]] = set()
        """Where one has gone first since the last 429."""

    @contextmanager
    def going(self, team_id: str, way: str) -> Iterator[None]:
        """Ask Slack once within this. Raises NotYet if that has to wait."""
        where, now = (team_id, way), self._clock()
        until = self._ready_at(where, now)
        if until > now:
            raise NotYet(until, until - now)
        is_first = where in self._until and where not in self._one_left
        if is_first:
            self._until[where] = now + _FIRST
            self._one_left.add(where)
        elif where in self._until:
            self._over(where)
        try:
            yield
        except SlackBusy as error:
            asked_until = self._clock() + (error.retry_after or _UNSAID)
            self._until[where] = max(asked_until, self._until.get(where, asked_until))
            self._one_left.discard(where)
            raise
        except SlackUnavailable:
            raise
        except SlackError:
            if is_first:
                self._over(where)
            raise
        else:
            # What was under way when Slack began to want to wait says nothing of now.
            if is_first:
                self._over(where)

    def teams(self, way: str) -> dict[str, float]:
        """Return the workspaces that have to wait with that now, and until when each has to."""
        now = self._clock()
        waits = {where[0]: self._ready_at(where, now) for where in self._until if where[1] == way}
        return {team_id: until for team_id, until in waits.items() if until > now}

    def _over(self, where: tuple[str, str]) -> None:
        self._until.pop(where, None)
        self._one_left.discard(where)

    def _ready_at(self, where: tuple[str, str], now: float) -> float:
        if where not in self._until:
            return now
        self._until[where] = no_later(self._until[where], now, OF_SLACK)
        return self._until[where]
