"""What is refused of exports. The sentences are in sentences.py."""

from dataclasses import dataclass

from pollbot.errors import PollbotError
from pollbot.polls.tally import Hidden


@dataclass(eq=False)
class StillHidden(PollbotError):
    """Whoever asks may not see the results of the poll yet."""

    title: str
    hidden: Hidden


class NamesGone(PollbotError):
    """The poll keeps no names any more, which it still did when the export began."""


@dataclass(eq=False)
class NoFiles(PollbotError):
    """The app was installed without the scope that lets it send files."""

    scope: str


@dataclass(eq=False)
class FilesRefused(PollbotError):
    """Slack does not take the files; ``code`` is its error string."""

    code: str


class FilesNotTaken(PollbotError):
    """Slack did not answer while it was given the files, so nothing was sent."""
