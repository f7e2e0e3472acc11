"""Reads PromQL as far as pollbot's dashboard and alerts use it; anything else is an error.

prometheus.io/docs/prometheus/latest/querying: basics, operators, functions.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")

_TOKEN = re.compile(
    r"""\s*(?:(?P<time>\d+[smhd]\b)|(?P<number>\d+(?:\.\d+)?(?![\w.]))|(?P<word>[a-zA-Z_:][\w:]*)|(?P<text>"[^"\\]*")
    |(?P<range>\[\d+[smhd]\])|(?P<mark>[=!]~|[=!<>]=|[-+*/<>=(){},]))""",
    re.VERBOSE,
)
_SUMS = {"sum", "max", "min", "avg", "count"}
# What each function takes: a number, or what a series was over a time.
_OVER_TIME = {"rate", "increase"}
_FUNCTIONS = {"histogram_quantile": 2, "absent": 1, "time": 0}
_BY_STRENGTH = (
    ("or",),
    ("and", "unless"),
    ("==", "!=", "<", ">", "<=", ">="),
    ("+", "-"),
    ("*", "/"),
)


@dataclass(frozen=True, slots=True)
class Selector:
    """Some series of one metric: each label with how it is compared, and with what."""

    name: str
    labels: tuple[tuple[str, str, str], ...] = ()


@dataclass(slots=True)
class Read:
    """What an expression is about: series, and the labels by which it sums up each of them."""

    selectors: list[Selector] = field(default_factory=list)
    grouped: list[tuple[tuple[str, ...], list[Selector]]] = field(default_factory=list)


class NotPromqlError(Exception):
    """The text at which the expression cannot be read."""


def read(text: str) -> Read:
    """Return what an expression is about. Raises NotPromqlError."""
    reader = _Reader(list(_tokens(text)))
    reader.expression(0)
    if reader.next:
        raise NotPromqlError(" ".join(reader.left))
    return reader.read


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found or not found.lastgroup:
            raise NotPromqlError(text[at:])
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self.read = Read()

    @property
    def left(self) -> list[str]:
        return [text for _, text in self._tokens]

    @property
    def next(self) -> str:
        return self._tokens[0][1] if self._tokens else ""

    def expression(self, level: int) -> None:
        """Read operators of that strength and above."""
        if level == len(_BY_STRENGTH):
            self._atom()
            return
        self.expression(level + 1)
        while self.next in _BY_STRENGTH[level]:
            self._take()
            self.expression(level + 1)

    def _atom(self) -> None:
        kind = self._tokens[0][0] if self._tokens else ""
        text = self._take()
        if kind == "number":
            return
        if text == "(":
            self.expression(0)
            self._take(")")
        elif kind != "word":
            raise NotPromqlError(text)
        elif text in _SUMS:
            self._sum()
        elif text in _OVER_TIME:
            self._take("(")
            self._selector(self._take(kind="word"))
            self._take(kind="range")
            self._take(")")
        elif text in _FUNCTIONS:
            self._arguments(_FUNCTIONS[text])
        else:
            self._selector(text)

    def _arguments(self, count: int) -> None:
        self._take("(")
        for place in range(count):
            if place:
                self._take(",")
            self.expression(0)
        self._take(")")

    def _sum(self) -> None:
        by: tuple[str, ...] = ()
        if self.next == "by":
            self._take()
            by = tuple(self._list("(", ")", lambda: self._take(kind="word")))
        before = len(self.read.selectors)
        self._arguments(1)
        self.read.grouped.append((by, self.read.selectors[before:]))

    def _selector(self, name: str) -> None:
        labels: list[tuple[str, str, str]] = []
        if self.next == "{":
            labels = list(self._list("{", "}", self._label))
        if self.next == "offset":
            self._take()
            self._take(kind="time")
        self.read.selectors.append(Selector(name, tuple(labels)))

    def _label(self) -> tuple[str, str, str]:
        label, how = self._take(kind="word"), self._take(kind="mark")
        if how not in ("=", "!=", "=~", "!~"):
            raise NotPromqlError(how)
        return label, how, self._take(kind="text").strip('"')

    def _list(self, begin: str, end: str, one: Callable[[], T]) -> Iterator[T]:
        self._take(begin)
        while self.next != end:
            yield one()
            if self.next != end:
                self._take(",")
        self._take(end)

    def _take(self, text: str = "", *, kind: str = "") -> str:
        """Take the next word. Raises NotPromqlError if it is not that, or not of that kind."""
        if not self._tokens:
            raise NotPromqlError("it ends too early")
        found, said = self._tokens.pop(0)
        if (text and said != text) or (kind and found != kind):
            raise NotPromqlError(" ".join([said, *self.left]))
        return said
