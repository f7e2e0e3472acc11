"""The poll's card, and the receipts for answers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pollbot.polls.kept import Answered
from pollbot.polls.results.blocks import (
    COMMENTS_ON_CARD,
    bars,
    counted,
    end,
    headline,
    in_words,
    is_numbered,
    mark_of,
    outcome,
    said,
    summary,
    totals_in_words,
    why_hidden,
)
from pollbot.polls.results.rules import LISTED, Listed, Page
from pollbot.polls.rooms import EVERYTHING, ROOMS, Room
from pollbot.polls.rules import (
    COMMENT,
    MOST_OPTIONS,
    NOTHING,
    Answer,
    Draft,
    Option,
    Poll,
    PollSettings,
    Visibility,
)
from pollbot.polls.sources.source import About
from pollbot.polls.tally import FEWEST_ANONYMOUS, Hidden, Results
from pollbot.polls.terms_blocks import how_many, how_many_in_short, terms, too_few_chosen
from pollbot.slack.budget import fitted
from pollbot.slack.clicks import (
    CHOOSE,
    AddOptionClick,
    AnswerClick,
    Click,
    CommentClick,
    MoreClick,
    MyAnswerClick,
    PollsPageClick,
    PostPollClick,
    ScheduleClick,
    SearchClick,
    SetAnswerClick,
    ShowResultsClick,
    poll_block_id,
)
from pollbot.slack.kit import (
    BUTTON_TEXT,
    BUTTON_VALUE,
    Block,
    Message,
    actions,
    button,
    choice,
    clip,
    context,
    escape,
    fit,
    link,
    long_text,
    moment_here,
    moment_of_week,
    picker,
    places,
    section,
    told_apart,
    words,
)
from pollbot.slack.markup import spoken
from pollbot.text.catalog import mark, numeral, say, say_marked, say_number

BUTTONS = 20
"""So many options have a button each; more of them share a menu."""
_REMOVABLE = 5
_NAME = 60
_LISTED_TITLES = (150, 100, 70, 50, 35, 20)
_SHOWN_WHEN = {
    (Visibility.ALWAYS, False): mark("Everybody sees the results at any time"),
    (Visibility.ALWAYS, True): mark("Everybody sees the percentages at any time"),
    (Visibility.AFTER_VOTE, False): mark(
        "You see the results once you have answered, everybody when it is closed"
    ),
    (Visibility.AFTER_VOTE, True): mark(
        "You see the percentages once you have answered, everybody when it is closed"
    ),
    (Visibility.AFTER_CLOSE, False): mark("Nobody sees the results before it is closed"),
    (Visibility.AFTER_CLOSE, True): mark("Nobody sees the percentages before it is closed"),
}
"""When what is shown of results; ``True``: of those that are percentages only."""
_SHOWN_IN_SHORT = {
    (Visibility.ALWAYS, False): mark("Everybody sees the results"),
    (Visibility.ALWAYS, True): mark("Everybody sees the percentages"),
    (Visibility.AFTER_VOTE, False): mark("You see the results once you have answered"),
    (Visibility.AFTER_VOTE, True): mark("You see the percentages once you have answered"),
    (Visibility.AFTER_CLOSE, False): mark("The results are shown when the poll closes"),
    (Visibility.AFTER_CLOSE, True): mark("The percentages are shown when the poll closes"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a poll is about, as a link in markup, and what whoever asks it is called.

    ``by`` is empty if that is not known, or nobody asked it here.
    """

    about: str = ""
    by: str = ""


NOBODY = Asked()


