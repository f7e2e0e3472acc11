"""Faults that are put into the program on purpose, to see that the simulation finds them."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from pollbot import database
from pollbot.accounts.rules import Dropped, Waiting
from pollbot.jira import try_rows as tries
from pollbot.jira.rules import Wish
from pollbot.jira.try_rows import Doubt
from pollbot.people import Account, Person
from pollbot.polls.answers import rows as answers
from pollbot.polls.answers import step_rows as steps
from pollbot.polls.answers import unfinished_rows as unfinished
from pollbot.polls.answers.key_rows import PollKeys
from pollbot.polls.defaults.rows import DefaultRows
from pollbot.polls.defaults.rules import USUAL, Defaults
from pollbot.polls.edits import rows as edits
from pollbot.polls.ends import rows as ends
from pollbot.polls.exports.rows import ExportRows
from pollbot.polls.kept import Kept
from pollbot.polls.kept_rows import find_poll
from pollbot.polls.rules import Draft, Poll, PollSettings
from pollbot.polls.service import Polls
from pollbot.polls.sources.service import PollSources
from pollbot.polls.waiting.rows import WaitingRows
from pollbot.polls.waiting.worker import PollMaker
from pollbot.retention.rows import RetentionRows
from pollbot.schedules import scheduler
from pollbot.schedules.rules import Schedule
from pollbot.schedules.scheduler import Scheduler
from pollbot.slack.client import Workspace as SlackWorkspace
from pollbot.slack.owned import OwnedLists
from pollbot.store.leader import AlwaysLeads
from pollbot.store.mark import Mark
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Again, Held, Next, Queue
from pollbot.store.sqlite import SqliteConnection
from pollbot.store.worker import Claimer, Worker
from pollbot.store.writer import Connection, Engine, InlineWriter, _Job, _piece
from pollbot.thresholds import rows as thresholds
from pollbot.votes.rows import Intent, WaitingVotes
from pollbot.votes.worker import VoteWorker
from tests.sim import world
from tests.sim.lease import LeasedLead


@contextmanager
def no_lease() -> Iterator[None]:
    """Let every life lead, whoever leads already."""

    async def taken(self: LeasedLead) -> int:
        self._between.listen(self._seat, self._wake)
        return self._file.leader

    with (
        patch.object(LeasedLead, "take", taken),
        patch.object(LeasedLead, "keep", AlwaysLeads.keep),
    ):
        yield


@contextmanager
def no_holding() -> Iterator[None]:
    """Let work that somebody has claimed be claimed again at once."""

    hold = Queue._hold

    def not_held(self: Queue, db: Connection, *which: Any) -> Held[Any]:
        db.execute("SAVEPOINT not_held")
        held = hold(self, db, *which)
        db.execute("ROLLBACK TO not_held")
        db.execute("RELEASE not_held")
        return held

    # A worker would not begin what it is serving, either.
    with (
        patch.object(Queue, "_hold", not_held),
        patch.object(Claimer, "is_serving", lambda *_: False),
    ):
        yield


@contextmanager
def no_team(table: str) -> Iterator[None]:
    """Let whatever is looked for in that table be anybody's who has that id somewhere."""
    execute = SqliteConnection.execute

    def forgetful(self: SqliteConnection, statement: str, *values: Any) -> Any:
        if re.search(rf"\b{table}\b", statement):
            statement = statement.replace("team_id = ?", "? <> ''")
        return execute(self, statement, *values)

    with patch.object(SqliteConnection, "execute", forgetful, create=True):
        yield


@contextmanager
def no_wake(name: str) -> Iterator[None]:
    """Let the worker of that name look only every 10 s, and when it asked to."""
    wake = Worker.wake

    def forgotten(self: Worker) -> None:
        if self.name != name:
            wake(self)

    with patch.object(Worker, "wake", forgotten):
        yield


