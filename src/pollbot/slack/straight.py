"""Presses on buttons that crowds press: straight to their listeners, past Bolt.

What Bolt 1.30 does for a press that one listener takes costs as much as all the rest of it: it asks
listeners one after the other, and makes a client and a context for each request. So the listener
itself is called here, with Bolt's own ``ack``. All that is not quite such a press is left to Bolt,
which has the same listeners.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.response import BoltResponse

Body = Mapping[str, Any]

Listener = Callable[[AsyncAck, dict[str, Any], dict[str, Any]], Awaitable[None]]
"""Gets ``ack``, the action and the whole payload; it ends with its ack, or raises."""

OfCrowds = Mapping[str | re.Pattern[str], Listener]
"""Listeners by the action_id of their buttons, as Bolt takes it."""

Explain = Callable[[Exception, dict[str, Any]], BoltResponse]
"""Returns what is answered where a listener raised."""

_NOT_OF_MESSAGES = ("view", "function_data", "bot_access_token")
"""What a press tells that was made in a form, on App Home, or in a step of a workflow."""


def listen(app: AsyncApp, of_crowds: OfCrowds) -> None:
    """Have Bolt know the same listeners, for whatever does not go straight."""
    for action_id, listener in of_crowds.items():
        app.action(action_id)(listener)


class Straight:
    """The listeners that are called without Bolt."""

    def __init__(self, of_crowds: OfCrowds, explain: Explain) -> None:
        self._patterns = [
            (re.compile(rf"\A{re.escape(one)}\Z") if isinstance(one, str) else one, listener)
            for one, listener in of_crowds.items()
        ]
        self._explain = explain

    def listener(self, body: Body) -> Listener | None:
        """Return who takes this press; None for what is Bolt's to look at."""
        if body.get("type") != "block_actions" or body.get("is_enterprise_install"):
            return None
        actions = body["actions"]
        if len(actions) != 1 or any(body.get(part) for part in _NOT_OF_MESSAGES):
            return None
        name = actions[0]["action_id"]
        return next((one for pattern, one in self._patterns if pattern.search(name)), None)

    async def answer(self, listener: Listener, body: dict[str, Any]) -> BoltResponse:
        """Return what Bolt would answer with this listener."""
        ack = AsyncAck()  # type: ignore[no-untyped-call]
        try:
            await listener(ack, body["actions"][0], body)
        except Exception as error:
            return self._explain(error, body)
        return await ack() if ack.response is None else ack.response
