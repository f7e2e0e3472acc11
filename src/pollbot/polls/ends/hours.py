"""When somebody works: on weekdays from nine to five, where they live."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_FROM, _UNTIL = 9, 17
_SATURDAY = 5


def working_from(now: float, zone: str) -> float:
    """Return the first moment from now on at which somebody in that IANA zone works."""
    local = datetime.fromtimestamp(now, ZoneInfo(zone))
    if local.weekday() < _SATURDAY and _FROM <= local.hour < _UNTIL:
        return now
    return _morning(local if local.hour < _FROM else local + timedelta(days=1))


def next_working_day(now: float, zone: str) -> float:
    """Return when somebody in that IANA zone begins to work on another day than this."""
    return _morning(datetime.fromtimestamp(now, ZoneInfo(zone)) + timedelta(days=1))


def day_of(now: float, zone: str) -> float:
    """Return a number that is the same all day in that IANA zone."""
    return float(datetime.fromtimestamp(now, ZoneInfo(zone)).toordinal())


def _morning(local: datetime) -> float:
    day = local.replace(hour=_FROM, minute=0, second=0, microsecond=0)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day.timestamp()
