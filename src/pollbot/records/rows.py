"""Results that are to be written on issues, one comment for each poll."""

from dataclasses import dataclass
from typing import Literal

from pollbot.accounts.rows import Waits
from pollbot.accounts.rules import Waiting
from pollbot.chance import Chance
from pollbot.jira.key_rows import present
from pollbot.people import Person
from pollbot.polls.ends.rows import owe_result
from pollbot.polls.kept import Kept
from pollbot.store import outbox
from pollbot.store.columns import Columns
from pollbot.store.deliveries import act
from pollbot.store.outbox import Kind
from pollbot.store.queue import Limit, Queue, Work
from pollbot.store.writer import Connection, Writer, transaction

State = Literal["wanted", "unconnected", "written", "refused"]
"""On its way to Jira; waiting for its owner to connect; there; or not allowed there."""

RECORDS = Queue(
    "records",
    "records",
    ("poll_id",),
    "state = 'wanted' AND EXISTS (SELECT 1 FROM polls WHERE polls.id = records.poll_id"
    " AND polls.closed_at IS NOT NULL AND polls.deleted_at IS NULL)",
    limits=(
        Limit("site", 8),
        Limit("site || ' ' || issue_key", 2),
        Limit("team_id || ' ' || owner || ' ' || site", 3),
        Limit("(SELECT source_id FROM polls WHERE polls.id = records.poll_id)", 3),
        Limit("(SELECT min(channel_id) FROM cards WHERE cards.poll_id = records.poll_id)", 3),
        Limit("team_id || ' ' || site", 6),
    ),
)


@dataclass(frozen=True, slots=True)
class Record:
    """A poll's result that its owner wants on the issue, as a comment in their name.

    ``tried``: a comment may be there whose id never reached us. ``closed_at`` is
    the end of the poll that the comment is to tell of.
    """

    poll_id: str
    owner: Person
    site: str
    issue_key: str
    state: State
    comment_id: str | None
    tried: bool
    closed_at: float


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record as it lies in its table."""

    poll_id: str
    team_id: str
    site: str
    issue_key: str
    owner: str
    state: State
    comment_id: str | None
    tried: bool
    closed_at: float


_ROW = Columns(RecordRow)
_COLUMNS = str(_ROW)


class RecordRows:
    """A record whose poll is open waits for it to close again.

    ```
                      no account, or Jira refuses it
        wanted ──────────────────────────────────────▶ unconnected
        ▲ ▲  │ ◀──────────────── connected ───────────────┘
        │ │  ├── Jira took it ──▶ written ──┐
        │ │  └── Jira said no ──▶ refused   │ wanted once more, or
        │ └───────── wanted once more ──┘   │ the poll closed again
        └───────────────────────────────────┘
    ```
    """

    def __init__(self, writer: Writer, chance: Chance) -> None:
        self._writer = writer
        self.work: Work[Record] = Work(
            writer, RECORDS, _COLUMNS, lambda row, _: _record(row), chance
        )

    @act
    def want(self, db: Connection, person: Person, kept: Kept, now: float) -> Record:
        """Keep that the person wants the closed poll's result on its issue.

        Whoever wrote it, or may have written it, stays its owner: nobody else
        can edit that comment. Return the record as it is now.
        """
        row = db.execute(
            "INSERT INTO records (poll_id, team_id, site, issue_key, owner, state, closed_at)"
            " VALUES (?, ?, ?, ?, ?, 'wanted', ?)"
            " ON CONFLICT (poll_id) DO UPDATE SET state = 'wanted', closed_at = excluded.closed_at,"
            " owner = CASE WHEN records.comment_id IS NULL AND records.tried = 0"
            " THEN excluded.owner ELSE records.owner END"
            f" RETURNING {_COLUMNS}",
            (
                kept.poll.id,
                person.team_id,
                kept.site,
                present(db, kept.site, kept.subject),
                person.user_id,
                kept.poll.closed_since(now),
            ),
        ).fetchone()
        RECORDS.make_due(db, now, "poll_id = ?", kept.poll.id)
        outbox.forget(db, Kind.RECORD, kept.poll.id)
        return _record(row)

    @transaction
    def is_there(self, db: Connection, poll_id: str) -> bool:
        """Return whether anybody ever wanted the poll's record."""
        row = db.execute("SELECT 1 FROM records WHERE poll_id = ?", (poll_id,)).fetchone()
        return row is not None

    @transaction
    def trying(self, db: Connection, record: Record) -> None:
        """Keep that a new comment is about to be written, and may be there from now on."""
        db.execute(
            "UPDATE records SET comment_id = NULL, tried = 1 WHERE poll_id = ?", (record.poll_id,)
        )

    @transaction
    def written(self, db: Connection, record: Record, comment_id: str) -> None:
        """Keep the comment; a poll that was closed again meanwhile is written again."""
        db.execute(
            "UPDATE records SET comment_id = ?, tried = 0,"
            " state = CASE WHEN closed_at = ? THEN 'written' ELSE state END WHERE poll_id = ?",
            (comment_id, record.closed_at, record.poll_id),
        )

    @transaction
    def absent(self, db: Connection, record: Record) -> None:
        """Keep that no comment is there: it was deleted, or Jira refused it."""
        db.execute(
            "UPDATE records SET comment_id = NULL, tried = 0 WHERE poll_id = ?", (record.poll_id,)
        )

    @transaction
    def unconnected(self, db: Connection, record: Record, now: float) -> None:
        """Let the record wait for its owner's account, unless they connected meanwhile."""
        RECORDS.make_due(
            db,
            now,
            "poll_id = ? AND state = 'wanted' AND owner = ?",
            record.owner.team_id,
            record.owner.user_id,
            record.site,
            record.poll_id,
            record.owner.user_id,
            sets="state = CASE WHEN EXISTS (SELECT 1 FROM accounts WHERE team_id = ?"
            " AND user_id = ? AND site = ? AND refused_at IS NULL) THEN 'wanted'"
            " ELSE 'unconnected' END",
        )

    @transaction
    def refused(self, db: Connection, record: Record) -> None:
        """Keep that Jira said no; it is not tried again by itself."""
        db.execute(
            "UPDATE records SET state = 'refused' WHERE poll_id = ?",
            (record.poll_id,),
        )


