"""Polls as Team Voice writes them: read tolerantly, sent back whole.

Team Voice’s REST API documentation: a poll is ``{id, title, description,
options: [{id, title, order}], settings: {…}}``. Values of ``resultsVisibility``
other than ``alwaysPublic``, the format of ``endDate`` and the shape of the
results are not described there.
"""

import copy
import json
import math
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pollbot.polls.refusals import ManyOptions, SameOption
from pollbot.polls.rules import MOST_OPTIONS, Draft, Option, PollSettings, Visibility
from pollbot.polls.sources.source import SourcePoll
from pollbot.polls.tally import Part
from pollbot.text.writing import alike

Json = dict[str, Any]

_DOCUMENTED = Visibility.ALWAYS
_FLAGS = {
    "several": "allowSelectionOfMultipleOptions",
    "closes_at_end": "closePollOnEndDate",
    "percent_only": "hideAbsoluteNumbers",
    "changeable": "allowRevote",
    "names": "saveParticipantNames",
    "comments": "allowComment",
}
_COUNTS = ("votes", "count", "value")
_COUNTS_OF_AN_OPTION = ("votes", "count")  # an option's own "value" may be its place on a scale
_PER_OPTION = ("options", "results", "votes", "counts", "answers")
_OPTION_ID = ("id", "optionId", "option")
_PEOPLE = ("participants", "participantsCount", "participantCount", "totalParticipants")
_RESULTS = ("results", *_PEOPLE)
_RESULTS_OF_AN_OPTION = ("results", *_COUNTS_OF_AN_OPTION)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
_LATEST = datetime(2200, 1, 1, tzinfo=UTC).timestamp()


class UnreadableError(ValueError):
    """This is no poll, or no JSON at all."""


