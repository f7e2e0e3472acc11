"""Polls that people asked for and that could not be made yet."""

import json
from dataclasses import dataclass
from operator import itemgetter

from pydantic import Json, TypeAdapter

from pollbot.accounts.rows import Waits
from pollbot.accounts.rules import Dropped, ToldBy, Waiting
from pollbot.cards.rows import living
from pollbot.chance import Chance, new_id
from pollbot.people import Person
from pollbot.polls.kept import Kept
from pollbot.polls.kept_rows import adopt, drop
from pollbot.polls.refusals import ManyWaiting, PerhapsMadeSince
from pollbot.polls.rules import Ask, Draft, Posting
from pollbot.polls.sources.rows import of_new_poll
from pollbot.polls.waiting.rules import MOST_WAITING, Decision, Outcome, State, Wait, WaitingPoll
from pollbot.store import outbox
from pollbot.store.columns import Columns, named
from pollbot.store.deliveries import act
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Limit, Queue, Work
from pollbot.store.refusals import read, written
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection, Writer, transaction
from pollbot.votes.rules import KEPT_FOR

WAITING = Queue(
    "waiting polls",
    "waiting_polls",
    ("id",),
    "state IN ('queued', 'making')",
    limits=(
        Limit("site", 12),
        Limit("site || ' ' || kind || ' ' || subject", 4),
        # More than one issue or person may hold, as the default may be pollbot itself.
        Limit(of_new_poll("waiting_polls.team_id", "ask"), 6),
        Limit("team_id || ' ' || user_id || ' ' || site", 3),
        Limit("team_id || ' ' || channel_id", 8),
        Limit("team_id", 12),
    ),
)
_ASK = TypeAdapter(Ask)


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """The end of its waiting as it lies in its row; ``said`` is a refusal, written down."""

    fate: Decision
    said: str = ""


