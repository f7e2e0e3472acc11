"""What is said of polls that wait: Slack takes it, and what was typed can be typed again."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pollbot.errors import BadInput
from pollbot.people import Person
from pollbot.polls.refusals import PollClosed
from pollbot.polls.rules import Ask, Draft, Kind, PollSettings, Visibility, checked
from pollbot.polls.templates import TEMPLATES
from pollbot.polls.typed import NewPoll, read_command
from pollbot.polls.waiting import blocks
from pollbot.polls.waiting.rules import Because, Decision, Outcome, WaitingPoll
from pollbot.text.moments import SOONEST
from tests.support.drawn import LINK, NOON, assert_slack_takes, labels, settings_of_polls, texts

SITE = "https://acme.atlassian.net"

writing = texts | st.text(alphabet="\\\"“”„‟«»＂'’″「」`´‹› aB5?", max_size=12)


@st.composite
def asks(draw: st.DrawFn) -> Ask:
    """Draw what somebody may ask for, by command or by form."""
    settings = draw(settings_of_polls)
    if draw(st.booleans()):
        settings = replace(settings, ends_at=NOON + draw(st.integers(1, 10**8)))
    template = TEMPLATES.get(draw(st.sampled_from(["", *TEMPLATES])))
    options = tuple(draw(st.lists(writing, min_size=2, max_size=12)))
    draft = Draft(
        title=draw(writing)[:300],
        options=template.options if template is not None else tuple(o[:200] for o in options),
        description=draw(st.just("") | texts)[:2000],
        settings=settings,
        template=template.name if template is not None else None,
    )
    try:
        draft = checked(draft, NOON)
    except BadInput:
        assume(False)
    kind: Kind = draw(st.sampled_from(["issue", "page"]))
    return Ask(draft, kind, "PLAT-12" if kind == "issue" else "98305", draw(st.booleans()))


@given(asks(), st.sampled_from(Because), st.sampled_from(Decision), st.sampled_from(["C1", "D1"]))
def test_slack_takes_all_that_is_said_of_them(
    ask: Ask, why: Because, decision: Decision, channel: str
) -> None:
    waiting = WaitingPoll(
        "w1",
        Person("T1", "U1"),
        ask,
        channel,
        None,
        "s",
        "settled",
        NOON,
        Outcome(decision, PollClosed(ask.draft.title)),
    )
    kept = blocks.kept("w1", ask, LINK, why)
    for message in (kept, blocks.dropped(ask, LINK, SITE), blocks.waits_no_more()):
        assert_slack_takes(message)
    if decision is not Decision.MADE:
        assert_slack_takes(blocks.decided(waiting, LINK, SITE))
    assert "Drop it" in labels(kept.blocks)
    assert ("Connect Jira" in labels(kept.blocks)) is why.name.endswith(("ACCOUNT", "REFUSED"))


@given(asks())
def test_what_was_typed_makes_the_same_poll_when_it_is_typed_again(ask: Ask) -> None:
    ends_at = ask.draft.settings.ends_at
    # What ends within the minute cannot be typed any more.
    assume(ends_at is None or ends_at >= NOON + SOONEST)
    text = blocks.as_typed(ask, SITE).removeprefix("/poll ")
    # As Slack brings what is typed.
    brought = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    read = read_command(brought, NOON)

    assert isinstance(read, NewPoll)
    assert read.local is ask.local
    assert read.draft.title == ask.draft.title
    assert read.draft.options == ask.draft.options
    assert read.draft.template == ask.draft.template
    settings = ask.draft.settings
    closes = settings.closes_at_end and ends_at is not None
    assert read.draft.settings == replace(
        settings, ends_at=float(int(ends_at or 0)) if closes else None, closes_at_end=closes
    )


@pytest.mark.parametrize(
    ("draft", "typed"),
    [
        (Draft("Lunch?", ("Pizza", "Soup")), '"Lunch?" "Pizza" "Soup"'),
        (Draft('Say "when"', ("a\\", "b")), '"Say \\"when\\"" "a\\\\" "b"'),
        (
            Draft("Q?", TEMPLATES["yesno"].options, template="yesno"),
            'yesno "Q?"',
        ),
        (
            Draft(
                "Q?",
                ("A", "B"),
                settings=PollSettings(
                    several=True,
                    names=False,
                    changeable=False,
                    comments=True,
                    percent_only=True,
                    visibility=Visibility.AFTER_CLOSE,
                    ends_at=NOON,
                    closes_at_end=True,
                ),
            ),
            'multi anonymous final comments percent hidden until 2025-06-15T15:06:40Z "Q?" "A" "B"',
        ),
    ],
)
def test_what_was_typed_is_shown_as_a_command(draft: Draft, typed: str) -> None:
    assert blocks.as_typed(Ask(draft, "issue", "PLAT-12"), SITE) == f"/poll PLAT-12 {typed}"
