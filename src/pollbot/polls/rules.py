"""What a poll is, and what a click on it may do to a person's answer."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from pollbot.polls.audience.rules import EVERYBODY, MOST_GROUPS, MOST_PEOPLE, Audience
from pollbot.polls.refusals import (
    AllChosen,
    AnswerFinal,
    EndPast,
    EndTooFar,
    FewOptions,
    LeastOverMost,
    LeastOverOptions,
    LongDescription,
    LongOption,
    LongQuestion,
    ManyChosen,
    ManyOptions,
    MostOverOptions,
    NobodyToRemind,
    NoEnd,
    NoLeast,
    NoMost,
    NoPlaces,
    NoQuestion,
    NoSuchOption,
    OneAnswerOnly,
    PlacesTell,
    PollClosed,
    ReminderPast,
    SameOption,
    Undone,
)
from pollbot.text.moments import LONGEST
from pollbot.text.recurrence import Every
from pollbot.text.writing import alike, in_sight

Kind = Literal["plain", "issue", "page"]
"""What a poll is on."""

FEWEST_OPTIONS = 2
MOST_OPTIONS = 100
TITLE = 300
OPTION = 200
DESCRIPTION = 2000
COMMENT = 500
MOST_PLACES = 10_000

Answer = frozenset[str]
"""The ids of the options that one person chose; empty is no answer."""

NOTHING: Answer = frozenset()


class Visibility(StrEnum):
    """Who sees the split, and when."""

    ALWAYS = "alwaysPublic"
    AFTER_VOTE = "afterVote"
    AFTER_CLOSE = "afterClose"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. ``removed``: it vanished by an edit, but has answers to show.

    ``edited``: it says something else than it did when answers were given.
    """

    id: str
    title: str
    order: int
    removed: bool = False
    edited: bool = False


@dataclass(frozen=True, slots=True)
class PollSettings:
    """The eight settings that any source may keep, and those that are pollbot's own.

    ``ends_at`` is in unix seconds. An answer counts once it has ``least`` options, and takes
    ``most`` at most, None for as many as there are. Each option has so many ``places``, None for
    no end of them. ``addable``: who may answer may add options. ``closes_when_all``: it closes
    once all of its audience have answered.
    """

    several: bool = False
    visibility: Visibility = Visibility.ALWAYS
    ends_at: float | None = None
    closes_at_end: bool = False
    percent_only: bool = False
    changeable: bool = True
    names: bool = True
    comments: bool = False
    least: int = 1
    most: int | None = None
    places: int | None = None
    addable: bool = False
    audience: Audience = EVERYBODY
    closes_when_all: bool = False

    @property
    def tells_all(self) -> bool:
        """Whether everybody sees at any time who chose what, and how many."""
        return self.names and not self.percent_only and self.visibility is Visibility.ALWAYS

    def with_own_of(self, ours: "PollSettings") -> "PollSettings":
        """Return these settings, as a source has them, with those of ours that no source keeps."""
        own = {name: getattr(ours, name) for name in OWN_SETTINGS}
        if not self.tells_all:
            own["places"] = None
        return replace(self, **own)


