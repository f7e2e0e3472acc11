"""What cannot be, of lists of issues."""

from dataclasses import dataclass

from pollbot.errors import BadInput


@dataclass(eq=False)
class NoneMentioned(BadInput):
    """A message names no issue of the site.

    ``thread_unread``: it begins a thread, which Slack does not show to pollbot.
    """

    thread_unread: bool = False
