"""docs/expected.md: what people expect, each with the test that holds it or why it is not there."""

import re

import pytest

from tests.support.pages import read
from tests.support.tables import holding, lines_under

LINES = lines_under(read("expected.md"), "what people expect", "how much", "pollbot", "held by")


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_each_line_names_its_tests_or_why_there_are_none(line: list[str]) -> None:
    _, how_much, pollbot, held_by = line

    assert how_much in {"must", "should", "could"}
    if pollbot.startswith("*works*"):
        assert holding(held_by)
    else:
        assert re.match(r"\*not\*: \w.{40,}", pollbot)
        assert not held_by


def test_nothing_is_expected_twice() -> None:
    expected = [what for what, *_ in LINES]

    assert sorted({*expected}) == sorted(expected)
