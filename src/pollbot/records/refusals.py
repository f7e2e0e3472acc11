"""What is refused of results that are wanted on issues. The sentences are in sentences.py."""

from dataclasses import dataclass

from pollbot.errors import BadInput, PollbotError


class NoIssueToWriteOn(BadInput):
    """The poll is on no issue."""


class NoResultYet(BadInput):
    """The poll is still open."""


@dataclass(eq=False)
class IssueUnseen(PollbotError):
    """Jira does not show the issue to the owner of the result."""

    key: str


@dataclass(eq=False)
class MayNotComment(PollbotError):
    """Jira does not let the owner of the result comment on the issue."""

    key: str


class MayNotEditComment(PollbotError):
    """Jira does not let the owner of the result edit the comment that holds it."""
