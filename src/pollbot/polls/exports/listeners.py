"""A poll is taken along: as what is asked, and then it is sent."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.people import Address, Person
from pollbot.polls.exports import blocks
from pollbot.polls.exports.refusals import StillHidden
from pollbot.polls.exports.service import Exports, Made
from pollbot.polls.sentences import sentence
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.clicks import ExportAsClick, ExportClick
from pollbot.slack.client import Slack
from pollbot.slack.windows import told_view
from pollbot.text.catalog import say

Body = dict[str, Any]


class ExportListeners:
    """*Export* under *More*."""

    def __init__(self, exports: Exports, slack: Slack, afterwards: Afterwards) -> None:
        self._exports = exports
        self._slack = slack
        self._afterwards = afterwards

    def register(self, app: AsyncApp) -> None:
        """Listen for who wants to take a poll along."""
        app.action(ExportClick.action_id)(self.open_export)
        app.action(ExportAsClick.pattern())(self.export)

    async def open_export(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = ExportClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._open_export(me, click, body), body, self._afterwards)

    async def export(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = ExportAsClick.unpack(action), payloads.person(body)
        stamp = str((body.get("view") or {}).get("id") or action.get("action_ts"))
        exporting = self._export(me, click, stamp, body)
        await answering.do_next(ack, exporting, body, self._afterwards)

    async def _open_export(self, me: Person, click: ExportClick, body: Body) -> None:
        try:
            shown = blocks.export_view(await self._exports.look(me, click.poll))
        except StillHidden as error:
            shown = told_view(sentence(error), title=say("Export"))
        await answering.show(self._slack, body, shown)

    async def _export(self, me: Person, click: ExportAsClick, stamp: str, body: Body) -> None:
        if payloads.in_window(body):
            await answering.show(self._slack, body, blocks.on_its_way())
        made = list[Made]()

        def told(files: Made) -> str:
            made.append(files)
            return blocks.comment(files.seen, len(files.files))

        text = await self._exports.deliver(me, click.poll, click.kind, stamp, told)
        if text is not None:
            # Nobody else may read it, so never by an address that was pressed in a channel.
            said = blocks.as_text(made[0].seen, text)
            await self._afterwards.say(me, Address(""), said)
