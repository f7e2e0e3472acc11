"""Receipts of answers that are still to be told, each for somebody whose name the poll keeps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from pollbot.chance import Chance, new_id
from pollbot.people import Address, Person
from pollbot.store import outbox
from pollbot.store.columns import Columns
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import EVERYTHING, Limit, Only, Queue, Work
from pollbot.store.vault import Vault, address_from
from pollbot.store.writer import Connection, Writer, transaction

RECEIPTS = Queue(
    "receipts",
    "receipts",
    ("team_id", "user_id", "poll_id"),
    "1 = 1",
    limits=(
        Limit("team_id || ' ' || user_id", 2),
        Limit("team_id || ' ' || channel_id", 32),
        Limit("team_id", 48),
    ),
)
_WHOSE = "team_id = ? AND user_id = ? AND poll_id = ?"


@dataclass(frozen=True, slots=True)
class Click:
    """A click that changed an answer, by Slack's time of it."""

    person: Person
    poll_id: str
    action_ts: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody is still to hear: their answer, as it is then. It changed at ``since``."""

    id: str
    person: Person
    poll_id: str
    since: float
    address: Address


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt as it lies in its table. ``response_url`` is sealed."""

    id: str
    team_id: str
    user_id: str
    poll_id: str
    since: float
    channel_id: str
    response_url: str | None
    replaces: bool


_ROW = Columns(ReceiptRow)
_COLUMNS = str(_ROW)


class ReceiptRows:
    """One row per person and poll, from a try to tell that failed until it is over.

    An answer needs no row of its own for that: the delivery that it is kept with is not
    ``told`` yet, on disk with the answer. What an earlier run has not marked as told is
    perhaps told, and so may be said once more. Of several that are told of together the
    last one is left for that.

    ```
        answered ──▶ not told ──── told at once, as nearly always ────▶ told
                      │  │                                               ▲
                      │  └── Slack did not take it, or lost its answer ──┤
                      │         ▼                                        │
                      └──▶ owed: a row here ──── said, or perhaps twice ─┘
                  crash
    ```
    """

    def __init__(self, writer: Writer, vault: Vault, chance: Chance) -> None:
        self._writer = writer
        self._vault = vault
        self._chance = chance
        self.work: Work[Receipt] = Work(
            writer, RECEIPTS, _COLUMNS, lambda row, _: self._receipt(row), chance
        )

    @transaction
    def owe(
        self,
        db: Connection,
        click: Click,
        address: Address,
        now: float,
        due_at: float,
        *,
        perhaps: bool,
    ) -> None:
        """Keep that the person who made this click is to hear of their answer from ``due_at`` on.

        It takes the place of what they were to hear of an earlier one. ``perhaps``: they may
        have heard it. Where the poll keeps no names by now, nothing is kept.
        """
        self._owe(db, click.person, click.poll_id, address, now, due_at, perhaps=perhaps)
        _mark(db, [click])

    @transaction
    def told(self, db: Connection, clicks: Sequence[Click], passed: Sequence[Click]) -> None:
        """Keep that people know of these; what they were still to hear of earlier ones is old.

        They need not be told of what is ``passed``: a later click, which is on disk, tells of it.
        """
        _mark(db, [*clicks, *passed])
        db.executemany(
            f"DELETE FROM receipts WHERE {_WHOSE}",
            [(one.person.team_id, one.person.user_id, one.poll_id) for one in clicks],
        )

    @transaction
    def is_owed(self, db: Connection, receipt: Receipt) -> bool:
        """Return whether its person still has to hear of it, and of nothing newer."""
        row = db.execute("SELECT 1 FROM receipts WHERE id = ?", (receipt.id,)).fetchone()
        return row is not None

    @transaction
    def forget(self, db: Connection, receipt: Receipt) -> None:
        """Drop a receipt: its person knows. One for a newer answer stays."""
        db.execute("DELETE FROM receipts WHERE id = ?", (receipt.id,))
        outbox.forget(db, Kind.RECEIPT, receipt.id)

    @transaction
    def take_up(self, db: Connection, now: float, before: float | None = None) -> None:
        """Owe those a receipt whom an earlier run did not tell, as far as it has kept that.

        With ``before``, only those who answered by then: a door that lives may be telling others.
        """
        by_then = float("inf") if before is None else before
        for team_id, user_id, poll_id in untold_at(db, by_then):
            known = db.execute(
                f"SELECT 1 FROM receipts WHERE {_WHOSE}", (team_id, user_id, poll_id)
            ).fetchone()
            if known is None:
                person = Person(team_id, user_id)
                self._owe(db, person, poll_id, Address(""), now, now, perhaps=True)
        db.execute("UPDATE deliveries SET told = 1 WHERE told = 0 AND seen_at <= ?", (by_then,))

    def _owe(
        self,
        db: Connection,
        person: Person,
        poll_id: str,
        address: Address,
        now: float,
        due_at: float,
        *,
        perhaps: bool,
    ) -> None:
        id_ = new_id(self._chance)
        url = self._vault.seal_any(address.response_url)
        owed = db.execute(
            f"INSERT INTO receipts ({_COLUMNS}, {RECEIPTS.columns})"
            " SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM polls"
            " WHERE id = ? AND CAST(json_extract(settings, '$.names') AS INTEGER) = 1"
            " ON CONFLICT (team_id, user_id, poll_id) DO UPDATE SET id = excluded.id,"
            " since = excluded.since, channel_id = excluded.channel_id,"
            " response_url = excluded.response_url, replaces = excluded.replaces,"
            f" {RECEIPTS.anew}",
            (
                id_,
                person.team_id,
                person.user_id,
                poll_id,
                now,
                address.channel_id,
                url,
                int(address.replaces),
                *RECEIPTS.due(due_at),
                poll_id,
            ),
        )
        if not owed.rowcount:
            return
        RECEIPTS.wake(db)
        if perhaps:
            notice = Notice(Kind.RECEIPT, id_)
            outbox.claim(db, notice, person.team_id, now)
            outbox.unsure(db, notice, now)

    def _receipt(self, row: tuple[object, ...]) -> Receipt:
        kept = _ROW.read(row)
        where = address_from(self._vault, kept.channel_id, kept.response_url, kept.replaces)
        return Receipt(
            id=kept.id,
            person=Person(kept.team_id, kept.user_id),
            poll_id=kept.poll_id,
            since=kept.since,
            address=replace(where, voter_of=kept.poll_id),
        )


