"""Slack's end of Socket Mode, without sockets: envelopes, their acks, and how both get lost."""

import asyncio
import json
import random
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from typing import Any

import aiohttp

from pollbot.sandbox.slack import Answer
from pollbot.sandbox.slack.delivery import TAKES_AN_ANSWER, TIMED_OUT, Kind
from tests.sim.loop import LIFE, PretendedLoop
from tests.sim.wire import Weather

_LASTS, _WARNED = (3.0, 60.0), 2.0
"""Seconds for which Slack keeps a connection, and between its word on that and the end."""
_AGAIN = 0.1
_WAITS = 3.0
_BROUGHT_AGAIN_FOR = 300.0
"""Seconds; a person whose press was not acknowledged was told so after three."""


@dataclass(eq=False, slots=True)
class Envelope:
    """A payload on its way; ``socket`` is the connection that carried it last, if one did."""

    content: dict[str, Any]
    acked: "asyncio.Future[dict[str, Any] | None]"
    weather: Weather
    sent_at: float
    socket: "Connection | None" = None


class Connection:
    """One connection, as aiohttp's client has it, as far as it is used."""

    def __init__(self, sockets: "Sockets") -> None:
        self.life = LIFE.get()
        self.is_open = True
        self.inbox: asyncio.Queue[str | None] = asyncio.Queue()
        self._sockets = sockets

    def __aiter__(self) -> "Connection":
        return self

    async def __anext__(self) -> aiohttp.WSMessage:
        said = await self.inbox.get()
        if said is None:
            raise StopAsyncIteration
        return aiohttp.WSMessage(aiohttp.WSMsgType.TEXT, said, None)

    async def send_json(self, said: dict[str, Any]) -> None:
        """Send an ack. Raises ConnectionResetError where nobody is there any more."""
        if not self.is_open:
            raise ConnectionResetError
        self._sockets.heard(self, said)

    async def close(self) -> None:
        self._sockets.lose(self)


class Sockets:
    """Slack's end of them. What is not acked when its connection is gone comes on another, once."""

    def __init__(
        self,
        loop: PretendedLoop,
        chance: random.Random,
        noted: Callable[[str], None],
        lasts: tuple[float, float] = _LASTS,
    ) -> None:
        self._loop, self._chance, self._noted = loop, chance, noted
        self._world = Context()
        self._lasts = lasts
        self._open: list[Connection] = []
        self._unacked: dict[str, Envelope] = {}
        self._count = 0

    async def ws_connect(self, address: str, **given: Any) -> Connection:
        """Open a connection, as aiohttp's session does."""
        del address, given
        await asyncio.sleep(self._chance.uniform(0.003, 0.06))
        connection = Connection(self)
        self._open.append(connection)
        connection.inbox.put_nowait(json.dumps({"type": "hello"}))
        self._later(self._chance.uniform(*self._lasts), self._warn, connection)
        self._later(_AGAIN, self._bring_again)
        return connection

    @property
    def open(self) -> int:
        """How many connections are open."""
        return len(self._open)

    async def bring(self, body: dict[str, Any], kind: Kind, weather: Weather) -> Answer:
        """Bring a payload to one of the connections; return the ack as an answer."""
        began = self._loop.time()
        self._count += 1
        id_ = f"envelope-{self._count}"
        content = {
            "envelope_id": id_,
            "type": kind,
            "payload": body,
            "accepts_response_payload": kind == "slash_commands"
            or body.get("type") in TAKES_AN_ANSWER,
            "retry_attempt": 0,
        }
        envelope = Envelope(content, self._loop.create_future(), weather, began)
        self._unacked[id_] = envelope
        try:
            async with asyncio.timeout(_WAITS):
                await asyncio.sleep(weather.there)
                self._send(envelope)
                said = await asyncio.shield(envelope.acked)
                await asyncio.sleep(weather.back)
        except TimeoutError:
            return Answer(0, "", None, self._loop.time() - began, TIMED_OUT)
        took = self._loop.time() - began
        return Answer(200, json.dumps(said) if said else "", said, took)

    def heard(self, connection: Connection, said: dict[str, Any]) -> None:
        """Take an ack; by the weather it is lost, together with its connection."""
        envelope = self._unacked.get(said["envelope_id"])
        if envelope is None:
            return
        if envelope.weather.failure and not envelope.content["retry_attempt"]:
            self._noted("an ack is lost")
            self.lose(connection)
            return
        self._later(0.01, self._ack, said)

    def lose(self, connection: Connection) -> None:
        """End a connection; what was under way on it comes on another one."""
        if connection.is_open:
            connection.is_open = False
            self._open.remove(connection)
            self._later(0.0, connection.inbox.put_nowait, None)
            self._later(_AGAIN, self._bring_again)

    def end(self, life: int) -> None:
        """End all connections of a life that is over."""
        for connection in [one for one in self._open if one.life == life]:
            self.lose(connection)

    def _send(self, envelope: Envelope) -> None:
        if not self._open:
            return
        connection = envelope.socket = self._chance.choice(self._open)
        lost = envelope.weather.failure in ("refused", "lost on its way")
        if lost and not envelope.content["retry_attempt"]:
            self._noted("a connection is lost")
            self.lose(connection)
            return
        connection.inbox.put_nowait(json.dumps(envelope.content))

    def _bring_again(self) -> None:
        for id_, envelope in list(self._unacked.items()):
            if envelope.socket is not None and envelope.socket.is_open:
                continue
            is_old = self._loop.time() - envelope.sent_at > _BROUGHT_AGAIN_FOR
            if is_old or (envelope.content["retry_attempt"] and envelope.socket is not None):
                del self._unacked[id_]
            elif self._open:
                envelope.content["retry_attempt"] = 1
                self._noted("an envelope comes again")
                self._send(envelope)

    def _ack(self, said: dict[str, Any]) -> None:
        envelope = self._unacked.pop(said["envelope_id"], None)
        if envelope is not None and not envelope.acked.done():
            envelope.acked.set_result(said.get("payload"))

    def _warn(self, connection: Connection) -> None:
        if connection.is_open:
            notice = {"type": "disconnect", "reason": "refresh_requested"}
            connection.inbox.put_nowait(json.dumps(notice))
            self._later(_WARNED, self.lose, connection)

    def _later(self, seconds: float, do: Callable[..., object], *args: Any) -> None:
        self._loop.call_later(seconds, do, *args, context=self._world)