@contextmanager
def no_doubt() -> Iterator[None]:
    """Let what Jira has now be final, whatever may still be on its way there."""
    with patch.object(tries, "_doubt", lambda *_: Doubt(tried=False, against=None)):
        yield


@contextmanager
def no_undoing() -> Iterator[None]:
    """Let no vote be withdrawn of which Jira tells nothing; and let it often tell of before."""
    write = VoteWorker._write

    async def believes(self: VoteWorker, intent: Intent, account: Account) -> None:
        if intent.wish is Wish.WITHDRAW:
            now = await self.jira(intent).issue(intent.issue_key, account)
            if not now.voted:
                return
        await write(self, intent, account)

    with patch.object(VoteWorker, "_write", believes), patch.object(world, "_STALE", 0.5):
        yield


@contextmanager
def no_following() -> Iterator[None]:
    """Let what is kept of an issue stay under the key that it had."""
    with patch.object(database, "_FOLLOWERS", ()):
        yield


@contextmanager
def no_dropping() -> Iterator[None]:
    """Let what waits for an account outlive it, until there is another one."""
    with patch.object(WaitingVotes, "disconnected", lambda *_: Dropped()):
        yield


@contextmanager
def no_serving() -> Iterator[None]:
    """Let what waits for an account wait on once there is one."""
    with patch.object(WaitingVotes, "connected", lambda *_: Waiting(votes=())):
        yield


@contextmanager
def no_audience() -> Iterator[None]:
    """Let anybody answer a poll, whoever it asks."""
    with patch.object(answers, "_must_belong", lambda *_: None):
        yield


@contextmanager
def no_mark() -> Iterator[None]:
    """Let an older copy of the database pass for the one that ran here last."""
    never = property(lambda _: False, lambda *_: None)
    with patch.object(Mark, "is_older", never, create=True):
        yield


@contextmanager
def no_making() -> Iterator[None]:
    """Let polls that wait for Jira wait for ever."""

    async def not_begun(*_: Any) -> bool:
        return False

    with patch.object(WaitingRows, "begin", not_begun):
        yield


@contextmanager
def no_looking() -> Iterator[None]:
    """Let a poll of which Team Voice's answer was lost be made once more."""

    async def make_again(self: PollMaker, _: Any, lost: Kept, __: int) -> Next:
        await self._poll_rows.drop(lost.poll.id)
        return Again()

    with patch.object(PollMaker, "_look", make_again):
        yield


@contextmanager
def no_reading() -> Iterator[None]:
    """Let nobody read a poll in Team Voice again once it is known."""

    async def as_known(_: PollSources, kept: Kept, **__: Any) -> Kept:
        return kept

    with patch.object(PollSources, "synced", as_known):
        yield


@contextmanager
def no_word_of_edits() -> Iterator[None]:
    """Let nobody hear that what they chose says something else now."""
    with patch.object(edits, "_tell", lambda *_: None):
        yield


@contextmanager
def no_redrawing() -> Iterator[None]:
    """Let an answer change no card."""
    with patch.object(answers, "touch", lambda *_: None):
        yield


@contextmanager
def no_last_place() -> Iterator[None]:
    """Let an option be chosen however many have chosen it."""
    with patch.object(unfinished, "taken", lambda *_: 0):
        yield


@contextmanager
def no_steps() -> Iterator[None]:
    """Let the split of an open anonymous poll move with every answer."""
    with patch.object(steps, "may_be_seen", lambda *_: True):
        yield


@contextmanager
def no_taking_back() -> Iterator[None]:
    """Let what somebody answered before stay beside what they answer now."""
    executemany = SqliteConnection.executemany

    def forgetful(self: SqliteConnection, statement: str, values: Any) -> Any:
        kept = statement.startswith("DELETE FROM answers")
        return executemany(self, statement, [] if kept else values)

    with patch.object(SqliteConnection, "executemany", forgetful, create=True):
        yield


