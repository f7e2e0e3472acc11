"""docs/architecture.md leads through the program by file and name; what it names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src" / "pollbot"
PAGE = (ROOT / "docs" / "architecture.md").read_text()
# The same rooms are in each feature.
ROOMS = {
    *("rules.py", "refusals.py", "sentences.py", "blocks.py", "cards.py"),
    *("service.py", "rows.py", "listeners.py", "worker.py"),
}
NAMED = set(re.findall(r"`((?:\w+/)*\w+\.py)(?::([\w.]+))?`", PAGE))
PLACES = sorted(place for place in NAMED if place[0] not in ROOMS)


@pytest.mark.parametrize(("file", "name"), PLACES, ids=lambda part: part or "all of it")
def test_what_the_page_names_is_there(file: str, name: str) -> None:
    found = [path for folder in (SRC, ROOT) if (path := folder / file).exists()]
    assert found, f"there is no {file}"
    text = found[0].read_text()
    for part in filter(None, name.split(".")):
        assert re.search(rf"^\s*(?:class |async def |def )?{part}\b", text, re.MULTILINE)


def test_the_page_names_places_at_all() -> None:
    assert len(PLACES) > 60
