"""Changes pollbot in one small place at a time, and says whether a test notices: ``make mutants``.

A sample of all mutants is taken by a seed. Each is put into a process of its own, never into a
file, and the tests that run its lines are run until one fails. Which tests those are is found by
running all of them once; it is kept in ``.mutants/`` for as long as their files stay the same.

    python -m tests.mutants                          # 300 mutants by the seed 1
    python -m tests.mutants --seed 2 --count 50      # others, or fewer
    python -m tests.mutants --one store/queue:…      # this one, and what its tests say

Ends with 1 if fewer than nine of ten were noticed, or if one was not that ``left.toml`` does not
name.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.mutants import running
from tests.mutants.covering import KEPT, Covering, Test, covered, files_of_tests, is_kept
from tests.mutants.left import left
from tests.mutants.mutant import PROJECT, Mutant, mutants, sample

WELL = 0.9
"""How much of what is tried has to be noticed."""
_AT_FIRST = 6.0
_IN_ALL = 25.0
"""Seconds that tests of a mutant compute, the likeliest to notice first, and all of them."""
_FEW = 40
_MANY = 300
_MOST = 60.0
"""Seconds after which tests that compute for so long have noticed: they do not come to an end."""
_RESULTS = KEPT / "results.jsonl"
_BEFORE = KEPT / "before.jsonl"
"""What became of them in this run, and in the one before."""
_pass_on_pollbot: set[str] = set()
"""Tests that noticed something, and are known to pass on pollbot as it is."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a mutant: ``noticed``, ``survived``, ``uncovered`` or ``invalid``.

    Invalid is one that is no program, or says no SQL.
    """

    name: str
    change: str
    became: str
    by: str = ""
    why: str = ""
    tests: int = 0


def tried(mutant: Mutant, tests: Sequence[Test]) -> running.Story[Result]:
    """Run the tests until one notices, and return what became of the mutant."""
    few = within(tests, _AT_FIRST, _FEW)
    many = within([one for one in tests if one not in set(few)], _IN_ALL - _AT_FIRST, _MANY)
    asked = 0
    for some in filter(None, (few, many)):
        asked += len(some)
        child = running.Child(["-x", *(one.name for one in some)], _MOST, mutant)
        yield child
        ran = child.end()
        became = "" if ran.code == 0 else "noticed"
        if ran.code is not None and ran.code not in (0, 1):
            became = "cannot tell"
        if "syntax error" in ran.why or "SyntaxError" in ran.why:
            became = "invalid"
        if became == "noticed" and ran.failed and ran.failed not in _pass_on_pollbot:
            whole = running.Child([ran.failed], 2 * _MOST)
            yield whole
            if whole.end().code == 0:
                _pass_on_pollbot.add(ran.failed)
            else:
                became = "cannot tell"  # it fails whatever is changed
        if became:
            ended = "they took too long" if ran.code is None else f"pytest ended with {ran.code}"
            by = ran.failed or f"({ended})"
            return Result(mutant.name, mutant.change, became, by, ran.why, asked)
    became = "survived" if asked else "uncovered"
    return Result(mutant.name, mutant.change, became, tests=asked)


def all_tried(chosen: Sequence[Mutant], tests: Sequence[Path], jobs: int) -> Iterator[Result]:
    """Try them, so many at once, and yield what became of each.

    What runs them is found out first for the tests of their own folders; only what survives
    those is tried by others.
    """
    near: list[Path] = []
    far: list[Path] = []
    for path in tests:
        folder = path.relative_to(PROJECT).parts[1]
        (near if any(one.file.startswith(f"{folder}/") for one in chosen) else far).append(path)
    by_before = {one.name: one.by for one in _kept(_BEFORE)}
    left_over = list(chosen)
    for some in (near, far):
        if not left_over:
            return
        _cover(some, jobs)
        covering = Covering(some)
        stories = [
            tried(one, first(covering.of(one), by_before.get(one.name, ""))) for one in left_over
        ]
        by_name = {one.name: one for one in left_over}
        left_over = []
        for result in running.side_by_side(stories, jobs):
            is_open = result.became in ("survived", "uncovered") and result.name not in left()
            if is_open and some is near:
                left_over.append(by_name[result.name])
            else:
                yield result


def first(tests: Sequence[Test], name: str) -> list[Test]:
    """Return the tests, first of all the one of that name, which noticed the last time."""
    return sorted(tests, key=lambda one: one.name != name)


def within(tests: Sequence[Test], seconds: float, most: int) -> list[Test]:
    """Return the first tests that take so long together; one at least, the quickest."""
    chosen: list[Test] = []
    for test in tests:
        if test.seconds <= seconds and len(chosen) < most:
            chosen.append(test)
            seconds -= test.seconds
    return chosen or sorted(tests, key=lambda one: one.seconds)[:1]


def _cover(paths: Sequence[Path], jobs: int) -> None:
    todo = [path for path in paths if not is_kept(path)]
    covering = running.side_by_side(map(covered, todo), jobs)
    for number, said in enumerate(covering, 1):
        print(f"what tests run, {number} of {len(todo)}: {said}", flush=True)


def _told(result: Result) -> str:
    reason = left().get(result.name)
    if result.became == "noticed":
        return f"noticed    {result.name}: {result.change}\n           by {result.by}"
    told = f"{result.became.upper():<10} {result.name}: {result.change}"
    return told + (f"\n           left: {reason.why}" if reason is not None else "")


def _one(name: str, tests: Sequence[Path], jobs: int) -> int:
    known = mutants()
    if name not in known:
        print(f"There is no mutant {name}; its statement may read differently now.")
        return 2
    print(known[name], flush=True)
    (result,) = all_tried([known[name]], tests, jobs)
    print(f"{_told(result)}\n{result.why}")
    return 0 if result.became == "noticed" or name in left() else 1


def main() -> int:
    """Try a sample, print what became of each, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--one", default="", help="the name of a mutant")
    parser.add_argument("--jobs", type=int, default=2, help="mutants that are tried at once")
    parser.add_argument("--tests", nargs="*", default=["tests"], help="where to look for tests")
    parser.add_argument(
        "--go-on", action="store_true", help="with what became of them the last time"
    )
    wanted = parser.parse_args()
    tests = files_of_tests(wanted.tests)
    running.prepare()
    KEPT.mkdir(exist_ok=True)
    if wanted.one:
        return _one(wanted.one, tests, wanted.jobs)
    chosen = sample(wanted.seed, wanted.count)
    names = {one.name for one in chosen}
    known = {one.name: one for one in _kept(_RESULTS) if one.name in names} if wanted.go_on else {}
    todo = [one for one in chosen if one.name not in known]
    if _RESULTS.is_file() and not wanted.go_on:
        _RESULTS.replace(_BEFORE)
    with _RESULTS.open("a" if wanted.go_on else "w") as kept:
        for result in all_tried(todo, tests, wanted.jobs):
            known[result.name] = result
            kept.write(json.dumps(asdict(result)) + "\n")
            kept.flush()
            print(_told(result), flush=True)
    return _counted([known[one.name] for one in chosen])


