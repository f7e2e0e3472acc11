"""What the tokens of the pretended app may do, and what a call without that is answered.

Sources: docs.slack.dev, "Scopes" (each answer names those of its token in ``x-oauth-scopes``),
apps.connections.open and the error lists of the methods.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

OPEN = "apps.connections.open"
WITHOUT = {"api.test", "oauth.v2.access"}
"""Methods that need no token."""
BOT_SCOPES = (
    "commands",
    "chat:write",
    "chat:write.public",
    "users:read",
    "users:read.email",
    "channels:read",
    "groups:read",
    "channels:history",
    "groups:history",
    "app_mentions:read",
    "im:history",
    "im:write",
    "usergroups:read",
    "links:read",
    "links:write",
    "files:write",
)
# Each needs one of these; auth.test and forms need nothing.
_NEEDS = {
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.delete": ("chat:write",),
    "chat.unfurl": ("links:write",),
    "users.info": ("users:read",),
    "users.conversations": ("channels:read",),
    "bots.info": ("users:read",),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.members": ("channels:read", "groups:read"),
    "conversations.replies": ("channels:history", "groups:history"),
    "conversations.history": ("im:history",),
    "conversations.open": ("im:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    OPEN: ("connections:write",),
}


@dataclass
class Tokens:
    """The app's two tokens, and the scopes that each was granted.

    ``app_token_of`` is the app to which the app-level token belongs. Without ``bot`` the app is not
    installed; ``over`` is why each token is worth nothing any more, ``ends`` when one that is
    rotated is, by the clock ``now``.
    """

    bot: str
    app: str
    app_token_of: str
    now: Callable[[], float] = time.time
    over: dict[str, str] = field(default_factory=dict)
    ends: dict[str, float] = field(default_factory=dict)
    bot_scopes: list[str] = field(default_factory=lambda: list(BOT_SCOPES))
    app_scopes: list[str] = field(default_factory=lambda: ["connections:write"])

    def refused(self, method: str, token: str) -> dict[str, Any] | None:
        """Return the answer to a call that this token may not make; None if it may."""
        if method in WITHOUT:
            return None
        if not token:
            return {"ok": False, "error": "not_authed"}
        if token in self.over:
            return {"ok": False, "error": self.over[token]}
        if not self.knows(token):
            return {"ok": False, "error": "invalid_auth"}
        if self.ends.get(token, float("inf")) <= self.now():
            return {"ok": False, "error": "token_expired"}
        if (token == self.app) is not (method == OPEN):
            return {"ok": False, "error": "not_allowed_token_type"}
        granted, needed = self._scopes(token), _NEEDS.get(method, ())
        if needed and not set(needed) & set(granted):
            return {
                "ok": False,
                "error": "missing_scope",
                "needed": needed[0],
                "provided": ",".join(granted),
            }
        return None

    def knows(self, token: str) -> bool:
        """Return whether this is, or was, a token of the app here."""
        return bool(token) and token in (self.bot, self.app, *self.ends, *self.over)

    def give(self, token: str, until: float | None = None) -> None:
        """Have a token be worth something; one before it is so until its own end."""
        self.bot = token
        self.over.pop(token, None)
        if until is not None:
            self.ends[token] = until

    def revoke(self, why: str = "account_inactive") -> None:
        """Take the app out of the workspace: no token of it is worth anything."""
        self.over |= dict.fromkeys({self.bot, *self.ends} - {""}, why)
        self.bot = ""
        self.ends.clear()

    @property
    def tells_emails(self) -> bool:
        """Whether the app is told people's addresses (docs.slack.dev, users:read.email)."""
        return "users:read.email" in self.bot_scopes

    def headers(self, token: str) -> dict[str, str]:
        """Return the headers that tell the scopes of a token that is known."""
        known = self.knows(token) and token not in self.over
        return {"x-oauth-scopes": ",".join(self._scopes(token))} if known else {}

    def _scopes(self, token: str) -> list[str]:
        return self.app_scopes if token == self.app else self.bot_scopes
