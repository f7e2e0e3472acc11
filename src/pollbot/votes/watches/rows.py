"""Watches that people asked for and Jira has not taken yet, or that they have not heard of."""

from dataclasses import dataclass

from pollbot.accounts.rows import Waits
from pollbot.accounts.rules import Dropped, ToldBy, Waiting
from pollbot.chance import Chance, new_id
from pollbot.jira.key_rows import present
from pollbot.people import Address, Person
from pollbot.store import outbox
from pollbot.store.columns import Columns
from pollbot.store.deliveries import act
from pollbot.store.outbox import Kind
from pollbot.store.queue import Limit, Only, Queue, Work
from pollbot.store.set_back import owe_word
from pollbot.store.vault import Vault, address_from
from pollbot.store.writer import Connection, Writer, transaction
from pollbot.votes.rules import KEPT_FOR
from pollbot.votes.watches.rules import Watched

WATCHES = Queue(
    "watches",
    "watches",
    ("id",),
    "(parked = 0 OR outcome IS NOT NULL)",
    limits=(
        Limit("CASE WHEN outcome IS NULL THEN site END", 8),
        Limit("team_id || ' ' || user_id", 4),
    ),
)


@dataclass(frozen=True, slots=True)
class Watch:
    """A wish to watch an issue. ``told``: its person knows that it waits."""

    id: str
    person: Person
    site: str
    issue_key: str
    asked_at: float
    told: bool
    outcome: Watched | None
    address: Address


@dataclass(frozen=True, slots=True)
class WatchRow:
    """A watch as it lies in its table. ``response_url`` is sealed."""

    id: str
    team_id: str
    user_id: str
    site: str
    issue_key: str
    asked_at: float
    told: bool
    outcome: Watched | None
    channel_id: str
    response_url: str | None
    replaces: bool
    thread_ts: str | None


_ROW = Columns(WatchRow)


class WatchRows:
    """One row per person and issue, until its person has heard what became of it.

    ``parked``: it waits for its person's account, and they know.
    """

    def __init__(self, writer: Writer, vault: Vault, chance: Chance) -> None:
        self._writer = writer
        self._vault = vault
        self._chance = chance
        self.work: Work[Watch] = Work(
            writer, WATCHES, str(_ROW), lambda row, _: self._watch(row), chance
        )

    @act
    def ask(
        self,
        db: Connection,
        person: Person,
        site: str,
        issue_key: str,
        address: Address,
        now: float,
    ) -> None:
        """Keep that somebody wants to watch an issue, in place of an earlier wish for it."""
        of_watch = (person.team_id, person.user_id, site, present(db, site, issue_key))
        db.execute(
            "DELETE FROM watches WHERE team_id = ? AND user_id = ? AND site = ? AND issue_key = ?",
            of_watch,
        )
        db.execute(
            "INSERT INTO watches (id, team_id, user_id, site, issue_key, asked_at, channel_id,"
            f" response_url, replaces, thread_ts, {WATCHES.columns})"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                new_id(self._chance),
                *of_watch,
                now,
                address.channel_id,
                self._vault.seal_any(address.response_url),
                int(address.replaces),
                address.thread_ts,
                *WATCHES.due(now),
            ),
        )
        WATCHES.wake(db)

    @transaction
    def told(self, db: Connection, watch_id: str) -> bool:
        """Keep that its person knows of the waiting; return whether that is news."""
        changed = db.execute("UPDATE watches SET told = 1 WHERE id = ? AND told = 0", (watch_id,))
        return changed.rowcount == 1

    @transaction
    def park(self, db: Connection, watch_id: str) -> None:
        """Let it wait for its person's account, of which they were told."""
        db.execute("UPDATE watches SET parked = 1 WHERE id = ?", (watch_id,))

    @transaction
    def settle(self, db: Connection, watch_id: str, outcome: Watched, now: float) -> None:
        """Keep what became of it, of which its person is to be told now."""
        _settle(db, outcome, now, "id = ?", watch_id)

    @transaction
    def forget(self, db: Connection, watch_id: str) -> None:
        """Drop it: its person knows."""
        db.execute("DELETE FROM watches WHERE id = ?", (watch_id,))
        outbox.forget(db, Kind.RECEIPT, watch_id)

    @transaction
    def tidy(self, db: Connection, now: float) -> None:
        """Have those told who did not connect in time."""
        _settle(db, Watched.EXPIRED, now, "outcome IS NULL AND asked_at <= ?", now - KEPT_FOR)

    def _watch(self, row: tuple[object, ...]) -> Watch:
        kept = _ROW.read(row)
        return Watch(
            id=kept.id,
            person=Person(kept.team_id, kept.user_id),
            site=kept.site,
            issue_key=kept.issue_key,
            asked_at=kept.asked_at,
            told=kept.told,
            outcome=kept.outcome,
            address=address_from(
                self._vault,
                kept.channel_id,
                kept.response_url,
                kept.replaces,
                thread_ts=kept.thread_ts,
            ),
        )


