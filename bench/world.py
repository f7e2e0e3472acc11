"""The pretended Slack and Jira, in a process of their own: ``python -m bench.world``.

Prints one line of JSON with its addresses, then serves until it is ended. Some routes beside the
stand-ins' own are the bench's: ``POST /bench/people``, ``POST /bench/voters``, ``POST
/bench/away``, ``GET /bench/heard``, ``GET /bench/updates`` and ``GET /bench/votes``, and those of
``bench/plain_polls.py`` and ``bench/storm_polls.py``.
"""

import asyncio
import json
from collections import Counter
from typing import Any

from aiohttp import web

from bench.plain_polls import PlainPolls
from bench.storm_polls import StormPolls
from pollbot.sandbox.jira import JiraStandIn
from pollbot.sandbox.slack import Answer, Message, SlackStandIn
from pollbot.sandbox.slack.things import Hook

PEOPLE = tuple(f"U0PERSON{number:02}" for number in range(64))
CROWD = PEOPLE + tuple(f"U0CROWD{number:03}" for number in range(512 - len(PEOPLE)))
MANY = tuple(f"U0MANY{number:03}" for number in range(1000))
# As many as keep the worker at what Jira allows it on a whole site, with room on each issue.
ISSUES = tuple(f"PLAT-{number}" for number in range(101, 117))
ONE_ISSUE = "PLAT-500"
VOTERS = tuple(f"U0VOTER{number:03}" for number in range(500))
# Each has its bar and its button on the card.
OPTIONS = tuple(f"Option {number}, of usual length" for number in range(1, 13))
CHANNEL = "C0PLANNING"
# Jira takes 100 calls of a kind in a second: so many connect side by side, no faster than that.
_AT_ONCE = 8
_EACH = 0.1


class Hooks(dict[str, Hook]):
    """Every response_url named ``<user>.<message>.<anything>``, made when it is first used.

    The crowd writes its payloads itself; each click brings a URL of its own, as in Slack.
    """

    def __init__(self, slack: SlackStandIn) -> None:
        super().__init__()
        self._slack = slack

    def get(self, token: str, default: Any = None) -> Any:
        if token not in self and token.count(".") == 2:
            user, source, _ = token.split(".")
            self[token] = Hook(user, CHANNEL, source, self._slack.now())
        return super().get(token, default)


