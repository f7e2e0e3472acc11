"""The one SQLite file: opened, migrated, and divided by feature."""

import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pollbot.accounts import rows as account_rows
from pollbot.accounts.grant_rows import GrantRows, GrantsOfAccounts
from pollbot.accounts.rows import AccountRows
from pollbot.cards import rows as card_rows
from pollbot.cards.press_rows import PressRows
from pollbot.cards.rows import CardRows
from pollbot.chance import Chance, of_the_system
from pollbot.errors import StartError
from pollbot.forgetting.rows import ForgetRows
from pollbot.home.rows import HomeRows
from pollbot.installs.rows import InstallationRows
from pollbot.jira import count_rows, try_rows
from pollbot.jira.count_rows import CountRows
from pollbot.jira.issue_rows import IssueRows
from pollbot.jira.try_rows import TryRows
from pollbot.place import Place, Server
from pollbot.polls import kept_rows as kept_polls
from pollbot.polls.additions.rows import AdditionRows
from pollbot.polls.answers import receipt_rows
from pollbot.polls.answers.key_rows import PollKeys
from pollbot.polls.answers.receipt_rows import ReceiptRows
from pollbot.polls.answers.rows import AnswerRows
from pollbot.polls.answers.seal_rows import Seal, SealFile, SealTable
from pollbot.polls.channels.rows import HangingRows
from pollbot.polls.defaults.rows import DefaultRows
from pollbot.polls.ends import rows as ending_rows
from pollbot.polls.ends.all_rows import WhenAllRows
from pollbot.polls.ends.rows import EndingRows
from pollbot.polls.exports.rows import ExportRows
from pollbot.polls.kept import Kept
from pollbot.polls.rows import Followers, PollRows
from pollbot.polls.saved.rows import SavedRows
from pollbot.polls.searches.rows import SearchRows
from pollbot.polls.sources.rows import SourceRows
from pollbot.polls.waiting import rows as waiting_rows
from pollbot.polls.waiting.rows import PollsForAccounts, WaitingRows
from pollbot.previews.rows import PreviewRows
from pollbot.records import rows as record_rows
from pollbot.records.rows import RecordRows, RecordsForAccounts
from pollbot.retention.rows import RetentionRows
from pollbot.rights.rows import RightRows
from pollbot.schedules import kept_rows as kept_schedules
from pollbot.schedules import rows as schedule_rows
from pollbot.schedules.kept_rows import SchedulesForAccounts
from pollbot.schedules.rows import ScheduleRows
from pollbot.slack.language_rows import LanguageRows
from pollbot.store import audit, copies, deliveries, outbox
from pollbot.store.audit import AuditRows
from pollbot.store.deliveries import Deliveries
from pollbot.store.leader import AlwaysLeads, Lead
from pollbot.store.mark import Mark
from pollbot.store.migrations import all_steps, migrate
from pollbot.store.outbox import OutboxRows
from pollbot.store.queue import Amount, Work
from pollbot.store.set_back import SetBack
from pollbot.store.sqlite import SqliteFile
from pollbot.store.vault import Vault, key_beside
from pollbot.store.writer import Committed, Connection, Engine, Writer, alone, reading, transaction
from pollbot.thresholds import rows as threshold_rows
from pollbot.thresholds.rows import ThresholdRows, ThresholdsForAccounts
from pollbot.votes import rows as vote_rows
from pollbot.votes.rows import IntentRows, WaitingVotes
from pollbot.votes.shipped import rows as shipped_rows
from pollbot.votes.shipped.rows import ShippedRows, VotesOfAccounts
from pollbot.votes.watches import rows as watch_rows
from pollbot.votes.watches.rows import WaitingWatches, WatchRows
from pollbot.workflows import rows as execution_rows
from pollbot.workflows.rows import ExecutionRows

log = logging.getLogger(__name__)

_MAKING = 120.0
_TELLING = 60.0
"""Seconds after which no door is busy any more with making a poll elsewhere, which is a few calls,
and with telling somebody what they answered, which waits for the end of their clicks."""

