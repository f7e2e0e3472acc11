"""What people read about schedules: in words, in lists, in receipts, and beside what was posted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from pollbot.polls.waiting.blocks import asked_when_due
from pollbot.polls.waiting.rules import NEEDS_ACCOUNT, Because
from pollbot.schedules.rules import Plan, Schedule, What
from pollbot.schedules.sentences import sentence
from pollbot.slack.budget import fitted
from pollbot.slack.clicks import (
    Click,
    DeleteScheduleClick,
    EditScheduleClick,
    NewScheduleClick,
    PauseClick,
    ResumeClick,
    RunNowClick,
    SchedulesPageClick,
)
from pollbot.slack.kit import (
    SOMEBODY,
    Block,
    Message,
    actions,
    beside,
    button,
    confirmation,
    connect_button,
    context,
    fit,
    moment_in_words,
    section,
    told_apart,
    words,
)
from pollbot.slack.looks import look_name
from pollbot.slack.owned import Part
from pollbot.slack.owned_blocks import Line, ListWords, by, in_channel, owned_list, unlinked
from pollbot.text.catalog import (
    all_of,
    day,
    mark,
    numeral,
    ordinal,
    say,
    say_marked,
    say_number,
    weekday_name,
)
from pollbot.text.recurrence import Every, Recurrence
from pollbot.text.sentences import not_looked_up

SLOW = mark(
    ":hourglass_flowing_sand: Jira takes its time to answer. You may close this window; I will "
    "tell you how it went. Until then nothing is saved."
)
DELETED_POLL = mark("a poll that was deleted")
_NAMED = (20, 15, 10, 7, 5, 3)
_QUERY = 150


@dataclass(frozen=True, slots=True)
class Row:
    """A schedule with what it posts, as markup.

    ``by`` is what its owner is called, None where that is the reader and empty where nobody
    knows; ``theirs``: the reader may do nothing about it.
    """

    schedule: Schedule
    label: str
    by: str | None = None
    theirs: bool = False


Dues = Sequence[tuple[Row, float]]
"""Schedules with a due time of each."""


def label_of(plan: Plan, title: str = "", link: str = "") -> str:
    """Return what a plan posts, as markup; ``title`` is its poll's, ``link`` leads to its issue."""
    query = fit(plan.subject.replace("`", "'"), _QUERY, 2 * _QUERY)
    match plan.what:
        case What.POLL:
            return say("Results of {poll}", poll=_title(title))
        case What.ISSUE:
            return say("Votes on {issue}", issue=link or fit(plan.subject, 40, 80))
        case What.TOP if plan.name:
            return say("Top voted issues: {name}", name=_title(plan.name))
        case What.BALLOT if plan.name:
            return say("Ballot: {name}", name=_title(plan.name))
        case What.TOP:
            return say("Top voted issues of `{query}`", query=query)
        case What.BALLOT:
            return say("Ballot of `{query}`", query=query)
        case What.ASK:
            title = _title(plan.ask.draft.title if plan.ask is not None else "")
            if plan.recurrence.every is Every.ONCE:
                return say("The poll {poll}", poll=title)
            return say("{poll} as a fresh poll each time", poll=title)


def local(moment: float, zone: str) -> str:
    """Return a moment as a clock in that zone shows it; in UTC where there is no such zone."""
    try:
        there = datetime.fromtimestamp(moment, ZoneInfo(zone))
    except (OSError, ValueError, LookupError, OverflowError):
        return moment_in_words(moment)
    name = there.tzname() or "UTC"
    name = f"UTC{name}" if name.startswith(("+", "-")) else name
    return f"{day(there.date())}, {there:%H:%M} {name}"


def in_words(recurrence: Recurrence) -> str:
    """Return how often and when, with the zone."""
    return f"{_how_often(recurrence)} ({fit(recurrence.zone, 60, 100)})"


# The list


def schedule_list(rows: Sequence[Row], part: Part) -> Message:
    """Return a page of schedules, each with its ways.

    ``rows`` are those of the page; those of others in the channel, to look at only, come last.
    """
    why = "" if part.unsure is None else not_looked_up(part.unsure)
    unsure = say(":warning: {why} An admin sees the schedules of everybody here.", why=why)
    said = ListWords(
        mine=say("*Schedules in this workspace*") if part.everybodys else say("*Your schedules*"),
        others=say("*Posted in this channel by others*"),
        none=say("There are no schedules in this workspace.")
        if part.everybodys
        else say("You have no schedules, and none posts in this channel."),
        begin=say(
            "Press *Schedule results* on the card of a poll or an issue, or begin with one of "
            "these:"
        ),
        count=say_number(max(part.total, len(rows)), "{number} schedule", "{number} schedules"),
        unsure=unsure if why else "",
    )
    lines = [Line(partial(_listed_row, row), () if row.theirs else _ways(row)) for row in rows]
    return owned_list(lines, part, said, lambda page: SchedulesPageClick(page=page), _new())


