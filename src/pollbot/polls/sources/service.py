"""Where polls live: in a source that keeps those of a project or space, or in pollbot itself."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial

from pollbot.accounts.rows import AccountRows
from pollbot.chance import Chance, new_id
from pollbot.errors import NotConnected, SourceError, SourceUnavailable, StorageUnavailable
from pollbot.jira.issues import IssueAt, issue_url
from pollbot.jira.pages import PageRef, page_url
from pollbot.jira.sites import Sites
from pollbot.people import Account, Person
from pollbot.polls.kept import FRESH, Home, Kept
from pollbot.polls.refusals import EditedTooOften
from pollbot.polls.rows import PollRows
from pollbot.polls.rules import Ask, Definition, Draft, Kind, Option, Poll
from pollbot.polls.sources.rows import PageFacts, SourceRows
from pollbot.polls.sources.source import (
    PLAIN,
    About,
    Can,
    PollSource,
    SourcePoll,
    asked_there,
    is_as_kept,
)
from pollbot.store.deliveries import aside
from pollbot.store.worker import Clock

log = logging.getLogger(__name__)

_LOOKS = 120
_BETWEEN = 0.25
"""Seconds; all looks together outlast a change that a crash has left."""


class PollSources:
    """Finds out what a poll is on and where it belongs, and reads it from there."""

    def __init__(
        self,
        account_rows: AccountRows,
        poll_rows: PollRows,
        source_rows: SourceRows,
        embedded: PollSource,
        elsewhere: Sequence[PollSource],
        sites: Sites,
        clock: Clock,
        chance: Chance,
    ) -> None:
        """Of the sources ``elsewhere`` the first that keeps polls on something has them."""
        self._account_rows = account_rows
        self._poll_rows = poll_rows
        self._source_rows = source_rows
        self._embedded = embedded
        self._elsewhere = elsewhere
        self._sources = {source.kind: source for source in (embedded, *elsewhere)}
        self._sites = sites
        self._clock = clock
        self._chance = chance

    def of(self, home: Home | None) -> PollSource:
        """Return the source of polls that live there."""
        return self._embedded if home is None else self._sources[home.kind]

    def can(self, kept: Kept) -> Can:
        """Return what the poll's source can do."""
        return self.of(kept.home).can

    async def home(self, team_id: str, about: About, *, local: bool = False) -> Home | None:
        """Return where a new poll on this would live; None: in pollbot, as ``local`` asks."""
        if local:
            return None
        for source in self._elsewhere:
            home = await source.home(team_id, about)
            if home is not None:
                return home
        return None

    async def must_make(
        self, person: Person, about: About, home: Home | None, draft: Draft
    ) -> None:
        """Raise BadInput or NotYours unless the person may have this poll made there."""
        source = self.of(home)
        source.check_draft(about, home, draft)
        await source.must_make(person, about)

    async def named(self, person: Person, channel_id: str, text: str | None) -> About:
        """Return what ``text`` names, as the person sees it in Jira or Confluence.

        Blank text is what the channel is linked to, else nothing: a plain
        poll, as it is with None. Raises BadInput, NotConnected, and what Jira answers.
        """
        return await self.seen(person, *await self._meant(person, channel_id, text))

    async def page(self, person: Person, page_id: str, site: str = "") -> About:
        """Return a page as the person sees it in Confluence, and remember what it is called."""
        site = self._sites.current(site)
        account = await self.account(person, site)
        seen = await self._sites.jira(site).page(page_id, account)
        facts = PageFacts(seen.page_id, seen.space_id, seen.title, None)
        with aside():
            await self._source_rows.know_page(person.team_id, facts, self._sites.other(site))
        return await self.about(person.team_id, "page", seen.page_id, site)

    async def guessed(self, person: Person, channel_id: str, text: str | None) -> About:
        """Return what ``text`` names without asking Jira, which is too slow for opening a form."""
        return await self.about(person.team_id, *await self._meant(person, channel_id, text))

    async def _meant(
        self, person: Person, channel_id: str, text: str | None
    ) -> tuple[Kind, str, str]:
        """Return what ``text`` names, and on which site, as ``named`` reads it."""
        if text is None:
            return "plain", "", ""
        linked = partial(self._account_rows.linked, person.team_id, channel_id, self._sites.all)
        match await self._sites.meant(text, linked):
            case PageRef(site, page_id):
                return "page", page_id, site
            case IssueAt(site, key):
                return "issue", key, site
            case None:
                return "plain", "", ""

    async def about(self, team_id: str, kind: Kind, subject: str, site: str = "") -> About:
        """Return the subject of a poll from what is known here; its ``site`` may be empty."""
        site = self._sites.current(site)
        if kind == "issue":
            project = subject.rpartition("-")[0]
            return About(kind, subject, subject, issue_url(site, subject), project, site)
        if kind == "page":
            facts = await self._source_rows.page(team_id, subject, self._sites.other(site))
            title, space = ("", "") if facts is None else (facts.title, facts.space_id)
            return About(kind, subject, title, page_url(site, subject, None), space, site)
        return PLAIN

    async def seen(self, person: Person, kind: Kind, subject: str, site: str = "") -> About:
        """Return the subject of a poll as the person sees it; raises what ``named`` does."""
        site = self._sites.current(site)
        match kind:
            case "issue":
                account = await self.account(person, site)
                issue = await self._sites.jira(site).issue(subject, account)
                return await self.about(person.team_id, "issue", issue.key, site)
            case "page":
                return await self.page(person, subject, site)
            case "plain":
                return PLAIN

    async def account(self, person: Person, site: str = "") -> Account:
        """Return the person's account on the site. Raises NotConnected."""
        site = self._sites.current(site)
        account = await self._account_rows.usable(person, site)
        if account is None:
            raise NotConnected(self._sites.other(site))
        return account

    async def sees(self, person: Person, kept: Kept) -> None:
        """Raise NotConnected or NotFound unless the person can see what the poll is on."""
        site = self._sites.current(kept.site)
        account = await self.account(person, site)
        if kept.kind == "issue":
            await self._sites.jira(site).issue(kept.subject, account)
        elif kept.kind == "page":
            await self._sites.jira(site).page(kept.subject, account)

    def ask(self, draft: Draft, about: About, *, local: bool) -> Ask:
        """Return what asks for such a poll."""
        return Ask(draft, about.kind, about.subject, local, site=self.other(about.site))

    def other(self, site: str) -> str:
        """Return the site as an Ask keeps it: empty where it is the default one."""
        return self._sites.other(site)

    def others(self, site: str) -> tuple[str, ...]:
        """Return the sites of ours beside this one, on which the same keys are other issues."""
        return tuple(one for one in self._sites.all if one != self._sites.current(site))

    async def synced(self, kept: Kept, *, fresh: float = FRESH) -> Kept:
        """Return the poll as its source has it, unless it was read just now.

        If the source does not answer, return what is known.
        """
        now, home = self._clock(), kept.home
        read_lately = now - kept.read_at < fresh
        is_over = kept.poll.deleted and not kept.may_come_back
        if home is None or kept.is_half_made or is_over or read_lately:
            return kept
        try:
            there = await self.of(home).polls(kept.team_id, home)
        except (SourceError, SourceUnavailable) as error:
            log.debug("a poll is shown as it was last read: %s", type(error).__name__)
            return kept
        found = next((one for one in there if one.id == home.id), None)
        if found is None:
            with aside():
                await self._poll_rows.unlisted(kept, now)
            return await self._poll_rows.find(kept.team_id, kept.poll.id)
        return await self._take(kept, found, now)

    @asynccontextmanager
    async def alone(self, kept: Kept) -> AsyncIterator[None]:
        """Let one change of a poll after the other go to its source, over all doors.

        Whoever writes last wins there: of two at once the later one would write over the other.
        Raises EditedTooOften.
        """
        if not self.can(kept).elsewhere:
            yield
            return
        for _ in range(_LOOKS):
            begun_at = self._clock()
            if await self._poll_rows.begin_change(kept, begun_at):
                break
            await asyncio.sleep(_BETWEEN)
        else:
            raise EditedTooOften
        try:
            yield
        finally:
            # It ends by itself, soon, and what was changed is changed.
            with suppress(StorageUnavailable):
                await self._poll_rows.end_change(kept, begun_at)

    async def discover(self, person: Person, about: About) -> None:
        """Take in the polls that were made in their source, and note which are not there."""
        home = await self.home(person.team_id, about)
        if home is None:
            return
        now = self._clock()
        known = await self._known(person, about, home)
        there = await self.of(home).polls(person.team_id, home)
        for gone in known.keys() - {one.id for one in there}:
            with aside():
                await self._poll_rows.unlisted(known[gone], now)
        for one in there:
            old = known.get(one.id)
            if old is None:
                kept = self._found(person, about, now, home, one)
                with aside():
                    poll_id = await self._poll_rows.add(kept)
                if poll_id == kept.poll.id:
                    continue
                old = await self._poll_rows.find(person.team_id, poll_id)
            await self._take(old, one, now)

    async def _known(self, person: Person, about: About, home: Home) -> dict[str, Kept]:
        """Return what is kept here of the polls in this place of this source, by their ids."""
        return {
            kept.home.id: kept
            for kept in await self._poll_rows.elsewhere(person.team_id, about.subject)
            if kept.home is not None
            and kept.home.kind == home.kind
            and await self.of(home).same(person.team_id, kept.home, home)
        }

    def new(
        self, person: Person, about: About, now: float, draft: Draft, home: Home | None
    ) -> Kept:
        """Return a new poll as it is to be stored."""
        options = [Option(str(place + 1), text, place) for place, text in enumerate(draft.options)]
        asked = Definition(draft.title, draft.description, tuple(options), draft.settings)
        kept = self._kept(person, about, now, asked)
        return replace(
            kept,
            poll=replace(kept.poll, template=draft.template),
            home=home,
            remind_before=draft.remind_before,
            record=draft.record,
        )

    def _found(
        self, person: Person, about: About, now: float, home: Home, there: SourcePoll
    ) -> Kept:
        """Return a poll that somebody made in its source, as it is to be stored."""
        return replace(
            self._kept(person, about, now, there.definition),
            home=replace(home, id=there.id, sent=there.sent),
            jira_part=there.answers,
            understood=there.understood,
            read_at=now,
            found=True,
        )

    def _kept(self, person: Person, about: About, now: float, asked: Definition) -> Kept:
        """Return a poll of the person's that asks this, and nothing else."""
        poll = Poll(
            id=new_id(self._chance),
            title=asked.title,
            description=asked.description,
            options=asked.options,
            settings=asked.settings,
            created_by=person.user_id,
        )
        site = self._sites.current(about.site)
        return Kept(poll, person.team_id, site, about.kind, about.subject, now)

    async def _take(self, kept: Kept, there: SourcePoll, now: float) -> Kept:
        """Keep what its source says now, where it differs; a list may show what we deleted."""
        if kept.poll.deleted and not kept.may_come_back:
            return kept
        await self._poll_rows.keep_reading(
            kept, there.answers, there.sent, now, understood=there.understood
        )
        if not is_as_kept(kept, there):
            with aside():
                await self._poll_rows.change(kept, now, asked_there(kept, there), sent=there.sent)
        return await self._poll_rows.find(kept.team_id, kept.poll.id)
