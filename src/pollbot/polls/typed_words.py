"""The words around what a poll asks: settings, places, ends, numbers and people, in any order."""

import html
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any

from pollbot.errors import BadInput
from pollbot.jira.issues import may_name_issue
from pollbot.polls.audience.rules import EVERYBODY, Audience, Group
from pollbot.polls.defaults.rules import Defaults, begun
from pollbot.polls.refusals import NoLeast, NoMost, NoNumber, NoPlaces
from pollbot.polls.rules import (
    MOST_OPTIONS,
    MOST_PLACES,
    Draft,
    PollSettings,
    Visibility,
)
from pollbot.polls.templates import TEMPLATES
from pollbot.polls.typed_refusals import (
    Contradiction,
    HereAndPlace,
    NobodyAfter,
    Note,
    NumberMissing,
    PerhapsMeant,
    TakenAsSettings,
    TwoTemplates,
    WordLeftOut,
)
from pollbot.text.dashes import plain_dashes, undashed
from pollbot.text.moments import count_words, read_moment
from pollbot.text.quotes import with_bare_links
from pollbot.text.refusals import NeedsZone, NothingAfter
from pollbot.text.words import as_known, folded, nearest, plain_digits, read_number
from pollbot.text.writing import unescaped

_SETTINGS: dict[str, dict[str, Any]] = {
    "multi": {"several": True},
    "anonymous": {"names": False},
    "final": {"changeable": False},
    "comments": {"comments": True},
    "percent": {"percent_only": True},
    "hidden": {"visibility": Visibility.AFTER_CLOSE},
    "aftervote": {"visibility": Visibility.AFTER_VOTE},
    "addable": {"addable": True},
    "autoclose": {"closes_when_all": True},
}
OPPOSITES: dict[str, dict[str, Any]] = {
    "single": {"several": False},
    "named": {"names": True},
    "changeable": {"changeable": True},
    "nocomments": {"comments": False},
    "numbers": {"percent_only": False},
    "visible": {"visibility": Visibility.ALWAYS},
    "noend": {"ends_at": None, "closes_at_end": False},
    "noreminder": {"remind_before": None},
    "norecord": {"record": False},
    "fixed": {"addable": False},
    "noautoclose": {"closes_when_all": False},
}
"""What is usual in pollbot, to be said where a workspace has other defaults."""
_MODIFIERS = _SETTINGS | OPPOSITES
HERE, _LOCAL, UNTIL, _FOR, _ALL = "here", "local", "until", "for", "all"
_NUMBERS: dict[str, tuple[str, int, type[NoNumber]]] = {
    "max": ("most", MOST_OPTIONS, NoMost),
    "min": ("least", MOST_OPTIONS, NoLeast),
    "places": ("places", MOST_PLACES, NoPlaces),
}
_MEMBERS, _EVERYBODY = ("members", "channel"), ("everybody", "everyone", "all")
KNOWN_WORDS = (
    *_SETTINGS,
    *("max 3", "min 2", "places 5", "for @devs"),
    *(_LOCAL, HERE, "until fri 17:00"),
    *OPPOSITES,
)
KNOWN_TEMPLATES = tuple(TEMPLATES)
_WORDS = (*_MODIFIERS, _LOCAL, HERE, UNTIL, *TEMPLATES)

