"""Polls that people asked for and that could not be made yet: for how long, and what became."""

from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Literal

from pollbot.errors import PollbotError
from pollbot.people import Person
from pollbot.polls.rules import Ask
from pollbot.polls.sources.source import About
from pollbot.votes.rules import KEPT_FOR

MOST_WAITING = 20
"""Polls of one person that wait at once."""

State = Literal["queued", "unconnected", "making", "settled"]
"""For Jira or its source; for its person to connect; being made, or to be looked for; or decided,
but not told yet."""


class Decision(StrEnum):
    """What became of a poll that waited."""

    MADE = "made"
    REFUSED = "refused"
    EXPIRED = "expired"
    """It waited for as long as such a thing is kept."""
    ENDED = "ended"
    """Its own end came first."""
    PERHAPS = "perhaps"
    """Its source was asked to make it, and nobody can know whether it did."""
    NOT_THERE = "not_there"
    """Its source was asked to make it, did not answer, and has no such poll."""


class Because(Enum):
    """Why a poll cannot be made now."""

    JIRA_AWAY = auto()
    JIRA_BUSY = auto()
    SITE_MOVED = auto()
    SOURCE_AWAY = auto()
    SOURCE_BUSY = auto()
    SOURCE_ODD = auto()
    SLOW = auto()
    NO_ACCOUNT = auto()
    TOKEN_REFUSED = auto()


NEEDS_ACCOUNT = (Because.NO_ACCOUNT, Because.TOKEN_REFUSED)


@dataclass(frozen=True, slots=True)
class Wait:
    """How a poll begins to wait: for what, and for how many seconds before it is tried again."""

    state: State
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Delayed:
    """A poll that somebody has just asked for, and that is kept until it can be made.

    Until then it can be dropped by its ``id``. ``why`` is None where its source was asked to make
    it and gave no answer, so that it is looked for there.
    """

    id: str
    ask: Ask
    about: About
    why: Because | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of its waiting; ``why`` it was refused, or is unknown."""

    decision: Decision
    why: PollbotError | None = None


@dataclass(frozen=True, slots=True)
class WaitingPoll:
    """A poll that a person asked for, and has not heard the end of.

    ``ask`` names the issue or page that was meant when it was asked for. Its card goes to
    ``channel_id``, and there under ``thread_ts``; ``stamp`` names the delivery that brought it.
    """

    id: str
    person: Person
    ask: Ask
    channel_id: str
    response_url: str | None
    stamp: str
    state: State
    asked_at: float
    outcome: Outcome | None = None
    thread_ts: str | None = None
    site: str = ""

    def over(self, now: float) -> Decision | None:
        """Return why it is not to be made any more; None while it is."""
        ends_at = self.ask.draft.settings.ends_at
        if ends_at is not None and ends_at <= now:
            return Decision.ENDED
        return Decision.EXPIRED if self.asked_at + KEPT_FOR <= now else None
