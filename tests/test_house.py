"""The house: who may import whom, and no state outside objects."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.door.test_two_workspaces import without_a_story
from tests.store.test_apart import untold

SRC = Path(__file__).parents[1] / "src" / "pollbot"

# Ground, features, what brings them together: a part knows only what stands above it here.
ORDER = (
    ("errands",),
    ("errors", "chance", "logs", "told_time", "people", "place"),
    ("settings", "signed", "text"),
    ("web",),
    ("store",),
    ("slack", "jira"),
    ("rights",),
    ("accounts",),
    ("installs",),
    ("cards",),
    ("picks",),
    ("votes",),
    ("previews",),
    ("issue_lists",),
    ("polls",),
    ("records",),
    ("schedules",),
    ("workflows",),
    ("thresholds",),
    ("retention",),
    ("setup",),
    ("forgetting",),
    ("home",),
    ("repeats",),
    ("database", "desk", "last_stop"),
    ("commands", "teller"),
    ("written",),
    ("front_door", "socket_door", "metrics"),
    ("wiring", "doctor"),
    ("sandbox",),
    ("cli",),
)
RANK = {part: rank for rank, parts in enumerate(ORDER) for part in parts}
# The sandbox is the world, pretended: it starts the program, and knows nothing else of it.
SANDBOX_KNOWS = {"errors", "chance", "settings", "wiring"}
# Rules, and what people see: these rooms, wherever they are, have no clock, no chance, no way out.
PURE = {
    *(
        "rules",
        "refusals",
        "findings",
        "sentences",
        "report",
        "blocks",
        "form",
        "form_state",
        "state",
        "windows",
        "tally",
        "typed",
        "typed_words",
        "kept",
    ),
    *("rooms", "shares", "steps", "outside_blocks", "refused_blocks", "set_back_blocks"),
    *("kit", "markup", "budget", "closed", "waits", "clicks", "post_pace"),
    *(
        "issues",
        "jql",
        "pages",
        "writing",
        "quotes",
        "words",
        "command_words",
        "manifest",
        "moments",
        "recurrence",
        "dashes",
        "people",
    ),
}
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
KNOWS_SLACK = {
    "desk",
    "repeats",
    "commands",
    "last_stop",
    "slack",
    "front_door",
    "socket_door",
    "wiring",
    "sandbox",
}


def part_of(path: Path) -> str:
    """Return the part of the house that a file belongs to."""
    return path.relative_to(SRC).parts[0].removesuffix(".py")


def parts(path: Path) -> list[str]:
    return [part_of(found) for found in path.iterdir() if is_part(found)]


def is_part(path: Path) -> bool:
    return path.name != "__init__.py" and (path.suffix == ".py" or (path / "__init__.py").exists())


def imports(path: Path) -> Iterator[str]:
    """Return each module that the file imports, also inside functions, by its whole name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def ours(path: Path) -> Iterator[str]:
    """Return each part of the house that the file imports, but its own."""
    known = {module.split(".")[1] for module in imports(path) if top(module) == "pollbot"}
    yield from known - {part_of(path)}


def top(module: str) -> str:
    return module.split(".")[0]


def is_rows(path: Path) -> bool:
    """Return whether SQL is written in a file."""
    stem = path.stem
    return part_of(path) in {"store", "database"} or stem == "rows" or stem.endswith("_rows")


PYTHON = sorted(SRC.rglob("*.py"))


PURE_FILES = [path for path in PYTHON if path.stem in PURE and part_of(path) != "sandbox"]


def test_the_order_names_every_part_of_the_house() -> None:
    assert set(parts(SRC)) == RANK.keys()


@pytest.mark.parametrize("part", RANK)
def test_a_part_knows_only_what_stands_below_it(part: str) -> None:
    upward = {
        known
        for path in PYTHON
        if part_of(path) == part
        for known in ours(path)
        if RANK[known] >= RANK[part]
    }

    assert upward == set()


def test_the_sandbox_knows_nothing_of_the_program_but_how_to_start_it() -> None:
    known = {part for path in PYTHON if part_of(path) == "sandbox" for part in ours(path)}

    assert known <= SANDBOX_KNOWS


@pytest.mark.parametrize("path", PURE_FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_time_comes_in_as_an_argument(path: Path) -> None:
    wrong = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "today", "utcnow"}
    ]

    assert wrong == []


