"""Would Slack take these blocks? Every limit of Block Kit, answered with a JSON path and a reason.

Slack refuses a whole call over one character too many, so the stand-in does as well.
Source: docs.slack.dev, reference: blocks, block-elements, views.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from pollbot.sandbox.slack.block_shapes import any_block
from pollbot.sandbox.slack.checks import Check, anything, boolean, each, one_of, shape, string
from pollbot.sandbox.slack.element_shapes import OPTION, plain

Surface: TypeAlias = Literal["message", "modal", "home"]

MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
NOT_IN_VIEWS = {
    "container",
    "context_actions",
    "data_table",
    "data_visualization",
    "file",
    "markdown",
    "plan",
    "table",
    "task_card",
}
REFUSED: dict[Surface, set[str]] = {
    "message": {"alert", "file"},
    "modal": NOT_IN_VIEWS | {"card", "carousel"},
    "home": NOT_IN_VIEWS | {"alert"},
}
NOT_INTERACTIVE = ("image", "mrkdwn", "plain_text")
MOST_OF_A_KIND = {"table": 1, "data_visualization": 2}
MOST_MARKDOWN = 12_000
MOST_TABLE_TEXT = 10_000
MOST_VIEW_BYTES = 250_000
# A message's blocks together, of which Slack tells no number. slackapi/bolt-js#2509: 12,000
# characters "with a buffer for block containers"; 13,297 in one block were taken, and less with
# each block beside it, some 100 for a header. slackapi/bolt-js#2867: 11,341 were refused. The
# stand-in takes neither more than that nor more than this sum, whatever the texts are for.
MOST_IN_MESSAGE = 13_200
A_BLOCK_COSTS = 100
MOST_CHARACTERS = 11_340
NO_TEXT = {"type", "block_id", "action_id", "style"}

VIEW_FIELDS: dict[str, Check] = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
VIEWS: dict[str, Check] = {
    "modal": shape(
        {"type": anything, "title": plain(24), "blocks": each(anything, least=1)},
        {
            "submit": plain(24),
            "close": plain(24),
            "notify_on_close": boolean,
            "clear_on_close": boolean,
            "submit_disabled": boolean,
            **VIEW_FIELDS,
        },
    ),
    "home": shape({"type": anything, "blocks": each(anything, least=1)}, VIEW_FIELDS),
}


def problems(blocks: Any, surface: Surface) -> list[str]:
    """Return why Slack would refuse these blocks on that surface; empty when it would not."""
    return list(_problems(blocks, surface))


def view_problems(view: Any) -> list[str]:
    """Return why Slack would refuse this modal or home view; empty when it would not."""
    return list(_view_problems(view))


def option_problems(options: Any) -> list[str]:
    """Return why Slack would not show these options in a menu that an app fills; empty if it would.

    They may be none, but are a list of at most a hundred.
    """
    return list(each(OPTION, most=100)(options, "/options"))


def view_size(view: Any) -> int:
    """Return the view's size in bytes; over MOST_VIEW_BYTES Slack says ``view_too_large``."""
    return len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode())


def is_too_long(blocks: list[dict[str, Any]]) -> bool:
    """Return whether Slack would answer ``msg_blocks_too_long`` to a message with these blocks."""
    characters = sum(len(text) for block in blocks for text in _written(block))
    whole = characters + A_BLOCK_COSTS * sum(1 for _ in walk(blocks))
    return characters > MOST_CHARACTERS or whole > MOST_IN_MESSAGE


