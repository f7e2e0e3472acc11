"""A button on a poll's card adds an option, where the poll allows it."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.errors import BadField
from pollbot.people import Person
from pollbot.polls.additions import blocks
from pollbot.polls.additions.refusals import ManyAdded, NoOptionText
from pollbot.polls.additions.service import Additions
from pollbot.polls.forms.windows import poll_of
from pollbot.polls.refusals import BadPart
from pollbot.polls.service import Polls
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.answering import Told
from pollbot.slack.clicks import AddOptionClick
from pollbot.slack.client import Slack
from pollbot.slack.kit import Message
from pollbot.text.catalog import say, say_marked

Body = dict[str, Any]


class AdditionListeners:
    """The button, and the form that it opens."""

    def __init__(
        self, additions: Additions, polls: Polls, slack: Slack, afterwards: Afterwards
    ) -> None:
        self._additions = additions
        self._polls = polls
        self._slack = slack
        self._afterwards = afterwards

    def register(self, app: AsyncApp) -> None:
        """Listen for both."""
        app.action(AddOptionClick.pattern())(self.open_form)
        app.view(blocks.ADD_FORM)(self.add)

    async def open_form(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = AddOptionClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._open(me, click, body), body, self._afterwards)

    async def add(self, ack: AsyncAck, body: Body, view: Body) -> None:
        me, poll_id = payloads.person(body), poll_of(view)
        text = payloads.field(view, blocks.OPTION_FIELD)

        async def work() -> Message:
            try:
                added = await self._additions.add(me, poll_id, text)
            except (BadPart, ManyAdded, NoOptionText) as error:
                raise BadField(blocks.OPTION_FIELD, error) from error
            return blocks.added(added.kept.poll, added.title)

        told = Told(say("Add an option"), say_marked(blocks.SLOW))
        await answering.submission(
            ack, work(), body, payloads.address(body), self._afterwards, told
        )

    async def _open(self, me: Person, click: AddOptionClick, body: Body) -> None:
        kept = await self._polls.find(me, click.poll)
        self._polls.must_take_options(kept)
        await self._slack.of(me.team_id).open_form(
            str(body.get("trigger_id")), blocks.add_form(kept.poll)
        )