@pytest.mark.parametrize("path", PURE_FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_rules_and_what_people_see_are_pure(path: Path) -> None:
    wrong = [module for module in imports(path) if top(module) in IMPURE | OUTSIDE]

    assert wrong == []


# A source of polls beside pollbot is known to its body, to who sets it up, and in sentences.
OF_TEAM_VOICE = re.compile(r"team.?voice", re.IGNORECASE)
KNOWS_TEAM_VOICE = {"setup", "settings", "doctor", "wiring", "sandbox"}


def test_no_word_of_team_voice_stands_outside_its_body() -> None:
    wrong = [
        str(path.relative_to(SRC))
        for path in PYTHON
        if part_of(path) not in KNOWS_TEAM_VOICE
        and path.parent.name != "team_voice"
        and path.stem not in {"blocks", "windows", "waits", "sentences", "migrations"}
        and OF_TEAM_VOICE.search(path.read_text())
    ]

    assert wrong == []


def test_only_the_outermost_parts_know_slacks_libraries() -> None:
    wrong = [
        str(path.relative_to(SRC))
        for path in PYTHON
        if part_of(path) not in KNOWS_SLACK
        and path.stem != "listeners"
        and OUTSIDE & {top(module) for module in imports(path)}
    ]

    assert wrong == []


def test_sql_is_written_in_rows_and_in_the_store_only() -> None:
    wrong = [
        str(path.relative_to(SRC))
        for path in PYTHON
        if not is_rows(path) and {"sqlite3", "sqlite_utils"} & set(map(top, imports(path)))
    ]

    assert wrong == []


BLIND = re.compile(r"\bSELECT \*|\bINSERT (?:OR \w+ )?INTO \w+ (?:VALUES|SELECT)\b")


@pytest.mark.parametrize(
    "path",
    [path for path in PYTHON if path.name != "migrations.py"],
    ids=lambda path: str(path.relative_to(SRC)),
)
def test_columns_are_named_so_that_a_newer_version_may_add_some_beside_it(path: Path) -> None:
    assert [text for text in written(path.read_text()) if BLIND.search(text)] == []


def written(code: str) -> list[str]:
    """Return the texts that are written in code."""
    return [
        node.value
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


# Who brings something twice is for each feature to keep, in the table of all that was brought.
SHARED = {"deliveries"}
WRITES = re.compile(r"\b(?:INSERT INTO|UPDATE(?: OR REPLACE)?|DELETE FROM) ([a-z_]+)")


def test_a_table_is_written_by_one_part_only() -> None:
    writers: dict[str, set[str]] = {}
    for path in PYTHON:
        if is_rows(path) and path.name != "migrations.py":
            for table in WRITES.findall(_sql(path)):
                writers.setdefault(table, set()).add(part_of(path))

    assert {"polls", "records", "outbox"} <= writers.keys()
    shared = {table: parts for table, parts in writers.items() if len(parts) > 1}
    assert shared.keys() <= SHARED


WRITES_A_QUEUE = re.compile(
    r"\b(?:read_|remind_)?(?:due_at|held_until|holder|attempts|errand|behind_since) = "
)


def test_only_the_queue_writes_its_columns() -> None:
    wrong = [
        f"{path.name}: {found[0]}"
        for path in PYTHON
        if is_rows(path) and path.name not in {"queue.py", "migrations.py"}
        for found in WRITES_A_QUEUE.finditer(_sql(path))
    ]

    assert wrong == []


def test_what_lies_in_a_column_is_said_by_its_row() -> None:
    """No value is made a string, only to be made a number of that: see store/columns.py."""
    wrong = [
        f"{path.name}: {found[0]}"
        for path in PYTHON
        if part_of(path) != "sandbox"
        for found in re.finditer(r"\b(?:int|float)\(str\(", path.read_text())
    ]

    assert wrong == []


# Rooms of what people see: here stand sentences, and the languages to come find them.
SEEN = {
    *("blocks", "windows", "form", "waits", "closed", "sentences", "templates", "report"),
    "command_words",
}
# What is written for whoever runs pollbot stands where it is known.
FOR_OPERATORS = {"cli", "settings", "logs", "database", "signed", "metrics", "wiring"}
SENTENCE = re.compile(r"[^\W\d_]{2,}[.?!…](?:\s|$)")
SQL = re.compile(r"\b(?:SELECT|INSERT|UPDATE|DELETE|WHERE|FROM)\b")


def is_seen(path: Path) -> bool:
    return path.stem in SEEN or path.stem.endswith(("_blocks", "_sentences"))


def texts(node: ast.AST) -> Iterator[str]:
    """Return what is written in code, ``X`` for each value: no docstrings, nothing for the log."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Call(func=ast.Attribute(value=ast.Name(id="log"))):
            return
        case ast.Call(func=ast.Name(id="StartError" | "CannotGoOnError" | "NotDone" | "NoPayload")):
            return
        case ast.JoinedStr(values=values):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else "X" for v in values)
        case ast.Constant(value=str() as text):
            yield text
        case _:
            for below in ast.iter_child_nodes(node):
                yield from texts(below)


def sentences(code: str) -> list[str]:
    return [
        text
        for text in texts(ast.parse(code))
        if SENTENCE.search(text) and len(text.split()) > 2 and not SQL.search(text)
    ]


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in PYTHON
        if part_of(path) not in FOR_OPERATORS | {"sandbox"}
        and not is_seen(path)
        and path.name != "migrations.py"
    ],
    ids=lambda path: str(path.relative_to(SRC)),
)
def test_what_people_read_stands_where_they_see_it(path: Path) -> None:
    assert sentences(path.read_text()) == []


def test_a_sentence_elsewhere_would_be_noticed() -> None:
    code = '''
"""It is closed. Nothing was changed."""
def a(title):
    """Raise if it is closed. Always."""
    log.warning("It is closed. Nothing was changed.")
    db.execute("SELECT the. last FROM polls")
    raise BadInput(f"{title} is closed. Nothing was changed.")
'''

    assert sentences(code) == ["X is closed. Nothing was changed."]


@pytest.mark.parametrize(
    "path",
    [path for path in PYTHON if path.stem in {"service", "rules", "client"} or is_rows(path)],
    ids=lambda path: str(path.relative_to(SRC)),
)
def test_who_talks_to_people_draws_and_nobody_below(path: Path) -> None:
    """Services, rules, rows and clients say what happened; listeners, cards and workers draw it."""
    drawn = [
        module
        for module in imports(path)
        if module.endswith(".Message") or any(is_seen(Path(part)) for part in module.split("."))
    ]

    assert drawn == []


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


# The sandbox's own order; in a room, a file knows only files that do not know it.
SANDBOX_ORDER = (
    ("clock", "faults", "cluster"),
    ("waiting",),
    ("serving",),
    ("slack", "jira", "team_voice"),
)
SANDBOX = sorted((SRC / "sandbox").rglob("*.py"))


def in_the_sandbox(path: Path) -> set[str]:
    """Return the files of the sandbox that a file of it imports, by their names below it."""
    names = {".".join(one.relative_to(SRC / "sandbox").with_suffix("").parts) for one in SANDBOX}
    found = set()
    for module in imports(path):
        below = module.removeprefix("pollbot.sandbox.")
        if below != module:
            room = below.rpartition(".")[0]
            found |= set([one for one in (below, room, f"{room}.__init__") if one in names][:1])
    return found


def test_the_rooms_of_the_sandbox_know_only_those_before_them() -> None:
    rank = {room: place for place, rooms in enumerate(SANDBOX_ORDER) for room in rooms}
    rank["world"] = len(SANDBOX_ORDER)
    rooms = {path.relative_to(SRC / "sandbox").parts[0].removesuffix(".py") for path in SANDBOX}
    assert rooms - {"__init__"} == rank.keys()

    upward = {
        (room, known.split(".")[0])
        for path in SANDBOX
        for room in [path.relative_to(SRC / "sandbox").parts[0].removesuffix(".py")]
        for known in in_the_sandbox(path)
        if known.split(".")[0] != room and rank[known.split(".")[0]] >= rank[room]
    }

    assert upward == set()


def test_no_files_of_the_sandbox_know_one_another_in_a_circle() -> None:
    left = {
        ".".join(path.relative_to(SRC / "sandbox").with_suffix("").parts): in_the_sandbox(path)
        for path in SANDBOX
    }
    while free := [name for name, known in left.items() if not known & left.keys()]:
        for name in free:
            del left[name]

    assert sorted(left) == []


MOST_PARAMETERS = 6
# The pretended world's people and things are made by functions that stand for their constructors.
MAKERS = re.compile(r"add_\w+")


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(SRC)))
def test_what_travels_together_is_a_type(path: Path) -> None:
    many = [
        f"{node.name}: {len(named)}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name != "__init__"
        and not (part_of(path) == "sandbox" and MAKERS.fullmatch(node.name))
        for given in [node.args]
        for named in [
            [
                one.arg
                for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)
                if one.arg not in {"self", "cls", "db"}
            ]
        ]
        if len(named) > MOST_PARAMETERS
    ]

    assert many == []


MOST_LINES = 300


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in sorted((SRC / "sandbox").rglob("*"))
        if path.suffix in {".py", ".js", ".css", ".html"}
    ],
    ids=lambda path: str(path.relative_to(SRC)),
)
def test_a_file_of_the_sandbox_can_be_read_in_one_go(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MOST_LINES


def test_of_each_table_and_listener_it_is_known_how_two_workspaces_are_kept_apart() -> None:
    assert not untold()
    assert not without_a_story()
