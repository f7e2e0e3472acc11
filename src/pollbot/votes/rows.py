"""Intents: votes that people asked for and Jira has not taken yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Json, TypeAdapter

from pollbot.accounts.rows import Waits
from pollbot.accounts.rules import Dropped, DroppedVote, ToldBy, Waiting
from pollbot.cards.rows import count_anew, show_issue
from pollbot.chance import Chance, new_id
from pollbot.jira.key_rows import MOVED_TO
from pollbot.jira.rules import Wish
from pollbot.jira.try_rows import may_be_there
from pollbot.people import Address, Person
from pollbot.rights.rows import must_use
from pollbot.slack.client import Posted
from pollbot.store import outbox
from pollbot.store.columns import Columns
from pollbot.store.deliveries import act, forget_old, is_new, of_issue
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Limit, Queue, Work
from pollbot.store.set_back import owe_word
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection, Writer, long_transaction, transaction
from pollbot.votes import asked_rows
from pollbot.votes.asked import Asked
from pollbot.votes.asked_rows import AskedRow
from pollbot.votes.rules import EXPIRED, KEPT_FOR, Outcome, Refusal, Wished
from pollbot.votes.shipped import rows as shipped_rows

State = Literal["queued", "unconnected", "settled"]
"""On its way to Jira; waiting for its person to connect; or decided, but not told yet."""

OUTCOME = TypeAdapter(Outcome)

ELSEWHERE = "state <> 'queued'"
"""That a wish has to go to no issue now."""

INTENTS = Queue(
    "votes",
    "intents",
    ("team_id", "user_id", "site", "first_key"),
    "(state IN ('queued', 'settled') OR (state = 'unconnected' AND told = 0))",
    limits=(
        Limit("CASE WHEN state = 'queued' THEN site END", 18),
        Limit("CASE WHEN state = 'queued' THEN site || ' ' || issue_key END", 10),
        Limit("team_id || ' ' || user_id || ' ' || site", 6),
        # Who is only to be told something needs no Jira for it, and delays nobody who does.
        Limit("CASE WHEN state <> 'queued' THEN team_id || ' ' || channel_id END", 8),
        Limit("CASE WHEN state <> 'queued' THEN team_id END", 40),
    ),
)


@dataclass(frozen=True, slots=True)
class Intent(Asked):
    """A vote or withdrawal that a person asked for.

    ``said`` is the direct message that told them that it waits, None if that went another way.
    """

    wish: Wish
    state: State
    outcome: Outcome | None
    said: Posted | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentRow(AskedRow):
    """An intent as it lies in its table."""

    wish: Wish
    state: State
    outcome: Json[Outcome] | None
    seen: bool
    said_in: str
    said_ts: str


@dataclass(frozen=True, slots=True)
class Words:
    """Wishes that one message tells of, and ``place``, the direct message that told of just them.

    There are none if they are not ours to say. ``again``: of one of them it may have been told.
    """

    intents: tuple[Intent, ...] = ()
    place: Posted | None = None
    again: bool = False


_TOLD_TOGETHER = 20
"""Wishes that one message tells of: two blocks each, of Slack's 50."""
_ROW = Columns(IntentRow)
_COLUMNS = str(_ROW)


