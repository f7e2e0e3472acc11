"""Every SQL statement of pollbot's that both engines have to understand, found by reading it.

What stands in a call of ``execute`` is worked out from the code: constants, what modules define,
what is assigned before, what loops go over, and what callers hand in. What a queue says is what it
says when it is asked. Whatever cannot be worked out is an error, so nothing is passed over.
"""

import ast
import builtins
import importlib
import inspect
import itertools
import re
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, get_args, get_origin

import pytest

import pollbot
from pollbot.database import _OnFile, _OnServer
from pollbot.place import Server
from pollbot.polls.answers.seal_rows import SealFile, SealTable
from pollbot.store.mark import Mark
from pollbot.store.migrations import migrate
from pollbot.store.postgres import PostgresConnection, PostgresServer
from pollbot.store.queue import Again, Done, Held, Only, Queue
from pollbot.store.sqlite import SqliteConnection, SqliteFile

SOURCE = Path(pollbot.__file__).parent
_CALLS = ("execute", "executemany")
_OF_ONE_ENGINE = re.compile(r"sqlite3\.|PostgresConnection|psycopg|Database\b")
"""Types of connections that only one engine has."""
_HANDED_DB = {"transaction", "reading", "act", "undo"}
"""What callers of a function with such a decorator do not hand in: its connection."""
_QUEUE = Path(inspect.getfile(Queue))
_DEEPEST = 12
_ASKED_OF_QUEUES = ("make_due", "make_sooner", "unpark", "news")
NAMED = "(named)"
"""Stands for the columns of an INSERT, and their values by their names."""

Functions = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Unknown(Exception):
    """What is said there cannot be worked out."""


@dataclass
class Module:
    path: Path
    itself: ModuleType
    tree: ast.Module
    within: dict[ast.Call, list[Functions]] = field(default_factory=dict)
    """The functions around each call, the innermost last."""
    classes: list[ast.ClassDef] = field(default_factory=list)


Call = tuple[Module, ast.Call, list[Functions]]
"""A call, and the functions that it stands in."""


@dataclass(frozen=True)
class Place:
    """A call of ``execute``, in which file and line."""

    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path.relative_to(SOURCE)}:{self.line}"


@dataclass(frozen=True)
class Seen:
    """Where in the code an expression stands, with what is known of names there."""

    module: Module
    functions: tuple[Functions, ...]
    known: tuple[tuple[str, Any], ...] = ()
    depth: int = 0

    def names(self) -> dict[str, Any]:
        return dict(self.known)


