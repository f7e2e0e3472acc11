"""A poll's cards, and what became of a wish for more of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pollbot.errors import PollbotError
from pollbot.polls.kept import Kept

CHANNELS_FIELD = "channels"
MOST_AT_ONCE = 20
"""In so many channels a poll is hung up at once."""
SHOWN = 40
"""So many of its cards stand in the window."""


@dataclass(frozen=True, slots=True)
class Hangs:
    """A card of a poll; ``message_ts`` is None where its message is not known."""

    card_id: str
    channel_id: str
    message_ts: str | None
    posted_by: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where a poll hangs, as far as its reader may know; ``unseen`` are cards elsewhere."""

    kept: Kept
    cards: Sequence[Hangs]
    unseen: int
    may_manage: bool


@dataclass(frozen=True, slots=True)
class Hung:
    """What became of a wish for a card in a channel: it comes, is there, or why it cannot be."""

    channel_id: str
    is_new: bool = False
    because: PollbotError | None = None
