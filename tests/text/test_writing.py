"""What people wrote: closed within itself, seen or not, and told apart."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.text.writing import alike, closed, in_sight

OPENS = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
DIRECTIONS = OPENS + "\u202c\u2069\u200e\u200f\u061c"


def open_at_the_end(text: str) -> list[str]:
    """Return what is still open where the text ends, as Unicode's algorithm counts (UAX #9)."""
    stack: list[str] = []
    for mark in text:
        if mark in OPENS:
            stack.append(mark)
        elif mark == "\u202c" and stack and stack[-1] in "\u202a\u202b\u202d\u202e":
            stack.pop()
        elif mark == "\u2069" and set(stack) & set("\u2066\u2067\u2068"):
            while stack.pop() not in "\u2066\u2067\u2068":
                pass
    return stack


@given(st.text(st.sampled_from(DIRECTIONS + "ab1 א")))
def test_nothing_of_a_text_turns_what_follows_it_around(text: str) -> None:
    shown = closed(text)

    assert open_at_the_end(shown) == []
    # It closes nothing of what stands around it either.
    assert open_at_the_end("\u202e" + shown) == ["\u202e"]
    assert open_at_the_end("\u2067" + shown) == ["\u2067"]
    assert [m for m in shown if m not in DIRECTIONS] == [m for m in text if m not in DIRECTIONS]


@given(st.text(st.characters(exclude_characters=DIRECTIONS)))
def test_a_text_without_directions_stays_as_it_is(text: str) -> None:
    assert closed(text) == text


SAME = {
    "a composed accent and one apart": ("café", "cafe\u0301"),
    "a zero-width space": ("A", "A\u200b"),
    "a direction": ("Ada", "\u202eAda\u202c"),
    "a soft hyphen": ("cooperate", "co\u00adoperate"),
    "a variation selector": ("❤", "❤\ufe0f"),
    "a filler": ("A", "A\u3164"),
    "a blank of Braille": ("A B", "A\u2800B"),
    "a tag": ("A", "A\U000e0041"),
    "a joiner of graphemes": ("A", "A\u034f"),
    "case": ("SOUP", "soup"),
    "case in German": ("STRASSE", "straße"),
    "full width": ("Soup", "Ｓｏｕｐ"),
    "white space": ("Tomato soup", "Tomato \u00a0 soup"),
    "a ligature": ("finger", "ﬁnger"),
    "a Cyrillic capital": ("A", "А"),
    "a Cyrillic letter": ("Pizza", "Pizzа"),
    "a Cyrillic word": ("XOP", "хор"),
    "a Greek o": ("Soup", "Sοup"),
}
DIFFERENT = {
    "words": ("Soup", "Soap"),
    "accents": ("cafe", "café"),
    "Cyrillic words": ("Сок", "Суп"),
    "units": ("5 µm", "5 mm"),
    "a Greek letter": ("α", "a"),
    "white space that parts": ("a b", "ab"),
    "flags": ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"),
    "a family and its members": ("👩\u200d👦", "👩👦"),
    "skin": ("👍🏻", "👍🏿"),
    "signs": ("+", "-"),
    "case of nothing": ("1", "2"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_what_nobody_can_tell_apart_is_alike(one: str, other: str) -> None:
    assert alike(one) == alike(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_can_be_told_apart_is_not(one: str, other: str) -> None:
    assert alike(one) != alike(other)


@given(st.text())
def test_being_alike_holds_for_every_way_of_writing_the_same(text: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        written = unicodedata.normalize(form, text)
        assert alike(written) == alike(text)


def test_a_text_of_nothing_but_invisible_marks_shows_nothing() -> None:
    assert in_sight("\u200b\u2060\u3164\u2800\u115f\U000e0041\u034f\ufe0f\u00ad").strip() == ""
