"""What a schedule posts: drawn anew each time, as far as everybody in the channel may see it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pollbot.cards.rows import Ballot, Frame, NewCard, card_id
from pollbot.chance import Chance
from pollbot.errors import (
    JiraUnavailable,
    NotLookedUp,
    PollbotError,
    PollGone,
    SiteMoved,
    SlackUnavailable,
    SourceUnavailable,
)
from pollbot.issue_lists.blocks import ballot_card, top_issues
from pollbot.jira import jql
from pollbot.jira.sites import Sites
from pollbot.people import Person
from pollbot.polls.blocks import Asked, linked, poll_card
from pollbot.polls.cards import asker
from pollbot.polls.kept import Kept
from pollbot.polls.results.blocks import results_message, without_buttons
from pollbot.polls.results.service import PollResults
from pollbot.polls.rows import PollRows
from pollbot.polls.rules import Definition, Draft
from pollbot.polls.service import Polls
from pollbot.polls.sources.service import PollSources
from pollbot.polls.sources.source import About
from pollbot.rights.refusals import MakersUnread
from pollbot.rights.service import Permits
from pollbot.schedules.blocks import late_note, scheduled_by
from pollbot.schedules.refusals import ScheduleOver
from pollbot.schedules.rows import ScheduleRows
from pollbot.schedules.rules import Schedule, What
from pollbot.slack.kit import Message, framed, ways_to_show
from pollbot.slack.languages import Languages
from pollbot.slack.users import People
from pollbot.store.worker import Clock
from pollbot.votes.blocks import issue_card

log = logging.getLogger(__name__)

_TOP_READ = 100
_BALLOT_READ = 20


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why something is posted now: its due time, and how many before it were left out.

    ``late`` is said on top of the post; ``stamp`` names this occasion for ever.
    """

    due_at: float
    stamp: str
    late: bool = False
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message, what is kept once Slack has taken it, and what is sent if it does not.

    ``simpler``: the same without charts, and where nothing is to be pressed the words alone.
    """

    message: Message
    snapshot: Mapping[str, int] | None = None
    card: NewCard | None = None
    simpler: tuple[Message, ...] = ()


class ScheduledPosts:
    """Draws posts. Raises PollbotError, and ScheduleOver where there is nothing more to post."""

    def __init__(
        self,
        poll_rows: PollRows,
        schedule_rows: ScheduleRows,
        sources: PollSources,
        results: PollResults,
        sites: Sites,
        polls: Polls,
        languages: Languages,
        people: People,
        permits: Permits,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._poll_rows = poll_rows
        self._schedule_rows = schedule_rows
        self._sources = sources
        self._results = results
        self._sites = sites
        self._polls = polls
        self._languages = languages
        self._people = people
        self._permits = permits
        self._clock = clock
        self._chance = chance

    async def draw(self, schedule: Schedule, occasion: Occasion) -> Drawn:
        """Return what is to be posted now. A poll that is made anew is made by this."""
        await self._must_allow(schedule)
        # Before all else: what is not posted for want of a name makes no poll, and reads none.
        name = await self._people.name(schedule.owner)
        async with self._languages.speaking_in(schedule.owner.team_id):
            drawn = await self._drawn(schedule, occasion)
            frame = _frame(schedule, occasion, name)
        message = framed(drawn.message, frame.above, frame.below)
        if drawn.card is not None:
            return replace(drawn, message=message, card=replace(drawn.card, frame=frame))
        _, *simpler = ways_to_show(message, is_pressed=False)
        return replace(drawn, message=message, simpler=tuple(simpler))

    async def to_pass_on(self, schedule: Schedule) -> Message | None:
        """Return what the schedule would post now, for its owner, with nothing to press.

        It is in the language of the channel, since they may pass it on there.
        None for a poll that is made anew each time, and for what cannot be read.
        """
        if schedule.plan.what is What.ASK:
            return None
        try:
            async with self._languages.speaking_in(schedule.owner.team_id):
                drawn = await self._drawn(schedule, Occasion(self._clock(), ""))
        except PollbotError as error:
            log.info("what schedule %s could not post is not shown: %s", schedule.id, error)
            return None
        return Message(drawn.message.text, without_buttons(drawn.message.blocks))

    async def _drawn(self, schedule: Schedule, occasion: Occasion) -> Drawn:
        schedule = replace(schedule, site=self._sites.current(schedule.site))
        match schedule.plan.what:
            case What.POLL:
                return await self._poll(schedule)
            case What.ISSUE:
                return await self._issue(schedule)
            case What.TOP:
                return await self._top(schedule)
            case What.BALLOT:
                return await self._ballot(schedule)
            case What.ASK:
                return await self._ask(schedule, occasion)

    async def _must_allow(self, schedule: Schedule) -> None:
        """Raise NotYours where admins allow this no more; what passes, as SlackUnavailable."""
        plan, owner = schedule.plan, schedule.owner
        for key in (*plan.about_issues, ""):
            await self._permits.must_use(owner, key, plan.channel_id)
        if plan.what is not What.ASK:
            return
        try:
            await self._permits.must_make(owner)
        except (MakersUnread, NotLookedUp) as error:
            if error.passing:
                raise SlackUnavailable(str(error)) from error
            raise

    async def _poll(self, schedule: Schedule) -> Drawn:
        plan, owner = schedule.plan, schedule.owner
        kept = await self._poll_rows.find(owner.team_id, plan.subject)
        if kept.poll.deleted:
            raise PollGone
        for key in kept.about_issues:
            await self._permits.must_use(owner, key)
        await self._still_sees(owner, kept)
        kept = await self._sources.synced(kept)
        if kept.poll.deleted:
            raise PollGone
        now = self._clock()
        if plan.until_closed and not kept.poll.is_open(now):
            raise ScheduleOver
        shown = await self._results.in_words(kept)
        about = await self._sources.about(kept.team_id, kept.kind, kept.subject, kept.site)
        message = results_message(
            kept.poll,
            shown,
            plan.view,
            now_open=kept.poll.is_open(now),
            about=linked(about),
        )
        return Drawn(message)

    async def _still_sees(self, owner: Person, kept: Kept) -> None:
        """Raise if Jira no longer shows the owner what the poll is on; Jira's silence is no no."""
        if kept.kind == "plain":
            return
        try:
            await self._sources.sees(owner, kept)
        except (JiraUnavailable, SiteMoved):
            return

    async def _issue(self, schedule: Schedule) -> Drawn:
        account = await self._sources.account(schedule.owner, schedule.site)
        read_at = self._clock()
        jira = self._sites.jira(schedule.site)
        issue = await jira.issue(schedule.plan.subject, account, voters=True)
        card = NewCard(card_id(self._chance), read_at, issue=issue)
        message = issue_card(card.id, schedule.site, issue)
        return Drawn(message, card=card)

    async def _top(self, schedule: Schedule) -> Drawn:
        plan, jira = schedule.plan, self._sites.jira(schedule.site)
        account = await self._sources.account(schedule.owner, schedule.site)
        only = (await self._permits.of(schedule.owner.team_id)).projects
        query = jql.within(jql.top_voted(plan.subject), only)
        found = await jira.search(query, account, _TOP_READ)
        before = await self._schedule_rows.snapshot(schedule.id)
        changes = jql.changes(before, found.issues)
        message = top_issues(schedule.site, plan.subject, found, changes, plan.view, name=plan.name)
        return Drawn(message, snapshot=jql.snapshot(found.issues))

    async def _ballot(self, schedule: Schedule) -> Drawn:
        plan, jira = schedule.plan, self._sites.jira(schedule.site)
        account = await self._sources.account(schedule.owner, schedule.site)
        read_at = self._clock()
        only = (await self._permits.of(schedule.owner.team_id)).projects
        query = jql.within(jql.ballot(plan.subject), only)
        found = await jira.search(query, account, _BALLOT_READ)
        card = NewCard(
            card_id(self._chance, ballot=True),
            read_at,
            ballot=Ballot(plan.subject, found.total, plan.name),
            lines=found.issues,
        )
        message = ballot_card(
            card.id, schedule.site, plan.subject, found.issues, found.total, name=plan.name
        )
        return Drawn(message, card=card)

    async def _ask(self, schedule: Schedule, occasion: Occasion) -> Drawn:
        ask, owner = schedule.plan.ask, schedule.owner
        if ask is None:
            raise ScheduleOver
        about = await self._sources.seen(owner, ask.kind, ask.subject, schedule.site)
        draft, stamp, now = ask.draft, occasion.stamp, self._clock()
        if ask.lasts is not None:
            ends_at = occasion.due_at + ask.lasts
            if ends_at <= now:
                # So late that it would be over: then it is open as long, from now on.
                ends_at, stamp = now + ask.lasts, f"{stamp} late"
            draft = replace(draft, settings=replace(draft.settings, ends_at=ends_at))
        home = await self._sources.home(owner.team_id, about, local=ask.local)
        if home is not None:
            self._sources.of(home).check_draft(about, home, draft)
            await self._look_there(owner, about, draft, stamp, occasion.due_at)
        kept = await self._polls.make(owner, about, draft, stamp, local=ask.local)
        if kept.is_half_made:
            raise SourceUnavailable("a crash left the poll between here and its source")
        now = self._clock()
        shown = await self._results.in_words(kept)
        card = NewCard(card_id(self._chance), poll_id=kept.poll.id)
        message = poll_card(
            card.id,
            kept.poll,
            shown,
            now_open=kept.poll.is_open(now),
            asked=Asked(linked(about), await asker(self._people, kept, shown)),
        )
        return Drawn(message, card=card)

    async def _look_there(
        self, owner: Person, about: About, draft: Draft, stamp: str, since: float
    ) -> None:
        """Find the poll that an earlier try made elsewhere, though its answer was lost."""
        await self._sources.discover(owner, about)
        kept = await self._schedule_rows.adopt(owner, about.subject, draft, stamp, since)
        if kept is None:
            return
        poll = kept.poll
        await self._poll_rows.change(
            kept,
            self._clock(),
            Definition(poll.title, poll.description, poll.live, poll.settings),
            draft=draft,
        )


def _frame(schedule: Schedule, occasion: Occasion, name: str) -> Frame:
    """Return a word for above the post if it is late, and whose schedule it is for below."""
    recurrence = schedule.plan.recurrence
    late = late_note(occasion.due_at, recurrence.zone, occasion.missed) if occasion.late else ""
    return Frame(late, scheduled_by(name, recurrence))
