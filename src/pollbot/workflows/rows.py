"""Runs of steps of Workflow Builder, each until Slack has heard what became of it."""

import json
from dataclasses import dataclass

from pydantic import Json

from pollbot.chance import Chance
from pollbot.errors import PollbotError
from pollbot.people import Person
from pollbot.polls import kept_rows
from pollbot.polls.kept import Kept
from pollbot.polls.rules import Draft
from pollbot.store.columns import Columns, named
from pollbot.store.deliveries import act
from pollbot.store.queue import Limit, Queue, Work
from pollbot.store.refusals import read, written
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection, Writer, transaction
from pollbot.text.workflow_steps import CREATE_POLL
from pollbot.workflows.refusals import NoPollOnMessage, StepSetBack, UserForgotten
from pollbot.workflows.rules import Execution, OnMessage

EXECUTIONS = Queue(
    "workflow steps",
    "executions",
    ("team_id", "id"),
    "1 = 1",
    limits=(Limit("team_id", 8),),
)


@dataclass(frozen=True, slots=True)
class ExecutionRow:
    """A run as it lies in its table. ``token`` is sealed; ``why`` is a refusal, written down."""

    team_id: str
    id: str
    step: str
    inputs: Json[dict[str, str]]
    token: str | None
    asked_at: float
    poll_id: str | None
    why: str | None


_ROW = Columns(ExecutionRow)
_USED_BY = "team_id = ? AND inputs LIKE ?"


@dataclass(frozen=True, slots=True)
class PostedAs:
    """What became of a poll's card: ``ts`` is its message, None where that is not known yet.

    ``over``: nothing more will become of it by itself.
    """

    channel_id: str
    ts: str | None
    over: bool


class ExecutionRows:
    """One row for each run of a step that Slack brought.

    ```
                          Jira, a source or the poll's card are waited for
                               ┌────┐
                               ▼    │ again
        [*] ── Slack asks ──▶ asked ─┴─ it is done, and Slack heard it ────────────▶ [*]
                               │  ▲  └─ it cannot be: why ─▶ failed ─ Slack heard ─▶ [*]
          a poll is still open │  │ it closed, or was deleted
                               ▼  │
                              parked
    ```

    Slack takes one end of each run and refuses every other, so an end whose answer was lost is
    told once more. What was refused once stays so.
    """

    def __init__(self, writer: Writer, vault: Vault, chance: Chance) -> None:
        self._writer = writer
        self._vault = vault
        self.work: Work[Execution] = Work(
            writer, EXECUTIONS, str(_ROW), lambda row, _: self._execution(row), chance
        )

    @act
    def ask(self, db: Connection, run: Execution) -> None:
        """Keep what Slack asks for; the same run once more is the one that is there."""
        row: dict[str, object] = {
            **EXECUTIONS.row(run.asked_at),
            "team_id": run.team_id,
            "id": run.id,
            "step": run.step,
            "inputs": json.dumps(dict(run.inputs), ensure_ascii=False),
            "token": self._vault.seal_any(run.token),
            "asked_at": run.asked_at,
        }
        db.execute(f"INSERT INTO executions {named(row)} ON CONFLICT DO NOTHING", row)
        EXECUTIONS.wake(db)

    @transaction
    def made(self, db: Connection, run: Execution, poll_id: str) -> None:
        """Keep which poll the run made, so that no later try makes another."""
        _keep_poll(db, run, poll_id)

    @transaction
    def wait_for(self, db: Connection, run: Execution, named_: str | OnMessage) -> Kept:
        """Keep for the end of which poll the run waits; return the poll.

        Raises PollGone, and NoPollOnMessage. What closes the poll from now on makes the run due.
        """
        poll_id = named_ if isinstance(named_, str) else _shown_by(db, run.team_id, named_)
        kept = kept_rows.find_poll(db, run.team_id, poll_id)
        _keep_poll(db, run, poll_id)
        return kept

    @transaction
    def card_of(self, db: Connection, run: Execution, poll_id: str) -> PostedAs | None:
        """Return what became of the first card of a poll; None if there is none."""
        row = db.execute(
            "SELECT channel_id, message_ts, posted, changes > drawn FROM cards"
            " WHERE team_id = ? AND poll_id = ? ORDER BY made_at, id LIMIT 1",
            (run.team_id, poll_id),
        ).fetchone()
        if row is None:
            return None
        channel_id, ts, posted, due = row
        return PostedAs(channel_id, ts if posted else None, over=bool(posted) or not due)

    @transaction
    def adopt(
        self, db: Connection, run: Execution, owner: Person, subject: str, draft: Draft
    ) -> Kept | None:
        """Return the poll that the run made in its source, though the answer was lost."""
        return kept_rows.adopt(db, owner, subject, draft, run.stamp, run.asked_at)

    @transaction
    def failed(self, db: Connection, run: Execution, why: PollbotError) -> None:
        """Keep that it cannot be done, which stands whatever changes from now on."""
        _keep_why(db, why, "team_id = ? AND id = ?", run.team_id, run.id)

    @transaction
    def over(self, db: Connection, run: Execution) -> None:
        """Forget the run: Slack has heard its end, or wants to hear none."""
        db.execute("DELETE FROM executions WHERE team_id = ? AND id = ?", (run.team_id, run.id))

    def _execution(self, row: tuple[object, ...]) -> Execution:
        kept = _ROW.read(row)
        return Execution(
            team_id=kept.team_id,
            id=kept.id,
            step=kept.step,
            inputs=kept.inputs,
            asked_at=kept.asked_at,
            token=None if kept.token is None else self._vault.open(kept.token),
            poll_id=kept.poll_id,
            why=None if kept.why is None else read(kept.why),
        )


