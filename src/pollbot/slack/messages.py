"""What somebody's message says, as a shortcut in its menu brings it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pollbot.slack import payloads
from pollbot.slack.clicks import issues_on, read_card

_WORDS = frozenset({"text", "title", "pretext", "value"})
_LINKS = frozenset({"title_link", "from_url", "url"})


@dataclass(frozen=True, slots=True)
class Said:
    """A message in a channel. ``thread_ts`` is the one under which an answer to it hangs.

    ``own``: what its writer said. ``names``: that, and where its attachments lead to, which is
    what may name issues. ``begins_thread``: it has answers, which neither holds. ``is_card``: it
    is one of pollbot's own.
    """

    channel_id: str
    thread_ts: str
    begins_thread: bool
    own: str
    names: str
    is_card: bool


def said(body: Mapping[str, Any]) -> Said:
    """Return the message of a message shortcut."""
    message = body.get("message")
    message = message if isinstance(message, Mapping) else {}
    ts = str(message.get("ts") or body.get("message_ts") or "")
    return Said(
        payloads.channel_id(body),
        str(message.get("thread_ts") or ts),
        bool(message.get("reply_count")) and message.get("thread_ts") in (None, ts),
        _own(message),
        names_of(message),
        read_card(message.get("blocks")) is not None,
    )


def names_of(message: Mapping[str, Any]) -> str:
    """Return the part of a message that may name issues, in Slack's markup, its own text first.

    A card of pollbot names those that its buttons are for, whatever their summaries say.
    """
    if read_card(message.get("blocks")) is not None:
        return "\n".join(issues_on(message.get("blocks")))
    parts = [_text(message)]
    if not parts[0] or message.get("bot_id"):
        # What people write is in the text as well; what apps write may be in blocks only.
        parts += _all(message.get("blocks"), _WORDS | _LINKS)
    for attachment in _mappings(message.get("attachments")):
        if _is_preview(attachment):
            links = [attachment.get(name) for name in sorted(_LINKS)]
            parts += [link for link in links if isinstance(link, str)]
        else:
            parts += _all(attachment, _WORDS | _LINKS)
    return "\n".join(dict.fromkeys(parts))


def _own(message: Mapping[str, Any]) -> str:
    """Return the words of a message, in Slack's markup; an app may have them in other parts."""
    text = _text(message)
    if text or not message.get("bot_id"):
        return text
    own = [one for one in _mappings(message.get("attachments")) if not _is_preview(one)]
    return "\n".join(dict.fromkeys(_all([message.get("blocks"), own], _WORDS)))


def _text(message: Mapping[str, Any]) -> str:
    text = message.get("text")
    return text if isinstance(text, str) else ""


def _is_preview(attachment: Mapping[str, Any]) -> bool:
    """Return whether it shows what a link leads to, in words that nobody there said.

    A message that somebody shares is shown in the same way. Source: docs.slack.dev, unfurling.
    """
    if attachment.get("is_msg_unfurl") or attachment.get("is_share"):
        return False
    return bool(attachment.get("is_app_unfurl") or attachment.get("from_url"))


def _mappings(parts: object) -> list[Mapping[str, Any]]:
    return [one for one in parts if isinstance(one, Mapping)] if isinstance(parts, list) else []


def _all(part: object, names: frozenset[str]) -> Iterator[str]:
    if isinstance(part, Mapping):
        for name, value in part.items():
            if not isinstance(value, str):
                yield from _all(value, names)
            # A field of an attachment has a title and a value; a button's is for its app alone.
            elif name in names and (name != "value" or "title" in part):
                yield value
    elif isinstance(part, list):
        for one in part:
            yield from _all(one, names)
