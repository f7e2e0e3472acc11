"""A Jira Cloud site, pretended: its votes, its issues, and the Atlassian gateway before them.

What it answers follows the Jira Cloud REST v3 description. The gateway lives on the same server,
under ``/ex/jira/{cloudId}``, as it does on api.atlassian.com.
"""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit

from aiohttp import web

from pollbot.sandbox.faults import ABOUT, Faults
from pollbot.sandbox.jira import (
    about_itself,
    comments,
    confluence,
    issues,
    picker,
    search,
    votes,
    watchers,
)
from pollbot.sandbox.jira.calls import (
    Asked,
    JiraCall,
    refused_at_the_gateway,
)
from pollbot.sandbox.jira.consent import Consents
from pollbot.sandbox.jira.limits import CALLS_PER_SECOND_OTHERWISE, too_many
from pollbot.sandbox.jira.page import consent_page, issue_page
from pollbot.sandbox.jira.people import (
    JiraPerson,
)
from pollbot.sandbox.jira.site import Answering, Site
from pollbot.sandbox.serving import Served


class JiraStandIn(Site, Served):
    """The site on a server of its own, or within another one.

    ``faults`` knows the calls by these names: ``GET myself``, ``GET issue``, ``GET votes``,
    ``POST votes``, ``DELETE votes``, ``POST watchers``, ``DELETE watchers``,
    ``GET mypermissions``, ``GET search``, ``POST search``, ``POST count``, ``GET comments``,
    ``POST comment``, ``PUT comment``, ``GET tenant_info``,
    ``GET picker``, ``GET page``, ``GET space``, ``POST permission``, ``GET serverInfo``,
    ``GET configuration``, ``GET field``; through the gateway they are the same. Those of
    Atlassian's sign-in are ``POST token`` and ``GET resources``. ``other_sites`` are addresses by
    cloud id, of sites that people may choose at their consent, too; ``behind`` are stand-ins of
    sites, by cloud id, that are reached through this one's gateway, and know the same consents.
    """

    def __init__(self, *, now: Callable[[], float] = time.time) -> None:
        super().__init__(now=now)
        self.headers_arrive = True
        self.other_sites: dict[str, str] = {}
        self.behind: dict[str, JiraStandIn] = {}
        self.calls: list[JiraCall] = []
        self.faults = Faults(
            rate_limited=lambda: too_many(
                self.now(), 1, "jira-burst-based", CALLS_PER_SECOND_OTHERWISE
            )
        )
        self.consents = Consents(now)
        self.app = web.Application()
        self._add_routes()

    def heard_last(self) -> list[str]:
        """Return its last calls, in short."""
        return [f"{call.method} {call.path} {call.status}" for call in self.calls[-10:]]

    # The server

    def _add_routes(self) -> None:
        endpoints: list[tuple[str, str, Answering]] = [
            *picker.ENDPOINTS,
            *issues.ENDPOINTS,
            *votes.ENDPOINTS,
            *watchers.ENDPOINTS,
            *comments.ENDPOINTS,
            *search.ENDPOINTS,
            *about_itself.ENDPOINTS,
        ]
        router = self.app.router
        served = [("jira", name, f"/rest/api/3{path}", how) for name, path, how in endpoints]
        served += [("confluence", *endpoint) for endpoint in confluence.ENDPOINTS]
        for product, name, path, answering in served:
            for prefix in ("", f"/ex/{product}/{{cloud_id}}"):
                router.add_route(name.split()[0], prefix + path, self._endpoint(name, answering))
        router.add_get("/_edge/tenant_info", self._endpoint("GET tenant_info", issues.tenant_info))
        router.add_get("/authorize", self._authorize)
        router.add_post("/oauth/token", self._give_tokens)
        router.add_get("/oauth/token/accessible-resources", self._tell_sites)
        router.add_get("/browse/{key}", self._browse)
        for path in ("", "/{title}"):
            router.add_get(f"/wiki/spaces/{{space}}/pages/{{id}}{path}", self._read_page)

    def _endpoint(
        self, name: str, answering: Answering
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            behind = self.behind.get(request.match_info.get("cloud_id", ""))
            if behind is not None:
                return await behind._endpoint(name, answering)(request)
            person, scopes = self._caller(request)
            body = await request.text()
            request[ABOUT] = f"{request.path} {person.account_id if person else ''}"
            asked = Asked(request, name, person, scopes, body)
            response = await self.carried_out(name, request, lambda: self._answer(asked, answering))
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
            self.changed()
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
        if scheme.lower() == "bearer" and "cloud_id" in request.match_info:
            grant = self.consents.holder(encoded)
            if grant is None or request.match_info["cloud_id"] not in grant.sites:
                return None, None
            return self.people[grant.account_id], grant.scopes
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

    async def _authorize(self, request: web.Request) -> web.Response:
        if not self.consents.signed_in and "as" not in request.query:
            return consent_page(self, request.path_qs)
        return self.consents.authorize(dict(request.query), self.cloud_id)

    async def _give_tokens(self, request: web.Request) -> web.Response:
        try:
            asked = await request.json()
        except ValueError:
            asked = None
        return await self.carried_out("POST token", request, lambda: self.consents.tokens(asked))

    async def _tell_sites(self, request: web.Request) -> web.Response:
        _, _, token = request.headers.get("Authorization", "").partition(" ")
        grant = self.consents.holder(token)

        def sites() -> web.Response:
            if grant is None:
                return web.json_response({"code": 401, "message": "Unauthorized"}, status=401)
            known = {self.cloud_id: self.site_url} | self.other_sites
            return web.json_response(
                [
                    {"id": site, "url": known[site], "name": known[site], "scopes": [*grant.scopes]}
                    for site in grant.sites
                ]
            )

        return await self.carried_out("GET resources", request, sites)

    async def _browse(self, request: web.Request) -> web.Response:
        return issue_page(self, self.find(request.match_info["key"]))

    async def _read_page(self, request: web.Request) -> web.Response:
        return confluence.page_page(self.confluence.pages.get(request.match_info["id"]))


def _whose_answer(request: web.Request, person: JiraPerson | None) -> dict[str, str]:
    """Return the headers that say to whom the answer was given, as Cloud sends them.

    Sources: MrRefactoring/jira.js#418; Jira Cloud REST v3, "Special headers".
    """
    if person is not None:
        return {"X-AAccountId": quote(person.account_id, safe="")}
    if "Authorization" in request.headers and "cloud_id" not in request.match_info:
        return {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
    return {}
