"""What a person typed after /poll: a question and options in quotes, or what to open or show."""

import html
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from itertools import filterfalse
from typing import Any

from pollbot.errors import BadInput
from pollbot.jira.issues import may_name_issue
from pollbot.polls.audience.rules import EVERYBODY, Audience, Group
from pollbot.polls.defaults.rules import USUAL, Defaults, begun, by_default, of_a_template
from pollbot.polls.refusals import NoLeast, NoMost, NoNumber, NoPlaces
from pollbot.polls.rules import (
    MOST_OPTIONS,
    MOST_PLACES,
    Draft,
    PollSettings,
    Visibility,
    checked,
)
from pollbot.polls.searches.rules import Search, with_words
from pollbot.polls.templates import TEMPLATES
from pollbot.polls.typed_refusals import (
    BetweenOptions,
    CardVerb,
    Contradiction,
    EmptyQuestion,
    FewTyped,
    HereAndPlace,
    MentionOutside,
    NobodyAfter,
    Note,
    NumberMissing,
    OnACard,
    OutsideQuotes,
    PerhapsMeant,
    QuestionUnquoted,
    TakenAsSettings,
    TemplateHasOptions,
    TwoTemplates,
    UnknownWord,
    VerbBefore,
    WordLeftOut,
)
from pollbot.text.catalog import say
from pollbot.text.dashes import plain_dashes, undashed
from pollbot.text.moments import count_words, read_moment
from pollbot.text.quotes import Line, Part, in_quotes, readable, split, with_bare_links
from pollbot.text.refusals import NeedsZone, NothingAfter
from pollbot.text.words import as_known, folded, nearest, plain_digits, read_number
from pollbot.text.writing import closed, unescaped

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
_HERE, _LOCAL, _UNTIL, _FOR, _ALL = "here", "local", "until", "for", "all"
_NUMBERS: dict[str, tuple[str, int, type[NoNumber]]] = {
    "max": ("most", MOST_OPTIONS, NoMost),
    "min": ("least", MOST_OPTIONS, NoLeast),
    "places": ("places", MOST_PLACES, NoPlaces),
}
_MEMBERS, _EVERYBODY = ("members", "channel"), ("everybody", "everyone", "all")
KNOWN_WORDS = (
    *_SETTINGS,
    *("max 3", "min 2", "places 5", "for @devs"),
    *(_LOCAL, _HERE, "until fri 17:00"),
    *OPPOSITES,
)
KNOWN_TEMPLATES = tuple(TEMPLATES)
_WORDS = (*_MODIFIERS, _LOCAL, _HERE, _UNTIL, *TEMPLATES)

_ONE_WORD = re.compile(
    r"<https?://[^<>]*>\S*|&lt;https?://(?:(?!&gt;).)*&gt;\S*|\S+", re.IGNORECASE | re.DOTALL
)
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff"), " ")
_UNTIL_AND_MORE = re.compile(r"until[:=](?=.)", re.IGNORECASE)
_NUMBER_AND_MORE = re.compile(rf"({'|'.join(_NUMBERS)})[:=]?(?=[0-9])", re.IGNORECASE)
_BESIDE = re.compile(r"(?:&amp;|[&+,/]|and|und)", re.IGNORECASE)
_TEMPLATES_TOO = {"yes/no": "yesno", "yes-no": "yesno", "y/n": "yesno"}
_SEPARATES = re.compile(r"[…|/•·‣◦*、，；。.]+")
_ADDRESS = re.compile(r"://|\.[a-z]{2,}[/:]", re.IGNORECASE)
_ALSO_ENGLISH = {*_WORDS} - {
    *("multi", "aftervote", "yesno"),
    *("nocomments", "noend", "noreminder", "norecord"),
    *("addable", "autoclose", "noautoclose"),
}

