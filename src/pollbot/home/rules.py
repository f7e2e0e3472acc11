"""What is on somebody's Home, and how much of it at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pollbot.jira.issues import Issue
from pollbot.polls.kept import Kept

WAITING = 5
POLLS = 5
VOTES = 10
SCHEDULES = 5
SOURCES = 10
"""How many of each are on a page: together far below the 100 blocks of a view."""

FRESH = 600.0
"""Seconds for which somebody who opened Home may still look at it."""


@dataclass(frozen=True, slots=True)
class OpenPoll:
    """A poll that takes answers, and where its card hangs."""

    kept: Kept
    channel_id: str
    card_id: str


@dataclass(frozen=True, slots=True)
class MyPoll:
    """A poll that somebody made or may manage; ``card_id`` is one of its cards, if it has any."""

    kept: Kept
    card_id: str


@dataclass(frozen=True, slots=True)
class Stand:
    """How it stands with somebody on a site; ``name`` is empty where they are not connected."""

    site: str
    name: str = ""
    connected_at: float = 0.0
    refused: bool = False


@dataclass(frozen=True, slots=True)
class VotedOn:
    """An issue that has somebody's vote, and on which site."""

    site: str
    issue: Issue


@dataclass(frozen=True, slots=True)
class MyVotes:
    """What Jira says of somebody's votes.

    ``total`` is how many there are; ``reading``: Jira is still being asked; ``silent``: it did not
    tell, of one site at least.
    """

    issues: Sequence[VotedOn] = ()
    total: int = 0
    reading: bool = False
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Paged:
    """A page of what there is, as its number, and how many there are on all pages."""

    number: int
    total: int
    size: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(0, self.total - 1) // self.size


@dataclass(frozen=True, slots=True)
class ForAdmins:
    """What an admin has to know: where polls live, and what does not work.

    ``refused`` are accounts that Jira takes no more, ``away`` sites that do not answer.
    """

    sources: Mapping[str, bool] = field(default_factory=dict)
    refused: int = 0
    away: int = 0


def page_of(number: int, total: int, size: int) -> Paged:
    """Return that page; one that is gone since its button was drawn is the last one."""
    return Paged(min(number, max(0, total - 1) // size), total, size)
