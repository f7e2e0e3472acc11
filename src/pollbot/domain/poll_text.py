"""What a person typed after /poll: a question and options in quotes, or what to open or show."""

import re
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from pollbot.domain.issues import may_name_issue, plain_dashes, undashed
from pollbot.domain.polls import TEMPLATES, Draft, PollSettings, Visibility, checked
from pollbot.domain.writing import echo, unescaped
from pollbot.errors import BadInput, NeedsZone

EXAMPLE = '`/poll "Lunch?" "Pizza" "Soup"`'

_MODIFIERS: dict[str, dict[str, Any]] = {
    "multi": {"several": True},
    "anonymous": {"names": False},
    "final": {"changeable": False},
    "comments": {"comments": True},
    "percent": {"percent_only": True},
    "hidden": {"visibility": Visibility.AFTER_CLOSE},
    "aftervote": {"visibility": Visibility.AFTER_VOTE},
}
_HERE = "here"
_KNOWN = ", ".join(f"`{word}`" for word in (*_MODIFIERS, "local", _HERE, "until 2030-12-31"))
_KNOWN_TEMPLATES = ", ".join(f"`{word}`" for word in TEMPLATES)

# Each mark that may open a quote, with the marks that close it wherever they stand.
# Phones mix the marks, so any other one of the family closes too where a word ends.
_DOUBLE = {
    '"': '"',
    "“": "”",
    "”": "”",
    "„": "“”",
    "‟": "”",
    "«": "»",
    "»": "«»",
    "＂": "＂",
}
# Most of these are apostrophes as well: they open only where a word begins.
_SINGLE = {"'": "", "‘": "", "’": "", "‚": "", "‛": "", "‹": "›", "›": "‹›"}
_MARKS = "".join((*_DOUBLE, *_SINGLE))
_DOUBLE_MARK, _SINGLE_MARK = (
    re.compile(rf"(?<!\\)(\\*+)([{re.escape(''.join(family))}])") for family in (_DOUBLE, _SINGLE)
)

# Slack itself writes a link as <address|text>, and what people type as &lt; &gt; &amp;.
_LINK = re.compile(r"<(https?://[^<>|\s]+)(?:\|([^<>]*))?>", re.IGNORECASE)
_ONE_WORD = re.compile(
    r"<https?://[^<>]*>\S*|&lt;https?://(?:(?!&gt;).)*&gt;\S*|\S+", re.IGNORECASE | re.DOTALL
)
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff"), " ")
_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_ONE_DIGIT_HOUR = re.compile(r"^(?=[0-9]:)")
_OFFSET = re.compile(r"[+-][0-9]{2}:?[0-9]{2}|Z|UTC", re.IGNORECASE)


