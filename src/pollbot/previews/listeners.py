"""Links in messages, as Slack tells of them; and /pollbot previews."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.people import Address, Person
from pollbot.previews.blocks import previews
from pollbot.previews.service import Links, Previews
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.clicks import PreviewsClick

Body = dict[str, Any]

_BEING_WRITTEN = "COMPOSER"
"""What Slack says in place of a channel while a message is being written."""


class PreviewListeners:
    """Previews of links to issues."""

    def __init__(self, previews: Previews, afterwards: Afterwards) -> None:
        self._previews = previews
        self._afterwards = afterwards

    def register(self, app: AsyncApp) -> None:
        """Listen for shared links and for the buttons of /pollbot previews."""
        app.event("link_shared")(self.link_shared)
        app.action(PreviewsClick.pattern())(self.choose)

    async def link_shared(self, ack: AsyncAck, body: Body) -> None:
        links = _links(payloads.person(body), body)
        if links is not None:
            await self._previews.shared(links)
        await ack()

    async def show(self, ack: AsyncAck, command: Body) -> None:
        shown = await self._previews.shown(payloads.person(command), payloads.channel_id(command))
        await ack(**payloads.in_words(previews(shown)))

    async def choose(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = PreviewsClick.unpack(action), payloads.person(body)
        choosing = self._choose(me, payloads.address(body), click)
        await answering.do_first(ack, choosing, body, self._afterwards)

    async def _choose(self, me: Person, address: Address, click: PreviewsClick) -> None:
        await self._previews.choose(me, address.channel_id, click.shown)
        await self._afterwards.say(me, address, previews(click.shown))


def _links(person: Person, body: Body) -> Links | None:
    """Return the links of a message; None while it is being written: Slack tells of it again."""
    event = body.get("event")
    event = event if isinstance(event, Mapping) else {}
    channel, ts, found = event.get("channel"), event.get("message_ts"), event.get("links")
    written = channel != _BEING_WRITTEN and event.get("source") != "composer"
    if not written or not isinstance(channel, str) or not isinstance(ts, str):
        return None
    links = found if isinstance(found, list) else []
    urls = [one.get("url") for one in links if isinstance(one, Mapping)]
    told_at = body.get("event_time")
    return Links(
        person,
        channel,
        ts,
        [url for url in urls if isinstance(url, str)],
        float(told_at) if isinstance(told_at, int | float) else 0.0,
    )
