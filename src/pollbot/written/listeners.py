"""What people write to pollbot: direct messages, and @pollbot in channels, as commands' words."""

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.response import BoltResponse

from pollbot.accounts.blocks import begin_with_it
from pollbot.commands import Commands
from pollbot.people import Address, Person
from pollbot.slack import payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.clicks import WordsClick
from pollbot.slack.kit import Message, is_direct

Body = dict[str, Any]

_BOT = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
# What Slack makes of addresses and channels that somebody writes; a command brings them as typed.
# Source: docs.slack.dev, "Formatting message text".
_LINK = re.compile(r"<(?:(https?://[^|>]+)|(?:mailto|tel):[^|>]+)(?:\|([^>]*))?>")
_CHANNEL = re.compile(r"<#[CG][A-Z0-9]+\|([^>]+)>")
_WRITTEN = (None, "thread_broadcast", "file_share")
"""Of what kind a message is that somebody wrote; the others tell of a change, or are an app's."""


class Written:
    """The words of commands, where no command can be typed: in threads, and to pollbot itself."""

    def __init__(self, commands: Commands, afterwards: Afterwards) -> None:
        self._commands = commands
        self._afterwards = afterwards

    def register(self, app: AsyncApp) -> None:
        """Listen for messages to pollbot, and for the button that opens a form for one."""
        app.event("app_mention")(self.mentioned)
        app.event("message")(self.written)
        app.action(WordsClick.pattern())(self.press)

    async def mentioned(self, ack: AsyncAck, body: Body) -> None:
        event = _event(body)
        # Of what is written to it directly Slack tells as of a message, and once is enough.
        if _is_somebodys(event) and not is_direct(payloads.channel_id(body)):
            command = _command(body, "@pollbot")
            words = _after_the_name(body, command["text"])
            if words is None:
                self._answer(body).tell(begin_with_it())
            else:
                await self._commands.written(self._answer(body), command | {"text": words})
        await ack()

    async def written(self, ack: AsyncAck, body: Body) -> None:
        event = _event(body)
        if event.get("channel_type") == "im" and _is_somebodys(event):
            command = _command(body, "")
            words = _after_the_name(body, command["text"])
            text = command["text"] if words is None else words
            await self._commands.written(self._answer(body), command | {"text": text})
        await ack()

    async def press(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click = WordsClick.unpack(action)
        command = {**body, "text": click.typed, "thread_ts": click.thread}
        await self._commands.pollbot(self._answer(command), command)
        await ack()

    def _answer(self, body: Body) -> "_Answer":
        return _Answer(self._afterwards, payloads.person(body), payloads.address(body))


class _Answer(AsyncAck):
    """Says in a message what a command is answered with: nothing else shows it here."""

    def __init__(self, afterwards: Afterwards, person: Person, address: Address) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Bolt has no types there
        self._afterwards = afterwards
        self._person = person
        self._address = address

    async def __call__(  # type: ignore[override]  # what listeners of commands answer with
        self, text: str = "", blocks: list[dict[str, Any]] | None = None, **_: Any
    ) -> BoltResponse:
        if text:
            self.tell(Message.made(text, blocks or []))
        return BoltResponse(status=200)

    def tell(self, message: Message) -> None:
        self._afterwards.tell(self._person, self._address, message)


def _command(body: Body, name: str) -> dict[str, Any]:
    """Return a message as the command of the same words.

    It has no trigger; what tells it from others is the message.
    """
    event, who = _event(body), payloads.acted(body)
    channel = payloads.channel_id(body)
    return {
        "command": name,
        "text": _as_typed(str(event.get("text") or "")),
        "team_id": who.team_id,
        "user_id": who.user_id,
        "channel_id": channel,
        "trigger_id": f"message {channel} {event.get('ts')}",
        "thread_ts": event.get("thread_ts"),
        "written": True,
    }


def _is_somebodys(event: Mapping[str, Any]) -> bool:
    """Return whether a person wrote it just now: no app, pollbot itself least of all, and no edit.

    Source: docs.slack.dev, the events message and app_mention; a message that was edited until it
    names the app is told of as one that names it.
    """
    return (
        bool(event.get("user"))
        and event.get("subtype") in _WRITTEN
        and not event.get("bot_id")
        and not event.get("edited")
        and not event.get("hidden")
    )


def _after_the_name(body: Body, text: str) -> str | None:
    """Return what follows the name of pollbot; None if the message does not begin with it."""
    named = _BOT.match(text.lstrip())
    authorized = body.get("authorizations") or [{}]
    me = authorized[0].get("user_id")
    if named is None or me not in (None, named[1]):
        return None
    return text.lstrip()[named.end() :].lstrip(" \t\n,:").strip("`")


def _as_typed(text: str) -> str:
    text = _CHANNEL.sub(lambda found: f"#{found[1]}", text)
    return _LINK.sub(lambda found: found[1] or found[2] or "", text).strip().strip("`")


def _event(body: Body) -> Mapping[str, Any]:
    event = body.get("event")
    return event if isinstance(event, Mapping) else {}
