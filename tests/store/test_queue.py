"""The queue: what waits, what is held, and what one stuck cause may hold."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pollbot import errands
from pollbot.cards.rows import CARDS
from pollbot.database import Store
from pollbot.polls.answers.receipt_rows import RECEIPTS, untold_at
from pollbot.polls.ends.rows import ENDINGS
from pollbot.polls.kept_rows import READINGS, REMINDERS
from pollbot.records.rows import RECORDS
from pollbot.schedules.kept_rows import SCHEDULES
from pollbot.store.outbox import OWED
from pollbot.store.queue import (
    LEASE,
    LONGEST,
    Again,
    Done,
    Held,
    Later,
    Limit,
    Next,
    Parked,
    Queue,
    Work,
)
from pollbot.store.sqlite import SqliteConnection, SqliteFile
from pollbot.store.writer import Connection, Writer
from pollbot.votes.rows import INTENTS
from tests.support.torture import tries

T = TypeVar("T")

NOW = 1_700_000_000.0
LONGEST_PAUSE = 30.0 * 1.3
TABLE = (
    "CREATE TABLE letters (name TEXT NOT NULL PRIMARY KEY, street TEXT, town TEXT NOT NULL,"
    " open INTEGER NOT NULL DEFAULT 1, due_at REAL DEFAULT 0, held_until REAL, holder TEXT,"
    " attempts INTEGER NOT NULL DEFAULT 0, errand TEXT, behind_since REAL) STRICT"
)
LETTERS = Queue(
    "letters",
    "letters",
    ("name",),
    "open = 1",
    limits=(Limit("street", 2), Limit("town", 3)),
    of_teams=False,
)
BY_DATE = Queue("letters", "letters", ("name",), "open = 1", by_date=True, of_teams=False)


class Post:
    """A table of letters, and the queue over it."""

    def __init__(self, path: Path) -> None:
        self.writer = Writer(SqliteFile(path))
        self.writer.connection.execute("PRAGMA synchronous = OFF")
        if not self.writer.connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            self.writer.connection.execute(TABLE)
        self.writer.start()
        chance = Random(1)  # noqa: S311  spreads pauses, guards nothing
        self.work: Work[str] = Work(self.writer, LETTERS, "name", lambda row, _: row[0], chance)
        self.woken = 0
        self.work.on_due(self._wake)

    def _wake(self) -> None:
        self.woken += 1

    async def arrive(
        self, name: str, at: float | None, *, street: str | None = None, town: str = "here"
    ) -> None:
        def insert(db: Connection) -> None:
            db.execute(
                "INSERT INTO letters (name, street, town) VALUES (?, ?, ?)", (name, street, town)
            )
            LETTERS.make_due(db, at, "name = ?", name)

        await self.writer.do(insert)

    async def make_due(self, name: str, at: float | None) -> None:
        await self.writer.do(lambda db: LETTERS.make_due(db, at, "name = ?", name))

    async def names(self, now: float, most: int = 99) -> list[str]:
        """Claim what is due; return it in order."""
        return [one.work for one in (await self.work.claim(now, most)).held]

    async def since(self, now: float) -> dict[str, float | None]:
        """Return since when the oldest work in each state is behind."""
        amounts = await self.writer.do(lambda db: self.work.amounts(db, now))
        return {state: amount.since for state, amount in amounts.items()}


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    post = Post(tmp_path / "pollbot.db")
    yield post
    post.writer.close()


async def test_work_is_as_old_as_it_was_first_to_be_done_however_often_it_is_tried(
    post: Post,
) -> None:
    await post.arrive("a", NOW)
    assert await post.since(NOW - 1) == {"waiting": None}
    assert await post.since(NOW + 5) == {"due": NOW}

    fates: tuple[Next, ...] = (Again(), Later(NOW + 40), Again(60.0))
    for tried, then in enumerate(fates, start=1):
        [held] = (await post.work.claim(NOW + 100 * tried, 9)).held
        assert await post.since(NOW + 100 * tried) == {"held": NOW}
        await post.work.put_back(held, then, NOW + 100 * tried)
        assert set((await post.since(NOW + 100 * tried)).values()) == {NOW}
    await post.names(NOW + 500)
    await post.work.resume(NOW + 600)
    assert await post.since(NOW + 600) == {"due": NOW}, "after a restart, too"


@pytest.mark.parametrize("then", [Done(NOW + 9), Again(9.0, first=True), Parked()])
async def test_what_is_done_is_not_old_any_more(post: Post, then: Next) -> None:
    await post.arrive("a", NOW)
    [held] = (await post.work.claim(NOW + 5, 9)).held
    await post.work.put_back(held, then, NOW + 5)

    assert set((await post.since(NOW + 5)).values()) == {None}


async def test_what_is_asked_for_anew_is_as_old_as_that(post: Post) -> None:
    await post.arrive("a", NOW)
    [held] = (await post.work.claim(NOW + 5, 9)).held
    await post.make_due("a", NOW + 6)
    await post.work.put_back(held, Again(), NOW + 7)

    assert await post.since(NOW + 8) == {"due": NOW + 6}


@pytest.mark.parametrize(("since", "then"), [(NOW, NOW - 1000), (NOW - 5000, NOW - 5000)])
async def test_a_clock_that_goes_back_makes_nothing_younger(
    post: Post, since: float, then: float
) -> None:
    await post.arrive("a", since)
    [held] = (await post.work.claim(since + 5, 9)).held
    await post.work.put_back(held, Again(), since + 5)
    await post.work.pull_in(1000.0, NOW - 990)

    assert await post.since(NOW - 990) == {"due": then}


async def test_a_clock_that_goes_back_moves_no_date_but_what_failed_on_its_date(
    post: Post,
) -> None:
    await post.arrive("a date", NOW + 500)
    await post.arrive("failed", NOW + 300)
    failed = "UPDATE letters SET attempts = 1 WHERE name = 'failed'"
    await post.writer.do(lambda db: db.execute(failed))

    await post.writer.do(lambda db: BY_DATE.pull_in(db, 100.0, NOW))

    due = "SELECT name, due_at FROM letters"
    assert dict(await post.writer.do(lambda db: db.execute(due).fetchall())) == {
        "a date": NOW + 500,
        "failed": NOW + 200,
    }


async def test_what_waits_longest_comes_first_and_the_next_time_is_told(post: Post) -> None:
    for name in "dbeac":
        await post.arrive(name, NOW + "abcde".index(name), town=name)

    taken = await post.work.claim(NOW + 3, 2)

    assert [one.work for one in taken.held] == ["a", "b"]
    assert taken.next_at == NOW + 4


async def test_what_is_held_is_nobody_elses_until_it_is_put_back(post: Post) -> None:
    await post.arrive("a", NOW)
    (one,) = (await post.work.claim(NOW, 9)).held

    assert await post.names(NOW + LEASE - 1) == []
    await post.make_due("a", NOW)
    assert await post.names(NOW + LEASE - 1) == [], "news of it wait for its holder"
    await post.work.put_back(one, Parked(), NOW + LEASE - 1)

    assert await post.names(NOW + LEASE - 1) == ["a"]


def news(db: Connection) -> None:
    LETTERS.news(db, "open = 1", "name = 'a'")


def make_due(db: Connection) -> None:
    LETTERS.make_due(db, NOW, "name = 'a'")


def make_due_on_its_date(db: Connection) -> None:
    BY_DATE.make_due(db, NOW, "name = 'a'")


def make_sooner(db: Connection) -> None:
    LETTERS.make_sooner(db, NOW - 9, "name = 'a'")


def nothing(db: Connection) -> None:
    """Change nothing."""


@pytest.mark.parametrize("then", [Done(), Later(NOW), Again()], ids=repr)
@pytest.mark.parametrize(
    ("change", "for_now", "for_later"),
    [
        (nothing, "first", "first"),
        (make_due, "first", "first"),
        (make_sooner, "first", "first"),
        (news, "second", "second"),
        (make_due_on_its_date, None, None),
    ],
)
async def test_work_is_done_for_what_gave_it_or_for_the_last_news_of_it(
    post: Post,
    change: Callable[[Connection], None],
    for_now: str | None,
    for_later: str | None,
    then: Next,
) -> None:
    """While it waits, and while it is held: until it is put back it goes on as it was claimed."""
    with errands.under("first"):
        await post.arrive("a", NOW)
    with errands.under("second"):
        await post.writer.do(change)

    (one,) = (await post.work.claim(NOW, 9)).held
    assert one.errand == (for_now or one.holder)
    with errands.under("first"):
        await post.writer.do(lambda db: LETTERS.news(db, "open = 1", "name = 'a'"))
    with errands.under("second"):
        await post.writer.do(change)
    await post.work.put_back(one, then, NOW)

    (again,) = (await post.work.claim(NOW + LONGEST_PAUSE, 9)).held
    assert again.errand == (for_later or again.holder)


async def test_what_nobody_asked_for_is_an_errand_of_its_own_which_its_tries_share(
    post: Post,
) -> None:
    for name in "abc":
        await post.arrive(name, NOW, town=name)

    held = (await post.work.claim(NOW, 9)).held
    assert len({one.errand for one in held} - {""}) == 3
    for one in held:
        await post.work.put_back(one, Again(), NOW)
    tried = (await post.work.claim(NOW + LONGEST_PAUSE, 9)).held

    assert {one.work: one.errand for one in tried} == {one.work: one.errand for one in held}


async def test_what_is_not_to_be_kept_is_not(post: Post) -> None:
    with errands.under("first"), errands.unkept():
        await post.arrive("a", NOW)
        await post.writer.do(news)
        await post.writer.do(lambda db: LETTERS.unpark(db, NOW, "name = 'a'"))

    assert await post.writer.do(lambda db: db.execute("SELECT errand FROM letters").fetchall()) == [
        (None,)
    ]


async def test_a_lease_ends_unless_its_holder_is_alive(post: Post) -> None:
    await post.arrive("a", NOW)
    (one,) = (await post.work.claim(NOW, 9)).held

    assert LEASE == 120, "docs/scale.md says so"
    taken = await post.work.claim(NOW + LEASE, 9, {one.holder})
    assert (taken.held, taken.next_at) == ([], None)
    (again,) = (await post.work.claim(NOW + LEASE, 9)).held

    await post.work.put_back(one, Later(NOW + 9e6), NOW + LEASE)
    assert await post.names(NOW + LEASE, 9) == [], "whoever lost it puts nothing back"
    await post.work.put_back(again, Later(NOW), NOW + LEASE)
    assert await post.names(NOW + LEASE) == ["a"]


@pytest.mark.parametrize(
    ("then", "due_at", "attempts"),
    [
        (Done(), NOW + 2, 0),
        (Done(NOW + 7), NOW + 7, 0),
        (Later(NOW + 60), NOW + 60, 3),
        (Parked(), None, 3),
    ],
    ids=str,
)
async def test_what_becomes_of_it_is_what_whoever_held_it_says(
    post: Post, then: Next, due_at: float | None, attempts: int
) -> None:
    await post.arrive("a", NOW)
    (one,) = (await post.work.claim(NOW, 9)).held
    one = Held(one.work, one.key, one.holder, 3)

    await post.work.put_back(one, then, NOW + 1)

    assert (await post.work.claim(NOW, 0)).next_at == due_at
    later = (await post.work.claim(NOW + 9e6, 9)).held
    assert [held.attempts for held in later] == ([] if due_at is None else [attempts])


async def test_pauses_grow_vary_and_are_never_shorter_than_asked_for(post: Post) -> None:
    await post.arrive("a", NOW)
    now, pauses = NOW, []
    for _ in range(8):
        (one,) = (await post.work.claim(now, 9)).held
        await post.work.put_back(one, Again(), now)
        later = (await post.work.claim(now, 0)).next_at
        assert later is not None
        pauses.append(later - now)
        now = later

    for pause, usual in zip(pauses, (2, 4, 8, 16, 30, 30, 30, 30), strict=True):
        assert usual * 0.7 <= pause <= usual * 1.3
    assert len({pause / usual for pause, usual in zip(pauses, (2, 4, 8, 16), strict=False)}) == 4
    (one,) = (await post.work.claim(now, 9)).held
    await post.work.put_back(one, Again(600.0), now)
    assert (await post.work.claim(now, 0)).next_at == now + 600


async def test_what_another_failure_begins_has_the_first_pause_again(post: Post) -> None:
    await post.arrive("a", NOW)
    (one,) = (await post.work.claim(NOW, 9)).held
    one = Held(one.work, one.key, one.holder, 7)

    await post.work.put_back(one, Again(first=True), NOW)

    later = (await post.work.claim(NOW, 0)).next_at
    assert later is not None
    assert 1.4 <= later - NOW <= 2.6
    (again,) = (await post.work.claim(later, 9)).held
    assert again.attempts == 1


@pytest.mark.parametrize("then", [Again(1e9), Later(NOW + 1e9), Done(NOW + 1e9)], ids=str)
async def test_nothing_waits_longer_than_an_hour_whatever_is_asked_for(
    post: Post, then: Next
) -> None:
    await post.arrive("a", NOW)
    (one,) = (await post.work.claim(NOW, 9)).held

    await post.work.put_back(one, then, NOW)

    assert (await post.work.claim(NOW, 0)).next_at == NOW + LONGEST


async def test_what_waits_for_a_date_waits_as_long_as_that_takes(post: Post) -> None:
    by_date: Work[str] = Work(post.writer, BY_DATE, "name", lambda row, _: row[0], Random(1))  # noqa: S311
    await post.arrive("a", NOW)
    (one,) = (await by_date.claim(NOW, 9)).held

    await by_date.put_back(one, Later(NOW + 86400), NOW)

    assert (await by_date.claim(NOW, 9)).held == []
    assert (await by_date.claim(NOW, 0)).next_at == NOW + 86400


async def test_what_waits_for_a_clock_that_was_ahead_is_due_when_it_is_right_again(
    post: Post,
) -> None:
    await post.arrive("a", NOW)
    (one,) = (await post.work.claim(NOW + 86400, 9)).held
    await post.work.put_back(one, Done(), NOW + 86400)

    assert await post.names(NOW) == ["a"]


async def test_a_restart_frees_what_was_held_and_cancels_no_pause(post: Post) -> None:
    for name in "abc":
        await post.arrive(name, NOW, town=name)
    first, second, _ = (await post.work.claim(NOW, 9)).held
    await post.work.put_back(first, Again(90.0), NOW)
    await post.work.put_back(second, Parked(), NOW)

    await post.work.resume(NOW + 1)

    assert await post.names(NOW + 1) == ["c"]
    assert await post.names(NOW + 89) == []
    assert await post.names(NOW + 90) == ["a"]


async def test_what_is_no_work_waits_for_nothing(post: Post) -> None:
    await post.arrive("a", NOW)
    await post.writer.do(
        lambda db: db.execute("UPDATE letters SET open = 0 WHERE name = 'a'").rowcount
    )

    taken = await post.work.claim(NOW + 1, 9)

    assert (taken.held, taken.next_at) == ([], None)
    await post.writer.do(lambda db: LETTERS.news(db, "open = 1", "name = ?", "a"))
    assert await post.names(NOW + 1) == ["a"]


async def test_each_way_to_make_work_due_wakes_its_worker_and_none_for_nothing(
    post: Post,
) -> None:
    await post.arrive("a", NOW + 60)
    assert post.woken == 1

    await post.writer.do(lambda db: LETTERS.make_sooner(db, NOW, "name = ?", "a"))
    await post.writer.do(lambda db: LETTERS.news(db, "open = 1", "name = ?", "a"))
    await post.make_due("a", None)
    await post.writer.do(lambda db: LETTERS.unpark(db, NOW, "name = ?", "a"))
    assert post.woken == 5

    await post.writer.do(lambda db: LETTERS.make_sooner(db, NOW, "name = ?", "a"))
    await post.writer.do(lambda db: LETTERS.unpark(db, NOW, "name = ?", "a"))
    await post.make_due("nobody", NOW)
    assert post.woken == 5


async def test_a_stuck_cause_delays_no_other(post: Post) -> None:
    for n in range(50):
        await post.arrive(f"stuck {n:02}", NOW - 100 + n, street="stuck", town="there")
    await post.arrive("free", NOW)
    await post.arrive("of no street", NOW, town="elsewhere")

    taken = await post.work.claim(NOW, 9)

    assert [one.work for one in taken.held] == ["stuck 00", "stuck 01", "free", "of no street"]
    assert taken.next_at is None, "the others wait for the end of one of these, not for a time"
    await post.work.put_back(taken.held[0], Later(NOW + 60), NOW)
    assert await post.names(NOW) == ["stuck 02"]


QUEUES = [INTENTS, CARDS, ENDINGS, READINGS, REMINDERS, RECORDS, SCHEDULES, OWED, RECEIPTS]


@contextmanager
def scans(path: Path) -> Iterator[tuple[SqliteConnection, list[str]]]:
    """Give a connection to an empty database, and what went through a whole table or index."""
    Store(path, []).close()
    with closing(sqlite3.connect(path, isolation_level=None, factory=SqliteConnection)) as db:
        ran: list[str] = []
        found: list[str] = []
        db.set_trace_callback(ran.append)
        yield db, found
        db.set_trace_callback(None)
        assert ran
        plans = [
            step[3] for sql in ran for step in db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        ]
        found += [step for step in plans if step.startswith("SCAN")]


@pytest.mark.of_files
@pytest.mark.parametrize("queue", QUEUES, ids=lambda queue: queue.name)
def test_a_claim_looks_at_what_is_due_and_held_and_not_at_a_whole_table(
    tmp_path: Path, queue: Queue
) -> None:
    with scans(tmp_path / "pollbot.db") as (db, found):
        queue.claim(db, NOW, 5, "1", "me", {"somebody"})
        queue.next_at(db, NOW, {"somebody"})

    assert found == []


@pytest.mark.of_files
def test_whom_nobody_has_told_is_not_looked_for_among_all_polls(tmp_path: Path) -> None:
    with scans(tmp_path / "pollbot.db") as (db, found):
        untold_at(db, NOW)

    assert found == []


letters = st.lists(
    st.tuples(st.sampled_from(["x", "y", None]), st.sampled_from(["here", "there"])), max_size=20
)


@given(letters, st.lists(st.integers(1, 8), min_size=1, max_size=6))
@settings(max_examples=tries(15, 200), deadline=None)
def test_no_cause_ever_holds_more_than_its_limit_and_nothing_waits_that_need_not(
    kinds: list[tuple[str | None, str]], claims: list[int]
) -> None:
    async def claim_all(path: Path) -> None:
        post = Post(path)
        by_name = {str(n): kind for n, kind in enumerate(kinds)}
        for name, (street, town) in by_name.items():
            await post.arrive(name, NOW, street=street, town=town)
        taken: list[str] = []
        for most in claims:
            found = await post.names(NOW, most)
            taken += found
            streets = Counter(by_name[name][0] for name in taken)
            towns = Counter(by_name[name][1] for name in taken)
            assert all(n <= 2 for street, n in streets.items() if street is not None)
            assert all(n <= 3 for n in towns.values())
            if len(found) < most:
                for street, town in (by_name[name] for name in by_name.keys() - set(taken)):
                    assert towns[town] == 3 or (street is not None and streets[street] == 2)
        post.writer.close()

    with TemporaryDirectory() as folder:
        asyncio.run(claim_all(Path(folder) / "pollbot.db"))


# Any order of everything, against a plain model


@dataclass
class Letter:
    """A letter, as it should be. ``due_at`` None: parked, or held and not made due since."""

    due_at: float | None
    held: Held[str] | None = None
    attempts: int = 0


names = st.sampled_from("abcd")


class AnyOrder(RuleBasedStateMachine):
    """What callers and a worker may do to a queue, in any order, with crashes in between."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "pollbot.db"
        self.runner = asyncio.Runner()
        self.post = self.do(self.opened())
        self.now = NOW
        self.letters: dict[str, Letter] = {}

    async def opened(self) -> Post:
        return Post(self.path)

    def do(self, work: Awaitable[T]) -> T:
        async def run() -> T:
            return await work

        return self.runner.run(run())

    def teardown(self) -> None:
        self.post.writer.close()
        self.runner.close()
        self.folder.cleanup()

    @rule(name=names, later=st.sampled_from([0.0, 20.0, None]))
    def make_due(self, name: str, later: float | None) -> None:
        at = None if later is None else self.now + later
        if name in self.letters:
            self.do(self.post.make_due(name, at))
            self.letters[name].due_at, self.letters[name].attempts = at, 0
        else:
            self.do(self.post.arrive(name, at, town=name))
            self.letters[name] = Letter(at)

    @rule(seconds=st.sampled_from([1.0, 10.0, LEASE, LONGEST_PAUSE]))
    def time_goes_by(self, seconds: float) -> None:
        self.now += seconds

    @rule(most=st.integers(1, 4))
    def claim(self, most: int) -> None:
        alive = {one.held.holder for one in self.letters.values() if one.held}
        taken = self.do(self.post.work.claim(self.now, most, alive))
        free = {
            name: one.due_at
            for name, one in self.letters.items()
            if one.held is None and one.due_at is not None
        }
        due = sorted((at, name) for name, at in free.items() if at <= self.now)
        assert [self.letters[one.work].due_at for one in taken.held] == [at for at, _ in due[:most]]
        assert taken.next_at == min((at for at in free.values() if at > self.now), default=None)
        for one in taken.held:
            letter = self.letters[one.work]
            assert one.attempts == letter.attempts
            letter.held, letter.due_at = one, None

    @precondition(lambda self: any(one.held for one in self.letters.values()))
    @rule(
        data=st.data(), then=st.sampled_from([Done(), Done(5.0), Later(7.0), Again(50.0), Parked()])
    )
    def put_back(self, data: st.DataObject, then: Next) -> None:
        held = sorted(name for name, one in self.letters.items() if one.held)
        letter = self.letters[data.draw(st.sampled_from(held))]
        assert letter.held is not None
        match then:
            case Done(not_before) if not_before:
                then = Done(self.now + not_before)
                floor = self.now + not_before
                self._back(letter, then, floor, 0)
                letter.due_at = max(letter.due_at or 0.0, floor)
            case Done():
                self._back(letter, then, self.now + 1, 0)
            case Later(later):
                self._back(letter, Later(self.now + later), self.now + later, letter.held.attempts)
            case Again(asked_for):
                self._back(letter, then, self.now + asked_for, letter.held.attempts + 1)
            case Parked():
                self._back(letter, then, None, letter.held.attempts)

    def _back(self, letter: Letter, then: Next, at: float | None, attempts: int) -> None:
        assert letter.held is not None
        self.do(self.post.work.put_back(letter.held, then, self.now))
        letter.held = None
        # What was made due while it was held has the last word.
        if letter.due_at is None:
            letter.due_at, letter.attempts = at, attempts

    @rule()
    def crash(self) -> None:
        self.post.writer.close()
        self.post = self.do(self.opened())
        self.do(self.post.work.resume(self.now))
        for one in self.letters.values():
            if one.held is not None:
                one.held, one.due_at = None, self.now if one.due_at is None else one.due_at

    @invariant()
    def the_database_says_what_the_model_says(self) -> None:
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as db:
            found = {
                name: (due_at, holder, attempts)
                for name, due_at, holder, attempts in db.execute(
                    "SELECT name, due_at, holder, attempts FROM letters"
                )
            }
        assert found == {
            name: (one.due_at, one.held.holder if one.held else None, one.attempts)
            for name, one in self.letters.items()
        }


AnyOrder.TestCase.settings = settings(
    max_examples=tries(15, 300), stateful_step_count=30, deadline=None
)
TestWhateverTheOrderNothingIsHeldTwiceOrForgotten = AnyOrder.TestCase
