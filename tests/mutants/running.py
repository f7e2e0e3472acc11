"""Tests run in children of a process that has read pollbot already, so that each begins at once."""

import contextlib
import gc
import importlib
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.machinery import SourceFileLoader
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest

from tests.mutants.mutant import PROJECT, SOURCE, Mutant

_FORK = multiprocessing.get_context("fork")
_READ_FIRST = ("pytest", "pollbot.wiring", "pollbot.sandbox.world.demo")
_OPTIMIZED = 1
"""Flag of the code of a function, which that of a class has not."""
_run_by_imports: set[tuple[str, int]] = set()


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of some tests: the first that failed, and why; and the seconds of each.

    ``code`` is pytest's; None if they took too long.
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
        """Begin; they are ended after ``most`` seconds."""
        self._folder = Path(tempfile.mkdtemp(prefix="pollbot-mutant-"))
        self._ours, theirs = _FORK.Pipe(duplex=False)
        self._child = _FORK.Process(
            target=_child, args=(theirs, [*arguments], mutant, self._folder)
        )
        self._until = time.monotonic() + most
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
        with contextlib.suppress(EOFError):
            if self._ours.poll(self.left):
                said: Ran = self._ours.recv()
                self._close()
                return said
        self._close()
        return Ran(None) if self.left == 0 else Ran(-1, why="the tests' process ended")

    def _close(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid or 0, signal.SIGKILL)
        self._child.join()
        self._ours.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _child(answer: Connection, arguments: list[str], mutant: Mutant | None, folder: Path) -> None:
    os.setsid()
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
    answer.send(Ran(code, watcher.failed, why, watcher.seconds))
    answer.close()
    os._exit(0)


_QUIETLY = ("-q", "-p", "no:cacheprovider", "--tb=short", "--hypothesis-seed=0")


class _Watcher:
    """What pytest does, as it does it."""

    def __init__(self) -> None:
        self.failed: str | None = None
        self.why = ""
        self.seconds: dict[str, float] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        before = self.seconds.get(report.nodeid, 0.0)
        self.seconds[report.nodeid] = before + report.duration
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
        for name in [one for one in sys.modules if one.partition(".")[0] == "pollbot"]:
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
