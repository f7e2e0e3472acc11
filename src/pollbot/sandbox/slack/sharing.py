"""What people write that the app hears of: links, its name, and words to it alone.

Source: docs.slack.dev, the events link_shared, app_mention (channels of which the app is a member,
not direct messages) and message.im.
"""

from __future__ import annotations

from typing import Any

from pollbot.sandbox.slack import payloads as slack_payloads
from pollbot.sandbox.slack.links import link_shared, links_in
from pollbot.sandbox.slack.people import Acts
from pollbot.sandbox.slack.state import button, find
from pollbot.sandbox.slack.things import Answer, Message
from pollbot.sandbox.slack.workspace import Workspace


class Sharing:
    """Messages, and the previews of links in them."""

    def __init__(self, home: Workspace, acts: Acts) -> None:
        self._home = home
        self._acts = acts

    async def share(
        self, user: str, channel: str, text: str, thread_ts: str | None = None
    ) -> Message:
        """Write a message; the app hears of links of its domains in it, and of its own name."""
        message = self._home.say(user, channel, text, thread_ts)
        unfurl_id = self._home.next_id("Uf")
        self._home.unfurling[unfurl_id] = message
        links = links_in(text)
        told = link_shared(channel, message.ts, unfurl_id, links, self._home.unfurl_domains)
        if told is not None:
            in_thread = {} if thread_ts is None else {"thread_ts": thread_ts}
            await self._acts.happen(user, {**told, **in_thread})
        if (written := self.written(message)) is not None:
            await self._acts.happen(user, written)
        return message

    def written(self, message: Message) -> dict[str, Any] | None:
        """Return the event that tells the app of a message to it; None if it is to others."""
        channel = self._home.channels[message.channel]
        named = f"<@{self._home.bot_user_id}>" in message.text
        if not channel.app_is_member or not (channel.is_im or named):
            return None
        return {
            "type": "message" if channel.is_im else "app_mention",
            "channel": channel.id,
            "ts": message.ts,
            "text": message.text,
            "team": self._home.team_id,
            "client_msg_id": self._home.next_id("c"),
            **({"channel_type": "im"} if channel.is_im else {}),
            **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
        }

    async def press_preview(self, user: str, message_id: str, url: str, action_id: str) -> Answer:
        """Press a button in the preview of a link."""
        message = self._acts.message(user, message_id)
        part = button(find(message.unfurls[url], action_id, None, "button"), None)
        what = slack_payloads.action(self._home, part, {})
        return await self._acts.click(
            slack_payloads.preview_action(self._home, user, message, url, what)
        )
