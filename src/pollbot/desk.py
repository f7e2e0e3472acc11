"""Where everything that Slack brings is taken in, by whatever door it comes, and counts once."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from pollbot import errands
from pollbot.chance import Chance, new_id
from pollbot.errors import StorageUnavailable
from pollbot.logs import Rarely
from pollbot.repeats import Repeats, copied
from pollbot.slack import payloads, shapes
from pollbot.slack.straight import Straight
from pollbot.slack.turns import Turns
from pollbot.store.deliveries import DELIVERY, KEPT_FOR, Delivery
from pollbot.text.catalog import Language, speaking

log = logging.getLogger(__name__)

Clock = Callable[[], float]
"""Returns unix seconds."""

Answered = Callable[[str, str, float], None]
"""Is told of each answer what kind of delivery it is to, its outcome, and the seconds it took.

An outcome is ``ok``, ``repeated`` (it was answered before) or ``failed``.
"""

Refusal = Callable[[payloads.Body], Awaitable[str | None]]
"""Returns None if a delivery is to be served; else what is answered in place of that."""

_PATIENCE = 2.5
"""Seconds of Slack's three for which an answer may wait until somebody has heard what it is."""
_TAKEN = "%s: %s after %.0f ms"
# Sent while somebody types into a menu, or looks at a tab, and changes nothing.
_OF_LITTLE_NEWS = {"block_suggestion", "event_callback", "view_closed"}
_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}", re.ASCII)


