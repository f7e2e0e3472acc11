"""The shortcut in a message's menu that posts the issues which the message names."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.issue_lists.service import Mentions
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.messages import said

Body = dict[str, Any]


class MentionListeners:
    """Issues in messages."""

    def __init__(self, mentions: Mentions, afterwards: Afterwards) -> None:
        self._mentions = mentions
        self._afterwards = afterwards

    def register(self, app: AsyncApp) -> None:
        """Listen for the shortcut on messages."""
        app.message_shortcut("vote_on_mentioned")(self.vote_on_mentioned)

    async def vote_on_mentioned(self, ack: AsyncAck, body: Body) -> None:
        showing = self._mentions.show(
            payloads.person(body), said(body), body.get("response_url"), body.get("trigger_id")
        )
        await answering.do_first(ack, showing, body, self._afterwards)