def line_of(row: Row) -> list[Block]:
    """Return one schedule of the reader's with its ways."""
    return [section(_listed_row(row, why=True)), actions(*_ways(row))]


# Receipts


def saved(row: Row, upcoming: Sequence[float], unasked: Because | None = None) -> Message:
    """Return what is said once a schedule is on disk.

    ``unasked``: why nobody could be asked whether its poll may be made.
    """
    plan = row.schedule.plan
    runs = "; ".join(local(at, plan.recurrence.zone) for at in _remaining(row.schedule, upcoming))
    said = say(
        ":white_check_mark: Saved: {what}, {often}.",
        what=_where(row),
        often=in_words(plan.recurrence),
    )
    if row.schedule.paused:
        said += " " + say("It is paused: resume it with `/pollbot schedules`.")
    next_ = say("Next: {times}. `/pollbot schedules` lists it.", times=runs or say("no run ahead"))
    return words(
        "\n".join([said, next_, *([] if unasked is None else [asked_when_due(unasked)])]),
        *([connect_button(row.schedule.site)] if unasked in NEEDS_ACCOUNT else []),
    )


def deleted(row: Row) -> Message:
    """Return what is said once a schedule is no more."""
    return words(
        say(
            ":wastebasket: The schedule is deleted: {what}. Nothing more is posted by it; what was "
            "posted stays.",
            what=_where(row),
        )
    )


def paused(row: Row) -> Message:
    """Return what is said once somebody has paused a schedule."""
    return words(
        say(
            ":double_vertical_bar: Paused: {what}. Nothing is posted until you resume it.",
            what=_where(row),
        ),
        button(say("Resume"), ResumeClick(schedule=row.schedule.id)),
    )


def resumed(row: Row) -> Message:
    """Return what is said once a schedule goes on."""
    return words(
        say(":white_check_mark: It goes on: {what}.", what=_where(row)) + f"\n{_next(row)}"
    )


def ran(row: Row) -> Message:
    """Return what is said once a schedule was run by hand."""
    return words(say(":white_check_mark: Posted: {what}.", what=_where(row)) + f"\n{_next(row)}")


# Words to the owner


def paused_by_failure(row: Row) -> Message:
    """Return what the owner is told when pollbot pauses a schedule."""
    return words(_paused(row), *_mending(row))


def paused_unposted(row: Row, post: Message | None) -> Message:
    """Return the same where Slack lets nothing into the channel, with what was to be posted.

    ``post``: what that is now; None for a poll that is made anew each time, or where it cannot
    be read now.
    """
    said = _paused(row)
    if post is not None:
        return post.after(
            said,
            [
                section(said),
                actions(*_mending(row)),
                section(say("*What it would have posted, as it stands now, for you to pass on:*")),
                *post.blocks,
            ],
        )
    if row.schedule.plan.ask is not None:
        title = fit(row.schedule.plan.ask.draft.title, 150, 400)
        return words(
            say(
                "{why}\nIts poll *{title}* is made and kept, though it hangs nowhere: `/poll list` "
                "offers to post it where pollbot may write.",
                why=said,
                title=title,
            ),
            *_mending(row),
        )
    return words(
        say(
            "{why}\nWhat it would have posted could not be read just now; *Run now* in "
            "`/pollbot schedules` posts it once pollbot may write there.",
            why=said,
        ),
        *_mending(row),
    )


def _paused(row: Row) -> str:
    why = sentence(row.schedule.why) if row.schedule.why is not None else ""
    return say(
        ":warning: Your schedule is paused: {what}. {why}\nWhat was posted stays, and nothing more "
        "is posted while it is paused. Once that is mended, *Resume* lets it go on; *Edit* changes "
        "where, when and what it posts.",
        what=_where(row),
        why=why,
    )


def _mending(row: Row) -> tuple[Block, ...]:
    schedule = row.schedule.id
    return (
        button(say("Resume"), ResumeClick(schedule=schedule), style="primary"),
        button(say("Edit"), EditScheduleClick(schedule=schedule)),
        _delete(row),
    )


