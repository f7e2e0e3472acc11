"""The one write connection, and who works on it: a crowd of changes shares one fsync."""

import asyncio
import fcntl
import functools
import logging
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from pollbot.errors import StartError, StorageBusy, StorageUnavailable
from pollbot.store.mark import Mark
from pollbot.told_time import since_boot
from pollbot.web.reach import Reach

log = logging.getLogger(__name__)

T = TypeVar("T")
P = ParamSpec("P")

OnDue = Callable[[str, Callable[[], None]], None]
"""Takes a queue and what to call after each commit that made something in it due."""

Committed = Callable[[int, float, bool], None]
"""Is told of each commit how many pieces it had, its seconds, and whether they are on disk."""

FINISHING: ContextVar[bool] = ContextVar("finishing", default=False)
"""Set where work that was begun is brought to its end: that is never turned away."""

_MOST_PER_COMMIT = 256
_MOST_WAITING = 5000
"""Pieces that may wait for the disk; more than these would be answered later than Slack waits."""

_NAME = "the database"
_LOCKED = 1.5
_STILL_LOCKED = 0.2
"""Seconds to wait for another program's lock, at first and later on.

Slack waits 3 s for the answer to a click, which may come just after a try has begun.
"""


class Connection(sqlite3.Connection):
    """A connection that knows what follows once its open transaction is on disk.

    ``made_due`` are the queues that were given work; what is in ``after_commit`` is
    called, each once, before anybody hears of the commit.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.made_due: list[str] = []
        self.after_commit: list[Callable[[Connection], None]] = []


@dataclass(slots=True)
class _Job:
    work: Callable[[Connection], Any]
    loop: asyncio.AbstractEventLoop
    answer: "asyncio.Future[Any]"
    context: Context


_Done = tuple[_Job, Any, BaseException | None]
"""A piece that is on disk with what it returned, or is not, with the reason."""


class Writer:
    """Runs pieces of work on one SQLite connection, in one thread, in order.

    All that is waiting is taken together: each piece runs in its own savepoint
    inside one BEGIN IMMEDIATE, one commit makes them durable, and only then do
    their callers hear, and the workers to whom it gave something to do. A piece
    that raises undoes only itself.
    """

    def __init__(
        self,
        path: Path,
        *,
        most_waiting: int = _MOST_WAITING,
        steady: Callable[[], float] = since_boot,
    ) -> None:
        """Open the database. Raises StartError if it cannot be used, or is in use.

        ``steady`` returns seconds, of a clock that nobody can set.
        What ``mark`` is set to counts the commits that change something.
        """
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._most_waiting = most_waiting
        self._listeners: dict[str, Callable[[], None]] = {}
        self._closed = False
        self.trouble = ""
        """Why the last commit failed; empty if it did not."""
        self.watch: Committed = _to_nobody
        self._reach = Reach(steady)
        self.mark: Mark | None = None
        self._path = _one_name(path)
        self._lock = _only_process(self._path)
        try:
            self.connection = _open(self._path)
            self._files = [(self._path, _identity(self._path))]
        except (sqlite3.Error, OSError) as error:
            os.close(self._lock)
            raise StartError(
                f"pollbot did not start.\n  POLLBOT_DATABASE: {path} cannot be used as a "
                f"database ({error}). Nothing in it was changed. Name another file, or restore "
                "this one from a backup."
            ) from error
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._reading = ThreadPoolExecutor(1, "reader")
        self._reader: Connection | None = None

    def start(self) -> None:
        """Begin to take work. Until then the connection belongs to the caller."""
        self._thread.start()

    def on_due(self, queue_name: str, wake: Callable[[], None]) -> None:
        """Have ``wake`` called on the caller's loop after each commit that gave that queue work."""
        self._listeners[queue_name] = wake

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Return what ``work`` reads, beside all that is written; it may change nothing.

        It sees what was on disk when it began, so whatever somebody was told is kept. Raises
        what ``work`` raised, or StorageUnavailable.
        """
        if self._closed:
            raise StorageUnavailable
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._read, work)

    async def do(self, work: Callable[[Connection], T]) -> T:
        """Return what ``work`` returned, once it is on disk.

        Raises what ``work`` raised, StorageUnavailable if SQLite could not write,
        or StorageBusy if too much waits already; then nothing of it is kept.
        """
        return await self.begin(work)

    def begin(self, work: Callable[[Connection], T]) -> "asyncio.Future[T]":
        """Hand ``work`` in, before all that is handed in later; return what ``do`` waits for.

        Raises StorageUnavailable or StorageBusy as ``do`` does.
        """
        if self._closed:
            raise StorageUnavailable
        if self.waiting() >= self._most_waiting and not FINISHING.get():
            raise StorageBusy
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._hand_in(_Job(work, loop, answer, copy_context()))
        return answer

    def close(self) -> None:
        """Finish what was handed in, then let go of the file."""
        if self._closed:
            return
        self._closed = True
        self._reading.shutdown()
        if self._reader is not None:
            self._reader.close()
        self._finish()
        if self.mark is not None:
            self.mark.close()
        self.connection.close()
        os.close(self._lock)

    def _read(self, work: Callable[[Connection], T]) -> T:
        try:
            if self._reader is None:
                self._reader = _open_to_read(self._path)
            self._reader.execute("BEGIN")
            try:
                return work(self._reader)
            finally:
                self._reader.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise StorageUnavailable from error

    def waiting(self) -> int:
        """Return how many pieces were handed in and are in no commit yet."""
        return self._jobs.qsize()

    def _hand_in(self, job: _Job) -> None:
        self._jobs.put(job)

    def _finish(self) -> None:
        if self._thread.ident is not None:
            self._jobs.put(None)
            self._thread.join()

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
                self._deliver(*self._timed(jobs))
            if len(jobs) < len(batch):
                return

    def _timed(self, jobs: list[_Job]) -> tuple[list[_Done], list[str]]:
        begun = time.perf_counter()
        committed = self._commit(jobs)
        self.watch(len(jobs), time.perf_counter() - begun, not self.trouble)
        return committed

    def _commit(self, jobs: list[_Job]) -> tuple[list[_Done], list[str]]:
        """Return what became of each piece, and the queues that were given work."""
        db = self.connection
        db.made_due.clear()
        db.after_commit.clear()
        done: list[_Done] = []
        try:
            db.execute("BEGIN IMMEDIATE")
            changes = db.total_changes
            for job in jobs:
                done.append((job, *job.context.run(_piece, db, job.work)))
            counted = self.mark if db.total_changes != changes else None
            if counted is not None:
                counted.count(db)
            db.execute("COMMIT")
            self._must_be_there()
        except sqlite3.Error as error:
            self._say(f"it takes no changes: {error}")
            if db.in_transaction:
                db.execute("ROLLBACK")
            unavailable = StorageUnavailable()
            unavailable.__cause__ = error
            return [(job, None, unavailable) for job in jobs], []
        self._say("")
        if counted is not None:
            counted.committed()
        for follow in dict.fromkeys(db.after_commit):
            try:
                follow(db)
            except Exception:
                log.exception("what was to follow a commit failed")
        return done, list(dict.fromkeys(db.made_due))

    def _must_be_there(self) -> None:
        """Raise sqlite3.OperationalError if what was committed lies in no file that stays.

        SQLite goes on writing into files that were deleted or moved away, without an error
        (sqlite.org, "How To Corrupt An SQLite Database File", 2.4).
        """
        for path, was in self._files:
            try:
                there = _identity(path)
            except OSError:
                there = None
            if there != was:
                how = "is gone" if there is None else "was replaced by another"
                raise sqlite3.OperationalError(
                    f"the file {path} {how} while pollbot runs; put it in place and start "
                    "pollbot again"
                )
        if len(self._files) == 1:
            # What was written last lies beside the database until the next checkpoint.
            log_beside = self._path.with_name(self._path.name + "-wal")
            self._files.append((log_beside, _identity(log_beside)))

    def _say(self, trouble: str) -> None:
        """Log what is wrong once for as long as it is, and once when it is over."""
        if trouble and trouble != self.trouble:
            why = f"{trouble}; what is asked meanwhile is told that nothing was kept"
            self._reach.failed(_NAME, why, level=logging.ERROR)
            self._wait_for_locks(_STILL_LOCKED)
        elif not trouble and self.trouble:
            self._reach.answered(_NAME)
            self._wait_for_locks(_LOCKED)
        self.trouble = trouble

    def _wait_for_locks(self, seconds: float) -> None:
        self.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    def _deliver(self, done: list[_Done], given_work: list[str]) -> None:
        for loop in {job.loop for job, _, _ in done}:
            mine = [one for one in done if one[0].loop is loop]
            try:
                loop.call_soon_threadsafe(self._answer, mine, given_work)
            except RuntimeError:
                log.warning("%d changes are on disk, but nobody waits for the answer", len(mine))

    def _answer(self, done: list[_Done], given_work: list[str]) -> None:
        for job, result, error in done:
            if job.answer.done():
                continue
            if error is None:
                job.answer.set_result(result)
            else:
                job.answer.set_exception(error)
        for name in given_work:
            if name in self._listeners:
                self._listeners[name]()


class InlineWriter(Writer):
    """The same writer without a thread: it works on the event loop, as one of its callbacks.

    Whatever is handed in within ``seconds()`` of the first piece shares its commit,
    as it would wait for a disk. Where time is pretended, all of it is on one loop.
    """

    def __init__(self, path: Path, seconds: Callable[[], float] = lambda: 0.0) -> None:
        super().__init__(path)
        self._seconds = seconds
        self._together: list[_Job] = []

    def start(self) -> None:
        """Nothing is to be started: whoever hands something in causes its commit."""

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Return what ``work`` reads, in its turn among what is written."""
        return await self.do(work)

    def waiting(self) -> int:
        """Return how many pieces wait for the next commit."""
        return len(self._together)

    def _hand_in(self, job: _Job) -> None:
        self._together.append(job)
        if len(self._together) == 1:
            job.loop.call_later(self._seconds(), self._flush)

    def _flush(self) -> None:
        jobs, self._together = self._together, []
        while jobs:
            self._answer(*self._timed(jobs[:_MOST_PER_COMMIT]))
            jobs = jobs[_MOST_PER_COMMIT:]

    def _finish(self) -> None:
        self._flush()


