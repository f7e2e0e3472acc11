"""The JSON that Slack sends about messages, forms and what people do with them.

Sources: docs.slack.dev, interaction payloads and slash commands. Of people in a shared channel
(Slack Connect): clicks on messages name our workspace as ``team`` (slackapi/java-slack-sdk#1041),
forms name the person's own there, and ours as ``view.app_installed_team_id``
(slackapi/bolt-js#1614, bolt-python#734). Of an app that a whole organisation installed: ``team``
is null, and ``view.app_installed_team_id`` is the organisation's (slackapi/bolt-js#1720; Bolt for
Python, request/internals.py). Events name the workspace of whoever did it as ``team_id``, and the
installation in ``authorizations`` (java-slack-sdk#629; docs.slack.dev, Events API).
"""

from __future__ import annotations

import copy
from typing import Any

from pollbot.sandbox.slack.state import STATEFUL, Part, Typed, parts, state_values
from pollbot.sandbox.slack.things import Channel, Message, View
from pollbot.sandbox.slack.workspace import Workspace

Json = dict[str, Any]
TOKEN = "sandbox-verification-token"


def message_json(home: Workspace, message: Message) -> Json:
    body: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": home.team_id,
        "blocks": copy.deepcopy(message.blocks),
    }
    if message.user == home.bot_user_id:
        body |= {"bot_id": home.bot_id, "app_id": home.app_id}
    if message.thread_ts is not None:
        body["thread_ts"] = message.thread_ts
    elif replies := home.thread_of(message.channel, message.ts):
        # docs.slack.dev, "Retrieving messages": what begins a thread says so.
        body |= {"thread_ts": message.ts, "reply_count": len(replies)}
    if message.unfurls:
        # A preview that an app made stands in the attachments, whoever wrote the message.
        body["attachments"] = [
            {
                "id": number,
                "from_url": url,
                "app_unfurl_url": url,
                "is_app_unfurl": True,
                "bot_id": home.bot_id,
                "app_id": home.app_id,
                "fallback": "[no preview available]",
                "blocks": copy.deepcopy(blocks),
            }
            for number, (url, blocks) in enumerate(message.unfurls.items(), 1)
        ]
    if message.edited:
        body["edited"] = {"user": message.user, "ts": message.ts}
    if message.metadata is not None:
        body["metadata"] = copy.deepcopy(message.metadata)
    return body


def view_json(home: Workspace, opened: View, *, with_values: bool = True) -> Json:
    """Return the form as payloads and answers show it."""
    view = copy.deepcopy(opened.view)
    values = state_values(view["blocks"], opened.values) if with_values else {}
    return {
        "id": opened.id,
        "team_id": home.people[opened.user].team_id,
        "type": view["type"],
        "callback_id": view.get("callback_id", ""),
        "blocks": view["blocks"],
        "private_metadata": view.get("private_metadata", ""),
        "state": {"values": values},
        "hash": opened.hash,
        "title": view.get("title"),
        "clear_on_close": view.get("clear_on_close", False),
        "notify_on_close": view.get("notify_on_close", False),
        "close": view.get("close"),
        "submit": view.get("submit"),
        "previous_view_id": opened.previous,
        "root_view_id": opened.root,
        "app_id": home.app_id,
        "external_id": view.get("external_id", ""),
        "app_installed_team_id": home.organisation or home.team_id,
        "bot_id": home.bot_id,
    }


def command(home: Workspace, user: str, channel: Channel, name: str, text: str) -> Json:
    """Return a slash command's form fields."""
    spoken = "directmessage" if channel.is_im else "privategroup"
    body = {
        "token": TOKEN,
        # Where it is run: of an organisation's people, in the workspace that they work in.
        "team_id": home.people[user].team_id if home.organisation else home.team_id,
        "team_domain": home.domain,
        "channel_id": channel.id,
        "channel_name": spoken if channel.is_private else channel.name,
        "user_id": user,
        "user_name": home.people[user].name.lower(),
        "command": name,
        "text": text,
        "api_app_id": home.app_id,
        "is_enterprise_install": str(bool(home.organisation)).lower(),
        "response_url": home.new_hook(user, channel.id),
        "trigger_id": home.new_trigger(user),
    }
    if home.organisation:
        body |= {"enterprise_id": home.organisation, "enterprise_name": home.domain}
    return body


def action(home: Workspace, part: Part, chosen: Json, action_ts: str | None = None) -> Json:
    """Return the entry of ``actions`` for one element; ``chosen`` is what was picked on it."""
    block, element = part
    entry = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        **{name: element[name] for name in ("text", "value", "style", "url") if name in element},
        **chosen,
    }
    entry["action_ts"] = action_ts or home.next_ts()
    return entry


