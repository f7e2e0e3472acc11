"""docs/expected.md: what people expect, each with the test that holds it or why it is not there."""

import re

import pytest

from tests.support.pages import named_tests, read

PAGE = read("expected.md")
ROWS = [row for row in PAGE.splitlines() if row.startswith("| ") and row[:7] != "| what "]


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split(" | ")]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: cells(row)[0])
def test_each_line_names_its_tests_or_why_there_are_none(row: str) -> None:
    _, how_much, pollbot, held_by = cells(row)

    assert how_much in {"must", "should", "could"}
    if pollbot.startswith("*works*"):
        assert named_tests(held_by)
    else:
        assert re.match(r"\*not\*: \w.{40,}", pollbot)
        assert not held_by


def test_nothing_is_expected_twice() -> None:
    expected = [cells(row)[0] for row in ROWS]

    assert sorted({*expected}) == sorted(expected)