_SEALED = (
    ("accounts", "credential"),
    ("grants", "access"),
    ("grants", "refresh"),
    ("intents", "response_url"),
    ("watches", "response_url"),
    ("cards", "response_url"),
    ("receipts", "response_url"),
    ("waiting_polls", "response_url"),
    ("executions", "token"),
    ("installations", "token"),
    ("installations", "refresh"),
    ("sources", "url"),
    ("sources", "token"),
)


_OF_TEAMS = (
    "accounts",
    "additions",
    "audit_forgotten",
    "audit_people",
    "ballot_lines",
    "cards",
    "cast_votes",
    "crossings",
    "deliveries",
    "endings",
    "executions",
    "forgotten_polls",
    "grants",
    "intents",
    "languages",
    "links",
    "muted",
    "muted_reminders",
    "outbox",
    "page_links",
    "pages",
    "poll_defaults",
    "poll_templates",
    "polls",
    "previews",
    "receipts",
    "records",
    "retention",
    "rights",
    "schedules",
    "sign_ins",
    "sources",
    "teams",
    "threshold_states",
    "thresholds",
    "tries",
    "voted_issues",
    "waiting_polls",
    "watches",
    "when_all",
    "work_objects",
)
"""Each table whose rows name their workspace: what is forgotten with one. With a row goes what
belongs to it elsewhere."""

_FOLLOWERS = (
    deliveries.follow,
    vote_rows.follow,
    shipped_rows.follow,
    watch_rows.follow,
    try_rows.follow,
    count_rows.follow,
    card_rows.follow,
    account_rows.follow,
    kept_polls.follow,
    waiting_rows.follow,
    record_rows.follow,
    kept_schedules.follow,
    threshold_rows.follow,
)
"""What goes on with an issue whose key changed."""


def _poll_closed(db: Connection, kept: Kept, now: float) -> None:
    record_rows.want_at_end(db, kept, now)
    execution_rows.poll_closed(db, kept, now)


def _poll_deleted(db: Connection, poll_id: str, now: float) -> None:
    record_rows.forget(db, poll_id)
    execution_rows.poll_deleted(db, poll_id, now)


@dataclass(frozen=True, slots=True)
class Look:
    """How much there was to do at a moment: work by kind and state, and schedules that are late.

    ``workspaces`` are those that installed pollbot, and those that are gone, each with how many.
    """

    at: float
    work: Mapping[str, Mapping[str, Amount]]
    late: Amount
    workspaces: Mapping[str, int]