def poll_closed(db: Connection, kept: Kept, now: float) -> None:
    """Have those runs go on that wait for the end of this poll."""
    EXECUTIONS.make_due(db, now, "team_id = ? AND poll_id = ?", kept.team_id, kept.poll.id)


def poll_deleted(db: Connection, poll_id: str, now: float) -> None:
    """Have those runs end that wait for the end of a poll which is gone."""
    EXECUTIONS.make_due(db, now, "poll_id = ?", poll_id)


def forget_person(db: Connection, person: Person, now: float) -> None:
    """Have no run know who used its workflow; no poll is made in their name any more.

    What waits for the end of a poll, or reads votes, goes on as nobody.
    """
    theirs = _theirs(person)
    failing = f"step = ? AND why IS NULL AND {_USED_BY}"
    _keep_why(db, UserForgotten(), failing, CREATE_POLL, *theirs)
    EXECUTIONS.make_due(db, now, f"why IS NOT NULL AND {_USED_BY}", *theirs)
    db.execute(
        f"UPDATE executions SET inputs = replace(inputs, ?, ?) WHERE {_USED_BY}",
        (json.dumps(person.user_id), json.dumps(""), *theirs),
    )


def is_asked_for(db: Connection, run: Execution) -> bool:
    """Return whether a run is still to be done: its person may have been forgotten."""
    row = db.execute(
        "SELECT 1 FROM executions WHERE team_id = ? AND id = ? AND why IS NULL",
        (run.team_id, run.id),
    ).fetchone()
    return row is not None


def used_by(db: Connection, person: Person) -> int:
    """Return how many runs are of workflows that the person used."""
    (count,) = db.execute(
        f"SELECT count(*) FROM executions WHERE {_USED_BY}", _theirs(person)
    ).fetchone()
    return int(count)


def _theirs(person: Person) -> tuple[object, ...]:
    return person.team_id, f"%{json.dumps(person.user_id)}%"


def leave_out_all(db: Connection, now: float) -> int:
    """Make no poll of a run, as it may have been made since; return of how many.

    What only looks goes on: Slack refuses a second end of a run.
    """
    left = _keep_why(db, StepSetBack(), "step = ? AND poll_id IS NULL AND why IS NULL", CREATE_POLL)
    EXECUTIONS.make_due(db, now, "why IS NOT NULL")
    return left


def _keep_poll(db: Connection, run: Execution, poll_id: str) -> None:
    db.execute(
        "UPDATE executions SET poll_id = ? WHERE team_id = ? AND id = ?",
        (poll_id, run.team_id, run.id),
    )


def _keep_why(db: Connection, why: PollbotError, where: str, *values: object) -> int:
    kept = db.execute(f"UPDATE executions SET why = ? WHERE {where}", (written(why), *values))
    return kept.rowcount


def _shown_by(db: Connection, team_id: str, message: OnMessage) -> str:
    row = db.execute(
        "SELECT poll_id FROM cards WHERE team_id = ? AND channel_id = ? AND message_ts = ?"
        " AND poll_id IS NOT NULL",
        (team_id, message.channel_id, message.ts),
    ).fetchone()
    if row is None:
        raise NoPollOnMessage
    return str(row[0])
