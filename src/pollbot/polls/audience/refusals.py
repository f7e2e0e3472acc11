"""What is refused of who may answer a poll."""

from dataclasses import dataclass

from pollbot.errors import BadInput, PollbotError, Untold
from pollbot.polls.audience.rules import Audience, Group


@dataclass(eq=False)
class NotInAudience(PollbotError):
    """Somebody else may answer this poll: its audience."""

    audience: Audience


@dataclass(eq=False)
class AudienceUnread(PollbotError):
    """Slack did not tell who is in a part of a poll's audience, so neither yes nor no is known.

    ``group`` is that part, None for the members of its channel. ``code`` is Slack's error string
    where it refused.
    """

    group: Group | None
    untold: Untold
    code: str = ""

    @property
    def is_gone(self) -> bool:
        """Whether Slack has no such group any more, or has it disabled."""
        return self.group is not None and self.code in GONE

    @property
    def passing(self) -> bool:
        """Whether it may be told if it is asked again."""
        return self.untold in (Untold.BUSY, Untold.AWAY)


GONE = ("no_such_subteam", "subteam_not_found", "usergroup_not_found", "users_not_found")
"""What Slack answers where a group is none of those that it has."""


@dataclass(eq=False)
class NoSuchGroup(BadInput):
    """No user group of the workspace has that handle."""

    handle: str


@dataclass(eq=False)
class GroupsUnread(BadInput):
    """Slack did not tell the user groups of the workspace, so a handle could not be looked up."""

    handle: str
    untold: Untold
    code: str = ""
