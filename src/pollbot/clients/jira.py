"""Jira Cloud, as the person whose credential is given. Keeps nothing."""

import base64
import re
from dataclasses import dataclass, replace
from typing import TypeVar

import httpx
from pydantic import BaseModel, Field, ValidationError

from pollbot.clients.pauses import asked_for
from pollbot.domain.issues import Issue
from pollbot.domain.people import Account
from pollbot.errors import (
    CredentialRefused,
    NotAllowed,
    NotFound,
    RemoteBusy,
    RemoteError,
    RemoteUnavailable,
)

_FIELDS = "summary,status,votes,issuetype,project,resolution,reporter"
M = TypeVar("M", bound=BaseModel)

_DEFAULT_PAUSE = 5.0
_CLOUD_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


class _Named(BaseModel):
    name: str = ""


class _Reporter(BaseModel):
    accountId: str | None = None  # noqa: N815  Jira's word


class _VotesField(BaseModel):
    votes: int = 0
    hasVoted: bool = False  # noqa: N815  Jira's word


class _IssueFields(BaseModel):
    summary: str = ""
    status: _Named = _Named()
    issuetype: _Named = _Named()
    votes: _VotesField = _VotesField()
    resolution: _Named | None = None
    reporter: _Reporter | None = None


class _IssueBody(BaseModel):
    key: str
    fields: _IssueFields


class _Voter(BaseModel):
    displayName: str = ""  # noqa: N815  Jira's word


class _VotesBody(_VotesField):
    voters: list[_Voter] = Field(default_factory=list)


class _Myself(BaseModel):
    accountId: str = Field(min_length=1)  # noqa: N815  Jira's word
    displayName: str = ""  # noqa: N815  Jira's word


class _Permission(BaseModel):
    havePermission: bool = False  # noqa: N815  Jira's word


class _Permissions(BaseModel):
    permissions: dict[str, _Permission] = Field(default_factory=dict)


class _Page(BaseModel):
    id: str
    title: str = ""
    spaceId: str  # noqa: N815  Confluence's word


class _Check(BaseModel):
    hasPermission: bool = False  # noqa: N815  Confluence's word


class _Tenant(BaseModel):
    cloudId: str  # noqa: N815  Jira's word


def basic(email: str, token: str) -> str:
    """Return the Authorization header for an e-mail and an API token."""
    return "Basic " + base64.b64encode(f"{email}:{token}".encode()).decode()


@dataclass(frozen=True, slots=True)
class PageSeen:
    """A Confluence page as one person saw it. Ids are 64-bit numbers, kept as text."""

    page_id: str
    space_id: str
    title: str


def _at_confluence(account: Account) -> Account:
    # On the site Confluence is /wiki; at the gateway it has a door of its own beside Jira's.
    return replace(account, base_url=account.base_url.replace("/ex/jira/", "/ex/confluence/"))


