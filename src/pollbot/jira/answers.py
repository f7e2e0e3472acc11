"""What Jira's answers look like, and what each status of them means."""

import re
from collections.abc import Iterator
from typing import Any, TypeVar
from urllib.parse import unquote

import httpx
from pydantic import BaseModel, Field, ValidationError

from pollbot.errors import (
    AccountRefused,
    JiraBusy,
    JiraError,
    JiraUnavailable,
    NotAllowed,
    NotFound,
    SiteMoved,
)
from pollbot.jira.issues import Issue, is_key
from pollbot.web.calls import is_page
from pollbot.web.pauses import asked_for

M = TypeVar("M", bound=BaseModel)

ISSUE_FIELDS = ("summary", "status", "votes", "issuetype", "project", "resolution", "reporter")

LINKS = "issuelinks"
"""The field of an issue's links to others, which few ask for."""
# An issue's link types can be renamed; this is what a Jira site begins with.
_DUPLICATES = ("duplicate", "duplicates")
_DEFAULT_PAUSE = 5.0
# developer.atlassian.com, Jira Product Discovery: its projects have a type of their own, and its
# ideas are voted on in fields and views of its own, too, which Jira's votes are no part of.
_DISCOVERY = "product_discovery"

_DENIED = "X-Authentication-Denied-Reason"
_OF_ITS_OWN = ("X-AREQUESTID", "X-AAccountId", "X-Seraph-LoginReason", _DENIED)

_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]+")


class _Named(BaseModel):
    name: str = ""


class _Who(BaseModel):
    accountId: str | None = None  # noqa: N815  Jira's word


class _VotesField(BaseModel):
    votes: int = 0
    hasVoted: bool = False  # noqa: N815  Jira's word


class _Project(BaseModel):
    projectTypeKey: str = ""  # noqa: N815  Jira's word


class _LinkType(BaseModel):
    name: str = ""
    outward: str = ""


class _Linked(BaseModel):
    key: str = ""


class _Link(BaseModel):
    """A link; the other issue is the outward one where this one is what is said first."""

    type: _LinkType = _LinkType()
    outwardIssue: _Linked | None = None  # noqa: N815  Jira's word


class _IssueFields(BaseModel):
    summary: str = ""
    status: _Named = _Named()
    issuetype: _Named = _Named()
    votes: _VotesField = _VotesField()
    project: _Project = _Project()
    resolution: _Named | None = None
    reporter: _Who | None = None
    issuelinks: list[_Link] = Field(default_factory=list)


class IssueBody(BaseModel):
    """An issue with ISSUE_FIELDS. Its id stays, whatever its key becomes."""

    id: str = ""
    key: str
    fields: _IssueFields

    @property
    def tells_votes(self) -> bool:
        """Whether Jira said how many votes it has; else they are only taken for none."""
        return "votes" in self.fields.model_fields_set

    def issue(self, voters: tuple[str, ...] | None = None) -> Issue:
        """Return it as this account saw it."""
        fields = self.fields
        return Issue(
            key=self.key,
            summary=fields.summary,
            status=fields.status.name,
            type=fields.issuetype.name,
            votes=fields.votes.votes,
            voted=fields.votes.hasVoted,
            voters=voters,
            resolution=None if fields.resolution is None else fields.resolution.name or "resolved",
            reporter_id=None if fields.reporter is None else fields.reporter.accountId,
            is_idea=fields.project.projectTypeKey == _DISCOVERY,
        )

    def duplicated(self) -> tuple[str, ...]:
        """Return the keys of the issues that it is linked as a duplicate of."""
        return tuple(
            one.outwardIssue.key
            for one in self.fields.issuelinks
            if one.outwardIssue is not None
            and is_key(one.outwardIssue.key)
            and {one.type.name.casefold(), one.type.outward.casefold()} & {*_DUPLICATES}
        )


class _Voter(BaseModel):
    displayName: str = ""  # noqa: N815  Jira's word


