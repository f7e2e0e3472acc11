"""The pages of the documentation: their sections, their blocks of code, what they name."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SRC = ROOT / "src" / "pollbot"


def read(name: str) -> str:
    return (DOCS / name).read_text()


def named_tests(page: str) -> list[tuple[str, str]]:
    """Return the tests that a page names as what holds its words, by file and function."""
    return sorted(set(re.findall(r"`(\w[\w/]*\.py)::(\w+)`", page)))


def section(page: str, title: str) -> str:
    """Return what stands below the heading, up to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#+ |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"there is no section {title!r}"
    return found[1]


def blocks(text: str) -> list[str]:
    """Return the blocks of code: what is indented by four after an empty line."""
    found = re.findall(r"(?:\A|\n)\n((?: {4}.*\n?|\n(?= {4}))+)", text)
    return [re.sub(r"^ {4}", "", block, flags=re.MULTILINE).strip("\n") for block in found]


def block(page: str, title: str, start: str = "") -> str:
    """Return the one block of a section, or the one of its blocks that is or starts so."""
    there = blocks(section(page, title))
    if start in there:
        return start
    [found] = [one for one in there if one.startswith(start)]
    return found


@cache
def sentences() -> tuple[str, ...]:
    """Return each text in the program's source; what is filled in is ``…``."""
    found: list[str] = []
    for path in sorted(SRC.rglob("*.py")):
        if "sandbox" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(re.sub(r"%[+.\d]*[sdf]", "…", node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    str(part.value) if isinstance(part, ast.Constant) else "…"
                    for part in node.values
                ]
                found.append("".join(parts))
    return tuple(found)


def errors_logged() -> list[str]:
    """Return each text that is logged as an error, as far as it is a constant."""
    found: list[str] = []
    for path in sorted(SRC.rglob("*.py")):
        if "sandbox" in path.parts:
            continue
        tree = ast.parse(path.read_text())
        named = {
            node.targets[0].id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for node in ast.walk(tree):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name("log"), attr="error" | "exception"),
                    args=[said, *_],
                ):
                    said = named.get(said.id, said) if isinstance(said, ast.Name) else said
                    if isinstance(said, ast.Constant):
                        found.append(re.sub(r"%[+.\d]*[sdf]", "…", str(said.value)))
    return found


def anchors(path: Path) -> set[str]:
    """Return the places of a page that a link can name, as they are made of its headings."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}