def poll_card(
    card_id: str,
    poll: Poll,
    results: Results,
    *,
    now_open: bool,
    asked: Asked = NOBODY,
    note: str = "",
) -> Message:
    """Return the card that everybody in the channel sees and may answer on.

    ``note`` is a sentence about something out of the ordinary, and markup already.
    """
    if poll.deleted:
        return Message(
            say("The poll “{title}” was deleted.", title=fit(poll.title, 150, 400)),
            [
                section(say(":wastebasket: The poll {poll} was deleted.", poll=titled(poll))),
                *([context(note)] if note else []),
            ],
        )

    def drawn(room: Room) -> list[Block]:
        bare = results.none_yet or results.hidden is not None
        said_by_buttons = now_open and bare and _buttons_say_all(poll, room)
        return [
            section(headline(poll, about, name)),
            *long_text(clip(poll.description, room.description)),
            *outcome(results, note=note),
            *([] if said_by_buttons else bars(poll, results, room)),
            *([] if results.answers == 0 else counted(poll, results, now_open=now_open)),
            *([context(note)] if note else []),
            *said(results, COMMENTS_ON_CARD, room),
            *(_answering(card_id, poll, room, results.full) if now_open else []),
            actions(*_around(card_id, poll, now_open=now_open)),
            context(_small_print(poll, results, now_open=now_open)),
        ]

    about, name = asked.about, fit(asked.by, _NAME, 2 * _NAME)
    text = in_words(poll, results, now_open=now_open, about=about, asker=name, note=note)
    return Message(text, fitted(drawn, ROOMS))


def _buttons_say_all(poll: Poll, room: Room) -> bool:
    """Return whether each option stands in full on its own button."""
    live = poll.live
    return (
        0 < len(live) <= BUTTONS
        and not is_numbered(poll, room)
        and not any(map(mark_of, live))
        and room.label == EVERYTHING.label
    )


def _small_print(poll: Poll, results: Results, *, now_open: bool) -> str:
    """Return in one line how to answer, who can see what, and until when; the rest is in *More*."""
    settings = poll.settings
    names = _names_in_short(settings)
    none = f"{totals_in_words(poll, results, now_open=now_open)}." if results.answers == 0 else ""
    if not now_open:
        lines = [
            f":lock: {end(poll, now_open=False)}",
            none,
            names,
            why_hidden(poll, results),
        ]
    else:
        lines = [
            none,
            how_many_in_short(settings),
            terms(settings),
            names,
            why_hidden(poll, results)
            if results.hidden is Hidden.TOO_FEW
            else _when_in_short(settings),
            end(poll, now_open=True),
        ]
    return " ".join(filter(None, lines))


def _names_in_short(settings: PollSettings) -> str:
    if not settings.names:
        return say("Anonymous: nobody sees who chose what.")
    return say("Names are not shown.") if settings.percent_only else say("Names are shown.")


def _when_in_short(settings: PollSettings) -> str:
    when = say_marked(_SHOWN_IN_SHORT[settings.visibility, settings.percent_only])
    if settings.names:
        return f"{when}."
    fewest = numeral(FEWEST_ANONYMOUS)
    if settings.visibility is Visibility.AFTER_CLOSE:
        return say("{when}, from {few} answers on.", when=when, few=fewest)
    return say("{when}, from {few} answers on and in steps of {few}.", when=when, few=fewest)


def who_sees(settings: PollSettings, *, now_open: bool = True) -> str:
    """Return who can see what."""
    lines = [_names_shown(settings), _when_shown(settings, now_open=now_open)]
    if settings.comments:
        lines.append(_comments_shown(settings, now_open=now_open))
    return " ".join(lines)


def how_it_works(poll: Poll, *, now_open: bool) -> str:
    """Return all of what a card says in short: how to answer, who can see what, until when."""
    settings = poll.settings
    if not now_open:
        return f"{end(poll, now_open=False)} {who_sees(settings, now_open=False)}"
    steps = (
        ""
        if settings.names or settings.visibility is Visibility.AFTER_CLOSE
        else say(
            "The split moves in steps of {fewest} answers or more, so that nobody can be "
            "recognised; the exact one comes at the close.",
            fewest=numeral(FEWEST_ANONYMOUS),
        )
    )
    lines = [
        how_many(settings),
        terms(settings),
        who_sees(settings),
        steps,
        end(poll, now_open=True),
    ]
    return " ".join(filter(None, lines))


