"""The Connect button, and the form that connects an account."""

import json
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.accounts.blocks import CONNECT_FORM, EMAIL, TOKEN
from pollbot.accounts.service import Accounts, Connecting
from pollbot.people import Address
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.clicks import ConnectClick

Body = dict[str, Any]


class AccountListeners:
    """The form that connects an account."""

    def __init__(self, accounts: Accounts, afterwards: Afterwards) -> None:
        self._accounts = accounts
        self._afterwards = afterwards

    def register(self, app: AsyncApp) -> None:
        """Listen for the Connect button, and the form behind it."""
        app.action(ConnectClick.action_id)(self.press_connect)
        app.view(CONNECT_FORM)(self.connect)

    async def press_connect(self, ack: AsyncAck, action: Body, body: Body) -> None:
        ConnectClick.unpack(action)
        me, trigger = payloads.person(body), str(body.get("trigger_id"))
        view = body.get("view")
        if isinstance(view, dict):
            opening = self._accounts.show_form(me, str(view.get("id")), memory(body))
        else:
            opening = self._accounts.open_form(me, trigger, memory(body))
        await answering.do_next(ack, opening, body, self._afterwards)

    async def connect(self, ack: AsyncAck, body: Body, view: Body) -> None:
        memory = str(view.get("private_metadata") or "")
        form = Connecting(
            person=payloads.person(body),
            email=payloads.field(view, EMAIL),
            token=payloads.field(view, TOKEN),
            view_id=str(view.get("id", "")),
            memory=memory,
            address=Address(_channel(memory)),
        )
        await ack(response_action="update", view=await self._accounts.connect(form))


def memory(body: Body) -> str:
    """Return what the form remembers of where it was asked for."""
    # A form's payload names no channel, and the answer may come after the form was closed.
    return json.dumps({"channel": payloads.channel_id(body)})


def _channel(memory: str) -> str:
    try:
        return str(json.loads(memory)["channel"])
    except (ValueError, KeyError, TypeError):
        return ""
