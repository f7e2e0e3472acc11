"""What cannot be, of lists of issues."""

from dataclasses import dataclass

from pollbot.errors import BadInput, PollbotError


@dataclass(eq=False)
class NoneMentioned(BadInput):
    """A message names no issue of the site.

    ``thread_unread``: it begins a thread, which Slack does not show to pollbot.
    """

    thread_unread: bool = False


@dataclass(eq=False)
class ThreadUnread(PollbotError):
    """Slack is away, or too ``busy``, so that what a thread names is not known yet."""

    busy: bool