_ASKED = re.compile(r"(?P<question>.*(?:[?؟]+(?=\s)|？+))\s*(?P<options>\S.*)", re.DOTALL)
_INTRODUCED = re.compile(r"(?P<question>[^:|]*[^:|\d\s])(?::\s|\s*\|)\s*(?P<options>\S.*)")
_BULLET = re.compile(r"^\s*(?:[-–—•·‣◦*]+|\(?[0-9]{1,3}[.)])\s+")
_OPTIONS = (
    re.compile(r"\s*[,;|、，；]\s*(?:or\s+|and\s+)?|\s+or\s+"),
    re.compile(r"(?<![:/])\s*/\s*(?!/)|\s+vs\.?\s+|\s+[-–—]\s+"),
    re.compile(r"\s+"),
)


Where = str | None
"""What may name an issue or page, as typed; blank for what the channel is about, None for none."""


@dataclass(frozen=True, slots=True)
class OpenForm:
    """The form is wanted, filled in with ``draft`` as far as that was understood.

    ``notes`` tell what was not. ``local``: as in NewPoll. Its draft has an end only where one was
    named; ``no_end``: it was said that it has none, whatever is usual.
    """

    where: Where
    draft: Draft | None = None
    local: bool = False
    notes: tuple[Note, ...] = ()
    no_end: bool = False


@dataclass(frozen=True, slots=True)
class ListPolls:
    """The polls of an issue or page are wanted; with a ``search`` those that are like that."""

    where: Where
    search: Search | None = None


@dataclass(frozen=True, slots=True)
class ShowResults:
    """The results of the polls of an issue or page are wanted; ``search`` as in ListPolls."""

    where: Where
    search: Search | None = None


@dataclass(frozen=True, slots=True)
class NewPoll:
    """A whole poll, checked.

    ``local``: it stays in pollbot, whatever source is set up. ``end_understood``: its end was
    not written out with date and offset, so its maker is told how it was understood. ``usual``
    names what nothing was said of, and the workspace's defaults have otherwise than pollbot.
    """

    where: Where
    draft: Draft
    local: bool = False
    end_understood: bool = False
    usual: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FromTemplate:
    """A template of somebody's own is wanted; without a name, the list of them."""

    name: str = ""


_LISTS: dict[str, type[ListPolls] | type[ShowResults]] = {
    "list": ListPolls,
    "lists": ListPolls,
    "results": ShowResults,
    "result": ShowResults,
}

_VERBS = frozenset(["create", "new", "make", "add", "ask", "post", "start", "question", "poll"])
"""What people write before a question who know other apps, or read help as a menu."""
_ON_A_CARD: dict[str, CardVerb] = {
    "close": "close",
    "delete": "delete",
    "edit": "edit",
    "reopen": "reopen",
    "end": "close",
    "stop": "close",
    "finish": "close",
    "remove": "delete",
    "cancel": "delete",
    "change": "edit",
}
_BESIDE_A_VERB = frozenset(["a", "an", "the", "my", "this", "that", "poll", "polls"])
_BETWEEN_OPTIONS = frozenset(["or", "and", "vs", "versus", "oder", "und", "ou", "et", "y", "o"])
# Slack writes <@U1|ben>, <#C1|planning>, <!here> and <!subteam^S1|@devs>; what it does not
# know stays as typed. Source: "Formatting text for app surfaces", retrieving messages.
_MENTION = re.compile(
    r"<(?P<mark>[@#!])(?P<id>[^<>|]*)(?:\|(?P<label>[^<>]*))?>|(?P<typed>@\w[\w.-]*|#[^\W\d][\w-]*)"
)
_LONGEST_COMMAND = 240

