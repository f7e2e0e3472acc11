"""/poll, and the clicks on a poll's card. An answer is on disk before Slack is told."""

from collections.abc import Coroutine
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.errors import NeedsZone, NotLookedUp, PollClosed
from pollbot.people import Address, Person
from pollbot.polls.blocks import end_understood, end_unknown
from pollbot.polls.forms.listeners import open_new
from pollbot.polls.forms.windows import more_card, told_view
from pollbot.polls.kept import Answered
from pollbot.polls.service import Posting
from pollbot.polls.typed import ListPolls, NewPoll, OpenForm, ShowResults, read_command
from pollbot.schedules.rules import Ask
from pollbot.services import Services
from pollbot.slack import answering, payloads
from pollbot.slack.clicks import (
    CHOOSE,
    AnswerClick,
    ChooseClick,
    DropPollClick,
    MyAnswerClick,
    PollsPageClick,
    PostPollClick,
    SetAnswerClick,
    ShowResultsClick,
)
from pollbot.slack.kit import Message
from pollbot.text.writing import unescaped

Body = dict[str, Any]


def register_options(app: AsyncApp) -> None:
    """Listen for the buttons of options on a poll's card."""
    app.action(AnswerClick.pattern())(press_option)


def register(app: AsyncApp) -> None:
    """Listen for /poll and for the other controls of its cards, receipts and lists."""
    app.action(CHOOSE)(choose_option)
    app.action(SetAnswerClick.pattern())(set_answer)
    app.action(MyAnswerClick.action_id)(my_answer)
    app.action(ShowResultsClick.pattern())(show_results)
    app.action(PostPollClick.pattern())(post_poll)
    app.action(PollsPageClick.pattern())(turn_page)
    app.action(DropPollClick.action_id)(drop_poll)
    app.command("/poll")(poll)


async def poll(ack: AsyncAck, command: Body, services: Services) -> None:
    text = str(command.get("text") or "")
    me, channel = payloads.person(command), payloads.channel_id(command)
    stamp = f"{command.get('trigger_id')} {text}"
    posting = Posting(channel, command.get("response_url"), stamp)
    try:
        asked = read_command(text, services.clock())
    except NeedsZone:
        making = _create_in_zone(me, command, posting, services)
        await answering.command(ack, making, me, payloads.address(command), services)
        return
    match asked:
        case OpenForm() as wanted:
            opening = open_new(me, channel, wanted, str(command.get("trigger_id")), services)
            await answering.do_next(ack, opening, command, services)
        case ListPolls(where) | ShowResults(where):
            listing = services.results.list_message(me, channel, where)
            await answering.command(ack, listing, me, payloads.address(command), services)
        case NewPoll() as new:
            making = _create(me, new, posting, None, services)
            await answering.command(ack, making, me, payloads.address(command), services)


async def press_option(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = AnswerClick.unpack(action), payloads.person(body)
    stamp = action.get("action_ts")
    choosing = services.answers.choose(me, click.poll, click.option, action_ts=stamp)
    await _answer(ack, me, click.poll, choosing, stamp, body, services)


async def choose_option(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = ChooseClick.unpack(action), payloads.person(body)
    stamp = action.get("action_ts")
    choosing = (
        services.answers.choose_exactly(me, click.poll, frozenset(click.options), action_ts=stamp)
        if click.several
        else services.answers.choose(me, click.poll, click.options[0], action_ts=stamp)
    )
    await _answer(ack, me, click.poll, choosing, stamp, body, services)


async def set_answer(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = SetAnswerClick.unpack(action), payloads.person(body)
    stamp = action.get("action_ts")
    choosing = services.answers.choose_exactly(
        me, click.poll, frozenset(click.options), action_ts=stamp
    )
    await _answer(ack, me, click.poll, choosing, stamp, body, services)


async def my_answer(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = MyAnswerClick.unpack(action), payloads.person(body)
    message = await services.answers.my_answer(me, click.poll)
    telling = services.afterwards.say(me, payloads.address(body), message)
    await answering.do_next(ack, telling, body, services)


async def show_results(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = ShowResultsClick.unpack(action), payloads.person(body)
    await answering.do_next(ack, _show_results(me, click, body, services), body, services)


async def post_poll(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = PostPollClick.unpack(action), payloads.person(body)
    channel = payloads.channel_id(body) or await services.polls.channel_of(
        me, more_card(body.get("view") or {})
    )
    posting = Posting(channel, body.get("response_url"), action.get("action_ts"))
    await services.polls.post(me, click.poll, posting)
    await ack()


async def drop_poll(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = DropPollClick.unpack(action), payloads.person(body)
    await answering.do_first(ack, _drop_poll(me, click, body, services), body, services)


async def turn_page(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = PollsPageClick.unpack(action), payloads.person(body)
    await answering.do_next(ack, _turn_page(me, click, body, services), body, services)


async def _drop_poll(me: Person, click: DropPollClick, body: Body, services: Services) -> None:
    message = await services.asked.drop(me, click.waiting)
    if isinstance(body.get("view"), dict):
        await services.forms.update_form(body["view"]["id"], told_view(message))
    else:
        await services.afterwards.say(me, payloads.address(body), message)


async def _turn_page(me: Person, click: PollsPageClick, body: Body, services: Services) -> None:
    channel = payloads.channel_id(body)
    message = await services.results.list_page(me, channel, click.kind, click.subject, click.page)
    await services.afterwards.say(me, payloads.address(body), message)


async def _show_results(
    me: Person, click: ShowResultsClick, body: Body, services: Services
) -> None:
    view = body.get("view")
    if isinstance(view, dict):
        _, window = await services.results.window(me, click.poll, click.page or 0)
        await services.forms.update_form(view["id"], window)
        return
    message, plain = await services.results.shown(me, click.poll, click.view)
    await services.afterwards.say(me, payloads.address(body), message, plain)


async def _create_in_zone(
    me: Person, command: Body, posting: Posting, services: Services
) -> Message | None:
    """Make a poll, or open its form, whose end is a time of the day where its person lives."""
    text = str(command.get("text") or "")
    try:
        zone = await services.people.zone(me)
    except NotLookedUp as error:
        typed = f"{command.get('command')} {unescaped(text)}"
        return end_unknown(error.said, typed, passing=error.passing)
    match read_command(text, services.clock(), zone):
        case NewPoll() as new:
            return await _create(me, new, posting, zone, services)
        case OpenForm() as wanted:
            trigger = str(command.get("trigger_id"))
            await open_new(me, posting.channel_id, wanted, trigger, services)
    return None


async def _create(
    me: Person, new: NewPoll, posting: Posting, zone: str | None, services: Services
) -> Message | None:
    about = await services.polls.guessed(me, posting.channel_id, new.where)
    ask = Ask(new.draft, about.kind, about.subject, new.local)
    said = await services.asked.ask(me, ask, posting)
    if said is None and new.end_understood:
        return end_understood(new.draft, zone)
    return said


async def _answer(
    ack: AsyncAck,
    me: Person,
    poll_id: str,
    choosing: Coroutine[Any, Any, Answered],
    stamp: str | None,
    body: Body,
    services: Services,
) -> None:
    """Answer Slack once the choice is on disk, and then tell the person what it is now."""
    address = payloads.address(body)
    try:
        answered = await choosing
    except PollClosed:
        services.afterwards.do(me, address, _too_late(me, poll_id, address, services))
    else:
        services.receipts.tell(me, address, answered, stamp)
    await ack()


async def _too_late(me: Person, poll_id: str, address: Address, services: Services) -> None:
    message = await services.answers.too_late(me, poll_id)
    await services.afterwards.say(me, address, message)
