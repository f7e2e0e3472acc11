"""A poll out of somebody's message: its words are the question, its list the options."""

import re

from pollbot.polls.rules import DESCRIPTION, MOST_OPTIONS, OPTION, TITLE, Draft, one_line

_ITEM = re.compile(
    r"\s*(?:[•◦▪‣⁃*+–—-]|\(?[0-9]{1,3}[.)]|\(?[a-z][.)]|:[a-z0-9_+-]+:)\s+(\S.*)", re.IGNORECASE
)
_CUT = "…"


def draft_of(text: str) -> Draft | None:
    """Return the poll that a message's words ask; None if it has none.

    The lines of a list are the options. Of the others the first is the question, or the last that
    ends as one does; the rest describes it. What is too long is cut where the form can be filled.
    """
    lines = [line for line in text.splitlines() if one_line(line)]
    items = [match[1] for line in lines if (match := _ITEM.match(line))]
    if len(items) < 2:
        items = []
    words = [one_line(line) for line in lines if not items or not _ITEM.match(line)]
    if not words and not items:
        return None
    asking = [line for line in words if line.endswith("?")]
    title = asking[-1] if asking else words[0] if words else ""
    rest = [line for line in words if line is not title]
    if len(title) > TITLE:
        rest.insert(0, title)
        title = f"{title[: TITLE - 1].rstrip()}{_CUT}"
    options = tuple(dict.fromkeys(one_line(item)[:OPTION] for item in items))
    return Draft(
        title=title, options=options[:MOST_OPTIONS], description="\n".join(rest)[:DESCRIPTION]
    )
