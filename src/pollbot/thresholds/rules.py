"""When an issue has so many votes that somebody is told, and what a rule would have told before."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pollbot.errors import PollbotError
from pollbot.jira.count_rows import DayOfVotes
from pollbot.jira.issues import find_issue
from pollbot.jira.jql import checked, is_query, project_of, top_voted, typed_query
from pollbot.jira.refusals import NotAnIssue
from pollbot.people import Person
from pollbot.rights.rules import Rights
from pollbot.thresholds.refusals import NoNumberOfVotes, NothingToLookAt

MOST_VOTES = 1_000_000
LOOK_EVERY = 600.0
"""Seconds between two looks at what a threshold is about."""
FALLS_AFTER = 300.0
"""Seconds for which an issue has fewer votes, at the least, before it can reach the number anew."""
MOST_READ = 100
"""As many issues of a list are looked at, those with the most votes."""
READ_TOGETHER = 50
"""Issues that are read by one search, where their keys are known."""
DAYS = 30
"""Days that a rule is tried on before it is saved."""
"""As many thresholds stand on a page, each with its ways."""
_WRITTEN = re.compile(r"[0-9]{1,9}")
# What JQL is written with, and no issue's key or address.
_JQL = re.compile(r"""[=~<>()"]|\bin\b|\bis\b""", re.IGNORECASE)


class What(StrEnum):
    """What a threshold looks at."""

    ISSUE = "issue"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Rule:
    """A threshold as somebody wishes it.

    ``subject`` is an issue's key, or a project's key or JQL. ``channel_id`` is empty where only its
    owner is told.
    """

    what: What
    subject: str
    votes: int
    channel_id: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold as it stands. ``version`` grows with each change of it.

    ``why`` is what it was paused for, None if somebody did that.
    """

    id: str
    owner: Person
    site: str
    rule: Rule
    made_at: float
    paused: bool = False
    why: PollbotError | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How an issue stands to a threshold; it has fewer votes again ``below_since`` then."""

    above: bool
    below_since: float | None = None


@dataclass(frozen=True, slots=True)
class Crossing:
    """An issue that reached the number of votes of a threshold, which is yet to be told."""

    id: str
    threshold_id: str
    owner: Person
    site: str
    issue_key: str
    votes: int
    channel_id: str

    @property
    def place(self) -> tuple[Person, str, str]:
        """What is told in one message: of one owner, from one site, in one place."""
        return self.owner, self.site, self.channel_id


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would have done in the last days, as far as votes were read then.

    ``above`` are issues that have so many votes already, ``told`` the issues that it would have
    told of, with the day of UTC, counted from 1970, the newest last. Of ``known`` of the
    ``looked_at`` issues there is a count of an earlier day, and on ``days`` of those there is any.
    """

    looked_at: int
    above: Mapping[str, int]
    told: Sequence[tuple[str, int]]
    known: int
    days: int


def moved(
    before: Standing | None, votes: int, number: int, now: float, *, first: bool
) -> tuple[Standing, bool]:
    """Return how an issue stands after a reading, and whether that is to be told.

    What has so many votes at the ``first`` reading is no news. Once it had, it has to be seen with
    fewer twice, some minutes apart, before it can be news again.
    """
    if votes >= number:
        return Standing(True), not first and (before is None or not before.above)
    if before is None or not before.above:
        return Standing(False), False
    since = before.below_since
    if since is None or since > now:
        return Standing(True, now), False
    return (Standing(False) if now - since >= FALLS_AFTER else before), False


def replayed(days: Sequence[DayOfVotes], number: int) -> list[int]:
    """Return the days on which an issue would have been told of, by what was read of it.

    What it had on the first of them from the beginning is no news.
    """
    told: list[int] = []
    above: bool | None = None
    for one in days:
        if above is None:
            above = one.low >= number
            reached = not above and one.votes >= number
        else:
            reached = not above and one.high >= number
        if reached:
            told.append(one.day)
        above = one.votes >= number
    return told


def previewed(
    votes: Mapping[str, int], counts: Mapping[str, Sequence[DayOfVotes]], number: int, today: int
) -> Preview:
    """Return what a rule with that number would have done: ``votes`` are those of now."""
    told = [
        (key, day) for key in votes for day in replayed(counts.get(key, ()), number) if day <= today
    ]
    earlier = {
        key: {one.day for one in days if one.day < today}
        for key, days in counts.items()
        if key in votes
    }
    return Preview(
        looked_at=len(votes),
        above={key: count for key, count in votes.items() if count >= number},
        told=sorted(told, key=lambda one: (one[1], one[0])),
        known=sum(bool(days) for days in earlier.values()),
        days=len(set().union(*earlier.values())),
    )


def check_rights(rule: Rule, rights: Rights) -> None:
    """Raise NotYours unless admins allow its channel, and the project that it is about, if it is.

    Of a list, issues of other projects are left out.
    """
    rights.check_channel(rule.channel_id)
    if rule.what is What.ISSUE:
        rights.check_issue(rule.subject)
    elif project := project_of(rule.subject):
        rights.check_project(project)


def in_order(issue_key: str) -> tuple[str, int]:
    """Return what issues are sorted by: their project, then their number."""
    project, _, number = issue_key.rpartition("-")
    return project, int(number)


def number_of(text: str) -> int:
    """Return the number of votes that was written. Raises NoNumberOfVotes."""
    written = unicodedata.normalize("NFKC", text).strip()
    number = int(written) if _WRITTEN.fullmatch(written) else 0
    if not 1 <= number <= MOST_VOTES:
        raise NoNumberOfVotes(text.strip())
    return number


def subject_of(text: str, sites: Sequence[str]) -> tuple[What, str, str | None]:
    """Return what was written: an issue's key, or a project or JQL; and its site, where it tells.

    Raises BadInput.
    """
    written = typed_query(text).strip()
    if not written:
        raise NothingToLookAt
    if is_query(written) or project_of(written):
        return What.LIST, _list(written), None
    try:
        named = find_issue(written, sites)
    except NotAnIssue:
        if not _JQL.search(written):
            raise
        return What.LIST, _list(written), None
    if named is None:
        raise NothingToLookAt
    return What.ISSUE, named.key, named.site


def _list(written: str) -> str:
    """Return a project or JQL on one line. Raises BadInput for too much of it."""
    top_voted(written)
    return checked(written)