@contextmanager
def no_settings() -> Iterator[None]:
    """Let a poll that is asked again forget how it was asked."""
    draft_of = Polls.draft_of

    def forgetful(self: Polls, kept: Kept) -> Draft:
        return replace(draft_of(self, kept), settings=PollSettings())

    with patch.object(Polls, "draft_of", forgetful):
        yield


@contextmanager
def no_managing() -> Iterator[None]:
    """Let anybody take a poll along, or change it."""

    async def may(*_: Any) -> None:
        return

    with patch.object(Polls, "must_manage", may):
        yield


@contextmanager
def no_last_page() -> Iterator[None]:
    """Let an export leave out who comes last on a page."""
    answers = ExportRows.answers

    async def fewer(self: ExportRows, *which: Any) -> list[tuple[str, str]]:
        return (await answers(self, *which))[:-1]

    with patch.object(ExportRows, "answers", fewer):
        yield


@contextmanager
def no_owner() -> Iterator[None]:
    """Let anybody see the templates that somebody keeps for themselves."""
    execute = SqliteConnection.execute

    def forgetful(self: SqliteConnection, statement: str, *values: Any) -> Any:
        return execute(self, statement.replace("shared = 1)", "shared >= 0)"), *values)

    with patch.object(SqliteConnection, "execute", forgetful, create=True):
        yield


@contextmanager
def no_defaults() -> Iterator[None]:
    """Let polls begin as if no admin had said how."""

    async def usual(*_: Any) -> Defaults:
        return USUAL

    with patch.object(DefaultRows, "of", usual):
        yield


@contextmanager
def no_unsaying() -> Iterator[None]:
    """Let a comment stay that somebody takes back."""
    say = answers._say

    def stays(db: Connection, poll_id: str, voter: str, comment: str) -> None:
        if comment:
            say(db, poll_id, voter, comment)

    with patch.object(answers, "_say", stays):
        yield


@contextmanager
def no_closing() -> Iterator[None]:
    """Let a closed poll take answers."""
    with patch.object(Poll, "is_open", lambda poll, _: not poll.deleted):
        yield


@contextmanager
def no_emptying() -> Iterator[None]:
    """Let what people said about a poll outlive it."""
    execute = SqliteConnection.execute

    def forgetful(self: SqliteConnection, statement: str, *values: Any) -> Any:
        kept = statement == "DELETE FROM comments WHERE poll_id = ?"
        return execute(self, f"{statement} AND 1 = 0" if kept else statement, *values)

    with patch.object(SqliteConnection, "execute", forgetful, create=True):
        yield


@contextmanager
def no_taking_down() -> Iterator[None]:
    """Let a card hang that was taken down."""

    async def hangs(*_: Any) -> None:
        return

    with patch.object(SlackWorkspace, "delete", hangs):
        yield


@contextmanager
def no_leaving_out() -> Iterator[None]:
    """Let everybody be reminded of a poll, answered or not."""

    def anybody(db: Connection, kept: Kept, *_: Any) -> Kept:
        return find_poll(db, kept.team_id, kept.poll.id)

    with patch.object(ends, "_unanswered", anybody):
        yield


@contextmanager
def no_keeping() -> Iterator[None]:
    """Let polls be forgotten by how long ago they were made."""
    execute = SqliteConnection.execute

    def forgetful(self: SqliteConnection, statement: str, *values: Any) -> Any:
        made = statement.replace("coalesce(deleted_at, closed_at) <", "created_at <")
        return execute(self, made, *values)

    with patch.object(SqliteConnection, "execute", forgetful, create=True):
        yield


@contextmanager
def no_forgetting() -> Iterator[None]:
    """Let nothing be forgotten by age."""

    async def none(_: RetentionRows) -> list[str]:
        return []

    with patch.object(RetentionRows, "teams", none):
        yield


