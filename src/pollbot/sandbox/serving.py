"""What all stand-ins have in common: a port of their own, and waiting for what they are told."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import formatdate
from typing import TypeVar

from aiohttp import web

from pollbot.sandbox.faults import Faults
from pollbot.sandbox.waiting import until

T = TypeVar("T")


class Watched:
    """Something pretended that others watch: each of ``on_change`` is called when it changes."""

    def __init__(self) -> None:
        self.on_change: list[Callable[[], None]] = []

    def changed(self) -> None:
        """Tell whoever watches."""
        for tell in list(self.on_change):
            tell()


class Served:
    """A stand-in that can be served alone; it has its ``app``, and lists what it heard.

    Its answers are dated by the time of the world, ``clock_off_by`` seconds later.
    """

    app: web.Application
    now: Callable[[], float]
    base_url: str
    faults: Faults
    clock_off_by = 0.0
    _runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Serve on 127.0.0.1, on a free port unless one is named, and learn the address."""
        if self._date not in self.app.on_response_prepare:
            self.app.on_response_prepare.append(self._date)
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, bound = self._runner.addresses[0][:2]
        self.base_url = f"http://{host}:{bound}"

    async def stop(self) -> None:
        """Serve no more."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _date(self, _: web.Request, response: web.StreamResponse) -> None:
        if self.clock_off_by:
            response.headers["Date"] = formatdate(time.time() + self.clock_off_by, usegmt=True)

    async def carried_out(
        self, name: str, request: web.Request, work: Callable[[], web.Response]
    ) -> web.Response:
        """Return what whoever calls gets: what the work answers, unless something goes wrong."""
        refused = await self.faults.before(name, request)
        if refused is not None:
            return refused
        answer = work()
        return self.faults.after(name, request) or answer

    def heard_last(self) -> list[str]:
        """Return its last calls, in short."""
        raise NotImplementedError

    async def until(
        self,
        condition: Callable[[], T | None],
        timeout: float = 5.0,  # noqa: ASYNC109  it ends in a failed assertion that says what for
        what: str = "",
    ) -> T:
        """Wait until the condition holds and return what it gave; AssertionError after that."""
        return await until(
            condition,
            timeout,
            self.now,
            lambda: f"waited {timeout} s for {what or condition}; heard {self.heard_last()}",
        )
