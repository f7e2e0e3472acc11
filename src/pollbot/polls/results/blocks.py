"""What people see of results: bars in text, a table, a chart, a pie, and the same in words."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pollbot.polls.results.rules import Doubt
from pollbot.polls.rooms import EVERYTHING, ROOMS, Room
from pollbot.polls.rules import DESCRIPTION, TITLE, Option, Poll
from pollbot.polls.tally import FEWEST_ANONYMOUS, Hidden, Line, Results
from pollbot.polls.terms_blocks import still_unfinished
from pollbot.slack.budget import fits, fitted, in_bytes, pages
from pollbot.slack.clicks import NamesClick, ScheduleClick, ShowResultsClick
from pollbot.slack.kit import (
    SOMEBODY,
    Block,
    Message,
    actions,
    button,
    clip,
    context,
    fit,
    long_text,
    moment,
    moment_in_words,
    moment_of_week,
    moment_of_week_in_words,
    person,
    plain,
    section,
    sections,
    view,
    without_charts,
)
from pollbot.slack.looks import look_name
from pollbot.text.catalog import mark, numeral, say, say_marked, say_number, tenths

ResultView = Callable[[Poll, Results, Room], list[Block]]

RESULTS_VIEW = "results"
NAMES_ON_CARD = EVERYTHING.names
COMMENTS_ON_CARD = 5
COMMENTS_SHOWN = 20
JIRA_NOT_UNDERSTOOD = mark(
    ":warning: The answers given in Jira came in a form that I do not understand, so they are "
    "not in here. Look in Jira for them."
)
JIRA_AWAY = mark(
    ":warning: The answers given in Jira could not be read just now; those in here are from the "
    "last time."
)

_BAR = 10
_NUMBER = len("100. ")
_TITLE_ROOM = 450  # with its bar and names a line stays below 740, so four share a paragraph
_TABLE_ROWS = 100
_LABEL = 20
_CHART_TITLE = 50
_POINTS = 20
_SEGMENTS = 6
# What each part of the text for notifications takes of it, in bytes; what is around it has 500.
_QUESTION = 600
_ALL_OPTIONS = 2200
_LEAST_TITLE = 3
_TIED = 4


def bars(poll: Poll, results: Results, room: Room = EVERYTHING) -> list[Block]:
    """Return one line per option: its bar, its numbers, a few names."""
    numbered = list(enumerate(results.lines, 1))
    # A reader misses those least that fewest have chosen.
    leading = sorted(numbered, key=lambda one: -(one[1].percent or 0))[: room.lines]
    lines = [
        _option_line(poll, line, number, results, room)
        for number, line in sorted(leading, key=lambda one: one[0])
    ]
    rest = len(numbered) - len(lines)
    # An option's lines are closer to each other than to its neighbour's.
    between = "\n" if results.none_yet or results.hidden else "\n\n"
    if not rest:
        return sections(lines, between)
    more = (
        say_number(
            rest, "and {number} more that were removed", "and {number} more that were removed"
        )
        if room.lines >= EVERYTHING.lines
        else say_number(
            rest,
            "and {number} more; *Results*, under *More* on the card, shows all",
            "and {number} more; *Results*, under *More* on the card, shows all",
        )
    )
    return sections([*lines, more], between)


def table(poll: Poll, results: Results, room: Room = EVERYTHING) -> list[Block]:
    """Return the results as a table of options, answers and shares."""
    if results.hidden is not None or not results.lines:
        return bars(poll, results, room)
    shown, rest = _split(results.lines, min(_TABLE_ROWS - 1, room.lines))
    bare = poll.settings.percent_only
    rows = [(_named(line, room.title), line.answers, line.percent) for line in shown]
    if rest:
        # Shares of several answers overlap, so they have no sum that means anything.
        rows.append((_rest(rest), None if bare else _sum(rest), None))
    return [
        {
            "type": "table",
            "column_settings": [
                {"is_wrapped": True},
                *([] if bare else [{"align": "right"}]),
                {"align": "right"},
            ],
            "rows": [
                [
                    _cell(say("Option")),
                    *([] if bare else [_cell(say("Answers"))]),
                    _cell(say("Share")),
                ],
                *(
                    [
                        _cell(title),
                        *([] if bare else [_number(answers)]),
                        _cell("-" if percent is None else share(percent)),
                    ]
                    for title, answers, percent in rows
                ),
            ],
        }
    ]


def chart(poll: Poll, results: Results, room: Room = EVERYTHING) -> list[Block]:
    """Return the results as a bar chart; options beyond 20 are one bar together."""
    if results.hidden is not None or not results.lines:
        return bars(poll, results, room)
    points = _points(poll, results.lines, _POINTS)
    counted = say("Percent") if poll.settings.percent_only else say("Answers")
    return [
        {
            "type": "data_visualization",
            "title": plain(poll.title, _CHART_TITLE),
            "chart": {
                "type": "bar",
                "series": [
                    {
                        "name": counted,
                        "data": [{"label": label, "value": value} for label, value in points],
                    }
                ],
                "axis_config": {
                    "categories": [label for label, _ in points],
                    "x_label": say("Option"),
                    "y_label": counted,
                },
            },
        }
    ]


def pie(poll: Poll, results: Results, room: Room = EVERYTHING) -> list[Block]:
    """Return the results as a pie; options beyond 6 are one piece together."""
    if results.hidden is not None or not results.lines:
        return bars(poll, results, room)
    chosen = sorted(
        (line for line in results.lines if _value(poll, line)),
        key=lambda line: -_value(poll, line),
    )
    if not chosen:
        return [section(say("No answers, so there is no pie to draw."))]
    segments = _points(poll, chosen, _SEGMENTS)
    several = say("Several answers were possible: the pieces are shares of all answers.")
    return [
        {
            "type": "data_visualization",
            "title": plain(poll.title, _CHART_TITLE),
            "chart": {
                "type": "pie",
                "segments": [{"label": label, "value": value} for label, value in segments],
            },
        },
        *([context(several)] if poll.settings.several else []),
    ]


RESULT_VIEWS: dict[str, ResultView] = {"bars": bars, "table": table, "chart": chart, "pie": pie}


def results_message(
    poll: Poll,
    results: Results,
    view: str = "bars",
    *,
    now_open: bool,
    about: str = "",
    note: str = "",
) -> Message:
    """Return the results with the ways to see them differently; an unknown view means bars."""
    view = view if view in RESULT_VIEWS else "bars"

    def drawn(room: Room) -> list[Block]:
        return [
            section(headline(poll, about)),
            *outcome(results, note=note),
            *RESULT_VIEWS[view](poll, results, room),
            *summary(poll, results, now_open=now_open, note=note, room=room),
            *_ways(poll, results, view),
        ]

    # Where Slack knows no tables, the same comes in lines.
    blocks = fitted(drawn, ROOMS, lambda blocks: fits(blocks) and fits(without_charts(blocks)))
    said = in_words(poll, results, now_open=now_open, about=about, note=note)
    return Message(said, blocks)


def results_view(
    poll: Poll, results: Results, *, now_open: bool, note: str = "", page: int = 0
) -> Block:
    """Return all of the results in a window of their own, in pages where there is much.

    Slack takes neither table nor chart there.
    """
    parts = pages(
        [
            section(headline(poll)),
            *long_text(clip(poll.description, DESCRIPTION)),
            *outcome(results, note=note),
            *bars(poll, results),
            *summary(poll, results, now_open=now_open, note=note, comments=len(results.comments)),
        ]
    )
    page = min(page, len(parts) - 1)
    ways = ((say("Previous"), page - 1), (say("Next"), page + 1))
    turns = [
        button(label, ShowResultsClick(poll=poll.id, view="bars", page=to), nth=nth)
        for nth, (label, to) in enumerate(ways)
        if 0 <= to < len(parts)
    ]
    which = say("Page {page} of {pages}", page=numeral(page + 1), pages=numeral(len(parts)))
    number = [context(which), actions(*turns)] if turns else []
    return view(say("Results"), [*parts[page], *number], callback_id=RESULTS_VIEW)


def note_of(doubt: Doubt | None) -> str:
    """Return what is said of what is doubtful about the answers given in Jira; empty if nothing."""
    match doubt:
        case Doubt.NOT_UNDERSTOOD:
            return say_marked(JIRA_NOT_UNDERSTOOD)
        case Doubt.OUTDATED:
            return say_marked(JIRA_AWAY)
        case None:
            return ""


def without_buttons(blocks: Iterable[Block]) -> list[Block]:
    """Return what can be read of it, for who is to pass it on."""
    return [block for block in without_charts(blocks) if block["type"] != "actions"]


# The pieces, for cards as well


def headline(poll: Poll, about: str = "", asker: str = "") -> str:
    """Return the question, who asks it, and what it is about; both are markup."""
    shown = fit(poll.title, TITLE, 2000) or say("A poll without a question")
    title = f"*{shown}*"
    if poll.asked:
        title = say(
            "{title} _(edited; the first answers were to “{asked}”)_",
            title=title,
            asked=fit(poll.asked, 150, 400),
        )
    small = " · ".join(filter(None, [say("{person} asks", person=asker) if asker else "", about]))
    return f"{title}\n{small}" if small else title


def outcome(results: Results, *, note: str = "") -> list[Block]:
    """Return what most people chose, or that it is a tie; nothing where that is in doubt.

    What a ``note`` is about may be answers that are not counted in here.
    """
    leading = [line.option for line in results.lines if line.option.id in results.leading]
    if note or not leading:
        return []
    if len(leading) == 1:
        return [section(say(":trophy: Most answers: {option}", option=_bold(leading[0])))]
    if len(leading) > _TIED:
        return [
            section(
                say_number(
                    len(leading),
                    ":scales: A tie of {number} options",
                    ":scales: A tie of {number} options",
                )
            )
        ]
    options = ", ".join(map(_bold, leading))
    return [section(say(":scales: A tie: {options}", options=options))]


def _outcome_in_words(results: Results) -> str:
    leading = [line.option for line in results.lines if line.option.id in results.leading]
    titles = [fit(option.title, 100, 100, in_bytes) or "-" for option in leading[:_TIED]]
    if not leading:
        return ""
    if len(leading) == 1:
        return say("Most answers: {option}.", option=titles[0])
    if len(leading) > _TIED:
        return say_number(len(leading), "A tie of {number} options.", "A tie of {number} options.")
    return say("A tie: {options}.", options=", ".join(titles))


def _bold(option: Option) -> str:
    return f"*{fit(option.title, 150, 400) or '-'}*"


def is_numbered(poll: Poll, room: Room = EVERYTHING) -> bool:
    """Return whether options carry a number, because a control cannot show all of a title."""
    return any(len(option.title) > room.label - _NUMBER for option in poll.live)


def summary(
    poll: Poll,
    results: Results,
    *,
    now_open: bool,
    note: str = "",
    comments: int = COMMENTS_SHOWN,
    room: Room = EVERYTHING,
) -> list[Block]:
    """Return the numbers of the whole poll, why something is not shown, and what people said.

    At most so many ``comments``.
    """
    why = why_hidden(poll, results)
    return [
        *counted(poll, results, now_open=now_open),
        *([context(why)] if why else []),
        *([context(note)] if note else []),
        *said(results, comments, room),
        *([] if now_open else [context(f":lock: {end(poll, now_open=False)}")]),
    ]


def counted(poll: Poll, results: Results, *, now_open: bool) -> list[Block]:
    """Return the numbers of the whole poll, where there are any."""
    totals = totals_in_words(poll, results, now_open=now_open)
    unfinished = still_unfinished(results.unfinished, poll.settings.least)
    return [
        *([section(f"*{totals}*")] if totals else []),
        *([context(unfinished)] if unfinished else []),
    ]


def totals_in_words(poll: Poll, results: Results, *, now_open: bool) -> str:
    """Return participants, answers, their two parts and the average, without markup."""
    counts = []
    if results.people is not None:
        counts.append(say_number(results.people, "{number} participant", "{number} participants"))
    if results.answers == 0:
        counts = [say("No answers yet") if now_open else say("Nobody answered")]
    elif (
        results.answers is not None and results.in_slack is not None and results.in_jira is not None
    ):
        counts.append(
            say_number(
                results.answers,
                "{number} answer: {slack} in Slack, {jira} in Jira",
                "{number} answers: {slack} in Slack, {jira} in Jira",
                slack=numeral(results.in_slack),
                jira=numeral(results.in_jira),
            )
        )
    elif results.answers is not None:
        counts.append(say_number(results.answers, "{number} answer", "{number} answers"))
    if results.average is not None:
        average, most = tenths(results.average), numeral(len(poll.live))
        counts.append(
            say("average {average} of {most}", average=average, most=most)
            if counts
            else say("Average {average} of {most}", average=average, most=most)
        )
    return " · ".join(counts)


def why_hidden(poll: Poll, results: Results) -> str:
    """Return why the split, or a part of it, is not shown; empty where all of it is."""
    match results.hidden:
        case Hidden.UNTIL_CLOSED:
            return say("The results are shown when the poll closes.")
        case Hidden.UNTIL_ANSWERED:
            return say(
                "You see the results once you have answered; they are not shown here before."
            )
        case Hidden.TOO_FEW:
            return say(
                "Too few answers to show them: an anonymous poll shows how they are divided from "
                "{fewest} on, so that nobody can be recognised.",
                fewest=numeral(FEWEST_ANONYMOUS),
            )
        case None:
            return " ".join(_reserves(poll, results))


def _reserves(poll: Poll, results: Results) -> Iterator[str]:
    if poll.settings.percent_only:
        yield say("Percentages only, as its maker chose.")
    if results.in_steps:
        yield say(
            "The split moves in steps of {fewest} answers or more, so that nobody can be "
            "recognised; the exact one comes at the close.",
            fewest=numeral(FEWEST_ANONYMOUS),
        )


def end(poll: Poll, *, now_open: bool, spoken: bool = False) -> str:
    """Return when the poll ends or ended; empty for one without an end.

    ``spoken``: without markup, and so in UTC.
    """
    spelt = moment_in_words if spoken else moment
    ahead = moment_of_week_in_words if spoken else moment_of_week
    if not now_open:
        closed = poll.closed_since(float("inf"))
        if closed is None:
            return say("Closed.")
        return say("Closed on {moment}.", moment=spelt(closed))
    ends_at = poll.settings.ends_at
    if ends_at is None:
        return ""
    if poll.settings.closes_at_end:
        return say("Closes on {moment}.", moment=ahead(ends_at))
    return say(
        "Planned to end on {moment}; it stays open until it is closed.", moment=ahead(ends_at)
    )


def in_words(
    poll: Poll,
    results: Results,
    *,
    now_open: bool,
    about: str = "",
    asker: str = "",
    note: str = "",
) -> str:
    """Return the whole result as one text without markup, which names nobody but who asks.

    It is what notifications and screen readers get.
    """
    place = re.sub(r"<[^|>]*\|?([^>]*)>", r"\1", about)
    tails = [
        "" if results.none_yet else _tail(line, is_full=line.option.id in results.full)
        for line in results.lines
    ]
    taken = sum(map(len, tails)) + 2 * len(tails)
    room = max(_LEAST_TITLE, (_ALL_OPTIONS - taken) // max(1, len(tails)))
    options = ", ".join(
        f"{fit(line.option.title, room, room, in_bytes) or '-'}{tail}"
        for line, tail in zip(results.lines, tails, strict=True)
    )
    title = fit(poll.title, TITLE, _QUESTION, in_bytes)
    if poll.asked:
        title = say("{title} (edited)", title=title)
    parts = [
        _in_short(clip(place, 100), asker, title, options),
        _sentence(totals_in_words(poll, results, now_open=now_open)),
        still_unfinished(results.unfinished, poll.settings.least),
        "" if note else _outcome_in_words(results),
        why_hidden(poll, results),
        end(poll, now_open=now_open, spoken=True),
    ]
    return " ".join(part for part in parts if part)


def _in_short(place: str, asker: str, title: str, options: str) -> str:
    match bool(place), bool(asker):
        case False, False:
            return say("Poll: {title} – {options}.", title=title, options=options)
        case True, False:
            return say(
                "Poll on {place}: {title} – {options}.", place=place, title=title, options=options
            )
        case False, True:
            return say(
                "{person} asks: {title} – {options}.", person=asker, title=title, options=options
            )
        case _:
            return say(
                "{person} asks on {place}: {title} – {options}.",
                person=asker,
                place=place,
                title=title,
                options=options,
            )


def mark_of(option: Option) -> str:
    """Return what became of an option after people had answered; empty if nothing did."""
    if option.removed:
        return say("removed")
    return say("edited") if option.edited else ""


def share(percent: int) -> str:
    """Return a share as it is written."""
    return say("{number} %", number=numeral(percent))


def called(user_id: str, names: Mapping[str, str] | None) -> str:
    """Return a person as markup: mentioned, or by name where ``names`` says what they are called.

    Somebody of whom no name is known is nobody in particular.
    """
    if names is None:
        return person(user_id)
    return fit(names.get(user_id, ""), 60, 120) or say_marked(SOMEBODY)


def _option_line(poll: Poll, line: Line, number: int, results: Results, room: Room) -> str:
    title = fit(line.option.title, room.title, min(_TITLE_ROOM, 3 * room.title)) or "-"
    if is_numbered(poll, room) and not line.option.removed:
        title = f"{number}. {title}"
    if became := mark_of(line.option):
        title = f"{title} _({became})_"
    if line.percent is None or results.none_yet:
        return f"• {title}"
    full = round(_BAR * min(100, max(0, line.percent)) / 100)
    numbers = [] if line.answers is None else [_number_of(poll, line.answers)]
    numbers.append(share(line.percent))
    if line.option.id in results.full:
        numbers.append(say("full"))
    who = f"\n{_names(line, results.called, room.names)}" if line.names and room.names else ""
    return f"{title}\n{'▇' * full}{'▁' * (_BAR - full)} {' · '.join(numbers)}{who}"


def _number_of(poll: Poll, answers: int) -> str:
    places = poll.settings.places
    if places is None:
        return numeral(answers)
    return say_number(
        places, "{taken} of {number} place", "{taken} of {number} places", taken=numeral(answers)
    )


def _names(line: Line, names: Mapping[str, str] | None, most: int) -> str:
    known = [user_id for user_id in line.names if names is None or names.get(user_id)]
    if not known:
        return say_number(line.named or 0, "{number} person", "{number} people")
    shown = ", ".join(called(user_id, names) for user_id in known[:most])
    rest = (line.named or 0) - min(len(known), most)
    if rest <= 0:
        return shown
    return say_number(rest, "{names} and {number} more", "{names} and {number} more", names=shown)


def _tail(line: Line, *, is_full: bool) -> str:
    became = ", ".join(filter(None, [mark_of(line.option), say("full") if is_full else ""]))
    if line.percent is None:
        return f" ({became})" if became else ""
    if line.answers is None:
        return f" {share(line.percent)}{f' ({became})' if became else ''}"
    return f" {numeral(line.answers)} ({share(line.percent)}{f', {became}' if became else ''})"


def _sentence(words: str) -> str:
    return f"{words}." if words else ""


def said(results: Results, comments: int, room: Room = EVERYTHING) -> list[Block]:
    """Return what people said, at most so many ``comments``."""
    if not results.comments:
        return []
    most, long = min(comments, room.comments), room.comment
    lines = [
        f"> {fit(comment, long, 3 * long)}{f' – {called(who, results.called)}' if who else ''}"
        for who, comment in results.comments[:most]
    ]
    rest = len(results.comments) - len(lines)
    more = (
        say_number(
            rest,
            "and {number} more comment; *Results*, under *More* on the card, shows all",
            "and {number} more comments; *Results*, under *More* on the card, shows all",
        )
        if lines
        else say_number(
            rest,
            "{number} comment; *Results*, under *More* on the card, shows all",
            "{number} comments; *Results*, under *More* on the card, shows all",
        )
    )
    return sections([say("*Comments*"), *lines, *([more] if rest > 0 else [])])


def _ways(poll: Poll, results: Results, view: str) -> list[Block]:
    if results.hidden is not None:
        return []
    ways = [
        button(look_name(name), ShowResultsClick(poll=poll.id, view=name), nth=place)
        for place, name in enumerate(RESULT_VIEWS)
        if name != view
    ]
    if any(line.names for line in results.lines):
        ways.append(button(say("Names"), NamesClick(poll=poll.id)))
    ways.append(button(say("Schedule results"), ScheduleClick(poll=poll.id)))
    return [actions(*ways)]


def _split(lines: Sequence[Line], most: int) -> tuple[Sequence[Line], Sequence[Line]]:
    """Return the lines to show, and those that share the last place."""
    return (lines, ()) if len(lines) <= most else (lines[: most - 1], lines[most - 1 :])


def _points(poll: Poll, lines: Sequence[Line], most: int) -> list[tuple[str, int]]:
    """Return label and value of each line; labels are short, and no two are the same."""
    shown, rest = _split(lines, most)
    taken: dict[str, int] = {}
    for line in shown:
        taken[_unique(_named(line, _LABEL), taken)] = _value(poll, line)
    if rest:
        taken[_unique(say("Other"), taken)] = sum(_value(poll, line) for line in rest)
    return list(taken.items())


def _unique(label: str, taken: Mapping[str, int]) -> str:
    number, unique = 1, label
    while unique in taken:
        number += 1
        # Cut once more, it has to close once more what its text opens.
        unique = f"{plain(label, _LABEL - len(f' {number}'))} {number}"
    return unique


def _value(poll: Poll, line: Line) -> int:
    return (line.percent if poll.settings.percent_only else line.answers) or 0


def _named(line: Line, room: int) -> str:
    became = mark_of(line.option)
    after = f" ({became})" if became else ""
    return plain(line.option.title, room - len(after)) + after


def _rest(lines: Sequence[Line]) -> str:
    return say_number(len(lines), "{number} other option", "{number} other options")


def _sum(lines: Sequence[Line]) -> int:
    return sum(line.answers or 0 for line in lines)


def _cell(text: str) -> Block:
    return {"type": "raw_text", "text": text}


def _number(value: int | None) -> Block:
    if value is None:
        return _cell("-")
    return {"type": "raw_number", "value": value, "text": numeral(value)}
