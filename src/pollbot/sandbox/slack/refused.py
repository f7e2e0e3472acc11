"""How the Web API refuses, and what more than one family of its methods checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from pollbot.sandbox.slack.things import Channel
from pollbot.sandbox.slack.workspace import Workspace

Args: TypeAlias = dict[str, Any]
Answering: TypeAlias = "Callable[[Args], dict[str, Any]]"


class RefusedError(Exception):
    """The method answers ``ok: false``; details go to response_metadata.messages."""

    def __init__(self, error: str, details: list[str] | None = None) -> None:
        super().__init__(error)
        self.answer: dict[str, Any] = {"ok": False, "error": error}
        if details:
            self.answer["response_metadata"] = {"messages": [f"[ERROR] {d}" for d in details]}


def reachable(workspace: Workspace, args: Args) -> Channel:
    """Return the channel that a call names, if the app can see it."""
    channel = workspace.channels.get(str(args.get("channel")))
    if channel is None or (channel.is_private and not channel.app_is_member):
        raise RefusedError("channel_not_found")
    return channel
