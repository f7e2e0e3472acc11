"""Dashes and full-width letters, as people and their keyboards write them."""

import unicodedata

# Dashes that phones and keyboards make of a hyphen. The long ones part words as well.
LONG_DASHES = "\u2012\u2013\u2014\u2015\u2e3a\u2e3b\ufe31\ufe32\ufe58"
DASHES = f"-\u2010\u2011\u2212\u02d7\u058a\u05be\u2043\u2796\ufe63\uff0d{LONG_DASHES}"
# A soft hyphen is not always shown, and the Japanese key for a hyphen writes a long vowel:
# right between a project and a number they are hyphens.
LONG_VOWELS = "\u30fc\uff70"
FOLDS = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()}
    | {ord("＿"): "_"}
    | dict.fromkeys(map(ord, DASHES), "-")
)


def plain_dashes(word: str) -> str:
    """Return a word with plain letters, digits and hyphens for full-width ones and all dashes."""
    return word.translate(FOLDS)


def undashed(word: str) -> str:
    """Return a word without the dashes that it begins with, as options of programs do."""
    plain = (place for place, mark in enumerate(word) if not _is_dash(mark))
    return word[next(plain, len(word)) :]


def _is_dash(mark: str) -> bool:
    return mark in DASHES or mark in LONG_VOWELS or unicodedata.category(mark) == "Pd"
