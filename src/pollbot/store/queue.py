"""Work that waits for a worker, over columns of the tables in which it lies.

What waits has ``due_at``; what is held has ``held_until`` and ``holder`` instead, so that
whoever makes a held row due again is heard once it is put back. Nobody else writes these
columns, nor ``attempts``; whether a row is work at all is what its own columns say. ``errand`` is
what it is done for (``errands.py``): the first that gave the row its work, or the last that brought
news of it. What has none by the time that it is claimed is an errand of its own until it is done.
``behind_since`` is when what was claimed and is not done yet was first to be done.

```
             make_due                        claim: due_at has come
    parked ────────────▶ waiting ────────────────────────────────────▶ held
      ▲                     ▲  due_at                                    │  held_until, holder
      │                     ├── Later, Again (a pause that grows), Done ─┤
      │                     └── resume at the next start, or lease over ─┤
      └───────────────────────────────── Parked ─────────────────────────┘
```
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pollbot import errands
from pollbot.chance import Chance, jitter, new_id
from pollbot.store.writer import Connection, Writer, transaction
from pollbot.web.pace import pause_before_retry

T = TypeVar("T")

LEASE = 120.0
"""Seconds after which a row is anybody's again whose holder is gone without a word."""

LONGEST = 3600.0
"""Seconds that work waits at most, whatever an answer asks for and wherever the clock was."""

_AT_LEAST = 1.0


@dataclass(frozen=True, slots=True)
class Limit:
    """How many rows of one ``cause`` may be held at once, so that a stuck one delays no other.

    ``cause`` is SQL over the columns of a row; where it is NULL there is no limit.
    """

    cause: str
    most: int


@dataclass(frozen=True, slots=True)
class Only:
    """A condition, with its values, that rows fulfil which may be claimed now."""

    condition: str
    values: tuple[Any, ...] = ()


EVERYTHING = Only("1 = 1")


@dataclass(frozen=True, slots=True)
class Held(Generic[T]):
    """A piece of work that is a worker's until it is put back. ``attempts`` counts failures.

    ``errand`` is the id of what it is done for.
    """

    work: T
    key: tuple[Any, ...]
    holder: str
    attempts: int
    errand: str = ""


@dataclass(frozen=True, slots=True)
class Taken(Generic[T]):
    """What was claimed, and when something else will be due: None for not before news."""

    held: list[Held[T]]
    next_at: float | None


@dataclass(frozen=True, slots=True)
class Amount:
    """How many rows are in one state; ``since`` is when the first of them was to be done.

    States are ``due``, ``held``, ``waiting`` for a time that comes, ``retrying`` after a failure,
    and ``parked``. ``since`` is None where none of them is behind.
    """

    count: int
    since: float | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """It went well. If the row still is work, it is due in a second, or from ``not_before`` on."""

    not_before: float = 0.0


@dataclass(frozen=True, slots=True)
class Later:
    """It has to wait until a moment that is known; nothing has failed."""

    until: float


@dataclass(frozen=True, slots=True)
class Again:
    """It failed in a way that time may mend; the pause grows, and is ``asked_for`` at least.

    ``first``: what failed before is done, and this is something else.
    """

    asked_for: float = 0.0
    first: bool = False


@dataclass(frozen=True, slots=True)
class Parked:
    """Nothing helps but news."""


Next = Done | Later | Again | Parked
"""What becomes of a row that was held."""


