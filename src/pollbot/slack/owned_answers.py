"""How a list of what people keep for themselves answers: asked for, paged, or managed."""

from collections.abc import Callable, Coroutine
from typing import Any

from slack_bolt.async_app import AsyncAck

from pollbot.people import Address, Person
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.kit import Message

Body = dict[str, Any]
Doing = Coroutine[Any, Any, Message | None]


class ListAnswers:
    """``draw`` returns a page of the list, as somebody sees it in a channel."""

    def __init__(
        self,
        draw: Callable[[Person, str, int], Coroutine[Any, Any, Message]],
        afterwards: Afterwards,
    ) -> None:
        self._draw = draw
        self._afterwards = afterwards

    async def show(self, ack: AsyncAck, command: Body) -> None:
        """Answer the command that asks for it."""
        me, address = payloads.person(command), payloads.address(command)
        listing = self._draw(me, payloads.channel_id(command), 0)
        await answering.command(ack, listing, me, address, self._afterwards)

    async def turn(self, ack: AsyncAck, body: Body, page: int) -> None:
        """Show another page in its place."""
        await answering.do_next(ack, self._turn(body, page), body, self._afterwards)

    async def manage(self, ack: AsyncAck, body: Body, doing: Doing) -> None:
        """Do something with a thing in it; tell how it went, and show the list anew."""
        await answering.do_first(ack, self._manage(body, doing), body, self._afterwards)

    async def _turn(self, body: Body, page: int) -> None:
        me = payloads.person(body)
        message = await self._draw(me, payloads.channel_id(body), page)
        await self._afterwards.say(me, payloads.address(body), message)

    async def _manage(self, body: Body, doing: Doing) -> None:
        me, address, message = payloads.person(body), payloads.address(body), await doing
        if message is None or address.seen:
            return
        if address.replaces:
            fresh = await self._draw(me, address.channel_id, 0)
            await self._afterwards.say(me, address, fresh)
        beside = Address(address.channel_id, address.response_url)
        await self._afterwards.say(me, beside, message)
