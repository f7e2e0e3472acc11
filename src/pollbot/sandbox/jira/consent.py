"""Atlassian's sign-in, pretended: consent, codes, and refresh tokens that rotate.

Sources: developer.atlassian.com, "OAuth 2.0 (3LO) apps"; on rotation and on what a refresh token
that is used again does, Atlassian's staff in community.developer.atlassian.com/t/54172.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

LEEWAY = 600.0
"""Seconds for which a refresh token that was used may be used again."""
UNUSED = 90 * 86400.0
"""Seconds after which a refresh token that nobody uses is worth nothing."""
ACCESS = 3600


@dataclass
class Grant:
    """What one person allowed one app; ``spent`` are the refresh tokens that were used, and when.

    ``sites`` are the cloud ids that were chosen at the consent.
    """

    account_id: str
    scopes: frozenset[str]
    sites: tuple[str, ...]
    refresh: str = ""
    since: float = 0.0
    spent: dict[str, float] = field(default_factory=dict)
    access: dict[str, float] = field(default_factory=dict)
    revoked: bool = False


class Consents:
    """The apps that may ask, what people allowed them, and the tokens for that.

    Whoever is in ``signed_in`` is who sits at the browser; ``allows`` False is somebody who says
    no, and ``sites`` are what they choose, if not ours. ``refreshes`` counts the calls that asked
    for new tokens.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.apps: dict[str, str] = {}
        self.redirects: set[str] = set()
        self.signed_in = ""
        self.allows = True
        self.sites: tuple[str, ...] = ()
        self.grants: list[Grant] = []
        self.refreshes = 0
        self._codes: dict[str, tuple[Grant, str]] = {}

    def holder(self, access: str) -> Grant | None:
        """Return what an access token stands for, while it is worth something."""
        for grant in self.grants:
            if not grant.revoked and grant.access.get(access, 0.0) > self._now():
                return grant
        return None

    def expire(self) -> None:
        """Let each access token be over."""
        for grant in self.grants:
            grant.access.clear()

    def revoke(self, account_id: str) -> None:
        """Take back what a person allowed, as they do at id.atlassian.com."""
        for grant in self.grants:
            if grant.account_id == account_id:
                grant.revoked = True

    def authorize(self, asked: dict[str, str], ours: str) -> web.Response:
        """Answer the browser of whoever is signed in, who allows it at once, or does not.

        Who sits there is in ``as``, or else who is signed in.
        """
        back = asked.get("redirect_uri", "")
        wrong = (
            asked.get("client_id") not in self.apps
            or back not in self.redirects
            or asked.get("response_type") != "code"
            or asked.get("audience") != "api.atlassian.com"
        )
        who = asked.get("as", self.signed_in)
        if wrong:
            return web.Response(status=400, text="This app cannot ask for that.")
        state = {"state": asked.get("state", "")}
        if not self.allows or not who:
            return _to(back, {"error": "access_denied"} | state)
        scopes = frozenset(asked.get("scope", "").split())
        grant = Grant(who, scopes, self.sites or (ours,))
        code = secrets.token_urlsafe(24)
        self._codes[code] = grant, back
        return _to(back, {"code": code} | state)

    def tokens(self, asked: Any) -> web.Response:
        """Answer a call to the token endpoint, which takes JSON."""
        if not isinstance(asked, dict) or self.apps.get(str(asked.get("client_id"))) is None:
            return _error(401, "invalid_client")
        if asked.get("client_secret") != self.apps[asked["client_id"]]:
            return _error(401, "invalid_client")
        match asked.get("grant_type"):
            case "authorization_code":
                return self._exchanged(asked)
            case "refresh_token":
                return self._refreshed(str(asked.get("refresh_token")))
        return _error(400, "unsupported_grant_type")

    def _exchanged(self, asked: dict[str, Any]) -> web.Response:
        grant, back = self._codes.pop(str(asked.get("code")), (None, ""))
        if grant is None or asked.get("redirect_uri") != back:
            return _error(403, "invalid_grant")
        # A second consent of one person to one app takes the place of the first.
        for other in self.grants:
            if other.account_id == grant.account_id:
                other.revoked = True
        self.grants.append(grant)
        return self._given(grant)

    def _refreshed(self, token: str) -> web.Response:
        self.refreshes += 1
        now = self._now()
        for grant in self.grants:
            if token == grant.refresh and not grant.revoked and now - grant.since <= UNUSED:
                grant.spent[token] = now
                return self._given(grant)
            if token in grant.spent and not grant.revoked:
                if now - grant.spent[token] <= LEEWAY:
                    return self._given(grant)
                grant.revoked = True
        return _error(403, "invalid_grant")

    def _given(self, grant: Grant) -> web.Response:
        access = f"eyJ-{secrets.token_urlsafe(24)}"
        grant.access[access] = self._now() + ACCESS
        answer: dict[str, Any] = {
            "access_token": access,
            "expires_in": ACCESS,
            "token_type": "Bearer",
            "scope": " ".join(sorted(grant.scopes)),
        }
        if "offline_access" in grant.scopes:
            grant.refresh, grant.since = f"eyR-{secrets.token_urlsafe(24)}", self._now()
            answer["refresh_token"] = grant.refresh
        return web.json_response(answer)


def _to(address: str, query: dict[str, str]) -> web.Response:
    return web.Response(status=302, headers={"Location": f"{address}?{urlencode(query)}"})


def _error(status: int, error: str) -> web.Response:
    described = {"error_description": "Unknown or invalid refresh token."}
    said = {"error": error} | (described if error == "invalid_grant" else {})
    return web.json_response(said, status=status)