def held_by_site(dues: Dues) -> Message:
    """Return what the owner is told while the site's address leads elsewhere."""
    return _each(
        say(
            ":hourglass_flowing_sand: These are due and cannot be drawn: the address of Jira that "
            "pollbot has leads to another one now, which whoever runs pollbot has to mend. Your "
            "schedules are not paused: once that is mended, each is posted by itself, as late as "
            "its rule for missed times allows."
        ),
        dues,
    )


def held_by_source(dues: Dues) -> Message:
    """Return what the owner is told while nothing can be done in Team Voice, whoever asks."""
    return _each(
        say(
            ":hourglass_flowing_sand: These are due, and Team Voice does not take the address or "
            "the access token that pollbot has for it. An admin can enter them anew in "
            "`/pollbot setup`. Your schedules are not paused: once that is mended, each is posted "
            "by itself, as late as its rule for missed times allows."
        ),
        dues,
    )


def maybe_missing(dues: Dues) -> Message:
    """Return what the owner is told about posts that Slack may have taken, or not."""
    return _each(
        say(
            ":warning: Slack did not answer while pollbot was posting, or pollbot was stopped "
            "before it could. Each of these may be in its channel or not, and is not posted again "
            "by itself, so that nothing comes twice. Look there; *Run now* posts it as it stands "
            "now."
        ),
        dues,
    )


def not_posted(dues: Dues) -> Message:
    """Return what the owner is told about due times that are too old, all in one message."""
    return _each(
        say(
            ":information_source: These were due while pollbot, or what they need, was away, or "
            "before its database was set back to an older copy. They are not posted by itself now, "
            "as they are old news or may be there already; your schedules go on as planned. "
            "*Run now* posts one as it stands now."
        ),
        dues,
    )


def subject_gone(row: Row) -> Message:
    """Return what the owner is told when there is nothing left to post."""
    if row.schedule.plan.what is What.POLL:
        said = say(
            ":wastebasket: Your schedule is over: {what}. Its poll was deleted, so nothing more is "
            "posted; what was posted stays. Begin another one on a card, or with "
            "`/pollbot schedules`.",
            what=_where(row),
        )
    else:
        said = say(
            ":wastebasket: Your schedule is over: {what}. What it posts is not there any more, so "
            "nothing more is posted; what was posted stays. Begin another one on a card, or with "
            "`/pollbot schedules`.",
            what=_where(row),
        )
    return words(said, _delete(row))


# Beside what was posted


def late_note(due_at: float, zone: str, missed: int) -> str:
    """Return the line on top of a late post; ``missed`` due times before it were left out."""
    note = say(
        ":hourglass_flowing_sand: Posted late: it was due {due}, when pollbot, Slack or Jira was "
        "away.",
        due=local(due_at, zone),
    )
    if not missed:
        return note
    left_out = say_number(
        missed, "{number} earlier post was left out.", "{number} earlier posts were left out."
    )
    return f"{note} {left_out}"


def scheduled_by(name: str, recurrence: Recurrence) -> str:
    """Return the small print under what was posted by itself; a mention would ping each time."""
    return say(
        "Scheduled by {name}, {often} · `/pollbot schedules`",
        name=fit(name, 60, 120) or say_marked(SOMEBODY),
        often=_how_often(recurrence),
    )


def _remaining(schedule: Schedule, upcoming: Sequence[float]) -> Sequence[float]:
    """Return those of the next due times at which it still posts."""
    if schedule.plan.most is None:
        return upcoming
    return upcoming[: max(0, schedule.plan.most - schedule.posted)]


def _how_often(recurrence: Recurrence) -> str:
    time = f"{recurrence.at:%H:%M}"
    match recurrence.every:
        case Every.ONCE if recurrence.on is not None:
            return say("once on {day} at {time}", day=day(recurrence.on), time=time)
        case Every.ONCE:
            return say("at {time}", time=time)
        case Every.DAILY:
            return say("daily at {time}", time=time)
        case Every.WEEKDAYS:
            return say("on weekdays at {time}", time=time)
        case Every.WEEKLY:
            days = all_of([weekday_name(one) for one in sorted(recurrence.days)])
            return say("weekly on {days} at {time}", days=days, time=time)
        case Every.MONTHLY if recurrence.day > 28:
            which = ordinal(recurrence.day)
            return say("monthly on the {day} or the last day at {time}", day=which, time=time)
        case Every.MONTHLY:
            return say("monthly on the {day} at {time}", day=ordinal(recurrence.day), time=time)


