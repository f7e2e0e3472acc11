"""Rules of telling voters what became of an issue."""

from dataclasses import dataclass

from pollbot.jira.issues import Issue
from pollbot.people import Person

KEPT_FOR = 365 * 86400.0
"""Seconds for which a vote is kept, at most, to tell its person what became of the issue."""
READ_EVERY = 600.0
"""Seconds between two looks at an issue that somebody voted for."""
READ_TOGETHER = 50
"""Issues that are looked at by one search."""
LANDS_WITHIN = 20.0
"""Seconds after which a post whose answer was lost is there, if it ever will be."""


@dataclass(frozen=True, slots=True)
class CastVote:
    """A vote that was cast here, whose issue is resolved."""

    id: str
    person: Person
    site: str
    issue_key: str


@dataclass(frozen=True, slots=True)
class VotedIssue:
    """An issue that somebody voted for here."""

    id: str
    team_id: str
    site: str
    issue_key: str


@dataclass(frozen=True, slots=True)
class Became:
    """An issue as its voter sees it; ``instead`` are issues that it is linked as duplicating."""

    issue: Issue
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Muted:
    """What somebody wants to hear nothing of: a project of a site, or all where it is empty."""

    site: str
    project: str


ALL = Muted("", "")


def project_of(issue_key: str) -> str:
    """Return the project in an issue's key."""
    return issue_key.rpartition("-")[0]
