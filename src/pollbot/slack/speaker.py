"""Words that are said right after somebody did something, and are nowhere on disk."""

import logging
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass

from pollbot import errands
from pollbot.chance import Chance, jitter
from pollbot.errors import NotYet, PollbotError, SlackUnavailable
from pollbot.slack.turns import Turns
from pollbot.store.worker import Clock, Worker, pause_after
from pollbot.web.pace import no_later, pause_before_retry

log = logging.getLogger(__name__)

Say = Callable[[], Awaitable[object]]
"""Says something to a person; draws it anew each time, where it may have changed."""

_WORTH_IT = 29 * 60.0
"""Seconds for which it is tried: as long as a ``response_url`` lives."""
_MOST_WAITING = 10_000
_LONGEST = 120.0
"""Seconds; what Slack asks for is read as no more than that."""


@dataclass(slots=True)
class _Word:
    say: Say
    most: int
    about: Hashable | None
    until: float
    errand: str
    at: float = 0.0
    attempts: int = 0


class Speaker(Worker):
    """Says a word at once; one that Slack did not take, for as long as it is worth it.

    After a lost answer it may be there: then it is not said again, or once, as ``most``
    says. What ends with the program ends its words.
    """

    def __init__(self, turns: Turns, clock: Clock, chance: Chance) -> None:
        super().__init__("words", clock)
        self._turns = turns
        self._chance = chance
        self._waiting: list[_Word] = []

    async def say(self, say: Say, *, most: int = 1, about: Hashable | None = None) -> None:
        """Say it now, or see to it that it is said.

        ``most``: how often it may leave. What still waits ``about`` the same thing is old now.
        """
        if about is not None:
            self._waiting = [word for word in self._waiting if word.about != about]
        until = self._clock() + _WORTH_IT
        await self._try(_Word(say, most, about, until, errands.current()))

    async def turn(self, now: float) -> float | None:
        """Say what may be said now."""
        for word in self._waiting:
            word.at = no_later(word.at, now, _LONGEST)
        due = [word for word in self._waiting if word.at <= now]
        self._waiting = [word for word in self._waiting if word not in due]
        for word in due:
            self.spawn(self._try_again(word))
        return min((word.at for word in self._waiting), default=None)

    async def _try_again(self, word: _Word) -> None:
        with errands.under(word.errand):
            async with self._turns.turn():
                await self._try(word)

    async def _try(self, word: _Word) -> None:
        try:
            await word.say()
        except NotYet as error:
            word.at = error.until
            self._keep(word, error)
        except SlackUnavailable as error:
            if error.lost or (error.perhaps and word.most == 1):
                word.most -= 1
            word.attempts += 1
            pause = pause_before_retry(word.attempts, jitter(self._chance), pause_after(error))
            word.at = self._clock() + pause
            self._keep(word, error)
        except PollbotError as error:
            log.warning("somebody was not told something: %s", error)

    def _keep(self, word: _Word, error: SlackUnavailable) -> None:
        """Let a word wait, if it may be said once more, and is worth it then."""
        if word.most < 1 or word.at > word.until or len(self._waiting) >= _MOST_WAITING:
            log.info("somebody was perhaps not told something: %s", error.why)
        else:
            self._waiting.append(word)
            self.wake()
