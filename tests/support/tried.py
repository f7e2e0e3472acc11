"""What the long tests tried, how often, and what came of it; a table at the end of a run.

A test asks for ``tried`` and tells it before it asserts, so that what went wrong is counted, too.
``make torture`` keeps what each test told in ``.tried``, so that parts of it add up.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.support.torture import TORTURE

_NAME = "tried"
WRONG = ("lost", "doubled", "leaked", "let in")
KEPT = Path(__file__).parents[2] / ".tried"
"""A line for each row of each test; a test that is run again takes the place of its own rows."""


class Tried(Protocol):
    """Takes what was tried, how often, and how often it went wrong in which way."""

    def __call__(self, what: str, times: int, **wrong: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Row:
    """What one test told."""

    test: str
    what: str
    times: int
    wrong: dict[str, int]


@pytest.fixture
def tried(record_property: Callable[[str, object], None]) -> Tried:
    """Tells the end of the run; a process of its own hands it on with the test's report."""

    def tell(what: str, times: int, **wrong: int) -> None:
        found = {name.replace("_", " "): number for name, number in wrong.items()}
        assert found.keys() <= set(WRONG), found
        record_property(_NAME, {"what": what, "times": times, "wrong": found})

    return tell


@contextmanager
def once(tried: Tried, what: str, if_not: str) -> Iterator[None]:
    """Count one; where what is done in here fails it went wrong in the way that is named."""
    failed = True
    try:
        yield
        failed = False
    finally:
        tried(what, 1, **{if_not: int(failed)})


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table of this run, or of all parts so far where each is tried in full."""
    rows = list(_rows(terminalreporter.stats))
    if TORTURE and rows:
        rows = keep(rows)
    if rows:
        terminalreporter.section("what was tried")
        for line in table(rows):
            terminalreporter.write_line(line)


def keep(rows: list[Row], path: Path = KEPT) -> list[Row]:
    """Keep the rows in place of what their tests told before; return all that are kept."""
    new = {row.test for row in rows}
    lines = path.read_text().splitlines() if path.exists() else []
    before = (Row(**json.loads(line)) for line in lines)
    kept = [*(row for row in before if row.test not in new), *rows]
    path.write_text("".join(json.dumps(asdict(row)) + "\n" for row in kept))
    return kept


def table(rows: Iterable[Row]) -> list[str]:
    """Return a line for each thing that was tried, how often, and how often it went wrong in which
    way; "-" where nobody looked.
    """
    sums: dict[str, dict[str, int]] = {}
    for row in rows:
        told = sums.setdefault(row.what, {"": 0})
        for name, number in {"": row.times, **row.wrong}.items():
            told[name] = told.get(name, 0) + number
    width = max(map(len, sums))
    lines = [f"{'':{width}}  {'tried':>9}" + "".join(f"{name:>9}" for name in WRONG)]
    for what, told in sorted(sums.items()):
        found = "".join(f"{told.get(name, '-'):>9}" for name in WRONG)
        lines.append(f"{what:{width}}  {told['']:>9,}{found}")
    in_all = [sum(told.get(name, 0) for told in sums.values()) for name in WRONG]
    return [*lines, f"{'in all':{width}}  {'':>9}" + "".join(f"{number:>9}" for number in in_all)]


def _rows(stats: dict[str, list[Any]]) -> Iterator[Row]:
    for reports in stats.values():
        for report in reports:
            # The last report of a test has all that it told, in its fixtures, too.
            if getattr(report, "when", None) == "teardown":
                for name, value in report.user_properties:
                    if name == _NAME:
                        yield Row(report.nodeid, **value)
