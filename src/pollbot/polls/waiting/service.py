"""Polls that are asked for: made at once, or kept until they can be made."""

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
)
from pollbot.jira.issues import IssueAt
from pollbot.jira.pages import PageRef
from pollbot.jira.sites import Sites
from pollbot.people import Person
from pollbot.polls.forms.state import Hitch
from pollbot.polls.refusals import ChannelsIssueNotFound, ChannelsPageNotFound
from pollbot.polls.rules import Ask, Draft, Posting
from pollbot.polls.service import Polls, Ready
from pollbot.polls.sources.service import PollSources
from pollbot.polls.sources.source import About, PlaceUnnamed
from pollbot.polls.waiting.rows import WaitingRows
from pollbot.polls.waiting.rules import NEEDS_ACCOUNT, Because, Delayed, State, Wait, WaitingPoll
from pollbot.store.worker import Clock

log = logging.getLogger(__name__)

_BLANK = Draft("", ())
_IN_HAND = 120.0
"""Seconds after which whoever was making a poll is certainly not at it any more."""
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
        sites: Sites,
        clock: Clock,
        *,
        patience: float = 1.5,
    ) -> None:
        self._account_rows = account_rows
        self._waiting_rows = waiting_rows
        self._polls = polls
        self._sources = sources
        self._sites = sites
        self._clock = clock
        # Slack waits 3 s for an answer, and until then the poll is to be on disk.
        self._patience = patience

    @property
    def site(self) -> str:
        """The Jira that polls are on where nothing else is said."""
        return self._sites.default

    def on(self, draft: Draft, about: About, *, local: bool) -> Ask:
        """Return what asks for such a poll."""
        return self._sources.ask(draft, about, local=local)

    async def ask(self, person: Person, ask: Ask, posting: Posting) -> Delayed | None:
        """Make the poll and ask for its card, or keep it until that is possible.

        Return a poll that was kept; None if it was made. What Jira or the source refuses raises,
        and nothing is kept of it.
        """
        ask = await self._polls.checked(person, ask, posting.channel_id)

        async def make() -> Delayed | None:
            async with asyncio.timeout(self._patience):
                ready = await self._polls.ready(person, ask)
            if ready.home is not None:
                return await self._make_there(person, ask, ready, posting)
            await self._polls.make_ready(person, ready, ask.draft, posting.stamp, posting)
            return None

        try:
            made = await self._unless_hindered(person, ask, make())
        except NotFound as error:
            linked = await self._account_rows.linked(
                person.team_id, posting.channel_id, self._sites.all
            )
            site = self._sites.current(ask.site)
            if ask.kind == "issue" and linked == IssueAt(site, ask.subject):
                raise ChannelsIssueNotFound(key=ask.subject) from error
            if ask.kind == "page" and linked == PageRef(site, ask.subject):
                raise ChannelsPageNotFound from error
            raise
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

        found = await self._unless_hindered(person, ask, look())
        return found.why if isinstance(found, _Hindered) else found

    async def _make_there(
        self, person: Person, ask: Ask, ready: Ready, posting: Posting
    ) -> Delayed | None:
        """Make the poll in its source. It is on disk before, with all that was typed.

        So whatever becomes of the call, or of pollbot meanwhile, it is looked for there.
        """
        ask = replace(ask, subject=ready.about.subject)
        waiting = self._waiting_rows
        id_ = await self._row(person, ask, posting, Wait("making", _IN_HAND))
        try:
            kept = await self._polls.make_ready(
                person, ready, ask.draft, posting.stamp, posting, keep_lost=True
            )
        except SourceUnavailable as error:
            pause = max(error.retry_after, 2.0)
            await waiting.go_on(id_, "making" if error.perhaps else "queued", self._clock() + pause)
            return Delayed(id_, ask, ready.about, None if error.perhaps else _because(error))
        except PollbotError:
            await waiting.forget(id_)
            raise
        if not kept.is_half_made:
            await waiting.forget(id_)
        return None

    async def hitch(self, person: Person, about: About, *, local: bool) -> Hitch | None:
        """Return what stands in the way of a poll there, or has to come first; None if nothing.

        What could not be asked is no refusal.
        """
        ask = self.on(_BLANK, about, local=local)
        account = await self._account_rows.find(person, self._sites.current(ask.site))
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

    async def drop(self, person: Person, waiting_id: str) -> WaitingPoll | None:
        """Drop the person's poll, and return what it was; None if it does not wait any more."""
        return await self._waiting_rows.drop(person, waiting_id, self._clock())

    async def about(self, waiting: WaitingPoll) -> About:
        """Return what the poll is on."""
        ask, team_id = waiting.ask, waiting.person.team_id
        return await self._sources.about(team_id, ask.kind, ask.subject, waiting.site)

    async def _unless_hindered(self, person: Person, ask: Ask, work: Awaitable[T]) -> T | _Hindered:
        """Return what the work does, or why nobody could be asked. Raises what they refuse."""
        site = self._sites.current(ask.site)
        account = await self._account_rows.find(person, site)
        try:
            return await work
        except (NotConnected, AccountRefused) as error:
            if isinstance(error, AccountRefused) and account is not None:
                await self._account_rows.refused(
                    person, site, account.credential, "", self._clock()
                )
            return _Hindered(Because.NO_ACCOUNT if account is None else Because.TOKEN_REFUSED)
        except TimeoutError:
            return _Hindered(Because.SLOW)
        except (JiraUnavailable, SiteMoved, SourceUnavailable) as error:
            return _Hindered(_because(error), max(error.retry_after, 2.0))

    async def _keep(
        self, person: Person, ask: Ask, posting: Posting, hindered: _Hindered
    ) -> Delayed:
        state: State = "unconnected" if hindered.why in NEEDS_ACCOUNT else "queued"
        id_ = await self._row(person, ask, posting, Wait(state, hindered.pause))
        about = await self._sources.about(person.team_id, ask.kind, ask.subject, ask.site)
        return Delayed(id_, ask, about, hindered.why)

    async def _row(self, person: Person, ask: Ask, posting: Posting, wait: Wait) -> str:
        now, site = self._clock(), self._sites.current(ask.site)
        return await self._waiting_rows.keep(person, site, ask, posting, now, wait)


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