PollCommand = OpenForm | ListPolls | ShowResults | NewPoll | FromTemplate


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that was not understood: why, and the form with what was."""

    error: BadInput
    wanted: OpenForm


def read_command(
    text: str, now: float, zone: str | None = None, usual: Defaults = USUAL
) -> PollCommand:
    """Return what the text after /poll asks for, or raise BadInput with what to type instead.

    A time without an offset is in ``zone``; a bare date is the end of that day. Without a zone,
    NeedsZone is raised where the text names such a time. What a template asks is in the language
    spoken here, which is to be the team's: everybody reads it. ``usual`` is what holds where the
    text says nothing.
    """
    line, wish = split(text), _Wish(now, zone, usual)
    if (template := _from_template(line)) is not None:
        return template
    if (searched := _searched(line)) is not None:
        return searched
    if not any(part.quoted for part in line.parts) and (line.open is None or line.apostrophe):
        return _without_quotes(text.translate(_UNSEEN), replace(wish, lenient=True))
    quoted = _with_quotes(line, wish)
    if line.open is not None:
        raise line.open
    return _new_poll(wish, quoted)


def read_or_open(
    text: str, now: float, zone: str | None = None, usual: Defaults = USUAL
) -> PollCommand | Unread:
    """Return what ``read_command`` does, and what it refuses with the form, where one helps."""
    try:
        return read_command(text, now, zone, usual)
    except NeedsZone:
        raise
    except BadInput as error:
        wanted = as_far_as_read(text, error, now, zone, usual)
        if wanted is None:
            raise
        return Unread(error, wanted)


def as_far_as_read(
    text: str, error: BadInput, now: float, zone: str | None = None, usual: Defaults = USUAL
) -> OpenForm | None:
    """Return the form with all of a line that ``read_command`` refuses with ``error``.

    What is in quotes is the question and the options, and so is what stands beside them; words
    that are left out are noted. None for what is no poll. Raises NeedsZone as ``read_command``.
    """
    if isinstance(error, OnACard):
        return None
    line, wish = split(text), _Wish(now, zone, usual, lenient=True)
    asked, left_out = list[str](), list[str]()
    # What never ends is taken up to the end of the line.
    parts = [*line.parts, *([Part(line.open.text, quoted=True)] if line.open is not None else [])]
    for part in parts:
        if part.quoted:
            asked.append(readable(part.text))
            continue
        words, loose = _ONE_WORD.findall(part.text.translate(_UNSEEN)), list[str]()
        while words:
            took = wish.take(words)
            if took == 0:
                (loose if wish.may_be_asked(words[0]) else left_out).append(_typed_again(words[0]))
            words = words[took or 1 :]
        if not asked and not isinstance(error, QuestionUnquoted):
            left_out += loose
        elif len(asked) == 1:
            asked += loose
        elif loose:
            asked.append(" ".join(loose))
    template = wish.template if len(asked) < 2 else None
    title, *options = asked or [""]
    if template is not None:
        options = [*TEMPLATES[template].said().options]
    draft = wish.draft(title, tuple(filter(None, options)), template)
    named = [getattr(error, name, "") for name in ("word", "mention", "text")]
    notes = (
        error,
        *(note for note in wish.notes if type(note) is not type(error)),
        *(WordLeftOut(word, wish.nearest(word)) for word in left_out if word not in named),
    )
    where = None if wish.here else unescaped(" ".join(wish.places))
    return OpenForm(where, draft, wish.local, notes, wish.no_end)


@dataclass(frozen=True, slots=True)
class InParts:
    """A poll whose parts were asked for one by one: as they are, without Slack's escapes.

    ``words`` are such as may stand before a question, ``where`` names an issue or page, and ``end``
    is what may stand after ``until``; each may be empty.
    """

    question: str
    options: tuple[str, ...]
    words: str = ""
    where: str = ""
    end: str = ""


def read_parts(
    parts: InParts, now: float, zone: str | None = None, usual: Defaults = USUAL
) -> NewPoll:
    """Return the poll of these parts, as a command would make it. Raises what those do."""
    wish = _Wish(now, zone, usual)
    for text in (parts.words, f"{_UNTIL} {parts.end}" if parts.end else ""):
        words = _as_words(text)
        while words:
            took = wish.take(words)
            if took == 0:
                raise UnknownWord(unescaped(words[0]), wish.nearest(words[0]))
            words = words[took:]
    wish.places += _as_words(parts.where)
    title, options = parts.question, parts.options
    if wish.template is not None:
        template = TEMPLATES[wish.template].said()
        if options:
            raise TemplateHasOptions(template.name, options[0])
        title, options = title or template.title, template.options
    draft = checked(wish.draft(title, options, wish.template, posted=True), now)
    said = wish.settings if draft.template is None else of_a_template(wish.settings)
    return NewPoll(wish.where, draft, wish.local, usual=by_default(usual, said))


def _as_words(text: str) -> list[str]:
    """Return the words of a text without Slack's escapes, as a command would bring them."""
    return _ONE_WORD.findall(html.escape(text, quote=False).translate(_UNSEEN))


