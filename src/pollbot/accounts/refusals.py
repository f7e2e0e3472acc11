"""What is refused of accounts, and of what channels are linked to."""

from dataclasses import dataclass

from pollbot.errors import (
    AccountRefused,
    BadInput,
    JiraError,
    JiraUnavailable,
    PollbotError,
    SiteMoved,
)

NotSignedIn = AccountRefused | JiraError | JiraUnavailable | SiteMoved


class NoEmail(BadInput):
    """What was typed is no e-mail address."""


class NoToken(BadInput):
    """No token was pasted."""


class NotAToken(BadInput):
    """What was pasted holds what no token has."""


@dataclass(eq=False)
class TokenNotTaken(PollbotError):
    """The account could not be connected, since Jira answered its e-mail and token with that."""

    because: NotSignedIn


class Parted(PollbotError):
    """While it was checked what they connect with, the person disconnected or was forgotten."""


@dataclass(eq=False)
class ConnectedSince(PollbotError):
    """While it was checked what they connect with, they connected by what they began later."""

    site: str


@dataclass(eq=False)
class LinkUnseen(PollbotError):
    """Jira shows the person no issue with the key that a channel was to be linked to."""

    key: str


class PageUnseen(PollbotError):
    """Confluence shows the person no such page as the one that a channel was to be linked to."""


class SignInOver(PollbotError):
    """The link to sign in is too old, was used already, or is none of pollbot's."""


class SignInRefused(PollbotError):
    """Atlassian does not take what it gave the person's browser, or gives the account no access."""


class OtherBrowser(PollbotError):
    """The sign-in was begun in another browser than the one that came back from Atlassian."""


class NotAllowedThere(PollbotError):
    """At Atlassian the person did not allow it."""


@dataclass(eq=False)
class OtherSiteChosen(PollbotError):
    """At Atlassian the person chose other ``sites`` than ``ours``."""

    ours: str
    sites: tuple[str, ...]
