"""What somebody is told whose option was edited after they had chosen it."""

from pollbot.polls.blocks import titled, ways_back
from pollbot.polls.kept import Answered
from pollbot.polls.rules import OPTION, Option, Poll
from pollbot.slack.kit import Block, Message, actions, context, fit, section, sections, words
from pollbot.text.catalog import say, say_number

_NAMED = 10


def option_edited(answered: Answered, channel_id: str, *, now_open: bool) -> Message:
    """Return what was edited of an answer, and what can be done about it.

    ``channel_id`` is where a card of the poll hangs, empty if none does.
    """
    poll = answered.kept.poll
    changed = [option for option in poll.options if option.id in answered.edited]
    named = [(option, answered.edited[option.id]) for option in changed[:_NAMED]]
    lines = [f"• {_line(option, was)}" for option, was in named]
    rest = len(changed) - len(lines)
    then = _what_to_do(poll, channel_id, now_open=now_open)
    chosen = [option for option in poll.options if option.id in answered.after]
    loose = frozenset(answered.edited)
    controls = ways_back(poll, chosen, loose) if now_open else []
    blocks: list[Block] = [
        section(say(":pencil2: {poll} was edited after you had answered.", poll=titled(poll))),
        *sections([*lines, *_rest(rest)]),
        *([actions(*controls)] if controls else []),
        context(then),
    ]
    edited = say("“{title}” was edited after you had answered.", title=fit(poll.title, 150, 400))
    said = " ".join(_line(option, was) for option, was in named[:3])
    return Message(f"{edited} {said} {then}", blocks)


def edited_back(answered: Answered) -> Message:
    """Return what is said to somebody who was told of an edit that was taken back."""
    poll = answered.kept.poll
    return words(
        say_number(
            len(answered.after),
            ":pencil2: {poll} was edited again. What you chose says once more what it said when "
            "you chose it, and counts as before.",
            ":pencil2: {poll} was edited again. All that you chose says once more what it said "
            "when you chose it, and counts as before.",
            poll=titled(poll),
        )
    )


def _rest(number: int) -> list[str]:
    return [say_number(number, "and {number} more", "and {number} more")] if number > 0 else []


def _what_to_do(poll: Poll, channel_id: str, *, now_open: bool) -> str:
    channel = f"<#{channel_id}>"
    if not now_open:
        return say("The poll is closed, so answers cannot be changed any more.")
    if poll.settings.changeable and channel_id:
        return say(
            "If that is not what you mean, change your answer on its card in {channel}.",
            channel=channel,
        )
    if poll.settings.changeable:
        return say("If that is not what you mean, change your answer.")
    if channel_id:
        return say(
            "Answers to this poll are final, but because of this you may change yours once on its "
            "card in {channel}; if you leave it, it stays.",
            channel=channel,
        )
    return say(
        "Answers to this poll are final, but because of this you may change yours once; if you "
        "leave it, it stays."
    )


def _line(option: Option, was: str) -> str:
    before, now = (fit(text, OPTION, 450) or "-" for text in (was, option.title))
    if option.removed:
        return say("You chose “{before}”, which was removed.", before=before)
    return say(
        "You chose “{before}”; it says “{now}” now, and your answer counts for that.",
        before=before,
        now=now,
    )
