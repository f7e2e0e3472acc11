"""Work Objects: an issue as Slack shows it below a link, and in the pane that opens beside it.

Source: docs.slack.dev, "Implementing Work Objects" and entity.presentDetails; the names of the
fields are those of slack_sdk.models.metadata.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pollbot.slack.clicks import Click

Entity = dict[str, Any]

TASK = "slack#/entities/task"
"""The kind of Work Object that pollbot sends; it is switched on in the app's settings."""

_TITLE = 250
_TEXT = 1000
_LABEL = 75


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why somebody is shown nothing of an issue, and what they can do about it."""

    title: str
    said: str
    actions: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the top of a Work Object; ``kind`` and ``status`` may be empty."""

    title: str
    key: str
    kind: str = ""
    status: str = ""


def action(label: str, click: Click, *, style: str | None = None) -> Entity:
    """Return a button of a Work Object that brings ``click`` back."""
    drawn = {"text": label[:_LABEL], "action_id": click.action_id, "value": click.pack()}
    return drawn if style is None else {**drawn, "style": style}


def text_field(key: str, label: str, value: str, *, long: bool = False) -> Entity:
    """Return a field of one's own, shown as it stands."""
    drawn: Entity = {"key": key, "label": label, "type": "string", "value": value[:_TEXT]}
    return {**drawn, "long": True} if long else drawn


def task(
    url: str,
    head: Head,
    fields: Sequence[Entity] = (),
    actions: Sequence[Entity] = (),
) -> Entity:
    """Return an issue as a Work Object. ``url`` is what tells it from others, too."""
    shown: Entity = {
        "attributes": {
            "title": {"text": head.title[:_TITLE]},
            "display_id": head.key,
            "product_name": "Jira",
            **({"display_type": head.kind[:_LABEL]} if head.kind else {}),
        }
    }
    if head.status:
        shown["fields"] = {"status": {"value": head.status[:_LABEL]}}
    if fields:
        shown["custom_fields"] = list(fields)
    if order := [*(["status"] if head.status else []), *(field["key"] for field in fields)]:
        shown["display_order"] = order
    if actions:
        shown["actions"] = {"primary_actions": list(actions)}
    return {
        "entity_type": TASK,
        "url": url,
        "external_ref": {"id": url},
        "entity_payload": shown,
    }