@contextmanager
def no_destroying() -> Iterator[None]:
    """Let what tells who answered an anonymous poll outlive its close."""
    with patch.object(PollKeys, "destroy", lambda *_: None):
        yield


@contextmanager
def no_pausing() -> Iterator[None]:
    """Let thresholds look and tell though they are paused."""
    execute = SqliteConnection.execute

    def forgetful(self: SqliteConnection, statement: str, *values: Any) -> Any:
        if "threshold" in statement:
            statement = re.sub(r"\bpaused = 0\b(?!,)", "paused >= 0", statement)
            statement = statement.replace("crossings.threshold_id) = 0", "threshold_id) >= 0")
        return execute(self, statement, *values)

    with patch.object(SqliteConnection, "execute", forgetful, create=True):
        yield


@contextmanager
def no_beginning_anew() -> Iterator[None]:
    """Let a threshold that is resumed tell of what was reached while it was paused."""
    with patch.object(thresholds, "_begin_anew", lambda *_: None):
        yield


@contextmanager
def no_managers() -> Iterator[None]:
    """Let anybody manage what others keep for themselves."""

    async def anybody_s(self: OwnedLists[Any], person: Person, id_: str) -> Any:
        return await self._rows.find(person.team_id, id_)

    with patch.object(OwnedLists, "managed", anybody_s):
        yield


@contextmanager
def no_second_press() -> Iterator[None]:
    """Let the second press of *Run now* pass for the first."""

    def once(kind: Kind, about: str, _: float) -> Notice:
        return Notice(kind, about)

    with patch.object(scheduler, "Notice", once):
        yield


@contextmanager
def no_single_post() -> Iterator[None]:
    """Let one press of *Run now* post twice."""
    by_hand = Scheduler.by_hand

    async def twice(self: Scheduler, schedule: Schedule, pressed_at: float) -> bool:
        await by_hand(self, schedule, pressed_at + 0.001)
        return await by_hand(self, schedule, pressed_at)

    with patch.object(Scheduler, "by_hand", twice):
        yield


@contextmanager
def no_planned_post() -> Iterator[None]:
    """Let a press of *Run now* take the place of the next post."""
    by_hand = Scheduler.by_hand

    async def instead(self: Scheduler, schedule: Schedule, pressed_at: float) -> bool:
        is_done = await by_hand(self, schedule, pressed_at)
        next_at = schedule.plan.next_due(schedule.next_at or 0.0)
        await self._schedule_rows.passed(schedule, next_at)
        return is_done

    with patch.object(Scheduler, "by_hand", instead):
        yield


@contextmanager
def no_third_comment() -> Iterator[None]:
    """Let each comment on an open anonymous poll be shown as soon as it is there."""

    def all_of(db: Connection, poll_id: str) -> tuple[Any, ...]:
        said = "SELECT voter, comment FROM comments WHERE poll_id = ?"
        return tuple(db.execute(said, (poll_id,)).fetchall())

    with patch.object(steps, "look_at_comments", all_of):
        yield


class AnswersFirst(InlineWriter):
    """A writer that answers before its commit, which comes a moment later."""

    def __init__(self, engine: Engine, seconds: Callable[[], float] = lambda: 0.0) -> None:
        super().__init__(engine, seconds)
        self._late = seconds

    def _hand_in(self, job: _Job) -> None:
        # Not at once: whoever hands it in may hold a lock that the piece takes, too.
        job.loop.call_soon(self._do, job)

    def _do(self, job: _Job) -> None:
        db: Connection = self.connection
        if not db.in_transaction:
            db.execute("BEGIN IMMEDIATE")
            job.loop.call_later(self._late(), self._commit_late)
        given_work = len(db.made_due)
        done = (job, *_piece(self._engine, db, job.work))
        job.loop.call_soon(self._answer, [done], db.made_due[given_work:])

    def _commit_late(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("COMMIT")

    def _finish(self) -> None:
        self._commit_late()
