"""Results: what may be shown of the answers, and to whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from pollbot.polls.rules import Option, Poll, Visibility
from pollbot.polls.shares import of_all, of_people
from pollbot.polls.templates import TEMPLATES

NAMES_SHOWN = 10
"""Names of one option that a message shows at most, and that are read for it."""
FEWEST_ANONYMOUS = 3
"""Fewer answers than this to an anonymous poll show no split, nor move it: see answers/steps.py."""


class Hidden(StrEnum):
    """Why no split is shown."""

    UNTIL_ANSWERED = "until_answered"
    UNTIL_CLOSED = "until_closed"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Part:
    """Answers counted in one place: per option id, and the people behind them.

    ``people`` is None where that place does not tell; ``names`` holds user ids per option, perhaps
    the first only, and is empty wherever names are not kept. ``comments`` are (user id
    or anything else that stands for somebody, comment). ``unfinished`` is how many have chosen
    fewer options than count, and ``held`` how often they have chosen each.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    people: int | None = 0
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    comments: tuple[tuple[str, str], ...] = ()
    unfinished: int = 0
    held: Mapping[str, int] = field(default_factory=dict)

    @property
    def answers(self) -> int:
        """All answers together."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Split:
    """What may be seen of an open anonymous poll's answers: each part as of its last step."""

    slack: Part = field(default_factory=Part)
    jira: Part = field(default_factory=Part)

    def hides(self, slack: Part, jira: Part | None) -> bool:
        """Return whether there are answers, and too few of them for anything to be seen."""
        given = slack.answers + (jira.answers if jira is not None else 0)
        return given > 0 and not self.slack.answers + self.jira.answers


@dataclass(frozen=True, slots=True)
class Line:
    """One option's result. None means hidden, never zero.

    ``names`` are the first of ``named`` people who may be named. ``in_slack`` and ``in_jira`` are
    the two parts of ``answers``.
    """

    option: Option
    answers: int | None
    percent: int | None
    names: tuple[str, ...] = ()
    named: int | None = None
    in_slack: int | None = None
    in_jira: int | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """What may be shown; hidden things are not in here at all.

    ``in_slack`` and ``in_jira`` are the two parts of ``answers``; ``in_jira`` is
    None where the poll has no answers elsewhere, or they were not understood.
    ``comments`` are (user id, comment); the id is empty where names are not shown.
    ``called`` are names by user id, for a message that mentions nobody; None where
    people may be mentioned. ``in_steps``: the lines are those of a step, and perhaps older.
    ``leading`` are the options of a closed poll that were chosen most often, by their ids.
    ``unfinished`` is how many have chosen too few options, as far as that may be said; ``full``
    are the options that have no place left, by their ids.
    """

    lines: tuple[Line, ...]
    people: int | None
    answers: int | None
    in_slack: int | None
    in_jira: int | None
    average: float | None
    hidden: Hidden | None
    comments: tuple[tuple[str, str], ...] = ()
    called: Mapping[str, str] | None = None
    in_steps: bool = False
    leading: tuple[str, ...] = ()
    unfinished: int = 0
    full: frozenset[str] = frozenset()

    @property
    def none_yet(self) -> bool:
        """Whether nobody answered, as far as may be seen: then a split is a row of zeros."""
        split = any(line.percent for line in self.lines)
        return self.hidden is None and not (self.people or self.answers or split)

    def in_words(self, called: Mapping[str, str]) -> "Results":
        """Return the same with people called by these names, and nobody mentioned."""
        return replace(self, called=called)


