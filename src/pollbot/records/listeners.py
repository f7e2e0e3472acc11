"""The button that has a poll's result written on its issue."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.people import Person
from pollbot.polls.ends.blocks import record_of_other, record_wanted
from pollbot.records.service import Records
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.clicks import RecordClick
from pollbot.slack.client import Slack

Body = dict[str, Any]


class RecordListeners:
    """Results on issues."""

    def __init__(self, records: Records, slack: Slack, afterwards: Afterwards) -> None:
        self._records = records
        self._slack = slack
        self._afterwards = afterwards

    def register(self, app: AsyncApp) -> None:
        """Listen for the button, in a window and in a message."""
        app.action(RecordClick.pattern())(self.record)

    async def record(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = RecordClick.unpack(action), payloads.person(body)
        await answering.do_first(ack, self._record(me, click, body), body, self._afterwards)

    async def _record(self, me: Person, click: RecordClick, body: Body) -> None:
        wanted = await self._records.want(me, click.poll)
        kept, by = wanted.kept, wanted.owner
        message = record_wanted(kept.poll, kept.site, kept.subject)
        if by != me:
            message = record_of_other(kept.poll, kept.site, kept.subject, by.user_id)
        await answering.tell_done(self._slack, body, message, self._afterwards)
