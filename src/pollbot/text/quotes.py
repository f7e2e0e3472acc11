"""What stands in quotation marks in a line that somebody typed, and what stands outside them.

Phones, keyboards and languages write the marks in many ways, mix them, and use some of them for
apostrophes and inches as well. Source of the marks: Unicode's property Quotation_Mark
(PropList.txt), with primes, backticks and accents, which people type in their place.
"""

import re
from dataclasses import dataclass

from pollbot.text.refusals import OpenQuotes
from pollbot.text.writing import unescaped

# Each mark that may open a quote, with the marks that close it wherever they stand.
# Phones mix the marks, so any other one of the family closes too where a word ends.
_DOUBLE = {
    '"': '"',
    "“": "”",
    "”": "”",
    "„": "“”",
    "‟": "”",
    "⹂": "”‟",
    "«": "»",
    "»": "«»",
    "＂": "＂",
    "〝": "〞〟",
    "〞": "〞〟",
    "〟": "〞〟",
    "″": "″",
    "‶": "″‶",
    "❝": "❞",
    "❞": "❞",
}
# Most of these are apostrophes as well: they open only where a word begins.
_SINGLE = {
    "'": "",
    "‘": "",
    "’": "",
    "‚": "",
    "‛": "",
    "‹": "›",
    "›": "‹›",
    "`": "",
    "´": "",
    "′": "",
    "‵": "",
    "＇": "",
    "❛": "",
    "❜": "",
}
# These come in pairs only, also in the middle of a line without spaces.
_PAIRS = {"「": "」", "『": "』", "｢": "｣", "﹁": "﹂", "﹃": "﹄"}
_PRIMES = "″‶′‵"
_MARKS = "".join((*_DOUBLE, *_SINGLE, *_PAIRS, *_PAIRS.values()))
_DOUBLE_MARK, _SINGLE_MARK = (
    re.compile(rf"(?<!\\)(\\*+)([{re.escape(''.join(family))}])") for family in (_DOUBLE, _SINGLE)
)
# Two marks typed for one, as in ''Lunch?'', ``Lunch?'' and ,,Lunch?''.
_TWO_FOR_ONE = re.compile(
    r"(?:''|``|´´|,,|‚‚|‘‘)(?![\s'`´,‘’])(?P<inside>.+?)(?<=\S)(?:''|``|´´|’’|[\"“”])(?=[\s,;]|$)",
    re.DOTALL,
)

# A quote within quotes as spreadsheets write it: "Say ""hi""".
_DOUBLED = re.compile(r"""(?<=[\s"])""(?P<inside>[^"\s](?:[^"]*[^"\s])?)""(?=["\s.,;:!?)…])""")

# Slack itself writes a link as <address|text>, and what people type as &lt; &gt; &amp;.
_LINK = re.compile(r"<(https?://[^<>|\s]+)(?:\|([^<>]*))?>", re.IGNORECASE)

_ENDS = ",;、，；"
_BETWEEN = re.compile(r"[\s…,;.:|/、，；。•·‣◦*\u200b\u200e\u200f\u2060\ufeff]+|[-–—]+(?=\s|$)")
_NUMBER = re.compile(r"\s*\(?[0-9]{1,3}[.)]\s*")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the line, as Slack sent it. ``quoted``: it stood in marks, now taken off."""

    text: str
    quoted: bool


def readable(text: str) -> str:
    """Return what was typed as people meant it, on one line, with the text of Slack's links."""
    named = _LINK.sub(lambda link: link.group(2) or link.group(1), text)
    return " ".join(unescaped(named).split())


def with_bare_links(text: str) -> str:
    """Return what was typed with the address alone where Slack made a link of it."""
    return _LINK.sub(r"\1", text)


def in_quotes(text: str) -> str:
    """Return a text in quotes from which ``split`` takes the same text."""
    escaped = _DOUBLE_MARK.sub(lambda found: found[1] * 2 + "\\" + found[2], text)
    last = len(escaped) - len(escaped.rstrip("\\"))
    return f'"{escaped}{chr(92) * last}"'


@dataclass(frozen=True, slots=True)
class Line:
    """What stands in quotes and what between them, in order; ``open``: quotes that never end.

    ``apostrophe``: the mark of those may be an apostrophe as well.
    """

    parts: list[Part]
    open: OpenQuotes | None = None
    apostrophe: bool = False


