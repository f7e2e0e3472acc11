"""What the expressions of pollbot's dashboard and alerts are about, as promql-parser reads them."""

from dataclasses import dataclass, field

from promql_parser import AggregateExpr, Expr, VectorSelector, parse, walk


@dataclass(frozen=True, slots=True)
class Selector:
    """Some series of one metric: each label, and what it is compared with."""

    name: str
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Read:
    """What an expression is about: series, and the labels by which it sums up each of them."""

    selectors: list[Selector] = field(default_factory=list)
    grouped: list[tuple[tuple[str, ...], list[Selector]]] = field(default_factory=list)


def read(text: str) -> Read:
    """Return what an expression is about. Raises ValueError if it is no PromQL."""
    whole = parse(text)
    found = Read(_selectors(whole))
    for part in _parts(whole):
        if isinstance(part, AggregateExpr):
            by = part.modifier.labels if part.modifier else []
            found.grouped.append((tuple(by), _selectors(part.expr)))
    return found


def _selectors(whole: Expr) -> list[Selector]:
    return [
        Selector(
            part.name or "", tuple((label.name, label.value) for label in part.matchers.matchers)
        )
        for part in _parts(whole)
        if isinstance(part, VectorSelector)
    ]


def _parts(whole: Expr) -> list[Expr]:
    found: list[Expr] = []
    walk(whole, found.append)
    return found
