"""What a project key or JQL becomes, and what changed in a list since its last post."""

import re
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pollbot.errors import BadInput
from pollbot.jira.issues import Issue
from pollbot.jira.jql import (
    LONGEST_JQL,
    ballot,
    changes,
    named_query,
    project_of,
    snapshot,
    top_voted,
)
from pollbot.jira.refusals import BadJql
from tests.support.refusals import refuses, sentence

PROJECT = '(project = "PLAT" AND votes > 0) AND resolution IS EMPTY ORDER BY votes DESC'
OPEN = " AND resolution IS EMPTY"
TAIL = " ORDER BY votes DESC, key ASC"


def issue(key: str, votes: int) -> Issue:
    return Issue(key, "Export", "Open", "Story", votes)


@pytest.mark.parametrize("text", ["PLAT", "plat", " Plat \n"])
def test_a_project_key_alone_is_a_whole_query(text: str) -> None:
    assert project_of(text) == "PLAT"
    assert top_voted(text) == PROJECT
    assert ballot(text) == 'project = "PLAT" AND resolution IS EMPTY ORDER BY votes DESC'


ORDERED = {
    "no order": ("project = PLAT", "project = PLAT"),
    "its own": ("project = PLAT ORDER BY created", "project = PLAT"),
    "in lower case, over lines": ("project = PLAT\norder \n by key desc", "project = PLAT"),
    "right after a bracket": ("(project = PLAT)order by key", "(project = PLAT)"),
    "in double quotes": ('text ~ "order by" and votes > 1', 'text ~ "order by" and votes > 1'),
    "in single quotes": ("text ~ 'x order by y'", "text ~ 'x order by y'"),
    "in quotes and after them": ('text ~ "order by" order by key', 'text ~ "order by"'),
    "a quote in quotes": (r'text ~ "a\" order by b" ORDER BY key', r'text ~ "a\" order by b"'),
    "the other quote in quotes": ('text ~ "it\'s" order by key', 'text ~ "it\'s"'),
    "quotes that never end": ('text ~ "order by key', 'text ~ "order by key'),
    "a word that ends like it": ("reorder by = 1", "reorder by = 1"),
    "a field of that name": ('"order" = 1', '"order" = 1'),
}


@pytest.mark.parametrize(("jql", "kept"), ORDERED.values(), ids=ORDERED)
def test_the_top_voted_come_in_the_order_of_votes_whatever_the_query_says(
    request: pytest.FixtureRequest, jql: str, kept: str
) -> None:
    shown = kept if "never end" in request.node.name else f"({kept}){OPEN}"
    order = jql.removeprefix(kept).strip()

    assert top_voted(jql) == shown + TAIL
    assert ballot(jql) == f"{shown} {order}".strip(), "a ballot keeps the order of whoever wrote it"


@pytest.mark.parametrize(
    "jql",
    [
        "project = PLAT AND resolution is not EMPTY",
        "statusCategory = Done",
        '"status" in (Done)',
        "resolved >= -7d",
        "project = PLAT and Status = Done",
        "key in (PLAT-8, PLAT-12)",
        "issuekey>PLAT-8",
        "status changed after -1d",
        "'status' changed",
        "status not in (Open)",
        "resolution was Fixed",
    ],
)
def test_what_is_done_is_in_a_list_only_where_its_query_asks_for_it(jql: str) -> None:
    assert top_voted(jql) == jql + TAIL
    assert ballot(f"{jql} ORDER BY key") == f"{jql} ORDER BY key"
    other = f'text ~ "{jql.replace(chr(34), "")}" OR project = APP'
    assert ballot(other) == f"({other}){OPEN}"


@pytest.mark.parametrize(
    "jql",
    [
        "project = KEY",
        "project = ID and labels = status",
        "labels in (issue, key)",
        "component = resolution order by key",
        "labels = 'status'",
        "issuetype = Bug",
        "key_id = 1",
    ],
)
def test_a_value_that_is_called_like_a_field_asks_for_nothing_that_is_done(jql: str) -> None:
    body = jql.removesuffix(" order by key")

    assert top_voted(jql) == f"({body}){OPEN}{TAIL}"