class Statements:
    """All that pollbot says to a database of one engine, where both are to understand it."""

    def __init__(self, row_id: str, to_claim: str) -> None:
        """What each engine calls a row's own id, and how it ends what looks for rows to hold."""
        self._row_id = row_id
        self._to_claim = to_claim
        self._modules = [_module(path) for path in sorted(SOURCE.rglob("*.py"))]
        self.by_place: dict[Place, set[str]] = {}
        self.of_one_engine: set[Place] = set()
        self.unknown: list[str] = []
        self._calls: defaultdict[str, list[Call]] = defaultdict(list)
        for module in self._modules:
            for call, functions in module.within.items():
                self._calls[_name(call.func)].append((module, call, functions))
                if _is_named(call.func, "partial"):
                    later = ast.copy_location(
                        ast.Call(call.args[0], call.args[1:], call.keywords), call
                    )
                    self._calls[_name(later.func)].append((module, later, functions))
        for module, call, functions in (one for name in _CALLS for one in self._calls[name]):
            if not (isinstance(call.func, ast.Attribute) and call.args):
                continue
            if self._is_for_both(module, call, functions):
                self._add(module, call, functions)
            else:
                self.of_one_engine.add(Place(module.path, call.lineno))
        for place, statement in self._of_queues():
            self.by_place.setdefault(place, set()).add(statement)

    @cached_property
    def alike(self) -> dict[Place, set[str]]:
        """What is the same of the statements of each place, however many values they are given."""
        return {place: set(map(alike, texts)) for place, texts in self.by_place.items()}

    def __iter__(self) -> Iterator[tuple[Place, str]]:
        for place, statements in self.by_place.items():
            for statement in sorted(statements):
                yield place, statement

    def _add(self, module: Module, call: ast.Call, functions: list[Functions]) -> None:
        place = Place(module.path, call.lineno)
        found = self.by_place.setdefault(place, set())
        if module.path == _QUEUE:
            return  # a queue itself is asked what it says
        try:
            found |= set(self._texts(call.args[0], Seen(module, tuple(functions))))
        except Unknown as error:
            self.unknown.append(f"{place}: {ast.unparse(call.args[0])} ({error})")

    # Who is asked

    def _is_for_both(self, module: Module, call: ast.Call, functions: list[Functions]) -> bool:
        assert isinstance(call.func, ast.Attribute)
        if any(functions and functions[0] in one.body for one in _twins(module)):
            return False
        kind = self._type_of(call.func.value, module, functions)
        if kind is not None:
            parts = [part.strip() for part in kind.strip("'\"").split("|")]
            return not all(_OF_ONE_ENGINE.match(part) for part in parts)
        # Nobody says what it is: where an engine is opened it is that one's own.
        own = {"sqlite3", "psycopg", "PostgresConnection"} & set(vars(module.itself))
        return not own

    def _type_of(self, asked: ast.expr, module: Module, functions: list[Functions]) -> str | None:
        if isinstance(asked, ast.Attribute):
            of = self._type_of(asked.value, module, functions)
            owner = vars(module.itself).get(of or "")
            kind = (
                inspect.get_annotations(owner).get(asked.attr) if inspect.isclass(owner) else None
            )
            return kind if kind is None or isinstance(kind, str) else str(kind)
        if not isinstance(asked, ast.Name):
            return None
        for function in reversed(functions):
            for one in _parameters(function):
                if one.arg == asked.id:
                    return ast.unparse(one.annotation) if one.annotation else None
            for value in _values_of(function, asked.id):
                return self._type_of(value, module, functions)
        return None

    # What is said

    def _texts(self, said: ast.expr, seen: Seen) -> list[str]:
        if seen.depth > _DEEPEST:
            raise Unknown("it goes round")
        texts: list[str] = []
        for known in self._loops(said, seen):
            for one in self._with_repeated(said, known):
                texts += self._texts_once(said, one)
        return list(dict.fromkeys(texts))

    def _with_repeated(self, said: ast.expr, seen: Seen) -> Iterator[Seen]:
        """Yield what is seen with each text of a name that is used more than once."""
        if self._value(said, seen) is not None:
            yield seen
            return
        used = Counter(node.id for node in ast.walk(said) if isinstance(node, ast.Name))
        twice = [
            name
            for name, times in used.items()
            if times > 1 and self._value(ast.Name(name, ast.Load()), seen) is None
        ]
        choices = [self._named(name, seen) for name in twice]
        for one in itertools.product(*choices):
            yield replace(seen, known=(*seen.known, *zip(twice, one, strict=True)))

    def _texts_once(self, said: ast.expr, seen: Seen) -> list[str]:
        value = self._value(said, seen)
        if value is not None:
            return [str(value)]
        match said:
            case ast.JoinedStr():
                parts = [
                    self._texts_once(part.value, seen)
                    if isinstance(part, ast.FormattedValue)
                    else [str(part.value)]
                    for part in said.values
                    if isinstance(part, ast.FormattedValue | ast.Constant)
                ]
                return ["".join(one) for one in itertools.product(*parts)]
            case ast.BinOp(op=ast.Add()):
                left, right = (self._texts_once(one, seen) for one in (said.left, said.right))
                return ["".join(one) for one in itertools.product(left, right)]
            case ast.IfExp():
                return self._texts_once(said.body, seen) + self._texts_once(said.orelse, seen)
            case ast.Attribute(attr="row_id"):
                return [self._row_id]
            case ast.Call(func=ast.Name(id="named")):
                return [NAMED]
            case ast.Call(
                func=ast.Attribute(value=ast.Constant(value=str(between)), attr="join"),
                args=[ast.BinOp(left=ast.Constant(value=str(mark)), op=ast.Mult())],
            ):
                return [between.join([mark] * many) for many in (1, 2)]
            case ast.Name():
                return self._named(said.id, seen)
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                return self._kept(name, seen)
        raise Unknown(ast.unparse(said))

    def _named(self, name: str, seen: Seen) -> list[str]:
        for depth in reversed(range(len(seen.functions))):
            function = seen.functions[depth]
            here = Seen(seen.module, seen.functions[: depth + 1], seen.known, seen.depth + 1)
            if name in {one.arg for one in _parameters(function)}:
                texts = self._handed_in(name, here)
            else:
                texts = [
                    text
                    for value in _values_of(function, name)
                    for text in self._texts(value, here)
                ]
            for more in (n for n in ast.walk(function) if isinstance(n, ast.AugAssign)):
                if isinstance(more.target, ast.Name) and more.target.id == name:
                    texts += [a + b for a in texts for b in self._texts(more.value, here)]
            if texts:
                return texts
        raise Unknown(f"{name} is nobody's")

    def _kept(self, name: str, seen: Seen) -> list[str]:
        """Return what an object keeps under a name: what its class was made with."""
        (of,) = (one for one in seen.module.classes if seen.functions[0] in one.body)
        (begin,) = (
            one for one in of.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"
        )
        given = [
            node.value
            for node in ast.walk(begin)
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == f"self.{name}"
        ]
        here = Seen(seen.module, (begin,), depth=seen.depth + 1)
        texts = [text for value in given for text in self._texts(value, here)]
        if not texts:
            raise Unknown(f"self.{name}")
        return texts

    def _handed_in(self, name: str, seen: Seen) -> list[str]:
        """Return what callers give a function for one of its parameters."""
        function = seen.functions[-1]
        (parameter,) = (one for one in _parameters(function) if one.arg == name)
        choices = _choices(parameter, seen.module)
        if choices:
            return choices
        if isinstance(function, ast.Lambda):
            raise Unknown(f"{name} of a lambda")
        texts: list[str] = []
        calls = (
            self._makers_of(function, seen.module)
            if function.name == "__init__"
            else self._calls_of(function, seen.module)
        )
        for module, call, functions in calls:
            given = _given(call, function, name)
            if given is None:
                raise Unknown(f"{name} at {module.path.name}:{call.lineno}")
            where = Seen(module, tuple(functions), depth=seen.depth + 1)
            texts += self._texts(given, where)
        if not texts:
            raise Unknown(f"nobody calls {function.name}")
        return texts

    def _calls_of(self, function: ast.FunctionDef | ast.AsyncFunctionDef, of: Module) -> list[Call]:
        itself = vars(of.itself).get(function.name)
        names = {
            name
            for module in self._modules
            for name, value in vars(module.itself).items()
            if itself is not None and value is itself
        }
        found: list[Call] = []
        for module, call, functions in (
            one for name in {function.name, *names} for one in self._calls[name]
        ):
            if isinstance(call.func, ast.Name):
                same = vars(module.itself).get(call.func.id) is itself
            else:
                called = self._value(call.func, Seen(module, tuple(functions)))
                same = called is itself if itself is not None else called is None
            if same:
                found.append((module, call, functions))
        return found

    def _makers_of(
        self, begin: ast.FunctionDef | ast.AsyncFunctionDef, of: Module
    ) -> Iterator[Call]:
        """Yield what makes objects of a class, or of one that stands on it."""
        (name,) = (one.name for one in of.classes if begin in one.body)
        itself = vars(of.itself)[name]
        for module, call, functions in self._calls[name]:
            if self._value(call.func, Seen(module, tuple(functions))) is itself:
                yield module, call, functions
        for module, call, functions in self._calls["__init__"]:
            (below,) = (one for one in module.classes if functions[0] in one.body)
            if itself in vars(module.itself)[below.name].__mro__[1:2]:
                yield module, call, functions

    def _loops(self, said: ast.expr, seen: Seen) -> list[Seen]:
        """Return what is seen in each round of the loops whose names are used."""
        wanted = {node.id for node in ast.walk(said) if isinstance(node, ast.Name)}
        wanted -= set(seen.names())
        rounds = [seen]
        for function in seen.functions:
            for loop in (n for n in ast.walk(function) if isinstance(n, ast.For)):
                names = [n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)]
                if not wanted & set(names) or not any(n is said for n in ast.walk(loop)):
                    continue
                values = self._rounds(loop.iter, seen)
                if values is not None:
                    rounds = [
                        Seen(
                            one.module,
                            one.functions,
                            (*one.known, *zip(names, value, strict=True)),
                            one.depth,
                        )
                        for one in rounds
                        for value in values
                    ]
        return rounds

    def _rounds(self, over: ast.expr, seen: Seen) -> list[tuple[Any, ...]] | None:
        whole = self._value(over, seen)
        if whole is not None:
            return [one if isinstance(one, tuple) else (one,) for one in whole]
        if isinstance(over, ast.Tuple | ast.List):
            return [
                tuple(self._value(part, seen) for part in one.elts)
                if isinstance(one, ast.Tuple)
                else (self._value(one, seen),)
                for one in over.elts
            ]
        return None

    def _value(self, said: ast.expr, seen: Seen) -> Any:
        """Return what it is, if that depends on nothing but what the module has and is known."""
        known = seen.names()
        own = {
            node.id
            for node in ast.walk(said)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        local = {name for function in seen.functions for name in _locals(function)} - own
        for node in ast.walk(said):
            if isinstance(node, ast.Name) and node.id not in {*known, *own}:
                is_there = hasattr(seen.module.itself, node.id) or hasattr(builtins, node.id)
                if node.id in local or not is_there:
                    return None
            if isinstance(node, ast.Await | ast.Yield | ast.NamedExpr):
                return None
        with suppress(Exception):
            code = compile(
                ast.fix_missing_locations(ast.Expression(said)), str(seen.module.path), "eval"
            )
            return eval(code, {**vars(seen.module.itself), **known})  # noqa: S307  pollbot's own
        return None

    # Queues

    def _of_queues(self) -> Iterator[tuple[Place, str]]:
        """Have each queue say all that it says, with the conditions that its users give it."""
        self._only = list(self._all_conditions())
        for queue in _queues(self._modules):
            for ask in self._asked_of(queue):
                told = _Told(self._to_claim)
                ask(told)
                yield from told.statements

    def _asked_of(self, queue: Queue) -> Iterator[Callable[[Any], object]]:
        for what in _ASKED_OF_QUEUES:
            for module, call, functions in self._calls[what]:
                seen = Seen(module, tuple(functions))
                if isinstance(call.func, ast.Attribute) and (
                    self._value(call.func.value, seen) is queue
                ):
                    yield from self._asked_by(queue, what, call, seen)
        for module, call, functions in self._calls["Work"]:
            seen = Seen(module, tuple(functions))
            if self._value(call.args[1], seen) is queue:
                for text in self._texts(call.args[2], seen):
                    yield from _work(queue, text, self._conditions(queue))

    def _asked_by(
        self, queue: Queue, what: str, call: ast.Call, seen: Seen
    ) -> Iterator[Callable[[Any], object]]:
        method = getattr(Queue, what)
        parameters = inspect.signature(method).parameters.values()
        names = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD][1:]
        given = dict(zip(names, call.args, strict=False))
        given |= {one.arg: one.value for one in call.keywords if one.arg}
        texts = {
            name: self._texts(given[name], seen)
            for name in ("sets", "where", "returning")
            if name in given
        }
        for one in itertools.product(*texts.values()):
            words: dict[str, Any] = dict(zip(texts, one, strict=True))
            if "at" in names:
                words["at"] = 1.0
            yield partial(_ask, method, queue, words)

    def _conditions(self, queue: Queue) -> list[Only]:
        """Return every condition under which anybody claims from this queue."""
        return [Only("1 = 1"), *(Only(text) for text in self._only if _fits(queue, text))]

    def _all_conditions(self) -> Iterator[str]:
        for module, call, functions in self._calls["Only"]:
            yield from self._texts(call.args[0], Seen(module, tuple(functions)))


