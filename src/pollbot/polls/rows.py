"""Polls: their definitions, where they live, and when they end."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from pollbot.cards.rows import CARDS, Wanted, want
from pollbot.chance import Chance
from pollbot.errors import PollGone
from pollbot.people import Person
from pollbot.polls.additions import rows as additions
from pollbot.polls.answers import count_rows
from pollbot.polls.answers import unfinished_rows as unfinished
from pollbot.polls.answers.key_rows import PollKeys, make_anonymous, part_for_good, voter_of
from pollbot.polls.edits.rows import asked_first, edited
from pollbot.polls.edits.rules import shared_with
from pollbot.polls.ends import all_rows as when_all
from pollbot.polls.ends.rows import forget_end, remember_end
from pollbot.polls.ends.rows import leave_out_all as leave_out_ends
from pollbot.polls.kept import ALL_ANSWERED, Kept
from pollbot.polls.kept_rows import (
    COLUMNS,
    ENDS,
    OPTIONS,
    READ_EVERY,
    READINGS,
    REMINDERS,
    ahead,
    closes_at,
    drop,
    find_poll,
    insert,
    kept_from,
    look_soon,
    part_to_json,
    remind_at,
    settings_to_json,
    touch,
)
from pollbot.polls.refusals import CannotReopen, PollClosed
from pollbot.polls.rules import Definition, Draft, Poll, PollSettings
from pollbot.polls.sources.source import SourcePoll
from pollbot.polls.tally import Part
from pollbot.polls.waiting import rows as waiting_polls
from pollbot.rights.rows import must_use, rights_of
from pollbot.slack.meanwhile import Overtaken
from pollbot.store import audit, outbox
from pollbot.store.audit import Said, What
from pollbot.store.deliveries import act, undo
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Work
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection, IsAsked, Writer, reading, transaction
from pollbot.web.pauses import OF_SLACK

_SLOWEST_READING = 3600.0
_CHANGING = "change of a poll"
_IS_CHANGING = "team_id = ? AND user_id = '' AND subject = ? AND stamp = ?"
_LONGEST_CHANGE = 25.0
"""Seconds for two calls to a source, and some more."""
SURE_AFTER = 120.0
"""Seconds for which no list of its source has a poll until it counts as deleted there."""
GONE_AFTER = 86400.0
"""Seconds after that in which it may come back, and its answers are kept for that."""


@dataclass(frozen=True, slots=True)
class Page:
    """Polls of a list, the open ones first and of them the newest: which page, and of how many."""

    polls: list[Kept]
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Followers:
    """What else belongs to what becomes of a poll; each is called in the same transaction."""

    closed: Callable[[Connection, Kept, float], None]
    deleted: Callable[[Connection, str, float], None]


class AskedNoMore(Exception):
    """Whoever asked for a poll was forgotten before it was made. Nobody reads of it."""


class PollRows:
    """One row per poll, one per person and chosen option.

    ```
        start ──▶ half made ──── made: its source has it ──▶ open ◀──▶ closed
                      │                                add ──▶ │           │
                      └──── drop: it did not ──▶ [*]           └─ deleted ─┘
    ```

    Where names are not kept, closed is for good. Deleted is so too, unless it is only what its
    source's lists make believe: then it comes back, with all answers, if it is listed within
    ``GONE_AFTER``.
    """

    def __init__(
        self, writer: Writer, keys: PollKeys, vault: Vault, chance: Chance, followers: Followers
    ) -> None:
        self._writer = writer
        self._keys = keys
        self._followers = followers
        self._vault = vault
        self._chance = chance
        self.readings: Work[Kept] = Work(
            writer, READINGS, COLUMNS, lambda row, _: kept_from(row), chance
        )

    @act
    def add(
        self,
        db: Connection,
        kept: Kept,
        stamp: str | None = None,
        card: Wanted | None = None,
        is_asked: IsAsked | None = None,
    ) -> str:
        """Keep a new poll; return its id. One found again in its source keeps its old id.

        ``stamp`` names what asked for it: the same once more makes no second poll. With the
        poll its ``card`` is asked for, or never. Raises AskedNoMore.
        """
        made = _made_by(db, kept, stamp)
        if made is not None:
            return made
        _must_be_asked(db, is_asked)
        _must_allow(db, kept)
        if kept.home is not None and kept.home.id:
            known = db.execute(
                "SELECT id FROM polls WHERE team_id = ? AND source_id = ? AND place = ?"
                " AND remote_id = ?",
                (kept.team_id, kept.home.source_id, kept.home.place, kept.home.id),
            ).fetchone()
            if known is not None:
                return str(known[0])
        insert(db, self._keys, kept, made=True)
        if not kept.found:
            note_poll(db, kept.poll.created_by, What.POLL_MADE, kept, kept.created_at, card)
        self._ask_for(db, kept, card, kept.created_at)
        return kept.poll.id

    @act
    def start(
        self,
        db: Connection,
        kept: Kept,
        stamp: str | None = None,
        is_asked: IsAsked | None = None,
    ) -> str:
        """Keep that a poll is about to be made elsewhere; nobody sees it yet.

        What becomes of it is told by ``made``, by ``drop``, or after a crash by
        ``take_up``. Return its id, or that of the poll for which the same delivery
        asked before. Raises AskedNoMore.
        """
        made = _made_by(db, kept, stamp)
        if made is not None:
            return made
        _must_be_asked(db, is_asked)
        _must_allow(db, kept)
        insert(db, self._keys, kept, made=False)
        return kept.poll.id

    @transaction
    def find(self, db: Connection, team_id: str, poll_id: str) -> Kept:
        """Return the poll. Raises PollGone if this team has none with that id."""
        return find_poll(db, team_id, poll_id)

    @transaction
    def keeps_names(self, db: Connection, team_id: str, poll_id: str) -> bool:
        """Return whether the poll keeps the names of who answers. Raises PollGone."""
        return find_poll(db, team_id, poll_id).poll.settings.names

    @transaction
    def made_by(self, db: Connection, person: Person, stamp: str) -> Kept | None:
        """Return the poll that the person's delivery made, or began to make; None if none is."""
        row = db.execute(
            "SELECT deed FROM deliveries WHERE team_id = ? AND user_id = ?"
            " AND subject = 'new poll' AND stamp = ?",
            (person.team_id, person.user_id, stamp),
        ).fetchone()
        return None if row is None else find_poll(db, person.team_id, str(row[0]))

    @transaction
    def on_card(self, db: Connection, team_id: str, card_id: str) -> Kept:
        """Return the poll that a card shows. Raises PollGone."""
        row = db.execute(
            "SELECT poll_id FROM cards WHERE team_id = ? AND id = ?", (team_id, card_id)
        ).fetchone()
        return find_poll(db, team_id, str(row[0]) if row is not None else "")

    @reading
    def elsewhere(self, db: Connection, team_id: str, subject: str) -> list[Kept]:
        """Return the polls on an issue or page that live elsewhere."""
        rows = db.execute(
            f"SELECT {COLUMNS} FROM polls WHERE team_id = ? AND subject = ? AND made = 1"
            " AND remote_id IS NOT NULL AND deleted_at IS NULL",
            (team_id, subject),
        ).fetchall()
        return [kept_from(row) for row in rows]

    @reading
    def about(
        self,
        db: Connection,
        team_id: str,
        subject: str,
        others: Sequence[str],
        now: float,
        page: int,
        size: int,
    ) -> Page:
        """Return a page of the polls on an issue or page, but for those of ``others``, sites."""
        marks = ", ".join("?" * len(others))
        on_it = "team_id = ? AND subject = ? AND made = 1"
        on_it += f" AND site NOT IN ({marks})"
        return _page(db, now, page, size, on_it, team_id, subject, *others)

    @reading
    def plain(
        self, db: Connection, person: Person, channel_id: str, now: float, page: int, size: int
    ) -> Page:
        """Return a page of the person's own plain polls and those with a card in the channel.

        Those of a private channel are no business of anybody else.
        """
        mine_or_here = (
            "team_id = ? AND kind = 'plain' AND (created_by = ? OR EXISTS"
            " (SELECT 1 FROM cards WHERE cards.poll_id = polls.id AND cards.channel_id = ?))"
        )
        who = (person.team_id, person.user_id, channel_id)
        return _page(db, now, page, size, mine_or_here, *who)

    @act
    def change(
        self,
        db: Connection,
        kept: Kept,
        now: float,
        definition: Definition,
        *,
        sent: str | None = None,
        draft: Draft | None = None,
        by: str | None = None,
    ) -> Kept:
        """Keep the poll's new definition; answers stay with their options.

        An option that is gone but was chosen stays as removed. Whoever chose one that was
        edited is to hear of it, but for ``by``, who edited it. Whether names are kept
        cannot change once somebody has answered on the card's word. Of ``draft`` count
        the reminder and the record; without it both stay. For somebody it is done only on
        what they edited: raises Overtaken if the poll is edited, closed or deleted since.
        """
        if by is not None and not find_poll(db, kept.team_id, kept.poll.id).is_asked_as(kept):
            raise Overtaken
        return self._change(db, kept, now, definition, sent=sent, draft=draft, by=by)

    @transaction
    def begin_change(self, db: Connection, kept: Kept, now: float) -> bool:
        """Keep that the poll is changed where it lives, from ``now`` on; False while another is.

        What a crash has left of that counts for no longer than a change can take.
        """
        mine = (kept.team_id, _CHANGING, kept.poll.id)
        db.execute(
            f"DELETE FROM deliveries WHERE {_IS_CHANGING} AND (seen_at <= ? OR seen_at > ?)",
            (*mine, now - _LONGEST_CHANGE, now + _LONGEST_CHANGE),
        )
        begun = db.execute(
            "INSERT INTO deliveries (team_id, user_id, subject, stamp, deed, seen_at)"
            " VALUES (?, '', ?, ?, '', ?) ON CONFLICT DO NOTHING RETURNING stamp",
            (*mine, now),
        ).fetchone()
        return begun is not None

    @transaction
    def end_change(self, db: Connection, kept: Kept, begun_at: float) -> None:
        """Let the next change of the poll begin."""
        db.execute(
            f"DELETE FROM deliveries WHERE {_IS_CHANGING} AND seen_at = ?",
            (kept.team_id, _CHANGING, kept.poll.id, begun_at),
        )

    @act
    def take_added(
        self,
        db: Connection,
        kept: Kept,
        now: float,
        definition: Definition,
        sent: str,
        settled: additions.Settled,
    ) -> Kept:
        """Keep the poll with an option that somebody added where it lives, and who did."""
        changed = self._change(db, kept, now, definition, sent=sent or None)
        additions.settle(db, self._keys, settled, now)
        return changed

    def _change(
        self,
        db: Connection,
        kept: Kept,
        now: float,
        definition: Definition,
        *,
        sent: str | None = None,
        draft: Draft | None = None,
        by: str | None = None,
    ) -> Kept:
        poll_id = kept.poll.id
        settings = self._keep_word_on_names(db, kept, definition.settings)
        latest = find_poll(db, kept.team_id, poll_id).poll
        before = replace(kept, poll=replace(latest, settings=settings))
        definition = _with_added(kept, latest, definition)
        options = edited(db, before, definition.options, now, by)
        asked = asked_first(db, before, definition.title)
        count_rows.recount(db, poll_id)
        remind_before = kept.remind_before if draft is None else draft.remind_before
        old_reminder = remind_at(kept.poll.settings, kept.remind_before)
        new_reminder = remind_at(settings, remind_before)
        db.execute(
            "UPDATE polls SET title = ?, asked = ?, description = ?, options = ?, settings = ?,"
            " closes_at = ?, raw = coalesce(?, raw), remind_before = ?, record = ? WHERE id = ?",
            (
                definition.title,
                asked,
                definition.description,
                OPTIONS.dump_json(options).decode(),
                settings_to_json(settings),
                closes_at(settings),
                sent,
                remind_before,
                int(kept.record if draft is None else draft.record),
                poll_id,
            ),
        )
        if kept.found and by is not None and draft is not None and _asks_for_more(kept, draft):
            # Who asks for these is named with them, and the comment is theirs.
            db.execute("UPDATE polls SET created_by = ?, found = 0 WHERE id = ?", (by, poll_id))
        latest = find_poll(db, kept.team_id, poll_id).poll
        unfinished.finish(db, latest)
        when_all.look(db, kept.team_id, latest, now)
        db.made_due.append(ENDS)
        if new_reminder != old_reminder:
            REMINDERS.make_due(db, ahead(new_reminder, now), "id = ?", poll_id)
        touch(db, poll_id)
        if by is not None:
            note_poll(db, by, What.POLL_EDITED, kept, now)
        return find_poll(db, kept.team_id, poll_id)

    @act
    def made(
        self,
        db: Connection,
        kept: Kept,
        there: SourcePoll,
        now: float,
        card: Wanted | None = None,
    ) -> None:
        """Keep that its source took the poll, under its id and with its options' ids.

        With that its ``card`` is asked for. Whoever was forgotten meanwhile has made none.
        """
        by = find_poll(db, kept.team_id, kept.poll.id).poll.created_by
        kept = replace(kept, poll=replace(kept.poll, created_by=by))
        READINGS.make_due(
            db,
            now + READ_EVERY,
            "id = ?",
            there.id,
            there.sent,
            OPTIONS.dump_json(there.options).decode(),
            now,
            kept.poll.id,
            sets="made = 1, remote_id = ?, raw = ?, options = ?, read_at = ?",
        )
        note_poll(db, kept.poll.created_by, What.POLL_MADE, kept, now, card)
        # It is there, whatever an admin decided since it was asked for.
        if card is not None and not rights_of(db, kept.team_id).has_place(card.channel_id):
            card = None
        self._ask_for(db, kept, card, now)

    @transaction
    def take_up(self, db: Connection, now: float) -> None:
        """Let those hear of it whose poll a crash left between us and its source; see ``drop``.

        Where it is known how it was asked for, it is looked for there first. What was being
        changed there is changed no more.
        """
        db.execute("DELETE FROM deliveries WHERE subject = ?", (_CHANGING,))
        for poll_id, team_id in _half_made(db, float("inf")):
            if not waiting_polls.look_for(db, poll_id, now):
                self._left(db, poll_id, team_id, now)

    @transaction
    def take_up_at_doors(self, db: Connection, now: float, before: float) -> None:
        """Do the same about what a door began ``before``, which is busy with it no more.

        What waits, and what a schedule makes, is the leader's, who goes on with it.
        """
        for poll_id, team_id in _half_made(db, before):
            if not waiting_polls.waits(db, poll_id) and not _is_scheduled(db, poll_id):
                self._left(db, poll_id, team_id, now)

    @transaction
    def take_up_scheduled(self, db: Connection, now: float) -> None:
        """Forget what an earlier leader half made for schedules: they make it anew."""
        for poll_id, _ in _half_made(db, float("inf")):
            if _is_scheduled(db, poll_id):
                drop(db, poll_id)

    def _left(self, db: Connection, poll_id: str, team_id: str, now: float) -> None:
        word = Notice(Kind.HALF_MADE, poll_id)
        if _is_scheduled(db, poll_id) or not outbox.owe(db, word, team_id, now):
            drop(db, poll_id)

    @undo
    def drop(self, db: Connection, poll_id: str) -> None:
        """Forget a poll that was never made, so that it can be asked for again."""
        drop(db, poll_id)

    @act
    def share(
        self,
        db: Connection,
        by: Person,
        poll_id: str,
        chosen: Collection[str],
        shown: Collection[str] | None,
        now: float,
    ) -> None:
        """Keep who may manage the poll beside its creator, as ``shared_with`` tells."""
        team_id = by.team_id
        kept = find_poll(db, team_id, poll_id)
        owners = shared_with(kept.owners, chosen, shown)
        db.execute(
            "UPDATE polls SET owners = ? WHERE id = ? AND team_id = ?",
            (json.dumps(sorted(owners)), poll_id, team_id),
        )
        note_poll(db, by.user_id, What.POLL_SHARED, kept, now, owners=len(owners))

    @act
    def close(
        self,
        db: Connection,
        team_id: str,
        poll_id: str,
        now: float,
        closed_by: str | None = None,
    ) -> Kept:
        """Close the poll; what ties the answers to an anonymous one to people is destroyed.

        Who closed an anonymous one is not kept, only that somebody did: an empty name.
        """
        kept = find_poll(db, team_id, poll_id)
        if not kept.poll.is_open(now):
            raise PollClosed(kept.poll.title)
        if closed_by is not None and not kept.poll.settings.names:
            closed_by = ""
        db.execute(
            "UPDATE polls SET closed_at = ?, closed_by = ? WHERE id = ?", (now, closed_by, poll_id)
        )
        kept = find_poll(db, team_id, poll_id)
        self._close(db, kept, now)
        note_poll(db, closed_by, What.POLL_CLOSED, kept, now)
        return kept

    @transaction
    def close_if_all(self, db: Connection, kept: Kept, people: Collection[str], now: float) -> bool:
        """Close the poll if each of these people has answered; return whether it did.

        They are its audience, as it was ``kept``: if that was changed meanwhile, it stays open.
        """
        latest = find_poll(db, kept.team_id, kept.poll.id)
        settings = latest.poll.settings
        asked = (kept.poll.settings.audience, True)
        if not latest.poll.is_open(now) or (settings.audience, settings.closes_when_all) != asked:
            return False
        if not people or self._without_answer(db, latest, people):
            return False
        note_poll(db, None, What.POLL_CLOSED, latest, now)
        db.execute(
            "UPDATE polls SET closed_at = ?, closed_by = ? WHERE id = ?",
            (now, ALL_ANSWERED, latest.poll.id),
        )
        self._close(db, find_poll(db, kept.team_id, kept.poll.id), now)
        return True

    @transaction
    def not_answered(self, db: Connection, kept: Kept, people: Collection[str]) -> list[str]:
        """Return who of these people has given no answer that counts, in their order.

        Of an anonymous poll too, while it is open: whoever asks tells nobody who they are.
        """
        return self._without_answer(db, kept, people)

    def _without_answer(self, db: Connection, kept: Kept, people: Collection[str]) -> list[str]:
        rows = db.execute(
            "SELECT DISTINCT voter FROM answers WHERE poll_id = ?", (kept.poll.id,)
        ).fetchall()
        voters = {voter for (voter,) in rows}
        return [
            one
            for one in people
            if voter_of(db, self._keys, kept, Person(kept.team_id, one)) not in voters
        ]

    @act
    def nudge(self, db: Connection, person: Person, poll_id: str, now: float) -> Kept:
        """Have those reminded who have not answered, once in the poll's life."""
        kept = find_poll(db, person.team_id, poll_id)
        if kept.nudged_at is None and kept.poll.is_open(now):
            REMINDERS.make_due(db, now, "id = ?", now, poll_id, sets="nudged_at = ?")
        return find_poll(db, person.team_id, poll_id)

    @act
    def reopen(
        self,
        db: Connection,
        team_id: str,
        poll_id: str,
        now: float,
        ends_at: float | None = None,
        by: str | None = None,
    ) -> Kept:
        """Let the poll take answers again until it closes at ``ends_at``, or by hand.

        Without an end nobody is reminded of it. Raises CannotReopen where names are not
        kept: the key of the answers is gone.
        """
        kept = find_poll(db, team_id, poll_id)
        settings = kept.poll.settings
        if kept.poll.deleted:
            raise PollGone
        if not settings.names:
            raise CannotReopen(kept.poll.title)
        settings = replace(settings, ends_at=ends_at, closes_at_end=ends_at is not None)
        remind_before = kept.remind_before if ends_at is not None else None
        REMINDERS.make_due(
            db,
            ahead(remind_at(settings, remind_before), now),
            "id = ?",
            settings_to_json(settings),
            closes_at(settings),
            remind_before,
            poll_id,
            sets="closed_at = NULL, closed_by = NULL, settings = ?, closes_at = ?,"
            " remind_before = ?",
        )
        READINGS.make_due(db, now, "id = ?", poll_id)
        db.made_due.append(ENDS)
        forget_end(db, poll_id)
        touch(db, poll_id)
        note_poll(db, by, What.POLL_REOPENED, kept, now)
        return find_poll(db, team_id, poll_id)

    @act
    def delete(
        self, db: Connection, team_id: str, poll_id: str, now: float, by: str | None = None
    ) -> None:
        """Delete the poll and every answer; its cards say so from then on."""
        note_poll(db, by, What.POLL_DELETED, find_poll(db, team_id, poll_id), now)
        self._delete(db, poll_id, now)

    @act
    def unlisted(self, db: Connection, kept: Kept, asked_at: float) -> None:
        """Keep that a list which its source was asked for at that time lacks the poll.

        A list may be an old one, or cut short. Only if none has the poll for ``SURE_AFTER``, its
        cards say that it was deleted.
        """
        row = db.execute(
            "SELECT read_at, unlisted_since, deleted_at, read_every FROM polls WHERE id = ?",
            (kept.poll.id,),
        ).fetchone()
        if row is None:
            return
        read_at, since, deleted_at, every = row
        if read_at > asked_at or (deleted_at is not None and since is None):
            return
        if since is None:
            READINGS.make_due(
                db,
                asked_at + SURE_AFTER,
                "id = ?",
                asked_at,
                READ_EVERY,
                kept.poll.id,
                sets="unlisted_since = ?, read_every = ?",
            )
            return
        if asked_at < since + SURE_AFTER:
            READINGS.make_due(db, since + SURE_AFTER, "id = ?", kept.poll.id)
            return
        if deleted_at is None:
            note_poll(db, None, What.POLL_DELETED, kept, asked_at)
            db.execute("UPDATE polls SET deleted_at = ? WHERE id = ?", (asked_at, kept.poll.id))
            touch(db, kept.poll.id)
        READINGS.make_due(
            db,
            asked_at + every,
            "id = ?",
            min(every * 2, _SLOWEST_READING),
            kept.poll.id,
            sets="read_every = ?",
        )

    @transaction
    def forget_unlisted(self, db: Connection, now: float) -> None:
        """Delete for good what its source's lists have lacked for so long that it stays away.

        Should it be listed once more after that, it is another poll here.
        """
        gone = db.execute(
            "SELECT id FROM polls WHERE unlisted_since IS NOT NULL AND deleted_at <= ?",
            (now - GONE_AFTER,),
        ).fetchall()
        for (poll_id,) in gone:
            self._delete(db, poll_id, now)
            db.execute("UPDATE polls SET remote_id = NULL WHERE id = ?", (poll_id,))

    def _delete(self, db: Connection, poll_id: str, now: float) -> None:
        db.execute(
            "UPDATE polls SET deleted_at = ?, people = NULL, unlisted_since = NULL WHERE id = ?",
            (now, poll_id),
        )
        db.execute("DELETE FROM answers WHERE poll_id = ?", (poll_id,))
        unfinished.forget(db, poll_id)
        additions.forget(db, poll_id)
        when_all.forget(db, poll_id)
        count_rows.forget(db, poll_id)
        db.execute("DELETE FROM comments WHERE poll_id = ?", (poll_id,))
        self._followers.deleted(db, poll_id, now)
        forget_end(db, poll_id)
        outbox.forget_readers(db, poll_id)
        self._keys.forget(db, poll_id)
        touch(db, poll_id)

    @transaction
    def ended(self, db: Connection, now: float) -> list[str]:
        """Close the polls whose end has come, so that their cards say it; return their ids."""
        return self.end(db, now)

    def end(self, db: Connection, now: float) -> list[str]:
        """Do so in an open transaction."""
        over = db.execute(
            "UPDATE polls SET closed_at = closes_at"
            " WHERE closed_at IS NULL AND deleted_at IS NULL AND closes_at <= ?"
            f" RETURNING {COLUMNS}",
            (now,),
        ).fetchall()
        ended = [kept_from(row) for row in over]
        for kept in ended:
            self._close(db, kept, now)
            note_poll(db, None, What.POLL_CLOSED, kept, now)
        return [kept.poll.id for kept in ended]

    def leave_out_all(self, db: Connection, now: float) -> int:
        """Close the polls whose end has come without a word, and leave out reminders."""
        self.end(db, now)
        return leave_out_ends(db, now)

    @transaction
    def next_end(self, db: Connection) -> float | None:
        """Return when the next poll closes by itself; None if none does."""
        (moment,) = db.execute(
            "SELECT min(closes_at) FROM polls WHERE closed_at IS NULL AND deleted_at IS NULL"
        ).fetchone()
        return None if moment is None else float(moment)

    @transaction
    def touched(self, db: Connection, kept: Kept, now: float) -> None:
        """Have its source looked at soon, if it lives elsewhere: its card is looked at."""
        look_soon(db, kept, now)

    @transaction
    def posted_first(self, db: Connection, poll_id: str) -> str:
        """Return the channel of the poll's oldest card; empty if it has none."""
        row = db.execute(
            "SELECT channel_id FROM cards WHERE poll_id = ? ORDER BY made_at, id LIMIT 1",
            (poll_id,),
        ).fetchone()
        return "" if row is None else str(row[0])

    @transaction
    def has_card(self, db: Connection, poll_id: str) -> bool:
        """Return whether anybody can see the poll at all."""
        return bool(db.execute("SELECT 1 FROM cards WHERE poll_id = ?", (poll_id,)).fetchone())

    @transaction
    def keep_reading(
        self,
        db: Connection,
        kept: Kept,
        part: Part | None,
        sent: str | None,
        now: float,
        *,
        understood: bool,
    ) -> bool:
        """Keep what its source counted; return whether that is news.

        While nothing changes, the next reading comes later and later, up to an hour. What lists
        have lacked meanwhile is back.
        """
        back = db.execute(
            "UPDATE polls SET unlisted_since = NULL, deleted_at = NULL"
            " WHERE id = ? AND unlisted_since IS NOT NULL RETURNING id",
            (kept.poll.id,),
        ).fetchone()
        if back is not None:
            db.made_due.append(ENDS)
            REMINDERS.wake(db)
        news = back is not None or part != kept.jira_part or understood != kept.understood
        row = db.execute("SELECT read_every FROM polls WHERE id = ?", (kept.poll.id,)).fetchone()
        every = READ_EVERY if row is None or news else min(row[0] * 2, _SLOWEST_READING)
        READINGS.make_due(
            db,
            now + every,
            "id = ?",
            part_to_json(part),
            int(understood),
            sent,
            now,
            every,
            kept.poll.id,
            sets="jira_part = ?, understood = ?, raw = coalesce(?, raw), read_at = ?,"
            " read_every = ?",
        )
        if news:
            touch(db, kept.poll.id)
        return news

    def _ask_for(self, db: Connection, kept: Kept, card: Wanted | None, now: float) -> None:
        if card is not None:
            by = Person(kept.team_id, kept.poll.created_by)
            want(db, self._vault, self._chance, by, replace(card, poll_id=kept.poll.id), now)

    def _keep_word_on_names(
        self, db: Connection, kept: Kept, settings: PollSettings
    ) -> PollSettings:
        """Return the settings with names as they may be, and make the rows fit.

        Names can be given up at any time. They cannot be asked for once
        somebody has answered or commented on the card's word that none is kept.
        """
        poll_id, names = kept.poll.id, kept.poll.settings.names
        if names and not settings.names:
            make_anonymous(db, self._keys, kept)
            additions.forget(db, poll_id)
            if find_poll(db, kept.team_id, poll_id).poll.closed_at is not None:
                part_for_good(db, self._keys, poll_id)
        elif settings.names and not names:
            said = db.execute(
                "SELECT 1 FROM answers WHERE poll_id = ?"
                " UNION ALL SELECT 1 FROM unfinished WHERE poll_id = ?"
                " UNION ALL SELECT 1 FROM comments WHERE poll_id = ? LIMIT 1",
                (poll_id, poll_id, poll_id),
            )
            if said.fetchone() is not None:
                return replace(settings, names=False)
            self._keys.forget(db, poll_id)
        return settings

    def _close(self, db: Connection, kept: Kept, now: float) -> None:
        """Do what belongs to a closing, whoever or whatever caused it."""
        if not kept.poll.settings.names:
            part_for_good(db, self._keys, kept.poll.id)
            additions.forget(db, kept.poll.id)
        when_all.forget(db, kept.poll.id)
        remember_end(db, kept, now)
        self._followers.closed(db, kept, now)
        touch(db, kept.poll.id)
        # One that was out of reach is tried once more: the app may have been invited since.
        CARDS.unpark(db, now, "poll_id = ?", kept.poll.id, hoped_for=now + OF_SLACK)


