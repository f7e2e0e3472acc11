"""Whether somebody may make polls: what only Slack knows is asked of it, and nothing is guessed."""

import asyncio

from pollbot.errors import (
    InstallBroken,
    NotLookedUp,
    SlackBusy,
    SlackError,
    SlackUnavailable,
    Untold,
)
from pollbot.people import Person
from pollbot.rights.refusals import MakersUnread, MayNotMake
from pollbot.rights.rows import RightRows
from pollbot.rights.rules import Makers, Rights
from pollbot.slack.members import Members
from pollbot.slack.users import People

# Slack waits 3 s for the answer to whoever asks.
_PATIENCE = 1.5


class Permits:
    """Reads what admins allow. Raises PollbotError where something is not, or nobody can tell."""

    def __init__(self, right_rows: RightRows, people: People, members: Members) -> None:
        self._right_rows = right_rows
        self._people = people
        self._members = members

    async def of(self, team_id: str) -> Rights:
        """Return what is allowed in a workspace."""
        return await self._right_rows.of(team_id)

    async def must_make(self, person: Person) -> None:
        """Raise MayNotMake unless the person may make polls; admins always may.

        Raises MakersUnread and NotLookedUp while nobody can tell.
        """
        rights = await self._right_rows.of(person.team_id)
        match rights.makers:
            case Makers.EVERYBODY:
                return
            case Makers.PEOPLE if person.user_id in rights.people:
                return
            case Makers.GROUP:
                await self._must_be_in_group(person, rights)
            case _:
                if not await self._people.is_admin(person):
                    raise MayNotMake(rights.makers)

    async def must_use(self, person: Person, key: str, channel_id: str = "") -> None:
        """Raise NotYours unless an issue may be used here, and a card be posted in the channel."""
        rights = await self._right_rows.of(person.team_id)
        if key:
            rights.check_issue(key)
        rights.check_channel(channel_id)

    async def _must_be_in_group(self, person: Person, rights: Rights) -> None:
        unread: MakersUnread | None = None
        try:
            async with asyncio.timeout(_PATIENCE):
                if person.user_id in await self._members.of_group(person.team_id, rights.group):
                    return
        except (SlackError, InstallBroken, SlackUnavailable, TimeoutError) as error:
            unread = MakersUnread(rights.handle, *_why(error))
        try:
            if await self._people.is_admin(person):
                return
        except NotLookedUp:
            if unread is None:
                raise
        raise unread or MayNotMake(rights.makers, rights.handle)


def _why(error: Exception) -> tuple[Untold, str]:
    match error:
        case SlackBusy():
            return Untold.BUSY, ""
        case SlackError(code) | InstallBroken(code):
            return Untold.REFUSED, code
        case _:
            return Untold.AWAY, ""