def with_usual(wanted: OpenForm, usual: Defaults, now: float) -> OpenForm:
    """Return the form of which nothing but a question and its options was said."""
    draft = begun(wanted.draft or Draft("", ()), usual, {}, now, posted=False)
    return replace(wanted, draft=draft)


def as_command(command: OpenForm, usual: Defaults = USUAL) -> str:
    """Return the /poll by which the same could be typed at once, where that is ``usual``."""
    draft = command.draft or Draft("", ())
    settings, ends_at = draft.settings, draft.settings.ends_at
    where = [_HERE] if command.where is None else [command.where] if command.where else []
    is_like = {one.name: getattr(settings, one.name) for one in fields(PollSettings)}
    is_like |= {"remind_before": draft.remind_before, "record": draft.record}
    if not command.no_end:
        del is_like["ends_at"]
    changed = [
        word
        for word, changes in _MODIFIERS.items()
        if (word in _SETTINGS or not _is_usual(changes, usual))
        and all(name in is_like and is_like[name] == value for name, value in changes.items())
    ]
    changed += [f"{word} {settings_of}" for word, settings_of in _numbers_of(settings)]
    changed += _for_whom(settings.audience)
    until = []
    if ends_at is not None and settings.closes_at_end:
        until = [_UNTIL, f"{datetime.fromtimestamp(int(ends_at), UTC):%Y-%m-%dT%H:%M:%SZ}"]
    if draft.template is not None:
        asked = [draft.template, in_quotes(draft.title)]
    else:
        more = [say("First option"), say("Second option")]
        wanted = [*draft.options, *more][: max(2, len(draft.options))]
        asked = [in_quotes(text) for text in (draft.title or say("Question?"), *wanted)]
    local = [_LOCAL] if command.local else []
    return " ".join(["/poll", *where, *changed, *local, *until, *asked])


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


def _without_quotes(text: str, wish: "_Wish") -> PollCommand:
    """Return what a line without any quotes asks for: a list, a ready-made poll, or the form."""
    found = list(_ONE_WORD.finditer(text))
    words = [each.group() for each in found]
    if (listed := _listed(words)) is not None:
        return listed
    plain = [as_known(word) for word in words]
    if plain and plain[0] in _VERBS and not {*plain} - _VERBS - _BESIDE_A_VERB:
        return OpenForm("")
    if plain and plain[0] in _ON_A_CARD and all(map(_names_a_poll, words[1:])):
        raise OnACard(_ON_A_CARD[plain[0]])
    loose, place = list[int](), 0
    while place < len(words):
        is_asked = loose or wish.is_needless(words[place])
        took = 0 if is_asked and not _stands_out(words[place:]) else wish.take(words[place:])
        if took == 0 and wish.note_stray(words[place]):
            took = 1
        if took == 0:
            loose.append(place)
        place += took or 1
    left = text
    for place in sorted(set(range(len(words))) - set(loose), reverse=True):
        start, end = found[place].span()
        left = left[:start] + left[end:]
    if not left.strip() and wish.template is not None and not wish.notes:
        return _new_poll(wish, [])
    if not left.strip() and wish.plain:
        return OpenForm(wish.where)
    question, options = _guessed(left, template=wish.template is not None)
    if left.strip():
        wish.note_unquoted(words[loose[0]])
    if wish.template is not None:
        template = TEMPLATES[wish.template].said()
        question, options = question or template.title, template.options
    draft = wish.draft(question, options, wish.template)
    return OpenForm(wish.where, draft, wish.local, tuple(wish.notes), wish.no_end)


