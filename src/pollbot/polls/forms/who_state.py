"""Who may answer, with how many options, and how many places each has: a section of the form."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from pollbot.polls.audience.rules import EVERYBODY, Audience, Group
from pollbot.polls.refusals import NobodyChosen, NoLeast, NoMost, NoNumber, NoPlaces
from pollbot.polls.rules import MOST_OPTIONS, MOST_PLACES, PollSettings
from pollbot.text.words import read_number

WHO_FIELD = "who"
PEOPLE_FIELD = "people"
GROUPS_FIELD = "groups"
LEAST_FIELD = "least"
MOST_FIELD = "most"
PLACES_FIELD = "places"

Kind = Literal["everybody", "here", "named"]


@dataclass(frozen=True, slots=True)
class Who:
    """The section as somebody has filled it in so far; its numbers are as they were written.

    ``channel`` is the one whose members may answer, empty while it is not known.
    """

    kind: Kind = "everybody"
    people: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    channel: str = ""
    least: str = ""
    most: str = ""
    places: str = ""


def who_of(settings: PollSettings) -> Who | None:
    """Return the section for these settings; None where it has nothing to say."""
    audience = settings.audience
    kind: Kind = "everybody"
    if audience.groups or audience.people:
        kind = "named"
    elif audience.here:
        kind = "here"
    who = Who(
        kind,
        audience.people,
        audience.groups,
        audience.channel,
        "" if settings.least == 1 else str(settings.least),
        "" if settings.most is None else str(settings.most),
        "" if settings.places is None else str(settings.places),
    )
    return None if who == Who() else who


def settled(settings: PollSettings, who: Who | None) -> PollSettings:
    """Return the settings with what the section says. Raises BadPart."""
    if who is None:
        return replace(settings, least=1, most=None, places=None, audience=EVERYBODY)
    return replace(
        settings,
        least=_number(who.least, MOST_OPTIONS, NoLeast) or 1,
        most=_number(who.most, MOST_OPTIONS, NoMost),
        places=_number(who.places, MOST_PLACES, NoPlaces),
        audience=_audience(who),
    )


def as_far_as_known(settings: PollSettings, who: Who | None) -> PollSettings:
    """Return the same, without whatever in it cannot be."""
    if who is None:
        return settled(settings, None)
    readable = replace(
        who,
        least=_if_number(who.least, MOST_OPTIONS),
        most=_if_number(who.most, MOST_OPTIONS),
        places=_if_number(who.places, MOST_PLACES),
    )
    if readable.kind == "named" and not (readable.people or readable.groups):
        readable = replace(readable, kind="everybody")
    return settled(settings, readable)


def _number(written: str, most: int, refusal: type[NoNumber]) -> int | None:
    if not written.strip():
        return None
    number = read_number(written, most)
    if number is None:
        raise refusal(written.strip(), most)
    return number


def _if_number(written: str, most: int) -> str:
    return written if read_number(written, most) is not None else ""


def _audience(who: Who) -> Audience:
    match who.kind:
        case "everybody":
            return EVERYBODY
        case "here":
            return Audience(here=True, channel=who.channel)
        case "named":
            if not (who.people or who.groups):
                raise NobodyChosen
            return Audience(groups=who.groups, people=who.people)


def read_who(values: Mapping[str, Any], channel: str) -> Who:
    """Return the section as it was filled in, from the state of a view."""
    kind = _chosen(values, WHO_FIELD)
    groups = _element(values, GROUPS_FIELD).get("selected_options") or []
    people = _element(values, PEOPLE_FIELD).get("selected_users") or []
    return Who(
        next((one for one in get_args(Kind) if one == kind), "everybody"),
        tuple(str(one) for one in people),
        tuple(
            Group(str(one["value"]), str(one["text"]["text"]).removeprefix("@")) for one in groups
        ),
        channel,
        *(_written(values, name) for name in (LEAST_FIELD, MOST_FIELD, PLACES_FIELD)),
    )


def _element(values: Mapping[str, Any], block_id: str) -> Mapping[str, Any]:
    return next(iter((values.get(block_id) or {}).values()), {})


def _chosen(values: Mapping[str, Any], block_id: str) -> str:
    return str((_element(values, block_id).get("selected_option") or {}).get("value") or "")


def _written(values: Mapping[str, Any], block_id: str) -> str:
    return str(_element(values, block_id).get("value") or "")
