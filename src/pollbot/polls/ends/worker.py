"""What follows once a poll has closed: the result in its threads, and an offer to its creator."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from pollbot.errors import MessageGone, NotYet
from pollbot.people import Person
from pollbot.polls.blocks import linked
from pollbot.polls.ends import blocks
from pollbot.polls.ends.rows import Ending, EndingRows
from pollbot.polls.kept import ALL_ANSWERED, Kept
from pollbot.polls.outside_blocks import announced_nowhere, not_announced
from pollbot.polls.results.blocks import note_of
from pollbot.polls.results.service import PollResults
from pollbot.polls.rows import PollRows
from pollbot.polls.sources.service import PollSources
from pollbot.polls.tally import Results
from pollbot.slack.kit import Message
from pollbot.slack.languages import Languages
from pollbot.slack.outbox import Outbox
from pollbot.slack.posting import PostedCard, Posting
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Done, Next
from pollbot.store.worker import Clock, QueueWorker
from pollbot.text.recurrence import LATEST

_AT_ONCE = 8
_WORDS_AT_ONCE = 10


class PollEndings(QueueWorker[Ending]):
    """Says of each poll that closed what is to be said of it, every word at most once, ever.

    A word is claimed before it is sent. Where Slack may have taken it, though its
    answer was lost, it is not sent again. What is older than a day is not said.
    """

    def __init__(
        self,
        poll_rows: PollRows,
        ending_rows: EndingRows,
        has_record: Callable[[str], Awaitable[bool]],
        sources: PollSources,
        results: PollResults,
        languages: Languages,
        posting: Posting,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        super().__init__(ending_rows.work, clock, at_once=_AT_ONCE)
        self._poll_rows = poll_rows
        self._ending_rows = ending_rows
        self._has_record = has_record
        self._sources = sources
        self._results = results
        self._languages = languages
        self._posting = posting
        self._outbox = outbox

    async def serve(self, ending: Ending, attempts: int) -> Next:
        """Say what was not said yet."""
        kept = await self._poll_rows.find(ending.team_id, ending.poll_id)
        if self._clock() - ending.closed_at <= LATEST:
            await self._say_all(ending, await self._sources.synced(kept, fresh=0.0))
        await self._ending_rows.done(ending)
        return Done()

    async def _say_all(self, ending: Ending, kept: Kept) -> None:
        if kept.poll.deleted:
            return
        shown = await self._results.in_words(kept)
        announcement = await self._announcement(kept, shown)
        cards = await self._ending_rows.cards(ending.poll_id, ending.closed_at, self._clock())
        gone: list[str] = []
        words = [self._announce(ending, card, announcement, gone) for card in cards]
        ended = kept.closed_by in (None, ALL_ANSWERED)
        by_itself = ended and kept.kind == "issue" and not kept.found
        if by_itself and not await self._has_record(kept.poll.id):
            async with self._languages.speaking_to(Person(kept.team_id, kept.poll.created_by)):
                offer = blocks.record_offer(
                    kept.poll, kept.site, kept.subject, by_all=kept.closed_by == ALL_ANSWERED
                )
            notice = Notice(Kind.OFFER, kept.poll.id, ending.closed_at)
            words.append(self._tell(ending, notice, offer, kept.poll.created_by))
        await _each(words)
        if ended and not kept.found and shown.people != 0 and len(gone) == len(cards):
            async with self._languages.speaking_to(Person(kept.team_id, kept.poll.created_by)):
                nowhere = announced_nowhere(announcement)
            notice = Notice(Kind.NOWHERE, kept.poll.id, ending.closed_at)
            await self._tell(ending, notice, nowhere, kept.poll.created_by)

    async def not_announced(self, kept: Kept, codes: Mapping[str, str]) -> Message:
        """Return what a poll's creator gets where Slack took no announcement, by channel why.

        What they are to pass on is in the language of the channel.
        """
        shown = await self._results.in_words(kept)
        return not_announced(await self._announcement(kept, shown), codes)

    async def _announcement(self, kept: Kept, shown: Results) -> Message:
        about = await self._sources.about(kept.team_id, kept.kind, kept.subject, kept.site)
        async with self._languages.speaking_in(kept.team_id):
            return blocks.announcement(
                kept.poll,
                shown,
                kept.closed_by,
                about=linked(about),
                note=note_of(self._results.doubt(kept)),
            )

    async def _announce(
        self, ending: Ending, card: PostedCard, message: Message, gone: list[str]
    ) -> None:
        """Say it under a card; where Slack does not take it, the poll's creator gets it instead.

        A card of which Slack says that it is not there any more is one of the ``gone``.
        """

        async def say() -> None:
            try:
                await self._posting.say_under(ending.team_id, card, message)
            except MessageGone:
                gone.append(card.id)
                raise

        notice = Notice(Kind.ANNOUNCEMENT, card.id, ending.closed_at)
        if not await self._ending_rows.claim_word(ending, notice, self._clock()):
            return
        await self._outbox.send_or_leave(
            notice,
            say,
            instead=replace(notice, kind=Kind.NOT_ANNOUNCED),
        )

    async def _tell(self, ending: Ending, notice: Notice, message: Message, user_id: str) -> None:
        if not await self._ending_rows.claim_word(ending, notice, self._clock()):
            return
        await self._outbox.send_or_leave(
            notice, lambda: self._posting.say(ending.team_id, user_id, message)
        )


async def _each(words: Sequence[Awaitable[None]]) -> None:
    """Say all of it, side by side; then raise for what was not said what is over soonest."""
    turns = asyncio.Semaphore(_WORDS_AT_ONCE)

    async def say(word: Awaitable[None]) -> None:
        async with turns:
            await word

    said = await asyncio.gather(*map(say, words), return_exceptions=True)
    failed = [one for one in said if isinstance(one, BaseException)]
    turned_away = [one for one in failed if isinstance(one, NotYet)]
    if turned_away:
        raise min(turned_away, key=lambda one: one.until)
    for error in failed:
        raise error