def message_action(home: Workspace, user: str, message: Message, what: Json, typed: Typed) -> Json:
    """Return block_actions from a message; an ephemeral message itself is left out."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.ephemeral_for is not None,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    body = {
        **about(home, "block_actions", user, home.team_id),
        "container": container,
        "trigger_id": home.new_trigger(user),
        "channel": {"id": message.channel, "name": home.channels[message.channel].name},
        "state": {"values": state_values(message.blocks, typed)},
        "response_url": home.new_hook(user, message.channel, message.id),
        "actions": [what],
    }
    if message.ephemeral_for is None:
        body["message"] = message_json(home, message)
    return body


def preview_action(home: Workspace, user: str, message: Message, url: str, what: Json) -> Json:
    """Return block_actions from the preview of a link, which is no message of the app's.

    Source: slack-java-sdk, BlockActionPayload.json (container.type message_attachment).
    """
    return {
        **about(home, "block_actions", user, home.team_id),
        "container": {
            "type": "message_attachment",
            "message_ts": message.ts,
            "attachment_id": 1,
            "channel_id": message.channel,
            "is_ephemeral": False,
            "is_app_unfurl": True,
            "app_unfurl_url": url,
        },
        "trigger_id": home.new_trigger(user),
        "channel": {"id": message.channel, "name": home.channels[message.channel].name},
        "app_unfurl": {
            "id": 1,
            "blocks": copy.deepcopy(message.unfurls.get(url, [])),
            "is_app_unfurl": True,
        },
        "state": {"values": {}},
        "response_url": home.new_hook(user, message.channel, message.id),
        "actions": [what],
    }


def view_action(home: Workspace, opened: View, what: Json) -> Json:
    """Return block_actions from a form."""
    return {
        **_about_form(home, "block_actions", opened),
        "container": {"type": "view", "view_id": opened.id},
        "trigger_id": home.new_trigger(opened.user, opened.id),
        "view": view_json(home, opened),
        "actions": [what],
    }


def view_submission(home: Workspace, opened: View) -> Json:
    view = view_json(home, opened)
    return {
        **_about_form(home, "view_submission", opened),
        "trigger_id": home.new_trigger(opened.user, opened.id),
        "view": view,
        "response_urls": _response_urls(home, opened, view["state"]["values"]),
    }


def shortcut(home: Workspace, user: str, callback_id: str) -> Json:
    """Return a shortcut that is no message's: it names no channel, and has no response_url."""
    return {
        **about(home, "shortcut", user, home.team_id),
        "action_ts": home.next_ts(),
        "callback_id": callback_id,
        "trigger_id": home.new_trigger(user),
    }


def message_shortcut(home: Workspace, user: str, message: Message, callback_id: str) -> Json:
    return {
        **shortcut(home, user, callback_id),
        "type": "message_action",
        "channel": {"id": message.channel, "name": home.channels[message.channel].name},
        "response_url": home.new_hook(user, message.channel, message.id),
        "message_ts": message.ts,
        "message": message_json(home, message),
    }


def suggestion(home: Workspace, opened: View, part: Part, typed: str) -> Json:
    """Return the question for the options of a menu in a form that has none of its own."""
    block, element = part
    return {
        **_about_form(home, "block_suggestion", opened),
        "container": {"type": "view", "view_id": opened.id},
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": typed,
        "view": view_json(home, opened),
    }


def event(home: Workspace, user: str, what: Json) -> Json:
    """Return an event with its envelope; ``what`` is the event without its user and time."""
    team_id, organisation = home.people[user].team_id, home.organisation or None
    return {
        "token": TOKEN,
        "team_id": team_id,
        "context_team_id": team_id if organisation else home.team_id,
        "context_enterprise_id": organisation,
        "api_app_id": home.app_id,
        "event": {**what, "user": user, "event_ts": home.next_ts()},
        "type": "event_callback",
        "event_id": home.next_id("Ev"),
        "event_time": int(home.now()),
        "authorizations": [
            {
                "enterprise_id": organisation,
                "team_id": None if organisation else home.team_id,
                "user_id": home.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": bool(organisation),
            }
        ],
        "is_ext_shared_channel": not organisation and team_id != home.team_id,
    }


def view_closed(home: Workspace, closed: View, *, is_cleared: bool) -> Json:
    return {
        **_about_form(home, "view_closed", closed),
        "view": view_json(home, closed, with_values=False),
        "is_cleared": is_cleared,
        "response_urls": [],
    }


def about(home: Workspace, kind: str, user: str, team_id: str = "") -> Json:
    person, organisation = home.people[user], home.organisation
    name = person.name.lower()
    return {
        "type": kind,
        "user": {"id": user, "username": name, "name": name, "team_id": person.team_id},
        "api_app_id": home.app_id,
        "token": TOKEN,
        "team": None if organisation else {"id": team_id or home.team_id, "domain": home.domain},
        "enterprise": {"id": organisation, "name": home.domain} if organisation else None,
        "is_enterprise_install": bool(organisation),
    }


def _about_form(home: Workspace, kind: str, opened: View) -> Json:
    return about(home, kind, opened.user, home.people[opened.user].team_id)


def _response_urls(home: Workspace, opened: View, values: Json) -> list[Json]:
    urls = []
    for block, element in parts(opened.view["blocks"]):
        if not element.get("response_url_enabled"):
            continue
        block_id, action_id = block["block_id"], element["action_id"]
        channel = values[block_id][action_id][STATEFUL[element["type"]].key]
        if channel is not None:
            url = home.new_hook(opened.user, channel)
            ids = {"block_id": block_id, "action_id": action_id, "channel_id": channel}
            urls.append({**ids, "response_url": url})
    return urls
