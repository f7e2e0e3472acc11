"""What Slack knows of people, remembered for a while."""

import asyncio
from collections.abc import Iterable

from cachetools import TTLCache

from pollbot.clients.slack import Member, Slack
from pollbot.domain.people import Person
from pollbot.errors import NotYours, PollbotError, SlackError
from pollbot.services.worker import Clock

_REMEMBERED_FOR = 600.0
_MOST = 10_000
_MOST_NAMED = 100
_ASKED_AT_ONCE = 5
_NAMED_WITHIN = 8.0


class People:
    """Who is an admin, what somebody is called, and in which zone they live."""

    def __init__(self, slack: Slack, admins: frozenset[str], clock: Clock) -> None:
        self._slack = slack
        self._admins = admins
        self._known: TTLCache[Person, Member] = TTLCache(_MOST, _REMEMBERED_FOR, timer=clock)

    async def zone(self, person: Person) -> str:
        """Return the person's IANA zone; UTC if Slack does not tell."""
        try:
            return (await self._member(person)).zone
        except PollbotError:
            return "UTC"

    async def name(self, person: Person) -> str:
        """Return what the person is called; their id if Slack does not tell."""
        try:
            return (await self._member(person)).name
        except PollbotError:
            return person.user_id

    async def called(self, team_id: str, user_ids: Iterable[str]) -> dict[str, str]:
        """Return what people are called, by their ids, for a message that mentions nobody.

        Whom Slack does not tell in time is left out, and so are those beyond a hundred.
        """
        wanted = list(dict.fromkeys(user_id for user_id in user_ids if user_id))[:_MOST_NAMED]
        turns = asyncio.Semaphore(_ASKED_AT_ONCE)

        async def look(user_id: str) -> tuple[str, str]:
            async with turns:
                try:
                    return user_id, (await self._member(Person(team_id, user_id))).name
                except PollbotError:
                    return user_id, ""

        looks = [asyncio.create_task(look(user_id)) for user_id in wanted]
        if not looks:
            return {}
        done, late = await asyncio.wait(looks, timeout=_NAMED_WITHIN)
        for each in late:
            each.cancel()
        return {user_id: name for user_id, name in (each.result() for each in done) if name}

    async def is_person(self, person: Person) -> bool:
        """Return whether this is somebody to write to, and no app.

        Raises SlackUnavailable and InstallBroken.
        """
        try:
            return (await self._member(person)).is_person
        except SlackError:
            return False

    async def is_admin(self, person: Person) -> bool:
        """Return whether the person administers the workspace, or is named in the settings."""
        if person.user_id in self._admins:
            return True
        try:
            return (await self._member(person)).is_admin
        except PollbotError:
            return False

    async def must_be_admin(self, person: Person) -> None:
        """Raise NotYours unless the person is an admin."""
        if not await self.is_admin(person):
            raise NotYours(
                "Only admins of this workspace may do that, and those whom POLLBOT_ADMINS names. "
                "Nothing was changed; ask one of them."
            )

    async def _member(self, person: Person) -> Member:
        known = self._known.get(person)
        if known is None:
            known = await self._slack.member(person.user_id)
            self._known[person] = known
        return known
