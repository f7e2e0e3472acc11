"""Polls that have nothing to do with Jira, and their schedules, in the pretended world.

Its routes are beside the stand-ins' own: ``POST /bench/plain``, ``POST /bench/strict``, ``POST
/bench/beside``, ``POST /bench/calm``, ``POST /bench/presses`` and ``GET /bench/posts``.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from pollbot.sandbox.jira import JiraStandIn
from pollbot.sandbox.slack import Answer, Message, SlackStandIn
from pollbot.sandbox.slack.limits import PostLimits

OWNERS = tuple(f"U0OWNER{number:02}" for number in range(50))
EACH = 20
"""Schedules of each owner, where many are due at once."""
ISSUES = tuple(f"PLAT-{number}" for number in range(201, 217))
CHANNELS = tuple(f"C0MANY{number:04}" for number in range(len(OWNERS) * EACH))
ASIDE = tuple(f"C0ASIDE{number:02}" for number in range(len(ISSUES)))
_DRIPPING = ("GET issue", "GET votes", "POST votes", "GET myself", "POST search", "GET search")
# What these people make is apart from what waits for Jira: both ask for the same names of people.
PRESSED = range(16, 28)
POSTED = range(28, 44)
_HANGING = 12
_BETWEEN = 0.4
_LONGEST = 30.0


def home_of(number: int) -> str:
    """Return the channel of the poll that so many owners made before."""
    return f"C0PLAIN{number:02}"


class PlainPolls:
    """50 people, each with a poll in a channel of its own, and a schedule of it."""

    def __init__(
        self,
        slack: SlackStandIn,
        jira: JiraStandIn,
        connect: Callable[[str], Awaitable[None]],
        fine: Callable[[Answer], None],
    ) -> None:
        self._slack = slack
        self._jira = jira
        self._connect = connect
        self._fine = fine
        self._aside: set[asyncio.Task[Any]] = set()
        for number, user in enumerate(OWNERS):
            slack.add_person(user, user.removeprefix("U0"))
            jira.add_person(
                f"712020:{user}", f"{user} of Jira", f"{user}@example.com", token=f"{user}-token"
            )
            slack.add_channel(home_of(number), f"plain-{number}")
        for channel in (*ASIDE, *CHANNELS):
            slack.add_channel(channel, channel.lower())
        for key in ISSUES:
            jira.add_issue(key, f"What {key} is about, in a sentence of usual length")
        slack.app.router.add_post("/bench/plain", self._make)
        slack.app.router.add_post("/bench/strict", self._be_strict)
        slack.app.router.add_post("/bench/beside", self._beside)
        slack.app.router.add_post("/bench/calm", self._calm)
        slack.app.router.add_post("/bench/presses", self._presses)
        slack.app.router.add_get("/bench/posts", self._posts)

    async def _make(self, request: web.Request) -> web.Response:
        """Let each owner make a poll and schedule it, and some of them schedule an issue's votes.

        Those connect their Jira accounts before.
        """
        self._slack.events_url = (await request.json())["events_url"]
        for number, user in enumerate(OWNERS):
            channel = home_of(number)
            asked = f'"Lunch {number}?" "Pizza" "Soup"'
            self._fine(await self._slack.command(user, channel, "/poll", asked))
            await self._schedule(user, await self._card(channel))
        for user, channel, key in zip(OWNERS, ASIDE, ISSUES, strict=False):
            await self._connect(user)
            self._fine(await self._slack.command(user, channel, "/votes", key))
            await self._schedule(user, await self._card(channel))
        return web.json_response({})

    async def _schedule(self, user: str, card: Message) -> None:
        elements = [one for block in card.blocks for one in block.get("elements", [])]
        button = next(
            one
            for one in elements
            if one["type"] == "button" and one["text"]["text"] == "Schedule results"
        )
        pressed = await self._slack.press(user, card.id, button["action_id"], value=button["value"])
        self._fine(pressed)
        form = await self._slack.until(
            lambda: next(
                (
                    view
                    for view in self._slack.views.values()
                    if view.user == user and view.view.get("callback_id") == "schedule"
                ),
                None,
            ),
            _LONGEST,
            f"the form of {user}",
        )
        self._fine(await self._slack.submit(user, form.id, {}))
        if form.id in self._slack.views:
            await self._slack.close(user, form.id)

    async def _card(self, channel: str) -> Message:
        return await self._slack.until(
            lambda: next(
                (
                    one
                    for one in self._slack.messages
                    if one.channel == channel and one.ephemeral_for is None and one.blocks
                ),
                None,
            ),
            _LONGEST,
            f"the card in {channel}",
        )

    async def _be_strict(self, _: web.Request) -> web.Response:
        """Take one message a second in a channel, without a burst, as if a minute had passed."""
        self._slack.post_limits = PostLimits()
        self._slack.post_limits.burst = 1
        return web.json_response({})

    async def _beside(self, request: web.Request) -> web.Response:
        """Let people want much of Jira, which drips or does not; return once much of it hangs.

        Each of 16 votes on an issue of their own and asks for the cards of four.
        """
        asked = await request.json()
        self._slack.events_url = asked["events_url"]
        if asked["drips"]:
            for name in _DRIPPING:
                self._jira.faults.drip(name)
        people = list(zip(OWNERS, ASIDE, ISSUES, strict=False))
        for user, channel, key in people:
            self._go(self._slack.command(user, channel, "/vote", key))
            for other in ISSUES[:4]:
                self._go(self._slack.command(user, channel, "/votes", other))
        if asked["drips"]:
            await self._jira.until(
                lambda: self._jira.faults.stuck >= _HANGING, _LONGEST, what="calls that hang"
            )
        else:
            await asyncio.gather(*self._aside)
        return web.json_response({})

    def _go(self, act: Awaitable[Any]) -> None:
        task = asyncio.ensure_future(act)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def _calm(self, _: web.Request) -> web.Response:
        """End what drips."""
        self._jira.faults.let_go()
        if self._aside:
            await asyncio.wait(self._aside, timeout=_LONGEST)
        return web.json_response({})

    async def _presses(self, _: web.Request) -> web.Response:
        """Let one person answer some polls, one after the other.

        Return the seconds from each press to the update of its card, and how many calls of
        Jira hung at the least meanwhile.
        """
        took, stuck = [], []
        for number in PRESSED:
            card = await self._card(home_of(number))
            began, heard = self._slack.now(), len(self._slack.calls)
            self._fine(await self._slack.press(OWNERS[-1], card.id, "answer:0"))
            took.append(await self._drawn(card, heard) - began)
            stuck.append(self._jira.faults.stuck)
            await asyncio.sleep(_BETWEEN)
        return web.json_response({"took": took, "stuck": min(stuck)})

    async def _drawn(self, card: Message, heard: int) -> float:
        return await self._slack.until(
            lambda: next(
                (
                    call.at
                    for call in self._slack.calls[heard:]
                    if call.method == "chat.update"
                    and call.args.get("ts") == card.ts
                    and call.answer.get("ok") is True
                ),
                None,
            ),
            _LONGEST,
            f"the card in {card.channel}",
        )

    async def _posts(self, request: web.Request) -> web.Response:
        """Return where and when messages were posted since, and what else was asked of Slack."""
        since = float(request.query["since"])
        calls = [call for call in self._slack.calls if call.at >= since]
        posts = [call for call in calls if call.method == "chat.postMessage"]
        return web.json_response(
            {
                "taken": [(call.args["channel"], call.at) for call in posts if call.answer["ok"]],
                "too_many": sum(call.status == 429 for call in posts),
                "auth_tests": sum(call.method == "auth.test" for call in calls),
            }
        )
