"""A window that only tells something."""

from collections.abc import Mapping
from typing import Any

from pollbot.slack.clicks import MOST_WORDS, ConnectClick, DropPollClick, WordsClick
from pollbot.slack.kit import VIEW_BLOCKS, Block, Message, actions, button, section, view, words
from pollbot.text.catalog import say

TOLD_VIEW = "poll_told"
_OF_FORMS = (
    *("type", "title", "submit", "close", "callback_id", "private_metadata"),
    *("notify_on_close", "clear_on_close"),
)
"""What a form is made of beside its blocks, of what Slack tells of it."""
_WORK_IN_WINDOWS = (ConnectClick.action_id, DropPollClick.action_id)


def form_by_click(typed: str, thread_ts: str | None) -> Message:
    """Return the way to a form for words in a message: Slack opens one after a click only."""
    if len(typed) > MOST_WORDS:
        return words(
            say(
                ":information_source: That opens a form, and is too long to be carried into it "
                "by a button. Send it as a command in a channel, with /pollbot in front."
            )
        )
    return words(
        say(":information_source: That opens a form, which Slack shows after a click only."),
        button(
            say("Open the form"), WordsClick(typed=typed, thread=thread_ts or None), style="primary"
        ),
    )


def filled_in(sent: Mapping[str, Any], said: Message) -> Block:
    """Return a form as it was sent, with all that was typed and chosen in it, below what is said.

    Source: docs.slack.dev, view interaction payloads: what stands in ``state``.
    """
    values = (sent.get("state") or {}).get("values") or {}
    drawn = [
        _filled_in(block, values.get(str(block.get("block_id")), {})) for block in sent["blocks"]
    ]
    told = [block for block in said.blocks if block["type"] != "actions"]
    kept = {name: sent[name] for name in _OF_FORMS if sent.get(name) not in (None, "")}
    return kept | {"blocks": [*told, *drawn][-VIEW_BLOCKS:]}


def _filled_in(block: Mapping[str, Any], values: Mapping[str, Any]) -> Block:
    filled = dict(block)
    for place in ("element", "accessory"):
        if place in filled:
            filled[place] = _as_typed(filled[place], values)
    if "elements" in filled:
        filled["elements"] = [_as_typed(one, values) for one in filled["elements"]]
    return filled


def _as_typed(element: Any, values: Mapping[str, Any]) -> Any:
    """Return a control with what its person has typed or chosen as what it begins with."""
    typed = values.get(str(element.get("action_id"))) if isinstance(element, Mapping) else None
    if typed is None:
        return element
    now = {
        name.replace("selected_", "initial_").replace("rich_text_value", "value"): value
        for name, value in typed.items()
        if name != "type"
    }
    if "value" in now:
        now["initial_value"] = now.pop("value")
    bare = {name: value for name, value in element.items() if not name.startswith("initial_")}
    return bare | {name: value for name, value in now.items() if value not in (None, "", [])}


def told_view(said: str | Message, *controls: Block, title: str = "") -> Block:
    """Return a window that tells, and perhaps offers something; a text is markup already.

    Of a message it takes what is said, and such controls as work in a window, too.
    """
    blocks = [section(said)] if isinstance(said, str) else said.blocks
    works = [
        element
        for block in blocks
        for element in block.get("elements", [])
        if element.get("action_id") in _WORK_IN_WINDOWS
    ]
    blocks = [block for block in blocks if block["type"] != "actions"]
    row = [actions(*works, *controls)] if works or controls else []
    return view(title or say("Poll"), [*blocks, *row], callback_id=TOLD_VIEW)
