"""What is asked of Jira about a vote or a watcher, and until when it may arrive."""

from enum import StrEnum

LANDS_WITHIN = 60.0
"""Seconds after which a call that left has reached Jira, or never will.

What stands before a server gives up on a request after about a minute (nginx,
``proxy_read_timeout``; AWS, "Application Load Balancers", idle timeout: 60 s each).
"""


class Wish(StrEnum):
    """The state a person asks for. Asking twice for the same is asking once."""

    VOTE = "vote"
    WITHDRAW = "withdraw"


class Watching(StrEnum):
    """The same of whether a person watches an issue."""

    WATCH = "watch"
    UNWATCH = "unwatch"
