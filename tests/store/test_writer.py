"""The writer: a crowd shares a commit, an answer means "on disk", and all or nothing."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from functools import partial
from pathlib import Path

import pytest

from pollbot.database import Store
from pollbot.errors import StartError, StorageBusy, StorageUnavailable
from pollbot.store.sqlite import SqliteFile
from pollbot.store.writer import (
    FINISHING,
    Connection,
    InlineWriter,
    Writer,
    reading,
    transaction,
)
from tests.support.refusals import refuses, sentence

Piece = Callable[[Connection], None]


PATIENT = partial(Writer, quick=10.0, gone_after=1.0)
"""For a machine that is busy, or has a slow disk."""


class Traced:
    """A writer with one table, and the statements that its connection ran."""

    def __init__(self, path: Path, open_writer: Callable[[SqliteFile], Writer] = PATIENT) -> None:
        self.path = path
        file = SqliteFile(path)
        self.writer = open_writer(file)
        file.connection.execute("CREATE TABLE notes (note TEXT NOT NULL UNIQUE) STRICT")
        self.statements: list[str] = []
        file.connection.set_trace_callback(self.statements.append)
        self.writer.start()

    @property
    def commits(self) -> int:
        return self.statements.count("COMMIT")

    def notes(self) -> list[str]:
        """Return what is on disk, as another program would read it."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as db:
            return [note for (note,) in db.execute("SELECT note FROM notes ORDER BY rowid")]

    @contextmanager
    def kept_busy(self) -> Iterator[None]:
        """Hold the writer's thread in one piece, so that what is handed in meanwhile waits."""
        started, go_on = threading.Event(), threading.Event()

        def hold(_: Connection) -> None:
            started.set()
            assert go_on.wait(10)

        held = asyncio.ensure_future(self.writer.do(hold))
        asyncio.get_running_loop().call_soon(started.wait, 10)
        self._held = held
        try:
            yield
        finally:
            go_on.set()


@pytest.fixture
async def traced(tmp_path: Path) -> AsyncIterator[Traced]:
    traced = Traced(tmp_path / "pollbot.db")
    yield traced
    traced.writer.close()


def note(text: str) -> Piece:
    def add(db: Connection) -> None:
        db.execute("INSERT INTO notes (note) VALUES (?)", (text,))

    return add


async def handed_in(*pieces: "asyncio.Future[None]") -> None:
    """Let each piece reach the writer's queue."""
    await asyncio.sleep(0)
    assert not any(piece.done() for piece in pieces)


async def test_a_crowd_shares_a_commit(traced: Traced) -> None:
    with traced.kept_busy():
        crowd = [asyncio.ensure_future(traced.writer.do(note(str(n)))) for n in range(200)]
        await handed_in(*crowd)
        assert traced.commits == 0

    await asyncio.gather(*crowd)
    assert traced.commits == 2, "one for the piece that held the writer, one for the crowd"
    assert traced.notes() == [str(n) for n in range(200)], "in the order in which they came"


async def test_a_great_crowd_is_answered_bit_by_bit(traced: Traced) -> None:
    with traced.kept_busy():
        crowd = [asyncio.ensure_future(traced.writer.do(note(str(n)))) for n in range(1000)]
        await handed_in(*crowd)

    await asyncio.gather(*crowd)

    assert 3 <= traced.commits <= 6
    assert len(traced.notes()) == 1000


async def test_an_answer_comes_only_after_the_commit(traced: Traced) -> None:
    for n in range(50):
        await traced.writer.do(note(str(n)))

        assert traced.notes()[-1] == str(n)


async def test_pieces_return_what_they_found(traced: Traced) -> None:
    await traced.writer.do(note("kept"))

    found = await traced.writer.do(lambda db: db.execute("SELECT note FROM notes").fetchall())

    assert found == [("kept",)]


