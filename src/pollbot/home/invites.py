"""Who is invited to connect, by whom: one message a week at most, whoever asks for it."""

import asyncio
from collections.abc import Sequence

from cachetools import TTLCache

from pollbot.errors import PollbotError
from pollbot.home import blocks
from pollbot.home.rows import HomeRows
from pollbot.people import Address, Person
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.languages import Languages
from pollbot.slack.users import People
from pollbot.store.worker import Clock

_LATELY = 7 * 86400.0
_MOST = 10_000
_PATIENCE = 2.0


class Invites:
    """Who was invited lately is known in this run only, and is nowhere on disk."""

    def __init__(
        self,
        home_rows: HomeRows,
        people: People,
        languages: Languages,
        afterwards: Afterwards,
        clock: Clock,
    ) -> None:
        self._home_rows = home_rows
        self._people = people
        self._languages = languages
        self._afterwards = afterwards
        self._lately: TTLCache[Person, bool] = TTLCache(_MOST, _LATELY, timer=clock)

    async def invite(
        self, me: Person, user_ids: Sequence[str]
    ) -> tuple[Sequence[str], Sequence[str]]:
        """Write to those who can be invited; return who that is, and who is left out."""
        chosen = list(dict.fromkeys(user_ids))[: blocks.MOST_INVITED]
        may = await asyncio.gather(*(self._may_be(me, user_id) for user_id in chosen))
        sent = [user_id for user_id, yes in zip(chosen, may, strict=True) if yes]
        for user_id in sent:
            invitee = Person(me.team_id, user_id)
            self._lately[invitee] = True
            self._afterwards.spawn(self._write(me, invitee))
        return sent, [user_id for user_id in chosen if user_id not in sent]

    async def _may_be(self, me: Person, user_id: str) -> bool:
        invitee = Person(me.team_id, user_id)
        if invitee == me or invitee in self._lately:
            return False
        if await self._home_rows.stands(invitee):
            return False
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._people.is_person(invitee)
        except (PollbotError, TimeoutError):
            return False

    async def _write(self, me: Person, invitee: Person) -> None:
        async with self._languages.speaking_to(invitee):
            message = blocks.invitation(me.user_id)
        await self._afterwards.say(invitee, Address(""), message)
