"""Rules of voting: what a person wants, what became of it, when to try again."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from pollbot.jira.issues import Issue
from pollbot.jira.rules import LANDS_WITHIN, Watching, Wish

KEPT_FOR = 24 * 3600.0
"""Seconds for which an intent waits for its person to connect, or for Jira to come back."""


_LOOK_AGAIN = 5.0


W = TypeVar("W", Wish, Watching)


@dataclass(frozen=True, slots=True)
class Wished(Generic[W]):
    """What somebody wants of an issue."""

    site: str
    issue_key: str
    wish: W


class Refusal(StrEnum):
    """Why Jira did not do it, read from the issue itself."""

    NOT_FOUND = "not_found"
    RESOLVED = "resolved"
    VOTING_OFF = "voting_off"
    OWN_REPORT = "own_report"
    NOT_VOTED = "not_voted"
    NOT_ALLOWED = "not_allowed"
    EXPIRED = "expired"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an intent: done, or refused for a reason.

    ``issue`` is as read back afterwards; None where that reading failed.
    """

    issue: Issue | None
    refusal: Refusal | None = None


EXPIRED = Outcome(None, Refusal.EXPIRED)
"""It waited for as long as a wish is kept."""


def why_refused(issue: Issue, wish: Wish, my_account_id: str, *, voting_on: bool) -> Refusal:
    """Return the reason that the issue's own fields give for a refused vote.

    Jira's sentences are in the language of the account, and one status stands
    for many causes, so only the fields count.
    """
    if not voting_on:
        return Refusal.VOTING_OFF
    if issue.resolution is not None:
        return Refusal.RESOLVED
    if issue.reporter_id is not None and issue.reporter_id == my_account_id:
        return Refusal.OWN_REPORT
    if wish is Wish.WITHDRAW and not issue.voted:
        return Refusal.NOT_VOTED
    return Refusal.UNEXPLAINED


def look_again_at(left_at: float, now: float) -> float:
    """Return when to look whether a call that left at ``left_at`` has landed against a wish.

    The last look is when it cannot land any more; those before come ever more seldom.
    """
    return min(left_at + LANDS_WITHIN, now + max(_LOOK_AGAIN, (now - left_at) / 2))