async def test_a_piece_that_raises_undoes_only_itself(traced: Traced) -> None:
    def half_done(db: Connection) -> None:
        note("half")(db)
        raise LookupError("changed my mind")

    with traced.kept_busy():
        before = asyncio.ensure_future(traced.writer.do(note("before")))
        broken = asyncio.ensure_future(traced.writer.do(half_done))
        twice = asyncio.ensure_future(traced.writer.do(note("before")))
        after = asyncio.ensure_future(traced.writer.do(note("after")))
        await handed_in(before, broken, twice, after)

    await before
    with pytest.raises(LookupError, match="changed my mind"):
        await broken
    with pytest.raises(sqlite3.IntegrityError):
        await twice
    await after
    assert traced.notes() == ["before", "after"]
    assert traced.commits == 2


async def test_what_waits_has_an_end_and_past_it_nothing_is_kept(tmp_path: Path) -> None:
    traced = Traced(tmp_path / "pollbot.db", lambda file: Writer(file, most_waiting=3))
    with traced.kept_busy():
        crowd = [asyncio.ensure_future(traced.writer.do(note(str(n)))) for n in range(3)]
        await handed_in(*crowd)

        with refuses(StorageBusy, says="nothing was saved or changed"):
            await traced.writer.do(note("one too many"))

        FINISHING.set(True)
        begun = asyncio.ensure_future(traced.writer.do(note("the end of what was begun")))
        await handed_in(begun)

    await asyncio.gather(*crowd, begun)
    assert traced.notes() == ["0", "1", "2", "the end of what was begun"]
    await traced.writer.do(note("later"))
    traced.writer.close()


async def test_a_commit_that_makes_work_due_wakes_its_worker(traced: Traced) -> None:
    woken: list[list[str]] = []
    traced.writer.on_due("votes", lambda: woken.append(traced.notes()))

    def due(queue: str) -> Callable[[Connection], None]:
        def make(db: Connection) -> None:
            note(queue)(db)
            db.made_due.append(queue)

        return make

    def undone(db: Connection) -> None:
        due("votes")(db)
        raise LookupError("changed my mind")

    await traced.writer.do(note("of no consequence"))
    await traced.writer.do(due("cards"))
    with pytest.raises(LookupError):
        await traced.writer.do(undone)
    assert woken == []

    await traced.writer.do(due("votes"))

    assert woken == [["of no consequence", "cards", "votes"]], "once, and once it was on disk"


async def test_without_a_thread_a_crowd_shares_a_commit_too(tmp_path: Path) -> None:
    path = tmp_path / "pollbot.db"
    traced = Traced(path, lambda file: InlineWriter(file, lambda: 0.01))

    crowd = [asyncio.ensure_future(traced.writer.do(note(str(n)))) for n in range(20)]
    await handed_in(*crowd)
    assert traced.notes() == []
    await asyncio.gather(*crowd)

    assert (traced.commits, len(traced.notes())) == (1, 20)
    last = asyncio.ensure_future(traced.writer.do(note("last")))
    await handed_in(last)
    traced.writer.close()
    await last
    assert len(traced.notes()) == 21


async def test_a_caller_that_stopped_waiting_disturbs_nobody(traced: Traced) -> None:
    with traced.kept_busy():
        gone = asyncio.ensure_future(traced.writer.do(note("gone")))
        here = asyncio.ensure_future(traced.writer.do(note("here")))
        await handed_in(gone, here)
        gone.cancel()

    await here
    assert traced.notes() == ["gone", "here"]


async def test_closing_finishes_what_was_handed_in(traced: Traced) -> None:
    with traced.kept_busy():
        crowd = [asyncio.ensure_future(traced.writer.do(note(str(n)))) for n in range(300)]
        await handed_in(*crowd)

    traced.writer.close()

    assert len(traced.notes()) == 300
    await asyncio.gather(*crowd)


async def test_nothing_is_taken_after_closing(traced: Traced) -> None:
    traced.writer.close()

    with pytest.raises(StorageUnavailable):
        await traced.writer.do(note("late"))

    traced.writer.close()
    assert traced.notes() == []


