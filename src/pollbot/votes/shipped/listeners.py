"""What somebody wants to hear of issues that are resolved: the buttons, and /pollbot shipped."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.jira.sites import Sites
from pollbot.people import Person
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.clicks import MuteClick, UnmuteClick
from pollbot.slack.kit import Message
from pollbot.votes.shipped import blocks
from pollbot.votes.shipped.rows import ShippedRows
from pollbot.votes.shipped.rules import Muted

Body = dict[str, Any]


class ShippedListeners:
    """Mutes, and unmutes."""

    def __init__(self, shipped_rows: ShippedRows, sites: Sites, afterwards: Afterwards) -> None:
        self._shipped_rows = shipped_rows
        self._sites = sites
        self._afterwards = afterwards

    def register(self, app: AsyncApp) -> None:
        """Listen for the buttons; the word is one of /pollbot's."""
        app.action(MuteClick.pattern())(self.press_mute)
        app.action(UnmuteClick.pattern())(self.press_unmute)

    async def show(self, ack: AsyncAck, command: Body) -> None:
        muted = await self._shipped_rows.muted(payloads.person(command))
        said = blocks.all_muted([(what, self._named(what)) for what in muted])
        await ack(**payloads.in_words(said))

    async def press_mute(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click = MuteClick.unpack(action)
        what = Muted(click.site, click.project)
        keeping = self._keep(body, self._shipped_rows.mute, what, blocks.muted)
        await answering.do_first(ack, keeping, body, self._afterwards)

    async def press_unmute(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click = UnmuteClick.unpack(action)
        what = Muted(click.site, click.project)
        keeping = self._keep(body, self._shipped_rows.unmute, what, blocks.unmuted)
        await answering.do_first(ack, keeping, body, self._afterwards)

    async def _keep(
        self,
        body: Body,
        keep: Callable[[Person, Muted], Awaitable[None]],
        what: Muted,
        draw: Callable[[Muted, str], Message],
    ) -> None:
        me = payloads.person(body)
        await keep(me, what)
        await self._afterwards.say(me, payloads.address(body), draw(what, self._named(what)))

    def _named(self, what: Muted) -> str:
        return self._sites.named(what.site) if what.site else ""
