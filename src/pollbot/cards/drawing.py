"""What a card shows is for its feature to say: one drawer per kind of card."""

from typing import Protocol

from pollbot.cards.rows import Card
from pollbot.errors import JiraUnavailable
from pollbot.slack.kit import Draw, Message


class NotDrawn(Exception):
    """A card that was asked for cannot be had; ``told`` is said to whoever asked.

    It is drawn then, in their language, which may be another than the card's.
    """

    def __init__(self, told: Draw) -> None:
        super().__init__()
        self.told = told


class NotShown(Exception):
    """The preview of a link is not to be had, or not any more: nobody is told.

    ``instead`` takes its place where it was shown; None leaves that as it is.
    """

    def __init__(self, instead: Draw | None = None) -> None:
        super().__init__("not shown")
        self.instead = instead


class WaitsForJira(Exception):
    """A card that was asked for has to wait; ``waits`` is said then, ``given_up`` at the end."""

    def __init__(self, error: JiraUnavailable, waits: Draw, given_up: Draw) -> None:
        super().__init__(error.why)
        self.error = error
        self.waits = waits
        self.given_up = given_up


class Drawer(Protocol):
    """Draws the cards of a kind from what is stored, and words what else is said of one."""

    async def draw(self, card: Card) -> Message | None:
        """Return what the card shows; None if nothing of it is known yet, so that it stays.

        Raises PollGone if it is to be forgotten; NotDrawn and WaitsForJira of a card that is not
        posted yet, JiraUnavailable of one that is.
        """

    async def outside(self, card: Card) -> Message | None:
        """Return what does not work on it in a channel without the app; None if all does."""

    async def not_posted(self, card: Card, why: str) -> Message:
        """Return what is told where Slack did not take it; ``why`` are sentences."""


class Drawers:
    """The drawer of each card."""

    def __init__(self, issues: Drawer, previews: Drawer, ballots: Drawer, polls: Drawer) -> None:
        self._issues = issues
        self._previews = previews
        self._ballots = ballots
        self._polls = polls

    def of(self, card: Card) -> Drawer:
        """Return who draws the card."""
        if card.shared is not None:
            return self._previews
        if card.poll_id is not None:
            return self._polls
        return self._issues if card.ballot is None else self._ballots
