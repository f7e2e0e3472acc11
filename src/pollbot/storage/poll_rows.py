"""How a poll lies in its row, and the keys that stand between answers and people."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import cast

from pydantic import TypeAdapter

from pollbot.domain.kept import FRESH, Kept, Kind
from pollbot.domain.people import Person
from pollbot.domain.polls import Option, Poll, PollSettings
from pollbot.domain.tally import Part
from pollbot.errors import PollClosed, PollGone
from pollbot.storage import outbox
from pollbot.storage.cards import touch as touch_cards
from pollbot.storage.outbox import Kind as Said
from pollbot.storage.queue import Limit, Queue
from pollbot.storage.vault import Vault
from pollbot.storage.writer import Connection

READ_EVERY = 300.0
"""Seconds after which what Team Voice said of a poll is looked at again, at the earliest."""

OPTIONS = TypeAdapter(tuple[Option, ...])
SETTINGS = TypeAdapter(PollSettings)
PART = TypeAdapter(Part)

COLUMNS = (
    "id, team_id, site, kind, subject, source_id, workspace, content, container, remote_id, raw,"
    " title, description, options, settings, template, created_by, owners, created_at, closed_at,"
    " deleted_at, jira_part, understood, read_at, closed_by, remind_before, record"
)


REMINDERS = Queue(
    "reminders",
    "polls",
    ("id",),
    "closed_at IS NULL AND deleted_at IS NULL",
    # Slack takes about one message a second of an app in one workspace.
    limits=(Limit("team_id", 1),),
    prefix="remind_",
    by_date=True,
)
READINGS = Queue(
    "readings",
    "polls",
    ("id",),
    "remote_id IS NOT NULL AND deleted_at IS NULL AND closed_at IS NULL",
    limits=(Limit("source_id", 3), Limit("team_id", 6)),
    prefix="read_",
)
ENDS = "ends"
"""What is woken when a poll's end was set or moved; what has come is closed in one sweep."""


def find_poll(db: Connection, team_id: str, poll_id: str) -> Kept:
    """Return the poll. Raises PollGone if this team has none with that id."""
    row = db.execute(
        f"SELECT {COLUMNS} FROM polls WHERE id = ? AND team_id = ?", (poll_id, team_id)
    ).fetchone()
    if row is None:
        raise PollGone
    return kept_from(row)


def kept_from(row: tuple[object, ...]) -> Kept:
    """Return the poll of a row with all ``COLUMNS``."""
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
        owners,
        created_at,
        closed_at,
        deleted_at,
        jira_part,
        understood,
        read_at,
        closed_by,
        remind_before,
        record,
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
        owners=frozenset(json.loads(str(owners))),
        source_id=_text(source_id),
        workspace=_text(workspace),
        content=_text(content),
        container=_text(container),
        remote_id=_text(remote_id),
        raw=_text(raw),
        jira_part=None if jira_part is None else PART.validate_json(str(jira_part)),
        understood=bool(understood),
        read_at=float(str(read_at)),
        closed_by=_text(closed_by),
        remind_before=None if remind_before is None else float(str(remind_before)),
        record=bool(record),
    )


def insert(db: Connection, vault: Vault, kept: Kept, *, made: bool) -> None:
    """Put a new poll into its row; ``made`` says that it is where it lives."""
    poll = kept.poll
    db.execute(
        "INSERT INTO polls (id, team_id, site, kind, subject, source_id, workspace, content,"
        " container, remote_id, raw, title, description, options, settings, template,"
        " created_by, created_at, made, jira_part, understood, read_at, closes_at,"
        " remind_before, record)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
            closes_at(poll.settings),
            kept.remind_before,
            int(kept.record),
        ),
    )
    reminder = ahead(remind_at(poll.settings, kept.remind_before), kept.created_at)
    REMINDERS.make_due(db, reminder, "id = ?", poll.id)
    if kept.remote_id is not None:
        READINGS.make_due(db, kept.read_at + READ_EVERY, "id = ?", poll.id)
    db.made_due.append(ENDS)
    if not poll.settings.names:
        new_key(db, vault, poll.id)


def drop(db: Connection, poll_id: str) -> None:
    """Forget a poll that was never made, so that it can be asked for again."""
    db.execute("DELETE FROM polls WHERE id = ?", (poll_id,))
    db.execute("DELETE FROM deliveries WHERE subject = 'new poll' AND deed = ?", (poll_id,))