def _ask(method: Callable[..., object], queue: Queue, words: dict[str, Any], db: Any) -> object:
    return method(queue, db, **words)


def _fits(queue: Queue, condition: str) -> bool:
    """Return whether a condition is about the columns of this queue's table."""
    marks = (None,) * condition.count("?")
    query = f"EXPLAIN SELECT 1 FROM {queue._table} WHERE {condition}"  # noqa: S608  pollbot's own
    try:
        empty().execute(query, marks)
    except sqlite3.OperationalError as error:
        if "no such column" not in str(error):
            raise
        return False
    return True


def _work(queue: Queue, columns: str, only: Iterable[Only]) -> Iterator[Callable[[Any], object]]:
    """Yield what is asked of a queue that has a worker."""
    held: Held[Any] = Held(None, tuple("k" for _ in queue._key), "h", 0)
    full = [Counter({"a": 99, "b": 99}) for _ in queue._limits]
    for one in only:
        yield partial(_claim, queue, columns, full, one)
    yield lambda db: queue._hold(db, held.key, columns, "h", "e", 1.0)
    yield lambda db: queue.next_at(db, 1.0, {"a", "b"})
    yield lambda db: queue.amounts(db, 1.0)
    yield lambda db: queue.put_back(db, held, Done(), 1.0, 0.0)
    yield lambda db: queue.put_back(db, held, Again(), 1.0, 0.0)
    yield lambda db: queue.pull_in(db, 1.0, 1.0)
    yield lambda db: queue.resume(db, 1.0)


