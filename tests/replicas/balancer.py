"""What stands before several pollbots: a balancer of HTTP, and wires to their database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress

import aiohttp
from aiohttp import web

_PATIENCE = 1.3
"""Seconds that one of them has to answer, so that a second one can within Slack's three."""
_LEFT_OUT = 1.0


class Balancer:
    """Hands each request to one of the ports, in turn; to the next one if that does not answer.

    So a pollbot that stood still may find later what another one has answered.
    """

    def __init__(self, ports: Callable[[], list[int]]) -> None:
        self._ports = ports
        self._turn = 0
        self._out_until: dict[int, float] = {}
        self.handed_on = 0
        """How often a request went to a second one."""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """Serve; give the address."""
        app = web.Application(client_max_size=1024**2)
        app.router.add_post("/slack/events", self._pass_on)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            async with aiohttp.ClientSession() as self._session:
                await web.TCPSite(runner, "127.0.0.1", 0).start()
                yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        finally:
            await runner.cleanup()

    async def _pass_on(self, request: web.Request) -> web.Response:
        body, headers = await request.read(), request.headers.copy()
        headers.popall("Host")
        for number, port in enumerate(self._in_turn()):
            self.handed_on += number > 0
            try:
                async with (
                    asyncio.timeout(_PATIENCE),
                    self._session.post(
                        f"http://127.0.0.1:{port}/slack/events", data=body, headers=headers
                    ) as answer,
                ):
                    kind = {"Content-Type": answer.headers.get("Content-Type", "text/plain")}
                    text = await answer.read()
                    return web.Response(status=answer.status, body=text, headers=kind)
            except (aiohttp.ClientError, OSError, TimeoutError):
                self._out_until[port] = asyncio.get_running_loop().time() + _LEFT_OUT
        return web.Response(status=502)

    def _in_turn(self) -> list[int]:
        """Return all ports, those that just did not answer last."""
        ports, now = self._ports(), asyncio.get_running_loop().time()
        self._turn += 1
        first = self._turn % max(1, len(ports))
        return sorted(
            ports[first:] + ports[:first], key=lambda port: self._out_until.get(port, 0.0) > now
        )


class Wire:
    """One pollbot's way to the server; while it hangs, nothing goes either way and nothing ends."""

    def __init__(self, to: int) -> None:
        self._to = to
        self.port = 0
        self.free = asyncio.Event()
        self.free.set()
        self._serving: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def laid(self) -> AsyncIterator["Wire"]:
        """Lead there."""
        served = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = served.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            served.close()
            for task in list(self._serving):
                task.cancel()
            await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        serving = asyncio.current_task()
        assert serving is not None
        self._serving.add(serving)
        serving.add_done_callback(self._serving.discard)
        ends = [back]
        with suppress(OSError, asyncio.CancelledError):
            try:
                await self.free.wait()
                there, to = await asyncio.open_connection("127.0.0.1", self._to)
                ends.append(to)
                await _first_of(self._carry(here, to), self._carry(there, back))
            finally:
                for end in ends:
                    end.transport.abort()
                # What ends a transport takes a turn of the loop.
                await asyncio.gather(*(end.wait_closed() for end in ends), return_exceptions=True)

    async def _carry(self, out: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await out.read(65536):
                await self.free.wait()
                to.write(data)
                await to.drain()


async def _first_of(*ways: Coroutine[None, None, None]) -> None:
    """Return once one of them has ended, and end the others."""
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
