"""What is refused of what people type, whatever it is for. The sentences are in sentences.py."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from pollbot.errors import BadInput


@dataclass(frozen=True, slots=True)
class ZonedMoment:
    """Unix seconds, and the zone in which they are told."""

    at: float
    zone: tzinfo


class NotAMoment(BadInput):
    """What was typed is no moment, more than one, or one at which nothing can end."""


class NothingTyped(NotAMoment):
    """There is neither a day nor a time."""


@dataclass(eq=False)
class NothingAfter(NotAMoment):
    """A word after which a day or a time is expected, and there is none."""

    word: str


@dataclass(eq=False)
class Unreadable(NotAMoment):
    """The text is no day or time."""

    text: str


@dataclass(eq=False)
class ShortZone(NotAMoment):
    """The short name of a time zone, which more than one has, or one that changes its clocks."""

    name: str


@dataclass(eq=False)
class PastMoment(NotAMoment):
    """The text names a moment that is past; ``at`` tells which, where that is of help."""

    text: str
    at: ZonedMoment | None = None


@dataclass(eq=False)
class TooSoon(NotAMoment):
    """The text names a moment that is less than a minute ahead."""

    text: str


@dataclass(eq=False)
class TooFar(NotAMoment):
    """The text names a moment that is more than ten years ahead."""

    text: str


@dataclass(eq=False)
class LeftOut(NotAMoment):
    """The clocks leave the time out: they are put forward from ``before`` to ``after``."""

    text: str
    before: datetime
    after: datetime


@dataclass(eq=False)
class SeveralMoments(NotAMoment):
    """The text can be read in more than one way: each, and how to write only that."""

    text: str
    readings: tuple[tuple[ZonedMoment, str], ...]


@dataclass(eq=False)
class OtherWeekday(NotAMoment):
    """The date that the text names falls on another day of the week."""

    text: str
    on: date


@dataclass(eq=False)
class NoHour(NotAMoment):
    """The text names a part of a day, and no hour."""

    text: str


@dataclass(eq=False)
class OpenQuotes(BadInput):
    """Quotes that never end; ``text`` is what follows their beginning."""

    text: str


class NeedsZone(BadInput):
    """A time of the day was named, which is a moment only in its person's time zone."""


class NoSuchZone(BadInput):
    """The time zone that Slack tells of a person is none that is known."""
