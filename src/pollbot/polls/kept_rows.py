"""How a poll lies in its row."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from pydantic import Json, TypeAdapter

from pollbot.cards.press_rows import OfPoll
from pollbot.cards.rows import touch as touch_cards
from pollbot.errors import PollGone
from pollbot.jira.key_rows import present
from pollbot.people import Person
from pollbot.polls.answers.key_rows import PollKeys
from pollbot.polls.kept import FRESH, Home, Kept
from pollbot.polls.refusals import PollElsewhere, PollForgotten, PollUnknown
from pollbot.polls.rules import OWN_SETTINGS, Draft, Kind, Option, Poll, PollSettings
from pollbot.polls.tally import Part
from pollbot.store.columns import Columns, named
from pollbot.store.queue import Amount, Limit, Queue
from pollbot.store.writer import Connection

READ_EVERY = 300.0
"""Seconds after which what a source said of a poll is looked at again, at the earliest."""

OPTIONS = TypeAdapter(tuple[Option, ...])
SETTINGS = TypeAdapter(PollSettings)


@dataclass(frozen=True, slots=True)
class PollRow:
    """A poll as it lies in its table, but for what only queues and sweeps look at."""

    id: str
    team_id: str
    site: str
    kind: Kind
    subject: str
    source: str | None
    source_id: str | None
    place: str | None
    remote_id: str | None
    raw: str | None
    title: str
    description: str
    options: Json[tuple[Option, ...]]
    settings: Json[PollSettings]
    template: str | None
    created_by: str
    owners: Json[frozenset[str]]
    created_at: float
    closed_at: float | None
    deleted_at: float | None
    jira_part: Json[Part] | None
    understood: bool
    read_at: float
    closed_by: str | None
    remind_before: float | None
    record: bool
    found: bool
    asked: str
    nudged_at: float | None
    unlisted_since: float | None


_ROW = Columns(PollRow)
COLUMNS = str(_ROW)


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
    "remote_id IS NOT NULL"
    " AND (unlisted_since IS NOT NULL OR (deleted_at IS NULL AND closed_at IS NULL))",
    limits=(Limit("source_id", 3), Limit("team_id", 6)),
    prefix="read_",
    looks=True,
)
ENDS = "ends"
"""What is woken when a poll's end was set or moved; what has come is closed in one sweep."""


def ends_due(db: Connection, now: float) -> Amount:
    """Return how many polls are still open though their end has come, and since when."""
    return Amount(
        *db.execute(
            "SELECT count(*), min(closes_at) FROM polls"
            " WHERE closed_at IS NULL AND deleted_at IS NULL AND closes_at <= ?",
            (now,),
        ).fetchone()
    )


def find_poll(db: Connection, team_id: str, poll_id: str) -> Kept:
    """Return the poll, be it deleted.

    Raises PollElsewhere if another team has it, and PollUnknown if nobody has.
    """
    row = db.execute(f"SELECT {COLUMNS} FROM polls WHERE id = ?", (poll_id,)).fetchone()
    if row is None:
        gone = db.execute(
            "SELECT 1 FROM forgotten_polls WHERE id = ? AND team_id = ?", (poll_id, team_id)
        ).fetchone()
        raise PollUnknown if gone is None else PollForgotten
    kept = kept_from(row)
    if kept.team_id != team_id:
        raise PollElsewhere
    return kept


@lru_cache(maxsize=64)
def kept_from(row: tuple[object, ...]) -> Kept:
    """Return the poll of a row with all ``COLUMNS``.

    A crowd answers the same poll, whose row stays as it is: what is read of it is kept.
    """
    kept = _ROW.read(row)
    poll = Poll(
        id=kept.id,
        title=kept.title,
        description=kept.description,
        options=kept.options,
        settings=kept.settings,
        created_by=kept.created_by,
        template=kept.template,
        closed_at=kept.closed_at,
        deleted=kept.deleted_at is not None,
        asked=kept.asked,
    )
    return Kept(
        poll=poll,
        team_id=kept.team_id,
        site=kept.site,
        kind=kept.kind,
        subject=kept.subject,
        created_at=kept.created_at,
        owners=kept.owners,
        home=_home(kept),
        jira_part=kept.jira_part,
        understood=kept.understood,
        read_at=kept.read_at,
        closed_by=kept.closed_by,
        remind_before=kept.remind_before,
        record=kept.record,
        found=kept.found,
        nudged_at=kept.nudged_at,
        unlisted_since=kept.unlisted_since,
    )


def _home(kept: PollRow) -> Home | None:
    if kept.source is None or kept.source_id is None or kept.place is None:
        return None
    return Home(kept.source, kept.source_id, kept.place, kept.remote_id or "", kept.raw or "")


def insert(db: Connection, keys: PollKeys, kept: Kept, *, made: bool) -> None:
    """Put a new poll into its row; ``made`` says that it is where it lives."""
    poll, home = kept.poll, kept.home
    subject = present(db, kept.site, kept.subject) if kept.kind == "issue" else kept.subject
    row: dict[str, object] = {
        "id": poll.id,
        "team_id": kept.team_id,
        "site": kept.site,
        "kind": kept.kind,
        "subject": subject,
        "source": None if home is None else home.kind,
        "source_id": None if home is None else home.source_id,
        "place": None if home is None else home.place,
        "remote_id": None if home is None else home.id or None,
        "raw": None if home is None else home.sent or None,
        "title": poll.title,
        "description": poll.description,
        "options": OPTIONS.dump_json(poll.options).decode(),
        "settings": settings_to_json(poll.settings),
        "template": poll.template,
        "created_by": poll.created_by,
        "created_at": kept.created_at,
        "made": int(made),
        "jira_part": part_to_json(kept.jira_part),
        "understood": int(kept.understood),
        "read_at": kept.read_at,
        "closes_at": closes_at(poll.settings),
        "remind_before": kept.remind_before,
        "record": int(kept.record),
        "found": int(kept.found),
    }
    db.execute(f"INSERT INTO polls {named(row)}", row)
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


def settings_to_json(settings: PollSettings) -> str:
    """Return settings as they are stored: those that pollbot keeps itself only where they hold.

    So a pollbot that knows none of these reads the others as ever.
    """
    fields: dict[str, object] = SETTINGS.dump_python(settings, mode="json")
    usual: dict[str, object] = SETTINGS.dump_python(PollSettings(), mode="json")
    left_out = {name for name in OWN_SETTINGS if fields[name] == usual[name]}
    return json.dumps({name: value for name, value in fields.items() if name not in left_out})


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
        at = now + FRESH if kept.may_come_back else max(now, kept.read_at + FRESH)
        READINGS.make_sooner(db, at, "id = ?", kept.poll.id)
        READINGS.unpark(db, at, "id = ?", kept.poll.id)


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
