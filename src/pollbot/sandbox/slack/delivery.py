"""How the app hears of things: signed HTTP requests, or envelopes over its WebSockets.

Sources: docs.slack.dev, verifying-requests-from-slack and using-socket-mode.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSCloseCode, web

from pollbot.sandbox.slack.things import Answer

Kind: TypeAlias = Literal["slash_commands", "interactive", "events_api"]
TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
TIMED_OUT = "operation_timeout"
FAILED = "dispatch_failed"
MOST_SOCKETS = 10
TAKES_AN_ANSWER = ("view_submission", "block_suggestion")


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return the X-Slack-Signature of a request body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encode(body: Mapping[str, Any], kind: Kind) -> tuple[bytes, str]:
    """Return the request body and its content type."""
    form = "application/x-www-form-urlencoded"
    if kind == "slash_commands":
        return urlencode(body).encode(), form
    if kind == "interactive":
        return urlencode({"payload": json.dumps(body)}).encode(), form
    return json.dumps(body).encode(), "application/json"


class SignedHttp:
    """Sends requests to the app's one URL.

    They are signed in real time whatever the workspace's clock says: apps check it by their own.
    """

    def __init__(self, signing_secret: str) -> None:
        self._secret = signing_secret
        self._session: aiohttp.ClientSession | None = None

    async def deliver(
        self,
        url: str,
        body: Mapping[str, Any],
        kind: Kind,
        seconds: float,
        headers: Mapping[str, str],
    ) -> Answer:
        """Return what the app answered within ``seconds``; ``error`` is Slack's code, or None."""
        raw, content_type = encode(body, kind)
        sent_at = headers.get(TIMESTAMP, str(int(time.time())))
        all_headers = {
            "Content-Type": content_type,
            TIMESTAMP: sent_at,
            SIGNATURE: sign(self._secret, sent_at, raw),
            **headers,
        }
        if self._session is None:
            self._session = aiohttp.ClientSession()
        now = asyncio.get_running_loop().time
        started = now()
        try:
            async with (
                asyncio.timeout(seconds),
                self._session.post(url, data=raw, headers=all_headers) as response,
            ):
                text = await response.text()
        except TimeoutError:
            return Answer(0, "", None, now() - started, TIMED_OUT)
        except aiohttp.ClientError:
            return Answer(0, "", None, now() - started, FAILED)
        error = None if response.status == 200 else FAILED
        return Answer(response.status, text, _parsed(text), now() - started, error)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


@dataclass(eq=False)
class Envelope:
    """One delivery on its way; ``socket`` is the connection that last carried it."""

    content: dict[str, Any]
    acked: asyncio.Future[dict[str, Any] | None]
    socket: web.WebSocketResponse | None = None


@dataclass
class Sockets:
    """The app's open WebSockets. Each envelope goes to one of them, in turn."""

    app_id: str
    open: list[web.WebSocketResponse] = field(default_factory=list)
    were_open: bool = False
    ping: float | None = None
    """Seconds between pings; a connection that answers none for half of that is ended."""
    _transports: dict[web.WebSocketResponse, asyncio.Transport] = field(default_factory=dict)
    _tickets: set[str] = field(default_factory=set)
    _unacked: dict[str, Envelope] = field(default_factory=dict)
    _turn: int = 0

    def new_ticket(self) -> str:
        """Return a ticket that opens one connection, once."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it closes; its unacked envelopes then go to another."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="invalid_ticket")
        self._tickets.remove(ticket)
        if len(self.open) >= MOST_SOCKETS:
            return web.Response(status=429, text="too_many_websockets")
        socket = web.WebSocketResponse(timeout=1.0, heartbeat=self.ping)
        await socket.prepare(request)
        self.open.append(socket)
        self.were_open = True
        if request.transport is not None:
            self._transports[socket] = request.transport
        try:
            await socket.send_json(self._hello())
            await self._deliver_again()
            async for message in socket:
                if message.type == aiohttp.WSMsgType.TEXT:
                    self._heard(message.data)
        finally:
            if socket in self.open:
                self.open.remove(socket)
            self._transports.pop(socket, None)
            await self._deliver_again()
        return socket

    async def deliver(self, payload: Mapping[str, Any], kind: Kind, seconds: float) -> Answer:
        """Return the ack as an answer; ``error`` is Slack's code, or None.

        An envelope that nobody acks stays, to be delivered again when its connection is lost.
        """
        envelope = Envelope(
            {
                "envelope_id": secrets.token_hex(16),
                "type": kind,
                "payload": dict(payload),
                "accepts_response_payload": kind == "slash_commands"
                or payload.get("type") in TAKES_AN_ANSWER,
                "retry_attempt": 0,
                "retry_reason": "",
            },
            asyncio.get_running_loop().create_future(),
        )
        self._unacked[envelope.content["envelope_id"]] = envelope
        now = asyncio.get_running_loop().time
        started = now()
        try:
            async with asyncio.timeout(seconds):
                await self._send(envelope)
                answer = await asyncio.shield(envelope.acked)
        except TimeoutError:
            return Answer(0, "", None, now() - started, TIMED_OUT)
        took = now() - started
        return Answer(200, json.dumps(answer) if answer else "", answer, took)

    def cut(self, socket: web.WebSocketResponse) -> None:
        """Lose a connection without a word, as a network does."""
        transport = self._transports.get(socket)
        if socket in self.open:
            self.open.remove(socket)
        if transport is not None:
            transport.abort()

    async def warn(self, socket: web.WebSocketResponse, reason: str = "warning") -> None:
        """Say that a connection will end soon; Slack ends it some 10 s later."""
        await socket.send_json(_notice(reason))

    async def disconnect(self, reason: str) -> None:
        """Tell every connection why it ends, and end it."""
        for socket in list(self.open):
            self.open.remove(socket)
            try:
                await socket.send_json(_notice(reason))
                await socket.close(code=WSCloseCode.GOING_AWAY)
            except ConnectionError:
                continue

    async def close(self) -> None:
        """End every connection without a word and forget what was not acked."""
        self._unacked.clear()
        for socket in list(self.open):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "connection_info": {"app_id": self.app_id},
            "num_connections": len(self.open),
            "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
        }

    async def _send(self, envelope: Envelope) -> None:
        """Give the envelope to the next connection; with none open, it waits for one."""
        if not self.open:
            envelope.socket = None
            return
        self._turn += 1
        envelope.socket = self.open[self._turn % len(self.open)]
        try:
            await envelope.socket.send_json(envelope.content)
        except ConnectionError:
            # The connection's own loop notices its end and delivers the envelope again.
            return

    async def _deliver_again(self) -> None:
        for id, envelope in list(self._unacked.items()):
            if envelope.socket in self.open:
                continue
            if envelope.content["retry_attempt"] and envelope.socket is not None:
                del self._unacked[id]
            elif self.open:
                envelope.content["retry_attempt"] = 1
                envelope.content["retry_reason"] = "timeout"
                await self._send(envelope)

    def _heard(self, text: str) -> None:
        reply = _parsed(text) or {}
        envelope = self._unacked.pop(str(reply.get("envelope_id")), None)
        if envelope is not None and not envelope.acked.done():
            payload = reply.get("payload")
            envelope.acked.set_result(payload if isinstance(payload, dict) else None)


def _notice(reason: str) -> dict[str, Any]:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
