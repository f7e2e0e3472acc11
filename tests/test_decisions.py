"""docs/decisions.md: what it names is there, and nothing that is written by hand is left out."""

import re
import tomllib

from tests.support.pages import ROOT, SRC, read, section

PAGE = read("decisions.md")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
# What these rooms hold is pollbot's own, or words and types for it.
OURS = {
    "text": {"catalog", "dashes", "refusals", "sentences", "words", "workflow_steps"},
    "web": set[str](),
    "store": {"columns", "deliveries", "move", "refusals", "server_beside", "set_back"}
    | {"sqlite", "vault"},
}


def test_every_file_that_is_named_is_there() -> None:
    named = re.findall(r"`((?:tests/)?[\w/]+(?:\.py|/))`", PAGE)

    assert named
    for path in named:
        assert (ROOT / path).exists() or (SRC / path).exists(), path


def test_what_is_taken_is_what_pollbot_asks_for() -> None:
    taken = set(re.findall(r"`([a-z-]+)`", "\n".join(_libraries())))
    asked = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["postgres"]]
    asks = {re.split(r"[\[>]", one)[0] for one in asked}
    also = {"promql-parser", "hypothesis"}
    carried = {"sniffio", "yarl"}  # they come with HTTP, in and out

    assert taken == (asks - carried) | also


def test_each_file_of_the_ground_is_named_or_ours() -> None:
    for room, ours in OURS.items():
        files = {path.stem for path in (SRC / room).glob("*.py")} - {"__init__"}
        left = {name for name in files if f"`{room}/{name}.py`" not in PAGE}
        assert left == ours, f"{room}/: {left ^ ours}: named in docs/decisions.md, or here"


def _libraries() -> list[str]:
    rows = [row.split("|") for row in section(PAGE, "Taken").splitlines() if row.startswith("|")]
    return [row[2] for row in rows[2:]]
