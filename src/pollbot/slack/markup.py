"""Sentences in our markup, as Slack shows them.

The markup is Slack's mrkdwn, in which what people wrote stands as text/writing.py wrote it:
as entities wherever it would format. mrkdwn knows no such entity, so a text that has one
becomes rich text, where words are words and style is beside them.
Source: docs.slack.dev, "Formatting message text" and "Rich text block".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pollbot.text.writing import disarmed

Block = dict[str, Any]

_STYLES = {"*": "bold", "_": "italic", "~": "strike"}
_ENTITY = re.compile(r"&(?:amp|lt|gt|#(\d+));")
_NAMED = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
# A written ">" at the start of a line would be a quotation, written as an entity or not.
_CODE = re.compile(r"&#\d+;")
_LITERAL = re.compile(r"&#\d+;|^&gt;", re.MULTILINE)
_PIECE = re.compile(r"<(?P<angle>[^<>\n]+)>|`(?P<code>[^`\n]+)`|(?P<mark>[*_~])")
_ADDRESS = re.compile(r"(https?://[^\s<>|]*[^\s<>|.,;:!?)\]}\"'“”])", re.IGNORECASE)
_EMOJI = re.compile(
    r":(?P<name>[+-]1|[a-z0-9_+'-]*[a-z][a-z0-9_+'-]*):(?::skin-tone-(?P<tone>[2-6]):)?"
)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One element of rich text, and how it reads aloud."""

    kind: str
    words: str
    style: frozenset[str] = frozenset()
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def element(self) -> Block:
        return {
            "type": self.kind,
            **({"text": disarmed(self.words)} if self.kind == "text" else {}),
            **self.more,
            **({"style": dict.fromkeys(sorted(self.style), True)} if self.style else {}),
        }


def is_literal(markup: str) -> bool:
    """Return whether mrkdwn cannot show this as it was written."""
    return bool(_LITERAL.search(markup))


def rich_text(markup: str) -> Block:
    """Return the text as one block of rich text."""
    parts: list[Block] = []
    for quoted, lines in _runs(markup):
        kind = "rich_text_quote" if quoted else "rich_text_section"
        parts.append({"type": kind, "elements": [leaf.element for leaf in _leaves(lines)]})
    return {"type": "rich_text", "elements": parts}


def only_words(markup: str) -> bool:
    """Return whether the text has neither links nor mentions, dates or styles."""
    return all(leaf.kind in ("text", "emoji") and not leaf.style for leaf in _leaves(markup))


def unmarked(markup: str) -> str:
    """Return the text for a place that shows no markup, such as an error in a form."""
    return "\n".join("".join(leaf.words for leaf in _leaves(lines)) for _, lines in _runs(markup))


def spoken(markup: str) -> str:
    """Return the text for notifications: as it is, without our own marks where others are in it.

    Doing it again changes nothing.
    """
    if not _CODE.search(markup):
        return markup
    said = []
    for leaf in _leaves(markup):
        words = leaf.words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        said.append(f"<@{leaf.more['user_id']}>" if leaf.kind == "user" else words)
    return "".join(said)


def decoded(text: str) -> str:
    """Return the text with the entities as the characters that they stand for."""
    return _ENTITY.sub(lambda one: chr(int(one[1])) if one[1] else _NAMED[one[0]], text)


def _runs(markup: str) -> Iterator[tuple[bool, str]]:
    """Yield the lines that belong together, and whether they are a quotation of ours."""
    lines: list[str] = []
    quoted = False
    for line in markup.split("\n"):
        if lines and line.startswith(">") != quoted:
            yield quoted, "\n".join(lines)
            lines = []
        quoted = line.startswith(">")
        lines.append(line[1:].removeprefix(" ") if quoted else line)
    yield quoted, "\n".join(lines)


def _leaves(markup: str) -> Iterator[_Leaf]:
    style: frozenset[str] = frozenset()
    words, place = "", 0
    while place < len(markup):
        piece = _PIECE.match(markup, place)
        if piece is None or (piece["mark"] and not _turns(markup, place, style)):
            words, place = words + markup[place], place + 1
            continue
        yield from _words(decoded(words), style)
        words, place = "", piece.end()
        if piece["mark"]:
            style ^= {_STYLES[piece["mark"]]}
        elif piece["code"]:
            yield _Leaf("text", decoded(piece["code"]), style | {"code"})
        else:
            yield _reference(piece["angle"], style)
    yield from _words(decoded(words), style)


def _turns(markup: str, place: int, style: frozenset[str]) -> bool:
    """Return whether the mark at ``place`` begins or ends its style, at the border of a word."""
    mark, before, after = markup[place], markup[place - 1 : place], markup[place + 1 : place + 2]
    if _STYLES[mark] in style:
        return not after.isalnum()
    return not before.isalnum() and bool(after.strip()) and mark in markup[place + 1 :]


def _words(text: str, style: frozenset[str]) -> Iterator[_Leaf]:
    for number, part in enumerate(_ADDRESS.split(text)):
        if number % 2:
            yield _Leaf("link", part, style, {"url": part})
            continue
        place = 0
        for found in _EMOJI.finditer(part):
            if found.start() > place:
                yield _Leaf("text", part[place : found.start()], style)
            tone = {"skin_tone": int(found["tone"])} if found["tone"] else {}
            yield _Leaf("emoji", found.group(), frozenset(), {"name": found["name"], **tone})
            place = found.end()
        if part[place:]:
            yield _Leaf("text", part[place:], style)


def _reference(inside: str, style: frozenset[str]) -> _Leaf:
    target, _, label = inside.partition("|")
    label = decoded(label)
    if target.startswith("@"):
        return _Leaf("user", f"@{label or target[1:]}", style, {"user_id": target[1:]})
    if target.startswith("#"):
        return _Leaf("channel", f"#{label or target[1:]}", style, {"channel_id": target[1:]})
    if target.startswith("!date^"):
        _, seconds, form, *_ = target.split("^")
        more = {"timestamp": int(seconds), "format": form, "fallback": label}
        return _Leaf("date", label, style, more)
    url = decoded(target)
    return _Leaf("link", label or url, style, {"url": url, **({"text": label} if label else {})})