ONE_WORD = re.compile(
    r"<https?://[^<>]*>\S*|&lt;https?://(?:(?!&gt;).)*&gt;\S*|\S+", re.IGNORECASE | re.DOTALL
)
UNSEEN = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff"), " ")
_UNTIL_AND_MORE = re.compile(r"until[:=](?=.)", re.IGNORECASE)
_NUMBER_AND_MORE = re.compile(rf"({'|'.join(_NUMBERS)})[:=]?(?=[0-9])", re.IGNORECASE)
_BESIDE = re.compile(r"(?:&amp;|[&+,/]|and|und)", re.IGNORECASE)
_TEMPLATES_TOO = {"yes/no": "yesno", "yes-no": "yesno", "y/n": "yesno"}
_SEPARATES = re.compile(r"[…|/•·‣◦*、，；。.]+")
ADDRESS = re.compile(r"://|\.[a-z]{2,}[/:]", re.IGNORECASE)
_ALSO_ENGLISH = {*_WORDS} - {
    *("multi", "aftervote", "yesno"),
    *("nocomments", "noend", "noreminder", "norecord"),
    *("addable", "autoclose", "noautoclose"),
}
VERBS = frozenset(["create", "new", "make", "add", "ask", "post", "start", "question", "poll"])
"""What people write before a question who know other apps, or read help as a menu."""
BETWEEN_OPTIONS = frozenset(["or", "and", "vs", "versus", "oder", "und", "ou", "et", "y", "o"])
# Slack writes <@U1|ben>, <#C1|planning>, <!here> and <!subteam^S1|@devs>; what it does not
# know stays as typed. Source: "Formatting text for app surfaces", retrieving messages.
_MENTION = re.compile(
    r"<(?P<mark>[@#!])(?P<id>[^<>|]*)(?:\|(?P<label>[^<>]*))?>|(?P<typed>@\w[\w.-]*|#[^\W\d][\w-]*)"
)

Where = str | None
"""What may name an issue or page, as typed; blank for what the channel is about, None for none."""