def _claim(queue: Queue, columns: str, full: list[Counter[Any]], only: Only, db: Any) -> None:
    queue._waiting(db, 1.0, 1, full, only)
    queue.claim(db, 1.0, 1, columns, "h", {"a", "b"}, only)


class _Told:
    """A connection that only keeps what it is told, and by which line."""

    def __init__(self, to_claim: str) -> None:
        self.to_claim = to_claim
        self.made_due: list[str] = []
        self.statements: list[tuple[Place, str]] = []
        self.rowcount = 1

    def execute(self, statement: str, values: Any = ()) -> "_Told":
        asked = sys._getframe(1)
        self.statements.append((Place(Path(asked.f_code.co_filename), asked.f_lineno), statement))
        return self

    def fetchall(self) -> list[Any]:
        return []

    def fetchone(self) -> tuple[Any, ...]:
        return (None,) if "min(" in self.statements[-1][1] else (0,) * 99


def _twins(module: Module) -> list[ast.ClassDef]:
    """Return the classes that are written once for each engine, as far as they are here."""
    twins = {SqliteFile, PostgresServer, Mark, SealFile, SealTable}
    return [one for one in module.classes if vars(module.itself).get(one.name) in twins]


def _queues(modules: list[Module]) -> list[Queue]:
    found = [one for m in modules for one in vars(m.itself).values() if isinstance(one, Queue)]
    return list({id(one): one for one in found}.values())


