"""Polls: their definitions, where they live, and when they end."""

import json
import sqlite3
from dataclasses import replace

from pollbot.domain.kept import Kept
from pollbot.domain.people import Person
from pollbot.domain.polls import Option, PollSettings
from pollbot.domain.tally import Part
from pollbot.errors import PollClosed
from pollbot.storage.poll_rows import (
    COLUMNS,
    OPTIONS,
    SETTINGS,
    find_poll,
    forget_key,
    kept_from,
    make_anonymous,
    new_key,
    part_to_json,
    touch,
)
from pollbot.storage.vault import Vault
from pollbot.storage.writer import Writer, transaction

_SLOWEST_READING = 3600.0


class Polls:
    """One row per poll, one per person and chosen option."""

    def __init__(self, writer: Writer, vault: Vault) -> None:
        self._writer = writer
        self._vault = vault

    @transaction
    def add(self, db: sqlite3.Connection, kept: Kept, stamp: str | None = None) -> str:
        """Keep a new poll; return its id. One found again in Team Voice keeps its old id.

        ``stamp`` names the delivery that asked for it: the same one again makes no second poll.
        """
        made = _made_by(db, kept, stamp)
        if made is not None:
            return made
        if kept.remote_id is not None:
            known = db.execute(
                "SELECT id FROM polls WHERE team_id = ? AND source_id = ? AND content = ?"
                " AND remote_id = ?",
                (kept.team_id, kept.source_id, kept.content, kept.remote_id),
            ).fetchone()
            if known is not None:
                return str(known[0])
        self._insert(db, kept, made=True)
        return kept.poll.id

    @transaction
    def start(self, db: sqlite3.Connection, kept: Kept, stamp: str | None = None) -> str:
        """Keep that a poll is about to be made elsewhere; nobody sees it yet.

        Return its id, or that of the poll for which the same delivery asked before.
        """
        made = _made_by(db, kept, stamp)
        if made is not None:
            return made
        self._insert(db, kept, made=False)
        return kept.poll.id

    @transaction
    def find(self, db: sqlite3.Connection, team_id: str, poll_id: str) -> Kept:
        """Return the poll. Raises PollGone if this team has none with that id."""
        return find_poll(db, team_id, poll_id)

    @transaction
    def about(
        self, db: sqlite3.Connection, team_id: str, subject: str, limit: int = 20
    ) -> list[Kept]:
        """Return the polls on an issue or page; the newest first."""
        rows = db.execute(
            f"SELECT {COLUMNS} FROM polls WHERE team_id = ? AND subject = ? AND made = 1"
            " AND deleted_at IS NULL ORDER BY created_at DESC LIMIT ?",
            (team_id, subject, limit),
        ).fetchall()
        return [kept_from(row) for row in rows]

    @transaction
    def plain(
        self, db: sqlite3.Connection, person: Person, channel_id: str, limit: int = 20
    ) -> list[Kept]:
        """Return the person's own plain polls and those with a card in the channel.

        Those of a private channel are no business of anybody else.
        """
        rows = db.execute(
            f"SELECT {COLUMNS} FROM polls WHERE team_id = ? AND kind = 'plain'"
            " AND deleted_at IS NULL AND (created_by = ? OR EXISTS"
            " (SELECT 1 FROM cards WHERE cards.poll_id = polls.id AND cards.channel_id = ?))"
            " ORDER BY created_at DESC LIMIT ?",
            (person.team_id, person.user_id, channel_id, limit),
        ).fetchall()
        return [kept_from(row) for row in rows]

    @transaction
    def change(
        self,
        db: sqlite3.Connection,
        kept: Kept,
        now: float,
        *,
        title: str,
        description: str,
        options: tuple[Option, ...],
        settings: PollSettings,
        raw: str | None = None,
    ) -> Kept:
        """Keep the poll's new definition; answers stay with their options.

        An option that is gone but was chosen stays as removed. Whether names
        are kept cannot change once somebody has answered on the card's word.
        """
        poll_id = kept.poll.id
        chosen = {
            option_id
            for (option_id,) in db.execute(
                "SELECT DISTINCT option_id FROM answers WHERE poll_id = ?", (poll_id,)
            ).fetchall()
        }
        if kept.jira_part is not None:
            chosen |= {option_id for option_id, count in kept.jira_part.counts.items() if count}
        here = {option.id for option in options}
        gone = tuple(
            Option(old.id, old.title, old.order, removed=True)
            for old in kept.poll.options
            if old.id not in here and old.id in chosen
        )
        settings = self._keep_word_on_names(db, kept, settings)
        db.execute(
            "UPDATE polls SET title = ?, description = ?, options = ?, settings = ?,"
            " closes_at = ?, raw = coalesce(?, raw) WHERE id = ?",
            (
                title,
                description,
                OPTIONS.dump_json(options + gone).decode(),
                SETTINGS.dump_json(settings).decode(),
                _closes_at(settings),
                raw,
                poll_id,
            ),
        )
        touch(db, poll_id)
        return find_poll(db, kept.team_id, poll_id)

    @transaction
    def made(
        self,
        db: sqlite3.Connection,
        poll_id: str,
        remote_id: str,
        raw: str,
        options: tuple[Option, ...],
        now: float,
    ) -> None:
        """Keep that Team Voice took the poll, under its id and with its options' ids."""
        db.execute(
            "UPDATE polls SET made = 1, remote_id = ?, raw = ?, options = ?, read_at = ?,"
            " read_due_at = ? WHERE id = ?",
            (remote_id, raw, OPTIONS.dump_json(options).decode(), now, now + 300.0, poll_id),
        )

    @transaction
    def unmade(self, db: sqlite3.Connection) -> list[Kept]:
        """Return the polls that a crash left between us and Team Voice; see ``drop``."""
        rows = db.execute(f"SELECT {COLUMNS} FROM polls WHERE made = 0").fetchall()
        return [kept_from(row) for row in rows]

    @transaction
    def drop(self, db: sqlite3.Connection, poll_id: str) -> None:
        """Forget a poll that was never made, so that it can be asked for again."""
        db.execute("DELETE FROM polls WHERE id = ?", (poll_id,))
        db.execute("DELETE FROM deliveries WHERE subject = 'new poll' AND deed = ?", (poll_id,))

    @transaction
    def share(self, db: sqlite3.Connection, team_id: str, poll_id: str, owners: list[str]) -> None:
        """Keep who may manage the poll beside its creator."""
        db.execute(
            "UPDATE polls SET owners = ? WHERE id = ? AND team_id = ?",
            (json.dumps(sorted(set(owners))), poll_id, team_id),
        )

    @transaction
    def close(self, db: sqlite3.Connection, team_id: str, poll_id: str, now: float) -> Kept:
        """Close the poll; the key of an anonymous one is destroyed with it."""
        kept = find_poll(db, team_id, poll_id)
        if not kept.poll.is_open(now):
            raise PollClosed(kept.poll.title)
        db.execute("UPDATE polls SET closed_at = ? WHERE id = ?", (now, poll_id))
        forget_key(db, poll_id)
        touch(db, poll_id)
        return find_poll(db, team_id, poll_id)

    @transaction
    def delete(self, db: sqlite3.Connection, team_id: str, poll_id: str, now: float) -> None:
        """Delete the poll and every answer; its cards say so from then on."""
        find_poll(db, team_id, poll_id)
        db.execute("UPDATE polls SET deleted_at = ? WHERE id = ?", (now, poll_id))
        db.execute("DELETE FROM answers WHERE poll_id = ?", (poll_id,))
        db.execute("DELETE FROM comments WHERE poll_id = ?", (poll_id,))
        forget_key(db, poll_id)
        touch(db, poll_id)

    @transaction
    def ended(self, db: sqlite3.Connection, now: float) -> list[str]:
        """Close the polls whose end has come, so that their cards say it; return their ids."""
        over = db.execute(
            "UPDATE polls SET closed_at = closes_at"
            " WHERE closed_at IS NULL AND deleted_at IS NULL AND closes_at <= ? RETURNING id",
            (now,),
        ).fetchall()
        for (poll_id,) in over:
            forget_key(db, poll_id)
            touch(db, poll_id)
        return [str(poll_id) for (poll_id,) in over]

    @transaction
    def next_end(self, db: sqlite3.Connection) -> float | None:
        """Return when the next poll closes by itself; None if none does."""
        (moment,) = db.execute(
            "SELECT min(closes_at) FROM polls WHERE closed_at IS NULL AND deleted_at IS NULL"
        ).fetchone()
        return None if moment is None else float(moment)

    @transaction
    def to_read(self, db: sqlite3.Connection, now: float, limit: int) -> list[Kept]:
        """Return open polls of Team Voice with cards whose definition is to be read again."""
        rows = db.execute(
            "UPDATE polls SET read_due_at = ? WHERE id IN (SELECT polls.id FROM polls"
            " WHERE remote_id IS NOT NULL AND read_due_at <= ? AND closed_at IS NULL"
            " AND deleted_at IS NULL AND EXISTS (SELECT 1 FROM cards WHERE poll_id = polls.id)"
            f" ORDER BY read_due_at LIMIT ?) RETURNING {COLUMNS}",
            (now + 300.0, now, limit),
        ).fetchall()
        return [kept_from(row) for row in rows]

    @transaction
    def read(
        self,
        db: sqlite3.Connection,
        kept: Kept,
        part: Part | None,
        raw: str | None,
        now: float,
        *,
        understood: bool,
    ) -> bool:
        """Keep what Team Voice counted; return whether that is news.

        While nothing changes, the next reading comes later and later, up to an hour.
        """
        news = part != kept.jira_part or understood != kept.understood
        every = "300.0" if news else f"min(read_every * 2, {_SLOWEST_READING})"
        db.execute(
            f"UPDATE polls SET jira_part = ?, understood = ?, raw = coalesce(?, raw), read_at = ?,"
            f" read_every = {every}, read_due_at = ? + {every} WHERE id = ?",
            (part_to_json(part), int(understood), raw, now, now, kept.poll.id),
        )
        if news:
            touch(db, kept.poll.id)
        return news

    def _insert(self, db: sqlite3.Connection, kept: Kept, *, made: bool) -> None:
        poll = kept.poll
        db.execute(
            "INSERT INTO polls (id, team_id, site, kind, subject, source_id, workspace, content,"
            " container, remote_id, raw, title, description, options, settings, template,"
            " created_by, created_at, made, jira_part, understood, read_at, closes_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                poll.id,
                kept.team_id,
                kept.site,
                kept.kind,
                kept.subject,
                kept.source_id,
                kept.workspace,
                kept.content,
                kept.container,
                kept.remote_id,
                kept.raw,
                poll.title,
                poll.description,
                OPTIONS.dump_json(poll.options).decode(),
                SETTINGS.dump_json(poll.settings).decode(),
                poll.template,
                poll.created_by,
                kept.created_at,
                int(made),
                part_to_json(kept.jira_part),
                int(kept.understood),
                kept.read_at,
                _closes_at(poll.settings),
            ),
        )
        if not poll.settings.names:
            new_key(db, self._vault, poll.id)

    def _keep_word_on_names(
        self, db: sqlite3.Connection, kept: Kept, settings: PollSettings
    ) -> PollSettings:
        """Return the settings with names as they may be, and make the rows fit.

        Names can be given up at any time. They cannot be asked for once
        somebody has answered or commented on the card's word that none is kept.
        """
        poll_id, names = kept.poll.id, kept.poll.settings.names
        if names and not settings.names:
            make_anonymous(db, self._vault, kept)
            if find_poll(db, kept.team_id, poll_id).poll.closed_at is not None:
                forget_key(db, poll_id)
        elif settings.names and not names:
            said = db.execute(
                "SELECT 1 FROM answers WHERE poll_id = ?"
                " UNION ALL SELECT 1 FROM comments WHERE poll_id = ? LIMIT 1",
                (poll_id, poll_id),
            )
            if said.fetchone() is not None:
                return replace(settings, names=False)
            forget_key(db, poll_id)
        return settings


def _made_by(db: sqlite3.Connection, kept: Kept, stamp: str | None) -> str | None:
    """Return the poll that this delivery made before; None, and remembered, if it made none."""
    if stamp is None:
        return None
    asked = (kept.team_id, kept.poll.created_by, "new poll", stamp)
    made = db.execute(
        "SELECT deed FROM deliveries"
        " WHERE team_id = ? AND user_id = ? AND subject = ? AND stamp = ?",
        asked,
    ).fetchone()
    if made is not None:
        return str(made[0])
    db.execute(
        "INSERT INTO deliveries (team_id, user_id, subject, stamp, deed, seen_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (*asked, kept.poll.id, kept.created_at),
    )
    return None


def _closes_at(settings: PollSettings) -> float | None:
    return settings.ends_at if settings.closes_at_end else None
