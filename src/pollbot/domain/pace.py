"""How fast somebody else's server lets us go."""

from collections import deque

_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 30.0


class Pace:
    """Allows at most ``n`` starts in any ``seconds``, for each given window.

    Time comes in as an argument, in seconds of any one clock.
    """

    def __init__(self, *windows: tuple[int, float]) -> None:
        self._windows = windows
        self._most = max(n for n, _ in windows)
        self._starts: deque[float] = deque(maxlen=self._most)
        self._not_before = float("-inf")

    def ready_at(self, now: float) -> float:
        """Return the first moment, ``now`` or later, at which a start is allowed."""
        moment = max(now, self._not_before)
        for n, seconds in self._windows:
            if len(self._starts) >= n:
                moment = max(moment, self._starts[-n] + seconds)
        return moment

    def start(self, now: float) -> None:
        """Count one start."""
        self._starts.append(now)

    def pause_until(self, moment: float) -> None:
        """Allow nothing before ``moment``; a shorter pause never shortens a longer one."""
        self._not_before = max(self._not_before, moment)

    def idle_at(self, now: float) -> bool:
        """Return whether forgetting this object would change nothing from ``now`` on."""
        longest = max(seconds for _, seconds in self._windows)
        return self._not_before <= now and (not self._starts or self._starts[-1] + longest <= now)


def redraw_pause(storm: float) -> float:
    """Return the seconds until a card may be drawn again, ``storm`` seconds into a storm.

    Slack tolerates bursts of chat.update, but about 50 a minute for a whole
    workspace; one per 3 s and message is what lasts.
    """
    return 1.0 if storm < 10.0 else 3.0


def pause_before_retry(attempts: int, jitter: float, asked_for: float = 0.0) -> float:
    """Return the seconds to wait after ``attempts`` failures.

    Atlassian's advice (developer.atlassian.com, "Rate limiting"): start at 2 s,
    double, stop at 30 s, vary by ``jitter`` (0.7 to 1.3), and never come back
    sooner than Retry-After, here ``asked_for``.
    """
    doubled = _FIRST_PAUSE * 2.0 ** min(attempts - 1, 10)
    return max(min(doubled, _LONGEST_PAUSE) * jitter, asked_for)
