"""How much the pretended Jira takes, and its answer when that was too much.

Numbers and headers: developer.atlassian.com, "Rate limiting" for Jira Cloud.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import UTC, datetime

from aiohttp import web

WRITES_PER_ISSUE = ((20, 2.0), (100, 30.0))
CALLS_PER_SECOND = {"GET issue": 150, "POST count": 150, "DELETE votes": 50, "PUT comment": 50}
CALLS_PER_SECOND_OTHERWISE = 100


class Limits:
    """Counts calls in sliding windows. A call that was turned away is not counted."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._calls: dict[str, deque[float]] = defaultdict(deque)
        self._writes: dict[str, deque[float]] = defaultdict(deque)

    def call(self, name: str) -> web.Response | None:
        """Count one call of an endpoint; return the 429 when this second is full."""
        limit = CALLS_PER_SECOND.get(name, CALLS_PER_SECOND_OTHERWISE)
        wait = self._wait(self._calls[name], ((limit, 1.0),))
        return too_many(self._now(), wait, "jira-burst-based", limit) if wait else None

    def write(self, issue_id: str) -> web.Response | None:
        """Count one write to an issue; return the 429 when a window of that issue is full."""
        wait = self._wait(self._writes[issue_id], WRITES_PER_ISSUE)
        if not wait:
            return None
        return too_many(self._now(), wait, "jira-per-issue-on-write", WRITES_PER_ISSUE[0][0])

    def _wait(self, taken: deque[float], windows: tuple[tuple[int, float], ...]) -> float:
        """Return how long to wait, or count the moment and return 0."""
        now = self._now()
        longest = max(seconds for _, seconds in windows)
        while taken and taken[0] <= now - longest:
            taken.popleft()
        wait = 0.0
        for limit, seconds in windows:
            if len(taken) >= limit:
                wait = max(wait, taken[-limit] + seconds - now)
        if not wait:
            taken.append(now)
        return wait


def too_many(now: float, wait: float, reason: str, limit: int) -> web.Response:
    """Return Jira's 429. The reset is an ISO instant, the wait is in whole seconds."""
    seconds = max(1, math.ceil(wait))
    reset = datetime.fromtimestamp(now + seconds, UTC)
    return web.json_response(
        {"errorMessages": ["Rate limit exceeded."], "errors": {}},
        status=429,
        headers={
            "Retry-After": str(seconds),
            "RateLimit-Reason": reason,
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": reset.isoformat(timespec="seconds").replace("+00:00", "Z"),
        },
    )
