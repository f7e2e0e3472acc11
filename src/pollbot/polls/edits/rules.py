"""What an edit of a poll's options means for those who chose them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pollbot.polls.rules import Draft, Option

Options = Sequence[tuple[str | None, str]]
"""The options of an edit, in order: the id of the one that stood there, or None; and its text."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody makes of a poll as it is now.

    Without ``options`` they stay as they are. ``shown`` are the ids of those that the person had
    before them. ``overtaken``: others changed some of it since they began.
    """

    draft: Draft
    options: Options | None
    shown: tuple[str, ...] = ()
    overtaken: bool = False


# Marks that change how a text looks, and not what it says; not those of numbers, nor of C# or C++.
_MARKS = str.maketrans(dict.fromkeys(".,;:!?'\"`´’‘‚‛“”„‟«»‹›()[]{}-‐‑‒–—…·", " "))
_AROUND_NUMBERS = ".,;:!?'\"’‘“”„«»()[]"
_VOWELS = frozenset("aeiouyäöüáéíóúàèìòùâêîôûåæøœ")
_FEWEST_LETTERS = 4
_LETTERS_TO_SUBSTITUTE = 5
_MOST_SLIPS = 2


def says_the_same(old: str, new: str) -> bool:
    """Return whether a text was only written better: other marks, spaces or case, or a typo.

    A typo is one letter too many, too few, or in the wrong place within a word of four
    letters or more, or one vowel for another in one of five; never its first letter, and
    never a digit. Whoever chose the old text has then chosen the new one.
    """
    before, after = _words(old), _words(new)
    if before == after or "".join(before) == "".join(after):
        return True
    if len(before) != len(after):
        return False
    slips = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    return len(slips) <= _MOST_SLIPS and all(_is_slip(*pair) for pair in slips)


def matched(old: Sequence[Option], edited: Options) -> Options:
    """Return the options of an edit with their ids after their texts, before their places.

    Texts that swapped places take their ids along, and with them their answers; an option
    in whose place another one's text stands now is gone. What has a text of its own is the
    one that stood there before, worded anew. Of ``old``, what was removed comes back where
    its text is written again.
    """
    texts = {option.id: _words(option.title) for option in old}
    by_text = _by_text([o for o in old if o.removed]) | _by_text([o for o in old if not o.removed])
    ids: list[str | None] = [None] * len(edited)
    for place, (known, text) in enumerate(edited):
        if known is not None and texts.get(known) == _words(text) and known not in ids:
            ids[place] = known
    for place, (_, text) in enumerate(edited):
        found = by_text.get(tuple(_words(text)))
        if ids[place] is None and found is not None and found not in ids:
            ids[place] = found
    for place, (known, _) in enumerate(edited):
        if ids[place] is None and known is not None and known not in ids:
            ids[place] = known
    return [(id_, text) for id_, (_, text) in zip(ids, edited, strict=True)]


def shared_with(
    now: Collection[str], chosen: Collection[str], shown: Collection[str] | None
) -> set[str]:
    """Return the co-owners once somebody chose these where those were ``shown`` as such.

    Whom others named or left out meanwhile they still have. None as ``shown`` is not known.
    """
    if shown is None:
        return set(chosen)
    return (set(now) - (set(shown) - set(chosen))) | (set(chosen) - set(shown))


def moved(old: Sequence[Option], new: Sequence[Option]) -> dict[str, str]:
    """Return where texts went that stand under another id now, as it happens elsewhere."""
    before = {option.id: _words(option.title) for option in old if not option.removed}
    after = {option.id: _words(option.title) for option in new}
    found: dict[str, str] = {}
    for old_id, text in before.items():
        there = [new_id for new_id, words in after.items() if words == text]
        if after.get(old_id) != text and len(there) == 1 and before.get(there[0]) != text:
            found[old_id] = there[0]
    return found


def _by_text(options: Sequence[Option]) -> dict[tuple[str, ...], str]:
    """Return the ids by their texts, without those that stand there twice."""
    often = Counter(tuple(_words(option.title)) for option in options)
    found = {tuple(_words(option.title)): option.id for option in options}
    return {text: id_ for text, id_ in found.items() if often[text] == 1}


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    found: list[str] = []
    for word in folded.split():
        if any(mark.isnumeric() for mark in word):
            found.append(word.rstrip(_AROUND_NUMBERS).lstrip("'\"’‘“”„«»([") or word)
        else:
            found += word.translate(_MARKS).split() if re.search(r"\w", word) else [word]
    return found


def _is_slip(old: str, new: str) -> bool:
    short, long = sorted((old, new), key=len)
    # Only where letters have two cases: elsewhere one of them may be a word, such as "not".
    if not all(mark.isalpha() and mark.upper() != mark.lower() for mark in old + new):
        return False
    if short[0] != long[0] or len(short) < _FEWEST_LETTERS:
        return False
    if len(long) == len(short) + 1:
        return any(long[:place] + long[place + 1 :] == short for place in range(1, len(long)))
    if len(long) != len(short):
        return False
    wrong = [place for place, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]]
    if len(wrong) == 2:
        first, second = wrong
        return second == first + 1 and (old[first], old[second]) == (new[second], new[first])
    is_vowel = len(wrong) == 1 and {old[wrong[0]], new[wrong[0]]} <= _VOWELS
    return is_vowel and len(short) >= _LETTERS_TO_SUBSTITUTE