def split(text: str) -> Line:
    """Return the line in its parts.

    What only parts one quote from the next (commas, bullets, numbers of a list) is left out.
    """
    parts, between, place, quoted = list[Part](), "", 0, False
    while place < len(text):
        mark = text[place]
        link = _LINK.match(text, place) if not quoted else None
        begins = not between or bool(_BETWEEN.fullmatch(between[-1]))
        two = _TWO_FOR_ONE.match(text, place) if begins else None
        if link is not None:
            between, place = between + link.group(), link.end()
            continue
        try:
            if two is not None:
                inside, end = two["inside"], two.end()
            elif mark in _PAIRS:
                inside, end = _paired(text, place)
            elif begins if mark in _SINGLE or mark in _PRIMES else mark in _DOUBLE:
                inside, end = _quoted(text, place)
            else:
                between, place = between + mark, place + 1
                continue
        except OpenQuotes as error:
            alone = mark in _SINGLE and not any(one in _DOUBLE or one in _PAIRS for one in text)
            return Line([*parts, *_outside(between)], error, apostrophe=alone)
        if not (quoted and _NUMBER.fullmatch(between)):
            parts += _outside(between)
        parts.append(Part(inside, quoted=True))
        between, place, quoted = "", end, True
    return Line([*parts, *_outside(between)])


def _outside(text: str) -> list[Part]:
    left = _BETWEEN.sub(" ", text).strip()
    return [Part(text, quoted=False)] if left else []


def _paired(text: str, start: int) -> tuple[str, int]:
    """Return what a pair of brackets holds, and where the text goes on. Raises OpenQuotes."""
    opener, closer, depth = text[start], _PAIRS[text[start]], 0
    for place in range(start, len(text)):
        depth += (text[place] == opener) - (text[place] == closer)
        if depth == 0:
            return text[start + 1 : place], place + 1
    raise _unclosed(text, start)


def _quoted(text: str, start: int) -> tuple[str, int]:
    r"""Return what the quotes at ``start`` hold and where the text goes on. Raises OpenQuotes.

    A quote inside is written \", and a backslash right before a quote \\; elsewhere a
    backslash means itself. A pair of other marks around a word inside is taken as it is.
    """
    opener = text[start]
    family, marks = (_DOUBLE, _DOUBLE_MARK) if opener in _DOUBLE else (_SINGLE, _SINGLE_MARK)
    read, inner, place = "", "", start + 1
    for found in marks.finditer(text, place):
        slashes, mark = found.groups()
        if found.start() < place:
            continue
        if not slashes and mark == opener and (doubled := _doubled(text, found.start(), start)):
            read += f'{text[place : found.start()]}"{doubled["inside"]}"'
            place = doubled.end()
            continue
        read += text[place : found.start()] + "\\" * (len(slashes) // 2)
        place = found.end()
        last, following = text[found.start(2) - 1], text[place : place + 1]
        ends_word = not following or following.isspace() or following in _MARKS + _ENDS
        opens = (last.isspace() or last in "([{") and not ends_word
        if len(slashes) % 2 or _is_inch(opener, mark, last, text[place:]):
            pass
        elif inner and mark in family[inner[-1]]:
            inner = inner[:-1]
        elif mark in family[opener] and not (opens and mark != opener and mark in "“«"):
            return read, place
        elif family is _DOUBLE and opens:
            inner += mark
        elif ends_word:
            return read, place
        read += mark
    raise _unclosed(text, start)


def _doubled(text: str, place: int, start: int) -> re.Match[str] | None:
    """Return the quote within the quotes from ``start`` on that has doubled marks, if one is there.

    Right behind them it is one only if more follows: else each quote of the line has three marks.
    """
    found = _DOUBLED.match(text, place)
    return None if found and place == start + 1 and text[found.end()] == '"' else found


def _is_inch(opener: str, mark: str, last: str, rest: str) -> bool:
    """Return whether a prime right behind a digit is an inch or a foot, and no quote."""
    if mark not in _PRIMES or not last.isdigit():
        return False
    return opener not in _PRIMES or (bool(rest.strip()) and rest.lstrip()[0] not in _MARKS + _ENDS)


def _unclosed(text: str, start: int) -> OpenQuotes:
    return OpenQuotes(readable(text[start + 1 :]))
