"""Schedules: made, listed, paused, run by hand, edited and deleted by people."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime

from pollbot.chance import Chance, new_id
from pollbot.errors import (
    AccountRefused,
    BadField,
    BadInput,
    ChangedMeanwhile,
    ChannelClosed,
    NotAllowed,
    NotConnected,
    NotFound,
    NotLookedUp,
    PollGone,
    StaleForm,
)
from pollbot.jira import jql
from pollbot.jira.issue_rows import IssueRows
from pollbot.jira.issues import find_issue
from pollbot.jira.refusals import BadJql
from pollbot.jira.sites import Sites
from pollbot.people import Person
from pollbot.polls.forms.state import POST_AT_FIELD
from pollbot.polls.results.service import PollResults
from pollbot.polls.rows import PollRows
from pollbot.polls.rules import Ask, Later, check_reminder, checked
from pollbot.polls.sources.service import PollSources
from pollbot.polls.waiting.rules import Because
from pollbot.polls.waiting.service import AskedPolls
from pollbot.schedules.form_state import (
    CHANNEL_FIELD,
    EVERY_FIELD,
    ON_FIELD,
    QUERY_FIELD,
    ScheduleForm,
)
from pollbot.schedules.refusals import (
    ChannelNotOpen,
    FirstTimePast,
    ManySchedules,
    NoFirstTime,
    NothingToResume,
    OwnerOnly,
    OwnerOrAdminsOnly,
    OwnerUnseen,
    QueryRefused,
    QueryUnordered,
    ZoneUnknown,
)
from pollbot.schedules.rows import ScheduleRows
from pollbot.schedules.rules import Plan, Schedule, What, checked_plan
from pollbot.schedules.scheduler import Scheduler
from pollbot.slack.client import Slack
from pollbot.slack.meanwhile import AGAIN, Overtaken
from pollbot.slack.owned import Listed, OwnedLists
from pollbot.slack.users import People
from pollbot.store.worker import Clock
from pollbot.text.recurrence import Every, Recurrence, zone_of

_MOST = 100


@dataclass(frozen=True, slots=True)
class Saved:
    """A schedule that was just saved, with its next due times."""

    schedule: Schedule
    upcoming: list[float]


class Schedules:
    """What listeners ask for. Everything here raises PollbotError."""

    def __init__(
        self,
        issue_rows: IssueRows,
        poll_rows: PollRows,
        schedule_rows: ScheduleRows,
        sources: PollSources,
        results: PollResults,
        sites: Sites,
        slack: Slack,
        people: People,
        scheduler: Scheduler,
        asked: AskedPolls,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._issue_rows = issue_rows
        self._poll_rows = poll_rows
        self._schedule_rows = schedule_rows
        self._sources = sources
        self._results = results
        self._sites = sites
        self._slack = slack
        self._people = people
        self._lists = OwnedLists(schedule_rows, people, OwnerOrAdminsOnly)
        self._scheduler = scheduler
        self._asked = asked
        self._clock = clock
        self._chance = chance

    @property
    def sites(self) -> tuple[str, ...]:
        """The Jira sites, the default one first."""
        return self._sites.all

    async def new_form(
        self, person: Person, what: What, subject: str, channel_id: str, site: str = ""
    ) -> ScheduleForm:
        """Return the form for a new schedule, in the person's time zone.

        ``site`` is that of an issue, empty for the default one.

        Raises PollGone and NotLookedUp.
        """
        label = subject
        if what is What.POLL:
            kept = await self._poll_rows.find(person.team_id, subject)
            if kept.poll.deleted:
                raise PollGone
            label, site = kept.poll.title, kept.site
        zone, site = await self._people.zone(person), self._sites.current(site)
        view = "table" if what is What.TOP else "bars"
        return ScheduleForm(
            what, subject, label=label, channel=channel_id, zone=zone, site=site, view=view
        )

    async def save(self, person: Person, plan: Plan, stamp: str, site: str = "") -> Saved:
        """Keep a new schedule; the same delivery again changes nothing.

        ``site`` is where it looks, empty for the default one; it stays there.
        """
        site = self._sites.current(site)
        plan = await self._checked_subject(person, self._checked_times(plan), site)
        await self._check_channel(person.team_id, plan.channel_id)
        await self._check_number(person)
        return await self._keep(person, plan, stamp, site)

    async def change(
        self, person: Person, schedule_id: str, wanted: Callable[[Schedule], Plan]
    ) -> Saved:
        """Keep another plan, as it is ``wanted`` where the schedule is as it is now.

        That is asked anew where another change came before this one, and what it raises is raised.
        """
        for _ in range(AGAIN):
            before = await self.managed(person, schedule_id)
            site, plan = self._sites.current(before.site), wanted(before)
            if plan.what is What.ISSUE:
                # It may have moved while its form was open.
                key = await self._issue_rows.present(before.site, plan.subject)
                plan = replace(plan, subject=key)
            plan, owner = _edited(before, plan, by=person), before.owner
            with _in_the_name_of(owner, person):
                plan = await self._checked_subject(owner, self._checked_times(plan), site)
            await self._check_channel(owner.team_id, plan.channel_id)
            now = self._clock()
            with suppress(Overtaken):
                kept = await self._schedule_rows.change(
                    owner, schedule_id, plan, plan.next_due(now), now, only_if=before.plan
                )
                return Saved(kept, kept.plan.ahead(now))
        raise ChangedMeanwhile

    async def post_later(
        self,
        person: Person,
        ask: Ask,
        later: Later,
        stamp: str,
    ) -> tuple[Saved, Because | None]:
        """Keep a poll that is made and posted at a time, and anew at each recurrence of it.

        Return why nobody could be asked whether it may be made, if so.

        Jira and the source are asked last: whatever else is wrong is said while its form is open.
        Where they cannot be asked it is kept all the same: they are asked again when it is due.
        """
        if later.post_at is None:
            raise BadField(POST_AT_FIELD, NoFirstTime())
        if later.post_at <= self._clock():
            raise BadField(POST_AT_FIELD, FirstTimePast())
        draft = checked(ask.draft, later.post_at)
        check_reminder(draft, later.post_at)
        try:
            zone = await self._people.zone(person)
        except NotLookedUp as error:
            raise BadField(POST_AT_FIELD, ZoneUnknown(error)) from error
        ask = replace(ask, draft=draft)
        found = await self._asked.look(person, ask)
        unasked = found if isinstance(found, Because) else None
        if not isinstance(found, Because):
            ask = replace(ask, subject=found.about.subject)
        plan = checked_plan(_asking(ask, later, zone), self._clock())
        site = self._sites.current(ask.site)
        await self._check_channel(person.team_id, plan.channel_id)
        await self._check_number(person)
        return await self._keep(person, plan, stamp, site), unasked

    async def managed(self, person: Person, schedule_id: str) -> Schedule:
        """Return the schedule if the person may manage it.

        Raises ScheduleGone and NotYours, and NotLookedUp while nobody can tell.
        """
        return await self._lists.managed(person, schedule_id)

    async def listed(self, person: Person, channel_id: str, page: int = 0) -> Listed[Schedule]:
        """Return a page of the person's schedules; for an admin of those of everybody.

        After them comes what others have posted in the channel, to look at only.
        """
        return await self._lists.listed(person, channel_id, page)

    async def pause(self, person: Person, schedule_id: str) -> Schedule:
        """Post nothing until it is resumed."""
        await self.managed(person, schedule_id)
        return await self._schedule_rows.pause(person, schedule_id, self._clock())

    async def resume(self, person: Person, schedule_id: str) -> Schedule:
        """Go on with the next due time; what was due meanwhile is left out."""
        schedule = await self.managed(person, schedule_id)
        now = self._clock()
        next_at = schedule.plan.next_due(now)
        if next_at is None:
            raise NothingToResume
        return await self._schedule_rows.resume(person, schedule_id, next_at, self._clock())

    async def run_now(self, person: Person, schedule_id: str, pressed_at: float) -> Schedule | None:
        """Post it now, once per press; None if this press did so before."""
        schedule = await self.managed(person, schedule_id)
        with _in_the_name_of(schedule.owner, person):
            if not await self._scheduler.by_hand(schedule, pressed_at):
                return None
        return schedule

    async def delete(self, person: Person, schedule_id: str) -> Schedule:
        """Forget the schedule; what it has posted stays."""
        schedule = await self.managed(person, schedule_id)
        await self._schedule_rows.delete(person, schedule_id, self._clock())
        return schedule

    async def _keep(self, person: Person, plan: Plan, stamp: str, site: str) -> Saved:
        now = self._clock()
        schedule = Schedule(new_id(self._chance), person, site, plan, now, plan.next_due(now))
        kept = await self._schedule_rows.add(schedule, stamp)
        return Saved(kept, kept.plan.ahead(now))

    def _checked_times(self, plan: Plan) -> Plan:
        """Return the plan, tidied. Raises BadField at what says when it is posted."""
        try:
            return checked_plan(plan, self._clock())
        except BadInput as error:
            field = ON_FIELD if plan.recurrence.every is Every.ONCE else EVERY_FIELD
            raise BadField(field, error) from error

    async def _checked_subject(self, person: Person, plan: Plan, site: str) -> Plan:
        """Return the plan with its subject as Jira calls it, seen by its owner just now."""
        match plan.what:
            case What.POLL:
                await self._results.read(person, plan.subject)
            case What.ISSUE:
                named = find_issue(plan.subject, (site,))
                if named is None:
                    raise StaleForm
                account = await self._sources.account(person, site)
                issue = await self._sites.jira(site).issue(named.key, account)
                return replace(plan, subject=issue.key)
            case What.TOP:
                alone = jql.found_by(plan.subject)
                await self._check_jql(person, site, jql.top_voted(plan.subject), alone)
            case What.BALLOT:
                alone = jql.checked(plan.subject)
                whole = jql.ballot(plan.subject)
                await self._check_jql(person, site, whole, alone if alone in whole else "")
            case What.ASK:
                await self._check_ask(person, site, plan.ask)
        return plan

    async def _check_jql(self, person: Person, site: str, query: str, alone: str = "") -> None:
        """Raise BadField with Jira's own words if it does not take the query.

        ``alone`` is what of it was typed, so that they do not quote what pollbot added.
        """
        account, jira = await self._sources.account(person, site), self._sites.jira(site)
        try:
            await jira.search(query, account, 1)
        except BadJql as error:
            said = error.said
            if alone:
                try:
                    await jira.search(alone, account, 1)
                except BadJql as own:
                    said = own.said
                else:
                    raise BadField(QUERY_FIELD, QueryUnordered()) from error
            raise BadField(QUERY_FIELD, QueryRefused(said)) from error

    async def _check_ask(self, person: Person, site: str, ask: Ask | None) -> None:
        if ask is None:
            raise StaleForm
        if ask.kind == "plain":
            return
        about = await self._sources.about(person.team_id, ask.kind, ask.subject, site)
        home = await self._sources.home(person.team_id, about, local=ask.local)
        await self._sources.must_make(person, about, home, ask.draft)

    async def _check_channel(self, team_id: str, channel_id: str) -> None:
        """Raise BadField if pollbot cannot post there; a post without a click has no other way."""
        try:
            await self._slack.of(team_id).see_channel(channel_id)
        except ChannelClosed as error:
            raise BadField(CHANNEL_FIELD, ChannelNotOpen(error.code)) from error

    async def _check_number(self, person: Person) -> None:
        mine = await self._schedule_rows.of(person.team_id, person.user_id)
        if sum(schedule.next_at is not None for schedule in mine) >= _MOST:
            raise ManySchedules(_MOST)


@contextmanager
def _in_the_name_of(owner: Person, asking: Person) -> Iterator[None]:
    """Say of what Jira refuses the owner that it is theirs, where another one asks for it."""
    try:
        yield
    except (AccountRefused, NotConnected) as error:
        if asking == owner:
            raise
        raise OwnerUnseen(connected=False) from error
    except (NotAllowed, NotFound) as error:
        if asking == owner:
            raise
        raise OwnerUnseen(connected=True) from error


def _edited(before: Schedule, plan: Plan, *, by: Person) -> Plan:
    """Return the plan with what its form does not hold. Raises NotYours.

    What Jira shows its owner is no business of an admin who edits it.
    """
    old = before.plan
    if by != before.owner and (plan.subject, plan.channel_id) != (old.subject, old.channel_id):
        raise OwnerOnly
    # Another time of the day counts from the first day on.
    starts_at = None if plan.recurrence.every is Every.ONCE else old.first_day
    return replace(plan, ask=old.ask, starts_at=starts_at)


def _asking(ask: Ask, later: Later, zone: str) -> Plan:
    """Return the plan of a poll that is posted at a moment, and again as often as asked."""
    at = datetime.fromtimestamp(later.post_at or 0.0, zone_of(zone))
    at = at.replace(second=0, microsecond=0)
    ends_at = ask.draft.settings.ends_at
    return Plan(
        what=What.ASK,
        subject="",
        channel_id=later.channel_id,
        recurrence=Recurrence(
            every=later.repeat or Every.ONCE,
            at=at.time(),
            zone=zone,
            days=frozenset({at.weekday()}),
            day=at.day,
            on=at.date(),
        ),
        ask=replace(ask, lasts=None if ends_at is None else ends_at - at.timestamp()),
        starts_at=at.timestamp(),
    )
