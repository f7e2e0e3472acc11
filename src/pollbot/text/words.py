"""Words that pollbot knows, as people type them: in any case, with marks and dashes around them."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from pollbot.text.dashes import plain_dashes, undashed

_CLOSE = 0.75
_LONGEST = 6
"""Digits of the longest number that means anything here."""
# Beside white space, what takes no room on a screen may part two words.
_GAP = re.compile(r"[\s\u200b\u200e\u200f\u2060\ufeff]+")
_AROUND = ",;.:!\"'“”„‘’«»‹›`´"
_HELP = ("help", "?")


def folded(word: str) -> str:
    """Return a word in small plain letters, without the marks of a sentence around it."""
    return plain_dashes(word).strip(",;.:").casefold()


def as_known(word: str) -> str:
    """Return a word as it is known: folded, without dashes in front of it."""
    return undashed(folded(word))


def first_word(text: str) -> tuple[str, str]:
    """Return the first word as it is known, quotes and dashes left out, and what follows it."""
    typed = text[match.end() :] if (match := _GAP.match(text)) else text
    word, *rest = _GAP.split(typed, maxsplit=1)
    return as_known(word.strip(_AROUND)), "".join(rest)


def asks_for_help(text: str) -> bool:
    """Return whether a command's text asks what there is to type, and nothing else."""
    word, rest = first_word(text)
    return word in _HELP and not _GAP.sub("", rest)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that this one is probably meant as."""
    return next(iter(get_close_matches(as_known(word), [*known], n=1, cutoff=_CLOSE)), None)


def plain_digits(text: str) -> str:
    """Return the text with each digit as it is in ASCII."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in plain)


def read_number(text: str, most: int) -> int | None:
    """Return the number from 1 to ``most`` that is written there; None for anything else."""
    plain = plain_digits(text).strip()
    if not re.fullmatch(f"[0-9]{{1,{_LONGEST}}}", plain):
        return None
    number = int(plain)
    return number if 1 <= number <= most else None
