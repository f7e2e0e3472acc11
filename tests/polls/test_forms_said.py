"""What is said on cards, in receipts and in forms of polls stands in the catalog."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.polls import blocks, outside_blocks, refused_blocks
from pollbot.polls.edits.blocks import edited_back, option_edited
from pollbot.polls.forms import blocks as forms
from pollbot.polls.forms import windows
from pollbot.polls.forms.state import REMIND_BEFORE, REPEATS, FormOption, FormState, Hitch
from pollbot.polls.kept import Answered, Kept
from pollbot.polls.results.rules import Listed, Page
from pollbot.polls.rules import Draft, Option, Poll, PollSettings
from pollbot.polls.sentences import noted
from pollbot.polls.sources.source import About
from pollbot.polls.tally import results
from pollbot.polls.templates import TEMPLATES
from pollbot.polls.typed_refusals import Note, PerhapsMeant, TakenAsSettings, WordLeftOut
from pollbot.slack.clicks import PollsPageClick
from pollbot.slack.kit import Message
from pollbot.slack.windows import told_view
from pollbot.text.catalog import speaking
from pollbot.text.refusals import Unreadable
from tests.support.catalog import APART
from tests.support.drawn import NOON, parts, settings_of_polls
from tests.support.said import letters, said, said_in_window

KEY = "PLAT-12"
ABOUT = About("issue", KEY, KEY, "https://acme.atlassian.net/browse/PLAT-12")
ISSUE = "<https://acme.atlassian.net/browse/PLAT-12|PLAT-12>"


@st.composite
def polls(draw: st.DrawFn) -> Poll:
    """Draw a poll in which nobody wrote a letter."""
    number = draw(st.sampled_from([0, 2, 3, 25]))
    return Poll(
        "p1",
        draw(st.sampled_from(["", "1 + 1?"])),
        draw(st.sampled_from(["", "1 + 1"])),
        tuple(
            Option(str(n), f"{n}", n, removed=n % 7 == 6, edited=n % 5 == 4) for n in range(number)
        ),
        draw(settings_of_polls),
        "U0MAKER",
        closed_at=draw(st.none() | st.just(NOON - 60)),
        deleted=draw(st.integers(0, 9)) == 0,
        asked=draw(st.sampled_from(["", "2 + 2?"])),
    )


@st.composite
def answered(draw: st.DrawFn) -> Answered:
    poll = draw(polls())
    ids = st.frozensets(st.sampled_from([option.id for option in poll.options] or ["1"]))
    after = draw(ids)
    return Answered(
        Kept(poll, "T0", "https://acme.atlassian.net", "issue", KEY, NOON - 90),
        draw(ids),
        after,
        draw(st.sampled_from(["", "9!"])),
        known=draw(st.booleans()),
        edited={id_: draw(st.sampled_from(["", "8"])) for id_ in after if draw(st.booleans())},
    )


@given(polls(), st.booleans(), st.data())
def test_on_cards_and_lists_nothing_is_forgotten(
    poll: Poll, now_open: bool, data: st.DataObject
) -> None:
    shown = results(poll, data.draw(parts(poll)), None, NOON).in_words({})
    listed = [Listed(poll, shown, now_open)] * data.draw(st.sampled_from([0, 1, 3]))

    asked = blocks.Asked(ISSUE)
    assert said(blocks.poll_card, "c1", poll, shown, now_open=now_open, asked=asked) == []
    for about in (ABOUT, About("plain", "", "", "")):
        page = Page(about, listed, 0, len(listed) + 40)
        assert said(blocks.page_of_polls, page) == []
    click = PollsPageClick(kind="page", subject="1", page=0)
    assert said(blocks.poll_list, listed, ISSUE, click=click, total=3) == []
    for tell in (blocks.closed, blocks.deleted, blocks.poll_made_not_posted):
        assert said(tell, poll) == []
    for tell_where in (blocks.perhaps_posted, refused_blocks.poll_refused):
        assert said(tell_where, poll, ["C1", "D1"]) == []


def test_of_an_end_and_of_what_slack_refuses_nothing_is_forgotten() -> None:
    draft = Draft("1?", (), settings=PollSettings(ends_at=NOON))
    for zone in (None, "Etc/GMT"):
        assert said(blocks.end_understood, draft, zone) == []
    for passing in (True, False):
        assert said(blocks.end_unknown, "", "1 2", passing=passing) == []
    for key in ("", KEY):
        assert said(refused_blocks.issues_refused, "https://a.example", key, "C1") == []


@given(answered(), st.booleans(), st.sampled_from(["", "C1"]), st.data())
def test_in_receipts_and_of_edits_nothing_is_forgotten(
    answer: Answered, now_open: bool, channel: str, data: st.DataObject
) -> None:
    poll, edited = answer.kept.poll, answer.edited
    shown = results(poll, data.draw(parts(poll)), None, NOON).in_words({})

    for drawn in (blocks.receipt, blocks.own_answer):
        assert (
            said(drawn, answer, data.draw(st.sampled_from([None, shown])), now_open=now_open) == []
        )
    for mine in (None, answer.after):
        assert said(blocks.too_late, poll, mine, shown, edited=edited) == []
    assert said(blocks.comment_kept, poll, answer.comment) == []
    assert said(option_edited, answer, channel, now_open=now_open) == []
    assert said(edited_back, answer) == []


@given(polls(), st.booleans(), st.booleans())
def test_in_windows_nothing_is_forgotten(poll: Poll, now_open: bool, may_manage: bool) -> None:
    names = {option.id: ["U0ADA", "U0BEN"] for option in poll.options}

    assert said_in_window(windows.comment_form, poll) == []
    assert said_in_window(windows.names_view, poll, names, page=1) == []
    more = {"now_open": now_open, "may_share": True, "on_issue": True}
    assert said_in_window(windows.more_view, poll, may_manage=may_manage, **more) == []
    assert said_in_window(windows.owners_form, poll, ["U0ADA"]) == []
    assert said_in_window(windows.reopen_form, poll, NOON) == []
    assert said_in_window(lambda: told_view(windows.reopened(poll))) == []
    assert said_in_window(lambda: told_view(windows.copied("1?", "C1"))) == []


@given(polls(), st.booleans(), st.booleans())
def test_of_what_fails_where_pollbot_is_no_member_nothing_is_forgotten(
    poll: Poll, remind: bool, in_jira: bool
) -> None:
    def outside() -> Message:
        lacks = outside_blocks.poll_card_outside(poll, "C1", remind=remind, in_jira=in_jira)
        return lacks or blocks.closed(poll)

    assert said(outside) == []
    for codes in ({"C1": "is_archived", "D1": ""}, {"C1": "not_in_channel", "C2": "an_odd_one"}):
        assert said(outside_blocks.not_reminded, poll, codes) == []
        assert said(lambda c: outside_blocks.not_announced(blocks.closed(poll), c), codes) == []


@given(
    settings_of_polls,
    st.sampled_from([None, *Hitch]),
    st.sampled_from([None, *TEMPLATES]),
    st.sampled_from(["issue", "page", "an issue", "a page", ""]),
    st.booleans(),
    st.sampled_from([None, *REMIND_BEFORE]),
    st.sampled_from([None, *REPEATS]),
)
def test_in_forms_nothing_is_forgotten(
    settings: PollSettings,
    hitch: Hitch | None,
    template: str | None,
    place: str,
    has_source: bool,
    remind: float | None,
    repeat: Any,
) -> None:
    state = FormState(
        options=(FormOption("1"), FormOption("2"), FormOption("3")),
        settings=settings,
        template=template,
        issue=KEY if place == "issue" else "",
        page="98" if place == "page" else "",
        offered_issue=KEY if "issue" in place else "",
        offered_page="98" if "page" in place else "",
        linked=has_source,
        has_source=has_source,
        keep="source" if has_source else "pollbot",
        hitch=hitch,
        asked=KEY,
        remind_before=remind,
        repeat=repeat,
    )
    about = ISSUE if place in ("issue", "page") else ""

    assert said_in_window(forms.create_form, state, about=about) == []
    edited = replace(state, poll="p1", options_fixed=has_source)
    assert said_in_window(forms.edit_form, edited, about=about) == []


@pytest.mark.parametrize(
    "note",
    [
        WordLeftOut("--fnal", None),
        WordLeftOut("--fnal", "final"),
        TakenAsSettings(("final", "hidden")),
        PerhapsMeant("fnal", "final"),
        Unreadable("31"),
    ],
)
def test_in_notes_nothing_is_forgotten(note: Note) -> None:
    with speaking(APART):
        assert {*letters(noted(note))} <= {"fnal", "final", "hidden"}