def results(
    poll: Poll,
    slack: Part,
    jira: Part | None,
    now: float,
    *,
    answered: bool = False,
    split: Split | None = None,
) -> Results:
    """Return the results as everybody may see them; with ``answered``, as one who answered may.

    Percentages are of the people who answered, where their number is known, else of the
    answers; where everybody has one answer they add up to 100 (polls/shares.py). Options that
    were removed stay while they have answers.
    Of an open anonymous poll nothing is shown but ``split`` and how many answered.
    """
    in_slack = {option.id: slack.counts.get(option.id, 0) for option in poll.options}
    in_jira = {option.id: jira.counts.get(option.id, 0) if jira else 0 for option in poll.options}
    both = {key: in_slack[key] + in_jira[key] for key in in_slack}
    total, people = sum(both.values()), _people(slack, jira, both)
    in_steps = not poll.settings.names and poll.closed_since(now) is None
    seen, base, parts = both, people, (in_slack, in_jira)
    split = split or Split()
    if in_steps:
        parts = (
            {key: split.slack.counts.get(key, 0) for key in both},
            {key: split.jira.counts.get(key, 0) for key in both},
        )
        seen = {key: split.slack.counts.get(key, 0) + split.jira.counts.get(key, 0) for key in both}
        base = _people(split.slack, split.jira, seen)
    hidden = _hidden(poll, slack, people, total, now, answered=answered)
    if in_steps and hidden in (None, Hidden.TOO_FEW):
        hidden = Hidden.TOO_FEW if split.hides(slack, jira) else None
    bare = poll.settings.percent_only
    # Where people give several answers, two of four answers tell what each of two people chose,
    # and that there are three more of them, what the one who came last did.
    one_each = not poll.settings.several and people in (None, total)
    secret = bare or (hidden is not None and poll.settings.several) or (in_steps and not one_each)
    given = sum(seen.values())
    shares = (
        of_all(seen)
        if not poll.settings.several and base in (None, given)
        else of_people(seen, given if base is None else base)
    )
    nameless = hidden is not None or bare or not poll.settings.names
    # That a removed option is still shown tells that somebody chose it.
    shown = [*poll.live, *(o for o in poll.options if o.removed and seen[o.id] and not hidden)]
    lines = tuple(
        Line(
            option,
            None if hidden or bare else seen[option.id],
            None if hidden else shares[option.id],
            () if nameless else slack.names.get(option.id, ()),
            None if nameless else in_slack[option.id],
            in_slack=None if hidden or bare else parts[0][option.id],
            in_jira=None if hidden or bare or jira is None else parts[1][option.id],
        )
        for option in shown
    )
    return Results(
        lines=lines,
        people=None if bare else people,
        answers=None if secret else total,
        in_slack=None if secret else sum(in_slack.values()),
        in_jira=None if secret or jira is None else sum(in_jira.values()),
        average=None if hidden else _average(poll, seen),
        hidden=hidden,
        comments=() if hidden else _comments(poll, slack),
        in_steps=in_steps and not hidden,
        leading=() if hidden or poll.closed_since(now) is None else _leading(both),
        unfinished=_unfinished(poll, slack),
        full=_full(poll, both, slack.held),
    )


def _unfinished(poll: Poll, slack: Part) -> int:
    # That one more has begun an answer, or one less, would tell of an anonymous poll who has.
    few = not poll.settings.names and slack.unfinished < FEWEST_ANONYMOUS
    return 0 if few or poll.settings.percent_only else slack.unfinished


def _full(poll: Poll, counts: Mapping[str, int], held: Mapping[str, int]) -> frozenset[str]:
    places = poll.settings.places
    if places is None:
        return frozenset()
    return frozenset(one.id for one in poll.live if counts[one.id] + held.get(one.id, 0) >= places)


def _leading(counts: Mapping[str, int]) -> tuple[str, ...]:
    most = max(counts.values(), default=0)
    return tuple(one for one, count in counts.items() if count == most) if most else ()


def _people(slack: Part, jira: Part | None, both: Mapping[str, int]) -> int | None:
    """Return how many people answered; None where that is not known of both parts."""
    in_jira = jira.people if jira is not None else 0
    if slack.people is None or in_jira is None:
        return None
    people = slack.people + in_jira
    # Nobody chooses an option twice, so a number below that is not one of people.
    return None if people < max(both.values(), default=0) else people


def _hidden(
    poll: Poll, slack: Part, people: int | None, total: int, now: float, *, answered: bool
) -> Hidden | None:
    # A poll that was deleted before its end never came to show its results.
    visibility, is_open = poll.settings.visibility, poll.closed_since(now) is None
    if is_open and visibility is Visibility.AFTER_CLOSE:
        return Hidden.UNTIL_CLOSED
    if is_open and visibility is Visibility.AFTER_VOTE and not answered:
        return Hidden.UNTIL_ANSWERED
    if not poll.settings.names:
        # What people answered in Jira may be seen there, so a few in Slack would stand out.
        in_slack = slack.people if slack.people is not None else slack.answers
        if 0 < in_slack < FEWEST_ANONYMOUS:
            return Hidden.TOO_FEW
        everywhere = people if people is not None else total
        if 0 < everywhere < FEWEST_ANONYMOUS:
            return Hidden.TOO_FEW
    return None


def _comments(poll: Poll, slack: Part) -> tuple[tuple[str, str], ...]:
    """Return the comments as they are shown, in an order that tells nothing of who wrote them."""
    if not poll.settings.comments:
        return ()
    named = poll.settings.names and not poll.settings.percent_only
    return tuple(
        (who if named else "", comment)
        for who, comment in sorted(slack.comments, key=lambda said: said[1])
    )


def _average(poll: Poll, counts: Mapping[str, int]) -> float | None:
    """Return the mean of a scale's answers, counted from 1; None without scale or answers.

    An option of the template counts as there, wherever an edit moved it.
    """
    template = TEMPLATES.get(poll.template or "")
    live = poll.live
    if template is None or not template.scale or len(live) != len(template.options):
        return None
    total = sum(counts[option.id] for option in live)
    if not total:
        return None
    places = template.places([option.title for option in live]) or range(len(live))
    answers = (counts[option.id] for option in live)
    return sum(many * (place + 1) for many, place in zip(answers, places, strict=True)) / total
