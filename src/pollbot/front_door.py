"""How Slack reaches pollbot: HTTP or Socket Mode; and the health page beside it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

log = logging.getLogger(__name__)

Health = Callable[[], Awaitable[dict[str, str]]]
"""Returns what is wrong: a reason by the name of each part that is not well."""

_RECONNECT = 5.0


def web_app(bolt: AsyncApp | None, health: Health) -> web.Application:
    """Return the HTTP routes; without ``bolt``, in Socket Mode, only the health page."""
    app = web.Application()

    async def healthz(_: web.Request) -> web.Response:
        wrong = await health()
        return web.json_response({"ok": not wrong, **wrong}, status=503 if wrong else 200)

    app.router.add_get("/healthz", healthz)
    if bolt is not None:
        app.router.add_post("/slack/events", _events(bolt))
    return app


def _events(bolt: AsyncApp) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def events(request: web.Request) -> web.Response:
        # Bolt 1.30 answers 500 to a timestamp that is no number; it is a forgery like any other.
        stamp = request.headers.get("X-Slack-Request-Timestamp", "0")
        if not (stamp.isascii() and stamp.isdigit()):
            return web.json_response({"error": "invalid request"}, status=401)
        try:
            bolt_request = await to_bolt_request(request)
        except ValueError:
            # Not UTF-8, or a payload that is no JSON: Slack sends neither.
            return web.json_response({"error": "invalid request"}, status=400)
        return await to_aiohttp_response(await bolt.async_dispatch(bolt_request))

    return events


class SocketDoor(AsyncSocketModeHandler):
    """Socket Mode that answers what it took before it closes."""

    def __init__(self, bolt: AsyncApp, app_token: str) -> None:
        super().__init__(bolt, app_token)
        self._taken: set[asyncio.Task[None] | None] = set()
        self._opening: asyncio.Task[None] | None = None

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as in the base class
        """Run one envelope through Bolt and acknowledge it."""
        task = asyncio.current_task()
        self._taken.add(task)
        try:
            await super().handle(client, req)
        finally:
            self._taken.discard(task)

    def open(self) -> None:
        """Connect, and keep trying while Slack cannot be reached."""
        self._opening = asyncio.create_task(self._connect())

    async def is_open(self) -> bool:
        """Return whether envelopes can arrive now."""
        return await self.client.is_connected()

    async def shut(self, grace: float) -> None:
        """Answer what was taken, for at most ``grace`` seconds, then disconnect."""
        if self._opening is not None:
            self._opening.cancel()
            with suppress(asyncio.CancelledError):
                await self._opening
        taken = {task for task in self._taken if task is not None}
        if taken:
            await asyncio.wait(taken, timeout=grace)
        await self.close_async()  # type: ignore[no-untyped-call]  # Bolt's, without types

    async def _connect(self) -> None:
        while True:
            try:
                # A ticket is good for one connection, so each try asks for a new address.
                self.client.wss_uri = None
                async with asyncio.timeout(20):
                    await self.client.connect()  # type: ignore[no-untyped-call]  # slack_sdk's, without types
            except Exception as error:
                log.warning("Socket Mode is not connected yet: %s", error)
                await asyncio.sleep(_RECONNECT)
            else:
                return
