"""What a line after /poll asks for: a question and options in quotes, or what to open or show.

The words that stand outside the quotes are read by typed_words.py.
"""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import filterfalse

from pollbot.errors import BadInput
from pollbot.jira.issues import may_name_issue
from pollbot.polls.defaults.rules import USUAL, Defaults, begun, by_default, of_a_template
from pollbot.polls.rules import (
    Draft,
    checked,
)
from pollbot.polls.searches.rules import Search, with_words
from pollbot.polls.templates import TEMPLATES
from pollbot.polls.typed_refusals import (
    BetweenOptions,
    CardVerb,
    EmptyQuestion,
    FewTyped,
    MentionOutside,
    Note,
    OnACard,
    OutsideQuotes,
    QuestionUnquoted,
    TemplateHasOptions,
    UnknownWord,
    VerbBefore,
    WordLeftOut,
)
from pollbot.polls.typed_words import (
    ADDRESS,
    BETWEEN_OPTIONS,
    HERE,
    ONE_WORD,
    UNSEEN,
    UNTIL,
    VERBS,
    Where,
    Wish,
    mentioned,
    stands_out,
    typed_again,
    words_of,
)
from pollbot.text.catalog import say
from pollbot.text.dashes import undashed
from pollbot.text.lists import PARTS, without_marks
from pollbot.text.moments import count_words
from pollbot.text.quotes import Line, Part, in_quotes, readable, split
from pollbot.text.refusals import NeedsZone
from pollbot.text.words import as_known
from pollbot.text.writing import closed, unescaped

_ASKED = re.compile(r"(?P<question>.*(?:[?؟]+(?=\s)|？+))\s*(?P<options>\S.*)", re.DOTALL)
_INTRODUCED = re.compile(r"(?P<question>[^:|]*[^:|\d\s])(?::\s|\s*\|)\s*(?P<options>\S.*)")
_OPTIONS = (
    re.compile(rf"\s*(?:\||{PARTS})\s*(?:or\s+|and\s+)?|\s+or\s+"),
    re.compile(r"\s*,\s*"),
    re.compile(r"(?<![:/])\s*/\s*(?!/)|\s+vs\.?\s+|\s+[-–—]\s+"),
    re.compile(r"\s+"),
)


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
    line, wish = split(text), Wish(now, zone, usual)
    if (template := _from_template(line)) is not None:
        return template
    if (searched := _searched(line)) is not None:
        return searched
    if not any(part.quoted for part in line.parts) and (line.open is None or line.apostrophe):
        return _without_quotes(text.translate(UNSEEN), replace(wish, lenient=True))
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
    line, wish = split(text), Wish(now, zone, usual, lenient=True)
    asked, left_out = list[str](), list[str]()
    # What never ends is taken up to the end of the line.
    parts = [*line.parts, *([Part(line.open.text, quoted=True)] if line.open is not None else [])]
    for part in parts:
        if part.quoted:
            asked.append(readable(part.text))
            continue
        words, loose = ONE_WORD.findall(part.text.translate(UNSEEN)), list[str]()
        while words:
            took = wish.take(words)
            if took == 0:
                (loose if wish.may_be_asked(words[0]) else left_out).append(typed_again(words[0]))
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
    wish = Wish(now, zone, usual)
    for text in (parts.words, f"{UNTIL} {parts.end}" if parts.end else ""):
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
    return ONE_WORD.findall(html.escape(text, quote=False).translate(UNSEEN))


def with_usual(wanted: OpenForm, usual: Defaults, now: float) -> OpenForm:
    """Return the form of which nothing but a question and its options was said."""
    draft = begun(wanted.draft or Draft("", ()), usual, {}, now, posted=False)
    return replace(wanted, draft=draft)


def as_command(command: OpenForm, usual: Defaults = USUAL) -> str:
    """Return the /poll by which the same could be typed at once, where that is ``usual``."""
    draft = command.draft or Draft("", ())
    where = [HERE] if command.where is None else [command.where] if command.where else []
    words = words_of(draft, usual, local=command.local, no_end=command.no_end)
    if draft.template is not None:
        asked = [draft.template, in_quotes(draft.title)]
    else:
        more = [say("First option"), say("Second option")]
        wanted = [*draft.options, *more][: max(2, len(draft.options))]
        asked = [in_quotes(text) for text in (draft.title or say("Question?"), *wanted)]
    return " ".join(["/poll", *where, *words, *asked])


def _without_quotes(text: str, wish: Wish) -> PollCommand:
    """Return what a line without any quotes asks for: a list, a ready-made poll, or the form."""
    found = list(ONE_WORD.finditer(text))
    words = [each.group() for each in found]
    if (listed := _listed(words)) is not None:
        return listed
    plain = [as_known(word) for word in words]
    if plain and plain[0] in VERBS and not {*plain} - VERBS - _BESIDE_A_VERB:
        return OpenForm("")
    if plain and plain[0] in _ON_A_CARD and all(map(_names_a_poll, words[1:])):
        raise OnACard(_ON_A_CARD[plain[0]])
    loose, place = list[int](), 0
    while place < len(words):
        is_asked = loose or wish.is_needless(words[place])
        took = 0 if is_asked and not stands_out(words[place:]) else wish.take(words[place:])
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
    others = [word for word in words if word not in places and as_known(word) != HERE]
    search = with_words(map(unescaped, others))
    if search.is_any and not others:
        return None
    here = len(places) + len(others) < len(words)
    where = None if here else unescaped(" ".join(places))
    return kind(where, search)


