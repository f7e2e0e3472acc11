"""What is refused of polls and answers. The sentences are in sentences.py."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from pollbot.errors import BadInput, NotFound, NotYours, PollbotError, PollGone

PollPart = Literal[
    "question", "description", "options", "end", "reminder", "least", "most", "places", "audience"
]
Undone = Literal["created", "changed"]


class BadPart(BadInput):
    """A part of a poll that somebody asked for cannot be used, whether typed or in a form."""

    part: ClassVar[PollPart]


@dataclass(eq=False)
class EditsClash(BadInput):
    """An edit does not go with what others changed since its form was opened: ``because``."""

    because: BadPart


class OptionTakenOut(BadInput):
    """An option that an edit words anew was taken out since its form was opened."""


@dataclass(eq=False)
class OptionReworded(BadInput):
    """An option that an edit takes out says something else ``now``."""

    now: str


class OptionsMoved(BadInput):
    """The order of options that an edit changes is another one since its form was opened."""


class EditedTooOften(BadInput):
    """Others change the poll again and again, so nobody knows what of an edit is there."""


class AlreadyPoll(BadInput):
    """A message that is to become a poll is the card of one."""


class NothingToAsk(BadInput):
    """A message that is to become a poll has no words: a file, say."""


class ChannelsIssueNotFound(NotFound):
    """The issue that the channel is linked to is hidden from this person, or is none."""


class ChannelsPageNotFound(NotFound):
    """The page that the channel is linked to is hidden from this person, or is none."""


class NoQuestion(BadPart):
    """There is no question."""

    part = "question"


@dataclass(eq=False)
class LongQuestion(BadPart):
    """The question has so many characters."""

    part = "question"
    length: int


@dataclass(eq=False)
class LongDescription(BadPart):
    """The description has so many characters."""

    part = "description"
    length: int


class NoEnd(BadPart):
    """A poll that closes by itself has no end."""

    part = "end"


@dataclass(eq=False)
class EndPast(BadPart):
    """The end is in the past; ``undone`` is what was not done about the poll."""

    part = "end"
    undone: Undone


@dataclass(eq=False)
class EndTooFar(BadPart):
    """The end is more than ten years away; ``undone`` is what was not done about the poll."""

    part = "end"
    undone: Undone


class NobodyToRemind(BadPart):
    """A reminder of a poll that does not close by itself, or keeps no names."""

    part = "reminder"


class ReminderPast(BadPart):
    """The time for the reminder has passed already."""

    part = "reminder"


@dataclass(eq=False)
class FewOptions(BadPart):
    """So many options are too few."""

    part = "options"
    found: int


@dataclass(eq=False)
class ManyOptions(BadPart):
    """So many options are too many."""

    part = "options"
    found: int


@dataclass(eq=False)
class BadOption(BadPart):
    """An option cannot be one; ``option`` is its text."""

    part = "options"
    option: str


class LongOption(BadOption):
    """An option is too long."""


class SameOption(BadOption):
    """An option is there twice."""


@dataclass(eq=False)
class NoNumber(BadPart):
    """What was written is none of the numbers that can be used; ``most`` is the greatest."""

    written: str
    most: int


class NoLeast(NoNumber):
    """That is no number of options that an answer needs."""

    part = "least"


class NoMost(NoNumber):
    """That is no number of options that an answer takes."""

    part = "most"


class NoPlaces(NoNumber):
    """That is no number of places that an option has."""

    part = "places"


@dataclass(eq=False)
class LeastOverMost(BadPart):
    """An answer needs more options than it takes."""

    part = "least"
    least: int
    most: int


@dataclass(eq=False)
class LeastOverOptions(BadPart):
    """An answer needs more options than the poll has."""

    part = "least"
    least: int
    found: int


@dataclass(eq=False)
class MostOverOptions(BadPart):
    """An answer takes more options than the poll has, and nobody may add any."""

    part = "most"
    most: int
    found: int


class PlacesTell(BadPart):
    """A full option tells how often it was chosen, and that is to be hidden."""

    part = "places"


class NobodyChosen(BadPart):
    """Only some people may answer, and none is chosen."""

    part = "audience"


@dataclass(eq=False)
class ManyChosen(BadPart):
    """More people or groups are chosen than a poll keeps; these are its limits."""

    part = "audience"
    people: int
    groups: int


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


class PollForgotten(PollGone):
    """The poll was closed, and so long ago that the workspace has forgotten it."""


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
class AllChosen(PollbotError):
    """Somebody has chosen ``have`` of so many options that an answer takes at ``most``."""

    have: int
    most: int


@dataclass(eq=False)
class OptionFull(PollbotError):
    """All places of the option, which is called so, are taken."""

    option: str
    places: int


@dataclass(eq=False)
class NotChecked(PollbotError):
    """Jira did not tell in time whether the person may do that; ``busy``: it asks us to wait."""

    busy: bool = field(default=False, kw_only=True)


class OwnersOnly(NotYours):
    """Only whoever created the poll, its co-owners and admins may do that."""


@dataclass(eq=False)
class ManyWaiting(BadInput):
    """So many polls of the person wait to be made already."""

    number: int


class CannotNudge(PollbotError):
    """The poll is anonymous, so nobody knows whom to remind."""


class NudgedAlready(PollbotError):
    """Those who have not answered were reminded by hand already."""


class NotAskedSince(PollbotError):
    """Its source could not be asked since whether it has a poll that it may have made."""


class OneLikeIt(PollbotError):
    """Its source has a poll now that is like one that it may have made."""


class PerhapsMadeSince(PollbotError):
    """The database was set back to a copy in which a poll still waited, so it may be made."""


@dataclass(eq=False)
class LongComment(BadInput):
    """A comment of so many characters."""

    length: int


class NoComments(BadInput):
    """The poll takes no comments."""


@dataclass(eq=False)
class NotEditable(BadInput):
    """A closed poll cannot be edited."""

    title: str


class CardUnknown(BadInput):
    """Nobody knows where the card hangs beside which a copy is to be posted."""


class TooMuchForForm(BadInput):
    """There is more than a form takes."""
