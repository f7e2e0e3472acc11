"""The leader's place on a PostgreSQL server: a lock that belongs to a connection of its own."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import psycopg

from pollbot.place import Server
from pollbot.store.postgres import CHANNEL, as_libpq_takes_it, settings

log = logging.getLogger(__name__)

_LEADS = 0x706F6C6F
_BEAT = 0.7
_SILENT = 3000
"""Milliseconds after which the server ends a session that gives no sign of life, and with it the
lock of a leader that stands still (postgresql.org, "idle_session_timeout")."""
_ANSWER = 2.5

Wake = Callable[[Iterable[str]], None]
"""Wakes those who wait for work in these queues."""


class ServerLead:
    """The lock, and what others say that became due while it is held.

    The event loop itself gives the signs of life: where that stands still, nothing works.
    """

    shared = True

    def __init__(self, server: Server, run: str, wake: Wake) -> None:
        """``run`` is what this process calls itself in what it says; that it need not hear."""
        self._server = server
        self._run = run
        self._wake = wake
        self._session: psycopg.AsyncConnection[Any] | None = None

    async def take(self) -> int | None:
        """Try to take the lock, and count that; None, too, if the server is not to be reached."""
        try:
            async with asyncio.timeout(_ANSWER):
                return await self._take()
        except (psycopg.Error, TimeoutError) as error:
            log.debug("whether to lead is not known: %s", error)
            await self.let_go()
            return None

    async def keep(self) -> None:
        """Give signs of life and wake whoever others gave work to, for as long as it lasts."""
        session = self._session
        if session is None:
            return
        try:
            while True:
                async for notice in session.notifies(timeout=_BEAT):
                    run, *queues = notice.payload.split("\n")
                    if run != self._run:
                        self._wake(queues)
                async with asyncio.timeout(_ANSWER):
                    await session.execute("SELECT 1")
        except (psycopg.Error, TimeoutError) as error:
            log.warning("the leader's session was lost: %s", " ".join(str(error).split()))

    async def let_go(self) -> None:
        """End the session, and with it the lock."""
        session, self._session = self._session, None
        if session is not None:
            with suppress(psycopg.Error):
                await session.close()

    async def _take(self) -> int | None:
        session = self._session
        if session is None:
            session = self._session = await psycopg.AsyncConnection.connect(
                as_libpq_takes_it(self._server), autocommit=True
            )
            await session.execute(settings(idle_session_timeout=_SILENT))
        if not await _first(session, f"SELECT pg_try_advisory_lock({_LEADS})"):
            return None
        await session.execute(f"LISTEN {CHANNEL}".encode())
        return int(await _first(session, "UPDATE leader SET number = number + 1 RETURNING number"))


async def _first(session: "psycopg.AsyncConnection[Any]", statement: str) -> Any:
    """Return the one value that a statement returns."""
    row = await (await session.execute(statement.encode())).fetchone()
    return None if row is None else row[0]
