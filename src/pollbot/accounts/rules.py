"""What is typed to connect an account, what waits for it, and what is dropped with it."""

import re
from dataclasses import dataclass

from pollbot.accounts.refusals import NoEmail, NotAToken, NoToken
from pollbot.errors import BadField
from pollbot.jira.rules import Wish

EMAIL, TOKEN = "email", "token"  # the fields of the form
_EMAIL = re.compile(r"[^@\s:]+@[^@\s:]+")


def check_typed(email: str, token: str) -> None:
    """Raise BadField for what can be no e-mail address, or no token of Jira's."""
    if not _EMAIL.fullmatch(email):
        raise BadField(EMAIL, NoEmail())
    if not token:
        raise BadField(TOKEN, NoToken())
    if not token.isascii() or not token.isprintable() or " " in token:
        raise BadField(TOKEN, NotAToken())


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