@cache
def _module(path: Path) -> Module:
    name = ".".join(("pollbot", *path.relative_to(SOURCE).with_suffix("").parts))
    if "sandbox" in path.parts or path.stem in ("__main__", "__init__"):
        return Module(path, ModuleType(name), ast.Module([], []))
    tree = ast.parse(path.read_text())
    module = Module(path, importlib.import_module(name), tree)

    def walk(node: ast.AST, functions: list[Functions]) -> None:
        if isinstance(node, Functions):
            functions = [*functions, node]
        elif isinstance(node, ast.Call):
            module.within[node] = functions
        elif isinstance(node, ast.ClassDef):
            module.classes.append(node)
        for child in ast.iter_child_nodes(node):
            walk(child, functions)

    walk(tree, [])
    return module


def _parameters(function: Functions) -> list[ast.arg]:
    names = function.args
    return [*names.posonlyargs, *names.args, *names.kwonlyargs]


@cache
def _values_of(function: Functions, name: str) -> list[ast.expr]:
    """Return what is assigned to a name in a function."""
    pairs: list[tuple[ast.expr, ast.expr]] = []
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs += zip(target.elts, node.value.elts, strict=False)
                else:
                    pairs.append((target, node.value))
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            pairs.append((node.target, node.value))
    return [value for to, value in pairs if isinstance(to, ast.Name) and to.id == name]