def _names_shown(settings: PollSettings) -> str:
    if not settings.names:
        return say("Anonymous: nobody sees who chose what, and no name is kept.")
    if settings.percent_only:
        return say("Names are kept, but not shown.")
    return say("Names are shown with the results.")


def _when_shown(settings: PollSettings, *, now_open: bool) -> str:
    visibility = settings.visibility if now_open else Visibility.ALWAYS
    when = say_marked(_SHOWN_WHEN[visibility, settings.percent_only])
    if settings.names:
        return f"{when}."
    return say_number(
        FEWEST_ANONYMOUS,
        "{when} (from {number} answer on).",
        "{when} (from {number} answers on).",
        when=when,
    )


def _comments_shown(settings: PollSettings, *, now_open: bool) -> str:
    if not settings.names and now_open:
        return say(
            "Comments are shown with them, without names, {few} or more at once while it is open.",
            few=numeral(FEWEST_ANONYMOUS),
        )
    if settings.percent_only or not settings.names:
        return say("Comments are shown with them, without names.")
    return say("Comments are shown with them, with names.")


# Receipts


def receipt(answer: Answered, results_for_me: Results | None, *, now_open: bool) -> Message:
    """Return what only the person who answered is told."""
    poll = answer.kept.poll
    if not answer.counts:
        return begun(poll, answer.after, answer.comment, now_open=now_open)
    if answer.after:
        return answered(
            poll,
            answer.after,
            results_for_me,
            answer.comment,
            now_open=now_open,
            edited=answer.edited,
        )
    return withdrawn(poll) if answer.before else no_answer(poll, now_open=now_open)


def own_answer(answer: Answered, results_for_me: Results | None, *, now_open: bool) -> Message:
    """Return a private look at one's own answer."""
    if not answer.known:
        return answer_not_known(answer.kept.poll)
    return receipt(replace(answer, before=NOTHING), results_for_me, now_open=now_open)


def answered(
    poll: Poll,
    mine: Answer,
    results_for_me: Results | None = None,
    comment: str = "",
    *,
    now_open: bool = True,
    edited: Mapping[str, str] | None = None,
) -> Message:
    """Return what my answer is now, with the ways to take it back, and perhaps the results.

    ``edited`` are the options of it that say something else than when they were chosen,
    with what they said then.
    """
    edited = edited or {}
    if not mine:
        return no_answer(poll, now_open=now_open)
    chosen = [option for option in _in_order(poll) if option.id in mine]
    lines = [
        say_number(
            len(mine),
            "Your answer to {poll}: {titles}.",
            "Your answers to {poll}: {titles}.",
            poll=titled(poll),
            titles=_titles(chosen, len(mine), edited),
        )
    ]
    if comment:
        lines.append(say("Your comment: {comment}", comment=fit(comment, COMMENT, 800)))
    if now_open and not poll.settings.changeable:
        lines.append(
            say("Answers to this poll are final, but what was edited may be changed once.")
            if edited
            else say("Answers to this poll are final.")
        )
    controls = ways_back(poll, chosen, frozenset(edited)) if now_open else []
    said = "\n".join(lines)
    receipt = words(f":white_check_mark: {said}", *controls)
    return _with_results(receipt, poll, results_for_me, now_open=now_open)


def begun(poll: Poll, mine: Answer, comment: str = "", *, now_open: bool = True) -> Message:
    """Return what I have chosen so far of an answer that does not count yet."""
    chosen = [option for option in _in_order(poll) if option.id in mine]
    lines = [
        say(
            ":hourglass_flowing_sand: Of {poll} you have chosen {titles}.",
            poll=titled(poll),
            titles=_titles(chosen, len(mine), {}),
        ),
        too_few_chosen(poll.settings, len(mine))
        if now_open
        else say("That was too little, so it does not count."),
    ]
    if comment:
        lines.append(say("Your comment: {comment}", comment=fit(comment, COMMENT, 800)))
    return words("\n".join(lines), *(ways_back(poll, chosen, mine) if now_open else []))


def withdrawn(poll: Poll) -> Message:
    """Return what is said after I took my answer back."""
    return words(
        say(
            ":white_check_mark: Your answer to {poll} is withdrawn. You can answer again while "
            "the poll is open.",
            poll=titled(poll),
        )
    )


