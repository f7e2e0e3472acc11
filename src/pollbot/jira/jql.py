"""Issues that JQL finds: what is asked for, what was found, what changed since the last post."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pollbot.jira.issues import Issue
from pollbot.jira.refusals import LongQuery, NoQuery

LONGEST_JQL = 2000
LONGEST_NAME = 80
_PROJECT = re.compile(r"[A-Z][A-Z0-9_]{1,9}", re.IGNORECASE | re.ASCII)
# A backslash keeps the next mark as it is, in quotes and out of them.
_ORDER_BY = re.compile(
    r"""\\. | "(?:\\.|[^"\\])*"? | '(?:\\.|[^'\\])*'? | \b(?P<order>order\s+by)\b | .""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """The first issues of a search, and about how many there are in all."""

    issues: tuple[Issue, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of a list of issues since its last post.

    ``by`` tells for each issue of now how many votes it gained, or lost where that
    is below zero; None where it was not in the list. ``left`` are the keys that
    were, and are not any more.
    """

    by: Mapping[str, int | None]
    left: tuple[str, ...]


def project_of(text: str) -> str | None:
    """Return the project key that the text is, in upper case; None for JQL."""
    word = text.strip()
    return word.upper() if _PROJECT.fullmatch(word) else None


# A field and what is asked of it, or an order; and no address, which has its "=" further on.
_QUERY = re.compile(
    r"""\s*(?:"[^"]+"|[\w.\[\]]+)\s*(?:!?[=~]|[<>]=?|(?:not\s+)?in\s*\()|\s*order\s+by\b""",
    re.IGNORECASE,
)


# Around one kind of quotes the other one may stand, and a bare name has none of what JQL is
# written with, so that what follows "as" within a text of the JQL is no name.
_NAMED = re.compile(
    r"""(?P<jql>.*\S)\s+as\s+(?:"(?P<quoted>[^"]*)"|(?P<bare>[^"'=~<>()]+?))""",
    re.IGNORECASE | re.DOTALL,
)
_IS_OPEN = "resolution IS EMPTY"
_TEXT = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")
# What is asked of a field, behind it.
_ASKED = r"\s*(?:[!=~<>]|(?:not\s+)?in\b|is\b|was\b|changed\b)"
# What stands in quotes, unless something is asked of it: then it is a field.
_WRITTEN = re.compile(_TEXT.pattern + rf"(?!{_ASKED})", re.IGNORECASE)
_ASKS_FOR_STATE = re.compile(
    r"\b(?:resolution(?:date)?|resolved|status(?:category)?|(?:issue)?key|id|issue)\b['\"]?"
    + _ASKED,
    re.IGNORECASE,
)
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’‚‹›", "'"))


def typed_query(text: str) -> str:
    """Return what was typed with the quotes that JQL knows: keyboards put others in their place."""
    return text.translate(_QUOTES)


def is_query(text: str) -> bool:
    """Return whether a text is JQL, right or not, and no issue's key or address."""
    return _QUERY.match(text) is not None


def top_voted(text: str) -> str:
    """Return the JQL of a project's issues with votes, or of any JQL, most votes first.

    A project key alone may be in any case; an order that other JQL asks for is
    left out. What is resolved is found only where the JQL asks for it.
    Raises BadInput for none, or too much of it.
    """
    then_by_key = "" if project_of(text) else ", key ASC"
    return f"{_open_ones(found_by(text))} ORDER BY votes DESC{then_by_key}".lstrip()


def found_by(text: str) -> str:
    """Return the JQL of ``top_voted`` in no order, so that Jira speaks of what was written.

    Raises BadInput for none, or too much of it.
    """
    jql = _tidy(text)
    if project := project_of(jql):
        return f'project = "{project}" AND votes > 0'
    return _unordered(jql)


def ballot(text: str) -> str:
    """Return the JQL of a project's issues, most votes first, or other JQL in its own order.

    What is resolved is found only where the JQL asks for it.
    Raises BadInput for none, or too much of it.
    """
    jql = _tidy(text)
    if project := project_of(jql):
        return f'project = "{project}" AND {_IS_OPEN} ORDER BY votes DESC'
    body = _unordered(jql)
    return f"{_open_ones(body)} {jql[len(body) :].strip()}".strip()


def within(jql: str, projects: Sequence[str]) -> str:
    """Return the JQL without what is in other projects than these; all of it if there are none."""
    if not projects:
        return jql
    body = _unordered(jql)
    keys = ", ".join(f'"{one}"' for one in projects)
    only = f"project IN ({keys})"
    return " ".join((f"({body}) AND {only}" if body else only, jql[len(body) :].strip())).strip()


def named_query(text: str) -> tuple[str, str]:
    """Return JQL that was typed as ``JQL as name``, and the name; empty where it has none.

    In quotes a name may be anything, without them it is the words after the last ``as``.
    """
    found = _NAMED.fullmatch(text.strip())
    if found is None:
        return text, ""
    name = " ".join((found["quoted"] or found["bare"] or "").split())[:LONGEST_NAME]
    return found["jql"].rstrip(), name


def checked(text: str) -> str:
    """Return the JQL on one line, as far as it can be sent. Raises BadInput for too much of it."""
    return " ".join(_tidy(text).split())


def any_of(keys: Sequence[str]) -> str:
    """Return the JQL of issues by their keys."""
    return f"key in ({', '.join(keys)})"


def snapshot(issues: Sequence[Issue]) -> dict[str, int]:
    """Return what ``changes`` needs to know of a list the next time: votes by issue key."""
    return {issue.key: issue.votes for issue in issues}


def changes(before: Mapping[str, int] | None, now: Sequence[Issue]) -> Changes | None:
    """Return what changed since ``before``; None if nothing was posted before."""
    if before is None:
        return None
    by = {
        issue.key: issue.votes - before[issue.key] if issue.key in before else None for issue in now
    }
    return Changes(by, tuple(key for key in before if key not in by))


def _tidy(text: str) -> str:
    # Half a surrogate pair cannot be sent as UTF-8, and a control character is no part of JQL.
    jql = "".join(mark if _writable(mark) else " " for mark in text).strip()
    if not jql:
        raise NoQuery
    if len(jql) > LONGEST_JQL:
        raise LongQuery(len(jql))
    return jql


def _writable(mark: str) -> bool:
    return mark == "\n" or unicodedata.category(mark) not in ("Cc", "Cs")


def _open_ones(jql: str) -> str:
    """Return the JQL without what is resolved, unless it says itself which state, or which key.

    What Jira will refuse stays as it was written, so that Jira speaks of that.
    """
    asked = _WRITTEN.sub(" ", jql)
    if not jql or set("\"'") & set(_TEXT.sub(" ", jql)) or _ASKS_FOR_STATE.search(asked):
        return jql
    return f"({jql}) AND {_IS_OPEN}"


def _unordered(jql: str) -> str:
    """Return the JQL up to its ORDER BY; what stands in quotes is none."""
    for part in _ORDER_BY.finditer(jql):
        if part["order"]:
            return jql[: part.start()].rstrip()
    return jql
