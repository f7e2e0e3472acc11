"""What people and Jira wrote, before others see it: shown as it stands, and not for anything else.

Sentences of pollbot are in Slack's markup (mrkdwn), which has no escape for its own marks
(jsx-slack, "About escape and exact mode"). So among ourselves such a mark is written as an
entity, ``&#42;``, and whoever makes blocks of a sentence (slack/markup.py) shows it as typed.
"""

import re
import unicodedata

_ECHO = 60
_ENTITIES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;"} | {mark: f"&#{ord(mark)};" for mark in "*_~`"}
)
# Slack may make a mention of these, though they are plain words.
_PINGS = re.compile(r"@(?=(?:here|channel|everyone)\b)", re.IGNORECASE)

_CONTROLS = re.compile(r"<(?=[!@#])")

_OPENS_EMBEDDING = "\u202a\u202b\u202d\u202e"
_OPENS_ISOLATE = "\u2066\u2067\u2068"
_ENDS_EMBEDDING, _ENDS_ISOLATE, _FIRST_STRONG = "\u202c", "\u2069", "\u2068"
_DIRECTIONS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")

# What takes no room on a screen, besides format characters (Cf): Unicode's
# Default_Ignorable_Code_Point. The other ones take room and are blank.
_IGNORABLE = re.compile(
    "[\u034f\u17b4\u17b5\u180b-\u180f\u2065\ufe00-\ufe0f\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
# Control characters (Cc) that are no white space, and halves of characters (Cs).
_NEVER_SHOWN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
# Letters of which the capitals are drawn as Latin ones are, by their small forms: case is no
# difference here. Of Greek it is one: its small letters are others, as are µm and mm.
_LOOKS = str.maketrans("авеѕіјкмнорстухүһԛԝѵο", "abesijkmhopctyxyhqwvo")

# Some of it makes another picture of an emoji: a family of its members, the flag of a country.
_PICTURE = re.compile(
    "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
    "|(?<=[\u2600-\u27bf\ufe0f\U0001f300-\U0001faff])\u200d(?=[\u2600-\u27bf\U0001f300-\U0001faff])"
)


def as_written(text: str) -> str:
    """Return ``text`` as part of a sentence in our markup: it formats, links and pings nothing."""
    return _PINGS.sub(_entity, text.translate(_ENTITIES)) if text else text


def disarmed(text: str) -> str:
    """Return ``text`` for a place that shows it as it stands, as buttons do.

    Such a place pings nobody, but the same words may be copied to one that does: what would
    be a ping there is kept apart by a character that takes no room.
    """
    return _CONTROLS.sub("<\u2060", text)


def echo(text: str) -> str:
    """Return what may be repeated to whoever typed it: its first words as typed, on one line."""
    line = on_one_line(text)
    return as_written(closed(line if len(line) <= _ECHO else line[: _ECHO - 1] + "…"))


def on_one_line(text: str) -> str:
    """Return ``text`` on one line, without the characters that no screen shows."""
    return " ".join(_NEVER_SHOWN.sub("", text).split())


def closed(text: str) -> str:
    """Return ``text`` so that no change of direction in it reaches what follows.

    Source: Unicode Standard Annex #9. What it opened is closed, what it closes without having
    opened is left out, and marks of a direction stay within.
    """
    if not _DIRECTIONS.search(text):
        return text
    kept, open_ = "", ""
    for mark in text:
        if mark in _OPENS_EMBEDDING or mark in _OPENS_ISOLATE:
            open_ += mark
        elif mark == _ENDS_EMBEDDING:
            # It ends no embedding from within an isolate.
            if open_[-1:] not in tuple(_OPENS_EMBEDDING):
                continue
            open_ = open_[:-1]
        elif mark == _ENDS_ISOLATE:
            start = max(map(open_.rfind, _OPENS_ISOLATE))
            if start < 0:
                continue
            # It ends what was opened in the isolate as well.
            open_ = open_[:start]
        kept += mark
    ends = (_ENDS_ISOLATE if mark in _OPENS_ISOLATE else _ENDS_EMBEDDING for mark in open_[::-1])
    return f"{_FIRST_STRONG}{kept}{''.join(ends)}{_ENDS_ISOLATE}"


def unescaped(text: str) -> str:
    """Return what Slack sent without its escapes of ``&``, ``<`` and ``>``, undone once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def undirected(text: str) -> str:
    """Return ``text`` without changes of direction, where there is no room to close them."""
    return _DIRECTIONS.sub("", text)


def in_sight(text: str) -> str:
    """Return ``text`` without what takes no room on a screen; white space if nothing is seen."""
    kept, place = "", 0
    for picture in _PICTURE.finditer(text):
        kept += _without_blanks(text[place : picture.start()]) + picture.group()
        place = picture.end()
    return kept + _without_blanks(text[place:])


def alike(text: str) -> str:
    """Return what two texts have in common if and only if nobody can tell them apart."""
    return same_letters(text).translate(_LOOKS)


def same_letters(text: str) -> str:
    """Return what two texts have in common that are of the same letters, in either case."""
    return " ".join(in_sight(_compatible(_compatible(in_sight(text)).casefold())).split())


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _without_blanks(text: str) -> str:
    marks = _BLANK.sub(" ", _IGNORABLE.sub("", _NEVER_SHOWN.sub("", text)))
    return "".join(mark for mark in marks if unicodedata.category(mark) != "Cf")


def _entity(mark: re.Match[str]) -> str:
    return f"&#{ord(mark.group())};"
