"""What Slack knows of people, remembered for a while."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from cachetools import TTLCache

from pollbot.errors import (
    AdminsOnly,
    InstallBroken,
    Lookup,
    NotLookedUp,
    PollbotError,
    SlackBusy,
    SlackError,
    SlackUnavailable,
    Untold,
)
from pollbot.people import Person
from pollbot.slack.client import Member, Slack
from pollbot.store.worker import Clock
from pollbot.web.pace import no_later

_REMEMBERED_FOR = 600.0
_MOST = 10_000
_NAMED_FOR = 7 * 86400.0
"""Seconds for which somebody keeps the name that Slack told, while it does not tell another."""
_SPOKEN_FOR = 3600.0
"""Seconds until somebody who may have changed the language of their Slack is asked for again."""
_MOST_NAMED = 100
_ASKED_AT_ONCE = 5
_NAMED_WITHIN = 3.0
_BUSY = 1.0
_LONGEST_BUSY = 120.0
# Slack waits 3 s for an answer to whoever asks, and a form is kept open for 2 s.
_PATIENCE = 1.5
_AT_ONCE = 0.5
_NOBODY = {"user_not_found", "users_not_found", "user_not_visible"}
"""Errors of users.info that say: this is none to write to. Source: docs.slack.dev, users.info."""


IsOwn = Callable[[str], Awaitable[bool]]
"""Returns whether a workspace is the one of SLACK_BOT_TOKEN, as far as that is known."""


class People:
    """Who is an admin, what somebody is called, and in which zone they live.

    What could not be asked is neither a yes nor a no, and no zone is guessed.
    """

    def __init__(
        self, slack: Slack, admins: frozenset[str], clock: Clock, is_own: IsOwn | None = None
    ) -> None:
        """``admins`` are user ids, some with their workspace before them: ``T0123:U0456``.

        Those without are of the workspace that ``is_own``: another one may have the same ids.
        """
        self._slack = slack
        self._admins = admins
        self._is_own = is_own
        self._clock = clock
        self._known: TTLCache[Person, Member] = TTLCache(_MOST, _REMEMBERED_FOR, timer=clock)
        self._names: TTLCache[Person, str] = TTLCache(_MOST, _NAMED_FOR, timer=clock)
        self._locales: TTLCache[Person, str] = TTLCache(_MOST, _SPOKEN_FOR, timer=clock)
        self._spoke: TTLCache[Person, str] = TTLCache(_MOST, _NAMED_FOR, timer=clock)
        self._asking: dict[Person, asyncio.Task[Member]] = {}
        self._busy_until: dict[str, float] = {}

    async def zone(self, person: Person) -> str:
        """Return the person's IANA zone. Raises NotLookedUp."""
        member = await self._asked(person, Lookup.ZONE)
        if not member.zone:
            raise NotLookedUp(Lookup.ZONE, Untold.MISSING)
        return member.zone

    async def name(self, person: Person) -> str:
        """Return what the person is called, for what everybody reads; empty if nobody knows.

        Raises SlackBusy if Slack asks to wait, and did not tell it lately either.
        """
        try:
            return await self._name(person)
        except SlackBusy:
            raise
        except PollbotError:
            return ""

    def name_known(self, person: Person) -> str:
        """Return what Slack last told that the person is called; empty if it did not lately."""
        return self._names.get(person, "")

    def locale_known(self, person: Person) -> str | None:
        """Return the locale of the person's Slack, such as de-DE, if told within the hour."""
        return self._locales.get(person)

    def locale_before(self, person: Person) -> str | None:
        """Return the locale that was told last, within a week."""
        return self._spoke.get(person)

    async def locale(self, person: Person) -> str:
        """Return the locale of the person's Slack; empty if it is not told. Raises PollbotError."""
        known = self._locales.get(person)
        return known if known is not None else (await self._shared(person)).locale

    async def called(self, team_id: str, user_ids: Iterable[str]) -> dict[str, str]:
        """Return what people are called, by their ids, for a message that mentions nobody.

        Whom Slack does not tell in time is left out, and so are those beyond a hundred.
        """
        wanted = list(dict.fromkeys(user_id for user_id in user_ids if user_id))[:_MOST_NAMED]
        turns = asyncio.Semaphore(_ASKED_AT_ONCE)

        async def look(user_id: str) -> tuple[str, str]:
            async with turns:
                try:
                    return user_id, await self._name(Person(team_id, user_id))
                except PollbotError:
                    return user_id, ""

        looks = [asyncio.create_task(look(user_id)) for user_id in wanted]
        if not looks:
            return {}
        done, late = await asyncio.wait(looks, timeout=_NAMED_WITHIN)
        for each in late:
            each.cancel()
        found = dict(each.result() for each in done)
        lately = {user_id: self._names.get(Person(team_id, user_id)) for user_id in wanted}
        return {one: name for one in wanted if (name := found.get(one) or lately[one])}

    async def email(self, person: Person) -> str:
        """Return their address, for a form that only they see; empty if it is not told at once."""
        try:
            async with asyncio.timeout(_AT_ONCE):
                return (await self._shared(person)).email
        except (PollbotError, TimeoutError):
            return ""

    async def is_person(self, person: Person) -> bool:
        """Return whether this is somebody to write to, and no app, as far as Slack tells.

        Raises SlackUnavailable and InstallBroken.
        """
        try:
            return (await self._member(person)).is_person
        except SlackError as error:
            # An app that may not look can still try to write.
            return error.code not in _NOBODY

    async def belongs(self, person: Person) -> bool:
        """Return whether the person may look into every public channel of the workspace.

        Guests and strangers may not. Raises NotLookedUp.
        """
        member = await self._asked(person, Lookup.ADMIN)
        return member.team_id == person.team_id and not member.is_guest

    async def is_admin(self, person: Person) -> bool:
        """Return whether the person administers this workspace, or is named in the settings.

        Whoever administers another one, and is here as a stranger, does not. Raises NotLookedUp.
        """
        if f"{person.team_id}:{person.user_id}" in self._admins:
            return True
        if person.user_id in self._admins and (
            self._is_own is None or await self._is_own(person.team_id)
        ):
            return True
        member = await self._asked(person, Lookup.ADMIN)
        if member.is_admin and not member.team_id:
            raise NotLookedUp(Lookup.ADMIN, Untold.MISSING)
        return member.is_admin and member.team_id == person.team_id

    async def must_be_admin(self, person: Person) -> None:
        """Raise NotYours unless the person is an admin, and NotLookedUp if nobody can tell."""
        if not await self.is_admin(person):
            raise AdminsOnly

    async def _asked(self, person: Person, what: Lookup) -> Member:
        """Return who it is, for somebody who waits for it. Raises NotLookedUp."""
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._member(person)
        except SlackBusy as error:
            raise NotLookedUp(what, Untold.BUSY) from error
        except (SlackUnavailable, TimeoutError) as error:
            raise NotLookedUp(what, Untold.AWAY) from error
        except (SlackError, InstallBroken) as error:
            raise NotLookedUp(what, Untold.REFUSED, error.code) from error

    async def _name(self, person: Person) -> str:
        """Return the name; the last one known where Slack does not tell. Raises PollbotError."""
        try:
            return (await self._shared(person)).name
        except PollbotError:
            if (lately := self._names.get(person)) is not None:
                return lately
            raise

    async def _shared(self, person: Person) -> Member:
        """Return what Slack knows of the person, asked once for all whose messages name them.

        While Slack asks to wait, a crowd of messages does.
        """
        known = self._known.get(person)
        if known is not None:
            return known
        asking = self._asking.get(person)
        if asking is None:
            now = self._clock()
            until = self._busy_until.pop(person.team_id, float("-inf"))
            if now < (until := no_later(until, now, _LONGEST_BUSY)):
                self._busy_until[person.team_id] = until
                raise SlackBusy("users.info asked to wait", until - now)
            asking = self._asking[person] = asyncio.create_task(self._ask(person))
            asking.add_done_callback(lambda over: over.cancelled() or over.exception())
        return await asyncio.shield(asking)

    async def _ask(self, person: Person) -> Member:
        try:
            return await self._member(person)
        except SlackBusy as error:
            # It counts a workspace's calls of the method, whomever they are about.
            self._busy_until[person.team_id] = self._clock() + (error.retry_after or _BUSY)
            raise
        finally:
            del self._asking[person]

    async def _member(self, person: Person) -> Member:
        known = self._known.get(person)
        if known is None:
            known = await self._slack.of(person.team_id).member(person.user_id)
            self._names[person] = known.name
            self._locales[person] = self._spoke[person] = known.locale
            if known.team_id and known.zone:  # what Slack left out is asked for again
                self._known[person] = known
        return known
