"""The table of what was tried counts what fails, and its parts add up."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.tried import Row, keep, table

TESTS = """
import pytest
from tests.support.tried import once

@pytest.fixture
def world(tried):
    yield
    tried("worlds", 1, leaked=0)

@pytest.mark.parametrize("number", range(4))
def test_votes(world, tried, number):
    with once(tried, "votes", if_not="lost"):
        assert number != 2

def test_of_strangers(tried):
    tried("strangers", 1000, let_in=1)
    assert False
"""


def columns(lines: list[str]) -> list[list[str]]:
    return [line.split() for line in lines]


def test_what_fails_is_counted_too_whatever_process_it_was_in(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TESTS)

    said = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "1", "-p", "tests.support.tried", "test_it.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "TORTURE": ""},
        capture_output=True,
        text=True,
        check=False,
    ).stdout

    assert columns(said.partition("what was tried")[2].splitlines()[1:6]) == [
        ["tried", "lost", "doubled", "leaked", "let", "in"],
        ["strangers", "1,000", "-", "-", "-", "1"],
        ["votes", "4", "1", "-", "-", "-"],
        ["worlds", "4", "-", "-", "0", "-"],
        ["in", "all", "1", "0", "0", "1"],
    ]


def test_parts_add_up_and_a_part_that_is_tried_again_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "tried"

    keep([Row("a", "votes", 10, {"lost": 1}), Row("b", "votes", 5, {"lost": 0})], path)
    keep([Row("c", "polls", 7, {"doubled": 2})], path)
    rows = keep([Row("a", "votes", 20, {"lost": 0}), Row("a", "votes", 1, {})], path)

    assert columns(table(rows))[1:] == [
        ["polls", "7", "-", "2", "-", "-"],
        ["votes", "26", "0", "-", "-", "-"],
        ["in", "all", "0", "2", "0", "0"],
    ]
