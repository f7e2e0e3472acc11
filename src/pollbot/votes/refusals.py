"""What cannot be, of lists that are posted now."""

from dataclasses import dataclass

from pollbot.errors import BadInput, PollbotError


class NoPlace(BadInput):
    """A list has no channel to be posted in."""


@dataclass(eq=False)
class PlaceClosed(PollbotError):
    """Slack lets pollbot post no list in a channel, for the reason of this code."""

    code: str
