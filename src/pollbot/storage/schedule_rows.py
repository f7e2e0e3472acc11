"""Rows of schedules, and of what they make."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import TypeAdapter

from pollbot.domain.kept import Kept
from pollbot.domain.people import Person
from pollbot.domain.polls import Draft
from pollbot.domain.schedules import Plan, Schedule
from pollbot.errors import ScheduleGone
from pollbot.storage import poll_rows
from pollbot.storage.writer import Connection

PLAN = TypeAdapter(Plan)

COLUMNS = (
    "id, team_id, site, owner, plan, made_at, next_at, paused, why, posted, failures, attempts"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A schedule whose time has come; ``attempts`` counts tries for this due time."""

    schedule: Schedule
    attempts: int


class Word(StrEnum):
    """What the owner of a schedule is to hear."""

    TOO_OLD = "too_old"
    MAYBE_MISSING = "maybe_missing"
    STOPPED = "stopped"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Owed:
    """A word that the owner of a schedule is still to hear, and the row of it."""

    schedule: Schedule
    subject: str
    due_at: float
    word: Word


def find_schedule(db: Connection, team_id: str, schedule_id: str) -> Schedule:
    """Return the schedule. Raises ScheduleGone if this team has none with that id."""
    row = db.execute(
        f"SELECT {COLUMNS} FROM schedules WHERE team_id = ? AND id = ?", (team_id, schedule_id)
    ).fetchone()
    if row is None:
        raise ScheduleGone
    return schedule_from(row)


def schedule_from(row: tuple[object, ...]) -> Schedule:
    """Return the schedule of a row of COLUMNS."""
    id_, team, site, owner, plan, made_at, next_at, paused, why, posted, failures, _ = row
    return Schedule(
        id=str(id_),
        owner=Person(str(team), str(owner)),
        site=str(site),
        plan=PLAN.validate_json(str(plan)),
        made_at=float(str(made_at)),
        next_at=None if next_at is None else float(str(next_at)),
        paused=bool(paused),
        why=str(why),
        posted=int(str(posted)),
        failures=int(str(failures)),
    )


def adopt(
    db: Connection, owner: Person, subject: str, draft: Draft, stamp: str, since: float
) -> Kept | None:
    """Return the poll that was made elsewhere, though its answer was lost; None if none was.

    It was found there since, looks like the draft, and belongs to no delivery and no card.
    """
    rows = db.execute(
        f"SELECT {poll_rows.COLUMNS} FROM polls WHERE team_id = ? AND subject = ?"
        " AND created_by = ? AND created_at >= ? AND title = ? AND remote_id IS NOT NULL"
        " AND deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM cards WHERE poll_id = polls.id)"
        " AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.team_id = polls.team_id"
        " AND user_id = created_by AND deliveries.subject = 'new poll' AND deed = polls.id)",
        (owner.team_id, subject, owner.user_id, since, draft.title),
    ).fetchall()
    for kept in map(poll_rows.kept_from, rows):
        if tuple(option.title for option in kept.poll.live) == draft.options:
            db.execute(
                "INSERT INTO deliveries (team_id, user_id, subject, stamp, deed, seen_at)"
                " VALUES (?, ?, 'new poll', ?, ?, ?) ON CONFLICT DO NOTHING",
                (owner.team_id, owner.user_id, stamp, kept.poll.id, kept.created_at),
            )
            return kept
    return None
