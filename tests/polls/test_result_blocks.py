"""Results views: within every limit, true to what may be shown, and in words where charts fail."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.polls.blocks import answered, poll_card
from pollbot.polls.ends.blocks import announcement
from pollbot.polls.results import blocks as views
from pollbot.polls.rooms import EVERYTHING
from pollbot.polls.rules import Option, Poll, Visibility
from pollbot.polls.tally import Part, Results, Split, results
from pollbot.sandbox.slack.blockkit import problems, view_problems
from pollbot.slack.clicks import NamesClick, ShowResultsClick
from pollbot.slack.kit import Block, without_charts
from tests.support.drawn import (
    LINK,
    NOON,
    PEOPLE,
    answers,
    assert_pings_nobody,
    assert_slack_takes,
    elsewhere,
    labels,
    markup,
    part_of,
    parts,
    poll,
    polls,
    pressed,
    shown,
    texts,
)

DISHES = tuple(f"Dish {n}" for n in range(30))
MANY = part_of({str(n + 1): set(PEOPLE[: 30 - n]) for n in range(30)})


def tally(slack: Part, *titles: str, **set_to: Any) -> Results:
    return results(poll(*titles, **set_to), slack, None, NOON)


def values(block: Block) -> dict[str, int]:
    """Return what a chart draws."""
    drawn = block["chart"]
    points = drawn["segments"] if drawn["type"] == "pie" else drawn["series"][0]["data"]
    return {point["label"]: point["value"] for point in points}


@pytest.mark.parametrize("view", views.RESULT_VIEWS)
@given(data=st.data())
def test_slack_takes_every_view_of_any_poll(view: str, data: st.DataObject) -> None:
    poll = data.draw(polls())
    comments = data.draw(st.lists(st.tuples(st.sampled_from(PEOPLE), texts), max_size=30))
    slack = replace(data.draw(parts(poll)), comments=tuple(comments))
    jira = data.draw(elsewhere(poll))
    tally = results(poll, slack, jira, NOON, answered=data.draw(st.booleans()))
    names = data.draw(st.none() | st.dictionaries(st.sampled_from(PEOPLE), texts))
    tally = tally if names is None else tally.in_words(names)

    message = views.results_message(poll, tally, view, now_open=poll.is_open(NOON), about=LINK)
    if names is not None:
        assert "<@" not in json.dumps(message.blocks)

    assert_slack_takes(message)
    plainer = without_charts(message.blocks)
    assert problems(plainer, "message") == []
    assert not {"table", "data_visualization"} & {block["type"] for block in plainer}
    for text in markup(plainer):
        assert_pings_nobody(text, LINK)


@given(st.data())
def test_slack_takes_the_results_as_a_window(data: st.DataObject) -> None:
    poll = data.draw(polls())
    tally = results(poll, data.draw(parts(poll)), None, NOON)

    view = views.results_view(poll, tally, now_open=poll.is_open(NOON), note=LINK)

    assert view_problems(view) == []


@pytest.mark.parametrize("view", views.RESULT_VIEWS)
@pytest.mark.parametrize("visibility", [Visibility.AFTER_CLOSE, Visibility.AFTER_VOTE])
def test_no_view_shows_what_is_hidden(view: str, visibility: Visibility) -> None:
    secret = poll("Pizza", "Soup", visibility=visibility, comments=True)
    said = replace(answers(*["1"] * 37), comments=((PEOPLE[0], "Pizza for me"),))
    hidden = results(secret, said, None, NOON)

    message = views.results_message(secret, hidden, view, now_open=True)

    assert "37 participants" in message.text
    assert "%" not in json.dumps(message.blocks)
    assert "for me" not in json.dumps(message.blocks)
    assert {block["type"] for block in message.blocks} == {"section", "context"}


@pytest.mark.parametrize("view", views.RESULT_VIEWS)
def test_no_view_shows_numbers_where_only_percentages_are(view: str) -> None:
    bare = poll(percent_only=True)
    shares = results(bare, answers(*["1"] * 30, "2"), None, NOON)

    message = views.results_message(bare, shares, view, now_open=True)

    assert "97" in json.dumps(message.blocks)
    assert "30" not in json.dumps([message.blocks[1:-1], message.text])
    assert "U0PERSON" not in json.dumps(message.blocks)


def test_a_table_has_a_row_per_option() -> None:
    (block,) = views.table(poll(), tally(answers("1", "1", "2")))

    assert [[cell["text"] for cell in row] for row in block["rows"]] == [
        ["Option", "Answers", "Share"],
        ["Pizza", "2", "67 %"],
        ["Soup", "1", "33 %"],
    ]
    assert block["rows"][1][1] == {"type": "raw_number", "value": 2, "text": "2"}


def test_a_table_of_percentages_has_no_column_of_numbers() -> None:
    (block,) = views.table(poll(percent_only=True), tally(answers("1"), percent_only=True))

    assert [[cell["text"] for cell in row] for row in block["rows"]] == [
        ["Option", "Share"],
        ["Pizza", "100 %"],
        ["Soup", "0 %"],
    ]
    assert len(block["column_settings"]) == 2


def test_a_table_sums_what_goes_beyond_a_hundred_rows() -> None:
    large = poll(*(f"Dish {n}" for n in range(100)))

    (block,) = views.table(large, results(large, answers("1", "99", "100"), None, NOON))

    assert len(block["rows"]) == 100
    assert [cell["text"] for cell in block["rows"][-1]] == ["2 other options", "2", "-"]


def test_a_chart_draws_each_option_under_its_own_label() -> None:
    (block,) = views.chart(poll(), tally(answers("1", "1", "2")))

    assert values(block) == {"Pizza": 2, "Soup": 1}
    assert block["title"] == "Lunch?"
    assert block["chart"]["axis_config"]["categories"] == ["Pizza", "Soup"]


def test_a_chart_draws_twenty_points_and_loses_no_answer() -> None:
    (block,) = views.chart(poll(*DISHES), tally(MANY, *DISHES))

    drawn = values(block)
    assert len(drawn) == 20
    assert drawn["Dish 0"] == 30
    assert drawn["Other"] == sum(range(1, 12))


def test_a_pie_has_six_pieces_the_largest_first() -> None:
    several = poll(*DISHES, several=True)

    pie, small = views.pie(several, results(several, MANY, None, NOON))

    drawn = values(pie)
    assert list(drawn.items())[:5] == [(f"Dish {n}", 30 - n) for n in range(5)]
    assert drawn["Other"] == sum(range(1, 26))
    assert "shares of all answers" in small["elements"][0]["text"]


def test_a_pie_leaves_out_what_nobody_chose() -> None:
    (block,) = views.pie(poll(), tally(answers("2")))

    assert values(block) == {"Soup": 1}


def test_a_pie_of_nothing_is_a_sentence() -> None:
    (block,) = views.pie(poll(), tally(Part()))

    assert "No answers, so" in block["text"]["text"]


def test_labels_that_are_cut_alike_stay_apart() -> None:
    titles = ["The same beginning, A", "The same beginning, B", "Other", "other", "   "]

    (block,) = views.chart(poll(*titles), tally(answers("2", "2"), *titles))

    assert values(block) == {
        "The same beginning,…": 0,
        "The same beginnin… 2": 2,
        "Other": 0,
        "other": 0,
        "-": 0,
    }


TURNED = ("\u202e qQ7 ab cd", "\u202e qQ7 ab cd ef g", "9 qQ7\u2067\u202eab cd")


def left_open(text: str) -> int:
    """Return how many changes of direction reach beyond the text, at most."""
    opened = sum(text.count(mark) for mark in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
    return opened - sum(text.count(mark) for mark in "\u202c\u2069")


@pytest.mark.parametrize("draw", [views.chart, views.pie], ids=lambda draw: draw.__name__)
@pytest.mark.parametrize("title", TURNED, ids=ascii)
@pytest.mark.parametrize("became", ["", "removed", "edited"])
def test_a_label_that_is_cut_turns_nothing_beside_it(
    draw: Callable[[Poll, Results], list[Block]], title: str, became: str
) -> None:
    # Alike, so that all but one get a number.
    turned = poll(title, title, title)
    options = [
        replace(one, removed=became == "removed", edited=became == "edited")
        for one in turned.options
    ]
    turned = replace(turned, options=tuple(options))
    (block,) = draw(turned, results(turned, answers("1", "2", "3"), None, NOON))

    labels = list(values(block))

    assert len(labels) == 3
    assert [left_open(label) for label in labels] == [0, 0, 0], labels
    assert max(map(len, labels)) <= 20


def test_an_option_of_the_name_other_is_not_swallowed() -> None:
    titles = ("Other", *DISHES)

    (block,) = views.chart(poll(*titles), tally(answers("1"), *titles))

    assert values(block)["Other"] == 1
    assert values(block)["Other 2"] == 0


def test_a_removed_option_says_so_in_every_view() -> None:
    first, second = poll().options
    edited = replace(poll(), options=(first, Option("2", second.title, 1, removed=True)))
    tally = results(edited, answers("2"), None, NOON)

    for view in views.RESULT_VIEWS.values():
        assert "removed" in json.dumps(view(edited, tally, EVERYTHING))


def test_results_offer_every_other_view_and_the_names() -> None:
    message = views.results_message(poll(), tally(answers("1")), "table", now_open=True)

    assert labels(message.blocks) == ["Bars", "Chart", "Pie", "Names", "Schedule results"]
    assert ShowResultsClick.unpack(pressed(message.blocks, "Pie")).view == "pie"
    assert NamesClick.unpack(pressed(message.blocks, "Names")).page == 0


def test_an_unknown_view_is_bars() -> None:
    message = views.results_message(poll(), tally(answers("1")), "hologram", now_open=True)

    assert "▇▇▇▇▇▇▇▇▇▇ 1 · 100 %" in shown(message)


@pytest.mark.parametrize(
    ("names", "read"),
    [(True, f"> Hot &amp; fresh – <@{PEOPLE[0]}>"), (False, "> Hot &amp; fresh")],
)
def test_comments_carry_names_only_where_the_poll_does(names: bool, read: str) -> None:
    open_minded = poll(comments=True, names=names)
    said = replace(answers("1", "1", "2"), comments=((PEOPLE[0], "Hot & fresh"),))
    tally = results(open_minded, said, None, NOON, split=Split(said))

    message = views.results_message(open_minded, tally, now_open=True)

    assert f"*Comments*\n{read}" in shown(message)
    assert names is (PEOPLE[0] in json.dumps(message.blocks))


COMMENTED = replace(answers("1", "1", "2"), comments=((PEOPLE[0], "Hot & fresh"),))
CLOSED = poll(comments=True, closed_at=NOON - 1)
PLACES: dict[str, Callable[[Results], Any]] = {
    "results": lambda seen: views.results_message(CLOSED, seen, now_open=False).blocks,
    "table": lambda seen: views.results_message(CLOSED, seen, "table", now_open=False).blocks,
    "window": lambda seen: views.results_view(CLOSED, seen, now_open=False),
    "card": lambda seen: poll_card("c1", CLOSED, seen, now_open=False).blocks,
    "receipt": lambda seen: answered(CLOSED, frozenset({"1"}), seen).blocks,
    "announcement": lambda seen: announcement(CLOSED, seen, None).blocks,
}


@pytest.mark.parametrize("place", PLACES)
def test_comments_are_shown_wherever_results_are(place: str) -> None:
    seen = results(CLOSED, COMMENTED, None, NOON)

    assert "Hot &amp; fresh" in json.dumps(PLACES[place](seen))


@pytest.mark.parametrize("place", PLACES)
def test_who_is_called_by_name_is_not_mentioned(place: str) -> None:
    seen = results(CLOSED, COMMENTED, None, NOON).in_words({PEOPLE[0]: "Ada & co"})

    drawn = json.dumps(PLACES[place](seen))

    assert "Hot &amp; fresh \\u2013 Ada &amp; co" in drawn
    assert "<@" not in drawn


def test_whose_name_is_not_known_is_counted() -> None:
    seen = tally(answers("1", "1", "2")).in_words({PEOPLE[1]: "Ben"})

    drawn = shown(views.results_message(poll(), seen, now_open=True))

    assert "2 · 67 %\nBen and 1 more" in drawn
    assert "1 · 33 %\n1 person" in drawn


def test_without_charts_the_same_numbers_stand_in_lines() -> None:
    message = views.results_message(poll("A & B", "C"), tally(answers("1")), now_open=True)
    chart = views.chart(poll("A & B", "C"), tally(answers("1"), "A & B", "C"))
    table = views.table(poll("A & B", "C"), tally(answers("1"), "A & B", "C"))

    assert without_charts(message.blocks) == message.blocks
    assert list(markup(without_charts(chart))) == ["A &amp; B: 1\nC: 0"]
    assert list(markup(without_charts(table))) == [
        "Option · Answers · Share\nA &amp; B · 1 · 100 %\nC · 0 · 0 %"
    ]


@given(st.data())
def test_the_text_holds_every_number_that_the_bars_show(data: st.DataObject) -> None:
    poll = data.draw(polls())
    tally = results(poll, data.draw(parts(poll)), None, NOON, answered=True)

    text = views.in_words(poll, tally, now_open=True)

    if len(tally.lines) <= 100:
        for line in tally.lines:
            if line.answers is not None and not tally.none_yet:
                assert f" {line.answers:,} ({line.percent} %" in text
