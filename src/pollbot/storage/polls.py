"""Polls and the answers given in Slack."""

import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

from pydantic import TypeAdapter

from pollbot.domain.people import Person
from pollbot.domain.polls import NOTHING, Answer, Option, Poll, PollSettings
from pollbot.domain.tally import Part
from pollbot.errors import PollClosed, PollGone
from pollbot.storage.cards import Pressed, hang
from pollbot.storage.deliveries import is_new
from pollbot.storage.vault import Vault
from pollbot.storage.writer import Writer, transaction

Kind = Literal["plain", "issue", "page"]

OPTIONS = TypeAdapter(tuple[Option, ...])
SETTINGS = TypeAdapter(PollSettings)
PART = TypeAdapter(Part)

_SLOWEST_READING = 3600.0
_COLUMNS = (
    "id, team_id, site, kind, subject, source_id, workspace, content, container, remote_id, raw,"
    " title, description, options, settings, template, created_by, created_at, closed_at,"
    " deleted_at, jira_part, understood, read_at"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A poll with what is around it: what it is about, where it lives, what Jira counted.

    ``subject`` is an issue key or a page id, empty for a plain poll.
    ``remote_id`` is Team Voice's id; None for a poll that lives here.
    ``jira_part`` is None where there is none, or it was not understood.
    """

    poll: Poll
    team_id: str
    site: str
    kind: Kind
    subject: str
    created_at: float
    source_id: str | None = None
    workspace: str | None = None
    content: str | None = None
    container: str | None = None
    remote_id: str | None = None
    raw: str | None = None
    jira_part: Part | None = None
    understood: bool = True
    read_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Answered:
    """What a click did: the person's answer before and after it. ``repeated``: nothing."""

    kept: Kept
    before: Answer
    after: Answer
    comment: str
    repeated: bool = False


class Polls:
    """One row per poll, one per person and chosen option."""

    def __init__(self, writer: Writer, vault: Vault) -> None:
        self._writer = writer
        self._vault = vault

    @transaction
    def add(self, db: sqlite3.Connection, kept: Kept) -> str:
        """Keep a new poll; return its id. One found again in Team Voice keeps its old id."""
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
    def start(self, db: sqlite3.Connection, kept: Kept) -> None:
        """Keep that a poll is about to be made elsewhere; nobody sees it yet."""
        self._insert(db, kept, made=False)

    @transaction
    def find(self, db: sqlite3.Connection, team_id: str, poll_id: str) -> Kept:
        """Return the poll. Raises PollGone if this team has none with that id."""
        return self._find(db, team_id, poll_id)

    @transaction
    def about(
        self, db: sqlite3.Connection, team_id: str, subject: str, limit: int = 20
    ) -> list[Kept]:
        """Return the polls on an issue or page, or the plain ones; the newest first."""
        rows = db.execute(
            f"SELECT {_COLUMNS} FROM polls WHERE team_id = ? AND subject = ? AND made = 1"
            " AND deleted_at IS NULL ORDER BY created_at DESC LIMIT ?",
            (team_id, subject, limit),
        ).fetchall()
        return [_kept(row) for row in rows]

    @transaction
    def answer(
        self,
        db: sqlite3.Connection,
        person: Person,
        poll_id: str,
        rule: Callable[[Poll, Answer], Answer],
        now: float,
        *,
        action_ts: str | None = None,
        pressed: Pressed | None = None,
        comment: str | None = None,
    ) -> Answered:
        """Apply a rule to the person's answer, in one transaction with reading it.

        ``action_ts`` is Slack's time of the click: the same click again changes
        nothing. The poll's cards are marked as changed only if the answer did.
        """
        kept = self._find(db, person.team_id, poll_id)
        if kept.poll.deleted:
            raise PollGone
        voter = self._voter(db, kept, person)
        before = _answer(db, poll_id, voter)
        said = _comment(db, poll_id, voter)
        if pressed is not None:
            hang(db, self._vault, person, kept.site, "", pressed, now, poll_id=poll_id)
        if action_ts and not is_new(
            db, Person(person.team_id, voter), f"poll {poll_id}", action_ts, "answer", now
        ):
            return Answered(kept, before, before, said, repeated=True)
        after = rule(kept.poll, before)
        db.executemany(
            "DELETE FROM answers WHERE poll_id = ? AND voter = ? AND option_id = ?",
            [(poll_id, voter, option_id) for option_id in before - after],
        )
        db.executemany(
            "INSERT INTO answers (poll_id, voter, option_id) VALUES (?, ?, ?)",
            [(poll_id, voter, option_id) for option_id in after - before],
        )
        if comment is not None:
            said = comment
            _say(db, poll_id, voter, comment)
        if after != before:
            _touch(db, poll_id)
        return Answered(kept, before, after, said)

    @transaction
    def mine(self, db: sqlite3.Connection, person: Person, poll_id: str) -> Answered:
        """Return the person's answer. Raises PollGone; an anonymous poll forgets at its close."""
        kept = self._find(db, person.team_id, poll_id)
        if not kept.poll.settings.names and not _has_key(db, poll_id):
            return Answered(kept, NOTHING, NOTHING, "")
        voter = self._voter(db, kept, person)
        mine = _answer(db, poll_id, voter)
        return Answered(kept, mine, mine, _comment(db, poll_id, voter))

    @transaction
    def counted(self, db: sqlite3.Connection, kept: Kept) -> Part:
        """Return the answers given in Slack; user ids only where the poll keeps names."""
        poll_id = kept.poll.id
        counts = dict(
            db.execute(
                "SELECT option_id, count(*) FROM answers WHERE poll_id = ? GROUP BY option_id",
                (poll_id,),
            ).fetchall()
        )
        (people,) = db.execute(
            "SELECT count(DISTINCT voter) FROM answers WHERE poll_id = ?", (poll_id,)
        ).fetchone()
        names: dict[str, list[str]] = {}
        if kept.poll.settings.names:
            for option_id, voter in db.execute(
                "SELECT option_id, voter FROM answers WHERE poll_id = ? ORDER BY voter", (poll_id,)
            ).fetchall():
                names.setdefault(option_id, []).append(voter)
        return Part(counts, people, {option: tuple(who) for option, who in names.items()})

    @transaction
    def said(self, db: sqlite3.Connection, poll_id: str) -> list[tuple[str, str]]:
        """Return the comments as (voter, comment); voters of anonymous polls are no user ids."""
        rows: list[tuple[str, str]] = db.execute(
            "SELECT voter, comment FROM comments WHERE poll_id = ? ORDER BY comment", (poll_id,)
        ).fetchall()
        return rows

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
        _touch(db, poll_id)
        return self._find(db, kept.team_id, poll_id)

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
        """Forget and return the polls that a crash left between us and Team Voice."""
        rows = db.execute(f"DELETE FROM polls WHERE made = 0 RETURNING {_COLUMNS}").fetchall()
        return [_kept(row) for row in rows]

    @transaction
    def drop(self, db: sqlite3.Connection, poll_id: str) -> None:
        """Forget a poll that was never made."""
        db.execute("DELETE FROM polls WHERE id = ?", (poll_id,))

    @transaction
    def close(self, db: sqlite3.Connection, team_id: str, poll_id: str, now: float) -> Kept:
        """Close the poll; the key of an anonymous one is destroyed with it."""
        kept = self._find(db, team_id, poll_id)
        if not kept.poll.is_open(now):
            raise PollClosed(kept.poll.title)
        db.execute("UPDATE polls SET closed_at = ? WHERE id = ?", (now, poll_id))
        _forget_key(db, poll_id)
        _touch(db, poll_id)
        return self._find(db, team_id, poll_id)

    @transaction
    def delete(self, db: sqlite3.Connection, team_id: str, poll_id: str, now: float) -> None:
        """Delete the poll and every answer; its cards say so from then on."""
        self._find(db, team_id, poll_id)
        db.execute("UPDATE polls SET deleted_at = ? WHERE id = ?", (now, poll_id))
        db.execute("DELETE FROM answers WHERE poll_id = ?", (poll_id,))
        db.execute("DELETE FROM comments WHERE poll_id = ?", (poll_id,))
        _forget_key(db, poll_id)
        _touch(db, poll_id)

    @transaction
    def ended(self, db: sqlite3.Connection, now: float) -> list[str]:
        """Close the polls whose end has come, so that their cards say it; return their ids."""
        over = db.execute(
            "UPDATE polls SET closed_at = closes_at"
            " WHERE closed_at IS NULL AND deleted_at IS NULL AND closes_at <= ? RETURNING id",
            (now,),
        ).fetchall()
        for (poll_id,) in over:
            _forget_key(db, poll_id)
            _touch(db, poll_id)
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
            f" ORDER BY read_due_at LIMIT ?) RETURNING {_COLUMNS}",
            (now + 300.0, now, limit),
        ).fetchall()
        return [_kept(row) for row in rows]

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
            (_part_to_json(part), int(understood), raw, now, now, kept.poll.id),
        )
        if news:
            _touch(db, kept.poll.id)
        return news

    @transaction
    def touch(self, db: sqlite3.Connection, poll_id: str) -> None:
        """Mark the poll's cards as changed."""
        _touch(db, poll_id)

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
                _part_to_json(kept.jira_part),
                int(kept.understood),
                kept.read_at,
                _closes_at(poll.settings),
            ),
        )
        if not poll.settings.names:
            self._new_key(db, poll.id)

    def _find(self, db: sqlite3.Connection, team_id: str, poll_id: str) -> Kept:
        row = db.execute(
            f"SELECT {_COLUMNS} FROM polls WHERE id = ? AND team_id = ?", (poll_id, team_id)
        ).fetchone()
        if row is None:
            raise PollGone
        return _kept(row)

    def _voter(self, db: sqlite3.Connection, kept: Kept, person: Person) -> str:
        """Return what stands for the person in this poll's rows."""
        if kept.poll.settings.names:
            return person.user_id
        row = db.execute("SELECT key FROM poll_keys WHERE poll_id = ?", (kept.poll.id,)).fetchone()
        if row is None:
            raise PollClosed(kept.poll.title)
        key = bytes.fromhex(self._vault.open(row[0]))
        who = f"{person.team_id} {person.user_id}".encode()
        return hmac.new(key, who, hashlib.sha256).hexdigest()

    def _keep_word_on_names(
        self, db: sqlite3.Connection, kept: Kept, settings: PollSettings
    ) -> PollSettings:
        """Return the settings with names as they may be; make or destroy the key to fit."""
        poll_id, names = kept.poll.id, kept.poll.settings.names
        if settings.names == names:
            return settings
        if db.execute("SELECT 1 FROM answers WHERE poll_id = ? LIMIT 1", (poll_id,)).fetchone():
            return replace(settings, names=names)
        if settings.names:
            _forget_key(db, poll_id)
        else:
            self._new_key(db, poll_id)
        return settings

    def _new_key(self, db: sqlite3.Connection, poll_id: str) -> None:
        db.execute(
            "INSERT INTO poll_keys (poll_id, key) VALUES (?, ?)",
            (poll_id, self._vault.seal(secrets.token_hex(32))),
        )


