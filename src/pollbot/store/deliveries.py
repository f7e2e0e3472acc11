"""What was handled already: Slack may deliver twice, and in any order."""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

from pollbot.people import Person
from pollbot.store.writer import Connection, OnWriter, Writer, reading, transaction

P = ParamSpec("P")
T = TypeVar("T")
S = TypeVar("S", bound=OnWriter)

KEPT_FOR = 3600.0
"""Seconds for which a delivery is known. Slack brings one again within minutes."""
_DONE = "delivery"
_IS_DONE = "team_id = '' AND user_id = '' AND subject = ? AND stamp = ?"
_POLLS_KEPT_FOR = 2 * 86400.0  # a schedule tries for a day to post the poll that it made


@dataclass(slots=True)
class Delivery:
    """One thing that Slack brought, at ``at`` in unix seconds, to the program of that ``run``.

    ``acted``: its work is on disk. ``elsewhere``: another program has done it. ``writing`` is
    what was handed in for it, and is neither on disk yet nor refused by it. ``told`` is there once
    the disk has refused it, and done once its person has heard so, or cannot hear it.
    """

    id: str
    at: float
    run: str = ""
    acted: bool = False
    elsewhere: bool = False
    writing: "set[asyncio.Future[Any]]" = field(default_factory=set)
    told: "asyncio.Future[bool] | None" = None


DELIVERY: ContextVar[Delivery | None] = ContextVar("delivery", default=None)
"""What is being answered here, and in all that goes on because of it."""


class DoneElsewhere(Exception):
    """What Slack brought was brought to another program, too, which has done it.

    Nobody reads of it: who it is for hears from there.
    """


class Deliveries:
    """What Slack brought and an earlier run has done."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @transaction
    def done(self, db: Connection, now: float, most: int) -> list[str]:
        """Return the ids of deliveries whose work is on disk, the oldest first.

        Of more than ``most`` it is the youngest.
        """
        forget_old(db, now)
        rows = db.execute(
            "SELECT stamp FROM deliveries WHERE team_id = '' AND user_id = '' AND subject = ?"
            " ORDER BY seen_at DESC LIMIT ?",
            (_DONE, most),
        ).fetchall()
        return [stamp for (stamp,) in reversed(rows)]

    @reading
    def is_done(self, db: Connection, delivery_id: str) -> bool:
        """Return whether the work of a delivery is on disk, whoever has done it."""
        marks = db.execute(f"SELECT 1 FROM deliveries WHERE {_IS_DONE}", (_DONE, delivery_id))
        return marks.fetchone() is not None


def act(
    work: Callable[Concatenate[S, Connection, P], T],
) -> Callable[Concatenate[S, P], Awaitable[T]]:
    """Turn a method into a transaction that also keeps which delivery asked for it.

    So a delivery is done and known as done in one commit: one that comes again after a crash, or
    to another pollbot on the same database, is not done twice, and one whose commit was lost is
    done then. Raises DoneElsewhere for what another program has done. Of several transactions
    for one delivery it is the last, or one whose outcome somebody hears in any case; see
    ``aside`` and ``undo``. Not for what an anonymous poll keeps of a person: there, who brought
    something when is nobody's business.
    """

    @functools.wraps(work)
    async def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        delivery = DELIVERY.get()

        def marked(db: Connection) -> T:
            if delivery is not None:
                _mark(db, delivery)
            return work(self, db, *args, **kwargs)

        try:
            done = await _written(self._writer, marked, delivery)
        except DoneElsewhere:
            if delivery is not None:
                delivery.elsewhere = True
            raise
        if delivery is not None:
            delivery.acted = True
        return done

    return run


async def _written(writer: Writer, work: Callable[[Connection], T], delivery: Delivery | None) -> T:
    """Return what ``work`` returned once it is on disk; until then the delivery has it in hand."""
    if delivery is None:
        return await writer.do(work)
    writing = writer.begin(work)
    delivery.writing.add(writing)
    try:
        return await writing
    finally:
        delivery.writing.discard(writing)


def undo(
    work: Callable[Concatenate[S, Connection, P], T],
) -> Callable[Concatenate[S, P], Awaitable[T]]:
    """Turn a method into a transaction after which the delivery has done nothing yet."""

    @functools.wraps(work)
    async def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        delivery = DELIVERY.get()

        def unmarked(db: Connection) -> T:
            if delivery is not None:
                db.execute(
                    f"DELETE FROM deliveries WHERE {_IS_DONE} AND deed = ?",
                    (_DONE, delivery.id, delivery.run),
                )
            return work(self, db, *args, **kwargs)

        done = await self._writer.do(unmarked)
        if delivery is not None:
            delivery.acted = False
        return done

    return run


def _mark(db: Connection, delivery: Delivery) -> None:
    """Keep that this program does what was brought. Raises DoneElsewhere if another one did."""
    marks = db.execute(
        f"SELECT deed FROM deliveries WHERE {_IS_DONE}", (_DONE, delivery.id)
    ).fetchall()
    if not marks:
        db.execute(
            "INSERT INTO deliveries (team_id, user_id, subject, stamp, deed, seen_at)"
            " VALUES ('', '', ?, ?, ?, ?)",
            (_DONE, delivery.id, delivery.run, delivery.at),
        )
    elif (delivery.run,) not in marks:
        raise DoneElsewhere


@contextmanager
def aside() -> Iterator[None]:
    """Have what is done in here not count as what the delivery asked for: it comes before that."""
    before = DELIVERY.set(None)
    try:
        yield
    finally:
        DELIVERY.reset(before)


def is_new(db: Connection, person: Person, about: str, stamp: str, deed: str, now: float) -> bool:
    """Return whether this click is neither a repeat nor older than what was handled."""
    mine = (person.team_id, person.user_id, about)
    fresh = db.execute(
        "INSERT INTO deliveries (team_id, user_id, subject, stamp, deed, seen_at)"
        " SELECT ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE team_id = ?"
        " AND user_id = ? AND subject = ? AND stamp > ?) ON CONFLICT DO NOTHING RETURNING 1",
        (*mine, stamp, deed, now, *mine, stamp),
    ).fetchone()
    return fresh is not None


def of_issue(site: str, issue_key: str) -> str:
    """Return what clicks about votes on an issue are about."""
    return f"{site} {issue_key}"


def of_watching(site: str, issue_key: str) -> str:
    """Return what clicks about watching an issue are about."""
    return f"watch {site} {issue_key}"


def follow(db: Connection, site: str, before: str, key: str) -> None:
    """Have clicks on an issue that has a new key count for that."""
    for about in (of_issue, of_watching):
        moved = about(site, key), about(site, before)
        db.execute(
            "DELETE FROM deliveries WHERE subject = ? AND EXISTS"
            " (SELECT 1 FROM deliveries AS before"
            " WHERE before.subject = ? AND before.team_id = deliveries.team_id"
            " AND before.user_id = deliveries.user_id AND before.stamp = deliveries.stamp"
            " AND before.deed = deliveries.deed)",
            moved,
        )
        db.execute("UPDATE deliveries SET subject = ? WHERE subject = ?", moved)


def forget_old(db: Connection, now: float) -> None:
    """Forget what Slack can no longer deliver again, and no schedule can ask for again."""
    db.execute(
        "DELETE FROM deliveries WHERE seen_at < ? AND (subject <> 'new poll' OR seen_at < ?)",
        (now - KEPT_FOR, now - _POLLS_KEPT_FOR),
    )
