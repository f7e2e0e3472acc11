"""How fast somebody else's server lets us go."""

from collections import deque

_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 30.0
_LONGEST_ASKED_FOR = 3600.0


class Pace:
    """Allows at most ``n`` calls in any ``seconds``, for each window, as the other side counts.

    That side counts a call when it arrives, by its own clock, in windows that are fixed or
    slide. Known here is only that a call arrives after it began and before it was answered.
    So one under way counts as made just now, and one that is over as made when it ended: then
    no stretch of ``seconds`` holds more than ``n`` arrivals, wherever their windows begin.

    Time comes in as an argument, in seconds of any one clock. If that is set back, nothing
    waits for longer than its own window, or an hour.
    """

    def __init__(self, *windows: tuple[int, float]) -> None:
        self._windows = windows
        self._ends: deque[float] = deque(maxlen=max(n for n, _ in windows))
        self._under_way = 0
        self._not_before = float("-inf")

    def ready_at(self, now: float) -> float:
        """Return the first moment, ``now`` or later, at which a call may begin.

        While calls are under way it may turn out to be later, never sooner.
        """
        self._set_back(now)
        moment = max(now, self._not_before)
        for n, seconds in self._windows:
            if self._under_way >= n:
                moment = max(moment, now + seconds)
            elif len(self._ends) >= n - self._under_way:
                moment = max(moment, self._ends[self._under_way - n] + seconds)
        return moment

    def begin(self) -> None:
        """Count one call that is under way from now on; ``end`` is to follow."""
        self._under_way += 1

    def end(self, now: float) -> None:
        """Count that a call which was under way was answered, or given up."""
        self._set_back(now)
        self._under_way -= 1
        self._ends.append(now)

    def start(self, now: float) -> None:
        """Count one call that arrives as soon as it begins."""
        self.begin()
        self.end(now)

    def pause_until(self, moment: float) -> None:
        """Allow nothing before ``moment``; a shorter pause never shortens a longer one."""
        self._not_before = max(self._not_before, moment)

    def idle_at(self, now: float) -> bool:
        """Return whether forgetting this object would change nothing from ``now`` on."""
        self._set_back(now)
        longest = max(seconds for _, seconds in self._windows)
        return (
            not self._under_way
            and self._not_before <= now
            and (not self._ends or self._ends[-1] + longest <= now)
        )

    def _set_back(self, now: float) -> None:
        """Move what lies ahead of the clock, since that was set back, to where it may have been."""
        self._not_before = no_later(self._not_before, now, _LONGEST_ASKED_FOR)
        if self._ends and self._ends[-1] > now:
            self._ends = deque((no_later(end, now, 0.0) for end in self._ends), self._ends.maxlen)


def no_later(moment: float, now: float, longest: float) -> float:
    """Return the moment of something that was to wait for ``longest`` at most.

    One that lies further ahead was kept before the clock was set back: nothing waits
    longer from now than its own longest pause. What is over was so at ``longest`` 0.
    """
    return min(moment, now + longest)


def redraw_pause(storm: float) -> float:
    """Return the seconds until a card may be drawn again, ``storm`` seconds into a storm.

    Slack tolerates bursts of chat.update, but about 50 a minute for a whole
    workspace; one per 3 s and message is what lasts. Until then a card is whole within a second
    of the last click: so long takes the pause with what it takes Slack to answer.
    """
    return 0.75 if storm < 10.0 else 3.0


def pause_before_retry(attempts: int, jitter: float, asked_for: float = 0.0) -> float:
    """Return the seconds to wait after ``attempts`` failures.

    Atlassian's advice (developer.atlassian.com, "Rate limiting"): start at 2 s,
    double, stop at 30 s, vary by ``jitter`` (0.7 to 1.3), and never come back
    sooner than Retry-After, here ``asked_for``.
    """
    doubled = _FIRST_PAUSE * 2.0 ** min(attempts - 1, 10)
    return max(min(doubled, _LONGEST_PAUSE) * jitter, asked_for)
