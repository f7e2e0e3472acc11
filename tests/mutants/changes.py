"""The ways in which a program may be changed so that it still is one, but another.

Left alone is what changes nothing that people or other programs can meet: what is logged, types,
documentation, and how a dataclass is built.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.mutants.sql import changes_of_sql

_COMPARED: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
_COUNTED: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
}
_OTHER_FUNCTION = {"min": "max", "max": "min", "any": "all", "all": "any"}
_HOW_IT_IS_BUILT = {"slots", "frozen", "kw_only", "strict", "order", "eq", "init", "repr"}
_LOGS = {"log", "_log", "logger", "_LOG", "LOG"}
_SWAPPED_IN_VAIN = {"isinstance", "issubclass", "partial", "execute", "executemany", "cast", "sub"}
_NO_MATTER = {"TypeVar", "ParamSpec", "NewType", "cast"}

Where = tuple[str, ast.stmt, bool]
"""The function, the innermost statement, and whether it is run by more than an import."""


@dataclass(frozen=True, slots=True)
class Change:
    """``before`` stands at ``start``, in bytes, and ``after`` takes its place.

    ``is_run``: more than the module's import runs it.
    """

    what: str
    before: str
    after: str
    start: int
    line: int
    function: str
    statement: ast.stmt
    is_run: bool


Found = Iterator[tuple[str, int, int, str]]
"""What is changed, from which byte to which, and into what."""


class Text:
    """A program, and where in its text each part of it stands."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.tree = ast.parse(source)
        self._begin = [0]
        for line in source.splitlines(keepends=True):
            self._begin.append(self._begin[-1] + len(line))

    def start(self, node: ast.expr | ast.stmt) -> int:
        """Return the byte at which it begins."""
        return self._begin[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt) -> int:
        """Return the byte after its last one."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._begin[node.end_lineno - 1] + node.end_col_offset

    def of(self, node: ast.expr | ast.stmt) -> str:
        """Return how it reads."""
        return self.between(self.start(node), self.end(node))

    def between(self, start: int, end: int) -> str:
        """Return what stands there."""
        return self.source[start:end].decode()


def changes(text: Text) -> Iterator[Change]:
    """Yield each change of one place of a program."""
    for node, (function, statement, is_run) in _places(text.tree):
        for kind, find in _WAYS:
            if not isinstance(node, kind):
                continue
            for what, start, end, after in find(text, node):
                before = text.between(start, end)
                if before != after:
                    line = text.source[:start].count(b"\n") + 1
                    yield Change(what, before, after, start, line, function, statement, is_run)


def _places(tree: ast.Module) -> Iterator[tuple[ast.AST, Where]]:
    """Yield all that may be changed, with where it stands."""

    def walk(node: ast.AST, where: Where) -> Iterator[tuple[ast.AST, Where]]:
        name, _, is_run = where
        if isinstance(node, ast.stmt):
            where = name, node, is_run
        if _is_left_alone(node):
            return
        yield node, where
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                inside = f"{name}.{node.name}" if name else node.name
                defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
                for one in defaults:
                    yield from walk(one, (inside, node, is_run))
                for part in node.body:
                    yield from walk(part, (inside, node, True))
            case ast.ClassDef():
                inside = f"{name}.{node.name}" if name else node.name
                for part in node.body:
                    yield from walk(part, (inside, node, is_run))
            case ast.AnnAssign():
                if node.value is not None:
                    yield from walk(node.value, where)
            case ast.Lambda():
                yield from walk(node.body, (name, where[1], is_run))
            case ast.Constant() | ast.JoinedStr():
                return  # what a text holds is a matter of the whole text
            case _:
                for child in ast.iter_child_nodes(node):
                    yield from walk(child, where)

    for statement in tree.body:
        yield from walk(statement, ("", statement, False))


def _is_left_alone(node: ast.AST) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Assert() | ast.Pass():
            return True
        case ast.Expr(value=ast.Constant()):
            return True  # what documents
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return name in _LOGS
        case ast.Call(func=ast.Name(id=name)):
            return name in _NO_MATTER
        case ast.keyword(arg=name):
            return name in _HOW_IT_IS_BUILT
        case ast.ClassDef(bases=bases):
            return any(isinstance(one, ast.Name) and one.id == "Protocol" for one in bases)
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.FunctionDef(decorator_list=marks) | ast.AsyncFunctionDef(decorator_list=marks):
            return any(isinstance(one, ast.Name) and one.id == "overload" for one in marks)
    return False


def _compared(text: Text, node: ast.Compare) -> Found:
    for op, left, right in zip(
        node.ops, [node.left, *node.comparators], node.comparators, strict=False
    ):
        told, other = _COMPARED[type(op)]
        yield from _sign(text, "compared otherwise", left, right, told, other)


def _counted(text: Text, node: ast.BinOp) -> Found:
    if type(node.op) in _COUNTED and not (_is_text(node.left) or _is_text(node.right)):
        told, other = _COUNTED[type(node.op)]
        yield from _sign(text, "counted otherwise", node.left, node.right, told, other)


def _added(text: Text, node: ast.AugAssign) -> Found:
    if isinstance(node.op, ast.Add | ast.Sub) and not _is_text(node.value):
        told, other = _COUNTED[type(node.op)]
        yield from _sign(
            text, "counted otherwise", node.target, node.value, f"{told}=", f"{other}="
        )


def _sign(text: Text, what: str, left: ast.expr, right: ast.expr, told: str, other: str) -> Found:
    """Yield the sign between two parts turned into another."""
    start, end = text.end(left), text.start(right)
    before = text.between(start, end)
    place = re.search(rf"(?<![\w<>=!]){re.escape(told)}(?![\w<>=])", before)
    if place is not None:
        yield what, start, end, before[: place.start()] + other + before[place.end() :]


def _joined(text: Text, node: ast.BoolOp) -> Found:
    told, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    for left, right in pairwise(node.values):
        yield from _sign(text, "joined otherwise", left, right, told, other)
    whole = text.of(node)
    start = text.start(node)
    for place, value in enumerate(node.values):
        if place == 0:
            cut = (start, text.start(node.values[1]))
        else:
            cut = (text.end(node.values[place - 1]), text.end(value))
        begin, end = (len(text.between(start, at)) for at in cut)
        after = whole[:begin] + whole[end:]
        if _is_expression(after):
            yield "one of several conditions dropped", start, text.end(node), after


def _denied(text: Text, node: ast.UnaryOp) -> Found:
    if isinstance(node.op, ast.Not):
        yield "not denied", text.start(node), text.end(node), f"({_after_not(text, node)})"


def _after_not(text: Text, node: ast.UnaryOp) -> str:
    return text.between(text.start(node) + len("not"), text.end(node)).strip()


def _asked(text: Text, node: ast.If | ast.While | ast.IfExp) -> Found:
    test = node.test
    if isinstance(test, ast.Name | ast.Attribute | ast.Call | ast.Await | ast.Subscript):
        yield "the opposite asked", text.start(test), text.end(test), f"(not {text.of(test)})"


def _sieved(text: Text, node: ast.comprehension) -> Found:
    for test in node.ifs:
        yield "all taken", text.start(test), text.end(test), f"({text.of(test)}, True)[1]"


def _said(text: Text, node: ast.Constant | ast.JoinedStr) -> Found:
    start, end = text.start(node), text.end(node)
    value = node.value if isinstance(node, ast.Constant) else ""
    if isinstance(value, bool):
        yield "true for false", start, end, str(not value)
    elif isinstance(value, int):
        yield "one more", start, end, str(value + 1)
    elif isinstance(value, float):
        yield "twice as much", start, end, repr(value * 2 if value else 1.0)
    elif isinstance(value, str):
        whole = text.of(node)
        for what, at, to, after in changes_of_sql(whole, is_format=isinstance(node, ast.JoinedStr)):
            first = start + len(whole[:at].encode())
            yield what, first, first + len(whole[at:to].encode()), after


def _returned(text: Text, node: ast.Return) -> Found:
    value = node.value
    nothing = isinstance(value, ast.Constant) and not value.value
    empty = isinstance(value, ast.List | ast.Tuple) and not value.elts
    if value is not None and not nothing and not empty:
        yield "nothing returned", text.start(value), text.end(value), "None"


def _done(text: Text, node: ast.stmt) -> Found:
    """Yield a statement left out."""
    match node:
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.Raise() | ast.Delete():
            pass
        case ast.AugAssign():
            pass
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            pass
        case ast.Return(value=None):
            pass
        case _:
            return
    yield "left out", text.start(node), text.end(node), "pass"


def _gone_on(text: Text, node: ast.Break | ast.Continue) -> Found:
    other = "continue" if isinstance(node, ast.Break) else "break"
    yield "gone on otherwise", text.start(node), text.end(node), other


def _called(text: Text, node: ast.Call) -> Found:
    func = node.func
    name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
    if isinstance(func, ast.Name) and name in _OTHER_FUNCTION:
        yield "another function", text.start(func), text.end(func), _OTHER_FUNCTION[name]
    if name in ("execute", "executemany") and len(node.args) > 1:
        values = node.args[1]
        if isinstance(values, ast.Tuple):
            yield from _swapped(text, values.elts)
    elif name not in _SWAPPED_IN_VAIN | _OTHER_FUNCTION.keys():
        yield from _swapped(text, node.args[:2])


def _swapped(text: Text, values: list[ast.expr]) -> Found:
    for one, other in pairwise(values):
        if isinstance(one, ast.Starred) or isinstance(other, ast.Starred) or text.of(one) == "db":
            continue
        between = text.between(text.end(one), text.start(other))
        if between.strip() == "," and text.of(one) != text.of(other):
            swapped = text.of(other) + between + text.of(one)
            yield "two swapped", text.start(one), text.end(other), swapped


def _listed(text: Text, node: ast.Set) -> Found:
    for one in node.elts if len(node.elts) > 1 else ():
        if not isinstance(one, ast.Starred):
            yield "one missing", text.start(one), text.end(one), "*()"


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    return isinstance(
        node, ast.JoinedStr | ast.List | ast.Tuple | ast.ListComp | ast.Set | ast.Dict
    ) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _is_expression(text: str) -> bool:
    try:
        ast.parse(f"({text})", mode="eval")
    except SyntaxError:
        return False
    return True


_WAYS: list[tuple[type[ast.AST] | tuple[type[ast.AST], ...], Callable[[Text, Any], Found]]] = [
    (ast.Compare, _compared),
    (ast.BinOp, _counted),
    (ast.AugAssign, _added),
    (ast.BoolOp, _joined),
    (ast.UnaryOp, _denied),
    ((ast.If, ast.While, ast.IfExp), _asked),
    (ast.comprehension, _sieved),
    ((ast.Constant, ast.JoinedStr), _said),
    (ast.Return, _returned),
    (ast.stmt, _done),
    ((ast.Break, ast.Continue), _gone_on),
    (ast.Call, _called),
    (ast.Set, _listed),
]