def _must_be_asked(db: Connection, is_asked: IsAsked | None) -> None:
    if is_asked is not None and not is_asked(db):
        raise AskedNoMore


def _must_allow(db: Connection, kept: Kept) -> None:
    """Raise ProjectNotAllowed for a poll on an issue of a project that admins do not allow.

    One that was found in its source is there, whoever made it.
    """
    if kept.kind == "issue" and not kept.found:
        must_use(db, kept.team_id, kept.subject)


def note_poll(
    db: Connection,
    by: str | None,
    what: What,
    kept: Kept,
    now: float,
    card: Wanted | None = None,
    **more: int,
) -> None:
    """Keep who did something with the poll; None is pollbot itself.

    Who closed an anonymous one is kept nowhere, and what it asks is not repeated for any.
    """
    said: dict[str, Said] = {"on": kept.subject or None, "named": kept.poll.settings.names, **more}
    if by == "":
        said["by_hand"] = True
    if card is not None:
        said["channel"] = card.channel_id
    audit.note(db, Person(kept.team_id, by or ""), what, kept.poll.id, now, **said)


def _asks_for_more(kept: Kept, draft: Draft) -> bool:
    """Return whether an edit is the first to ask for a reminder, or for a record."""
    asked = kept.record or kept.remind_before is not None
    return not asked and (draft.record or draft.remind_before is not None)


