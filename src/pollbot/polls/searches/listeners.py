"""Polls are looked for: by words after a command, and in a window that is redrawn in place."""

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.people import Person
from pollbot.polls.rules import Kind
from pollbot.polls.searches import blocks
from pollbot.polls.searches.rules import Found, Search
from pollbot.polls.searches.service import Searches
from pollbot.polls.sources.source import PLAIN
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.clicks import FoundPageClick, SearchClick, TurnFoundClick
from pollbot.slack.client import Slack
from pollbot.slack.kit import Message

Body = dict[str, Any]


class SearchListeners:
    """Who looks for polls."""

    def __init__(self, searches: Searches, slack: Slack, afterwards: Afterwards) -> None:
        self._searches = searches
        self._slack = slack
        self._afterwards = afterwards

    def register(self, app: AsyncApp) -> None:
        """Listen for the controls of what was found, and of the window."""
        app.action(SearchClick.pattern())(self.open_search)
        app.action(FoundPageClick.pattern())(self.turn_found)
        app.action(TurnFoundClick.pattern())(self.turn_in_window)
        app.action(blocks.SEARCHED)(self.search)
        app.view(blocks.SEARCH_VIEW)(self.find)

    async def open_search(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = SearchClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._open(me, click, body), body, self._afterwards)

    async def turn_found(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = FoundPageClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._turn(me, click, body), body, self._afterwards)

    async def search(self, ack: AsyncAck, body: Body) -> None:
        me = payloads.person(body)
        await answering.do_next(ack, self._search(me, body, 0), body, self._afterwards)

    async def find(self, ack: AsyncAck, body: Body, view: Body) -> None:
        me = payloads.person(body)
        task = asyncio.create_task(self._find(me, *blocks.read_search(view), 0))
        done, _ = await asyncio.wait({task}, timeout=answering.PATIENCE)
        if done:
            await ack(response_action="update", view=blocks.search_view(task.result()))
            return
        self._afterwards.do(me, payloads.address(body), self._show(task, body))
        await ack(response_action="update", view=blocks.looking())

    async def turn_in_window(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = TurnFoundClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._search(me, body, click.page), body, self._afterwards)

    async def listed(
        self, me: Person, channel_id: str, where: str | None, search: Search
    ) -> Message:
        """Return what words after a command find, as a message."""
        about = await self._searches.named(me, channel_id, where) if where else PLAIN
        found = await self._searches.find(me, search, about, 0, channel_id)
        return blocks.found_message(found)

    async def _open(self, me: Person, click: SearchClick, body: Body) -> None:
        found = await self._find(me, _of(click), (click.kind, click.subject, click.site or ""), 0)
        await answering.show(self._slack, body, blocks.search_view(found))

    async def _turn(self, me: Person, click: FoundPageClick, body: Body) -> None:
        on, here = (click.kind, click.subject, click.site or ""), payloads.channel_id(body)
        found = await self._find(me, _of(click), on, click.page, here)
        await self._afterwards.say(me, payloads.address(body), blocks.found_message(found))

    async def _search(self, me: Person, body: Body, page: int) -> None:
        search, on = blocks.read_search(payloads.form(body))
        found = await self._find(me, search, on, page)
        await answering.show(self._slack, body, blocks.search_view(found))

    async def _show(self, task: "asyncio.Task[Found]", body: Body) -> None:
        await answering.show(self._slack, body, blocks.search_view(await task))

    async def _find(
        self, me: Person, search: Search, on: tuple[Kind, str, str], page: int, here: str = ""
    ) -> Found:
        about = await self._searches.on(me, *on) if on[1] else PLAIN
        return await self._searches.find(me, search, about, page, here)


def _of(click: SearchClick) -> Search:
    return Search(click.text, click.state, click.days, click.mine, click.channel)