def untold_at(db: Connection, by_then: float) -> list[tuple[str, str, str]]:
    """Return who answered by then, and was not told, as far as that is kept: team, user, poll."""
    return db.execute(
        "SELECT DISTINCT given.team_id, given.user_id, polls.id FROM deliveries AS given"
        " JOIN polls ON polls.id = substr(given.subject, 6) AND polls.team_id = given.team_id"
        " WHERE given.told = 0 AND substr(given.subject, 1, 5) = 'poll '"
        " AND CAST(json_extract(polls.settings, '$.names') AS INTEGER) = 1"
        " AND given.seen_at <= ? ORDER BY polls.id, given.user_id",
        (by_then,),
    ).fetchall()


def of_no_team(team_ids: Collection[str]) -> Only:
    """Return the condition that leaves out the receipts of these workspaces."""
    marks = ", ".join("?" * len(team_ids))
    return Only(f"team_id NOT IN ({marks})", tuple(team_ids)) if team_ids else EVERYTHING


def forget_receipts(db: Connection, poll_id: str) -> None:
    """Drop what people are still to hear of their answers to a poll, and with it who they are."""
    db.execute("DELETE FROM receipts WHERE poll_id = ?", (poll_id,))


def _mark(db: Connection, clicks: Sequence[Click]) -> None:
    db.executemany(
        "UPDATE deliveries SET told = 1"
        " WHERE team_id = ? AND user_id = ? AND subject = ? AND stamp = ?",
        [
            (one.person.team_id, one.person.user_id, f"poll {one.poll_id}", one.action_ts)
            for one in clicks
        ],
    )


def leave_out_all(db: Connection, now: float) -> int:
    """Forget all receipts that are owed; return how many those were."""
    return db.execute("DELETE FROM receipts").rowcount


def leave_out_team(db: Connection, team_id: str) -> None:
    """Forget the receipts that are owed to people of a workspace."""
    db.execute("DELETE FROM receipts WHERE team_id = ?", (team_id,))
