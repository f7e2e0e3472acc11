"""What is said around a poll's end: Slack takes it, and it pings nobody who only answered."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.polls.blocks import BUTTONS
from pollbot.polls.ends import blocks
from pollbot.polls.forms import windows
from pollbot.polls.rules import Poll
from pollbot.polls.tally import Part, results
from pollbot.sandbox.slack.blockkit import problems
from pollbot.slack import waits
from pollbot.slack.kit import Message
from pollbot.slack.windows import told_view
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
    parts,
    poll,
    polls,
    shown,
    texts,
)

SITE, KEY = "https://acme.atlassian.net", "PLAT-12"
CARD = "https://acme.slack.com/archives/C0PLANNING/p1"
CLOSER = "U0CLOSER"
RECEIPTS = (
    lambda poll: blocks.closes_soon(poll),
    lambda poll: blocks.record_offer(poll, SITE, KEY),
    lambda poll: blocks.record_wanted(poll, SITE, KEY),
    lambda poll: blocks.record_waits(poll, SITE, KEY, waits.JIRA_AWAY),
    lambda poll: blocks.record_needs_account(poll, SITE, KEY, refused=True),
    lambda poll: blocks.record_refused(poll, SITE, KEY, "Ask somebody."),
)


def announced(poll: Poll, slack: Part, jira: Part | None = None, **more: Any) -> Message:
    shown = results(poll, slack, jira, NOON)
    return blocks.announcement(poll, shown, more.pop("closed_by", None), **more)


@given(data=st.data(), drawn=polls(), note=st.sampled_from(["", "Look in Jira."]))
def test_slack_takes_any_announcement_and_it_names_no_voter(
    data: st.DataObject, drawn: Poll, note: str
) -> None:
    over = replace(drawn, closed_at=NOON - 60)
    slack, jira = data.draw(parts(over)), data.draw(elsewhere(over))

    message = announced(over, slack, jira, about=LINK, note=note)

    assert_slack_takes(message)
    assert not any(who in f"{message.text} {message.blocks}" for who in PEOPLE)


def test_a_poll_that_nobody_answered_does_not_wait_for_answers_any_more() -> None:
    message = announced(poll(closed_at=NOON - 60), Part())

    assert "Nobody answered" in message.text
    assert "*Nobody answered*" in markup(message.blocks)


@given(drawn=polls(), url=st.sampled_from(["", CARD]))
def test_slack_takes_any_reminder(drawn: Poll, url: str) -> None:
    message = blocks.reminder(drawn, "C0PLANNING", url)

    assert problems(message.blocks, "message") == []
    for text in [message.text, *markup(message.blocks)]:
        assert_pings_nobody(text, f"<{CARD}|its card>", "<#C0PLANNING>")


@given(title=texts, receipt=st.sampled_from(RECEIPTS))
def test_slack_takes_any_receipt(title: str, receipt: Any) -> None:
    message = receipt(replace(poll(), title=title))

    assert_slack_takes(message)


@pytest.mark.parametrize(
    ("names", "closed_by", "who"),
    [
        (True, None, "by its deadline"),
        (True, CLOSER, "by Cleo"),
        (True, "U0GONE", "by hand"),
        (False, None, "by its deadline"),
        (False, CLOSER, "by hand"),
    ],
)
def test_an_announcement_says_who_closed_it(names: bool, closed_by: str | None, who: str) -> None:
    over = poll(closed_at=NOON - 60, names=names)

    shown_ = results(over, answers("1", "1", "2"), None, NOON).in_words({CLOSER: "Cleo"})
    message = blocks.announcement(over, shown_, closed_by)

    assert message.text.startswith(f"Closed, {who}. ")
    assert f"is closed, {who}. The result:" in shown(message)
    assert "Pizza 2 (67 %)" in message.text


@pytest.mark.parametrize("count", [2, BUTTONS, BUTTONS + 1])
def test_a_reminder_has_a_button_for_each_option_as_long_as_they_fit(count: int) -> None:
    titles = [f"Option {n}" for n in range(count)]

    message = blocks.reminder(poll(*titles), "C0PLANNING", CARD)

    *options, mute = labels(message.blocks)
    assert options == (titles if count <= BUTTONS else [])
    assert mute == "Mute reminders"
    assert f"<{CARD}|its card>" in shown(message)


def test_a_reminder_shows_in_full_what_a_button_cannot() -> None:
    title = "word " * 30

    message = blocks.reminder(poll(title, "Soup"), "C0PLANNING", "")

    assert f"1. {title.strip()}" in shown(message)
    assert labels(message.blocks)[1] == "2. Soup"
    assert "A poll in <#C0PLANNING>: " in shown(message)
    asked = blocks.reminder(poll(title, "Soup"), "C0PLANNING", "", "Ada & <Ben>")
    assert "Ada &amp; &lt;Ben&gt; asks in <#C0PLANNING>: " in shown(asked)
    assert "Ada &amp; &lt;Ben&gt; asks in <#C0PLANNING>." in asked.text


def test_whoever_reopens_a_poll_hears_when_it_closes_again() -> None:
    seen = poll()
    dated = replace(seen, settings=replace(seen.settings, ends_at=NOON, closes_at_end=True))
    endless = replace(seen, settings=replace(seen.settings, ends_at=None, closes_at_end=False))

    assert "Closes on <!date^" in windows.reopened(dated)
    assert "It has no end: close it by hand" in windows.reopened(endless)


@given(title=texts)
def test_slack_takes_the_windows_of_a_closed_poll(title: str) -> None:
    over = replace(poll(names=False), title=title)
    told = [windows.reopened(over), windows.copied(over.title, "C0PLANNING")]
    drawn = [
        windows.more_view(over, may_manage=True, now_open=False, on_issue=True),
        windows.reopen_form(over, NOON),
        *(told_view(text, windows.copy_button(over, "c1")) for text in told),
    ]

    for view in drawn:
        assert problems(view["blocks"], "modal") == []
    for text in told:
        assert_pings_nobody(text, "<#C0PLANNING>")
