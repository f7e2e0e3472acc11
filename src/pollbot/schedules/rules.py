"""When something is posted by itself: recurrences in a zone, and what becomes of a due time."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

from pollbot.errors import BadInput
from pollbot.people import Person
from pollbot.polls.kept import Kind
from pollbot.polls.rules import Draft

ON_TIME = 600.0
"""Seconds after its due time in which a post is not called late."""

LATEST = 86400.0
"""Seconds after which a due time is not posted any more, whatever its rule: it is old news."""

MOST_POSTS = 1000
SHOWN_AHEAD = 3
_LOOK_AHEAD = 64  # days; a month on, its day is there in any month
_LOOK_BACK = 1000


class Every(StrEnum):
    """How often."""

    ONCE = "once"
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


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
class Recurrence:
    """Local times in an IANA zone: 09:00 stays 09:00 when the clocks change.

    ``days`` of the week count from Monday as 0; ``day`` of the month is its last
    one where it is missing; ``on`` is the one day of something that happens once.
    """

    every: Every
    at: time
    zone: str
    days: frozenset[int] = frozenset()
    day: int = 1
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A poll that is made anew at each due time; it ends ``lasts`` seconds after it."""

    draft: Draft
    kind: Kind = "plain"
    subject: str = ""
    local: bool = False
    lasts: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A schedule as somebody wishes it.

    ``subject`` is a poll's id, an issue key or JQL, and empty where ``ask`` says
    what is posted. Nothing is due before ``starts_at``, in unix seconds. It is
    over after ``most`` posts, or once its poll is closed.
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

    ``why`` is the sentence with which it was paused, empty if somebody did that.
    """

    id: str
    owner: Person
    site: str
    plan: Plan
    made_at: float
    next_at: float | None
    paused: bool = False
    why: str = ""
    posted: int = 0


class Fate(StrEnum):
    """What to do about a due time that has come."""

    POST = "post"
    POST_LATE = "post_late"
    SKIP = "skip"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Due:
    """The newest due time that has come, and how many before it were not kept."""

    at: float
    missed: int


def next_due(recurrence: Recurrence, after: float) -> float | None:
    """Return the first due time later than ``after``, in unix seconds; None if there is none.

    A time that a change of the clocks leaves out is moved on by as much, and
    one that comes twice is the first of the two: PEP 495, with fold 0.
    """
    return next(_due_times(recurrence, after), None)


def ahead(recurrence: Recurrence, after: float, count: int = SHOWN_AHEAD) -> list[float]:
    """Return the next due times."""
    return list(islice(_due_times(recurrence, after), count))


def due_by(recurrence: Recurrence, next_at: float, now: float) -> Due:
    """Return which due time to serve, from ``next_at`` on, which must have come."""
    at, missed = next_at, 0
    for later in islice(_due_times(recurrence, next_at), _LOOK_BACK):
        if later > now:
            break
        at, missed = later, missed + 1
    return Due(at, missed)


def fate(missed: Missed, due_at: float, now: float) -> Fate:
    """Return what becomes of a due time that has come."""
    late = now - due_at
    if late <= ON_TIME:
        return Fate.POST
    if missed is Missed.SKIP:
        return Fate.SKIP
    return Fate.POST_LATE if late <= LATEST else Fate.TOO_LATE


def checked_plan(plan: Plan, now: float) -> Plan:
    """Return the plan, tidied. Raises BadInput with the first thing that is wrong with it."""
    recurrence = plan.recurrence
    zone_of(recurrence.zone)
    if recurrence.every is Every.ONCE and recurrence.on is None:
        raise BadInput("Once needs a day. Nothing was saved. Choose one.")
    if recurrence.every is Every.WEEKLY and not recurrence.days:
        raise BadInput("Weekly needs at least one day. Nothing was saved. Choose one.")
    if not recurrence.days <= set(range(7)) or not 1 <= recurrence.day <= 31:
        raise BadInput("There is no such day. Nothing was saved. Choose another one.")
    if plan.next_due(now) is None:
        raise BadInput("That time is in the past. Nothing was saved. Choose a later one.")
    if plan.most is not None and not 1 <= plan.most <= MOST_POSTS:
        raise BadInput(
            f"It can end after 1 to {MOST_POSTS:,} posts. Nothing was saved. "
            "Choose a number in between."
        )
    if not plan.channel_id:
        raise BadInput("It needs a channel to post in. Nothing was saved. Choose one.")
    if plan.what in (What.TOP, What.BALLOT) and not plan.subject.strip():
        raise BadInput("It needs a project or a JQL query. Nothing was saved. Write one.")
    if plan.what is not What.POLL and plan.until_closed:
        plan = replace(plan, until_closed=False)
    return plan


def zone_of(name: str) -> ZoneInfo:
    """Return the IANA zone of that name. Raises BadInput if there is none."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        raise BadInput(
            "I do not know your time zone, so I cannot tell when that is. Nothing was saved. "
            "Choose another one in your Slack preferences."
        ) from error


def _due_times(recurrence: Recurrence, after: float) -> Iterator[float]:
    """Yield the due times after ``after``, each later than the one before."""
    try:
        zone = ZoneInfo(recurrence.zone)
        # A day earlier: a time that the clocks leave out may lie on the day after its own.
        day = datetime.fromtimestamp(after, zone).date() - timedelta(days=1)
        if recurrence.every is Every.ONCE:
            day = recurrence.on or date.max
        quiet = 0
        while quiet < _LOOK_AHEAD:
            if _falls_on(recurrence, day):
                moment = datetime.combine(day, recurrence.at, zone).timestamp()
                if moment > after:
                    after, quiet = moment, 0
                    yield moment
                if recurrence.every is Every.ONCE:
                    return
            quiet += 1
            day += timedelta(days=1)
    except (OverflowError, ValueError, OSError, LookupError):
        return  # the end of the calendar, or a zone that is not known any more


def _falls_on(recurrence: Recurrence, day: date) -> bool:
    match recurrence.every:
        case Every.ONCE:
            return day == recurrence.on
        case Every.DAILY:
            return True
        case Every.WEEKDAYS:
            return day.weekday() < 5
        case Every.WEEKLY:
            return day.weekday() in recurrence.days
        case Every.MONTHLY:
            return day.day == min(recurrence.day, monthrange(day.year, day.month)[1])
