"""What is written on an issue when its poll closes: a comment in the Atlassian Document Format.

Source: developer.atlassian.com, "Atlassian Document Format". A text node holds at least one
character, and a comment at most 32,767; how those are counted is not documented, so this counts
the whole document as JSON.
"""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pollbot.polls.kept import ALL_ANSWERED
from pollbot.polls.results.blocks import mark_of, share, totals_in_words, why_hidden
from pollbot.polls.rules import DESCRIPTION, OPTION, TITLE, Poll
from pollbot.polls.tally import Line, Results
from pollbot.slack.kit import clip, moment_in_words
from pollbot.text.catalog import numeral, say, say_number
from pollbot.text.writing import closed as closed_in

Node = dict[str, Any]

LONGEST_RECORD = 30_000
_DESCRIPTION_LINES = 30
_NAME = 200
_MARKER = 200
_LINK = 1000


@dataclass(frozen=True, slots=True)
class Closed:
    """When a poll was closed, and what whoever did it is called; None: by its deadline.

    Empty where nobody is to be named.
    """

    at: float
    by: str | None


def record(
    poll: Poll,
    results: Results,
    closed: Closed,
    *,
    link: str | None,
    marker: str,
    note: str = "",
) -> Node:
    """Return the comment. Nobody who answered is named in it, whatever the poll keeps.

    ``link`` leads to the poll in Slack; ``marker`` ends the text, so that the comment can be
    found again. ``note`` is a sentence about something out of the ordinary.
    """
    totals = totals_in_words(poll, results, now_open=False)
    why = why_hidden(poll, results)
    before = [
        _heading(_line(poll.title, TITLE) or say("A poll without a question")),
        *_description(poll.description),
    ]
    after = [
        *([_paragraph(_text(f"{totals}."))] if totals else []),
        *([_paragraph(_text(why))] if why else []),
        *([_paragraph(_text(note))] if note else []),
        _paragraph(_text(_ended(closed)), *_way(link)),
        _paragraph(_text(_signed(_line(marker, _MARKER)), "em")),
    ]
    room = LONGEST_RECORD - _size([*before, *after]) - 500
    return {
        "type": "doc",
        "version": 1,
        "content": [*before, *_table(poll, results, room), *after],
    }


def _ended(closed: Closed) -> str:
    at, by = moment_in_words(closed.at), _line(closed.by or "", _NAME)
    if closed.by is None:
        return say("Closed by its deadline on {moment}.", moment=at)
    if closed.by == ALL_ANSWERED:
        return say("Closed on {moment}, as all had answered.", moment=at)
    if not by:
        return say("Closed by hand on {moment}.", moment=at)
    return say("Closed by {person} on {moment}.", person=by, moment=at)


def _signed(marker: str) -> str:
    """Return the last line; in every language the marker is its end."""
    return f"{say('Recorded by pollbot')}, {marker}"


def _table(poll: Poll, results: Results, room: int) -> list[Node]:
    """Return the options with their numbers, the strongest ones where not all fit in ``room``."""
    most = max(map(_strength, results.lines), default=(0, 0))
    rows = {
        line.option.id: _row(poll, line, leads=most > (0, 0) and _strength(line) == most)
        for line in results.lines
    }
    kept = set[str]()
    for line in sorted(results.lines, key=_strength, reverse=True):
        room -= _size(rows[line.option.id]) + 1
        if room < 0:
            break
        kept.add(line.option.id)
    shown = [rows[line.option.id] for line in results.lines if line.option.id in kept]
    rest = len(results.lines) - len(shown)
    more = (
        say_number(
            rest,
            "and {number} more option with no more answers than these",
            "and {number} more options with no more answers than these",
        )
        if results.hidden is None
        else say_number(rest, "and {number} more option", "and {number} more options")
    )
    head = _cells("tableHeader", [(name, False) for name in _columns(poll, results)])
    return [
        *([{"type": "table", "content": [head, *shown]}] if shown else []),
        *([_paragraph(_text(more))] if rest > 0 else []),
    ]


def _columns(poll: Poll, results: Results) -> list[str]:
    if results.hidden is not None:
        return [say("Option")]
    answers = [] if poll.settings.percent_only else [say("Answers")]
    return [say("Option"), *answers, say("Percent")]


def _row(poll: Poll, line: Line, *, leads: bool) -> Node:
    title = _line(line.option.title, OPTION) or "-"
    cells = [(f"{title} ({became})" if (became := mark_of(line.option)) else title, leads)]
    if line.percent is not None:
        if not poll.settings.percent_only:
            cells.append((numeral(line.answers or 0), leads))
        cells.append((share(line.percent), leads))
    return _cells("tableCell", cells)


def _strength(line: Line) -> tuple[int, int]:
    return line.answers or 0, line.percent or 0


def _description(text: str) -> list[Node]:
    lines = [line for line in (_line(one, DESCRIPTION) for one in text.splitlines()) if line]
    nodes: list[Node] = []
    for line in [*lines[:_DESCRIPTION_LINES], *(["…"] if len(lines) > _DESCRIPTION_LINES else [])]:
        nodes += [*([{"type": "hardBreak"}] if nodes else []), _text(line)]
    return [_paragraph(*nodes)] if nodes else []


def _way(link: str | None) -> list[Node]:
    if link is None or len(link) > _LINK or not link.startswith(("https://", "http://")):
        return []
    there = {"type": "link", "attrs": {"href": link}}
    return [_text(" "), {"type": "text", "text": say("The poll in Slack"), "marks": [there]}]


def _line(text: str, limit: int) -> str:
    """Return what somebody wrote on one line, without what Jira could not store."""
    marks = (mark if unicodedata.category(mark) not in ("Cc", "Cs") else " " for mark in text)
    return closed_in(clip(" ".join("".join(marks).split()), limit))


def _text(text: str, *marks: str) -> Node:
    return {
        "type": "text",
        "text": text,
        **({"marks": [{"type": mark} for mark in marks]} if marks else {}),
    }


def _paragraph(*inline: Node) -> Node:
    return {"type": "paragraph", "content": list(inline)}


def _heading(text: str) -> Node:
    return {"type": "heading", "attrs": {"level": 3}, "content": [_text(text)]}


def _cells(kind: str, cells: Sequence[tuple[str, bool]]) -> Node:
    return {
        "type": "tableRow",
        "content": [
            {"type": kind, "content": [_paragraph(_text(text, *(["strong"] if strong else [])))]}
            for text, strong in cells
        ],
    }


def _size(nodes: Node | Iterable[Node]) -> int:
    """Return the length as JSON, in UTF-16 units."""
    text = json.dumps(nodes, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-16-le")) // 2
