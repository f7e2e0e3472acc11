"""What is refused of people's own templates. The sentences are in sentences.py."""

from dataclasses import dataclass

from pollbot.errors import BadInput, NotYours, PollbotError


class NoName(BadInput):
    """A template has no name."""


@dataclass(eq=False)
class LongName(BadInput):
    """A template's name has so many characters."""

    length: int


@dataclass(eq=False)
class NameTaken(BadInput):
    """Another template of the person has that name, or another that is ``shared``."""

    name: str
    shared: bool


@dataclass(eq=False)
class ManyTemplates(BadInput):
    """So many templates of the person, or ``shared`` ones of the workspace, are there already."""

    number: int
    shared: bool = False


@dataclass(eq=False)
class NoSuchTemplate(BadInput):
    """Nobody has shared a template of that name, and the person has none; ``known`` are others."""

    name: str
    known: tuple[str, ...]


class TemplateGone(PollbotError):
    """The template was deleted, or is shared no more."""


class TemplateNotYours(NotYours):
    """Only its owner, and of a shared one an admin, may change a template."""


@dataclass(eq=False)
class TemplateNewer(PollbotError):
    """The template was saved by a newer version, which knows what this one does not."""

    name: str
