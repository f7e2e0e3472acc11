"""The methods views.*: what they check, change and answer. Source: docs.slack.dev, methods."""

from __future__ import annotations

from typing import Any

from pollbot.sandbox.slack import blockkit
from pollbot.sandbox.slack.payloads import view_json
from pollbot.sandbox.slack.refused import Answering, Args, RefusedError
from pollbot.sandbox.slack.things import Trigger, View
from pollbot.sandbox.slack.workspace import MOST_VIEWS, TRIGGER_SECONDS, Workspace


class ViewsApi:
    """The windows of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.methods: dict[str, Answering] = {
            "views.open": self._open,
            "views.push": self._push,
            "views.update": self._update,
            "views.publish": self._publish,
        }

    def _open(self, args: Args) -> dict[str, Any]:
        view, trigger = self._checked_view(args), self._trigger(args)
        opened = self._put_up(view, trigger, on_top=trigger.view in self._workspace.views)
        return {"view": view_json(self._workspace, opened)}

    def _push(self, args: Args) -> dict[str, Any]:
        view, trigger = self._checked_view(args), self._trigger(args)
        if trigger.view not in self._workspace.views:
            raise RefusedError("invalid_trigger_id")
        return {"view": view_json(self._workspace, self._put_up(view, trigger, on_top=True))}

    def _update(self, args: Args) -> dict[str, Any]:
        view = self._checked_view(args)
        opened = self._open_view(args)
        if args.get("hash") not in (None, "", opened.hash):
            raise RefusedError("hash_conflict")
        self._unique(view, besides=opened)
        self._workspace.update_view(opened, view)
        return {"view": view_json(self._workspace, opened)}

    def _publish(self, args: Args) -> dict[str, Any]:
        """Show somebody a home view. Source: docs.slack.dev, views.publish."""
        view, user = args.get("view"), str(args.get("user_id"))
        if user not in self._workspace.people:
            raise RefusedError("user_not_found")
        if not isinstance(view, dict) or view.get("type") != "home":
            raise RefusedError("invalid_arguments", ["view: must be a home view"])
        if wrong := blockkit.view_problems(view):
            raise RefusedError("invalid_arguments", wrong)
        if blockkit.view_size(view) > blockkit.MOST_VIEW_BYTES:
            raise RefusedError("view_too_large")
        home = self._workspace
        id = home.homes[user].id if user in home.homes else home.next_id("V")
        drawn = {**view, "blocks": home.with_ids(view["blocks"])}
        shown = home.homes[user] = View(id, user, drawn, home.new_hash(), None, id)
        home.changed()
        return {"view": view_json(home, shown)}

    def _put_up(self, view: dict[str, Any], trigger: Trigger, *, on_top: bool) -> View:
        if on_top and len(self._workspace.stack_of(trigger.user)) >= MOST_VIEWS:
            raise RefusedError("push_limit_reached")
        self._unique(view)
        trigger.used = True
        return self._workspace.open_view(trigger.user, view, on_top=on_top)

    def _checked_view(self, args: Args) -> dict[str, Any]:
        view = args.get("view")
        if not isinstance(view, dict):
            raise RefusedError("invalid_arguments", ["view: must be an object"])
        if blockkit.view_size(view) > blockkit.MOST_VIEW_BYTES:
            raise RefusedError("view_too_large")
        wrong = blockkit.view_problems(view)
        if view.get("type") == "home":
            wrong.append("/type: a home view cannot be opened as a modal")
        if wrong:
            raise RefusedError("invalid_arguments", wrong)
        return view

    def _unique(self, view: dict[str, Any], besides: View | None = None) -> None:
        taken = (
            other.view.get("external_id")
            for other in self._workspace.views.values()
            if other is not besides
        )
        if view.get("external_id") and view["external_id"] in taken:
            raise RefusedError("duplicate_external_id")

    def _trigger(self, args: Args) -> Trigger:
        trigger = self._workspace.triggers.get(str(args.get("trigger_id")))
        if trigger is None:
            raise RefusedError("invalid_trigger_id")
        if trigger.used:
            raise RefusedError("exchanged_trigger_id")
        if self._workspace.now() - trigger.made_at > TRIGGER_SECONDS:
            raise RefusedError("expired_trigger_id")
        return trigger

    def _open_view(self, args: Args) -> View:
        id, external = args.get("view_id"), args.get("external_id")
        for view in self._workspace.views.values():
            if view.id == id or (external and view.view.get("external_id") == external):
                return view
        raise RefusedError("not_found")