def no_answer(poll: Poll, *, now_open: bool = True) -> Message:
    """Return what is said to somebody who looks for an answer they did not give."""
    if not now_open:
        return words(say("You gave no answer to {poll}, and it is closed.", poll=titled(poll)))
    return words(
        say("You have not answered {poll} yet. Choose an option on its card.", poll=titled(poll))
    )


def answer_not_known(poll: Poll) -> Message:
    """Return what is said about my answer to an anonymous poll that is closed."""
    return words(
        say(
            "{poll} was anonymous and is closed: what tied answers to people is destroyed, so "
            "nobody can tell what you chose, not even pollbot. If you answered, your answer "
            "counts.",
            poll=titled(poll),
        )
    )


def too_late(
    poll: Poll,
    mine: Answer | None,
    results: Results,
    *,
    edited: Mapping[str, str],
    note: str = "",
) -> Message:
    """Return what is said to somebody who wants to answer a closed poll, with its result.

    ``mine`` is None where nobody may know what they answered, or whether.
    """
    closed = say(
        ":lock: {poll} is closed and takes no more answers, so nothing was changed.",
        poll=titled(poll),
    )
    if mine is None:
        stays = say("It was anonymous: if you answered before, your answer counts.")
    elif mine:
        chosen = [option for option in _in_order(poll) if option.id in mine]
        stays = say_number(
            len(mine),
            "Your answer stays: {titles}.",
            "Your answers stay: {titles}.",
            titles=_titles(chosen, len(mine), edited),
        )
    else:
        stays = say("You had not answered, so nothing of yours is counted.")
    said = f"{closed} {stays}"
    return _with_results(words(said), poll, results, now_open=False, note=note)


def comment_kept(poll: Poll, comment: str) -> Message:
    """Return what is said after I wrote a comment, or emptied it."""
    if not comment:
        return words(
            say(":white_check_mark: Your comment on {poll} is removed.", poll=titled(poll))
        )
    return words(
        say(
            ":white_check_mark: Your comment on {poll} is saved: {comment}",
            poll=titled(poll),
            comment=fit(comment, COMMENT, 2000),
        )
    )


def end_unknown(said: str, typed: str, *, passing: bool) -> Message:
    """Return why a command made no poll: ``said`` tells that its person's zone is not known.

    ``typed`` is all of the command, so that it can be typed again.
    """
    again = (
        say(
            "So when that is cannot be told, and nothing was created. Type it again in a minute, "
            "or give the time with its offset from UTC, as in `until 2030-12-31T17:00+01:00`; or "
            "make the poll by the form that `/poll` alone opens, where you choose its end by your "
            "own clock. You typed:"
        )
        if passing
        else say(
            "So when that is cannot be told, and nothing was created. Give the time with its "
            "offset from UTC, as in `until 2030-12-31T17:00+01:00`; or make the poll by the form "
            "that `/poll` alone opens, where you choose its end by your own clock. You typed:"
        )
    )
    why = f"{said} {again}"
    whole = long_text(typed)
    return Message(f"{clip(why, 1000)} {clip(escape(typed), 2500)}", [section(why), *whole])


def closed(poll: Poll) -> Message:
    """Return what is said to the person who closed a poll."""
    said = say(
        ":lock: {poll} is closed and takes no more answers. Its results stay.", poll=titled(poll)
    )
    if not poll.settings.names:
        final = say(
            "It was anonymous: what tied answers to people is destroyed, so it cannot be reopened."
        )
        said = f"{said} {final}"
    return words(said)


def deleted(poll: Poll) -> Message:
    """Return what is said to the person who deleted a poll."""
    return words(
        say(
            ":wastebasket: {poll} is deleted, with the answers given in Slack. Its cards say so.",
            poll=titled(poll),
        )
    )


