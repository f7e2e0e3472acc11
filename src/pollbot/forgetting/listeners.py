"""/pollbot forget me, and the button below what is kept."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.forgetting.blocks import ForgetClick, forgotten, what_is_kept
from pollbot.forgetting.service import Forgetting
from pollbot.people import Person
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards

Body = dict[str, Any]


class ForgetListeners:
    """What is kept of somebody, and that it is forgotten."""

    def __init__(self, forgetting: Forgetting, afterwards: Afterwards) -> None:
        self._forgetting = forgetting
        self._afterwards = afterwards

    def register(self, app: AsyncApp) -> None:
        """Listen for the button; the command is one of /pollbot's words."""
        app.action(ForgetClick.action_id)(self.forget)

    async def show(self, ack: AsyncAck, command: Body) -> None:
        me = payloads.person(command)
        person = await self._forgetting.meant(me, str(command.get("text") or ""))
        held = await self._forgetting.held(me, person)
        await ack(**payloads.in_words(what_is_kept(held, _other(me, person))))

    async def forget(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = ForgetClick.unpack(action), payloads.person(body)
        await answering.do_first(ack, self._forget(me, click, body), body, self._afterwards)

    async def _forget(self, me: Person, click: ForgetClick, body: Body) -> None:
        person = Person(me.team_id, click.user or me.user_id)
        held = await self._forgetting.forget(me, person)
        told = forgotten(held, _other(me, person))
        await self._afterwards.say(me, payloads.address(body), told)


def _other(me: Person, person: Person) -> str:
    return "" if person == me else person.user_id
