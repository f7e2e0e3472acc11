"""Breaks pollbot in one place at a time, and says which test noticed: ``make breakages``.

Each breakage is put into a copy of the project, so the folder one works in stays as it is. A test
that fails on the broken copy has to pass on a whole one, else it has noticed nothing.

    python -m tests.breakages                  # each breakage, by the tests that it names
    python -m tests.breakages --full           # and by all tests, if those do not notice it
    python -m tests.breakages cap_on_waits …   # only these

Ends with 1 if a breakage survived, or its tests could not tell.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.breakages.breakage import PROJECT, Breakage, Misfit, breakages
from tests.support import tried
from tests.support.tried import Row

GIT = shutil.which("git") or "git"
_FAILED = re.compile(r"^(?:FAILED|ERROR) (tests/.+?)(?: - .*)?$", re.MULTILINE)
_ARGUMENTS = ("-q", "-x", "--tb=no", "-rfE", "-p", "no:cacheprovider")


class CannotTell(Exception):
    """Whether a test would notice cannot be told, and why."""


@contextmanager
def a_copy() -> Iterator[Path]:
    """Give a copy of the project as it is here, committed or not, without what git ignores."""
    listed = subprocess.run(
        [GIT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    with tempfile.TemporaryDirectory(prefix="pollbot-broken-") as folder:
        copy = Path(folder)
        for name in filter(None, listed.split("\0")):
            if (PROJECT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(PROJECT / name, copy / name)
        yield copy


def first_failure(copy: Path, tests: Sequence[str], *more: str) -> str | None:
    """Return the first test that fails in the copy; None if all pass. Raises CannotTell."""
    run = _python(copy, "-m", "pytest", *_ARGUMENTS, *more, *tests)
    failed = _FAILED.search(run.stdout)
    if failed is not None:
        return failed[1]
    if run.returncode != 0:
        raise CannotTell(f"pytest ended with {run.returncode}: {(run.stdout + run.stderr)[-2000:]}")
    return None


def noticed_by(breakage: Breakage, jobs: int, *, full: bool) -> str | None:
    """Return the test that notices the breakage; None if it survives. Raises CannotTell."""
    with a_copy() as copy:
        breakage.apply(copy)
        imported = _python(copy, "-c", "import pollbot; print(pollbot.__file__)").stdout.strip()
        if imported and not Path(imported).resolve().is_relative_to(copy.resolve()):
            raise CannotTell(f"the tests would run what is in {imported}, which is not broken")
        test = first_failure(copy, breakage.tests)
        if test is None and full:
            test = first_failure(copy, ["tests"], f"--numprocesses={jobs}", "--dist=worksteal")
    if test is not None:
        with a_copy() as whole:
            if first_failure(whole, [test]) is not None:
                raise CannotTell(f"{test} fails on a whole copy as well")
    return test


def _python(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # The copy's package comes before the one that is installed from here.
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("TORTURE", None)
    return subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True
    )


def main() -> int:
    """Try the breakages, print a table, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.breakages")
    parser.add_argument("names", nargs="*", help="only these; all, if none is named")
    parser.add_argument("--full", action="store_true", help="all tests for what would survive")
    parser.add_argument("--jobs", type=int, default=4, help="processes for all tests")
    wanted = parser.parse_args()
    known = {one.name: one for one in breakages()}
    unknown = sorted(set(wanted.names) - known.keys())
    if unknown:
        parser.error(f"no such breakage: {', '.join(unknown)}. There are: {', '.join(known)}")
    table: list[tuple[str, str]] = []
    well = True
    for name in wanted.names or known:
        try:
            test = noticed_by(known[name], wanted.jobs, full=wanted.full)
            said = test or "SURVIVED"
            well = well and test is not None
        except (CannotTell, Misfit) as error:
            said, well = f"CANNOT TELL: {error}", False
        table.append((name, said))
        print(f"{name}: {said}", flush=True)
    width = max(len(name) for name, _ in table)
    print("\n" + "\n".join(f"{name:<{width}}  {said.splitlines()[0]}" for name, said in table))
    survived = sum(said == "SURVIVED" for _, said in table)
    print(f"\n{len(table)} breakages, {survived} survived")
    rows = [
        Row(f"breakages/{name}", "breakages", 1, {"let in": int(said == "SURVIVED")})
        for name, said in table
    ]
    print("\n".join(tried.table(tried.keep(rows) if wanted.full else rows)))
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
