"""What a poll's card shows, and keeping it true to Team Voice and the clock."""

import asyncio
from collections.abc import Callable

from pollbot.blocks.kit import Message, escape, link
from pollbot.blocks.polls import perhaps_made, poll_card, poll_made_not_posted
from pollbot.blocks.results import JIRA_NOT_UNDERSTOOD
from pollbot.domain.kept import Kept
from pollbot.domain.people import Address, Person
from pollbot.domain.tally import results
from pollbot.domain.votes import pause_before_retry
from pollbot.errors import SlackUnavailable
from pollbot.services.courier import Courier
from pollbot.services.poll_sources import FRESH, About, PollSources
from pollbot.services.worker import Clock, Tasks, Worker
from pollbot.storage.cards import Card
from pollbot.storage.store import Store

_READ_AT_ONCE = 4


class PollCards:
    """Draws a poll's card from what is stored; what changed elsewhere causes another drawing."""

    def __init__(self, store: Store, sources: PollSources, beside: Tasks, clock: Clock) -> None:
        self._store = store
        self._sources = sources
        self._beside = beside
        self._clock = clock
        self._reading: set[str] = set()

    async def draw(self, card: Card, news: Callable[[], None]) -> Message:
        """Return the card as everybody may see it. Raises PollGone if the poll is unknown.

        ``news`` is called once Team Voice was looked at, which may cause another drawing.
        """
        kept = await self._store.polls.find(card.posted_by.team_id, card.poll_id or "")
        if kept.remote_id is not None and kept.poll.id not in self._reading:
            # Team Voice may be slow; the click that touched this card shows without it.
            self._reading.add(kept.poll.id)
            self._beside.spawn(self._read(kept, news), can_wait=True)
        now = self._clock()
        shown = results(kept.poll, await self._store.answers.counted(kept), kept.jira_part, now)
        about = await self._sources.about(kept.team_id, kept.kind, kept.subject)
        return poll_card(
            card.id,
            kept.poll,
            shown,
            now_open=kept.poll.is_open(now),
            about=linked(about),
            note="" if kept.understood else JIRA_NOT_UNDERSTOOD,
        )

    async def not_posted(self, card: Card) -> Message:
        """Return what its creator is told about a poll whose card Slack did not take."""
        kept = await self._store.polls.find(card.posted_by.team_id, card.poll_id or "")
        return poll_made_not_posted(
            kept.poll, "Slack does not let pollbot write in that channel; invite it there first."
        )

    async def _read(self, kept: Kept, news: Callable[[], None]) -> None:
        """Look at Team Voice once for all touches of the next few seconds."""
        try:
            await asyncio.sleep(max(0.0, kept.read_at + FRESH - self._clock()))
        finally:
            self._reading.discard(kept.poll.id)
        latest = await self._store.polls.find(kept.team_id, kept.poll.id)
        await self._sources.synced(latest)
        news()


class PollKeeper(Worker):
    """Closes polls whose end has come, and looks now and then at those that live elsewhere."""

    def __init__(
        self,
        store: Store,
        sources: PollSources,
        courier: Courier,
        refresher: Worker,
        endings: Worker,
        clock: Clock,
    ) -> None:
        super().__init__("polls", clock)
        self._store = store
        self._sources = sources
        self._courier = courier
        self._refresher = refresher
        self._endings = endings

    async def resume(self) -> None:
        """Tell the creators of polls that an earlier run left between here and Team Voice."""
        for kept in await self._store.polls.unmade():
            self.spawn(self._tell_maker(kept))

    async def turn(self, now: float) -> float | None:
        """Close what is over; read a few polls again, at most every five minutes each."""
        if await self._store.polls.ended(now):
            self._refresher.wake()
            self._endings.wake()
        for kept in await self._store.polls.to_read(now, _READ_AT_ONCE):
            self.spawn(self._look(kept))
        return await self._store.polls.next_end()

    async def _tell_maker(self, kept: Kept) -> None:
        """Tell, as soon as Slack answers; until then the row stays for the next start."""
        maker, attempt = Person(kept.team_id, kept.poll.created_by), 0
        while True:
            try:
                await self._courier.tell(maker, Address(""), perhaps_made(kept.poll))
            except SlackUnavailable as error:
                attempt += 1
                await asyncio.sleep(pause_before_retry(attempt, 1.0, error.retry_after))
            else:
                await self._store.polls.drop(kept.poll.id)
                return

    async def _look(self, kept: Kept) -> None:
        await self._sources.synced(kept, fresh=0.0)
        self._refresher.wake()


def linked(about: About) -> str:
    """Return what a poll is on, as a link in Slack's markup; empty for a plain poll."""
    return link(about.url, escape(about.label)) if about.url else ""
