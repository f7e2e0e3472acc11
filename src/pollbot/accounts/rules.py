"""What is typed to connect an account, what waits for it and is dropped with it; links."""

import re
from dataclasses import dataclass

from pollbot.accounts.refusals import NoEmail, NotAToken, NoToken
from pollbot.errors import BadField
from pollbot.jira.pages import Linked
from pollbot.jira.rules import Wish
from pollbot.people import Account

SITE, EMAIL, TOKEN = "site", "email", "token"  # the fields of the form
_EMAIL = re.compile(r"[^@\s:]+@[^@\s:]+")


def check_typed(email: str, token: str) -> None:
    """Raise BadField for what can be no e-mail address, or no token of Jira's."""
    if not _EMAIL.fullmatch(email):
        raise BadField(EMAIL, NoEmail())
    if not token:
        raise BadField(TOKEN, NoToken())
    if not token.isascii() or not token.isprintable() or " " in token:
        raise BadField(TOKEN, NotAToken())


_GRANT = "grant "


def credential_of(grant_id: str) -> str:
    """Return what stands for a grant in an account, in place of an Authorization header."""
    return f"{_GRANT}{grant_id}"


def grant_in(credential: str) -> str:
    """Return the id of the grant that a credential stands for; empty if it stands for itself."""
    is_grant = credential.startswith(_GRANT)
    return credential.removeprefix(_GRANT) if is_grant else ""


LIVES = 365 * 86400.0
"""Seconds after which what somebody connected with is over at the latest, an API token or what was
allowed by signing in. Sources: support.atlassian.com, "Manage API tokens"; Atlassian's staff in
community.developer.atlassian.com/t/54172."""
TOLD_BEFORE = 14 * 86400.0
"""Seconds before that at which they are told."""


@dataclass(frozen=True, slots=True)
class Ending:
    """An account that is over soon: connected then, by signing in or with a token."""

    site: str
    connected_at: float
    signed_in: bool

    @property
    def ends_at(self) -> float:
        """When it is over at the latest."""
        return self.connected_at + LIVES


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
class Link:
    """What a channel is linked to, as one person sees it.

    ``seen``: Jira or Confluence has shown it to them; ``title`` is that of a page then.
    """

    to: Linked
    seen: bool
    title: str = ""


@dataclass(frozen=True, slots=True)
class Connected:
    """An account that was just connected: on which site, what it is called, what waited for it."""

    site: str
    name: str
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class OnSite:
    """How it stands with a person on a site: their account, and where they can sign in instead."""

    site: str
    account: Account | None
    sign_in: str = ""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """What became of a person's account on a site; ``was_connected``: there was one."""

    site: str
    was_connected: bool
    dropped: Dropped


@dataclass(frozen=True, slots=True)
class ToldBy:
    """How a person hears that Jira refuses their account: by the wish of that id, if there is one.

    ``before``: they have heard it earlier.
    """

    intent_id: str
    before: bool
