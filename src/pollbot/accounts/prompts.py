"""What asks somebody to connect goes from their screen once they have."""

import logging

from cachetools import TTLCache

from pollbot.errors import PollbotError
from pollbot.people import Person
from pollbot.slack.client import Slack
from pollbot.store.worker import Clock

log = logging.getLogger(__name__)

_LIVES = 29 * 60.0
"""Seconds: Slack takes a ``response_url`` for half an hour."""
_MOST = 10_000
_MOST_EACH = 5


class Prompts:
    """Private messages with *Connect Jira* that somebody pressed. It ends with the program.

    Only the way that a press brings can take such a message back: one that nobody pressed stays.
    """

    def __init__(self, slack: Slack, clock: Clock) -> None:
        self._slack = slack
        self._pressed: TTLCache[tuple[Person, str], list[str]] = TTLCache(
            _MOST, _LIVES, timer=clock
        )

    def pressed(self, person: Person, site: str, response_url: str) -> None:
        """Remember the way to a message that asks the person to connect to a site."""
        before = self._pressed.get((person, site), [])
        self._pressed[person, site] = [*before, response_url][-_MOST_EACH:]

    async def take_back(self, person: Person, site: str) -> None:
        """Take back what asked them: they are connected. What Slack does not take back stays."""
        for response_url in self._pressed.pop((person, site), []):
            try:
                await self._slack.take_back(response_url)
            except PollbotError as error:
                log.info("a message that asked to connect stays: %s", error)
