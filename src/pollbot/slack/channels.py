"""Which channels somebody may look into, as far as pollbot can know."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from cachetools import TTLCache

from pollbot.errors import PollbotError
from pollbot.people import Person
from pollbot.slack.client import Slack
from pollbot.slack.users import People
from pollbot.store.worker import Clock

_REMEMBERED_FOR = 300.0
_MOST = 10_000
_ROOM = 200_000
"""Ids of channels in all that is remembered of people, 70 bytes each."""
_ENTRY = 10
"""Ids that take as much room as a person who is in no channel."""
_PATIENCE = 3.0
_MOST_ASKED = 20


class Channels:
    """What is not known to be open to somebody is closed to them."""

    def __init__(self, slack: Slack, people: People, clock: Clock) -> None:
        self._slack = slack
        self._people = people
        self._of: TTLCache[Person, frozenset[str]] = TTLCache(
            _ROOM, _REMEMBERED_FOR, timer=clock, getsizeof=lambda found: _ENTRY + len(found)
        )
        self._public: TTLCache[tuple[str, str], bool] = TTLCache(
            _MOST, _REMEMBERED_FOR, timer=clock
        )

    async def seen_by(self, person: Person, channel_ids: Iterable[str]) -> frozenset[str]:
        """Return those of the channels that are public, or of which the person is a member.

        For guests and strangers a public one is no other than the rest.
        """
        asked = frozenset(channel_ids)
        member = asked & await self._member_of(person) if asked else asked
        others = asked - member
        if not others or not await self._belongs(person):
            return member
        # What is known is asked of nobody, so whoever comes again learns of more of them.
        known = {one: self._public.get((person.team_id, one)) for one in others}
        member |= {one for one, is_public in known.items() if is_public}
        new = sorted(one for one, is_public in known.items() if is_public is None)[:_MOST_ASKED]
        if not new:
            return member
        looks = {one: asyncio.create_task(self._is_public(person.team_id, one)) for one in new}
        done, late = await asyncio.wait(looks.values(), timeout=_PATIENCE)
        for look in late:
            look.cancel()
        return member | {one for one, look in looks.items() if look in done and look.result()}

    async def _member_of(self, person: Person) -> frozenset[str]:
        if (known := self._of.get(person)) is not None:
            return known
        try:
            async with asyncio.timeout(_PATIENCE):
                found = frozenset(await self._slack.of(person.team_id).channels_of(person.user_id))
        except (PollbotError, TimeoutError):
            return frozenset()
        with suppress(ValueError):  # it takes more than all the room
            self._of[person] = found
        return found

    async def _belongs(self, person: Person) -> bool:
        try:
            return await self._people.belongs(person)
        except PollbotError:
            return False

    async def _is_public(self, team_id: str, channel_id: str) -> bool:
        if (known := self._public.get((team_id, channel_id))) is not None:
            return known
        try:
            found = await self._slack.of(team_id).is_public(channel_id)
        except PollbotError:
            return False
        self._public[team_id, channel_id] = found
        return found
