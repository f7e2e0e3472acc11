"""The Atlassian Document Format, as far as comments here need it: what is valid, how it is read.

Source: developer.atlassian.com, "Atlassian Document Format", and its JSON schema.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

LONGEST_COMMENT = 32_767

Node = Mapping[str, Any]
Check = Callable[[Any], bool]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


_LAYOUTS = ("default", "wide", "full-width", "center", "align-start", "align-end")
_INLINE = frozenset({"text", "hardBreak"})
_CELL_ATTRS: dict[str, Check] = {
    "colspan": _is_count,
    "rowspan": _is_count,
    "colwidth": lambda value: isinstance(value, list) and all(map(_is_count, value)),
    "background": _is_text,
}


@dataclass(frozen=True)
class _Kind:
    """What a node may hold: which others, at least how many, and its attributes."""

    holds: frozenset[str] = frozenset()
    least: int = 0
    attrs: Mapping[str, Check] | None = None
    needs: frozenset[str] = frozenset()


_KINDS: dict[str, _Kind] = {
    "doc": _Kind(frozenset({"heading", "paragraph", "table"})),
    "heading": _Kind(
        _INLINE,
        attrs={"level": lambda value: _is_count(value) and 1 <= value <= 6},
        needs=frozenset({"level"}),
    ),
    "paragraph": _Kind(_INLINE),
    "table": _Kind(
        frozenset({"tableRow"}),
        least=1,
        attrs={
            "isNumberColumnEnabled": lambda value: isinstance(value, bool),
            "layout": lambda value: value in _LAYOUTS,
            "width": _is_number,
        },
    ),
    "tableRow": _Kind(frozenset({"tableCell", "tableHeader"}), least=1),
    "tableCell": _Kind(frozenset({"paragraph", "heading"}), least=1, attrs=_CELL_ATTRS),
    "tableHeader": _Kind(frozenset({"paragraph", "heading"}), least=1, attrs=_CELL_ATTRS),
    "hardBreak": _Kind(attrs={"text": lambda value: value == "\n"}),
}
_MARKS = ("strong", "em", "code", "link")


def adf_problems(doc: Any) -> list[str]:
    """Return what is wrong with a document; an empty list: Jira takes it."""
    if not isinstance(doc, dict) or doc.get("type") != "doc":
        return ["/: not a document"]
    found = [] if doc.get("version") == 1 else ["/version: must be 1"]
    if "content" not in doc:
        found.append("/content: missing")
    return [*found, *_problems(doc, "", {"version"})]


def size(doc: Any) -> int:
    """Return the document's length as JSON, in UTF-16 units: the strictest way to count it."""
    text = json.dumps(doc, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def adf_text(node: Any) -> str:
    """Return all text of a node, without its structure."""
    if not isinstance(node, dict):
        return ""
    return str(node.get("text", "")) + "".join(map(adf_text, node.get("content", ())))


def as_html(node: Node) -> str:
    """Return a valid node as a browser shows it. Whatever people wrote is escaped."""
    inner = "".join(map(as_html, node.get("content", ())))
    match node["type"]:
        case "text":
            return _marked(escape(node["text"]), node.get("marks", ()))
        case "hardBreak":
            return "<br>"
        case "heading":
            level = node["attrs"]["level"]
            return f"<h{level}>{inner}</h{level}>"
        case "paragraph":
            return f"<p>{inner}</p>"
        case "table":
            return f"<table>{inner}</table>"
        case "tableRow":
            return f"<tr>{inner}</tr>"
        case "tableHeader":
            return f"<th>{inner}</th>"
        case "tableCell":
            return f"<td>{inner}</td>"
        case _:
            return inner


def _marked(text: str, marks: Any) -> str:
    for mark in marks:
        if mark["type"] != "link":
            text = f"<{mark['type']}>{text}</{mark['type']}>"
        elif (href := mark["attrs"]["href"]).lower().startswith(("http://", "https://")):
            text = f'<a href="{escape(href)}" rel="noreferrer">{text}</a>'
    return text


def _problems(node: Node, path: str, also: set[str]) -> Iterator[str]:
    """Yield what is wrong with a node whose type is known, and with all that it holds."""
    kind = _KINDS[node["type"]]
    known = {"type", *also} | ({"content"} if kind.holds else set())
    if kind.attrs is not None:
        known.add("attrs")
        yield from _attributes(node.get("attrs", {}), kind, path)
    yield from (f"{path}/{name}: not known here" for name in node if name not in known)
    content = node.get("content", [])
    if not isinstance(content, list):
        yield f"{path}/content: must be a list"
        return
    if len(content) < kind.least:
        yield f"{path}/content: {len(content)} nodes, at least {kind.least}"
    for place, part in enumerate(content):
        below = f"{path}/content/{place}"
        name = part.get("type") if isinstance(part, dict) else None
        if not isinstance(name, str) or name not in kind.holds:
            yield f"{below}: {name!r} is not allowed here"
        elif name == "text":
            yield from _text(part, below)
        else:
            yield from _problems(part, below, set())


def _attributes(attrs: Any, kind: _Kind, path: str) -> Iterator[str]:
    if not isinstance(attrs, dict):
        yield f"{path}/attrs: must be an object"
        return
    known = kind.attrs or {}
    for name, value in attrs.items():
        if name not in known or not known[name](value):
            yield f"{path}/attrs/{name}: not valid"
    yield from (f"{path}/attrs/{name}: missing" for name in kind.needs - set(attrs))


def _text(node: Node, path: str) -> Iterator[str]:
    yield from (
        f"{path}/{name}: not known here" for name in node if name not in ("type", "text", "marks")
    )
    text = node.get("text")
    if not isinstance(text, str) or not text:
        yield f"{path}/text: at least one character"
    marks = node.get("marks", [])
    if not isinstance(marks, list) or not all(isinstance(mark, dict) for mark in marks):
        yield f"{path}/marks: must be a list of marks"
        return
    names = [mark.get("type") for mark in marks]
    if len(names) > len({str(name) for name in names}):
        yield f"{path}/marks: one of them is there twice"
    if "code" in names and not set(map(str, names)) <= {"code", "link"}:
        yield f"{path}/marks: code goes with a link only"
    for mark in marks:
        yield from _mark(mark, f"{path}/marks")


def _mark(mark: Node, path: str) -> Iterator[str]:
    name = mark.get("type")
    if name not in _MARKS:
        yield f"{path}: {name!r} is no mark"
        return
    attrs = mark.get("attrs")
    if name != "link":
        if set(mark) != {"type"}:
            yield f"{path}: {name} has nothing but its type"
    elif (
        set(mark) != {"type", "attrs"}
        or not isinstance(attrs, dict)
        or set(attrs) != {"href"}
        or not isinstance(attrs["href"], str)
        or not attrs["href"]
    ):
        yield f"{path}: a link has one attribute, its href"
