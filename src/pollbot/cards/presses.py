"""What clicks tell of the cards that they come from."""

import asyncio
import logging
from dataclasses import dataclass, replace

from pollbot.cards.press_rows import PressRows
from pollbot.errors import StorageUnavailable
from pollbot.jira.sites import Sites
from pollbot.people import Person, Pressed
from pollbot.store.worker import Clock

log = logging.getLogger(__name__)

_APART = 0.5
"""Seconds between two ways to one card that are kept: no card is changed so often."""
_NOT_KEPT = "the way to a card was not kept: %s"

_Message = tuple[str, str, str]
"""A message: its workspace, channel and timestamp."""


@dataclass(frozen=True, slots=True)
class _Told:
    person: Person
    pressed: Pressed


class Presses:
    """Keeps where cards hang, and the fresh ways to them."""

    def __init__(self, press_rows: PressRows, sites: Sites, clock: Clock) -> None:
        self._press_rows = press_rows
        self._sites = sites
        self._clock = clock
        self._newest: dict[_Message, _Told | None] = {}
        """Of what was pressed a moment ago: what was told since then, if anything."""

    def keep(self, person: Person, pressed: Pressed) -> None:
        """Hand in what the click tells, without waiting for the disk.

        The store does one thing after the other, so whatever the click itself asks of it is done,
        and on disk, after this. Of a crowd that presses one card what is told within half a second
        takes turns: the newest is handed in after that, so a crash may leave the way before it.
        """
        told = _Told(person, pressed)
        message = person.team_id, pressed.channel_id, pressed.message_ts
        if message not in self._newest:
            self._newest[message] = None
            self._hand_in(told)
            asyncio.get_running_loop().call_later(_APART, self._go_on, message)
            return
        before = self._newest[message]
        if before is not None and pressed.response_url is None:
            pressed = replace(pressed, response_url=before.pressed.response_url)
            told = _Told(person, pressed)
        self._newest[message] = told

    def finish(self) -> None:
        """Hand in what waits: what follows is the end."""
        newest, self._newest = self._newest, {}
        for told in newest.values():
            if told is not None:
                self._hand_in(told)

    def _go_on(self, message: _Message) -> None:
        told = self._newest.pop(message, None)
        if told is not None:
            self.keep(told.person, told.pressed)

    def _hand_in(self, told: _Told) -> None:
        try:
            site = told.pressed.site or self._sites.default
            kept = self._press_rows.keep(told.person, site, told.pressed, self._clock())
        except StorageUnavailable as error:
            log.info(_NOT_KEPT, error)
        else:
            kept.add_done_callback(_ended)


def _ended(kept: "asyncio.Future[None]") -> None:
    error = None if kept.cancelled() else kept.exception()
    if isinstance(error, StorageUnavailable):
        log.info(_NOT_KEPT, error)
    elif error is not None:
        log.error(_NOT_KEPT, error, exc_info=error)
