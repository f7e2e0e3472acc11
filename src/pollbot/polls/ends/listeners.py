"""A closed poll: opened again, posted anew, its result written on the issue."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.errors import BadInput, CannotReopen
from pollbot.people import Address, Person
from pollbot.polls.forms import windows
from pollbot.polls.forms.listeners import show
from pollbot.polls.forms.windows import more_card
from pollbot.polls.service import Posting
from pollbot.services import Services
from pollbot.slack import answering, payloads
from pollbot.slack.clicks import CopyClick, RecordClick, ReopenClick
from pollbot.slack.kit import Message, words

Body = dict[str, Any]

_SLOW = (
    ":hourglass_flowing_sand: This takes longer than usual. You may close this window; I will tell "
    "you how it went."
)


def register(app: AsyncApp) -> None:
    """Listen for what a closed poll still offers."""
    app.action(ReopenClick.pattern())(open_reopen)
    app.view(windows.REOPEN_FORM)(reopen)
    app.action(CopyClick.pattern())(copy)
    app.action(RecordClick.pattern())(record)


async def open_reopen(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = ReopenClick.unpack(action), payloads.person(body)
    await answering.do_next(ack, _open_reopen(me, click, body, services), body, services)


async def reopen(ack: AsyncAck, body: Body, view: Body, services: Services) -> None:
    me = payloads.person(body)
    poll_id, ends_at = windows.read_reopen(view)

    async def work() -> Message:
        kept = await services.polls.reopen(me, poll_id, ends_at)
        return words(windows.reopened(kept.poll))

    await answering.submission(
        ack,
        work(),
        me,
        Address(""),
        services,
        title="Poll",
        slow=_SLOW,
    )


async def copy(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = CopyClick.unpack(action), payloads.person(body)
    stamp = str((body.get("view") or {}).get("id") or action.get("action_ts"))
    await answering.do_first(ack, _copy(me, click, stamp, body, services), body, services)


async def record(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = RecordClick.unpack(action), payloads.person(body)
    await answering.do_first(ack, _record(me, click, body, services), body, services)


async def _open_reopen(me: Person, click: ReopenClick, body: Body, services: Services) -> None:
    try:
        kept = await services.polls.to_reopen(me, click.poll)
    except CannotReopen as error:
        kept = await services.polls.find(me, click.poll)
        again = windows.copy_button(kept.poll, more_card(body.get("view") or {}))
        await show(body, windows.told_view(str(error), again), services)
    else:
        now = services.clock()
        already = windows.told_view(windows.reopened(kept.poll))
        form = already if kept.poll.is_open(now) else windows.reopen_form(kept.poll, now)
        await show(body, form, services)


async def _copy(me: Person, click: CopyClick, stamp: str, body: Body, services: Services) -> None:
    """Post the copy; ``stamp`` makes two presses in one window one copy."""
    channel = payloads.channel_id(body) or await services.polls.channel_of(me, click.card or "")
    if not channel:
        raise BadInput(
            "I do not know where that poll's card hangs, so no copy was made. Open *More* on "
            "a card of it in the channel where the copy shall go."
        )
    ask = await services.polls.to_copy(me, click.poll)
    kept = await services.asked.ask(me, ask, Posting(channel, stamp=stamp))
    if body.get("view"):
        told = windows.told_view(kept or windows.copied(ask.draft.title, channel))
        await show(body, told, services)
    elif kept is not None:
        await services.afterwards.say(me, payloads.address(body), kept)


async def _record(me: Person, click: RecordClick, body: Body, services: Services) -> None:
    message = await services.records.want(me, click.poll)
    if body.get("view"):
        await show(body, windows.told_view(message), services)
    else:
        await services.afterwards.say(me, payloads.address(body), message)
