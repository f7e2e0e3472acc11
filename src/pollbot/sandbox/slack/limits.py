"""How many messages of one app the pretended Slack takes.

Source: docs.slack.dev, "Rate limits": about one message a second in a channel, by whatever
way it comes, with short bursts beyond, and several hundred a minute in a workspace. What a
burst may be is not said; a bucket of 25 that leaks one a second was measured
(RamblingCookieMonster/PSSlack#52).
"""

from __future__ import annotations

import math
from collections import defaultdict, deque

MINUTE = 60.0


class PostLimits:
    """Counts what was posted. A message that was turned away is not counted.

    ``burst`` is how many a channel takes at once before it is one a second: 1 for a Slack that
    tolerates none. ``per_minute`` is the workspace's.
    """

    def __init__(self) -> None:
        self.burst = 25
        self.per_minute = 600
        self._full_until: defaultdict[str, float] = defaultdict(float)
        self._posted: deque[float] = deque()

    def post(self, channel: str, now: float) -> int:
        """Count a message; or return the seconds to wait, where there were too many."""
        if self._posted and self._posted[-1] > now:
            # A clock that was turned back.
            self._posted.clear()
            self._full_until.clear()
        while self._posted and self._posted[0] <= now - MINUTE:
            self._posted.popleft()
        waits = [self._full_until[channel] - now - (self.burst - 1)]
        if len(self._posted) >= self.per_minute:
            waits.append(self._posted[-self.per_minute] + MINUTE - now)
        if max(waits) > 0:
            return max(1, math.ceil(max(waits)))
        self._full_until[channel] = max(self._full_until[channel], now) + 1.0
        self._posted.append(now)
        return 0
