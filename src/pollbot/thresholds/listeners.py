"""/pollbot thresholds and /pollbot tell, the form of a threshold, and what is pressed in lists."""

import asyncio
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.errors import BadField, PollbotError
from pollbot.people import Address, Person
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.answering import Told
from pollbot.slack.clicks import (
    DeleteThresholdClick,
    EditThresholdClick,
    NewThresholdClick,
    PauseThresholdClick,
    ResumeThresholdClick,
    TellClick,
    ThresholdsPageClick,
    WatchClick,
)
from pollbot.slack.client import Slack
from pollbot.slack.kit import Message
from pollbot.slack.owned_answers import ListAnswers
from pollbot.slack.windows import told_view
from pollbot.text.catalog import say, say_marked
from pollbot.thresholds import blocks, form_state
from pollbot.thresholds.form import THRESHOLD_FORM, threshold_form
from pollbot.thresholds.form_state import ThresholdForm
from pollbot.thresholds.rules import Preview, Rule
from pollbot.thresholds.sentences import sentence
from pollbot.thresholds.service import Thresholds
from pollbot.thresholds.typed import typed

Body = dict[str, Any]


class ThresholdListeners:
    """Thresholds: their form, their list, and the buttons that manage one."""

    def __init__(self, thresholds: Thresholds, slack: Slack, afterwards: Afterwards) -> None:
        self._thresholds = thresholds
        self._slack = slack
        self._afterwards = afterwards
        self._answers = ListAnswers(self._list, afterwards)

    def register_menu(self, app: AsyncApp) -> None:
        """Listen for the entry in a card's menu. Comes before whoever listens for that menu."""
        app.action(WatchClick.pattern(), matchers=[_tells])(self.tell_of_issue)

    def register(self, app: AsyncApp) -> None:
        """Listen for the form of a threshold and for what is pressed in lists of them."""
        app.action(TellClick.pattern())(self.tell_of_issue)
        app.action(NewThresholdClick.pattern())(self.new_threshold)
        app.action(EditThresholdClick.pattern())(self.edit_threshold)
        app.view(THRESHOLD_FORM)(self.submit)
        app.action(PauseThresholdClick.pattern())(self.pause)
        app.action(ResumeThresholdClick.pattern())(self.resume)
        app.action(DeleteThresholdClick.pattern())(self.delete)
        app.action(ThresholdsPageClick.pattern())(self.turn_page)

    async def list_thresholds(self, ack: AsyncAck, command: Body) -> None:
        await self._answers.show(ack, command)

    async def tell(self, ack: AsyncAck, command: Body) -> None:
        asked = typed(str(command.get("text") or ""))
        form = self._thresholds.new_form(asked.subject, votes=asked.votes)
        form = replace(form, channel="" if asked.to else _here(command), to=asked.to)
        await answering.do_next(ack, self._open(form, command), command, self._afterwards)

    async def tell_of_issue(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click = TellClick.unpack(action.get("selected_option") or action)
        form = self._thresholds.new_form(click.issue, click.site or "")
        opening = self._open(replace(form, channel=_here(body)), body)
        await answering.do_next(ack, opening, body, self._afterwards)

    async def new_threshold(self, ack: AsyncAck, action: Body, body: Body) -> None:
        NewThresholdClick.unpack(action)
        form = replace(self._thresholds.new_form(""), channel=_here(body))
        await answering.do_next(ack, self._open(form, body), body, self._afterwards)

    async def edit_threshold(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = EditThresholdClick.unpack(action), payloads.person(body)
        opening = self._edit(me, click.threshold, body)
        await answering.do_next(ack, opening, body, self._afterwards)

    async def submit(self, ack: AsyncAck, view: Body, body: Body) -> None:
        me, form = payloads.person(body), form_state.read_threshold_form(view)
        rule, site = form_state.rule_of(form, self._thresholds.sites)
        site = self._thresholds.site(site)
        if not form_state.is_shown(form, rule, site):
            await self._preview(ack, me, str(view["id"]), replace(form, site=site), rule)
            return

        async def work() -> Message:
            # A form that is submitted twice, by an impatient finger, makes one threshold.
            stamp = str(view["id"])
            return blocks.saved(await self._thresholds.save(me, rule, site, stamp, form.threshold))

        told = Told(say("Threshold"), say_marked(blocks.SLOW_TO_SAVE))
        await answering.submission(ack, work(), body, Address(""), self._afterwards, told)

    async def pause(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = PauseThresholdClick.unpack(action), payloads.person(body)

        async def work() -> Message:
            return blocks.paused(await self._thresholds.pause(me, click.threshold))

        await self._answers.manage(ack, body, work())

    async def resume(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = ResumeThresholdClick.unpack(action), payloads.person(body)

        async def work() -> Message:
            return blocks.resumed(await self._thresholds.resume(me, click.threshold))

        await self._answers.manage(ack, body, work())

    async def delete(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = DeleteThresholdClick.unpack(action), payloads.person(body)

        async def work() -> Message:
            return blocks.deleted(await self._thresholds.delete(me, click.threshold))

        await self._answers.manage(ack, body, work())

    async def turn_page(self, ack: AsyncAck, action: Body, body: Body) -> None:
        await self._answers.turn(ack, body, ThresholdsPageClick.unpack(action).page)

    async def _preview(
        self, ack: AsyncAck, me: Person, view_id: str, form: ThresholdForm, rule: Rule
    ) -> None:
        """Show in the form what it would have done; once Jira tells it, if that takes long."""
        task = asyncio.create_task(self._thresholds.preview(me, rule, form.site))
        done, _ = await asyncio.wait({task}, timeout=answering.PATIENCE)
        if done:
            await ack(response_action="update", view=self._shown(form, *task.result()))
            return
        self._afterwards.do(me, Address(""), self._show(task, me, view_id, form))
        waiting = told_view(say_marked(blocks.SLOW), title=say("Threshold"))
        await ack(response_action="update", view=waiting)

    async def _show(
        self,
        task: "asyncio.Task[tuple[Rule, Preview]]",
        me: Person,
        view_id: str,
        form: ThresholdForm,
    ) -> None:
        try:
            view = self._shown(form, *await task)
        except PollbotError as error:
            why = error.because if isinstance(error, BadField) else error
            view = threshold_form(form, sites=self._thresholds.sites, problem=sentence(why))
        await self._slack.of(me.team_id).update_form(view_id, view)

    def _shown(self, form: ThresholdForm, rule: Rule, preview: Preview) -> dict[str, Any]:
        form = form_state.marked(replace(form, subject=rule.subject), rule, form.site)
        return threshold_form(form, sites=self._thresholds.sites, shown=(form.site, rule, preview))

    async def _open(self, form: ThresholdForm, body: Body) -> None:
        view = threshold_form(form, sites=self._thresholds.sites)
        slack = self._slack.of(payloads.person(body).team_id)
        await slack.open_form(str(body.get("trigger_id")), view)

    async def _edit(self, me: Person, threshold_id: str, body: Body) -> None:
        await self._open(await self._thresholds.edit_form(me, threshold_id), body)

    async def _list(self, me: Person, channel_id: str, page: int) -> Message:
        found = await self._thresholds.listed(me, channel_id, page)
        rows = [
            blocks.Row(one, found.by(one, me), theirs=found.is_theirs(one, me))
            for one in found.things
        ]
        return blocks.threshold_list(rows, found.part)


def _here(body: Body) -> str:
    """Return the channel that something was done in; empty where it is none."""
    channel = payloads.channel_id(body)
    return channel if channel[:1] in ("C", "G") else ""


async def _tells(action: Body) -> bool:
    return TellClick.chosen(action) is not None
