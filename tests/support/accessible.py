"""What keeps somebody who hears a screen, or sees no colours, from what others see on it."""

import json
import re
from collections.abc import Iterator
from typing import Any

from pollbot.polls.templates import TEMPLATES
from pollbot.sandbox.slack import SlackStandIn

MESSAGES = ("chat.postMessage", "chat.postEphemeral", "chat.update")
VIEWS = ("views.open", "views.update", "views.push", "views.publish")
# docs.slack.dev, "Block elements": those have a placeholder that says what they are for.
NAMED_BY_A_PLACEHOLDER = re.compile(r"_select$|^(date|time|datetime)picker$")
NAMED_BY_WHAT_STANDS_BESIDE = ("checkboxes", "radio_buttons")
SHORTCODE = re.compile(r":[a-z0-9_+-]+:")
CHANNEL = re.compile(r"<#[^<>]*>")
LINK = re.compile(r"<[^<>|]*\|([^<>]*)>")


def barriers(slack: SlackStandIn) -> list[str]:
    """Return what is wrong with whatever was shown to anybody so far, each with where it stood."""
    written = json.dumps([one.body for one in slack.deliveries], ensure_ascii=False)
    typed = written + "".join(
        option for template in TEMPLATES.values() for option in map(str, template.options)
    )
    found: dict[str, None] = {}
    for kind, shown in _all_shown(slack):
        for problem in _of(shown, typed):
            found.setdefault(f"{kind}: {problem}")
    for kind, entity in _work_objects(slack):
        for problem in _of_entity(entity, typed):
            found.setdefault(f"{kind}: {problem}")
    return list(found)


def _work_objects(slack: SlackStandIn) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what stood below links, and in the panes beside them."""
    for call in slack.calls:
        if not call.answer.get("ok") or call.method not in ("chat.unfurl", "entity.presentDetails"):
            continue
        for name in ("metadata", "error"):
            given = call.args.get(name) or {}
            for one in given.get("entities", [given] if given else []):
                yield call.method, one


def _of_entity(shown: dict[str, Any], typed: str) -> Iterator[str]:
    """Yield what of a Work Object is without words, or of what stands in its place."""
    drawn = shown.get("entity_payload", {})
    title = drawn["attributes"]["title"]["text"] if drawn else shown.get("custom_title", "")
    said = {"title": title, **{one["key"]: one["value"] for one in drawn.get("custom_fields", [])}}
    if not drawn:
        said["message"] = shown.get("custom_message", "")
    said |= {f"label of {one['key']}": one["label"] for one in drawn.get("custom_fields", [])}
    for name, text in said.items():
        if not _words(str(text)) and str(text) not in typed:
            yield f"{name} without words: {text!r}"
    actions = drawn.get("actions", shown.get("actions") or {})
    buttons = actions if isinstance(actions, list) else actions.get("primary_actions", [])
    heard = [one.get("accessibility_label") or one["text"] for one in buttons]
    if not all(map(_words, heard)) or len(set(heard)) < len(heard):
        yield f"buttons without words of their own: {heard}"


def _all_shown(slack: SlackStandIn) -> Iterator[tuple[str, dict[str, Any]]]:
    for call in slack.calls:
        if call.answer.get("ok") and call.method in MESSAGES:
            yield call.method, _parsed(call.args)
        elif call.answer.get("ok") and call.method in VIEWS:
            yield call.method, _parsed(call.args)["view"]
    for post in slack.hook_posts:
        if post.status == 200 and not post.body.get("delete_original"):
            yield "response_url", post.body
    for delivery in slack.deliveries:
        said = delivery.answer.json or {}
        if "view" in said:
            yield "answer to a form", said["view"]
        elif "text" in said or "blocks" in said:
            yield "answer to a command", said


def _parsed(args: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call, of which some may have come as JSON in a form."""
    return {
        name: json.loads(value) if name in ("blocks", "view") and isinstance(value, str) else value
        for name, value in args.items()
    }


