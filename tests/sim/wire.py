"""What lies between the program and the world: calls that take time, get lost, and land late."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import Context
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import httpx
from aiohttp import web
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.http import HttpVersion11, RawRequestMessage
from aiohttp.payload import Payload
from aiohttp.streams import StreamReader
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from tests.sim.loop import LIFE, PretendedLoop

PATIENCE = 10.0
"""Seconds after which the program's HTTP clients give up, as ``running`` sets them."""


DONE_AND_500 = "done, and 500"
"""How a call fails that is carried out, and whose answer says that it was not."""


STALE = "an older answer"
"""How a look fails that is answered as it was before."""
_LOOKS = (
    *("users.info", "users.conversations", "usergroups.list", "usergroups.users.list"),
    *("conversations.info", "conversations.members", "conversations.history"),
    "conversations.replies",
)


class Refused(Exception):
    """No connection came about: nothing has left."""


class Lost(Exception):
    """The connection is gone; what was sent may have arrived."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it comes over the wire."""

    status: int
    headers: "CIMultiDict[str]"
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(eq=False, slots=True)
class Call:
    """One call of the program: whose it is, and what has become of it.

    ``reply`` is what the stand-in answered, None while or if it never heard of it.
    ``heard_at`` is when the program had the answer, None if it never did. ``was_lied_to``: that
    was an error, though the call was carried out. ``was_stale``: it was what the same look had been
    answered before.
    """

    life: int
    to: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    left_at: float
    reply: Reply | None = None
    heard_at: float | None = None
    was_lied_to: bool = False
    was_stale: bool = False

    @property
    def is_a_look(self) -> bool:
        """Whether it changes nothing, but tells what is there."""
        if self.to == "slack":
            return self.path.partition("?")[0].rpartition("/")[2] in _LOOKS
        return self.to in ("jira", "voice") and self.method == "GET"

    @property
    def went_well(self) -> bool:
        """Whether its life heard that it was done."""
        done = self.reply is not None and self.reply.status == 200
        return done and self.heard_at is not None and not self.was_lied_to

    @property
    def is_a_vote(self) -> bool:
        """Whether it casts or withdraws a vote."""
        return self.to == "jira" and self.method != "GET" and self.path.endswith("/votes")


@dataclass(frozen=True, slots=True)
class Weather:
    """What befalls one call: seconds there and back, and how it fails, if it does.

    ``age``: of all that a look has been answered before, where this one comes from; 0 is the first.
    """

    there: float
    back: float
    failure: str = ""
    is_slow: bool = False
    age: float = 0.0


class Line:
    """The transport of a connection that has no socket; a stand-in may cut it."""

    def __init__(self) -> None:
        self.is_cut = False

    def abort(self) -> None:
        self.is_cut = True

    def is_closing(self) -> bool:
        return self.is_cut

    def get_extra_info(self, _: str, default: Any = None) -> Any:
        return default


class _Protocol:
    """As much of aiohttp's as a request looks at."""

    ssl_context = peername = sockname = None
    max_field_size, max_line_length, max_headers = 8190, 8190, 128
    _reading_paused = False

    def __init__(self, line: Line) -> None:
        self.transport = line

    def pause_reading(self) -> None:
        """Do nothing, however large the body is."""

    def resume_reading(self, **_: Any) -> None:
        """Do nothing: all of the body is here."""


async def serve(
    app: web.Application, method: str, path: str, headers: dict[str, str], body: bytes
) -> Reply:
    """Return what an aiohttp application answers. Raises Lost if it cut the line instead."""
    loop, line = asyncio.get_running_loop(), Line()
    protocol: Any = _Protocol(line)
    payload = StreamReader(protocol, 2**16, loop=loop)
    if body:
        payload.feed_data(body)
    payload.feed_eof()
    given = CIMultiDictProxy(CIMultiDict({"Host": "in.memory", **headers}))
    raw = tuple((name.encode(), value.encode()) for name, value in given.items())
    message = RawRequestMessage(
        method, path, HttpVersion11, given, raw, False, None, False, False, URL(path)
    )
    nobody: Any = None
    request = web.Request(
        message, payload, protocol, nobody, nobody, loop, client_max_size=10 * 1024**2
    )
    try:
        response = await app._handle(request)
    except web.HTTPException as answer:
        response = answer
    if line.is_cut:
        raise Lost
    return Reply(response.status, CIMultiDict(response.headers), _bytes_of(response))


def _bytes_of(response: web.StreamResponse) -> bytes:
    said = response.body if isinstance(response, web.Response) else None
    # A body that was given as text is a payload by now.
    return said.decode().encode() if isinstance(said, Payload) else bytes(said or b"")


