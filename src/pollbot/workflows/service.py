"""What the steps do: as whoever used the workflow, and as often as it takes."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from pollbot.accounts.rows import AccountRows
from pollbot.errors import (
    AccountRefused,
    ChannelClosed,
    NotAllowed,
    NotFound,
    PollGone,
    SlackError,
    SourceUnavailable,
)
from pollbot.jira.issues import Issue, IssueAt
from pollbot.jira.refusals import NoIssue
from pollbot.jira.sites import Sites
from pollbot.people import Person
from pollbot.polls.defaults.rows import DefaultRows
from pollbot.polls.defaults.rules import stays_here
from pollbot.polls.kept import Kept
from pollbot.polls.rows import PollRows
from pollbot.polls.rules import Ask, Definition, Posting
from pollbot.polls.service import Polls, Ready
from pollbot.polls.sources.service import PollSources
from pollbot.polls.typed import InParts, NewPoll, read_parts
from pollbot.slack.client import Slack
from pollbot.slack.languages import Languages
from pollbot.slack.users import People
from pollbot.store.worker import Clock
from pollbot.text.catalog import speaking
from pollbot.text.refusals import NeedsZone
from pollbot.workflows.refusals import (
    CardNotTaken,
    IssueNotShown,
    NobodyUsedIt,
    NoCardThere,
    NoChannelGiven,
    NotInChannel,
    PollGoneMeanwhile,
    UserGone,
)
from pollbot.workflows.rows import ExecutionRows, is_asked_for
from pollbot.workflows.rules import Execution, read_end, read_options, read_poll

T = TypeVar("T")

_WITHIN = 60.0
"""Seconds for all calls of one try; what is slower counts as not answered."""


class Steps:
    """The three steps. Everything here raises PollbotError, and may be done again after that."""

    def __init__(
        self,
        account_rows: AccountRows,
        execution_rows: ExecutionRows,
        poll_rows: PollRows,
        defaults: DefaultRows,
        polls: Polls,
        sources: PollSources,
        sites: Sites,
        slack: Slack,
        people: People,
        languages: Languages,
        clock: Clock,
    ) -> None:
        self._account_rows = account_rows
        self._execution_rows = execution_rows
        self._poll_rows = poll_rows
        self._defaults = defaults
        self._polls = polls
        self._sources = sources
        self._sites = sites
        self._slack = slack
        self._people = people
        self._languages = languages
        self._clock = clock

    async def made(self, run: Execution) -> Kept | None:
        """Return the poll that an earlier try made; None if none did, or may not have."""
        if run.poll_id is not None:
            return await self._poll_rows.find(run.team_id, run.poll_id)
        if not run.given("person"):
            return None
        kept = await self._polls.made_by(Person(run.team_id, run.given("person")), run.stamp)
        return None if kept is None or kept.is_half_made else kept

    async def create(self, run: Execution) -> Kept:
        """Create the poll that is asked for, and ask for its card; return it.

        Raises AskedNoMore.
        """
        channel_id, person = run.given("channel"), await self._who(run)
        if not channel_id:
            raise NoChannelGiven
        await self._must_post(person, channel_id)
        ask = await self._asked(run, person, channel_id)
        site = self._sites.current(ask.site)
        ready = await self._as(person, site, self._ready(run, person, ask))
        posting = Posting(channel_id)
        ready = replace(ready, is_asked=partial(is_asked_for, run=run))
        made = self._polls.make_ready(person, ready, ask.draft, run.stamp, posting)
        kept = await self._as(person, site, made)
        if kept.is_half_made:
            raise SourceUnavailable("a crash left the poll between here and its source")
        return kept

    async def link(self, run: Execution, kept: Kept, *, wait: bool) -> str | None:
        """Return the address of the poll's card; None while Slack has not answered to it yet.

        Empty where nobody knows it, and without ``wait`` where it is still to come. Raises
        CardNotTaken.
        """
        card = await self._execution_rows.card_of(run, kept.poll.id)
        if card is None or (card.over and card.ts is None and not wait):
            raise CardNotTaken
        if card.ts is None:
            return None if wait and not card.over else ""
        try:
            return await self._slack.of(run.team_id).permalink(card.channel_id, card.ts)
        except SlackError:
            return ""

    async def votes(self, run: Execution) -> tuple[str, Issue]:
        """Return the issue that is asked for, and on which site it is.

        It is read as whoever used the workflow, else as nobody, where the site allows that.
        """
        named = await self._sites.issue(run.given("issue"), _no_channel)
        if named is None:
            raise NoIssue("")
        person = Person(run.team_id, run.given("person"))
        account = await self._account_rows.usable(person, named.site) if person.user_id else None
        jira = self._sites.jira(named.site)
        try:
            async with asyncio.timeout(_WITHIN):
                reading = jira.issue(named.key, account)
                return named.site, await self._as(person, named.site, reading)
        except (NotFound, NotAllowed) as error:
            raise IssueNotShown(named.key, connected=account is not None) from error

    async def waited_for(self, run: Execution) -> Kept:
        """Return the poll for whose end the step waits, with what its source has of it."""
        named = run.poll_id or read_poll(run.given("poll"))
        try:
            kept = await self._execution_rows.wait_for(run, named)
        except PollGone as error:
            raise (PollGoneMeanwhile() if run.poll_id is not None else error) from error
        if not kept.poll.deleted and not kept.poll.is_open(self._clock()):
            kept = await self._sources.synced(kept, fresh=0.0)
        if kept.poll.deleted:
            raise PollGoneMeanwhile
        return kept

    async def _who(self, run: Execution) -> Person:
        person = Person(run.team_id, run.given("person"))
        if not person.user_id:
            raise NobodyUsedIt
        if not await self._people.is_person(person):
            raise UserGone
        return person

    async def _must_post(self, person: Person, channel_id: str) -> None:
        """Raise unless pollbot may post there, and the person is known to read it.

        A workflow may name any channel, so one that its user cannot see is none for a poll of
        theirs.
        """
        slack = self._slack.of(person.team_id)
        try:
            await slack.see_channel(channel_id)
        except ChannelClosed as error:
            raise NoCardThere(error.code) from error
        try:
            if await slack.is_public(channel_id) and await self._people.belongs(person):
                return
        except SlackError:
            pass
        try:
            if channel_id in await slack.channels_of(person.user_id):
                return
        except SlackError:
            pass
        raise NotInChannel

    async def _asked(self, run: Execution, person: Person, channel_id: str) -> Ask:
        """Return what makes the poll, as /poll in that channel would."""
        new = await self._read(run, person)
        about = await self._polls.guessed(person, channel_id, new.where)
        stays = not new.local and stays_here(new.usual, await self._polls.source_of(person, about))
        ask = self._sources.ask(new.draft, about, local=new.local or stays)
        return await self._polls.checked(person, ask, channel_id)

    async def _read(self, run: Execution, person: Person) -> NewPoll:
        parts = InParts(
            run.given("question"),
            read_options(run.given("options")),
            run.given("settings"),
            run.given("about"),
            read_end(run.given("end")),
        )
        usual = await self._defaults.of(run.team_id)
        # What a template asks is for everybody.
        with speaking(await self._languages.of_team(run.team_id)):
            try:
                return read_parts(parts, run.asked_at, None, usual)
            except NeedsZone:
                zone = await self._people.zone(person)
                return read_parts(parts, run.asked_at, zone, usual)

    async def _ready(self, run: Execution, person: Person, ask: Ask) -> Ready:
        """Return where the poll is to be made, once an earlier try was looked for there."""
        async with asyncio.timeout(_WITHIN):
            ready = await self._polls.ready(person, ask)
            if ready.home is not None:
                await self._sources.discover(person, ready.about)
                subject = ready.about.subject
                kept = await self._execution_rows.adopt(run, person, subject, ask.draft)
                if kept is not None:
                    await self._take_over(kept, ask)
        return ready

    async def _take_over(self, kept: Kept, ask: Ask) -> None:
        poll = kept.poll
        await self._poll_rows.change(
            kept,
            self._clock(),
            Definition(poll.title, poll.description, poll.live, poll.settings),
            draft=ask.draft,
        )

    async def _as(self, person: Person, site: str, work: Awaitable[T]) -> T:
        """Return what the work does; if Jira refuses the person's account, that is kept."""
        account = await self._account_rows.find(person, site)
        try:
            return await work
        except AccountRefused:
            if account is not None:
                await self._account_rows.refused(
                    person, site, account.credential, "", self._clock()
                )
            raise


async def _no_channel() -> IssueAt | None:
    return None
