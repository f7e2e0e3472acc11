"""How fast Jira lets pollbot go: writes of one issue, and calls of a whole site."""

from collections.abc import Iterable
from dataclasses import dataclass

from pollbot.web.pace import Pace

# developer.atlassian.com, "Rate limiting": writes per issue, and calls per site and endpoint.
_PER_ISSUE = ((20, 2.0), (100, 30.0))
_PER_SITE = ((50, 1.0),)
_OF_ONE_ISSUE = "jira-per-issue-on-write"
_BUSY = 2.0
"""Seconds for which a 429 without Retry-After holds back what shares its limit."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What may not be written to at a moment, and when the first of it may be again."""

    sites: list[str]
    issues: list[tuple[str, str]]
    until: float | None


class JiraPace:
    """Whoever writes to an issue begins here, and says when Jira has answered."""

    def __init__(self) -> None:
        self._issues: dict[tuple[str, str], Pace] = {}
        self._sites: dict[str, Pace] = {}

    def ready_at(self, site: str, issue_key: str, now: float) -> float:
        """Return the first moment, ``now`` or later, at which the issue may be written to."""
        return max(pace.ready_at(now) for pace in self._paces(site, issue_key))

    def begin(self, site: str, issue_key: str) -> None:
        """Count a write that is under way from now on; ``end`` is to follow."""
        for pace in self._paces(site, issue_key):
            pace.begin()

    def end(self, site: str, issue_key: str, now: float) -> None:
        """Count that a write was answered, or given up."""
        for pace in self._paces(site, issue_key):
            pace.end(now)

    def start(self, site: str, issue_key: str, now: float) -> None:
        """Count a write that is over already."""
        self.recall([(site, issue_key, now)])

    def forget(self) -> None:
        """Forget what is under way and what was written: another pollbot may have led since."""
        self._issues.clear()
        self._sites.clear()

    def recall(self, writes: Iterable[tuple[str, str, float]]) -> None:
        """Count what an earlier run has written: site, issue, and the latest moment, in order."""
        for site, issue_key, at in writes:
            for pace in self._paces(site, issue_key):
                pace.start(at)

    def asked_to_wait(
        self, site: str, issue_key: str, cause: str, seconds: float, now: float
    ) -> None:
        """Hold back what shares the limit that a 429 with that RateLimit-Reason speaks of."""
        one_issue, whole_site = self._paces(site, issue_key)
        pace = one_issue if cause == _OF_ONE_ISSUE else whole_site
        pace.pause_until(now + max(seconds, _BUSY))

    def held_back(self, now: float) -> HeldBack:
        """Return what has to wait, after forgetting what holds nothing back."""
        self._issues = {at: pace for at, pace in self._issues.items() if not pace.idle_at(now)}
        sites = {site: pace.ready_at(now) for site, pace in self._sites.items()}
        issues = {at: pace.ready_at(now) for at, pace in self._issues.items()}
        waits = [moment for moment in (*sites.values(), *issues.values()) if moment > now]
        return HeldBack(
            [site for site, moment in sites.items() if moment > now],
            [at for at, moment in issues.items() if moment > now],
            min(waits, default=None),
        )

    def _paces(self, site: str, issue_key: str) -> tuple[Pace, Pace]:
        of_issue = self._issues.setdefault((site, issue_key), Pace(*_PER_ISSUE))
        return of_issue, self._sites.setdefault(site, Pace(*_PER_SITE))
