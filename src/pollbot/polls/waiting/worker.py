"""Makes the polls that wait, as soon as they can be made; what became of each is told."""

import logging
from dataclasses import replace
from functools import partial

from pollbot.accounts.rows import AccountRows
from pollbot.errors import (
    AccountRefused,
    JiraUnavailable,
    NotConnected,
    PollbotError,
    SiteMoved,
    SourceUnavailable,
    StorageUnavailable,
)
from pollbot.jira.sites import Sites
from pollbot.polls.kept import Kept
from pollbot.polls.refusals import NotAskedSince, OneLikeIt
from pollbot.polls.rows import AskedNoMore, PollRows
from pollbot.polls.rules import Definition, Draft, Posting
from pollbot.polls.service import Polls, Ready
from pollbot.polls.sources.service import PollSources
from pollbot.polls.waiting.rows import WaitingRows, is_there
from pollbot.polls.waiting.rules import Decision, Outcome, WaitingPoll
from pollbot.store.queue import Again, Done, Next
from pollbot.store.worker import Clock, QueueWorker

log = logging.getLogger(__name__)

_AT_ONCE = 16
_LOOKS = 4
"""Pauses, half a minute in all, in which a poll may still appear in its source."""


class PollMaker(QueueWorker[WaitingPoll]):
    """Makes the polls that wait, each as its own person.

    Whoever has a say in it is asked first, since that can be done again. Then the poll is
    being made: the delivery that asked for it names it, so that a piece of work that was cut
    off makes no second one. Of a source alone nobody can know that: what was cut off
    there, and what it did not answer, is looked for there and never made a second time.
    """

    def __init__(
        self,
        account_rows: AccountRows,
        poll_rows: PollRows,
        waiting_rows: WaitingRows,
        polls: Polls,
        sources: PollSources,
        sites: Sites,
        clock: Clock,
    ) -> None:
        super().__init__(waiting_rows.work, clock, at_once=_AT_ONCE)
        self._account_rows = account_rows
        self._poll_rows = poll_rows
        self._waiting_rows = waiting_rows
        self._polls = polls
        self._sources = sources
        self._sites = sites

    async def tidy(self, now: float) -> None:
        """Stop to wait where it was too long."""
        await self._waiting_rows.expire(now)

    async def serve(self, work: WaitingPoll, attempts: int) -> Next:
        """Make a poll, if that is possible now."""
        waiting, now = work, self._clock()
        made = await self._polls.made_by(waiting.person, waiting.stamp)
        if made is not None and made.is_half_made:
            return await self._look(waiting, made, attempts)
        if made is not None:
            return await self._post(waiting, made)
        over = waiting.over(now)
        if over is not None:
            return await self._settle(waiting, Outcome(over))
        site = self._sites.current(waiting.site)
        account = await self._account_rows.find(waiting.person, site)
        try:
            ask = replace(waiting.ask, site=self._sites.other(site))
            ready = await self._polls.ready(waiting.person, ask)
            if not await self._waiting_rows.begin(waiting.id):
                return Done()
            return await self._make(waiting, ready)
        except StorageUnavailable:
            raise
        except (JiraUnavailable, SiteMoved, SourceUnavailable) as error:
            if isinstance(error, SourceUnavailable) and error.perhaps:
                log.debug("a source did not answer to a new poll; it is looked for there")
                return Again(error.retry_after, first=True)
            log.debug("a poll on %s waits (%s)", waiting.ask.subject, type(error).__name__)
            await self._waiting_rows.not_now(waiting.id)
            return Again(error.retry_after)
        except NotConnected:
            await self._waiting_rows.unconnected(waiting.id, now)
        except AccountRefused:
            if account is None or not await self._account_rows.refused(
                waiting.person, site, account.credential, "", now
            ):
                # There is another one by now.
                return Again()
            await self._waiting_rows.unconnected(waiting.id, now)
        except PollbotError as error:
            return await self._settle(waiting, Outcome(Decision.REFUSED, error))
        return Done()

    async def _make(self, waiting: WaitingPoll, ready: Ready) -> Next:
        draft = _remindable(waiting.ask.draft, self._clock())
        ready = replace(ready, is_asked=partial(is_there, id_=waiting.id))
        try:
            kept = await self._polls.make_ready(
                waiting.person, ready, draft, waiting.stamp, keep_lost=True
            )
        except AskedNoMore:
            return Done()
        if not await self._waiting_rows.is_there(waiting.id):
            return Done()
        return await self._post(waiting, kept)

    async def _look(self, waiting: WaitingPoll, lost: Kept, attempts: int) -> Next:
        """Look in its source for a poll that it may have made though nobody has its answer."""
        person, polls, now = waiting.person, self._poll_rows, self._clock()
        draft = _remindable(waiting.ask.draft, now)
        about = await self._sources.about(person.team_id, lost.kind, lost.subject, lost.site)
        try:
            await self._sources.discover(person, about)
            kept = await self._waiting_rows.adopt(waiting, draft, lost.poll.id)
            known = await polls.elsewhere(person.team_id, lost.subject)
        except StorageUnavailable:
            raise
        except SourceUnavailable as error:
            if waiting.over(now) is None:
                return Again(error.retry_after)
            return await self._give_up(waiting, lost, Outcome(Decision.PERHAPS, NotAskedSince()))
        except PollbotError as error:
            return await self._give_up(waiting, lost, Outcome(Decision.PERHAPS, error))
        if kept is not None:
            poll = kept.poll
            await polls.change(
                kept,
                now,
                Definition(poll.title, poll.description, poll.live, poll.settings),
                draft=draft,
            )
            return await self._post(waiting, kept)
        known = [one for one in known if one.site == lost.site]
        if any(_is_like(one, draft, since=waiting.asked_at) for one in known):
            return await self._give_up(waiting, lost, Outcome(Decision.PERHAPS, OneLikeIt()))
        if attempts < _LOOKS:
            # The source may still be at it.
            return Again()
        return await self._give_up(waiting, lost, Outcome(Decision.NOT_THERE))

    async def _give_up(self, waiting: WaitingPoll, lost: Kept, outcome: Outcome) -> Next:
        then = await self._settle(waiting, outcome)
        await self._poll_rows.drop(lost.poll.id)
        return then

    async def _post(self, waiting: WaitingPoll, kept: Kept) -> Next:
        posting = Posting(
            waiting.channel_id, waiting.response_url, waiting.stamp, waiting.thread_ts
        )
        # What was cut off once the poll was made has asked for its card with it.
        if await self._poll_rows.posted_first(kept.poll.id) != waiting.channel_id:
            await self._polls.post(waiting.person, kept.poll.id, posting)
        return await self._settle(waiting, Outcome(Decision.MADE))

    async def _settle(self, waiting: WaitingPoll, outcome: Outcome) -> Next:
        await self._waiting_rows.settle(waiting.id, outcome, self._clock())
        return Done()


def _is_like(kept: Kept, draft: Draft, *, since: float) -> bool:
    titles = tuple(option.title for option in kept.poll.live)
    return kept.created_at >= since and (kept.poll.title, titles) == (draft.title, draft.options)


def _remindable(draft: Draft, now: float) -> Draft:
    """Return the draft without a reminder whose time has passed while it waited."""
    ends_at, before = draft.settings.ends_at, draft.remind_before
    if before is None or ends_at is None or ends_at - before > now:
        return draft
    return replace(draft, remind_before=None)
