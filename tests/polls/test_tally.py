"""Results: the sum of a plain model, and nothing of what is hidden."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.polls.refusals import AnswerFinal, NoSuchOption, OneAnswerOnly, PollClosed
from pollbot.polls.rules import (
    NOTHING,
    Answer,
    Option,
    Poll,
    PollSettings,
    Visibility,
    choose,
    choose_exactly,
)
from pollbot.polls.tally import Hidden, Part, Results, Split, results
from pollbot.polls.templates import TEMPLATES

NOW = 1_790_000_000.0
END = NOW + 3600
PEOPLE = ("U0ADA", "U0BOB", "U0CY", "U0DI", "U0EVE")
FIVE = tuple(Option(str(place + 1), str(place + 1), place) for place in range(5))


def poll(
    settings: PollSettings | None = None,
    options: tuple[Option, ...] = FIVE,
    *,
    template: str | None = None,
    closed_at: float | None = None,
) -> Poll:
    plain = Poll("p1", "How good?", "", options, settings or PollSettings(), "U0ADA", template)
    return replace(plain, closed_at=closed_at)


def part(answers: Mapping[str, Answer]) -> Part:
    """Return people's answers counted, as the store counts them."""
    names: dict[str, tuple[str, ...]] = {}
    for person, chosen in answers.items():
        for option_id in sorted(chosen):
            names[option_id] = (*names.get(option_id, ()), person)
    counts = {option_id: len(people) for option_id, people in names.items()}
    return Part(counts, sum(1 for chosen in answers.values() if chosen), names)


def counts(shown: Results) -> dict[str, int | None]:
    return {line.option.id: line.answers for line in shown.lines}


def percents(shown: Results) -> list[int | None]:
    return [line.percent for line in shown.lines]


def leaves(thing: object) -> Iterator[object]:
    """Yield every plain value in the results, but for the options themselves."""
    if isinstance(thing, Option):
        return
    if is_dataclass(thing):
        for one in fields(thing):
            yield from leaves(getattr(thing, one.name))
    elif isinstance(thing, Mapping):
        yield from leaves(tuple(thing.items()))
    elif isinstance(thing, tuple | list | set | frozenset):
        for item in thing:
            yield from leaves(item)
    else:
        yield thing


# --- the plain model -------------------------------------------------------------------------

people = st.sampled_from(PEOPLE)
option_ids = st.sampled_from(["1", "2", "3", "4", "5", "6", "7"])
steps = st.one_of(
    st.tuples(st.just("click"), people, option_ids),
    st.tuples(st.just("choose"), people, st.lists(option_ids, max_size=3)),
    st.tuples(st.just("withdraw"), people, st.just(())),
    st.tuples(st.just("remove"), option_ids, st.none()),
    st.tuples(st.just("add"), option_ids, st.none()),
    st.tuples(st.just("rename"), option_ids, st.text(min_size=1, max_size=5)),
    st.tuples(st.just("wait"), st.sampled_from([1.0, 1000.0, 3000.0]), st.none()),
    st.tuples(st.just("close"), st.none(), st.none()),
)
histories = st.lists(steps | steps.filter(lambda step: step[0] in ("click", "choose")), max_size=40)
kinds = st.builds(
    PollSettings,
    several=st.booleans(),
    changeable=st.booleans(),
    ends_at=st.none() | st.just(END),
    closes_at_end=st.booleans(),
)


