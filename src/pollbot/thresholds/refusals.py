"""What is refused of thresholds. The sentences are in sentences.py."""

from dataclasses import dataclass

from pollbot.errors import BadInput, NotYours, PollbotError


class ThresholdGone(PollbotError):
    """There is no such threshold for this person: it was deleted, or was never known here."""


class ThresholdElsewhere(ThresholdGone):
    """The threshold belongs to another workspace than the one that this was done in."""


@dataclass(eq=False)
class NoNumberOfVotes(BadInput):
    """That is no number of votes at which somebody could be told."""

    text: str


class NothingToLookAt(BadInput):
    """There is no issue, project or JQL."""


@dataclass(eq=False)
class ManyThresholds(BadInput):
    """Somebody has so many thresholds already."""

    most: int


class SameThreshold(BadInput):
    """Somebody has that threshold already."""


@dataclass(eq=False)
class ManyAbove(BadInput):
    """At least so many issues of a list have that many votes, more than are looked at."""

    most: int


class VotingOff(BadInput):
    """Voting is switched off where the issue lives, so that its votes tell nothing."""


@dataclass(eq=False)
class ThresholdUnseen(PollbotError):
    """Jira does not show an issue to a threshold's owner any more: it was deleted, or is hidden."""

    issue_key: str


class ChannelUnseen(BadInput):
    """Slack does not say that the person may look into that channel."""


class ManagersOnly(NotYours):
    """Only whoever made the threshold and admins may do that."""


class MakersOnly(NotYours):
    """Only whoever made the threshold may change what it looks at: Jira is read as them."""