class IntentRows:
    """One row per person and issue: the newest wish wins.

    A newer one that comes while an older is held, on its way to Jira, is claimed when
    that one is put back: one person's wishes on one issue go one after the other.
    ``issue_key`` is the issue's key of now, whichever was asked for.

    ```
                 asked: no account, or a refused one
        [*] ──────────────────────────────────────▶ unconnected ──── 24 hours ───▶ [*]
         │                                            ▲      │ connected
         │ asked                        401 from Jira │      ▼
         └────────────────────────────────────────▶ queued ──┐ Jira away, 429; or it took
                                                     │ ▲─────┘ it, but an earlier try for
                                                     │         the opposite may still land
                                                     │ Jira took it for good, or refused it
                                                     ▼
                                                  settled ──── told ───▶ [*]
    ```

    A newer wish for the same issue begins anew, whatever the state; ``said`` stays, since what
    was said of the older one is to go.
    """

    def __init__(self, writer: Writer, vault: Vault, chance: Chance) -> None:
        self._writer = writer
        self._vault = vault
        self._chance = chance
        self.work: Work[Intent] = Work(
            writer, INTENTS, _COLUMNS, lambda row, _: self._intent(row), chance
        )

    def _keep(
        self,
        db: Connection,
        person: Person,
        wished: Wished[Wish],
        address: Address,
        now: float,
        *,
        action_ts: str | None = None,
    ) -> None:
        site, wish = wished.site, wished.wish
        if wish is Wish.VOTE:
            must_use(db, person.team_id, wished.issue_key)
        moved_to, connected = db.execute(
            f"SELECT {MOVED_TO}, EXISTS (SELECT 1 FROM accounts WHERE team_id = ? AND user_id = ?"
            " AND site = ? AND refused_at IS NULL)",
            (site, wished.issue_key, person.team_id, person.user_id, site),
        ).fetchone()
        issue_key = moved_to or wished.issue_key
        if action_ts and not is_new(db, person, of_issue(site, issue_key), action_ts, wish, now):
            return
        url = self._vault.seal_any(address.response_url)
        db.execute(
            "INSERT INTO intents (id, team_id, user_id, site, issue_key, first_key, wish, state,"
            f" asked_at, channel_id, response_url, replaces, seen, thread_ts,"
            f" {INTENTS.columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (team_id, user_id, site, issue_key) DO UPDATE SET id = excluded.id,"
            " wish = excluded.wish, state = excluded.state, asked_at = excluded.asked_at, told = 0,"
            " outcome = NULL, channel_id = excluded.channel_id,"
            " response_url = excluded.response_url, replaces = excluded.replaces,"
            " seen = excluded.seen, thread_ts = excluded.thread_ts,"
            f" {INTENTS.anew}",
            (
                new_id(self._chance),
                person.team_id,
                person.user_id,
                site,
                issue_key,
                issue_key,
                wish,
                "queued" if connected else "unconnected",
                now,
                address.channel_id,
                url,
                int(address.replaces),
                int(address.seen),
                address.thread_ts,
                *INTENTS.due(now),
            ),
        )
        INTENTS.wake(db)

    ask = act(_keep)
    """Keep the wish, in place of an earlier one for this issue."""

    press = transaction(_keep)
    """Keep the wish of a click, which is known again without being kept as a delivery.

    ``action_ts`` is Slack's time of the click: the same click again, or one older than the
    newest handled, changes nothing.
    """

    @transaction
    def find(self, db: Connection, intent_id: str) -> Intent | None:
        """Return the intent, under its issue's key of now; None if it was dropped or replaced."""
        row = db.execute(f"SELECT {_COLUMNS} FROM intents WHERE id = ?", (intent_id,)).fetchone()
        return None if row is None else self._intent(row)

    @transaction
    def waiting(self, db: Connection, person: Person, site: str, issue_key: str) -> Wish | None:
        """Return what a person asked for of an issue that Jira has not taken yet."""
        row = db.execute(
            f"SELECT wish FROM intents WHERE team_id = ? AND user_id = ? AND site = ?"
            f" AND issue_key = coalesce({MOVED_TO}, ?) AND state <> 'settled'",
            (person.team_id, person.user_id, site, site, issue_key, issue_key),
        ).fetchone()
        return None if row is None else Wish(row[0])

    @transaction
    def told(self, db: Connection, state: State, *intent_ids: str) -> set[str]:
        """Keep that the person knows what these wait for; return of which that is true and news."""
        changed = "UPDATE intents SET told = 1 WHERE id = ? AND told = 0 AND state = ?"
        return {one for one in intent_ids if db.execute(changed, (one, state)).rowcount}

    @transaction
    def said(self, db: Connection, posted: Posted, *intent_ids: str) -> None:
        """Keep which direct message told that these wait."""
        for intent_id in intent_ids:
            db.execute(
                "UPDATE intents SET said_in = ?, said_ts = ? WHERE id = ?",
                (posted.channel_id, posted.ts, intent_id),
            )

    @transaction
    def place(self, db: Connection, intents: Sequence[Intent]) -> Posted | None:
        """Return the direct message that told of these and of no others; None if there is none."""
        return _place(db, intents)

    @transaction
    def others_wait(self, db: Connection, intent: Intent) -> bool:
        """Return whether the message that told of this tells of others that are not decided."""
        if intent.said is None:
            return False
        found = db.execute(
            "SELECT 1 FROM intents WHERE team_id = ? AND user_id = ? AND said_in = ?"
            " AND said_ts = ? AND state <> 'settled' AND id <> ?",
            (
                intent.person.team_id,
                intent.person.user_id,
                intent.said.channel_id,
                intent.said.ts,
                intent.id,
            ),
        )
        return found.fetchone() is not None

    @transaction
    def claim(self, db: Connection, intent: Intent, word: str, now: float) -> Words:
        """Return what a person can be told of in one message, all of it ours to say now.

        It is this and, unless it came from a message of their own, what is to be told of other
        wishes in the same channel of which the same direct message told that they wait, or none
        did; ``word`` is what the outbox knows it by. Nothing if this is not ours to say.
        """
        there = db.execute("SELECT 1 FROM intents WHERE id = ?", (intent.id,)).fetchone()
        tries = (
            0
            if there is None
            else outbox.claim(db, receipt_of(intent, word), intent.person.team_id, now)
        )
        if not tries:
            return Words()
        if intent.address.replaces:
            return Words((intent,), again=tries > 1)
        rows = db.execute(
            f"SELECT {_COLUMNS} FROM intents WHERE team_id = ? AND user_id = ? AND channel_id = ?"
            " AND site = ? AND state = ? AND id <> ? AND replaces = 0"
            " AND (state = 'settled' OR told = 0) AND (seen = 0 OR told = 1 OR said_ts <> '')"
            " AND (said_in, said_ts) = (SELECT said_in, said_ts FROM intents WHERE id = ?)"
            " ORDER BY asked_at, id LIMIT ?",
            (
                intent.person.team_id,
                intent.person.user_id,
                intent.address.channel_id,
                intent.site,
                intent.state,
                intent.id,
                intent.id,
                _TOLD_TOGETHER - 1,
            ),
        ).fetchall()
        others = [self._intent(row) for row in rows]
        ours = []
        for one in others:
            nth = outbox.claim(db, receipt_of(one, word), one.person.team_id, now)
            tries = max(tries, nth)
            if nth:
                ours.append(one)
        words = sorted([intent, *ours], key=lambda one: (one.asked_at, one.id))
        return Words(tuple(words), _place(db, words), again=tries > 1)

    @transaction
    def settle(
        self, db: Connection, intent: Intent, outcome: Outcome, read_at: float, now: float
    ) -> None:
        """Keep what became of the intent until its person was told, which is due with that.

        The issue's cards learn the count, even if a newer wish has replaced this one; a
        reading that started before the one a card already shows changes nothing on it. What
        was voted for is kept until its person hears what became of it.
        """
        _show(db, intent, outcome, read_at)
        self._keep_vote(db, intent, outcome, now)
        _tell(db, outcome, now, "id = ?", intent.id)

    def _keep_vote(self, db: Connection, intent: Intent, outcome: Outcome, now: float) -> None:
        person, site, key = intent.person, intent.site, intent.issue_key
        if intent.wish is Wish.WITHDRAW and outcome.refusal in (None, Refusal.NOT_VOTED):
            shipped_rows.forget(db, person, site, key)
        elif intent.wish is Wish.VOTE and outcome.refusal is None:
            known = outcome.issue
            # Where Jira takes votes on what is resolved, its person knows that already.
            if known is None or known.resolution is None:
                seen = known is not None
                shipped_rows.keep(db, self._chance, person, site, key, now, seen_open=seen)

    @transaction
    def taken(self, db: Connection, intent: Intent, outcome: Outcome, read_at: float) -> None:
        """Update the issue's cards: Jira took the wish, though that need not be final."""
        _show(db, intent, outcome, read_at)

    @transaction
    def unconnected(self, db: Connection, intent_id: str) -> None:
        """Let the intent wait for its person's account; the person is still to be told."""
        db.execute("UPDATE intents SET state = 'unconnected', told = 0 WHERE id = ?", (intent_id,))

    @transaction
    def forget(self, db: Connection, *intent_ids: str) -> None:
        """Drop these intents: their person knows."""
        for intent_id in intent_ids:
            db.execute("DELETE FROM intents WHERE id = ?", (intent_id,))
            outbox.forget(db, Kind.RECEIPT, intent_id)

    @transaction
    def hurry(self, db: Connection, site: str, now: float) -> int:
        """Make everything that waits for Jira due now: it answers again."""
        return INTENTS.make_sooner(db, now, "site = ? AND state = 'queued' AND attempts > 0", site)

    @long_transaction
    def tidy(self, db: Connection, now: float) -> None:
        """Have those told who did not connect in time; forget what nobody waits for any more."""
        _tell(db, EXPIRED, now, "state = 'unconnected' AND asked_at <= ?", now - KEPT_FOR)
        forget_old(db, now)
        outbox.forget_old_receipts(db, now)

    def _intent(self, row: tuple[object, ...]) -> Intent:
        kept = _ROW.read(row)
        return asked_rows.read(
            Intent,
            self._vault,
            kept,
            seen=kept.seen,
            wish=kept.wish,
            state=kept.state,
            outcome=kept.outcome,
            said=Posted(kept.said_in, kept.said_ts) if kept.said_ts else None,
        )


