"""Every click on a card, whatever it is about: it is a fresh way to the card."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from slack_bolt.async_app import AsyncApp

from pollbot.errors import BadInput
from pollbot.handlers import payloads
from pollbot.services import Services

Body = dict[str, Any]


def register(app: AsyncApp) -> None:
    """Look at each click before its listener does."""
    app.middleware(keep_way)


async def keep_way(body: Body, services: Services, next_: Callable[[], Awaitable[None]]) -> None:
    """Keep the way to the card that was pressed, whether the click itself is refused or not."""
    pressed = payloads.pressed(body)
    if pressed is not None:
        with suppress(BadInput):  # who pressed it is not told, which its listener says
            services.presses.keep(payloads.person(body), pressed)
    await next_()
