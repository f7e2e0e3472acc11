"""Atlassian's sign-in (OAuth 2.0, 3LO): where people allow it, and tokens for what they allowed.

Source: developer.atlassian.com, "OAuth 2.0 (3LO) apps". It names no PKCE: the app has a secret.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpx
from pydantic import BaseModel, TypeAdapter

from pollbot.errors import AccountRefused, JiraUnavailable
from pollbot.jira.answers import NotUnderstood, failure, read
from pollbot.web.calls import NEVER_LEFT, call
from pollbot.web.watched import Watch, unwatched, watched

log = logging.getLogger(__name__)

SCOPES = ("read:jira-user", "read:jira-work", "write:jira-work", "offline_access")


@dataclass(frozen=True, slots=True)
class Tokens:
    """An access token, for how many seconds, and the refresh token for the next one."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    lives: float


@dataclass(frozen=True, slots=True)
class Allowed:
    """A site that somebody chose at their consent."""

    cloud_id: str
    url: str


class _Tokens(BaseModel):
    access_token: str
    refresh_token: str
    expires_in: float


class _Site(BaseModel):
    id: str
    url: str


class _Refusal(BaseModel):
    error: str = ""


class Atlassian:
    """The app that people allow to act as them, as it is registered at Atlassian.

    ``back`` is the address to which Atlassian sends their browsers.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        auth_url: str,
        api_url: str,
        client: tuple[str, str],
        back: str,
    ) -> None:
        self._http = http
        self._auth_url = auth_url
        self._api_url = api_url
        self._id, self._secret = client
        self._back = back
        self.watch: Watch = unwatched

    def consent_url(self, state: str) -> str:
        """Return where a person allows it; ``state`` comes back with their answer."""
        asked = {
            "audience": "api.atlassian.com",
            "client_id": self._id,
            "scope": " ".join(SCOPES),
            "redirect_uri": self._back,
            "state": state,
            "response_type": "code",
            "prompt": "consent",
        }
        return f"{self._auth_url}/authorize?{urlencode(asked)}"

    async def exchange(self, code: str) -> Tokens:
        """Return the first tokens. Raises AccountRefused and JiraUnavailable."""
        return await self._tokens(
            {"grant_type": "authorization_code", "code": code, "redirect_uri": self._back}
        )

    async def refresh(self, token: str) -> Tokens:
        """Return the next tokens; the refresh token is spent by it.

        Raises AccountRefused where what was allowed is over, and JiraUnavailable.
        """
        return await self._tokens({"grant_type": "refresh_token", "refresh_token": token})

    async def sites(self, access: str) -> list[Allowed]:
        """Return the sites that were chosen at the consent."""
        answer = await self._ask(
            "GET",
            f"{self._api_url}/oauth/token/accessible-resources",
            headers={"Authorization": f"Bearer {access}"},
        )
        if (refused := failure(answer)) is not None:
            raise refused
        try:
            found = _SITES.validate_json(answer.content)
        except ValueError as error:
            raise NotUnderstood("no sites in the answer") from error
        return [Allowed(one.id, one.url.rstrip("/")) for one in found]

    async def _tokens(self, asked: dict[str, str]) -> Tokens:
        own = {"client_id": self._id, "client_secret": self._secret}
        answer = await self._ask("POST", f"{self._auth_url}/oauth/token", json=asked | own)
        if answer.status_code in (400, 401, 403):
            # Only this one says that asking again is of no use; a wrong secret is the operator's.
            said = read(_Refusal, answer).error
            if said == "invalid_grant":
                raise AccountRefused
            if said == "invalid_client":
                log.error(
                    "POLLBOT_JIRA_CLIENT_ID, POLLBOT_JIRA_CLIENT_SECRET: Atlassian takes none"
                )
            raise JiraUnavailable(f"HTTP {answer.status_code} from Atlassian's sign-in")
        if (refused := failure(answer)) is not None:
            raise refused
        found = read(_Tokens, answer)
        return Tokens(found.access_token, found.refresh_token, found.expires_in)

    async def _ask(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        json: object = None,
    ) -> httpx.Response:
        with watched(self.watch, f"{method} {url.rpartition('/')[2]}") as seen:
            try:
                answer = await call(self._http, method, url, headers=headers, json=json)
            except httpx.HTTPError as error:
                left = not isinstance(error, NEVER_LEFT)
                raise JiraUnavailable(type(error).__name__, perhaps=left) from error
            seen.failure = failure(answer)
        return answer


_SITES = TypeAdapter(Sequence[_Site])
