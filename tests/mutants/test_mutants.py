"""Mutants are programs, other ones than pollbot, and the same by the same seed."""

import ast
import os
import subprocess
import sys

import pytest

from tests.mutants import covering
from tests.mutants.__main__ import first, within
from tests.mutants.changes import Text, changes
from tests.mutants.left import left
from tests.mutants.mutant import PROJECT, SHARES, SOURCE, mutants, sample
from tests.mutants.sql import changes_of_sql

OF_CODE = [
    ("a < b", {"a <= b"}),
    ("a is not None", {"a is None"}),
    ("a not in b", {"a in b"}),
    ("a and (b or c)", {"a or (b or c)", "a and (b and c)", "a and (b)", "a and (c)"}),
    ("a or b or c", {"a and b or c", "a or b and c", "b or c", "a or c", "a or b"}),
    ("not a", {"(a)"}),
    ("a - 2", {"a + 2", "a - 3"}),
    ("'a' + 'b'", set[str]()),
    ("min(a, b)", {"max(a, b)"}),
    ("f(db, a, b)", set[str]()),
    ("f(a, b)", {"f(b, a)"}),
    ("db.execute(s, (a, b))", {"db.execute(s, (b, a))"}),
    ("x if a else y", {"x if (not a) else y"}),
    ("{a for a in b if c}", {"{a for a in b if (c, True)[1]}"}),
    ("{A, B}", {"{*(), B}", "{A, *()}"}),
    ("2.5", {"5.0"}),
    ("cast(int, a < b)", set[str]()),
    ("dataclass(frozen=True)", set[str]()),
]
OF_STATEMENTS = [
    ("def f():\n    return a", {"def f():\n    return None"}),
    ("def f():\n    return None", set[str]()),
    ("def f(a: int = 3) -> None: ...", {"def f(a: int = 4) -> None: ..."}),
    ("def f():\n    log.info('so')", set[str]()),
    ("def f():\n    raise a", {"def f():\n    pass"}),
    ("a.b = c", {"pass"}),
    ("a += b", {"a -= b", "pass"}),
    ("for a in b:\n    continue", {"for a in b:\n    break"}),
    ("assert a < b", set[str]()),
    ("class C(Protocol):\n    a: int = 3", set[str]()),
]
OF_SQL = [
    (
        "SELECT a FROM b WHERE c = ? AND d IS NULL",
        {
            "SELECT a FROM b WHERE c <> ? AND d IS NULL",
            "SELECT a FROM b WHERE (c = ? OR 1 = 1) AND d IS NULL",
            "SELECT a FROM b WHERE c = ? AND d IS NOT NULL",
            "SELECT a FROM b WHERE c = ? AND (d IS NULL OR 1 = 1)",
            "SELECT a FROM b WHERE c = ? OR d IS NULL",
        },
    ),
    (
        "UPDATE b SET a = ?, n = n + 1",
        {
            "UPDATE b SET a = CASE WHEN 1 = 1 THEN a ELSE ? END, n = n + 1",
            "UPDATE b SET a = ?, n = CASE WHEN 1 = 1 THEN n ELSE n END + 1",
            "UPDATE b SET a = ?, n = n - 1",
        },
    ),
    (
        "SELECT min(a) FROM b ORDER BY c, d DESC LIMIT 2",
        {
            "SELECT max(a) FROM b ORDER BY c, d DESC LIMIT 2",
            "SELECT min(a) FROM b ORDER BY c DESC, d DESC LIMIT 2",
            "SELECT min(a) FROM b ORDER BY c, d ASC LIMIT 2",
            "SELECT min(a) FROM b ORDER BY c, d DESC LIMIT 3",
        },
    ),
    ("{self._at} <= ?", {"{self._at} < ?", "({self._at} <= ? OR 1 = 1)"}),
    ("Nothing = something", set[str]()),
]


def _after(source: str) -> set[str]:
    whole = source.encode()
    return {
        (whole[: one.start] + one.after.encode() + whole[one.start + len(one.before.encode()) :])
        .decode()
        .strip()
        for one in changes(Text(whole))
    }


@pytest.mark.parametrize(("source", "after"), OF_CODE)
def test_what_may_be_changed_of_an_expression(source: str, after: set[str]) -> None:
    assert _after(f"v = {source}") == {f"v = {one}" for one in after}


@pytest.mark.parametrize(("source", "after"), OF_STATEMENTS)
def test_what_may_be_changed_of_a_statement(source: str, after: set[str]) -> None:
    assert _after(source) == after


@pytest.mark.parametrize(("statement", "after"), OF_SQL)
def test_what_may_be_changed_of_sql(statement: str, after: set[str]) -> None:
    found = changes_of_sql(statement, is_format="{" in statement)

    assert {statement[:at] + new + statement[to:] for _, at, to, new in found} == after


def test_a_mutant_is_a_program_and_another_one() -> None:
    for one in sample("any", 25):
        text = one.text()
        assert text != (SOURCE / one.file).read_text(), one
        assert ast.dump(ast.parse(text)) != ast.dump(ast.parse((SOURCE / one.file).read_text())), (
            one
        )


def test_a_seed_names_the_same_mutants_in_any_process() -> None:
    here = [one.name for one in sample("7", 20)]
    said = "from tests.mutants.mutant import sample; print(*(m.name for m in sample('7', 20)))"
    there = subprocess.run(
        [sys.executable, "-c", said],
        cwd=PROJECT,
        env={**os.environ, "PYTHONHASHSEED": "5"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()

    assert there == here
    assert [one.name for one in sample("8", 20)] != here
    assert {mutants()[one].kind for one in here} == SHARES.keys()


def test_what_is_left_alone_is_a_mutant_and_has_a_reason() -> None:
    for name, one in left().items():
        assert name in mutants(), f"{name} is none: its statement reads differently now"
        assert one.change == mutants()[name].change
        assert one.why


def test_tests_are_run_that_take_so_long_together_what_noticed_before_first_of_all() -> None:
    took = {"a.py::a": 3.0, "a.py::b": 9.0, "b.py::c": 2.0}
    short, long, other = (covering.Test(name, seconds) for name, seconds in took.items())

    assert within([short, long, other], 6.0, 9) == [short, other]
    assert within([short, long, other], 6.0, 1) == [short]
    assert within([long], 6.0, 9) == [long], "one at least"
    assert first([short, long, other], "b.py::c") == [other, short, long]
