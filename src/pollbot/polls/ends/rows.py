"""What a poll's end brings about: its announcement, and the reminders before it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pollbot.cards.rows import living
from pollbot.chance import Chance
from pollbot.errors import PollGone
from pollbot.people import Person
from pollbot.polls.kept import Kept
from pollbot.polls.kept_rows import COLUMNS, REMINDERS, find_poll, kept_from
from pollbot.slack.posting import PostedCard
from pollbot.store import outbox
from pollbot.store.columns import Columns
from pollbot.store.deliveries import act
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Limit, Queue, Work
from pollbot.store.set_back import owe_word
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection, Writer, transaction

ENDINGS = Queue(
    "endings",
    "endings",
    ("poll_id", "closed_at"),
    "1 = 1",
    limits=(
        Limit("(SELECT source_id FROM polls WHERE polls.id = poll_id)", 4),
        Limit("(SELECT team_id || ' ' || created_by FROM polls WHERE polls.id = poll_id)", 3),
        Limit("team_id", 6),
    ),
)


@dataclass(frozen=True, slots=True)
class Ending:
    """A poll that closed, until that was said everywhere."""

    poll_id: str
    team_id: str
    closed_at: float


_ROW = Columns(Ending)


class EndingRows:
    """One row per poll and close. Whatever is said of them goes through the outbox."""

    def __init__(self, writer: Writer, vault: Vault, chance: Chance) -> None:
        self._writer = writer
        self._vault = vault
        self.work: Work[Ending] = Work(
            writer,
            ENDINGS,
            str(_ROW),
            lambda row, _: _ROW.read(row),
            chance,
        )
        self.reminders: Work[Kept] = Work(
            writer, REMINDERS, COLUMNS, lambda row, _: kept_from(row), chance
        )

    @transaction
    def done(self, db: Connection, ending: Ending) -> None:
        """Keep that everything about this end was said."""
        db.execute(
            "DELETE FROM endings WHERE poll_id = ? AND closed_at = ?",
            (ending.poll_id, ending.closed_at),
        )

    @transaction
    def cards(self, db: Connection, poll_id: str, until: float, now: float) -> list[PostedCard]:
        """Return the poll's cards that were asked for by ``until``, the oldest first."""
        rows = db.execute(
            "SELECT id, channel_id, message_ts, response_url, url_since FROM cards"
            " WHERE poll_id = ? AND made_at <= ? AND posted = 1 ORDER BY made_at, id",
            (poll_id, until),
        ).fetchall()
        return [
            PostedCard(id_, channel, ts, living(self._vault, url, since, now))
            for id_, channel, ts, url, since in rows
        ]

    @transaction
    def claim_word(self, db: Connection, ending: Ending, notice: Notice, now: float) -> bool:
        """Return whether this is ours to say of the end, which must still be the poll's end."""
        still = db.execute(
            "SELECT 1 FROM endings WHERE poll_id = ? AND closed_at = ?",
            (ending.poll_id, ending.closed_at),
        ).fetchone()
        return still is not None and bool(outbox.claim(db, notice, ending.team_id, now))

    @transaction
    def claim_reminder(
        self, db: Connection, kept: Kept, notice: Notice, user_id: str | None, now: float
    ) -> Kept | None:
        """Return the poll as it is now if this reminder of it is ours to make.

        It is not where it was made before, where the poll closed or gave its
        names up, where the user has answered, and where they want no reminders; ``user_id``
        None is no user.
        """
        latest = _unanswered(db, kept, user_id, now)
        if latest is None or not outbox.claim(db, notice, kept.team_id, now):
            return None
        return latest

    @transaction
    def claim_digest(
        self, db: Connection, person: Person, day: float, polls: Sequence[Kept], now: float
    ) -> list[Kept] | None:
        """Return of which polls, as they are now, it is ours to remind the person in one message.

        They are those that nobody has reminded them of and that ``claim_reminder`` would give;
        None if the person had such a message on this ``day`` of theirs already.
        """
        latest = [_unanswered(db, kept, person.user_id, now) for kept in polls]
        open_ = [
            kept
            for kept in latest
            if kept is not None and not outbox.is_known(db, reminder_of(kept, person.user_id))
        ]
        if not open_:
            return []
        if not outbox.claim(db, digest_on(person, day), person.team_id, now):
            return None
        for kept in open_:
            outbox.claim(db, reminder_of(kept, person.user_id), person.team_id, now)
        return open_

    @transaction
    def muted(self, db: Connection, person: Person) -> bool:
        """Return whether no poll reminds this person."""
        found = db.execute(
            "SELECT 1 FROM muted_reminders WHERE team_id = ? AND user_id = ?",
            (person.team_id, person.user_id),
        )
        return found.fetchone() is not None

    @act
    def remind(self, db: Connection, person: Person, now: float, *, wanted: bool) -> None:
        """Keep whether polls remind this person."""
        if wanted:
            db.execute(
                "DELETE FROM muted_reminders WHERE team_id = ? AND user_id = ?",
                (person.team_id, person.user_id),
            )
        else:
            db.execute(
                "INSERT INTO muted_reminders (team_id, user_id, since) VALUES (?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (person.team_id, person.user_id, now),
            )


