"""The house: who may import whom, and no state outside objects."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src" / "pollbot"

# Arrows point inward only. A module of the root stands for itself, a folder for all in it.
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "chance": set(),
    "logs": set(),
    "settings": {"errors"},
    "signed": {"logs"},
    "desk": {"errors", "handlers", "logs", "storage"},
    "front_door": {"errors", "desk", "logs", "signed"},
    "socket_door": {"errors", "chance", "desk"},
    "told_time": set(),
    "domain": {"errors"},
    "blocks": {"errors", "domain"},
    "clients": {"errors", "domain"},
    "storage": {"errors", "chance", "domain"},
    "services": {"errors", "chance", "domain", "blocks", "clients", "storage"},
    "handlers": {"errors", "domain", "blocks", "services"},
    "wiring": {
        "errors",
        "chance",
        "settings",
        "front_door",
        "socket_door",
        "told_time",
        "logs",
        "signed",
        "desk",
        "domain",
        "blocks",
        "clients",
        "storage",
        "services",
        "handlers",
    },
    "sandbox": {"errors", "chance", "settings", "wiring"},
    "cli": {"errors", "logs", "settings", "wiring", "sandbox"},
}
# Rules and what people see are pure: no clock, no chance, no way out.
PURE = ("domain", "blocks")
IMPURE = {
    "aiohttp",
    "asyncio",
    "httpx",
    "logging",
    "os",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "sqlite_utils",
    "threading",
    "time",
    "uuid",
}
OUTSIDE = {"slack_bolt", "slack_sdk"}
KNOWS_SLACK = {"desk", "handlers", "clients", "front_door", "socket_door", "wiring", "sandbox"}


def part_of(path: Path) -> str:
    """Return the layer that a file belongs to."""
    return path.relative_to(SRC).parts[0].removesuffix(".py")


def parts(path: Path) -> list[str]:
    return [part_of(found) for found in path.iterdir() if is_part(found)]


def is_part(path: Path) -> bool:
    return path.name != "__init__.py" and (path.suffix == ".py" or (path / "__init__.py").exists())


def files(part: str) -> list[Path]:
    alone = SRC / f"{part}.py"
    return [alone] if alone.exists() else sorted((SRC / part).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Return each module that the file imports, also inside functions, by its whole name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def top(module: str) -> str:
    return module.split(".")[0]


PYTHON = sorted(SRC.rglob("*.py"))


def test_the_table_names_every_part_of_the_house() -> None:
    assert set(parts(SRC)) == set(MAY_IMPORT)


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_a_part_imports_only_what_lies_below_it(part: str) -> None:
    allowed = MAY_IMPORT[part] | {part}

    wrong = [
        f"{path.relative_to(SRC)} imports {module}"
        for path in files(part)
        for module in imports(path)
        if top(module) == "pollbot" and module.split(".")[1] not in allowed
    ]

    assert wrong == []


@pytest.mark.parametrize("part", PURE)
def test_time_comes_in_as_an_argument(part: str) -> None:
    wrong = [
        f"{path.relative_to(SRC)}: {ast.unparse(node)}"
        for path in files(part)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "today", "utcnow"}
    ]

    assert wrong == []


@pytest.mark.parametrize("part", PURE)
def test_rules_and_what_people_see_are_pure(part: str) -> None:
    wrong = [
        f"{path.relative_to(SRC)} imports {module}"
        for path in files(part)
        for module in imports(path)
        if top(module) in IMPURE | OUTSIDE
    ]

    assert wrong == []


def test_only_the_outermost_parts_know_slacks_libraries() -> None:
    wrong = [
        str(path.relative_to(SRC))
        for path in PYTHON
        if part_of(path) not in KNOWS_SLACK and OUTSIDE & {top(module) for module in imports(path)}
    ]

    assert wrong == []


def test_sql_is_written_in_storage_only() -> None:
    wrong = [
        str(path.relative_to(SRC))
        for path in PYTHON
        if part_of(path) != "storage" and {"sqlite3", "sqlite_utils"} & set(map(top, imports(path)))
    ]

    assert wrong == []


WRITES_A_QUEUE = re.compile(r"\b(?:read_|remind_)?(?:due_at|held_until|holder|attempts) = ")


def test_only_the_queue_writes_its_columns() -> None:
    wrong = [
        f"{path.name}: {found[0]}"
        for path in files("storage")
        if path.name not in {"queue.py", "migrations.py"}
        for found in WRITES_A_QUEUE.finditer(_sql(path))
    ]

    assert wrong == []


def _sql(path: Path) -> str:
    """Return all text in quotes of a module that is no docstring."""
    tree = ast.parse(path.read_text())
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(tree)
        if isinstance(node, documented)
    }
    return "\n".join(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docs
    )


@pytest.mark.parametrize(
    "folder",
    [path for path in SRC.rglob("*") if (path / "__init__.py").exists()],
    ids=lambda path: path.name,
)
def test_a_folder_of_code_holds_more_than_its_init(folder: Path) -> None:
    assert {path.name for path in folder.glob("*.py")} > {"__init__.py"}


CHANGES = {
    *("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse"),
    *("add", "discard", "update", "setdefault", "popitem", "appendleft", "popleft"),
}


def module_names(tree: ast.Module) -> set[str]:
    """Return the names that are bound at the top of a module."""
    return {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }


def changed_state(tree: ast.Module) -> Iterator[str]:
    """Return what functions of a module change at its top."""
    names = module_names(tree)

    def is_top(node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in names

    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            match node:
                case ast.Global():
                    yield f"global {', '.join(node.names)}"
                case ast.Call(func=ast.Attribute(value=owner, attr=attr)) if attr in CHANGES:
                    if is_top(owner):
                        yield f"{ast.unparse(owner)}.{attr}()"
                case ast.Subscript(value=owner, ctx=ast.Store() | ast.Del()) if is_top(owner):
                    yield ast.unparse(node)


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(SRC)))
def test_no_function_keeps_state_in_its_module(path: Path) -> None:
    assert list(changed_state(ast.parse(path.read_text()))) == []


def test_kept_state_would_be_noticed() -> None:
    code = """
seen = {}
names = []
def a(): seen["x"] = 1
def b(): names.append("x")
def c():
    global names
    names = []
def d(own):
    own.append(1)
    return seen.get("x")
"""

    found = list(changed_state(ast.parse(code)))

    assert found == ["seen['x']", "names.append()", "global names"]
