"""Reading an issue back once for all who wait for its count."""

import asyncio

from pollbot.errors import AccountRefused, JiraError, JiraUnavailable, SiteMoved
from pollbot.jira.issues import Issue, IssueAt
from pollbot.jira.sites import Sites
from pollbot.people import Account
from pollbot.store.worker import Clock

_PATIENCE = 2.0
"""Seconds for which a reading under way is waited for; Jira mostly needs less than one."""
_Found = tuple[Issue | None, float]


class Readings:
    """One call after the other for each issue; each begins after all whom it serves asked.

    So everybody's own vote is in what they are given. It is read as one of them: a count
    is the same for all who may vote. Whose account fails is given nothing, and the next
    of them reads; for whom Jira takes long, nobody else waits for long.
    """

    def __init__(self, sites: Sites, clock: Clock) -> None:
        self._sites = sites
        self._clock = clock
        self._next: dict[IssueAt, asyncio.Future[_Found | None]] = {}
        self._under_way: dict[IssueAt, asyncio.Future[_Found | None]] = {}

    async def from_now(self, site: str, key: str, account: Account) -> _Found:
        """Return the issue as it is from now on, None if it cannot be read, and since when."""
        at = IssueAt(site, key)
        while (shared := self._next.get(at)) is not None:
            await asyncio.wait({shared}, timeout=2 * _PATIENCE)
            if not shared.done():
                break
            if (found := shared.result()) is not None:
                return found
        mine = self._next[at] = asyncio.get_running_loop().create_future()
        found = None
        try:
            while (before := self._under_way.get(at)) is not None:
                await asyncio.wait({before}, timeout=_PATIENCE)
                if not before.done():
                    break
            # Whoever asks from here on waits for the next one.
            if self._next.get(at) is mine:
                del self._next[at]
            self._under_way[at] = mine
            read_at = self._clock()
            try:
                found = (await self._sites.jira(site).issue(key, account, known=True), read_at)
            except (JiraUnavailable, SiteMoved):
                found = (None, read_at)
            except (AccountRefused, JiraError):
                return None, read_at
            return found
        finally:
            for place in (self._next, self._under_way):
                if place.get(at) is mine:
                    del place[at]
            mine.set_result(found)
