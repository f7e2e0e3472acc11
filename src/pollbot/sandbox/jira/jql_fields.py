"""What JQL can ask of an issue: its fields, their operators, and what they sort by.

Source: support.atlassian.com, "JQL fields".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pollbot.sandbox.jira.people import Issue

Test = Callable[[Issue], bool]
Sorted = tuple[Callable[[Issue], object], bool]


class JqlError(Exception):
    """The query cannot be used; the text is what Jira would say."""


_EQUALS = ("=", "!=", "in", "not in")
FIELDS: dict[str, Sequence[str]] = {
    "project": _EQUALS,
    "status": _EQUALS,
    "issuetype": _EQUALS,
    "key": _EQUALS,
    "resolution": (*_EQUALS, "is", "is not"),
    "votes": (*_EQUALS, "<", ">", "<=", ">="),
    "voter": _EQUALS,
    "text": ("~",),
    "summary": ("~", "!~"),
}
# What a site knows even while no issue has it.
KNOWN = {
    "status": ("open", "to do", "in progress", "done"),
    "issuetype": ("story", "bug", "task", "epic"),
    "resolution": ("unresolved", "done", "fixed", "won't do"),
}
VALUES: dict[str, Callable[[Issue], str | None]] = {
    "project": lambda issue: issue.project,
    "status": lambda issue: issue.status,
    "issuetype": lambda issue: issue.type,
    "key": lambda issue: issue.key,
    "resolution": lambda issue: issue.resolution,
}
SORTS: dict[str, Callable[[Issue], object]] = {
    "votes": lambda issue: issue.votes,
    "key": lambda issue: (issue.project, issue.number),
    "created": lambda issue: created(issue),
    "summary": lambda issue: issue.summary.lower(),
}


def created(issue: Issue) -> int:
    """Return a number that grows with each issue that is made."""
    return int(issue.id)  # ids are given one after the other


def folded(name: str, issue: Issue) -> str | None:
    """Return what a field of the issue says, in lower case; None if it is empty."""
    value = VALUES[name](issue)
    return None if value is None else value.lower()


def is_empty(name: str, issue: Issue) -> bool:
    """Return whether a field of the issue is empty."""
    return name in VALUES and VALUES[name](issue) is None


def says(issue: Issue, words: str) -> bool:
    """Return whether the issue has all these words."""
    summary = issue.summary.lower()
    return all(word in summary for word in words.lower().split())


def of_votes(operator: str, values: list[str | None]) -> Test:
    """Return the test of how many votes an issue has. Raises JqlError."""
    numbers = []
    for value in values:
        if value is None or not re.fullmatch(r"[0-9]{1,9}", value):
            raise JqlError(
                f"Value '{value}' is invalid for the 'votes' field. "
                "Votes must be a positive whole number."
            )
        numbers.append(int(value))
    match operator:
        case "<":
            return lambda issue: issue.votes < numbers[0]
        case ">":
            return lambda issue: issue.votes > numbers[0]
        case "<=":
            return lambda issue: issue.votes <= numbers[0]
        case ">=":
            return lambda issue: issue.votes >= numbers[0]
        case _:
            return lambda issue: issue.votes in numbers
