"""The one write connection, and who works on it: a crowd of changes shares one commit."""

import asyncio
import functools
import logging
import queue
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from pollbot.errors import LeadLost, StorageBusy, StorageInDoubt, StorageUnavailable
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

LEADER: ContextVar[int | None] = ContextVar("leader", default=None)
"""The number of the leader for whom this is done; None where it is not the leader's to do.

What an earlier leader still wants to do, one that stood still, is refused.
"""

_MOST_PER_COMMIT = 256
_MOST_WAITING = 5000
"""Pieces that may wait for the disk; more than these would be answered later than Slack waits."""

_NAME = "the database"
Values = Sequence[Any] | Mapping[str, Any]
"""What stands for the question marks of a statement, or for its names after colons."""


class Cursor(Protocol):
    """What a statement returned."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    def fetchone(self) -> Any:
        """Return the next row; None if there is none."""

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""

    def __iter__(self) -> Iterator[Any]:
        """Return the rows one by one."""


class Connection(Protocol):
    """A connection that knows what follows once its open transaction is on disk.

    ``made_due`` are the queues that were given work; what is in ``after_commit`` is
    called, each once, before anybody hears of the commit. Statements are written as
    SQLite reads them; ``to_claim`` ends those that look for rows to be held.
    """

    made_due: list[str]
    to_claim: str
    after_commit: "list[Callable[[Connection], None]]"

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""

    @property
    def total_changes(self) -> int:
        """How many rows were changed by it so far."""

    def execute(self, statement: str, values: Values = (), /) -> Cursor:
        """Run one statement."""

    def executemany(self, statement: str, rows: Iterable[Values], /) -> Cursor:
        """Run one statement for each of these rows."""

    def close(self) -> None:
        """Let go of it."""


class Engine(Protocol):
    """Where a database lies, and how it is opened there.

    ``errors`` is what its connections raise. Of these, ``no_fault_of_ours`` says that the
    database is not to be had, and nothing of the statement; ``in_doubt`` are those of a commit
    that may have happened. Whatever is changed between ``begin``
    and ``commit`` is so as if nobody else changed anything meanwhile.
    """

    errors: type[Exception]
    no_fault_of_ours: type[Exception]
    in_doubt: tuple[type[Exception], ...]

    @property
    def leader(self) -> int:
        """The number of who led when the open transaction began."""

    def open(self) -> Connection:
        """Return the connection that writes. Raises StartError if there can be none."""

    def open_to_read(self) -> Connection:
        """Return one that reads beside it, and may change nothing."""

    def begin(self, db: Connection) -> None:
        """Begin to write."""

    def commit(self, db: Connection) -> None:
        """Have all that was changed on disk."""

    def begin_to_read(self, db: Connection) -> None:
        """Begin to read what is on disk now."""

    def is_lost(self, db: Connection) -> bool:
        """Return whether a connection is lost, and a new one may do what it did not."""

    def away(self, db: Connection, is_away: bool) -> None:
        """Hear that the database is not to be had, or is again."""

    def close(self) -> None:
        """Let go of it."""


IsAsked = Callable[[Connection], bool]
"""Returns whether what asks for something asks for it still, in the transaction that keeps it."""


def alone(engine: Engine, db: Connection, work: Callable[[], None]) -> None:
    """Run ``work`` in a transaction of its own, on the writer's thread or before that runs."""
    engine.begin(db)
    try:
        work()
        engine.commit(db)
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


class Counter(Protocol):
    """What counts the commits that change something."""

    def count(self, db: Connection) -> None:
        """Count the open transaction."""

    def committed(self) -> None:
        """Hear that it is on disk."""

    def close(self) -> None:
        """Let go of where it counts."""


@dataclass(slots=True)
class _Job:
    work: Callable[[Connection], Any]
    loop: asyncio.AbstractEventLoop
    answer: "asyncio.Future[Any]"
    context: Context


_Done = tuple[_Job, Any, BaseException | None]
"""A piece that is on disk with what it returned, or is not, with the reason."""