class VotesBody(_VotesField):
    """The votes of an issue, with the names that this account may see."""

    voters: list[_Voter] = Field(default_factory=list)


class SearchBody(BaseModel):
    """One page of a search. Without a token it is the last one."""

    issues: list[IssueBody]
    nextPageToken: str | None = None  # noqa: N815  Jira's word


class CountBody(BaseModel):
    """About how many issues a search finds."""

    count: int


class _Suggested(BaseModel):
    key: str = ""
    summaryText: str = ""  # noqa: N815  Jira's word


class _Suggestions(BaseModel):
    issues: list[_Suggested] = Field(default_factory=list)


class PickerBody(BaseModel):
    """Issues that somebody may mean: of their own history, and of a search."""

    sections: list[_Suggestions] = Field(default_factory=list)


class CommentBody(BaseModel):
    """A comment; ``body`` is its ADF document."""

    id: str = Field(min_length=1)
    author: _Who | None = None
    body: Any = None

    def ends_with(self, marker: str) -> bool:
        """Return whether ``marker`` is the end of its text."""
        return "".join(_texts(self.body)).rstrip().endswith(marker)


class CommentsBody(BaseModel):
    """Comments of an issue."""

    comments: list[CommentBody]


class Myself(BaseModel):
    """The account that a credential belongs to."""

    accountId: str = Field(min_length=1)  # noqa: N815  Jira's word
    displayName: str = ""  # noqa: N815  Jira's word


class _Permission(BaseModel):
    havePermission: bool = False  # noqa: N815  Jira's word


class Permissions(BaseModel):
    """What an account may do with an issue, by Jira's name of the permission."""

    permissions: dict[str, _Permission] = Field(default_factory=dict)


class PageBody(BaseModel):
    """A Confluence page."""

    id: str
    title: str = ""
    spaceId: str  # noqa: N815  Confluence's word


class Check(BaseModel):
    """Whether somebody may do something with a page."""

    hasPermission: bool = False  # noqa: N815  Confluence's word


class Tenant(BaseModel):
    """What the site tells everybody about itself."""

    cloudId: str  # noqa: N815  Jira's word


class _Errors(BaseModel):
    errorMessages: list[str] = Field(default_factory=list)  # noqa: N815  Jira's word
    errors: dict[str, str] = Field(default_factory=dict)


class _Refusal(BaseModel):
    """What refusals of Jira, of Confluence and of their gateway have; each has some of it."""

    errorMessages: Any = None  # noqa: N815  Jira's word
    errors: Any = None
    message: Any = None
    code: Any = None
    statusCode: Any = None  # noqa: N815  Confluence's word
    status: Any = None

    @property
    def is_theirs(self) -> bool:
        """Whether it is such a refusal: many others have but one of these words."""
        said = self.model_fields_set
        numbered = "message" in said and bool(said & {"code", "statusCode", "status"})
        return numbered or bool(said & {"errorMessages", "errors"})


class NotUnderstood(JiraUnavailable):
    """Something else than what the platform's pages promise."""


class NotItsOwn(NotUnderstood):
    """A refusal by whoever stands before Jira, as a proxy or a page to log in: it is not Jira's."""


def read(model: type[M], answer: httpx.Response) -> M:
    """Return what a successful answer says. Raises NotUnderstood."""
    try:
        return model.model_validate_json(answer.content)
    except ValidationError as error:
        raise NotUnderstood(f"no {model.__name__} in the answer") from error


def done(answer: httpx.Response) -> None:
    """Raise NotUnderstood unless a vote or a watch was taken."""
    # 204 is the only success of these resources; a page in its place is a proxy's, or a login.
    if answer.status_code != 204:
        raise NotUnderstood(f"HTTP {answer.status_code} where 204 belongs")


