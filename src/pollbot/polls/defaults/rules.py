"""What the polls of a workspace begin with, where nobody says otherwise."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from pollbot.polls.rules import Ask, Draft, PollSettings, Visibility
from pollbot.polls.sources.source import Can

_HOUR, _DAY = 3600.0, 86400.0
LASTS = (_HOUR, 4 * _HOUR, _DAY, 2 * _DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY)
"""Seconds from its posting to its end."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a poll is like of which nothing else is said; as it stands here, pollbot's own.

    ``lasts`` is how many seconds after its posting it ends, None for no end; with ``stays_open``
    that end closes nothing. The others are as in PollSettings and Draft.
    """

    several: bool = False
    changeable: bool = True
    names: bool = True
    comments: bool = False
    percent_only: bool = False
    stays_open: bool = False
    visibility: Visibility = Visibility.ALWAYS
    lasts: float | None = None
    remind_before: float | None = None
    record: bool = False
    addable: bool = False
    closes_when_all: bool = False

    @property
    def settings(self) -> PollSettings:
        """The settings of a poll whose end is not known yet."""
        return PollSettings(
            several=self.several,
            visibility=self.visibility,
            percent_only=self.percent_only,
            changeable=self.changeable,
            names=self.names,
            comments=self.comments,
            addable=self.addable,
            closes_when_all=self.closes_when_all,
        )


USUAL = Defaults()
_IN_SETTINGS = {one.name for one in fields(PollSettings)}


def changes(before: Defaults, after: Defaults) -> dict[str, Any]:
    """Return what the one has otherwise than the other, by name."""
    names = [one.name for one in fields(Defaults)]
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in names)
    return {name: new for name, old, new in pairs if old != new}


def end_after(posted_at: float, lasts: float) -> float:
    """Return when a poll ends that lasts so long: at a full minute, as people read it."""
    return math.ceil((posted_at + lasts) / 60) * 60.0


def of_a_template(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of a poll by the words and by a template, which asks for one answer."""
    return {"several": False, **said}


def begun(
    draft: Draft, usual: Defaults, said: Mapping[str, Any], now: float, *, posted: bool
) -> Draft:
    """Return the draft with what was said of its settings, and what is usual of the others.

    ``said`` is by the names of settings and of parts of a draft. Unless it is ``posted`` now, an
    end that is counted from then is left open. A usual reminder that has no time left, or
    nobody to go to, is left out.
    """
    if draft.template is not None:
        said = of_a_template(said)
    settings = replace(
        usual.settings, **{name: value for name, value in said.items() if name in _IN_SETTINGS}
    )
    lasts = None if "ends_at" in said else usual.lasts
    ends_at = settings.ends_at if lasts is None else end_after(now, lasts)
    closes = settings.closes_at_end if lasts is None else not usual.stays_open
    if posted:
        settings = replace(settings, ends_at=ends_at, closes_at_end=closes)
    remind = said.get("remind_before", usual.remind_before)
    if remind is not None and not (
        settings.names and closes and ends_at is not None and ends_at - remind > now
    ):
        remind = None
    record = bool(said.get("record", usual.record))
    return replace(draft, settings=settings, remind_before=remind, record=record)


def by_default(usual: Defaults, said: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of what is usual here and not in pollbot, and was not said otherwise."""
    own = frozenset(changes(USUAL, usual)) - said.keys()
    return own - {"lasts", "stays_open"} if "ends_at" in said else own


def stays_here(names: Collection[str], can: Can | None) -> bool:
    """Return whether results are hidden by default that the source of a poll cannot hide.

    ``can``: what that can do; None if there is none beside pollbot.
    """
    return "visibility" in names and can is not None and not can.hides_results


def told_of(names: Collection[str], ask: Ask) -> frozenset[str]:
    """Return of the defaults in a poll what its maker hears of: all, if it does one by itself.

    What a card shows at once needs no word.
    """
    by_itself = {
        "lasts": ask.draft.settings.ends_at is not None,
        "remind_before": ask.draft.remind_before is not None,
        "record": ask.draft.record and ask.kind == "issue",
    }
    used = frozenset(name for name in names if by_itself.get(name, True))
    return used if used & by_itself.keys() else frozenset()
