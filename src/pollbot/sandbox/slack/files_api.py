"""The methods files.*: a file is asked for, uploaded and shared, in three steps.

Source: docs.slack.dev, files.getUploadURLExternal and files.completeUploadExternal: the address
takes raw bytes, a file is completed once, and ``channels`` takes channel ids and user ids.
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from pollbot.sandbox.slack.refused import Answering, Args, RefusedError, reachable
from pollbot.sandbox.slack.things import Channel, FileThing
from pollbot.sandbox.slack.workspace import Workspace

MOST_BYTES = 1024**3
MOST_CHANNELS = 100


class FilesApi:
    """Files of the app that are on their way, by their ids."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.waiting: dict[str, FileThing] = {}
        self.methods: dict[str, Answering] = {
            "files.getUploadURLExternal": self._url,
            "files.completeUploadExternal": self._complete,
        }

    def _url(self, args: Args) -> dict[str, Any]:
        name, length = str(args.get("filename") or ""), str(args.get("length") or "")
        if not name or not length.isdigit() or int(length) < 1:
            raise RefusedError("invalid_arguments")
        if int(length) > MOST_BYTES:
            raise RefusedError("file_upload_size_restricted")
        home = self._workspace
        file = FileThing(home.next_id("F"), name, name, int(length))
        self.waiting[file.id] = file
        return {"upload_url": f"{home.base_url}/upload/{file.id}", "file_id": file.id}

    def take(self, file_id: str, sent: bytes) -> web.Response:
        """Take the bytes of a file; what is not as long as was said fails."""
        file = self.waiting.get(file_id)
        if file is None or len(sent) != file.size:
            return web.Response(status=500, text="upload failed")
        file.content = sent
        return web.Response(text=f"OK - {file.size}")

    def _complete(self, args: Args) -> dict[str, Any]:
        listed = args.get("files")
        try:
            wanted = json.loads(listed) if isinstance(listed, str) else listed
            named = [(str(one["id"]), str(one.get("title") or "")) for one in wanted or []]
        except (ValueError, TypeError, KeyError, AttributeError):
            named = []
        if not named:
            raise RefusedError("invalid_arguments")
        files = []
        for file_id, title in named:
            file = self.waiting.get(file_id)
            if file is None or file.content is None:
                raise RefusedError("file_not_found")
            file.title = title or file.name
            files.append(file)
        places = self._places(args)
        for file in files:
            del self.waiting[file.id]
        for channel in places:
            message = self._workspace.post(
                channel.id, self._workspace.bot_user_id, str(args.get("initial_comment") or "")
            )
            message.files = files
        self._workspace.changed()
        return {"files": [{"id": file.id, "title": file.title} for file in files]}

    def _places(self, args: Args) -> list[Channel]:
        named = [one for one in str(args.get("channels") or "").split(",") if one]
        if args.get("channel_id"):
            named.append(str(args["channel_id"]))
        if len(named) > MOST_CHANNELS:
            raise RefusedError("channels_limit_exceeded")
        found = []
        for one in named:
            if one in self._workspace.people and one not in (args.get("channel_id"),):
                found.append(self._workspace.direct_channel(one))
                continue
            channel = reachable(self._workspace, {"channel": one})
            if not channel.app_is_member and not channel.is_im:
                raise RefusedError("not_in_channel")
            if channel.is_archived:
                raise RefusedError("is_archived")
            found.append(channel)
        return found