@dataclass(slots=True)
class Wish:
    """The words outside the quotes, understood, whatever their order.

    ``usual`` holds where they say nothing. ``lenient``: what cannot be understood or done becomes
    a note, and nothing is raised.
    """

    now: float
    zone: str | None
    usual: Defaults
    lenient: bool = False
    places: list[str] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    template: str | None = None
    local: bool = False
    here: bool = False
    end_understood: bool = False
    notes: list[Note] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    _meant: tuple[str, ...] | None = None

    @property
    def where(self) -> Where:
        if not self.here:
            return unescaped(" ".join(self.places))
        if self.places:
            raise HereAndPlace(HERE, unescaped(self.places[0]))
        return None

    @property
    def plain(self) -> bool:
        return not (self.settings or self.local or self.template or self.notes)

    @property
    def no_end(self) -> bool:
        """Whether it was said that there is no end."""
        return self.settings.get("ends_at", 0) is None

    def draft(
        self,
        title: str,
        options: tuple[str, ...],
        template: str | None = None,
        *,
        posted: bool = False,
    ) -> Draft:
        """Return the poll that asks this, as the words want it; see ``begun``."""
        asked = Draft(title, options, template=template)
        return begun(asked, self.usual, self.settings, self.now, posted=posted)

    def is_needless(self, word: str) -> bool:
        """Return whether the word says what holds anyway, so that it may be one of a question."""
        opposite = OPPOSITES.get(as_known(word))
        return opposite is not None and _is_usual(opposite, self.usual)

    def nearest(self, word: str) -> str | None:
        """Return the known word that this one is probably meant as."""
        if self._meant is None:
            self._meant = tuple(one for one in _WORDS if not self.is_needless(one))
        return nearest(word, self._meant)

    def may_be_asked(self, word: str) -> bool:
        """Return whether a word outside the quotes may be part of what is asked."""
        is_known = as_known(word) in VERBS | BETWEEN_OPTIONS or self.nearest(word) is not None
        return not is_known and mentioned(word) is None

    def take(self, words: Sequence[str]) -> int:
        """Understand the first of the words; return how many that took, 0 if it is not known.

        Raises BadInput for what is known, but cannot be, unless this wish is lenient.
        """
        word, plain = words[0], as_known(words[0])
        try:
            if plain in _MODIFIERS:
                self._set(plain, _MODIFIERS[plain])
            elif plain == UNTIL and [as_known(word) for word in words[1:2]] == [_ALL]:
                self._set(UNTIL, {"closes_when_all": True})
                return 2
            elif plain == UNTIL:
                return 1 + self._end(words[1:])
            elif plain in _NUMBERS or _NUMBER_AND_MORE.match(_plain_digits(word)):
                return self._number(words)
            elif plain == _FOR:
                return self._for(words)
            elif together := _UNTIL_AND_MORE.match(undashed(plain_dashes(word))):
                after = undashed(plain_dashes(word))[together.end() :]
                return self._end([after, *words[1:]])
            elif plain == _LOCAL:
                self.local = True
            elif plain == HERE:
                self.here = True
            elif (template := _TEMPLATES_TOO.get(plain, plain)) in TEMPLATES:
                self._use(template)
            elif self._is_place(word):
                self.places.append(word)
                return 1
            elif plain and not _SEPARATES.fullmatch(plain):
                return 0
        except BadInput as error:
            self._note(error)
        if plain in _ALSO_ENGLISH | {*_TEMPLATES_TOO} and plain == folded(word):
            self.bare.append(plain)
        return 1

    def note_stray(self, word: str) -> bool:
        """Note a word that begins as options of programs do, and is none; return whether it is."""
        dashes = len(word) - len(undashed(word))
        meant = self.nearest(word)
        if not dashes or (meant is None and dashes == 1) or not as_known(word):
            return False
        self.notes.append(WordLeftOut(unescaped(word), meant))
        return True

    def note_unquoted(self, first: str) -> None:
        """Note which words in front of a question without quotes may be part of it, or not."""
        if self.bare:
            self.notes.append(TakenAsSettings(tuple(self.bare)))
        meant = self.nearest(first)
        if meant is not None and (meant in _MODIFIERS or meant == UNTIL):
            self.notes.append(PerhapsMeant(unescaped(first), meant))

    def _is_place(self, word: str) -> bool:
        if not may_name_issue(word):
            return False
        # In a sentence, "and/or" names no page.
        return not self.lenient or "/" not in word or bool(ADDRESS.search(word))

    def _end(self, words: Sequence[str]) -> int:
        """Take the end of the poll off the words; return how many that are."""
        try:
            if not words:
                raise NothingAfter(UNTIL)
            moment = read_moment(words, self.now, self.zone)
            self._set(UNTIL, {"ends_at": moment.at, "closes_at_end": True})
        except BadInput as error:
            self._note(error)
            return count_words(words)
        self.end_understood |= not moment.written_out
        return moment.words

    def _number(self, words: Sequence[str]) -> int:
        """Take a word with its number; return how many words that are, 0 if it is no such word."""
        first, plain = _plain_digits(words[0]), as_known(words[0])
        together = _NUMBER_AND_MORE.match(first)
        word = together[1].casefold() if together else plain
        written = first[together.end() :] if together else _plain_digits("".join(words[1:2]))
        written = written.strip(",;.:")
        took = 1 if together else 2
        name, most, refusal = _NUMBERS[word]
        if not re.fullmatch("[0-9]+", written):
            if self.lenient:
                return 0
            if not re.fullmatch(r"[-−+]?[0-9][0-9.,/-]*", written):
                raise NumberMissing(word)
        number = read_number(written, most)
        if number is None:
            self._note(refusal(written, most))
            return took
        changes: dict[str, Any] = {name: number}
        if word == "max" or (word == "min" and number > 1):
            changes["several"] = number > 1
        self._set(word, changes)
        if self.lenient:
            self.bare.append(word)
        return took

    def _for(self, words: Sequence[str]) -> int:
        """Take who may answer off the words; return how many that are, 0 if nobody is named."""
        audience, took = EVERYBODY, 1
        for place, word in enumerate(words[1:], 1):
            plain, named = as_known(word), _meant_people(word)
            if named is not None:
                groups = tuple(dict.fromkeys(audience.groups + named.groups))
                people = tuple(dict.fromkeys(audience.people + named.people))
                audience = replace(audience, groups=groups, people=people)
            elif plain in _MEMBERS and not self.lenient:
                audience = replace(audience, here=True)
            elif plain in _EVERYBODY and place == 1 and not self.lenient:
                took = 2
                break
            elif took == place == 1 or not _BESIDE.fullmatch(word):
                break
            else:
                continue
            took = place + 1
        if took == 1:
            if self.lenient:
                return 0
            raise NobodyAfter
        self._set(_FOR, {"audience": audience})
        return took

    def _note(self, error: BadInput) -> None:
        if not self.lenient or isinstance(error, NeedsZone):
            raise error
        self.notes.append(error)

    def _set(self, word: str, changes: dict[str, Any]) -> None:
        for name, value in changes.items():
            if self.settings.setdefault(name, value) != value:
                raise Contradiction(word)

    def _use(self, template: str) -> None:
        if self.template is not None and self.template != template:
            raise TwoTemplates(self.template, template)
        self.template = template


