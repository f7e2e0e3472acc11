"""Accounts that were connected by signing in: whose turn it is to refresh, and with what."""

import asyncio
import logging

from pollbot.accounts.grant_rows import Grant, GrantRows
from pollbot.accounts.rules import grant_in
from pollbot.errors import AccountRefused
from pollbot.jira.atlassian import Atlassian
from pollbot.store.worker import Clock

log = logging.getLogger(__name__)

_SOON = 60.0
"""Seconds before its end at which an access token is not used any more."""


class Grants:
    """Gives the Authorization header of an account; one that was signed in is kept fresh.

    A refresh token may be used once, and using an old one later revokes all of them. So one task
    refreshes for all who want it, and the new pair is on disk before anybody uses it. Source:
    Atlassian's staff, community.developer.atlassian.com/t/54172.
    """

    def __init__(self, grant_rows: GrantRows, atlassian: Atlassian, clock: Clock) -> None:
        self._grant_rows = grant_rows
        self._atlassian = atlassian
        self._clock = clock
        self._refreshing: dict[str, asyncio.Task[Grant]] = {}

    async def header(self, credential: str, rejected: str = "") -> str:
        """Return the Authorization header; another one than Jira has just ``rejected``.

        Raises AccountRefused where what was allowed is over, and JiraUnavailable.
        """
        grant_id = grant_in(credential)
        if not grant_id:
            return credential
        kept = await self._kept(grant_id)
        if not self._is_fresh(kept, rejected):
            kept = await self._refreshed(grant_id, rejected)
        return _bearer(kept)

    async def _refreshed(self, grant_id: str, rejected: str) -> Grant:
        task = self._refreshing.get(grant_id)
        if task is None:
            task = asyncio.create_task(self._refresh(grant_id, rejected))
            self._refreshing[grant_id] = task
            task.add_done_callback(lambda over: self._over(grant_id, over))
        return await asyncio.shield(task)

    async def _refresh(self, grant_id: str, rejected: str) -> Grant:
        kept = await self._kept(grant_id)
        if self._is_fresh(kept, rejected):
            return kept  # by a task that has just ended
        tokens = await self._atlassian.refresh(kept.refresh)
        now = self._clock()
        if not await self._grant_rows.renew(grant_id, tokens, now):
            raise AccountRefused  # its person has disconnected meanwhile
        return Grant(tokens.access, tokens.refresh, now + tokens.lives)

    async def _kept(self, grant_id: str) -> Grant:
        kept = await self._grant_rows.find(grant_id)
        if kept is None:
            raise AccountRefused
        return kept

    def _is_fresh(self, kept: Grant, rejected: str) -> bool:
        return self._clock() < kept.expires_at - _SOON and _bearer(kept) != rejected

    def _over(self, grant_id: str, task: "asyncio.Task[Grant]") -> None:
        del self._refreshing[grant_id]
        if not task.cancelled() and task.exception() is not None:
            log.info("a sign-in was not refreshed: %s", task.exception())


def _bearer(grant: Grant) -> str:
    return f"Bearer {grant.access}"