def _title(title: str) -> str:
    shown = fit(title, 150, 250) or say("a poll without a question")
    return f"*{shown}*"


def _where(row: Row) -> str:
    where = in_channel(row.schedule.plan.channel_id)
    return say("{what} in {channel}", what=row.label, channel=where)


def _listed_row(row: Row, why: bool) -> str:
    return f"{_where(row)}{by(row.by)}\n{_state(row, why=why)}"


def _state(row: Row, *, why: bool) -> str:
    schedule = row.schedule
    often = in_words(schedule.plan.recurrence)
    line = f"{often[0].upper()}{often[1:]}{_look(schedule.plan)}{_until(schedule)}"
    if schedule.paused and schedule.next_at is not None:
        # Why it was paused is between pollbot and its owner.
        told = schedule.why if why and not row.theirs else None
        if told is None:
            paused = say(":double_vertical_bar: Paused.")
            return f"{line}\n{paused}"
        why_paused = say(":double_vertical_bar: Paused: {why}", why=sentence(told))
        return f"{line}\n{why_paused}"
    return f"{line}\n{_next(row)}"


def _look(plan: Plan) -> str:
    if plan.what not in (What.POLL, What.TOP) or plan.view == "bars":
        return ""
    match plan.view:
        case "table":
            return say(", as a table")
        case "pie":
            return say(", as a pie")
        case "chart":
            return say(", as a chart")
        case _:
            return say(", as {look}", look=look_name(plan.view))


def _until(schedule: Schedule) -> str:
    if schedule.plan.until_closed:
        return say(", until the poll is closed")
    if schedule.plan.most is None:
        return ""
    return say_number(
        schedule.plan.most,
        ", {posted} of {number} post made",
        ", {posted} of {number} posts made",
        posted=numeral(schedule.posted),
    )


def _next(row: Row) -> str:
    schedule = row.schedule
    if schedule.next_at is None:
        return say("It is over.")
    if schedule.paused:
        return say("It stays paused: resume it with `/pollbot schedules`.")
    return say("Next: {time}.", time=local(schedule.next_at, schedule.plan.recurrence.zone))


def _ways(row: Row) -> list[Block]:
    schedule = row.schedule
    ways = [_named(say("Edit"), EditScheduleClick(schedule=schedule.id), row), _delete(row)]
    if schedule.next_at is None:
        return ways
    pause_or_resume = (
        _named(say("Resume"), ResumeClick(schedule=schedule.id), row)
        if schedule.paused
        else _named(say("Pause"), PauseClick(schedule=schedule.id), row)
    )
    return [_run(row), pause_or_resume, *ways]


def _named(label: str, click: Click, row: Row) -> Block:
    return button(label, click, spoken=_spoken(label, row))


def _spoken(label: str, row: Row) -> str:
    often = in_words(row.schedule.plan.recurrence)
    return told_apart(label, f"{often}, {unlinked(row.label)}")


def _run(row: Row) -> Block:
    return _named(say("Run now"), RunNowClick(schedule=row.schedule.id), row)


def _delete(row: Row) -> Block:
    return button(
        say("Delete"),
        DeleteScheduleClick(schedule=row.schedule.id),
        style="danger",
        spoken=_spoken(say("Delete"), row),
        confirm=confirmation(
            say("Delete this schedule?"),
            say("Nothing more is posted by it. What was posted stays. This cannot be undone."),
            say("Delete"),
        ),
    )


def _new() -> list[Block]:
    return [
        button(say("New: top voted issues"), NewScheduleClick(what="top"), nth=0),
        button(say("New: ballot"), NewScheduleClick(what="ballot"), nth=1),
    ]


def _each(said: str, dues: Dues) -> Message:

    def drawn(most: int) -> list[Block]:
        blocks = [section(said)]
        for row, due_at in dues[:most]:
            due = local(due_at, row.schedule.plan.recurrence.zone)
            shown = say("{what}\nDue {time}", what=_where(row), time=due)
            blocks.append(beside(shown, _run(row)))
        rest = len(dues) - most
        if rest > 0:
            blocks.append(
                context(say("and {rest} more; `/pollbot schedules` lists them", rest=numeral(rest)))
            )
        return blocks

    named = "; ".join(unlinked(row.label) for row, _ in dues[: _NAMED[0]])
    return Message(f"{said} {named}", fitted(drawn, _NAMED))
