"""What is written on the issue: Jira takes it, it tells the result, and it names no voter."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.polls.rules import Option, Poll, Visibility
from pollbot.polls.tally import Part, results
from pollbot.records.blocks import Closed, _line, record
from pollbot.sandbox.jira.adf import LONGEST_COMMENT, adf_problems, adf_text, as_html, size
from tests.support.drawn import NOON, PEOPLE, answers, elsewhere, part_of, parts, poll, polls, texts

LINK = "https://acme.slack.com/archives/C0PLANNING/p1750000000000100"
AT = "2025-06-15 15:06 UTC"


def html(poll: Poll, slack: Part, jira: Part | None = None, *, link: str | None = LINK) -> str:
    """Return the comment as Jira shows it."""
    made = record(
        poll,
        results(poll, slack, jira, NOON),
        Closed(NOON, "Ada"),
        link=link,
        marker=f"poll {poll.id}",
    )
    assert adf_problems(made) == []
    return as_html(made)


@given(st.data(), st.none() | texts, st.none() | texts | st.just(LINK), st.floats(0, 1e15))
def test_jira_takes_every_record_and_nobody_is_named_in_it(
    data: st.DataObject, closed: str | None, link: str | None, at: float
) -> None:
    poll = data.draw(polls())
    tallied = results(poll, data.draw(parts(poll)), data.draw(elsewhere(poll)), NOON)

    made = record(poll, tallied, Closed(at, closed), link=link, marker="poll p1")

    assert adf_problems(made) == []
    assert size(made) <= 31_000 < LONGEST_COMMENT
    assert adf_text(made).endswith("poll p1")
    assert not [person for person in PEOPLE if person in json.dumps(made)]


def test_a_record_tells_question_result_who_closed_it_and_where_it_was() -> None:
    lunch = poll("Pizza", "Soup", closed_at=NOON)

    seen = html(lunch, answers("1", "1", "2"), Part({"1": 1}, people=1))

    assert seen == (
        "<h3>Lunch?</h3>"
        "<table><tr><th><p>Option</p></th><th><p>Answers</p></th><th><p>Percent</p></th></tr>"
        "<tr><td><p><strong>Pizza</strong></p></td><td><p><strong>3</strong></p></td>"
        "<td><p><strong>75 %</strong></p></td></tr>"
        "<tr><td><p>Soup</p></td><td><p>1</p></td><td><p>25 %</p></td></tr></table>"
        "<p>4 participants · 4 answers: 3 in Slack, 1 in Jira.</p>"
        f'<p>Closed by Ada on {AT}. <a href="{LINK}" rel="noreferrer">The poll in Slack</a></p>'
        "<p><em>Recorded by pollbot, poll p1</em></p>"
    )


def test_a_description_keeps_its_lines() -> None:
    lunch = Poll(
        "p1", "Lunch?", "At noon.\n\n<b>Outside</b>", poll().options, poll().settings, "U0MAKER"
    )

    assert "<p>At noon.<br>&lt;b&gt;Outside&lt;/b&gt;</p>" in html(lunch, Part())


def test_a_description_of_very_many_lines_is_cut() -> None:
    long = Poll("p1", "Lunch?", "a\n" * 1000, poll().options, poll().settings, "U0MAKER")

    assert "a<br>a<br>…</p>" in html(long, Part())
    assert html(long, Part()).count("<br>") == 30


def test_what_cannot_be_stored_is_left_out() -> None:
    odd = Poll("p1", "Bell\x07 and \ud800 half", "", poll().options, poll().settings, "U0MAKER")

    assert "<h3>Bell and half</h3>" in html(odd, Part())


def test_a_poll_without_answers_has_no_winner() -> None:
    seen = html(poll(closed_at=NOON), Part(), link=None)

    assert "<strong>" not in seen
    assert "<p>Nobody answered.</p>" in seen
    assert "Slack" not in seen


def test_a_tie_has_two_winners() -> None:
    assert html(poll(closed_at=NOON), answers("1", "2")).count("<strong>") == 6


def test_percentages_only_stay_percentages() -> None:
    seen = html(poll(percent_only=True, closed_at=NOON), answers("1", "1", "2"))

    assert "<th><p>Answers</p></th>" not in seen
    assert "67 %" in seen
    assert "<p>Percentages only, as its maker chose.</p>" in seen


def test_too_few_answers_to_an_anonymous_poll_show_no_split_here_either() -> None:
    seen = html(poll(names=False, closed_at=NOON), answers("1"))

    assert "%" not in seen
    assert "<th><p>Option</p></th></tr>" in seen
    assert "Too few answers to show them" in seen


def test_a_scale_has_its_average() -> None:
    stars = Poll(
        "p1",
        "How?",
        "",
        tuple(Option(str(n), str(n), n) for n in range(1, 6)),
        poll(visibility=Visibility.AFTER_CLOSE).settings,
        "U0MAKER",
        template="score",
        closed_at=NOON,
    )

    assert "average 4.5 of 5." in html(stars, answers("4", "5"))


def test_a_removed_option_keeps_its_answers() -> None:
    lunch = poll(closed_at=NOON)
    gone = Option("9", "Fish", 9, removed=True)
    lunch = Poll("p1", "Lunch?", "", (*lunch.options, gone), lunch.settings, "U0MAKER")

    assert "Fish (removed)" in html(lunch, answers("9"))


def test_of_too_many_options_the_strongest_are_kept_in_their_order() -> None:
    long = poll(*(f"{n:03} {'long title ' * 17}" for n in range(100)), closed_at=NOON)
    chosen = part_of({"90": set(PEOPLE[:9]), "100": set(PEOPLE[:3])})

    seen = html(long, chosen)

    assert "<td><p><strong>089 long" in seen
    assert seen.index("089 long") < seen.index("099 long")
    rows = seen.count("<tr>") - 1
    assert 20 < rows < 100
    assert f"and {100 - rows} more options with no more answers than these" in seen


@pytest.mark.parametrize("link", ["javascript:alert(1)", "", f"https://{'x' * 1000}"])
def test_a_link_that_is_none_is_left_out(link: str) -> None:
    assert "<a " not in html(poll(closed_at=NOON), Part(), link=link)


def test_what_turns_a_text_around_ends_with_it_in_jira_too() -> None:
    assert _line("a\u202eb", 10) == "\u2068a\u202eb\u202c\u2069"
