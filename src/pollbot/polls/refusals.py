"""What is refused of polls and answers. The sentences are in sentences.py."""

from dataclasses import dataclass, field
from typing import Literal

from pollbot.errors import BadInput, NotYours, PollbotError, PollGone


class BadPart(BadInput):
    """A part of a poll that somebody asked for cannot be used; of an option it has the text."""

    def __init__(
        self,
        part: Literal["question", "description", "options", "end", "reminder"],
        sentence: str,
        option: str = "",
    ) -> None:
        super().__init__(sentence)
        self.part = part
        self.option = option


@dataclass(eq=False)
class NotInForm(BadInput):
    """A question was typed without quotes, and the form for it could not be opened.

    ``command`` is how to write the same without the form.
    """

    because: PollbotError
    command: str


@dataclass(eq=False)
class PollClosed(PollbotError):
    """The poll takes no more answers."""

    title: str


class PollElsewhere(PollGone):
    """The poll belongs to another workspace than the one that this was done in."""


class PollUnknown(PollGone):
    """No poll of that id is in the database, deleted or not."""


@dataclass(eq=False)
class CannotReopen(PollbotError):
    """The poll was anonymous, so what tied answers to people was destroyed at its close."""

    title: str


class NoSuchOption(PollbotError):
    """The option was removed by an edit."""


@dataclass(eq=False)
class PollKeyLost(PollbotError):
    """The poll is anonymous, and the key that tells its answers apart cannot be opened."""

    title: str


class AnswerFinal(PollbotError):
    """Answers to this poll cannot be changed or withdrawn."""


class OneAnswerOnly(PollbotError):
    """More answers than the poll takes."""


@dataclass(eq=False)
class NotChecked(PollbotError):
    """Jira did not tell in time whether the person may do that; ``busy``: it asks us to wait."""

    busy: bool = field(default=False, kw_only=True)


class OwnersOnly(NotYours):
    """Only whoever created the poll, its co-owners and admins may do that."""
