"""Polls that cannot be made when they are asked for: kept, made as soon as they can be, told."""

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from typing import TypeVar

from pollbot.accounts.rows import AccountRows
from pollbot.errors import (
    AccountRefused,
    JiraBusy,
    JiraError,
    JiraUnavailable,
    NotAllowed,
    NotConnected,
    NotFound,
    NotYours,
    PollbotError,
    SiteMoved,
    SourceBusy,
    SourceError,
    SourceUnavailable,
    StorageUnavailable,
)
from pollbot.people import Person
from pollbot.polls.cards import linked
from pollbot.polls.forms.blocks import Hitch
from pollbot.polls.kept import Kept
from pollbot.polls.rows import PollRows
from pollbot.polls.rules import Ask, Definition, Draft, Kind
from pollbot.polls.sentences import sentence
from pollbot.polls.service import Polls, Posting, Ready
from pollbot.polls.sources.service import PollSources
from pollbot.polls.sources.source import PlaceUnnamed
from pollbot.polls.waiting import blocks
from pollbot.polls.waiting.blocks import Because
from pollbot.polls.waiting.rows import WaitingRows
from pollbot.polls.waiting.rules import Decision, Outcome, State, WaitingPoll
from pollbot.slack.kit import Message
from pollbot.store.queue import Again, Done, Next
from pollbot.store.worker import Clock, QueueWorker

log = logging.getLogger(__name__)

_AT_ONCE = 16
_BLANK = Draft("", ())
_IN_HAND = 120.0
"""Seconds after which whoever was making a poll is certainly not at it any more."""
_LOOKS = 4
"""Pauses, half a minute in all, in which a poll may still appear in its source."""
_HITCH_WITHIN = 5.0
"""Seconds after which somebody who fills in a form is told that nothing is known yet."""

T = TypeVar("T")

NotNow = JiraUnavailable | SiteMoved | SourceUnavailable


@dataclass(frozen=True, slots=True)
class _Hindered:
    """Why a poll cannot be made now, and seconds until it is worth another try."""

    why: Because
    pause: float = 0.0


