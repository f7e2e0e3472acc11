"""What is said at most once, or by its policy once more: claims, never texts.

What is said is drawn when it is sent. A claim is on disk before anything is sent, so that
whatever happens then, it is known that Slack may have it.

```
             claim              sent: Slack took it, or refused it for good
    nothing ───────▶ claimed ───────────────────────────────────────────────▶ sent
       ▲              │   │
       └── release: ──┘   └─ unsure: its answer was lost, or an earlier run ended here ─▶ unsure
           surely not                (claimed once more, if its policy allows that)
```

Beside that, a row may be ``owed``: somebody is still to hear of it, the owner of what is
unsure or was left out, or the reader of a word that is nothing but owed. The number is how
often that may still leave; it goes down before it does, and up again if it surely did not.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pollbot.chance import Chance
from pollbot.people import Person
from pollbot.store.columns import Columns
from pollbot.store.queue import LEASE, LONGEST, Only, Queue, Work
from pollbot.store.writer import Connection, Writer, long_transaction, transaction

_KEPT_FOR = 400 * 86400.0
_RECEIPTS_KEPT_FOR = 2 * 86400.0
_CROWD_TOLD_WITHIN = 0.8 * LONGEST
_MAY_BE_RECALLED = 5.0
"""Seconds for which a word to a crowd waits for whoever sees a slip of theirs at once."""
_GATHERED = 1.0
"""Seconds for which words wait for others that go to the same person in the same message."""


class Kind(StrEnum):
    """What may be said only so often."""

    SCHEDULED = "schedule"
    """The post of a schedule, on the occasion of its due time."""
    BY_HAND = "run"
    """The post of a schedule, on the occasion of a press of *Run now*."""
    ANNOUNCEMENT = "closed"
    """A poll's result under a card, on the occasion of its close."""
    NOWHERE = "nowhere"
    """A poll's result where no card of it is left, to its creator, on the occasion of its close."""
    OFFER = "offer"
    """The offer to write a poll's result on its issue, on the occasion of its close."""
    REMINDER = "remind"
    """The reminder of a poll to a reader, or to all in a channel."""
    DIGEST = "digest"
    """That polls which end later wait for a reader's answer, on the occasion of a day of theirs."""
    RECEIPT = "receipt"
    """What became of a wish or an answer, told to its person."""
    CARD = "card"
    """What becomes of a card that was asked for, told to who asked: that it waits, or why not."""
    POSTED = "posted"
    """A card that was asked for, posted in its channel."""
    PERHAPS_POSTED = "perhaps_posted"
    """That a card may hang twice or not at all, told to who asked for it."""
    PERHAPS_REMINDED = "perhaps_reminded"
    """That a reminder of a poll may not have arrived, told to the poll's creator."""
    RECORD = "record"
    """That a poll's result waits for an account, told to who wants it on the issue."""
    STOPPED = "stopped"
    """That a schedule was paused by a failure, told to its owner."""
    NOT_POSTED = "not_posted"
    """The same where Slack lets nothing into the channel, with what was to be posted."""
    HELD_BY_SITE = "held_by_site"
    """That a post waits until whoever runs pollbot mends Jira's address, told to its owner."""
    HELD_BY_SOURCE = "held_by_source"
    """That a post waits until an admin mends the set-up of a source of polls, told to its owner."""
    GONE = "gone"
    """That a schedule has nothing left to post, told to its owner."""
    EDITED = "edited"
    """That an option was edited, told to a reader who chose it, on the occasion of the edit."""
    EDITED_BACK = "edited_back"
    """That what was edited is as it was chosen again, told to who was told of the edit."""
    HALF_MADE = "half_made"
    """That a poll may have been made in its source, told to its creator."""
    WAITING_POLL = "waiting_poll"
    """How it stands with a poll that waited to be made, told to whoever asked for it."""
    OUTSIDE = "outside"
    """What does not work on a card where the app is no member, told to who asked for it."""
    NOT_ANNOUNCED = "not_announced"
    """A poll's result that Slack did not take under a card, told to the poll's creator."""
    NOT_REMINDED = "not_reminded"
    """That nobody is reminded in the channel of a card, told to the poll's creator."""
    REFUSED = "refused"
    """That Slack takes no card, or no word under it, for what is in it; told to who owns it."""
    SOURCE_REFUSED = "source_refused"
    """That a source of polls takes its token no more, told to the admin who set it up."""
    ACCOUNT_ENDS = "account_ends"
    """That what somebody's account stands on ends soon, told to them; about a site."""
    SHIPPED = "shipped"
    """That an issue is resolved, told to somebody who voted for it; about that vote."""
    CROSSED = "crossed"
    """That an issue has the votes of a threshold; about that it reached them, to its owner."""
    THRESHOLD_STOPPED = "threshold_stopped"
    """That a threshold was paused by a failure, told to its owner."""
    SET_BACK = "set_back"
    """What was not done again as the database is an older copy, told to who asked for it."""


