"""A poll as somebody may see it: its results, and what is doubtful about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from pollbot.polls.kept import Kept
from pollbot.polls.rules import Poll
from pollbot.polls.sources.source import About
from pollbot.polls.tally import Results

LISTED = 20
"""As many polls stand on a page of a list."""


class Doubt(Enum):
    """What is doubtful about the part that was counted in Jira."""

    NOT_UNDERSTOOD = auto()
    OUTDATED = auto()


@dataclass(frozen=True, slots=True)
class Seen:
    """A poll with what it is about, and its results as this person, or everybody, may see them."""

    kept: Kept
    about: About
    results: Results
    now_open: bool
    doubt: Doubt | None

    @property
    def poll(self) -> Poll:
        """The poll itself."""
        return self.kept.poll


@dataclass(frozen=True, slots=True)
class Listed:
    """A poll in a list, with what everybody may see of its results."""

    poll: Poll
    results: Results
    now_open: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the polls on something; ``total`` is how many there are in all."""

    about: About
    polls: Sequence[Listed]
    number: int
    total: int
