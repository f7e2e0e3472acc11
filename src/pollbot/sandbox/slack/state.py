"""What a person typed and chose: plain values in, the state entries of Slack's payloads out.

Source: docs.slack.dev, block_actions and view_submission payloads, block-elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pollbot.sandbox.slack import blockkit

REQUIRED = "Please complete this required field."


class NotOnScreenError(Exception):
    """The person's client offers no such thing; the text is what a tester should read."""


@dataclass(frozen=True, slots=True)
class Stateful:
    """Where an element keeps its value in the state, and where it takes the first one from."""

    key: str
    initial: str
    many: bool = False
    from_options: bool = False


TEXT = Stateful("value", "initial_value")
ONE = Stateful("selected_option", "initial_option", from_options=True)
SOME = Stateful("selected_options", "initial_options", many=True, from_options=True)
STATEFUL = {
    "plain_text_input": TEXT,
    "number_input": TEXT,
    "email_text_input": TEXT,
    "url_text_input": TEXT,
    "rich_text_input": Stateful("rich_text_value", "initial_value"),
    "static_select": ONE,
    "external_select": ONE,
    "radio_buttons": ONE,
    "multi_static_select": SOME,
    "multi_external_select": SOME,
    "checkboxes": SOME,
    "users_select": Stateful("selected_user", "initial_user"),
    "conversations_select": Stateful("selected_conversation", "initial_conversation"),
    "channels_select": Stateful("selected_channel", "initial_channel"),
    "multi_users_select": Stateful("selected_users", "initial_users", many=True),
    "multi_conversations_select": Stateful(
        "selected_conversations", "initial_conversations", many=True
    ),
    "multi_channels_select": Stateful("selected_channels", "initial_channels", many=True),
    "datepicker": Stateful("selected_date", "initial_date"),
    "timepicker": Stateful("selected_time", "initial_time"),
    "datetimepicker": Stateful("selected_date_time", "initial_date_time"),
    "file_input": Stateful("files", "initial_files", many=True),
}

Typed = dict[str, dict[str, Any]]
Part = tuple[dict[str, Any], dict[str, Any]]


def parts(blocks: list[dict[str, Any]]) -> Iterator[Part]:
    """Yield each element that can be used, with the block it stands in."""
    for _, block in blockkit.walk(blocks):
        for element in blockkit.elements(block):
            yield block, element


def still_there(blocks: list[dict[str, Any]], block_id: str | None) -> str | None:
    """Return the id of a message's block; None if it was redrawn under another one meanwhile."""
    return block_id if any(block_id == block["block_id"] for block, _ in parts(blocks)) else None


def find(
    blocks: list[dict[str, Any]], action_id: str, block_id: str | None, *kinds: str
) -> list[Part]:
    """Return the elements with that action_id; raise NotOnScreenError if there are none."""
    found = [
        (block, element)
        for block, element in parts(blocks)
        if element["action_id"] == action_id
        and block_id in (None, block["block_id"])
        and (not kinds or element["type"] in kinds)
    ]
    if not found:
        there = sorted({element["action_id"] for _, element in parts(blocks)})
        raise NotOnScreenError(f"nothing called {action_id!r} is there; there are: {there}")
    return found


def find_in_view(blocks: list[dict[str, Any]], action_id: str, block_id: str | None) -> list[Part]:
    """Return what ``find`` does; a button may have been redrawn under another block_id meanwhile.

    Of a field the block_id is its name, which stays.
    """
    if block_id is None or still_there(blocks, block_id):
        return find(blocks, action_id, block_id)
    return find(blocks, action_id, None, "button")


def entry(element: dict[str, Any], value: Any) -> dict[str, Any]:
    """Return the element's state after the person chose ``value``; None clears it."""
    kind = STATEFUL[element["type"]]
    chosen: Any
    if kind.many:
        values = value if isinstance(value, list) else [] if value is None else [value]
        chosen = [_chosen(element, kind, each) for each in values]
    else:
        chosen = None if value in (None, "") else _chosen(element, kind, value)
    return _state(element, kind, chosen)


