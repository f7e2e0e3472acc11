"""A poll's cards, as they are kept; the cards' part writes them."""

from collections.abc import Sequence

from pollbot.cards.rows import Wanted, drop, want
from pollbot.chance import Chance
from pollbot.errors import PollGone
from pollbot.people import Person
from pollbot.polls.channels.rules import Hangs
from pollbot.polls.kept_rows import find_poll, look_soon
from pollbot.store.deliveries import act
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection, Writer, reading


class HangingRows:
    """Where a poll hangs."""

    def __init__(self, writer: Writer, vault: Vault, chance: Chance) -> None:
        self._writer = writer
        self._vault = vault
        self._chance = chance

    @reading
    def cards(self, db: Connection, team_id: str, poll_id: str) -> list[Hangs]:
        """Return the cards of a poll, the oldest first."""
        rows = db.execute(
            "SELECT id, channel_id, message_ts, posted_by FROM cards"
            " WHERE team_id = ? AND poll_id = ? ORDER BY made_at, id",
            (team_id, poll_id),
        ).fetchall()
        return [Hangs(*row) for row in rows]

    @act
    def hang(
        self, db: Connection, person: Person, poll_id: str, channels: Sequence[str], now: float
    ) -> list[str]:
        """Ask for a card in each channel in which none hangs yet; return which those are."""
        kept = find_poll(db, person.team_id, poll_id)
        if kept.poll.deleted:
            raise PollGone
        look_soon(db, kept, now)
        new = []
        for channel_id in dict.fromkeys(channels):
            # One that Slack refused hangs nowhere, and is asked for anew.
            there = db.execute(
                "SELECT 1 FROM cards WHERE team_id = ? AND poll_id = ? AND channel_id = ?"
                " AND (posted = 1 OR changes > drawn)",
                (person.team_id, poll_id, channel_id),
            ).fetchone()
            if there is None:
                on = kept.about_issues
                wanted = Wanted(channel_id, kept.site, None, None, poll_id=poll_id, poll_issues=on)
                want(db, self._vault, self._chance, person, wanted, now)
                new.append(channel_id)
        return new

    @act
    def take_down(self, db: Connection, card_id: str) -> None:
        """Forget a card whose message is gone."""
        drop(db, card_id)
