"""A poll as pollbot keeps it, and what a click on it did."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pollbot.polls.rules import Answer, Kind, Poll
from pollbot.polls.tally import Part

FRESH = 5.0
"""Seconds for which what Team Voice said counts as read just now."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A poll with what is around it: what it is about, where it lives, what Jira counted.

    ``subject`` is an issue key or a page id, empty for a plain poll.
    ``owners`` are the user ids of those who may manage it beside its creator.
    ``remote_id`` is Team Voice's id; None for a poll that lives here.
    ``jira_part`` is None where there is none, or it was not understood.
    ``closed_by`` is the user id of who closed it by hand, empty for an anonymous
    poll; ``remind_before`` and ``record`` are as in its draft. ``found``: it was made in
    Jira or Confluence, so nobody here asked for it; its poll's ``created_by`` came upon it.
    """

    poll: Poll
    team_id: str
    site: str
    kind: Kind
    subject: str
    created_at: float
    owners: frozenset[str] = frozenset()
    source_id: str | None = None
    workspace: str | None = None
    content: str | None = None
    container: str | None = None
    remote_id: str | None = None
    raw: str | None = None
    jira_part: Part | None = None
    understood: bool = True
    read_at: float = 0.0
    closed_by: str | None = None
    remind_before: float | None = None
    record: bool = False
    found: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """What a click did: the person's answer before and after it. ``repeated``: nothing.

    Unless it is ``known``, nobody can tell any more what the person answered, or whether.
    ``edited`` are those options of ``after`` that were edited or removed since the person
    chose them, with what they said then.
    """

    kept: Kept
    before: Answer
    after: Answer
    comment: str
    repeated: bool = False
    known: bool = True
    edited: Mapping[str, str] = field(default_factory=dict)
