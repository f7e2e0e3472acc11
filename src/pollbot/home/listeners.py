"""App Home: it is opened, paged, and shown anew after what was done there."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.accounts.blocks import CONNECT_FORM
from pollbot.home.blocks import INVITE_FORM, INVITED, invite_form, invited
from pollbot.home.invites import Invites
from pollbot.home.tab import Home
from pollbot.polls.forms.blocks import CREATE_FORM
from pollbot.polls.forms.state import EDIT_FORM
from pollbot.polls.forms.windows import REOPEN_FORM
from pollbot.schedules.form import SCHEDULE_FORM
from pollbot.setup.blocks import SETUP_FORM
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.clicks import CloseClick, DeleteClick, HomePageClick, InviteClick
from pollbot.slack.client import Slack
from pollbot.votes.form import VOTE_FORM

Body = dict[str, Any]

_FORMS = {
    *(CONNECT_FORM, CREATE_FORM, EDIT_FORM, REOPEN_FORM),
    *(SCHEDULE_FORM, SETUP_FORM, VOTE_FORM),
}
"""Forms that change what their sender's Home shows. None of them is an answer: to show it anew
names its reader to Slack, and of who answers an anonymous poll nothing is said that way."""
_IN_WINDOWS = {CloseClick.action_id, DeleteClick.action_id}


class HomeListeners:
    """What is done on Home, beside what its parts do themselves."""

    def __init__(self, home: Home, invites: Invites, slack: Slack, afterwards: Afterwards) -> None:
        self._home = home
        self._invites = invites
        self._slack = slack
        self._afterwards = afterwards

    def register(self, app: AsyncApp) -> None:
        """Listen for who opens Home, turns its pages, and invites a teammate."""
        app.event("app_home_opened")(self.opened)
        app.action(HomePageClick.pattern())(self.turn_page)
        app.action(InviteClick.action_id)(self.open_invite)
        app.view(INVITE_FORM)(self.invite)

    async def opened(self, ack: AsyncAck, body: Body) -> None:
        event = body.get("event")
        if isinstance(event, Mapping) and event.get("tab") == "home":
            self._afterwards.spawn(self._home.open(payloads.person(body)))
        await ack()

    async def turn_page(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click = HomePageClick.unpack(action)
        self._afterwards.spawn(self._home.open(payloads.person(body), click))
        await ack()

    async def open_invite(self, ack: AsyncAck, action: Body, body: Body) -> None:
        InviteClick.unpack(action)
        opening = self._open_invite(body)
        await answering.do_next(ack, opening, body, self._afterwards)

    async def invite(self, ack: AsyncAck, body: Body, view: Body) -> None:
        me, chosen = payloads.person(body), payloads.people_chosen(view, INVITED)
        sent, left_out = await self._invites.invite(me, chosen)
        await ack(response_action="update", view=invited(sent, left_out))

    async def _open_invite(self, body: Body) -> None:
        await answering.show(self._slack, body, invite_form())

    def then(self, body: Mapping[str, Any]) -> None:
        """Show Home anew to who has just pressed something there, or sent a form from it."""
        if not self._changes(body):
            return
        looks = payloads.on_home(body) is not None
        self._afterwards.spawn(self._home.redraw(payloads.person(body), looks=looks))

    def _changes(self, body: Mapping[str, Any]) -> bool:
        view, actions = body.get("view"), body.get("actions")
        if not isinstance(view, Mapping):
            return False
        who = payloads.acted(body)
        if not who.user_id or not who.team_id:
            return False
        if payloads.on_home(body) is not None:
            return body.get("type") == "block_actions"
        if body.get("type") == "view_submission":
            return view.get("callback_id") in _FORMS
        pressed = actions if isinstance(actions, list) else []
        return any(one.get("action_id") in _IN_WINDOWS for one in pressed)
