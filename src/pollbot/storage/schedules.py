"""Schedules: what is due, what was claimed, and what their owners still have to hear."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter

from pollbot.domain.people import Person
from pollbot.domain.schedules import Plan, Schedule
from pollbot.errors import ScheduleGone
from pollbot.storage import posts
from pollbot.storage.cards import NewCard, keep_posted
from pollbot.storage.writer import Writer, transaction

PLAN = TypeAdapter(Plan)

_LEASE = 120.0
_LISTED = 100
_COLUMNS = (
    "id, team_id, site, owner, plan, made_at, next_at, paused, why, posted, failures, attempts"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A schedule whose time has come; ``attempts`` counts tries for this due time."""

    schedule: Schedule
    attempts: int


@dataclass(frozen=True, slots=True)
class Owed:
    """A due time that its owner is to hear of: too old to be posted, or perhaps not posted."""

    schedule: Schedule
    subject: str
    due_at: float
    too_old: bool


class Schedules:
    """A schedule is waiting while it has a next due time and is not paused."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @transaction
    def add(self, db: sqlite3.Connection, schedule: Schedule, stamp: str) -> Schedule:
        """Keep a new schedule; the same delivery again changes nothing. Return what is kept."""
        row = db.execute(
            "INSERT INTO schedules (id, team_id, site, owner, what, subject, channel_id, plan,"
            " stamp, made_at, next_at, try_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (team_id, owner, stamp) DO UPDATE SET stamp = excluded.stamp"
            f" RETURNING {_COLUMNS}",
            (
                schedule.id,
                schedule.owner.team_id,
                schedule.site,
                schedule.owner.user_id,
                *_of_plan(schedule.plan),
                stamp,
                schedule.made_at,
                schedule.next_at,
                schedule.next_at,
            ),
        ).fetchone()
        return _schedule(row)

    @transaction
    def find(self, db: sqlite3.Connection, team_id: str, schedule_id: str) -> Schedule:
        """Return the schedule. Raises ScheduleGone if this team has none with that id."""
        return _found(db, team_id, schedule_id)

    @transaction
    def of(
        self, db: sqlite3.Connection, team_id: str, owner: str | None, limit: int = _LISTED
    ) -> list[Schedule]:
        """Return the schedules of one person, or of the whole team; the next due one first."""
        rows = db.execute(
            f"SELECT {_COLUMNS} FROM schedules WHERE team_id = ? AND owner = coalesce(?, owner)"
            " ORDER BY next_at IS NULL, paused, next_at LIMIT ?",
            (team_id, owner, limit),
        ).fetchall()
        return [_schedule(row) for row in rows]

    @transaction
    def change(
        self,
        db: sqlite3.Connection,
        team_id: str,
        schedule_id: str,
        plan: Plan,
        next_at: float | None,
    ) -> Schedule:
        """Keep a new plan. What was paused by a failure goes on: it was edited to mend that."""
        db.execute(
            "UPDATE schedules SET what = ?, subject = ?, channel_id = ?, plan = ?, next_at = ?,"
            " try_at = ?, attempts = 0, failures = 0, needs_jira = 0,"
            " paused = CASE WHEN why = '' THEN paused ELSE 0 END, why = ''"
            " WHERE team_id = ? AND id = ?",
            (*_of_plan(plan), next_at, next_at, team_id, schedule_id),
        )
        return _found(db, team_id, schedule_id)

    @transaction
    def pause(
        self,
        db: sqlite3.Connection,
        team_id: str,
        schedule_id: str,
        why: str = "",
        *,
        needs_jira: bool = False,
    ) -> Schedule:
        """Stop posting until ``resume``; with ``needs_jira`` connecting Jira resumes it, too."""
        db.execute(
            "UPDATE schedules SET paused = 1, why = ?, needs_jira = ? WHERE team_id = ? AND id = ?",
            (why, int(needs_jira), team_id, schedule_id),
        )
        return _found(db, team_id, schedule_id)

    @transaction
    def resume(
        self, db: sqlite3.Connection, team_id: str, schedule_id: str, next_at: float | None
    ) -> Schedule:
        """Go on with that due time."""
        db.execute(
            "UPDATE schedules SET paused = 0, why = '', needs_jira = 0, failures = 0,"
            " attempts = 0, next_at = ?, try_at = ? WHERE team_id = ? AND id = ?",
            (next_at, next_at, team_id, schedule_id),
        )
        return _found(db, team_id, schedule_id)

    @transaction
    def connected_again(self, db: sqlite3.Connection) -> list[Schedule]:
        """Return the schedules that waited for a Jira account which is there again."""
        rows = db.execute(
            f"SELECT {_COLUMNS} FROM schedules WHERE paused = 1 AND needs_jira = 1 AND EXISTS"
            " (SELECT 1 FROM accounts WHERE accounts.team_id = schedules.team_id"
            " AND user_id = owner AND accounts.site = schedules.site AND refused_at IS NULL)"
        ).fetchall()
        return [_schedule(row) for row in rows]

    @transaction
    def delete(self, db: sqlite3.Connection, team_id: str, schedule_id: str) -> None:
        """Forget the schedule; what it has posted stays."""
        db.execute("DELETE FROM schedules WHERE team_id = ? AND id = ?", (team_id, schedule_id))

    @transaction
    def due(self, db: sqlite3.Connection, now: float, limit: int) -> list[Turn]:
        """Return schedules whose time has come, the one that waited longest first."""
        rows = db.execute(
            "UPDATE schedules SET try_at = ? WHERE id IN (SELECT id FROM schedules WHERE paused = 0"
            " AND next_at IS NOT NULL AND next_at <= ? AND try_at <= ? ORDER BY try_at LIMIT ?)"
            f" RETURNING {_COLUMNS}",
            (now + _LEASE, now, now, limit),
        ).fetchall()
        return [Turn(_schedule(row), int(row[-1])) for row in rows]

    @transaction
    def next_try(self, db: sqlite3.Connection) -> float | None:
        """Return when the next schedule is to be looked at; None if none waits."""
        (moment,) = db.execute(
            "SELECT min(try_at) FROM schedules WHERE paused = 0 AND next_at IS NOT NULL"
        ).fetchone()
        return None if moment is None else float(moment)

    @transaction
    def take_up(self, db: sqlite3.Connection, now: float) -> None:
        """Make what an earlier run left ready: leases end, and what it claimed is to be told."""
        posts.forget_old(db, now)
        db.execute("UPDATE schedules SET try_at = next_at WHERE next_at IS NOT NULL")
        db.execute(
            "UPDATE posts SET tell = 'owed' WHERE sent_at IS NULL AND tell IS NULL"
            " AND (subject LIKE 'schedule %' OR subject LIKE 'run %')"
        )

    @transaction
    def postpone(self, db: sqlite3.Connection, schedule_id: str, until: float) -> None:
        """Try the same due time again at ``until``."""
        db.execute(
            "UPDATE schedules SET try_at = ?, attempts = attempts + 1 WHERE id = ?",
            (until, schedule_id),
        )

    @transaction
    def claim(
        self,
        db: sqlite3.Connection,
        schedule: Schedule,
        due_at: float,
        next_at: float | None,
        now: float,
    ) -> bool:
        """Make the due time ours, for ever, and turn to the next one.

        Return False if it was posted or claimed before, or the schedule was
        paused, changed or deleted meanwhile: then nothing is to be posted.
        """
        row = db.execute(
            "SELECT next_at, paused FROM schedules WHERE id = ?", (schedule.id,)
        ).fetchone()
        if row is None or row[1] or row[0] != schedule.next_at:
            return False
        _turn_to(db, schedule.id, next_at)
        if not posts.claim(db, f"schedule {schedule.id}", due_at, schedule.owner.team_id, now):
            return False
        db.execute("UPDATE schedules SET posted = posted + 1 WHERE id = ?", (schedule.id,))
        return True

    @transaction
    def claim_by_hand(
        self, db: sqlite3.Connection, schedule: Schedule, pressed_at: float, now: float
    ) -> bool:
        """Return whether this press has caused no post yet."""
        return posts.claim(db, f"run {schedule.id}", pressed_at, schedule.owner.team_id, now)

    @transaction
    def release_by_hand(
        self, db: sqlite3.Connection, schedule: Schedule, pressed_at: float
    ) -> None:
        """Forget a press of which Slack said that it took nothing."""
        posts.release(db, f"run {schedule.id}", pressed_at)

    @transaction
    def release(
        self, db: sqlite3.Connection, schedule: Schedule, due_at: float, until: float
    ) -> None:
        """Give the due time back, since Slack said that it took nothing; try again at ``until``."""
        posts.release(db, f"schedule {schedule.id}", due_at)
        db.execute(
            "UPDATE schedules SET next_at = ?, try_at = ?, attempts = attempts + 1,"
            " posted = posted - 1 WHERE id = ?",
            (schedule.next_at, until, schedule.id),
        )

    @transaction
    def sent(
        self,
        db: sqlite3.Connection,
        schedule: Schedule,
        subject: str,
        due_at: float,
        now: float,
        *,
        snapshot: Mapping[str, int] | None = None,
        card: NewCard | None = None,
        where: tuple[str, str] = ("", ""),
    ) -> None:
        """Keep that Slack took the post, in the channel and with the ts that ``where`` says.

        ``snapshot`` is what the next post is compared with; ``card`` is kept fresh from now on.
        """
        posts.sent(db, subject, due_at, now)
        db.execute(
            "UPDATE schedules SET failures = 0, snapshot = coalesce(?, snapshot) WHERE id = ?",
            (None if snapshot is None else json.dumps(dict(snapshot)), schedule.id),
        )
        if card is not None:
            keep_posted(db, card, schedule.owner, schedule.site, where, now)

    @transaction
    def passed(
        self,
        db: sqlite3.Connection,
        schedule: Schedule,
        next_at: float | None,
        *,
        failed: bool = False,
    ) -> int:
        """Leave the due time out and turn to the next one; return how many failed in a row."""
        _turn_to(db, schedule.id, next_at)
        row = db.execute(
            "UPDATE schedules SET failures = failures + ? WHERE id = ? RETURNING failures",
            (int(failed), schedule.id),
        ).fetchone()
        return 0 if row is None else int(row[0])

    @transaction
    def too_old(
        self,
        db: sqlite3.Connection,
        schedule: Schedule,
        due_at: float,
        next_at: float | None,
        now: float,
    ) -> None:
        """Leave out a due time that is old news; its owner is to be told."""
        _turn_to(db, schedule.id, next_at)
        subject = f"schedule {schedule.id}"
        if posts.claim(db, subject, due_at, schedule.owner.team_id, now):
            db.execute(
                "UPDATE posts SET too_old = 1, tell = 'owed' WHERE subject = ? AND due_at = ?",
                (subject, due_at),
            )

    @transaction
    def unsure(self, db: sqlite3.Connection, subject: str, due_at: float) -> None:
        """Keep that the owner is to hear: Slack's answer was lost, the post may be there."""
        db.execute(
            "UPDATE posts SET tell = 'owed' WHERE subject = ? AND due_at = ?", (subject, due_at)
        )

    @transaction
    def owed(self, db: sqlite3.Connection) -> list[Owed]:
        """Return what owners are still to hear; what belongs to no schedule any more is dropped."""
        found = []
        for subject, due_at, too_old in db.execute(
            "SELECT subject, due_at, too_old FROM posts WHERE tell = 'owed' ORDER BY due_at"
        ).fetchall():
            row = db.execute(
                f"SELECT {_COLUMNS} FROM schedules WHERE id = ?", (subject.partition(" ")[2],)
            ).fetchone()
            if row is None:
                db.execute(
                    "UPDATE posts SET tell = 'done' WHERE subject = ? AND due_at = ?",
                    (subject, due_at),
                )
            else:
                found.append(Owed(_schedule(row), subject, due_at, bool(too_old)))
        return found

    @transaction
    def told(self, db: sqlite3.Connection, owed: list[Owed]) -> None:
        """Keep that the owner has heard of these."""
        for one in owed:
            db.execute(
                "UPDATE posts SET tell = 'done' WHERE subject = ? AND due_at = ?",
                (one.subject, one.due_at),
            )

    @transaction
    def snapshot(self, db: sqlite3.Connection, schedule_id: str) -> dict[str, int] | None:
        """Return what was counted at the last post, by issue key; None before the first."""
        row = db.execute("SELECT snapshot FROM schedules WHERE id = ?", (schedule_id,)).fetchone()
        return None if row is None or row[0] is None else json.loads(row[0])


def _found(db: sqlite3.Connection, team_id: str, schedule_id: str) -> Schedule:
    row = db.execute(
        f"SELECT {_COLUMNS} FROM schedules WHERE team_id = ? AND id = ?", (team_id, schedule_id)
    ).fetchone()
    if row is None:
        raise ScheduleGone
    return _schedule(row)


def _turn_to(db: sqlite3.Connection, schedule_id: str, next_at: float | None) -> None:
    db.execute(
        "UPDATE schedules SET next_at = ?, try_at = ?, attempts = 0 WHERE id = ?",
        (next_at, next_at, schedule_id),
    )


def _of_plan(plan: Plan) -> tuple[str, str, str, str]:
    return plan.what, plan.subject, plan.channel_id, PLAN.dump_json(plan).decode()


def _schedule(row: tuple[object, ...]) -> Schedule:
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