def _kept(row: tuple[object, ...]) -> Kept:
    (
        id_,
        team,
        site,
        kind,
        subject,
        source_id,
        workspace,
        content,
        container,
        remote_id,
        raw,
        title,
        description,
        options,
        settings,
        template,
        created_by,
        created_at,
        closed_at,
        deleted_at,
        jira_part,
        understood,
        read_at,
    ) = row
    poll = Poll(
        id=str(id_),
        title=str(title),
        description=str(description),
        options=OPTIONS.validate_json(str(options)),
        settings=SETTINGS.validate_json(str(settings)),
        created_by=str(created_by),
        template=_text(template),
        closed_at=None if closed_at is None else float(str(closed_at)),
        deleted=deleted_at is not None,
    )
    return Kept(
        poll=poll,
        team_id=str(team),
        site=str(site),
        kind=cast(Kind, kind),
        subject=str(subject),
        created_at=float(str(created_at)),
        source_id=_text(source_id),
        workspace=_text(workspace),
        content=_text(content),
        container=_text(container),
        remote_id=_text(remote_id),
        raw=_text(raw),
        jira_part=None if jira_part is None else PART.validate_json(str(jira_part)),
        understood=bool(understood),
        read_at=float(str(read_at)),
    )


def _closes_at(settings: PollSettings) -> float | None:
    return settings.ends_at if settings.closes_at_end else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _part_to_json(part: Part | None) -> str | None:
    if part is None:
        return None
    fields: Mapping[str, object] = {"counts": dict(part.counts), "people": part.people}
    return json.dumps(fields)