def closes_at(settings: PollSettings) -> float | None:
    """Return when the poll closes by itself; a planned end closes nothing."""
    return settings.ends_at if settings.closes_at_end else None


def remind_at(settings: PollSettings, remind_before: float | None) -> float | None:
    """Return when those are reminded who have not answered; without names nobody knows them."""
    end = closes_at(settings)
    if end is None or remind_before is None or not settings.names:
        return None
    return end - remind_before


def ahead(moment: float | None, now: float) -> float | None:
    """Return the moment if it is still to come."""
    return moment if moment is not None and moment > now else None


def part_to_json(part: Part | None) -> str | None:
    """Return what Jira counted, as it is stored."""
    if part is None:
        return None
    fields: Mapping[str, object] = {"counts": dict(part.counts), "people": part.people}
    return json.dumps(fields)


def touch(db: Connection, poll_id: str) -> None:
    """Mark the poll's cards as changed."""
    touch_cards(db, "poll_id = ?", poll_id)


def look_soon(db: Connection, kept: Kept, now: float) -> None:
    """Have Team Voice looked at soon, once for all touches of a few seconds.

    It may be slow, so whatever touched the poll does not wait for it.
    """
    if kept.remote_id is not None:
        at = max(now, kept.read_at + FRESH)
        READINGS.make_sooner(db, at, "id = ?", kept.poll.id)
        READINGS.unpark(db, at, "id = ?", kept.poll.id)


def voter_of(db: Connection, vault: Vault, kept: Kept, person: Person) -> str:
    """Return what stands for the person in this poll's rows.

    Raises PollClosed for an anonymous poll whose key is gone.
    """
    if kept.poll.settings.names:
        return person.user_id
    key = _key(db, vault, kept.poll.id)
    if key is None:
        raise PollClosed(kept.poll.title)
    return _pseudonym(key, person.team_id, person.user_id)


def has_key(db: Connection, poll_id: str) -> bool:
    """Return whether answers can still be tied to people."""
    return (
        db.execute("SELECT 1 FROM poll_keys WHERE poll_id = ?", (poll_id,)).fetchone() is not None
    )


def new_key(db: Connection, vault: Vault, poll_id: str) -> None:
    """Make the key under which an anonymous poll keeps its voters."""
    db.execute(
        "INSERT INTO poll_keys (poll_id, key) VALUES (?, ?)",
        (poll_id, vault.seal(secrets.token_hex(32))),
    )


def forget_key(db: Connection, poll_id: str) -> None:
    """Destroy the key: from now on nobody can tell whose an answer is."""
    db.execute("DELETE FROM poll_keys WHERE poll_id = ?", (poll_id,))
    db.execute("DELETE FROM deliveries WHERE subject = ?", (f"poll {poll_id}",))


def make_anonymous(db: Connection, vault: Vault, kept: Kept) -> None:
    """Put a pseudonym in place of every name that the poll has kept so far."""
    poll_id = kept.poll.id
    outbox.forget(db, Said.REMINDER, poll_id)
    db.execute("UPDATE polls SET closed_by = '' WHERE id = ? AND closed_by IS NOT NULL", (poll_id,))
    new_key(db, vault, poll_id)
    key = _key(db, vault, poll_id)
    for table, who, of, value in (
        ("answers", "voter", "poll_id", poll_id),
        ("comments", "voter", "poll_id", poll_id),
        # Else a click that Slack delivers again would count again.
        ("deliveries", "user_id", "subject", f"poll {poll_id}"),
    ):
        people = db.execute(
            f"SELECT DISTINCT {who} FROM {table} WHERE {of} = ?", (value,)
        ).fetchall()
        for (person,) in people:
            db.execute(
                f"UPDATE {table} SET {who} = ? WHERE {of} = ? AND {who} = ?",
                (_pseudonym(key or b"", kept.team_id, person), value, person),
            )


def _key(db: Connection, vault: Vault, poll_id: str) -> bytes | None:
    row = db.execute("SELECT key FROM poll_keys WHERE poll_id = ?", (poll_id,)).fetchone()
    return None if row is None else bytes.fromhex(vault.open(row[0]))


def _pseudonym(key: bytes, team_id: str, user_id: str) -> str:
    return hmac.new(key, f"{team_id} {user_id}".encode(), hashlib.sha256).hexdigest()


def _text(value: object) -> str | None:
    return None if value is None else str(value)
