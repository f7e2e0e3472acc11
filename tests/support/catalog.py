"""The catalog as the code has it: what is said, where it is not, and a language to show that."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog

from pollbot.text.catalog import Language

SRC = Path(__file__).parents[2] / "src" / "pollbot"


def said() -> Catalog:
    """Return every sentence that the program has inside say, say_number or mark.

    In an f-string, too, where Babel's own extraction sees none.
    """
    catalog = Catalog()
    for path in sorted(SRC.rglob("*.py")):
        code = path.read_text()
        if "from pollbot.text.catalog import" in code or path.name == "catalog.py":
            for line, message in _said_in(ast.parse(code)):
                catalog.add(message, locations=[(str(path.relative_to(SRC)), line)])
    return catalog


def _said_in(code: ast.AST) -> Iterator[tuple[int, str | tuple[str, str]]]:
    for node in ast.walk(code):
        match node:
            case ast.Call(func=ast.Name(id="say" | "mark"), args=[ast.Constant(str() as said)]):
                yield node.lineno, said
            case ast.Call(
                func=ast.Name(id="say_number"),
                args=[_, ast.Constant(str() as one), ast.Constant(str() as more)],
            ):
                yield node.lineno, (one, more)


class _Pseudo:
    """Each sentence in brackets that nothing else has, and otherwise as it is."""

    def gettext(self, message: str, /) -> str:
        return f"⟦{message}⟧" if message else message

    def ngettext(self, msgid1: str, msgid2: str, n: int, /) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


class _Apart(_Pseudo):
    """The same, with the values in a sentence outside of its brackets."""

    def gettext(self, message: str, /) -> str:
        return _PLACE.sub(r"⟧\1⟦", super().gettext(message))


_PLACE = re.compile(r"(\{\w+\})")


def pseudo(code: str) -> Language:
    """Return the pseudo-language as whoever reads that language has it: see House.languages."""
    return Language(code, _Pseudo())


PSEUDO = pseudo("en")
APART = Language("en", _Apart())
"""Shows an English clause within a sentence, too; and what people wrote."""
_SAID = re.compile(r"⟦[^⟦⟧]*⟧")


def unbracketed(text: str) -> str:
    """Return a text of the pseudo-language as it is in English."""
    return text.translate({ord("⟦"): None, ord("⟧"): None})


def forgotten(text: str) -> str:
    """Return what of a text stands outside all brackets, each piece apart."""
    while (rest := _SAID.sub(" ", text)) != text:
        text = rest
    # What was cut had its end, and the end of its last word, elsewhere.
    return " ".join(_CUT.sub("", text).split())


_CUT = re.compile(r"(⟦[^⟦⟧]*|[^\W\d_]*)…\W?$")


_TALK = re.compile(
    r"[^\W\d_]{2,}[,.;:!?…’]* +[^\W\d_]{2,}|\A[A-Z][a-z]+\Z|[^\W\d_]{3,}[.!?…:]\s*\Z"
)
"""Two words, or one that begins as a sentence or a label does, or ends as one."""
_TAG = re.compile(r"<[!/]?[a-z][^<>|]*>")
"""A tag of HTML; what Slack puts in such brackets has a bar, or another sign in front."""
_SAYS = {"say", "say_number", "mark"}
_NO_TALK = {"Literal", "compile", "TypeVar", "NewType", "cast", "Field", "StartError", "TypeError"}


def unsaid(path: Path) -> list[str]:
    """Return what looks like a sentence in a file, and is not said by the catalog."""
    texts = _texts(ast.parse(path.read_text()))
    return [text for text in texts if _TALK.search(_TAG.sub("", text))]


def _texts(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Call(func=ast.Attribute(value=ast.Name(id="log"))):
            return
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _NO_TALK:
            return
        case ast.Call(func=ast.Name(id=name)) if name in _SAYS:
            # The values that are put in may hold more; the sentence itself is a constant.
            for given in (*node.args, *(keyword.value for keyword in node.keywords)):
                if not isinstance(given, ast.Constant):
                    yield from _texts(given)
            return
        case ast.JoinedStr(values=values):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else "⟦⟧" for v in values)
            for one in values:
                if isinstance(one, ast.FormattedValue):
                    yield from _texts(one.value)
            return
        case ast.Constant(value=str() as text):
            yield text
            return
        case ast.AnnAssign(value=value):
            if value is not None:
                yield from _texts(value)
            return
        case ast.arg() | ast.Compare():
            return
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return
        case ast.FunctionDef():
            node.returns = None
        case ast.Dict(keys=keys, values=values):
            for key, inner in zip(keys, values, strict=True):
                is_type = isinstance(key, ast.Constant) and key.value in ("type", "style", "name")
                if not is_type:
                    yield from _texts(inner)
            return
    for below in ast.iter_child_nodes(node):
        yield from _texts(below)
