"""The Web API: what each method checks, changes and answers. Source: docs.slack.dev, methods."""

from __future__ import annotations

from typing import Any

from pollbot.sandbox.slack import blockkit
from pollbot.sandbox.slack.files_api import FilesApi
from pollbot.sandbox.slack.links import links_in
from pollbot.sandbox.slack.panes import PaneApi, WorkObjects
from pollbot.sandbox.slack.payloads import message_json
from pollbot.sandbox.slack.people_api import PeopleApi
from pollbot.sandbox.slack.refused import Answering, Args, RefusedError, reachable
from pollbot.sandbox.slack.things import Channel, Message
from pollbot.sandbox.slack.tokens import Tokens
from pollbot.sandbox.slack.views_api import ViewsApi
from pollbot.sandbox.slack.workspace import Workspace

MOST_POSTED = 40_000
# docs.slack.dev says 4,000 characters; what is counted are bytes of UTF-8 (seen by others:
# 1,993 characters of 4,121 bytes are refused as msg_too_long, 2,035 of 3,971 are taken).
MOST_UPDATED_BYTES = 4_000


class WebApi:
    """Carries out the bot's methods on a workspace, as far as its tokens' scopes go.

    Without chat:write.public a public channel takes posts only from an app that is in it.
    """

    def __init__(self, workspace: Workspace, tokens: Tokens, objects: WorkObjects) -> None:
        self._workspace = workspace
        self._tokens = tokens
        self._panes = PaneApi(workspace, objects)
        self.files = FilesApi(workspace)
        self.methods: dict[str, Answering] = {
            "api.test": lambda args: {"args": args},
            "auth.test": self._auth_test,
            "chat.postMessage": self._post_message,
            "chat.update": self._update,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.delete": self._delete,
            "chat.getPermalink": self._permalink,
            "chat.unfurl": self._unfurl,
            "conversations.replies": self._replies,
            "conversations.history": self._history,
            **ViewsApi(workspace).methods,
            **PeopleApi(workspace, tokens).methods,
            **self._panes.methods,
            **self.files.methods,
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
        channel = reachable(self._workspace, args)
        message = self._found(channel, args.get("ts"))
        if message.user != self._workspace.bot_user_id:
            raise RefusedError("cant_delete_message")
        self._workspace.delete(message)
        return {"channel": channel.id, "ts": message.ts}

    def _permalink(self, args: Args) -> dict[str, Any]:
        channel = reachable(self._workspace, args)
        message = self._found(channel, args.get("message_ts"))
        where = f"{channel.id}/p{message.ts.replace('.', '')}"
        return {
            "channel": channel.id,
            "permalink": f"{self._workspace.site_url}/archives/{where}",
        }

    def _unfurl(self, args: Args) -> dict[str, Any]:
        """Show previews of links that the app was told of. Source: docs.slack.dev, chat.unfurl."""
        if args.get("unfurl_id"):
            message = self._workspace.unfurling.get(str(args["unfurl_id"]))
        else:
            message = self._workspace.find_message(str(args.get("channel")), str(args.get("ts")))
        if message is None or message.user == self._workspace.bot_user_id:
            raise RefusedError("cannot_unfurl_message")
        unfurls, metadata = args.get("unfurls"), args.get("metadata")
        if isinstance(metadata, dict) and not unfurls:
            self._panes.unfurl(message, metadata.get("entities"))
            return {}
        if not isinstance(unfurls, dict) or not unfurls:
            raise RefusedError("missing_unfurls")
        for url, preview in unfurls.items():
            if url not in links_in(message.text):
                raise RefusedError("cannot_unfurl_url")
            blocks = preview.get("blocks") if isinstance(preview, dict) else None
            if not isinstance(blocks, list):
                raise RefusedError("invalid_unfurls_format")
            if wrong := blockkit.problems(blocks, "message"):
                raise RefusedError("invalid_blocks", wrong)
            self._workspace.preview(message, url, blocks)
        return {}

    def _replies(self, args: Args) -> dict[str, Any]:
        """Needs to be a member, and channels:history, for private channels groups:history.

        At most 1,000 are told at once, the oldest first. Source: docs.slack.dev,
        conversations.replies.
        """
        channel = reachable(self._workspace, args)
        if not channel.app_is_member:
            raise RefusedError("not_in_channel")
        first = self._workspace.find_message(channel.id, str(args.get("ts")))
        if first is None:
            raise RefusedError("thread_not_found")
        thread = [first, *self._workspace.thread_of(channel.id, first.ts)]
        limit = min(int(args.get("limit") or 1000), 1000)
        return {
            "messages": [message_json(self._workspace, one) for one in thread[:limit]],
            "has_more": len(thread) > limit,
        }

    def _history(self, args: Args) -> dict[str, Any]:
        """The newest first, page after page; of direct messages it needs im:history.

        Metadata comes where it is asked for. Source: docs.slack.dev, conversations.history.
        """
        channel = reachable(self._workspace, args)
        if not channel.is_im and not channel.app_is_member:
            raise RefusedError("not_in_channel")
        said = [
            one
            for one in reversed(self._workspace.messages)
            if one.channel == channel.id and one.ephemeral_for is None
        ]
        start = int(args.get("cursor") or 0)
        end = start + min(int(args.get("limit") or 100), 999)
        all_of_it = str(args.get("include_all_metadata")).lower() in ("1", "true")
        return {
            "messages": [
                message_json(self._workspace, one)
                | ({"metadata": one.metadata} if all_of_it and one.metadata else {})
                for one in said[start:end]
            ],
            "has_more": end < len(said),
            "response_metadata": {"next_cursor": str(end) if end < len(said) else ""},
        }

    # What the methods share

    def _writable(self, args: Args) -> Channel:
        channel = reachable(self._workspace, args)
        if channel.is_archived:
            raise RefusedError("is_archived")
        if not channel.app_is_member and "chat:write.public" not in self._tokens.bot_scopes:
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


def _metadata(args: Args) -> dict[str, Any] | None:
    metadata = args.get("metadata")
    if metadata is None or metadata == {}:
        return metadata
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise RefusedError("invalid_metadata_format")
    return metadata
