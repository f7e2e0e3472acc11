"""Installing the app in workspaces, pretended: consent, codes, tokens that rotate, and removing it.

Sources: docs.slack.dev, "Installing with OAuth", oauth.v2.access, "Using token rotation",
apps.uninstall, and the events app_uninstalled and tokens_revoked.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from pollbot.sandbox.slack.tokens import Tokens
from pollbot.sandbox.slack.workspace import Workspace

LIVES = 43_200
_PAGE = (
    '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>Slack (pretended)</title><style>body{{font:16px/1.5 system-ui,sans-serif;margin:3rem "
    "auto;max-width:28rem;padding:0 1rem}}a{{display:block;margin:.5rem 0;padding:.6rem 1rem;"
    "border:1px solid #611f69;border-radius:.4rem;color:#611f69;text-decoration:none}}</style>"
    "<h1>{title}</h1><p>{said}</p>{links}"
)


class Home(Workspace):
    """A workspace with the tokens that the app has there."""

    tokens: Tokens


@dataclass
class Code:
    """What a code is worth; ``used`` once it was exchanged."""

    home: Home
    user: str
    redirect_uri: str
    scopes: list[str]
    whole: bool
    used: bool = False


class Installing:
    """Where the app's owner has it known to Slack, and who may install it where.

    ``rotates``: its tokens end after twelve hours. ``exchanges`` and ``refreshes`` count calls.
    """

    def __init__(self, workspaces: Sequence[Home]) -> None:
        """``workspaces`` are those in which it can be installed; the list may grow."""
        self._workspaces = workspaces
        self.client_id, self.client_secret = "1.2", "the-apps-secret"
        self.redirects: set[str] = set()
        self.rotates = False
        self.exchanges = self.refreshes = 0
        self._codes: dict[str, Code] = {}
        self._refresh: dict[str, Home] = {}

    async def authorize(self, request: web.Request) -> web.Response:
        """Show the workspaces to choose from; ``team`` is the one that was chosen."""
        asked = dict(request.query)
        if asked.get("client_id") != self.client_id:
            return web.Response(status=400, text="Invalid client_id parameter")
        back = asked.get("redirect_uri", "")
        if back not in self.redirects:
            return web.Response(status=400, text="redirect_uri did not match any configured URIs")
        if (team_id := asked.pop("team", None)) is not None:
            way = self.way_back(asked, team_id, asked.pop("as", ""))
            return web.Response(status=302, headers={"Location": way})
        links = [
            (f"Allow in {one.domain}", "?" + urlencode(asked | {"team": one.team_id}))
            for one in self._workspaces
        ]
        links.append(("Cancel", "?" + urlencode(asked | {"team": ""})))
        shown = "".join(f'<a href="{escape(way)}">{escape(text)}</a>' for text, way in links)
        said = "pollbot is requesting permission to access a Slack workspace."
        page = _PAGE.format(title="Which workspace?", said=said, links=shown)
        return web.Response(text=page, content_type="text/html")

    def way_back(
        self, asked: dict[str, str], team_id: str, user: str = "", *, whole: bool = False
    ) -> str:
        """Return where a browser is sent after somebody allowed it there, or did not."""
        home = next((one for one in self._workspaces if one.team_id == team_id), None)
        people = [] if home is None else [one for one in home.people.values() if not one.is_guest]
        answer = {"error": "access_denied"}
        # Slack shows guests no such page, and sends whoever cancels back with an error.
        if home is not None and user in ("", *(one.id for one in people)):
            code = secrets.token_urlsafe(16)
            by = user or next((one.id for one in people if one.is_admin), people[0].id)
            scopes = [one for one in asked.get("scope", "").split(",") if one]
            self._codes[code] = Code(home, by, asked.get("redirect_uri", ""), scopes, whole)
            answer = {"code": code}
        return f"{asked['redirect_uri']}?{urlencode(answer | {'state': asked.get('state', '')})}"

    def access(self, args: dict[str, Any], authorization: str) -> dict[str, Any]:
        """Answer oauth.v2.access, for a code or for a refresh token."""
        if (wrong := self._not_ours(args, authorization)) is not None:
            return {"ok": False, "error": wrong}
        if args.get("grant_type") == "refresh_token":
            self.refreshes += 1
            home = self._refresh.pop(str(args.get("refresh_token")), None)
            if home is None or not home.tokens.bot:
                return {"ok": False, "error": "invalid_refresh_token"}
            return {"ok": True, "app_id": home.app_id, "token_type": "bot", **self._tokens(home)}
        self.exchanges += 1
        code = self._codes.get(str(args.get("code")))
        if code is None:
            return {"ok": False, "error": "invalid_code"}
        if code.used:
            return {"ok": False, "error": "code_already_used"}
        if args.get("redirect_uri") != code.redirect_uri:
            return {"ok": False, "error": "bad_redirect_uri"}
        code.used = True
        return self._installed(code)

    def uninstall(self, home: Home, args: dict[str, Any]) -> dict[str, Any]:
        """Answer apps.uninstall: the app is taken out, and hears of that as of any other time."""
        if (wrong := self._not_ours(args, "")) is not None:
            return {"ok": False, "error": wrong}
        home.tokens.revoke()
        home.changed()
        return {"ok": True}

    def removed(self, home: Home) -> list[dict[str, Any]]:
        """Take the app out of a workspace, as an admin does; return what it is told, in no order.

        Where it is installed in a whole organisation, that is what it is taken out of.
        """
        whole, bot = bool(home.organisation), home.bot_user_id
        home.tokens.revoke()
        home.changed()
        events: list[dict[str, Any]] = [
            {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}},
            {"type": "app_uninstalled"},
        ]
        return [
            {
                "token": "pretended",
                "team_id": home.organisation or home.team_id,
                "enterprise_id": home.organisation or None,
                "api_app_id": home.app_id,
                "event": {**event, "event_ts": home.next_ts()},
                "type": "event_callback",
                "event_id": home.next_id("Ev"),
                "event_time": int(home.now()),
                "is_enterprise_install": whole,
            }
            for event in events
        ]

    def _installed(self, code: Code) -> dict[str, Any]:
        home = code.home
        if code.whole:
            home.organisation = home.organisation or "E0ORG"
        home.tokens.bot_scopes = list(dict.fromkeys(code.scopes))
        organisation = {"id": home.organisation, "name": home.domain}
        answer = {
            "ok": True,
            "app_id": home.app_id,
            "authed_user": {"id": code.user},
            "scope": ",".join(home.tokens.bot_scopes),
            "token_type": "bot",
            "bot_user_id": home.bot_user_id,
            "team": None if code.whole else {"id": home.team_id, "name": home.domain},
            "enterprise": organisation if home.organisation else None,
            "is_enterprise_install": code.whole,
            **self._tokens(home),
        }
        home.changed()
        return answer

    def _tokens(self, home: Home) -> dict[str, Any]:
        """Return new tokens of a workspace; one that does not rotate stays as it is."""
        if not self.rotates:
            token = home.tokens.bot or f"xoxb-{home.team_id}-{secrets.token_hex(6)}"
            home.tokens.give(token)
            return {"access_token": token}
        token = f"xoxe.xoxb-1-{secrets.token_hex(12)}"
        refresh = f"xoxe-1-{secrets.token_hex(12)}"
        self._refresh[refresh] = home
        home.tokens.give(token, until=home.now() + LIVES)
        return {"access_token": token, "refresh_token": refresh, "expires_in": LIVES}

    def _not_ours(self, args: dict[str, Any], authorization: str) -> str | None:
        """Return why a call is not by who owns the app; None if it is."""
        scheme, _, packed = authorization.partition(" ")
        id_, secret = str(args.get("client_id", "")), str(args.get("client_secret", ""))
        if scheme.lower() == "basic":
            id_, _, secret = base64.b64decode(packed).decode().partition(":")
        if id_ != self.client_id:
            return "invalid_client_id"
        return None if secret == self.client_secret else "bad_client_secret"
