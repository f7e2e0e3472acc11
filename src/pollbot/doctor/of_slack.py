"""What is looked at in Slack: both tokens, their scopes, whose they are, and the way to it.

Sources: docs.slack.dev, auth.test, bots.info, apps.connections.open, "Scopes". No WebSocket is
opened: Slack gives each envelope to one connection, and the doctor would take it away.
"""

import asyncio
import json
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from pollbot.doctor import findings as found
from pollbot.doctor.asking import Answer, Clock, OddAnswerError, ask, why
from pollbot.settings import Settings
from pollbot.text.manifest import OPTIONAL, SCOPES, is_unfurled

_BUSY = {"ratelimited", "rate_limited"}
_OF_LINKS = {"links:read", "links:write"}
_CONNECT = 5.0
_SECRET = 32
_CODE = re.compile(r"[a-z0-9_.:-]{1,80}", re.ASCII)
_APP = re.compile(r"A[A-Z0-9]{2,30}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Told:
    """What Slack answered; ``code`` is its error string, empty where it is content."""

    body: dict[str, Any]
    headers: httpx.Headers
    off_by: float | None

    @property
    def code(self) -> str:
        if self.body.get("ok") is True:
            return ""
        code = str(self.body.get("error") or "")
        return code if _CODE.fullmatch(code) else "an answer that is not understood"


class SlackLook:
    """Asks Slack; ``off_by`` is what its answers told of the clock."""

    def __init__(self, http: httpx.AsyncClient, settings: Settings, clock: Clock) -> None:
        self._http = http
        self._settings = settings
        self._clock = clock
        self.off_by: float | None = None

    async def findings(self) -> list[found.Finding]:
        """Return what is to be said of Slack."""
        return [one async for one in self._findings()]

    async def _findings(self) -> AsyncIterator[found.Finding]:
        # Without a token of its own, each workspace has one; then Slack is asked for nothing.
        token = self._settings.own_token or ""
        try:
            told = await self._ask("auth.test" if token else "api.test", token)
        except httpx.HTTPError as error:
            yield found.SlackAway(why(error))
        else:
            app = ""
            if not token:
                pass
            elif told.code in _BUSY:
                yield found.SlackBusy("the bot token")
            elif told.code:
                yield found.BotTokenRefused(told.code)
            else:
                yield found.BotTokenTaken(f"{told.body.get('team')} ({told.body.get('team_id')})")
                for one in _scopes(told.headers.get("x-oauth-scopes")):
                    yield one
                for one in _links(told.headers.get("x-oauth-scopes"), self._settings):
                    yield one
                app = await self._app(token, str(told.body.get("bot_id") or ""))
            if self._settings.slack_app_token is not None:
                async for one in self._sockets(
                    self._settings.slack_app_token.get_secret_value(), app
                ):
                    yield one
        if not self._settings.socket_mode and self._settings.slack_signing_secret is not None:
            yield _secret(self._settings.slack_signing_secret.get_secret_value())
        if self._settings.many_workspaces:
            listed = len(self._settings.workspaces)
            yield found.WorkspacesMayInstall(listed) if listed else found.NobodyMayInstall()

    async def _app(self, token: str, bot: str) -> str:
        """Return the app that the bot token belongs to; empty if Slack does not tell."""
        with suppress(httpx.HTTPError):
            told = await self._ask("bots.info", token, f"?bot={bot}")
            about = told.body.get("bot")
            app = str(about.get("app_id") or "") if isinstance(about, dict) else ""
            return app if _APP.fullmatch(app) else ""
        return ""

    async def _sockets(self, token: str, app: str) -> AsyncIterator[found.Finding]:
        try:
            told = await self._ask("apps.connections.open", token)
        except httpx.HTTPError as error:
            yield found.SlackAway(why(error))
            return
        if told.code in _BUSY:
            yield found.SlackBusy("the app-level token")
            return
        if told.code == "missing_scope":
            yield found.AppTokenLacksScope()
            return
        if told.code:
            yield found.AppTokenRefused(told.code)
            return
        address = str(told.body.get("url") or "")
        parts = urlsplit(address)
        other = parse_qs(parts.query).get("app_id", [""])[0]
        if app and _APP.fullmatch(other) and other != app:
            yield found.AppTokenOfAnother(app, other)
            return
        host = parts.hostname or ""
        try:
            await _connect(host, parts.port, secure=parts.scheme == "wss")
        except (OSError, TimeoutError) as error:
            yield found.SocketBlocked(host, getattr(error, "strerror", "") or type(error).__name__)
        else:
            yield found.SocketsReady()

    async def _ask(self, method: str, token: str, query: str = "") -> _Told:
        answer: Answer = await ask(
            self._http,
            "POST",
            f"{self._settings.slack_api_url}{method}{query}",
            self._clock,
            f"Bearer {token}",
        )
        if answer.off_by is not None:
            self.off_by = answer.off_by
        if answer.response.status_code == 429:
            return _Told({"error": "ratelimited"}, answer.response.headers, answer.off_by)
        if answer.response.status_code >= 500:
            raise OddAnswerError(f"HTTP {answer.response.status_code}")
        try:
            body = json.loads(answer.response.content)
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict) or not isinstance(body.get("ok"), bool):
            raise OddAnswerError("something else answers in its place")
        return _Told(body, answer.response.headers, answer.off_by)


def _scopes(told: str | None) -> list[found.Finding]:
    if told is None:
        return [found.ScopesUntold()]
    granted = {part.strip() for part in told.split(",") if part.strip()}
    missing = tuple(scope for scope in SCOPES if scope not in granted)
    beyond = tuple(sorted(granted - SCOPES.keys() - OPTIONAL.keys()))
    left = tuple(scope for scope in OPTIONAL if scope not in granted)
    return [
        found.ScopesMissing(missing) if missing else found.ScopesRight(),
        *([found.ScopesLeftOut(left)] if left else []),
        *([found.ScopesBeyond(beyond)] if beyond else []),
    ]


def _links(told: str | None, settings: Settings) -> list[found.Finding]:
    granted = {part.strip() for part in (told or "").split(",")}
    if not granted >= _OF_LINKS:
        return []
    hosts = [urlsplit(site.url).hostname or "" for site in settings.jira_sites]
    others = tuple(sorted({host for host in hosts if not is_unfurled(host)}))
    return [found.LinksMayBePreviewed(), *([found.LinksUntold(others)] if others else [])]


def _secret(secret: str) -> found.Finding:
    """Slack's secrets are 32 hexadecimal characters; a part of one was copied badly."""
    if re.fullmatch(r"[0-9a-f]+", secret):
        return found.SecretLikely() if len(secret) == _SECRET else found.SecretCut(len(secret))
    return found.SecretOdd()


async def _connect(host: str, port: int | None, *, secure: bool) -> None:
    """Open a connection as for a WebSocket, and close it before anything is said on it."""
    context = ssl.create_default_context() if secure else None
    async with asyncio.timeout(_CONNECT):
        _, writer = await asyncio.open_connection(
            host, port or (443 if secure else 80), ssl=context
        )
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
