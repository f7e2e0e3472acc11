"""Would Slack take this Work Object? Its fields and sizes, as far as they are told.

Sources: docs.slack.dev, "Implementing Work Objects" and entity.presentDetails; the fields are those
of slack_sdk.models.metadata. Where no size is told, that of the like element of Block Kit is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pollbot.sandbox.slack.checks import (
    Check,
    anything,
    boolean,
    each,
    integer,
    one_of,
    shape,
    string,
)

MOST_PRIMARY, MOST_OVERFLOW = 2, 5
TYPES = ("task", "file", "item", "incident", "content_item")
URL = string(3000, least=1)

ACTION = shape(
    {"text": string(75, least=1), "action_id": string(255, least=1)},
    {
        "value": string(2000),
        "style": one_of("primary", "danger"),
        "url": URL,
        "accessibility_label": string(75),
        "processing_state": shape({"enabled": boolean}, {"interstitial_text": string(75)}),
    },
)
STRING = shape(
    {"value": string(3000, least=1)},
    {
        "label": string(75),
        "format": one_of("markdown"),
        "link": URL,
        "long": boolean,
        "type": one_of("string"),
        "tag_color": one_of("red", "yellow", "green", "gray", "blue"),
    },
)
NUMBER = shape({"value": integer()}, {"label": string(75), "type": anything})


def _own(value: Any, path: str) -> Iterator[str]:
    """Check a field of the app's own: its key and label are needed beside what its type has."""
    kinds: dict[str, Check] = {"string": STRING, "integer": NUMBER}
    if not isinstance(value, dict):
        yield f"{path}: must be an object"
        return
    rest = {name: part for name, part in value.items() if name != "key"}
    yield from string(75, least=1)(value.get("key"), f"{path}/key")
    yield from string(75, least=1)(value.get("label"), f"{path}/label")
    if value.get("type") not in kinds:
        yield f"{path}/type: {value.get('type')!r} is none of {', '.join(kinds)}"
        return
    yield from kinds[value["type"]](rest, path)


def _unlike(value: dict[str, Any], path: str) -> Iterator[str]:
    keys = [field["key"] for field in value.get("custom_fields") or []]
    known = {*keys, *(value.get("fields") or {})}
    for key, count in Counter(keys).items():
        if count > 1:
            yield f"{path}/custom_fields: {count} fields are called {key!r}"
    for key in value.get("display_order") or []:
        if key not in known:
            yield f"{path}/display_order: there is no field {key!r}"
    actions = value.get("actions") or {}
    ids = Counter(
        one["action_id"]
        for part in ("primary_actions", "overflow_actions")
        for one in actions.get(part) or []
    )
    yield from (f"{path}/actions: {n} are called {id!r}" for id, n in ids.items() if n > 1)


PAYLOAD = shape(
    {
        "attributes": shape(
            {"title": shape({"text": string(3000, least=1)})},
            {
                "display_type": string(75, least=1),
                "display_id": string(255, least=1),
                "product_name": string(75, least=1),
                "product_icon": anything,
                "locale": string(10),
                "metadata_last_modified": integer(0),
            },
        )
    },
    {
        "fields": shape(
            {},
            {"description": STRING, "status": STRING, "priority": STRING, "date_created": NUMBER},
        ),
        "custom_fields": each(_own, most=50),
        "display_order": each(string(75, least=1)),
        "actions": shape(
            {},
            {
                "primary_actions": each(ACTION, least=1, most=MOST_PRIMARY),
                "overflow_actions": each(ACTION, least=1, most=MOST_OVERFLOW),
            },
        ),
    },
    rules=(_unlike,),
)
ENTITY = shape(
    {
        "entity_type": one_of(*(f"slack#/entities/{name}" for name in TYPES)),
        "url": URL,
        "external_ref": shape({"id": string(255, least=1)}, {"type": string(255)}),
        "entity_payload": PAYLOAD,
    },
    {"app_unfurl_url": URL},
)
ERROR = shape(
    {
        "status": one_of(
            "restricted", "internal_error", "not_found", "custom", "custom_partial_view", "timeout"
        )
    },
    {
        "custom_title": string(255, least=1),
        "custom_message": string(3000, least=1),
        "message_format": one_of("markdown"),
        "actions": each(ACTION, least=1, most=MOST_PRIMARY),
    },
)


def entity_problems(entity: Any) -> list[str]:
    """Return why Slack would refuse this Work Object; empty when it would not."""
    return list(ENTITY(entity, "/metadata"))


def error_problems(error: Any) -> list[str]:
    """Return why Slack would refuse this in place of a Work Object; empty when it would not."""
    return list(ERROR(error, "/error"))