OWN_SETTINGS = ("least", "most", "places", "addable", "audience", "closes_when_all")
"""The settings that pollbot keeps beside a poll, wherever its definition lives."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A poll as somebody wrote it, not yet made.

    ``remind_before`` is how many seconds before its end those are reminded who
    have not answered; ``record``: its result is written on the issue by itself.
    """

    title: str
    options: tuple[str, ...]
    description: str = ""
    settings: PollSettings = field(default_factory=PollSettings)
    template: str | None = None
    remind_before: float | None = None
    record: bool = False


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll as it stands.

    ``asked`` is what the first answers were given to, if that is another question by now.
    ``loose`` are options that bind the person in question no more, as they were edited since.
    """

    id: str
    title: str
    description: str
    options: tuple[Option, ...]
    settings: PollSettings
    created_by: str
    template: str | None = None
    closed_at: float | None = None
    deleted: bool = False
    asked: str = ""
    loose: Answer = NOTHING

    @property
    def live(self) -> tuple[Option, ...]:
        """The options that can be chosen, in order."""
        return tuple(
            sorted((o for o in self.options if not o.removed), key=lambda option: option.order)
        )

    def option(self, option_id: str) -> Option | None:
        """Return the option, removed or not; None if the poll never had it."""
        return next((option for option in self.options if option.id == option_id), None)

    def is_open(self, now: float) -> bool:
        """Return whether answers are taken. The end holds by the clock, whoever closes it."""
        return not self.deleted and self.closed_since(now) is None

    def closed_since(self, now: float) -> float | None:
        """Return the moment at which the poll closed; None while it is open."""
        ends_at = self.settings.ends_at
        due = self.settings.closes_at_end and ends_at is not None and now >= ends_at
        moments = [
            moment for moment in (self.closed_at, ends_at if due else None) if moment is not None
        ]
        return min(moments) if moments else None


def choose(poll: Poll, mine: Answer, option_id: str, now: float) -> Answer:
    """Return my answer after a click on an option.

    With one answer allowed the click sets it, so a second one changes nothing;
    with several it adds the option, or takes it back. Raises PollClosed,
    NoSuchOption or AnswerFinal.
    """
    mine = _standing(poll, mine, now)
    _known(poll, [option_id])
    if not poll.settings.several:
        return _changed(poll, mine, frozenset({option_id}))
    return _changed(poll, mine, mine ^ {option_id})


def choose_exactly(poll: Poll, mine: Answer, wanted: Iterable[str], now: float) -> Answer:
    """Return my answer after choosing exactly these options; none of them withdraws it."""
    mine, new = _standing(poll, mine, now), frozenset(wanted)
    _known(poll, new)
    if len(new) > 1 and not poll.settings.several:
        raise OneAnswerOnly
    return _changed(poll, mine, new)


def _standing(poll: Poll, mine: Answer, now: float) -> Answer:
    """Return what of my answer can still be chosen; what was removed binds nobody."""
    if not poll.is_open(now):
        raise PollClosed(poll.title)
    return mine & {option.id for option in poll.live}


def _known(poll: Poll, wanted: Iterable[str]) -> None:
    if not set(wanted) <= {option.id for option in poll.live}:
        raise NoSuchOption


def _changed(poll: Poll, mine: Answer, new: Answer) -> Answer:
    # A final answer may grow where several are allowed, but nothing of it is taken back,
    # except what says something else by now.
    if not poll.settings.changeable and not mine - poll.loose <= new:
        raise AnswerFinal
    most = poll.settings.most
    # Who has more since that number was lowered may take some of it back, one by one.
    if most is not None and len(new) > most and not new < mine:
        raise AllChosen(len(mine), most)
    return new


def checked(draft: Draft, now: float) -> Draft:
    """Return the draft, tidied. Raises BadInput with the first thing that is wrong with it."""
    title = one_line(draft.title)
    options = tuple(option for option in map(one_line, draft.options) if option)
    description = "".join(filter(_writable, draft.description)).strip()
    if not title:
        raise NoQuestion
    if len(title) > TITLE:
        raise LongQuestion(len(title))
    if len(description) > DESCRIPTION:
        raise LongDescription(len(description))
    check_options(options)
    draft = replace(draft, settings=_settled(draft.settings, len(options)))
    ends_at = draft.settings.ends_at
    check_end(ends_at, now)
    if draft.settings.closes_at_end and ends_at is None:
        raise NoEnd
    if draft.remind_before is not None and not (
        draft.settings.closes_at_end and draft.settings.names
    ):
        raise NobodyToRemind
    return replace(draft, title=title, options=options, description=description)


def _settled(settings: PollSettings, options: int) -> PollSettings:
    """Return the settings of a poll with so many options, so that no two say different things."""
    least, most, places = settings.least, settings.most, settings.places
    if not 1 <= least <= MOST_OPTIONS:
        raise NoLeast(str(least), MOST_OPTIONS)
    if most is not None and not 1 <= most <= MOST_OPTIONS:
        raise NoMost(str(most), MOST_OPTIONS)
    if places is not None and not 1 <= places <= MOST_PLACES:
        raise NoPlaces(str(places), MOST_PLACES)
    if most is not None and least > most:
        raise LeastOverMost(least, most)
    if least > options:
        raise LeastOverOptions(least, options)
    if most is not None and most > options and not settings.addable:
        raise MostOverOptions(most, options)
    if places is not None and not settings.tells_all:
        raise PlacesTell
    audience = settings.audience
    if len(audience.people) > MOST_PEOPLE or len(audience.groups) > MOST_GROUPS:
        raise ManyChosen(MOST_PEOPLE, MOST_GROUPS)
    # Whoever says how many options an answer has says whether it is one.
    several = settings.several if most is None and least == 1 else most != 1
    return replace(settings, several=several, most=None if most == 1 else most)


def check_end(ends_at: float | None, now: float, *, undone: Undone = "created") -> None:
    """Raise BadInput if a poll cannot end then; ``undone`` is what was not done about it."""
    if ends_at is None:
        return
    if ends_at <= now:
        raise EndPast(undone)
    if not ends_at <= now + LONGEST:
        raise EndTooFar(undone)


def check_reminder(draft: Draft, now: float) -> None:
    """Raise BadInput if the time for the draft's reminder has passed already."""
    ends_at, before = draft.settings.ends_at, draft.remind_before
    if before is not None and ends_at is not None and ends_at - before <= now:
        raise ReminderPast


def one_line(text: str) -> str:
    """Return a title on one line; empty if all of it is invisible."""
    line = " ".join("".join(mark if _writable(mark) else " " for mark in text).split())
    return line if in_sight(line).strip() else ""


def _writable(mark: str) -> bool:
    # Half a surrogate pair cannot be stored as UTF-8, and control characters cannot be shown.
    return mark == "\n" or unicodedata.category(mark) not in ("Cc", "Cs")


def check_options(options: tuple[str, ...]) -> None:
    """Raise BadInput if these cannot be the options of a poll."""
    if len(options) < FEWEST_OPTIONS:
        raise FewOptions(len(options))
    if len(options) > MOST_OPTIONS:
        raise ManyOptions(len(options))
    for option in options:
        if len(option) > OPTION:
            raise LongOption(option)
    folded = [alike(option) for option in options]
    for option, key in zip(options, folded, strict=True):
        if folded.count(key) > 1:
            raise SameOption(option)


@dataclass(frozen=True, slots=True)
class Posting:
    """Where a new poll's card goes; ``stamp`` names the delivery that asked for it.

    ``thread_ts`` is the message under which it is to hang; None for the channel itself.
    """

    channel_id: str
    response_url: str | None = None
    stamp: str | None = None
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """What a poll asks: the part of it that its source owns."""

    title: str
    description: str
    options: tuple[Option, ...]
    settings: PollSettings


@dataclass(frozen=True, slots=True)
class Ask:
    """A poll that is made anew at each due time; it ends ``lasts`` seconds after it.

    ``site`` is where its subject is, empty for the default one.
    """

    draft: Draft
    kind: Kind = "plain"
    subject: str = ""
    local: bool = False
    lasts: float | None = None
    site: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """When a poll is posted first, in unix seconds, how often again, and where."""

    post_at: float | None
    repeat: Every | None
    channel_id: str