_OUTCOME = TypeAdapter(OutcomeRow)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A poll that waits as it lies in its table. ``response_url`` is sealed."""

    id: str
    team_id: str
    user_id: str
    ask: Json[Ask]
    channel_id: str
    response_url: str | None
    stamp: str
    state: State
    asked_at: float
    site: str
    outcome: Json[OutcomeRow] | None
    thread_ts: str | None


_ROW = Columns(WaitingRow)
_COLUMNS = str(_ROW)


class WaitingRows:
    """One row for each delivery that asked for a poll which could not be made then.

    ```
                asked: no account, or a refused one
        [*] ───────────────────────────────────────▶ unconnected ──┐
         │                                            ▲      │     │ 24 hours, or its own end
         │ asked: Jira or its source                  │      │ connected
         │ cannot be asked now         401 from Jira  │      ▼     │
         └─────────────────────────────────────────▶ queued ──────┤
                                                      │ ▲          │
                   all that is asked first said yes   ▼ │ not now  │
                                                     making        ▼
                                                      └────────▶ settled ─── told ───▶ [*]
    ```

    Until it is being made its person may drop it, and so does disconnecting. Whatever Team
    Voice is asked to make is a row before that, so what an earlier try was about to make, or
    got no answer to, is looked for.
    """

    def __init__(self, writer: Writer, vault: Vault, chance: Chance) -> None:
        self._writer = writer
        self._vault = vault
        self._chance = chance
        self.work: Work[WaitingPoll] = Work(writer, WAITING, _COLUMNS, self._waiting, chance)

    @act
    def keep(
        self,
        db: Connection,
        person: Person,
        site: str,
        ask: Ask,
        posting: Posting,
        now: float,
        wait: Wait,
    ) -> str:
        """Keep the poll until it can be made.

        Return its id; the same delivery again keeps no second one. Raises ManyWaiting if the
        person has too many that wait.
        """
        stamp = posting.stamp or ""
        known = db.execute(
            "SELECT id FROM waiting_polls WHERE team_id = ? AND user_id = ? AND stamp = ?",
            (person.team_id, person.user_id, stamp),
        ).fetchone()
        if known is not None:
            return str(known[0])
        (mine,) = db.execute(
            "SELECT count(*) FROM waiting_polls WHERE team_id = ? AND user_id = ?"
            " AND state <> 'settled'",
            (person.team_id, person.user_id),
        ).fetchone()
        if mine >= MOST_WAITING and wait.state != "making":
            raise ManyWaiting(mine)
        id_ = new_id(self._chance)
        row: dict[str, object] = {
            **WAITING.row(now + wait.pause),
            "id": id_,
            "team_id": person.team_id,
            "user_id": person.user_id,
            "site": site,
            "kind": ask.kind,
            "subject": ask.subject,
            "ask": _ASK.dump_json(ask).decode(),
            "stamp": stamp,
            "channel_id": posting.channel_id,
            "thread_ts": posting.thread_ts,
            "response_url": self._vault.seal_any(posting.response_url),
            "state": wait.state,
            "asked_at": now,
            "ends_at": ask.draft.settings.ends_at,
        }
        db.execute(f"INSERT INTO waiting_polls {named(row)}", row)
        WAITING.wake(db)
        return id_

    @transaction
    def find(self, db: Connection, team_id: str, id_: str, now: float) -> WaitingPoll | None:
        """Return the poll; None if nobody is to hear of it any more."""
        row = db.execute(
            f"SELECT {_COLUMNS} FROM waiting_polls WHERE team_id = ? AND id = ?", (team_id, id_)
        ).fetchone()
        return None if row is None else self._waiting(row, now)

    @transaction
    def begin(self, db: Connection, id_: str) -> bool:
        """Keep that it is being made now; return False if it was dropped meanwhile."""
        begun = db.execute(
            "UPDATE waiting_polls SET state = 'making'"
            " WHERE id = ? AND state IN ('queued', 'making')",
            (id_,),
        )
        return begun.rowcount == 1

    @transaction
    def is_there(self, db: Connection, id_: str) -> bool:
        """Return whether its person still asks for it."""
        return is_there(db, id_)

    @transaction
    def not_now(self, db: Connection, id_: str) -> None:
        """Keep that it certainly was not made, and goes on waiting."""
        db.execute(
            "UPDATE waiting_polls SET state = 'queued' WHERE id = ? AND state = 'making'", (id_,)
        )

    @transaction
    def go_on(self, db: Connection, id_: str, state: State, at: float) -> None:
        """Have what was being made served at ``at``, in that state."""
        WAITING.make_due(db, at, "id = ? AND state = 'making'", state, id_, sets="state = ?")

    @transaction
    def adopt(
        self, db: Connection, waiting: WaitingPoll, draft: Draft, lost_id: str
    ) -> Kept | None:
        """Return the poll in its source that this one became; None if none was found there.

        It takes the place of ``lost_id``, which was kept before that was asked.
        """
        ask = waiting.ask
        kept = adopt(db, waiting.person, ask.subject, draft, waiting.stamp, waiting.asked_at)
        if kept is not None:
            drop(db, lost_id)
        return kept

    @transaction
    def unconnected(self, db: Connection, id_: str, now: float) -> None:
        """Let it wait for its person's account; the person is to be told."""
        row = db.execute(
            "UPDATE waiting_polls SET state = 'unconnected' WHERE id = ? RETURNING team_id", (id_,)
        ).fetchone()
        if row is not None:
            outbox.owe(db, _word(id_, now), str(row[0]), now)

    @transaction
    def settle(self, db: Connection, id_: str, outcome: Outcome, now: float) -> None:
        """Keep what became of it until its person was told."""
        _settle(db, outcome, now, "id = ?", id_)

    @transaction
    def expire(self, db: Connection, now: float) -> None:
        """Stop to wait with those for which it was too long; see ``WaitingPoll.over``."""
        waits = "state IN ('queued', 'unconnected') AND held_until IS NULL"
        _settle(db, Outcome(Decision.ENDED), now, f"{waits} AND ends_at <= ?", now)
        _settle(db, Outcome(Decision.EXPIRED), now, f"{waits} AND asked_at <= ?", now - KEPT_FOR)
        # Both answers to its word were lost: perhaps its person knows, and nobody tells again.
        db.execute(
            "DELETE FROM waiting_polls WHERE state = 'settled' AND NOT EXISTS (SELECT 1 FROM outbox"
            " WHERE kind = ? AND about = waiting_polls.id AND owed > 0)",
            (Kind.WAITING_POLL,),
        )

    @transaction
    def told(self, db: Connection, id_: str) -> None:
        """Forget it, if it is decided: its person knows."""
        db.execute("DELETE FROM waiting_polls WHERE id = ? AND state = 'settled'", (id_,))

    @transaction
    def forget(self, db: Connection, id_: str) -> None:
        """Drop it without a word of its own."""
        db.execute("DELETE FROM waiting_polls WHERE id = ?", (id_,))

    @act
    def drop(self, db: Connection, person: Person, id_: str, now: float) -> WaitingPoll | None:
        """Drop the person's poll and return it; None if it does not wait any more."""
        row = db.execute(
            "DELETE FROM waiting_polls WHERE id = ? AND team_id = ? AND user_id = ?"
            f" AND state IN ('queued', 'unconnected') RETURNING {_COLUMNS}",
            (id_, person.team_id, person.user_id),
        ).fetchone()
        return None if row is None else self._waiting(row, now)

    def _waiting(self, row: tuple[object, ...], now: float) -> WaitingPoll:
        kept = _ROW.read(row)
        return WaitingPoll(
            id=kept.id,
            person=Person(kept.team_id, kept.user_id),
            ask=kept.ask,
            channel_id=kept.channel_id,
            response_url=living(self._vault, kept.response_url, kept.asked_at, now),
            stamp=kept.stamp,
            state=kept.state,
            asked_at=kept.asked_at,
            site=kept.site,
            outcome=_outcome(kept.outcome),
            thread_ts=kept.thread_ts,
        )


