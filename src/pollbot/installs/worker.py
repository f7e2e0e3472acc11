"""Forgets what was of workspaces that removed pollbot long ago."""

import logging

from pollbot.installs.rows import InstallationRows
from pollbot.store.worker import Clock, Worker

log = logging.getLogger(__name__)

_LOOKS = 6 * 3600.0


class GoneWorkspaces(Worker):
    """Deletes all that is kept of a workspace once it is gone for thirty days."""

    def __init__(self, rows: InstallationRows, clock: Clock) -> None:
        super().__init__("workspaces that are gone", clock)
        self._rows = rows

    async def turn(self, now: float) -> float | None:
        """Forget those whose time is over."""
        for team_id in await self._rows.forget_old(now):
            log.info("all that was kept of workspace %s is deleted", team_id)
        first = await self._rows.next_to_forget()
        return now + _LOOKS if first is None else min(first, now + _LOOKS)
