"""Templates of people's own: saved under *More*, listed, used, named and shared."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.people import Person
from pollbot.polls.forms.listeners import FormListeners
from pollbot.polls.refusals import TooMuchForForm
from pollbot.polls.saved import blocks
from pollbot.polls.saved.rules import Saved
from pollbot.polls.saved.service import SavedPolls
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.clicks import (
    DeleteTemplateClick,
    EditTemplateClick,
    SaveTemplateClick,
    TakeTemplateClick,
    TemplatesPageClick,
    UseTemplateClick,
)
from pollbot.slack.client import Slack
from pollbot.slack.kit import Block
from pollbot.slack.windows import told_view
from pollbot.text.catalog import say

Body = dict[str, Any]


class SavedListeners:
    """What is done with templates."""

    def __init__(
        self, saved: SavedPolls, form: FormListeners, slack: Slack, afterwards: Afterwards
    ) -> None:
        self._saved = saved
        self._form = form
        self._slack = slack
        self._afterwards = afterwards

    def register(self, app: AsyncApp) -> None:
        """Listen for the controls of templates."""
        app.action(SaveTemplateClick.action_id)(self.save)
        app.view(blocks.TEMPLATE_FORM)(self.change)
        app.action(UseTemplateClick.pattern())(self.use)
        app.action(EditTemplateClick.pattern())(self.open_template)
        app.action(DeleteTemplateClick.pattern())(self.delete)
        app.action(TakeTemplateClick.pattern())(self.take_over)
        app.action(TemplatesPageClick.pattern())(self.turn_page)

    async def save(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = SaveTemplateClick.unpack(action), payloads.person(body)
        stamp = str((body.get("view") or {}).get("id") or action.get("action_ts"))
        saving = self._save(me, click, stamp, body)
        await answering.do_first(ack, saving, body, self._afterwards)

    async def change(self, ack: AsyncAck, body: Body, view: Body) -> None:
        saved = await self._saved.change(payloads.person(body), blocks.read_template(view))
        told = told_view(blocks.changed(saved), title=say("Template"))
        await ack(response_action="update", view=told)

    async def use(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = UseTemplateClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._use(me, click, body), body, self._afterwards)

    async def open_template(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = EditTemplateClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._open(me, click, body), body, self._afterwards)

    async def delete(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = DeleteTemplateClick.unpack(action), payloads.person(body)
        await answering.do_first(ack, self._delete(me, click, body), body, self._afterwards)

    async def take_over(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = TakeTemplateClick.unpack(action), payloads.person(body)
        await answering.do_first(ack, self._take_over(me, click, body), body, self._afterwards)

    async def turn_page(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = TemplatesPageClick.unpack(action), payloads.person(body)
        showing = self.show(me, click.channel, body, page=click.page)
        await answering.do_next(ack, showing, body, self._afterwards)

    async def show(self, me: Person, channel: str, body: Body, *, page: int = 0) -> None:
        """Show the templates that the person may use, in a window."""
        await answering.show(self._slack, body, await self._listed(me, channel, page))

    async def _listed(self, me: Person, channel: str, page: int = 0) -> Block:
        found = await self._saved.seen_by(me)
        others = [
            one.owner for one in found if one.owner[:1] not in ("-", "") and one.owner != me.user_id
        ]
        return blocks.templates_view(
            found,
            me.user_id,
            channel,
            left=await self._saved.left(me.team_id, others),
            is_admin=await self._saved.is_admin(me),
            page=page,
        )

    async def open_named(self, me: Person, channel: str, name: str, body: Body) -> None:
        """Open the form of a new poll with what the template of that name asks."""
        await self._begin(me, channel, await self._saved.named(me, name), body)

    async def _begin(self, me: Person, channel: str, saved: Saved, body: Body) -> None:
        if not await self._form.open_ask(me, channel, self._saved.begin(saved), body):
            raise TooMuchForForm

    async def _save(self, me: Person, click: SaveTemplateClick, stamp: str, body: Body) -> None:
        saved = await self._saved.keep_poll(me, click.poll, stamp)
        form = blocks.template_form(saved, blocks.just_saved(saved))
        unseen = blocks.saved_unseen(saved)
        await answering.show_done(self._slack, body, form, unseen, self._afterwards)

    async def _use(self, me: Person, click: UseTemplateClick, body: Body) -> None:
        await self._begin(me, click.channel, await self._saved.find(me, click.template), body)

    async def _open(self, me: Person, click: EditTemplateClick, body: Body) -> None:
        saved = await self._saved.find(me, click.template)
        await answering.show(self._slack, body, blocks.template_form(saved))

    async def _delete(self, me: Person, click: DeleteTemplateClick, body: Body) -> None:
        await self._saved.delete(me, click.template)
        view, said = await self._listed(me, click.channel), blocks.deleted()
        await answering.show_done(self._slack, body, view, said, self._afterwards)

    async def _take_over(self, me: Person, click: TakeTemplateClick, body: Body) -> None:
        await self._saved.take_over(me, click.template)
        view, said = await self._listed(me, click.channel), blocks.taken_over()
        await answering.show_done(self._slack, body, view, said, self._afterwards)
