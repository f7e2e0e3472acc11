"""Schedules: what is due, what was claimed, and what their owners still have to hear."""

import json
from collections.abc import Mapping
from contextlib import suppress

from pollbot.cards.rows import NewCard, forget_unposted, keep_message, keep_unposted
from pollbot.chance import Chance
from pollbot.errors import PollbotError, PollGone
from pollbot.people import Person
from pollbot.polls.kept import Kept
from pollbot.polls.kept_rows import adopt, find_poll
from pollbot.polls.rules import Draft
from pollbot.rights.rows import must_allow
from pollbot.schedules import rules
from pollbot.schedules.kept_rows import (
    COLUMNS,
    PLAN,
    SCHEDULES,
    find_schedule,
    schedule_from,
    scheduled,
)
from pollbot.schedules.rules import Plan, Schedule
from pollbot.slack.meanwhile import Overtaken
from pollbot.store import audit, outbox
from pollbot.store.audit import What
from pollbot.store.deliveries import act, undo
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Work
from pollbot.store.refusals import written
from pollbot.store.writer import Connection, Writer, reading, transaction

# Whoever edited it, paused it or resumed it meanwhile has the last word.
_AS_IT_WAS = "id = ? AND paused = 0 AND next_at = ?"


class ScheduleRows:
    """A schedule is waiting while it has a next due time and is not paused.

    ```
                 due, drawn                         sent, or its answer was lost
        waiting ───────────▶ claimed in the outbox ──────────────────────────────▶ waiting,
        │ ▲  ▲                        │                          for the next due time; or over
        │ │  └── Slack took nothing ──┘
        │ └── resumed, edited, or Jira connected again ── paused
        └── by hand, or by what will not mend itself ───────▲
    ```
    """

    def __init__(self, writer: Writer, chance: Chance) -> None:
        self._writer = writer
        self._chance = chance
        self.work: Work[Schedule] = Work(
            writer, SCHEDULES, COLUMNS, lambda row, _: schedule_from(row), chance
        )

    @act
    def add(self, db: Connection, schedule: Schedule, stamp: str) -> Schedule:
        """Keep a new schedule; the same delivery again changes nothing. Return what is kept.

        Raises NotYours where admins do not allow its channel, or the project it is about.
        """
        _must_allow(db, schedule.owner.team_id, schedule.plan)
        row = db.execute(
            "INSERT INTO schedules"
            " (id, team_id, site, owner, plan, stamp, made_at, next_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
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
            ),
        ).fetchone()
        SCHEDULES.make_due(db, schedule.next_at, "id = ?", schedule.id)
        kept = schedule_from(row)
        if kept.id == schedule.id:
            _note(db, kept.owner, What.SCHEDULE_MADE, kept, kept.made_at)
        return kept

    @transaction
    def find(self, db: Connection, team_id: str, schedule_id: str) -> Schedule:
        """Return the schedule. Raises ScheduleGone if this team has none with that id."""
        return find_schedule(db, team_id, schedule_id)

    @reading
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

    @reading
    def others_in(self, db: Connection, person: Person, channel_id: str) -> list[Schedule]:
        """Return what others than the person still have posted in a channel; the newest first."""
        rows = db.execute(
            f"SELECT {COLUMNS} FROM schedules WHERE team_id = ? AND owner <> ?"
            " AND json_extract(plan, '$.channel_id') = ? AND next_at IS NOT NULL"
            " ORDER BY made_at DESC, id",
            (person.team_id, person.user_id, channel_id),
        ).fetchall()
        return [schedule_from(row) for row in rows]

    @act
    def change(
        self,
        db: Connection,
        by: Person,
        schedule_id: str,
        plan: Plan,
        next_at: float | None,
        now: float,
        *,
        only_if: Plan | None = None,
    ) -> Schedule:
        """Keep a new plan. What was paused by a failure goes on: it was edited to mend that.

        Raises NotYours as ``add`` does, and Overtaken where the plan is not that of ``only_if``.
        """
        if only_if not in (None, find_schedule(db, by.team_id, schedule_id).plan):
            raise Overtaken
        _must_allow(db, by.team_id, plan)
        SCHEDULES.make_due(
            db,
            next_at,
            "team_id = ? AND id = ?",
            PLAN.dump_json(plan).decode(),
            next_at,
            by.team_id,
            schedule_id,
            sets="plan = ?, next_at = ?, needs_jira = 0,"
            " paused = CASE WHEN why = '' THEN paused ELSE 0 END, why = ''",
        )
        kept = find_schedule(db, by.team_id, schedule_id)
        _note(db, by, What.SCHEDULE_CHANGED, kept, now)
        return kept

    @act
    def pause(self, db: Connection, by: Person, schedule_id: str, now: float) -> Schedule:
        """Stop posting until ``resume``."""
        db.execute(
            "UPDATE schedules SET paused = 1, why = '', needs_jira = 0"
            " WHERE team_id = ? AND id = ?",
            (by.team_id, schedule_id),
        )
        kept = find_schedule(db, by.team_id, schedule_id)
        _note(db, by, What.SCHEDULE_PAUSED, kept, now)
        return kept

    @transaction
    def stop(
        self,
        db: Connection,
        schedule: Schedule,
        why: PollbotError,
        now: float,
        *,
        needs_jira_since: float | None = None,
        word: Kind = Kind.STOPPED,
    ) -> None:
        """Pause what cannot be posted as it is; its owner is to be told that in a ``word``.

        With ``needs_jira_since`` connecting Jira resumes it, too. One that was changed
        meanwhile goes on, and so does one whose owner has connected since then: it may
        be mended.
        """
        needs_jira = needs_jira_since is not None
        if needs_jira_since is not None and _has_connected(db, schedule, needs_jira_since):
            return
        stopped = db.execute(
            f"UPDATE schedules SET paused = 1, why = ?, needs_jira = ? WHERE {_AS_IT_WAS}",
            (written(why), int(needs_jira), schedule.id, schedule.next_at),
        )
        if stopped.rowcount:
            _owe(db, word, schedule, now)

    @transaction
    def held_up(
        self, db: Connection, schedule: Schedule, kind: Kind, due_at: float, now: float
    ) -> None:
        """Have the owner hear, once for each due time, that somebody has to mend what it needs."""
        notice = Notice(kind, schedule.id, due_at)
        outbox.owe(db, notice, schedule.owner.team_id, now)

    @transaction
    def gone(self, db: Connection, schedule: Schedule, now: float) -> None:
        """End a schedule of which nothing is left to post; its owner is to be told."""
        if _turn_to(db, schedule, None):
            _owe(db, Kind.GONE, schedule, now)

    @act
    def resume(
        self, db: Connection, by: Person, schedule_id: str, next_at: float | None, now: float
    ) -> Schedule:
        """Go on with that due time; one that is not paused stays as it is."""
        resumed = SCHEDULES.make_due(
            db,
            next_at,
            "team_id = ? AND id = ? AND paused = 1",
            next_at,
            by.team_id,
            schedule_id,
            sets="paused = 0, why = '', needs_jira = 0, next_at = ?",
        )
        kept = find_schedule(db, by.team_id, schedule_id)
        if resumed:
            _note(db, by, What.SCHEDULE_RESUMED, kept, now)
        return kept

    @act
    def delete(self, db: Connection, by: Person, schedule_id: str, now: float) -> None:
        """Forget the schedule; what it has posted stays."""
        gone = db.execute(
            f"DELETE FROM schedules WHERE team_id = ? AND id = ? RETURNING {COLUMNS}",
            (by.team_id, schedule_id),
        ).fetchall()
        for schedule in map(schedule_from, gone):
            _note(db, by, What.SCHEDULE_DELETED, schedule, now)

    @transaction
    def plan_again(self, db: Connection, now: float) -> None:
        """Turn back each schedule that waits for longer than its recurrence, to its first due time.

        It does so after the clock was ahead. What was posted meanwhile stays claimed.
        """
        rows = db.execute(f"SELECT {COLUMNS} FROM schedules WHERE next_at > ?", (now,)).fetchall()
        for schedule in map(schedule_from, rows):
            first = schedule.plan.next_due(now)
            second = None if first is None else schedule.plan.next_due(first)
            if second is not None and schedule.next_at is not None and second < schedule.next_at:
                SCHEDULES.make_due(db, first, "id = ?", first, schedule.id, sets="next_at = ?")

    @transaction
    def claim(
        self,
        db: Connection,
        schedule: Schedule,
        due_at: float,
        next_at: float | None,
        now: float,
        card: NewCard | None = None,
    ) -> bool:
        """Make the due time ours, for ever, and turn to the next one.

        ``card`` is what the post is, if it is to be kept fresh. Return False if it was
        posted or claimed before, or the schedule was paused, changed or deleted meanwhile:
        then nothing is to be posted.
        """
        if not _turn_to(db, schedule, next_at):
            return False
        if not outbox.claim(db, scheduled(schedule, due_at), schedule.owner.team_id, now):
            return False
        db.execute("UPDATE schedules SET posted = posted + 1 WHERE id = ?", (schedule.id,))
        _hang(db, schedule, card, now)
        return True

    @act
    def claim_by_hand(
        self,
        db: Connection,
        schedule: Schedule,
        notice: Notice,
        now: float,
        card: NewCard | None = None,
    ) -> bool:
        """Return whether this press of *Run now* is ours to serve; ``card`` as for ``claim``."""
        if not outbox.claim(db, notice, schedule.owner.team_id, now):
            return False
        _hang(db, schedule, card, now)
        return True

    @undo
    def release_by_hand(self, db: Connection, notice: Notice, card: NewCard | None = None) -> None:
        """Give a press of *Run now* back, since Slack said that it took nothing."""
        outbox.release(db, notice)
        if card is not None:
            forget_unposted(db, card.id)

    @transaction
    def release(
        self,
        db: Connection,
        schedule: Schedule,
        due_at: float,
        next_at: float | None,
        card: NewCard | None = None,
    ) -> bool:
        """Give the due time back, since Slack said that it took nothing; whoever holds it waits.

        ``next_at`` is what the claim turned to. Return False if the schedule was
        changed or deleted meanwhile: then the due time is not its own any more.
        """
        outbox.release(db, scheduled(schedule, due_at))
        if card is not None:
            forget_unposted(db, card.id)
        db.execute("UPDATE schedules SET posted = posted - 1 WHERE id = ?", (schedule.id,))
        back = SCHEDULES.make_due(
            db,
            None,
            "id = ? AND coalesce(next_at, 0) = coalesce(?, 0)",
            schedule.next_at,
            schedule.id,
            next_at,
            sets="next_at = ?",
        )
        return bool(back)

    @transaction
    def sent(
        self,
        db: Connection,
        schedule: Schedule,
        notice: Notice,
        now: float,
        *,
        snapshot: Mapping[str, int] | None = None,
        card: NewCard | None = None,
        where: tuple[str, str] = ("", ""),
    ) -> None:
        """Keep that Slack took the post, in the channel and with the ts that ``where`` says.

        ``snapshot`` is what the next post is compared with; ``card`` hangs there from now on.
        """
        outbox.sent(db, notice, now)
        db.execute(
            "UPDATE schedules SET snapshot = coalesce(?, snapshot) WHERE id = ?",
            (None if snapshot is None else json.dumps(dict(snapshot)), schedule.id),
        )
        if card is not None:
            keep_message(db, self._chance, card.id, *where, now)

    @transaction
    def passed(self, db: Connection, schedule: Schedule, next_at: float | None) -> None:
        """Leave the due time out and turn to the next one."""
        _turn_to(db, schedule, next_at)

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
        leave_out(db, schedule, due_at, next_at, now)

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
    def snapshot(self, db: Connection, schedule_id: str) -> dict[str, int] | None:
        """Return what was counted at the last post, by issue key; None before the first."""
        row = db.execute("SELECT snapshot FROM schedules WHERE id = ?", (schedule_id,)).fetchone()
        return None if row is None or row[0] is None else json.loads(row[0])


