"""The marks of a list are no part of its items, and what only looks like one stays."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.text.lists import PARTS, is_item, without_marks

ITEMS = ["Pizza", "Soup", "3 eggs"]
MARKS = {
    "hyphens": "-",
    "dashes": "–",
    "bullets": "•",
    "stars": "*",
    "numbers": "{}.",
    "brackets": "{})",
    "in brackets": "({})",
    "letters": "{:c})",
    "capitals": "{:C}.",
}
WORDS = st.text(st.sampled_from("abc ,.-)(0123456789•é"), max_size=8)


def marked(mark: str, place: int, text: str) -> str:
    mark = mark.replace("{:c}", chr(96 + place)).replace("{:C}", chr(64 + place))
    return f"{mark.format(place)} {text}"


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
def test_marks_are_taken_off(mark: str) -> None:
    lines = [marked(mark, place, text) for place, text in enumerate(ITEMS, 1)]

    assert without_marks(lines) == ITEMS
    assert all(map(is_item, lines))


@pytest.mark.parametrize(
    "lines",
    [
        ["5. Mai", "12. Mai", "2. Juni"],
        ["1. Mai", "2. Mai", "3. Mai"],
        ["2. Bundesliga", "3. Liga"],
        ["1. FC Köln", "Bayern"],
        ["J. Smith", "M. Jones"],
        ["A. Smith", "C. Jones"],
        ["3) 5", "2) 5"],
        ["-5", "-10"],
        ["1.5 h", "2.5 h"],
        ["100. Geburtstag", "101. Geburtstag"],
        ["2026. was good", "2027. will be"],
    ],
)
def test_what_does_not_count_the_lines_is_no_mark(lines: list[str]) -> None:
    assert without_marks(lines) == lines


@given(st.lists(WORDS, max_size=6))
def test_of_what_is_on_a_line_only_its_beginning_is_taken_off(lines: list[str]) -> None:
    bare = without_marks(lines)

    assert len(bare) == len(lines)
    for line, left in zip(lines, bare, strict=True):
        assert line.endswith(left)
        assert re.fullmatch(r"\s*\(?([0-9]{1,3}|[a-z]|[-•]+)?[.)]?\s*", line.removesuffix(left))


@given(
    st.lists(st.integers(0, 10**6).map(lambda one: f"{one / 10:.1f}".replace(".", ",")), min_size=2)
)
def test_numbers_with_commas_are_parted_where_something_else_parts_them(numbers: list[str]) -> None:
    for between in ("; ", ", ", "、", ";"):
        parts = re.split(PARTS, between.join(numbers))
        assert [one.strip() for one in parts] == numbers
