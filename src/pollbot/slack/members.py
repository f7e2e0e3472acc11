"""Who is in the user groups and channels of a workspace, as Slack told it a moment ago."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from typing import Any, TypeVar

from cachetools import TTLCache

from pollbot.slack.client import Slack, UserGroup
from pollbot.store.worker import Clock

T = TypeVar("T")

REMEMBERED_FOR = 60.0
ROOM = 200_000
"""Ids in all that is remembered, 70 bytes each; of a larger channel Slack is asked each time."""
_ENTRY = 10
"""Ids that take as much room as what is remembered without any."""


class Members:
    """What Slack said within the last minute; else it is asked, once for all who want to know.

    What it does not tell is raised, as the client does, and nothing is guessed.
    """

    def __init__(self, slack: Slack, clock: Clock) -> None:
        self._slack = slack
        self._known: TTLCache[Hashable, Any] = TTLCache(
            ROOM, REMEMBERED_FOR, timer=clock, getsizeof=lambda found: _ENTRY + len(found)
        )
        self._asking: dict[Hashable, asyncio.Task[Any]] = {}

    async def groups(self, team_id: str) -> tuple[UserGroup, ...]:
        """Return the user groups of a workspace, without those that are disabled."""
        return await self._told((team_id,), lambda: self._slack.of(team_id).user_groups())

    async def of_group(self, team_id: str, group_id: str, *, fresh: bool = False) -> frozenset[str]:
        """Return the user ids of a group's members; with ``fresh`` as they are now."""
        ask = self._slack.of(team_id).group_members
        return await self._told((team_id, "group", group_id), lambda: ask(group_id), fresh=fresh)

    async def of_channel(
        self, team_id: str, channel_id: str, *, fresh: bool = False
    ) -> frozenset[str]:
        """Return the user ids of a channel's members, apps among them."""

        async def ask() -> frozenset[str]:
            return frozenset(await self._slack.of(team_id).members(channel_id))

        return await self._told((team_id, "channel", channel_id), ask, fresh=fresh)

    async def _told(
        self, about: Hashable, ask: Callable[[], Awaitable[T]], *, fresh: bool = False
    ) -> T:
        known: T | None = None if fresh else self._known.get(about)
        if known is not None:
            return known

        async def look() -> T:
            try:
                found = await ask()
                with suppress(ValueError):  # it takes more than all the room
                    self._known[about] = found
                return found
            finally:
                self._asking.pop(about, None)

        asking = self._asking.get(about)
        if asking is None:
            asking = self._asking[about] = asyncio.create_task(look())
            asking.add_done_callback(lambda over: over.cancelled() or over.exception())
        found: T = await asyncio.shield(asking)
        return found