def follow(db: Connection, site: str, before: str, key: str) -> None:
    """Have polls that wait for an issue be made on its new key."""
    db.execute(
        "UPDATE waiting_polls SET subject = ?, ask = json_patch(ask, ?)"
        " WHERE site = ? AND kind = 'issue' AND subject = ?",
        (key, json.dumps({"subject": key}), site, before),
    )


_FOR_POLL = (
    "state = 'making' AND EXISTS (SELECT 1 FROM deliveries WHERE"
    " deliveries.team_id = waiting_polls.team_id AND deliveries.user_id = waiting_polls.user_id"
    " AND deliveries.subject = 'new poll' AND deliveries.stamp = waiting_polls.stamp"
    " AND deed = ?)"
)


def look_for(db: Connection, poll_id: str, now: float) -> bool:
    """Have a poll that a crash left half made looked for; return False if no row here is for it."""
    return bool(WAITING.make_due(db, now, _FOR_POLL, poll_id))


def waits(db: Connection, poll_id: str) -> bool:
    """Return whether a row here is for a half made poll."""
    row = db.execute(f"SELECT 1 FROM waiting_polls WHERE {_FOR_POLL}", (poll_id,)).fetchone()
    return row is not None


def leave_out_all(db: Connection, now: float) -> int:
    """Make none of those that wait, as they may have been made since; return how many."""
    return _settle(db, Outcome(Decision.PERHAPS, PerhapsMadeSince()), now, "state <> 'settled'")


def _outcome(kept: OutcomeRow | None) -> Outcome | None:
    if kept is None:
        return None
    return Outcome(kept.fate, read(kept.said) if kept.said else None)


def _settle(db: Connection, outcome: Outcome, now: float, where: str, *values: object) -> int:
    why = outcome.why
    row = OutcomeRow(outcome.decision, written(why) if why is not None else "")
    settled = db.execute(
        f"UPDATE waiting_polls SET state = 'settled', outcome = ? WHERE {where}"
        " RETURNING id, team_id",
        (_OUTCOME.dump_json(row).decode(), *values),
    ).fetchall()
    for id_, team_id in settled:
        outbox.owe(db, _word(str(id_), now), str(team_id), now)
    return len(settled)


def _word(id_: str, now: float) -> Notice:
    return Notice(Kind.WAITING_POLL, id_, now)


class PollsForAccounts(Waits):
    """Polls that wait for their person's account."""

    def connected(self, db: Connection, person: Person, site: str, now: float) -> Waiting:
        """Let those go on that waited for a Jira account which is there now."""
        freed = WAITING.make_due(
            db,
            now,
            "team_id = ? AND user_id = ? AND site = ? AND state = 'unconnected'",
            person.team_id,
            person.user_id,
            site,
            sets="state = 'queued'",
            returning="json_extract(ask, '$.draft.title'), asked_at",
        )
        return Waiting(polls=_titles(freed))

    def disconnected(self, db: Connection, person: Person, site: str) -> Dropped:
        """Drop those that are not being made yet."""
        dropped = db.execute(
            "DELETE FROM waiting_polls WHERE team_id = ? AND user_id = ? AND site = ?"
            " AND state IN ('queued', 'unconnected')"
            " RETURNING json_extract(ask, '$.draft.title'), asked_at",
            (person.team_id, person.user_id, site),
        ).fetchall()
        return Dropped(polls=_titles(dropped))

    def refused(
        self, db: Connection, person: Person, site: str, told_by: ToldBy, now: float
    ) -> None:
        """Let them wait for a new token, which their person is asked for elsewhere."""
        db.execute(
            "UPDATE waiting_polls SET state = 'unconnected'"
            " WHERE team_id = ? AND user_id = ? AND site = ? AND state = 'queued'",
            (person.team_id, person.user_id, site),
        )


def _titles(rows: list[tuple[str, float]]) -> tuple[str, ...]:
    """Return the titles of polls, with when they were asked for, in that order."""
    return tuple(title for title, _ in sorted(rows, key=itemgetter(1)))


def is_there(db: Connection, id_: str) -> bool:
    """Return whether a poll is asked for still: its person may have been forgotten."""
    return db.execute("SELECT 1 FROM waiting_polls WHERE id = ?", (id_,)).fetchone() is not None