class Wire:
    """Carries calls out of a life into the world. What has left lands, whoever lives then."""

    def __init__(
        self,
        loop: PretendedLoop,
        weather: Callable[[Call], Weather],
        noted: Callable[[Call, str], None],
    ) -> None:
        self._loop = loop
        self._weather = weather
        self._noted = noted
        self._world = Context()
        self._apps: dict[str, web.Application] = {}
        self._answered: defaultdict[tuple[object, ...], list[Reply]] = defaultdict(list)
        self.calls: list[Call] = []
        self.under_way: list[Call] = []
        self.on_leaving: list[Callable[[Call], None]] = []

    def lead_to(self, host: str, app: web.Application) -> None:
        """Have calls to this host end in the application."""
        app.freeze()
        self._apps[host] = app

    async def carry(self, method: str, url: str, headers: dict[str, str], body: bytes) -> Reply:
        """Return the answer. Raises Refused, Lost, or TimeoutError after ``PATIENCE``."""
        address = urlsplit(url)
        path = address.path + (f"?{address.query}" if address.query else "")
        call = Call(LIFE.get(), address.netloc, method, path, headers, body, self._loop.time())
        heard: asyncio.Future[Reply] = self._loop.create_future()
        self._loop.create_task(self._go(call, heard), context=self._world.copy())
        try:
            async with asyncio.timeout(PATIENCE):
                reply = await heard
        finally:
            self._is_over(call)
        call.heard_at = self._loop.time()
        return reply

    async def _go(self, call: Call, heard: "asyncio.Future[Reply]") -> None:
        weather = self._weather(call)
        self.calls.append(call)
        self.under_way.append(call)
        for hook in self.on_leaving:
            hook(call)
        try:
            reply = await self._there_and_back(call, weather)
        except (Refused, Lost) as error:
            self._noted(call, type(error).__name__.lower())
            if not heard.done() and not self._loop.is_over(call.life):
                heard.set_exception(error)
        else:
            if not heard.done():
                heard.set_result(reply)
        finally:
            self._is_over(call)

    def _is_over(self, call: Call) -> None:
        if call in self.under_way:
            self.under_way.remove(call)

    async def _there_and_back(self, call: Call, weather: Weather) -> Reply:
        await asyncio.sleep(weather.there)
        if weather.failure == "refused":
            raise Refused
        if weather.failure == "lost on its way":
            raise Lost
        app = self._apps[call.to]
        call.reply = await serve(app, call.method, call.path, call.headers, call.body)
        self._noted(call, str(call.reply.status))
        if call.is_a_look:
            self._perhaps_as_before(call, weather)
        await asyncio.sleep(weather.back)
        if weather.failure == "answer lost":
            raise Lost
        if weather.failure == DONE_AND_500:
            call.was_lied_to = True
            self._noted(call, "though it is done, 500")
            return Reply(500, CIMultiDict({"Content-Type": "text/html"}), b"<h1>Oops</h1>")
        return call.reply

    def _perhaps_as_before(self, call: Call, weather: Weather) -> None:
        """Keep what a look was answered; or give it what the same one was answered before."""
        who = call.headers.get("authorization") or call.headers.get("Authorization")
        known = self._answered[call.to, call.method, call.path, call.body, who]
        now = call.reply
        if now is None or now.status != 200:
            return
        if weather.failure == STALE and known:
            before = known[int(weather.age * len(known))]
            if before.body != now.body:
                call.reply, call.was_stale = before, True
                self._noted(call, STALE)
        elif not known or known[-1].body != now.body:
            known.append(now)


class HttpxLine(httpx.AsyncBaseTransport):
    """httpx's way to Jira and Team Voice."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        url, target = str(request.url), request.extensions.get("target", b"").decode()
        if target:
            url = f"{request.url.scheme}://{request.url.host}{target}"
        try:
            reply = await self._wire.carry(request.method, url, headers, await request.aread())
        except Refused as error:
            raise httpx.ConnectError("refused", request=request) from error
        except Lost as error:
            raise httpx.RemoteProtocolError("disconnected", request=request) from error
        except TimeoutError as error:
            raise httpx.ReadTimeout("silence", request=request) from error
        told, stream = list(reply.headers.items()), httpx.ByteStream(reply.body)
        return httpx.Response(reply.status, headers=told, stream=stream)


class Heard:
    """An answer as aiohttp's client gives it."""

    def __init__(self, reply: Reply) -> None:
        self.status = reply.status
        self.headers = reply.headers
        self.content_type = reply.headers.get("Content-Type", "").partition(";")[0]
        self._reply = reply

    async def text(self) -> str:
        return self._reply.text

    async def read(self) -> bytes:
        return self._reply.body

    async def json(self) -> Any:
        if self.content_type != "application/json":
            nobody: Any = None
            raise aiohttp.ContentTypeError(nobody, ())
        return json.loads(self._reply.text)


class SlackLine:
    """The session of slack_sdk and of the answers to response_urls: aiohttp's, as far as used."""

    closed = False

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    @asynccontextmanager
    async def request(
        self,
        method: str,
        url: str,
        *,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | AsyncIterator[bytes] | None = None,
        json: Any = None,
        headers: dict[str, str] | None = None,
        **_: Any,
    ) -> AsyncIterator[Heard]:
        """Send one request and give its answer; fail as aiohttp's client does."""
        url = f"{url}?{urlencode(params)}" if params else url
        given = dict(headers or {})
        if json is not None:
            body = _json(json)
            given["Content-Type"] = "application/json"
        elif isinstance(data, AsyncIterator):
            body = b"".join([chunk async for chunk in data])
        else:
            body = urlencode(data or {}).encode()
            given["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            reply = await self._wire.carry(method, url, given, body)
        except Refused as error:
            raise aiohttp.ClientConnectorError(_KEY, OSError("refused")) from error
        except Lost as error:
            raise aiohttp.ServerDisconnectedError from error
        yield Heard(reply)

    def post(self, url: str, **given: Any) -> Any:
        return self.request("POST", url, **given)


_KEY = ConnectionKey("slack", 443, True, True, None, None, None)


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