def _from_template(line: Line) -> FromTemplate | None:
    """Return the template that a line names: `template Retro`, `template "My retro"`."""
    words = [word for part in line.parts if not part.quoted for word in part.text.split()]
    quoted = [readable(part.text) for part in line.parts if part.quoted]
    if line.open is not None or not words or line.parts[0].quoted:
        return None
    first = as_known(words[0])
    if first == "templates" and len(words) == 1 and not quoted:
        return FromTemplate()
    if first != "template" or len(quoted) > 1 or words[-1].endswith(("?", "？")):
        return None
    if quoted:
        return FromTemplate(quoted[0]) if len(words) == 1 else None
    return FromTemplate(unescaped(" ".join(words[1:])))


def _searched(line: Line) -> ListPolls | ShowResults | None:
    """Return the list that is asked for with words or a place in quotes: `list "team lunch"`."""
    quoted = [part for part in line.parts if part.quoted]
    if line.open is not None or len(quoted) != 1 or line.parts[0].quoted:
        return None
    words = [
        word
        for part in line.parts
        for word in ([in_quotes(readable(part.text))] if part.quoted else part.text.split())
    ]
    kind = _LISTS.get(as_known(words[0]))
    return None if kind is None else _looked_for(kind, words[1:]) or _listed(words)


def _looked_for(
    kind: type[ListPolls] | type[ShowResults], words: Sequence[str]
) -> ListPolls | ShowResults | None:
    """Return the list with what is looked for in it; None if the words only say where."""
    places = [word for word in words if _names_a_place(word)]
    others = [word for word in words if word not in places and as_known(word) != _HERE]
    search = with_words(map(unescaped, others))
    if search.is_any and not others:
        return None
    here = len(places) + len(others) < len(words)
    where = None if here else unescaped(" ".join(places))
    return kind(where, search)


def _names_a_place(word: str) -> bool:
    return may_name_issue(word) and ("/" not in word or bool(_ADDRESS.search(word)))


def _listed(words: list[str]) -> ListPolls | ShowResults | None:
    """Return the list that is asked for by a word at either end of the line."""
    plain = [as_known(word) for word in words]
    place = next((place for place in (0, -1) if plain and plain[place] in _LISTS), None)
    if place is None or any(word.endswith(("?", "？")) for word in words):
        return None
    rest = [word for word, known in zip(words, plain, strict=True) if known not in _LISTS]
    if place == 0 and (found := _looked_for(_LISTS[plain[0]], words[1:])) is not None:
        return found
    if place == -1 and not all(may_name_issue(word) or as_known(word) == _HERE for word in rest):
        return None
    where = None if _HERE in plain else unescaped(" ".join(rest))
    return _LISTS[plain[place]](where)


def _guessed(text: str, *, template: bool) -> tuple[str, tuple[str, ...]]:
    """Return the question and the options that a text without quotes may be meant as."""
    lines = [
        line for line in (readable(_BULLET.sub("", each)) for each in text.splitlines()) if line
    ]
    if template or not lines:
        return " ".join(lines), ()
    if len(lines) > 1:
        return lines[0], tuple(lines[1:])
    (line,) = lines
    parted = _ASKED.fullmatch(line) or _INTRODUCED.fullmatch(line)
    if parted is None:
        return line, ()
    for between in _OPTIONS:
        options = between.split(parted["options"])
        if len(options) > 1:
            break
    bare = [undashed(option) for option in options]
    if all(text != option for text, option in zip(bare, options, strict=True)):
        options = bare
    return parted["question"].strip(), tuple(option for option in options if option)


def _stands_out(words: Sequence[str]) -> bool:
    """Return whether these words belong to no sentence: `--multi`, or `until 18:00` at the end."""
    plain = as_known(words[0])
    if plain == _UNTIL and 0 < len(words) - 1 == count_words(words[1:]):
        return True
    return plain in _WORDS and as_known(words[0]) != folded(words[0]) and plain not in TEMPLATES


def _names_a_poll(word: str) -> bool:
    plain = as_known(word)
    return plain in _BESIDE_A_VERB or plain.lstrip("#").isdecimal() or may_name_issue(word)


