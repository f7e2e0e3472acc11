"""What is refused of an option that somebody adds to a poll."""

from dataclasses import dataclass

from pollbot.errors import PollbotError, SourceUnavailable


class NotAddable(PollbotError):
    """Nobody but who manages the poll adds options to it."""


class NoOptionText(PollbotError):
    """The option has no words."""


@dataclass(eq=False)
class ManyAdded(PollbotError):
    """Somebody has added so many options to the poll, which are all that one may add."""

    most: int


class LostInSource(SourceUnavailable):
    """Its source was asked to take an option, and does not have it."""
