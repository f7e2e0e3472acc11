"""/pollbot: connect and forget an account, link a channel, help; the other commands by it."""

import json
import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.accounts.blocks import CONNECT_FORM, EMAIL, TOKEN, help_text, macro_known
from pollbot.accounts.service import Connecting
from pollbot.people import Address
from pollbot.polls import listeners as polls
from pollbot.services import Services
from pollbot.setup.listeners import open_setup
from pollbot.slack import answering, payloads
from pollbot.slack.clicks import ConnectClick
from pollbot.text.words import asks_for_help, first_word, nearest
from pollbot.votes import listeners as votes

Body = dict[str, Any]

_ANY = re.compile(".*", re.DOTALL)
_COMMANDS = {
    "vote": votes.vote,
    "unvote": votes.unvote,
    "votes": votes.show_votes,
    "poll": polls.poll,
}
"""What /pollbot does as well, where another app owns the name of the command."""

_WORDS = ("connect", "disconnect", "setup", "schedules", "macro", "link", "unlink", "help")


def register_help(app: AsyncApp) -> None:
    """Listen for "help" after any command. Comes before whoever listens for that command."""
    app.command(_ANY, matchers=[_is_help])(show_help)


def register(app: AsyncApp) -> None:
    """Listen for /pollbot, the Connect button, and the form behind both."""
    app.command("/pollbot")(pollbot)
    app.action(ConnectClick.action_id)(press_connect)
    app.view(CONNECT_FORM)(connect)


async def pollbot(ack: AsyncAck, command: Body, services: Services) -> None:
    typed = str(command.get("text") or "")
    word, rest = first_word(typed)
    me, channel = payloads.person(command), payloads.channel_id(command)
    accounts = services.accounts
    if asks_for_help(rest):
        word = "help"
    match word:
        case _ if word in _COMMANDS:
            meant = command | {"command": f"/pollbot {word}", "text": rest}
            await _COMMANDS[word](ack, meant, services)
        case "connect":
            opening = accounts.open_form(me, str(command.get("trigger_id")), _memory(command))
            await answering.do_next(ack, opening, command, services)
        case "setup":
            opening = open_setup(me, str(command.get("trigger_id")), services)
            await answering.do_next(ack, opening, command, services)
        case "schedules":
            listing = services.schedules.list_message(me, channel)
            await answering.command(ack, listing, me, payloads.address(command), services)
        case "macro":
            *page, macro_id = rest.split() or [""]
            title = await services.setup.know_macro(me, " ".join(page), macro_id)
            await ack(**payloads.in_words(macro_known(title)))
        case "disconnect":
            await ack(**payloads.in_words(await accounts.disconnect(me)))
        case "link":
            await ack(**payloads.in_words(await accounts.link(me, channel, rest)))
        case "unlink":
            await ack(**payloads.in_words(await accounts.unlink(me, channel)))
        case "" | "help":
            await ack(**payloads.in_words(help_text()))
        case _:
            meant_word = nearest(word, (*_COMMANDS, *_WORDS))
            await ack(**payloads.in_words(help_text(typed.split()[0], meant_word)))


async def show_help(ack: AsyncAck) -> None:
    await ack(**payloads.in_words(help_text()))


async def press_connect(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    ConnectClick.unpack(action)
    me, trigger = payloads.person(body), str(body.get("trigger_id"))
    view = body.get("view")
    if isinstance(view, dict):
        opening = services.accounts.show_form(me, str(view.get("id")), _memory(body))
    else:
        opening = services.accounts.open_form(me, trigger, _memory(body))
    await answering.do_next(ack, opening, body, services)


async def connect(ack: AsyncAck, body: Body, view: Body, services: Services) -> None:
    memory = str(view.get("private_metadata") or "")
    form = Connecting(
        person=payloads.person(body),
        email=payloads.field(view, EMAIL),
        token=payloads.field(view, TOKEN),
        view_id=str(view.get("id", "")),
        memory=memory,
        address=Address(_channel(memory)),
    )
    await ack(response_action="update", view=await services.accounts.connect(form))


async def _is_help(command: Body) -> bool:
    return asks_for_help(str(command.get("text") or ""))


def _memory(body: Body) -> str:
    # A form's payload names no channel, and the answer may come after the form was closed.
    return json.dumps({"channel": payloads.channel_id(body)})


def _channel(memory: str) -> str:
    try:
        return str(json.loads(memory)["channel"])
    except (ValueError, KeyError, TypeError):
        return ""