def _of(shown: dict[str, Any], typed: str) -> Iterator[str]:
    blocks = shown.get("blocks") or []
    if shown.get("type") in ("modal", "home"):
        for part in ("title", "submit", "close"):
            if part in shown and not _words(shown[part]["text"]):
                yield f"{part} of a view without words"
    elif blocks:
        yield from _not_in_text(str(shown.get("text", "")), blocks)
    for text in _texts(blocks):
        if not _words(text) and text.strip() and text not in typed:
            yield f"a text without words: {text!r}"
    for block in blocks:
        yield from _of_block(block, typed)
    yield from _alike(blocks)


def _not_in_text(text: str, blocks: list[dict[str, Any]]) -> Iterator[str]:
    """Yield a message's text if it leaves out most of what its blocks say; it is what is heard."""
    said = [block for block in blocks if block["type"] in ("section", "header", "rich_text")]
    words = re.findall(r"\w{3,}", " ".join(_texts(said)))
    # Of a hundred options Slack's 4,000 bytes hold the beginnings.
    if not _words(text) or sum(word[:4] in text for word in words) < 0.15 * len(words):
        yield f"a text of which most is missing: {text!r}"


def _alike(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what several buttons or menus are called although they are for different things."""
    heard: dict[str, set[str]] = {}
    about = ""
    for block in blocks:
        if block["type"] in ("section", "rich_text"):
            # A channel has its name from Slack, which gives it to no label.
            about = CHANNEL.sub("", next(_texts(block), about).split("\n")[0])
        for control in _controls(block):
            heard.setdefault(_spoken(control), set()).add(about)
    for name, things in heard.items():
        # Two that are too long for Slack's 75 characters may differ in what was cut.
        if name and len(things) > 1 and "…" not in name[-3:]:
            yield f"{len(things)} controls that sound alike: {name!r}"


def _of_block(block: dict[str, Any], typed: str) -> Iterator[str]:
    """Yield the controls that nothing names, and images that nothing tells.

    An option's title may be one emoji, if it was typed so.
    """
    if block["type"] == "input" and not _words(block["label"]["text"]):
        yield f"a field without a label: {block.get('block_id')}"
    if block["type"] == "image" and not _words(block.get("alt_text", "")):
        yield "an image without words"
    if block["type"] == "data_visualization" and not _words(str(block.get("title", ""))):
        yield "a chart without a title"
    for control in _controls(block):
        kind, beside = control["type"], block["type"] in ("section", "input")
        if kind == "image" and not _words(control.get("alt_text", "")):
            yield "an image without words"
        elif kind == "button" and not _spoken(control) and control["text"]["text"] not in typed:
            yield f"a button without words: {control.get('action_id')}"
        elif not beside and NAMED_BY_A_PLACEHOLDER.search(kind) and not _spoken(control):
            yield f"a menu without words: {control.get('action_id')}"
        elif not beside and kind in NAMED_BY_WHAT_STANDS_BESIDE:
            yield f"boxes without a label: {control.get('action_id')}"


def _controls(block: dict[str, Any]) -> list[dict[str, Any]]:
    if block["type"] == "input":
        return [block["element"]]
    if block["type"] in ("actions", "context"):
        return [one for one in block["elements"] if one["type"] not in ("mrkdwn", "plain_text")]
    return [block["accessory"]] if "accessory" in block else []


def _spoken(control: dict[str, Any]) -> str:
    """Return what a screen reader says of a button or menu; nothing if that holds no words."""
    label = control.get("text") or control.get("placeholder") or {}
    said = str(control.get("accessibility_label") or label.get("text", ""))
    return said if _words(said) else ""


def _texts(part: Any) -> Iterator[str]:
    match part:
        case {"accessibility_label": str() as text}:
            yield text
        case {"type": "mrkdwn" | "plain_text" | "text" | "markdown", "text": str() as text}:
            yield text
        case {"type": "rich_text_section" | "rich_text_quote", "elements": list() as pieces}:
            # Words of another style are pieces of their own, and heard in one go.
            if text := "".join(_texts(pieces)):
                yield text
        case dict():
            for inner in part.values():
                yield from _texts(inner)
        case list():
            for inner in part:
                yield from _texts(inner)


def _words(text: str) -> bool:
    """Return whether something is left of a text for somebody who is told no pictures."""
    return bool(re.search(r"\w", SHORTCODE.sub("", LINK.sub(r"\1", text))))
