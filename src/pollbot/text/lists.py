"""Lists as people write them: the marks at the beginning of each line, or between its items."""

import re
from collections.abc import Sequence

from pollbot.text.writing import alike

_MARK = re.compile(
    r"\s*(?:[•·◦▪‣⁃*+–—-]+|\(?(?:(?P<number>[0-9]{1,3})|(?P<letter>[a-z]))[.)])"
    r"(?:\s+(?P<text>.*))?",
    re.IGNORECASE | re.DOTALL,
)
PARTS = r"(?:[;、，；]|,(?!(?<=[0-9],)[0-9]))"
"""What stands between the items of a list on one line; in 1,5 the comma is one of a number."""

_FIRST = {"number": (0, 1), "letter": (ord("a"),)}


def is_item(line: str) -> bool:
    """Return whether a line begins as those of a list do, and has something behind that."""
    found = _MARK.fullmatch(line)
    return found is not None and bool((found["text"] or "").strip())


def without_marks(lines: Sequence[str]) -> list[str]:
    """Return the lines of a list without its marks; empty where nothing else is on one.

    Numbers and letters are marks only where they count the lines from the first one on: `5. May`
    is a day, and `J. Smith` somebody.
    """
    found = [_MARK.fullmatch(line) for line in lines]
    kept = [
        kind for kind in _FIRST if not _counts([one for one in found if one and one[kind]], kind)
    ]
    return [
        line if one is None or any(one[kind] for kind in kept) else one["text"] or ""
        for line, one in zip(lines, found, strict=True)
    ]


def _counts(items: Sequence[re.Match[str]], kind: str) -> bool:
    places = [int(one[kind]) if kind == "number" else ord(one[kind].casefold()) for one in items]
    if not any(places == [*range(first, first + len(places))] for first in _FIRST[kind]):
        return False
    # The 1st and the 2nd of May are not May twice.
    return len({alike(one["text"] or "") for one in items}) > 1
