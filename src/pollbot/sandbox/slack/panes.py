"""Work Objects: previews of links that open a pane, which the app fills for whoever opened it.

Sources: docs.slack.dev, "Implementing Work Objects", the event entity_details_requested, and
entity.presentDetails. That what opens a pane leads there once, and for three seconds, is taken
from forms: nothing is told of it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from pollbot.sandbox.slack import payloads as slack_payloads
from pollbot.sandbox.slack.entity_shapes import entity_problems, error_problems
from pollbot.sandbox.slack.links import links_in
from pollbot.sandbox.slack.people import Acts
from pollbot.sandbox.slack.refused import Answering, Args, RefusedError
from pollbot.sandbox.slack.state import NotOnScreenError
from pollbot.sandbox.slack.things import Answer, Message, nothing_sent
from pollbot.sandbox.slack.workspace import TRIGGER_SECONDS, Workspace

Json = dict[str, Any]


@dataclass
class Pane:
    """What one person has open beside a channel: nothing yet, a Work Object, or an error."""

    user: str
    message: Message
    url: str
    ref: Json
    address: str
    entity: Json | None = None
    error: Json | None = None
    drawn: int = 0


@dataclass
class WorkObjects:
    """Those of a workspace. ``refused`` is what Slack says where they are not switched on."""

    is_on: bool = False
    refused: str = "feature_not_enabled"
    panes: dict[str, Pane] = field(default_factory=dict)
    triggers: dict[str, str] = field(default_factory=dict)
    """Of which Work Object each trigger is."""


class PaneApi:
    """What the app calls."""

    def __init__(self, home: Workspace, objects: WorkObjects) -> None:
        self._home = home
        self._objects = objects
        self.methods: dict[str, Answering] = {"entity.presentDetails": self._present}

    def unfurl(self, message: Message, entities: Any) -> None:
        """Show Work Objects as previews of links in a message."""
        if not self._objects.is_on:
            raise RefusedError(self._objects.refused)
        if not isinstance(entities, list) or not entities:
            raise RefusedError("invalid_metadata_format")
        for entity in entities:
            if wrong := entity_problems(entity):
                raise RefusedError("invalid_metadata_schema", wrong)
            url = entity.get("app_unfurl_url")
            if url not in links_in(message.text):
                raise RefusedError("cannot_unfurl_url")
            message.unfurls.pop(url, None)
            message.entities[url] = copy.deepcopy(entity)
        self._home.changed()

    def _present(self, args: Args) -> Json:
        trigger = self._home.triggers.get(str(args.get("trigger_id")))
        ref = self._objects.triggers.get(str(args.get("trigger_id")))
        if trigger is None or ref is None or trigger.used:
            raise RefusedError("invalid_trigger_id")
        if self._home.now() - trigger.made_at > TRIGGER_SECONDS:
            raise RefusedError("invalid_trigger_id")
        entity, error = args.get("metadata"), args.get("error")
        if (entity is None) == (error is None):
            raise RefusedError("invalid_metadata")
        if wrong := entity_problems(entity) if error is None else error_problems(error):
            raise RefusedError("invalid_metadata", wrong)
        if entity is not None and entity["external_ref"]["id"] != ref:
            raise RefusedError("entity_metadata_does_not_match_trigger")
        trigger.used = True
        pane = self._objects.panes.get(trigger.user)
        if pane is not None and pane.ref["id"] == ref:
            pane.entity, pane.error = copy.deepcopy(entity), copy.deepcopy(error)
            pane.drawn += 1
            self._home.changed()
        return {}


class PaneActs:
    """What people do with Work Objects."""

    def __init__(self, home: Workspace, objects: WorkObjects, acts: Acts) -> None:
        self._home = home
        self._objects = objects
        self._acts = acts

    async def open_pane(self, user: str, message_id: str, url: str) -> Answer:
        """Open what a preview stands for; the app is asked to fill it."""
        message = self._acts.message(user, message_id)
        entity = message.entities[url]
        ref, address = entity["external_ref"], entity["url"]
        self._objects.panes[user] = Pane(user, message, url, ref, address)
        self._home.changed()
        return await self._acts.happen(user, self.opened(user))

    def opened(self, user: str) -> Json:
        """Return the event by which the app hears of it, and which leads to the pane once."""
        pane = self._objects.panes[user]
        return {
            "type": "entity_details_requested",
            "external_ref": pane.ref,
            "entity_url": pane.address,
            "link": {"url": pane.address, "domain": pane.address.split("/")[2]},
            "app_unfurl_url": pane.url,
            "trigger_id": self._trigger(pane),
            "user_locale": self._home.people[user].locale,
            "channel": pane.message.channel,
            "message_ts": pane.message.ts,
        }

    async def press_in_pane(self, user: str, action_id: str) -> Answer:
        """Press a button of what is open."""
        return await self._acts.click(self.pane_body(user, action_id))

    def pane_body(self, user: str, action_id: str) -> Json:
        """Return the payload of a button of what is open without sending it.

        What names the pane is told nowhere; there is no channel and no response_url in it.
        """
        pane = self._objects.panes[user]
        drawn = pane.entity["entity_payload"] if pane.entity is not None else pane.error or {}
        part = _named(drawn.get("actions"), action_id)
        return {
            **slack_payloads.about(self._home, "block_actions", user),
            "container": {
                "type": "entity_detail",
                "entity_url": pane.address,
                "external_ref": pane.ref,
                "app_unfurl_url": pane.url,
            },
            "trigger_id": self._trigger(pane),
            "actions": [self._action(part)],
        }

    async def press_entity(self, user: str, message_id: str, url: str, action_id: str) -> Answer:
        """Press a button of a Work Object below a link."""
        message = self._acts.message(user, message_id)
        part = _named(message.entities[url]["entity_payload"].get("actions"), action_id)
        body = slack_payloads.preview_action(self._home, user, message, url, self._action(part))
        return await self._acts.click(body)

    async def close_pane(self, user: str) -> Answer:
        """Close it; the app does not hear of it."""
        self._objects.panes.pop(user, None)
        self._home.changed()
        return nothing_sent(None)

    def _action(self, part: Json) -> Json:
        named: Json = {name: part[name] for name in ("action_id", "value", "style") if name in part}
        return {"type": "button", **named, "action_ts": self._home.next_ts()}

    def _trigger(self, pane: Pane) -> str:
        trigger = self._home.new_trigger(pane.user)
        self._objects.triggers[trigger] = pane.ref["id"]
        return trigger


def _named(actions: Any, action_id: str) -> Json:
    """Return the button of that name; raise NotOnScreenError if there is none."""
    both = actions if isinstance(actions, list) else []
    if isinstance(actions, dict):
        both = [*actions.get("primary_actions", []), *actions.get("overflow_actions", [])]
    for one in both:
        if one["action_id"] == action_id:
            return dict(one)
    there = [one["action_id"] for one in both]
    raise NotOnScreenError(f"nothing called {action_id!r} is there; there are: {there}")