def reminder_of(kept: Kept, user_id: str) -> Notice:
    """Return the reminder of a poll to one person, as the outbox knows it."""
    return Notice(Kind.REMINDER, kept.poll.id, reader=user_id)


def digest_on(person: Person, day: float) -> Notice:
    """Return the one reminder of several polls that a person gets on a day."""
    return Notice(Kind.DIGEST, person.team_id, day, reader=person.user_id)


def _unanswered(db: Connection, kept: Kept, user_id: str | None, now: float) -> Kept | None:
    """Return the poll as it is now if the user may be reminded of it."""
    try:
        latest = find_poll(db, kept.team_id, kept.poll.id)
    except PollGone:
        return None
    if not latest.poll.is_open(now) or not latest.poll.settings.names:
        return None
    not_wanted = db.execute(
        "SELECT 1 FROM answers WHERE poll_id = ? AND voter = ?"
        " UNION ALL SELECT 1 FROM muted_reminders WHERE team_id = ? AND user_id = ? LIMIT 1",
        (kept.poll.id, user_id, kept.team_id, user_id),
    ).fetchone()
    return None if not_wanted is not None else latest


def remember_end(db: Connection, kept: Kept, now: float) -> None:
    """Keep that the poll closed, so that a crash right after loses nothing of what follows."""
    db.execute(
        "INSERT INTO endings (poll_id, team_id, closed_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (kept.poll.id, kept.team_id, kept.poll.closed_at),
    )
    ENDINGS.make_due(db, now, "poll_id = ? AND closed_at = ?", kept.poll.id, kept.poll.closed_at)


def forget_end(db: Connection, poll_id: str) -> None:
    """Drop what would still be said of the poll's end: it is open again, or gone."""
    db.execute("DELETE FROM endings WHERE poll_id = ?", (poll_id,))


def leave_out_all(db: Connection, now: float) -> int:
    """Leave out what is said of polls that are over, and reminders; return of how many polls."""
    ended = db.execute("DELETE FROM endings RETURNING poll_id, team_id").fetchall()
    REMINDERS.make_due(db, None, f"{REMINDERS.column} <= ?", now)
    return sum(owe_result(db, poll_id, team_id, now) for poll_id, team_id in sorted({*ended}))


def leave_out_team(db: Connection, team_id: str, now: float) -> None:
    """Leave out the same of a workspace's polls, and tell nobody."""
    db.execute("DELETE FROM endings WHERE team_id = ?", (team_id,))
    REMINDERS.make_due(db, None, f"team_id = ? AND {REMINDERS.column} <= ?", team_id, now)


def owe_result(db: Connection, poll_id: str, team_id: str, now: float) -> bool:
    """Owe a poll's creator the word that its result was left out; return whether that is new."""
    owner = db.execute("SELECT created_by FROM polls WHERE id = ?", (poll_id,)).fetchone()
    return owner is not None and owe_word(db, f"poll {poll_id}", owner[0], team_id, now)
