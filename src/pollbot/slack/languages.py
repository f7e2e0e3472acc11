"""In which language pollbot speaks: with a person that of their Slack, in channels the team's.

A browser's pages are in the language that it asks for.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cachetools import TTLCache

from pollbot.errors import PollbotError, StorageUnavailable
from pollbot.people import Person
from pollbot.slack import payloads
from pollbot.slack.language_rows import LanguageRows
from pollbot.slack.users import People
from pollbot.store.worker import Clock
from pollbot.text.catalog import ENGLISH, Catalogs, Language, speaking
from pollbot.web.pace import Pace

_PATIENCE = 0.5
# users.info may be asked 100 times a minute (docs.slack.dev, rate limits, tier 4), and other
# questions need it more.
_ASKED = (30, 60.0)
_MOST_TEAMS = 10_000
_REMEMBERED_FOR = 60.0


class Languages:
    """Knows who reads what. Whose language cannot be told in time reads their team's."""

    def __init__(
        self, catalogs: Catalogs, language_rows: LanguageRows, people: People, clock: Clock
    ) -> None:
        self._catalogs = catalogs
        self._rows = language_rows
        self._people = people
        self._clock = clock
        self._paces: dict[str, Pace] = {}
        self._teams: TTLCache[str, Language] = TTLCache(_MOST_TEAMS, _REMEMBERED_FOR, timer=clock)

    @property
    def codes(self) -> dict[str, str]:
        """What the languages are called in themselves, by their codes."""
        found = {code: self._catalogs.of(code) for code in self._catalogs.codes}
        return {code: language.name for code, language in found.items() if language is not None}

    async def of_team(self, team_id: str) -> Language:
        """Return the language of what everybody in a workspace reads."""
        known = self._teams.get(team_id)
        if known is None:
            try:
                chosen = await self._rows.of(team_id)
            except StorageUnavailable:
                # What is to be said of that trouble is said all the same.
                return self._catalogs.everywhere
            known = self._catalogs.of(chosen or "") or self._catalogs.everywhere
            self._teams[team_id] = known
        return known

    async def of_reader(self, person: Person, *, wait: bool = True) -> Language:
        """Return the language of the person's Slack, if pollbot speaks it; else of their team.

        Without ``wait``, and where Slack does not tell, it is the one that was heard of last.
        """
        locale = self._people.locale_known(person)
        if locale is None and wait:
            locale = await self._asked(person)
        if locale is None:
            locale = self._people.locale_before(person)
        return self._catalogs.of(locale or "") or await self.of_team(person.team_id)

    @asynccontextmanager
    async def speaking_to(self, person: Person, *, wait: bool = True) -> AsyncIterator[None]:
        """Have all that is drawn in here be in the language of that person; see ``of_reader``."""
        with speaking(await self.of_reader(person, wait=wait)):
            yield

    @asynccontextmanager
    async def speaking_in(self, team_id: str) -> AsyncIterator[None]:
        """Have all that is drawn in here be in the language of what a workspace reads."""
        with speaking(await self.of_team(team_id)):
            yield

    def of_browser(self, accepts: str) -> Language:
        """Return the first language of an Accept-Language that pollbot speaks.

        Browsers name them as they are liked, the best first (RFC 9110, 12.5.4: by weight).
        """
        named = (one.partition(";")[0].strip() for one in accepts.split(","))
        found = (self._catalogs.of(name) for name in named)
        return next((one for one in found if one is not None), self._catalogs.everywhere)

    async def choose(self, by: Person, code: str) -> None:
        """Have what everybody in the person's workspace reads be in that language, if it is one."""
        if self._catalogs.of(code) is not None:
            await self._rows.choose(by, code, self._clock())
            self._teams.pop(by.team_id, None)

    async def _asked(self, person: Person) -> str | None:
        """Return what Slack tells at once; None where it does not, or was asked a lot."""
        now = self._clock()
        pace = self._paces.setdefault(person.team_id, Pace(_ASKED))
        if pace.ready_at(now) > now:
            return None
        pace.start(now)
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._people.locale(person)
        except (PollbotError, TimeoutError):
            return None


async def language_of(languages: Languages, body: payloads.Body) -> Language:
    """Return the language of who brought a payload.

    A crowd that presses a card or a preview is not asked for, as what it is told comes later, and
    from elsewhere; nor is who does what nobody answers, such as to share a link.
    """
    who = payloads.acted(body)
    if not who.user_id or not who.team_id:
        return ENGLISH
    in_a_crowd = body.get("type") == "block_actions" and "view" not in body
    waits = not in_a_crowd and body.get("type") != "event_callback"
    return await languages.of_reader(Person(who.team_id, who.user_id), wait=waits)
