"""What may become an option of a poll that somebody else made."""

from pollbot.polls.additions.refusals import NoOptionText, NotAddable
from pollbot.polls.refusals import LongOption, ManyOptions, PollClosed, SameOption
from pollbot.polls.rules import MOST_OPTIONS, OPTION, Poll, one_line
from pollbot.text.writing import alike

MOST_ADDED = 5
"""Options that one person may add to a poll."""


def checked_option(poll: Poll, text: str, now: float) -> str:
    """Return the text as an option that may be added to the poll; raises what is wrong with it."""
    if not poll.is_open(now):
        raise PollClosed(poll.title)
    if not poll.settings.addable:
        raise NotAddable
    title = one_line(text)
    if not title:
        raise NoOptionText
    if len(title) > OPTION:
        raise LongOption(title)
    if any(alike(option.title) == alike(title) for option in poll.live):
        raise SameOption(title)
    if len(poll.live) >= MOST_OPTIONS:
        raise ManyOptions(len(poll.live) + 1)
    return title
