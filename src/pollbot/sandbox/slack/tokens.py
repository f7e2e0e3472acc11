"""What the tokens of the pretended app may do, and what a call without that is answered.

Sources: docs.slack.dev, "Scopes" (each answer names those of its token in ``x-oauth-scopes``),
apps.connections.open and the error lists of the methods.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

OPEN = "apps.connections.open"
BOT_SCOPES = (
    "commands",
    "chat:write",
    "chat:write.public",
    "users:read",
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

    ``app_token_of`` is the app to which the app-level token belongs.
    """

    bot: str
    app: str
    app_token_of: str
    bot_scopes: list[str] = field(default_factory=lambda: list(BOT_SCOPES))
    app_scopes: list[str] = field(default_factory=lambda: ["connections:write"])

    def refused(self, method: str, token: str) -> dict[str, Any] | None:
        """Return the answer to a call that this token may not make; None if it may."""
        if not token:
            return {"ok": False, "error": "not_authed"}
        if token not in (self.bot, self.app):
            return {"ok": False, "error": "invalid_auth"}
        if token != (self.app if method == OPEN else self.bot):
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

    def headers(self, token: str) -> dict[str, str]:
        """Return the headers that tell the scopes of a token that is known."""
        known = token in (self.bot, self.app)
        return {"x-oauth-scopes": ",".join(self._scopes(token))} if known else {}

    def _scopes(self, token: str) -> list[str]:
        return self.app_scopes if token == self.app else self.bot_scopes