def _with_quotes(line: Line, wish: "_Wish", *, offers: bool = True) -> list[str]:
    """Take into the wish what stands outside the quotes; return what stands in them.

    ``offers``: a refusal may offer a command; not where such a command is being tried.
    """
    quoted, before = list[str](), list[str]()
    left = list(line.parts)
    while left:
        part = left.pop(0)
        if part.quoted:
            quoted.append(readable(part.text))
            before.append(in_quotes(quoted[-1]))
            continue
        words = _ONE_WORD.findall(part.text.translate(_UNSEEN))
        if left and as_known(words[-1]) == _UNTIL:
            moment = readable(left[0].text).split()
            if moment and count_words(moment) == len(moment):
                left.pop(0)
                words += moment
        while words:
            took = wish.take(words)
            if took == 0:
                offers = offers and line.open is None
                raise _Stray(words, before, quoted, left, wish, offers).refusal()
            before += map(_typed_again, words[:took])
            words = words[took:]
    return quoted


def _typed_again(text: str) -> str:
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


def _mentioned(word: str) -> str | None:
    """Return a mention of somebody, of a group or of a channel as people read it."""
    found = _MENTION.fullmatch(word.rstrip(",;.:"))
    if found is None:
        return None
    if found["typed"]:
        return found["typed"]
    sign = "#" if found["mark"] == "#" else "@"
    return sign + unescaped(found["label"] or found["id"]).lstrip(sign)


@dataclass(frozen=True, slots=True)
class _Stray:
    """A word outside the quotes that is not known, and the line around it.

    ``words``: it, and those after it up to the next quotes. ``before``: all that was understood,
    as it can be typed again; ``quoted``: the quotes among that. ``left``: what follows.
    ``offers``: a command may be offered.
    """

    words: Sequence[str]
    before: Sequence[str]
    quoted: Sequence[str]
    left: Sequence[Part]
    wish: "_Wish"
    offers: bool

    def refusal(self) -> BadInput:
        """Return what is wrong with it, and the command that may be meant, where there is one."""
        word = self.words[0]
        plain, shown = as_known(word), unescaped(word)
        meant = self.wish.nearest(word)
        to_come = sum(part.quoted for part in self.left)
        if (mention := _mentioned(word)) is not None:
            return MentionOutside(mention, self._without(self._is_dispensable))
        if self.quoted:
            after = self.quoted[-1]
            if plain in _BETWEEN_OPTIONS and to_come:
                return BetweenOptions(shown, after, self._without(self._is_dispensable))
            return OutsideQuotes(shown, after, meant, "" if meant else self._as_options())
        if plain in _ON_A_CARD and to_come == 1:
            return OnACard(_ON_A_CARD[plain])
        if plain in _VERBS and to_come:
            return VerbBefore(shown, self._without(self._is_verb))
        if to_come > 1 and (meant is None or len(self.words) > 2):
            return self._question_without_quotes()
        return UnknownWord(shown, meant)

    def _question_without_quotes(self) -> BadInput:
        words = self.words
        ends = (place for place in range(1, len(words)) if _stands_out(words[place:]))
        end = next(ends, len(words))
        loose = " ".join(map(_typed_again, words[:end]))
        command = self._command([in_quotes(loose), *map(_typed_again, words[end:])])
        return QuestionUnquoted(loose, command)

    def _as_options(self) -> str:
        typed = [*map(_typed_again, self.words)]
        if any(map(_mentioned, self.words)):
            return ""
        for options in ([in_quotes(" ".join(typed))], [*map(in_quotes, typed)]):
            if command := self._command(options):
                return command
        return ""

    def _is_dispensable(self, word: str) -> bool:
        return as_known(word) in _BETWEEN_OPTIONS or _mentioned(word) is not None

    def _is_verb(self, word: str) -> bool:
        return as_known(word) in _VERBS | _BESIDE_A_VERB

    def _without(self, left_out: Callable[[str], bool]) -> str:
        """Return the command without such words, if there is one."""
        kept = [_typed_again(word) for word in self.words if not left_out(word)]
        left = [
            part if part.quoted else Part(" ".join(filterfalse(left_out, part.text.split())), False)
            for part in self.left
        ]
        return self._command(kept, left)

    def _command(self, instead: Sequence[str], left: Sequence[Part] | None = None) -> str:
        """Return the line to copy after /poll, with something ``instead`` of the words.

        Blank where that would be refused as well, or could not be copied as it is shown.
        Raises NeedsZone where no zone was asked for, and the line names a time.
        """
        if not self.offers:
            return ""
        after = [
            in_quotes(readable(part.text)) if part.quoted else _typed_again(part.text)
            for part in (self.left if left is None else left)
        ]
        line = " ".join(filter(None, (*self.before, *instead, *after)))
        if len(line) > _LONGEST_COMMAND or closed(line) != line:
            return ""
        anew = _Wish(self.wish.now, self.wish.zone, self.wish.usual)
        again = split(html.escape(line, quote=False))
        try:
            _new_poll(anew, _with_quotes(again, anew, offers=False))
        except NeedsZone:
            if anew.zone is None:
                raise
            return ""
        except BadInput:
            return ""
        return "" if again.open else line