def _names_a_place(word: str) -> bool:
    return may_name_issue(word) and ("/" not in word or bool(ADDRESS.search(word)))


def _listed(words: list[str]) -> ListPolls | ShowResults | None:
    """Return the list that is asked for by a word at either end of the line."""
    plain = [as_known(word) for word in words]
    place = next((place for place in (0, -1) if plain and plain[place] in _LISTS), None)
    if place is None or any(word.endswith(("?", "？")) for word in words):
        return None
    rest = [word for word, known in zip(words, plain, strict=True) if known not in _LISTS]
    if place == 0 and (found := _looked_for(_LISTS[plain[0]], words[1:])) is not None:
        return found
    if place == -1 and not all(may_name_issue(word) or as_known(word) == HERE for word in rest):
        return None
    where = None if HERE in plain else unescaped(" ".join(rest))
    return _LISTS[plain[place]](where)


def _guessed(text: str, *, template: bool) -> tuple[str, tuple[str, ...]]:
    """Return the question and the options that a text without quotes may be meant as."""
    lines = [line for line in map(readable, without_marks(text.splitlines())) if line]
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


def _names_a_poll(word: str) -> bool:
    plain = as_known(word)
    return plain in _BESIDE_A_VERB or plain.lstrip("#").isdecimal() or may_name_issue(word)


def _with_quotes(line: Line, wish: Wish, *, offers: bool = True) -> list[str]:
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
        words = ONE_WORD.findall(part.text.translate(UNSEEN))
        if left and as_known(words[-1]) == UNTIL:
            moment = readable(left[0].text).split()
            if moment and count_words(moment) == len(moment):
                left.pop(0)
                words += moment
        while words:
            took = wish.take(words)
            if took == 0:
                offers = offers and line.open is None
                raise _Stray(words, before, quoted, left, wish, offers).refusal()
            before += map(typed_again, words[:took])
            words = words[took:]
    return quoted


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
    wish: Wish
    offers: bool

    def refusal(self) -> BadInput:
        """Return what is wrong with it, and the command that may be meant, where there is one."""
        word = self.words[0]
        plain, shown = as_known(word), unescaped(word)
        meant = self.wish.nearest(word)
        to_come = sum(part.quoted for part in self.left)
        if (mention := mentioned(word)) is not None:
            return MentionOutside(mention, self._without(self._is_dispensable))
        if self.quoted:
            after = self.quoted[-1]
            if plain in BETWEEN_OPTIONS and to_come:
                return BetweenOptions(shown, after, self._without(self._is_dispensable))
            return OutsideQuotes(shown, after, meant, "" if meant else self._as_options())
        if plain in _ON_A_CARD and to_come == 1:
            return OnACard(_ON_A_CARD[plain])
        if plain in VERBS and to_come:
            return VerbBefore(shown, self._without(self._is_verb))
        if to_come > 1 and (meant is None or len(self.words) > 2):
            return self._question_without_quotes()
        return UnknownWord(shown, meant)

    def _question_without_quotes(self) -> BadInput:
        words = self.words
        ends = (place for place in range(1, len(words)) if stands_out(words[place:]))
        end = next(ends, len(words))
        loose = " ".join(map(typed_again, words[:end]))
        command = self._command([in_quotes(loose), *map(typed_again, words[end:])])
        return QuestionUnquoted(loose, command)

    def _as_options(self) -> str:
        typed = [*map(typed_again, self.words)]
        if any(map(mentioned, self.words)):
            return ""
        for options in ([in_quotes(" ".join(typed))], [*map(in_quotes, typed)]):
            if command := self._command(options):
                return command
        return ""

    def _is_dispensable(self, word: str) -> bool:
        return as_known(word) in BETWEEN_OPTIONS or mentioned(word) is not None

    def _is_verb(self, word: str) -> bool:
        return as_known(word) in VERBS | _BESIDE_A_VERB

    def _without(self, left_out: Callable[[str], bool]) -> str:
        """Return the command without such words, if there is one."""
        kept = [typed_again(word) for word in self.words if not left_out(word)]
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
            in_quotes(readable(part.text)) if part.quoted else typed_again(part.text)
            for part in (self.left if left is None else left)
        ]
        line = " ".join(filter(None, (*self.before, *instead, *after)))
        if len(line) > _LONGEST_COMMAND or closed(line) != line:
            return ""
        anew = Wish(self.wish.now, self.wish.zone, self.wish.usual)
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


def _new_poll(wish: Wish, quoted: list[str]) -> NewPoll:
    draft = checked(_draft(wish, quoted), wish.now)
    said = wish.settings if draft.template is None else of_a_template(wish.settings)
    return NewPoll(
        wish.where,
        draft,
        wish.local,
        end_understood=wish.end_understood,
        usual=by_default(wish.usual, said),
    )


def _draft(wish: Wish, quoted: list[str]) -> Draft:
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