class World:
    """512 people with Jira accounts, some issues, a poll, and 1,000 more who only answer polls."""

    def __init__(self) -> None:
        self.slack = SlackStandIn()
        self.jira = JiraStandIn()
        self.slack.hooks = Hooks(self.slack)
        for user in (*CROWD, *VOTERS):
            self.slack.add_person(user, user.removeprefix("U0"))
            self.jira.add_person(
                f"712020:{user}", f"{user} of Jira", f"{user}@example.com", token=f"{user}-token"
            )
        for user in MANY:
            self.slack.add_person(user, user.removeprefix("U0"))
        self.slack.add_channel(CHANNEL, "planning")
        for key in (*ISSUES, ONE_ISSUE):
            self.jira.add_issue(key, f"What {key} is about, in a sentence of usual length")
        self.plain = PlainPolls(self.slack, self.jira, self._connect, _fine)
        self.storm = StormPolls(self.slack, _fine)
        self.slack.app.router.add_post("/bench/people", self._people)
        self.slack.app.router.add_post("/bench/voters", self._voters)
        self.slack.app.router.add_post("/bench/away", self._away)
        self.slack.app.router.add_get("/bench/heard", self._heard)
        self.slack.app.router.add_get("/bench/updates", self._updates)
        self.slack.app.router.add_get("/bench/votes", self._votes)

    async def serve(self) -> None:
        """Say where, and serve until the process is ended."""
        await self.slack.start()
        await self.jira.start()
        about = {
            "base_url": self.slack.base_url,
            "api_url": self.slack.api_url,
            "signing_secret": self.slack.signing_secret,
            "bot_token": self.slack.bot_token,
            "app_token": self.slack.app_token,
            "jira_url": self.jira.site_url,
            "gateway_url": self.jira.gateway_url,
        }
        print(json.dumps(about), flush=True)
        await asyncio.Event().wait()

    async def _people(self, request: web.Request) -> web.Response:
        """Let some connect by the form and ask for the cards; return a click on each button."""
        asked = await request.json()
        self.slack.events_url = asked["events_url"]
        await self._connect_all(CROWD[: asked["people"]])
        for key in ISSUES:
            _fine(await self.slack.command(PEOPLE[0], CHANNEL, "/votes", key))
        words = " ".join(f'"{text}"' for text in ("Which of these shall we do first?", *OPTIONS))
        _fine(await self.slack.command(PEOPLE[0], CHANNEL, "/poll", words))
        cards = [await self._card(key) for key in ISSUES]
        poll = await self._card("asks")
        return web.json_response(
            {
                "votes": [self._click(card, "vote") for card in cards],
                "answers": [self._click(poll, f"answer:{place}") for place in range(len(OPTIONS))],
            }
        )

    async def _voters(self, request: web.Request) -> web.Response:
        """Let 500 more connect and one ask for the card of one issue; return a click on *Vote*."""
        self.slack.events_url = (await request.json())["events_url"]
        await self._connect_all(VOTERS)
        _fine(await self.slack.command(VOTERS[0], CHANNEL, "/votes", ONE_ISSUE))
        return web.json_response(self._click(await self._card(ONE_ISSUE), "vote"))

    async def _votes(self, request: web.Request) -> web.Response:
        """Return when Jira took each vote on the one issue, and how it answered what was asked."""
        since = float(request.query["since"])
        calls = [call for call in self.jira.calls if call.at >= since and ONE_ISSUE in call.path]
        writes = [call for call in calls if call.method == "POST"]
        return web.json_response(
            {
                "taken_at": [call.at for call in writes if call.status == 204],
                "too_many": sum(call.status == 429 for call in calls),
                "writes": len(writes),
                "reads": len(calls) - len(writes),
            }
        )

    def _click(self, card: Message, action_id: str) -> dict[str, Any]:
        body = self.slack.click_body(PEOPLE[0], card.id, action_id)
        return {"source": card.id, "body": body}

    async def _connect_all(self, users: tuple[str, ...]) -> None:
        at_once = asyncio.Semaphore(_AT_ONCE)

        async def connect(user: str) -> None:
            async with at_once:
                await asyncio.gather(self._connect(user), asyncio.sleep(_EACH))

        await asyncio.gather(*(connect(user) for user in users))

    async def _connect(self, user: str) -> None:
        _fine(await self.slack.command(user, CHANNEL, "/pollbot", "connect"))
        forms = await self.slack.until(
            lambda: [view for view in self.slack.views.values() if view.user == user],
            timeout=20.0,
            what=f"the form of {user}",
        )
        typed = {"email": {"value": f"{user}@example.com"}, "token": {"value": f"{user}-token"}}
        _fine(await self.slack.submit(user, forms[0].id, typed))

    async def _card(self, begin: str) -> Message:
        """Return the card of an issue, or that of the poll, of which its text says who asks."""
        cards = await self.slack.until(
            lambda: [one for one in self.slack.messages if f"{begin}:" in one.text],
            timeout=20.0,
            what=f"the card of {begin}",
        )
        return cards[0]

    async def _away(self, request: web.Request) -> web.Response:
        """Put Slack so many seconds away."""
        seconds = (await request.json())["seconds"]
        self.slack.faults.slow_seconds = seconds
        self.slack.faults.mode = "slow" if seconds else "up"
        return web.json_response({})

    async def _updates(self, request: web.Request) -> web.Response:
        """Return the times and the texts of a message's updates, by either way."""
        source = request.query["source"]
        ts = next(one.ts for one in self.slack.messages if one.id == source)
        called: list[dict[str, Any]] = [
            {"at": call.at, "text": call.args.get("text"), "ok": call.answer.get("ok") is True}
            for call in self.slack.calls
            if call.method == "chat.update" and call.args.get("ts") == ts
        ]
        posted: list[dict[str, Any]] = [
            {"at": post.at, "text": post.body.get("text"), "ok": post.status == 200}
            for post in self.slack.hook_posts
            if post.body.get("replace_original") and f".{source}." in post.url
        ]
        since = float(request.query["since"])
        return web.json_response([one for one in called + posted if one["at"] >= since])

    async def _heard(self, _: web.Request) -> web.Response:
        """Return how often the stand-ins were called, by what was called and how it ended."""
        heard = Counter(
            f"{call.method} {'votes' if call.path.endswith('/votes') else 'other'} {call.status}"
            for call in self.jira.calls
        )
        heard.update(f"response_url {post.status}" for post in self.slack.hook_posts)
        heard.update(f"{call.method} {call.status}" for call in self.slack.calls)
        return web.json_response(heard)


def _fine(answer: Answer) -> None:
    if answer.status != 200 or answer.error is not None:
        raise RuntimeError(f"what a person did failed: {answer.error} ({answer.status})")


if __name__ == "__main__":
    asyncio.run(World().serve())