@pytest.mark.parametrize(
    ("text", "jql", "name"),
    [
        ('project = PLAT as "What\'s next?"', "project = PLAT", "What's next?"),
        (
            "project = PLAT ORDER BY votes AS  the  next  ones",
            "project = PLAT ORDER BY votes",
            "the next ones",
        ),
        ('text ~ "sold as seen"', 'text ~ "sold as seen"', ""),
        ('text ~ "a" as ""', 'text ~ "a"', ""),
        ("project = PLAT as x = 1", "project = PLAT as x = 1", ""),
        ("as x", "as x", ""),
        (f"a = 1 as {'n' * 200}", "a = 1", "n" * 80),
    ],
)
def test_a_name_may_follow_what_was_typed(text: str, jql: str, name: str) -> None:
    assert named_query(text) == (jql, name)


def test_nothing_but_an_order_stays_for_jira_to_refuse() -> None:
    assert top_voted("order by created") == TAIL.strip()


@pytest.mark.parametrize("make", [top_voted, ballot])
@pytest.mark.parametrize("text", ["", " \n ", "\x00", "x" * (LONGEST_JQL + 1)])
def test_none_or_too_much_is_bad_input(make: Callable[[str], str], text: str) -> None:
    with refuses(BadInput, says="Nothing was saved") as refused:
        make(text)

    assert not isinstance(refused.value, BadJql)


@pytest.mark.parametrize("make", [top_voted, ballot])
@given(text=st.text(max_size=300) | st.from_regex(r"['\"\\ a]{0,9}(order by)?.{0,9}"))
@example(text="\ud800 = 1")
@example(text="\\" * 300)
def test_whatever_is_typed_can_be_sent(make: Callable[[str], str], text: str) -> None:
    try:
        jql = make(text)
    except BadInput:
        return

    assert jql.encode()
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", jql)


def test_jiras_own_words_are_quoted_and_cannot_ping() -> None:
    error = BadJql("Field  '<!channel>' & `more`\ndoes not exist")

    assert error.said == "Field '<!channel>' & `more` does not exist"
    assert "“Field '&lt;!channel&gt;' &amp; &#96;more&#96; does not exist”" in sentence(error)
    assert "Nothing was posted or changed. Correct the query" in sentence(error)
    assert len(BadJql("x" * 1000).said) == 300


def test_gained_lost_new_left_and_the_same_are_told_apart() -> None:
    before = {"PLAT-1": 5, "PLAT-2": 5, "PLAT-3": 5, "PLAT-9": 5}
    now = [issue("PLAT-1", 8), issue("PLAT-2", 4), issue("PLAT-3", 5), issue("PLAT-4", 5)]

    seen = changes(before, now)

    assert seen is not None
    assert seen.by == {"PLAT-1": 3, "PLAT-2": -1, "PLAT-3": 0, "PLAT-4": None}
    assert seen.left == ("PLAT-9",)


def test_before_the_first_post_nothing_changed() -> None:
    assert changes(None, [issue("PLAT-1", 8)]) is None


counts = st.dictionaries(
    st.integers(1, 30).map(lambda number: f"PLAT-{number}"), st.integers(0, 99)
)


@given(counts, counts)
def test_the_changes_lead_from_the_last_list_to_this_one(
    before: dict[str, int], now: dict[str, int]
) -> None:
    issues = [issue(key, votes) for key, votes in now.items()]

    seen = changes(before, issues)

    assert seen is not None
    assert snapshot(issues) == now
    assert set(seen.by) == set(now)
    assert set(seen.left) == set(before) - set(now)
    for key, by in seen.by.items():
        assert (by is None) == (key not in before)
        assert before.get(key, 0) + (now[key] if by is None else by) == now[key]
