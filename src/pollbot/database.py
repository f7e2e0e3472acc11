"""The one SQLite file: opened, migrated, and divided by subject."""

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pollbot.accounts.rows import Accounts
from pollbot.cards.press_rows import Presses
from pollbot.cards.rows import Cards
from pollbot.chance import Chance, of_the_system
from pollbot.errors import StartError
from pollbot.jira.issue_rows import Issues
from pollbot.jira.try_rows import Tries
from pollbot.polls.answers.key_rows import PollKeys
from pollbot.polls.answers.receipt_rows import Receipts
from pollbot.polls.answers.rows import Answers
from pollbot.polls.ends.rows import Endings
from pollbot.polls.rows import Polls
from pollbot.polls.sources.rows import Sources
from pollbot.polls.waiting.rows import WaitingPolls
from pollbot.records.rows import Records
from pollbot.schedules.rows import Schedules
from pollbot.store.deliveries import Deliveries
from pollbot.store.mark import Mark
from pollbot.store.migrations import migrate
from pollbot.store.outbox import Outbox
from pollbot.store.queue import Work
from pollbot.store.set_back import SetBack
from pollbot.store.vault import Vault, key_beside
from pollbot.store.writer import Connection, Writer, transaction
from pollbot.votes.rows import Intents

log = logging.getLogger(__name__)

_SEALED = (
    ("accounts", "credential"),
    ("intents", "response_url"),
    ("cards", "response_url"),
    ("receipts", "response_url"),
    ("waiting_polls", "response_url"),
    ("sources", "url"),
    ("sources", "token"),
)


class Store:
    """Everything pollbot remembers. One process, one writer, one file."""

    def __init__(
        self,
        path: Path,
        keys: list[str],
        *,
        chance: Chance | None = None,
        open_writer: Callable[[Path], Writer] = Writer,
    ) -> None:
        """Open the database and bring it up to date.

        Without keys, one is kept beside the file; without ``chance``, ids come from
        the system's. Raises StartError if the file is in use, is no database, or was
        sealed with other keys.
        """
        chance = chance or of_the_system()
        self._writer = open_writer(path)
        try:
            vault = Vault(keys or [key_beside(path)])
            migrate(self._writer.connection)
            _reseal(self._writer.connection, vault)
            poll_keys = PollKeys(self._writer, path, vault)
            poll_keys.take_up(self._writer.connection)
            self.mark = Mark(path.resolve())
            self.mark.take_up(self._writer.connection)
            self._writer.mark = self.mark
        except sqlite3.Error as error:
            self._writer.close()
            raise StartError(
                f"pollbot did not start.\n  POLLBOT_DATABASE: {path} is a database, but not one "
                f"that pollbot can use ({error}). Nothing in it was changed. Name another file, "
                "or restore this one from a backup."
            ) from error
        except BaseException:
            self._writer.close()
            raise
        self.accounts = Accounts(self._writer, vault)
        self.intents = Intents(self._writer, vault, chance)
        self.issues = Issues(self._writer)
        self.tries = Tries(self._writer, chance)
        self.cards = Cards(self._writer, vault, chance)
        self.presses = Presses(self._writer, vault, chance)
        self.answers = Answers(self._writer, vault, poll_keys)
        self.receipts = Receipts(self._writer, vault, chance)
        self.poll_keys = poll_keys
        self.polls = Polls(self._writer, poll_keys, vault, chance)
        self.waiting_polls = WaitingPolls(self._writer, vault, chance)
        self.endings = Endings(self._writer, vault, chance)
        self.records = Records(self._writer, chance)
        self.schedules = Schedules(self._writer, chance)
        self.outbox = Outbox(self._writer, chance)
        self.sources = Sources(self._writer, vault, chance)
        self.deliveries = Deliveries(self._writer)
        self._set_back = SetBack(self._writer, self.polls)
        self._works: tuple[Work[Any], ...] = (
            self.intents.work,
            self.cards.work,
            self.receipts.work,
            self.endings.work,
            self.endings.reminders,
            self.polls.readings,
            self.waiting_polls.work,
            self.records.work,
            self.schedules.work,
            self.outbox.work,
        )
        self._writer.start()

    async def take_up(self, now: float) -> None:
        """Take up what an earlier run left: what it held, what it claimed, what it half made.

        Of an older copy of the database, what was due is left out; its owners are told.
        """
        if self.mark.is_older:
            left = await self._set_back.leave_out(now)
            log.warning(
                "the database is not the one that ran here last: an older copy was put back, or "
                "its log or its .mark file was lost. What was due in it may have been done since, "
                "so it is left out and its owners are told: %d votes, %d cards, %d results, %d "
                "scheduled posts",
                left.wishes,
                left.cards,
                left.results,
                left.posts,
            )
        for work in self._works:
            await work.resume(now)
        await self.schedules.plan_again(now)
        await self.outbox.resume(now)
        await self.polls.take_up(now)
        await self.receipts.take_up(now)

    async def clock_went_back(self, seconds: float, now: float) -> None:
        """Have nothing wait longer from ``now`` than its own pause, or its own recurrence."""
        for work in self._works:
            await work.pull_in(seconds, now)
        await self.schedules.plan_again(now)

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

    def close(self) -> None:
        """Finish what was handed in and let go of the file."""
        self._writer.close()


def _reseal(db: Connection, vault: Vault) -> None:
    """Put every secret under the newest key, so that an older key can be retired."""
    db.execute("BEGIN IMMEDIATE")
    try:
        for table, column in _SEALED:
            rows = db.execute(
                f"SELECT rowid, {column} FROM {table} WHERE {column} IS NOT NULL"
            ).fetchall()
            for rowid, sealed in rows:
                renewed = vault.resealed(sealed)
                if renewed is not None:
                    db.execute(
                        f"UPDATE {table} SET {column} = ? WHERE rowid = ?",
                        (renewed, rowid),
                    )
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