def words_of(draft: Draft, usual: Defaults, *, local: bool, no_end: bool) -> list[str]:
    """Return the words that set a poll up like this one, where all else is ``usual``.

    ``no_end``: that it has none is said, too. People who may answer are not among them, as
    their names cannot be typed.
    """
    settings, ends_at = draft.settings, draft.settings.ends_at
    is_like = {one.name: getattr(settings, one.name) for one in fields(PollSettings)}
    is_like |= {"remind_before": draft.remind_before, "record": draft.record}
    if not no_end:
        del is_like["ends_at"]
    changed = [
        word
        for word, changes in _MODIFIERS.items()
        if (word in _SETTINGS or not _is_usual(changes, usual))
        and all(name in is_like and is_like[name] == value for name, value in changes.items())
    ]
    changed += [f"{word} {number}" for word, number in _numbers_of(settings)]
    changed += _for_whom(settings.audience)
    until = []
    if ends_at is not None and settings.closes_at_end:
        until = [UNTIL, f"{datetime.fromtimestamp(int(ends_at), UTC):%Y-%m-%dT%H:%M:%SZ}"]
    return [*changed, *([_LOCAL] if local else []), *until]


def _numbers_of(settings: PollSettings) -> list[tuple[str, int]]:
    said = [(word, getattr(settings, name)) for word, (name, *_) in _NUMBERS.items()]
    usual = PollSettings()
    return [
        (word, number)
        for (word, number), (name, *_) in zip(said, _NUMBERS.values(), strict=True)
        if number is not None and number != getattr(usual, name)
    ]


def _for_whom(audience: Audience) -> list[str]:
    """Return the words that say who may answer; people are not typed."""
    named = [*([_MEMBERS[0]] if audience.here else []), *(f"@{g.handle}" for g in audience.groups)]
    return [" ".join([_FOR, *named])] if named else []


def opposites(names: Collection[str]) -> list[str]:
    """Return the words that say otherwise than these defaults of a workspace."""
    parts = {"ends_at" if name == "lasts" else name for name in names}
    return [word for word, changes in OPPOSITES.items() if parts & changes.keys()]


def _is_usual(changes: Mapping[str, Any], usual: Defaults) -> bool:
    """Return whether what a word says holds without it."""
    if "ends_at" in changes:
        return usual.lasts is None
    return all(getattr(usual, name) == value for name, value in changes.items())


def stands_out(words: Sequence[str]) -> bool:
    """Return whether these words belong to no sentence: `--multi`, or `until 18:00` at the end."""
    plain = as_known(words[0])
    if plain == UNTIL and 0 < len(words) - 1 == count_words(words[1:]):
        return True
    return plain in _WORDS and as_known(words[0]) != folded(words[0]) and plain not in TEMPLATES


def typed_again(text: str) -> str:
    return " ".join(unescaped(with_bare_links(text)).split())


def _plain_digits(word: str) -> str:
    """Return a word with digits as they are in ASCII, and without dashes in front of letters."""
    plain = plain_digits(plain_dashes(word))
    return undashed(plain) if undashed(plain)[:1].isalpha() else plain


def _meant_people(word: str) -> Audience | None:
    """Return the group or the person whom a mention means; None for what is none of those."""
    found = _MENTION.fullmatch(html.unescape(word).rstrip(",;.:"))
    if found is None:
        return None
    typed, id_, label = found["typed"] or "", found["id"] or "", found["label"] or ""
    if typed.startswith("@"):
        return Audience(groups=(Group("", typed[1:].casefold()),))
    if found["mark"] == "@" and id_:
        return Audience(people=(id_,))
    if found["mark"] == "!" and id_.startswith("subteam^"):
        return Audience(groups=(Group(id_.removeprefix("subteam^"), label.lstrip("@")),))
    return None


def mentioned(word: str) -> str | None:
    """Return a mention of somebody, of a group or of a channel as people read it."""
    found = _MENTION.fullmatch(word.rstrip(",;.:"))
    if found is None:
        return None
    if found["typed"]:
        return found["typed"]
    sign = "#" if found["mark"] == "#" else "@"
    return sign + unescaped(found["label"] or found["id"]).lstrip(sign)
