"""Mutants that no test notices, and why that is well: ``left.toml``."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_name("left.toml")


@dataclass(frozen=True, slots=True)
class Left:
    """A mutant that is left alone, what it changes, and why that need not be noticed.

    ``equal``: nobody can meet what it changes; else somebody could, and it does not matter enough.
    """

    mutant: str
    change: str
    why: str
    equal: bool


def left() -> dict[str, Left]:
    """Return each, by the mutant's name."""
    said = tomllib.loads(_FILE.read_text()).get("left", [])
    return {one["mutant"]: Left(**one) for one in said}
