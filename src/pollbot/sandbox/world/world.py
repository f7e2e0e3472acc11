"""The pretended world on one port of 127.0.0.1: Slack, Jira and a page to use them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from pollbot.errors import StartError
from pollbot.sandbox.clock import Clock
from pollbot.sandbox.world.doings import Doings
from pollbot.sandbox.world.routes import add_routes
from pollbot.sandbox.world.shown import shown_to

FIRST_PORT, LAST_PORT = 8765, 8865


class World(Doings):
    """The stand-ins and the page, together in one application."""

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.app = web.Application()
        add_routes(self.app, self)
        self.app.add_subapp("/slack", self.slack.app)
        self.app.add_subapp("/jira", self.jira.app)
        self.app.add_subapp("/apps", self.team_voice.app)

    def state(self, viewer: str) -> dict[str, Any]:
        """Return everything the page shows to this person."""
        return shown_to(self, viewer)

    @asynccontextmanager
    async def serving(self, port: int | None) -> AsyncIterator[None]:
        """Serve on 127.0.0.1; without a port on the first that is free from 8765."""
        runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await _listen(runner, port)
            self.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
            self.slack.base_url = f"{self.address}/slack"
            self.slack.site_url = self.address
            self.jira.base_url = f"{self.address}/jira"
            self.team_voice.base_url = f"{self.address}/apps"
            yield
        finally:
            self.watchers.close()
            await runner.cleanup()


async def _listen(runner: web.AppRunner, port: int | None) -> None:
    """Bind the port, or the first free one; StartError when it is taken, or all are."""
    for candidate in [port] if port is not None else range(FIRST_PORT, LAST_PORT + 1):
        try:
            await web.TCPSite(runner, "127.0.0.1", candidate).start()
        except (OSError, OverflowError) as error:
            if candidate in (port, LAST_PORT):
                number = getattr(error, "errno", None)
                raise StartError(
                    f"The demo did not start: port {candidate} of 127.0.0.1 cannot be listened on "
                    f"({os.strerror(number) if number else error}). "
                    "Choose another one with --port."
                ) from error
        else:
            return