class Jira:
    """One site, with its Confluence. Every call names its account; None is nobody."""

    def __init__(self, http: httpx.AsyncClient, site: str, gateway: str) -> None:
        self.site = site
        self._http = http
        self._gateway = gateway

    async def sign_in(self, email: str, token: str) -> Account:
        """Return the account of an e-mail and token, tried on the site and then on the gateway.

        Tokens with scopes work only at the gateway, under the site's cloud id;
        those without work only on the site (support.atlassian.com, "Manage API
        tokens"). Raises CredentialRefused if neither knows them.
        """
        credential = basic(email, token)
        try:
            return await self._myself(self.site, credential)
        except (CredentialRefused, NotAllowed, NotFound) as refused:
            cloud_id = await self._cloud_id()
            if cloud_id is None:
                raise CredentialRefused from refused
            try:
                return await self._myself(f"{self._gateway}/ex/jira/{cloud_id}", credential)
            except (NotAllowed, NotFound) as error:
                raise CredentialRefused from error

    async def issue(self, key: str, account: Account | None, *, voters: bool = False) -> Issue:
        """Return the issue as this account sees it, under its present key.

        Raises NotFound for one that is missing or hidden.
        """
        path = f"/rest/api/3/issue/{key}"
        answer = await self._send("GET", path, account, params={"fields": _FIELDS})
        body = _read(_IssueBody, answer)
        fields = body.fields
        return Issue(
            key=body.key,
            summary=fields.summary,
            status=fields.status.name,
            type=fields.issuetype.name,
            votes=fields.votes.votes,
            voted=fields.votes.hasVoted,
            voters=await self._voters(key, account, fields.votes.votes) if voters else None,
            resolution=None if fields.resolution is None else fields.resolution.name or "resolved",
            reporter_id=None if fields.reporter is None else fields.reporter.accountId,
        )

    async def voting_is_on(self, key: str, account: Account) -> bool:
        """Return whether an issue that this account can see takes votes at all.

        With the site's option off, the votes resource answers 404 for every verb.
        """
        try:
            await self._send("GET", f"/rest/api/3/issue/{key}/votes", account)
        except NotFound:
            return False
        return True

    async def vote(self, key: str, account: Account) -> None:
        """Vote as this account; voting twice is the same as voting once."""
        _done(await self._send("POST", f"/rest/api/3/issue/{key}/votes", account))

    async def withdraw(self, key: str, account: Account) -> None:
        """Withdraw this account's vote. Cloud answers 204 where there was none, too."""
        _done(await self._send("DELETE", f"/rest/api/3/issue/{key}/votes", account))

    async def still_knows(self, account: Account) -> None:
        """Raise CredentialRefused if the account's token is not valid any more.

        Cloud takes a request with a dead token as nobody's, and answers 404 to its questions.
        """
        await self._myself(account.base_url, account.credential)

    async def may_edit(self, key: str, account: Account) -> bool:
        """Return whether this account has *Edit* on the issue."""
        answer = await self._send(
            "GET",
            "/rest/api/3/mypermissions",
            account,
            params={"issueKey": key, "permissions": "EDIT_ISSUES"},
        )
        found = _read(_Permissions, answer).permissions.get("EDIT_ISSUES")
        return found is not None and found.havePermission

    async def page(self, page_id: str, account: Account) -> PageSeen:
        """Return a Confluence page as this account sees it. Raises NotFound if it is hidden."""
        answer = await self._send("GET", f"/wiki/api/v2/pages/{page_id}", _at_confluence(account))
        page = _read(_Page, answer)
        return PageSeen(page.id, page.spaceId, page.title)

    async def may_edit_page(self, page_id: str, account: Account) -> bool:
        """Return whether this account may edit the page."""
        answer = await self._send(
            "POST",
            f"/wiki/rest/api/content/{page_id}/permission/check",
            _at_confluence(account),
            json={
                "subject": {"type": "user", "identifier": account.account_id},
                "operation": "update",
            },
        )
        return _read(_Check, answer).hasPermission

    async def _voters(
        self, key: str, account: Account | None, votes: int
    ) -> tuple[str, ...] | None:
        # Jira hides names by sending none of them; the count stays right.
        try:
            answer = await self._send("GET", f"/rest/api/3/issue/{key}/votes", account)
        except RemoteError:
            return None
        names = tuple(voter.displayName for voter in _read(_VotesBody, answer).voters)
        return names if names or votes == 0 else None

    async def _myself(self, base_url: str, credential: str) -> Account:
        asking = Account("", "", base_url, credential)
        me = _read(_Myself, await self._send("GET", "/rest/api/3/myself", asking))
        return Account(me.accountId, me.displayName or me.accountId, base_url, credential)

    async def _cloud_id(self) -> str | None:
        """Return the site's cloud id; None where there is none, as on a server of one's own."""
        try:
            answer = await self._send("GET", "/_edge/tenant_info", None)
            cloud_id = _read(_Tenant, answer).cloudId
        except (RemoteError, _NotUnderstood):
            return None
        return cloud_id if _CLOUD_ID.fullmatch(cloud_id) else None

    async def _send(
        self,
        method: str,
        path: str,
        account: Account | None,
        params: dict[str, str] | None = None,
        json: object = None,
    ) -> httpx.Response:
        """Send one request; return only successful answers."""
        base = self.site if account is None else account.base_url
        headers = {} if account is None else {"Authorization": account.credential}
        try:
            answer = await self._http.request(
                method, base + path, params=params, headers=headers, json=json
            )
        except httpx.HTTPError as error:
            raise RemoteUnavailable(type(error).__name__) from error
        failure = _failure(answer.status_code, answer.headers)
        if failure is not None:
            raise failure
        return answer


class _NotUnderstood(RemoteUnavailable):
    """HTTP 200 with something else than what the platform's pages promise."""


def _read(model: type[M], answer: httpx.Response) -> M:
    try:
        return model.model_validate_json(answer.content)
    except ValidationError as error:
        raise _NotUnderstood(f"no {model.__name__} in the answer") from error


def _done(answer: httpx.Response) -> None:
    # 204 is the only success of the votes resource; a page in its place is a proxy's, or a login.
    if answer.status_code != 204:
        raise _NotUnderstood(f"HTTP {answer.status_code} where 204 belongs")


def _failure(status: int, headers: httpx.Headers) -> Exception | None:
    """Return what a status means, None for success. The body is not read: it is localized."""
    if 200 <= status < 300:
        return None
    pause = asked_for(headers)
    if status == 429:
        return RemoteBusy(headers.get("RateLimit-Reason", ""), pause or _DEFAULT_PAUSE)
    if status == 401:
        return CredentialRefused(status)
    if status == 403:
        return NotAllowed(status)
    if status == 404:
        return NotFound(status)
    # A redirect leads to a login page or a maintenance page, never to the answer.
    if status >= 500 or status < 400 or status == 408:
        return RemoteUnavailable(f"HTTP {status}", pause)
    return RemoteError(status)