def _to_nobody(pieces: int, seconds: float, on_disk: bool) -> None:
    """Hear of a commit, and keep nothing."""


def _piece(db: Connection, work: Callable[[Connection], Any]) -> tuple[Any, BaseException | None]:
    before, following = len(db.made_due), len(db.after_commit)
    db.execute("SAVEPOINT piece")
    try:
        result = work(db)
    except Exception as error:
        # A full disk can end the whole transaction; then there is no savepoint to go back to.
        if not db.in_transaction:
            raise sqlite3.OperationalError(f"{error}; SQLite ended the transaction") from error
        db.execute("ROLLBACK TO piece")
        db.execute("RELEASE piece")
        del db.made_due[before:]
        del db.after_commit[following:]
        if isinstance(error, sqlite3.OperationalError):
            unavailable = StorageUnavailable()
            unavailable.__cause__ = error
            return None, unavailable
        return None, error
    db.execute("RELEASE piece")
    return result, None


def _one_name(path: Path) -> Path:
    """Return the file's own path, however it was named.

    Raises StartError if it has several names: SQLite keeps what was written last in files
    beside the one by which it was opened, and the lock lies there, too.
    """
    real = path.resolve()
    try:
        names = real.stat().st_nlink
    except OSError:
        return real
    if names > 1:
        raise StartError(
            f"pollbot did not start.\n  POLLBOT_DATABASE: {path} is one of {names} names of the "
            "same file (hard links). Opened by two of them it would be damaged: keep one name, or "
            "make a copy."
        )
    return real


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def hold(path: Path) -> int:
    """Return the descriptor of the database's lock, which lives as long as this process.

    SQLite itself would let two processes in; two vote workers would then each think that an
    intent is theirs. Raises BlockingIOError if another one has it, or another OSError.
    """
    lock = path.with_name(path.name + ".lock")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _only_process(path: Path) -> int:
    try:
        return hold(path)
    except BlockingIOError as error:
        raise StartError(
            f"pollbot did not start.\n  Another pollbot already uses {path}. One database "
            "belongs to one process: stop the other one, or give this one its own "
            "POLLBOT_DATABASE."
        ) from error
    except OSError as error:
        raise StartError(
            f"pollbot did not start.\n  POLLBOT_DATABASE: {path} cannot be made or opened "
            f"({error.strerror}). Name a file in a folder that exists and that pollbot may write."
        ) from error