def walk(
    blocks: list[dict[str, Any]], path: str = "/blocks"
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each block and those nested in it, with their paths."""
    for index, block in enumerate(blocks):
        if isinstance(block, dict):
            yield f"{path}/{index}", block
            for name in ("child_blocks", "fallback"):
                yield from walk(_list(block, name), f"{path}/{index}/{name}")


def elements(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every element of this block that a person can use."""
    if block.get("type") == "rich_text":
        return
    alone = _dicts([block.get("accessory"), block.get("element")])
    for part in [*_list(block, "elements"), *_list(block, "actions"), *alone]:
        if part.get("type") == "card":
            yield from elements(part)
        elif part.get("type") not in NOT_INTERACTIVE:
            yield part


def _problems(blocks: Any, surface: Surface) -> Iterator[str]:
    if not isinstance(blocks, list):
        yield "/blocks: must be a list"
        return
    if len(blocks) > MOST_BLOCKS[surface]:
        yield f"/blocks: {len(blocks)} items, at most {MOST_BLOCKS[surface]}"
    for index, block in enumerate(blocks):
        yield from any_block(block, f"/blocks/{index}")
    for path, block in walk(blocks):
        yield from _misplaced(block, path, surface)
        yield from _repeated((part.get("action_id") for part in elements(block)), path, "action_id")
    block_ids = (block.get("block_id") for _, block in walk(blocks))
    yield from _repeated(block_ids, "/blocks", "block_id")
    yield from _totals(_dicts(blocks))


def _misplaced(block: dict[str, Any], path: str, surface: Surface) -> Iterator[str]:
    if str(block.get("type")) in REFUSED[surface]:
        yield f"{path}/type: {block['type']} is not allowed in a {surface}"
    is_form_input = surface == "modal" and block.get("type") == "input"
    for part in elements(block):
        if part.get("type") == "file_input" and surface != "modal":
            yield f"{path}: file_input is allowed in modals only"
        if part.get("response_url_enabled") and not is_form_input:
            yield f"{path}: response_url_enabled is allowed in a modal's input blocks only"


def _repeated(ids: Iterator[Any], path: str, name: str) -> Iterator[str]:
    counts = Counter(each_id for each_id in ids if isinstance(each_id, str))
    yield from (f"{path}: {name} {key!r} is used {n} times" for key, n in counts.items() if n > 1)


def _totals(blocks: list[dict[str, Any]]) -> Iterator[str]:
    counts = Counter(str(block.get("type")) for block in blocks)
    for kind, most in MOST_OF_A_KIND.items():
        if counts[kind] > most:
            yield f"/blocks: {counts[kind]} {kind} blocks, at most {most}"
    markdown = sum(len(str(b.get("text", ""))) for b in blocks if b.get("type") == "markdown")
    if counts["markdown"] > 1 and markdown > MOST_MARKDOWN:
        yield f"/blocks: {markdown} characters of markdown, at most {MOST_MARKDOWN}"
    cells = sum(
        _text_length(b.get("rows")) for b in blocks if b.get("type") in ("table", "data_table")
    )
    if cells > MOST_TABLE_TEXT:
        yield f"/blocks: {cells} characters in tables, at most {MOST_TABLE_TEXT}"


def _view_problems(view: Any) -> Iterator[str]:
    kind = view.get("type") if isinstance(view, dict) else None
    surface: Surface = "home" if kind == "home" else "modal"
    yield from one_of(*VIEWS)(kind, "/type")
    if not isinstance(view, dict):
        return
    yield from VIEWS[surface](view, "")
    if "blocks" not in view:
        return
    yield from _problems(view["blocks"], surface)
    blocks = _list(view, "blocks")
    has_input = any(block.get("type") == "input" for block in blocks)
    if surface == "modal" and has_input and not view.get("submit"):
        yield "/submit: missing, there is an input block"
    parts = (part for _, block in walk(blocks) for part in elements(block))
    focused = sum(part.get("focus_on_load") is True for part in parts)
    if focused > 1:
        yield f"/blocks: {focused} elements with focus_on_load, at most 1"
    if (size := view_size(view)) > MOST_VIEW_BYTES:
        yield f"/: {size} bytes, at most {MOST_VIEW_BYTES}"


def _list(value: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = value.get(name)
    return _dicts(found) if isinstance(found, list) else []


def _dicts(values: list[Any]) -> list[dict[str, Any]]:
    return [value for value in values if isinstance(value, dict)]


def _written(value: Any) -> Iterator[str]:
    """Yield what is written in a block: what it shows, says aloud, links to and brings back."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _written(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            if name not in NO_TEXT:
                yield from _written(part)


def _text_length(value: Any) -> int:
    if isinstance(value, dict):
        own = value.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(
            _text_length(part) for part in value.values() if isinstance(part, dict | list)
        )
    return sum(map(_text_length, value)) if isinstance(value, list) else 0