_TWICE = {Kind.RECEIPT, Kind.CARD, Kind.RECORD, Kind.POSTED}
"""What is missed by whoever never reads it, and confuses nobody who reads it twice."""
_TO_READERS = (Kind.REMINDER, Kind.EDITED, Kind.EDITED_BACK)
"""What goes to those who answer a poll, or do not."""
_OWED_WORDS_LEAVE = 2
_TOLD_IF_UNSURE = {Kind.SCHEDULED, Kind.BY_HAND, Kind.ANNOUNCEMENT, Kind.CROSSED}
"""What somebody owns who can look whether it is there."""
_OVER_IF_REFUSED = {
    Kind.ANNOUNCEMENT,
    Kind.NOWHERE,
    Kind.OFFER,
    Kind.REMINDER,
    Kind.DIGEST,
    Kind.SHIPPED,
}
"""What is not tried again where Slack does not take it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said: its kind, the id of what it is about, on which occasion, and to whom.

    ``occasion`` is a moment in unix seconds, 0 where there is but one.
    """

    kind: Kind
    about: str
    occasion: float = 0.0
    reader: str = ""

    @property
    def most(self) -> int:
        """How often it may leave, if each time its answer is lost."""
        return 2 if self.kind in _TWICE else 1

    @property
    def over_if_refused(self) -> bool:
        """Whether a refusal by Slack ends it."""
        return self.kind in _OVER_IF_REFUSED


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that somebody is still to hear. ``left_out``: it was never sent, as it was old.

    ``reader`` is who is to hear it, as far as their words go one after the other. ``code`` is
    Slack's for its refusal of what they hear of; empty if that is not what happened. ``again``: it
    has left before, and is perhaps there.
    """

    notice: Notice
    reader: Person
    left_out: bool
    code: str = ""
    again: bool = False

    @property
    def team_id(self) -> str:
        """The team that it is said in."""
        return self.reader.team_id


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """What was claimed, or is owed, as it lies in its table."""

    kind: Kind
    about: str
    reader: str
    occasion: float
    team_id: str
    state: str
    code: str
    owed: int

    @property
    def notice(self) -> Notice:
        """What is said."""
        return Notice(self.kind, self.about, self.occasion, self.reader)


OWED = Queue(
    "owed",
    "outbox",
    ("kind", "about", "reader", "occasion"),
    "owed > 0",
)
_ROW = Columns(OutboxRow)
# Else whoever made what it is about: a schedule, a poll, or a card, mostly that of a poll.
_READER = (
    "coalesce(nullif(reader, ''),"
    " (SELECT owner FROM schedules WHERE schedules.id = about),"
    " (SELECT created_by FROM polls WHERE polls.id = about),"
    " (SELECT created_by FROM polls JOIN cards ON polls.id = cards.poll_id"
    " WHERE cards.id = about AND outbox.kind <> 'outside'),"
    " (SELECT posted_by FROM cards WHERE cards.id = about), '')"
)
_IS = "kind = ? AND about = ? AND reader = ? AND occasion = ?"


def claim(db: Connection, notice: Notice, team_id: str, now: float) -> int:
    """Return the number of this try, from 1 on; 0 if it is not ours to say.

    For each notice it is so once, or as often as it may. One that was claimed and never marked is
    never claimed by another.
    """
    claimed = db.execute(
        "INSERT INTO outbox (kind, about, reader, occasion, team_id, state, tries, changed_at)"
        " VALUES (?, ?, ?, ?, ?, 'claimed', 1, ?)"
        " ON CONFLICT (kind, about, reader, occasion) DO UPDATE SET state = 'claimed',"
        " tries = outbox.tries + 1, changed_at = excluded.changed_at"
        " WHERE outbox.state = 'unsure' AND outbox.tries < ? RETURNING tries",
        (*_key(notice), team_id, now, notice.most),
    ).fetchone()
    return 0 if claimed is None else int(claimed[0])


def is_known(db: Connection, notice: Notice) -> bool:
    """Return whether it was claimed, and not given back."""
    return db.execute(f"SELECT 1 FROM outbox WHERE {_IS}", _key(notice)).fetchone() is not None


def sent(db: Connection, notice: Notice, now: float) -> None:
    """Keep that it is over: Slack took it, or refused it for good."""
    db.execute(
        f"UPDATE outbox SET state = 'sent', owed = 0, changed_at = ? WHERE {_IS}",
        (now, *_key(notice)),
    )


def closed(db: Connection, notice: Notice, instead: Notice, code: str, now: float) -> None:
    """Keep of what was claimed that Slack does not take it; somebody is to hear of it instead."""
    (team_id,) = db.execute(f"SELECT team_id FROM outbox WHERE {_IS}", _key(notice)).fetchone()
    sent(db, notice, now)
    owe(db, instead, team_id, now, code)


def release(db: Connection, notice: Notice) -> None:
    """Give back a claim of what certainly never reached Slack, so that it can be tried again."""
    db.execute(f"DELETE FROM outbox WHERE {_IS} AND state = 'claimed' AND tries = 1", _key(notice))
    db.execute(
        f"UPDATE outbox SET state = 'unsure', tries = tries - 1 WHERE {_IS} AND state = 'claimed'",
        _key(notice),
    )


def unsure(db: Connection, notice: Notice, now: float) -> None:
    """Keep that it may have been said; whoever owns it is to hear that.

    Of reminders they hear once for all who are reminded of the poll.
    """
    marked = db.execute(
        f"UPDATE outbox SET state = 'unsure', changed_at = ? WHERE {_IS} AND state = 'claimed'"
        " RETURNING team_id",
        (now, *_key(notice)),
    ).fetchone()
    if notice.kind in _TOLD_IF_UNSURE:
        _tell(db, notice, now)
    elif notice.kind is Kind.REMINDER and marked is not None:
        owe(db, Notice(Kind.PERHAPS_REMINDED, notice.about), str(marked[0]), now)


def leave_out(db: Connection, notice: Notice, now: float) -> None:
    """Keep of what was claimed that it is not said, as it is too old; its owner is to hear that."""
    db.execute(f"UPDATE outbox SET state = 'left_out' WHERE {_IS}", _key(notice))
    _tell(db, notice, now)


def owe(db: Connection, notice: Notice, team_id: str, now: float, code: str = "") -> bool:
    """Keep that somebody is to hear this; return whether it is owed now."""
    notice = of_team(db, notice, team_id)
    owed = db.execute(
        "INSERT INTO outbox (kind, about, reader, occasion, team_id, state, changed_at, code)"
        " VALUES (?, ?, ?, ?, ?, 'owed', ?, ?) ON CONFLICT DO NOTHING",
        (*_key(notice), team_id, now, code),
    )
    if owed.rowcount:
        _tell(db, notice, now)
    left = db.execute(f"SELECT 1 FROM outbox WHERE {_IS} AND owed > 0", _key(notice))
    return left.fetchone() is not None


def of_team(db: Connection, notice: Notice, team_id: str) -> Notice:
    """Return the notice on an occasion of the team's own, the very next moment if need be.

    What is about an issue or a site, and who is to hear it, may be called the same in another one.
    """
    while row := db.execute(f"SELECT team_id FROM outbox WHERE {_IS}", _key(notice)).fetchone():
        if row[0] == team_id:
            break
        notice = replace(notice, occasion=math.nextafter(notice.occasion, math.inf))
    return notice


def for_none_of(people: Collection[Person], teams: Collection[str]) -> Only:
    """Return that no word is wanted for one of these people, or in one of these teams."""
    of_people, of_teams = ", ".join("?" * len(people)), ", ".join("?" * len(teams))
    return Only(
        f"team_id || ' ' || {_READER} NOT IN ({of_people}) AND team_id NOT IN ({of_teams})",
        (*(f"{person.team_id} {person.user_id}" for person in people), *teams),
    )


def owe_crowd(
    db: Connection, kind: Kind, about: str, readers: Sequence[str], team_id: str, now: float
) -> None:
    """Keep that many people are to hear the same, one after the other, unless it is recalled.

    docs.slack.dev, "Rate limits": about one message per second is what lasts.
    """
    apart = min(1.0, _CROWD_TOLD_WITHIN / max(1, len(readers)))
    db.executemany(
        "INSERT INTO outbox (kind, about, reader, occasion, team_id, state, owed, changed_at,"
        f" {OWED.columns}) VALUES (?, ?, ?, ?, ?, 'owed', {_OWED_WORDS_LEAVE}, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        [
            (
                *(kind, about, reader, now, team_id, now),
                *OWED.due(now + _MAY_BE_RECALLED + place * apart),
            )
            for place, reader in enumerate(readers)
        ],
    )
    OWED.wake(db)


def recall(db: Connection, kinds: Iterable[Kind], about: str, readers: Iterable[str]) -> None:
    """Take back what has not left yet."""
    db.executemany(
        "DELETE FROM outbox WHERE kind = ? AND about = ? AND reader = ?"
        f" AND state = 'owed' AND owed = {_OWED_WORDS_LEAVE}",
        [(kind, about, reader) for kind in kinds for reader in readers],
    )


def heard(db: Connection, kind: Kind, about: str) -> set[str]:
    """Return who was told something, as far as anybody can know, and is not only to be told."""
    rows = db.execute(
        "SELECT reader FROM outbox WHERE kind = ? AND about = ?"
        f" AND NOT (state = 'owed' AND owed = {_OWED_WORDS_LEAVE})",
        (kind, about),
    ).fetchall()
    return {reader for (reader,) in rows}


def stands(db: Connection, notice: Notice) -> tuple[str, float]:
    """Return the state of what was claimed, and since when; an empty one if it never was."""
    row = db.execute(f"SELECT state, changed_at FROM outbox WHERE {_IS}", _key(notice)).fetchone()
    return ("", 0.0) if row is None else (str(row[0]), float(row[1]))


def forget(db: Connection, kind: Kind, about: str, reader: str | None = None) -> None:
    """Forget what of a kind was said about something, to one reader or to all."""
    db.execute(
        "DELETE FROM outbox WHERE kind = ? AND about = ?"
        " AND (CAST(? AS TEXT) IS NULL OR reader = ?)",
        (kind, about, reader, reader),
    )


def forget_readers(db: Connection, poll_id: str) -> None:
    """Forget what of a poll was told to people, and with it who they are."""
    for kind in _TO_READERS:
        forget(db, kind, poll_id)


def leave_out_team(db: Connection, team_id: str) -> None:
    """Owe nothing to people of a workspace any more; what was claimed is said, or never will be."""
    db.execute(
        "UPDATE outbox SET state = 'sent', owed = 0"
        " WHERE team_id = ? AND (state = 'claimed' OR owed > 0)",
        (team_id,),
    )


def forget_old_receipts(db: Connection, now: float) -> None:
    """Forget receipts that nobody waits for any more."""
    db.execute(
        "DELETE FROM outbox WHERE kind = ? AND changed_at < ?",
        (Kind.RECEIPT, now - _RECEIPTS_KEPT_FOR),
    )


class OutboxRows:
    """Claims of what was said, and what is owed."""

    def __init__(self, writer: Writer, chance: Chance) -> None:
        self._writer = writer
        columns = f"{_ROW}, {_READER}"
        self.work: Work[Owed] = Work(writer, OWED, columns, lambda row, _: _owed(row), chance)

    @transaction
    def claim(self, db: Connection, notice: Notice, team_id: str, now: float) -> int:
        """Return the number of this try, from 1 on; 0 if it is not ours to say."""
        return claim(db, notice, team_id, now)

    @transaction
    def sent(self, db: Connection, notice: Notice, now: float, *also: Notice) -> None:
        """Keep that these are over: Slack took them, or refused them for good."""
        for one in (notice, *also):
            sent(db, one, now)

    @transaction
    def closed(
        self, db: Connection, notice: Notice, instead: Notice, code: str, now: float
    ) -> None:
        """Keep that Slack does not take it, and that somebody is to hear ``instead``."""
        closed(db, notice, instead, code, now)

    @transaction
    def release(self, db: Connection, *notices: Notice) -> None:
        """Give back claims of what certainly never reached Slack."""
        for notice in notices:
            release(db, notice)

    @transaction
    def unsure(self, db: Connection, notice: Notice, now: float, *also: Notice) -> None:
        """Keep that these may have been said."""
        for one in (notice, *also):
            unsure(db, one, now)

    @transaction
    def is_under_way(self, db: Connection, notice: Notice) -> bool:
        """Return whether it is claimed, and neither over nor given back."""
        row = db.execute(f"SELECT 1 FROM outbox WHERE {_IS} AND state = 'claimed'", _key(notice))
        return row.fetchone() is not None

    @long_transaction
    def sweep(self, db: Connection, now: float) -> None:
        """Let go of claims that nobody can be sending any more: what kept them has failed."""
        _let_go(db, now, "AND changed_at < ?", now - LEASE)

    @transaction
    def telling(self, db: Connection, notices: Iterable[Notice]) -> None:
        """Keep that somebody is about to be told of these, and may have been from now on."""
        for notice in notices:
            db.execute(f"UPDATE outbox SET owed = owed - 1 WHERE {_IS}", _key(notice))

    @transaction
    def not_told(self, db: Connection, notices: Iterable[Notice]) -> None:
        """Keep that telling certainly failed, so that it is still owed."""
        for notice in notices:
            db.execute(f"UPDATE outbox SET owed = owed + 1 WHERE {_IS}", _key(notice))

    @transaction
    def told(self, db: Connection, notices: Iterable[Notice]) -> None:
        """Keep that nothing of these is owed any more."""
        for notice in notices:
            db.execute(
                "UPDATE outbox SET owed = 0,"
                f" state = CASE WHEN state = 'owed' THEN 'sent' ELSE state END WHERE {_IS}",
                _key(notice),
            )

    @transaction
    def resume(self, db: Connection, now: float, *, beside_doors: bool = False) -> None:
        """Take up what an earlier run left claimed: nobody knows whether Slack has it.

        What is so old that nothing would say it again is forgotten. ``beside_doors``: what only
        doors say may be on its way at one that lives; ``sweep`` takes that up in time.
        """
        db.execute(
            "DELETE FROM outbox WHERE owed = 0 AND state <> 'claimed' AND changed_at < ?",
            (now - _KEPT_FOR,),
        )
        if beside_doors:
            _let_go(db, now, "AND kind <> ?", Kind.BY_HAND)
        else:
            _let_go(db, now)


def _let_go(db: Connection, now: float, older: str = "", *values: float | Kind) -> None:
    claimed = f"SELECT {_ROW} FROM outbox WHERE state = 'claimed' {older}"
    for row in db.execute(claimed, values).fetchall():
        unsure(db, _ROW.read(row).notice, now)


def _tell(db: Connection, notice: Notice, now: float) -> None:
    """Have somebody told of it, together with what else has come up for the team by then."""
    db.execute(f"UPDATE outbox SET owed = {_OWED_WORDS_LEAVE} WHERE {_IS}", _key(notice))
    OWED.make_due(
        db,
        now + _GATHERED,
        f"({_IS}) OR (owed > 0 AND reader = '' AND attempts < 1 AND held_until IS NULL"
        " AND team_id = (SELECT team_id FROM outbox WHERE kind = ? AND about = ?"
        " AND reader = ? AND occasion = ?))",
        *_key(notice),
        *_key(notice),
    )


def _key(notice: Notice) -> tuple[str, str, str, float]:
    return notice.kind, notice.about, notice.reader, notice.occasion


def _owed(row: Sequence[Any]) -> Owed:
    *columns, to = row
    kept = _ROW.read(columns)
    again = kept.owed < _OWED_WORDS_LEAVE
    return Owed(kept.notice, Person(kept.team_id, to), kept.state == "left_out", kept.code, again)
