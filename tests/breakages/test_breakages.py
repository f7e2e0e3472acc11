"""The breakages fit the program as it is. Whether tests notice them: ``make breakages``."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from tests.breakages.breakage import PROJECT, Breakage, Misfit, breakages

ALL = pytest.mark.parametrize("breakage", breakages(), ids=lambda one: one.name)


def test_there_are_twenty() -> None:
    assert len(breakages()) >= 20


@ALL
def test_a_breakage_breaks_the_program_as_it_is(breakage: Breakage) -> None:
    broken = breakage.broken(PROJECT)
    assert broken != (PROJECT / breakage.file).read_text()
    ast.parse(broken)  # what cannot be read is noticed by anything


@ALL
def test_a_breakage_names_tests_that_are_there(breakage: Breakage) -> None:
    assert breakage.tests
    for test in breakage.tests:
        assert (PROJECT / test.partition("::")[0]).exists()


@pytest.mark.parametrize("text", ["", "one\none\n"])
def test_a_breakage_that_does_not_fit_changes_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "some.py").write_text(text)
    breakage = replace(breakages()[0], file="some.py", before="one", after="two")
    with pytest.raises(Misfit, match=r"stands [02] times in some\.py"):
        breakage.apply(tmp_path)
    assert (tmp_path / "some.py").read_text() == text