@cache
def _locals(function: Functions) -> set[str]:
    stored = {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    rest = [one for one in (function.args.vararg, function.args.kwarg) if one is not None]
    return stored | {one.arg for one in (*_parameters(function), *rest)}


def _choices(parameter: ast.arg, module: Module) -> list[str]:
    if parameter.annotation is None:
        return []
    with suppress(Exception):
        kind = eval(ast.unparse(parameter.annotation), vars(module.itself))  # noqa: S307
        if get_origin(kind) is Literal:
            return [str(one) for one in get_args(kind)]
    return []


def _given(
    call: ast.Call, function: ast.FunctionDef | ast.AsyncFunctionDef, name: str
) -> ast.expr | None:
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    if names and names[0] == "self":
        del names[0]
    if any(_is_named(one, word) for one in function.decorator_list for word in _HANDED_DB):
        names.remove("db")
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if name in names and names.index(name) < len(call.args):
        given = call.args[: names.index(name) + 1]
        return None if any(isinstance(one, ast.Starred) for one in given) else given[-1]
    defaults = dict(
        zip(reversed(function.args.args), reversed(function.args.defaults), strict=False)
    )
    defaults |= {
        one: value
        for one, value in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
        if value is not None
    }
    return next((value for one, value in defaults.items() if one.arg == name), None)


def _name(called: ast.expr) -> str:
    match called:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _is_named(called: ast.expr, name: str) -> bool:
    return isinstance(called, ast.Name) and called.id == name


def alike(statement: str) -> str:
    """Return what is the same of a statement however many values it was given."""
    some = re.sub(r"\?(?:, \?)+", "?", statement.replace("IN ()", "IN (?)"))
    return re.sub(r"\([a-z_, ]+\) VALUES \(:[a-z_:, ]+\)", NAMED, some)


@contextmanager
def listening() -> Iterator[list[str]]:
    """Yield a list of what was said meanwhile and is not among what was found by reading."""
    strange: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for kind, found in (
            (SqliteConnection, for_sqlite()),
            (PostgresConnection, for_postgresql()),
        ):
            for name in _CALLS:
                heard = _heard(kind, name, found.alike, found.of_one_engine, strange)
                patch.setattr(kind, name, heard)
        yield strange


def _heard(
    kind: type[Any], name: str, known: dict[Place, set[str]], own: set[Place], strange: list[str]
) -> Callable[..., Any]:
    listened_to = getattr(kind, name)

    def told(self: Any, statement: str, *values: Any) -> Any:
        by = sys._getframe(1)
        place = Place(Path(by.f_code.co_filename), by.f_lineno)
        is_ours = place.path.is_relative_to(SOURCE) and place not in own
        if is_ours and alike(statement) not in known.get(place, ()):
            strange.append(f"{place}: {statement}")
        return listened_to(self, statement, *values)

    return told


@cache
def for_sqlite() -> Statements:
    """Return all that SQLite is told where PostgreSQL may stand in its place."""
    with closing(SqliteConnection(":memory:")) as db:
        return Statements(_OnFile.row_id, db.to_claim)


@cache
def for_postgresql() -> Statements:
    """Return the same, as PostgreSQL is told it."""
    return Statements(_OnServer.row_id, PostgresConnection(Server("")).to_claim)


@cache
def empty() -> sqlite3.Connection:
    """Return a database with pollbot's tables, and nothing in them."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrate(db)
    db.create_function("random_id", 0, lambda: "")
    return db
