"""Whatever the domain permits is drawn within what Slack takes in one message."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.issue_lists.blocks import ISSUE_VIEWS, ballot_card, top_issues
from pollbot.jira.issues import Issue
from pollbot.jira.jql import Changes, Found
from pollbot.polls import blocks as cards
from pollbot.polls.ends.blocks import announcement, reminder
from pollbot.polls.forms.windows import more_view, names_view
from pollbot.polls.outside_blocks import not_announced
from pollbot.polls.results import blocks as views
from pollbot.polls.results.rules import Listed
from pollbot.polls.rooms import ROOMS
from pollbot.polls.rules import COMMENT, DESCRIPTION, OPTION, TITLE, Option, Poll, PollSettings
from pollbot.polls.tally import Results, results
from pollbot.sandbox.slack.blockkit import elements, is_too_long, problems, view_problems
from pollbot.slack.budget import AROUND, MESSAGE, fitted, pages, weight
from pollbot.slack.kit import Block, Message, framed, section, without_charts
from tests.support.drawn import LINK, NOON, PEOPLE, assert_room, part_of

SITE = "https://a-company-with-a-long-name.atlassian.net"
WRITINGS = {
    "letters": "x",
    "words": "word ",
    "escapes": "<&>",
    "marks": "*_~`",
    "full-width": "課題",
    "right to left": "שלום ",
    "turned": "\u202eab",
    "emoji": "🔥",
    "joined emoji": "👩‍👩‍👧‍👦",
    "flags": "🇩🇪",
}
ANSWERING = {"several": True, "comments": True, "names": True}


def written(kind: str, length: int) -> str:
    """Return a text of that kind, as long as it may be."""
    return (WRITINGS[kind] * length)[:length]


def largest(kind: str, count: int, *, removed: int = 0, **set_to: Any) -> Poll:
    """Return a poll with everything as long as the domain permits."""
    options = tuple(
        Option(f"option{n:06}", f"{n:03} {written(kind, OPTION)}"[:OPTION], n, removed=n >= count)
        for n in range(count + removed)
    )
    return Poll(
        id="pollofid1234",
        title=written(kind, TITLE),
        description=written(kind, DESCRIPTION),
        options=options,
        settings=PollSettings(ends_at=NOON + 9**9, closes_at_end=True, **ANSWERING | set_to),
        created_by="U0MAKER",
    )


def tallied(poll: Poll, kind: str, *, in_words: bool = False) -> Results:
    """Return results in which everybody chose everything, and said something long."""
    part = part_of({option.id: set(PEOPLE) for option in poll.options})
    said = tuple((who, f"{n:02}{written(kind, COMMENT)}"[:COMMENT]) for n, who in enumerate(PEOPLE))
    found = results(poll, replace(part, comments=said), None, NOON)
    return found.in_words({who: written(kind, 80) for who in PEOPLE}) if in_words else found


Drawing = Callable[[Poll, Results, str], Message]

MESSAGES: dict[str, Drawing] = {
    "card": lambda poll, seen, _: cards.poll_card(
        "card-id-1234",
        poll,
        seen,
        now_open=True,
        asked=cards.Asked(LINK, "Ada " * 20),
        note="A note. " * 20,
    ),
    "closed card": lambda poll, seen, _: cards.poll_card(
        "card-id-1234", poll, seen, now_open=False, asked=cards.Asked(LINK, "Ada " * 20)
    ),
    "scheduled card": lambda poll, seen, kind: framed(
        cards.poll_card(
            "card-id-1234", poll, seen, now_open=True, asked=cards.Asked(LINK, "Ada " * 20)
        ),
        "Posted late: " + "x" * 200,
        f"Scheduled by {written(kind, 60)}",
    ),
    "receipt": lambda poll, seen, kind: cards.answered(
        poll, frozenset(o.id for o in poll.options), seen, written(kind, COMMENT)
    ),
    "late click": lambda poll, seen, _: cards.too_late(
        poll, frozenset(o.id for o in poll.options), seen, edited={}
    ),
    "announcement": lambda poll, seen, _: announcement(poll, seen, "U0MAKER", about=LINK),
    "announcement to its owner": lambda poll, seen, _: not_announced(
        announcement(poll, seen, None), {f"C0CHANNEL{n:03}": f"code_{n}" for n in range(10)}
    ),
    "reminder": lambda poll, _, kind: reminder(poll, "C0CHANNEL", SITE, written(kind, 60)),
    "list": lambda poll, seen, _: cards.poll_list([Listed(poll, seen, True)] * 20, LINK),
    **{
        view: lambda poll, seen, _, view=view: views.results_message(  # type: ignore[misc]
            poll, seen, view, now_open=True, about=LINK
        )
        for view in views.RESULT_VIEWS
    },
}


@pytest.mark.parametrize("kind", WRITINGS)
@pytest.mark.parametrize("surface", MESSAGES)
@pytest.mark.parametrize(
    ("count", "removed"), [(2, 0), (20, 0), (20, 30), (21, 0), (100, 0), (100, 40)]
)
def test_the_largest_of_everything_is_taken_on_every_surface(
    surface: str, kind: str, count: int, removed: int
) -> None:
    poll = largest(kind, count, removed=removed)

    for in_words in (False, True):
        message = MESSAGES[surface](poll, tallied(poll, kind, in_words=in_words), kind)

        assert problems(message.blocks, "message") == []
        assert_room(message)
        assert weight(message.blocks) <= MESSAGE
        plainer = without_charts(message.blocks)
        assert problems(plainer, "message") == []
        assert not is_too_long(plainer)


@given(
    kinds=st.lists(st.sampled_from(sorted(WRITINGS)), min_size=2, max_size=100),
    lengths=st.lists(st.integers(1, OPTION), min_size=1, max_size=10),
    several=st.booleans(),
    names=st.booleans(),
)
def test_every_option_of_any_poll_can_be_chosen_and_told_from_the_others(
    kinds: list[str], lengths: list[int], several: bool, names: bool
) -> None:
    poll = largest("emoji", 2, several=several, names=names)
    options = tuple(
        Option(f"option{n:06}", f"{n} {written(kind, lengths[n % len(lengths)])}"[:OPTION], n)
        for n, kind in enumerate(kinds)
    )
    poll = replace(poll, options=options)

    message = cards.poll_card("card-id-1234", poll, tallied(poll, "emoji"), now_open=True)

    assert weight(message.blocks) <= MESSAGE - AROUND
    offered = choices(message)
    assert [option.id for option in options] == list(offered)
    assert len(set(offered.values())) == len(options)


def choices(message: Message) -> dict[str, str]:
    """Return what a card offers to choose: labels by the id of the option."""
    found: dict[str, str] = {}
    for block in message.blocks:
        for element in elements(block):
            for option in element.get("options", []):
                found[option["value"]] = option["text"]["text"]
            if str(element["action_id"]).startswith("answer:"):
                found[json.loads(element["value"])["option"]] = element["text"]["text"]
    return found


def test_the_question_and_the_counts_stay_when_names_and_comments_go() -> None:
    poll = largest("letters", 20)

    drawn = json.dumps(cards.poll_card("c", poll, tallied(poll, "words"), now_open=True).blocks)

    assert poll.title in drawn
    assert drawn.count("40 \\u00b7 100 %") == 20
    assert "40 comments; *Results*, under *More* on the card, shows all" in drawn
    assert "<@" not in drawn


def test_what_a_poll_of_usual_size_says_is_not_cut() -> None:
    poll = replace(largest("words", 5), title="Lunch?", description="On Friday.")
    seen = tallied(poll, "words")
    seen = replace(seen, comments=seen.comments[:2])

    drawn = json.dumps(cards.poll_card("c", poll, seen, now_open=True).blocks)

    assert drawn.count("and 30 more") == 5
    assert drawn.count(written("words", COMMENT)[:400]) == 2


@pytest.mark.parametrize("kind", WRITINGS)
def test_a_window_has_all_of_the_results_in_pages(kind: str) -> None:
    poll = largest(kind, 100, removed=20)
    seen = tallied(poll, kind)
    first = views.results_view(poll, seen, now_open=True)
    windows = [first]
    while any("Next" in str(block) for block in windows[-1]["blocks"][-1:]):
        windows.append(views.results_view(poll, seen, now_open=True, page=len(windows)))
        assert len(windows) < 20

    for window in windows:
        assert view_problems(window) == []
        assert len(json.dumps(window)) <= 250_000
    everything = json.dumps(windows, ensure_ascii=False)
    assert "more comment" not in everything
    assert all(f"{n:03}" in everything for n in range(120))
    assert views.results_view(poll, seen, now_open=True, page=10**6) == windows[-1]


@pytest.mark.parametrize("kind", WRITINGS)
def test_the_other_windows_of_the_largest_poll_are_taken(kind: str) -> None:
    poll = largest(kind, 100, removed=20)
    everybody = {option.id: PEOPLE * 50 for option in poll.options}

    for window in (
        names_view(poll, everybody),
        more_view(poll, may_manage=True, may_share=True, on_issue=True),
    ):
        assert view_problems(window) == []
        assert len(json.dumps(window)) <= 250_000


@pytest.mark.parametrize("kind", WRITINGS)
@pytest.mark.parametrize("view", [*ISSUE_VIEWS, "ballot"])
def test_the_longest_list_of_issues_is_taken(view: str, kind: str) -> None:
    issues = tuple(
        Issue(f"PLATFORMS-{n:05}", written(kind, 255), "In progress", "Story", 10**6, False)
        for n in range(100)
    )
    changes = Changes({one.key: 10**5 for one in issues}, tuple(one.key for one in issues))
    jql = written(kind, 2000)
    message = (
        ballot_card("ballot-card-id12", SITE, jql, issues, 10**6)
        if view == "ballot"
        else top_issues(SITE, jql, Found(issues, 10**6), changes, view)
    )

    framed_one = framed(message, "Posted late: " + "x" * 200, f"Scheduled by {written(kind, 60)}")

    assert problems(framed_one.blocks, "message") == []
    assert_room(framed_one)
    assert not is_too_long(without_charts(framed_one.blocks))
    assert all(f"PLATFORMS-{n:05}" in json.dumps(message.blocks) for n in range(20))


def test_each_room_leaves_out_more_than_the_one_before() -> None:
    poll = largest("letters", 100, removed=20)
    seen = tallied(poll, "letters")

    def drawn(room: Any) -> list[Block]:
        return [
            *views.bars(poll, seen, room),
            *views.summary(poll, seen, now_open=True, room=room),
        ]

    weights = [weight(drawn(room)) for room in ROOMS]
    assert all(more >= less for more, less in pairwise(weights))


@given(st.integers(0, 40))
def test_the_first_room_that_fits_is_taken(fitting: int) -> None:
    rooms = tuple(range(40))
    found = fitted(lambda room: [section("x" * room)], rooms, lambda _: False)
    assert found == [section("x" * 39)]

    taken = fitted(
        lambda room: [section("x" * (room + 1))],
        rooms,
        lambda blocks: len(blocks[0]["text"]["text"]) > fitting,
    )
    assert taken == [section("x" * min(fitting + 1, 40))]


@given(st.lists(st.integers(1, 3000), max_size=400))
def test_pages_hold_everything_in_order(sizes: list[int]) -> None:
    blocks = [section("x" * size) for size in sizes]

    parts = pages(blocks)

    assert [block for part in parts for block in part] == blocks
    assert all(len(part) <= 95 and len(json.dumps(part)) <= 250_000 for part in parts)
