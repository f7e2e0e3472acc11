"""Issue keys, links to issues, and an issue as somebody saw it."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from pollbot.errors import NotAnIssue, OtherSite, SeveralIssues

# Jira Cloud: a letter, then letters or digits, at most 10; older servers allow "_".
# No leading zero in the number.
_KEY = r"[A-Z][A-Z0-9_]{1,9}-[1-9][0-9]{0,9}"
_KEY_IN_TEXT = re.compile(rf"(?<![A-Z0-9_-])({_KEY})(?![A-Z0-9_-])", re.IGNORECASE | re.ASCII)
_WHOLE_KEY = re.compile(_KEY, re.IGNORECASE | re.ASCII)
# Slack writes a pasted link as <address|text>; people also paste bare ones.
_SLACK_LINK = re.compile(r"<(https?://[^>|\s]+)(?:\|[^>]*)?>", re.IGNORECASE)
_BARE_LINK = re.compile(r"https?://[^\s<>|]+", re.IGNORECASE)
_ECHO = 60


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as one person saw it at one moment.

    ``voters`` is None where Jira does not show them to that person; it never
    means "nobody". ``voted`` is that person's own vote.
    """

    key: str
    summary: str
    status: str
    type: str
    votes: int
    voted: bool = False
    voters: tuple[str, ...] | None = None
    resolution: str | None = None
    reporter_id: str | None = None


def issue_url(site: str, key: str) -> str:
    """Return the address where people read the issue."""
    return f"{site}/browse/{key}"


def host_of(site: str) -> str:
    """Return the host (and port, where one is given) of an address, in lower case."""
    return urlsplit(site).netloc.lower()


def find_issue(text: str, site: str) -> str | None:
    """Return the one issue key that ``text`` names, in upper case; None for blank text.

    Keys may be in any case, stand among other words, or be links to ``site``:
    /browse/KEY, a board with ?selectedIssue=KEY, or an issue view, bare or in
    Slack's <address|text> form. Raises NotAnIssue, SeveralIssues or OtherSite.
    """
    if not text.strip():
        return None
    found: list[str] = []
    rest = text
    for pattern in (_SLACK_LINK, _BARE_LINK):
        for match in pattern.finditer(rest):
            found.append(_issue_in_link(match.group(1) if match.lastindex else match.group(), site))
        rest = pattern.sub(" ", rest)
    found += [match.group(1).upper() for match in _KEY_IN_TEXT.finditer(rest)]
    keys = list(dict.fromkeys(found))
    if not keys:
        raise NotAnIssue(shortened(text))
    if len(keys) > 1:
        raise SeveralIssues(keys[:5])
    return keys[0]


def _issue_in_link(link: str, site: str) -> str:
    # Slack escapes the "&" of a query inside its <address|text> form.
    link = link.rstrip(".,;:!?)'\"”’").replace("&amp;", "&")
    try:
        parts = urlsplit(link)
    except ValueError as error:
        raise NotAnIssue(shortened(link)) from error
    if not parts.netloc:
        raise NotAnIssue(shortened(link))
    if parts.netloc.lower() != host_of(site):
        raise OtherSite(shortened(parts.netloc), host_of(site))
    query = parse_qs(parts.query)
    candidates = [
        *(value for value in query.get("selectedIssue", [])),
        *reversed(unquote(parts.path).split("/")),
    ]
    for candidate in candidates:
        if _WHOLE_KEY.fullmatch(candidate):
            return candidate.upper()
    raise NotAnIssue(shortened(link))


def shortened(text: str) -> str:
    """Return what may be repeated to the person: one short line, nothing that formats or pings."""
    line = " ".join(text.split()).translate({ord(mark): None for mark in "<>&`*_~"})
    return line if len(line) <= _ECHO else line[: _ECHO - 1] + "…"