class AskedPolls:
    """What a command or a form asks for: made at once, or kept on disk before Slack is answered."""

    def __init__(
        self,
        account_rows: AccountRows,
        waiting_rows: WaitingRows,
        polls: Polls,
        sources: PollSources,
        site: str,
        clock: Clock,
        *,
        patience: float = 1.5,
    ) -> None:
        self._account_rows = account_rows
        self._waiting_rows = waiting_rows
        self._polls = polls
        self._sources = sources
        self._site = site
        self._clock = clock
        # Slack waits 3 s for an answer, and until then the poll is to be on disk.
        self._patience = patience

    async def ask(self, person: Person, ask: Ask, posting: Posting) -> Message | None:
        """Make the poll and ask for its card, or keep it until that is possible.

        Return what its person is to know of a poll that was kept; None if it was made. What
        Jira or the source refuses raises, and nothing is kept of it.
        """
        ask = await self._polls.checked(person, ask)

        async def make() -> Message | None:
            async with asyncio.timeout(self._patience):
                ready = await self._polls.ready(person, ask)
            if ready.home is not None:
                return await self._make_there(person, ask, ready, posting)
            await self._polls.make_ready(person, ready, ask.draft, posting.stamp, posting)
            return None

        made = await self._unless_hindered(person, make())
        if isinstance(made, _Hindered):
            return await self._keep(person, ask, posting, made)
        return made

    async def look(self, person: Person, ask: Ask) -> Ready | Because:
        """Ask whoever has a say in a poll that is made later; return why that was not possible.

        What they refuse raises.
        """
        await self._polls.checked_place(person, ask)

        async def look() -> Ready:
            async with asyncio.timeout(self._patience):
                return await self._polls.ready(person, ask)

        found = await self._unless_hindered(person, look())
        return found.why if isinstance(found, _Hindered) else found

    async def _make_there(
        self, person: Person, ask: Ask, ready: Ready, posting: Posting
    ) -> Message | None:
        """Make the poll in its source. It is on disk before, with all that was typed.

        So whatever becomes of the call, or of pollbot meanwhile, it is looked for there.
        """
        ask = replace(ask, subject=ready.about.subject)
        waiting = self._waiting_rows
        id_ = await self._row(person, ask, posting, "making", _IN_HAND)
        try:
            kept = await self._polls.make_ready(
                person, ready, ask.draft, posting.stamp, posting, keep_lost=True
            )
        except SourceUnavailable as error:
            pause = max(error.retry_after, 2.0)
            await waiting.go_on(id_, "making" if error.perhaps else "queued", self._clock() + pause)
            on = linked(ready.about)
            if error.perhaps:
                return blocks.looked_for(ask, on, self._site)
            return blocks.kept(id_, ask, on, _because(error))
        except PollbotError:
            await waiting.forget(id_)
            raise
        if not kept.is_half_made:
            await waiting.forget(id_)
        return None

    async def hitch(self, person: Person, kind: Kind, subject: str, *, local: bool) -> Hitch | None:
        """Return what stands in the way of a poll there, or has to come first; None if nothing.

        What could not be asked is no refusal.
        """
        ask = Ask(_BLANK, kind, subject, local)
        account = await self._account_rows.find(person, self._site)
        try:
            await self._polls.checked_place(person, ask)
            async with asyncio.timeout(_HITCH_WITHIN):
                await self._polls.ready(person, ask)
        except PlaceUnnamed:
            return Hitch.MACRO
        except NotYours:
            return Hitch.NO_EDIT
        except NotConnected:
            return Hitch.NO_ACCOUNT if account is None else Hitch.TOKEN_REFUSED
        except AccountRefused:
            return Hitch.TOKEN_REFUSED
        except (NotFound, NotAllowed):
            return Hitch.HIDDEN
        except SourceError:
            return Hitch.SOURCE
        except (TimeoutError, JiraError, JiraUnavailable, SiteMoved, SourceUnavailable):
            return Hitch.NOT_ASKED
        return None

    async def drop(self, person: Person, waiting_id: str) -> Message:
        """Drop the person's poll, if it still waits; return what it was."""
        dropped = await self._waiting_rows.drop(person, waiting_id, self._clock())
        if dropped is None:
            return blocks.waits_no_more()
        return blocks.dropped(dropped.ask, await self._on(dropped), self._site)

    async def word(self, waiting: WaitingPoll) -> Message | None:
        """Return what its person is still to hear of it now; None if that is nothing."""
        on = await self._on(waiting)
        if waiting.outcome is not None:
            return blocks.decided(waiting, on, self._site)
        if waiting.state == "unconnected":
            return blocks.kept(waiting.id, waiting.ask, on, Because.TOKEN_REFUSED)
        return None

    async def _unless_hindered(self, person: Person, work: Awaitable[T]) -> T | _Hindered:
        """Return what the work does, or why nobody could be asked. Raises what they refuse."""
        account = await self._account_rows.find(person, self._site)
        try:
            return await work
        except (NotConnected, AccountRefused) as error:
            if isinstance(error, AccountRefused) and account is not None:
                await self._account_rows.refused(
                    person, self._site, account.credential, "", self._clock()
                )
            return _Hindered(Because.NO_ACCOUNT if account is None else Because.TOKEN_REFUSED)
        except TimeoutError:
            return _Hindered(Because.SLOW)
        except (JiraUnavailable, SiteMoved, SourceUnavailable) as error:
            return _Hindered(_because(error), max(error.retry_after, 2.0))

    async def _keep(
        self, person: Person, ask: Ask, posting: Posting, hindered: _Hindered
    ) -> Message:
        state: State = "unconnected" if hindered.why in blocks.NEEDS_ACCOUNT else "queued"
        id_ = await self._row(person, ask, posting, state, hindered.pause)
        about = await self._sources.about(person.team_id, ask.kind, ask.subject)
        return blocks.kept(id_, ask, linked(about), hindered.why)

    async def _row(
        self, person: Person, ask: Ask, posting: Posting, state: State, pause: float
    ) -> str:
        return await self._waiting_rows.keep(
            person,
            self._site,
            ask,
            posting.channel_id,
            posting.response_url,
            posting.stamp or "",
            self._clock(),
            state=state,
            pause=pause,
        )

    async def _on(self, waiting: WaitingPoll) -> str:
        ask, team_id = waiting.ask, waiting.person.team_id
        return linked(await self._sources.about(team_id, ask.kind, ask.subject))


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
        site: str,
        clock: Clock,
    ) -> None:
        super().__init__(waiting_rows.work, clock, at_once=_AT_ONCE)
        self._account_rows = account_rows
        self._poll_rows = poll_rows
        self._waiting_rows = waiting_rows
        self._polls = polls
        self._sources = sources
        self._site = site

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
        account = await self._account_rows.find(waiting.person, self._site)
        try:
            ready = await self._polls.ready(waiting.person, waiting.ask)
            if not await self._waiting_rows.begin(waiting.id):
                return Done()
            return await self._make(waiting, ready)
        except StorageUnavailable:
            raise
        except (JiraUnavailable, SiteMoved, SourceUnavailable) as error:
            if isinstance(error, SourceUnavailable) and error.perhaps:
                log.warning("a source did not answer to a new poll; it is looked for there")
                return Again(error.retry_after, first=True)
            log.warning("a poll on %s waits (%s)", waiting.ask.subject, type(error).__name__)
            await self._waiting_rows.not_now(waiting.id)
            return Again(error.retry_after)
        except NotConnected:
            await self._waiting_rows.unconnected(waiting.id, now)
        except AccountRefused:
            if account is None or not await self._account_rows.refused(
                waiting.person, self._site, account.credential, "", now
            ):
                # There is another one by now.
                return Again()
            await self._waiting_rows.unconnected(waiting.id, now)
        except PollbotError as error:
            return await self._settle(waiting, Outcome(Decision.REFUSED, sentence(error)))
        return Done()

    async def _make(self, waiting: WaitingPoll, ready: Ready) -> Next:
        draft = _remindable(waiting.ask.draft, self._clock())
        kept = await self._polls.make_ready(
            waiting.person, ready, draft, waiting.stamp, keep_lost=True
        )
        return await self._post(waiting, kept)

    async def _look(self, waiting: WaitingPoll, lost: Kept, attempts: int) -> Next:
        """Look in its source for a poll that it may have made though nobody has its answer."""
        person, polls, now = waiting.person, self._poll_rows, self._clock()
        draft = _remindable(waiting.ask.draft, now)
        about = await self._sources.about(person.team_id, lost.kind, lost.subject)
        try:
            await self._sources.discover(person, about)
            kept = await self._waiting_rows.adopt(waiting, draft, lost.poll.id)
            known = await polls.elsewhere(person.team_id, lost.subject)
        except StorageUnavailable:
            raise
        except SourceUnavailable as error:
            if waiting.over(now) is None:
                return Again(error.retry_after)
            return await self._give_up(waiting, lost, Outcome(Decision.PERHAPS, blocks.NOT_ASKED))
        except PollbotError as error:
            return await self._give_up(waiting, lost, Outcome(Decision.PERHAPS, sentence(error)))
        if kept is not None:
            poll = kept.poll
            await polls.change(
                kept,
                now,
                Definition(poll.title, poll.description, poll.live, poll.settings),
                draft=draft,
            )
            return await self._post(waiting, kept)
        if any(_is_like(one, draft, since=waiting.asked_at) for one in known):
            return await self._give_up(waiting, lost, Outcome(Decision.PERHAPS, blocks.ONE_LIKE_IT))
        if attempts < _LOOKS:
            # The source may still be at it.
            return Again()
        return await self._give_up(waiting, lost, Outcome(Decision.NOT_THERE))

    async def _give_up(self, waiting: WaitingPoll, lost: Kept, outcome: Outcome) -> Next:
        then = await self._settle(waiting, outcome)
        await self._poll_rows.drop(lost.poll.id)
        return then

    async def _post(self, waiting: WaitingPoll, kept: Kept) -> Next:
        posting = Posting(waiting.channel_id, waiting.response_url, waiting.stamp)
        await self._polls.post(waiting.person, kept.poll.id, posting)
        return await self._settle(waiting, Outcome(Decision.MADE))

    async def _settle(self, waiting: WaitingPoll, outcome: Outcome) -> Next:
        await self._waiting_rows.settle(waiting.id, outcome, self._clock())
        return Done()


def _because(error: NotNow) -> Because:
    match error:
        case JiraBusy():
            return Because.JIRA_BUSY
        case JiraUnavailable():
            return Because.JIRA_AWAY
        case SiteMoved():
            return Because.SITE_MOVED
        case SourceBusy():
            return Because.SOURCE_BUSY
        case SourceUnavailable(why="not understood"):
            return Because.SOURCE_ODD
        case SourceUnavailable():
            return Because.SOURCE_AWAY


def _is_like(kept: Kept, draft: Draft, *, since: float) -> bool:
    titles = tuple(option.title for option in kept.poll.live)
    return kept.created_at >= since and (kept.poll.title, titles) == (draft.title, draft.options)


def _remindable(draft: Draft, now: float) -> Draft:
    """Return the draft without a reminder whose time has passed while it waited."""
    ends_at, before = draft.settings.ends_at, draft.remind_before
    if before is None or ends_at is None or ends_at - before > now:
        return draft
    return replace(draft, remind_before=None)
