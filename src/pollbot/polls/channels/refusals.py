"""What is refused of a poll's cards. The sentences are in sentences.py."""

from dataclasses import dataclass

from pollbot.errors import BadInput, NotYours, PollbotError


class NoCardChannel(BadInput):
    """No channel was chosen."""


class PostersOnly(NotYours):
    """Only who posted that card, and who manages its poll, may take it down."""


class CardGone(PollbotError):
    """That card is not known, or not any more."""


@dataclass(eq=False)
class CardStays(PollbotError):
    """Slack does not let the app delete that card's message; ``code`` is its error string."""

    channel_id: str
    code: str
