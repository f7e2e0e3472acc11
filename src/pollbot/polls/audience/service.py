"""Who may answer a poll, and who all of them are: what only Slack knows is asked of it."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

from pollbot.errors import (
    InstallBroken,
    PollbotError,
    SlackBusy,
    SlackError,
    SlackUnavailable,
    Untold,
)
from pollbot.people import Person
from pollbot.polls.audience.refusals import (
    AudienceUnread,
    GroupsUnread,
    NoSuchGroup,
    NotInAudience,
)
from pollbot.polls.audience.rules import Audience, Group
from pollbot.polls.kept import Kept
from pollbot.polls.rows import PollRows
from pollbot.slack.members import Members

# Slack waits 3 s for an answer to a click.
_PATIENCE = 1.5


class Audiences:
    """Reads groups and channels in Slack. What is not told is neither a yes nor a no."""

    def __init__(self, members: Members, poll_rows: PollRows) -> None:
        self._members = members
        self._poll_rows = poll_rows

    async def must_be_in(self, person: Person, kept: Kept) -> None:
        """Raise NotInAudience unless the person may answer; AudienceUnread if nobody can tell."""
        audience = kept.poll.settings.audience
        if audience.names(person.user_id):
            return
        unread: AudienceUnread | None = None
        for part in await self._parts(kept, fresh=False, within=_PATIENCE):
            if isinstance(part, AudienceUnread):
                unread = unread or part
            elif person.user_id in part:
                return
        raise unread or NotInAudience(audience)

    async def everybody(self, kept: Kept) -> frozenset[str]:
        """Return who is in the audience at this moment; else who is where the poll was posted.

        Apps may be among them. Raises AudienceUnread if a part of it is not told.
        """
        found = set(kept.poll.settings.audience.people)
        for part in await self._parts(kept, fresh=True, within=None):
            if isinstance(part, AudienceUnread):
                raise part
            found |= part
        return frozenset(found)

    async def groups(self, team_id: str) -> tuple[Group, ...] | None:
        """Return the user groups that may be chosen; None where Slack does not tell them."""
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await self._members.groups(team_id)
        except (PollbotError, TimeoutError):
            return None
        named = (Group(one.id, one.handle) for one in found)
        return tuple(sorted(named, key=lambda group: group.handle))

    async def looked_up(self, team_id: str, audience: Audience) -> Audience:
        """Return the audience with the ids of groups that were typed by their handles.

        Raises NoSuchGroup and GroupsUnread.
        """
        if audience.looked_up:
            return audience
        typed = next(group.handle for group in audience.groups if not group.id)
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await self._members.groups(team_id)
        except (PollbotError, TimeoutError) as error:
            untold, code = _why(error)
            raise GroupsUnread(typed, untold, code) from error
        by_handle = {one.handle.casefold(): Group(one.id, one.handle) for one in found}
        groups = []
        for group in audience.groups:
            known = group if group.id else by_handle.get(group.handle.casefold())
            if known is None:
                raise NoSuchGroup(group.handle)
            groups.append(known)
        return replace(audience, groups=tuple(dict.fromkeys(groups)))

    async def _parts(
        self, kept: Kept, *, fresh: bool, within: float | None
    ) -> list[frozenset[str] | AudienceUnread]:
        audience, team_id = kept.poll.settings.audience, kept.team_id
        parts: list[tuple[Group | None, Awaitable[frozenset[str]]]] = [
            (group, self._members.of_group(team_id, group.id, fresh=fresh))
            for group in audience.groups
        ]
        if audience.here or audience.is_everybody:
            channel_id = audience.channel or await self._poll_rows.posted_first(kept.poll.id)
            parts.append((None, self._members.of_channel(team_id, channel_id, fresh=fresh)))
        return list(await asyncio.gather(*(_part(group, ask, within) for group, ask in parts)))


async def _part(
    group: Group | None, asked: Awaitable[frozenset[str]], within: float | None
) -> frozenset[str] | AudienceUnread:
    try:
        async with asyncio.timeout(within):
            return await asked
    except (PollbotError, TimeoutError) as error:
        return AudienceUnread(group, *_why(error))


def _why(error: Exception) -> tuple[Untold, str]:
    match error:
        case SlackBusy():
            return Untold.BUSY, ""
        case SlackError() | InstallBroken():
            return Untold.REFUSED, error.code
        case SlackUnavailable() | TimeoutError():
            return Untold.AWAY, ""
        case _:
            raise error
