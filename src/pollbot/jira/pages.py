"""Links to Confluence pages."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, parse_qs, quote, unquote

from pollbot.jira.issues import IssueAt, links_in, site_of, split_link, touches_after
from pollbot.jira.refusals import NotAPage, SeveralPages
from pollbot.text.writing import in_sight

_WIKI = re.compile(r"/wiki(?:/|$)", re.IGNORECASE)
_PAGE = re.compile(
    r"/wiki/spaces/(?P<space>[^/]+)/pages/(?:edit(?:-v2)?/)?(?P<id>[^/]+)(?:/|$)", re.IGNORECASE
)
_VIEW = re.compile(r"/wiki/pages/viewpage\.action$", re.IGNORECASE)
_TINY = re.compile(r"/wiki/x/(?P<code>[A-Z0-9_-]{1,11})/?(?![\w%-])", re.IGNORECASE | re.ASCII)
# Ids are positive and have 64 bits; they are kept as text.
_ID = re.compile(r"[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page as a link to a site names it; some links do not tell the space."""

    site: str
    page_id: str
    space_key: str | None = None


Linked = IssueAt | PageRef
"""What a channel may be linked to."""


def page_url(site: str, page_id: str, space_key: str | None = None) -> str:
    """Return the address where people read the page."""
    if space_key is None:
        return f"{site.rstrip('/')}/wiki/pages/viewpage.action?pageId={page_id}"
    return f"{site.rstrip('/')}/wiki/spaces/{quote(space_key, safe='~')}/pages/{page_id}"


def find_page(text: str, sites: Sequence[str]) -> PageRef | None:
    """Return the one page that a link in ``text`` leads to; None if no link leads to a wiki.

    Raises OtherSite, SeveralPages, or NotAPage for a link that leads to none.
    """
    found: dict[tuple[str, str], PageRef] = {}
    for link in links_in(in_sight(text)):
        ref = _page_in_link(link, sites)
        if ref is None:
            continue
        at = (ref.site, ref.page_id)
        if at not in found or ref.space_key is not None:
            found[at] = ref
    if len(found) > 1:
        raise SeveralPages(len(found))
    return next(iter(found.values()), None)


def _page_in_link(link: str, sites: Sequence[str]) -> PageRef | None:
    parts = split_link(link.replace("&amp;", "&").rstrip(".,;:!?)'\"”’"))
    if parts is None or not _WIKI.search(parts.path):
        return None
    ref = _page_at(parts, site_of(parts.netloc, sites))
    found = _ID.match(ref.page_id) if ref is not None else None
    if ref is None or found is None or touches_after(ref.page_id[found.end() :]):
        raise NotAPage(link)
    return replace(ref, page_id=found.group())


def _page_at(parts: SplitResult, site: str) -> PageRef | None:
    if match := _PAGE.search(parts.path):
        return PageRef(site, match["id"], unquote(match["space"]))
    if _VIEW.search(parts.path):
        return PageRef(site, parse_qs(parts.query).get("pageId", [""])[0])
    if match := _TINY.search(parts.path):
        return PageRef(site, _tiny(match["code"]))
    return None


def _tiny(code: str) -> str:
    """Return the page id in a tiny link: its bytes, lowest first, in base64 without the zeros.

    Source: confluence.atlassian.com KB 956713432, which writes "-" for "/" and "_" for "+".
    """
    digits = code.replace("-", "/").replace("_", "+").ljust(11, "A")
    return str(int.from_bytes(base64.b64decode(digits + "="), "little"))