Where = str | None
"""What may name an issue or page, as typed; blank for what the channel is about, None for none."""


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Nothing but an issue, a page or nothing at all: the form is wanted."""

    where: Where


@dataclass(frozen=True, slots=True)
class ListPolls:
    """The polls of an issue or page are wanted."""

    where: Where


@dataclass(frozen=True, slots=True)
class ShowResults:
    """The results of the polls of an issue or page are wanted."""

    where: Where


@dataclass(frozen=True, slots=True)
class NewPoll:
    """A whole poll, checked. ``local``: it stays in pollbot, whatever source is set up."""

    where: Where
    draft: Draft
    local: bool = False


PollCommand = OpenForm | ListPolls | ShowResults | NewPoll


def read_command(text: str, now: float, zone: str | None = None) -> PollCommand:
    """Return what the text after /poll asks for, or raise BadInput with what to type instead.

    A time without an offset is in ``zone``; a bare date is the end of that day. Without a zone,
    NeedsZone is raised where the text names such a time.
    """
    before, quoted = _split(text)
    words = _ONE_WORD.findall(before.translate(_UNSEEN))
    if not quoted:
        asked = next((word for word in words if word.casefold() in ("list", "results")), None)
        if asked is not None:
            words.remove(asked)
            here = [word for word in words if word.casefold() == _HERE]
            where = None if here else unescaped(" ".join(words))
            return ListPolls(where) if asked.casefold() == "list" else ShowResults(where)
    wish = _Wish.read(words, zone)
    if not quoted and wish.template is None:
        if wish.plain:
            return OpenForm(wish.where)
        raise BadInput(f"There is no question. Nothing was created. Write it like {EXAMPLE}.")
    return NewPoll(wish.where, checked(_draft(wish, quoted), now), wish.local)


def _draft(wish: "_Wish", quoted: list[str]) -> Draft:
    settings = replace(PollSettings(), **wish.settings)
    title, *options = [" ".join(_readable(part).split()) for part in quoted] or [""]
    if wish.template is not None:
        template = TEMPLATES[wish.template]
        if options:
            raise BadInput(
                f"`{template.name}` brings its own options, so only the question stands in "
                f"quotes; I also found “{echo(options[0])}”. Nothing was created. "
                f"Leave out `{template.name}` or the options."
            )
        return Draft(title or template.title, template.options, "", settings, template.name)
    if not title:
        raise BadInput(
            "The first quotes are for the question, and they are empty. Nothing was created. "
            f"Write it like {EXAMPLE}."
        )
    options = [option for option in options if option]
    if len(options) < 2:
        found = f"only one option, “{echo(options[0])}”" if options else "no options"
        raise BadInput(
            f"I found the question “{echo(title)}” and {found}. Nothing was created. "
            f"Add at least two in quotes, like {EXAMPLE}; or use `yesno` before the question."
        )
    return Draft(title, tuple(options), "", settings)


@dataclass(slots=True)
class _Wish:
    """The words before the question, understood."""

    places: list[str] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    template: str | None = None
    local: bool = False
    here: bool = False

    @property
    def where(self) -> Where:
        if not self.here:
            return unescaped(" ".join(self.places))
        if self.places:
            raise BadInput(
                f"`{_HERE}` puts a poll on no issue, and “{echo(self.places[0])}” names one. "
                "Nothing was created. Leave one of them out."
            )
        return None

    @property
    def plain(self) -> bool:
        return not self.settings and not self.local

    @classmethod
    def read(cls, words: list[str], zone: str | None) -> "_Wish":
        """Return what the words mean, whatever their order. Raises BadInput."""
        wish, rest = cls(), deque(words)
        while rest:
            word = rest.popleft()
            plain = undashed(word.strip(",;")).casefold()
            if plain in _MODIFIERS:
                wish._set(plain, _MODIFIERS[plain])
            elif plain == "until":
                wish._set(plain, {"ends_at": _end(rest, zone), "closes_at_end": True})
            elif plain == "local":
                wish.local = True
            elif plain == _HERE:
                wish.here = True
            elif plain in TEMPLATES:
                wish._use(plain)
            elif may_name_issue(word):
                wish.places.append(word)
            elif plain:
                raise BadInput(
                    f"I do not know the word “{echo(unescaped(word))}” before the question. "
                    f"Nothing was created. Known are {_KNOWN} and the templates "
                    f"{_KNOWN_TEMPLATES}; an issue is written like `PLAT-12`. "
                    f"The question and each option stand in quotes, like {EXAMPLE}."
                )
        return wish

    def _set(self, word: str, changes: dict[str, Any]) -> None:
        for name, value in changes.items():
            if self.settings.setdefault(name, value) != value:
                raise BadInput(
                    f"`{word}` contradicts another word before the question. "
                    "Nothing was created. Leave one of them out."
                )

    def _use(self, template: str) -> None:
        if self.template not in (None, template):
            raise BadInput(
                f"`{self.template}` and `{template}` are two templates. "
                "Nothing was created. Leave one of them out."
            )
        self.template = template


def _end(rest: deque[str], zone: str | None) -> float:
    """Take the words of a time off ``rest``; return it in unix seconds. Raises BadInput."""
    typed = rest.popleft().strip(",;") if rest else ""
    day, _, clock = plain_dashes(typed).upper().partition("T")
    if not clock and rest and _TIME.match(rest[0]):
        clock = rest.popleft().strip(",;").upper()
        typed = f"{typed} {clock}"
    if clock and rest and _OFFSET.fullmatch(rest[0]):
        clock += rest.popleft().upper().replace("UTC", "Z")
    try:
        at = time.fromisoformat(_ONE_DIGIT_HOUR.sub("0", clock)) if clock else time(23, 59, 59)
        end = datetime.combine(date.fromisoformat(day), at)
        moment = (end if end.tzinfo else end.replace(tzinfo=_zone(zone))).timestamp()
    except (ValueError, OverflowError) as error:
        found = f"not “{echo(unescaped(typed))}”" if typed else "but there is none"
        raise BadInput(
            f"After `until` I expect a date or a time, {found}. Nothing was created. "
            "Write `until 2030-12-31`, `until 2030-12-31T17:00` or "
            "`until 2030-12-31T17:00+01:00`, before the question."
        ) from error
    return moment


def _zone(name: str | None) -> ZoneInfo:
    if name is None:
        raise NeedsZone
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        raise NeedsZone from error


def _split(text: str) -> tuple[str, list[str]]:
    """Return what stands before the first quote, and what stands in quotes. Raises BadInput."""
    before, quoted, between, place = "", list[str](), "", 0
    while place < len(text):
        mark = text[place]
        link = _LINK.match(text, place) if not quoted else None
        begins = not between or between[-1].isspace()
        if link is not None:
            between, place = between + link.group(), link.end()
        elif mark in _DOUBLE or (mark in _SINGLE and begins):
            before = _between(before, between, quoted)
            part, place = _quoted(text, place)
            quoted.append(part)
            between = ""
        else:
            between, place = between + mark, place + 1
    return _between(before, between, quoted), quoted


def _between(before: str, between: str, quoted: list[str]) -> str:
    """Return the words before the first quote. Raises BadInput if more follow a quote."""
    if not quoted:
        return between
    stray = between.translate(_UNSEEN).strip(" \t\n,;-–•\xa0").split()
    if stray:
        raise BadInput(
            f"“{echo(unescaped(stray[0]))}” stands outside the quotes, after "
            f"“{echo(_readable(quoted[-1]))}”. Nothing was created. Words such as `multi` "
            'go before the question; a quote inside a text is written as `\\"`.'
        )
    return before


def _quoted(text: str, start: int) -> tuple[str, int]:
    r"""Return what the quotes at ``start`` hold and where the text goes on. Raises BadInput.

    A quote inside is written \", and a backslash right before a quote \\; elsewhere a
    backslash means itself. A pair of other marks around a word inside is taken as it is.
    """
    opener = text[start]
    family, marks = (_DOUBLE, _DOUBLE_MARK) if opener in _DOUBLE else (_SINGLE, _SINGLE_MARK)
    read, inner, place = "", "", start + 1
    for found in marks.finditer(text, place):
        slashes, mark = found.groups()
        read += text[place : found.start()] + "\\" * (len(slashes) // 2)
        place = found.end()
        last, following = text[found.start(2) - 1], text[place : place + 1]
        ends_word = not following or following.isspace() or following in _MARKS + ",;"
        if len(slashes) % 2:
            pass
        elif inner and mark in family[inner[-1]]:
            inner = inner[:-1]
        elif mark in family[opener]:
            return read, place
        elif family is _DOUBLE and (last.isspace() or last in "([{") and not ends_word:
            inner += mark
        elif ends_word:
            return read, place
        read += mark
    raise BadInput(
        f"The quotes that begin with “{echo(_readable(text[start + 1 :]))}” never end. "
        'Nothing was created. Close them; a quote inside a text is written as `\\"`.'
    )


def _readable(part: str) -> str:
    """Return a quoted part as people meant it, with the text of links that Slack made."""
    return unescaped(_LINK.sub(lambda link: link.group(2) or link.group(1), part))
