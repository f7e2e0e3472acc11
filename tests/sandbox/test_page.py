"""The page in a browser: what its stylesheets say of each other's parts."""

import re
from collections import defaultdict
from pathlib import Path

PAGE = Path(__file__).parents[2] / "src" / "pollbot" / "sandbox" / "page"
NARROW = "narrow.css"
"""It says of all parts how they look in a narrow window."""


def looks() -> dict[str, set[str]]:
    """Return in which stylesheets each class has a rule of its own."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in PAGE.glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        for selectors in re.findall(r"([^{}]+)\{", text):
            for alone in re.findall(r"(?:^|,)\s*\.([\w-]+)\s*(?=,|$)", selectors):
                found[alone].add(path.name)
    return found


def test_a_class_is_one_thing_so_that_no_part_changes_the_look_of_another() -> None:
    shared = {name: files for name, files in looks().items() if len(files - {NARROW}) > 1}

    assert shared == {}
    assert len(looks()) > 100
