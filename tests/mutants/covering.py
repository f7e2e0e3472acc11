"""Which tests run which lines, kept from run to run in a folder that git ignores."""

import ast
import hashlib
import json
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.mutants.mutant import PROJECT, SOURCE, Mutant, files
from tests.mutants.running import Child, Story

KEPT = PROJECT / ".mutants"
_PASSED_BY = {"breakages", "e2e", "mutants", "pictures", "replicas", "sandbox", "support"}
"""Folders of tests that run pollbot elsewhere, or do not run it."""
_LONGEST = 900.0
_DONE = (0, 1, 5)
"""What pytest ends with where all tests of a file were asked: 5 if it has none."""
_BITS = 8


@dataclass(frozen=True, slots=True)
class Test:
    """A test and how many seconds it takes."""

    name: str
    seconds: float

    @property
    def file(self) -> str:
        """The file that it stands in."""
        return self.name.partition("::")[0]

    @property
    def function(self) -> str:
        """The function that it is a variant of."""
        return self.name.partition("[")[0]


def files_of_tests(places: Iterable[str]) -> list[Path]:
    """Return the files of tests, there or in folders, that run pollbot in their own process."""
    wanted = [PROJECT / one for one in places]
    inside = (path for one in wanted for path in sorted(one.rglob("test_*.py")))
    found = [*(one for one in wanted if one.is_file()), *inside]
    return [path for path in found if not _PASSED_BY & set(path.relative_to(PROJECT).parts)]


def is_kept(path: Path) -> bool:
    """Return whether it is known what the tests of a file run, as that file reads now."""
    kept = _place(path)
    return kept.is_file() and json.loads(kept.read_text())["file"] == _digest(path)


def covered(path: Path) -> Story[str]:
    """Keep what the tests of a file run that pass; return in a few words what became of them."""
    KEPT.mkdir(exist_ok=True)
    told = path.relative_to(PROJECT).as_posix()
    digest = _digest(path)
    with tempfile.TemporaryDirectory(prefix="pollbot-covering-") as folder:
        settings, data = Path(folder, "settings"), Path(folder, "data")
        measured = "".join(f"\n    src/pollbot/{file}" for file in files())
        settings.write_text(
            f"[run]\nrelative_files = true\ndata_file = {data}\ninclude ={measured}\n"
        )
        with_coverage = ("--cov", "--cov-context=test", f"--cov-config={settings}", "--cov-report=")
        child = Child([told, *with_coverage], _LONGEST)
        yield child
        ran = child.end()
        if ran.code not in _DONE:
            return f"{told}: {ran.failed}: {ran.why}" if ran.failed else f"{told}: {ran.code}"
        tests = {
            name: {"seconds": round(ran.seconds[name], 3), "ran": where}
            for name, where in _read(data).items()
            if name in ran.seconds
        }
    _place(path).write_text(json.dumps({"file": digest, "tests": tests}))
    failed = f", and {ran.failed} failed" if ran.failed else ""
    return f"{told}: {len(tests)} tests, {sum(ran.seconds.values()):.1f} s{failed}"


class Covering:
    """Which tests run what, as it is kept of some files of tests."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._by_line: defaultdict[tuple[str, str, int], set[str]] = defaultdict(set)
        self._by_file: defaultdict[str, set[str]] = defaultdict(set)
        self._seconds: dict[str, float] = {}
        for path in filter(is_kept, paths):
            for name, test in json.loads(_place(path).read_text())["tests"].items():
                self._seconds[name] = test["seconds"]
                for file, functions in test["ran"].items():
                    self._by_file[file].add(name)
                    for function, lines in functions.items():
                        for line in lines:
                            self._by_line[file, function, line].add(name)

    def of(self, mutant: Mutant) -> list[Test]:
        """Return the tests that run what is changed, the likeliest to notice first.

        Those are the tests of its own file, and then the quickest of each other one in turns; of
        each the first variant, and then the others.
        """
        names = self._of_lines(mutant.file, mutant.lines)
        if mutant.names or not names:
            lines = _lines_with(mutant.file, mutant.names)
            names = self._of_lines(mutant.file, lines) or self._by_file[mutant.file]
        seen: Counter[str] = Counter()
        ranked = []
        for test in sorted((Test(one, self._seconds[one]) for one in names), key=_quickest):
            # Variants of one test rarely notice what the first of them does not.
            variant, turn = seen[test.function], seen[test.file]
            seen.update((test.function, test.file))
            is_own = _is_about(mutant.file, test.file)
            ranked.append((not is_own, variant, 0 if is_own else turn, *_quickest(test), test))
        return [test for *_, test in sorted(ranked, key=lambda one: one[:-1])]

    def _of_lines(self, file: str, lines: Iterable[int]) -> set[str]:
        found: set[str] = set()
        for line in lines:
            found |= self._by_line.get((file, *_in_function(file, line)), set())
        return found


def _is_about(file: str, test_file: str) -> bool:
    folder, stem = file.split("/")[0], Path(file).stem
    return test_file.startswith(f"tests/{folder}/") and Path(test_file).stem.endswith(stem)


def _quickest(test: Test) -> tuple[float, str]:
    return test.seconds, test.name


def _place(path: Path) -> Path:
    return KEPT / f"{'-'.join(path.relative_to(PROJECT / 'tests').with_suffix('').parts)}.json"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read(data: Path) -> dict[str, dict[str, dict[str, list[int]]]]:
    """Return of each test the lines that it ran, by file and function, counted from its first.

    coverage.readthedocs.io, "Coverage.py database schema".
    """
    found: dict[str, dict[str, dict[str, list[int]]]] = {}
    if not data.is_file():
        return found
    with closing(sqlite3.connect(data)) as db:
        rows = db.execute(
            "SELECT context, path, numbits FROM line_bits JOIN context ON context.id = context_id"
            " JOIN file ON file.id = file_id WHERE context LIKE '%|run'"
        ).fetchall()
    for context, path, bits in rows:
        file = str(path).removeprefix("src/pollbot/")
        functions: defaultdict[str, list[int]] = defaultdict(list)
        for line in _lines(bits):
            function, place = _in_function(file, line)
            if function:
                functions[function].append(place)
        if functions:
            found.setdefault(str(context).removesuffix("|run"), {})[file] = dict(functions)
    return found


def _lines(bits: bytes) -> Iterator[int]:
    for place, byte in enumerate(bits):
        yield from (place * _BITS + bit for bit in range(_BITS) if byte & (1 << bit))


def _in_function(file: str, line: int) -> tuple[str, int]:
    """Return the function that a line is part of, and how many lines into it; no name for none."""
    function, first = _functions_by_line(file).get(line, ("", 0))
    return function, line - first


@cache
def _functions_by_line(file: str) -> dict[int, tuple[str, int]]:
    found: dict[int, tuple[str, int]] = {}

    def walk(node: ast.AST, name: str) -> None:
        for child in ast.iter_child_nodes(node):
            inside = name
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inside = f"{name}.{child.name}" if name else child.name
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = range(child.lineno, (child.end_lineno or 0) + 1)
                found.update(dict.fromkeys(lines, (inside, child.lineno)))
            walk(child, inside)

    walk(ast.parse((SOURCE / file).read_text()), "")
    return found


def _lines_with(file: str, names: frozenset[str]) -> list[int]:
    tree = ast.walk(ast.parse((SOURCE / file).read_text()))
    return [
        node.lineno
        for node in tree
        if isinstance(node, ast.expr)
        and getattr(node, "id", getattr(node, "attr", None)) in names
        and isinstance(getattr(node, "ctx", None), ast.Load)
    ]
