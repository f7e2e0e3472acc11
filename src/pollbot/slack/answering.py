"""How Slack is answered: it waits 3 s, and what takes longer goes on by itself."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck

from pollbot.errors import InstallBroken, NobodyAsked, PollbotError, SlackError, SlackUnavailable
from pollbot.people import Address, Person
from pollbot.slack import payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.client import Shown, Slack
from pollbot.slack.kit import Block, Message, words
from pollbot.slack.windows import filled_in, told_view
from pollbot.store.deliveries import DELIVERY

log = logging.getLogger(__name__)

Body = dict[str, Any]
Work = Coroutine[Any, Any, Message | None]
"""Returns what its person is to be told, if anything."""

PATIENCE = 2.0
"""Seconds for which an answer may wait for Jira or a source of polls."""


async def do_next(
    ack: AsyncAck, work: Coroutine[Any, Any, None], body: Body, afterwards: Afterwards
) -> None:
    """Answer now and do the work; if that fails, its person is told why."""
    _begun(work, body, afterwards)
    await ack()


async def do_first(
    ack: AsyncAck, work: Coroutine[Any, Any, None], body: Body, afterwards: Afterwards
) -> None:
    """Answer once the work is done, or goes on for too long; if it fails, its person is told."""
    await _in_time(_begun(work, body, afterwards))
    await ack()


def _begun(
    work: Coroutine[Any, Any, None], body: Body, afterwards: Afterwards
) -> "asyncio.Task[None]":
    """Begin the work of whoever asked for it. Raises NobodyAsked; then nothing of it is done."""
    try:
        me = payloads.person(body)
    except NobodyAsked:
        work.close()
        raise
    return afterwards.do(me, payloads.address(body), work)


async def command(
    ack: AsyncAck,
    work: Work,
    me: Person,
    address: Address,
    afterwards: Afterwards,
    not_yet: Callable[[], Message] | None = None,
) -> None:
    """Answer a command with what ``work`` returns; if that takes long, tell it afterwards.

    ``not_yet`` is what is answered meanwhile, while nothing of it is on disk.
    """
    task = asyncio.create_task(work)
    if not await _in_time(task):
        afterwards.do(me, address, _told(task, me, address, afterwards))
        delivery = DELIVERY.get()
        is_kept = delivery is not None and delivery.acted
        await ack(**{} if is_kept or not_yet is None else payloads.in_words(not_yet()))
        return
    message = task.result()
    await ack(**payloads.in_words(message) if message is not None else {})


@dataclass(frozen=True, slots=True)
class Told:
    """What a form turns into: its title, and what it says if its work takes ``slow``."""

    title: str
    slow: str


async def submission(
    ack: AsyncAck,
    work: Work,
    body: Body,
    address: Address,
    afterwards: Afterwards,
    told: Told,
) -> None:
    """Close the form once ``work`` is done, or show in it what that returned.

    What ``work`` raises in time is raised, so that the form stays open. If it takes longer than
    Slack waits, the form says so, and the person is told how it went; if it fails then, the form
    comes back with all that was typed, as long as the window is open.
    """
    me = payloads.person(body)
    task = asyncio.create_task(work)
    if not await _in_time(task):
        then = _told_or_back(task, body, address, afterwards)
        afterwards.do(me, address, then)
        await ack(response_action="update", view=told_view(told.slow, title=told.title))
        return
    message = task.result()
    if message is None:
        await ack()
    else:
        await ack(response_action="update", view=told_view(message, title=told.title))


async def _in_time(task: "asyncio.Task[Any]") -> bool:
    """Wait as long as an answer may; return whether the work is done by then.

    What the disk has in hand is waited for beyond that: an answer says that it is kept. Slack shows
    an error of its own after 3 s, and what is kept then counts all the same.
    """
    await asyncio.wait({task}, timeout=PATIENCE)
    delivery = DELIVERY.get()
    while delivery is not None and delivery.writing and not delivery.acted and not task.done():
        await asyncio.wait({task, *delivery.writing}, return_when=asyncio.FIRST_COMPLETED)
    return task.done()


async def _told(
    task: "asyncio.Task[Message | None]", me: Person, address: Address, afterwards: Afterwards
) -> None:
    message = await task
    if message is not None:
        await afterwards.say(me, address, message)


async def _told_or_back(
    task: "asyncio.Task[Message | None]",
    body: Body,
    address: Address,
    afterwards: Afterwards,
) -> None:
    me = payloads.person(body)
    try:
        await _told(task, me, address, afterwards)
    except PollbotError as error:
        form = filled_in(body["view"], afterwards.explained(error))
        if not await afterwards.change_form(me, body["view"]["id"], form):
            raise


async def show(slack: Slack, body: Body, view: dict[str, Any]) -> Shown | None:
    """Show a view in place of the window that was pressed in, or in a new one; return it."""
    workspace = slack.of(payloads.acted(body).team_id)
    if payloads.in_window(body):
        return await workspace.update_form(body["view"]["id"], view)
    return await workspace.open_form(str(body.get("trigger_id")), view)


async def show_done(
    slack: Slack,
    body: Body,
    view: dict[str, Any],
    said: str | Message,
    afterwards: Afterwards,
) -> None:
    """Show in a view how it went; where Slack shows none, or it is closed by now, say it.

    It is done already: that Slack does not show it is no reason to tell anybody to try again.
    """
    await done(show(slack, body, view), said, body, afterwards)


async def done(
    showing: Awaitable[Shown | None], said: str | Message, body: Body, afterwards: Afterwards
) -> None:
    """Let a view be shown that tells how it went; where that is not to be, say it."""
    try:
        shown = await showing
    except (SlackError, SlackUnavailable, InstallBroken) as error:
        log.info("what was done is said in words, as no window shows it: %s", error)
        shown = None
    if shown is None:
        await _say(said, body, afterwards)


async def tell_done(
    slack: Slack,
    body: Body,
    said: str | Message,
    afterwards: Afterwards,
    *controls: Block,
    title: str = "",
) -> None:
    """Tell how it went where that was asked for: in the window, or beside the message."""
    if body.get("view"):
        view = told_view(said, *controls, title=title)
        await show_done(slack, body, view, said, afterwards)
    else:
        await _say(said, body, afterwards)


async def _say(said: str | Message, body: Body, afterwards: Afterwards) -> None:
    message = words(said) if isinstance(said, str) else said
    await afterwards.say(payloads.person(body), payloads.address(body), message)