async def test_a_full_disk_is_told_and_leaves_nothing_half_done(traced: Traced) -> None:
    def two_notes(db: Connection) -> None:
        note("small")(db)
        note("x" * 100_000)(db)

    await traced.writer.do(note("before"))
    await traced.writer.do(lambda db: db.execute("PRAGMA max_page_count = 5").fetchall())

    with pytest.raises(StorageUnavailable) as refused:
        await traced.writer.do(two_notes)

    assert "nothing was saved or changed" in sentence(refused.value)
    assert "full" in str(refused.value.__cause__)
    assert traced.notes() == ["before"]
    await traced.writer.do(lambda db: db.execute("PRAGMA max_page_count = 9999").fetchall())
    await traced.writer.do(two_notes)
    assert len(traced.notes()) == 3


async def test_of_a_crowd_on_a_full_disk_nobody_is_told_what_is_not_so(traced: Traced) -> None:
    await traced.writer.do(lambda db: db.execute("PRAGMA max_page_count = 12").fetchall())
    with traced.kept_busy():
        crowd = {
            text: asyncio.ensure_future(traced.writer.do(note(text)))
            for text in (f"{n} " + "x" * 3000 for n in range(20))
        }
        await handed_in(*crowd.values())

    await asyncio.gather(*crowd.values(), return_exceptions=True)

    kept = [text for text, answer in crowd.items() if answer.exception() is None]
    assert traced.notes() == kept
    assert len(kept) < 20
    refusals = [answer.exception() for answer in crowd.values() if answer.exception()]
    assert all(isinstance(error, StorageUnavailable) for error in refusals)


async def test_a_database_that_takes_no_writes_is_told(traced: Traced) -> None:
    traced.writer.connection.execute("PRAGMA query_only = ON")

    with pytest.raises(StorageUnavailable):
        await traced.writer.do(note("lost"))

    traced.writer.connection.execute("PRAGMA query_only = OFF")
    await traced.writer.do(note("kept"))
    assert traced.notes() == ["kept"]


