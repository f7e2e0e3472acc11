"""Tables of the documentation whose lines name the tests that hold them."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.support.pages import ROOT, named_tests

LEFT_OUT = {"skip", "skipif", "xfail"}


def cells(line: str) -> list[str]:
    """Return what stands in the columns of a line."""
    return [cell.strip() for cell in line[2:].removesuffix("|").split(" | ")]


def lines_under(page: str, *heads: str) -> list[list[str]]:
    """Return the cells of each line of the page's tables, all of which have these heads."""
    lines = [line for line in page.splitlines() if line.startswith("|")]
    rules = [place for place, line in enumerate(lines) if line.startswith("|---")]
    assert [cells(lines[place - 1]) for place in rules] == [[*heads]] * len(rules)
    left = {at for place in rules for at in (place - 1, place)}
    return [cells(line) for place, line in enumerate(lines) if place not in left]


@cache
def _module(file: str) -> ast.Module:
    return ast.parse((ROOT / "tests" / file).read_text())


def _marks(module: ast.Module, decorator: ast.expr) -> Iterator[str]:
    """Return the marks of pytest's in a decorator, those that have a name in its module, too."""
    named = {
        target.id: node.value
        for node in module.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    looked_at: set[str] = set()
    to_look_at: list[ast.AST] = [decorator]
    while to_look_at:
        for node in ast.walk(to_look_at.pop()):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "pytest.mark":
                yield node.attr
            elif isinstance(node, ast.Name) and node.id in named and node.id not in looked_at:
                looked_at.add(node.id)
                to_look_at.append(named[node.id])


def left_out(file: str, test: str) -> str:
    """Return by what a test may be left out of a run or fail unnoticed; empty if it never is."""
    module = _module(file)
    [found] = [
        node
        for node in module.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == test
    ]
    of_all = [
        node.value
        for node in module.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    ]
    marks = {mark for one in [*found.decorator_list, *of_all] for mark in _marks(module, one)}
    calls = {
        ast.unparse(node.value.func)
        for node in found.body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    }
    return " ".join(sorted((marks & LEFT_OUT) | (calls & {"pytest.skip", "pytest.xfail"})))


def holding(cell: str) -> list[tuple[str, str]]:
    """Return the tests that a cell names, each of which is there and part of every run."""
    tests = named_tests(cell)
    assert {test: why for test in tests if (why := left_out(*test))} == {}
    return tests
