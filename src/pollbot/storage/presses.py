"""What a click tells of the card that it came from, whatever becomes of the click itself."""

import asyncio

from pollbot.chance import Chance
from pollbot.domain.people import Person, Pressed
from pollbot.errors import PollGone
from pollbot.storage.cards import CARDS, bind, is_ballot, touch
from pollbot.storage.poll_rows import find_poll
from pollbot.storage.vault import Vault
from pollbot.storage.writer import Connection, Writer


class Presses:
    """Where cards hang, and the fresh ways to them that clicks bring."""

    def __init__(self, writer: Writer, vault: Vault, chance: Chance) -> None:
        self._writer = writer
        self._vault = vault
        self._chance = chance

    def keep(
        self, person: Person, site: str, pressed: Pressed, now: float
    ) -> "asyncio.Future[None]":
        """Keep where the card hangs and the way to it, and have it drawn if it lags.

        It is handed in by this, so it is done before what is asked of the store later on, and
        need not be waited for. A card that the database has forgotten is adopted, as one of
        its poll's creator or of who votes on it; a ballot stays forgotten, as a click tells
        one of its issues only.
        """
        return self._writer.begin(lambda db: self._keep(db, person, site, pressed, now))

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
        CARDS.unpark(db, now, "id = ?", id_)
        if _lags(db, person.team_id, pressed, now):
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
        subject = db.execute(
            "SELECT poll_id, issue_key, ballot FROM cards WHERE team_id = ? AND id = ?",
            (person.team_id, pressed.card_id),
        ).fetchone()
        if subject is None:
            return self._adopted(db, person, site, pressed, now)
        poll_id, issue_key, ballot = subject
        same = poll_id == pressed.poll_id and (poll_id or issue_key == pressed.issue_key)
        if not same and ballot is None:
            return None
        return bind(db, self._chance, pressed.card_id, *message, now)

    def _adopted(
        self, db: Connection, person: Person, site: str, pressed: Pressed, now: float
    ) -> str | None:
        owner = person.user_id
        if is_ballot(pressed.card_id):
            return None
        if pressed.poll_id is not None:
            try:
                kept = find_poll(db, person.team_id, pressed.poll_id)
            except PollGone:
                return None
            # Who presses is nobody's business.
            owner, site = kept.poll.created_by, kept.site
        added = db.execute(
            "INSERT INTO cards (id, team_id, channel_id, message_ts, site, issue_key, poll_id,"
            f" posted_by, posted, changes, drawn, made_at, {CARDS.column})"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 0, 0, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
            (
                pressed.card_id,
                person.team_id,
                pressed.channel_id,
                pressed.message_ts,
                site,
                pressed.issue_key or "",
                pressed.poll_id,
                owner,
                now,
                now,
            ),
        ).fetchone()
        return None if added is None else str(added[0])


def _lags(db: Connection, team_id: str, pressed: Pressed, now: float) -> bool:
    """Return whether the message offered other options than its poll has."""
    if pressed.poll_id is None or pressed.offered is None:
        return False
    try:
        poll = find_poll(db, team_id, pressed.poll_id).poll
    except PollGone:
        return False
    choices = {option.id for option in poll.live} if poll.is_open(now) else set()
    return pressed.offered != choices