class Store:
    """Everything pollbot remembers: in a file, which is one process', or on a server."""

    def __init__(
        self,
        database: Place,
        keys: list[str],
        *,
        chance: Chance | None = None,
        open_writer: Callable[[Engine], Writer] = Writer,
    ) -> None:
        """Open the database and bring it up to date.

        Without keys, one is kept beside the file; without ``chance``, ids come from
        the system's. Raises StartError if the file is in use, is no database, or was
        sealed with other keys.
        """
        chance = chance or of_the_system()
        self.mark: Mark | None = None
        ground = _OnFile(database) if isinstance(database, Path) else _OnServer(database, keys)
        self._writer = open_writer(ground.engine)
        try:
            vault = Vault(keys or ground.keys())
            ground.migrate()
            db = self._writer.connection
            _reseal(ground.engine, db, vault, ground.row_id)
            self.mark = ground.mark()
            poll_keys = PollKeys(self._writer, ground.seal(vault), vault)
            poll_keys.take_up(self._writer.connection, older=self.is_older)
            self._writer.mark = self.mark
        except ground.engine.errors as error:
            self._writer.close()
            raise StartError(
                f"pollbot did not start.\n  POLLBOT_DATABASE: {database} is a database, but not "
                f"one that pollbot can use ({error}). Nothing in it was changed. Name another one, "
                "or restore this one from a backup."
            ) from error
        except BaseException:
            self._writer.close()
            raise
        self.accounts = AccountRows(
            self._writer,
            vault,
            (
                GrantsOfAccounts(vault),
                WaitingVotes(),
                VotesOfAccounts(),
                WaitingWatches(),
                PollsForAccounts(),
                RecordsForAccounts(),
                SchedulesForAccounts(),
                ThresholdsForAccounts(),
            ),
        )
        self.grants = GrantRows(self._writer, vault, self.accounts)
        self.intents = IntentRows(self._writer, vault, chance)
        self.shipped = ShippedRows(self._writer, chance)
        self.watches = WatchRows(self._writer, vault, chance)
        self.issues = IssueRows(self._writer, _FOLLOWERS)
        self.vote_counts = CountRows(self._writer, (threshold_rows.heard,))
        self.tries = TryRows(self._writer, chance)
        self.cards = CardRows(self._writer, vault, chance)
        self.presses = PressRows(self._writer, vault, chance, kept_polls.on_card)
        self.answers = AnswerRows(self._writer, vault, poll_keys)
        self.receipts = ReceiptRows(self._writer, vault, chance)
        self.exports = ExportRows(self._writer)
        self.searches = SearchRows(self._writer)
        self.saved_polls = SavedRows(self._writer, chance)
        self.hanging = HangingRows(self._writer, vault, chance)
        self.poll_keys = poll_keys
        self.polls = PollRows(
            self._writer,
            poll_keys,
            vault,
            chance,
            Followers(closed=_poll_closed, deleted=_poll_deleted),
        )
        self.waiting_polls = WaitingRows(self._writer, vault, chance)
        self.endings = EndingRows(self._writer, vault, chance)
        self.when_all = WhenAllRows(self._writer, chance)
        self.additions = AdditionRows(self._writer, poll_keys, chance)
        self.records = RecordRows(self._writer, chance)
        self.schedules = ScheduleRows(self._writer, chance)
        self.executions = ExecutionRows(self._writer, vault, chance)
        self.thresholds = ThresholdRows(self._writer, chance)
        self.outbox = OutboxRows(self._writer, chance)
        self.sources = SourceRows(self._writer, vault, chance)
        self.deliveries = Deliveries(self._writer)
        self.home = HomeRows(self._writer)
        self.languages = LanguageRows(self._writer)
        self.installations = InstallationRows(
            self._writer,
            vault,
            left=self._left,
            back=_back,
            forget=partial(_forget_team, poll_keys),
        )
        self.poll_defaults = DefaultRows(self._writer)
        self.previews = PreviewRows(self._writer)
        self.audit = AuditRows(self._writer)
        self.rights = RightRows(self._writer)
        self.retention = RetentionRows(self._writer)
        self.forgetting = ForgetRows(self._writer)
        self._set_back = SetBack(
            self._writer,
            {
                "receipts": receipt_rows.leave_out_all,
                "votes": vote_rows.leave_out_all,
                "watches": watch_rows.leave_out_all,
                "words of resolved issues": shipped_rows.leave_out_all,
                "polls to be made": waiting_rows.leave_out_all,
                "cards": card_rows.leave_out_all,
                "ends of polls": self.polls.leave_out_all,
                "results to be written": record_rows.leave_out_all,
                "scheduled posts": schedule_rows.leave_out_all,
                "steps of workflows": execution_rows.leave_out_all,
                "thresholds": threshold_rows.leave_out_all,
            },
        )
        self._works: tuple[Work[Any], ...] = (
            self.intents.work,
            self.shipped.work,
            self.shipped.looks,
            self.watches.work,
            self.cards.work,
            self.receipts.work,
            self.endings.work,
            self.endings.reminders,
            self.when_all.work,
            self.polls.readings,
            self.waiting_polls.work,
            self.records.work,
            self.schedules.work,
            self.executions.work,
            self.thresholds.looks,
            self.thresholds.work,
            self.outbox.work,
        )
        self.lead: Lead = ground.lead(self._writer)
        self._writer.start()

    @property
    def is_older(self) -> bool:
        """Whether the database is an older copy, put in the place of the one that ran here last."""
        return self.mark is not None and self.mark.is_older

    async def take_up(self, now: float) -> None:
        """Take up what an earlier run left: what it held, what it claimed, what it half made.

        Of an older copy of the database, what was due is left out; its owners are told.
        """
        if self.is_older:
            left = await self._set_back.leave_out(now)
            log.warning(
                "the database is not the one that ran here last: an older copy was put back, or "
                "its log or its .mark file was lost. What was due in it may have been done since, "
                "so it is left out and its owners are told: %s",
                ", ".join(f"{count} {name}" for name, count in left.items()),
            )
        for work in self._works:
            await work.resume(now)
        await self.schedules.plan_again(now)
        await self.outbox.resume(now, beside_doors=self.lead.shared)
        if self.lead.shared:
            await self.polls.take_up_scheduled(now)
            await self.take_up_at_doors(now)
        else:
            await self.polls.take_up(now)
            await self.additions.take_up(now)
            await self.receipts.take_up(now)

    async def take_up_at_doors(self, now: float) -> None:
        """Take up what a door has left that ended: what it half made, and whom it did not tell."""
        await self.polls.take_up_at_doors(now, now - _MAKING)
        await self.receipts.take_up(now, now - _TELLING)

    async def clock_went_back(self, seconds: float, now: float) -> None:
        """Have nothing wait longer from ``now`` than its own pause, or its own recurrence."""
        for work in self._works:
            await work.pull_in(seconds, now)
        await self.schedules.plan_again(now)

    def _left(self, db: Connection, team_id: str, now: float) -> None:
        """Let go of what nobody may use any more of a workspace that has removed pollbot."""
        self.accounts.disconnect_all(db, team_id)
        self.grants.forget_team(db, team_id)
        _back(db, team_id, now)

    def on_due(self, queue: str, wake: Callable[[], None]) -> None:
        """Have ``wake`` called after each commit that gave that queue something to do."""
        self._writer.on_due(queue, wake)

    @transaction
    def beat(self, db: Connection, name: str, now: float) -> None:
        """Write a sign of life, to see that the database takes writes."""
        db.execute(
            "INSERT INTO beats (name, at) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            (name, now),
        )

    @reading
    def look(self, db: Connection, now: float) -> Look:
        """Return how much there is to do, as far as it is on disk."""
        work = {work.name: work.amounts(db, now) for work in self._works}
        return Look(
            now,
            work | {kept_polls.ENDS: {"due": kept_polls.ends_due(db, now)}},
            kept_schedules.late(db, now),
            self.installations.counts(db),
        )

    def watch(self, committed: Committed) -> None:
        """Have ``committed`` told of each commit, by the thread that makes it."""
        self._writer.watch = committed

    @property
    def waiting(self) -> int:
        """How many changes wait for the disk."""
        return self._writer.waiting()

    @property
    def trouble(self) -> str:
        """Why the last change was not kept; empty if it was."""
        return self._writer.trouble

    def close(self) -> None:
        """Finish what was handed in and let go of the file."""
        self._writer.close()


