"""Lists of issues: whatever Jira says, Slack takes it, it pings nobody, and words tell it all."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.issue_lists.blocks import ISSUE_VIEWS, ballot_card, top_issues
from pollbot.jira.issues import Issue
from pollbot.jira.jql import Changes, Found, changes
from pollbot.sandbox.slack.blockkit import problems
from pollbot.slack.clicks import VoteClick, WithdrawClick
from pollbot.slack.kit import Message, without_charts
from tests.support.drawn import (
    assert_pings_nobody,
    assert_room,
    cell_words,
    labels,
    markup,
    pressed,
    shown,
    texts,
)

SITE = "https://acme.atlassian.net"
LINK = re.compile(rf"<{re.escape(SITE)}/browse/[A-Z0-9_-]+\|[A-Z0-9_-]+>")

keys = st.from_regex(r"[A-Z][A-Z0-9_]{1,9}-[1-9][0-9]{0,9}", fullmatch=True)
counts = st.integers(0, 3) | st.integers(0, 10**9)
issues = st.builds(
    Issue,
    key=keys,
    summary=texts,
    status=texts,
    type=texts,
    votes=counts,
    voted=st.booleans(),
    resolution=st.none() | texts,
)
lists = st.lists(issues, max_size=30, unique_by=lambda issue: issue.key)
snapshots = st.none() | st.dictionaries(keys, counts, max_size=40)


def issue(number: int, votes: int = 7, **changed: Any) -> Issue:
    plain: dict[str, Any] = {
        "key": f"PLAT-{number}",
        "summary": f"Wish {number}",
        "status": "Open",
        "type": "Story",
        "votes": votes,
    }
    return Issue(**(plain | changed))


def assert_slack_takes(message: Message) -> None:
    """A frame of two more blocks must fit as well: a schedule puts one above and one below."""
    assert problems(message.blocks, "message") == []
    assert problems(without_charts(message.blocks), "message") == []
    assert len(message.blocks) <= 48
    assert_room(message)
    assert_pings_nobody(message.text)
    for text in markup([message.blocks, without_charts(message.blocks)]):
        assert_pings_nobody(LINK.sub("", text))


@given(st.sampled_from([*ISSUE_VIEWS, "pie"]), texts, lists, counts, snapshots, st.booleans())
def test_slack_takes_every_list(
    view: str,
    jql: str,
    found: list[Issue],
    more: int,
    before: dict[str, int] | None,
    kept: bool,
) -> None:
    if before is not None and kept:
        before |= {issue.key: issue.votes // 2 for issue in found[::2]}
    list_of = Found(tuple(found), len(found) + more)

    message = top_issues(SITE, jql, list_of, changes(before, found), view)

    assert_slack_takes(message)
    for issue in found[:20]:
        assert issue.key in message.text
        assert issue.key in shown(message)


@given(texts, lists, counts)
def test_slack_takes_every_ballot(title: str, lines: list[Issue], more: int) -> None:
    message = ballot_card("card", SITE, title, lines, len(lines) + more)

    assert_slack_takes(message)
    assert labels(message.blocks) == [
        label for issue in lines[:20] if issue.resolution is None for label in ("Vote", "Withdraw")
    ]


NOW = [issue(1, 12), issue(2, 9), issue(3, 5, summary="Export <all> & more"), issue(4, 1)]
MOVED = Changes({"PLAT-1": 3, "PLAT-2": -1, "PLAT-3": 0, "PLAT-4": None}, ("PLAT-9", "OPS-1"))


@pytest.mark.parametrize("view", ISSUE_VIEWS)
def test_every_view_says_in_words_what_it_shows(view: str) -> None:
    message = top_issues(SITE, "plat", Found(tuple(NOW), 10_000), MOVED, view)

    assert message.text == (
        "Top voted issues: PLAT – PLAT-1 Wish 1 (12 votes, 3 more), "
        "PLAT-2 Wish 2 (9 votes, 1 fewer), PLAT-3 Export &lt;all&gt; &amp; more (5 votes), "
        "PLAT-4 Wish 4 (1 vote, new) and 9,996 more. "
        "Left the list since the last post: PLAT-9, OPS-1."
    )


def test_bars_show_rank_link_votes_and_change() -> None:
    seen = shown(top_issues(SITE, "PLAT", Found(tuple(NOW), 4), MOVED, "bars"))

    assert "*Top voted issues: PLAT*" in seen
    assert (
        f"1. *<{SITE}/browse/PLAT-1|PLAT-1>*  Wish 1\n▇▇▇▇▇▇▇▇▇▇ 12 votes  ▲3 · Open\n\n2." in seen
    )
    assert "9 votes  ▼1" in seen
    assert "5 votes · Open\n" in seen
    assert "1 vote  new" in seen
    assert "Left the list since the last post: " in seen
    assert "more" not in seen.replace("&amp; more", "")


def test_a_table_has_a_column_for_changes_once_there_is_something_to_compare() -> None:
    def rows(moved: Changes | None) -> list[list[str]]:
        message = top_issues(SITE, "PLAT", Found(tuple(NOW), 4), moved, "table")
        table = next(block for block in message.blocks if block["type"] == "data_table")
        return [[cell_words(cell) for cell in row] for row in table["rows"]]

    assert rows(None)[0] == ["#", "Issue", "Votes", "Summary", "State"]
    assert rows(MOVED)[0] == ["#", "Issue", "Votes", "Change", "Summary", "State"]
    assert rows(MOVED)[1] == ["1", f"<{SITE}/browse/PLAT-1|PLAT-1>", "12", "▲3", "Wish 1", "Open"]
    assert [row[3] for row in rows(MOVED)[2:]] == ["▼1", "-", "new"]


def test_where_slack_takes_no_table_its_rows_are_lines_with_links() -> None:
    message = top_issues(SITE, "PLAT", Found(tuple(NOW), 4), MOVED, "table")

    read = shown(Message(message.text, without_charts(message.blocks)))

    assert "# · Issue · Votes · Change · Summary · State" in read
    assert (
        f"3 · <{SITE}/browse/PLAT-3|PLAT-3> · 5 · - · Export &lt;all&gt; &amp; more · Open" in read
    )


@pytest.mark.parametrize("name", ["What <next> & *then*?", "x" * 300])
def test_a_list_with_a_name_shows_that_and_no_jql(name: str) -> None:
    top = top_issues(SITE, "votes > 0", Found(tuple(NOW), 4), None, "bars", name=name)
    ballot = ballot_card("card", SITE, "votes > 0", NOW, 4, name=name)

    for message, what in ((top, "Top voted issues"), (ballot, "Vote on these issues")):
        assert_slack_takes(message)
        assert "votes > 0" not in shown(message) + message.text
        assert "votes &gt; 0" not in shown(message) + message.text
        assert what in shown(message)
        assert f": {what} – PLAT-1 Wish 1 (12 votes), " in message.text
    if "next" in name:
        assert top.text.startswith("What &lt;next&gt; &amp; *then*?: Top voted issues")


def test_a_chart_shows_the_votes_by_key() -> None:
    message = top_issues(SITE, "PLAT", Found(tuple(NOW), 4), MOVED, "chart")

    drawn = next(block for block in message.blocks if block["type"] == "data_visualization")
    assert drawn["chart"]["series"][0]["data"][0] == {"label": "PLAT-1", "value": 12}
    assert f"<{SITE}/browse/PLAT-1|PLAT-1> ▲3" in shown(message)
    assert "PLAT-1: 12" in "".join(markup(without_charts(message.blocks)))


@pytest.mark.parametrize("view", ISSUE_VIEWS)
def test_of_many_the_first_twenty_are_shown_and_the_rest_is_counted(view: str) -> None:
    found = Found(tuple(issue(n) for n in range(1, 101)), 10_000)
    moved = Changes({}, tuple(f"OLD-{n}" for n in range(1, 31)))

    message = top_issues(SITE, "votes > 0", found, moved, view)

    assert "and 9,980 more" in shown(message)
    assert "and 9,980 more" in message.text
    assert "|PLAT-20>" in shown(message)
    assert "PLAT-21" not in message.text + shown(message)
    assert "|OLD-10> and 20 more" in shown(message)


def test_however_long_the_summaries_the_words_name_every_issue() -> None:
    long = [issue(n, votes=10**9, summary="&" * 2000) for n in range(1, 21)]

    top = top_issues(SITE, "&" * 2000, Found(tuple(long), 10**9), None, "bars")
    ballot = ballot_card("card", SITE, "&" * 2000, long, 10**9)

    for message in (top, ballot):
        assert_slack_takes(message)
        assert "PLAT-20 &amp;" in message.text
        assert message.text.endswith("and 999,999,980 more.")


@pytest.mark.parametrize("view", ISSUE_VIEWS)
def test_an_empty_list_says_so_and_still_tells_what_left_it(view: str) -> None:
    message = top_issues(SITE, "PLAT", Found((), 0), Changes({}, ("PLAT-9",)), view)

    assert "No issue is in this list right now." in shown(message)
    assert "No issue is in this list right now." in message.text
    assert "|PLAT-9>" in shown(message)


def test_a_query_is_shown_as_it_was_written_and_ends_its_code_span_nowhere() -> None:
    message = top_issues(SITE, "text ~ `x` AND votes > 1", Found((), 0), None, "bars")

    heading, *_ = message.blocks
    assert heading["elements"][0]["elements"] == [
        {"type": "text", "text": "Top voted issues", "style": {"bold": True}},
        {"type": "text", "text": "\n"},
        {"type": "text", "text": "text ~ `x` AND votes > 1", "style": {"code": True}},
    ]


def test_each_line_of_a_ballot_has_its_own_buttons_that_know_the_card() -> None:
    card = ballot_card("card-1", SITE, "PLAT", NOW[:2], 2)

    rows = [block["elements"] for block in card.blocks if block["type"] == "actions"]
    assert [[VoteClick.unpack(row[0]), WithdrawClick.unpack(row[1])] for row in rows] == [
        [
            VoteClick(issue=key, site=SITE, card="card-1"),
            WithdrawClick(issue=key, site=SITE, card="card-1"),
        ]
        for key in ("PLAT-1", "PLAT-2")
    ]
    assert pressed(card.blocks, "Vote")["accessibility_label"] == "Vote on PLAT-1: Wish 1"
    assert f"*<{SITE}/browse/PLAT-1|PLAT-1>*  Wish 1\n*12 votes* · Open" in shown(card)
    assert card.text == (
        "Vote on these issues: PLAT – PLAT-1 Wish 1 (12 votes), PLAT-2 Wish 2 (9 votes)."
    )


def test_a_resolved_line_stays_without_buttons_and_says_why() -> None:
    card = ballot_card("card", SITE, "PLAT", [issue(1, resolution="Won't <do>")], 1)

    assert labels(card.blocks) == []
    assert "Resolved (Won't &lt;do&gt;): Jira takes no more votes on it." in shown(card)
    assert "(7 votes, resolved (Won't &lt;do&gt;))" in card.text


def test_a_full_ballot_counts_the_rest() -> None:
    card = ballot_card("card", SITE, "votes > 0", [issue(n) for n in range(1, 31)], 10_000)

    assert labels(card.blocks).count("Vote") == 20
    assert "and 9,980 more" in shown(card)
    assert "and 9,980 more" in card.text


def test_an_empty_ballot_says_what_to_do_instead() -> None:
    card = ballot_card("card", SITE, "PLAT", [], 0)

    assert "there is nothing to vote on" in shown(card)
    assert "`/vote PLAT-12`" in card.text
