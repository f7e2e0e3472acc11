"""What the long tests tried, how often, and what came of it; a table at the end of a run.

A test asks for ``tried`` and tells it before it asserts, so that what went wrong is counted, too.
"""

from collections.abc import Iterator
from typing import Any, Protocol

import pytest

_NAME = "tried"
WRONG = ("lost", "doubled", "leaked", "let in")


class Tried(Protocol):
    """Takes what was tried, how often, and how often it went wrong in which way."""

    def __call__(self, what: str, times: int, **wrong: int) -> None: ...


@pytest.fixture
def tried(record_property: Any) -> Tried:
    """Tells the end of the run; a process of its own hands it on with the test's report."""

    def tell(what: str, times: int, **wrong: int) -> None:
        found = {name.replace("_", " "): number for name, number in wrong.items()}
        assert found.keys() <= set(WRONG), found
        record_property(_NAME, {"what": what, "times": times, "wrong": found})

    return tell


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table, a line for each thing that was tried; "-" where nobody looked."""
    rows = list(_rows(terminalreporter.stats))
    if not rows:
        return
    terminalreporter.section("what was tried")
    for line in table(rows):
        terminalreporter.write_line(line)


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Return the lines: what was tried, how often, and how often it went wrong in which way."""
    width = max(len(row["what"]) for row in rows)
    lines = [f"{'':{width}}  {'tried':>9}" + "".join(f"{name:>9}" for name in WRONG)]
    for row in sorted(rows, key=lambda row: row["what"]):
        found = "".join(f"{row['wrong'].get(name, '-'):>9}" for name in WRONG)
        lines.append(f"{row['what']:{width}}  {row['times']:>9,}{found}")
    sums = [sum(row["wrong"].get(name, 0) for row in rows) for name in WRONG]
    return [*lines, f"{'in all':{width}}  {'':>9}" + "".join(f"{number:>9}" for number in sums)]


def _rows(stats: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    for reports in stats.values():
        for report in reports:
            if getattr(report, "when", None) != "call":
                continue
            for name, value in report.user_properties:
                if name == _NAME:
                    yield value
