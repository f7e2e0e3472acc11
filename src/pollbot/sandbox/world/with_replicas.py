"""The world with several pollbots in it, on a PostgreSQL server that goes with it."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

from cryptography.fernet import Fernet

from pollbot.errors import StartError
from pollbot.sandbox.cluster import OLDEST, Cluster, ClusterError, programs, version
from pollbot.sandbox.world.start import move_in
from pollbot.sandbox.world.world import World

# Of the ten connections that Slack allows, each one keeps two.
MOST = 5
_PING = 1.5


@asynccontextmanager
async def opened_with_replicas(count: int, port: int | None = 0) -> AsyncIterator[World]:
    """Open the world with so many pollbots; Slack spreads what people do over them.

    Raises StartError where what that needs is not installed.
    """
    found = _needed()
    from pollbot.sandbox.world.replicas import Replicas

    world = World()
    world.slack.sockets.ping = _PING
    with tempfile.TemporaryDirectory(prefix="pollbot-demo-") as folder:
        async with world.serving(port), _server(found, Path(folder)) as address:
            settings = _settings(world, address)
            world.replicas = Replicas(count, settings, world.watchers.changed)
            try:
                await world.replicas.open(address, Path(folder))
                await move_in(world)
                yield world
            finally:
                await world.replicas.close()


@asynccontextmanager
async def _server(programs: Path, folder: Path) -> AsyncIterator[str]:
    """Run a server; its address is that of an empty database."""
    try:
        cluster = await asyncio.to_thread(Cluster, programs, folder)
    except (ClusterError, OSError) as error:
        raise StartError(f"The demo did not start: {error}.") from error
    try:
        yield cluster.address("postgres")
    finally:
        await asyncio.to_thread(cluster.stop)


def _settings(world: World, address: str) -> Callable[[int], dict[str, str]]:
    """Return the settings of each: what an operator would set, with the stand-ins' addresses."""
    slack, jira = world.slack, world.jira
    settings = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "POLLBOT_SLACK_API_URL": slack.api_url,
        "POLLBOT_JIRA_URL": jira.site_url,
        "POLLBOT_ATLASSIAN_API_URL": jira.gateway_url,
        "POLLBOT_ALLOW_PRIVATE_ADDRESSES": "true",
        "POLLBOT_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "POLLBOT_HOST": "127.0.0.1",
        "POLLBOT_PORT": "0",
        "POLLBOT_LOG_LEVEL": "WARNING",
    }
    # By its number the server tells which one has the leader's lock.
    return lambda number: settings | {"POLLBOT_DATABASE": f"{address}&application_name={number}"}


def _needed() -> Path:
    """Return where PostgreSQL's programs are. Raises StartError that says what is missing."""
    missing = []
    found = programs() if hasattr(os, "geteuid") else None
    if found is None or version(found) < OLDEST:
        which = "no PostgreSQL server is" if found is None else "an older PostgreSQL server is"
        missing.append(
            f"{which} installed: it takes version {OLDEST} or newer, on Debian and Ubuntu from "
            "apt install postgresql, on macOS from brew install postgresql"
        )
    try:
        import_module("psycopg")
    except ImportError as error:
        missing.append(
            f"what talks to it is not installed ({error}): pip install 'pollbot[postgres]'"
        )
    if found is None or missing:
        raise StartError(
            "The demo with replicas did not start, and nothing of it runs.\n"
            + "".join(f"  {one[0].upper()}{one[1:]}.\n" for one in missing)
            + "pollbot demo, or make demo in a checkout, needs none of this."
        )
    return found
