"""How Slack reaches pollbot without a public address: WebSockets that pollbot opens.

Source: docs.slack.dev, using-socket-mode. Slack allows ten connections and gives each envelope
to any one of them, so two are kept: while one is renewed or lost, the other hears.

```
            address, hello                    the other end is gone, or says nothing
    closed ────────────────▶ open ──────────────────────────────────────────────▶ closed
                               │  "disconnect": Slack will close it, in 10 s or now
                               └───▶ leaving: still read, while a new one is opened ──▶ closed
```
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any

import aiohttp
from slack_bolt.response import BoltResponse

from pollbot.chance import Chance, jitter
from pollbot.desk import Desk
from pollbot.errors import InstallBroken, NoPayload, SlackError, SlackUnavailable
from pollbot.slack.shapes import read_json
from pollbot.web.reach import Reach

log = logging.getLogger(__name__)

Address = Callable[[], Awaitable[str]]
"""Returns where to connect; good for one try. Raises what the Slack client raises."""

_NAME = "Socket Mode"
_CONNECTIONS = 2
_OPENING = 10.0
# A ping that nobody answers for half of this long ends the connection.
_HEARTBEAT = 8.0
_AT_ONCE = 0.1
_LONGEST_PAUSE = 30.0
_STEADY = 60.0
# Slack says when it wants another connection in place of one, and that is no failure of it.
_RENEWED = 1.0
_BROUGHT_AGAIN = 0.1
_SWITCHED_OFF = "link_disabled"
_MOST_BYTES = 8 * 1024 * 1024
# docs.slack.dev, the errors of apps.connections.open that a person has to mend.
_NOT_OURS = {
    "not_allowed_token_type",
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "token_expired",
    "account_inactive",
    "missing_scope",
    "no_permission",
}


class SocketDoor:
    """Keeps two connections open, and answers each envelope on the one that brought it.

    ``refused`` is set if Slack takes the app-level token for none of this app, before
    it ever took it: a mistake in the settings.
    """

    def __init__(
        self,
        desk: Desk,
        session: aiohttp.ClientSession,
        address: Address,
        reach: Reach,
        chance: Chance,
    ) -> None:
        self._desk = desk
        self._session = session
        self._address = address
        self._reach = reach
        self._chance = chance
        self._keepers: list[asyncio.Task[None]] = []
        self._reading: set[asyncio.Task[None]] = set()
        self._taken: set[asyncio.Task[None]] = set()
        self._open: set[_Socket] = set()
        self._shutting = False
        self.first_open = asyncio.Event()
        self.refused: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.trouble = "Socket Mode is not connected yet"

    def open(self) -> None:
        """Connect, and stay connected."""
        self._keepers = [asyncio.create_task(self._keep(n)) for n in range(_CONNECTIONS)]

    @property
    def is_open(self) -> bool:
        """Whether envelopes can arrive now."""
        return bool(self._open)

    @property
    def sockets(self) -> int:
        """How many connections are open."""
        return len(self._open)

    async def shut(self, grace: float) -> None:
        """Disconnect, and answer what comes until then, for at most ``grace`` seconds.

        One connection after the other: what Slack had sent on one and was not heard any more, it
        brings on another, perhaps of ours.
        """
        self._shutting = True
        await _end(self._keepers)
        give_up = asyncio.get_running_loop().time() + grace
        for socket in list(self._open):
            await self._answered(give_up)
            with suppress(Exception):
                await socket.close()
            await asyncio.sleep(_BROUGHT_AGAIN)
        await self._answered(give_up)
        await _end(self._reading | self._taken)

    async def _answered(self, give_up: float) -> None:
        """Return once all that was taken is answered, or at that time of the loop."""
        while self._taken and (left := give_up - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._taken, timeout=left)

    async def _keep(self, number: int) -> None:
        """Hold one of the connections; the others wait until the first one stands."""
        if number:
            await self.first_open.wait()
        failures = 0
        while True:
            since = asyncio.get_running_loop().time()
            pause, lasts = 0.0, _STEADY
            try:
                socket = await self._hold()
                if socket.leaving.is_set():
                    pause, lasts = self._sent_away(socket.reason), _RENEWED
            except SlackUnavailable as error:
                pause = error.retry_after
                self._fail(f"Slack does not answer ({error.why})")
            except (SlackError, InstallBroken) as error:
                pause = self._turned_away(error.code)
            except (aiohttp.ClientError, OSError, TimeoutError, _ClosedError) as error:
                # An address holds a ticket, so no error that may name it is written down.
                self._fail(f"there is no connection to Slack ({type(error).__name__})")
            except Exception:
                log.exception("Socket Mode: a connection failed in a way that nobody expected")
            steady = asyncio.get_running_loop().time() - since >= lasts
            failures = 1 if steady else failures + 1
            own = _AT_ONCE if failures == 1 else 2.0 ** min(failures - 2, 5) * jitter(self._chance)
            await asyncio.sleep(min(max(own, pause), _LONGEST_PAUSE))

    def _turned_away(self, code: str) -> float:
        """Say why Slack opens no connection; return the pause before the next try."""
        if code not in _NOT_OURS:
            self._fail(f"Slack opens no connection ({code})")
            return 0.0
        self._fail(f"Slack refuses the app-level token in SLACK_APP_TOKEN ({code})")
        if not self.first_open.is_set() and not self.refused.done():
            self.refused.set_result(code)
        return _LONGEST_PAUSE

    def _sent_away(self, reason: str) -> float:
        """Return the pause before the next try, if Slack told a connection to leave."""
        if reason != _SWITCHED_OFF:
            return 0.0
        self._fail("Socket Mode is switched off in the Slack app's settings")
        return _LONGEST_PAUSE

    async def _hold(self) -> "_Socket":
        """Open a connection, and return it when another is needed in its place."""
        async with asyncio.timeout(_OPENING):
            address = await self._address()
            web_socket = await self._session.ws_connect(
                address, heartbeat=_HEARTBEAT, max_msg_size=_MOST_BYTES
            )
            socket = _Socket(web_socket)
            try:
                await socket.hello()
            except BaseException:
                await web_socket.close()
                raise
        self._open.add(socket)
        if not self.first_open.is_set():
            log.info("Socket Mode is connected")
        self._reach.answered(_NAME)
        self.trouble = ""
        self.first_open.set()
        reading = asyncio.create_task(self._read(socket))
        self._reading.add(reading)
        reading.add_done_callback(self._reading.discard)
        leaving = asyncio.create_task(socket.leaving.wait())
        try:
            await asyncio.wait({reading, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
        return socket

    async def _read(self, socket: "_Socket") -> None:
        """Take what a connection brings, until it ends."""
        try:
            async for envelope in socket.envelopes():
                task = asyncio.create_task(self._take(socket, envelope))
                self._taken.add(task)
                task.add_done_callback(self._taken.discard)
        finally:
            self._open.discard(socket)
            if not self._open and not self._shutting and not self.trouble:
                self.trouble = "Socket Mode is not connected"
            with suppress(Exception):
                await socket.close()

    async def _take(self, socket: "_Socket", envelope: dict[str, Any]) -> None:
        """Take what one envelope holds, and acknowledge it unless that failed.

        What is not acknowledged comes again, in another connection if this one is gone.
        """
        try:
            try:
                answer = await self._desk.take(envelope["payload"])
            except NoPayload as error:
                # Acknowledged: brought again, it would be no better.
                self._desk.turn_away(str(error))
                answer = BoltResponse(status=200, body="")
            if answer.status == 200:
                await socket.acknowledge(envelope, answer.body or "", answer.first_headers())
        except (aiohttp.ClientError, ConnectionError):
            log.info("a connection was gone before an envelope was acknowledged; it comes again")
        except Exception:
            log.exception("an envelope could not be handled")

    def _fail(self, reason: str) -> None:
        """Say what is wrong: in the log once for each outage, on the health page as long."""
        if self._open:
            log.info("Socket Mode: %s; the other connection is open meanwhile", reason)
            return
        self._reach.failed(_NAME, reason)
        self.trouble = reason


class _ClosedError(Exception):
    """The connection ended before it was of any use."""


class _Socket:
    """One connection: what is said on it, read by its shape."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._odd = False
        self.leaving = asyncio.Event()
        self.reason = ""

    async def hello(self) -> None:
        """Wait for Slack's first word. Raises _ClosedError if there is none."""
        async for said in self._frames():
            if said.get("type") == "hello":
                return
            if said.get("type") == "disconnect":
                break
        raise _ClosedError

    async def envelopes(self) -> AsyncIterator[dict[str, Any]]:
        """Return what has to be acknowledged, until the connection ends."""
        async for said in self._frames():
            if said.get("type") == "disconnect":
                self.reason = str(said.get("reason"))
                self.leaving.set()
            elif isinstance(said.get("envelope_id"), str) and isinstance(said.get("payload"), dict):
                yield said
            elif said.get("type") != "hello":
                self._say_odd()

    async def acknowledge(
        self, envelope: dict[str, Any], body: str, headers: dict[str, str]
    ) -> None:
        """Say that an envelope was taken, with the answer if Slack wants one."""
        said: dict[str, Any] = {"envelope_id": envelope["envelope_id"]}
        if body:
            is_json = headers.get("content-type", "").startswith("application/json")
            said["payload"] = json.loads(body) if is_json else {"text": body}
        await self._socket.send_json(said)

    async def close(self) -> None:
        """End the connection."""
        await self._socket.close()

    async def _frames(self) -> AsyncIterator[dict[str, Any]]:
        async for message in self._socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                self._say_odd()
                continue
            try:
                said = read_json(message.data)
            except (ValueError, RecursionError):
                self._say_odd()
                continue
            if isinstance(said, dict):
                yield said
            else:
                self._say_odd()

    def _say_odd(self) -> None:
        if not self._odd:
            log.warning("Socket Mode brought something that is no envelope; it was left alone")
        self._odd = True


async def _end(tasks: "Iterable[asyncio.Task[None]]") -> None:
    ending = list(tasks)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)
