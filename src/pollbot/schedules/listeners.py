"""/pollbot schedules, the form of a schedule, and the buttons that manage one."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.people import Address, Person
from pollbot.polls.rules import Ask, Later
from pollbot.schedules import blocks
from pollbot.schedules import form as forms
from pollbot.schedules.blocks import SLOW
from pollbot.schedules.form import ScheduleForm
from pollbot.schedules.labels import ScheduleLabels
from pollbot.schedules.rules import What
from pollbot.schedules.service import Schedules
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.answering import Told
from pollbot.slack.clicks import (
    DeleteScheduleClick,
    EditScheduleClick,
    NewScheduleClick,
    PauseClick,
    ResumeClick,
    RunNowClick,
    ScheduleClick,
    ScheduleIssueClick,
    SchedulesPageClick,
)
from pollbot.slack.client import Slack
from pollbot.slack.kit import Message
from pollbot.slack.owned_answers import ListAnswers
from pollbot.store.worker import Clock
from pollbot.text.catalog import say, say_marked

Body = dict[str, Any]


class ScheduleListeners:
    """Schedules: their form, their list, and the buttons that manage one."""

    def __init__(
        self,
        schedules: Schedules,
        labels: ScheduleLabels,
        slack: Slack,
        afterwards: Afterwards,
        clock: Clock,
    ) -> None:
        self._schedules = schedules
        self._labels = labels
        self._slack = slack
        self._afterwards = afterwards
        self._answers = ListAnswers(self._list, afterwards)
        self._clock = clock

    def register(self, app: AsyncApp) -> None:
        """Listen for the form of a schedule and for what is pressed in lists of them."""
        app.action(ScheduleClick.pattern())(self.schedule_poll)
        app.action(ScheduleIssueClick.pattern())(self.schedule_issue)
        app.action(NewScheduleClick.pattern())(self.new_schedule)
        app.action(EditScheduleClick.pattern())(self.edit_schedule)
        app.action(forms.SCHEDULE_CHANGED)(self.redraw_form)
        app.view(forms.SCHEDULE_FORM)(self.save)
        app.action(RunNowClick.pattern())(self.run_now)
        app.action(PauseClick.pattern())(self.pause)
        app.action(ResumeClick.pattern())(self.resume)
        app.action(DeleteScheduleClick.pattern())(self.delete)
        app.action(SchedulesPageClick.pattern())(self.turn_page)

    async def list_schedules(self, ack: AsyncAck, command: Body) -> None:
        await self._answers.show(ack, command)

    async def post_later(self, me: Person, ask: Ask, later: Later, stamp: str) -> Message:
        """Keep a poll that is posted later; return what is said of it."""
        kept, unasked = await self._schedules.post_later(me, ask, later, stamp)
        row = await self._labels.row(kept.schedule)
        return blocks.saved(row, kept.upcoming, unasked)

    async def schedule_poll(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click = ScheduleClick.unpack(action)
        opening = self._open(partial(self._new_form, What.POLL, click.poll, body), body)
        await answering.do_next(ack, opening, body, self._afterwards)

    async def schedule_issue(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click = ScheduleIssueClick.unpack(action)
        opening = self._open(
            partial(self._new_form, What.ISSUE, click.issue, body, click.site or ""), body
        )
        await answering.do_next(ack, opening, body, self._afterwards)

    async def new_schedule(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click = NewScheduleClick.unpack(action)
        opening = self._open(partial(self._new_form, What(click.what), "", body), body)
        await answering.do_next(ack, opening, body, self._afterwards)

    async def edit_schedule(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = EditScheduleClick.unpack(action), payloads.person(body)
        opening = self._open(partial(self._edit_form, me, click.schedule), body)
        await answering.do_next(ack, opening, body, self._afterwards)

    async def redraw_form(self, ack: AsyncAck, body: Body) -> None:
        await answering.do_next(ack, self._redraw(body), body, self._afterwards)

    async def save(self, ack: AsyncAck, view: Body, body: Body) -> None:
        me, form = payloads.person(body), forms.read_schedule_form(view)
        plan = forms.to_plan(form)

        async def work() -> Message:
            if form.schedule:
                kept = await self._schedules.change(me, form.schedule, partial(forms.plan_of, form))
            else:
                # A form that is submitted twice, by an impatient finger, makes one schedule.
                kept = await self._schedules.save(me, plan, str(view["id"]), form.site)
            return blocks.saved(await self._labels.row(kept.schedule), kept.upcoming)

        await answering.submission(
            ack,
            work(),
            body,
            Address(""),
            self._afterwards,
            Told(say("Schedule"), say_marked(SLOW)),
        )

    async def run_now(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = RunNowClick.unpack(action), payloads.person(body)
        pressed_at = float(action.get("action_ts") or self._clock())

        async def work() -> Message | None:
            ran = await self._schedules.run_now(me, click.schedule, pressed_at)
            return blocks.ran(await self._labels.row(ran)) if ran is not None else None

        await self._answers.manage(ack, body, work())

    async def pause(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = PauseClick.unpack(action), payloads.person(body)

        async def work() -> Message:
            paused = await self._schedules.pause(me, click.schedule)
            return blocks.paused(await self._labels.row(paused))

        await self._answers.manage(ack, body, work())

    async def resume(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = ResumeClick.unpack(action), payloads.person(body)

        async def work() -> Message:
            resumed = await self._schedules.resume(me, click.schedule)
            return blocks.resumed(await self._labels.row(resumed))

        await self._answers.manage(ack, body, work())

    async def delete(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = DeleteScheduleClick.unpack(action), payloads.person(body)

        async def work() -> Message:
            deleted = await self._schedules.delete(me, click.schedule)
            return blocks.deleted(await self._labels.row(deleted))

        await self._answers.manage(ack, body, work())

    async def turn_page(self, ack: AsyncAck, action: Body, body: Body) -> None:
        await self._answers.turn(ack, body, SchedulesPageClick.unpack(action).page)

    def _new_form(
        self, what: What, subject: str, body: Body, site: str = ""
    ) -> Awaitable[ScheduleForm]:
        channel = payloads.channel_id(body)
        here = channel if channel[:1] in ("C", "G") else ""
        return self._schedules.new_form(payloads.person(body), what, subject, here, site)

    async def _edit_form(self, me: Person, schedule_id: str) -> ScheduleForm:
        schedule = await self._schedules.managed(me, schedule_id)
        return forms.form_of(schedule, await self._labels.plain(schedule))

    async def _list(self, me: Person, channel_id: str, page: int) -> Message:
        found = await self._schedules.listed(me, channel_id, page)
        rows = [
            replace(
                await self._labels.row(one), by=found.by(one, me), theirs=found.is_theirs(one, me)
            )
            for one in found.things
        ]
        return blocks.schedule_list(rows, found.part)

    async def _open(self, make: Callable[[], Awaitable[ScheduleForm]], body: Body) -> None:
        form = await make()
        view = self._drawn(form)
        slack = self._slack.of(payloads.acted(body).team_id)
        await slack.open_form(str(body.get("trigger_id")), view)

    async def _redraw(self, body: Body) -> None:
        view, slack = payloads.form(body), self._slack.of(payloads.acted(body).team_id)
        form = forms.read_schedule_form(view)
        await slack.update_form(view["id"], self._drawn(form))

    def _drawn(self, form: ScheduleForm) -> dict[str, Any]:
        runs = forms.runs_ahead(form, self._clock())
        return forms.schedule_form(form, runs, sites=self._schedules.sites)
