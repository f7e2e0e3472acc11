"""Why a step of Workflow Builder fails. The sentences are in sentences.py."""

from dataclasses import dataclass

from pollbot.errors import BadInput, NotYours, PollbotError


class NoSuchStep(PollbotError):
    """The step is none of this version's: the app's manifest is another version's."""


class NobodyUsedIt(BadInput):
    """Slack did not say who used the workflow: nobody did, or the manifest is an older one."""


class UserGone(BadInput):
    """Who used the workflow is an app, or somebody whose account was deactivated."""


class UserForgotten(BadInput):
    """Who used the workflow was forgotten before the step was done."""


class NoChannelGiven(BadInput):
    """A poll was to be created, and no channel was chosen for it."""


class NotInChannel(NotYours):
    """Who used the workflow is not known to be in the channel."""


@dataclass(eq=False)
class NoCardThere(PollbotError):
    """Slack lets pollbot post no poll in the channel, for the reason of this code."""

    code: str


class CardNotTaken(PollbotError):
    """The poll was created, and Slack took no card of it."""


@dataclass(eq=False)
class IssueNotShown(PollbotError):
    """Jira shows the issue neither to everybody nor to who used the workflow.

    ``connected``: with their account it was asked, too.
    """

    key: str
    connected: bool


@dataclass(eq=False)
class NoPollNamed(BadInput):
    """What was given for a poll is neither a link to its message nor what names one here."""

    text: str


class NoPollOnMessage(BadInput):
    """The link leads to a message that is no poll of this pollbot's, or of another workspace."""


class PollGoneMeanwhile(PollbotError):
    """The poll for whose end a step waited was deleted."""


class StepTooOld(PollbotError):
    """pollbot was away for so long that the step is not begun any more."""


class StepSetBack(PollbotError):
    """The database is an older copy, so the step may have been done since."""


@dataclass(eq=False)
class OutputsRefused(PollbotError):
    """Slack does not take what the step tells: the app's manifest is another version's."""

    code: str
