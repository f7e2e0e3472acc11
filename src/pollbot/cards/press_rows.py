"""What a click tells of the card that it came from, whatever becomes of the click itself."""

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from pollbot import errands
from pollbot.cards.rows import CARDS, is_ballot, keep_message_of, touch
from pollbot.chance import Chance
from pollbot.errors import StorageUnavailable
from pollbot.jira.key_rows import present
from pollbot.people import Person, Pressed
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection, Writer
from pollbot.web.pauses import OF_SLACK

log = logging.getLogger(__name__)

NOT_KEPT = "the way to a card was not kept: %s"

_Message = tuple[str, str, str]
"""A message: its workspace, channel and timestamp."""


@dataclass(slots=True)
class _Newest:
    """What the last click on a message told, until it is kept."""

    pressed: Pressed
    kept: "asyncio.Future[None]"


@dataclass(frozen=True, slots=True)
class OfPoll:
    """What a poll's card is about: whose poll it is, on which site, and the options to choose from.

    ``choices`` are their ids, none once it is closed.
    """

    owner: str
    site: str
    choices: frozenset[str]


PollOf = Callable[[Connection, str, str, float], OfPoll | None]
"""Returns what is known of a team's poll with that id at a moment; None if there is none."""


class PressRows:
    """Where cards hang, and the fresh ways to them that clicks bring."""

    def __init__(self, writer: Writer, vault: Vault, chance: Chance, poll_of: PollOf) -> None:
        self._writer = writer
        self._poll_of = poll_of
        self._vault = vault
        self._chance = chance
        self._waiting: dict[_Message, _Newest] = {}
        self._one_at_a_time = threading.Lock()

    def keep(
        self, person: Person, site: str, pressed: Pressed, now: float
    ) -> "asyncio.Future[None]":
        """Keep where the card hangs and the way to it, and have it drawn if it lags.

        It is handed in by this, so it is done before what is asked of the store later on, and
        need not be waited for: what goes wrong is logged. The click may be an answer, so no errand
        is kept with it. While one waits, what the next click on the same message tells takes its
        place, so a crowd's way is kept once. A card that the database has forgotten is adopted,
        as one of its poll's creator or of who votes on it; a ballot stays forgotten, as a click
        tells one of its issues only.
        """
        message = (person.team_id, pressed.channel_id, pressed.message_ts)
        with self._one_at_a_time:
            waiting = self._waiting.get(message)
            if waiting is not None:
                if pressed.response_url is None:
                    pressed = replace(pressed, response_url=waiting.pressed.response_url)
                waiting.pressed = pressed
                return waiting.kept
            with errands.unkept():
                kept = self._writer.begin(
                    lambda db: self._keep(db, person, site, self._taken(message), now)
                )
            self._waiting[message] = _Newest(pressed, kept)
        kept.add_done_callback(lambda _: self._ended(message, kept))
        return kept

    def _taken(self, message: _Message) -> Pressed:
        """Return what was told last; what is told from now on is another piece of work."""
        with self._one_at_a_time:
            return self._waiting.pop(message).pressed

    def _ended(self, message: _Message, kept: "asyncio.Future[None]") -> None:
        with self._one_at_a_time:
            waiting = self._waiting.get(message)
            if waiting is not None and waiting.kept is kept:
                # SQLite took no changes at all, so the piece itself did not come to run.
                del self._waiting[message]
        error = None if kept.cancelled() else kept.exception()
        if isinstance(error, StorageUnavailable):
            log.info(NOT_KEPT, error)
        elif error is not None:
            log.error(NOT_KEPT, error, exc_info=error)

    def _keep(
        self, db: Connection, person: Person, site: str, pressed: Pressed, now: float
    ) -> None:
        id_ = self._card(db, person, site, pressed, now)
        if id_ is None:
            return
        if pressed.response_url is not None:
            db.execute(
                "UPDATE cards SET response_url = ?, url_since = ? WHERE id = ?",
                (self._vault.seal(pressed.response_url), now, id_),
            )
        CARDS.unpark(db, now, "id = ?", id_, hoped_for=now + OF_SLACK)
        if self._lags(db, person.team_id, pressed, now):
            touch(db, "id = ?", id_)

    def _card(
        self, db: Connection, person: Person, site: str, pressed: Pressed, now: float
    ) -> str | None:
        """Return the id of the card that the pressed message is; None if there is none."""
        message = (pressed.channel_id, pressed.message_ts)
        known = db.execute(
            "SELECT id FROM cards WHERE team_id = ? AND channel_id = ? AND message_ts = ?",
            (person.team_id, *message),
        ).fetchone()
        if known is not None:
            return str(known[0])
        shown = db.execute(
            "SELECT poll_id, site, issue_key, ballot, shared FROM cards"
            " WHERE team_id = ? AND id = ?",
            (person.team_id, pressed.card_id),
        ).fetchone()
        if shown is None:
            # What hangs under somebody else's message is no message of ours.
            return None if pressed.preview else self._adopted(db, person, site, pressed, now)
        poll_id, its_site, issue_key, ballot, shared = shown
        if shared is not None:
            return None
        # What an old button does not tell, its card does.
        site = pressed.site or its_site
        pressed_key = present(db, site, pressed.issue_key or "")
        same = poll_id == pressed.poll_id and (
            poll_id or (its_site, issue_key) == (site, pressed_key)
        )
        if not same and ballot is None:
            return None
        return keep_message_of(db, self._chance, pressed.card_id, *message, now)

    def _adopted(
        self, db: Connection, person: Person, site: str, pressed: Pressed, now: float
    ) -> str | None:
        owner = person.user_id
        if is_ballot(pressed.card_id):
            return None
        if pressed.poll_id is not None:
            poll = self._poll_of(db, person.team_id, pressed.poll_id, now)
            if poll is None:
                return None
            # Who presses is nobody's business.
            owner, site = poll.owner, poll.site
        added = db.execute(
            "INSERT INTO cards (id, team_id, channel_id, message_ts, site, issue_key, poll_id,"
            f" posted_by, posted, changes, drawn, made_at, {CARDS.columns})"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 0, 0, ?, ?, ?) ON CONFLICT DO NOTHING"
            " RETURNING id",
            (
                pressed.card_id,
                person.team_id,
                pressed.channel_id,
                pressed.message_ts,
                site,
                present(db, site, pressed.issue_key or ""),
                pressed.poll_id,
                owner,
                now,
                *CARDS.due(now),
            ),
        ).fetchone()
        return None if added is None else str(added[0])

    def _lags(self, db: Connection, team_id: str, pressed: Pressed, now: float) -> bool:
        """Return whether the message offered other options than its poll has."""
        if pressed.poll_id is None or pressed.offered is None:
            return False
        poll = self._poll_of(db, team_id, pressed.poll_id, now)
        return poll is not None and pressed.offered != poll.choices
