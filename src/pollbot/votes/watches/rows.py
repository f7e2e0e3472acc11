"""Who wants to watch an issue, or to stop that, and has not heard yet that Jira has it so."""

from dataclasses import dataclass

from pollbot.accounts.rows import Waits
from pollbot.accounts.rules import Dropped, ToldBy, Waiting
from pollbot.chance import Chance, new_id
from pollbot.jira.key_rows import present
from pollbot.jira.rules import Watching
from pollbot.people import Address, Person
from pollbot.rights.rows import must_use
from pollbot.store import outbox
from pollbot.store.columns import Columns
from pollbot.store.deliveries import is_new, of_watching
from pollbot.store.outbox import Kind
from pollbot.store.queue import Limit, Queue, Work
from pollbot.store.set_back import owe_word
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection, Writer, long_transaction, transaction
from pollbot.votes import asked_rows
from pollbot.votes.asked import Asked
from pollbot.votes.asked_rows import AskedRow
from pollbot.votes.rules import KEPT_FOR, Wished
from pollbot.votes.watches.rules import Watched

ELSEWHERE = "outcome IS NOT NULL"
"""That a wish has to go to no issue now."""

WATCHES = Queue(
    "watches",
    "watches",
    ("team_id", "user_id", "site", "first_key"),
    "(parked = 0 OR outcome IS NOT NULL)",
    limits=(
        Limit("CASE WHEN outcome IS NULL THEN site END", 8),
        Limit("team_id || ' ' || user_id", 4),
    ),
)


@dataclass(frozen=True, slots=True)
class Watch(Asked):
    """A wish to watch an issue, or to watch it no more."""

    wish: Watching
    outcome: Watched | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRow(AskedRow):
    """A watch as it lies in its table."""

    wish: Watching
    outcome: Watched | None


_ROW = Columns(WatchRow)


class WatchRows:
    """One row per person and issue, until its person has heard what became of it.

    The newest wish wins, in place of one that waits for the opposite, too; while one is on its
    way to Jira, a newer one goes after it. ``parked``: it waits for its person's account, and
    they know.
    """

    def __init__(self, writer: Writer, vault: Vault, chance: Chance) -> None:
        self._writer = writer
        self._vault = vault
        self._chance = chance
        self.work: Work[Watch] = Work(
            writer, WATCHES, str(_ROW), lambda row, _: self._watch(row), chance
        )

    @transaction
    def press(
        self,
        db: Connection,
        person: Person,
        wished: Wished[Watching],
        address: Address,
        now: float,
        *,
        action_ts: str | None,
    ) -> None:
        """Keep the wish of a click, in place of an earlier one for this issue.

        ``action_ts`` is Slack's time of the click: the same click again, or one older than the
        newest handled, changes nothing.
        """
        site, wish = wished.site, wished.wish
        if wish is Watching.WATCH:
            must_use(db, person.team_id, wished.issue_key)
        key = present(db, site, wished.issue_key)
        if action_ts and not is_new(db, person, of_watching(site, key), action_ts, wish, now):
            return
        db.execute(
            "INSERT INTO watches (id, team_id, user_id, site, issue_key, first_key, wish, asked_at,"
            f" channel_id, response_url, replaces, thread_ts, {WATCHES.columns})"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (team_id, user_id, site, issue_key) DO UPDATE SET id = excluded.id,"
            " wish = excluded.wish, asked_at = excluded.asked_at, told = 0, parked = 0,"
            " outcome = NULL, channel_id = excluded.channel_id,"
            " response_url = excluded.response_url, replaces = excluded.replaces,"
            f" thread_ts = excluded.thread_ts, {WATCHES.anew}",
            (
                new_id(self._chance),
                person.team_id,
                person.user_id,
                site,
                key,
                key,
                wish,
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

    @long_transaction
    def tidy(self, db: Connection, now: float) -> None:
        """Have those told who did not connect in time."""
        _settle(db, Watched.EXPIRED, now, "outcome IS NULL AND asked_at <= ?", now - KEPT_FOR)

    def _watch(self, row: tuple[object, ...]) -> Watch:
        kept = _ROW.read(row)
        return asked_rows.read(Watch, self._vault, kept, wish=kept.wish, outcome=kept.outcome)


def _settle(db: Connection, outcome: Watched, now: float, where: str, *values: object) -> None:
    WATCHES.make_due(db, now, where, outcome.value, *values, sets="outcome = ?")


def follow(db: Connection, site: str, before: str, key: str) -> None:
    """Have wishes for an issue that has a new key go there."""
    asked_rows.follow(db, "watches", site, before, key)


def leave_out_all(db: Connection, now: float) -> int:
    """Forget every watch, as it may have been done since; return how many those were."""
    rows = db.execute("DELETE FROM watches RETURNING team_id, user_id, issue_key, wish, outcome")
    left = rows.fetchall()
    for team_id, user_id, key, wish, outcome in left:
        if outcome is None:
            owe_word(db, f"{wish} {key}", user_id, team_id, now)
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