class Queue:
    """The columns of one kind of work in one table. All of it happens in an open transaction.

    ``work`` is the SQL condition of the rows that are work at all; ``prefix`` tells apart
    queues over the same table. ``by_date``: what waits here waits for times that people
    chose, each of them an errand of its own; else nothing waits for longer than ``LONGEST``,
    even if the clock went back. ``looks``: each time that a row is served is an errand of its
    own, which no column keeps. ``by_news``: rows become work by ``news``, and nothing tells when.
    """

    def __init__(
        self,
        name: str,
        table: str,
        key: Sequence[str],
        work: str,
        *,
        limits: Sequence[Limit] = (),
        prefix: str = "",
        by_date: bool = False,
        looks: bool = False,
        by_news: bool = False,
        of_teams: bool = True,
    ) -> None:
        self.name = name
        gone = f"SELECT 1 FROM workspaces WHERE team_id = {table}.team_id AND gone_at IS NOT NULL"
        self._served = f"{work} AND NOT EXISTS ({gone})" if of_teams else work
        self._by_date = by_date
        self._looks = looks
        self._by_news = by_news
        self._table = table
        self._key = tuple(key)
        self._is_key = " AND ".join(f"{column} = ?" for column in key)
        self.work = work
        self._limits = tuple(limits)
        self._due_at, self._held_until, self._holder, self._attempts, self._errand, self._since = (
            prefix + column
            for column in ("due_at", "held_until", "holder", "attempts", "errand", "behind_since")
        )
        self._first = f"{self._attempts} = 0, {self._since} = NULL"
        self.column = self._due_at
        """The column of the moment."""
        self.columns = f"{self._due_at}, {self._errand}"
        """For an INSERT that makes a row due: two columns, whose values are ``due``."""
        self.anew = (
            f"{self._due_at} = excluded.{self._due_at}, {self._first},"
            f" {self._errand} = excluded.{self._errand}"
        )
        """For its ON CONFLICT: the same for a row that is there already."""

    def due(self, at: float) -> tuple[float, str | None]:
        """Return the values of ``columns`` for a row that is to be served at ``at``."""
        return at, errands.to_keep()

    def row(self, at: float) -> dict[str, object]:
        """Return the same by the names of the columns."""
        return dict(zip((self._due_at, self._errand), self.due(at), strict=True))

    def wake(self, db: Connection) -> None:
        """Have the worker look, once the transaction is on disk."""
        db.made_due.append(self.name)

    def make_due(
        self,
        db: Connection,
        at: float | None,
        where: str,
        *values: Any,
        sets: str = "",
        returning: str = "1",
    ) -> list[tuple[Any, ...]]:
        """Have rows served at ``at``, with no failures behind them; None parks them.

        ``sets`` are assignments that belong to it, their values first; ``returning`` comes
        back of each row. One that is held is served once more after that.
        """
        also = f", {sets}" if sets else ""
        errand, whose = self._for("NULL" if self._by_date else f"coalesce({self._errand}, ?)")
        rows: list[tuple[Any, ...]] = db.execute(
            f"UPDATE {self._table} SET {self._due_at} = ?, {self._first}{errand}{also}"
            f" WHERE {where} RETURNING {returning}",
            (at, *whose, *values),
        ).fetchall()
        if rows:
            self.wake(db)
        return rows

    def make_sooner(self, db: Connection, at: float, where: str, *values: Any) -> int:
        """Have rows served at ``at`` that would wait for longer; return how many."""
        sooner = db.execute(
            f"UPDATE {self._table} SET {self._due_at} = ? WHERE {self._due_at} > ? AND {where}",
            (at, at, *values),
        )
        if sooner.rowcount:
            self.wake(db)
        return sooner.rowcount

    def unpark(
        self, db: Connection, at: float, where: str, *values: Any, hoped_for: float = math.inf
    ) -> None:
        """Have rows served at ``at`` that wait for news, or are held: those once more.

        So are those that did not fail, and are tried again after ``hoped_for`` only.
        """
        errand, whose = self._for("?")
        freed = db.execute(
            f"UPDATE {self._table} SET {self._due_at} = ?{errand}"
            f" WHERE ({self._due_at} IS NULL OR ({self._due_at} > ? AND {self._attempts} = 0))"
            f" AND {where}",
            (at, *whose, hoped_for, *values),
        )
        if freed.rowcount:
            self.wake(db)

    def news(self, db: Connection, sets: str, where: str, *values: Any) -> None:
        """Change what rows are work for; a pause goes on, but failures are forgotten."""
        errand, whose = self._for("?")
        db.execute(
            f"UPDATE {self._table} SET {self._attempts} = 0{errand}, {sets} WHERE {where}",
            (*whose, *values),
        )
        self.wake(db)

    def _for(self, errand: str) -> tuple[str, tuple[str | None, ...]]:
        """Return the assignment, with its values, of what rows are served for.

        A question mark in it is what is done now.
        """
        if self._looks:
            return "", ()
        return f", {self._errand} = {errand}", (errands.to_keep(),) * errand.count("?")

    def claim(
        self,
        db: Connection,
        now: float,
        most: int,
        columns: str,
        holder: str,
        alive: Collection[str],
        only: Only = EVERYTHING,
    ) -> list[Held[tuple[Any, ...]]]:
        """Hold up to ``most`` rows whose time has come, and return their ``columns``.

        Those that wait longest come first, as far as the limits allow, and of them
        ``only`` such as fulfil this condition. Leases end, but for those of holders that
        are ``alive``.
        """
        gone, names = self._not(alive)
        self._free(db, now, f"{self._held_until} <= ? AND {gone}", now, *names)
        if not self._by_date:
            db.execute(
                f"UPDATE {self._table} SET {self._due_at} = ?"
                f" WHERE {self.work} AND {self._due_at} > ?",
                (now, now + LONGEST),
            )
        counts = [self._held_by(db, limit) for limit in self._limits]
        claimed: list[Held[tuple[Any, ...]]] = []
        crowded = True
        while crowded and len(claimed) < most:
            crowded = False
            for key, causes in self._waiting(db, now, most - len(claimed), counts, only):
                if self._is_full(causes, counts):
                    crowded = True
                    continue
                for cause, count in zip(causes, counts, strict=True):
                    count[cause] += 1
                anew = f"{holder}.{len(claimed)}" if claimed else holder
                claimed.append(self._hold(db, key, columns, holder, anew, now))
        return claimed

    def next_at(self, db: Connection, now: float, alive: Collection[str]) -> float | None:
        """Return when something will be due that is not due yet, or free again."""
        gone, names = self._not(alive)
        (due_at,) = db.execute(
            f"SELECT min({self._due_at}) FROM {self._table}"
            f" WHERE {self._served} AND {self._held_until} IS NULL AND {self._due_at} > ?",
            (now,),
        ).fetchone()
        (free_at,) = db.execute(
            f"SELECT min({self._held_until}) FROM {self._table}"
            f" WHERE {self._held_until} IS NOT NULL AND {gone}",
            names,
        ).fetchone()
        return min((at for at in (due_at, free_at) if at is not None), default=None)

    def amounts(self, db: Connection, now: float) -> dict[str, Amount]:
        """Return how much work there is, by its state."""
        # When news came is kept nowhere, so nothing is known before it is taken up.
        due = "NULL" if self._by_news else f"CASE WHEN {self._due_at} <= ? THEN {self._due_at} END"
        rows = db.execute(
            f"SELECT CASE WHEN {self._held_until} IS NOT NULL THEN 'held'"
            f" WHEN {self._due_at} IS NULL THEN 'parked' WHEN {self._due_at} <= ? THEN 'due'"
            f" WHEN {self._attempts} > 0 THEN 'retrying' ELSE 'waiting' END, count(*),"
            f" min(coalesce({self._since}, {due})) FROM {self._table} WHERE {self._served}"
            " GROUP BY 1",
            (now,) * (1 if self._by_news else 2),
        ).fetchall()
        return {state: Amount(count, since) for state, count, since in rows}

    def put_back(
        self, db: Connection, held: Held[Any], then: Next, now: float, pause: float
    ) -> None:
        """Let go of a row; if it was made due meanwhile, that stands. ``pause`` is for Again.

        What its holder did itself makes nothing due: that is for ``then`` to say.
        """
        due_at: float | None = None
        not_before, attempts, is_old = 0.0, held.attempts, False
        match then:
            case Done():
                not_before, attempts = then.not_before, 0
                due_at = max(now + _AT_LEAST, not_before)
            case Later():
                due_at, is_old = then.until, not (self._by_date or self._looks)
            case Again():
                due_at, attempts = now + pause, 1 if then.first else attempts + 1
                is_old = not then.first
        if due_at is not None and not self._by_date:
            due_at, not_before = min(due_at, now + LONGEST), min(not_before, now + LONGEST)
        meanwhile = f"coalesce({self._due_at}, ?)"
        db.execute(
            f"UPDATE {self._table} SET {self._due_at} = CASE WHEN {meanwhile} < ? THEN ?"
            f" ELSE {meanwhile} END,"
            f" {self._attempts} = CASE WHEN {self._due_at} IS NULL THEN ?"
            f" ELSE {self._attempts} END,"
            f" {self._since} = CASE WHEN {self._due_at} IS NULL AND ? = 1 THEN {self._since} END,"
            f" {self._held_until} = NULL, {self._holder} = NULL"
            f" WHERE {self._is_key} AND {self._holder} = ?",
            (due_at, not_before, not_before, due_at, attempts, int(is_old), *held.key, held.holder),
        )

    def pull_in(self, db: Connection, seconds: float, now: float) -> None:
        """Have what waits wait ``seconds`` less: the clock went back by as much.

        What waits for dates goes on doing so, but for what failed and is in a pause.
        """
        in_a_pause = f"{self._attempts} > 0" if self._by_date else "1 = 1"
        db.execute(
            f"UPDATE {self._table} SET {self._due_at} = {_later('?', f'{self._due_at} - ?')}"
            f" WHERE {self.work} AND {self._due_at} > ? AND {in_a_pause}",
            (now, seconds, seconds, now, now),
        )
        db.execute(
            f"UPDATE {self._table} SET {self._held_until} ="
            f" {_later('?', f'{self._held_until} - ?')} WHERE {self._held_until} > ?",
            (now, seconds, seconds, now, now),
        )
        db.execute(
            f"UPDATE {self._table} SET {self._since} = {self._since} - ? WHERE {self._since} > ?",
            (seconds, now),
        )
        self.wake(db)

    def resume(self, db: Connection, now: float) -> None:
        """Free what an earlier run held. What waits goes on waiting as it did."""
        self._free(db, now, f"{self._held_until} IS NOT NULL")

    def _free(self, db: Connection, now: float, where: str, *values: Any) -> None:
        db.execute(
            f"UPDATE {self._table} SET {self._due_at} = coalesce({self._due_at}, ?),"
            f" {self._held_until} = NULL, {self._holder} = NULL WHERE {where}",
            (now, *values),
        )

    def _waiting(
        self, db: Connection, now: float, most: int, counts: list[Counter[Any]], only: Only
    ) -> list[tuple[tuple[Any, ...], tuple[Any, ...]]]:
        """Return the keys and causes of rows whose time has come and whose causes are not full."""
        where = [self._served, f"({only.condition})"]
        where += [f"{self._held_until} IS NULL", f"{self._due_at} <= ?"]
        values: list[Any] = [*only.values, now]
        for limit, count in zip(self._limits, counts, strict=True):
            full = [cause for cause, held in count.items() if held >= limit.most]
            full = [cause for cause in full if cause is not None]
            if full:
                marks = ", ".join("?" * len(full))
                where.append(f"({limit.cause} IS NULL OR {limit.cause} NOT IN ({marks}))")
                values += full
        found = (*self._key, *(limit.cause for limit in self._limits))
        rows = db.execute(
            f"SELECT {', '.join(found)} FROM {self._table} WHERE {' AND '.join(where)}"
            f" ORDER BY {self._due_at} LIMIT ?{db.to_claim}",
            (*values, most),
        ).fetchall()
        width = len(self._key)
        return [(row[:width], row[width:]) for row in rows]

    def _is_full(self, causes: tuple[Any, ...], counts: list[Counter[Any]]) -> bool:
        return any(
            cause is not None and count[cause] >= limit.most
            for limit, cause, count in zip(self._limits, causes, counts, strict=True)
        )

    def _held_by(self, db: Connection, limit: Limit) -> Counter[Any]:
        # Grouped by SQLite 3.40 it would read the whole table, in the order of another index.
        return Counter(
            cause
            for (cause,) in db.execute(
                f"SELECT {limit.cause} FROM {self._table} WHERE {self._held_until} IS NOT NULL"
            ).fetchall()
        )

    def _hold(
        self,
        db: Connection,
        key: tuple[Any, ...],
        columns: str,
        holder: str,
        anew: str,
        now: float,
    ) -> Held[tuple[Any, ...]]:
        """Hold a row; ``anew`` is the id of its errand if it has none yet."""
        errand = f"coalesce({self._errand}, ?)"
        keeps = "" if self._looks else f", {self._errand} = {errand}"
        row = db.execute(
            f"UPDATE {self._table} SET {self._due_at} = NULL, {self._held_until} = ?,"
            f" {self._since} = coalesce({self._since}, {'?' if self._by_news else self._due_at}),"
            f" {self._holder} = ?{keeps} WHERE {self._is_key}"
            f" RETURNING {self._attempts}, {'?' if self._looks else errand}, {columns}",
            (
                now + LEASE,
                *((now,) if self._by_news else ()),
                holder,
                *(() if self._looks else (anew,)),
                *key,
                anew,
            ),
        ).fetchone()
        return Held(row[2:], key, holder, int(row[0]), str(row[1]))

    def _not(self, alive: Collection[str]) -> tuple[str, list[str]]:
        """Return the condition, with its values, that a row is held by none of these."""
        marks = ", ".join("?" * len(alive))
        return f"{self._holder} NOT IN ({marks})", sorted(alive)


