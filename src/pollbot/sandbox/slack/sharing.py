"""What people do with links: they share them, and press what a link's preview offers."""

from __future__ import annotations

from pollbot.sandbox.slack import payloads as slack_payloads
from pollbot.sandbox.slack.links import link_shared, links_in
from pollbot.sandbox.slack.people import Acts
from pollbot.sandbox.slack.state import button, find
from pollbot.sandbox.slack.things import Answer, Message
from pollbot.sandbox.slack.workspace import Workspace


class Sharing:
    """Links in messages, and their previews."""

    def __init__(self, home: Workspace, acts: Acts) -> None:
        self._home = home
        self._acts = acts

    async def share(
        self, user: str, channel: str, text: str, thread_ts: str | None = None
    ) -> Message:
        """Write a message; the app hears of the links in it that are of its domains."""
        message = self._home.say(user, channel, text, thread_ts)
        unfurl_id = self._home.next_id("Uf")
        self._home.unfurling[unfurl_id] = message
        links = links_in(text)
        told = link_shared(channel, message.ts, unfurl_id, links, self._home.unfurl_domains)
        if told is not None:
            in_thread = {} if thread_ts is None else {"thread_ts": thread_ts}
            await self._acts.happen(user, {**told, **in_thread})
        return message

    async def press_preview(self, user: str, message_id: str, url: str, action_id: str) -> Answer:
        """Press a button in the preview of a link."""
        message = self._acts.message(user, message_id)
        part = button(find(message.unfurls[url], action_id, None, "button"), None)
        what = slack_payloads.action(self._home, part, {})
        return await self._acts.click(
            slack_payloads.preview_action(self._home, user, message, url, what)
        )
