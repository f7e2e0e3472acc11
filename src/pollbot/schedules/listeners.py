"""/pollbot schedules, the form of a schedule, and the buttons that manage one."""

from collections.abc import Coroutine, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.people import Address, Person
from pollbot.schedules import form as forms
from pollbot.schedules.blocks import saved
from pollbot.schedules.form import ScheduleForm
from pollbot.schedules.rules import What
from pollbot.services import Services
from pollbot.slack import answering, payloads
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
from pollbot.slack.kit import Message

Body = dict[str, Any]

_SLOW = (
    ":hourglass_flowing_sand: Jira takes its time to answer. You may close this window; I will "
    "tell you how it went. Until then nothing is saved."
)


def register(app: AsyncApp) -> None:
    """Listen for the form of a schedule and for what is pressed in lists of them."""
    app.action(ScheduleClick.pattern())(schedule_poll)
    app.action(ScheduleIssueClick.pattern())(schedule_issue)
    app.action(NewScheduleClick.pattern())(new_schedule)
    app.action(EditScheduleClick.pattern())(edit_schedule)
    app.action(forms.SCHEDULE_CHANGED)(redraw_form)
    app.view(forms.SCHEDULE_FORM)(save)
    app.action(RunNowClick.pattern())(run_now)
    app.action(PauseClick.pattern())(pause)
    app.action(ResumeClick.pattern())(resume)
    app.action(DeleteScheduleClick.pattern())(delete)
    app.action(SchedulesPageClick.pattern())(turn_page)


async def schedule_poll(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click = ScheduleClick.unpack(action)
    opening = _open(_new_form(What.POLL, click.poll, body, services), body, services)
    await answering.do_next(ack, opening, body, services)


async def schedule_issue(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click = ScheduleIssueClick.unpack(action)
    opening = _open(_new_form(What.ISSUE, click.issue, body, services), body, services)
    await answering.do_next(ack, opening, body, services)


async def new_schedule(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click = NewScheduleClick.unpack(action)
    opening = _open(_new_form(What(click.what), "", body, services), body, services)
    await answering.do_next(ack, opening, body, services)


async def edit_schedule(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = EditScheduleClick.unpack(action), payloads.person(body)
    opening = _open(services.schedules.edit_form(me, click.schedule), body, services)
    await answering.do_next(ack, opening, body, services)


async def redraw_form(ack: AsyncAck, body: Body, services: Services) -> None:
    await answering.do_next(ack, _redraw(payloads.form(body), services), body, services)


async def save(ack: AsyncAck, view: Body, body: Body, services: Services) -> None:
    me, form = payloads.person(body), forms.read_schedule_form(view)
    plan = forms.to_plan(form)

    async def work() -> Message:
        # A form that is submitted twice, by an impatient finger, makes one schedule.
        kept = await services.schedules.save(me, plan, str(view["id"]), form.schedule)
        return saved(kept.row, kept.upcoming)

    await answering.submission(ack, work(), me, Address(""), services, title="Schedule", slow=_SLOW)


async def run_now(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = RunNowClick.unpack(action), payloads.person(body)
    pressed_at = float(action.get("action_ts") or services.clock())
    doing = _told(services.schedules.run_now(me, click.schedule, pressed_at), me, body, services)
    await answering.do_first(ack, doing, body, services)


async def pause(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = PauseClick.unpack(action), payloads.person(body)
    doing = _told(services.schedules.pause(me, click.schedule), me, body, services)
    await answering.do_first(ack, doing, body, services)


async def resume(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = ResumeClick.unpack(action), payloads.person(body)
    doing = _told(services.schedules.resume(me, click.schedule), me, body, services)
    await answering.do_first(ack, doing, body, services)


async def delete(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = DeleteScheduleClick.unpack(action), payloads.person(body)
    doing = _told(services.schedules.delete(me, click.schedule), me, body, services)
    await answering.do_first(ack, doing, body, services)


async def turn_page(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = SchedulesPageClick.unpack(action), payloads.person(body)
    await answering.do_next(ack, _turn_page(me, click.page, body, services), body, services)


def _new_form(
    what: What, subject: str, body: Body, services: Services
) -> Coroutine[Any, Any, ScheduleForm]:
    channel = payloads.channel_id(body)
    here = channel if channel[:1] in ("C", "G") else ""
    return services.schedules.new_form(payloads.person(body), what, subject, here)


async def _open(making: Coroutine[Any, Any, ScheduleForm], body: Body, services: Services) -> None:
    form = await making
    view = forms.schedule_form(form, forms.runs_ahead(form, services.clock()))
    await services.forms.open_form(str(body.get("trigger_id")), view)


async def _redraw(view: Mapping[str, Any], services: Services) -> None:
    form = forms.read_schedule_form(view)
    drawn = forms.schedule_form(form, forms.runs_ahead(form, services.clock()))
    await services.forms.update_form(view["id"], drawn)


async def _told(
    doing: Coroutine[Any, Any, Message | None], me: Person, body: Body, services: Services
) -> None:
    """Do something with a schedule; tell how it went, and show the list anew if it was there."""
    address, message = payloads.address(body), await doing
    if message is None:
        return
    if address.replaces:
        fresh = await services.schedules.list_message(me, address.channel_id)
        await services.afterwards.say(me, address, fresh)
    beside = Address(address.channel_id, address.response_url)
    await services.afterwards.say(me, beside, message)


async def _turn_page(me: Person, page: int, body: Body, services: Services) -> None:
    message = await services.schedules.list_message(me, payloads.channel_id(body), page)
    await services.afterwards.say(me, payloads.address(body), message)
