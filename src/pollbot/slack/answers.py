"""What Slack's answers mean, and what is read from them; a page of a proxy's is no answer."""

import json
import re
from typing import Any, TypeGuard

import aiohttp
from slack_sdk.errors import SlackApiError

from pollbot.errors import (
    ChannelClosed,
    ContentRefused,
    InstallBroken,
    MessageGone,
    SlackBusy,
    SlackError,
    SlackUnavailable,
    TriggerExpired,
)
from pollbot.web.pauses import OF_SLACK, asked_for

# docs.slack.dev, the error lists of chat.postMessage, chat.update and views.open; the classes
# say what helps: nothing, another way in, a new click, a new installation, or time.
_GONE = {
    "message_not_found",
    "cant_update_message",
    "edit_window_closed",
    "is_inactive",
    "block_mismatch",
    "cannot_reply_to_message",
    "thread_not_found",
}
_CLOSED = {
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "restricted_action_non_threadable_channel",
    "restricted_action_thread_locked",
    "messages_tab_disabled",
    "user_not_in_channel",
    "cannot_dm_bot",
    "user_disabled",
    "external_channel_migrating",
    "no_permission",
    "access_denied",
    "missing_scope",
}
_CONTENT = {
    "invalid_arguments",
    "invalid_attachments",
    "invalid_blocks",
    "invalid_blocks_format",
    "invalid_metadata_format",
    "invalid_metadata_schema",
    "invalid_payload",
    "markdown_text_conflict",
    "metadata_too_large",
    "msg_blocks_too_long",
    "msg_too_long",
    "no_text",
    "only_one_table_allowed",
    "too_many_attachments",
    "view_too_large",
}
_TRIGGER = {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"}
_BROKEN = {"token_revoked", "account_inactive", "invalid_auth", "not_authed", "token_expired"}
_PASSING = {
    "ratelimited",
    "rate_limited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "update_failed",
    "message_limit_exceeded",
    "team_added_to_org",
    "org_login_required",
    "team_access_not_granted",
    "ekm_access_denied",
}
_BUSY = {"ratelimited", "rate_limited", "message_limit_exceeded"}
# After these the work may have been done, in part or whole.
_PERHAPS = {"internal_error", "fatal_error", "service_unavailable"}
# Whoever stands before Slack answered in its place: what was asked may be done by now.
_FROM_BETWEEN = {502, 504}
_CODE = re.compile(r"[a-z0-9_.:-]{1,80}", re.ASCII | re.IGNORECASE)
# Where in a message or form Slack finds something wrong; the rest of its words may quote us.
_POINTER = re.compile(r"\[json-pointer:([a-z0-9_/-]{1,100})\]", re.ASCII | re.IGNORECASE)
_POINTERS = 5
# What reading an answer raises: no JSON, too deep, a number of 5,000 digits, an unknown
# charset, and slack_sdk 3 where an answer is no object.
NONSENSE = (ValueError, RecursionError, LookupError, AttributeError, TypeError)


def granted(answer: Any) -> frozenset[str] | None:
    """Return the scopes of the bot token, which each answer names in a header of its own.

    Source: docs.slack.dev, "Scopes". A proxy in between may take it away.
    """
    headers = getattr(answer, "headers", None) or {}
    told = next((v for name, v in headers.items() if name.lower() == "x-oauth-scopes"), None)
    return frozenset(one.strip() for one in str(told).split(",")) if told else None


def silence(error: Exception) -> SlackUnavailable:
    """Return that nothing was heard; what left on no connection did not arrive either."""
    never_left = isinstance(error, aiohttp.ClientConnectorError)
    return SlackUnavailable(type(error).__name__, perhaps=not never_left, lost=not never_left)


def nonsense(what: object) -> SlackUnavailable:
    """Return that something was heard that says nothing of the call."""
    named = type(what).__name__ if isinstance(what, Exception) else str(what)
    return SlackUnavailable(f"nonsense: {named}", perhaps=True, lost=True)


def passing(status: int, why: str, headers: Any, *, perhaps: bool = True) -> SlackUnavailable:
    """Return a failure that time may mend. A 429 says that nothing was done."""
    after = asked_for(headers, OF_SLACK)
    if status == 429 or why in _BUSY:
        return SlackBusy(why, after)
    return SlackUnavailable(why, after, perhaps=perhaps, lost=status in _FROM_BETWEEN)


def meaning(error: SlackApiError) -> SlackError | InstallBroken | SlackUnavailable:
    """Return what an answer that is no yes means for whoever asked."""
    answer = error.response
    # Where slack_sdk could not read a body, this is aiohttp's answer and not its own.
    status: int = getattr(answer, "status_code", 0) or getattr(answer, "status", 200)
    headers = getattr(answer, "headers", {})
    code = object_in(answer).get("error")
    if status == 429 or status >= 500:
        return passing(status, code if _is_code(code) else f"HTTP {status}", headers)
    if not _is_code(code):
        return nonsense(f"HTTP {status} without a reason")
    refusal = _refusal(code, status, headers)
    if isinstance(refusal, ContentRefused):
        refusal.where = _pointed_at(object_in(answer))
    return refusal


def _refusal(code: str, status: int, headers: Any) -> SlackError | InstallBroken | SlackUnavailable:
    """Return what an error of Slack's own means."""
    if code in _PASSING:
        return passing(status, code, headers, perhaps=code in _PERHAPS)
    if code in _TRIGGER:
        return TriggerExpired(code)
    if code in _BROKEN:
        return InstallBroken(code)
    kinds = ((_GONE, MessageGone), (_CLOSED, ChannelClosed), (_CONTENT, ContentRefused))
    for codes, kind in kinds:
        if code in codes:
            return kind(code)
    return SlackError(code)


def must_be_taken(status: int, headers: Any, body: str) -> None:
    """Raise unless this is how a response_url says yes: ``ok``, nothing, or ``{"ok": true}``."""
    if status == 429 or status >= 500:
        raise passing(status, f"HTTP {status}", headers)
    if status != 200:
        why = _said_by_url(body)
        raise ContentRefused(why) if why in _CONTENT else SlackError("response_url")
    said = body.strip()
    if said.lower() in ("", "ok"):
        return
    try:
        answer = object_in(json.loads(said))
    except NONSENSE as error:
        raise nonsense(error) from error
    if answer.get("ok") is True:
        return
    code = answer.get("error")
    raise _refusal(code, 200, {}) if _is_code(code) else nonsense("no ok")


def _said_by_url(body: str) -> str:
    """Return the error that a response_url answered with, as plain text or as JSON."""
    try:
        return str(object_in(json.loads(body)).get("error") or "")
    except NONSENSE:
        return body.strip()


def _pointed_at(answer: dict[str, Any]) -> str:
    """Return which parts of a message or form Slack objects to, as far as it says."""
    said = object_in(answer.get("response_metadata")).get("messages")
    found = _POINTER.findall(" ".join(map(str, said))) if isinstance(said, list) else []
    return ", ".join(found[:_POINTERS])


def _is_code(code: object) -> TypeGuard[str]:
    return isinstance(code, str) and _CODE.fullmatch(code) is not None


def object_in(answer: Any) -> dict[str, Any]:
    """Return the answer's object; empty for the HTML or plain text of a proxy or an outage."""
    data = getattr(answer, "data", answer)
    return data if isinstance(data, dict) else {}


def part_in(answer: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an object in an answer. Raises SlackUnavailable if it is none."""
    part = answer.get(name)
    if not isinstance(part, dict):
        raise nonsense(f"no {name}")
    return part


def list_in(answer: dict[str, Any], name: str) -> list[Any]:
    """Return a list in an answer. Raises SlackUnavailable if it is none."""
    found = answer.get(name)
    if not isinstance(found, list):
        raise nonsense(f"no {name}")
    return found


def first_text(*words: object) -> str:
    """Return the first that is a text and not empty; else an empty one."""
    return next((word for word in words if isinstance(word, str) and word), "")


def text_in(answer: dict[str, Any], name: str) -> str:
    """Return a text in an answer. Raises SlackUnavailable if it is none."""
    word = answer.get(name)
    if not isinstance(word, str) or not word:
        raise nonsense(f"no {name}")
    return word
