"""A Slack that brings everything three times, now and then after what came later."""

import asyncio
import random
from typing import Any

from pollbot.sandbox.slack import Answer, SlackStandIn
from pollbot.sandbox.slack.delivery import Kind

TIMES = 3


class Thrice:
    """Stands before ``slack.deliver``; whoever clicks is answered by the first that is answered.

    ``apart`` is how many seconds later, at most, it comes again.
    """

    def __init__(self, slack: SlackStandIn, chance: random.Random, apart: float) -> None:
        self._deliver = slack.deliver
        self._chance = chance
        self._apart = apart
        self._coming: set[asyncio.Task[Answer]] = set()
        self.brought = 0
        slack.deliver = self.deliver  # type: ignore[method-assign]

    async def deliver(self, body: dict[str, Any], *, kind: Kind, **head: Any) -> Answer:
        """Return the first answer that is one, or the last of all; what has a head comes once."""
        if head:
            return await self._deliver(body, kind=kind, **head)
        waits = [0.0, *(self._chance.uniform(0, self._apart) for _ in range(TIMES - 1))]
        tasks = [asyncio.ensure_future(self._later(wait, body, kind)) for wait in waits]
        for task in tasks:
            self._coming.add(task)
            task.add_done_callback(self._coming.discard)
        answer = Answer(0, "", None, 0.0, None)
        for task in tasks:
            answer = await asyncio.shield(task)
            if answer.status == 200 and answer.error is None:
                break
        return answer

    async def all_came(self) -> None:
        """Return once nothing is on its way any more."""
        while self._coming:
            await asyncio.wait(self._coming)

    async def _later(self, seconds: float, body: dict[str, Any], kind: Kind) -> Answer:
        await asyncio.sleep(seconds)
        self.brought += 1
        return await self._deliver(body, kind=kind)