class Model:
    """What a poll is to somebody with a sheet of paper: who ticked what, and what may be ticked."""

    def __init__(self, settings: PollSettings) -> None:
        self.settings = settings
        self.on_the_list = {"1", "2", "3", "4", "5"}
        self.ticks: set[tuple[str, str]] = set()
        self.now = NOW
        self.closed = False

    def tick(self, person: str, wanted: set[str]) -> None:
        over = self.settings.closes_at_end and self.settings.ends_at is not None
        if self.closed or (over and self.now >= END) or wanted - self.on_the_list:
            return
        if len(wanted) > 1 and not self.settings.several:
            return
        if not self.settings.changeable and self.valid(person) - wanted:
            return
        self.ticks = {tick for tick in self.ticks if tick[0] != person}
        self.ticks |= {(person, option_id) for option_id in wanted}

    def valid(self, person: str) -> set[str]:
        return {o for who, o in self.ticks if who == person and o in self.on_the_list}

    def follow(self, what: str, who: object, how: object) -> None:
        match what, who, how:
            case "click", str(person), str(option_id):
                mine = self.valid(person) if self.settings.several else set()
                # A click on what is not on the list is no tick at all.
                if option_id in self.on_the_list:
                    self.tick(person, mine ^ {option_id})
            case (("choose" | "withdraw"), str(person), list() | tuple() as wanted):
                self.tick(person, set(wanted))
            case "remove", str(option_id), _:
                self.on_the_list -= {option_id}
            case "add", str(option_id), _:
                self.on_the_list |= {option_id}
            case "wait", float(seconds), _:
                self.now += seconds
            case "close", _, _:
                self.closed = True


def edited(it: Poll, what: str, option_id: str, title: object) -> Poll:
    """Return the poll after an edit; what has been an option stays, at least as a removed one."""
    known = [
        replace(o, removed=o.removed or (what == "remove" and o.id == option_id))
        for o in it.options
    ]
    if what == "add":
        known = [o for o in known if o.id != option_id]
        known.append(Option(option_id, option_id, int(option_id)))
    if what == "rename":
        known = [replace(o, title=str(title)) if o.id == option_id else o for o in known]
    return replace(it, options=tuple(known))


@given(kinds, histories, st.booleans())
def test_any_history_gives_the_tally_of_a_plain_model(
    settings: PollSettings, history: list[tuple[str, object, object]], twice: bool
) -> None:
    model, it, now = Model(settings), poll(settings), NOW
    answers: dict[str, Answer] = {}

    for what, who, how in history:
        # Whatever sets an answer may arrive twice; what switches one is let through once.
        repeats = twice and (what != "click" or not settings.several)
        for _ in range(2 if repeats else 1):
            model.follow(what, who, how)
            try:
                match what, who, how:
                    case "click", str(person), str(option_id):
                        mine = answers.get(person, NOTHING)
                        answers[person] = choose(it, mine, option_id, now)
                    case (("choose" | "withdraw"), str(person), list() | tuple() as wanted):
                        mine = answers.get(person, NOTHING)
                        answers[person] = choose_exactly(it, mine, wanted, now)
                    case (("remove" | "add" | "rename"), str(option_id), title):
                        it = edited(it, what, option_id, title)
                    case "wait", float(seconds), _:
                        now += seconds
                    case "close", _, _:
                        it = replace(it, closed_at=now if it.closed_at is None else it.closed_at)
            except (PollClosed, NoSuchOption, AnswerFinal, OneAnswerOnly):
                pass

    shown = results(it, part(answers), None, now)
    ticked = [option_id for _, option_id in model.ticks]
    expected = {key: ticked.count(key) for key in model.on_the_list | set(ticked)}
    assert counts(shown) == expected
    assert shown.answers == shown.in_slack == len(ticked)
    assert shown.people == len({who for who, _ in model.ticks})
    assert {(who, line.option.id) for line in shown.lines for who in line.names} == model.ticks


# --- sums, percentages, averages --------------------------------------------------------------


def test_the_two_parts_are_added_and_named() -> None:
    slack = Part({"1": 12, "2": 8}, 20, {"1": ("U0ADA",)})
    jira = Part({"2": 2, "3": 10}, 12)

    shown = results(poll(), slack, jira, NOW)

    assert list(counts(shown).values()) == [12, 10, 10, 0, 0]
    assert percents(shown) == [38, 31, 31, 0, 0]
    assert (shown.people, shown.answers, shown.in_slack, shown.in_jira) == (32, 32, 20, 12)


