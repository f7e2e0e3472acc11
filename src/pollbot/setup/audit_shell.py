"""The audit log as the shell shows it: lines to read, JSON, or CSV."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Literal

from pollbot.errors import NotDone
from pollbot.polls.exports.rules import header, line
from pollbot.store.audit import Entry

Form = Literal["lines", "json", "csv"]

_AGO = re.compile(r"([0-9]{1,5})([dh])", re.ASCII)
_SECONDS = {"d": 86400.0, "h": 3600.0}
_COLUMNS = ("nth", "at", "team", "who", "what", "about", "fields")


def since(text: str, now: float) -> float:
    """Return the moment that a text names: a date, a moment, or so many days or hours ago.

    Raises NotDone.
    """
    if not text:
        return 0.0
    if ago := _AGO.fullmatch(text.strip()):
        return now - int(ago[1]) * _SECONDS[ago[2]]
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise NotDone(
            f"Nothing was printed: {text!r} is no date. Give one such as 2026-11-27, a moment such "
            "as 2026-11-27T09:00Z, or how long ago: 7d, 12h."
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp()


def printed(entries: Iterable[Entry], form: Form) -> Iterator[str]:
    """Yield what is printed, piece by piece, each with its end."""
    match form:
        case "csv":
            yield header(_COLUMNS)
            for one in entries:
                fields = json.dumps(dict(one.fields), ensure_ascii=False)
                yield line(
                    (one.nth, _moment(one), one.team_id, _who(one), one.what, one.about, fields)
                )
        case "json":
            for one in entries:
                yield json.dumps(_entry(one), ensure_ascii=False) + "\n"
        case "lines":
            for one in entries:
                said = " ".join(f"{name}={_said(value)}" for name, value in one.fields.items())
                parts = (_moment(one), one.team_id, _who(one), one.what, one.about, said)
                yield "  ".join(filter(None, parts)) + "\n"


def _entry(one: Entry) -> dict[str, object]:
    return {
        "nth": one.nth,
        "at": _moment(one),
        "team": one.team_id,
        "who": _who(one),
        "what": one.what,
        "about": one.about,
        "fields": dict(one.fields),
    }


def _who(one: Entry) -> str:
    if one.who is None:
        return "pollbot"
    return one.who or f"forgotten-{one.nobody}"


def _said(value: object) -> str:
    # What is no word would break a line of words.
    return json.dumps(value, ensure_ascii=False)


def _moment(one: Entry) -> str:
    return datetime.fromtimestamp(one.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
