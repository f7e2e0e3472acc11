"""Which Confluence page a link leads to."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pollbot.errors import BadInput
from pollbot.jira import pages
from pollbot.jira.pages import page_url
from pollbot.jira.refusals import OtherSite
from tests.support.refusals import refuses, sentence

ACME = "https://acme.atlassian.net"
WIKI = f"{ACME}/wiki"

Found = tuple[str, str | None]


def page(page_id: str, space_key: str | None = None) -> Found:
    return page_id, space_key


def find_page(text: str, site: str) -> Found | None:
    """Return the page that a text leads to, where there is one site."""
    found = pages.find_page(text, (site,))
    assert found is None or found.site == site
    return None if found is None else (found.page_id, found.space_key)


UNDERSTOOD = {
    "a page": (f"{WIKI}/spaces/ENG/pages/98765", page("98765", "ENG")),
    "a page with its title": (f"{WIKI}/spaces/ENG/pages/98765/Team+plan", page("98765", "ENG")),
    "a title like an issue key": (
        f"{WIKI}/spaces/ENG/pages/98765/PLAT-12",
        page("98765", "ENG"),
    ),
    "a place on the page": (f"{WIKI}/spaces/ENG/pages/98765/Plan#Dates", page("98765", "ENG")),
    "a query": (f"{WIKI}/spaces/ENG/pages/98765?focusedCommentId=3", page("98765", "ENG")),
    "a page being edited": (f"{WIKI}/spaces/ENG/pages/edit-v2/98765", page("98765", "ENG")),
    "somebody's own space": (f"{WIKI}/spaces/~70121:a/pages/98765", page("98765", "~70121:a")),
    "an escaped space": (f"{WIKI}/spaces/%7E70121/pages/98765/x", page("98765", "~70121")),
    "a view": (f"{WIKI}/pages/viewpage.action?pageId=98765", page("98765")),
    "a view with more": (
        f"{WIKI}/pages/viewpage.action?spaceKey=ENG&pageId=98765",
        page("98765"),
    ),
    "a view as Slack escapes it": (
        f"<{WIKI}/pages/viewpage.action?a=b&amp;pageId=98765>",
        page("98765"),
    ),
    "the first known tiny link": (f"{WIKI}/x/h9YS", page("1234567")),
    "the second known tiny link": (f"{WIKI}/x/uQO-", page("12518329")),
    "a tiny link with a slash": (f"{WIKI}/x/h9YS/", page("1234567")),
    "an id of 64 bits": (f"{WIKI}/spaces/E/pages/{2**63 - 1}", page(str(2**63 - 1), "E")),
    "Slack's link": (f"<{WIKI}/spaces/ENG/pages/98765>", page("98765", "ENG")),
    "Slack's link with a text": (f"<{WIKI}/x/h9YS|our plan>", page("1234567")),
    "Slack's link with another link as its text": (
        f"<{WIKI}/spaces/ENG/pages/1|{WIKI}/spaces/ENG/pages/2>",
        page("1", "ENG"),
    ),
    "a link in capitals": (
        "HTTPS://ACME.ATLASSIAN.NET/wiki/spaces/ENG/pages/98765",
        page("98765", "ENG"),
    ),
    "a link in a sentence": (f"See ({WIKI}/spaces/ENG/pages/98765).", page("98765", "ENG")),
    "the same page twice": (
        f"{WIKI}/spaces/ENG/pages/1234567 {WIKI}/x/h9YS",
        page("1234567", "ENG"),
    ),
    "the same page twice, the short link first": (
        f"{WIKI}/x/h9YS {WIKI}/spaces/ENG/pages/1234567",
        page("1234567", "ENG"),
    ),
    "code": (f"`{WIKI}/spaces/ENG/pages/98765`", page("98765", "ENG")),
    "words without spaces": (f"{WIKI}/spaces/ENG/pages/98765を見て", page("98765", "ENG")),
    "an ellipsis": (f"{WIKI}/x/h9YS…", page("1234567")),
    "a view and a bold mark": (f"{WIKI}/pages/viewpage.action?pageId=98765*", page("98765")),
    "a link without https": ("acme.atlassian.net/wiki/x/h9YS", page("1234567")),
    "a zero-width space": (f"{WIKI}/spaces/ENG/pages/987\u200b65", page("98765", "ENG")),
    "a page and an issue": (f"{ACME}/browse/PLAT-12 {WIKI}/x/h9YS", page("1234567")),
}

NO_WIKI = ["", "  ", "PLAT-12", "wiki/x/h9YS", f"{ACME}/browse/PLAT-12", "https://[/wiki/x/h9YS"]
NO_WIKI += ["https://evil.example/PLAT-12", f"{ACME}/wikipedia/x/h9YS", ACME]

NO_PAGE = {
    "the wiki": WIKI,
    "its home": f"{WIKI}/home",
    "a space": f"{WIKI}/spaces/ENG/overview",
    "a whiteboard": f"{WIKI}/spaces/ENG/whiteboard/98765",
    "a blog post": f"{WIKI}/spaces/ENG/blog/2026/01/02/98765/News",
    "a pretty link": f"{WIKI}/display/ENG/Team+plan",
    "a view without an id": f"{WIKI}/pages/viewpage.action?title=Plan",
    "a view with a word": f"{WIKI}/pages/viewpage.action?pageId=plan",
    "an id and a word": f"{WIKI}/spaces/ENG/pages/98765plan",
    "two pages and a comma": f"{WIKI}/x/h9YS,{WIKI}/x/uQO-",
    "a word for an id": f"{WIKI}/spaces/ENG/pages/create",
    "digits of another script": f"{WIKI}/spaces/ENG/pages/١٢٣",
    "page zero": f"{WIKI}/spaces/ENG/pages/0",
    "an id too long": f"{WIKI}/spaces/ENG/pages/{'9' * 20}",
    "a tiny link without a code": f"{WIKI}/x/",
    "a tiny link to zero": f"{WIKI}/x/AAAA",
    "a tiny link too long": f"{WIKI}/x/{'h' * 12}",
    "a tiny link that is none": f"{WIKI}/x/h9%20YS",
    "two pages": f"{WIKI}/spaces/ENG/pages/1 {WIKI}/spaces/ENG/pages/2",
}

OTHER_SITES = [
    "https://other.atlassian.net/wiki/x/h9YS",
    "https://other.atlassian.net/wiki/spaces/ENG/pages/98765",
    "https://other.atlassian.net/wiki/home",
    "https://acme.atlassian.net.evil.example/wiki/x/h9YS",
    "https://acme.atlassian.net@evil.example/wiki/x/h9YS",
    "https://evil.example\\@acme.atlassian.net/wiki/x/h9YS",
    "https://acme.atlassian.net:8443/wiki/x/h9YS",
    f"{WIKI}/x/h9YS https://other.atlassian.net/wiki/x/h9YS",
]


@pytest.mark.parametrize(("text", "page"), UNDERSTOOD.values(), ids=UNDERSTOOD)
def test_a_page_is_understood(text: str, page: Found) -> None:
    assert find_page(text, ACME) == page


@pytest.mark.parametrize("text", NO_WIKI)
def test_a_text_without_a_link_to_a_wiki_names_no_page(text: str) -> None:
    assert find_page(text, ACME) is None


@pytest.mark.parametrize("text", NO_PAGE.values(), ids=NO_PAGE)
def test_a_link_to_a_wiki_but_to_no_one_page_is_refused(text: str) -> None:
    with refuses(BadInput, says=r"Nothing was changed\. (Open|Leave)"):
        find_page(text, ACME)


@pytest.mark.parametrize("text", OTHER_SITES)
def test_a_page_of_another_site_is_refused(text: str) -> None:
    with pytest.raises(OtherSite):
        find_page(text, ACME)


page_ids = st.integers(1, 2**63 - 1).map(str)
space_keys = st.from_regex(r"~?[A-Za-z0-9:._ %-]{1,255}", fullmatch=True)
sites = st.sampled_from([ACME, f"{ACME}/", "http://127.0.0.1:8080", "https://acme.example/tools"])


@given(sites, page_ids, st.none() | space_keys)
@example(ACME, "7", "~a b%20/ü")
def test_the_address_of_a_page_leads_back_to_it(
    site: str, page_id: str, space_key: str | None
) -> None:
    url = page_url(site, page_id, space_key)

    assert find_page(url, site) == page(page_id, space_key)
    assert url.startswith(f"{site.rstrip('/')}/wiki/")


@given(st.text() | st.text().map(lambda tail: f"{WIKI}/{tail}"))
def test_any_text_is_a_page_or_none_or_bad_input(text: str) -> None:
    said, found = "", None
    try:
        found = find_page(text, ACME)
    except BadInput as refused:
        said = sentence(refused)

    assert len(said) < 400
    assert found is None or (found[0].isascii() and int(found[0]) > 0)
