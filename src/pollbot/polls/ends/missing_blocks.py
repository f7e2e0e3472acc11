"""Who has not answered a poll, in a window that only who manages it sees."""

from pollbot.polls.blocks import titled
from pollbot.polls.ends.missing import Missing
from pollbot.polls.rules import TITLE, Poll
from pollbot.slack.clicks import NudgeClick
from pollbot.slack.kit import (
    Block,
    Message,
    actions,
    button,
    confirmation,
    context,
    fit,
    moment,
    person,
    section,
    sections,
    view,
    words,
)
from pollbot.text.catalog import numeral, say, say_number

MISSING_VIEW = "poll_missing"
_SHOWN = 500
_IN_PARAGRAPH = 50


def missing_view(missing: Missing) -> Block:
    """Return the window: a list where names are kept, else a number at most."""
    poll = missing.kept.poll
    return view(
        say("Not answered yet") if missing.now_open else say("Not answered"),
        [section(f"*{fit(poll.title, TITLE, 2000)}*"), *_list(missing), *_nudge(missing)],
        callback_id=MISSING_VIEW,
        close=say("Done"),
    )


def _list(missing: Missing) -> list[Block]:
    if missing.people is None:
        return [section(_number(missing))]
    if not missing.people:
        return [section(say(":tada: All who may answer have answered in Slack."))]
    head = say_number(
        len(missing.people),
        "{number} person of {of} has not answered in Slack:",
        "{number} people of {of} have not answered in Slack:",
        of=numeral(missing.of),
    )
    shown = missing.people[:_SHOWN]
    lines = [
        ", ".join(person(one) for one in shown[start : start + _IN_PARAGRAPH])
        for start in range(0, len(shown), _IN_PARAGRAPH)
    ]
    rest = len(missing.people) - len(shown)
    more = [say_number(rest, "and {number} more", "and {number} more")] if rest > 0 else []
    small = say("Only you see this. Answers that people gave in Jira are not among these.")
    return [section(head), *sections([*lines, *more]), context(small)]


def _number(missing: Missing) -> str:
    if not missing.now_open:
        return say("The poll was anonymous and is closed, so nobody knows who has answered.")
    if missing.number is None:
        return say(
            "The poll is anonymous, so nobody is named here; how many have not answered is told "
            "only while neither they nor the others are fewer than three."
        )
    return say_number(
        missing.number,
        "The poll is anonymous, so nobody is named here: {number} of {of} has not answered.",
        "The poll is anonymous, so nobody is named here: {number} of {of} have not answered.",
        of=numeral(missing.of),
    )


def _nudge(missing: Missing) -> list[Block]:
    kept = missing.kept
    if not missing.now_open or not missing.people:
        return []
    if kept.nudged_at is not None:
        at = moment(kept.nudged_at)
        return [context(say("They were nudged on {moment}; a poll does that once.", moment=at))]
    ask = confirmation(
        say("Nudge them?"),
        say(
            "Each gets one direct message, within their working hours, unless they were reminded "
            "of this poll already or muted reminders. A poll does that once."
        ),
        say("Nudge them"),
    )
    label = say("Nudge those who have not answered")
    return [actions(button(label, NudgeClick(poll=kept.poll.id), confirm=ask))]


def nudged(poll: Poll) -> Message:
    """Return what is said to who had people reminded."""
    return words(
        say(
            ":bell: Those who have not answered {poll} are reminded now, each in one direct "
            "message within their working hours; not who muted reminders, or was reminded of it "
            "before.",
            poll=titled(poll),
        )
    )