def _kept(path: Path) -> Iterator[Result]:
    if path.is_file():
        yield from (Result(**json.loads(line)) for line in path.read_text().splitlines())


def _counted(results: Sequence[Result]) -> int:
    by_kind: dict[str, Counter[str]] = {}
    for one in results:
        kind = mutants()[one.name].kind
        became = "left" if one.became != "noticed" and one.name in left() else one.became
        by_kind.setdefault(kind, Counter())[became] += 1
    total = sum(by_kind.values(), Counter[str]())
    print("\n" + "\n".join(f"{kind:<8}{_amounts(counts)}" for kind, counts in by_kind.items()))
    told = [one for one in results if one.became != "noticed"]
    print("\n" + "\n".join(_told(one) for one in told))
    equal = sum(one.name in left() and left()[one.name].equal for one in told)
    judged = total.total() - total["invalid"] - equal
    share = total["noticed"] / judged if judged else 0.0
    print(f"\n{total.total()} mutants, {equal} of them equal to pollbot: {_amounts(total)}")
    print(f"{share:.1%} of what can be noticed was")
    open_ones = total.total() - total["noticed"] - total["left"] - total["invalid"]
    return 0 if share >= WELL and not open_ones else 1


def _amounts(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {became}" for became, number in sorted(counts.items()))


if __name__ == "__main__":
    sys.exit(main())
