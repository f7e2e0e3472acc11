"""A moment as people say it, such as the end of a poll: `18:00`, `fri 17:00`, `2h`, `30 Nov`.

The rules find every reading of the words. One is taken; several are refused and named, since a
poll that closes at a moment nobody meant cannot be mended for those who came too late. That is
why this is no library's work (tried with dateparser 1.5 and parsedatetime 2.6): they take one
reading and do not tell of others (scrapinghub/dateparser#1099), `3/4` being 4 March, `1` some day
next year and `18h30` a span; in a past of their own (`25 Nov`, said on the 26th) they see next
year; parsedatetime reads `sun 25:00` as Sunday noon; and neither knows the hours that a change of
the clocks leaves out or brings twice.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from itertools import takewhile
from zoneinfo import ZoneInfo

from pollbot.text import catalog
from pollbot.text.dashes import plain_dashes
from pollbot.text.refusals import (
    LeftOut,
    NeedsZone,
    NoHour,
    NothingTyped,
    OtherWeekday,
    PastMoment,
    SeveralMoments,
    ShortZone,
    TooFar,
    TooSoon,
    Unreadable,
    ZonedMoment,
)
from pollbot.text.writing import unescaped

LONGEST = 10 * 366 * 86400.0

SOONEST = 60.0
"""Seconds ahead at which something can end at the soonest."""

_ROLLS = 270
"""Days for which a date without a year, once it is past, is one of next year."""

_MOST_NAMED = 3
_MOST_WORDS = 12
_MONTHS_PER_YEAR = 12

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY_NAMES = {name: day for day, name in enumerate(_WEEKDAYS)} | {
    short: day
    for day, shorts in enumerate(
        ("mon", "tue tues", "wed weds", "thu thur thurs", "fri", "sat", "sun")
    )
    for short in shorts.split()
}
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_MONTH_NAMES = {name: month for month, name in enumerate(_MONTHS, 1)} | {
    name[:3]: month for month, name in enumerate(_MONTHS, 1)
}
_MONTH_NAMES["sept"] = 9
_DAYS_AWAY = {
    "today": 0,
    "tomorrow": 1,
    **dict.fromkeys(("tmr", "tmrw", "tmw"), 1),
    "day after tomorrow": 2,
    "yesterday": -1,
    "day before yesterday": -2,
}
_PARTS_OF_A_DAY = {"morning": "am", "afternoon": "pm", "evening": "pm", "tonight": "pm"}
# Which hours by a clock of twelve may be meant by it: "tonight at 1" is none of that day.
_HOURS_OF = {
    "afternoon": (12, *range(1, 8)),
    "evening": range(4, 13),
    "tonight": range(4, 13),
}
_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "seconds"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "minutes"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hours"),
    **dict.fromkeys(("d", "day", "days"), "days"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "weeks"),
    **dict.fromkeys(("mo", "mos", "month", "months"), "months"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "years"),
}
_SHORT_ZONES = frozenset(
    re.findall(
        r"\w+",
        "acst aedt aest akst awst bst cdt cest cet cst ct edt eest eet est et hst ist jst kst mdt "
        "msk mst nzdt nzst pdt pst pt sast sgt wet",
    )
)
_JOINING = frozenset(["at", "on", "by", "@"])
_OTHER_WORDS = frozenset(
    re.findall(
        r"\S+",
        "a a.m a.m. after ago am an and before coming day end eod from half in m midday midnight "
        "next noon now o'clock of p.m p.m. pm the this uhr",
    )
)
_NAMED = (
    _WEEKDAY_NAMES.keys()
    | _MONTH_NAMES.keys()
    | {word for words in _DAYS_AWAY for word in words.split()}
    | _PARTS_OF_A_DAY.keys()
    | _UNITS.keys()
    | _SHORT_ZONES
    | _JOINING
    | _OTHER_WORDS
)
_NUMBERED = re.compile(r"\d+/\d+(?:/\d+)?|\d[\w:.,+'-]*")
_ZONE = r"z|(?:utc|gmt)(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}(?::?\d{2})?"
_ZONED = re.compile(_ZONE)
_ISSUE = re.compile(r"[a-z]\w*-\d+")

_DAY, _YEAR = r"(?P<day>\d{1,2})", r"(?P<year>\d{4}|'?\d{2})"
_MONTH = rf"(?P<name>{'|'.join(sorted(_MONTH_NAMES, key=len, reverse=True))})\.?"
_DATES = tuple(
    re.compile(shape)
    for shape in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})\.?",
        rf"(?:the )?{_DAY}(?:st|nd|rd|th|\.)?(?: of)?[ -]?{_MONTH}(?:[ -]?{_YEAR})?",
        rf"{_MONTH}[ -]?(?:the )?{_DAY}(?:st|nd|rd|th)?(?:(?: |-(?=\d{{4}})){_YEAR})?",
        rf"{_DAY}\. ?(?P<month>\d{{1,2}})(?:\.(?: ?{_YEAR})?)?",
        rf"{_DAY}/(?P<month>\d{{1,2}})(?:/{_YEAR})?",
        rf"(?P<month>\d{{1,2}})/{_DAY}(?:/{_YEAR})?",
        r"(?P<year>\d{2})/(?P<month>\d{1,2})/(?P<day>\d{1,2})",
        rf"{_DAY}-(?P<month>\d{{1,2}})(?:-(?P<year>\d{{4}}))?",
        rf"(?P<month>\d{{1,2}})-{_DAY}(?:-(?P<year>\d{{4}}))?",
    )
)
# An hour alone has no offset of bare digits: 24-12 is Christmas Eve, and 9-17 is from when to when.
_DAY_AND_MONTH = re.compile(r"\d{1,2}[-+]\d{2}")
_DAY_OF_MONTH = re.compile(r"(?:the )?(\d{1,2})(?:st|nd|rd|th)")
_WEEKDAY = re.compile(rf"(?:(next|this|coming|the) )?({'|'.join(_WEEKDAY_NAMES)})\.?")
_WEEKDAY_AND_MORE = re.compile(rf"({'|'.join(_WEEKDAY_NAMES)})\.?(?: the)? (.+)")

_OFFSET = rf"(?: ?(?P<zone>{_ZONE}))?"
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})(?::(?P<second>\d{2}))?)?"
    rf"(?: ?(?:(?P<half>[ap])\.?m\.?|(?P<full>h|hrs|hours|uhr)|o'clock))?{_OFFSET}"
)
_ISO = re.compile(r"(\d{4}-?\d{2}-?\d{2}|\d{4}-?w\d{2}-?\d)t(\S+)")
# 1700h is an hour of the day as armies and ships say it, and 18h as half of Europe does.
_AS_HOUR = re.compile(
    r"(?P<hour>[01]\d|2[0-4])(?P<minute>[0-5]\d) ?(?:h|hrs|hours)|(?P<late>1[3-9]|2[0-3]) ?h"
)
_FROM_TO = re.compile(r"(\d{1,2}(?:[:.]\d{2})?) ?- ?(\d{1,2}(?:[:.]\d{2})?)")
_ISO_MIDNIGHT = re.compile(r"^24(?=(?::?00){0,2}(?:[.,]0+)?(?:z|[+-]|$))")
_TOUCHING = re.compile(r"(\d{1,2}:\d{2}(?::\d{2})?)(z|[+-]\d{2}:?\d{2})")
_DOT = re.compile(r"(?<=:\d{2})\.$|(?<=[a-z]{3})\.$")
_YEAR_FIRST = re.compile(r"\d{4}")
_ONE_DIGIT_HOUR = re.compile(r"^(?=\d:)")

_COUNT = r"(?P<count>\d{1,6}(?:[.,]\d{1,3})?|(?:half )?an?(?= ))"
_UNIT = rf"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))}|m)(?![a-z])\.?"
_SPAN = re.compile(rf"{_COUNT} ?{_UNIT}")
_AND = re.compile(r" and | ?")
_HOURS_AND_MORE = re.compile(r"(\d{1,3}) ?h ?(\d{1,2}) ?(m|min|mins)?")
_HOURS_AND_MINUTES = re.compile(r"(\d):([0-5]\d) ?(?:h|hrs|hours)")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


@dataclass(frozen=True, slots=True)
class Moment:
    """When it is, in unix seconds, and how many words said so.

    ``written_out``: with its year and its offset, so that nothing had to be understood.
    """

    at: float
    words: int
    written_out: bool = False


@dataclass(frozen=True, slots=True)
class _Day:
    """One reading of a day; once it is past at its hour, the one ``step`` days later is meant."""

    on: date
    step: int = 0


@dataclass(frozen=True, slots=True)
class _Clock:
    """One reading of an hour. ``rough``: whoever writes so may mean the second half of the day."""

    hour: int
    minute: int = 0
    second: int = 0
    rough: bool = False
    zone: tzinfo | None = None

    @property
    def later(self) -> "_Clock":
        """The same time in the second half of the day."""
        return replace(self, hour=self.hour + _MIDDAY, rough=False)


_NAMED_HOURS = {
    "noon": [_Clock(12)],
    "midday": [_Clock(12)],
    # Of a day that is named, the one with which it begins or the one with which it ends.
    "midnight": [_Clock(0), _Clock(24)],
    "eod": [_Clock(17), _Clock(23, 59)],
}
_MIDDAY = 12
_FURTHEST = timedelta(hours=14)  # from UTC, that any place is


@dataclass(frozen=True, slots=True)
class _Reading:
    """One moment that is perhaps meant. ``on`` is its day if nothing but a day was said."""

    at: float
    zone: tzinfo
    on: date | None = None

    @property
    def zoned(self) -> ZonedMoment:
        return ZonedMoment(self.at, self.zone)

    @property
    def plain(self) -> str:
        """How to write it so that it can be read in no other way."""
        if self.on is not None:
            return f"{self.on.isoformat()}"
        local = datetime.fromtimestamp(self.at, self.zone)
        zoned = _comes_twice(local) or not isinstance(self.zone, ZoneInfo)
        return f"{local:%Y-%m-%d %H:%M}{_offset(local) if zoned else ''}"


class _NoSuchTime(Exception):
    """The clocks leave that time out: they are put forward from ``before`` to ``after``."""

    def __init__(self, wall: datetime, zone: tzinfo) -> None:
        super().__init__()
        self.after = datetime.fromtimestamp(wall.timestamp(), zone)
        self.before = datetime.fromtimestamp(wall.replace(fold=1).timestamp(), zone)


def in_zone(at: float, zone: tzinfo) -> str:
    """Return a moment, in unix seconds, with its weekday, date and time by the clock of ``zone``.

    Where that time comes twice, its offset is added.
    """
    local = datetime.fromtimestamp(at, zone)
    offset = f" (UTC{_offset(local)})" if _comes_twice(local) else ""
    return f"{catalog.day(local)}, {local:%H:%M}{offset}"


def count_words(words: Sequence[str]) -> int:
    """Return how many of the first words may be part of a moment."""
    first = words[:1] if words and _may_belong(words[0]) else []
    more = takewhile(lambda word: _may_belong(word, behind=True), words[1:_MOST_WORDS])
    return len(first) and 1 + sum(1 for _ in more)


def read_moment(words: Sequence[str], now: float, zone: str | None) -> Moment:
    """Return the moment that the first words name.

    A time without an offset is by the clock of ``zone``, an IANA name; a day without a time is
    its last second. Raises NotAMoment where nothing or more than one moment can be meant, or
    one that is past, less than a minute or more than ten years ahead, or left out by the clocks.
    Raises NeedsZone where a zone is wanted, and ``zone`` is None or none that is known.
    """
    most = count_words(words)
    for count in range(most, 0, -1):
        # What goes on with a number, an offset or a part of the day was meant to belong to it.
        if count < most and _goes_on(_plain(words[count])):
            continue
        typed = " ".join(words[:count])
        try:
            found = _Reader(typed, now, zone).only()
        except NoHour:
            if any(word[:1].isdigit() for word in words[count:most]):
                break  # it names one, which is none of that part of the day
            raise
        if found is not None:
            written_out = not isinstance(found.zone, ZoneInfo) and bool(_YEAR_FIRST.match(typed))
            return Moment(found.at, count, written_out)
    typed = " ".join(words[: max(1, most)])
    raise Unreadable(unescaped(typed)) if typed else NothingTyped()


def _goes_on(word: str) -> bool:
    is_part = word in _PARTS_OF_A_DAY
    return is_part or word[:1].isdigit() or _ZONED.fullmatch(word) is not None


@dataclass(frozen=True, slots=True)
class _Reader:
    typed: str
    now: float
    zone_name: str | None

    def only(self) -> _Reading | None:
        """Return the one reading that is meant; None if there is none. Raises NotAMoment."""
        words = _words_of(self.typed)
        if short := next((word for word in words if word in _SHORT_ZONES), None):
            raise ShortZone(short.upper())
        if words[-1:] == ["ago"]:
            raise PastMoment(self.text)
        try:
            found = sorted(set(self._readings(words)), key=lambda reading: reading.at)
        except _NoSuchTime as gap:
            raise LeftOut(self.text, gap.before, gap.after) from gap
        if not found:
            self._compare_weekday(words)
            return None
        if min(abs(reading.at - self.now) for reading in found) > LONGEST:
            if found[-1].at > self.now:
                raise TooFar(self.text)
            raise PastMoment(self.text)
        ahead = [one for one in found if self.now < one.at <= self.now + LONGEST]
        if not ahead:
            raise PastMoment(self.text, found[-1].zoned)
        if len({reading.plain for reading in ahead}) > 1:
            named = list({one.plain: one for one in reversed(ahead)}.values())[::-1][:_MOST_NAMED]
            raise SeveralMoments(self.text, tuple((one.zoned, one.plain) for one in named))
        if ahead[0].at < self.now + SOONEST:
            raise TooSoon(self.text)
        return ahead[0]

    @property
    def text(self) -> str:
        return unescaped(self.typed)

    @property
    def zone(self) -> tzinfo:
        if self.zone_name is None:
            raise NeedsZone
        try:
            return ZoneInfo(self.zone_name)
        except (OSError, ValueError, LookupError) as error:
            raise NeedsZone from error

    def _compare_weekday(self, words: list[str]) -> None:
        """Raise NotAMoment if a date is named with a weekday that it does not fall on."""
        if len(words) > 1 and words[0].rstrip(".") in _WEEKDAY_NAMES:
            today = datetime.fromtimestamp(self.now, self._shown_in).date()
            for count in range(len(words), 1, -1):
                for day in _dates(" ".join(words[1:count]).removeprefix("the "), today):
                    raise OtherWeekday(self.text, day.on)

    def _readings(self, words: list[str]) -> Iterator[_Reading]:
        yield from self._spans(" ".join(words))
        words, part = _part_of_day(words)
        if part and not any(word[:1].isdigit() for word in words):
            raise NoHour(self.text)
        for place in range(len(words) + 1):
            first, last = _bare(words[:place]), _bare(words[place:])
            yield from self._together(first, last, part)
            if first and last:
                yield from self._together(last, first, part)

    def _together(self, day: str, hour: str, part: str) -> Iterator[_Reading]:
        """Yield the moments of this day at this hour; either may be left out."""
        clocks: list[_Clock | None] = [*_clocks(hour, part)] if hour else [None]
        for clock in clocks:
            offset = clock.zone if clock is not None else None
            today = datetime.fromtimestamp(self.now, offset or self._shown_in).date()
            for one in _days(day, today, alone=not hour):
                yield from self._at(one, clock, offset or self.zone, today)

    def _at(self, day: _Day, clock: _Clock | None, zone: tzinfo, today: date) -> Iterator[_Reading]:
        if clock is None:
            yield from _moments(day.on, _Clock(23, 59, 59), zone, whole_day=True)
            return
        found = list(_moments(day.on, clock, zone))
        missed = bool(found) and all(reading.at <= self.now for reading in found)
        if missed and day.step:
            yield from _moments(day.on + timedelta(days=day.step), clock, zone)
        else:
            yield from found
        if missed and clock.rough and day.on == today:
            yield from _moments(day.on, clock.later, zone)

    def _spans(self, text: str) -> Iterator[_Reading]:
        """Yield the moment after so much time from now."""
        text = re.sub(r"^in (?=\S)", "", text).removesuffix(" from now")
        if both := _HOURS_AND_MORE.fullmatch(text):
            hours, minutes, unit = both.groups()
            # "18h00" is an hour of the day in half of Europe, and "18h30" may be one.
            if unit or minutes != "00":
                yield self._exactly(int(hours) * 3600.0 + int(minutes) * 60)
            return
        if both := _HOURS_AND_MINUTES.fullmatch(text):
            yield self._exactly(int(both[1]) * 3600.0 + int(both[2]) * 60)
        parts: list[tuple[float, str]] = []
        place = end = 0
        while found := _SPAN.match(text, place):
            count = found["count"]
            if _THOUSANDS.fullmatch(count):
                return  # 1,440 is another number where the comma is that of a fraction
            half = 0.5 if count.startswith("half") else 1.0
            number = half if count[0] in "ah" else float(count.replace(",", "."))
            parts.append((number, found["unit"]))
            end = found.end()
            rest = _AND.match(text, end)
            place = rest.end() if rest is not None else end
        if not parts or end < len(text):
            return
        yield from self._after([(number, _UNITS.get(unit, "minutes")) for number, unit in parts])
        if len(parts) == 1 and parts[0][1] == "m" and parts[0][0] <= _MONTHS_PER_YEAR:
            yield from self._after([(parts[0][0], "months")])

    def _after(self, parts: list[tuple[float, str]]) -> Iterator[_Reading]:
        calendar = {"days": 0.0, "weeks": 0.0, "months": 0.0, "years": 0.0}
        exact = timedelta()
        try:
            for number, unit in parts:
                if unit in calendar and number == int(number):
                    calendar[unit] += number
                elif unit in ("months", "years"):
                    return
                else:
                    exact += timedelta(**{unit: number})
            if not any(calendar.values()):
                yield self._exactly(exact.total_seconds())
                return
            zone = self.zone
            local = datetime.fromtimestamp(self.now, zone)
            months = local.month - 1 + int(calendar["months"] + 12 * calendar["years"])
            year, month = local.year + months // 12, months % 12 + 1
            day = min(local.day, monthrange(year, month)[1])
            local = local.replace(year=year, month=month, day=day)
            local += timedelta(days=calendar["days"] + 7 * calendar["weeks"])
            yield _Reading(float(int(local.timestamp() + exact.total_seconds())), zone)
        except (ValueError, OverflowError):
            return  # the end of the calendar

    def _exactly(self, seconds: float) -> _Reading:
        return _Reading(float(int(self.now + seconds)), self._shown_in)

    @property
    def _shown_in(self) -> tzinfo:
        try:
            return self.zone
        except NeedsZone:
            return UTC


def _moments(
    on: date, clock: _Clock, zone: tzinfo, *, whole_day: bool = False
) -> Iterator[_Reading]:
    """Yield when it is that time there: once, twice where the clocks go back, or never."""
    try:
        if clock.hour == 24 and not (clock.minute or clock.second):
            on, clock = on + timedelta(days=1), replace(clock, hour=0)
        wall = datetime.combine(on, time(clock.hour, clock.minute, clock.second), zone)
        if whole_day:
            yield _Reading(wall.replace(fold=1).timestamp(), zone, on)
            return
        first, second = wall, wall.replace(fold=1)
        if first.utcoffset() == second.utcoffset():
            yield _Reading(first.timestamp(), zone)
        elif first.timestamp() < second.timestamp():
            yield _Reading(first.timestamp(), zone)
            yield _Reading(second.timestamp(), zone)
        else:
            raise _NoSuchTime(first, zone)
    except (ValueError, OverflowError):
        return  # no such time, or beyond the calendar


def _days(text: str, today: date, *, alone: bool) -> Iterator[_Day]:
    """Yield the days that this may be; ``alone``: no hour is said with it."""
    if not text:
        if not alone:
            yield _Day(today, step=1)
        return
    plain = text.removeprefix("the ")
    if plain in _DAYS_AWAY:
        yield _Day(today + timedelta(days=_DAYS_AWAY[plain]))
    elif named := _WEEKDAY.fullmatch(text):
        yield from _weekdays(named[1] or "", _WEEKDAY_NAMES[named[2]], today, alone=alone)
    elif found := _DAY_OF_MONTH.fullmatch(text):
        yield from _day_of_month(int(found[1]), today)
    elif (both := _WEEKDAY_AND_MORE.fullmatch(text)) and not _WEEKDAY.fullmatch(both[2]):
        weekday = _WEEKDAY_NAMES[both[1]]
        yield from (
            day for day in _days(both[2], today, alone=alone) if day.on.weekday() == weekday
        )
    else:
        yield from _dates(text, today)


def _weekdays(which: str, weekday: int, today: date, *, alone: bool) -> Iterator[_Day]:
    away = (weekday - today.weekday()) % 7
    first = today + timedelta(days=away)
    if which == "next":
        # The first one that comes, or the one of next week: said of tomorrow, it is the latter.
        first = first if away else first + timedelta(days=7)
        yield _Day(first)
        if away > 0 and (away == 1 or today.weekday() + away < 7):
            yield _Day(first + timedelta(days=7))
        return
    yield _Day(first, step=7)
    if alone and not away and which != "this":
        yield _Day(first + timedelta(days=7))


def _day_of_month(day: int, today: date) -> Iterator[_Day]:
    year, month = today.year, today.month
    for _ in range(3):
        if day >= 1 and day <= monthrange(year, month)[1] and date(year, month, day) >= today:
            yield _Day(date(year, month, day))
            return
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _dates(text: str, today: date) -> Iterator[_Day]:
    try:
        # Eight digits, or a week and its day.
        yield _Day(date.fromisoformat(text.upper()))
    except ValueError:
        pass
    else:
        return
    for shape in _DATES:
        if found := shape.fullmatch(text):
            parts = found.groupdict()
            month = _MONTH_NAMES[parts["name"]] if parts.get("name") else int(parts["month"])
            year = (parts.get("year") or "").lstrip("'")
            try:
                if year:
                    yield _Day(
                        date(int(year) + (2000 if len(year) == 2 else 0), month, int(parts["day"]))
                    )
                else:
                    yield _Day(_in_some_year(month, int(parts["day"]), today))
            except ValueError:
                continue


def _in_some_year(month: int, day: int, today: date) -> date:
    """Return the day in this year, or in the next one if that is not too far. Raises ValueError."""
    found: list[date] = []
    for year in (today.year, today.year + 1):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue  # the 29th of February
    near = [one for one in found if 0 <= (one - today).days <= _ROLLS]
    return near[0] if near else date(found[0].year if found else today.year, month, day)


def _clocks(text: str, part: str) -> Iterator[_Clock]:
    """Yield the hours that this may be; ``part`` is the part of the day, if other words say it."""
    try:
        named, _, offset = text.partition(" ")
        if named in _NAMED_HOURS:
            zone = _zone_of(offset) if offset else None
            yield from (replace(clock, zone=zone) for clock in _NAMED_HOURS[named])
        elif re.match(r"t\d", named):
            written, ends = _ISO_MIDNIGHT.subn("00", named[1:])
            iso = time.fromisoformat(_ONE_DIGIT_HOUR.sub("0", written).upper())
            zone = _zone_of(offset or iso.strftime("%z")) if offset or iso.tzinfo else None
            yield _Clock(24 if ends else iso.hour, iso.minute, iso.second, zone=zone)
        elif found := _AS_HOUR.fullmatch(text):
            yield _Clock(int(found["late"] or found["hour"]), int(found["minute"] or 0))
        elif found := _CLOCK.fullmatch(text):
            yield from _begin_and_end(text)
            if _DAY_AND_MONTH.fullmatch(text):
                return
            zone = _zone_of(found["zone"]) if found["zone"] else None
            yield from (replace(clock, zone=zone) for clock in _by_the_clock(found, part))
    except ValueError:
        return  # no such time, or no such offset


def _begin_and_end(text: str) -> Iterator[_Clock]:
    """Yield both hours if this may be a span of the day: in 10:00-11:00 the last is no offset."""
    both = _FROM_TO.fullmatch(text)
    if both is None:
        return
    clocks = [_CLOCK.fullmatch(part) for part in both.groups()]
    hours = [_Clock(int(one["hour"]), int(one["minute"] or 0)) for one in clocks if one is not None]
    if len(hours) < 2 or hours[1].hour > 24:
        return
    if (hours[0].hour, hours[0].minute) < (hours[1].hour, hours[1].minute):
        yield from hours


def _by_the_clock(found: re.Match[str], part: str) -> Iterator[_Clock]:
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    said, half = found["half"], _PARTS_OF_A_DAY.get(part, "")
    if said or half:
        wanted = f"{said}m" if said else half
        if said and half and wanted != half:
            return
        if 1 <= hour <= _MIDDAY:
            if not said and hour not in _HOURS_OF.get(part, (hour,)):
                return
            if hour == _MIDDAY and half == "pm" and part != "afternoon":
                if not (said or minute or second):
                    yield _Clock(24)
                return
            if hour == _MIDDAY and wanted == "am" and not minute:
                yield from _NAMED_HOURS["midnight"]
                return
            yield _Clock(hour % _MIDDAY + (_MIDDAY if wanted == "pm" else 0), minute, second)
        elif not said and (hour < _MIDDAY) == (wanted == "am"):
            yield _Clock(hour, minute, second)
        return
    short = 1 <= hour <= _MIDDAY and not found["hour"].startswith("0")
    if found["minute"] is not None or found["full"] == "uhr":
        rough = short and hour < _MIDDAY and found["full"] is None
        yield _Clock(hour, minute, second, rough=rough)
    elif found["full"] is None:
        yield _Clock(hour % _MIDDAY if short else hour)
        if short:
            yield _Clock(hour % _MIDDAY + _MIDDAY)


def _zone_of(text: str) -> tzinfo:
    """Return the offset that is written. Raises ValueError."""
    found = re.fullmatch(r"(?:z|utc|gmt)?(?:([+-])(\d{1,2})(?::?([0-5]\d))?)?", text)
    if found is None:
        raise ValueError(text)
    sign, hours, minutes = found.groups()
    if sign is None:
        return UTC
    away = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if away > _FURTHEST:
        raise ValueError(text)
    return timezone(-away if sign == "-" else away)


def _part_of_day(words: list[str]) -> tuple[list[str], str]:
    """Return the words without a part of the day, and that; empty if none is named."""
    place = next((n for n, word in enumerate(words) if word in _PARTS_OF_A_DAY), None)
    if place is None:
        return words, ""
    part = words[place]
    before, after = words[:place], words[place + 1 :]
    today = part == "tonight"
    if before[-2:] == ["in", "the"]:
        before = before[:-2]
    elif before[-1:] == ["this"]:
        before, today = before[:-1], True
    return [*before, *(["today"] if today else []), *after], part


def _bare(words: list[str]) -> str:
    """Return the words without those that only join a day and an hour."""
    while words and words[0] in _JOINING:
        words = words[1:]
    while words and words[-1] in _JOINING:
        words = words[:-1]
    text = " ".join(words)
    return "eod" if text in ("end of day", "end of the day") else text


def _words_of(typed: str) -> list[str]:
    plain = " ".join(_plain(word) for word in typed.split())
    return _TOUCHING.sub(r"\1 \2", _ISO.sub(r"\1 t\2", plain)).split()


def _may_belong(word: str, *, behind: bool = False) -> bool:
    plain = _plain(word)
    # "DEC-24" is a day where it comes first, and an issue behind another word.
    if behind and _ISSUE.fullmatch(plain) and not _ZONED.fullmatch(plain):
        return False
    return bool(
        plain.rstrip(".") in _NAMED
        or plain in _NAMED
        or _NUMBERED.fullmatch(plain)
        or _ZONED.fullmatch(plain)
        or any(shape.fullmatch(plain) for shape in _DATES)
    )


def _plain(word: str) -> str:
    """Return a word in small letters, with ASCII digits, colons, hyphens and apostrophes."""
    folded = plain_dashes(unicodedata.normalize("NFKC", plain_dashes(word)))
    digits = "".join(
        str(unicodedata.decimal(mark)) if mark.isdecimal() else mark for mark in folded
    )
    for marks, one in (("∶꞉ː", ":"), ("’‘ʼ´`", "'")):
        for mark in marks:
            digits = digits.replace(mark, one)
    return _DOT.sub("", digits.strip(",;").casefold())


def _comes_twice(local: datetime) -> bool:
    return local.replace(fold=1 - local.fold).utcoffset() != local.utcoffset()


def _offset(local: datetime) -> str:
    return f"{local:%z}"[:3] + ":" + f"{local:%z}"[3:5]