def _with_added(kept: Kept, latest: Poll, definition: Definition) -> Definition:
    """Return the definition of a poll of ours with what people added since it was ``kept`` so."""
    known = {option.id for option in (*kept.poll.options, *definition.options)}
    added = [option for option in latest.live if option.id not in known]
    if kept.home is not None or not added:
        return definition
    last = max((option.order for option in definition.options), default=-1)
    at_end = (replace(option, order=last + nth) for nth, option in enumerate(added, 1))
    return replace(definition, options=(*definition.options, *at_end))


def _page(db: Connection, now: float, page: int, size: int, where: str, *values: object) -> Page:
    """Return a page of polls; one that is gone since its button was drawn is the last one."""
    where += " AND deleted_at IS NULL"
    (total,) = db.execute(f"SELECT count(*) FROM polls WHERE {where}", values).fetchone()
    page = min(page, max(0, total - 1) // size)
    is_open = "closed_at IS NULL AND (closes_at IS NULL OR closes_at > ?)"
    rows = db.execute(
        f"SELECT {COLUMNS} FROM polls WHERE {where}"
        f" ORDER BY ({is_open}) DESC, created_at DESC, id LIMIT ? OFFSET ?",
        (*values, now, size, page * size),
    ).fetchall()
    return Page([kept_from(row) for row in rows], page, int(total))


def _made_by(db: Connection, kept: Kept, stamp: str | None) -> str | None:
    """Return the poll that this delivery made before; None, and remembered, if it made none."""
    if stamp is None:
        return None
    asked = (kept.team_id, kept.poll.created_by, "new poll", stamp)
    made = db.execute(
        "SELECT deed FROM deliveries"
        " WHERE team_id = ? AND user_id = ? AND subject = ? AND stamp = ?",
        asked,
    ).fetchone()
    if made is not None:
        return str(made[0])
    db.execute(
        "INSERT INTO deliveries (team_id, user_id, subject, stamp, deed, seen_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (*asked, kept.poll.id, kept.created_at),
    )
    return None


def _half_made(db: Connection, before: float) -> list[tuple[str, str]]:
    """Return the polls that were begun until then, and of which nobody knows whether they are."""
    rows: list[tuple[str, str]] = db.execute(
        "SELECT id, team_id FROM polls WHERE made = 0 AND created_at <= ? ORDER BY id", (before,)
    ).fetchall()
    return rows


def _is_scheduled(db: Connection, poll_id: str) -> bool:
    """Return whether a schedule or a workflow makes that poll, and tries again by itself."""
    row = db.execute(
        "SELECT 1 FROM deliveries WHERE subject = 'new poll' AND deed = ?"
        " AND (stamp LIKE 'schedule %' OR stamp LIKE 'workflow %')",
        (poll_id,),
    ).fetchone()
    return row is not None