def test_without_a_part_in_jira_none_is_named() -> None:
    assert results(poll(), Part({"1": 3}, 3), None, NOW).in_jira is None
    assert results(poll(), Part({"1": 3}, 3), Part(), NOW).in_jira == 0


PERCENTAGES = {
    "nobody": (Part(), None, [0, 0, 0, 0, 0]),
    "everybody": (Part({"2": 7}, 7), None, [0, 100, 0, 0, 0]),
    "thirds": (Part({"1": 1, "2": 1, "3": 1}, 3), None, [33, 33, 33, 0, 0]),
    "several answers each": (Part({"1": 4, "2": 3, "3": 1}, 4), None, [100, 75, 25, 0, 0]),
    "of the answers, where Jira tells no people": (
        Part({"1": 2, "2": 1}, 2),
        Part({"1": 1}, None),
        [75, 25, 0, 0, 0],
    ),
    "of the answers, where Jira's people cannot be": (
        Part(),
        Part({"1": 3, "2": 1}, 0),
        [75, 25, 0, 0, 0],
    ),
}


@pytest.mark.parametrize(("slack", "jira", "expected"), PERCENTAGES.values(), ids=PERCENTAGES)
def test_percentages_are_of_people_where_their_number_is_known(
    slack: Part, jira: Part | None, expected: list[int]
) -> None:
    assert percents(results(poll(), slack, jira, NOW)) == expected


SCALES = {
    "nobody": ("score", FIVE, {}, None),
    "one number": ("score", FIVE, {"4": 3}, 4.0),
    "a mean": ("score", FIVE, {"1": 1, "5": 2}, 11 / 3),
    "with answers in Jira": ("stars", FIVE, {"2": 1, "3": 1}, 2.5),
    "a template without a scale": ("yesno", FIVE[:2], {"1": 3}, None),
    "no template": (None, FIVE, {"1": 3}, None),
    "a template that nobody knows": ("planets", FIVE, {"1": 3}, None),
    "an option fewer": ("score", FIVE[:4], {"1": 3}, None),
    "options renamed": (
        "score",
        tuple(replace(o, title=f"Level {o.id}") for o in FIVE),
        {"4": 2},
        4.0,
    ),
    "options in another order": (
        "score",
        tuple(replace(o, order=-o.order) for o in FIVE),
        {"1": 1, "2": 3},
        1.75,
    ),
}


@pytest.mark.parametrize(("template", "options", "given", "mean"), SCALES.values(), ids=SCALES)
def test_the_average_is_that_of_a_scale_counted_from_one(
    template: str | None, options: tuple[Option, ...], given: dict[str, int], mean: float | None
) -> None:
    it = poll(options=options, template=template)

    alone = results(it, Part(given, sum(given.values())), None, NOW)
    doubled = results(it, Part(given, sum(given.values())), Part(given, sum(given.values())), NOW)

    assert alone.average == doubled.average == pytest.approx(mean)


def test_every_template_with_a_scale_reaches_from_one_to_five() -> None:
    for template in (one for one in TEMPLATES.values() if one.scale):
        options = tuple(Option(t, t, place) for place, t in enumerate(template.options))
        it = poll(options=options, template=template.name)

        low = results(it, Part({options[0].id: 3}, 3), None, NOW)
        high = results(it, Part({options[4].id: 3}, 3), None, NOW)

        assert (low.average, high.average) == (1.0, 5.0)


def test_a_removed_option_is_shown_last_and_only_while_it_has_answers() -> None:
    options = (replace(FIVE[0], removed=True), replace(FIVE[1], removed=True), *FIVE[2:])

    shown = results(poll(options=options), Part({"1": 2, "4": 1}, 3), None, NOW)

    assert counts(shown) == {"3": 0, "4": 1, "5": 0, "1": 2}
    assert [line.option.removed for line in shown.lines] == [False, False, False, True]