def end_understood(draft: Draft, zone: str | None) -> Message:
    """Return how the end was understood that its maker typed, by the clock of ``zone``."""
    ends_at = draft.settings.ends_at or 0.0
    title = fit(draft.title, 150, 400)
    if zone is None:
        return words(
            say(
                ":bell: *{title}* closes on {when}, by your clock. If you meant another time, "
                "change it on its card: *More*, *Edit*.",
                title=title,
                when=moment_of_week(ends_at),
            )
        )
    return words(
        say(
            ":bell: *{title}* closes on {when}, by the clock of your time zone, {zone}. If you "
            "meant another time, change it on its card: *More*, *Edit*.",
            title=title,
            when=moment_here(ends_at, zone),
            zone=escape(zone.replace("_", " ")),
        )
    )


def poll_made_not_posted(poll: Poll, reason: str = "") -> Message:
    """Return what is said when a poll was made, but its card could not be posted."""
    said = (
        say(
            ":warning: The poll {poll} was made, but its card could not be posted.",
            poll=titled(poll),
        ),
        reason,
        say("Nothing is lost: post it from here, or anywhere with `/poll list`."),
    )
    return words(
        " ".join(filter(None, said)),
        button(say("Post it"), PostPollClick(poll=poll.id), style="primary"),
    )


def perhaps_posted(poll: Poll, channels: Sequence[str]) -> Message:
    """Return what is said if Slack may have taken a poll's card, or not."""
    return words(
        say(
            ":warning: Your poll {poll} is there, but Slack did not answer twice while pollbot was "
            "posting its card in {places}. It may hang there twice, once or not at all, and is not "
            "posted again by itself. Please look there: if it is missing, `/poll list` there "
            "offers to post it. Each one that hangs there takes answers.",
            poll=titled(poll),
            places=places(channels),
        )
    )


def page_of_polls(page: Page) -> Message:
    """Return a page of the polls on something, with the ways to the others."""
    about = page.about
    click = PollsPageClick(
        kind=about.kind, subject=about.subject, site=about.site or None, page=page.number
    )
    return poll_list(page.polls, linked(page.about), click=click, total=page.total)


