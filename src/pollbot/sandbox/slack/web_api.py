"""The Web API: what each method checks, changes and answers. Source: docs.slack.dev, methods."""

from __future__ import annotations

import base64
import datetime
import zoneinfo
from collections.abc import Callable
from typing import Any, TypeAlias

from pollbot.sandbox.slack import blockkit
from pollbot.sandbox.slack.payloads import message_json, view_json
from pollbot.sandbox.slack.things import Channel, Message, Person, Trigger, View
from pollbot.sandbox.slack.workspace import MOST_VIEWS, TRIGGER_SECONDS, Workspace

Args: TypeAlias = dict[str, Any]

MOST_POSTED = 40_000
# docs.slack.dev says 4,000 characters; what is counted are bytes of UTF-8 (seen by others:
# 1,993 characters of 4,121 bytes are refused as msg_too_long, 2,035 of 3,971 are taken).
MOST_UPDATED_BYTES = 4_000
USUAL_MEMBERS, MOST_MEMBERS = 100, 1_000


class RefusedError(Exception):
    """The method answers ``ok: false``; details go to response_metadata.messages."""

    def __init__(self, error: str, details: list[str] | None = None) -> None:
        super().__init__(error)
        self.answer: dict[str, Any] = {"ok": False, "error": error}
        if details:
            self.answer["response_metadata"] = {"messages": [f"[ERROR] {d}" for d in details]}