def _back(db: Connection, team_id: str, now: float) -> None:
    """Leave out what was to be told in a workspace while pollbot was not there."""
    outbox.leave_out_team(db, team_id)
    receipt_rows.leave_out_team(db, team_id)
    ending_rows.leave_out_team(db, team_id, now)


_ALL = 2**31


def _forget_team(poll_keys: PollKeys, db: Connection, team_id: str, now: float) -> None:
    """Forget all that is of a workspace."""
    audit.forget_before(db, team_id, now + 1.0, _ALL)
    for table in _OF_TEAMS:
        db.execute(f"DELETE FROM {table} WHERE team_id = ?", (team_id,))
    poll_keys.forgotten(db)


def opens(db: sqlite3.Connection, keys: list[str]) -> bool:
    """Return whether the keys open whatever is sealed in a file, of whatever version."""
    return _opens(
        db,
        keys,
        lambda table: {row[1] for row in db.execute(f"PRAGMA table_info({table})")},
    )


def opens_on_server(db: Connection, keys: list[str]) -> bool:
    """Return whether the keys open whatever is sealed in a server's database."""
    columns = (
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(?) AND NOT attisdropped"
    )
    return _opens(db, keys, lambda table: {name for (name,) in db.execute(columns, (table,))})


def _opens(
    db: sqlite3.Connection | Connection, keys: list[str], columns: Callable[[str], set[str]]
) -> bool:
    vault = Vault(keys) if keys else None
    for table, column in _SEALED:
        if column in columns(table):
            for (sealed,) in db.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"):
                if vault is None or vault.opened(sealed) is None:
                    return False
    return True


