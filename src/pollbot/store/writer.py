"""The one write connection, and who works on it: a crowd of changes shares one commit."""

import asyncio
import functools
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
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
_CROWD = 4
"""Pieces in one commit that are a crowd."""
_GATHERED = 0.002
"""Seconds for which a crowd's next pieces are gathered: fewer commits, each of them larger."""
_GONE_AFTER = 0.05
"""Seconds after which a crowd that did not come again is gone."""
_QUICK = 0.005
"""Seconds that the commit before took at most, for the event loop to wait for the disk itself."""
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
    and ``commit`` is so as if nobody else changed anything meanwhile. ``at_hand``: nothing from
    the one to the other waits for more than the disk.
    """

    at_hand: bool
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

    def begin(self, db: Connection, *, wait: bool = True) -> bool:
        """Begin to write; return whether that is begun, which it surely is after a ``wait``."""

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
    is_long: bool = False


_Done = tuple[_Job, Any, BaseException | None]
"""A piece that is on disk with what it returned, or is not, with the reason."""


class Writer:
    """Runs pieces of work on one connection, in one thread, in order.

    All that is waiting is taken together: each piece runs in its own savepoint
    inside one transaction, one commit makes them durable, and only then do
    their callers hear, and the workers to whom it gave something to do. A piece
    that raises undoes only itself.

    Python runs one thread at a time, and to take turns at each statement takes longer than the
    statements. So the event loop works off a crowd itself, as long as neither a lock, nor a slow
    disk, nor a long piece would hold it up:

    ```
                 many at once, quickly on disk
        thread ────────────────────────────────▶ event loop
          ▲                                          │
          └──────────────────────────────────────────┘
           the crowd is gone, or something takes long
    ```
    """

    def __init__(
        self,
        engine: Engine,
        *,
        most_waiting: int = _MOST_WAITING,
        steady: Callable[[], float] = since_boot,
        quick: float = _QUICK,
        gone_after: float = _GONE_AFTER,
    ) -> None:
        """Open the database. Raises StartError if it cannot be used, or is in use.

        ``steady`` returns seconds, of a clock that nobody can set. ``quick`` and ``gone_after``
        are seconds: what a commit takes that the event loop waits for, and a crowd's longest pause.
        What ``mark`` is set to counts the commits that change something.
        """
        self._jobs: queue.SimpleQueue[_Job | Callable[[], None] | None] = queue.SimpleQueue()
        """For the thread: pieces, what it is to do between them, and its end."""
        self._crowd: deque[_Job] = deque()
        """For the event loop."""
        self._loop: asyncio.AbstractEventLoop | None = None
        """The event loop, where it is its turn; None where it is the thread's."""
        self._whose_turn = threading.Lock()
        self._working = threading.Lock()
        self._crowd_at = 0.0
        self._took = 0.0
        self._most_waiting = most_waiting
        self._quick, self._gone_after = quick, gone_after
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

    async def do(self, work: Callable[[Connection], T], *, is_long: bool = False) -> T:
        """Return what ``work`` returned, once it is on disk.

        What ``is_long`` goes through more rows than a click may wait for. Raises what ``work``
        raised, StorageUnavailable if SQLite could not write, or StorageBusy if too much waits
        already; then nothing of it is kept. Only of StorageInDoubt nobody can tell.
        """
        return await self.begin(work, is_long=is_long)

    def begin(
        self, work: Callable[[Connection], T], *, is_long: bool = False
    ) -> "asyncio.Future[T]":
        """Hand ``work`` in, before all that is handed in later; return what ``do`` waits for.

        Raises StorageUnavailable or StorageBusy as ``do`` does.
        """
        if self._closed:
            raise StorageUnavailable
        if self.waiting() >= self._most_waiting and not FINISHING.get():
            raise StorageBusy
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._hand_in(_Job(work, loop, answer, copy_context(), is_long))
        return answer

    def close(self) -> None:
        """Finish what was handed in, then let go of the file."""
        with self._whose_turn:
            if self._closed:
                return
            self._closed = True
            self._back_to_thread()
        self._reading.shutdown()
        if self._reader is not None:
            self._reader.close()
        self._finish()
        if self.mark is not None:
            self.mark.close()
        with self._working:
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
        return self._jobs.qsize() + len(self._crowd)

    def _hand_in(self, job: _Job) -> None:
        with self._whose_turn:
            if self._loop is not None and not self._loop.is_running():
                self._back_to_thread()
            if self._loop is None:
                self._jobs.put(job)
            else:
                self._crowd.append(job)

    def _finish(self) -> None:
        if self._thread.ident is not None:
            self._jobs.put(None)
            self._thread.join()

    def _run(self) -> None:
        while True:
            jobs, then = self._waited_for()
            if jobs:
                self._commit_all(jobs)
            if then is None:
                return
            then()
            self._leave_to_loop(jobs)

    def _waited_for(self) -> tuple[list[_Job], Callable[[], None] | None]:
        """Return what waits, once something does, and what is to be done after it."""
        jobs: list[_Job] = []
        one = self._jobs.get()
        while isinstance(one, _Job):
            jobs.append(one)
            if len(jobs) == _MOST_PER_COMMIT or self._jobs.empty():
                return jobs, _nothing
            one = self._jobs.get()
        return jobs, one

    def _leave_to_loop(self, jobs: list[_Job]) -> None:
        """Leave what waits, and what will, to the loop of those that came last, if all are many."""
        if len(jobs) < _CROWD or not self._is_quick(jobs):
            return
        loop = jobs[-1].loop
        with self._whose_turn:
            if self._closed:
                return
            while not self._jobs.empty():
                one = self._jobs.get()
                if isinstance(one, _Job):
                    self._crowd.append(one)
            self._loop, self._crowd_at = loop, time.monotonic()
            try:
                loop.call_soon_threadsafe(self._work_off)
            except RuntimeError:  # that loop is over
                self._back_to_thread()

    def _back_to_thread(self, *first: "_Job | Callable[[], None]") -> None:
        """Have the thread do ``first`` what is named, then what waits, and all that comes."""
        self._loop = None
        for one in (*first, *self._crowd):
            self._jobs.put(one)
        self._crowd.clear()

    def _work_off(self) -> None:
        """Commit what waits, and come back for more, for as long as there is a crowd."""
        with self._whose_turn:
            loop, now = self._loop, time.monotonic()
            if loop is None:
                return
            jobs = [self._crowd.popleft() for _ in range(min(len(self._crowd), _MOST_PER_COMMIT))]
            if len(jobs) >= _CROWD:
                self._crowd_at = now
            if now - self._crowd_at > self._gone_after or not self._is_quick(jobs):
                self._back_to_thread(*jobs)
                return
        done = self._timed(jobs, wait=False) if jobs else []
        if done is None or self.connection.after_commit:
            rest = jobs if done is None else [functools.partial(self._after, done)]
            with self._whose_turn:
                self._back_to_thread(*rest)
            return
        # It goes on, whatever those do who hear now.
        loop.call_later(0 if self._crowd else _GATHERED, self._work_off)
        if done:
            self._after(done)

    def _is_quick(self, jobs: list[_Job]) -> bool:
        """Return whether a commit of these would not hold up an event loop, as far as is known."""
        is_well = self._engine.at_hand and self._took < self._quick and not self.trouble
        return is_well and not any(job.is_long for job in jobs)

    def _commit_all(self, jobs: list[_Job]) -> None:
        self._after(self._timed(jobs) or [])

    def _after(self, done: list[_Done]) -> None:
        """Do what follows a commit, then answer."""
        db = self.connection
        for follow in dict.fromkeys(db.after_commit):
            try:
                follow(db)
            except Exception:
                log.exception("what was to follow a commit failed")
        db.after_commit.clear()
        self._deliver(done, list(dict.fromkeys(db.made_due)))

    def _timed(self, jobs: list[_Job], *, wait: bool = True) -> list[_Done] | None:
        begun = time.perf_counter()
        with self._working:
            done = self._commit(jobs, wait=wait)
        if done is not None:
            self.watch(len(jobs), time.perf_counter() - begun, not self.trouble)
        return done

    def _commit(self, jobs: list[_Job], *, wait: bool) -> list[_Done] | None:
        """Return what became of each piece.

        None if another program's lock is in the way, and this is not to ``wait``.
        """
        db = self.connection
        db.made_due.clear()
        db.after_commit.clear()
        done: list[_Done] = []
        try:
            if not self._engine.begin(db, wait=wait):
                return None
            changes = db.total_changes
            for job in jobs:
                done.append((job, *job.context.run(_piece, self._engine, db, job.work)))
            counted = self.mark if db.total_changes != changes else None
            if counted is not None:
                counted.count(db)
            begun = time.perf_counter()
            self._engine.commit(db)
            self._took = time.perf_counter() - begun
        except (self._engine.errors, _TransactionEnded) as error:
            self._say(f"it takes no changes: {error}")
            if db.in_transaction:
                db.execute("ROLLBACK")
            lost = isinstance(error, self._engine.in_doubt)
            unavailable = StorageInDoubt() if lost else StorageUnavailable()
            unavailable.__cause__ = error
            db.made_due.clear()
            db.after_commit.clear()
            return [(job, None, unavailable) for job in jobs]
        self._say("")
        if counted is not None:
            counted.committed()
        return done

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
        here = None
        with suppress(RuntimeError):
            here = asyncio.get_running_loop()
        for loop in {job.loop for job, _, _ in done}:
            mine = [one for one in done if one[0].loop is loop]
            if loop is here:
                self._answer(mine, given_work)
                continue
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
            self._commit_all(jobs[:_MOST_PER_COMMIT])
            jobs = jobs[_MOST_PER_COMMIT:]

    def _finish(self) -> None:
        self._flush()


def _nothing() -> None:
    """Have nothing to do."""


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
    return _written(work, is_long=False)


def long_transaction(
    work: Callable[Concatenate[S, Connection, P], T],
) -> Callable[Concatenate[S, P], Awaitable[T]]:
    """Turn a method into a ``transaction`` through more rows than a click may wait for."""
    return _written(work, is_long=True)


def _written(
    work: Callable[Concatenate[S, Connection, P], T], *, is_long: bool
) -> Callable[Concatenate[S, P], Awaitable[T]]:
    @functools.wraps(work)
    async def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._writer.do(lambda db: work(self, db, *args, **kwargs), is_long=is_long)

    return run


def reading(
    work: Callable[Concatenate[S, Connection, P], T],
) -> Callable[Concatenate[S, P], Awaitable[T]]:
    """Turn a method that only reads into one that is awaited, and that no write waits for."""

    @functools.wraps(work)
    async def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._writer.read(lambda db: work(self, db, *args, **kwargs))

    return run
