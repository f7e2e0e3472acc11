"""What is asked while somebody types into the menu of issues. Nothing is kept of it."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.picks.blocks import PICK_ISSUE, issue_choices
from pollbot.picks.service import Picks
from pollbot.slack import payloads

Body = dict[str, Any]


class PickListeners:
    """The menu of issues, in whatever form it stands."""

    def __init__(self, picks: Picks) -> None:
        self._picks = picks

    def register(self, app: AsyncApp) -> None:
        """Listen for what is typed into it."""
        app.options(PICK_ISSUE)(self.suggest)

    async def suggest(self, ack: AsyncAck, body: Body) -> None:
        me, typed = payloads.person(body), str(body.get("value") or "")
        channel = payloads.channel_id(body) or payloads.channel_chosen(body.get("view") or {})
        found = await self._picks.suggest(me, channel, typed)
        await ack(options=issue_choices(found, of_several=self._picks.of_several))
