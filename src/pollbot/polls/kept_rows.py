"""How a poll lies in its row."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from pydantic import TypeAdapter

from pollbot.cards.press_rows import OfPoll
from pollbot.cards.rows import touch as touch_cards
from pollbot.errors import PollElsewhere, PollGone, PollUnknown
from pollbot.jira.key_rows import present
from pollbot.people import Person
from pollbot.polls.answers.key_rows import PollKeys
from pollbot.polls.kept import FRESH, Home, Kept
from pollbot.polls.rules import Draft, Kind, Option, Poll, PollSettings
from pollbot.polls.tally import Part
from pollbot.store.queue import Limit, Queue
from pollbot.store.writer import Connection

READ_EVERY = 300.0
"""Seconds after which what a source said of a poll is looked at again, at the earliest."""

OPTIONS = TypeAdapter(tuple[Option, ...])
SETTINGS = TypeAdapter(PollSettings)
PART = TypeAdapter(Part)

COLUMNS = (
    "id, team_id, site, kind, subject, source, source_id, place, remote_id, raw, title,"
    " description, options, settings, template, created_by, owners, created_at, closed_at,"
    " deleted_at, jira_part, understood, read_at, closed_by, remind_before, record,"
    " found, asked"
)


REMINDERS = Queue(
    "reminders",
    "polls",
    ("id",),
    "closed_at IS NULL AND deleted_at IS NULL",
    limits=(
        Limit("(SELECT min(channel_id) FROM cards WHERE cards.poll_id = polls.id)", 2),
        Limit("team_id || ' ' || created_by", 3),
        Limit("team_id", 4),
    ),
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
    """Return the poll, be it deleted.

    Raises PollElsewhere if another team has it, and PollUnknown if nobody has.
    """
    row = db.execute(f"SELECT {COLUMNS} FROM polls WHERE id = ?", (poll_id,)).fetchone()
    if row is None:
        raise PollUnknown
    kept = kept_from(row)
    if kept.team_id != team_id:
        raise PollElsewhere
    return kept


def kept_from(row: tuple[object, ...]) -> Kept:
    """Return the poll of a row with all ``COLUMNS``."""
    (
        id_,
        team,
        site,
        kind,
        subject,
        source,
        source_id,
        place,
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
        found,
        asked,
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
        asked=str(asked),
    )
    return Kept(
        poll=poll,
        team_id=str(team),
        site=str(site),
        kind=cast(Kind, kind),
        subject=str(subject),
        created_at=float(str(created_at)),
        owners=frozenset(json.loads(str(owners))),
        home=None
        if source is None
        else Home(str(source), str(source_id), str(place), str(remote_id or ""), str(raw or "")),
        jira_part=None if jira_part is None else PART.validate_json(str(jira_part)),
        understood=bool(understood),
        read_at=float(str(read_at)),
        closed_by=_text(closed_by),
        remind_before=None if remind_before is None else float(str(remind_before)),
        record=bool(record),
        found=bool(found),
    )


def insert(db: Connection, keys: PollKeys, kept: Kept, *, made: bool) -> None:
    """Put a new poll into its row; ``made`` says that it is where it lives."""
    poll, home = kept.poll, kept.home
    db.execute(
        "INSERT INTO polls (id, team_id, site, kind, subject, source, source_id, place,"
        " remote_id, raw, title, description, options, settings, template,"
        " created_by, created_at, made, jira_part, understood, read_at, closes_at,"
        " remind_before, record, found)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            poll.id,
            kept.team_id,
            kept.site,
            kept.kind,
            present(db, kept.site, kept.subject) if kept.kind == "issue" else kept.subject,
            None if home is None else home.kind,
            None if home is None else home.source_id,
            None if home is None else home.place,
            None if home is None else home.id or None,
            None if home is None else home.sent or None,
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
            int(kept.found),
        ),
    )
    reminder = ahead(remind_at(poll.settings, kept.remind_before), kept.created_at)
    REMINDERS.make_due(db, reminder, "id = ?", poll.id)
    if home is not None and home.id:
        READINGS.make_due(db, kept.read_at + READ_EVERY, "id = ?", poll.id)
    db.made_due.append(ENDS)
    if not poll.settings.names:
        keys.new(db, poll.id)


def follow(db: Connection, site: str, before: str, key: str) -> None:
    """Have polls on an issue be on its new key; what a source keeps them under stays."""
    moved = db.execute(
        "UPDATE polls SET subject = ? WHERE site = ? AND kind = 'issue' AND subject = ?"
        " RETURNING id",
        (key, site, before),
    ).fetchall()
    for (poll_id,) in moved:
        touch(db, poll_id)


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
    """Return what its source counted, as it is stored."""
    if part is None:
        return None
    fields: Mapping[str, object] = {"counts": dict(part.counts), "people": part.people}
    return json.dumps(fields)


def touch(db: Connection, poll_id: str) -> None:
    """Mark the poll's cards as changed."""
    touch_cards(db, "poll_id = ?", poll_id)


def look_soon(db: Connection, kept: Kept, now: float) -> None:
    """Have its source looked at soon, once for all touches of a few seconds.

    It may be slow, so whatever touched the poll does not wait for it.
    """
    if kept.home is not None and kept.home.id:
        at = max(now, kept.read_at + FRESH)
        READINGS.make_sooner(db, at, "id = ?", kept.poll.id)
        READINGS.unpark(db, at, "id = ?", kept.poll.id)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def adopt(
    db: Connection, owner: Person, subject: str, draft: Draft, stamp: str, since: float
) -> Kept | None:
    """Return the poll that was made elsewhere, though its answer was lost; None if none was.

    It was found there since, looks like the draft, and belongs to no delivery and no card.
    Whoever listed it first, it is its owner's from now on.
    """
    rows = db.execute(
        f"SELECT {COLUMNS} FROM polls WHERE team_id = ? AND subject = ?"
        " AND (created_by = ? OR found = 1) AND created_at >= ? AND title = ?"
        " AND remote_id IS NOT NULL"
        " AND deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM cards WHERE poll_id = polls.id)"
        " AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.team_id = polls.team_id"
        " AND user_id = created_by AND deliveries.subject = 'new poll' AND deed = polls.id)",
        (owner.team_id, subject, owner.user_id, since, draft.title),
    ).fetchall()
    for kept in map(kept_from, rows):
        if tuple(option.title for option in kept.poll.live) == draft.options:
            db.execute(
                "INSERT INTO deliveries (team_id, user_id, subject, stamp, deed, seen_at)"
                " VALUES (?, ?, 'new poll', ?, ?, ?) ON CONFLICT DO NOTHING",
                (owner.team_id, owner.user_id, stamp, kept.poll.id, kept.created_at),
            )
            db.execute(
                "UPDATE polls SET found = 0, created_by = ? WHERE id = ?",
                (owner.user_id, kept.poll.id),
            )
            return replace(kept, found=False, poll=replace(kept.poll, created_by=owner.user_id))
    return None


def on_card(db: Connection, team_id: str, poll_id: str, now: float) -> OfPoll | None:
    """Return what a card of the poll is about; None if the team has no such poll."""
    try:
        kept = find_poll(db, team_id, poll_id)
    except PollGone:
        return None
    live = kept.poll.live if kept.poll.is_open(now) else ()
    return OfPoll(kept.poll.created_by, kept.site, frozenset(option.id for option in live))
