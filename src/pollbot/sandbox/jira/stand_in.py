"""A Jira Cloud site, pretended: its votes, its issues, and the Atlassian gateway before them.

What it answers follows the Jira Cloud REST v3 description. The gateway lives on the same server,
under ``/ex/jira/{cloudId}``, as it does on api.atlassian.com.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import quote, urlsplit

from aiohttp import web

from pollbot.sandbox.faults import ABOUT, Faults
from pollbot.sandbox.jira import comments as jira_comments
from pollbot.sandbox.jira import confluence
from pollbot.sandbox.jira import search as jira_search
from pollbot.sandbox.jira import votes as jira_votes
from pollbot.sandbox.jira.calls import (
    Answering,
    Asked,
    JiraCall,
    refusal,
    refused_at_the_gateway,
)
from pollbot.sandbox.jira.limits import CALLS_PER_SECOND_OTHERWISE, Limits, too_many
from pollbot.sandbox.jira.page import issue_page
from pollbot.sandbox.jira.people import (
    CLASSIC_SCOPES,
    Comment,
    Issue,
    JiraPerson,
    issue_json,
    permissions_json,
    user_json,
)
from pollbot.sandbox.waiting import until

T = TypeVar("T")


class JiraStandIn:
    """Keeps votes the way Jira does: one per account and issue, always the caller's own.

    ``faults`` knows the calls by these names: ``GET myself``, ``GET issue``, ``GET votes``,
    ``POST votes``, ``DELETE votes``, ``GET mypermissions``, ``GET search``, ``POST search``,
    ``POST count``, ``GET comments``, ``POST comment``, ``PUT comment``, ``GET tenant_info``,
    ``GET page``, ``GET space``, ``POST permission``; through the gateway they are the same.
    """

    def __init__(self, *, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self.cloud_id = "7d1c3f5e-0000-4000-8000-5a4db0c5a4db"
        self.people: dict[str, JiraPerson] = {}
        self.issues: dict[str, Issue] = {}
        self.confluence = confluence.Confluence()
        self.voting_enabled = True
        self.reporters_may_vote = True
        self.anonymous_may_browse = False
        self.resolved_may_vote = False
        self.unvoted_delete_is_404 = False
        self.enforce_limits = True
        self.headers_arrive = True
        self.calls: list[JiraCall] = []
        self.on_change: list[Callable[[], None]] = []
        self.base_url = ""
        self.faults = Faults(
            rate_limited=lambda: too_many(
                self.now(), 1, "jira-burst-based", CALLS_PER_SECOND_OTHERWISE
            )
        )
        self._limits = Limits(now)
        self._ids = itertools.count(10001)
        self._runner: web.AppRunner | None = None
        self.app = web.Application()
        self._add_routes()

    @property
    def site_url(self) -> str:
        return self.base_url

    @property
    def gateway_url(self) -> str:
        """What stands for https://api.atlassian.com; ``/ex/jira/{cloudId}`` comes after it."""
        return self.base_url

    async def start(self, port: int = 0) -> None:
        """Serve on 127.0.0.1 and learn the address."""
        self._runner = web.AppRunner(self.app, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, bound = self._runner.addresses[0][:2]
        self.base_url = f"http://{host}:{bound}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def add_person(
        self,
        account_id: str,
        name: str,
        email: str,
        *,
        token: str | None = None,
        scoped_token: str | None = None,
        scopes: frozenset[str] = CLASSIC_SCOPES,
        projects: set[str] | None = None,
        may_edit: set[str] | None = None,
        may_comment: set[str] | None = None,
        sees_voters: bool = True,
        locale: str = "en_US",
    ) -> JiraPerson:
        """Add an account; ``projects`` limits what it may browse, ``None`` shows it everything.

        ``may_edit`` and ``may_comment`` limit the projects whose issues it may edit, and
        comment on, in the same way.
        """
        person = JiraPerson(
            account_id,
            name,
            email,
            projects=projects,
            may_edit=may_edit,
            may_comment=may_comment,
            sees_voters=sees_voters,
            locale=locale,
        )
        if token is not None:
            person.tokens[token] = None
        if scoped_token is not None:
            person.tokens[scoped_token] = scopes
        self.people[account_id] = person
        return person

    def add_issue(
        self,
        key: str,
        summary: str,
        *,
        reporter: str | None = None,
        status: str = "Open",
        category: str = "new",
        resolution: str | None = None,
        type: str = "Story",
        other_votes: int = 0,
        voters: set[str] | None = None,
        seen_by: set[str] | None = None,
    ) -> Issue:
        """Add an issue; ``other_votes`` count without being anybody known here."""
        issue = Issue(
            id=self.next_id(),
            key=key,
            summary=summary,
            type=type,
            status=status,
            category=category,
            resolution=resolution,
            reporter=reporter,
            voters=set(voters or ()),
            other_votes=other_votes,
            seen_by=seen_by,
        )
        self.issues[key] = issue
        return issue

    def move(self, key: str, new_key: str) -> None:
        """Give the issue a new key, as a move to another project does; the old one still leads."""
        issue = self.issues.pop(key)
        issue.old_keys.add(key)
        issue.key = new_key
        self.issues[new_key] = issue
        self._changed()

    def votes(self, key: str) -> int:
        """Return the issue's count, whatever anybody may see of it."""
        return self._found(key).votes

    def voters(self, key: str) -> list[JiraPerson]:
        """Return those who voted and have an account here, by name."""
        known = [self.people[who] for who in self._found(key).voters if who in self.people]
        return sorted(known, key=lambda person: person.name)

    def comments(self, key: str) -> list[Comment]:
        """Return the issue's comments, the oldest first, whoever may see them."""
        return list(self._found(key).comments)

    def name_of(self, account_id: str | None) -> str | None:
        """Return the name behind an account, if anybody's."""
        person = self.people.get(account_id or "")
        return person.name if person else None

    def revoke(self, account_id: str) -> None:
        """End all tokens of the account, as its owner or an admin can at any time."""
        self.people[account_id].tokens.clear()

    async def until(
        self,
        condition: Callable[[], T | None],
        timeout: float = 5.0,  # noqa: ASYNC109  it ends in a failed assertion that says what for
        what: str = "",
    ) -> T:
        """Wait until the condition holds and return what it gave; AssertionError after that."""

        def heard() -> str:
            last = [f"{call.method} {call.path} {call.status}" for call in self.calls[-10:]]
            return f"waited {timeout} s for {what or condition}; heard {last}"

        return await until(condition, timeout, self.now, heard)

    # The server

    def _add_routes(self) -> None:
        endpoints: list[tuple[str, str, Answering]] = [
            ("GET mypermissions", "/mypermissions", JiraStandIn._my_permissions),
            ("GET myself", "/myself", JiraStandIn._myself),
            ("GET issue", "/issue/{key}", JiraStandIn._issue),
            *jira_votes.ENDPOINTS,
            *jira_comments.ENDPOINTS,
            *jira_search.ENDPOINTS,
        ]
        router = self.app.router
        served = [("jira", name, f"/rest/api/3{path}", how) for name, path, how in endpoints]
        served += [("confluence", *endpoint) for endpoint in confluence.ENDPOINTS]
        for product, name, path, answering in served:
            for prefix in ("", f"/ex/{product}/{{cloud_id}}"):
                router.add_route(name.split()[0], prefix + path, self._endpoint(name, answering))
        router.add_get("/_edge/tenant_info", self._endpoint("GET tenant_info", _tenant_info))
        router.add_get("/browse/{key}", self._browse)
        for path in ("", "/{title}"):
            router.add_get(f"/wiki/spaces/{{space}}/pages/{{id}}{path}", self._read_page)

    def _endpoint(
        self, name: str, answering: Answering
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            person, scopes = self._caller(request)
            body = await request.text()
            request[ABOUT] = f"{request.path} {person.account_id if person else ''}"
            response = await self.faults.before(name, request)
            if response is None:
                response = self._answer(Asked(request, name, person, scopes, body), answering)
                self.faults.after(name, request)
            if self.headers_arrive:
                response.headers.update(_whose_answer(request, person))
            cut = request.transport is None or request.transport.is_closing()
            self.calls.append(
                JiraCall(
                    method=request.method,
                    path=request.path.removeprefix(urlsplit(self.base_url).path),
                    account_id=person.account_id if person else None,
                    status=0 if cut else response.status,
                    at=self.now(),
                )
            )
            self._changed()
            return response

        return answer

    def _answer(self, asked: Asked, answering: Answering) -> web.Response:
        if "cloud_id" in asked.request.match_info:
            refused = refused_at_the_gateway(asked, self.cloud_id)
            if refused is not None:
                return refused
        if self.enforce_limits and (late := self._limits.call(asked.name)) is not None:
            return late
        return answering(self, asked)

    def _caller(self, request: web.Request) -> tuple[JiraPerson | None, frozenset[str] | None]:
        """Return who is asking. Wrong credentials are nobody's: Cloud takes them as anonymous."""
        scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None, None
        try:
            email, _, token = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None, None
        at_the_gateway = "cloud_id" in request.match_info
        for person in self.people.values():
            if person.email.lower() == email.lower() and token in person.tokens:
                scopes = person.tokens[token]
                return (person, scopes) if at_the_gateway == (scopes is not None) else (None, None)
        return None, None

    # What it answers

    def _myself(self, asked: Asked) -> web.Response:
        if asked.person is None:
            return web.json_response(
                {
                    "message": "Client must be authenticated to access this resource.",
                    "status-code": 401,
                },
                status=401,
            )
        return web.json_response(
            user_json(asked.person, self.site_url)
            | {"emailAddress": asked.person.email, "locale": asked.person.locale}
        )

    def _issue(self, asked: Asked) -> web.Response:
        issue = self.visible(asked)
        if issue is None:
            return refusal(404, asked, "missing")
        return web.json_response(
            issue_json(
                issue,
                asked.person,
                people=self.people,
                site=self.site_url,
                asked=",".join(asked.request.query.getall("fields", [])).split(","),
            )
        )

    def _my_permissions(self, asked: Asked) -> web.Response:
        query = asked.request.query
        wanted = [one for one in query.get("permissions", "").split(",") if one]
        issue = self.visible(asked, query.get("issueKey") or query.get("issueId") or "")
        if issue is None:
            return refusal(404, asked, "missing")
        return permissions_json(issue, asked.person, wanted)

    async def _browse(self, request: web.Request) -> web.Response:
        return issue_page(self, self._find(request.match_info["key"]))

    async def _read_page(self, request: web.Request) -> web.Response:
        return confluence.page_page(self.confluence.pages.get(request.match_info["id"]))

    # What its parts ask for

    def visible(self, asked: Asked, key: str | None = None) -> Issue | None:
        """Return the issue, by default the one in the path, unless the caller may not see it."""
        issue = self._find(asked.request.match_info["key"] if key is None else key)
        return issue if issue is not None and self.shows(issue, asked.person) else None

    def shows(self, issue: Issue, person: JiraPerson | None) -> bool:
        """Return whether that person, or nobody, may see the issue."""
        if person is None:
            return self.anonymous_may_browse and issue.seen_by is None
        if person.projects is not None and issue.project not in person.projects:
            return False
        return issue.seen_by is None or person.account_id in issue.seen_by

    def too_many_writes(self, issue: Issue) -> web.Response | None:
        """Count one write to the issue; return the 429 when there were too many."""
        return self._limits.write(issue.id) if self.enforce_limits else None

    def next_id(self) -> str:
        """Return an id that nothing has yet."""
        return str(next(self._ids))

    def _find(self, id_or_key: str) -> Issue | None:
        wanted = id_or_key.upper()
        if wanted in self.issues:
            return self.issues[wanted]
        for issue in self.issues.values():
            if wanted == issue.id or wanted in issue.old_keys:
                return issue
        return None

    def _found(self, key: str) -> Issue:
        issue = self._find(key)
        if issue is None:
            raise KeyError(key)
        return issue

    def _changed(self) -> None:
        for tell in self.on_change:
            tell()


def _whose_answer(request: web.Request, person: JiraPerson | None) -> dict[str, str]:
    """Return the headers that say to whom the answer was given, as Cloud sends them.

    Sources: MrRefactoring/jira.js#418; Jira Cloud REST v3, "Special headers".
    """
    if person is not None:
        return {"X-AAccountId": quote(person.account_id, safe="")}
    if "Authorization" in request.headers and "cloud_id" not in request.match_info:
        return {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
    return {}


def _tenant_info(jira: JiraStandIn, asked: Asked) -> web.Response:
    return web.json_response({"cloudId": jira.cloud_id})