def test_answers_to_options_that_the_poll_never_had_are_in_no_number() -> None:
    shown = results(poll(), Part({"1": 3, "x": 2}, 5), Part({"y": 4}, 4), NOW)

    assert sum(line.answers or 0 for line in shown.lines) == 3
    assert (shown.answers, shown.in_slack, shown.in_jira) == (3, 3, 0)


# --- the eight settings, each on and off ------------------------------------------------------

ANSWERS = {"U0ADA": frozenset("5"), "U0BOB": frozenset("5"), "U0CY": frozenset("2")}
EVERYTHING_SHOWN = {
    "another answer": {"2"},
    "two answers": "OneAnswerOnly",
    "withdrawn": set(),
    "a click after the end": {"2"},
    "counts": [0, 1, 0, 0, 2],
    "percentages": [0, 33, 0, 0, 67],
    "names": [(), ("U0CY",), (), (), ("U0ADA", "U0BOB")],
    "average": 4.0,
    "people": 3,
    "answers": (3, 3, None),
    "hidden": None,
    "hidden from one who answered": None,
    "hidden after the end": None,
    "hidden with two answers": None,
}
NO_SPLIT = {"counts": [None] * 5, "percentages": [None] * 5, "names": [()] * 5, "average": None}
WHAT_CHANGES: dict[str, tuple[PollSettings, dict[str, object]]] = {
    "nothing": (PollSettings(), {}),
    "several": (
        PollSettings(several=True),
        {
            "another answer": {"1", "2"},
            "two answers": {"1", "2"},
            "a click after the end": {"1", "2"},
        },
    ),
    "after vote": (
        PollSettings(visibility=Visibility.AFTER_VOTE),
        NO_SPLIT
        | dict.fromkeys(
            ("hidden", "hidden after the end", "hidden with two answers"), Hidden.UNTIL_ANSWERED
        ),
    ),
    "after close": (
        PollSettings(visibility=Visibility.AFTER_CLOSE),
        NO_SPLIT
        | dict.fromkeys(
            (name for name in EVERYTHING_SHOWN if name.startswith("hidden")), Hidden.UNTIL_CLOSED
        ),
    ),
    "an end alone": (PollSettings(ends_at=END), {}),
    "closing alone": (PollSettings(closes_at_end=True), {}),
    "closing at an end": (
        PollSettings(ends_at=END, closes_at_end=True),
        {"a click after the end": "PollClosed"},
    ),
    "after close, closing at an end": (
        PollSettings(visibility=Visibility.AFTER_CLOSE, ends_at=END, closes_at_end=True),
        NO_SPLIT
        | dict.fromkeys(
            ("hidden", "hidden from one who answered", "hidden with two answers"),
            Hidden.UNTIL_CLOSED,
        )
        | {"a click after the end": "PollClosed"},
    ),
    "percentages only": (
        PollSettings(percent_only=True),
        {
            "counts": [None] * 5,
            "names": [()] * 5,
            "people": None,
            "answers": (None, None, None),
        },
    ),
    "final": (
        PollSettings(changeable=False),
        {
            "another answer": "AnswerFinal",
            "withdrawn": "AnswerFinal",
            "a click after the end": "AnswerFinal",
        },
    ),
    "no names": (
        PollSettings(names=False),
        {"names": [()] * 5, "hidden with two answers": Hidden.TOO_FEW},
    ),
    "comments": (PollSettings(comments=True), {}),
}