def read_json(text: bytes) -> Any:
    """Return what the text says. Raises UnreadableError for all that is not JSON."""

    def refuse(word: str) -> float:
        raise UnreadableError(f"{word} is no JSON")

    try:
        return json.loads(text, parse_constant=refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("no JSON") from error


def write_json(value: Json) -> str:
    """Return the JSON text of a poll, in ASCII: whatever came can be stored and sent back."""
    return json.dumps(value, allow_nan=False)


def read_poll(poll: Any) -> SourcePoll:
    """Return the poll. Raises UnreadableError where its id or its options are not as described."""
    if not isinstance(poll, dict):
        raise UnreadableError("a poll that is no object")
    options = _read_options(poll.get("options"))
    settings = _settings_of(poll)
    answers, understood = _read_results(poll, [option.id for option in options])
    return SourcePoll(
        id=_identifier(poll.get("id")),
        title=_words(poll.get("title")),
        description=_words(poll.get("description")),
        options=options,
        settings=_read_settings(settings),
        sent=write_json(without_results(poll)),
        answers=answers,
        understood=understood,
    )


def without_results(poll: Json) -> Json:
    """Return a copy of the poll without anybody's answers: those are Team Voice's to count.

    A field that is called as results are, in a poll without any, is no result.
    """
    found = [option.keys() & set(_RESULTS_OF_AN_OPTION) for option in poll["options"]]
    if "results" not in poll and not any(found):
        return copy.deepcopy(poll)
    kept = {key: value for key, value in poll.items() if key not in _RESULTS}
    kept["options"] = [
        {key: value for key, value in option.items() if key not in _RESULTS_OF_AN_OPTION}
        for option in poll["options"]
    ]
    return copy.deepcopy(kept)


def new_poll(draft: Draft) -> Json:
    """Return the body that creates the poll."""
    settings = draft.settings
    if settings.visibility is not _DOCUMENTED:
        raise ValueError(f"Team Voice documents no {settings.visibility.value}")
    return {
        "title": draft.title,
        "description": draft.description,
        "options": [
            {"id": str(place + 1), "title": title, "order": place}
            for place, title in enumerate(draft.options)
        ],
        "settings": {
            "resultsVisibility": _DOCUMENTED.value,
            "endDate": _date(settings.ends_at),
            **{name: getattr(settings, ours) for ours, name in _FLAGS.items()},
        },
    }


def edited(
    raw: Json,
    draft: Draft,
    options: Sequence[tuple[str | None, str]],
    *,
    shown: Collection[str] | None = None,
    taken: Collection[str] = (),
) -> Json:
    """Return the poll with only the draft changed; what nobody here knows stays as it is.

    ``options`` are ids and titles in their new order; None as an id makes a new
    one. ``shown`` are the ids that the person had before them: others were added
    in Jira meanwhile and stay, at the end. ``taken`` ids are not given again,
    so that answers to a removed option never count for a new one. Raises
    ValueError for a visibility that Team Voice does not document.
    """
    poll = copy.deepcopy(raw)
    if draft.title != _words(raw.get("title")):
        poll["title"] = draft.title
    if draft.description != _words(raw.get("description")):
        poll["description"] = draft.description
    poll["options"] = _edited_options(raw["options"], options, shown, taken)
    changes = _changed_settings(_settings_of(raw), draft.settings)
    if changes:
        poll["settings"] = copy.deepcopy(_settings_of(raw)) | changes
    return poll


def with_option(raw: Json, title: str, taken: Collection[str] = ()) -> Json:
    """Return the poll with one more option at its end, and all else as it is.

    ``taken`` ids are not given again. Raises SameOption where one reads like it, and ManyOptions.
    """
    before = _read_options(raw["options"])
    if any(alike(option.title) == alike(title) for option in before):
        raise SameOption(title)
    if len(before) >= MOST_OPTIONS:
        raise ManyOptions(len(before) + 1)
    poll = copy.deepcopy(raw)
    numbers = [
        int(one) for one in {*taken, *(o.id for o in before)} if re.fullmatch("[0-9]{1,15}", one)
    ]
    new: Json = {"id": str(max(numbers, default=0) + 1), "title": title}
    if any("order" in option for option in raw["options"]) or not before:
        new["order"] = max((option.order for option in before), default=-1) + 1
    poll["options"].append(new)
    return poll


def _edited_options(
    raw: list[Json],
    wanted: Sequence[tuple[str | None, str]],
    shown: Collection[str] | None,
    taken: Collection[str],
) -> list[Json]:
    before = _read_options(raw)
    old = {option.id: entry for option, entry in zip(before, raw, strict=True)}
    titles = {option.id: option.title for option in before}
    late = [] if shown is None else [option.id for option in before if option.id not in shown]
    kept = {option_id for option_id, _ in wanted}
    wanted = [*wanted, *((one, titles[one]) for one in late if one not in kept)]
    numbers = [
        int(one) for one in {*old, *taken, *kept} if one and re.fullmatch("[0-9]{1,15}", one)
    ]
    next_number = max(numbers, default=0) + 1
    result: list[Json] = []
    for option_id, title in wanted:
        if option_id is None:
            entry: Json = {"id": str(next_number), "title": title}
            next_number += 1
        else:
            entry = copy.deepcopy(old.get(option_id, {"id": option_id, "title": None}))
            if titles.get(option_id) != title:
                entry["title"] = title
        result.append(entry)
    in_order = [option.id for option in sorted(before, key=lambda option: option.order)]
    if [option_id for option_id, _ in wanted] == in_order:  # none was moved, so no number is
        return sorted(result, key=lambda entry: list(old).index(str(entry["id"])))
    for index, entry in enumerate(result):
        entry["order"] = index
    return result


def _changed_settings(raw: Json, wanted: PollSettings) -> Json:
    """Return the settings that the person really changed, in Team Voice's words."""
    now = _read_settings(raw)
    changes: Json = {
        name: getattr(wanted, ours)
        for ours, name in _FLAGS.items()
        if getattr(wanted, ours) != getattr(now, ours)
    }
    if not _same_moment(now.ends_at, wanted.ends_at):
        changes["endDate"] = _date(wanted.ends_at, like=raw.get("endDate"))
    if wanted.visibility is not now.visibility:
        if wanted.visibility is not _DOCUMENTED:
            raise ValueError(f"Team Voice documents no {wanted.visibility.value}")
        changes["resultsVisibility"] = _DOCUMENTED.value
    return changes


def _settings_of(poll: Json) -> Json:
    settings = poll.get("settings")
    return settings if isinstance(settings, dict) else {}


def _read_settings(raw: Json) -> PollSettings:
    """Return the settings; of a value that nobody knows, the side that shows less of people."""
    visible = raw.get("resultsVisibility") == _DOCUMENTED.value
    return PollSettings(
        several=raw.get("allowSelectionOfMultipleOptions") is True,
        visibility=_DOCUMENTED if visible else Visibility.AFTER_CLOSE,
        ends_at=_moment(raw.get("endDate")),
        closes_at_end=raw.get("closePollOnEndDate") is True,
        percent_only=raw.get("hideAbsoluteNumbers") not in (None, False),
        changeable=raw.get("allowRevote") is not False,
        names=raw.get("saveParticipantNames") is True,
        comments=raw.get("allowComment") is True,
    )


def _read_options(raw: Any) -> tuple[Option, ...]:
    if not isinstance(raw, list) or not all(isinstance(option, dict) for option in raw):
        raise UnreadableError("a poll without a list of options")
    ids = [_identifier(option.get("id")) for option in raw]
    if len(set(ids)) < len(ids):
        raise UnreadableError("two options with one id")
    orders = [option.get("order") for option in raw]
    if not all(type(order) is int for order in orders):
        orders = list(range(len(raw)))
    return tuple(
        Option(option_id, _words(option.get("title")), order)
        for option_id, option, order in zip(ids, raw, orders, strict=True)
    )


# Results


def _read_results(poll: Json, ids: Sequence[str]) -> tuple[Part | None, bool]:
    """Return the answers given inside Jira, and False if there are some that nobody can read."""
    results = poll.get("results")
    if results is not None:
        counts = _counts(results, ids)
    else:
        entries = [
            (
                _identifier(option.get("id")),
                {key: option[key] for key in _RESULTS_OF_AN_OPTION if key in option},
            )
            for option in poll["options"]
        ]
        if not any(found for _, found in entries):
            return None, True
        counts = _sum_up(
            [(one, _count(found, _COUNTS_OF_AN_OPTION)) for one, found in entries], ids
        )
    people = _people(results, poll)
    if counts is None or (people is not None and (people == 0) != (sum(counts.values()) == 0)):
        return None, False
    return Part(counts, people), True


def _counts(results: Any, ids: Sequence[str]) -> Mapping[str, int] | None:
    """Return answers per option id, from a list or a map; None for anything else."""
    if isinstance(results, list):
        if not all(isinstance(entry, dict) for entry in results):
            return None
        return _sum_up([(_option_named(entry), _count(entry, _COUNTS)) for entry in results], ids)
    if not isinstance(results, dict):
        return None
    for name in _PER_OPTION:
        if isinstance(results.get(name), (list, dict)) and name not in ids:
            return _counts(results[name], ids)
    per_option = {key: value for key, value in results.items() if key in ids or key not in _PEOPLE}
    return _sum_up([(key, _count(value, _COUNTS)) for key, value in per_option.items()], ids)


def _sum_up(
    found: list[tuple[str | None, int | None]], ids: Sequence[str]
) -> Mapping[str, int] | None:
    counts = dict.fromkeys(ids, 0)
    seen: set[str] = set()
    for option_id, count in found:
        if option_id is None or option_id not in ids or option_id in seen or count is None:
            return None
        seen.add(option_id)
        counts[option_id] = count
    return counts


def _option_named(entry: Json) -> str | None:
    for name in _OPTION_ID:
        value = entry.get(name)
        if type(value) in (str, int):
            return str(value)
        if isinstance(value, dict) and type(value.get("id")) in (str, int):
            return str(value["id"])
    return None


def _count(value: Any, names: Sequence[str]) -> int | None:
    """Return a number of answers, bare or under one of the names; None if there is none."""
    if isinstance(value, dict):
        nested = value.get("results")
        for name in names:
            if name in value:
                return _count(value[name], ())
        return None if nested is None else _count(nested, _COUNTS)
    if type(value) is float and value.is_integer():
        value = int(value)
    return value if type(value) is int and value >= 0 else None


def _people(*places: Any) -> int | None:
    """Return how many people answered, from their number or their list; None if neither is told."""
    told = [
        place[name]
        for place in places
        if isinstance(place, dict)
        for name in _PEOPLE
        if name in place
    ]
    for value in told:
        people = len(value) if isinstance(value, list) else _count(value, ())
        if people is not None:
            return people
    return None


# Values


def _identifier(value: Any) -> str:
    if type(value) is int:
        return str(value)
    if not isinstance(value, str) or not value or _words(value) != value:
        raise UnreadableError("something without an id")
    return value


def _words(value: Any) -> str:
    """Return a text as it can be shown and stored; half a surrogate pair becomes a mark."""
    if type(value) in (int, float):
        return str(value)
    if not isinstance(value, str):
        return ""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _moment(value: Any) -> float | None:
    """Return unix seconds of a date in any format that leaves no doubt; None for others."""
    try:
        if isinstance(value, str):
            value = value.strip()
            value = float(value) if re.fullmatch("[0-9]{10,13}", value) else _iso(value)
        if type(value) not in (int, float):
            return None
        moments = [float(seconds) for seconds in (value, value / 1000)]
    except (ValueError, OverflowError):
        return None
    return next((seconds for seconds in moments if _EARLIEST <= seconds < _LATEST), None)


def _iso(text: str) -> float:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _date(moment: float | None, *, like: Any = None) -> str | int:
    """Return the end as Team Voice gets it; a poll that counts seconds or millis goes on so."""
    if moment is None:
        return ""
    if type(like) in (int, float) and _moment(like) is not None:
        return round(moment * 1000 if like >= _LATEST else moment)
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _same_moment(one: float | None, other: float | None) -> bool:
    return one == other if one is None or other is None else abs(one - other) < 1


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise UnreadableError("a number without end")
    return number
