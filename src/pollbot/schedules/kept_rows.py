"""Rows of schedules, and of what they make."""

import json
from dataclasses import dataclass

from pydantic import Json, TypeAdapter

from pollbot.accounts.rows import Waits
from pollbot.accounts.rules import Waiting
from pollbot.people import Person
from pollbot.polls.sources.rows import DEFAULT, of_new_poll
from pollbot.schedules.refusals import ScheduleElsewhere, ScheduleGone
from pollbot.schedules.rules import Plan, Schedule
from pollbot.store.columns import Columns
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Amount, Limit, Queue
from pollbot.store.refusals import read
from pollbot.store.writer import Connection

PLAN = TypeAdapter(Plan)


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A schedule as it lies in its table, but for what only its queue and its rules look at."""

    id: str
    team_id: str
    site: str
    owner: str
    plan: Json[Plan]
    made_at: float
    next_at: float | None
    paused: bool
    why: str
    posted: int


_ROW = Columns(ScheduleRow)
COLUMNS = str(_ROW)

_WHAT = "json_extract(plan, '$.what')"
_IS_PLAIN = (
    f"({_WHAT} = 'ask' AND json_extract(plan, '$.ask.kind') = 'plain') OR ({_WHAT} = 'poll' AND"
    " (SELECT kind FROM polls WHERE polls.id = json_extract(plan, '$.subject')) = 'plain')"
)
_ISSUE = (
    f"(CASE {_WHAT} WHEN 'issue' THEN json_extract(plan, '$.subject') WHEN 'poll' THEN"
    " (SELECT subject FROM polls WHERE polls.id = json_extract(plan, '$.subject')"
    " AND kind = 'issue') END)"
)
_NEW = of_new_poll("schedules.team_id", "json_extract(plan, '$.ask')")
_SOURCE = (
    f"(CASE {_WHAT} WHEN 'ask' THEN {_NEW} WHEN 'poll' THEN"
    " (SELECT source_id FROM polls WHERE polls.id = json_extract(plan, '$.subject')) END)"
)
SCHEDULES = Queue(
    "schedules",
    "schedules",
    ("id",),
    "paused = 0 AND next_at IS NOT NULL",
    limits=(
        Limit(f"CASE WHEN {_ISSUE} IS NOT NULL THEN site || ' ' || {_ISSUE} END", 2),
        Limit(f"CASE WHEN {_IS_PLAIN} THEN NULL ELSE site END", 8),
        Limit(f"CASE WHEN {_IS_PLAIN} THEN NULL ELSE team_id || ' ' || site END", 6),
        Limit(f"nullif({_SOURCE}, '{DEFAULT}')", 3),
        # More than one owner may hold, as the default may be pollbot itself.
        Limit(f"CASE {_SOURCE} WHEN '{DEFAULT}' THEN 1 END", 5),
        Limit(
            f"CASE WHEN {_IS_PLAIN} THEN NULL ELSE team_id || ' ' || owner || ' ' || site END", 4
        ),
        Limit("team_id || ' ' || owner", 16),
        Limit("json_extract(plan, '$.channel_id')", 2),
        Limit("team_id", 24),
    ),
    by_date=True,
)


def late(db: Connection, now: float) -> Amount:
    """Return how many schedules have not posted what was due, and since when the first has not."""
    return Amount(
        *db.execute(
            f"SELECT count(*), min(next_at) FROM schedules WHERE {SCHEDULES.work} AND next_at <= ?",
            (now,),
        ).fetchone()
    )


def find_schedule(db: Connection, team_id: str, schedule_id: str) -> Schedule:
    """Return the schedule.

    Raises ScheduleElsewhere if another team has it, and ScheduleGone if nobody has.
    """
    row = db.execute(f"SELECT {COLUMNS} FROM schedules WHERE id = ?", (schedule_id,)).fetchone()
    if row is None:
        raise ScheduleGone
    schedule = schedule_from(row)
    if schedule.owner.team_id != team_id:
        raise ScheduleElsewhere
    return schedule


def schedule_from(row: tuple[object, ...]) -> Schedule:
    """Return the schedule of a row of COLUMNS."""
    kept = _ROW.read(row)
    return Schedule(
        id=kept.id,
        owner=Person(kept.team_id, kept.owner),
        site=kept.site,
        plan=kept.plan,
        made_at=kept.made_at,
        next_at=kept.next_at,
        paused=kept.paused,
        why=read(kept.why) if kept.why else None,
        posted=kept.posted,
    )


def scheduled(schedule: Schedule, due_at: float) -> Notice:
    """Return the notice of the schedule's post for a due time."""
    return Notice(Kind.SCHEDULED, schedule.id, due_at)


def follow(db: Connection, site: str, before: str, key: str) -> None:
    """Have schedules on an issue go on with its new key, and compare it with what it was."""
    changed = json.dumps({"subject": key})
    db.execute(
        "UPDATE schedules SET plan = json_patch(plan, ?) WHERE site = ?"
        f" AND {_WHAT} = 'issue' AND json_extract(plan, '$.subject') = ?",
        (changed, site, before),
    )
    db.execute(
        "UPDATE schedules SET plan = json_patch(plan, ?) WHERE site = ?"
        " AND json_extract(plan, '$.ask.kind') = 'issue'"
        " AND json_extract(plan, '$.ask.subject') = ?",
        (f'{{"ask": {changed}}}', site, before),
    )
    counted = db.execute(
        "SELECT id, snapshot FROM schedules WHERE site = ? AND snapshot IS NOT NULL", (site,)
    ).fetchall()
    for schedule_id, snapshot in counted:
        counts = json.loads(snapshot)
        if before in counts:
            counts[key] = counts.pop(before)
            db.execute(
                "UPDATE schedules SET snapshot = ? WHERE id = ?", (json.dumps(counts), schedule_id)
            )


class SchedulesForAccounts(Waits):
    """Schedules that wait for an account."""

    def connected(self, db: Connection, person: Person, site: str, now: float) -> Waiting:
        """Let go on what waited for a Jira account that is there now.

        Its due time stays: what becomes of one that has passed is for its own rule.
        """
        SCHEDULES.make_due(
            db,
            now,
            "team_id = ? AND owner = ? AND site = ? AND paused = 1 AND needs_jira = 1",
            person.team_id,
            person.user_id,
            site,
            sets="paused = 0, why = '', needs_jira = 0",
        )
        return Waiting()
