"""Edits: what says the same, and which option an edited text belongs to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.polls.edits.rules import matched, moved, says_the_same
from pollbot.polls.rules import Option

SAME = [
    ("Pizza", "pizza"),
    ("Pizza", " Pizza! "),
    ("Pizza", "“Pizza”"),
    ("Piza", "Pizza"),
    ("Pizzza", "Pizza"),
    ("Pziza", "Pizza"),
    ("Pizze", "Pizza"),
    ("Spagetti", "Spaghetti"),
    ("Pizza with chese", "Pizza with cheese"),
    ("Ice cream", "Icecream"),
    ("Ice-cream", "Ice cream"),
    ("Restaruant at teh corner", "Restaruant at teh  corner."),
    ("Définitif", "DÉFINITIF"),
    ("cafe\u0301 noir", "café noir"),
    ("Ｐｉｚｚａ", "Pizza"),
    ("10:00.", "10:00"),
    ("Fri 17:00", "fri 17:00!"),
    ("👍", "👍"),
]
OTHER = [
    ("Pizza", "Soup"),
    ("Pizza", "Pasta"),
    ("Soup", "Soap"),
    ("Yes", "No"),
    ("Yes", "Yes and no"),
    ("Ship it", "Do not ship it"),
    ("can", "can't"),
    ("with", "without"),
    ("legal", "illegal"),
    ("typical", "atypical"),
    ("Monday", "Sunday"),
    ("Tuesday", "Thursday"),
    ("Iceland", "Ireland"),
    ("Slovakia", "Slovenia"),
    ("March", "Match"),
    ("10:00", "11:00"),
    ("1.5", "15"),
    ("-5", "5"),
    ("> 5 days", "< 5 days"),
    ("5 %", "5 €"),
    ("Room A", "Room B"),
    ("Q1", "Q2"),
    ("C++", "C#"),
    ("C#", "C"),
    ("C++", "C"),
    ("👍", "👎"),
    ("⭐", "⭐⭐"),
    ("-", "+"),
    ("我们可以去", "我们不可以去"),
    ("はい", "いいえ"),
    ("Pizza", "-"),
    ("Nobody", "No body of"),
]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_a_typo_and_what_is_only_written_better_say_the_same(old: str, new: str) -> None:
    assert says_the_same(old, new)
    assert says_the_same(new, old)


@pytest.mark.parametrize(("old", "new"), OTHER)
def test_whatever_may_mean_something_else_is_an_edit(old: str, new: str) -> None:
    assert not says_the_same(old, new)
    assert not says_the_same(new, old)


@given(st.text(max_size=40), st.text(max_size=40))
def test_saying_the_same_has_no_direction(one: str, other: str) -> None:
    assert says_the_same(one, one)
    assert says_the_same(one, other) == says_the_same(other, one)


def live(*titles: str) -> list[Option]:
    return [Option(str(number), title, number) for number, title in enumerate(titles, 1)]


EDITS = {
    "nothing": ([("1", "Pizza"), ("2", "Soup")], ["1", "2"]),
    "a typo": ([("1", "Piza"), ("2", "Soup")], ["1", "2"]),
    "other words": ([("1", "Salad"), ("2", "Soup")], ["1", "2"]),
    "swapped": ([("1", "Soup"), ("2", "Pizza")], ["2", "1"]),
    "swapped in other case": ([("1", "soup"), ("2", "PIZZA!")], ["2", "1"]),
    "moved up, and a new one in its place": ([("1", "Soup"), ("2", "Salad")], ["2", None]),
    "moved to a new place": ([("1", "Salad"), ("2", "Soup"), (None, "Pizza")], [None, "2", "1"]),
    "removed and written anew": ([("2", "Soup"), (None, "Pizza")], ["2", "1"]),
    "a new one": ([("1", "Pizza"), ("2", "Soup"), (None, "Salad")], ["1", "2", None]),
    "a button's older form": ([("1", "Pizza"), ("9", "Soup")], ["1", "2"]),
}


@pytest.mark.parametrize(("edited", "ids"), EDITS.values(), ids=EDITS)
def test_texts_take_their_answers_along(
    edited: list[tuple[str | None, str]], ids: list[str | None]
) -> None:
    found = matched(live("Pizza", "Soup"), edited)

    assert [text for _, text in found] == [text for _, text in edited]
    assert [id_ for id_, _ in found] == ids


@given(st.permutations(["Pizza", "Soup", "Rice", "Salad"]))
def test_however_texts_are_shuffled_each_keeps_its_id(texts: list[str]) -> None:
    before = live("Pizza", "Soup", "Rice", "Salad")

    found = matched(before, [(str(number), text) for number, text in enumerate(texts, 1)])

    assert {text: id_ for id_, text in found} == {one.title: one.id for one in before}


@given(
    st.lists(st.sampled_from("abcdef"), min_size=2, max_size=5, unique=True),
    st.lists(
        st.tuples(st.none() | st.sampled_from("12345"), st.sampled_from("abcdefgh")), max_size=6
    ),
)
def test_no_option_is_two(titles: list[str], edited: list[tuple[str | None, str]]) -> None:
    ids = [id_ for id_, _ in matched(live(*titles), edited) if id_ is not None]

    assert len(ids) == len(set(ids))


def test_what_swapped_elsewhere_is_followed_by_its_text() -> None:
    before = live("Pizza", "Soup", "Rice")

    assert moved(before, live("Soup", "Pizza", "Rice")) == {"1": "2", "2": "1"}
    assert moved(before, live("Pizza!", "Salad", "Rice")) == {}
    assert moved(before, live("Salad", "Pizza", "Rice")) == {"1": "2"}
    assert moved(before, live("Soup", "Rice", "Pizza")) == {"1": "3", "2": "1", "3": "2"}
