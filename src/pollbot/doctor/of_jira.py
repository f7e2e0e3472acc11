"""What is looked at in Jira: whether the site is there, under this name, and has voting.

Sources: developer.atlassian.com, Jira Cloud REST v3, "Server info", which anybody may ask, and
"Jira settings" (``votingEnabled``), which Jira tells to whoever may use it. So it is read as people
who have connected, as any card is; nothing is written.
"""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from pollbot.doctor import findings as found
from pollbot.doctor.asking import Answer, Clock, ask, why
from pollbot.jira.answers import elsewhere
from pollbot.settings import Settings

_MOST_ASKED = 3
_CONFIGURATION = "/rest/api/3/configuration"


@dataclass(frozen=True, slots=True)
class Reader:
    """An account that may be asked as: where its credential works, and the whole header.

    ``site`` is the one that it is of.
    """

    base_url: str
    credential: str = field(repr=False)
    site: str = ""


class JiraLook:
    """Asks Jira; ``off_by`` is what its answers told of the clock."""

    def __init__(self, http: httpx.AsyncClient, settings: Settings, clock: Clock) -> None:
        self._http = http
        self._sites = [site.url for site in settings.jira_sites]
        self._gateway = settings.atlassian_api_url
        self._sign_in = settings.atlassian_auth_url if settings.jira_client_id else None
        self._clock = clock
        self.off_by: float | None = None

    async def findings(self, readers: Sequence[Reader]) -> list[found.Finding]:
        """Return what is to be said of Jira; ``readers`` are tried one after the other."""
        return [one async for one in self._findings(readers)]

    async def _findings(self, readers: Sequence[Reader]) -> AsyncIterator[found.Finding]:
        for site in self._sites:
            wrong = await self._site_is_wrong(site)
            if wrong is not None:
                yield wrong
            else:
                yield found.JiraThere(site)
                yield await self._voting(site, [one for one in readers if one.site == site])
        try:
            await ask(self._http, "GET", self._gateway, self._clock)
        except httpx.HTTPError as error:
            yield found.GatewayAway(why(error))
        if self._sign_in is not None:
            try:
                await ask(self._http, "GET", self._sign_in, self._clock)
            except httpx.HTTPError as error:
                yield found.SignInAway(why(error))

    async def _site_is_wrong(self, site: str) -> found.Finding | None:
        try:
            answer = await self._ask(site, "/rest/api/3/serverInfo")
        except httpx.HTTPError as error:
            return found.JiraAway(site, why(error))
        status = answer.response.status_code
        if (to := elsewhere(answer.response)) is not None:
            return found.JiraMoved(site, to)
        if status in (408, 429) or status >= 500:
            return found.JiraAway(site, f"HTTP {status}")
        # A site that is closed to everybody else asks who it is, for whatever is asked.
        if status in (401, 403) or "baseUrl" in _object(answer):
            return None
        return found.NoJira(site, status)

    async def _voting(self, site: str, readers: Sequence[Reader]) -> found.Finding:
        tried = [Reader(site, ""), *readers[:_MOST_ASKED]]
        named = site if len(self._sites) > 1 else ""
        for reader in tried:
            try:
                answer = await self._ask(reader.base_url, _CONFIGURATION, reader.credential)
            except httpx.HTTPError:
                continue
            enabled = _object(answer).get("votingEnabled")
            if answer.response.status_code == 200 and isinstance(enabled, bool):
                return found.VotingOn(named) if enabled else found.VotingOff(named)
        return found.VotingUnknown(len(tried) - 1, named)

    async def _ask(self, base: str, path: str, credential: str = "") -> Answer:
        answer = await ask(self._http, "GET", f"{base}{path}", self._clock, credential)
        if answer.off_by is not None:
            self.off_by = answer.off_by
        return answer


def _object(answer: Answer) -> dict[str, Any]:
    try:
        body = json.loads(answer.response.content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
