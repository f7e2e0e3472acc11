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


class NoChannel(BadInput):
    """There is no channel to post in."""


class NoDays(BadInput):
    """A weekly schedule has no day of the week."""


class NoDay(BadInput):
    """A schedule that posts once has no day."""


class NoSuchDay(BadInput):
    """A day of the week or of the month that there is not."""


class NoTime(BadInput):
    """There is no time of the day."""


class TimePast(BadInput):
    """No due time is left."""


class NoNumberOfPosts(BadInput):
    """It cannot end after so many posts."""


@dataclass(eq=False)
class FewPosts(BadInput):
    """It was to end after fewer posts than it has made."""

    posted: int


class QueryUnordered(BadInput):
    """Jira takes the query as words to look for, which it puts in no order."""


@dataclass(eq=False)
class QueryRefused(BadInput):
    """Jira does not take the query of a schedule. ``said`` are its own words."""

    said: str


@dataclass(eq=False)
class ChannelNotOpen(PollbotError):
    """Slack lets pollbot post nothing in a schedule's channel, for the reason of this code."""

    code: str


@dataclass(eq=False)
class ManySchedules(BadInput):
    """Somebody has so many schedules already."""

    most: int


class NothingToResume(BadInput):
    """All due times of a paused schedule have passed."""


@dataclass(eq=False)
class NotRun(PollbotError):
    """A run by hand posted nothing: Slack does not let pollbot write there."""

    code: str


class OftenTried(PollbotError):
    """It could not be posted, though it was tried several times."""


class OwnerNotConnected(PollbotError):
    """Jira does not accept the account of a schedule's owner, or none is connected."""


@dataclass(eq=False)
class PostNotTaken(PollbotError):
    """Slack does not let pollbot write where a schedule posts."""

    code: str


@dataclass(eq=False)
class PostRefused(PollbotError):
    """Slack does not take what a schedule posts, wherever it goes."""

    code: str
