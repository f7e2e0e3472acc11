"""Who has not answered a poll, for who manages it, and the one word that reminds them."""

import asyncio
from dataclasses import dataclass

from pollbot.errors import PollbotError
from pollbot.people import Person
from pollbot.polls.audience.service import Audiences
from pollbot.polls.kept import Kept
from pollbot.polls.refusals import CannotNudge, NudgedAlready, PollClosed
from pollbot.polls.rows import PollRows
from pollbot.polls.service import Polls
from pollbot.polls.tally import FEWEST_ANONYMOUS
from pollbot.slack.users import People
from pollbot.store.worker import Clock

_PATIENCE = 2.0
_MOST_LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class Missing:
    """Who may answer a poll and has not: ``people`` by their ids, of so many in its audience.

    Of an anonymous poll nobody is named: then ``people`` is None, and ``number`` is as well where
    it would tell of somebody.
    """

    kept: Kept
    people: tuple[str, ...] | None
    number: int | None
    of: int
    now_open: bool


class MissingAnswers:
    """Everything here is for who manages the poll; it raises NotYours for others."""

    def __init__(
        self,
        polls: Polls,
        poll_rows: PollRows,
        audiences: Audiences,
        people: People,
        clock: Clock,
    ) -> None:
        self._polls = polls
        self._poll_rows = poll_rows
        self._audiences = audiences
        self._people = people
        self._clock = clock

    async def of(self, person: Person, poll_id: str) -> Missing:
        """Return who has not answered. Raises AudienceUnread where Slack does not tell who may."""
        kept = await self._polls.managed(person, poll_id)
        members = await self._audiences.everybody(kept)
        now_open = kept.poll.is_open(self._clock())
        if not kept.poll.settings.names:
            return await self._number(kept, members, now_open=now_open)
        missing = sorted(await self._poll_rows.not_answered(kept, members))
        apps = await self._apps(kept, missing[:_MOST_LOOKED_AT])
        named = tuple(one for one in missing if one not in apps)
        return Missing(kept, named, len(named), len(members) - len(apps), now_open)

    async def nudge(self, person: Person, poll_id: str) -> Kept:
        """Have those who have not answered reminded, each once at most in the poll's whole life."""
        kept, now = await self._polls.managed(person, poll_id), self._clock()
        if not kept.poll.is_open(now):
            raise PollClosed(kept.poll.title)
        if not kept.poll.settings.names:
            raise CannotNudge
        if kept.nudged_at is not None:
            raise NudgedAlready
        return await self._poll_rows.nudge(person, poll_id, now)

    async def _number(self, kept: Kept, members: frozenset[str], *, now_open: bool) -> Missing:
        """Return how many have not answered, where neither they nor the others are a few."""
        if not now_open:
            return Missing(kept, None, None, len(members), now_open)
        missing = len(await self._poll_rows.not_answered(kept, members))
        given = len(members) - missing
        tells = min(missing, given) >= FEWEST_ANONYMOUS
        return Missing(kept, None, missing if tells else None, len(members), now_open)

    async def _apps(self, kept: Kept, user_ids: list[str]) -> set[str]:
        """Return those who are apps or gone, as far as Slack tells within seconds."""

        async def look(user_id: str) -> bool:
            try:
                return await self._people.is_person(Person(kept.team_id, user_id))
            except PollbotError:
                return True

        looks = {one: asyncio.create_task(look(one)) for one in user_ids}
        if not looks:
            return set()
        done, late = await asyncio.wait(looks.values(), timeout=_PATIENCE)
        for each in late:
            each.cancel()
        return {one for one, each in looks.items() if each in done and not each.result()}
