"""What Team Voice refuses, and how it may be out of reach. The sentences are in sentences.py."""

from dataclasses import dataclass
from typing import Literal

from pollbot.errors import (
    BadInput,
    NotYours,
    PollGone,
    SourceBusy,
    SourceError,
    SourceRefused,
    SourceUnavailable,
    SourceUnusable,
)
from pollbot.polls.sources.source import PlaceUnnamed

Method = Literal["GET", "POST", "PUT", "DELETE"]


class GoneThere(PollGone):
    """The poll is not in Team Voice any more."""


class TokenRefused(SourceRefused):
    """Team Voice does not accept the token that pollbot has for this place."""


@dataclass(eq=False)
class NotTaken(SourceError):
    """Team Voice did not accept what pollbot sent."""

    status: int


class NothingThere(SourceUnusable):
    """The address answers that nothing is there."""


class UnusableAddress(SourceUnusable):
    """The address is none that can be called."""


class PrivateAddress(SourceUnusable):
    """The address leads into pollbot's own machine or network."""


class PlainAddress(SourceUnusable):
    """The address begins with http://, so that the token could be read on its way."""


class NoSource(SourceUnusable):
    """The poll lives in a Team Voice that was removed from /pollbot setup."""


class TooBusy(SourceBusy):
    """Team Voice is asked too much."""


class Unreachable(SourceUnavailable):
    """Team Voice did not answer what ``method`` asked for."""

    def __init__(self, method: Method, why: str, retry_after: float = 0.0) -> None:
        super().__init__(why, retry_after, perhaps=method != "GET")
        self.method = method


class OddAnswer(Unreachable):
    """HTTP 200, with something else than Team Voice's page promises."""

    def __init__(self, method: Method) -> None:
        super().__init__(method, "not understood")


class NotInList(Unreachable):
    """Team Voice's list lacks a poll, which was deleted there, or the list is an old one."""

    def __init__(self) -> None:
        super().__init__("GET", "not listed")


class NeedsMacro(PlaceUnnamed):
    """Team Voice keeps polls of a page under a macro's id, which only the page shows."""


class HiddenNotKept(BadInput):
    """Team Voice keeps only polls whose results are always visible; this one would be made."""


class HiddenNotChanged(BadInput):
    """Team Voice keeps only polls whose results are always visible; this one would be changed."""


@dataclass(eq=False)
class EditorsOnly(NotYours):
    """Only who may edit the issue or page may make and change polls on it; ``label`` names it."""

    label: str