def failure(answer: httpx.Response) -> Exception | None:
    """Return what an answer means, None for success. Its words are not read: they are localized."""
    status, headers = answer.status_code, answer.headers
    if 200 <= status < 300:
        return None
    pause = asked_for(headers)
    if status == 429:
        return JiraBusy(headers.get("RateLimit-Reason", ""), pause or _DEFAULT_PAUSE)
    if 400 <= status < 500 and status != 408 and not is_its_own(answer):
        return NotItsOwn(f"HTTP {status} that is not Jira's", pause)
    if status == 401:
        return AccountRefused()
    if status == 403:
        return NotAllowed(status)
    if status == 404:
        return NotFound(status)
    if (host := elsewhere(answer)) is not None:
        return SiteMoved(host)
    # A redirect on the site leads to a login page or a maintenance page, never to the answer.
    if status >= 500 or status < 400 or status == 408:
        return JiraUnavailable(f"HTTP {status}", pause)
    return JiraError(status)


def is_its_own(answer: httpx.Response) -> bool:
    """Return whether a refusal is Jira's or Confluence's own, and not of what stands before them.

    They say so in a header, or by the JSON of their errors. A 401 may say anything but a page, as
    that of a proxy or of a login is. Sources: developer.atlassian.com, Jira Cloud REST v3, "Status
    codes" and "Special headers"; Confluence Cloud REST v1 and v2.
    """
    if any(name in answer.headers for name in _OF_ITS_OWN):
        return True
    if answer.status_code == 401:
        return not is_page(answer)
    try:
        return _Refusal.model_validate_json(answer.content).is_theirs
    except ValidationError:
        return False


def says_something(answer: httpx.Response) -> bool:
    """Return whether the answer is about what was asked, and not about the site or the token."""
    status = answer.status_code
    if status in (401, 408, 429) or 300 <= status < 400 or status >= 500:
        return False
    return status < 400 or is_its_own(answer)


def given_to(answer: httpx.Response, account_id: str) -> bool | None:
    """Return whether Jira gave the answer to the account that asked; None if it does not say.

    Cloud takes a dead token for nobody's, and answers as it does to everybody. It tells so in
    X-Seraph-LoginReason (AUTHENTICATED_FAILED, AUTHENTICATION_DENIED, AUTHORISATION_FAILED, OUT;
    else OK), and names whom it knows in X-AAccountId. Sources: MrRefactoring/jira.js#418;
    developer.atlassian.com, Jira Cloud REST v3, "Special headers".
    """
    if _DENIED in answer.headers:
        # CAPTCHA_CHALLENGE: it takes no token before its person has signed in in a browser.
        return False
    reasons = answer.headers.get_list("X-Seraph-LoginReason", split_commas=True)
    if reasons:
        return any(reason.strip().upper() == "OK" for reason in reasons)
    named = unquote(answer.headers.get("X-AAccountId", ""))
    return True if named and named == account_id else None


def elsewhere(answer: httpx.Response) -> str | None:
    """Return the origin of another server that the answer leads to; None for any other."""
    if not answer.has_redirect_location:
        return None
    asked = answer.request.url
    try:
        url = asked.join(answer.headers["Location"])
    except httpx.InvalidURL:
        return None
    host = url.netloc.decode("ascii")
    here = (url.scheme, url.netloc) == (asked.scheme, asked.netloc)
    if here or url.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    return f"{url.scheme}://{host}"


def words(answer: httpx.Response) -> str:
    """Return Jira's own words about a refusal, in the account's language; empty if it has none."""
    try:
        said = _Errors.model_validate_json(answer.content)
    except ValidationError:
        return ""
    return " ".join([*said.errorMessages, *said.errors.values()]).strip()


def _texts(node: object) -> Iterator[str]:
    """Yield the texts of an ADF node and of all that it holds."""
    if not isinstance(node, dict):
        return
    if isinstance(text := node.get("text"), str):
        yield text
    content = node.get("content")
    for part in content if isinstance(content, list) else ():
        yield from _texts(part)
