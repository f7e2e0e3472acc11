"""How Slack reaches pollbot over HTTP, and the health page beside it."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from yarl import query_to_pairs

from pollbot.desk import Desk
from pollbot.errors import NoPayload
from pollbot.logs import Rarely
from pollbot.repeats import is_silence
from pollbot.signed import Signed
from pollbot.slack.shapes import read_json

log = logging.getLogger(__name__)

Health = Callable[[], Awaitable[dict[str, str]]]
"""Returns what is wrong: a reason by the name of each part that is not well."""

Remarks = Callable[[], dict[str, str]]
"""Returns what whoever runs pollbot should know by its part, though pollbot works."""

_PATIENCE = 10.0
"""Seconds that a connection has for its first request, and a request for its body."""
_BETWEEN_LOOKS = 1.0
"""Seconds after which a connection that is over is let go of, where it has said nothing."""
_LARGEST = 1024**2


def web_app(desk: Desk | None, health: Health, remarks: Remarks, signed: Signed) -> web.Application:
    """Return the HTTP routes; without ``desk``, in Socket Mode, only the health page."""
    app = web.Application(client_max_size=_LARGEST)

    async def healthz(_: web.Request) -> web.Response:
        wrong = await health()
        said = {"remarks": found} if (found := remarks()) else {}
        return web.json_response({"ok": not wrong, **wrong, **said}, status=503 if wrong else 200)

    app.router.add_get("/healthz", healthz)
    if desk is not None:
        app.router.add_post("/slack/events", _events(desk, signed))
    return app


def _events(desk: Desk, signed: Signed) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def events(request: web.Request) -> web.Response:
        if request.headers.get("Content-Encoding", "identity").lower() not in ("identity", ""):
            desk.turn_away("packed")  # nothing of Slack's is
            return _refused(400, last=True)
        try:
            # Most come whole with their head.
            async with nullcontext() if request.content.is_eof() else asyncio.timeout(_PATIENCE):
                raw = await request.read()
        except (web.HTTPException, web.RequestPayloadError, aiohttp.ClientError, OSError) as error:
            # Larger than anything of Slack's, cut off, or too slow to arrive.
            desk.turn_away(type(error).__name__)
            return _refused(400, last=True)
        doubt = signed.doubt(request.headers, raw)
        if doubt is not None:
            if _is_ssl_check(raw):
                return web.Response()
            signed.tell(doubt)
            return _refused(401)
        try:
            answer = await desk.take(_body(raw, request.content_type))
        except NoPayload as error:
            desk.turn_away(str(error))
            return _refused(400)
        # Made by Bolt 1.30, the silence that a crowd hears takes five times as long.
        return _silence() if is_silence(answer) else await to_aiohttp_response(answer)

    return events


def _silence() -> web.Response:
    return web.Response(body=b"", content_type="text/plain")


def _refused(status: int, *, last: bool = False) -> web.Response:
    response = web.json_response({"error": "invalid request"}, status=status)
    if last:
        response.force_close()
    return response


def _is_ssl_check(raw: bytes) -> bool:
    """Return whether Slack only looks at our certificate, for which it signs nothing."""
    return len(raw) < 1000 and b"ssl_check=1" in raw.split(b"&")


def _body(raw: bytes, content_type: str) -> Any:
    """Return what a request holds. Raises NoPayload if it is neither form nor JSON."""
    try:
        text = raw.decode()
        if content_type == "application/json" or text.startswith("{"):
            return read_json(text)
        fields = dict(query_to_pairs(text))
        return read_json(fields["payload"]) if "payload" in fields else fields
    except (ValueError, RecursionError) as error:
        # Not UTF-8, no JSON, a number of thousands of digits, or an end that never comes.
        raise NoPayload(type(error).__name__) from None


class _ServerLog(logging.LoggerAdapter[logging.Logger]):
    """Where aiohttp logs: for bytes that are no HTTP a line a minute, not a traceback each."""

    def __init__(self) -> None:
        super().__init__(log)
        self._rarely = Rarely(time.monotonic)

    def exception(self, msg: object, *args: Any, exc_info: Any = True, **kwargs: Any) -> None:
        """Log what aiohttp could not answer."""
        if isinstance(exc_info, web.RequestPayloadError):
            return  # whoever read the request has told of it
        if not isinstance(exc_info, HttpProcessingError):
            super().exception(msg, *args, exc_info=exc_info, **kwargs)
        elif count := self._rarely.count("no HTTP"):
            log.warning("turned away %d x: no HTTP (%s)", count, type(exc_info).__name__)


class Runner(web.AppRunner):
    """Serves the routes, and hangs up on connections that are opened and then say nothing.

    aiohttp 3.14 waits for the first request of a connection without an end, and keeps one that
    said something for an hour. ``leaving``: each answer is the last one of its connection.
    """

    def __init__(self, app: web.Application, *, patience: float = _PATIENCE, grace: float) -> None:
        super().__init__(
            app,
            access_log=None,
            logger=_ServerLog(),
            shutdown_timeout=grace,
            keepalive_timeout=75.0,
            # Half a megabyte that is packed may be half a gigabyte, and a second of work.
            auto_decompress=False,
        )
        self.leaving = False
        self._patience = patience
        self._between = min(_BETWEEN_LOOKS, patience / 4)
        self._silent: dict[web.RequestHandler, float] = {}
        """Those that have said nothing yet, the first ones first, and when they came."""
        app.middlewares.append(self._listen)

    @property
    def server(self) -> Any:
        """Return what makes the protocol of each new connection."""
        return self._connected if super().server is not None else None

    def _connected(self) -> web.RequestHandler:
        made = super().server
        if made is None:
            raise RuntimeError("a connection came before the runner was set up")
        handler = made()
        loop = asyncio.get_running_loop()
        if not self._silent:
            loop.call_later(self._between, self._look)
        self._silent[handler] = loop.time()
        return handler

    @web.middleware
    async def _listen(self, request: web.Request, handler: Any) -> web.StreamResponse:
        # Each may be of a connection of its own, a thousand in a second: none of it is kept.
        self._silent.pop(request.protocol, None)
        response: web.StreamResponse = await handler(request)
        if self.leaving:
            response.force_close()
        return response

    def _look(self) -> None:
        """Hang up on those that have said nothing for too long; forget those that are over."""
        serving = super().server
        loop, there = asyncio.get_running_loop(), set(serving.connections if serving else ())
        now = loop.time()
        for handler, since in [*self._silent.items()]:
            if now - since >= self._patience:
                del self._silent[handler]
                handler.force_close()
            elif handler not in there and now - since >= self._between:
                del self._silent[handler]
        if self._silent:
            loop.call_later(self._between, self._look)
