"""Cards, receipts and buttons: whatever Jira says, Slack takes it, and it pings nobody."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pollbot.errors import StaleButton
from pollbot.jira.issues import Issue
from pollbot.jira.rules import Wish
from pollbot.sandbox.slack.blockkit import problems
from pollbot.slack.clicks import Click, ConnectClick, ScheduleIssueClick, VoteClick, WithdrawClick
from pollbot.slack.kit import Message, clip, escape, quoted
from pollbot.slack.markup import decoded
from pollbot.text.writing import on_one_line, undirected
from pollbot.votes import blocks
from pollbot.votes.rules import Outcome, Refusal
from tests.support.drawn import assert_room, markup
from tests.support.refusals import refuses

SITE = "https://acme.atlassian.net"

NASTY = [
    "",
    " ",
    "Export <all> & more",
    "<!channel> <!here> <@U0ADA> <#C0PLANNING> <!subteam^S1>",
    "<https://evil.example|PLAT-12>",
    "&amp;lt;!channel&gt;",
    "&" * 3000,
    "<" * 3000,
    "x" * 3000,
    "word " * 600,
    "🔥" * 3000,
    "👩‍👩‍👧‍👦🏳️‍🌈 ",
    "שלום \u202egnp.exe\u202c עולם",
    "one\ntwo\r\nthree\u2028four",
    "*bold* _slanted_ ~gone~ `code` ```block``` > quote",
    ":tada: :not-an-emoji:",
    "\x00\x07\x1b[31m",
    '"}],"type":"section',
]
texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=400))
keys = st.from_regex(r"[A-Z][A-Z0-9_]{1,9}-[1-9][0-9]{0,9}", fullmatch=True)
counts = st.one_of(st.integers(0, 3), st.integers(0, 10**9))
issues = st.builds(
    Issue,
    key=keys,
    summary=texts,
    status=texts,
    type=texts,
    votes=counts,
    voted=st.booleans(),
    voters=st.none() | st.lists(texts, max_size=40).map(tuple),
    resolution=st.none() | texts,
    reporter_id=st.none() | st.just("acc-ada"),
)
wishes = st.sampled_from(Wish)
outcomes = st.builds(Outcome, st.none() | issues, st.none() | st.sampled_from(Refusal))


def issue(**changes: Any) -> Issue:
    plain: dict[str, Any] = {
        "key": "PLAT-12",
        "summary": "Export everything",
        "status": "Open",
        "type": "Story",
        "votes": 3,
    }
    return Issue(**(plain | changes))


def strings(part: object) -> Iterator[str]:
    """Return every text in blocks, without what a button remembers, and what stands as it is."""
    if isinstance(part, dict) and part.get("type") != "text":
        for name, value in part.items():
            if name != "value":
                yield from strings(value)
    elif isinstance(part, list):
        for value in part:
            yield from strings(value)
    elif isinstance(part, str):
        yield part


def assert_slack_takes(message: Message) -> None:
    assert problems(message.blocks, "message") == []
    assert_room(message)
    for text in [message.text, *markup(message.blocks)]:
        links = re.sub(rf"<{re.escape(SITE)}/browse/[A-Z0-9_-]+\|[A-Z0-9_-]+>", "", text)
        assert "<" not in links, "nothing but our own links is markup"
        assert ">" not in links
        assert re.fullmatch(r"([^&]|&(amp|lt|gt);)*", links, re.S), "no escape is cut in half"
    for button in buttons(message):
        assert len(button["value"]) <= 2000


def buttons(message: Message) -> list[dict[str, Any]]:
    return [
        element
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    ]


def words(message: Message) -> str:
    return " ".join(strings(message.blocks))


@given(issues)
@example(issue(voters=("&" * 60,) * 12, votes=12))
@example(issue(summary="&" * 300, status="<" * 80, type=">" * 80, resolution="&" * 80))
@example(issue(resolution="*<!channel>* `code` > quote"))
@example(issue(summary="", status="", type="", voters=("",), resolution=""))
@settings(deadline=None)
def test_slack_takes_every_card(seen: Issue) -> None:
    assert_slack_takes(blocks.issue_card("abcdefghijkl", SITE, seen))


@given(keys, wishes, outcomes)
@settings(deadline=None)
def test_slack_takes_every_receipt(key: str, wish: Wish, outcome: Outcome) -> None:
    assert_slack_takes(blocks.receipt(SITE, key, wish, outcome))


@given(keys, wishes)
def test_slack_takes_everything_else_that_is_said_about_votes(key: str, wish: Wish) -> None:
    for message in (
        blocks.queued(SITE, [(key, wish)] * 20),
        blocks.connect_first(SITE, [(key, wish)] * 20),
        blocks.connect_again(SITE, [(key, wish)] * 20),
        blocks.connect_to_see(SITE, key),
        blocks.connect_again_to_see(SITE, key),
        blocks.card_not_found(SITE, key),
        blocks.card_not_posted(SITE, key, "Slack said no."),
        blocks.card_refused(SITE, key, 409),
        blocks.card_waits(SITE, key),
        blocks.card_waits(SITE, key, busy=True),
        blocks.card_given_up(SITE, key),
    ):
        assert_slack_takes(message)
        assert key in message.text


def test_a_card_says_in_words_what_it_shows() -> None:
    card = blocks.issue_card("card", SITE, issue(summary="Export <all> & more", votes=1234))

    assert card.text == "PLAT-12: Export &lt;all&gt; &amp; more (Open) – 1,234 votes."
    assert f"*<{SITE}/browse/PLAT-12|PLAT-12>*  Export &lt;all&gt; &amp; more" in words(card)
    assert "Open · Story" in words(card)
    assert "*1,234 votes*" in words(card)


def test_one_vote_is_one_vote() -> None:
    card = blocks.issue_card("card", SITE, issue(votes=1))

    assert card.text.endswith("– 1 vote.")


def test_a_card_has_the_buttons_vote_withdraw_and_schedule_and_knows_itself() -> None:
    vote, withdraw, schedule = buttons(blocks.issue_card("card-1", SITE, issue()))

    assert [vote["text"]["text"], withdraw["text"]["text"]] == ["Vote", "Withdraw"]
    assert schedule["text"]["text"] == "Schedule results"
    assert VoteClick.unpack(vote) == VoteClick(issue="PLAT-12", site=SITE, card="card-1")
    assert WithdrawClick.unpack(withdraw) == WithdrawClick(
        issue="PLAT-12", site=SITE, card="card-1"
    )
    assert ScheduleIssueClick.unpack(schedule) == ScheduleIssueClick(issue="PLAT-12", site=SITE)


def test_a_resolved_issue_takes_no_votes_and_says_so_in_text_too() -> None:
    card = blocks.issue_card("card", SITE, issue(resolution="Won't do"))

    assert buttons(card) == []
    assert "Resolved (Won't do)" in words(card)
    assert "resolved" in card.text


@pytest.mark.parametrize(
    ("voters", "votes", "line"),
    [
        (None, 3, "*3 votes*"),
        ((), 0, "*0 votes*"),
        (("Ada",), 1, "*1 vote*  Ada"),
        (("Ada", "Ben"), 5, "*5 votes*  Ada, Ben and 3 more"),
        (tuple(f"P{n}" for n in range(20)), 20, "P10, P11 and 8 more"),
    ],
    ids=["hidden", "nobody", "one", "some seen", "a crowd"],
)
def test_voters_are_named_as_far_as_jira_shows_them(
    voters: tuple[str, ...] | None, votes: int, line: str
) -> None:
    card = blocks.issue_card("card", SITE, issue(voters=voters, votes=votes))

    assert line in words(card)
    assert ("more" in words(card)) == ("more" in line)


def test_nobody_elses_name_is_in_a_button() -> None:
    card = blocks.issue_card("card", SITE, issue(voters=("Ada of Jira",), reporter_id="acc-ada"))

    assert "ada" not in str([button["value"] for button in buttons(card)]).lower()


@pytest.mark.parametrize("wish", Wish)
@pytest.mark.parametrize("seen", [issue(), None], ids=["read back", "not read back"])
def test_a_receipt_says_counted_only_when_jira_has_it(wish: Wish, seen: Issue | None) -> None:
    done = blocks.receipt(SITE, "PLAT-12", wish, Outcome(seen))

    what, back = {Wish.VOTE: ("counted", "Withdraw"), Wish.WITHDRAW: ("withdrawn", "Vote")}[wish]
    assert f"is {what} in Jira" in done.text
    assert ("3 votes" in done.text) == (seen is not None)
    assert [button["text"]["text"] for button in buttons(done)] == [back]


@pytest.mark.parametrize("wish", Wish)
@pytest.mark.parametrize("refusal", Refusal)
@pytest.mark.parametrize("seen", [issue(key="APP-3"), None], ids=["seen", "not seen"])
def test_a_refusal_names_the_issue_and_what_to_do_next_and_claims_no_success(
    wish: Wish, refusal: Refusal, seen: Issue | None
) -> None:
    refused = blocks.receipt(SITE, "PLAT-12", wish, Outcome(seen, refusal))

    assert not refused.text.startswith(":white_check_mark:")
    assert not re.search(r"is (counted|withdrawn)", refused.text)
    assert ("APP-3" if seen else "PLAT-12") in refused.text
    assert refused.text.count(".") >= 1, "why, and what to do next"


def test_every_refusal_says_something_else() -> None:
    said = {blocks.receipt(SITE, "PLAT-12", Wish.VOTE, Outcome(None, why)).text for why in Refusal}

    assert len(said) == len(Refusal)


# What buttons remember

sites = st.none() | st.text(min_size=1, max_size=300)
samples: dict[type[Click], st.SearchStrategy[Click]] = {
    VoteClick: st.builds(VoteClick, issue=keys, site=sites, card=st.none() | st.text(max_size=40)),
    WithdrawClick: st.builds(
        WithdrawClick, issue=keys, site=sites, card=st.none() | st.text(max_size=40)
    ),
    ConnectClick: st.builds(ConnectClick, site=sites),
}


@pytest.mark.parametrize("kind", samples)
@given(data=st.data())
def test_a_click_brings_back_what_its_button_was_given(
    kind: type[Click], data: st.DataObject
) -> None:
    click = data.draw(samples[kind])

    packed = click.pack()

    assert kind.unpack({"action_id": kind.action_id, "value": packed}) == click
    assert len(packed) <= 2000


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
)
FOREIGN: list[object] = [
    {},
    {"value": None},
    {"value": ""},
    {"value": "PLAT-12"},
    {"value": "{}"},
    {"value": "[]"},
    {"value": "null"},
    {"value": '{"v":1}'},
    {"value": '{"v":1,"issue":7}'},
    {"value": '{"v":1,"issue":"X"}'},
    {"value": json.dumps({"v": 1, "issue": "P" * 41})},
    {"value": '{"v":0,"issue":"PLAT-12"}'},
    {"value": '{"v":2,"issue":"PLAT-12"}'},
    {"value": '{"v":1,"issue":"PLAT-12","toggle":true}'},
    {"value": '{"v":1,"issue":"PLAT-12"'},
    {"value": '{"v":1,"issue":"\ud800"}'},
    {"value": "[" * 2000},
    {"value": 7},
    {"value": ["PLAT-12"]},
    {"selected_option": {"value": "PLAT-12"}},
]


@pytest.mark.parametrize("action", FOREIGN, ids=range(len(FOREIGN)))
@pytest.mark.parametrize("kind", [VoteClick, WithdrawClick])
def test_a_button_of_another_version_is_told_from_ours(kind: type[Click], action: Any) -> None:
    with refuses(StaleButton, says="older version"):
        kind.unpack(action)


@pytest.mark.parametrize("value", ["", "old", '{"v":2}', '{"v":1,"issue":"PLAT-12"}'])
def test_a_connect_button_of_another_version_is_told_from_ours(value: str) -> None:
    with pytest.raises(StaleButton):
        ConnectClick.unpack({"value": value})


@pytest.mark.parametrize("kind", samples)
@given(value=st.text() | json_values.map(json.dumps))
def test_no_value_whatsoever_breaks_a_button(kind: type[Click], value: str) -> None:
    try:
        click = kind.unpack({"value": value})
    except StaleButton:
        return
    assert kind.unpack({"value": click.pack()}) == click


# The small tools


@given(st.text(), st.integers(1, 100))
def test_what_is_quoted_is_short_on_one_line_and_reads_the_same(text: str, limit: int) -> None:
    shown = quoted(text, limit)

    back = undirected(decoded(shown))
    assert len(back) <= limit
    assert len(shown.splitlines()) <= 1
    assert undirected(on_one_line(text)).startswith(back.removesuffix("…"))
    assert not set("<>*_~`") & set(shown)


@given(st.text(), st.integers(1, 50))
def test_what_is_clipped_fits_and_shows_that_it_was_cut(text: str, limit: int) -> None:
    clipped = clip(text, limit)

    assert len(clipped) <= limit
    assert clipped == text if len(text) <= limit else clipped.endswith("…")


def test_escaping_covers_what_slack_reads_as_markup() -> None:
    assert escape("*A* _b_ ~c~ `d` @here") == (
        "&#42;A&#42; &#95;b&#95; &#126;c&#126; &#96;d&#96; &#64;here"
    )
    assert escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"