def _new_poll(wish: "_Wish", quoted: list[str]) -> NewPoll:
    draft = checked(_draft(wish, quoted), wish.now)
    said = wish.settings if draft.template is None else of_a_template(wish.settings)
    return NewPoll(
        wish.where,
        draft,
        wish.local,
        end_understood=wish.end_understood,
        usual=by_default(wish.usual, said),
    )


def _draft(wish: "_Wish", quoted: list[str]) -> Draft:
    title, *options = quoted or [""]
    if wish.template is not None:
        template = TEMPLATES[wish.template].said()
        if options:
            raise TemplateHasOptions(template.name, options[0])
        return wish.draft(title or template.title, template.options, template.name, posted=True)
    if not title:
        raise EmptyQuestion
    options = [option for option in options if option]
    if len(options) < 2:
        raise FewTyped(title, options[0] if options else None)
    return wish.draft(title, tuple(options), posted=True)


@dataclass(slots=True)
class _Wish:
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

    @property
    def where(self) -> Where:
        if not self.here:
            return unescaped(" ".join(self.places))
        if self.places:
            raise HereAndPlace(_HERE, unescaped(self.places[0]))
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
        return nearest(word, [one for one in _WORDS if not self.is_needless(one)])

    def may_be_asked(self, word: str) -> bool:
        """Return whether a word outside the quotes may be part of what is asked."""
        is_known = as_known(word) in _VERBS | _BETWEEN_OPTIONS or self.nearest(word) is not None
        return not is_known and _mentioned(word) is None

    def take(self, words: Sequence[str]) -> int:
        """Understand the first of the words; return how many that took, 0 if it is not known.

        Raises BadInput for what is known, but cannot be, unless this wish is lenient.
        """
        word, plain = words[0], as_known(words[0])
        try:
            if plain in _MODIFIERS:
                self._set(plain, _MODIFIERS[plain])
            elif plain == _UNTIL and [as_known(word) for word in words[1:2]] == [_ALL]:
                self._set(_UNTIL, {"closes_when_all": True})
                return 2
            elif plain == _UNTIL:
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
            elif plain == _HERE:
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
        if meant is not None and (meant in _MODIFIERS or meant == _UNTIL):
            self.notes.append(PerhapsMeant(unescaped(first), meant))

    def _is_place(self, word: str) -> bool:
        if not may_name_issue(word):
            return False
        # In a sentence, "and/or" names no page.
        return not self.lenient or "/" not in word or bool(_ADDRESS.search(word))

    def _end(self, words: Sequence[str]) -> int:
        """Take the end of the poll off the words; return how many that are."""
        try:
            if not words:
                raise NothingAfter(_UNTIL)
            moment = read_moment(words, self.now, self.zone)
            self._set(_UNTIL, {"ends_at": moment.at, "closes_at_end": True})
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
