"""A mutant: one small change of one statement, which a good test notices.

What is changed is found in the text of a program by its grammar, so that a mutant reads like its
original but for that place. ``changes.py`` has the ways in which it may be changed.
"""

import ast
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.mutants.changes import Change, Text, changes

PROJECT = Path(__file__).parents[2]
SOURCE = PROJECT / "src" / "pollbot"

_QUEUE = ("store/queue.py", "store/leader.py")
_OUTBOX = ("store/outbox.py",)
_ALSO_RULES = {"text/recurrence.py", "polls/tally.py"}
SHARES = {"rules": 0.25, "queue": 0.2, "outbox": 0.15, "rows": 0.4}
"""How much of a sample is of which kind of file."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """``before`` stands in ``file`` at these bytes, and ``after`` takes its place.

    ``name`` stays the same wherever the statement moves, as long as it reads the same. ``lines``
    are those whose execution runs what is changed, or ``names`` what is made of it where it is
    run at import time only.
    """

    name: str
    kind: str
    file: str
    what: str
    before: str
    after: str
    start: int
    lines: range
    names: frozenset[str]

    def text(self) -> str:
        """Return the whole file as it is changed."""
        whole = (SOURCE / self.file).read_bytes()
        end = self.start + len(self.before.encode())
        return (whole[: self.start] + self.after.encode() + whole[end:]).decode()

    def __str__(self) -> str:
        line = (SOURCE / self.file).read_bytes()[: self.start].count(b"\n") + 1
        return f"{self.name}  ({self.file}:{line}, {self.what}: {self.change})"

    @property
    def change(self) -> str:
        """Return what is changed into what, in one line."""
        return f"{_flat(self.before)} → {_flat(self.after)}"


def kind_of(file: str) -> str | None:
    """Return of which kind a file of pollbot's is; None if it is not changed."""
    name = file.rpartition("/")[2]
    if file.startswith("sandbox/"):
        return None
    if file in _QUEUE:
        return "queue"
    if file in _OUTBOX:
        return "outbox"
    if name == "rows.py" or name.endswith("_rows.py"):
        return "rows"
    if name == "rules.py" or name.endswith("_rules.py") or file in _ALSO_RULES:
        return "rules"
    return None


@cache
def files() -> dict[str, str]:
    """Return the kind of each file that is changed, by its path in the package."""
    found = (path.relative_to(SOURCE).as_posix() for path in sorted(SOURCE.rglob("*.py")))
    return {file: kind for file in found if (kind := kind_of(file)) is not None}


@cache
def mutants() -> dict[str, Mutant]:
    """Return all that there are, by name."""
    return {one.name: one for file in files() for one in of_file(file)}


def of_file(file: str) -> Iterator[Mutant]:
    """Yield each mutant of a file of pollbot's."""
    text = Text((SOURCE / file).read_bytes())
    seen: Counter[str] = Counter()
    for change in changes(text):
        statement = _flat(text.of(change.statement))
        said = "\n".join((change.function, change.what, statement, change.before, change.after))
        seen[said] += 1
        digest = hashlib.sha256(f"{said}\n{seen[said]}".encode()).hexdigest()[:8]
        yield Mutant(
            name=f"{file.removesuffix('.py')}:{change.function or '-'}:{digest}",
            kind=files()[file],
            file=file,
            what=change.what,
            before=change.before,
            after=change.after,
            start=change.start,
            lines=_lines(change),
            names=frozenset() if change.is_run else _names(change.statement),
        )


def sample(seed: str, count: int) -> list[Mutant]:
    """Return so many mutants by a seed, the same ones as long as their statements stay."""

    def rank(one: Mutant) -> str:
        return hashlib.sha256(f"{seed}\n{one.name}".encode()).hexdigest()

    chosen: list[Mutant] = []
    for kind, share in SHARES.items():
        of_kind = sorted((one for one in mutants().values() if one.kind == kind), key=rank)
        chosen += of_kind[: round(count * share)]
    return sorted(chosen, key=rank)


def _lines(change: Change) -> range:
    first, last = change.statement.lineno, change.statement.end_lineno or 0
    body = getattr(change.statement, "body", None)
    if isinstance(body, list) and change.line < body[0].lineno:
        last = max(first, body[0].lineno - 1)  # the head of a loop, not all that it does
    return range(first, last + 1)


def _names(statement: ast.stmt) -> frozenset[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return frozenset({statement.name})
    stored = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
    return frozenset(one.id for one in stored if isinstance(one.ctx, ast.Store))


def _flat(text: str) -> str:
    return " ".join(text.split())
