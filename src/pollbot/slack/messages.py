"""What somebody's message says, as a shortcut in its menu brings it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pollbot.slack.clicks import read_card

_SAYS = ("text", "title", "title_link", "fallback", "pretext", "from_url", "url", "value")


@dataclass(frozen=True, slots=True)
class Said:
    """A message in a channel. ``thread_ts`` is the one under which an answer to it hangs.

    ``begins_thread``: it has answers, which ``text`` does not hold. ``is_card``: it is one of
    pollbot's own.
    """

    channel_id: str
    thread_ts: str
    begins_thread: bool
    text: str
    is_card: bool


def said(body: Mapping[str, Any]) -> Said:
    """Return the message of a message shortcut, with all that its blocks and attachments say."""
    message = body.get("message")
    message = message if isinstance(message, Mapping) else {}
    ts = str(message.get("ts") or body.get("message_ts") or "")
    channel = body.get("channel")
    channel_id = channel.get("id") if isinstance(channel, Mapping) else channel
    return Said(
        str(channel_id or ""),
        str(message.get("thread_ts") or ts),
        bool(message.get("reply_count")) and message.get("thread_ts") in (None, ts),
        text_of(message),
        read_card(message.get("blocks")) is not None,
    )


def text_of(message: Mapping[str, Any]) -> str:
    """Return all words of a message in Slack's markup, its own text first."""
    own = str(message.get("text") or "")
    more = [
        *_words(message.get("attachments")),
        # What people write is in the text as well; what apps write may be in blocks only.
        *(_words(message.get("blocks")) if not own or message.get("bot_id") else ()),
    ]
    return "\n".join(dict.fromkeys([own, *more]))


def _words(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        for name, value in part.items():
            if name in _SAYS and isinstance(value, str):
                yield value
            else:
                yield from _words(value)
    elif isinstance(part, list):
        for one in part:
            yield from _words(one)
