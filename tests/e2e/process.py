"""The whole program as a process of its own, started as a person would."""

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.support.house import House

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "app.py"
PATIENCE = 60
"""Seconds: to start Python with all that it imports takes a busy machine its time."""
_MOST_LOGGED = 64 * 1024**2
"""Bytes that a program may log and nobody reads before its end; it stands still at more."""


@dataclass
class Process:
    """A started `python app.py`, its port, and what it wrote to stderr until it was up."""

    child: asyncio.subprocess.Process
    port: int
    said_first: str
    said_then: str = ""
    """The rest, once it has ended."""

    def kill(self) -> None:
        self.child.send_signal(signal.SIGKILL)

    async def end(self, sign: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Ask it to end; return its exit code and the seconds that took."""
        started = time.monotonic()
        if self.child.returncode is None:
            self.child.send_signal(sign)
        async with asyncio.timeout(20):
            _, err = await self.child.communicate()
        self.said_then += (err or b"").decode()
        return self.child.returncode or 0, time.monotonic() - started


async def start(house: House, *, socket: bool = False, **extra: str) -> Process:
    """Start the program with no more settings than it needs; return when Slack can reach it."""
    process = await start_beside(house, PROGRAM, socket=socket, **extra)
    address = f"http://127.0.0.1:{process.port}"
    house.slack.events_url = None if socket else f"{address}/slack/events"
    return process


async def start_beside(
    house: House, program: Path, *, socket: bool = False, **extra: str
) -> Process:
    """Start the program beside whatever Slack speaks to; return when it is healthy."""
    by_socket = {"SLACK_APP_TOKEN": house.slack.app_token} if socket else {}
    child = await run(house, settings(house) | by_socket | extra, program)
    process = Process(child, *await _up(child))
    assert await health(process, until=200) == 200, await trouble(process)
    return process


def settings(house: House) -> dict[str, str]:
    """Return what the program needs to be told to live in this house, reached over HTTP."""
    return {
        "SLACK_BOT_TOKEN": house.slack.bot_token,
        "SLACK_SIGNING_SECRET": house.slack.signing_secret,
        "POLLBOT_SLACK_API_URL": house.slack.api_url,
        "POLLBOT_JIRA_URL": house.jira.site_url,
        "POLLBOT_DATABASE": str(house.database),
        "POLLBOT_PORT": "0",
    }


async def run(
    house: House, settings: dict[str, str], program: Path = PROGRAM
) -> asyncio.subprocess.Process:
    """Run `python app.py` with these settings and nothing else, in an empty folder."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(program),
        env=kept | settings,
        cwd=house.database.parent,
        stderr=asyncio.subprocess.PIPE,
        limit=_MOST_LOGGED,
    )


async def health(process: Process, *, until: int) -> int:
    """Return the status of /healthz as soon as it is ``until``, or what it is in the end."""
    status = 0
    give_up = time.monotonic() + PATIENCE
    async with aiohttp.ClientSession() as session:
        while status != until and time.monotonic() < give_up:
            if process.child.returncode is not None:
                raise AssertionError(process.said_first + await said(process.child))
            try:
                async with session.get(f"http://127.0.0.1:{process.port}/healthz") as answer:
                    status = answer.status
            except aiohttp.ClientError:
                status = 0
            await asyncio.sleep(0.02)
    return status


async def trouble(process: Process) -> str:
    """Return what /healthz says, or why it says nothing."""
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{process.port}/healthz") as answer,
        ):
            return await answer.text()
    except aiohttp.ClientError as error:
        return f"no answer ({error})"


async def said(child: asyncio.subprocess.Process) -> str:
    """Return what an ended program wrote to stderr."""
    async with asyncio.timeout(PATIENCE):
        _, err = await child.communicate()
    return (err or b"").decode()


@asynccontextmanager
async def started(house: House, *, socket: bool = False, **extra: str) -> AsyncIterator[Process]:
    """Run the program for the length of a block."""
    process = await start(house, socket=socket, **extra)
    try:
        yield process
    finally:
        if process.child.returncode is None:
            await process.end(signal.SIGKILL)


async def _up(child: asyncio.subprocess.Process) -> tuple[int, str]:
    """Return the port that the program chose, once it says so, and all that it said before."""
    assert child.stderr is not None
    heard = ""
    async with asyncio.timeout(PATIENCE):
        while line := (await child.stderr.readline()).decode():
            heard += line
            if up := re.search(r"pollbot is up \(.*port (\d+)\)", line):
                return int(up[1]), heard
    raise AssertionError(f"the program ended before it was up: {heard}")
