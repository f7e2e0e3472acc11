"""What somebody looks for among polls, and whether a poll is that."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pollbot.polls.results.rules import Listed
from pollbot.polls.sources.source import PLAIN, About
from pollbot.text.words import as_known

State = Literal["all", "open", "closed"]

FOUND = 10
"""As many polls stand on a page of what was found."""
LOOKED_THROUGH = 5000
"""Of a workspace so many polls are looked through, the open ones first and then the newest."""
WORDS = 150
"""Characters of what is looked for, which a button remembers."""
AGES = (1, 7, 30, 90, 365)
"""Days that the form offers."""
_OLDEST = 36_500
_STATES: dict[str, State] = {"open": "open", "closed": "closed", "all": "all"}
_AGE = re.compile(r"(?P<many>[0-9]{1,5})(?P<unit>[dwmy])")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_TERM = re.compile(r'"([^"]*)"|[“„]([^“”]*)[“”]|(\S+)')


@dataclass(frozen=True, slots=True)
class Search:
    """``text`` are words, of which each has to be in a poll; in quotes, one after the other.

    ``days`` is how long ago it was made or closed at most; ``mine``: those that the person made
    or may manage; ``channel``: those with a card there, empty for anywhere.
    """

    text: str = ""
    state: State = "all"
    days: int | None = None
    mine: bool = False
    channel: str = ""

    @property
    def terms(self) -> tuple[str, ...]:
        """What has to be in a poll, folded."""
        found = ("".join(one.groups("")) for one in _TERM.finditer(self.text))
        return tuple(term for term in map(fold, found) if term)

    @property
    def is_any(self) -> bool:
        """Whether every poll is meant."""
        return self == Search()


@dataclass(frozen=True, slots=True)
class FoundPoll:
    """A poll that was found, and in which channels it hangs that the person may look into."""

    listed: Listed
    channels: Sequence[str]
    made_at: float


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, as its number, of ``total`` polls in all.

    ``about`` is what they are on; ``is_cut``: there are more polls than were looked through.
    """

    search: Search
    polls: Sequence[FoundPoll]
    number: int
    total: int
    about: About = PLAIN
    is_cut: bool = False


def fold(text: str) -> str:
    """Return a text without case, accents and marks that are not seen, in single spaces."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = (one for one in parts if unicodedata.category(one) not in ("Mn", "Cf"))
    return " ".join("".join(plain).split())


def has_all(terms: Iterable[str], texts: Iterable[str]) -> bool:
    """Return whether each of the folded terms is in one of the texts."""
    folded = [fold(text) for text in texts]
    return all(any(term in text for text in folded) for term in terms)


def with_words(words: Iterable[str]) -> Search:
    """Return what is looked for by words after a command: some of them say which polls."""
    search, text = Search(), []
    for word in words:
        plain = as_known(word)
        age = _AGE.fullmatch(plain)
        if plain in _STATES:
            search = replace(search, state=_STATES[plain])
        elif plain == "mine":
            search = replace(search, mine=True)
        elif age is not None:
            days = int(age["many"]) * _DAYS[age["unit"]]
            search = replace(search, days=min(max(1, days), _OLDEST))
        else:
            text.append(word)
    return replace(search, text=" ".join(text)[:WORDS])
