"""Due times that come again: local times in an IANA zone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, rrule

from pollbot.text.refusals import NoSuchZone

SHOWN_AHEAD = 3
_LOOK_BACK = 1000

LATEST = 86400.0
"""Seconds after which a due time is not posted any more, whatever its rule: it is old news."""


class Every(StrEnum):
    """How often."""

    ONCE = "once"
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


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


def zone_of(name: str) -> ZoneInfo:
    """Return the IANA zone of that name. Raises NoSuchZone."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        raise NoSuchZone from error


def _due_times(recurrence: Recurrence, after: float) -> Iterator[float]:
    """Yield the due times after ``after``, each later than the one before."""
    try:
        zone = ZoneInfo(recurrence.zone)
        # A day earlier: a time that the clocks leave out may lie on the day after its own.
        since = datetime.fromtimestamp(after, zone).date() - timedelta(days=1)
        for local in _local_times(recurrence, since):
            moment = local.replace(tzinfo=zone).timestamp()
            if moment > after:
                after = moment
                yield moment
    except (OverflowError, ValueError, OSError, LookupError):
        return  # the end of the calendar, or a zone that is not known any more


def _local_times(recurrence: Recurrence, since: date) -> Iterable[datetime]:
    start = datetime.combine(since, recurrence.at)
    match recurrence.every:
        case Every.ONCE:
            return [datetime.combine(recurrence.on, recurrence.at)] if recurrence.on else []
        case Every.DAILY:
            return rrule(DAILY, dtstart=start)
        case Every.WEEKDAYS:
            return rrule(DAILY, dtstart=start, byweekday=range(5))
        case Every.WEEKLY:
            return rrule(DAILY, dtstart=start, byweekday=sorted(recurrence.days))
        case Every.MONTHLY:
            # Of that day and the last one of the month, whichever comes first.
            return rrule(MONTHLY, dtstart=start, bymonthday=(recurrence.day, -1), bysetpos=1)