def observed(settings: PollSettings) -> dict[str, object]:
    """Return everything that a person can meet in a poll with these settings."""
    it, mine = poll(settings, template="score"), frozenset("1")

    def tried(wanted: str | list[str], now: float = NOW) -> object:
        try:
            if isinstance(wanted, str):
                return set(choose(it, mine, wanted, now))
            return set(choose_exactly(it, mine, wanted, now))
        except (PollClosed, AnswerFinal, OneAnswerOnly) as refused:
            return type(refused).__name__

    all_three = part(ANSWERS)
    two = part({who: chosen for who, chosen in ANSWERS.items() if who != "U0CY"})
    split = Split(all_three)
    shown = results(it, all_three, None, NOW, split=split)
    return {
        "another answer": tried("2"),
        "two answers": tried(["1", "2"]),
        "withdrawn": tried([]),
        "a click after the end": tried("2", END),
        "counts": list(counts(shown).values()),
        "percentages": percents(shown),
        "names": [line.names for line in shown.lines],
        "average": shown.average,
        "people": shown.people,
        "answers": (shown.answers, shown.in_slack, shown.in_jira),
        "hidden": shown.hidden,
        "hidden from one who answered": results(
            it, all_three, None, NOW, answered=True, split=split
        ).hidden,
        "hidden after the end": results(it, all_three, None, END, split=split).hidden,
        "hidden with two answers": results(it, two, None, NOW).hidden,
    }


@pytest.mark.parametrize(("settings", "changes"), WHAT_CHANGES.values(), ids=WHAT_CHANGES)
def test_each_setting_changes_exactly_what_it_says(
    settings: PollSettings, changes: dict[str, object]
) -> None:
    assert observed(settings) == EVERYTHING_SHOWN | changes


@pytest.mark.parametrize(
    ("settings", "hidden", "in_steps"),
    [
        (PollSettings(names=False), None, True),
        (PollSettings(names=False, visibility=Visibility.AFTER_CLOSE), Hidden.UNTIL_CLOSED, False),
        (PollSettings(), None, False),
    ],
)
def test_only_lines_that_are_shown_are_those_of_a_step(
    settings: PollSettings, hidden: Hidden | None, *, in_steps: bool
) -> None:
    answers = part({person: frozenset("1") for person in PEOPLE})

    shown = results(poll(settings), answers, None, NOW, split=Split(answers))

    assert (shown.hidden, shown.in_steps) == (hidden, in_steps)


# --- hidden is absent -------------------------------------------------------------------------


@given(
    st.builds(
        PollSettings,
        several=st.booleans(),
        visibility=st.sampled_from(Visibility),
        percent_only=st.booleans(),
        names=st.booleans(),
    ),
    st.lists(st.frozensets(st.sampled_from("12345"), min_size=1), max_size=5),
    st.permutations("12345"),
    st.sets(st.sampled_from("12345"), max_size=3),
    st.none() | st.integers(0, 3),
    st.booleans(),
    st.sampled_from([None, "score"]),
)
def test_hidden_results_are_the_same_whatever_people_answered(
    settings: PollSettings,
    chosen: list[Answer],
    other: list[str],
    removed: set[str],
    in_jira: int | None,
    answered: bool,
    template: str | None,
) -> None:
    if not settings.several:
        chosen = [frozenset(sorted(one)[:1]) for one in chosen]
    options = tuple(replace(o, removed=o.id in removed) for o in FIVE)
    it = poll(settings, options, template=template)
    jira = None if in_jira is None else Part({"1": in_jira}, in_jira)
    # The same people answer something else: where one answer is allowed, another one.
    swapped = [frozenset(other[int(key) - 1] for key in one) for one in chosen]
    if settings.several:
        swapped = [one ^ {"1"} or frozenset({"2"}) for one in swapped]
    these = part(dict(zip(PEOPLE, chosen, strict=False)))
    those = part(dict(zip(PEOPLE, swapped, strict=False)))

    shown = results(it, these, jira, NOW, answered=answered)

    values = list(leaves(shown))
    if shown.hidden is not None:
        assert shown == results(it, those, jira, NOW, answered=answered)
        assert not [value for value in values if isinstance(value, float)]
        totals = (shown.people, shown.answers, shown.in_slack, shown.in_jira, shown.unfinished)
        told = [value for value in values if type(value) is int]
        assert Counter(told) == Counter(total for total in totals if total is not None)
        assert all(line.answers is line.percent is None for line in shown.lines)
    if shown.hidden is not None or settings.percent_only or not settings.names:
        assert not set(PEOPLE) & {value for value in values if isinstance(value, str)}
    if settings.percent_only:
        assert (shown.people, shown.answers, shown.in_slack, shown.in_jira) == (None,) * 4
        assert all(line.answers is None for line in shown.lines)