def poll_list(
    polls: Sequence[Listed],
    about: str = "",
    *,
    click: PollsPageClick | None = None,
    total: int = 0,
) -> Message:
    """Return a page of the polls there, each to post or to look at; ``about`` is a link or empty.

    ``polls`` are those of the page, at most 20 of ``total``; ``click`` asks for that page.
    """
    if not polls:
        return words(_none_there(about, click))
    place = (
        say("*Polls on {about}*", about=about) if about else say("*Polls without an issue or page*")
    )
    whose = say("Yours, and those that hang in this channel.")
    total = max(total, len(polls))

    def drawn(room: int) -> list[Block]:
        blocks: list[Block] = [section(place), *([] if about else [context(whose)])]
        for one in polls[:LISTED]:
            blocks += [
                section(f"{titled(one.poll, room)}\n{state_of_listed(one)}"),
                actions(*_ways_on(one.poll, room)),
            ]
        pages = _pages(click, (total - 1) // LISTED) if click is not None else []
        return [*blocks, *pages, actions(button(say("Find polls"), SearchClick()))]

    said = say_number(
        total,
        "{number} poll: {titles}",
        "{number} polls: {titles}",
        titles="; ".join(
            f"{fit(one.poll.title, 80, 120)}: {state_of_listed(one)}" for one in polls[:LISTED]
        ),
    )
    return Message(said, fitted(drawn, _LISTED_TITLES))


def _ways_on(poll: Poll, room: int) -> Iterator[Block]:
    ways: Sequence[tuple[str, Click]] = (
        (say("Post here"), PostPollClick(poll=poll.id)),
        (say("Results"), ShowResultsClick(poll=poll.id, view="bars")),
        (say("Schedule results"), ScheduleClick(poll=poll.id)),
    )
    for label, click in ways:
        yield button(label, click, spoken=told_apart(label, clip(poll.title, room // 2)))


def _none_there(about: str, click: PollsPageClick | None) -> str:
    """Return that a list is empty, with a command that makes a poll which would be in it."""
    if not about:
        return say(
            "There are no polls without an issue or page: none of yours, and none in this channel. "
            'Make one with `/poll here "Question" "A" "B"`.'
        )
    if click is None or click.kind == "page":
        return say(
            "There are no polls on {about} yet. Make one with `/poll` and the page's link.",
            about=about,
        )
    return say(
        'There are no polls on {about} yet. Make one with `/poll {issue} "Question" "A" "B"`.',
        about=about,
        issue=click.subject,
    )


def _pages(click: PollsPageClick, last: int) -> list[Block]:
    if last < 1:
        return []
    ways = [
        button(label, click.model_copy(update={"page": page}), nth=nth)
        for nth, (label, page) in enumerate(
            ((say("Previous"), click.page - 1), (say("Next"), click.page + 1))
        )
        if 0 <= page <= last
    ]
    number = say(
        "Page {page} of {pages}, the open ones first",
        page=numeral(click.page + 1),
        pages=numeral(last + 1),
    )
    return [context(number), actions(*ways)]


def titled(poll: Poll, room: int = 150) -> str:
    """Return the question as it stands within a sentence."""
    title = fit(poll.title, room, min(400, 3 * room)) or say("A poll without a question")
    return f"*{title}*"


def state_of_listed(listed: Listed) -> str:
    """Return how many have answered a poll of a list, and whether it is open."""
    state = end(listed.poll, now_open=listed.now_open) or say("Open.")
    totals = totals_in_words(listed.poll, listed.results, now_open=listed.now_open)
    return f"{totals}. {state}" if totals else state


def _answering(card_id: str, poll: Poll, room: Room, full: Collection[str] = ()) -> list[Block]:
    live = poll.live[:MOST_OPTIONS]
    if not live:
        return []
    if len(live) <= BUTTONS:
        return [
            actions(
                *(
                    choosing(
                        poll,
                        option,
                        AnswerClick(poll=poll.id, option=option.id, card=card_id),
                        place,
                        room,
                        is_full=option.id in full,
                    )
                    for place, option in enumerate(live)
                )
            )
        ]
    choices = [
        choice(_label(poll, option, place + 1, room, is_full=option.id in full), option.id)
        for place, option in enumerate(live)
    ]
    block_id = poll_block_id(poll.id, card_id)
    if not poll.settings.several:
        select = picker("static_select", CHOOSE, choices, placeholder=say("Choose your answer"))
        return [{**actions(select), "block_id": block_id}]
    select = picker("multi_static_select", CHOOSE, choices, placeholder=say("Choose your answers"))
    if poll.settings.most is not None:
        select["max_selected_items"] = poll.settings.most
    return [
        {**section(say("Choose all of your answers:")), "block_id": block_id, "accessory": select},
    ]


def answerable(card_id: str, poll: Poll) -> list[Block]:
    """Return the controls by which a poll is answered on one of its cards."""
    return _answering(card_id, poll, EVERYTHING)


def choosing(
    poll: Poll,
    option: Option,
    click: AnswerClick,
    place: int,
    room: Room = EVERYTHING,
    *,
    is_full: bool = False,
) -> Block:
    """Return the button that chooses an option, the ``place``-th of those to choose.

    One that is full stays there, for whoever chose it to take that back.
    """
    label = _label(poll, option, place + 1, room, is_full=is_full)
    whole = _whole_label(poll, option, place + 1, room)
    spoken = _spoken(whole, room.label)
    return button(label, click, nth=place, spoken=_if_full(spoken, is_full) if spoken else "")


def _label(poll: Poll, option: Option, number: int, room: Room, *, is_full: bool = False) -> str:
    after = len(_if_full("", is_full))
    return _if_full(clip(_whole_label(poll, option, number, room), room.label - after), is_full)


def _if_full(label: str, is_full: bool) -> str:
    return say("{option} (full)", option=label) if is_full else label


def _whole_label(poll: Poll, option: Option, number: int, room: Room) -> str:
    title = " ".join(option.title.split()) or "-"
    return f"{number}. {title}" if is_numbered(poll, room) else title


def _spoken(label: str, most: int) -> str:
    """Return more of a label that is cut: its begin and its end."""
    if len(label) <= most:
        return ""
    begin = 2 * most // 3
    return f"{label[:begin]} … {label[begin + 5 - most :]}"


def _around(card_id: str, poll: Poll, *, now_open: bool) -> list[Block]:
    last = [
        button(say("Schedule results"), ScheduleClick(poll=poll.id)),
        button(say("More"), MoreClick(poll=poll.id, card=card_id)),
    ]
    if not now_open:
        return [button(say("Results"), ShowResultsClick(poll=poll.id, view="bars")), *last]
    mine = [button(say("My answer"), MyAnswerClick(poll=poll.id, card=card_id))]
    if poll.settings.comments:
        mine.append(button(say("Comment"), CommentClick(poll=poll.id)))
    if poll.settings.addable and len(poll.live) < MOST_OPTIONS:
        mine.append(button(say("Add an option"), AddOptionClick(poll=poll.id)))
    return [*mine, *last]


def _in_order(poll: Poll) -> list[Option]:
    return [*poll.live, *(option for option in poll.options if option.removed)]


def _titles(chosen: Sequence[Option], all_: int, edited: Mapping[str, str]) -> str:
    """Return what was chosen as the end of a sentence; ``all_`` counts what is not known, too."""
    titles = ", ".join(_chosen(option, edited) for option in chosen[:_REMOVABLE])
    rest = all_ - min(len(chosen), _REMOVABLE)
    if rest <= 0:
        return titles
    return say_number(
        rest, "{titles} and {number} more", "{titles} and {number} more", titles=titles
    )


def _chosen(option: Option, edited: Mapping[str, str]) -> str:
    """Return an option that was chosen, and what became of it since."""
    title = f"*{fit(option.title, 200, 300)}*"
    if option.removed:
        return say("{option} (removed)", option=title)
    if option.id not in edited:
        return title
    return say(
        "{option} (edited; when you chose it, it said “{was}”)",
        option=title,
        was=fit(edited[option.id], 200, 300) or "-",
    )


def ways_back(poll: Poll, chosen: Sequence[Option], loose: Answer = NOTHING) -> list[Block]:
    """Return the controls that take an answer back, or one of several.

    Of a final answer only what is ``loose`` can be taken back.
    """
    standing = [option for option in chosen if not option.removed]
    ways: list[Block] = []
    if standing and _may_go(poll, standing, loose):
        ways.append(button(say("Withdraw answer"), SetAnswerClick(poll=poll.id, options=()), nth=0))
    if not 1 < len(standing) <= _REMOVABLE:
        return ways
    for place, option in enumerate(standing, 1):
        others = tuple(other.id for other in standing if other is not option)
        click = SetAnswerClick(poll=poll.id, options=others)
        if _may_go(poll, [option], loose) and len(click.pack()) <= BUTTON_VALUE:
            around = len(say("Remove “{option}”", option=""))
            title = clip(" ".join(option.title.split()), BUTTON_TEXT - around)
            ways.append(button(say("Remove “{option}”", option=title), click, nth=place))
    return ways


def _may_go(poll: Poll, options: Sequence[Option], loose: Answer) -> bool:
    return poll.settings.changeable or all(option.id in loose for option in options)


def _with_results(
    receipt: Message, poll: Poll, results: Results | None, *, now_open: bool, note: str = ""
) -> Message:
    if results is None:
        return receipt

    def drawn(room: Room) -> list[Block]:
        return [
            *receipt.blocks,
            *bars(poll, results, room),
            *summary(
                poll, results, now_open=now_open, note=note, comments=COMMENTS_ON_CARD, room=room
            ),
        ]

    text = f"{receipt.text} {spoken(in_words(poll, results, now_open=now_open))}"
    return Message(text, fitted(drawn, ROOMS))


def linked(about: About) -> str:
    """Return what a poll is on, as a link in Slack's markup; empty for a plain poll."""
    return link(about.url, escape(about.label) or say("page")) if about.url else ""
