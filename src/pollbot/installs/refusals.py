"""Why the app is not installed in a workspace."""

from dataclasses import dataclass

from pollbot.errors import PollbotError


class InstallOver(PollbotError):
    """What came back was begun more than ten minutes ago, came back before, or is none of ours."""


class OtherBrowserCame(PollbotError):
    """It was begun in another browser than the one that came back from Slack."""


class NotAllowedAtSlack(PollbotError):
    """At Slack it was cancelled, or the person may not install apps there."""


@dataclass(eq=False)
class CodeNotTaken(PollbotError):
    """Slack does not take the code that it gave the browser, with that error of its own."""

    code: str


@dataclass(eq=False)
class AppNotSetUp(PollbotError):
    """Slack refuses pollbot itself: whoever runs it has to mend that. ``code`` is its error."""

    code: str


@dataclass(eq=False)
class CannotBeRead(PollbotError):
    """Slack's answer lacks something that belongs there; ``why`` is its name."""

    why: str


class SlackSilent(PollbotError):
    """Slack did not answer while the code was exchanged."""


@dataclass(eq=False)
class NotListed(PollbotError):
    """The workspace, or organisation, is none of those that whoever runs pollbot has named."""

    name: str
    id: str


@dataclass(eq=False)
class ScopesLacking(PollbotError):
    """Slack gave the app less than it needs."""

    name: str
    scopes: tuple[str, ...]
