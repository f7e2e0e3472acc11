"""The polls of storms, and what people were told of their answers, in the pretended world.

Its routes are beside the stand-ins' own: ``POST /bench/storm``, ``POST /bench/too-many``, ``POST
/bench/envelopes``, ``GET /bench/told`` and ``GET /bench/drawn``.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

from aiohttp import web

from pollbot.sandbox.slack import Answer, Message, SlackStandIn
from pollbot.sandbox.slack.arguments import object_in

CHANNEL = "C0STORM"
MAKER = "U0STORM"
OPTIONS = tuple(f"Option {number}, of usual length" for number in range(1, 9))
POLLS = 10
# docs.slack.dev, "Rate limits": chat.update is Tier 3, about 50 a minute.
_UPDATES = (50, 60.0)
_LONGEST = 30.0


class StormPolls:
    """Ten polls that keep names, and one that keeps none; a click on each option of each."""

    def __init__(self, slack: SlackStandIn, fine: Callable[[Answer], None]) -> None:
        self._slack = slack
        self._fine = fine
        slack.add_person(MAKER, "stormy")
        slack.add_channel(CHANNEL, "storm", app_is_member=True)
        slack.limits["chat.update"] = _UPDATES
        router = slack.app.router
        router.add_post("/bench/storm", self._make)
        router.add_post("/bench/too-many", self._too_many)
        router.add_post("/bench/envelopes", self._envelopes)
        router.add_get("/bench/told", self._told)
        router.add_get("/bench/drawn", self._drawn)

    async def _make(self, request: web.Request) -> web.Response:
        """Let somebody make the polls; return the clicks of each, the anonymous one's last."""
        self._slack.events_url = (await request.json())["events_url"]
        clicks = []
        for number in range(POLLS + 1):
            words = [f"Storm {number}?", *OPTIONS]
            asked = " ".join(f'"{word}"' for word in words)
            asked += " anonymous" if number == POLLS else ""
            self._fine(await self._slack.command(MAKER, CHANNEL, "/poll", asked))
            card = await self._card(words[0])
            clicks.append(
                [
                    {
                        "source": card.id,
                        "body": self._slack.click_body(MAKER, card.id, f"answer:{place}"),
                    }
                    for place in range(len(OPTIONS))
                ]
            )
        return web.json_response(clicks)

    async def _card(self, title: str) -> Message:
        return await self._slack.until(
            lambda: next((one for one in self._slack.messages if title in one.text), None),
            _LONGEST,
            f"the card of {title}",
        )

    async def _too_many(self, request: web.Request) -> web.Response:
        """Answer all calls with 429 for so many seconds, then as before."""
        seconds, faults = (await request.json())["seconds"], self._slack.faults
        before = faults.mode
        faults.mode = "429"

        def calm() -> None:
            faults.mode = before

        asyncio.get_running_loop().call_later(seconds, calm)
        return web.json_response({})

    async def _envelopes(self, request: web.Request) -> web.Response:
        """Bring clicks over Socket Mode, evenly within the seconds; return how each was acked.

        A click is the form that HTTP would carry. An error in the place of a time is Slack's.
        """
        asked = await request.json()
        self._slack.events_url = None
        bodies = [
            object_in(unquote_plus(form).removeprefix("payload=")) or {} for form in asked["forms"]
        ]
        loop = asyncio.get_running_loop()
        begin = loop.time()

        async def bring(number: int, body: dict[str, Any]) -> tuple[float, str | None, float]:
            await asyncio.sleep(begin + number * asked["seconds"] / len(bodies) - loop.time())
            answer = await self._slack.sockets.deliver(body, "interactive", self._slack.ack_seconds)
            return answer.seconds, answer.error, self._slack.now()

        acked = await asyncio.gather(*(bring(*one) for one in enumerate(bodies)))
        return web.json_response(acked)

    async def _told(self, request: web.Request) -> web.Response:
        """Return how often each was told of an answer since, how often Slack said 429, and when.

        The time is that of the last word.
        """
        since, told, last, too_many = float(request.query["since"]), Counter[str](), 0.0, 0
        for post in self._slack.hook_posts:
            if post.at >= since and not post.body.get("replace_original"):
                too_many += post.status == 429
                if post.status == 200:
                    told[post.url.rpartition("/")[2].partition(".")[0]] += 1
                    last = max(last, post.at)
        for call in self._slack.calls:
            if call.at >= since:
                too_many += call.status == 429
                if call.method in ("chat.postEphemeral", "chat.postMessage") and call.answer["ok"]:
                    told[str(call.args.get("user") or call.args.get("channel"))] += 1
                    last = max(last, call.at)
        return web.json_response({"told": told, "too_many": too_many, "last": last})

    async def _drawn(self, request: web.Request) -> web.Response:
        """Return what became of each try to change one of these messages since, by its id."""
        since, wanted = float(request.query["since"]), set(request.query["sources"].split(","))
        ids = {one.ts: one.id for one in self._slack.messages if one.id in wanted}
        drawn: dict[str, list[dict[str, Any]]] = {source: [] for source in wanted}
        for call in self._slack.calls:
            source = ids.get(str(call.args.get("ts")))
            if call.at >= since and call.method == "chat.update" and source is not None:
                ok = call.answer.get("ok") is True
                drawn[source].append({"at": call.at, "text": call.args.get("text"), "ok": ok})
        for post in self._slack.hook_posts:
            _, source, *_ = [*post.url.rpartition("/")[2].split("."), ""]
            if post.at >= since and post.body.get("replace_original") and source in wanted:
                ok = post.status == 200
                drawn[source].append({"at": post.at, "text": post.body.get("text"), "ok": ok})
        return web.json_response(drawn)
