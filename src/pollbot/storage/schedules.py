"""Schedules: what is due, what was claimed, and what their owners still have to hear."""

import json
from collections.abc import Mapping

from pollbot.domain.kept import Kept
from pollbot.domain.people import Person
from pollbot.domain.polls import Draft
from pollbot.domain.schedules import Plan, Schedule
from pollbot.storage import posts
from pollbot.storage.cards import NewCard, keep_posted
from pollbot.storage.schedule_rows import (
    COLUMNS,
    PLAN,
    Owed,
    Turn,
    Word,
    adopt,
    find_schedule,
    schedule_from,
)
from pollbot.storage.writer import Connection, Writer, transaction

_LEASE = 120.0
_STOPPED, _GONE = "stopped", "gone"
# Whoever edited it, paused it or resumed it meanwhile has the last word.
_AS_IT_WAS = "id = ? AND paused = 0 AND next_at = ?"


class Schedules:
    """A schedule is waiting while it has a next due time and is not paused."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @transaction
    def add(self, db: Connection, schedule: Schedule, stamp: str) -> Schedule:
        """Keep a new schedule; the same delivery again changes nothing. Return what is kept."""
        row = db.execute(
            "INSERT INTO schedules"
            " (id, team_id, site, owner, plan, stamp, made_at, next_at, try_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (team_id, owner, stamp) DO UPDATE SET stamp = excluded.stamp"
            f" RETURNING {COLUMNS}",
            (
                schedule.id,
                schedule.owner.team_id,
                schedule.site,
                schedule.owner.user_id,
                PLAN.dump_json(schedule.plan).decode(),
                stamp,
                schedule.made_at,
                schedule.next_at,
                schedule.next_at,
            ),
        ).fetchone()
        return schedule_from(row)

    @transaction
    def find(self, db: Connection, team_id: str, schedule_id: str) -> Schedule:
        """Return the schedule. Raises ScheduleGone if this team has none with that id."""
        return find_schedule(db, team_id, schedule_id)

    @transaction
    def of(self, db: Connection, team_id: str, owner: str | None) -> list[Schedule]:
        """Return the schedules of one person, or of the whole team; the newest first.

        None of them moves while its buttons are pressed.
        """
        rows = db.execute(
            f"SELECT {COLUMNS} FROM schedules WHERE team_id = ? AND owner = coalesce(?, owner)"
            " ORDER BY made_at DESC, id",
            (team_id, owner),
        ).fetchall()
        return [schedule_from(row) for row in rows]

    @transaction
    def change(
        self,
        db: Connection,
        team_id: str,
        schedule_id: str,
        plan: Plan,
        next_at: float | None,
    ) -> Schedule:
        """Keep a new plan. What was paused by a failure goes on: it was edited to mend that."""
        db.execute(
            "UPDATE schedules SET plan = ?, next_at = ?,"
            " try_at = ?, attempts = 0, failures = 0, needs_jira = 0,"
            " paused = CASE WHEN why = '' THEN paused ELSE 0 END, why = ''"
            " WHERE team_id = ? AND id = ?",
            (PLAN.dump_json(plan).decode(), next_at, next_at, team_id, schedule_id),
        )
        return find_schedule(db, team_id, schedule_id)

    @transaction
    def pause(self, db: Connection, team_id: str, schedule_id: str) -> Schedule:
        """Stop posting until ``resume``."""
        db.execute(
            "UPDATE schedules SET paused = 1, why = '', needs_jira = 0"
            " WHERE team_id = ? AND id = ?",
            (team_id, schedule_id),
        )
        return find_schedule(db, team_id, schedule_id)

    @transaction
    def stop(
        self,
        db: Connection,
        schedule: Schedule,
        why: str,
        now: float,
        *,
        needs_jira: bool = False,
    ) -> None:
        """Pause what cannot be posted as it is; its owner is to be told.

        With ``needs_jira`` connecting Jira resumes it, too. One that was changed
        meanwhile goes on: it may be mended.
        """
        stopped = db.execute(
            f"UPDATE schedules SET paused = 1, why = ?, needs_jira = ? WHERE {_AS_IT_WAS}",
            (why, int(needs_jira), schedule.id, schedule.next_at),
        )
        if stopped.rowcount:
            _owe(db, _STOPPED, schedule, now)

    @transaction
    def gone(self, db: Connection, schedule: Schedule, now: float) -> None:
        """End a schedule of which nothing is left to post; its owner is to be told."""
        if _turn_to(db, schedule, None):
            _owe(db, _GONE, schedule, now)

    @transaction
    def resume(
        self, db: Connection, team_id: str, schedule_id: str, next_at: float | None
    ) -> Schedule:
        """Go on with that due time; one that is not paused stays as it is."""
        db.execute(
            "UPDATE schedules SET paused = 0, why = '', needs_jira = 0, failures = 0,"
            " attempts = 0, next_at = ?, try_at = ? WHERE team_id = ? AND id = ? AND paused = 1",
            (next_at, next_at, team_id, schedule_id),
        )
        return find_schedule(db, team_id, schedule_id)

    @transaction
    def connected_again(self, db: Connection) -> None:
        """Let go on what waited for a Jira account that is there again.

        Its due time stays: what becomes of one that has passed is for its own rule.
        """
        db.execute(
            "UPDATE schedules SET paused = 0, why = '', needs_jira = 0, failures = 0,"
            " attempts = 0, try_at = next_at WHERE paused = 1 AND needs_jira = 1 AND EXISTS"
            " (SELECT 1 FROM accounts WHERE accounts.team_id = schedules.team_id"
            " AND user_id = owner AND accounts.site = schedules.site AND refused_at IS NULL)"
        )

    @transaction
    def delete(self, db: Connection, team_id: str, schedule_id: str) -> None:
        """Forget the schedule; what it has posted stays."""
        db.execute("DELETE FROM schedules WHERE team_id = ? AND id = ?", (team_id, schedule_id))

    @transaction
    def due(self, db: Connection, now: float, limit: int) -> list[Turn]:
        """Return schedules whose time has come, the one that waited longest first."""
        rows = db.execute(
            "UPDATE schedules SET try_at = ? WHERE id IN (SELECT id FROM schedules WHERE paused = 0"
            " AND next_at IS NOT NULL AND next_at <= ? AND try_at <= ? ORDER BY try_at LIMIT ?)"
            f" RETURNING {COLUMNS}",
            (now + _LEASE, now, now, limit),
        ).fetchall()
        return [Turn(schedule_from(row), int(row[-1])) for row in rows]

    @transaction
    def next_try(self, db: Connection) -> float | None:
        """Return when the next schedule is to be looked at; None if none waits."""
        (moment,) = db.execute(
            "SELECT min(try_at) FROM schedules WHERE paused = 0 AND next_at IS NOT NULL"
        ).fetchone()
        return None if moment is None else float(moment)

    @transaction
    def take_up(self, db: Connection, now: float) -> None:
        """Make what an earlier run left ready: leases end, and what it claimed is to be told."""
        posts.forget_old(db, now)
        db.execute("UPDATE schedules SET try_at = next_at WHERE next_at IS NOT NULL")
        db.execute(
            "UPDATE posts SET tell = 'owed' WHERE sent_at IS NULL AND tell IS NULL"
            " AND (subject LIKE 'schedule %' OR subject LIKE 'run %')"
        )

    @transaction
    def postpone(self, db: Connection, turn: Turn, until: float) -> None:
        """Try the same due time again at ``until``."""
        schedule = turn.schedule
        db.execute(
            f"UPDATE schedules SET try_at = ?, attempts = ? WHERE {_AS_IT_WAS}",
            (until, turn.attempts + 1, schedule.id, schedule.next_at),
        )

    @transaction
    def claim(
        self,
        db: Connection,
        schedule: Schedule,
        due_at: float,
        next_at: float | None,
        now: float,
    ) -> bool:
        """Make the due time ours, for ever, and turn to the next one.

        Return False if it was posted or claimed before, or the schedule was
        paused, changed or deleted meanwhile: then nothing is to be posted.
        """
        if not _turn_to(db, schedule, next_at):
            return False
        if not posts.claim(db, f"schedule {schedule.id}", due_at, schedule.owner.team_id, now):
            return False
        db.execute("UPDATE schedules SET posted = posted + 1 WHERE id = ?", (schedule.id,))
        return True

    @transaction
    def claim_by_hand(
        self, db: Connection, schedule: Schedule, pressed_at: float, now: float
    ) -> bool:
        """Return whether this press has caused no post yet."""
        return posts.claim(db, f"run {schedule.id}", pressed_at, schedule.owner.team_id, now)

    @transaction
    def release_by_hand(self, db: Connection, schedule: Schedule, pressed_at: float) -> None:
        """Forget a press of which Slack said that it took nothing."""
        posts.release(db, f"run {schedule.id}", pressed_at)

    @transaction
    def release(
        self,
        db: Connection,
        turn: Turn,
        due_at: float,
        next_at: float | None,
        until: float,
    ) -> bool:
        """Give the due time back, since Slack said that it took nothing; try again at ``until``.

        ``next_at`` is what the claim turned to. Return False if the schedule was
        changed or deleted meanwhile: then the due time is not its own any more.
        """
        schedule = turn.schedule
        posts.release(db, f"schedule {schedule.id}", due_at)
        db.execute("UPDATE schedules SET posted = posted - 1 WHERE id = ?", (schedule.id,))
        back = db.execute(
            "UPDATE schedules SET next_at = ?, try_at = ?, attempts = ?"
            " WHERE id = ? AND coalesce(next_at, 0) = coalesce(?, 0)",
            (schedule.next_at, until, turn.attempts + 1, schedule.id, next_at),
        )
        return back.rowcount == 1

    @transaction
    def sent(
        self,
        db: Connection,
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
        db: Connection,
        schedule: Schedule,
        next_at: float | None,
        *,
        failed: bool = False,
    ) -> int:
        """Leave the due time out and turn to the next one; return how many failed in a row."""
        if not _turn_to(db, schedule, next_at):
            return 0
        row = db.execute(
            "UPDATE schedules SET failures = failures + ? WHERE id = ? RETURNING failures",
            (int(failed), schedule.id),
        ).fetchone()
        return int(row[0])

    @transaction
    def too_old(
        self,
        db: Connection,
        schedule: Schedule,
        due_at: float,
        next_at: float | None,
        now: float,
    ) -> None:
        """Leave out a due time that is old news; its owner is to be told."""
        if not _turn_to(db, schedule, next_at):
            return
        subject = f"schedule {schedule.id}"
        if posts.claim(db, subject, due_at, schedule.owner.team_id, now):
            db.execute(
                "UPDATE posts SET too_old = 1, tell = 'owed' WHERE subject = ? AND due_at = ?",
                (subject, due_at),
            )

    @transaction
    def unsure(self, db: Connection, subject: str, due_at: float) -> None:
        """Keep that the owner is to hear: Slack's answer was lost, the post may be there."""
        _tell(db, subject, due_at, "owed")

    @transaction
    def adopt(
        self,
        db: Connection,
        owner: Person,
        subject: str,
        draft: Draft,
        stamp: str,
        since: float,
    ) -> Kept | None:
        """Return the poll that a try since ``since`` made elsewhere; ``stamp`` names it now."""
        return adopt(db, owner, subject, draft, stamp, since)

    @transaction
    def owed(self, db: Connection) -> list[Owed]:
        """Return what owners are still to hear; what is not true any more is dropped."""
        found = []
        for subject, due_at, too_old in db.execute(
            "SELECT subject, due_at, too_old FROM posts WHERE tell = 'owed' ORDER BY due_at"
        ).fetchall():
            kind, _, schedule_id = subject.partition(" ")
            row = db.execute(
                f"SELECT {COLUMNS} FROM schedules WHERE id = ?", (schedule_id,)
            ).fetchone()
            schedule = None if row is None else schedule_from(row)
            if schedule is None or (kind == _STOPPED and not schedule.why):
                _tell(db, subject, due_at, "done")
                continue
            word = Word.TOO_OLD if too_old else Word.MAYBE_MISSING
            if kind in (_STOPPED, _GONE):
                word = Word(kind)
            found.append(Owed(schedule, subject, due_at, word))
        return found

    @transaction
    def told(self, db: Connection, owed: list[Owed]) -> None:
        """Keep that the owner has heard of these."""
        for one in owed:
            _tell(db, one.subject, one.due_at, "done")

    @transaction
    def snapshot(self, db: Connection, schedule_id: str) -> dict[str, int] | None:
        """Return what was counted at the last post, by issue key; None before the first."""
        row = db.execute("SELECT snapshot FROM schedules WHERE id = ?", (schedule_id,)).fetchone()
        return None if row is None or row[0] is None else json.loads(row[0])


def _turn_to(db: Connection, schedule: Schedule, next_at: float | None) -> bool:
    """Turn to another due time; return False if the schedule was changed or paused meanwhile."""
    turned = db.execute(
        f"UPDATE schedules SET next_at = ?, try_at = ?, attempts = 0 WHERE {_AS_IT_WAS}",
        (next_at, next_at, schedule.id, schedule.next_at),
    )
    return turned.rowcount == 1


def _owe(db: Connection, kind: str, schedule: Schedule, now: float) -> None:
    """Keep that the owner is to hear of something that happened to the schedule."""
    subject = f"{kind} {schedule.id}"
    posts.claim(db, subject, now, schedule.owner.team_id, now)
    _tell(db, subject, now, "owed")


def _tell(db: Connection, subject: str, due_at: float, state: str) -> None:
    db.execute(
        "UPDATE posts SET tell = ? WHERE subject = ? AND due_at = ?", (state, subject, due_at)
    )