def _later(one: str, other: str) -> str:
    """Return SQL for the later of two moments; its values are those of one, other, other, one.

    Only SQLite has a ``max`` of two values.
    """
    return f"CASE WHEN {one} < {other} THEN {other} ELSE {one} END"


class Work(Generic[T]):
    """One queue as its worker uses it; ``read`` makes a piece of work of a row's ``columns``."""

    def __init__(
        self,
        writer: Writer,
        queue: Queue,
        columns: str,
        read: Callable[[tuple[Any, ...], float], T],
        chance: Chance,
    ) -> None:
        self._writer = writer
        self._queue = queue
        self._columns = columns
        self._read = read
        self._chance = chance

    @property
    def name(self) -> str:
        """What its worker is called."""
        return self._queue.name

    def amounts(self, db: Connection, now: float) -> dict[str, Amount]:
        """Return how much of it there is; see ``Queue.amounts``."""
        return self._queue.amounts(db, now)

    def on_due(self, wake: Callable[[], None]) -> None:
        """Have ``wake`` called after each commit that made some of it due."""
        self._writer.on_due(self._queue.name, wake)

    @transaction
    def claim(
        self,
        db: Connection,
        now: float,
        most: int,
        alive: Collection[str] = (),
        only: Only = EVERYTHING,
    ) -> Taken[T]:
        """Return up to ``most`` pieces of work whose time has come; see ``Queue.claim``."""
        holder = new_id(self._chance)
        rows = self._queue.claim(db, now, most, self._columns, holder, alive, only)
        held = [
            Held(self._read(one.work, now), one.key, one.holder, one.attempts, one.errand)
            for one in rows
        ]
        return Taken(held, self._queue.next_at(db, now, {*alive, holder}))

    @transaction
    def put_back(self, db: Connection, held: Held[T], then: Next, now: float) -> None:
        """Let go of a piece of work, and keep what becomes of it."""
        asked_for = then.asked_for if isinstance(then, Again) else 0.0
        failures = 0 if isinstance(then, Again) and then.first else held.attempts
        pause = pause_before_retry(failures + 1, jitter(self._chance), asked_for)
        self._queue.put_back(db, held, then, now, pause)

    @transaction
    def pull_in(self, db: Connection, seconds: float, now: float) -> None:
        """Have what waits wait less; see ``Queue.pull_in``."""
        self._queue.pull_in(db, seconds, now)

    @transaction
    def resume(self, db: Connection, now: float) -> None:
        """Make due what an earlier run was doing when it ended."""
        self._queue.resume(db, now)
