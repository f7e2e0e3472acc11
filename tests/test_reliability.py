"""docs/reliability.md: what went wrong elsewhere, each with the tests that hold it here."""

import re

import pytest

from tests.support.pages import read
from tests.support.tables import holding, left_out, lines_under

LINES = lines_under(read("reliability.md"), "what went wrong", "pollbot", "held by")
REPORT = r"(?:\w[\w.-]*(?:/[\w.-]+)?#\d+|Open Poll\+|community\.atlassian\.com t/\d+)"


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_each_line_says_where_it_was_reported_and_names_its_tests(line: list[str]) -> None:
    wrong, pollbot, held_by = line

    assert re.search(rf"\w \*\((?:tried|{REPORT}(?:, {REPORT})*)\)\*$", wrong)
    assert pollbot
    assert holding(held_by)


def test_nothing_is_told_twice() -> None:
    told = [wrong for wrong, *_ in LINES]

    assert sorted({*told}) == sorted(told)


@pytest.mark.parametrize(
    ("file", "test", "by"),
    [
        ("test_manifest.py", "test_slack_takes_the_manifest", "skipif"),
        ("e2e/test_litestream.py", "test_a_replica_tells_which_answer_came_when", "skipif"),
        ("test_reliability.py", "test_nothing_is_told_twice", ""),
    ],
)
def test_what_may_be_left_out_of_a_run_holds_nothing(file: str, test: str, by: str) -> None:
    assert left_out(file, test) == by
