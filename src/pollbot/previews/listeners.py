"""Links in messages, as Slack tells of them; and /pollbot previews."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.jira.rules import Wish
from pollbot.people import Address, Person
from pollbot.previews.blocks import previews, work_objects
from pollbot.previews.panes import Clicked, Panes
from pollbot.previews.service import Links, Previews
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.clicks import (
    PaneVoteClick,
    PaneWithdrawClick,
    PreviewsClick,
    WorkObjectsClick,
)

Body = dict[str, Any]

_BEING_WRITTEN = "COMPOSER"
"""What Slack says in place of a channel while a message is being written."""
_NEEDED = ("links:read", "links:write")


class PreviewListeners:
    """Previews of links to issues."""

    def __init__(
        self,
        previews: Previews,
        panes: Panes,
        afterwards: Afterwards,
        lacks: Callable[[str, Iterable[str]], list[str]],
    ) -> None:
        """``lacks`` returns without which of some scopes the app was installed in a workspace."""
        self._previews = previews
        self._lacks = lacks
        self._panes = panes
        self._afterwards = afterwards

    def register(self, app: AsyncApp) -> None:
        """Listen for shared links, panes beside them and the buttons of /pollbot previews."""
        app.event("link_shared")(self.link_shared)
        app.event("entity_details_requested")(self.open_pane)
        app.action(PaneVoteClick.action_id)(self.vote_in_pane)
        app.action(PaneWithdrawClick.action_id)(self.withdraw_in_pane)
        app.action(PreviewsClick.pattern())(self.choose)
        app.action(WorkObjectsClick.action_id)(self.switch)

    async def link_shared(self, ack: AsyncAck, body: Body) -> None:
        links = _links(payloads.person(body), body)
        if links is not None:
            await self._previews.shared(links)
        await ack()

    async def show(self, ack: AsyncAck, command: Body) -> None:
        me = payloads.person(command)
        shown = await self._previews.shown(me, payloads.channel_id(command))
        objects = await self._previews.work_objects(me)
        await ack(**payloads.in_words(previews(shown, objects, self._lacks(me.team_id, _NEEDED))))

    async def open_pane(self, ack: AsyncAck, body: Body) -> None:
        asked = _asked(body)
        showing = self._show(payloads.person(body), asked.url, asked.trigger_id)
        await answering.do_next(ack, showing, body, self._afterwards)

    async def vote_in_pane(self, ack: AsyncAck, action: Body, body: Body) -> None:
        await self._press(PaneVoteClick.unpack(action), Wish.VOTE, action, body)
        await ack()

    async def withdraw_in_pane(self, ack: AsyncAck, action: Body, body: Body) -> None:
        await self._press(PaneWithdrawClick.unpack(action), Wish.WITHDRAW, action, body)
        await ack()

    async def switch(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = WorkObjectsClick.unpack(action), payloads.person(body)
        switching = self._switch(me, payloads.address(body), on=click.on)
        await answering.do_first(ack, switching, body, self._afterwards)

    async def choose(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = PreviewsClick.unpack(action), payloads.person(body)
        choosing = self._choose(me, payloads.address(body), click)
        await answering.do_first(ack, choosing, body, self._afterwards)

    async def _choose(self, me: Person, address: Address, click: PreviewsClick) -> None:
        await self._previews.choose(me, address.channel_id, click.shown)
        objects = await self._previews.work_objects(me)
        drawn = previews(click.shown, objects, self._lacks(me.team_id, _NEEDED))
        await self._afterwards.say(me, address, drawn)

    async def _switch(self, me: Person, address: Address, *, on: bool) -> None:
        objects = await self._previews.switch(me, on)
        await self._afterwards.say(me, address, work_objects(objects))

    async def _show(self, me: Person, url: str, trigger_id: str) -> None:
        await self._panes.show(me, self._panes.named(url), trigger_id)

    async def _press(
        self, click: PaneVoteClick | PaneWithdrawClick, wish: Wish, action: Body, body: Body
    ) -> None:
        clicked = Clicked(action.get("action_ts"), str(body.get("trigger_id")))
        pane = await self._panes.press(
            payloads.person(body),
            self._panes.meant(click.site, click.issue),
            wish,
            payloads.address(body),
            clicked,
        )
        self._afterwards.spawn(self._panes.follow(pane))


@dataclass(frozen=True, slots=True)
class _Asked:
    """The address of what somebody opened, and what draws its pane; empty if they are not told."""

    url: str
    trigger_id: str


def _asked(body: Body) -> _Asked:
    event = body.get("event")
    event = event if isinstance(event, Mapping) else {}
    ref = event.get("external_ref")
    named = ref.get("id") if isinstance(ref, Mapping) else None
    # What we sent comes back as external_ref; the address beside it is the same.
    return _Asked(str(named or event.get("entity_url") or ""), str(event.get("trigger_id") or ""))


def _links(person: Person, body: Body) -> Links | None:
    """Return the links of a message; None while it is being written: Slack tells of it again."""
    event = body.get("event")
    event = event if isinstance(event, Mapping) else {}
    channel, ts, found = event.get("channel"), event.get("message_ts"), event.get("links")
    written = channel != _BEING_WRITTEN and event.get("source") != "composer"
    if not written or not isinstance(channel, str) or not isinstance(ts, str):
        return None
    links = found if isinstance(found, list) else []
    urls = [one.get("url") for one in links if isinstance(one, Mapping)]
    told_at = body.get("event_time")
    return Links(
        person,
        channel,
        ts,
        [url for url in urls if isinstance(url, str)],
        float(told_at) if isinstance(told_at, int | float) else 0.0,
    )
