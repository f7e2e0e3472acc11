"""What pollbot's texts tell people to type, collected from the texts themselves."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "pollbot"
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
HINTS = {one["command"]: one["usage_hint"] for one in MANIFEST["features"]["slash_commands"]}
KEPT_FOR_THE_SHELL = ("sandbox", "settings.py", "cli.py")

_SPAN = re.compile(r"`([^`\n]+)`")
_SCOPE = re.compile(r"[a-z]+:[a-z]+(?:[-.:][a-z]+)*")
# What stands in place of a value in a text, and one such value; a text in which another one
# stands makes the collecting fail.
_VALUES = {
    "click.subject": "PLAT-12",
    "issue": "PLAT-12",
    "command": "/vote",
    "meant": "connect",
    "as_written(line)": '"Lunch?" "Pizza" "Soup"',
}


def typed() -> list[str]:
    """Return all that is to be typed according to help, refusals, docs and the manifest."""
    found = [*_of_the_program(), *_of_the_page(), *_of_the_manifest()]
    ways = [way for one in found if not _SCOPE.fullmatch(one) for way in _ways(one)]
    return sorted({" ".join(way.split()) for way in ways})


def spans(text: str) -> list[str]:
    """Return what stands in code marks in a text."""
    return _SPAN.findall(text)


def _ways(span: str) -> list[str]:
    """Return the ways in which to read what stands in brackets: it may be left out, mostly."""
    if "[issue or page]" in span:
        return [span.replace("[issue or page]", each) for each in ("", "[issue]", "[page]")]
    if "[on/off]" in span:
        return [span.replace("[on/off]", each) for each in ("", "on", "off")]
    return [span, span.replace("[issue]", "")] if "[issue]" in span else [span]


def _of_the_program() -> Iterator[str]:
    for file in sorted(SOURCE.rglob("*.py")):
        if not {*file.relative_to(SOURCE).parts} & {*KEPT_FOR_THE_SHELL}:
            for text in _texts(ast.parse(file.read_text())):
                yield from _filled(text, file.name)


def _texts(tree: ast.AST) -> Iterator[str]:
    """Yield the texts of a module, with ``{name}`` for each value; docstrings are left out."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else f"{{{_name(part)}}}"
                for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            yield from _texts(node)


def _name(part: ast.expr) -> str:
    return ast.unparse(part.value) if isinstance(part, ast.FormattedValue) else ast.unparse(part)


def _filled(text: str, file: str) -> Iterator[str]:
    for span in spans(text):
        if span.startswith(("/", "{command}")):
            for name, value in _VALUES.items():
                span = span.replace(f"{{{name}}}", value)
            assert "{" not in span, f"{file}: say in support/examples.py what stands in {span}"
            yield span
        elif not span.startswith("pollbot ") and not re.search(r"[{(|]", span):
            # What begins with the program's name is typed in a shell.
            yield span


def _of_the_page() -> Iterator[str]:
    text = (ROOT / "docs" / "using.md").read_text()
    in_slack = text.partition("## In Slack")[2].partition("### By itself")[0]
    yield from spans(in_slack)
    readme = (ROOT / "README.md").read_text()
    yield from (span for span in spans(text + readme) if span.split()[0] in HINTS)


def _of_the_manifest() -> Iterator[str]:
    for command, hint in HINTS.items():
        for way in hint.split(" | "):
            yield f"{command} {way}"
