"""One file for several lives at a time, whose leader has a lease, as a server's has a lock."""

import asyncio
from collections.abc import Callable, Iterable
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from pollbot.database import _OnFile
from pollbot.polls.answers.seal_rows import SealTable
from pollbot.store import sqlite
from pollbot.store.sqlite import SqliteConnection, SqliteFile
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection, Writer
from tests.sim.loop import PretendedLoop

_LASTS = 3.0
_BEAT = 0.7
_ON_ITS_WAY = 0.002
"""Seconds: how long a server leaves its lock to a leader that stands still, how often a leader says
that it does not, and after which it hears what others made due."""

_TABLES = """
CREATE TABLE IF NOT EXISTS poll_key_seal (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS lease (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL,
    holder INTEGER NOT NULL,
    until FLOAT NOT NULL
)
"""

Wake = Callable[[Iterable[str]], None]


@dataclass(frozen=True, slots=True)
class Seat:
    """Whose lease it is: the number of a life, and in which context that goes on."""

    life: int
    context: Context


class Between:
    """What goes from one life to another: who made work due tells the one that leads."""

    def __init__(self, loop: PretendedLoop) -> None:
        self.loop = loop
        self._hear: dict[int, tuple[Context, Wake]] = {}

    def listen(self, seat: Seat, wake: Wake) -> None:
        """Have ``wake`` called in that life with each queue that another life gives work."""
        self._hear[seat.life] = seat.context, wake

    def leave(self, seat: Seat) -> None:
        """Have it hear nothing more."""
        self._hear.pop(seat.life, None)

    def tell(self, seat: Seat, queues: list[str]) -> None:
        """Let those who lead know of queues that this life gave work."""
        for life, (context, wake) in self._hear.items():
            if life != seat.life and queues:
                self.loop.call_later(_ON_ITS_WAY, wake, queues, context=context)


class SharedFile(SqliteFile):
    """SQLite's file without the lock that keeps it for one process."""

    def __init__(self, path: Path, seat: Seat, between: Between) -> None:
        super().__init__(path)
        self.leader = 0
        self._seat, self._between = seat, between

    def open(self) -> SqliteConnection:
        with patch.object(sqlite, "_only_process", lambda _: -1):
            db = super().open()
        db.executescript(_TABLES)
        return db

    def begin(self, db: Connection, *, wait: bool = True) -> bool:
        is_begun = super().begin(db, wait=wait)
        found = db.execute("SELECT number FROM lease").fetchone()
        self.leader = found[0] if found else 0
        return is_begun

    def commit(self, db: Connection) -> None:
        super().commit(db)
        self._between.tell(self._seat, list(dict.fromkeys(db.made_due)))


class LeasedLead:
    """The leader's place: its own until it forgets to say so for a while."""

    shared = True

    def __init__(self, file: SharedFile, seat: Seat, between: Between, wake: Wake) -> None:
        self._file, self._seat, self._between, self._wake = file, seat, between, wake

    async def take(self) -> int | None:
        """Take the lease, if it is nobody's or over, and count that."""
        now = self._between.loop.time()
        taken = self._file.connection.execute(
            "INSERT INTO lease VALUES (1, 1, ?, ?) ON CONFLICT (id) DO UPDATE"
            " SET number = number + 1, holder = excluded.holder, until = excluded.until"
            " WHERE until <= ? RETURNING number",
            (self._seat.life, now + _LASTS, now),
        ).fetchone()
        if taken is None:
            return None
        self._between.listen(self._seat, self._wake)
        return int(taken[0])

    async def keep(self) -> None:
        """Make it longer again and again; return once it is over."""
        kept = 1
        while kept:
            await asyncio.sleep(_BEAT)
            now = self._between.loop.time()
            kept = self._file.connection.execute(
                "UPDATE lease SET until = ? WHERE holder = ? AND until > ?",
                (now + _LASTS, self._seat.life, now),
            ).rowcount

    async def let_go(self) -> None:
        """Leave it to whoever comes next."""
        self._between.leave(self._seat)
        self._file.connection.execute(
            "UPDATE lease SET until = 0 WHERE holder = ?", (self._seat.life,)
        )


class OnSharedFile(_OnFile):
    """What a file that several lives share needs around its tables."""

    engine: SharedFile

    def __init__(self, path: Path, seat: Seat, between: Between) -> None:
        super().__init__(path)
        self.engine = SharedFile(path, seat, between)
        self._seat, self._between = seat, between

    def mark(self) -> None:
        """Return nothing, as on a server: no file beside it could count for several."""
        return

    def seal(self, vault: Vault) -> SealTable:
        """Return what seals the keys of polls, as on a server: a file is one process's own."""
        return SealTable(self.engine, vault)

    def lead(self, writer: Writer) -> LeasedLead:
        """Return the place for which each life tries."""
        return LeasedLead(self.engine, self._seat, self._between, writer.wake)
