"""What is in the files of an export: tables as CSV, everything as JSON.

Source of the form of CSV: RFC 4180; of what spreadsheets take for a formula: OWASP, "CSV
Injection".
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from pollbot.polls.results.rules import Seen

Kind = Literal["csv", "json"]
Row = tuple[str, str]
"""An option's id, or a comment, and the user id of who chose or wrote it; empty for nobody."""

BOM = "\ufeff"
"""Without it Excel reads UTF-8 as the code page of its country."""
FILES_SCOPE = "files:write"
PAGE = 2000
"""So many answers are read at once."""
MOST_NAMED = 500
"""Of so many people the names are asked for; of others stands what is known."""
MOST_AS_TEXT = 2500
"""Characters of an export that is told in a message where Slack takes no files."""

RESULTS = ("question", "option", "answers", "in_slack", "in_jira", "percent", "removed")
ANSWERS = ("option", "user_id", "name")
COMMENTS = ("comment", "user_id", "name")

_FORMULA = "=+-@\t\r\n＝＋－＠"
# Where a spreadsheet parts cells at semicolons, one may begin within what is quoted for commas.
_WITHIN = re.compile(rf"([;|\t\r\n]\s*)(?=[{re.escape(_FORMULA)}])")
_SLUG = 40


@dataclass(frozen=True, slots=True)
class Person:
    """Who stands in a row, and what they are called; both empty where nobody is named."""

    user_id: str
    name: str


def cell(value: str | int | float | None) -> str:
    """Return a cell in quotes, in which no spreadsheet finds a formula; empty for None.

    What a person wrote gets an apostrophe before it where it would be one.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    text = _WITHIN.sub(r"\1'", value)
    seen = "".join(one for one in text if unicodedata.category(one) != "Cf").lstrip(" \u00a0\u3000")
    if seen[:1] and seen[0] in _FORMULA:
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"'


def line(values: Sequence[str | int | float | None]) -> str:
    """Return a row of a table."""
    return ",".join(map(cell, values)) + "\r\n"


def header(names: Sequence[str]) -> str:
    """Return the first row of a table."""
    return BOM + ",".join(names) + "\r\n"


def results_table(seen: Seen) -> Iterator[str]:
    """Return the results option by option, with the answers of both places named apart."""
    yield header(RESULTS)
    for one in seen.results.lines:
        yield line(
            (
                seen.poll.title,
                one.option.title,
                one.answers,
                one.in_slack,
                one.in_jira,
                one.percent,
                "yes" if one.option.removed else "no",
            )
        )


def titles(seen: Seen) -> dict[str, str]:
    """Return what each option says, by its id."""
    return {option.id: option.title for option in seen.poll.options}


def json_head(seen: Seen, at: float) -> str:
    """Return the begin of the JSON, up to where the answers are listed."""
    said = {"format": "pollbot-export-1", "exported_at": moment(at), **_said(seen, at)}
    return json.dumps(said, ensure_ascii=False, indent=2).removesuffix("\n}")


def everything_head(at: float) -> str:
    """Return the begin of the JSON of many polls, up to where they are listed."""
    return f'{{\n"format": "pollbot-everything-1",\n"exported_at": "{moment(at)}",\n"polls": [\n'


def entry(seen: Seen, at: float, answers: Sequence[Row]) -> str:
    """Return a poll in the JSON of many, as far as what it shows to everybody."""
    hidden = seen.results.hidden
    return as_json(
        {
            "workspace": seen.kept.team_id,
            **_said(seen, at),
            "hidden": None if hidden is None else hidden.value,
            "answers": [{"option_id": option, "user_id": who} for who, option in answers],
            "comments": [
                {"comment": comment} | ({"user_id": who} if who else {})
                for who, comment in seen.results.comments
            ],
        }
    )


def _said(seen: Seen, at: float) -> dict[str, Any]:
    kept, poll, results = seen.kept, seen.poll, seen.results
    settings = poll.settings
    return {
        "poll": {
            "id": poll.id,
            "question": poll.title,
            "description": poll.description,
            "on": {"kind": kept.kind, "subject": kept.subject, "url": seen.about.url},
            "created_by": poll.created_by,
            "created_at": moment(kept.created_at),
            "ends_at": moment(settings.ends_at),
            "is_open": seen.now_open,
            "closed_at": moment(poll.closed_since(at)),
            "settings": {
                "several_answers": settings.several,
                "results_shown": settings.visibility.value,
                "closes_at_end": settings.closes_at_end,
                "percentages_only": settings.percent_only,
                "answers_can_be_changed": settings.changeable,
                "names_kept": settings.names,
                "comments": settings.comments,
                "options_at_least": settings.least,
                "options_at_most": settings.most,
                "places_of_each_option": settings.places,
                "options_may_be_added": settings.addable,
                "closes_once_all_have_answered": settings.closes_when_all,
            },
        },
        "results": {
            "people": results.people,
            "answers": results.answers,
            "in_slack": results.in_slack,
            "in_jira": results.in_jira,
            "average": results.average,
            "as_of_an_earlier_step": results.in_steps,
            "jira_in_doubt": None if seen.doubt is None else seen.doubt.name.lower(),
            "options": [
                {
                    "id": one.option.id,
                    "title": one.option.title,
                    "removed": one.option.removed,
                    "edited": one.option.edited,
                    "answers": one.answers,
                    "in_slack": one.in_slack,
                    "in_jira": one.in_jira,
                    "percent": one.percent,
                }
                for one in results.lines
            ],
        },
    }


def as_json(row: Mapping[str, object]) -> str:
    """Return an entry of a list in the JSON."""
    return json.dumps(row, ensure_ascii=False)


def moment(seconds: float | None) -> str | None:
    """Return a moment as programs read it, in UTC."""
    return None if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def file_name(title: str, at: float, part: str, kind: Kind) -> str:
    """Return what a file is called: letters and digits of the question, the day, and its part."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))[:_SLUG].strip("-")
    day = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
    return "-".join(filter(None, ("poll", slug, day, part))) + f".{kind}"
