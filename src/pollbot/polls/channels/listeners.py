"""*Share* under *More*: a poll in more channels, or in one less."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.people import Address, Person
from pollbot.polls.blocks import titled
from pollbot.polls.channels import blocks
from pollbot.polls.channels.service import Hanging
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.answering import Told
from pollbot.slack.clicks import ShareClick, TakeDownClick
from pollbot.slack.client import Slack
from pollbot.slack.kit import Message
from pollbot.text.catalog import say, say_marked

Body = dict[str, Any]


class HangingListeners:
    """Where a poll hangs."""

    def __init__(self, hanging: Hanging, slack: Slack, afterwards: Afterwards) -> None:
        self._hanging = hanging
        self._slack = slack
        self._afterwards = afterwards

    def register(self, app: AsyncApp) -> None:
        """Listen for who hangs a poll up, or takes a card of it down."""
        app.action(ShareClick.action_id)(self.open_share)
        app.view(blocks.SHARE_FORM)(self.hang)
        app.action(TakeDownClick.pattern())(self.take_down)

    async def open_share(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = ShareClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._open(me, click.poll, body), body, self._afterwards)

    async def hang(self, ack: AsyncAck, body: Body, view: Body) -> None:
        me = payloads.person(body)
        poll_id, channels = blocks.read_share(view)

        async def work() -> Message:
            outcomes = await self._hanging.hang(me, poll_id, channels)
            shown = await self._hanging.look(me, poll_id)
            return blocks.hung(titled(shown.kept.poll), outcomes)

        told = Told(say("Share"), say_marked(blocks.SLOW))
        await answering.submission(ack, work(), body, Address(""), self._afterwards, told)

    async def take_down(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = TakeDownClick.unpack(action), payloads.person(body)
        await answering.do_first(ack, self._take_down(me, click, body), body, self._afterwards)

    async def _open(self, me: Person, poll_id: str, body: Body, said: str = "") -> None:
        shown = await self._hanging.look(me, poll_id)
        await answering.show(self._slack, body, blocks.share_form(shown, said))

    async def _take_down(self, me: Person, click: TakeDownClick, body: Body) -> None:
        card = await self._hanging.take_down(me, click.poll, click.card)
        left = await self._hanging.look(me, click.poll)
        said = blocks.taken_down(card, len(left.cards) + left.unseen)
        form = blocks.share_form(left, said)
        await answering.show_done(self._slack, body, form, said, self._afterwards)