def _must_allow(db: Connection, team_id: str, plan: Plan) -> None:
    keys = plan.about_issues
    if plan.what is rules.What.POLL:
        with suppress(PollGone):  # its owner hears so when it is due
            keys = find_poll(db, team_id, plan.subject).about_issues
    must_allow(db, team_id, plan.channel_id, keys)


def _note(db: Connection, by: Person, what: What, schedule: Schedule, now: float) -> None:
    plan = schedule.plan
    audit.note(
        db,
        by,
        what,
        schedule.id,
        now,
        posts=plan.what,
        channel=plan.channel_id,
        owner=schedule.owner,
    )


def leave_out(
    db: Connection, schedule: Schedule, due_at: float, next_at: float | None, now: float
) -> None:
    """Leave out a due time and turn to the next one; the schedule's owner is to be told."""
    if not _turn_to(db, schedule, next_at):
        return
    notice = scheduled(schedule, due_at)
    if outbox.claim(db, notice, schedule.owner.team_id, now):
        outbox.leave_out(db, notice, now)


def _hang(db: Connection, schedule: Schedule, card: NewCard | None, now: float) -> None:
    if card is not None:
        keep_unposted(db, card, schedule.owner, schedule.site, schedule.plan.channel_id, now)


def _turn_to(db: Connection, schedule: Schedule, next_at: float | None) -> bool:
    """Turn to another due time; return False if the schedule was changed or paused meanwhile."""
    turned = SCHEDULES.make_due(
        db,
        next_at,
        _AS_IT_WAS,
        next_at,
        schedule.next_at,
        schedule.id,
        schedule.next_at,
        sets="next_at = ?, last_due = ?",
    )
    return bool(turned)


def _owe(db: Connection, kind: Kind, schedule: Schedule, now: float) -> None:
    """Keep that the owner is to hear of something that happened to the schedule."""
    outbox.owe(db, Notice(kind, schedule.id, now), schedule.owner.team_id, now)


def _has_connected(db: Connection, schedule: Schedule, since: float) -> bool:
    account = db.execute(
        "SELECT 1 FROM accounts WHERE team_id = ? AND user_id = ? AND site = ?"
        " AND refused_at IS NULL AND connected_at > ?",
        (schedule.owner.team_id, schedule.owner.user_id, schedule.site, since),
    )
    return account.fetchone() is not None


def leave_out_all(db: Connection, now: float) -> int:
    """Leave out each post that is due; return how many those were."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM schedules WHERE next_at <= ? AND paused = 0", (now,)
    ).fetchall()
    for schedule in map(schedule_from, rows):
        if schedule.next_at is not None:
            leave_out(db, schedule, schedule.next_at, schedule.plan.next_due(now), now)
    return len(rows)
