"""The world with pollbot in it.

pollbot runs in this process and knows the stand-ins only by the addresses in its settings.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from pollbot.errors import StartError
from pollbot.sandbox.clock import Clock
from pollbot.sandbox.world.start import move_in
from pollbot.sandbox.world.with_replicas import opened_with_replicas
from pollbot.sandbox.world.world import World
from pollbot.settings import Settings
from pollbot.wiring import running

_APP, _APP_SECRET = "pollbot", "the-demos-own"


@asynccontextmanager
async def opened(
    port: int | None = 0,
    http: bool = False,
    database: Path | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[World]:
    """Open the world with pollbot in it; without a database in a new one.

    Ada and Ben are connected; polls of one project and of one space live in Team Voice.
    """
    world = World(clock)
    with tempfile.TemporaryDirectory(prefix="pollbot-demo-") as folder:
        settings_database = database or Path(folder) / "pollbot.db"
        async with (
            world.serving(port),
            running(
                settings_for(world, settings_database, http=http, port=_free_port()),
                world.clock.shown,
                world.clock.steady,
            ) as program,
        ):
            world.clock.on_move.append(program.clock_moved)
            world.next_due = partial(program.next_due, looks=False)
            if http:
                world.slack.events_url = f"http://127.0.0.1:{program.port}/slack/events"
            else:
                await world.slack.until(lambda: world.slack.sockets.open, what="pollbot's socket")
            await move_in(world)
            yield world


async def demo(
    *,
    port: int | None,
    http: bool = False,
    database: Path | None = None,
    replicas: int = 0,
    announce: Callable[[str], None] = print,
) -> None:
    """Keep the world open until interrupted; announce its one address.

    Raises StartError, as of replicas that are to have a database of somebody's.
    """
    if replicas and (http or database):
        raise StartError(
            "The demo did not start: replicas have a database server of the demo's own, and "
            "Socket Mode, so --database and --http do not go with --replicas."
        )
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = [signal.SIGINT, signal.SIGTERM]
    with suppress(AttributeError, NotImplementedError):
        # Windows has none; Ctrl+C cancels the task there.
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as it is under nohup
            signals.append(signal.SIGHUP)
        for number in signals:
            loop.add_signal_handler(number, over.set)
    if replicas:
        announce(f"A PostgreSQL server and {replicas} pollbots are started, which takes seconds …")
        sys.stdout.flush()
    try:
        async with (
            opened_with_replicas(replicas, port) if replicas else opened(port, http, database)
        ) as world:
            announce(f"pollbot's demo is at {world.address}  (Ctrl+C ends it)")
            sys.stdout.flush()  # whoever reads a pipe waits for the address, too
            await over.wait()
    finally:
        with suppress(NotImplementedError):
            for number in signals:
                loop.remove_signal_handler(number)


def _free_port() -> int:
    """Return a port that nobody listens on; what a browser is told has to be known before."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def settings_for(world: World, database: Path, *, http: bool, port: int = 0) -> Settings:
    """Return settings that lead to the stand-ins; whatever the environment holds is overridden."""
    slack, jira = world.slack, world.jira
    public_url = f"http://127.0.0.1:{port}"
    jira.consents.apps[_APP] = _APP_SECRET
    jira.consents.redirects.add(f"{public_url}/jira/callback")
    return Settings(
        slack_bot_token=SecretStr(slack.bot_token),
        slack_signing_secret=SecretStr(slack.signing_secret),
        slack_app_token=None if http else SecretStr(slack.app_token),
        slack_client_id=None,
        slack_client_secret=None,
        workspaces=frozenset(),
        slack_api_url=slack.api_url,
        host="127.0.0.1",
        port=port,
        database=database,
        encryption_keys=None,
        jira_url=jira.site_url,
        atlassian_api_url=jira.gateway_url,
        atlassian_auth_url=jira.gateway_url,
        public_url=public_url,
        jira_client_id=_APP,
        jira_client_secret=SecretStr(_APP_SECRET),
        allow_private_addresses=True,
        admins=frozenset(),
        log_level="WARNING",
        log_format="text",
        team_voice_url=None,
        team_voice_token=None,
    )