def _place(db: Connection, intents: Sequence[Intent]) -> Posted | None:
    person, ids = intents[0].person, {one.id for one in intents}
    rows = db.execute(
        "SELECT id, said_in, said_ts FROM intents"
        " WHERE team_id = ? AND user_id = ? AND said_ts <> ''",
        (person.team_id, person.user_id),
    ).fetchall()
    told = {intent_id: Posted(said_in, said_ts) for intent_id, said_in, said_ts in rows}
    place = told.get(intents[0].id)
    return place if ids == {one for one in told if told[one] == place} else None


def receipt_of(intent: Intent, word: str = "") -> Notice:
    """Return what a person is told of an intent, as the outbox knows it."""
    return Notice(Kind.RECEIPT, intent.id, reader=word)


def _tell(db: Connection, outcome: Outcome, now: float, where: str, *values: Any) -> None:
    """Keep that these are decided; their people are to be told."""
    INTENTS.make_due(
        db,
        now,
        where,
        OUTCOME.dump_json(outcome).decode(),
        *values,
        sets="state = 'settled', outcome = ?",
    )


def follow(db: Connection, site: str, before: str, key: str) -> None:
    """Have wishes for an issue that has a new key go there."""
    asked_rows.follow(db, "intents", site, before, key)


def _show(db: Connection, intent: Intent, outcome: Outcome, read_at: float) -> None:
    """Let the issue's cards learn what Jira has now."""
    if outcome.issue is not None:
        show_issue(db, intent.person.team_id, intent.site, intent.issue_key, outcome.issue, read_at)
    elif outcome.refusal in (None, Refusal.NOT_VOTED):
        # Jira took the wish, but the new count could not be read: the cards look for it. A vote
        # that was none any more may have gone since they were drawn.
        count_anew(db, intent.person.team_id, intent.site, intent.issue_key, read_at)