class WebApi:
    """Carries out the bot's methods on a workspace.

    ``may_post_in_public`` is the scope chat:write.public: without it, a public channel takes
    posts only from an app that is in it.
    """

    may_post_in_public = True

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.methods: dict[str, Callable[[Args], dict[str, Any]]] = {
            "auth.test": self._auth_test,
            "chat.postMessage": self._post_message,
            "chat.update": self._update,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.delete": self._delete,
            "chat.getPermalink": self._permalink,
            "views.open": self._views_open,
            "views.push": self._views_push,
            "views.update": self._views_update,
            "users.info": self._users_info,
            "conversations.info": self._conversations_info,
            "conversations.members": self._conversations_members,
            "conversations.open": self._conversations_open,
        }

    def call(self, method: str, args: Args) -> dict[str, Any]:
        """Return the method's answer, be it a refusal."""
        if method not in self.methods:
            return RefusedError("unknown_method").answer
        try:
            return {"ok": True, **self.methods[method](args)}
        except RefusedError as refused:
            return refused.answer

    def _auth_test(self, _args: Args) -> dict[str, Any]:
        home = self._workspace
        return {
            "url": f"{home.site_url}/",
            "team": home.domain,
            "user": home.app_name,
            "team_id": home.team_id,
            "user_id": home.bot_user_id,
            "bot_id": home.bot_id,
            "is_enterprise_install": bool(home.organisation),
            **({"enterprise_id": home.organisation} if home.organisation else {}),
        }

    # Messages

    def _post_message(self, args: Args) -> dict[str, Any]:
        if args.get("channel") in self._workspace.people:
            channel = self._workspace.direct_channel(args["channel"])
        else:
            channel = self._writable(args)
        text, blocks = self._content(args)
        metadata = _metadata(args)
        message = self._workspace.post(
            channel.id,
            self._workspace.bot_user_id,
            text[:MOST_POSTED],
            blocks,
            thread_ts=self._thread(args, channel),
        )
        message.metadata = metadata
        return {
            "channel": channel.id,
            "ts": message.ts,
            "message": message_json(self._workspace, message),
        }

    def _post_ephemeral(self, args: Args) -> dict[str, Any]:
        channel = self._writable(args)
        if args.get("user") not in channel.members:
            raise RefusedError("user_not_in_channel")
        text, blocks = self._content(args)
        message = self._workspace.post(
            channel.id,
            self._workspace.bot_user_id,
            text[:MOST_POSTED],
            blocks,
            ephemeral_for=args["user"],
            thread_ts=self._thread(args, channel),
        )
        return {"message_ts": message.ts}

    def _update(self, args: Args) -> dict[str, Any]:
        channel = self._writable(args)
        message = self._found(channel, args.get("ts"))
        if message.user != self._workspace.bot_user_id:
            raise RefusedError("cant_update_message")
        text, blocks = self._content(args)
        if len(text.encode()) > MOST_UPDATED_BYTES:
            raise RefusedError("msg_too_long")
        metadata = _metadata(args)
        self._workspace.redraw(message, text if "text" in args else None, blocks)
        if metadata is not None:
            message.metadata = metadata or None
        return {
            "channel": channel.id,
            "ts": message.ts,
            "text": message.text,
            "message": message_json(self._workspace, message),
        }

    def _delete(self, args: Args) -> dict[str, Any]:
        channel = self._reachable(args)
        message = self._found(channel, args.get("ts"))
        if message.user != self._workspace.bot_user_id:
            raise RefusedError("cant_delete_message")
        self._workspace.delete(message)
        return {"channel": channel.id, "ts": message.ts}

    def _permalink(self, args: Args) -> dict[str, Any]:
        channel = self._reachable(args)
        message = self._found(channel, args.get("message_ts"))
        where = f"{channel.id}/p{message.ts.replace('.', '')}"
        return {
            "channel": channel.id,
            "permalink": f"{self._workspace.site_url}/archives/{where}",
        }

    # Forms

    def _views_open(self, args: Args) -> dict[str, Any]:
        view, trigger = self._checked_view(args), self._trigger(args)
        opened = self._put_up(view, trigger, on_top=trigger.view in self._workspace.views)
        return {"view": view_json(self._workspace, opened)}

    def _views_push(self, args: Args) -> dict[str, Any]:
        view, trigger = self._checked_view(args), self._trigger(args)
        if trigger.view not in self._workspace.views:
            raise RefusedError("invalid_trigger_id")
        return {"view": view_json(self._workspace, self._put_up(view, trigger, on_top=True))}

    def _views_update(self, args: Args) -> dict[str, Any]:
        view = self._checked_view(args)
        opened = self._open_view(args)
        if args.get("hash") not in (None, "", opened.hash):
            raise RefusedError("hash_conflict")
        self._unique(view, besides=opened)
        self._workspace.update_view(opened, view)
        return {"view": view_json(self._workspace, opened)}

    def _put_up(self, view: dict[str, Any], trigger: Trigger, *, on_top: bool) -> View:
        if on_top and len(self._workspace.stack_of(trigger.user)) >= MOST_VIEWS:
            raise RefusedError("push_limit_reached")
        self._unique(view)
        trigger.used = True
        return self._workspace.open_view(trigger.user, view, on_top=on_top)

    # People and channels

    def _users_info(self, args: Args) -> dict[str, Any]:
        home = self._workspace
        if args.get("user") == home.bot_user_id:
            bot = Person(home.bot_user_id, home.app_name, home.team_id, tz="UTC")
            person, is_bot = bot, True
        elif args.get("user") in home.people:
            person, is_bot = home.people[args["user"]], False
        else:
            raise RefusedError("user_not_found")
        user = {
            "id": person.id,
            "team_id": person.team_id,
            "name": person.name.lower(),
            "real_name": person.name,
            "deleted": False,
            "is_admin": person.is_admin,
            "is_owner": False,
            "is_bot": is_bot,
            "tz": person.tz,
            "tz_offset": _offset(person.tz, home.now()),
            "profile": {
                "real_name": person.name,
                "display_name": person.name,
                "team": person.team_id,
            },
        }
        if person.team_id != home.team_id:
            # True only of those who share no channel with the app (docs.slack.dev, user object).
            shared = any(person.id in channel.members for channel in home.channels.values())
            user["is_stranger"] = not shared
        if _true(args.get("include_locale")):
            user["locale"] = person.locale
        return {"user": user}

    def _conversations_info(self, args: Args) -> dict[str, Any]:
        channel = self._reachable(args)
        found = {
            "id": channel.id,
            "is_channel": not channel.is_private,
            "is_group": channel.is_private and not channel.is_im,
            "is_im": channel.is_im,
            "is_mpim": False,
            "is_private": channel.is_private,
            "is_archived": channel.is_archived,
            "is_member": channel.app_is_member,
            "is_ext_shared": False,
        }
        if channel.is_im:
            found["user"] = next(iter(channel.members))
        else:
            found["name"] = channel.name
        if _true(args.get("include_num_members")):
            found["num_members"] = len(channel.members) + channel.app_is_member
        return {"channel": found}

    def _conversations_members(self, args: Args) -> dict[str, Any]:
        """Needs channels:read, for private channels groups:read."""
        channel = self._reachable(args)
        limit = str(args.get("limit") or USUAL_MEMBERS)
        if not limit.isdigit() or not 1 <= int(limit) <= MOST_MEMBERS:
            raise RefusedError("invalid_limit")
        app = {self._workspace.bot_user_id} if channel.app_is_member else set()
        everyone = sorted(channel.members | app)
        start = _read_cursor(str(args.get("cursor") or ""))
        rest = [id for id in everyone if id >= start]
        page, later = rest[: int(limit)], rest[int(limit) :]
        return {
            "members": page,
            "response_metadata": {"next_cursor": _cursor(later[0]) if later else ""},
        }

    def _conversations_open(self, args: Args) -> dict[str, Any]:
        users = args.get("users") or []
        named = [user.strip() for user in users.split(",")] if isinstance(users, str) else users
        if not named:
            raise RefusedError("users_list_not_supplied")
        if len(named) > 1:
            # The sandbox knows no group conversations.
            raise RefusedError("too_many_users")
        if named[0] == self._workspace.bot_user_id:
            raise RefusedError("cannot_dm_bot")
        if named[0] not in self._workspace.people:
            raise RefusedError("user_not_found")
        return {"channel": {"id": self._workspace.direct_channel(named[0]).id}}

    # What the methods share

    def _reachable(self, args: Args) -> Channel:
        channel = self._workspace.channels.get(str(args.get("channel")))
        if channel is None or (channel.is_private and not channel.app_is_member):
            raise RefusedError("channel_not_found")
        return channel

    def _writable(self, args: Args) -> Channel:
        channel = self._reachable(args)
        if channel.is_archived:
            raise RefusedError("is_archived")
        if not channel.app_is_member and not self.may_post_in_public:
            raise RefusedError("not_in_channel")
        return channel

    def _found(self, channel: Channel, ts: Any) -> Message:
        message = self._workspace.find_message(channel.id, str(ts))
        if message is None:
            raise RefusedError("message_not_found")
        return message

    def _thread(self, args: Args, channel: Channel) -> str | None:
        thread = args.get("thread_ts")
        if thread is None:
            return None
        if self._workspace.find_message(channel.id, str(thread)) is None:
            raise RefusedError("thread_not_found")
        return str(thread)

    def _content(self, args: Args) -> tuple[str, list[dict[str, Any]]]:
        text, blocks = args.get("text") or "", args.get("blocks") or []
        if not text and not blocks:
            raise RefusedError("no_text")
        if not isinstance(blocks, list):
            raise RefusedError("invalid_blocks_format")
        if wrong := blockkit.problems(blocks, "message"):
            raise RefusedError("invalid_blocks", wrong)
        if blockkit.is_too_long(blocks):
            raise RefusedError("msg_blocks_too_long")
        return str(text), blocks

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


def _cursor(user: str) -> str:
    """Return the cursor of the page that begins with this member."""
    return base64.b64encode(f"user:{user}".encode()).decode()


def _read_cursor(cursor: str) -> str:
    """Return the first member of that page, empty for the first page."""
    if not cursor:
        return ""
    try:
        kind, _, user = base64.b64decode(cursor, validate=True).decode().partition(":")
    except ValueError:
        kind, user = "", ""
    if kind != "user" or not user:
        raise RefusedError("invalid_cursor")
    return user


def _offset(zone: str, now: float) -> int:
    """Return the zone's seconds from UTC; 0 where there is no such zone."""
    try:
        offset = datetime.datetime.fromtimestamp(now, zoneinfo.ZoneInfo(zone)).utcoffset()
    except (LookupError, ValueError, OSError):
        return 0
    return int(offset.total_seconds()) if offset is not None else 0


def _metadata(args: Args) -> dict[str, Any] | None:
    metadata = args.get("metadata")
    if metadata is None or metadata == {}:
        return metadata
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise RefusedError("invalid_metadata_format")
    return metadata


def _true(value: Any) -> bool:
    return value is True or str(value).lower() in ("1", "true")
