"""Tests run in children of a process that has read pollbot already, so that each begins at once."""

import contextlib
import gc
import importlib
import math
import multiprocessing
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.machinery import SourceFileLoader
from itertools import islice
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, TypeVar

import pytest

from tests.mutants.mutant import PROJECT, SOURCE, Mutant

T = TypeVar("T")

_FORK = multiprocessing.get_context("fork")
_READ_FIRST = (
    "hypothesis.stateful",
    "pytest_asyncio.plugin",
    "pollbot.wiring",
    "pollbot.sandbox.world.demo",
    *(f"tests.support.{path.stem}" for path in sorted((PROJECT / "tests/support").glob("*.py"))),
)
_OF_POLLBOT = re.compile(r"(pollbot|tests\.support)(\.|$)")
_PATIENCE = 10
"""How much longer than it computes something may take on a busy machine."""
_OPTIMIZED = 1
"""Flag of the code of a function, which that of a class has not."""
_run_by_imports: set[tuple[str, int]] = set()


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of some tests: the first that failed, and why; and how long each computed.

    ``code`` is pytest's; None if they took too long. ``seconds`` are of those that passed.
    """

    code: int | None
    failed: str | None = None
    why: str = ""
    seconds: dict[str, float] = field(default_factory=dict)


def prepare() -> None:
    """Read pollbot, and remember which functions that runs."""

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(str(SOURCE)):
            _run_by_imports.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

    sys.setprofile(watch)
    for name in _READ_FIRST:
        importlib.import_module(name)
    sys.setprofile(None)


class Child:
    """Tests that run. ``result`` is what became of them, once ``is_over``."""

    def __init__(self, arguments: Sequence[str], most: float, mutant: Mutant | None = None) -> None:
        """Begin; they may compute for ``most`` seconds."""
        self._folder = Path(tempfile.mkdtemp(prefix="pollbot-mutant-"))
        self._ours, theirs = _FORK.Pipe(duplex=False)
        self._child = _FORK.Process(
            target=_child, args=(theirs, [*arguments], most, mutant, self._folder)
        )
        self._until = time.monotonic() + most * _PATIENCE
        self._child.start()
        theirs.close()

    @property
    def sentinel(self) -> int:
        """What becomes ready when it is over."""
        return self._child.sentinel

    @property
    def left(self) -> float:
        """Seconds until it is ended."""
        return max(0.0, self._until - time.monotonic())

    def end(self) -> Ran:
        """Return what became of it, which ends it if it is not over."""
        said: Ran | None = None
        with contextlib.suppress(EOFError):
            if self._ours.poll(self.left):
                said = self._ours.recv()
        ended = self._close()
        if said is not None:
            return said
        if self.left == 0 or ended == -signal.SIGXCPU:
            return Ran(None)
        return Ran(-1, why=f"the tests' process ended with {ended}")

    def _close(self) -> int:
        """End it, with all that it began, and return how it ended."""
        if self.left:
            self._child.join(1.0)
        ended = self._child.exitcode
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid or 0, signal.SIGKILL)
        self._child.join()
        self._ours.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        return 0 if ended is None else ended


Story = Generator["Child", None, T]
"""Yields tests that run, goes on once they are over, and returns what it found out."""


def side_by_side(stories: Iterable[Story[T]], jobs: int) -> Iterator[T]:
    """Have so many stories go on at once, and yield what each returned."""
    waiting = iter(stories)
    under_way: dict[int, tuple[Child, Story[T]]] = {}
    while True:
        ready = list(islice(waiting, jobs - len(under_way)))
        if not ready:
            if not under_way:
                return
            soonest = min(child.left for child, _ in under_way.values())
            over = {one for one in wait([*under_way], soonest) if isinstance(one, int)}
            over |= {one for one, (child, _) in under_way.items() if child.left == 0}
            ready = [under_way.pop(one)[1] for one in over]
        for story in ready:
            try:
                child = next(story)
            except StopIteration as end:
                yield end.value
            else:
                under_way[child.sentinel] = child, story


def _child(
    answer: Connection, arguments: list[str], most: float, mutant: Mutant | None, folder: Path
) -> None:
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(most), math.ceil(most) + 1))
    os.chdir(PROJECT)
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(folder / "examples")
    with (folder / "said").open("w") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    watcher = _Watcher()
    try:
        if mutant is not None:
            put_in(mutant)
        code = int(pytest.main([*_QUIETLY, f"--basetemp={folder / 'tmp'}", *arguments], [watcher]))
        why = watcher.why
    except BaseException as error:  # pollbot that cannot even be read
        code, why = 1, repr(error)
        watcher.failed = watcher.failed or "(reading pollbot)"
    seconds = {one: took for one, took in watcher.seconds.items() if one not in watcher.failing}
    answer.send(Ran(code, watcher.failed, why, seconds))
    answer.close()
    os._exit(0)


_QUIETLY = (
    "-q",
    *("-p", "no:cacheprovider"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # plugins were read before pytest began
    *("--tb=short", "--hypothesis-seed=0", "--timeout=0"),
)


class _Watcher:
    """What pytest does, as it does it."""

    def __init__(self) -> None:
        self.failed: str | None = None
        self.failing: set[str] = set()
        self.why = ""
        self.seconds: dict[str, float] = {}

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.seconds[nodeid] = -time.process_time()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.seconds[nodeid] += time.process_time()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failing.add(report.nodeid)
        if report.failed and self.failed is None:
            self.failed, self.why = report.nodeid, report.longreprtext[-2000:]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and self.failed is None:
            self.failed, self.why = report.nodeid, report.longreprtext[-2000:]


def put_in(mutant: Mutant) -> None:
    """Have this process run pollbot as it is changed, and read it anew where need be."""
    path = str(SOURCE / mutant.file)
    text = mutant.text()
    pairs = [] if mutant.names else list(_functions(_code(path), _code(path, text)))
    changed = {old: new for old, new in pairs if old != new}
    began_by_import = any((path, old.co_firstlineno) in _run_by_imports for old in changed)
    if not changed or began_by_import or not _exchange(changed):
        for name in [one for one in sys.modules if _OF_POLLBOT.match(one)]:
            del sys.modules[name]
        _read_instead(path, text)


def _code(path: str, text: str | None = None) -> CodeType:
    return compile(
        Path(path).read_text() if text is None else text, path, "exec", dont_inherit=True
    )


def _functions(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """Yield the code of each function of a module and of its classes, before and after."""
    inside = ([one for one in code.co_consts if isinstance(one, CodeType)] for code in (old, new))
    for before, after in zip(*inside, strict=False):
        if before.co_flags & _OPTIMIZED:
            yield before, after
        else:
            yield from _functions(before, after)


def _exchange(changed: dict[CodeType, CodeType]) -> bool:
    """Give functions other code; return whether each was found and takes it."""
    left = set(changed)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__ in changed:
            old = one.__code__
            if old.co_freevars != changed[old].co_freevars:
                return False
            one.__code__ = changed[old]
            left.discard(old)
    return not left


def _read_instead(path: str, text: str) -> None:
    loaders: Any = SourceFileLoader
    get_code = loaders.get_code

    def instead(loader: SourceFileLoader, name: str) -> CodeType | None:
        if loader.path == path:
            return _code(path, text)
        code: CodeType | None = get_code(loader, name)
        return code

    loaders.get_code = instead