FEW = {
    "nobody": (0, None, None),
    "one": (1, None, Hidden.TOO_FEW),
    "two": (2, None, Hidden.TOO_FEW),
    "three": (3, None, None),
    "nobody, and many in Jira": (0, 30, None),
    "two, and many in Jira": (2, 30, Hidden.TOO_FEW),
    "three, and one in Jira": (3, 1, None),
    "nobody, and two in Jira": (0, 2, Hidden.TOO_FEW),
    "nobody at all": (0, 0, None),
}


@pytest.mark.parametrize(("in_slack", "in_jira", "hidden"), FEW.values(), ids=FEW)
@pytest.mark.parametrize("closed_at", [None, NOW], ids=["open", "closed"])
def test_fewer_than_three_anonymous_answers_show_no_split(
    in_slack: int, in_jira: int | None, hidden: Hidden | None, closed_at: float | None
) -> None:
    anonymous = poll(PollSettings(names=False), closed_at=closed_at)
    jira = None if in_jira is None else Part({"2": in_jira}, in_jira)

    slack = Part({"1": in_slack}, in_slack)
    split = Split(slack, jira or Part()) if hidden is None else None
    shown = results(anonymous, slack, jira, NOW, split=split)

    assert shown.hidden is hidden
    assert (counts(shown)["1"] is None) is (hidden is not None)


@pytest.mark.parametrize("jira", [None, Part({"1": 30}, 30), Part({"1": 30}, None)])
def test_one_person_with_three_answers_is_still_too_few(jira: Part | None) -> None:
    it = poll(PollSettings(names=False, several=True))

    shown = results(it, Part({"1": 1, "2": 1, "3": 1}, 1), jira, NOW)

    assert (shown.hidden, shown.answers) == (Hidden.TOO_FEW, None)


@pytest.mark.parametrize(
    ("jira", "hidden"),
    [
        (Part({"1": 2, "2": 2}, 2), Hidden.TOO_FEW),
        (Part({"1": 2}, None), Hidden.TOO_FEW),
        (Part({"1": 2, "2": 1}, None), None),
    ],
    ids=["two with two answers", "two answers of nobody knows whom", "three answers"],
)
def test_a_few_in_jira_alone_are_too_few_after_the_end(jira: Part, hidden: Hidden | None) -> None:
    it = poll(PollSettings(names=False, several=True), closed_at=NOW)

    assert results(it, Part(), jira, NOW).hidden is hidden


def test_results_that_wait_for_the_close_are_shown_from_that_moment() -> None:
    settings = PollSettings(visibility=Visibility.AFTER_CLOSE, ends_at=END, closes_at_end=True)
    slack = Part({"1": 3}, 3)

    assert results(poll(settings), slack, None, END - 0.001).hidden is Hidden.UNTIL_CLOSED
    assert results(poll(settings), slack, None, END).hidden is None
    assert results(poll(settings, closed_at=NOW), slack, None, NOW).hidden is None


@pytest.mark.parametrize("visibility", [Visibility.AFTER_CLOSE, Visibility.AFTER_VOTE])
def test_a_poll_that_was_deleted_while_open_never_shows_what_it_hid(visibility: Visibility) -> None:
    deleted = replace(poll(PollSettings(visibility=visibility)), deleted=True)

    shown = results(deleted, Part({"1": 3}, 3), None, NOW)

    assert set(counts(shown).values()) == {None}
