"""What is refused of schedules. The sentences are in sentences.py."""

from dataclasses import dataclass, field

from pollbot.errors import BadInput, NotLookedUp, NotYours, PollbotError


class ScheduleGone(PollbotError):
    """There is no such schedule for this person: it was deleted, or was never known here."""


class ScheduleElsewhere(ScheduleGone):
    """The schedule belongs to another workspace than the one that this was done in."""


class ScheduleOver(PollbotError):
    """The schedule has nothing more to post."""


@dataclass(eq=False)
class OwnerUnseen(PollbotError):
    """Jira does not let somebody do what another one has just asked for in their name."""

    connected: bool = field(kw_only=True)


class OwnerOrAdminsOnly(NotYours):
    """Only whoever made the schedule and admins may do that."""


class OwnerOnly(NotYours):
    """Only whoever made the schedule may change what it posts and where."""


class NoFirstTime(BadInput):
    """A poll that is repeated needs the time of its first post."""


class FirstTimePast(BadInput):
    """The time of the first post has passed already."""


@dataclass(eq=False)
class ZoneUnknown(BadInput):
    """In which time zone to post could not be looked up, so that nothing was created."""

    because: NotLookedUp
