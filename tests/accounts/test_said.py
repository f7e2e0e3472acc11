"""What is said of accounts, links, what waits and what was set back stands in the catalog."""

import re
from itertools import product

import pytest

from pollbot.accounts import blocks, page_blocks
from pollbot.accounts.rules import (
    Connected,
    Disconnected,
    Dropped,
    DroppedVote,
    Ending,
    Link,
    OnSite,
    Waiting,
)
from pollbot.jira.issues import IssueAt
from pollbot.jira.pages import PageRef
from pollbot.jira.rules import Wish
from pollbot.people import Account
from pollbot.setup.set_back_blocks import left_out, set_back
from pollbot.slack import closed
from pollbot.slack.kit import Message, moment_in_words, places, words
from pollbot.slack.windows import told_view
from pollbot.text.catalog import speaking
from pollbot.text.sentences import unexpected
from tests.support.catalog import APART, forgotten
from tests.support.said import letters, said, said_in_window

SITE = "https://7"
# What Slack answers where pollbot may not post (docs.slack.dev, chat.postMessage), and none of it.
CODES = (
    *("channel_not_found", "not_in_channel", "is_archived", "messages_tab_disabled"),
    *("external_channel_migrating", "no_permission", "restricted_action_read_only", "an_odd_one"),
)
ACCOUNTS = (None, Account("1", "1", "", ""), Account("1", "1", "", "", refused=True))
VOTES = tuple(
    DroppedVote(f"PLAT-{nth}", wish, may_land=land)
    for nth, (wish, land) in enumerate(product(Wish, (False, True)), 1)
)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_in_the_form_nothing_is_forgotten(account: Account | None) -> None:
    for way, problem, sites in product(("", "https://7/1"), ("", "1."), (1, 2)):
        stands = [OnSite(f"{SITE}{nth}", account, way) for nth in range(sites)]
        shown = said_in_window(blocks.connect_form, stands, "", problem=problem)
        assert {*shown} <= {"you", "example", "com"}  # as an address is typed


def test_of_connecting_nothing_is_forgotten() -> None:
    assert said_in_window(blocks.checking, SITE) == []
    for votes, polls in product(((), ("PLAT-1",), ("PLAT-1",) * 9), ((), ("1",), ("1",) * 9)):
        on = Connected(SITE, "1", Waiting(votes, polls))
        assert said_in_window(blocks.connected_form, [on, on]) == []
    assert said(lambda: words(blocks.not_taken("1."))) == []
    assert said_in_window(blocks.overtaken_form, "1.") == []
    for signed_in in (False, True):
        assert said(blocks.ends_soon, Ending(SITE, 1e9, signed_in)) == []


@pytest.mark.parametrize("votes", [(), VOTES[:1], VOTES, VOTES * 6])
@pytest.mark.parametrize("polls", [(), ("1",), ("1",) * 9])
def test_of_disconnecting_nothing_is_forgotten(
    votes: tuple[DroppedVote, ...], polls: tuple[str, ...]
) -> None:
    dropped = Dropped(votes, polls)
    for draw in (blocks.disconnected, blocks.not_connected):
        assert said(draw, SITE, dropped) == []
    for was_connected in (False, True):
        gone = [Disconnected(SITE, was_connected, dropped), Disconnected(SITE, True, Dropped())]
        assert said(blocks.disconnected_from, gone) == []


def test_of_links_of_channels_and_in_the_help_nothing_is_forgotten() -> None:
    led_to = (IssueAt(SITE, "PLAT-1"), PageRef(SITE, "98431"))
    links = [Link(to, seen) for to in led_to for seen in (False, True)]
    for link in (*links, Link(PageRef(SITE, "98431"), True, "7")):
        assert said(blocks.linked, link) == []
        assert said(blocks.link_of, link) == []
    assert said(blocks.link_of, None) == []
    for to in (None, *led_to):
        assert said(blocks.unlinked, to) == []
    for word, meant in (("", None), ("7", None), ("7", "8")):
        assert said(blocks.help_text, word, meant) == []


def test_on_the_pages_of_signing_in_nothing_is_forgotten() -> None:
    with speaking(APART):
        pages = (
            page_blocks.who_connects(SITE, "", ""),
            page_blocks.who_connects(SITE, "1", ""),
            page_blocks.connected([Connected(SITE, "1", Waiting())]),
            page_blocks.refused("1."),
        )

    for page in pages:
        assert letters(forgotten(re.sub(r"<[^>]*>", " ", page.partition("<body>")[2]))) == []


@pytest.mark.parametrize("code", CODES)
def test_of_channels_that_are_closed_nothing_is_forgotten(code: str) -> None:
    assert said(lambda: words(closed.why_closed(code))) == []


@pytest.mark.parametrize("channel", ["C1", "D1"])
def test_of_channels_without_the_app_nothing_is_forgotten(channel: str) -> None:
    def told() -> Message:
        where = places(["C2", channel])
        return words(f"{closed.outside(channel)} {closed.way_in(channel)} {where}")

    assert said(told) == []


def test_of_what_was_set_back_nothing_is_forgotten() -> None:
    def told() -> Message:
        kinds = ("vote", "withdraw", "card", "post")
        return set_back([left_out(kind, "PLAT-1", "1") for kind in kinds] * 9)

    assert said(told) == []


def test_where_anything_may_go_wrong_nothing_is_forgotten() -> None:
    assert said_in_window(told_view, "1.") == []
    assert said(lambda: words(unexpected("1"))) == []
    assert said(lambda: words(moment_in_words(1e99))) == []