def forget(db: Connection, poll_id: str) -> None:
    """Forget the record of a poll that is gone; a comment that it wrote stays on its issue."""
    db.execute("DELETE FROM records WHERE poll_id = ?", (poll_id,))


def want_at_end(db: Connection, kept: Kept, now: float) -> None:
    """Keep what the poll's end means for its record.

    One that is there is brought up to date. Where the poll's form said so, a new
    one is wanted as the poll's creator.
    """
    if kept.kind != "issue":
        return
    poll = kept.poll
    if kept.record:
        db.execute(
            "INSERT INTO records (poll_id, team_id, site, issue_key, owner, state, closed_at)"
            " VALUES (?, ?, ?, ?, ?, 'wanted', ?) ON CONFLICT DO NOTHING",
            (poll.id, kept.team_id, kept.site, kept.subject, poll.created_by, poll.closed_at),
        )
    again = "('written', 'refused')" if kept.record else "('written')"
    RECORDS.make_due(
        db,
        now,
        "poll_id = ?",
        poll.closed_at,
        poll.id,
        sets=f"closed_at = ?, state = CASE WHEN state IN {again} THEN 'wanted' ELSE state END",
    )


def follow(db: Connection, site: str, before: str, key: str) -> None:
    """Have results go to the new key of their issue."""
    db.execute(
        "UPDATE records SET issue_key = ? WHERE site = ? AND issue_key = ?", (key, site, before)
    )


def _record(row: tuple[object, ...]) -> Record:
    kept = _ROW.read(row)
    return Record(
        poll_id=kept.poll_id,
        owner=Person(kept.team_id, kept.owner),
        site=kept.site,
        issue_key=kept.issue_key,
        state=kept.state,
        comment_id=kept.comment_id,
        tried=kept.tried,
        closed_at=kept.closed_at,
    )


class RecordsForAccounts(Waits):
    """Results that wait for the account that writes them."""

    def connected(self, db: Connection, person: Person, site: str, now: float) -> Waiting:
        """Let the person's records go on: there is an account to write them with."""
        freed = RECORDS.make_due(
            db,
            now,
            "team_id = ? AND owner = ? AND site = ? AND state = 'unconnected'",
            person.team_id,
            person.user_id,
            site,
            sets="state = 'wanted'",
            returning="poll_id",
        )
        for (poll_id,) in freed:
            # Should this account be refused as well, they are to hear that, too.
            outbox.forget(db, Kind.RECORD, str(poll_id))
        return Waiting()


def leave_out_all(db: Connection, now: float) -> int:
    """Write no result of a poll that is over; return of how many polls that was not told yet.

    A comment may be on the issue by now: whoever asks again has that one brought up to date.
    """
    records = db.execute(
        "UPDATE records SET state = 'refused',"
        " tried = CASE WHEN comment_id IS NULL THEN 1 ELSE tried END"
        " WHERE state IN ('wanted', 'unconnected') AND poll_id IN"
        " (SELECT id FROM polls WHERE closed_at IS NOT NULL) RETURNING poll_id, team_id"
    ).fetchall()
    return sum(owe_result(db, poll_id, team_id, now) for poll_id, team_id in sorted(records))