class _OnFile:
    """What a file of SQLite's needs around its tables."""

    row_id = "rowid"

    def __init__(self, path: Path) -> None:
        self._path = path
        self.engine = SqliteFile(path)

    def keys(self) -> list[str]:
        """Return the key in the file beside the database, made if it is missing."""
        return [key_beside(self._path)]

    def migrate(self) -> None:
        """Bring the tables up to date, with a copy of what was there."""
        migrate(self.engine.connection, lambda db, step: copies.keep_before(db, self._path, step))

    def mark(self) -> Mark | None:
        """Return what tells an older copy, compared with the file beside it."""
        mark = Mark(self.engine.path)
        mark.take_up(self.engine.connection)
        return mark

    def seal(self, vault: Vault) -> Seal:
        """Return what seals the keys of polls."""
        return SealFile(self._path, vault)

    def lead(self, _: Writer) -> Lead:
        """Return the place of who does what is due: whoever has the file."""
        return AlwaysLeads()


class _OnServer:
    """What a database on a PostgreSQL server needs around its tables."""

    row_id = "ctid"

    def __init__(self, server: Server, keys: Sequence[str] = ()) -> None:
        try:
            from pollbot.store import server_tables
            from pollbot.store.postgres import PostgresServer
            from pollbot.store.server_beside import Beside
            from pollbot.store.server_lead import ServerLead
        except ImportError as error:
            raise StartError(
                f"pollbot did not start.\n  POLLBOT_DATABASE: it names {server}, for which a part "
                f"of pollbot is not installed ({error}): pip install 'pollbot[postgres]'."
            ) from None
        self._tables, self._place = server_tables, ServerLead
        beside = Beside([step.name for step in all_steps()], keys)
        self.engine = PostgresServer(server, greet=beside.greet)

    def keys(self) -> list[str]:
        """Raise StartError: there is no folder in which a key could lie for all who need it."""
        raise StartError(
            "pollbot did not start.\n  POLLBOT_ENCRYPTION_KEYS: it has to be set where the "
            "database is on a server, the same for every pollbot there. "
            '`python -c "from cryptography.fernet import Fernet; '
            'print(Fernet.generate_key().decode())"` prints one.'
        )

    def migrate(self) -> None:
        """Make the tables, or bring them up to date."""
        self._tables.migrate(self.engine.connection)

    def mark(self) -> Mark | None:
        """Return nothing: no file beside a server's database could tell an older copy of it."""
        return None

    def seal(self, vault: Vault) -> Seal:
        """Return what seals the keys of polls."""
        return SealTable(self.engine, vault)

    def lead(self, writer: Writer) -> Lead:
        """Return the place of who does what is due, for which all pollbots there try."""
        return self._place(self.engine.server, self.engine.run, writer.wake)


def _reseal(engine: Engine, db: Connection, vault: Vault, row_id: str) -> None:
    """Put every secret under the newest key, so that an older key can be retired.

    A few at a time: on a server, others write meanwhile. Raises StartError, before anything is
    changed, if a secret cannot be opened.
    """
    for _ in range(_LOOKS):
        renewed = list(_to_reseal(db, vault, row_id))
        if not renewed:
            return
        for start in range(0, len(renewed), _AT_ONCE):
            some = renewed[start : start + _AT_ONCE]
            alone(engine, db, partial(_replace, db, some, row_id))


_LOOKS = 3
"""What others change meanwhile has another place on a server, and is found at the next look."""
_AT_ONCE = 100
_Sealed = tuple[str, str, Any, str, str]
"""A table, its column, which row, and a secret under an older key and under the newest."""


def _to_reseal(db: Connection, vault: Vault, row_id: str) -> Iterator[_Sealed]:
    for table, column in _SEALED:
        rows = db.execute(
            f"SELECT {row_id}, {column} FROM {table} WHERE {column} IS NOT NULL"
        ).fetchall()
        for row, sealed in rows:
            renewed = vault.resealed(sealed)
            if renewed is not None:
                yield table, column, row, sealed, renewed


def _replace(db: Connection, some: Sequence[_Sealed], row_id: str) -> None:
    for table, column in _SEALED:
        db.executemany(
            f"UPDATE {table} SET {column} = ? WHERE {row_id} = ? AND {column} = ?",
            [
                (renewed, row, sealed)
                for *where, row, sealed, renewed in some
                if where == [table, column]
            ],
        )