class Desk:
    """Takes what Slack brings, by whatever door, to its listener, and each delivery once.

    Slack brings a thing again when our answer was lost: in Socket Mode every kind, over HTTP
    events. It is answered as the first time. What an earlier run has done, as ``done`` tells,
    is answered with silence: its answer is not known any more, but its work is on disk. So is
    what another pollbot on the same database has done: ``is_done`` looks for that first, where
    there may be one, and what both do at once the transaction finds.
    What the disk refused is answered once its person has heard that, or fails: Slack shows it then.
    Whom Slack lets nobody tell has it done when it comes again.
    Where there may be another pollbot it fails at once.
    ``first`` is shown each payload before its listener is, ``then`` after it, and ``spoken``
    returns the language of who brought it. What has a ``refusal`` goes to none, and what goes
    ``straight`` to its listener goes past Bolt. While much waits for its answer, words that take
    their ``turns`` wait.
    """

    def __init__(
        self,
        bolt: AsyncApp,
        clock: Clock,
        chance: Chance,
        first: Callable[[payloads.Body], None],
        spoken: Callable[[payloads.Body], Awaitable[Language]],
        done: Iterable[str] = (),
        is_done: Callable[[str], Awaitable[bool]] | None = None,
        then: Callable[[payloads.Body], None] = lambda _: None,
        refusal: Refusal | None = None,
        turns: Turns | None = None,
        straight: Straight | None = None,
    ) -> None:
        self._turns = turns or Turns()
        self._then = then
        self._bolt = bolt
        self._straight = straight
        self._chance = chance
        self._run = new_id(chance)
        self._is_done = is_done
        self._refusal = refusal
        self._first = first
        self._spoken = spoken
        self._clock = clock
        self._rarely = Rarely(clock)
        self.watch: Answered = _to_nobody
        self.turned_away = 0
        """How much came in that is nothing of Slack's."""
        self._under_way: dict[str, asyncio.Future[BoltResponse]] = {}
        self._answered = Repeats(clock, KEPT_FOR, done)

    async def take(self, body: Any) -> BoltResponse:
        """Return the answer. Raises NoPayload if this is nothing that Slack sends.

        All that is done for it, now and later on, goes by one id in the log.
        """
        shapes.check(body)
        time = asyncio.get_running_loop().time
        began, outcome = time(), "failed"
        self._turns.answering += 1
        with errands.under(new_id(self._chance)):
            try:
                answer, repeated = await self._answer(body, give_up=began + _PATIENCE)
                if answer.status == 200:
                    outcome = "repeated" if repeated else "ok"
                return answer
            finally:
                self._turns.answering -= 1
                took = time() - began
                self.watch(payloads.kind_of(body), outcome, took)
                log.log(_level(body), _TAKEN, _kind(body), outcome, took * 1000)

    async def _answer(self, body: dict[str, Any], give_up: float) -> tuple[BoltResponse, bool]:
        """Return the answer, and whether it was given before."""
        if body.get("type") == "app_rate_limited":
            # Slack holds events back; of those that pollbot hears of none matters so much.
            return BoltResponse(status=200, body=""), False
        id = payloads.delivery_id(body)
        if id is None:
            return await self._dispatch(body), False
        if id in self._under_way:
            return copied(await asyncio.shield(self._under_way[id])), True
        known = self._answered.answer(id)
        if known is not None:
            return known, True
        delivery = Delivery(id, self._clock(), self._run)
        answer = self._under_way[id] = asyncio.get_running_loop().create_future()
        DELIVERY.set(delivery)
        try:
            if await self._done_elsewhere(id):
                delivery.acted = delivery.elsewhere = True
                response = BoltResponse(status=200, body="")
            else:
                # Whoever waits for long may ask another pollbot, which keeps it after all.
                until = give_up if self._is_done is None else 0.0
                response = await _once_told(delivery, await self._dispatch(body), until)
            self._remember(delivery, response)
            answer.set_result(response)
            return copied(response), delivery.elsewhere
        finally:
            del self._under_way[id]
            DELIVERY.set(None)
            answer.cancel()

    def _remember(self, delivery: Delivery, response: BoltResponse) -> None:
        """Keep what is answered if it comes again; what failed is tried again.

        Not so what is still being told: nothing may come of it that its person hears not to be.
        """
        told = delivery.told
        if response.status < 500 or delivery.acted:
            self._answered.keep(delivery.id, response)
        elif told is not None:
            self._answered.keep(delivery.id, response)
            told.add_done_callback(lambda known: self._heard_of(delivery, is_heard=known.result()))

    def _heard_of(self, delivery: Delivery, *, is_heard: bool) -> None:
        if is_heard:
            self._answered.keep(delivery.id, BoltResponse(status=200, body=""))
        else:
            self._answered.forget(delivery.id)

    async def _done_elsewhere(self, id_: str) -> bool:
        try:
            return self._is_done is not None and await self._is_done(id_)
        except StorageUnavailable:
            return False  # who brought it hears that from the listener

    def turn_away(self, why: str) -> None:
        """Log that something was not taken, at most once a minute for each reason."""
        self.turned_away += 1
        count = self._rarely.count(why)
        if count:
            log.warning("turned away %d x: what came in is nothing of Slack's (%s)", count, why)

    async def _dispatch(self, body: dict[str, Any]) -> BoltResponse:
        refused = None if self._refusal is None else await self._refusal(body)
        if refused is not None:
            return BoltResponse(status=200, body=refused)
        self._first(body)
        with speaking(await self._spoken(body)):
            answer = await self._heard(body)
        self._then(body)
        return answer

    async def _heard(self, body: dict[str, Any]) -> BoltResponse:
        if self._straight is not None:
            listener = self._straight.listener(body)
            if listener is not None:
                return await self._straight.answer(listener, body)
        # The mode that takes a body which was read already: Bolt 1.30 decodes a form in Python,
        # which takes half a millisecond for a click on a full card, and takes a command with
        # the word "payload" in its text for an empty request.
        return await self._bolt.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))


async def _once_told(delivery: Delivery, response: BoltResponse, give_up: float) -> BoltResponse:
    """Return the answer, which would say that all is well, once it is said what is not."""
    told = delivery.told
    if told is None or delivery.acted or response.status != 200:
        return response
    await asyncio.wait({told}, timeout=max(0.0, give_up - asyncio.get_running_loop().time()))
    is_heard = told.done() and told.result()
    return response if is_heard else BoltResponse(status=503, body="")


def _kind(body: dict[str, Any]) -> str:
    """Return what Slack brought, without anything that somebody wrote or chose.

    Not even which button: an anonymous poll is nobody's business.
    """
    kind, command = payloads.kind_of(body), str(body.get("command"))
    return f"{kind} {command}" if kind == "command" and _COMMAND.fullmatch(command) else kind


def _level(body: dict[str, Any]) -> int:
    return logging.DEBUG if body.get("type") in _OF_LITTLE_NEWS else logging.INFO


def _to_nobody(kind: str, outcome: str, seconds: float) -> None:
    """Hear of an answer, and keep nothing."""
