"""The thread that owns the write connection; a crowd of changes shares one fsync."""

import asyncio
import fcntl
import functools
import logging
import os
import queue
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from pollbot.errors import StartError, StorageUnavailable

log = logging.getLogger(__name__)

T = TypeVar("T")
P = ParamSpec("P")

_MOST_PER_COMMIT = 256


@dataclass(slots=True)
class _Job:
    work: Callable[[sqlite3.Connection], Any]
    loop: asyncio.AbstractEventLoop
    answer: "asyncio.Future[Any]"


class Writer:
    """Runs pieces of work on one SQLite connection, in one thread, in order.

    All that is waiting is taken together: each piece runs in its own savepoint
    inside one BEGIN IMMEDIATE, one commit makes them durable, and only then do
    their callers hear. A piece that raises undoes only itself.
    """

    def __init__(self, path: Path) -> None:
        """Open the database. Raises StartError if it cannot be used, or is in use."""
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._lock = _only_process(path)
        try:
            self.connection = _open(path)
        except sqlite3.Error as error:
            os.close(self._lock)
            raise StartError(
                f"pollbot did not start.\n  POLLBOT_DATABASE: {path} cannot be used as a "
                f"database ({error}). Nothing in it was changed. Name another file, or restore "
                "this one from a backup."
            ) from error
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to take work. Until then the connection belongs to the caller."""
        self._thread.start()

    async def do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return what ``work`` returned, once it is on disk.

        Raises what ``work`` raised, or StorageUnavailable if SQLite could not
        write; then nothing of it is kept.
        """
        if self._closed:
            raise StorageUnavailable
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(work, loop, answer))
        return await answer

    def close(self) -> None:
        """Finish what was handed in, then let go of the file."""
        if self._closed:
            return
        self._closed = True
        if self._thread.ident is not None:
            self._jobs.put(None)
            self._thread.join()
        self.connection.close()
        os.close(self._lock)

    def _run(self) -> None:
        while True:
            batch = [self._jobs.get()]
            while len(batch) < _MOST_PER_COMMIT:
                try:
                    batch.append(self._jobs.get_nowait())
                except queue.Empty:
                    break
            jobs = [job for job in batch if job is not None]
            if jobs:
                _deliver(self._commit(jobs))
            if len(jobs) < len(batch):
                return

    def _commit(self, jobs: list[_Job]) -> list[tuple[_Job, Any, BaseException | None]]:
        db = self.connection
        done: list[tuple[_Job, Any, BaseException | None]] = []
        try:
            db.execute("BEGIN IMMEDIATE")
            for job in jobs:
                done.append((job, *_piece(db, job.work)))
            db.execute("COMMIT")
        except sqlite3.Error as error:
            log.error("a commit of %d changes failed: %s", len(jobs), error)
            if db.in_transaction:
                db.execute("ROLLBACK")
            unavailable = StorageUnavailable()
            unavailable.__cause__ = error
            return [(job, None, unavailable) for job in jobs]
        return done


def _piece(
    db: sqlite3.Connection, work: Callable[[sqlite3.Connection], Any]
) -> tuple[Any, BaseException | None]:
    db.execute("SAVEPOINT piece")
    try:
        result = work(db)
    except Exception as error:
        # A full disk can end the whole transaction; then there is no savepoint to go back to.
        if not db.in_transaction:
            raise sqlite3.OperationalError(f"{error}; SQLite ended the transaction") from error
        db.execute("ROLLBACK TO piece")
        db.execute("RELEASE piece")
        if isinstance(error, sqlite3.OperationalError):
            unavailable = StorageUnavailable()
            unavailable.__cause__ = error
            return None, unavailable
        return None, error
    db.execute("RELEASE piece")
    return result, None


def _deliver(done: list[tuple[_Job, Any, BaseException | None]]) -> None:
    def answer(results: list[tuple[_Job, Any, BaseException | None]]) -> None:
        for job, result, error in results:
            if job.answer.done():
                continue
            if error is None:
                job.answer.set_result(result)
            else:
                job.answer.set_exception(error)

    for loop in {job.loop for job, _, _ in done}:
        mine = [one for one in done if one[0].loop is loop]
        try:
            loop.call_soon_threadsafe(answer, mine)
        except RuntimeError:
            log.warning("%d changes are on disk, but nobody waits for the answer", len(mine))


def _only_process(path: Path) -> int:
    """Return the descriptor of a lock that lives as long as this process.

    SQLite itself would let two processes in; two vote workers would then each
    think that an intent is theirs.
    """
    lock = path.with_name(path.name + ".lock")
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StartError(
            f"pollbot did not start.\n  POLLBOT_DATABASE: {path} cannot be made or opened "
            f"({error.strerror}). Name a file in a folder that exists and that pollbot may write."
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise StartError(
            f"pollbot did not start.\n  Another pollbot already uses {path}. One database "
            "belongs to one process: stop the other one, or give this one its own "
            "POLLBOT_DATABASE."
        ) from error
    return descriptor


def _open(path: Path) -> sqlite3.Connection:
    # Only the writer's thread uses it once that runs, so SQLite's own check would be in the way.
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
    try:
        # FULL: an answer to Slack means "on disk", through a power cut too.
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            db.execute(f"PRAGMA {pragma}").fetchall()
        os.chmod(path, 0o600)
    except (sqlite3.Error, OSError):
        db.close()
        raise
    return db


class OnWriter(Protocol):
    """Whatever has a writer can have transactions."""

    _writer: Writer


S = TypeVar("S", bound=OnWriter)


def transaction(
    work: Callable[Concatenate[S, sqlite3.Connection, P], T],
) -> Callable[Concatenate[S, P], Awaitable[T]]:
    """Turn a method that gets a connection into one that is awaited: all of it, or nothing."""

    @functools.wraps(work)
    async def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._writer.do(lambda db: work(self, db, *args, **kwargs))

    return run
