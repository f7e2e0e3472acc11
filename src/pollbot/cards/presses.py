"""What clicks tell of the cards that they come from."""

import logging

from pollbot.cards.press_rows import NOT_KEPT, PressRows
from pollbot.errors import StorageUnavailable
from pollbot.jira.sites import Sites
from pollbot.people import Person, Pressed
from pollbot.store.worker import Clock

log = logging.getLogger(__name__)


class Presses:
    """Keeps where cards hang, and the fresh ways to them."""

    def __init__(self, press_rows: PressRows, sites: Sites, clock: Clock) -> None:
        self._press_rows = press_rows
        self._sites = sites
        self._clock = clock

    def keep(self, person: Person, pressed: Pressed) -> None:
        """Hand in what the click tells, without waiting for the disk.

        The store does one thing after the other, so whatever the click itself asks of it is
        done, and on disk, after this.
        """
        try:
            site = pressed.site or self._sites.default
            self._press_rows.keep(person, site, pressed, self._clock())
        except StorageUnavailable as error:
            log.info(NOT_KEPT, error)
