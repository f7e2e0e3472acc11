"""How people get from a card, or from a command, to a window."""

import asyncio
from typing import Any

from pollbot.sandbox.slack import Message, View
from pollbot.sandbox.slack.state import parts
from tests.sim.world import PLANNING, Workspace

_LOOKS = 40
_BETWEEN = 0.1
"""Seconds between two looks whether a window is open."""


class Windows:
    """The windows of a workspace's people, each of whom has one stack of them."""

    def __init__(self, place: Workspace) -> None:
        self._place = place

    async def opened(self, user: str, callback_id: str, part: str = "") -> View | None:
        """Return the person's window of that name with that in it; None if it does not come."""
        for _ in range(_LOOKS):
            for view in self._place.slack.stack_of(user):
                if view.view.get("callback_id") == callback_id and part in str(view.view):
                    return view
            await asyncio.sleep(_BETWEEN)
        return None

    async def shut(self, user: str) -> None:
        """Close all windows of the person."""
        for left in reversed(self._place.slack.stack_of(user)):
            await self._place.slack.close(user, left.id)

    async def by_command(
        self, user: str, command: str, words: str, callback_id: str
    ) -> View | None:
        """Return the window that a command opens, with no other around."""
        await self.shut(user)
        await self._place.slack.command(user, PLANNING, command, words)
        return await self.opened(user, callback_id)

    async def more(self, user: str, card: Message) -> View | None:
        """Return what else can be done with the poll of a card, with no other window around."""
        await self.shut(user)
        await self.press(user, card, "more")
        return await self.opened(user, "poll_more")

    async def under_more(
        self, user: str, card: Message, action_id: str, callback_id: str
    ) -> View | None:
        """Press something under *More*; return the window that it leads to."""
        window = await self.more(user, card)
        if window is None:
            return None
        await self._place.slack.view_action(user, window.id, action_id)
        return await self.opened(user, callback_id)

    async def press(self, user: str, card: Message, name: str) -> None:
        """Press the buttons of that name below a message."""
        for _, element in parts(card.blocks):
            if element["action_id"].partition(":")[0] == name:
                await self._place.slack.press(
                    user, card.id, element["action_id"], value=element["value"]
                )


def typed(view: View, **values: Any) -> dict[str, dict[str, Any]]:
    """Return what is filled into a form, by the names of its fields."""
    fields = {str(block.get("block_id")): block for block in view.view["blocks"]}
    return {
        name: {str(fields[name]["element"]["action_id"]): value} for name, value in values.items()
    }