class WaitingVotes(Waits):
    """Wishes that wait for a person's account."""

    def connected(self, db: Connection, person: Person, site: str, now: float) -> Waiting:
        """Have them served."""
        waiting = INTENTS.make_due(
            db,
            now,
            "team_id = ? AND user_id = ? AND site = ? AND state = 'unconnected'",
            person.team_id,
            person.user_id,
            site,
            sets="state = 'queued', told = 0",
            returning="issue_key, id",
        )
        for _, intent_id in waiting:
            # Should this account be refused as well, they are to hear that, too.
            outbox.forget(db, Kind.RECEIPT, intent_id)
        return Waiting(votes=tuple(sorted(key for key, _ in waiting)))

    def disconnected(self, db: Connection, person: Person, site: str) -> Dropped:
        """Drop each that is not decided."""
        rows = db.execute(
            "DELETE FROM intents WHERE team_id = ? AND user_id = ? AND site = ?"
            " AND state <> 'settled' RETURNING issue_key, wish, asked_at",
            (person.team_id, person.user_id, site),
        ).fetchall()
        dropped = sorted((key, Wish(wish), asked_at) for key, wish, asked_at in rows)
        return Dropped(
            votes=tuple(
                DroppedVote(key, wish, may_be_there(db, person, site, key, wish, asked_at))
                for key, wish, asked_at in dropped
            )
        )

    def refused(
        self, db: Connection, person: Person, site: str, told_by: ToldBy, now: float
    ) -> None:
        """Let them wait for a new token; one of them tells its person so, once."""
        INTENTS.make_due(
            db,
            now,
            "team_id = ? AND user_id = ? AND site = ? AND state = 'queued'",
            told_by.intent_id,
            int(told_by.before),
            person.team_id,
            person.user_id,
            site,
            sets="state = 'unconnected', told = CASE WHEN id = ? THEN ? ELSE 1 END",
        )


def leave_out_all(db: Connection, now: float) -> int:
    """Forget every wish, as it may have been done since; return how many those were."""
    rows = db.execute(
        "DELETE FROM intents RETURNING team_id, user_id, issue_key, wish, state"
    ).fetchall()
    for team_id, user_id, key, wish, state in rows:
        if state != "settled":
            owe_word(db, f"{wish} {key}", user_id, team_id, now)
    return len(rows)
