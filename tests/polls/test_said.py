"""What is said of polls stands in the catalog, all of it but what people wrote themselves."""

from dataclasses import replace
from typing import Any

import pytest

from pollbot.people import Person
from pollbot.polls.ends import blocks as ends
from pollbot.polls.kept import Kept
from pollbot.polls.refusals import OneLikeIt
from pollbot.polls.results import blocks as views
from pollbot.polls.results.rules import Doubt
from pollbot.polls.rules import Ask, Draft, Option, Poll, PollSettings, Visibility
from pollbot.polls.tally import Part, Results, results
from pollbot.polls.waiting import blocks as waiting
from pollbot.polls.waiting.rules import Because, Decision, Outcome, WaitingPoll
from pollbot.records.blocks import Closed, record
from pollbot.sandbox.jira.adf import adf_text
from pollbot.sandbox.slack.blockkit import view_problems
from pollbot.slack import waits
from pollbot.text.catalog import speaking
from tests.support.catalog import APART
from tests.support.drawn import NOON
from tests.support.said import LANGUAGES, letters, said

SITE, KEY = "https://acme.atlassian.net", "PLAT-12"


def asked(count: int = 2, **settings: Any) -> Poll:
    """Return a poll in which nobody wrote a letter."""
    options = tuple(Option(str(nth), f"{nth}0", nth) for nth in range(1, count + 1))
    return Poll("p1", "7?", "", options, PollSettings(**settings), "U0MAKER")


def tallied(poll: Poll, each: int = 7, **more: Any) -> Results:
    counts = {option.id: each for option in poll.options}
    part = Part(counts, people=each * len(counts), **more)
    return results(poll, part, Part({"1": 1}, people=1), NOON)


POLLS = [
    asked(),
    asked(percent_only=True),
    asked(several=True, comments=True),
    asked(names=False),
    asked(names=False, visibility=Visibility.AFTER_CLOSE),
    asked(visibility=Visibility.AFTER_VOTE),
    asked(ends_at=NOON + 60),
    asked(ends_at=NOON + 60, closes_at_end=True),
    asked(60, comments=True),
    replace(asked(), closed_at=NOON - 60),
    replace(asked(5), template="score"),
    replace(asked(), asked="8?", title=""),
    replace(
        asked(),
        options=(Option("1", "10", 1, removed=True), Option("2", "20", 2, edited=True)),
    ),
]


@pytest.mark.parametrize("poll", POLLS, ids=range(len(POLLS)))
@pytest.mark.parametrize("view", views.RESULT_VIEWS)
@pytest.mark.parametrize("each", [0, 1, 7])
def test_of_results_nothing_is_forgotten(view: str, poll: Poll, each: int) -> None:
    many = {option.id: ("U1", "U2") * 5 for option in poll.options}
    comments = (("U1", "!"),) * 30
    shown = tallied(poll, each, names=many, comments=comments).in_words({"U1": "-"})
    now_open = poll.is_open(NOON)
    doubts = (None, *Doubt)

    for doubt in doubts:
        with speaking(APART):
            note = views.note_of(doubt)
            window = views.results_view(poll, shown, now_open=now_open, note=note)
        assert letters(window) == []
        assert said(views.results_message, poll, shown, view, now_open=now_open, note=note) == []
    for language in LANGUAGES:
        with speaking(language):
            window = views.results_view(poll, shown, now_open=now_open)
        assert view_problems(window) == []


def test_of_what_is_said_around_an_end_nothing_is_forgotten() -> None:
    poll = asked(ends_at=NOON + 60, closes_at_end=True)
    over = replace(poll, closed_at=NOON - 60)
    for closed_by in (None, "", "U1"):
        shown = tallied(over).in_words({"U1": "-"})
        assert said(ends.announcement, over, shown, closed_by) == []
    for url in ("", "https://acme.slack.com/1"):
        for asker in ("", "-"):
            for one in (poll, replace(asked(60), settings=poll.settings)):
                assert said(ends.reminder, one, "C1", url, asker) == []
                assert said(ends.closes_soon, one, asker) == []
    for many in (1, 20):
        assert said(ends.digest, [(poll, "C1", url) for url in ("", "https://a.b")] * many) == []
    assert said(ends.reminders_wanted, wanted=True) == []
    assert said(ends.reminders_wanted, wanted=False) == []
    for tell in (ends.announcement_maybe_missing, ends.perhaps_reminded):
        assert said(tell, over) == []
    for ask in (ends.record_offer, ends.record_wanted):
        assert said(ask, over, SITE, KEY) == []
    assert said(ends.record_of_other, over, SITE, KEY, "U1") == []
    assert said(ends.record_waits, over, SITE, KEY, waits.site_moved()) == []
    assert said(ends.record_refused, over, SITE, KEY, "") == []
    for either in (True, False):
        assert said(ends.recorded, over, SITE, KEY, "1", anew=either) == []
        assert said(ends.record_needs_account, over, SITE, KEY, refused=either) == []


@pytest.mark.parametrize("why", Because)
@pytest.mark.parametrize("decision", Decision)
@pytest.mark.parametrize("ends_at", [None, NOON + 60])
def test_of_polls_that_wait_nothing_is_forgotten(
    why: Because, decision: Decision, ends_at: float | None
) -> None:
    draft = Draft("7?", ("1", "2"), "!", PollSettings(ends_at=ends_at))
    ask = Ask(draft, "issue", KEY)
    for channel in ("C1", "D1"):
        outcome = Outcome(decision, OneLikeIt())
        poll = WaitingPoll(
            "w", Person("T1", "U1"), ask, channel, None, "s", "settled", NOON, outcome
        )
        assert said(waiting.decided, poll, KEY, SITE) == []
    for kind in ("issue", "page"):
        kept = Kept(asked(), "T1", SITE, kind, KEY, NOON)
        assert said(waiting.half_made, kept) == []
    assert said(waiting.kept, "w", ask, KEY, why) == []
    assert said(waiting.looked_for, ask, KEY, SITE) == []
    assert said(waiting.dropped, ask, KEY, SITE) == []
    assert said(waiting.waits_no_more) == []
    with speaking(APART):
        assert letters(waiting.asked_when_due(why)) == []


@pytest.mark.parametrize("poll", POLLS, ids=range(len(POLLS)))
@pytest.mark.parametrize("by", [None, "", "-"])
def test_of_a_result_on_an_issue_nothing_is_forgotten(poll: Poll, by: str | None) -> None:
    long = replace(poll, options=tuple(replace(o, title="1" * 200) for o in asked(100).options))
    for one in (poll, long):
        with speaking(APART):
            made = record(one, tallied(one), Closed(NOON, by), link=SITE, marker="poll p1")
        assert letters(adf_text(made)) == []
        assert adf_text(made).endswith("⟧, poll p1")