def initial_entry(element: dict[str, Any]) -> dict[str, Any]:
    kind = STATEFUL[element["type"]]
    return _state(element, kind, element.get(kind.initial) or ([] if kind.many else None))


def state_values(blocks: list[dict[str, Any]], typed: Typed) -> dict[str, dict[str, Any]]:
    """Return ``state.values``: every stateful element, touched or not."""
    values: dict[str, dict[str, Any]] = {}
    for block, element in parts(blocks):
        if element["type"] in STATEFUL:
            fields = values.setdefault(block["block_id"], {})
            fields[element["action_id"]] = current_entry(block, element, typed)
    return values


def current_entry(block: dict[str, Any], element: dict[str, Any], typed: Typed) -> dict[str, Any]:
    own = typed.get(block["block_id"], {})
    if element["action_id"] in own:
        return entry(element, own[element["action_id"]])
    return initial_entry(element)


def option_called(element: dict[str, Any], value: Any) -> dict[str, Any]:
    """Return the option with that value, as the element offers it."""
    options = [*(element.get("options") or [])]
    for group in element.get("option_groups") or []:
        options += group["options"]
    for option in options:
        if option["value"] == value:
            return dict(option)
    if "external" in element["type"]:
        text = {"type": "plain_text", "text": str(value), "emoji": True}
        return value if isinstance(value, dict) else {"text": text, "value": str(value)}
    offered = [option["value"] for option in options]
    raise NotOnScreenError(f"{element['action_id']!r} does not offer {value!r}, only {offered}")


def complaints(blocks: list[dict[str, Any]], typed: Typed) -> dict[str, str]:
    """Return what the person's client refuses to submit, by block_id."""
    found = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            value = _value_of(element, current_entry(block, element, typed))
            wrong = _complaint(element, value, optional=block.get("optional") is True)
            if wrong is not None:
                found[block["block_id"]] = wrong
    return found


def _chosen(element: dict[str, Any], kind: Stateful, value: Any) -> Any:
    if kind.from_options:
        return option_called(element, value)
    if element["type"] == "datetimepicker":
        return int(value)
    return str(value) if kind is TEXT else value


def _state(element: dict[str, Any], kind: Stateful, chosen: Any) -> dict[str, Any]:
    state = {"type": element["type"], kind.key: chosen}
    if element["type"] == "timepicker" and "timezone" in element:
        state["timezone"] = element["timezone"]
    return state


def _value_of(element: dict[str, Any], state: dict[str, Any]) -> Any:
    return state[STATEFUL[element["type"]].key]


def _complaint(element: dict[str, Any], value: Any, *, optional: bool) -> str | None:
    if value in (None, "", []):
        return None if optional else REQUIRED
    kind = element["type"]
    if kind == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        if not least <= len(value) <= most:
            return f"This entry needs {least} to {most} characters; it has {len(value)}."
    if kind == "number_input":
        return _number_complaint(element, value)
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not re.match(r"https?://\S", value):
        return "Please enter a valid URL."
    if isinstance(value, list) and len(value) > element.get("max_selected_items", len(value)):
        return f"Please choose at most {element['max_selected_items']}."
    return None


def _number_complaint(element: dict[str, Any], value: str) -> str | None:
    form = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(form, value):
        return "Please enter a valid number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None


def button(found: list[Part], value: str | None) -> Part:
    """Return the button meant: the one with this value, or the only one, given this value."""
    matching = [part for part in found if value in (None, part[1].get("value"))]
    if len(matching) == 1 or (matching and value is not None):
        return matching[0]
    if len(found) == 1:
        block, element = found[0]
        return block, {**element, "value": value}
    values = [element.get("value") for _, element in found]
    raise NotOnScreenError(f"which button? {value!r} is not one of {values}")