def _answer(db: sqlite3.Connection, poll_id: str, voter: str) -> Answer:
    return frozenset(
        option_id
        for (option_id,) in db.execute(
            "SELECT option_id FROM answers WHERE poll_id = ? AND voter = ?", (poll_id, voter)
        ).fetchall()
    )


def _comment(db: sqlite3.Connection, poll_id: str, voter: str) -> str:
    row = db.execute(
        "SELECT comment FROM comments WHERE poll_id = ? AND voter = ?", (poll_id, voter)
    ).fetchone()
    return "" if row is None else str(row[0])


def _say(db: sqlite3.Connection, poll_id: str, voter: str, comment: str) -> None:
    db.execute("DELETE FROM comments WHERE poll_id = ? AND voter = ?", (poll_id, voter))
    if comment:
        db.execute(
            "INSERT INTO comments (poll_id, voter, comment) VALUES (?, ?, ?)",
            (poll_id, voter, comment),
        )


def _touch(db: sqlite3.Connection, poll_id: str) -> None:
    db.execute("UPDATE cards SET changes = changes + 1, attempts = 0 WHERE poll_id = ?", (poll_id,))


def _has_key(db: sqlite3.Connection, poll_id: str) -> bool:
    return (
        db.execute("SELECT 1 FROM poll_keys WHERE poll_id = ?", (poll_id,)).fetchone() is not None
    )


def _forget_key(db: sqlite3.Connection, poll_id: str) -> None:
    """Destroy the key: from now on nobody can tell whose an answer is."""
    db.execute("DELETE FROM poll_keys WHERE poll_id = ?", (poll_id,))
    db.execute("DELETE FROM deliveries WHERE subject = ?", (f"poll {poll_id}",))
