"""What is refused of the issues, pages and queries that people name."""

from dataclasses import dataclass, field

from pollbot.errors import BadInput

_WORDS = 300


@dataclass(eq=False)
class NoIssue(BadInput):
    """No issue was named after ``command``, and the channel is linked to none.

    ``command`` is empty for a form's field, which is in no channel.
    """

    command: str


class ChannelOnPage(NoIssue):
    """No issue was named after ``command``, and the channel is linked to a Confluence page."""


@dataclass(eq=False)
class NotAnIssue(BadInput):
    """No word of the text is an issue key or a link to an issue.

    ``perhaps`` is a key that may be meant; ``is_poll``: it reads like a poll.
    """

    text: str
    perhaps: str = ""
    is_poll: bool = field(default=False, kw_only=True)


class OtherAlphabet(NotAnIssue):
    """A word looks like a key, but a letter of it is of another alphabet."""

    def __init__(self, text: str, letter: str) -> None:
        super().__init__(text)
        self.letter = letter


@dataclass(eq=False)
class SeveralIssues(BadInput):
    """More than one issue at once: the first of their keys."""

    keys: list[str]


@dataclass(eq=False)
class OtherSite(BadInput):
    """A link to ``host``, which is no Jira of this workspace; ``ours`` are its hosts."""

    host: str
    ours: str


@dataclass(eq=False)
class SeveralPages(BadInput):
    """So many pages at once."""

    number: int


@dataclass(eq=False)
class NotAPage(BadInput):
    """A link that leads to Confluence, but to no page."""

    link: str


class NoQuery(BadInput):
    """There is no project and no JQL."""


@dataclass(eq=False)
class LongQuery(BadInput):
    """JQL of so many characters is more than can be kept."""

    length: int


class BadJql(BadInput):
    """Jira does not understand the JQL. ``said`` are its own words, as they are, on one line."""

    def __init__(self, said: str) -> None:
        line = " ".join(said.split())
        self.said = line if len(line) <= _WORDS else f"{line[: _WORDS - 1]}…"
