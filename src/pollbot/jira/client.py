"""Jira Cloud, as the person whose credential is given. Keeps nothing."""

import base64
import itertools
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import httpx

from pollbot.errors import (
    AccountRefused,
    JiraError,
    JiraUnavailable,
    NotAllowed,
    NotFound,
    PageNotFound,
    SiteMoved,
)
from pollbot.jira.answers import (
    ISSUE_FIELDS,
    LINKS,
    Check,
    CommentBody,
    CommentsBody,
    CountBody,
    IssueBody,
    Myself,
    NotUnderstood,
    PageBody,
    Permissions,
    PickerBody,
    SearchBody,
    Tenant,
    VotesBody,
    done,
    elsewhere,
    failure,
    given_to,
    read,
    says_something,
    words,
)
from pollbot.jira.issues import Issue, Suggested, Told, is_key
from pollbot.jira.jql import Found
from pollbot.jira.refusals import BadJql
from pollbot.people import Account
from pollbot.web.calls import DEADLINE, NEVER_LEFT, call
from pollbot.web.watched import Watch, unwatched, watched

log = logging.getLogger(__name__)

# The words in the paths of what is called here; between them stand keys and ids.
_RESOURCES = {
    *("issue", "votes", "watchers", "comment", "mypermissions", "myself", "search", "jql"),
    *("approximate-count", "picker", "tenant_info", "pages", "content", "permission", "check"),
}
_CLOUD_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_MOST_PAGES = 10
# Without a restriction Jira takes no JQL for a search any more.
_OPEN = "resolution IS EMPTY ORDER BY created DESC"
_COMMENTS_READ = 100


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

    def __init__(
        self, http: httpx.AsyncClient, site: str, gateway: str, *, deadline: float = DEADLINE
    ) -> None:
        self.site = site
        self.moved_to: str | None = None
        """Where the site's address leads now, as far as its last answer told."""
        self.hear: Callable[[Told, Account | None], Awaitable[None]] = _to_nobody
        """Is told the ids and keys of issues before anybody hears of the issues themselves."""
        self.count: Callable[[Sequence[Issue]], Awaitable[None]] = _by_nobody
        """Is told of issues how many votes they have, as far as Jira said so."""
        self.header: Callable[[str, str], Awaitable[str]] = _as_it_is
        """Gives the Authorization header of a credential, another one than was just rejected."""
        self.watch: Watch = unwatched
        self._numbers = itertools.count()
        self._deadline = deadline
        self._http = http
        self._gateway = gateway

    async def sign_in(self, email: str, token: str) -> Account:
        """Return the account of an e-mail and token, tried on the site and then on the gateway.

        Tokens with scopes work only at the gateway, under the site's cloud id;
        those without work only on the site (support.atlassian.com, "Manage API
        tokens"). Raises AccountRefused if neither knows them, or if the site refuses
        them and the gateway cannot be asked.
        """
        credential = basic(email, token)
        try:
            return await self._myself(self.site, credential)
        except (AccountRefused, NotAllowed, NotFound) as refused:
            cloud_id = await self._cloud_id()
            if cloud_id is None:
                raise AccountRefused from refused
            try:
                return await self._myself(f"{self._gateway}/ex/jira/{cloud_id}", credential)
            except (NotAllowed, NotFound) as error:
                raise AccountRefused from error
            except (JiraUnavailable, SiteMoved) as error:
                raise AccountRefused(gateway_silent=True) from error

    async def signed_in(self, cloud_id: str, header: str) -> Account:
        """Return whose Authorization header that is at the gateway to a site.

        Raises AccountRefused, JiraError and JiraUnavailable.
        """
        return await self._myself(f"{self._gateway}/ex/jira/{cloud_id}", header)

    async def issue(
        self, key: str, account: Account | None, *, voters: bool = False, known: bool = False
    ) -> Issue:
        """Return the issue as this account sees it, under its present key.

        ``known``: Jira took something of this account just now, so it still knows it. Raises
        NotFound for one that is missing or hidden.
        """
        body = await self._issue(key, account, ISSUE_FIELDS, known=known)
        votes = body.fields.votes.votes
        return body.issue(await self._voters(key, account, votes) if voters else None)

    async def with_duplicated(self, key: str, account: Account) -> tuple[Issue, tuple[str, ...]]:
        """Return the issue, and the keys of those that it is linked as a duplicate of.

        Only such as this account may see are told.
        """
        body = await self._issue(key, account, (*ISSUE_FIELDS, LINKS))
        return body.issue(), body.duplicated()

    async def search(self, jql: str, account: Account, limit: int) -> Found:
        """Return the first ``limit`` issues that JQL finds, as this account sees them.

        Raises BadJql with Jira's own words if it does not take the query. Source:
        developer.atlassian.com, Jira Cloud REST v3, "Issue search".
        """
        found: dict[str, Issue] = {}
        token: str | None = None
        for _ in range(_MOST_PAGES):
            number = next(self._numbers)
            page = await self._found_page(jql, account, limit - len(found), token)
            if told := _keys(page.issues):
                # What a search finds is consistent only in the end.
                await self.hear(Told(self.site, told, number, may_lag=True), account)
            issues = {body.key: body.issue() for body in page.issues}
            await self.count([issues[body.key] for body in page.issues if body.tells_votes])
            found |= issues
            token = page.nextPageToken
            if token is None or len(found) >= limit:
                break
        total = await self._count(jql, account, len(found) + 1) if token else len(found)
        return Found(tuple(found.values())[:limit], total)

    async def suggest(self, text: str, account: Account) -> list[Suggested]:
        """Return issues that this account may mean by the beginning of a word, the likeliest first.

        First come those that it made, edited or looked at, then any that are open. ``text`` is
        sought, and never read as JQL. Source: developer.atlassian.com, Jira Cloud REST v3, "Get
        issue picker suggestions".
        """
        asked = {"query": text, "currentJQL": _OPEN, "showSubTasks": "true"}
        answer = await self._send("GET", "/rest/api/3/issue/picker", account, params=asked)
        found = [one for part in read(PickerBody, answer).sections for one in part.issues]
        by_key = {one.key: one.summaryText for one in reversed(found) if is_key(one.key)}
        return [Suggested(self.site, key, by_key[key]) for key in reversed(by_key)]

    async def voting_is_on(self, key: str, account: Account) -> bool:
        """Return whether an issue that this account can see takes votes at all.

        With the site's option off, the votes resource answers 404 for every verb. True where the
        token's scopes leave it out to read who voted, see ``_voters``.
        """
        try:
            await self._send("GET", f"{_of_issue(key)}/votes", account)
        except NotFound:
            return False
        except AccountRefused:
            await self._myself(account.base_url, account.credential)
        return True

    async def vote(self, key: str, account: Account) -> None:
        """Vote as this account; voting twice is the same as voting once."""
        done(await self._send("POST", f"{_of_issue(key)}/votes", account, known=True))

    async def withdraw(self, key: str, account: Account) -> None:
        """Withdraw this account's vote. Cloud answers 204 where there was none, too."""
        done(await self._send("DELETE", f"{_of_issue(key)}/votes", account, known=True))

    async def watch_issue(self, key: str, account: Account) -> None:
        """Have this account watch the issue; doing it twice is the same as doing it once.

        Source: developer.atlassian.com, Jira Cloud REST v3, "Add watcher": the body is the account
        id, as a JSON string. Raises NotAllowed also for a token whose scopes leave that out.
        """
        await self._watchers("POST", key, account, json=account.account_id)

    async def unwatch_issue(self, key: str, account: Account) -> None:
        """Have this account watch the issue no more; doing it twice is the same as doing it once.

        Source: the same, "Delete watcher": of oneself it takes no more than to see the issue.
        Raises NotAllowed as ``watch_issue`` does.
        """
        await self._watchers("DELETE", key, account, params={"accountId": account.account_id})

    async def _watchers(
        self,
        method: str,
        key: str,
        account: Account,
        params: dict[str, str] | None = None,
        json: object = None,
    ) -> None:
        path = f"{_of_issue(key)}/watchers"
        try:
            done(await self._send(method, path, account, params, json, known=True))
        except AccountRefused as error:
            # The gateway answers 401 for scopes that are missing and for a dead token alike.
            await self._myself(account.base_url, account.credential)
            raise NotAllowed(401) from error

    async def may_edit(self, key: str, account: Account) -> bool:
        """Return whether this account has *Edit* on the issue."""
        return await self.may(key, "EDIT_ISSUES", account)

    async def may(self, key: str, permission: str, account: Account) -> bool:
        """Return whether this account has the permission on the issue, such as ADD_COMMENTS.

        Raises NotFound for an issue that is missing or hidden.
        """
        answer = await self._send(
            "GET",
            "/rest/api/3/mypermissions",
            account,
            params={"issueKey": key, "permissions": permission},
        )
        found = read(Permissions, answer).permissions.get(permission)
        return found is not None and found.havePermission

    async def add_comment(self, key: str, body: dict[str, Any], account: Account) -> str:
        """Write a comment, an ADF document, on the issue; return its id.

        Doing it twice makes two: after JiraUnavailable it may be there, see
        ``find_comment``. Raises NotAllowed without *Add comments*.
        """
        path = f"{_of_issue(key)}/comment"
        answer = await self._send("POST", path, account, json={"body": body}, known=True)
        return read(CommentBody, answer).id

    async def edit_comment(
        self, key: str, comment_id: str, body: dict[str, Any], account: Account
    ) -> None:
        """Replace a comment; doing it twice is the same as doing it once.

        Raises NotFound for one that was deleted, and NotAllowed for one that this
        account may not edit.
        """
        path = f"{_of_issue(key)}/comment/{comment_id}"
        try:
            read(CommentBody, await self._send("PUT", path, account, json={"body": body}))
        except JiraError as error:
            # Jira answers 400, not 403, where the permission to edit is missing.
            if error.status == 400:
                raise NotAllowed(error.status) from error
            raise

    async def find_comment(self, key: str, marker: str, account: Account) -> str | None:
        """Return the id of the newest comment by this account whose text ends with ``marker``.

        Only its end is ours: a question in it may repeat the marker of another poll.
        Looks through the newest hundred of the issue; None if it is not among them.
        """
        answer = await self._send(
            "GET",
            f"{_of_issue(key)}/comment",
            account,
            params={"orderBy": "-created", "startAt": "0", "maxResults": str(_COMMENTS_READ)},
        )
        for comment in read(CommentsBody, answer).comments:
            mine = comment.author is not None and comment.author.accountId == account.account_id
            if mine and comment.ends_with(marker):
                return comment.id
        return None

    async def page(self, page_id: str, account: Account) -> PageSeen:
        """Return a Confluence page as this account sees it. Raises PageNotFound if it is hidden."""
        if not (page_id.isascii() and page_id.isdigit()):
            raise PageNotFound
        try:
            answer = await self._send(
                "GET", f"/wiki/api/v2/pages/{page_id}", _at_confluence(account)
            )
        except NotFound as error:
            raise PageNotFound from error
        page = read(PageBody, answer)
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
        return read(Check, answer).hasPermission

    async def _issue(
        self, key: str, account: Account | None, fields: Iterable[str], *, known: bool = False
    ) -> IssueBody:
        path, number = _of_issue(key), next(self._numbers)
        asked_for = {"fields": ",".join(fields)}
        try:
            answer = await self._send("GET", path, account, params=asked_for, known=known)
        except NotFound as error:
            raise NotFound(error.status, key if is_key(key) else "") from error
        body = read(IssueBody, answer)
        if told := _keys([body]):
            asked = key if is_key(key) and key != body.key else None
            await self.hear(Told(self.site, told, number, asked), account)
        if body.tells_votes:
            await self.count([body.issue()])
        return body

    async def _found_page(
        self, jql: str, account: Account, limit: int, token: str | None
    ) -> SearchBody:
        asked: dict[str, object] = {"jql": jql, "fields": ISSUE_FIELDS, "maxResults": limit}
        if token is not None:
            asked["nextPageToken"] = token
        answer = await self._ask("POST", "/rest/api/3/search/jql", account, json=asked)
        if answer.status_code == 400 and (said := words(answer)):
            raise BadJql(said)
        return read(SearchBody, _successful(answer))

    async def _count(self, jql: str, account: Account, least: int) -> int:
        """Return about how many issues there are; ``least`` if Jira does not tell."""
        path = "/rest/api/3/search/approximate-count"
        try:
            answer = await self._send("POST", path, account, json={"jql": jql})
            return max(least, read(CountBody, answer).count)
        except (JiraError, JiraUnavailable):
            return least

    async def _voters(
        self, key: str, account: Account | None, votes: int
    ) -> tuple[str, ...] | None:
        # Jira hides names by sending none of them; the count stays right.
        try:
            path = f"{_of_issue(key)}/votes"
            answer = await self._send("GET", path, account, known=True)
        except (AccountRefused, JiraError):
            # A token with granular scopes may read issues, but not who voted.
            return None
        names = tuple(voter.displayName for voter in read(VotesBody, answer).voters)
        return names if names or votes == 0 else None

    async def _myself(self, base_url: str, credential: str) -> Account:
        asking = Account("", "", base_url, credential)
        me = read(Myself, await self._send("GET", "/rest/api/3/myself", asking, known=True))
        return Account(me.accountId, me.displayName or me.accountId, base_url, credential)

    async def _cloud_id(self) -> str | None:
        """Return the site's cloud id; None where there is none, as on a server of one's own."""
        try:
            answer = await self._send("GET", "/_edge/tenant_info", None)
            cloud_id = read(Tenant, answer).cloudId
        except (JiraError, NotUnderstood):
            return None
        return cloud_id if _CLOUD_ID.fullmatch(cloud_id) else None

    async def _send(
        self,
        method: str,
        path: str,
        account: Account | None,
        params: dict[str, str] | None = None,
        json: object = None,
        *,
        known: bool = False,
    ) -> httpx.Response:
        """Send one request; return only successful answers."""
        return _successful(await self._ask(method, path, account, params, json, known=known))

    async def _ask(
        self,
        method: str,
        path: str,
        account: Account | None,
        params: dict[str, str] | None = None,
        json: object = None,
        *,
        known: bool = False,
    ) -> httpx.Response:
        """Send one request; return whatever is answered to this account.

        Raises AccountRefused for an answer given to nobody. Where the answer does not say to
        whom it was given, since a proxy took the headers, Jira is asked whether it still knows
        the account; not where that is ``known``, or would show by itself.
        """
        base = self.site if account is None else account.base_url
        answer = await self._call(method, base + path, account, params, json)
        if base == self.site:
            self._look_where(answer)
        if account is not None and says_something(answer):
            given = given_to(answer, account.account_id)
            # The gateway lets nobody in without an account, and answers 401 by itself.
            at_the_site = account.base_url == self.site
            if given is False:
                raise AccountRefused
            if given is None and at_the_site and not known:
                await self._myself(account.base_url, account.credential)
        return answer

    async def _call(
        self,
        method: str,
        url: str,
        account: Account | None,
        params: dict[str, str] | None,
        json: object,
    ) -> httpx.Response:
        """Send it with the account's header; once more if that was over before its time.

        What is answered with 401 has done nothing.
        """
        rejected = ""
        while True:
            headers = {}
            if account is not None:
                headers["Authorization"] = await self.header(account.credential, rejected)
            with watched(self.watch, _resource(method, url)) as seen:
                try:
                    answer = await call(
                        self._http,
                        method,
                        url,
                        within=self._deadline,
                        params=params,
                        headers=headers,
                        json=json,
                    )
                except httpx.HTTPError as error:
                    left = not isinstance(error, NEVER_LEFT)
                    raise JiraUnavailable(type(error).__name__, perhaps=left) from error
                seen.failure = failure(answer)
            if account is None or headers["Authorization"] == account.credential:
                return answer
            if answer.status_code != 401 or rejected:
                # Who signed in allowed Jira, and not what stands beside it.
                if answer.status_code == 401 and "/ex/confluence/" in url:
                    raise NotAllowed(401)
                return answer
            rejected = headers["Authorization"]

    def _look_where(self, answer: httpx.Response) -> None:
        host = elsewhere(answer)
        if host is not None and host != self.moved_to:
            log.error(
                "POLLBOT_JIRA_URL: %s leads to %s now; no token is sent there", self.site, host
            )
        self.moved_to = host


def _of_issue(key: str) -> str:
    """Return the path of an issue, by its key or id. Raises NotFound for what is neither.

    What a button remembers, and whatever else names one, becomes part of an address here.
    """
    if not (key.isascii() and (key.isdigit() or is_key(key.upper()))):
        raise NotFound
    return f"/rest/api/3/issue/{key}"


def _resource(method: str, url: str) -> str:
    """Return what is called, without site, key or id: ``POST issue/votes``."""
    return f"{method} {'/'.join(part for part in url.split('/') if part in _RESOURCES)}"


def _keys(bodies: Iterable[IssueBody]) -> tuple[tuple[str, str], ...]:
    return tuple((body.id, body.key) for body in bodies if body.id and is_key(body.key))


async def _as_it_is(credential: str, rejected: str) -> str:
    return credential


async def _to_nobody(told: Told, account: Account | None) -> None:
    """Keep nothing."""


async def _by_nobody(issues: Sequence[Issue]) -> None:
    """Keep nothing."""


def _successful(answer: httpx.Response) -> httpx.Response:
    failed = failure(answer)
    if failed is not None:
        raise failed
    return answer
