"""When something is posted by itself: recurrences in a zone, and what becomes of a due time."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pollbot.errors import PollbotError
from pollbot.jira.jql import project_of
from pollbot.jira.refusals import NoQuery
from pollbot.people import Person
from pollbot.polls.rules import Ask
from pollbot.schedules.refusals import (
    NoChannel,
    NoDay,
    NoDays,
    NoNumberOfPosts,
    NoSuchDay,
    TimePast,
)
from pollbot.text.recurrence import LATEST, Every, Recurrence, ahead, next_due, zone_of

ON_TIME = 600.0
"""Seconds after its due time in which a post is not called late."""


MOST_POSTS = 1000
"""As many schedules stand on a page, each with its four ways and a question before one of them."""


class Missed(StrEnum):
    """What becomes of a due time that pollbot could not keep."""

    LATE = "late"
    SKIP = "skip"


class What(StrEnum):
    """What is posted."""

    POLL = "poll"
    ISSUE = "issue"
    TOP = "top"
    BALLOT = "ballot"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Plan:
    """A schedule as somebody wishes it.

    ``subject`` is a poll's id, an issue key or JQL, and empty where ``ask`` says
    what is posted. Nothing is due before ``starts_at``, in unix seconds. It is
    over after ``most`` posts, or once its poll is closed. ``name`` is what a list of issues is
    called, empty for one that is called by its JQL.
    """

    what: What
    subject: str
    channel_id: str
    recurrence: Recurrence
    view: str = "bars"
    missed: Missed = Missed.LATE
    until_closed: bool = False
    most: int | None = None
    ask: Ask | None = None
    starts_at: float | None = None
    name: str = ""

    @property
    def about_issues(self) -> tuple[str, ...]:
        """What tells the project of what is posted, as keys; nothing for JQL of many, and polls."""
        match self.what:
            case What.ISSUE:
                return (self.subject,)
            case What.TOP | What.BALLOT:
                project = project_of(self.subject)
                return () if project is None else (f"{project}-0",)
            case What.ASK if self.ask is not None and self.ask.kind == "issue":
                return (self.ask.subject,)
            case _:
                return ()

    def next_due(self, after: float) -> float | None:
        """Return the first due time later than ``after``; None if there is none."""
        return next_due(self.recurrence, self._from(after))

    def ahead(self, after: float) -> list[float]:
        """Return the next due times that a form shows, fewer if it ends sooner."""
        found = ahead(self.recurrence, self._from(after))
        return found if self.most is None else found[: self.most]

    @property
    def first_day(self) -> float | None:
        """The midnight, in its zone, at which the day of ``starts_at`` begins; None without one."""
        if self.starts_at is None:
            return None
        first = datetime.fromtimestamp(self.starts_at, zone_of(self.recurrence.zone))
        return first.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()

    def _from(self, after: float) -> float:
        return after if self.starts_at is None else max(after, self.starts_at - 1.0)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule as it stands. ``next_at`` is None once it is over.

    ``why`` is what it was paused for, None if somebody did that.
    """

    id: str
    owner: Person
    site: str
    plan: Plan
    made_at: float
    next_at: float | None
    paused: bool = False
    why: PollbotError | None = None
    posted: int = 0


class Lateness(StrEnum):
    """What to do about a due time that has come."""

    POST = "post"
    POST_LATE = "post_late"
    SKIP = "skip"
    TOO_LATE = "too_late"


def when_due(missed: Missed, due_at: float, now: float) -> Lateness:
    """Return what becomes of a due time that has come."""
    late = now - due_at
    if late <= ON_TIME:
        return Lateness.POST
    if missed is Missed.SKIP:
        return Lateness.SKIP
    return Lateness.POST_LATE if late <= LATEST else Lateness.TOO_LATE


def checked_plan(plan: Plan, now: float) -> Plan:
    """Return the plan, tidied. Raises BadInput with the first thing that is wrong with it."""
    recurrence = plan.recurrence
    zone_of(recurrence.zone)
    if recurrence.every is Every.ONCE and recurrence.on is None:
        raise NoDay
    if recurrence.every is Every.WEEKLY and not recurrence.days:
        raise NoDays
    if not recurrence.days <= set(range(7)) or not 1 <= recurrence.day <= 31:
        raise NoSuchDay
    if plan.next_due(now) is None:
        raise TimePast
    if plan.most is not None and not 1 <= plan.most <= MOST_POSTS:
        raise NoNumberOfPosts
    if not plan.channel_id:
        raise NoChannel
    if plan.what in (What.TOP, What.BALLOT) and not plan.subject.strip():
        raise NoQuery
    if plan.what is not What.POLL and plan.until_closed:
        plan = replace(plan, until_closed=False)
    return plan
