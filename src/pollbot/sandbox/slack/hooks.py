"""What a post to a response_url does. Source: docs.slack.dev, handling-user-interaction."""

from __future__ import annotations

from typing import Any

from pollbot.sandbox.slack import blockkit
from pollbot.sandbox.slack.things import Hook, Message
from pollbot.sandbox.slack.workspace import HOOK_SECONDS, HOOK_USES, Workspace


def post(home: Workspace, token: str, body: dict[str, Any] | None) -> tuple[int, str]:
    """Carry out one post and return the answer's status and text.

    It works where the app is no member, changes ephemeral messages too, and is private to the
    person unless it says ``in_channel``.
    """
    hook = home.hooks.get(token)
    if hook is None:
        return 404, "invalid_token"
    if home.now() - hook.made_at > HOOK_SECONDS:
        return 404, "expired_url"
    if hook.uses >= HOOK_USES:
        return 404, "used_url"
    if body is None:
        return 400, "invalid_payload"
    hook.uses += 1
    channel = home.channels.get(hook.channel)
    if channel is not None and channel.is_archived:
        # docs.slack.dev, "Sending messages using incoming webhooks", handling errors.
        return 410, "channel_is_archived"
    source = next((m for m in home.messages if m.id == hook.source), None)
    if body.get("delete_original"):
        return _delete(home, source)
    blocks = body.get("blocks") or []
    if blockkit.problems(blocks, "message"):
        return 400, "invalid_blocks"
    if not body.get("text") and not blocks:
        return 400, "no_text"
    if body.get("replace_original") and hook.source is not None:
        return _replace(home, source, body, blocks)
    return _add(home, hook, body, blocks)


def _delete(home: Workspace, source: Message | None) -> tuple[int, str]:
    if source is None:
        return 404, "message_not_found"
    home.delete(source)
    return 200, "ok"


def _replace(
    home: Workspace, source: Message | None, body: dict[str, Any], blocks: list[dict[str, Any]]
) -> tuple[int, str]:
    if source is None:
        return 404, "message_not_found"
    home.redraw(source, body.get("text") or "", blocks)
    return 200, "ok"


def _add(
    home: Workspace, hook: Hook, body: dict[str, Any], blocks: list[dict[str, Any]]
) -> tuple[int, str]:
    if hook.channel not in home.channels:
        return 404, "channel_not_found"
    in_channel = body.get("response_type") == "in_channel"
    home.post(
        hook.channel,
        home.bot_user_id,
        body.get("text") or "",
        blocks,
        ephemeral_for=None if in_channel else hook.user,
        thread_ts=body.get("thread_ts"),
    )
    return 200, "ok"
