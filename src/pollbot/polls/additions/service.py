"""Options added by those who may answer, where the poll allows it."""

import asyncio
from contextlib import nullcontext
from dataclasses import dataclass, replace

from pollbot.people import Person
from pollbot.polls.additions.refusals import LostInSource
from pollbot.polls.additions.rows import AdditionRows, Begun, Settled
from pollbot.polls.answers.rows import Told
from pollbot.polls.answers.service import Answers
from pollbot.polls.kept import Kept
from pollbot.polls.rows import PollRows
from pollbot.polls.sources.service import PollSources
from pollbot.store.deliveries import aside
from pollbot.store.worker import Clock
from pollbot.text.writing import alike

_LOOKS = 60
_BETWEEN = 0.25


@dataclass(frozen=True, slots=True)
class Added:
    """A poll with the option that somebody added, which says this."""

    kept: Kept
    title: str


class Additions:
    """Adds options. Everything here raises PollbotError."""

    def __init__(
        self,
        rows: AdditionRows,
        poll_rows: PollRows,
        sources: PollSources,
        answers: Answers,
        clock: Clock,
    ) -> None:
        self._rows = rows
        self._poll_rows = poll_rows
        self._sources = sources
        self._answers = answers
        self._clock = clock

    async def add(self, person: Person, poll_id: str, text: str) -> Added:
        """Add an option; the same person's same one once more changes nothing."""

        async def adding(told: Told) -> Kept:
            kept = await self._poll_rows.find(person.team_id, poll_id)
            if not self._sources.can(kept).elsewhere:
                add = self._rows.add if kept.poll.settings.names else self._rows.add_unnamed
                return await add(person, poll_id, text, self._clock(), told)
            return await self._add_elsewhere(person, poll_id, text, told)

        return Added(await self._answers.allowed(person, adding), text.strip())

    async def by_option(self, kept: Kept) -> dict[str, str]:
        """Return who added which options, for who manages the poll."""
        return await self._rows.by_option(kept)

    async def _add_elsewhere(self, person: Person, poll_id: str, text: str, told: Told) -> Kept:
        begun = await self._begun(person, poll_id, text, told)
        if isinstance(begun, Kept):
            return begun
        kept, now = begun.kept, self._clock()
        try:
            async with self._sources.alone(kept):
                there = await self._sources.of(kept.home).add(kept, begun.title)
        except BaseException:
            await self._rows.drop(begun)
            raise
        option = next(
            (one for one in there.options if alike(one.title) == alike(begun.title)), None
        )
        settings = there.settings.with_own_of(kept.poll.settings)
        settings = replace(settings, names=settings.names and kept.poll.settings.names)
        definition = replace(there.definition, settings=settings)
        settled = Settled(person, begun, option.id if option is not None else begun.id)
        # Nobody is to know who brought what to an anonymous poll, and when.
        with nullcontext() if kept.poll.settings.names else aside():
            return await self._poll_rows.take_added(kept, now, definition, there.sent, settled)

    async def _begun(self, person: Person, poll_id: str, text: str, told: Told) -> Begun | Kept:
        for _ in range(_LOOKS):
            begun = await self._rows.begin(person, poll_id, text, self._clock(), told)
            if begun is not None:
                return begun
            # Two at once would each write over what the other one added.
            await asyncio.sleep(_BETWEEN)
        raise LostInSource("another option is on its way")
