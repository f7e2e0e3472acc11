"""Rules of polls: what a click does to an answer, when a poll is open, and what may be a poll."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.errors import BadInput
from pollbot.polls.refusals import (
    AnswerFinal,
    NoSuchOption,
    OneAnswerOnly,
    PollClosed,
    ReminderPast,
)
from pollbot.polls.rules import (
    DESCRIPTION,
    MOST_OPTIONS,
    NOTHING,
    OPTION,
    TITLE,
    Answer,
    Draft,
    Option,
    Poll,
    PollSettings,
    check_reminder,
    checked,
    choose,
    choose_exactly,
)
from pollbot.polls.templates import TEMPLATES
from tests.support.refusals import refuses, sentence

NOW = 1_790_000_000.0
END = NOW + 3600
OPTIONS = (
    Option("c", "Apple", 2),
    Option("a", "Cake", 0),
    Option("b", "Bread", 1),
    Option("r", "Rice", 3, removed=True),
)


def poll(settings: PollSettings | None = None, **changes: object) -> Poll:
    plain = Poll("p1", "Lunch?", "", OPTIONS, settings or PollSettings(), "U0ADA")
    return replace(plain, **changes)  # type: ignore[arg-type]  # each test names real fields


def answer(*ids: str) -> Answer:
    return frozenset(ids)


def test_a_poll_of_which_nothing_is_said_takes_one_answer_for_now_and_shows_who_gave_it() -> None:
    usual = PollSettings()

    assert (usual.several, usual.changeable, usual.names) == (False, True, True)
    assert usual.tells_all
    assert (usual.ends_at, usual.closes_at_end, usual.comments, usual.addable) == (
        *(None, False),
        *(False, False),
    )


ONE, SEVERAL = PollSettings(), PollSettings(several=True)
FINAL, SEVERAL_FINAL = replace(ONE, changeable=False), replace(SEVERAL, changeable=False)

CLICKS = {
    "the first answer": (ONE, NOTHING, "a", answer("a")),
    "another one": (ONE, answer("a"), "b", answer("b")),
    "the same again": (ONE, answer("a"), "a", answer("a")),
    "after mine was removed": (ONE, answer("r"), "a", answer("a")),
    "the first of several": (SEVERAL, NOTHING, "a", answer("a")),
    "one more": (SEVERAL, answer("a"), "b", answer("a", "b")),
    "one taken back": (SEVERAL, answer("a", "b"), "a", answer("b")),
    "the last one taken back": (SEVERAL, answer("a"), "a", NOTHING),
    "one more, after one of mine was removed": (SEVERAL, answer("a", "r"), "b", answer("a", "b")),
    "final, the first": (FINAL, NOTHING, "a", answer("a")),
    "final, the same again": (FINAL, answer("a"), "a", answer("a")),
    "final, another one": (FINAL, answer("a"), "b", AnswerFinal),
    "final, after mine was removed": (FINAL, answer("r"), "b", answer("b")),
    "final, one more of several": (SEVERAL_FINAL, answer("a"), "b", answer("a", "b")),
    "final, one of several taken back": (SEVERAL_FINAL, answer("a", "b"), "a", AnswerFinal),
    "an option that was removed": (ONE, NOTHING, "r", NoSuchOption),
    "my option, when it was removed": (SEVERAL, answer("r"), "r", NoSuchOption),
    "an option that never was": (ONE, answer("a"), "x", NoSuchOption),
}

CHOICES = {
    "one": (ONE, NOTHING, ["a"], answer("a")),
    "none": (ONE, answer("a"), [], NOTHING),
    "none, where nothing was": (FINAL, NOTHING, [], NOTHING),
    "the same one twice": (ONE, NOTHING, ["a", "a"], answer("a")),
    "two, where one is allowed": (ONE, answer("a"), ["a", "b"], OneAnswerOnly),
    "two": (SEVERAL, answer("c"), ["a", "b"], answer("a", "b")),
    "none of several": (SEVERAL, answer("a", "b"), [], NOTHING),
    "final, withdrawn": (FINAL, answer("a"), [], AnswerFinal),
    "final, changed": (FINAL, answer("a"), ["b"], AnswerFinal),
    "final, the same": (FINAL, answer("a"), ["a"], answer("a")),
    "final, after mine was removed": (FINAL, answer("r"), [], NOTHING),
    "final, more": (SEVERAL_FINAL, answer("a"), ["a", "b"], answer("a", "b")),
    "final, fewer": (SEVERAL_FINAL, answer("a", "b"), ["a"], AnswerFinal),
    "one that was removed among them": (SEVERAL, NOTHING, ["a", "r"], NoSuchOption),
    "one that never was among them": (SEVERAL, NOTHING, ["a", "x"], NoSuchOption),
}


@pytest.mark.parametrize(("settings", "mine", "clicked", "after"), CLICKS.values(), ids=CLICKS)
def test_a_click_on_an_option_makes_my_answer(
    settings: PollSettings, mine: Answer, clicked: str, after: Answer | type[Exception]
) -> None:
    if isinstance(after, frozenset):
        assert choose(poll(settings), mine, clicked, NOW) == after
    else:
        with pytest.raises(after):
            choose(poll(settings), mine, clicked, NOW)


@pytest.mark.parametrize(("settings", "mine", "wanted", "after"), CHOICES.values(), ids=CHOICES)
def test_a_choice_from_the_menu_is_my_answer_exactly(
    settings: PollSettings, mine: Answer, wanted: list[str], after: Answer | type[Exception]
) -> None:
    if isinstance(after, frozenset):
        assert choose_exactly(poll(settings), mine, wanted, NOW) == after
    else:
        with pytest.raises(after):
            choose_exactly(poll(settings), mine, wanted, NOW)


ENDING = PollSettings(ends_at=END, closes_at_end=True)
MOMENTS = {
    "no end": (poll(), END * 2, None),
    "before its end": (poll(ENDING), END - 0.001, None),
    "at its end": (poll(ENDING), END, END),
    "after its end": (poll(ENDING), END + 1, END),
    "after an end that closes nothing": (poll(PollSettings(ends_at=END)), END + 1, None),
    "closed by hand": (poll(closed_at=NOW), NOW, NOW),
    "closed by hand before its end": (poll(ENDING, closed_at=NOW), END + 1, NOW),
    "closed late by whoever does it": (poll(ENDING, closed_at=END + 60), END + 90, END),
    "deleted": (poll(deleted=True), NOW, None),
}


@pytest.mark.parametrize(("it", "moment", "since"), MOMENTS.values(), ids=MOMENTS)
def test_a_click_after_the_end_is_refused_by_the_clock_whoever_closes_the_poll(
    it: Poll, moment: float, since: float | None
) -> None:
    takes_answers = since is None and not it.deleted

    assert it.closed_since(moment) == since
    assert it.is_open(moment) is takes_answers
    if takes_answers:
        assert choose(it, NOTHING, "a", moment) == answer("a")
    else:
        with pytest.raises(PollClosed):
            choose(it, NOTHING, "a", moment)
        with pytest.raises(PollClosed):
            choose_exactly(it, answer("a"), [], moment)


def test_the_refusal_of_a_late_click_names_the_poll_and_pings_nobody() -> None:
    with refuses(PollClosed, says="“&lt;!channel&gt; &#42;Lunch") as refused:
        choose(poll(title="<!channel> *Lunch*?", closed_at=NOW), NOTHING, "a", NOW)

    assert "<" not in sentence(refused.value)


def test_the_options_that_can_be_chosen_stand_in_their_order_without_removed_ones() -> None:
    assert [option.id for option in poll().live] == ["a", "b", "c"]
    assert poll().option("r") == OPTIONS[3]
    assert poll().option("x") is None


ids = st.sampled_from("abcrx")
answers = st.frozensets(st.sampled_from("abcr"))
any_settings = st.builds(PollSettings, several=st.booleans(), changeable=st.booleans())


def outcome(rule: Callable[[], Answer]) -> Answer | str:
    try:
        return rule()
    except (NoSuchOption, AnswerFinal, OneAnswerOnly) as refused:
        return type(refused).__name__


@given(any_settings, answers, ids | st.lists(ids))
def test_whatever_is_chosen_the_answer_is_one_that_the_poll_allows(
    settings: PollSettings, mine: Answer, wanted: str | list[str]
) -> None:
    it = poll(settings)
    live = {"a", "b", "c"}

    after = outcome(
        lambda: (
            choose(it, mine, wanted, NOW)
            if isinstance(wanted, str)
            else choose_exactly(it, mine, wanted, NOW)
        )
    )

    if isinstance(after, str):
        assert (after == "NoSuchOption") == (not set(wanted) <= live)
    else:
        assert after <= live
        assert settings.several or len(after) <= 1
        assert settings.changeable or mine & live <= after


@given(any_settings, answers, st.lists(ids))
def test_the_same_choice_again_changes_nothing(
    settings: PollSettings, mine: Answer, wanted: list[str]
) -> None:
    it = poll(settings)

    once = outcome(lambda: choose_exactly(it, mine, wanted, NOW))

    if isinstance(once, frozenset):
        assert choose_exactly(it, once, wanted, NOW) == once


@given(answers, ids)
def test_with_one_answer_allowed_a_second_click_changes_nothing(mine: Answer, wanted: str) -> None:
    once = outcome(lambda: choose(poll(), mine, wanted, NOW))

    if isinstance(once, frozenset):
        assert choose(poll(), once, wanted, NOW) == once


@given(st.frozensets(st.sampled_from("abc")), st.sampled_from("abc"))
def test_with_several_answers_a_second_click_takes_the_first_back(
    mine: Answer, wanted: str
) -> None:
    it = poll(SEVERAL)

    assert choose(it, choose(it, mine, wanted, NOW), wanted, NOW) == mine


LUNCH = Draft("Lunch?", ("Pizza", "Soup"))


def with_end(ends_at: float | None, *, closes: bool = True) -> Draft:
    return replace(LUNCH, settings=PollSettings(ends_at=ends_at, closes_at_end=closes))


def numbered(count: int) -> tuple[str, ...]:
    return tuple(f"Option {number}" for number in range(count))


TIDIED = {
    "nothing to tidy": (LUNCH, LUNCH),
    "white space": (
        Draft(" Lunch\n today? ", ("\tPizza", "Hot\N{NO-BREAK SPACE}  soup ")),
        Draft("Lunch today?", ("Pizza", "Hot soup")),
    ),
    "empty options": (replace(LUNCH, options=("", "Pizza", " ", "Soup")), LUNCH),
    "invisible options": (replace(LUNCH, options=("Pizza", "\u200b", "Soup", "\u2060")), LUNCH),
    "control characters": (
        Draft("Lunch\0?", ("Piz\x07za", "Soup")),
        Draft("Lunch ?", ("Piz za", "Soup")),
    ),
    "half a character": (
        Draft("Lunch?\ud83c", ("Pizza", "Soup"), "Eat \udf55"),
        replace(LUNCH, description="Eat"),
    ),
    "lines of a description": (
        replace(LUNCH, description="\nBring\n\nmoney \n"),
        replace(LUNCH, description="Bring\n\nmoney"),
    ),
    "emoji of several parts": (
        Draft("👩‍🍳?", ("❤️ 1", "👩🏽‍🍳")),
        Draft("👩‍🍳?", ("❤️ 1", "👩🏽‍🍳")),
    ),
    "the longest of everything": (
        Draft("x" * TITLE, ("y" * OPTION, *numbered(MOST_OPTIONS - 1)), "z" * DESCRIPTION),
    )
    * 2,
    "an end": (with_end(END), with_end(END)),
    "an end that closes nothing": (with_end(END, closes=False), with_end(END, closes=False)),
}

REFUSED = {
    "no question": (replace(LUNCH, title=" \n"), "needs a question"),
    "an invisible question": (replace(LUNCH, title="\u200b\u200d"), "needs a question"),
    "a long question": (replace(LUNCH, title="x" * (TITLE + 1)), "301 characters"),
    "a very long question": (replace(LUNCH, title="x" * 3000), "3,000 characters"),
    "a long description": (
        replace(LUNCH, description="x" * (DESCRIPTION + 1)),
        "2,001 characters",
    ),
    "no options": (replace(LUNCH, options=()), "at least 2 options .* I found 0"),
    "one option": (replace(LUNCH, options=("Pizza", " ")), "at least 2 options .* I found 1"),
    "101 options": (replace(LUNCH, options=numbered(101)), "at most 100 options; I found 101"),
    "a long option": (replace(LUNCH, options=("Pizza", "x" * 300)), "300 characters"),
    "equal options": (replace(LUNCH, options=("Soup", "Tea", "Soup")), "the same: “Soup”"),
    "equal but for case": (replace(LUNCH, options=("Straße", "STRASSE")), "the same: “Straße”"),
    "equal but for white space": (replace(LUNCH, options=("A  b", "a b ")), "the same: “A b”"),
    "equal pings": (replace(LUNCH, options=("<!here>", "<!here>")), "the same: “&lt;!here&gt;”"),
    "an end in the past": (with_end(NOW - 1), "in the past"),
    "an end right now": (with_end(NOW), "in the past"),
    "a past end that closes nothing": (with_end(NOW - 1, closes=False), "in the past"),
    "an end in a far future": (with_end(NOW * 100), "more than ten years away"),
    "an end that is no number": (with_end(float("nan")), "more than ten years away"),
    "closing without an end": (with_end(None), "needs an end"),
}


@pytest.mark.parametrize(("draft", "tidy"), TIDIED.values(), ids=TIDIED)
def test_a_draft_is_tidied(draft: Draft, tidy: Draft) -> None:
    assert checked(draft, NOW) == tidy
    assert checked(tidy, NOW) == tidy


@pytest.mark.parametrize(("draft", "why"), REFUSED.values(), ids=REFUSED)
def test_a_draft_that_can_be_no_poll_is_refused_in_a_sentence(draft: Draft, why: str) -> None:
    with refuses(BadInput, says=why) as refused:
        checked(draft, NOW)

    assert "Nothing was c" in sentence(refused.value)
    assert "<" not in sentence(refused.value)


@given(st.text(), st.lists(st.text(), max_size=5), st.text())
def test_any_draft_is_tidied_for_good_or_refused(
    title: str, options: Iterable[str], description: str
) -> None:
    try:
        tidy = checked(Draft(title, tuple(options), description), NOW)
    except BadInput:
        return

    assert checked(tidy, NOW) == tidy
    assert "\n".join((tidy.title, *tidy.options, tidy.description)).encode()
    assert all(option.strip() for option in (tidy.title, *tidy.options))


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_is_a_poll_as_it_stands(name: str) -> None:
    template = TEMPLATES[name]
    draft = Draft(template.title, template.options, template=name)

    assert checked(draft, NOW) == draft
    assert template.scale == (len(template.options) == 5)


@pytest.mark.parametrize(("before", "is_past"), [(3600.0, True), (3599.0, False), (3601.0, True)])
def test_a_reminder_is_due_after_the_poll_was_made(before: float, is_past: bool) -> None:
    draft = replace(LUNCH, settings=PollSettings(ends_at=END), remind_before=before)

    if is_past:
        with pytest.raises(ReminderPast):
            check_reminder(draft, NOW)
    else:
        check_reminder(draft, NOW)