def _open(path: Path) -> Connection:
    # Only the writer's thread uses it once that runs, so SQLite's own check would be in the way.
    db = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, timeout=_LOCKED, factory=Connection
    )
    try:
        # FULL: an answer to Slack means "on disk", through a power cut too.
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            # What SQLite puts aside, to undo a piece, is a copy that nothing would write over.
            "temp_store=MEMORY",
        ):
            db.execute(f"PRAGMA {pragma}").fetchall()
        os.chmod(path, 0o600)
    except (sqlite3.Error, OSError):
        db.close()
        raise
    return db


def _open_to_read(path: Path) -> Connection:
    # Opened by the reader's thread, closed by whoever closes the writer. One that is gone is not
    # made anew: it would look as if it had been replaced.
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=_LOCKED,
        factory=Connection,
    )
    for pragma in ("query_only=ON", "temp_store=MEMORY"):
        db.execute(f"PRAGMA {pragma}").fetchall()
    return db


class OnWriter(Protocol):
    """Whatever has a writer can have transactions."""

    _writer: Writer


S = TypeVar("S", bound=OnWriter)


def transaction(
    work: Callable[Concatenate[S, Connection, P], T],
) -> Callable[Concatenate[S, P], Awaitable[T]]:
    """Turn a method that gets a connection into one that is awaited: all of it, or nothing."""

    @functools.wraps(work)
    async def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._writer.do(lambda db: work(self, db, *args, **kwargs))

    return run


def reading(
    work: Callable[Concatenate[S, Connection, P], T],
) -> Callable[Concatenate[S, P], Awaitable[T]]:
    """Turn a method that only reads into one that is awaited, and that no write waits for."""

    @functools.wraps(work)
    async def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._writer.read(lambda db: work(self, db, *args, **kwargs))

    return run