def not_written_to(sites: list[str], issues: list[tuple[str, str]]) -> Only:
    """Return that none is wanted which has to go to one of these sites or issues."""
    of_sites = ", ".join("?" * len(sites))
    of_issues = ", ".join("?" * len(issues))
    return Only(
        f"outcome IS NOT NULL OR (site NOT IN ({of_sites})"
        f" AND site || ' ' || issue_key NOT IN ({of_issues}))",
        (*sites, *(f"{site} {key}" for site, key in issues)),
    )


def _settle(db: Connection, outcome: Watched, now: float, where: str, *values: object) -> None:
    WATCHES.make_due(db, now, where, outcome.value, *values, sets="outcome = ?")


def follow(db: Connection, site: str, before: str, key: str) -> None:
    """Have watches of an issue that has a new key go there; the newer one of a person stands."""
    db.execute(
        "DELETE FROM watches WHERE site = ? AND issue_key = ? AND EXISTS (SELECT 1"
        " FROM watches AS other WHERE other.team_id = watches.team_id"
        " AND other.user_id = watches.user_id AND other.site = ? AND other.issue_key = ?)",
        (site, before, site, key),
    )
    db.execute(
        "UPDATE watches SET issue_key = ? WHERE site = ? AND issue_key = ?", (key, site, before)
    )


def leave_out_all(db: Connection, now: float) -> int:
    """Forget every watch, as it may have been done since; return how many those were."""
    rows = db.execute("DELETE FROM watches RETURNING team_id, user_id, issue_key, outcome")
    left = rows.fetchall()
    for team_id, user_id, key, outcome in left:
        if outcome is None:
            owe_word(db, f"watch {key}", user_id, team_id, now)
    return len(left)


class WaitingWatches(Waits):
    """Watches that wait for a person's account."""

    def connected(self, db: Connection, person: Person, site: str, now: float) -> Waiting:
        """Have them served."""
        waiting = WATCHES.make_due(
            db,
            now,
            "team_id = ? AND user_id = ? AND site = ? AND outcome IS NULL",
            person.team_id,
            person.user_id,
            site,
            sets="parked = 0, told = 0",
            returning="id",
        )
        for (watch_id,) in waiting:
            outbox.forget(db, Kind.RECEIPT, watch_id)
        return Waiting()

    def disconnected(self, db: Connection, person: Person, site: str) -> Dropped:
        """Drop each that is not decided."""
        db.execute(
            "DELETE FROM watches WHERE team_id = ? AND user_id = ? AND site = ?"
            " AND outcome IS NULL",
            (person.team_id, person.user_id, site),
        )
        return Dropped()

    def refused(
        self, db: Connection, person: Person, site: str, told_by: ToldBy, now: float
    ) -> None:
        """Each finds out by itself."""
