"""The few shapes of Block Kit that pollbot uses, and the limits they must keep.

Limits: docs.slack.dev, the reference page of each block and element.
"""

from dataclasses import dataclass
from typing import Any

from pollbot.blocks.clicks import Click

Block = dict[str, Any]

SECTION_TEXT = 3000
CONTEXT_TEXT = 2000
BUTTON_TEXT = 75
VIEW_TITLE = 24
MESSAGE_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Message:
    """What people see: blocks, and the same in words for notifications and screen readers."""

    text: str
    blocks: list[Block]


def escape(text: str) -> str:
    """Return what somebody wrote so that Slack shows it as it stands: no links, no pings."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, limit: int) -> str:
    """Return ``text`` in at most ``limit`` characters, with an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def quoted(text: str, limit: int) -> str:
    """Return what somebody wrote, cut to ``limit`` characters and escaped, on one line.

    Cut first: an escape that is cut in half would be shown as such.
    """
    return escape(clip(" ".join(text.split()), limit))


def link(url: str, label: str) -> str:
    """Return a link in Slack's own markup."""
    return f"<{url}|{label}>"


def section(text: str) -> Block:
    """Return a paragraph of mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": clip(text, SECTION_TEXT)}}


def context(text: str) -> Block:
    """Return a line of small print."""
    return {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": clip(text, CONTEXT_TEXT)}],
    }


def actions(*elements: Block) -> Block:
    """Return a row of controls."""
    return {"type": "actions", "elements": list(elements)}


def button(label: str, click: Click, *, style: str | None = None) -> Block:
    """Return a button that brings ``click`` back."""
    return {
        "type": "button",
        "action_id": click.action_id,
        "text": {"type": "plain_text", "text": clip(label, BUTTON_TEXT), "emoji": True},
        "value": click.pack(),
        **({"style": style} if style else {}),
    }


def text_input(
    block_id: str, label: str, *, hint: str, placeholder: str, element: str, initial: str = ""
) -> Block:
    """Return a required field of a form; its value is found under ``block_id``, "value"."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": label},
        "hint": {"type": "plain_text", "text": hint},
        "element": {
            "type": element,
            "action_id": "value",
            "placeholder": {"type": "plain_text", "text": placeholder},
            **({"initial_value": initial} if initial else {}),
        },
    }


def view(
    title: str,
    blocks: list[Block],
    *,
    callback_id: str,
    submit: str | None = None,
    close: str = "Close",
    memory: str = "",
) -> Block:
    """Return a form; without ``submit`` it only tells. ``memory`` comes back with it."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": {"type": "plain_text", "text": clip(title, VIEW_TITLE)},
        "close": {"type": "plain_text", "text": close},
        **({"submit": {"type": "plain_text", "text": submit}} if submit else {}),
        "private_metadata": memory,
        "blocks": blocks,
    }


def words(text: str, *controls: Block) -> Message:
    """Return a short message: one paragraph, and perhaps a row of controls."""
    return Message(
        clip(text, MESSAGE_TEXT), [section(text), *([actions(*controls)] if controls else [])]
    )
