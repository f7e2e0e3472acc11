"""Every click on a card, whatever it is about: it is a fresh way to the card."""

from contextlib import suppress

from pollbot.cards.presses import Presses
from pollbot.errors import BadInput
from pollbot.slack import payloads


def keep_way(presses: Presses, body: payloads.Body) -> None:
    """Keep the way to the card that was pressed, whether the click itself is refused or not.

    It is called before the click's listener is, and is no middleware of Bolt's: for each of
    those Bolt 1.30 gathers all that a listener may ask for, some 30 µs of every click.
    """
    pressed = payloads.pressed(body)
    if pressed is not None:
        with suppress(BadInput):  # who pressed it is not told, which its listener says
            presses.keep(payloads.person(body), pressed)
