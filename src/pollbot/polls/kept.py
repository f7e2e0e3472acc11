"""A poll as pollbot keeps it, and what a click on it did."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pollbot.polls.rules import Answer, Kind, Poll
from pollbot.polls.tally import Part

ALL_ANSWERED = "*"
"""Stands in ``closed_by`` where a poll closed as all had answered; nobody has this id."""
FRESH = 5.0
"""Seconds for which what a source said counts as read just now."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a poll lives beside pollbot: its source, and what that needs to find the poll there.

    ``kind`` names the source's body, ``source_id`` which of several of that kind it is. The rest
    is the source's own, and nobody else reads it: the place that it keeps polls under, the poll's
    ``id``, empty until it was made, and what it ``sent`` of the poll last.
    """

    kind: str
    source_id: str
    place: str
    id: str = ""
    sent: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A poll with what is around it: what it is about, where it lives, what Jira counted.

    ``subject`` is an issue key or a page id, empty for a plain poll.
    ``owners`` are the user ids of those who may manage it beside its creator.
    ``home`` is None for a poll that lives here. ``jira_part`` is None where there is none, or it
    was not understood.
    ``closed_by`` is the user id of who closed it by hand, empty for an anonymous
    poll; ``remind_before`` and ``record`` are as in its draft. ``found``: it was made in
    Jira or Confluence, so nobody here asked for it; its poll's ``created_by`` came upon it.
    ``nudged_at`` is when those were reminded by hand who had not answered. ``unlisted_since`` is
    when its source's list lacked it first; None while it is there, or if pollbot deleted it.
    """

    poll: Poll
    team_id: str
    site: str
    kind: Kind
    subject: str
    created_at: float
    owners: frozenset[str] = frozenset()
    home: Home | None = None
    jira_part: Part | None = None
    understood: bool = True
    read_at: float = 0.0
    closed_by: str | None = None
    remind_before: float | None = None
    record: bool = False
    found: bool = False
    nudged_at: float | None = None
    unlisted_since: float | None = None

    @property
    def is_half_made(self) -> bool:
        """Whether its source was asked to make it, and nobody knows yet whether it did."""
        return self.home is not None and not self.home.id

    @property
    def may_come_back(self) -> bool:
        """Whether it is looked for in its source, whose list lacks it."""
        return self.unlisted_since is not None

    def is_asked_as(self, other: "Kept") -> bool:
        """Return whether nothing is edited here that is as it was in ``other``.

        Options that people added since do not count to a poll that lives here: none is lost.
        """
        known = {option.id for option in other.poll.options}
        options = self.poll.options
        if self.home is None:
            options = tuple(option for option in options if option.id in known)
        return options == other.poll.options and self._rest == other._rest

    @property
    def _rest(self) -> tuple[object, ...]:
        poll = self.poll
        return (
            *(poll.title, poll.description, poll.settings, poll.closed_at, poll.deleted),
            *(self.remind_before, self.record),
        )

    @property
    def about_issues(self) -> tuple[str, ...]:
        """The issue that it is on; nothing for one on a page, or on nothing."""
        return (self.subject,) if self.kind == "issue" else ()


@dataclass(frozen=True, slots=True)
class Answered:
    """What a click did: the person's answer before and after it. ``repeated``: nothing.

    Unless it is ``known``, nobody can tell any more what the person answered, or whether.
    ``edited`` are those options of ``after`` that were edited or removed since the person
    chose them, with what they said then. ``counts``: it has as many options as the poll asks for.
    """

    kept: Kept
    before: Answer
    after: Answer
    comment: str
    repeated: bool = False
    known: bool = True
    edited: Mapping[str, str] = field(default_factory=dict)
    counts: bool = True

    @property
    def is_given(self) -> bool:
        """Whether there is an answer that counts."""
        return bool(self.after) and self.counts
