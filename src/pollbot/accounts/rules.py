"""What waits for a person's account, and what is dropped with it."""

from dataclasses import dataclass

from pollbot.jira.rules import Wish


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waited for a person's account: votes, by issue, and polls, by their titles."""

    votes: tuple[str, ...] = ()
    polls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DroppedVote:
    """A wish that was dropped before it was told what became of it.

    ``may_land``: a call over it had left, and nobody knows whether Jira will have it.
    """

    issue_key: str
    wish: Wish
    may_land: bool


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was dropped with an account: votes, and the titles of polls that waited for it."""

    votes: tuple[DroppedVote, ...] = ()
    polls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldBy:
    """How a person hears that Jira refuses their account: by the wish of that id, if there is one.

    ``before``: they have heard it earlier.
    """

    intent_id: str
    before: bool
