"""What somebody is told whose option was edited after they had chosen it."""

from pollbot.polls.blocks import titled, ways_back
from pollbot.polls.kept import Answered
from pollbot.polls.rules import OPTION, Option, Poll
from pollbot.slack.kit import Block, Message, actions, context, fit, section, sections, words

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
        section(f":pencil2: {titled(poll)} was edited after you had answered."),
        *sections([*lines, *([f"and {rest:,} more"] if rest > 0 else [])]),
        *([actions(*controls)] if controls else []),
        context(then),
    ]
    said = " ".join(_line(option, was) for option, was in named[:3])
    return Message(
        f"“{fit(poll.title, 150, 400)}” was edited after you had answered. {said} {then}", blocks
    )


def edited_back(answered: Answered) -> Message:
    """Return what is said to somebody who was told of an edit that was taken back."""
    poll = answered.kept.poll
    what = "What you chose says" if len(answered.after) == 1 else "All that you chose says"
    return words(
        f":pencil2: {titled(poll)} was edited again. {what} once more what it said when you chose "
        "it, and counts as before."
    )


def _what_to_do(poll: Poll, channel_id: str, *, now_open: bool) -> str:
    card = f" on its card in <#{channel_id}>" if channel_id else ""
    if not now_open:
        return "The poll is closed, so answers cannot be changed any more."
    if poll.settings.changeable:
        return f"If that is not what you mean, change your answer{card}."
    return (
        "Answers to this poll are final, but because of this you may change yours once"
        f"{card}; if you leave it, it stays."
    )


def _line(option: Option, was: str) -> str:
    before, now = (f"“{fit(text, OPTION, 450) or '-'}”" for text in (was, option.title))
    if option.removed:
        return f"You chose {before}, which was removed."
    return f"You chose {before}; it says {now} now, and your answer counts for that."