class Writer:
    """Runs pieces of work on one connection, in one thread, in order.

    All that is waiting is taken together: each piece runs in its own savepoint
    inside one transaction, one commit makes them durable, and only then do
    their callers hear, and the workers to whom it gave something to do. A piece
    that raises undoes only itself.
    """

    def __init__(
        self,
        engine: Engine,
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
        self.mark: Counter | None = None
        self._engine = engine
        self.connection = engine.open()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._reading = ThreadPoolExecutor(1, "reader")
        self._reader: Connection | None = None

    def start(self) -> None:
        """Begin to take work. Until then the connection belongs to the caller."""
        self._thread.start()

    def on_due(self, queue_name: str, wake: Callable[[], None]) -> None:
        """Have ``wake`` called on the caller's loop after each commit that gave that queue work."""
        self._listeners[queue_name] = wake

    def wake(self, queue_names: Iterable[str]) -> None:
        """Wake, on its loop, whoever waits for work in these queues."""
        for name in queue_names:
            if name in self._listeners:
                self._listeners[name]()

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
        or StorageBusy if too much waits already; then nothing of it is kept. Only of
        StorageInDoubt nobody can tell.
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
        self._engine.close()

    def _read(self, work: Callable[[Connection], T], *, once_more: bool = True) -> T:
        try:
            if self._reader is None:
                self._reader = self._engine.open_to_read()
            self._engine.begin_to_read(self._reader)
            try:
                return work(self._reader)
            finally:
                self._reader.execute("ROLLBACK")
        except self._engine.errors as error:
            reader, self._reader = self._reader, None
            # Whoever uses a lost connection next finds it so; what only reads can be repeated.
            once_more = once_more and reader is not None and self._engine.is_lost(reader)
            if reader is not None:
                reader.close()
            if not once_more:
                raise StorageUnavailable from error
        return self._read(work, once_more=False)

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
        done: list[_Done] = []
        try:
            self._engine.begin(db)
            db.made_due.clear()
            db.after_commit.clear()
            changes = db.total_changes
            for job in jobs:
                done.append((job, *job.context.run(_piece, self._engine, db, job.work)))
            counted = self.mark if db.total_changes != changes else None
            if counted is not None:
                counted.count(db)
            self._engine.commit(db)
        except (self._engine.errors, _TransactionEnded) as error:
            self._say(f"it takes no changes: {error}")
            if db.in_transaction:
                db.execute("ROLLBACK")
            lost = isinstance(error, self._engine.in_doubt)
            unavailable = StorageInDoubt() if lost else StorageUnavailable()
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

    def _say(self, trouble: str) -> None:
        """Log what is wrong once for as long as it is, and once when it is over."""
        if trouble and trouble != self.trouble:
            why = f"{trouble}; what is asked meanwhile is told that nothing was kept"
            self._reach.failed(_NAME, why, level=logging.ERROR)
            self._engine.away(self.connection, True)
        elif not trouble and self.trouble:
            self._reach.answered(_NAME)
            self._engine.away(self.connection, False)
        self.trouble = trouble

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
        self.wake(given_work)


class InlineWriter(Writer):
    """The same writer without a thread: it works on the event loop, as one of its callbacks.

    Whatever is handed in within ``seconds()`` of the first piece shares its commit,
    as it would wait for a disk. Where time is pretended, all of it is on one loop.
    """

    def __init__(self, engine: Engine, seconds: Callable[[], float] = lambda: 0.0) -> None:
        super().__init__(engine)
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


class _TransactionEnded(Exception):
    """The database ended the whole transaction, as a full disk or a lost connection can."""


def _piece(
    engine: Engine, db: Connection, work: Callable[[Connection], Any]
) -> tuple[Any, BaseException | None]:
    number = LEADER.get()
    if number is not None and number != engine.leader:
        return None, LeadLost()
    before, following = len(db.made_due), len(db.after_commit)
    db.execute("SAVEPOINT piece")
    try:
        result = work(db)
    except Exception as error:
        if not db.in_transaction:
            raise _TransactionEnded(f"{error}; the transaction is ended") from error
        db.execute("ROLLBACK TO piece")
        db.execute("RELEASE piece")
        del db.made_due[before:]
        del db.after_commit[following:]
        if isinstance(error, engine.no_fault_of_ours):
            unavailable = StorageUnavailable()
            unavailable.__cause__ = error
            return None, unavailable
        return None, error
    db.execute("RELEASE piece")
    return result, None


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