async def test_a_database_locked_by_another_program_is_told(tmp_path: Path) -> None:
    writer = Writer(SqliteFile(tmp_path / "pollbot.db"))
    writer.connection.execute("CREATE TABLE notes (note TEXT NOT NULL) STRICT")
    writer.connection.execute("PRAGMA busy_timeout = 50")
    writer.start()
    with closing(sqlite3.connect(tmp_path / "pollbot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StorageUnavailable):
            await writer.do(note("kept out"))

        other.execute("ROLLBACK")
    await writer.do(note("let in"))
    writer.close()


def test_an_answer_means_on_disk_through_a_power_cut_too(tmp_path: Path) -> None:
    writer = Writer(SqliteFile(tmp_path / "pollbot.db"))

    modes = [
        writer.connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "secure_delete")
    ]

    writer.close()
    assert modes == ["wal", 2, 1]


def test_the_database_is_for_its_owner_only(tmp_path: Path) -> None:
    writer = Writer(SqliteFile(tmp_path / "pollbot.db"))
    writer.close()

    assert (tmp_path / "pollbot.db").stat().st_mode & 0o777 == 0o600


OPEN_IT = """
import sys, pathlib
from pollbot.store.sqlite import SqliteFile
from pollbot.store.writer import (
    FINISHING,
    Connection,
    InlineWriter,
    Writer,
    reading,
    transaction,
)
from pollbot.errors import StartError
try:
    writer = Writer(SqliteFile(pathlib.Path(sys.argv[1])))
except StartError as error:
    sys.exit(f"{error}")
print("open", flush=True)
sys.stdin.read()
"""


def another_process(path: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", OPEN_IT, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_second_process_is_turned_away_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "pollbot.db"
    writer = Writer(SqliteFile(path))

    with another_process(path) as second:
        said, complaint = second.communicate(timeout=30)

    writer.close()
    assert (second.returncode, said) == (1, "")
    assert f"Another pollbot already uses {path}." in complaint
    assert "stop the other one" in complaint
    with another_process(path) as third:
        said, complaint = third.communicate(timeout=30)
    assert (third.returncode, said, complaint) == (0, "open\n", "")


def test_a_second_writer_in_the_same_process_is_turned_away_too(tmp_path: Path) -> None:
    writer = Writer(SqliteFile(tmp_path / "pollbot.db"))

    with pytest.raises(StartError, match="One database belongs to one process"):
        Writer(SqliteFile(tmp_path / "pollbot.db"))

    writer.close()
    Writer(SqliteFile(tmp_path / "pollbot.db")).close()


def test_a_process_that_was_killed_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "pollbot.db"
    with another_process(path) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "open\n"
        with pytest.raises(StartError):
            Writer(SqliteFile(path))

        first.kill()
        first.wait(30)

    Writer(SqliteFile(path)).close()


@pytest.mark.parametrize(
    "opening",
    [lambda path: Writer(SqliteFile(path)), lambda path: Store(path, [])],
    ids=["writer", "store"],
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(
    tmp_path: Path, opening: Callable[[Path], object]
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("This is no database.\n" * 500)

    with pytest.raises(StartError, match=r"POLLBOT_DATABASE: .*notes\.txt .*not a database"):
        opening(path)

    assert path.read_text() == "This is no database.\n" * 500


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE accounts (customer TEXT)")

    with pytest.raises(StartError, match="POLLBOT_DATABASE"):
        Store(path, [])

    with closing(sqlite3.connect(path)) as db:
        tables = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    tables.pop("_sqlite_migrations", None)
    assert tables == {"accounts": "CREATE TABLE accounts (customer TEXT)"}


@pytest.mark.parametrize("where", ["missing/pollbot.db", "."], ids=["no folder", "a folder"])
def test_a_place_that_cannot_hold_a_database_is_refused(tmp_path: Path, where: str) -> None:
    with pytest.raises(StartError, match="POLLBOT_DATABASE"):
        Writer(SqliteFile(tmp_path / where))


# Beside what is written


class Rows:
    """One table, read and written."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @transaction
    def add(self, db: Connection, number: int) -> None:
        db.execute("INSERT INTO numbers VALUES (?)", (number,))

    @reading
    def all(self, db: Connection) -> list[int]:
        return [number for (number,) in db.execute("SELECT n FROM numbers ORDER BY n")]

    @reading
    def add_while_reading(self, db: Connection) -> None:
        db.execute("INSERT INTO numbers VALUES (99)")

    @reading
    def slowly(self, db: Connection, go_on: threading.Event) -> int:
        (before,) = db.execute("SELECT count(*) FROM numbers").fetchone()
        go_on.wait(10)
        (after,) = db.execute("SELECT count(*) FROM numbers").fetchone()
        assert before == after, "one look, one moment"
        return int(after)


@pytest.fixture
async def numbers(tmp_path: Path) -> AsyncIterator[Rows]:
    writer = Writer(SqliteFile(tmp_path / "numbers.db"))
    writer.connection.execute("CREATE TABLE numbers (n INTEGER)")
    writer.start()
    yield Rows(writer)
    writer.close()


async def test_what_is_kept_is_read_at_once(numbers: Rows) -> None:
    for number in range(20):
        await numbers.add(number)
        assert await numbers.all() == list(range(number + 1))


async def test_no_write_waits_for_a_read(numbers: Rows) -> None:
    go_on = threading.Event()
    await numbers.add(0)
    slow = asyncio.ensure_future(numbers.slowly(go_on))
    await asyncio.sleep(0)

    for number in range(1, 6):
        await numbers.add(number)

    assert not slow.done()
    go_on.set()
    assert await slow in range(1, 7)
    assert await numbers.all() == list(range(6))


async def test_a_read_changes_nothing(numbers: Rows) -> None:
    with pytest.raises(StorageUnavailable) as refused:
        await numbers.add_while_reading()

    assert "readonly" in str(refused.value.__cause__)
    assert await numbers.all() == []


@pytest.mark.parametrize("was_read", [False, True])
async def test_a_database_that_takes_the_place_of_another_is_not_read(
    numbers: Rows, tmp_path: Path, *, was_read: bool
) -> None:
    if was_read:
        assert await numbers.all() == []
    other = sqlite3.connect(tmp_path / "other.db")
    other.executescript("CREATE TABLE numbers (n INTEGER); INSERT INTO numbers VALUES (99)")
    other.close()
    (tmp_path / "other.db").replace(tmp_path / "numbers.db")

    with pytest.raises(StorageUnavailable) as refused:
        await numbers.all()

    assert "was replaced by another while pollbot runs" in str(refused.value.__cause__)


async def test_nothing_is_read_once_it_is_closed(tmp_path: Path) -> None:
    writer = Writer(SqliteFile(tmp_path / "numbers.db"))
    writer.start()
    writer.close()

    with pytest.raises(StorageUnavailable):
        await Rows(writer).all()


PEOPLE, TIMES = 12, 25
"""Who clicks again as soon as they were answered, and how often."""


class Crowd:
    """People who hand in one piece after the other, and on which thread each was done."""

    def __init__(self, traced: Traced) -> None:
        self.traced = traced
        self.threads: list[int] = []
        self.done: list[str] = []

    @property
    def is_with_loop(self) -> bool:
        return self.threads[-1:] == [threading.get_ident()]

    async def click(self, times: int = TIMES) -> None:
        await asyncio.gather(*(self._person(one, times) for one in range(PEOPLE)))

    async def until_with_loop(self) -> None:
        """Click until the event loop has taken over."""
        async with asyncio.timeout(10):
            while not self.is_with_loop:
                await self.click(3)

    async def _person(self, one: int, times: int) -> None:
        for _ in range(times):
            said = f"{one}: {len(self.done)} {len(self.threads)}"
            await self.traced.writer.do(self.piece(said))
            assert said in self.traced.notes(), "an answer means that it is on disk"
            self.done.append(said)

    def piece(self, said: str) -> Piece:
        def work(db: Connection) -> None:
            self.threads.append(threading.get_ident())
            note(said)(db)

        return work


@pytest.fixture
def crowd(traced: Traced) -> Crowd:
    return Crowd(traced)


async def test_the_event_loop_works_off_a_crowd_and_the_thread_does_what_comes_alone(
    traced: Traced, crowd: Crowd
) -> None:
    await traced.writer.do(crowd.piece("alone"))
    assert not crowd.is_with_loop

    await crowd.until_with_loop()
    await crowd.click()
    assert crowd.is_with_loop
    assert sorted(traced.notes()) == sorted(["alone", *crowd.done])
    assert traced.commits < len(crowd.done) / 2, "commits are shared"

    async with asyncio.timeout(10):
        while crowd.is_with_loop:
            await traced.writer.do(crowd.piece(f"alone again, {len(crowd.threads)}"))
            await asyncio.sleep(0.01)


async def test_on_a_slow_disk_a_crowd_stays_with_the_thread(tmp_path: Path) -> None:
    traced = Traced(tmp_path / "pollbot.db", partial(Writer, quick=0.0))
    crowd = Crowd(traced)

    await crowd.click()

    traced.writer.close()
    assert len(crowd.done) == PEOPLE * TIMES
    assert threading.get_ident() not in crowd.threads


async def test_a_long_piece_in_a_crowd_is_the_threads_and_keeps_its_place(
    traced: Traced, crowd: Crowd
) -> None:
    await crowd.until_with_loop()
    before = len(traced.notes())

    pieces = [traced.writer.begin(crowd.piece(f"in order, {n}"), is_long=n == 3) for n in range(8)]
    await asyncio.gather(*pieces)

    assert traced.notes()[before:] == [f"in order, {n}" for n in range(8)]
    assert threading.get_ident() not in crowd.threads[-8:]


@pytest.mark.parametrize("with_loop", [True, False])
async def test_of_a_crowd_whose_commit_fails_nobody_is_told_what_is_not_so(
    traced: Traced, crowd: Crowd, *, with_loop: bool
) -> None:
    db = traced.writer.connection
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("CREATE TABLE replies (note REFERENCES notes (note) DEFERRABLE INITIALLY DEFERRED)")
    await traced.writer.do(crowd.piece("before"))
    if with_loop:
        await crowd.until_with_loop()
    before = traced.notes()

    def to_nothing(db: Connection) -> None:
        crowd.piece("a reply")(db)
        # SQLite looks at this one when the transaction ends.
        db.execute("INSERT INTO replies VALUES ('no such note')")

    with nullcontext() if with_loop else traced.kept_busy():
        works = [*(crowd.piece(f"beside it, {n}") for n in range(5)), to_nothing]
        pieces = [asyncio.ensure_future(traced.writer.do(work)) for work in works]
        await handed_in(*pieces)
    told = await asyncio.gather(*pieces, return_exceptions=True)

    assert crowd.is_with_loop == with_loop
    assert [type(one) for one in told] == [StorageUnavailable] * 6
    assert traced.notes() == before
    await traced.writer.do(crowd.piece("after"))
    assert traced.notes() == [*before, "after"]


async def test_a_crowd_does_not_hold_up_the_loop_while_another_program_has_the_file(
    traced: Traced, crowd: Crowd
) -> None:
    await crowd.until_with_loop()
    ticks = 0
    with closing(sqlite3.connect(traced.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        clicks = asyncio.ensure_future(crowd.click(1))
        while ticks < 20:
            await asyncio.wait({clicks}, timeout=0.01)
            ticks += 1
        assert not clicks.done(), "it waits for the lock, and the loop went round meanwhile"
        other.execute("ROLLBACK")
    await clicks
    assert set(crowd.done) <= set(traced.notes())


async def test_what_follows_a_commit_of_a_crowd_is_the_threads_and_comes_before_the_answer(
    traced: Traced, crowd: Crowd
) -> None:
    await crowd.until_with_loop()
    followed: list[int] = []

    def follow(db: Connection) -> None:
        followed.append(threading.get_ident())

    def work(db: Connection) -> None:
        crowd.piece("with what follows")(db)
        db.after_commit.append(follow)

    others = [traced.writer.begin(crowd.piece(f"beside it, {n}")) for n in range(5)]
    await traced.writer.do(work)

    assert len(followed) == 1
    assert followed != [threading.get_ident()]
    await asyncio.gather(*others)
    assert "with what follows" in traced.notes()


async def test_what_a_crowd_handed_in_is_on_disk_when_the_writer_has_closed(
    traced: Traced, crowd: Crowd
) -> None:
    await crowd.until_with_loop()
    waiting = [traced.writer.begin(crowd.piece(f"at the end, {n}")) for n in range(50)]

    traced.writer.close()

    assert traced.notes()[-50:] == [f"at the end, {n}" for n in range(50)]
    await asyncio.gather(*waiting)
    with refuses(StorageUnavailable, says="nothing was saved or changed"):
        await traced.writer.do(crowd.piece("too late"))


def test_what_waits_on_a_loop_that_is_over_keeps_nobody_else_waiting(tmp_path: Path) -> None:
    traced = Traced(tmp_path / "pollbot.db")
    crowd = Crowd(traced)

    async def left_behind() -> None:
        await crowd.until_with_loop()
        traced.writer.begin(crowd.piece("left behind"))

    asyncio.run(left_behind())

    async def later() -> None:
        async with asyncio.timeout(10):
            await traced.writer.do(crowd.piece("later"))

    asyncio.run(later())
    assert traced.notes()[-2:] == ["left behind", "later"]
    traced.writer.close()
