"""/pollbot: connect and forget an account, link a channel, help."""

import json
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.blocks.accounts import CONNECT_FORM, EMAIL, TOKEN, help_text, macro_known
from pollbot.blocks.clicks import ConnectClick
from pollbot.domain.people import Address
from pollbot.errors import BadField
from pollbot.handlers import answering, payloads
from pollbot.handlers.setup import open_setup
from pollbot.services import Services
from pollbot.services.accounts import Connecting

Body = dict[str, Any]


def register(app: AsyncApp) -> None:
    """Listen for /pollbot, the Connect button, and the form behind both."""
    app.command("/pollbot")(pollbot)
    app.action(ConnectClick.action_id)(press_connect)
    app.view(CONNECT_FORM)(connect)


async def pollbot(ack: AsyncAck, command: Body, services: Services) -> None:
    word, _, rest = str(command.get("text") or "").strip().partition(" ")
    me, channel = payloads.person(command), payloads.channel_id(command)
    accounts = services.accounts
    match word.lower():
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
            page, _, macro_id = rest.strip().rpartition(" ")
            title = await services.setup.know_macro(me, page, macro_id)
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
            await ack(**payloads.in_words(help_text(word)))


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
    try:
        answer = await services.accounts.connect(form)
    except BadField as error:
        await ack(**payloads.at_field(error.field, error))
    else:
        await ack(response_action="update", view=answer)


def _memory(body: Body) -> str:
    # A form's payload names no channel, and the answer may come after the form was closed.
    return json.dumps({"channel": payloads.channel_id(body)})


def _channel(memory: str) -> str:
    try:
        return str(json.loads(memory)["channel"])
    except (ValueError, KeyError, TypeError):
        return ""
