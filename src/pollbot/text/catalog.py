"""What people read, in the language of who reads it.

A sentence stands in English where it is made, inside ``say`` or ``say_number``, with a name in
braces for whatever is put into it. ``languages/<language>.po`` has it in another language, and a
language without it speaks English there. Which language is spoken is set by whoever knows the
reader, with ``speaking``, for all that is drawn in there and in tasks that begin there; it is
ambient as a decimal context is, since it goes through every function that draws.
"""

import gettext
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date, timedelta
from functools import cache, lru_cache, partial
from importlib.resources import files
from io import BytesIO
from typing import Protocol

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

EVERYWHERE = "en"
"""The language of the sentences as they stand in the code."""

_NUMERALS = 4096


class Messages(Protocol):
    """Sentences by the English ones, as the standard library's gettext has them."""

    def gettext(self, message: str, /) -> str: ...
    def ngettext(self, msgid1: str, msgid2: str, n: int, /) -> str: ...


class Language:
    """One language: its sentences, and how numbers and days are written in it."""

    def __init__(self, code: str, messages: Messages) -> None:
        """``code`` is one of Unicode's, such as "de"."""
        self.code = code
        self.messages = messages
        self.locale = Locale.parse(code)
        # A card says the same few numbers again and again, and each takes Babel some 7 µs.
        self.numeral = lru_cache(_NUMERALS)(partial(_numeral, locale=self.locale))

    @property
    def name(self) -> str:
        """What it is called in itself."""
        return self.locale.get_display_name(self.code) or self.code


def _numeral(number: int, locale: Locale) -> str:
    # Of a number that nobody counts to decimal.Decimal has too few digits.
    return format_decimal(number, locale=locale) if abs(number) < 10**18 else f"{number:,}"


ENGLISH = Language(EVERYWHERE, gettext.NullTranslations())
_SPOKEN: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)


class Catalogs:
    """All languages that pollbot speaks. Each is read when it is first asked for."""

    def __init__(self, *others: Language) -> None:
        """``others`` are spoken too, each in place of what has its code already."""
        self._read = {EVERYWHERE: ENGLISH} | {one.code: one for one in others}
        there = (path.name.removesuffix(".po") for path in _FOLDER.iterdir())
        self.codes = sorted({*self._read, *(name for name in there if name.isalpha())})

    @property
    def everywhere(self) -> Language:
        """What whoever has no other language reads."""
        return self._read[EVERYWHERE]

    def of(self, locale: str) -> Language | None:
        """Return the language of a locale as Slack writes it (de-DE); None if it is not spoken."""
        code = locale.replace("_", "-").split("-")[0].lower()
        if code not in self.codes:
            return None
        if code not in self._read:
            self._read[code] = Language(code, _messages(code))
        return self._read[code]


_FOLDER = files("pollbot") / "languages"


@cache
def _messages(code: str) -> gettext.GNUTranslations:
    """Return the sentences of a language's file, compiled: once in a process."""
    compiled = BytesIO()
    with (_FOLDER / f"{code}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Have all that is drawn in here be in that language."""
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        # What is thrown away in the middle is closed by somebody else, in a context of theirs.
        with suppress(ValueError):
            _SPOKEN.reset(before)


def spoken() -> Language:
    """Return the language that is spoken here."""
    return _SPOKEN.get()


def say(sentence: str, /, **values: object) -> str:
    """Return the sentence in the language spoken here, with the values in their places.

    ``sentence`` is a constant, so that it can be found for the catalog. Values are put in as they
    are: what people wrote is escaped already.
    """
    return _SPOKEN.get().messages.gettext(sentence).format_map(values)


def say_number(number: int, one: str, more: str, /, **values: object) -> str:
    """Return a sentence about a number of things, which stands in it as ``{number}``."""
    language = _SPOKEN.get()
    said = language.messages.ngettext(one, more, number)
    return said.format_map({"number": language.numeral(number), **values})


def mark(sentence: str) -> str:
    """Return the sentence as it is: it is in the catalog, and ``say_marked`` says it later."""
    return sentence


def say_marked(sentence: str, /, **values: object) -> str:
    """Return what ``say`` does, of a sentence that was marked where it stands, or of none."""
    # Under the empty sentence gettext keeps what a file says of itself.
    return say(sentence, **values) if sentence else ""


def numeral(number: int, /) -> str:
    """Return a whole number as it is written here."""
    return _SPOKEN.get().numeral(number)


def tenths(number: float, /) -> str:
    """Return a number as it is written here, with one digit after the point."""
    return format_decimal(number, format="#,##0.0", locale=_SPOKEN.get().locale)


def day(on: date, /) -> str:
    """Return a day with its weekday and year, as short as it is written here."""
    language = _SPOKEN.get()
    # A pattern of Unicode's (unicode.org/reports/tr35, date format patterns), not of strftime.
    return format_date(on, language.messages.gettext(mark("EEE d MMM y")), locale=language.locale)


def short_weekday(on: date, /) -> str:
    """Return the name of a day's weekday, as short as it is written."""
    return format_date(on, "EEE", locale=_SPOKEN.get().locale)


def weekday_name(number: int, /) -> str:
    """Return the name of a weekday, counted from Monday as 0."""
    return weekday(_A_MONDAY + timedelta(days=number))


def ordinal(number: int, /) -> str:
    """Return which one of several it is: 1st, 2nd, 3rd, 4th."""
    form = _ORDINALS[_SPOKEN.get().locale.ordinal_form(number)]
    return say_marked(form, number=numeral(number))


def all_of(names: Sequence[str], /) -> str:
    """Return names as one list of them, as it is said here: Red, Green and Blue."""
    if len(names) < 2:
        return "".join(names)
    return say("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])


def weekday(on: date, /) -> str:
    """Return the name of a day's weekday."""
    return format_date(on, "EEEE", locale=_SPOKEN.get().locale)


def month(on: date, /) -> str:
    """Return the name of a day's month, with its year."""
    return format_date(on, "LLLL y", locale=_SPOKEN.get().locale)


_A_MONDAY = date(2024, 1, 1)
# By Unicode's names of the forms (unicode.org, language plural rules, ordinals); a language
# that has fewer forms translates "{number}th" for all of them.
_ORDINALS: Mapping[str, str] = {
    "one": mark("{number}st"),
    "two": mark("{number}nd"),
    "few": mark("{number}rd"),
    "other": mark("{number}th"),
}
