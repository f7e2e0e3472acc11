"""What is refused since the admins of a workspace do not allow it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pollbot.errors import BadInput, NotYours, PollbotError, Untold

GONE = ("no_such_subteam", "subteam_not_found", "usergroup_not_found")
"""What Slack answers where a user group is none of those that it has, or is disabled."""


@dataclass(eq=False)
class MayNotMake(NotYours):
    """Only others make polls here: the members of ``handle``, or whom an admin named, or admins.

    ``makers`` is one of rules.py:Makers.
    """

    makers: str
    handle: str = ""


@dataclass(eq=False)
class MakersUnread(PollbotError):
    """Slack did not tell who is in the user group that makes polls, so neither yes nor no is known.

    ``code`` is Slack's error string where it refused.
    """

    handle: str
    untold: Untold
    code: str = ""

    @property
    def is_gone(self) -> bool:
        """Whether Slack has no such group any more, or has it disabled."""
        return self.code in GONE

    @property
    def passing(self) -> bool:
        """Whether it may be told if it is asked again."""
        return self.untold in (Untold.BUSY, Untold.AWAY)


@dataclass(eq=False)
class ProjectNotAllowed(NotYours):
    """Issues of that project are not for pollbot here; those that are of ``allowed`` are."""

    project: str
    allowed: Sequence[str]


@dataclass(eq=False)
class ChannelNotAllowed(NotYours):
    """Cards are not posted in that channel; ``only``: they are in some, else in all but some."""

    channel_id: str
    only: bool


@dataclass(eq=False)
class NotAProject(BadInput):
    """What was typed among projects is no project's key."""

    typed: str


@dataclass(eq=False)
class ManyProjects(BadInput):
    """More projects were typed than can be kept."""

    typed: int
    most: int


class NoGroup(BadInput):
    """A user group is to make polls, and none was chosen."""


class NoPeople(BadInput):
    """Named people are to make polls, and none was named."""


class NoChannels(BadInput):
    """Some channels are to be the only ones, or left out, and none was chosen."""
