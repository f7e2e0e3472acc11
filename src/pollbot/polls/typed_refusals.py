"""What is refused, or noted, of what is typed after /poll. The sentences are in sentences.py.

``command`` is the line to copy that was probably meant, without /poll; blank if there is none.
"""

from dataclasses import dataclass
from typing import Literal

from pollbot.errors import BadInput

CardVerb = Literal["close", "delete", "edit", "reopen"]


@dataclass(eq=False)
class OnACard(BadInput):
    """What is to be done to a poll that is there already, as a verb."""

    verb: CardVerb


@dataclass(eq=False)
class MentionOutside(BadInput):
    """A mention outside the quotes."""

    mention: str
    command: str


@dataclass(eq=False)
class BetweenOptions(BadInput):
    """A word such as "or" between two options."""

    word: str
    after: str
    command: str


@dataclass(eq=False)
class OutsideQuotes(BadInput):
    """An unknown word outside the quotes, ``after`` others; ``meant`` is a known one like it."""

    word: str
    after: str
    meant: str | None
    command: str


@dataclass(eq=False)
class VerbBefore(BadInput):
    """A verb such as "create" before the question."""

    word: str
    command: str


@dataclass(eq=False)
class UnknownWord(BadInput):
    """An unknown word before the question; ``meant`` is a known one like it."""

    word: str
    meant: str | None


@dataclass(eq=False)
class QuestionUnquoted(BadInput):
    """Words before the quotes that are probably the question."""

    text: str
    command: str


@dataclass(eq=False)
class TemplateHasOptions(BadInput):
    """A template brings its own options, and others are there, too: the first of them."""

    template: str
    option: str


class EmptyQuestion(BadInput):
    """The first quotes are empty."""


@dataclass(eq=False)
class FewTyped(BadInput):
    """A question with one option, or with none."""

    question: str
    option: str | None


@dataclass(eq=False)
class HereAndPlace(BadInput):
    """A poll on nothing, and on an issue or page."""

    here: str
    place: str


@dataclass(eq=False)
class Contradiction(BadInput):
    """A word contradicts another one before the question."""

    word: str


@dataclass(eq=False)
class NumberMissing(BadInput):
    """No number stands after a word that needs one."""

    word: str


class NobodyAfter(BadInput):
    """Nobody is named after the word that says who may answer."""


@dataclass(eq=False)
class TwoTemplates(BadInput):
    """Two templates at once."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class WordLeftOut:
    """A word like an option of a program was left out; ``meant`` is a known one like it."""

    word: str
    meant: str | None


@dataclass(frozen=True, slots=True)
class TakenAsSettings:
    """Words that may be part of a question were taken for settings."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PerhapsMeant:
    """A word was taken as part of the question that may be a setting."""

    word: str
    meant: str


@dataclass(frozen=True, slots=True)
class CutShort:
    """Of a message that became a poll, so many options were too long, or its ``description``."""

    options: int
    description: bool


Note = BadInput | WordLeftOut | TakenAsSettings | PerhapsMeant | CutShort
"""What is said in the form about what was typed, and not understood or not done."""
