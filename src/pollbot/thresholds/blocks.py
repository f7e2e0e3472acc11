"""What people read about thresholds: in lists, in receipts, before they are saved, and told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from pollbot.issue_lists.blocks import ballot_card
from pollbot.jira.issues import Issue, issue_url
from pollbot.schedules.refusals import OwnerNotConnected
from pollbot.slack.clicks import (
    Click,
    DeleteThresholdClick,
    EditThresholdClick,
    NewThresholdClick,
    PauseThresholdClick,
    ResumeThresholdClick,
    ThresholdsPageClick,
)
from pollbot.slack.kit import (
    SOMEBODY,
    Block,
    Message,
    button,
    confirmation,
    connect_button,
    context,
    escape,
    fit,
    framed,
    link,
    section,
    told_apart,
    words,
)
from pollbot.slack.owned import Part
from pollbot.slack.owned_blocks import Line, ListWords, by, in_channel, owned_list, unlinked
from pollbot.text.catalog import all_of, day, mark, numeral, say, say_marked, say_number
from pollbot.text.sentences import not_looked_up
from pollbot.thresholds.rules import DAYS, Crossing, Preview, Rule, Threshold, What
from pollbot.thresholds.sentences import sentence
from pollbot.votes.blocks import issue_card

SLOW = mark(
    ":hourglass_flowing_sand: Jira takes its time to answer. You may wait here, or close this "
    "window: nothing is saved yet."
)
SLOW_TO_SAVE = mark(
    ":hourglass_flowing_sand: That takes its time. You may close this window; I will tell you how "
    "it went. Until then nothing is saved."
)
_QUERY = 150
_KEYS = 40
_SHOWN = 10
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Row:
    """A threshold as it stands in a list.

    ``by`` is what its owner is called, None where that is the reader and empty where nobody
    knows; ``theirs``: the reader may do nothing about it.
    """

    threshold: Threshold
    by: str | None = None
    theirs: bool = False


def label_of(rule: Rule, site: str) -> str:
    """Return what a rule waits for, as markup."""
    return say_number(
        rule.votes,
        "at {number} vote on {what}",
        "at {number} votes on {what}",
        what=_subject(rule, site),
    )


# The list


def threshold_list(rows: Sequence[Row], part: Part) -> Message:
    """Return a page of thresholds, each with its ways.

    ``rows`` are those of the page; those of others in the channel, to look at only, come last.
    """
    why = "" if part.unsure is None else not_looked_up(part.unsure)
    unsure = say(":warning: {why} An admin sees the thresholds of everybody here.", why=why)
    said = ListWords(
        mine=say("*Thresholds in this workspace*") if part.everybodys else say("*Your thresholds*"),
        others=say("*Told in this channel for others*"),
        none=say("There are no thresholds in this workspace.")
        if part.everybodys
        else say("You have no thresholds, and none tells this channel."),
        begin=say(
            "One tells a channel, or you, once when an issue reaches a number of votes: begin one "
            "here, with `/pollbot tell 15 PLAT-12`, or in the menu of an issue's card."
        ),
        count=say_number(max(part.total, len(rows)), "{number} threshold", "{number} thresholds"),
        unsure=unsure if why else "",
    )
    lines = [Line(partial(_listed, row), () if row.theirs else _ways(row)) for row in rows]
    return owned_list(lines, part, said, lambda page: ThresholdsPageClick(page=page), [_new()])


# Receipts


def saved(threshold: Threshold) -> Message:
    """Return what is said once a threshold is on disk."""
    said = say(":white_check_mark: Saved: {what}.", what=_tells(threshold))
    if threshold.paused:
        more = say("It is paused: resume it with `/pollbot thresholds`.")
    else:
        more = say(
            "What has so many votes already is not told. `/pollbot thresholds` lists it, and is "
            "the way to pause or delete it."
        )
    return words(f"{said}\n{more}")


def paused(threshold: Threshold) -> Message:
    """Return what is said once somebody has paused a threshold."""
    return words(
        say(
            ":double_vertical_bar: Paused: {what}. Nothing is told until you resume it, and what "
            "reaches that number meanwhile is not told later.",
            what=_tells(threshold),
        ),
        button(say("Resume"), ResumeThresholdClick(threshold=threshold.id)),
    )


def resumed(threshold: Threshold) -> Message:
    """Return what is said once a threshold goes on."""
    return words(say(":white_check_mark: It goes on: {what}.", what=_tells(threshold)))


def deleted(threshold: Threshold) -> Message:
    """Return what is said once a threshold is no more."""
    return words(
        say(
            ":wastebasket: The threshold is deleted: {what}. What it told stays.",
            what=_tells(threshold),
        )
    )


# Before it is saved


def preview_lines(site: str, rule: Rule, preview: Preview) -> list[Block]:
    """Return what a rule would have done, as far as anybody looked."""
    return [
        section(say("*Before you save: what it would have done*")),
        section("\n".join([_above(site, preview), _told(site, preview)])),
        context(f"{_known(preview)} {_how()}"),
        {"type": "divider"},
    ]


def _above(site: str, preview: Preview) -> str:
    above = [
        f"{_key(site, key)} ({numeral(votes)})"
        for key, votes in sorted(preview.above.items(), key=lambda one: (-one[1], one[0]))
    ]
    if not preview.looked_at:
        return say(
            ":mag: It looks at no issue now, as far as Jira shows you. It tells of those that come."
        )
    if not above:
        return say_number(
            preview.looked_at,
            ":mag: It looks at {number} issue, which has fewer votes now.",
            ":mag: It looks at {number} issues, which all have fewer votes now.",
        )
    return say_number(
        len(above),
        ":mag: {number} of {all} has so many votes already, which is not told: {issues}.",
        ":mag: {number} of {all} have so many votes already, which is not told: {issues}.",
        all=numeral(preview.looked_at),
        issues=_first(above),
    )


def _told(site: str, preview: Preview) -> str:
    if not preview.told:
        return say_number(
            DAYS,
            ":bell: In the last day it would have told nothing, as far as is known.",
            ":bell: In the last {number} days it would have told nothing, as far as is known.",
        )
    told = [
        say("{issue} on {day}", issue=_key(site, key), day=day(_EPOCH + timedelta(days=on)))
        for key, on in reversed(preview.told)
    ]
    return say_number(
        len(told),
        ":bell: In the last {days} days it would have told {number} time: {times}.",
        ":bell: In the last {days} days it would have told {number} times: {times}.",
        days=numeral(DAYS),
        times=_first(told),
    )


def _known(preview: Preview) -> str:
    if not preview.days:
        return say(
            "Jira keeps no history of votes, and pollbot has read those of none of these issues "
            "before today. From now on it keeps their number for each day."
        )
    if preview.looked_at == 1:
        return say(
            "Jira keeps no history of votes: pollbot read them on {some} of the {days} days before "
            "today, and what was between is not known.",
            some=numeral(preview.days),
            days=numeral(DAYS),
        )
    return say(
        "Jira keeps no history of votes: pollbot read them on {some} of the {days} days before "
        "today, for {known} of these {all} issues, and what was between is not known.",
        some=numeral(preview.days),
        days=numeral(DAYS),
        known=numeral(preview.known),
        all=numeral(preview.looked_at),
    )


def _how() -> str:
    return say(
        "It looks every ten minutes, and at once when pollbot sees a vote. Each issue is told "
        "once; once more only after it had fewer votes for some minutes."
    )


# What is told


def around(crossings: Sequence[Crossing], name: str | None) -> tuple[str, str]:
    """Return the lines above and below what is told, as markup.

    ``name`` is what the owner is called, for a channel; None where only they are told.
    """
    of_numbers: dict[int, list[str]] = {}
    for one in crossings:
        of_numbers.setdefault(one.votes, []).append(one.issue_key)
    reached = [
        say_number(
            number,
            "{issues} reached {number} vote.",
            "{issues} reached {number} votes.",
            issues=_keys(keys),
        )
        for number, keys in sorted(of_numbers.items(), reverse=True)
    ]
    above = say(":bell: {reached}", reached=" ".join(reached))
    if name is None:
        return above, say("Your threshold · `/pollbot thresholds`")
    return above, say(
        "Threshold of {name} · `/pollbot thresholds`",
        name=fit(name, 60, 120) or say_marked(SOMEBODY),
    )


def reached(card_id: str, site: str, issues: Sequence[Issue], above: str, below: str) -> Message:
    """Return issues that reached a number of votes, each with its buttons."""
    if len(issues) == 1:
        return framed(issue_card(card_id, site, issues[0]), above, below)
    return framed(ballot_card(card_id, site, "", issues, len(issues)), above, below)


# Words to the owner


def stopped(threshold: Threshold, waiting: Sequence[Crossing]) -> Message:
    """Return what the owner is told when pollbot pauses a threshold."""
    why = sentence(threshold.why) if threshold.why is not None else ""
    said = say(
        ":warning: Your threshold is paused: {what}. {why}\nNothing more is told while it is "
        "paused. Once that is mended, *Resume* lets it go on; *Edit* changes what it looks at and "
        "whom it tells.",
        what=_tells(threshold),
        why=why,
    )
    if waiting:
        keys = list(dict.fromkeys(one.issue_key for one in waiting))
        said += "\n" + say(
            "It was about to tell that {issues} reached that number, and does so once it goes on, "
            "if it is so still.",
            issues=_keys(keys),
        )
    return words(
        said,
        *([connect_button(threshold.site)] if _needs_jira(threshold) else []),
        button(say("Resume"), ResumeThresholdClick(threshold=threshold.id), style="primary"),
        button(say("Edit"), EditThresholdClick(threshold=threshold.id)),
        _delete(threshold),
    )


def maybe_missing(crossings: Sequence[Crossing]) -> Message:
    """Return what the owner is told about what Slack may have taken, or not."""
    lines = [
        say_number(
            one.votes,
            "• {issue} reached {number} vote ({place})",
            "• {issue} reached {number} votes ({place})",
            issue=_key(one.site, one.issue_key),
            place=_place(one.channel_id),
        )
        for one in crossings[:_SHOWN]
    ]
    if len(crossings) > _SHOWN:
        rest = len(crossings) - _SHOWN
        lines.append(say_number(rest, "and {number} more", "and {number} more"))
    return words(
        say(
            ":warning: Slack did not answer while pollbot was telling this, or pollbot was stopped "
            "before it could. It may be there or not, and is not told again by itself, so that "
            "nothing comes twice:\n{list}",
            list="\n".join(lines),
        )
    )


# In parts


def _subject(rule: Rule, site: str) -> str:
    if rule.what is What.ISSUE:
        return _key(site, rule.subject)
    return f"`{fit(rule.subject.replace('`', chr(39)), _QUERY, 2 * _QUERY)}`"


def _tells(threshold: Threshold) -> str:
    what = label_of(threshold.rule, threshold.site)
    if not threshold.rule.channel_id:
        return say("{what}, told to you alone", what=what)
    return say("{what}, told in {channel}", what=what, channel=_place(threshold.rule.channel_id))


def _place(channel_id: str) -> str:
    if not channel_id:
        return say("here, in a direct message")
    return in_channel(channel_id)


def _listed(row: Row, why: bool) -> str:
    threshold = row.threshold
    what = label_of(threshold.rule, threshold.site)
    if threshold.rule.channel_id:
        where = _place(threshold.rule.channel_id)
        line = say("{what}, told in {channel}", what=what, channel=where)
    elif row.by is None:
        line = say("{what}, told to you alone", what=what)
    else:
        line = say("{what}, told to its owner alone", what=what)
    line = line[0].upper() + line[1:] + by(row.by)
    if not threshold.paused:
        return line
    # Why it was paused is between pollbot and its owner.
    told = threshold.why if why and not row.theirs else None
    if told is None:
        state = say(":double_vertical_bar: Paused.")
    else:
        state = say(":double_vertical_bar: Paused: {why}", why=sentence(told))
    return f"{line}\n{state}"


def _ways(row: Row) -> list[Block]:
    id_ = row.threshold.id
    pause_or_resume = (
        _named(say("Resume"), ResumeThresholdClick(threshold=id_), row)
        if row.threshold.paused
        else _named(say("Pause"), PauseThresholdClick(threshold=id_), row)
    )
    edit = _named(say("Edit"), EditThresholdClick(threshold=id_), row)
    # Of somebody else's, what Jira shows its owner is nobody's business.
    return [pause_or_resume, *([edit] if row.by is None else []), _delete(row.threshold)]


def _named(label: str, click: Click, row: Row) -> Block:
    about = unlinked(label_of(row.threshold.rule, row.threshold.site))
    return button(label, click, spoken=told_apart(label, about))


def _delete(threshold: Threshold) -> Block:
    about = unlinked(label_of(threshold.rule, threshold.site))
    return button(
        say("Delete"),
        DeleteThresholdClick(threshold=threshold.id),
        style="danger",
        spoken=told_apart(say("Delete"), about),
        confirm=confirmation(
            say("Delete this threshold?"),
            say("It tells nothing more. What it told stays. This cannot be undone."),
            say("Delete"),
        ),
    )


def _new() -> Block:
    return button(say("New threshold"), NewThresholdClick())


def _needs_jira(threshold: Threshold) -> bool:
    return isinstance(threshold.why, OwnerNotConnected)


def _first(items: Sequence[str]) -> str:
    rest = len(items) - _SHOWN
    if rest <= 0:
        return all_of(items)
    return say_number(
        rest,
        "{items} and {number} more",
        "{items} and {number} more",
        items=", ".join(items[:_SHOWN]),
    )


def _keys(keys: Sequence[str]) -> str:
    shown = [escape(key) for key in keys[:_KEYS]]
    rest = len(keys) - len(shown)
    if rest <= 0:
        return all_of(shown)
    return say_number(
        rest, "{items} and {number} more", "{items} and {number} more", items=", ".join(shown)
    )


def _key(site: str, key: str) -> str:
    return link(issue_url(site, key), escape(key))
