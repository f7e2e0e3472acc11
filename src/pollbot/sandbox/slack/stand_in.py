"""A stand-in of Slack: the Web API, response_urls, Socket Mode, and people who click.

It serves what the app calls and delivers what people do, so the app cannot tell it from Slack.
The workspace it pretends is plain data, open for tests to look at and to change.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from pollbot.chance import Chance
from pollbot.sandbox.faults import ABOUT, Faults, status_of
from pollbot.sandbox.serving import Served
from pollbot.sandbox.slack import hooks as slack_hooks
from pollbot.sandbox.slack.arguments import arguments, object_in, rate_limited
from pollbot.sandbox.slack.delivery import FAILED, SIGNATURE, TIMESTAMP, Kind, SignedHttp, Sockets
from pollbot.sandbox.slack.homes import Homes
from pollbot.sandbox.slack.installing import Home, Installing
from pollbot.sandbox.slack.limits import PostLimits
from pollbot.sandbox.slack.panes import PaneActs, WorkObjects
from pollbot.sandbox.slack.sharing import Sharing
from pollbot.sandbox.slack.things import Answer, Call, Channel, HookPost, Message, Person, View
from pollbot.sandbox.slack.tokens import OPEN, Tokens
from pollbot.sandbox.slack.web_api import WebApi
from pollbot.sandbox.slack.workflows import Workflows

__all__ = [
    "Answer",
    "Call",
    "Channel",
    "HookPost",
    "Message",
    "Person",
    "SlackStandIn",
    "View",
]


@dataclass(frozen=True)
class Delivery:
    """One payload that the app was sent, and its bare answer."""

    kind: Kind
    body: dict[str, Any]
    answer: Answer


class SlackStandIn(Home, Served):
    """One workspace with one app installed; perhaps with others ``beside`` it, on one address.

    ``events_url`` is where signed requests go; an open Socket Mode connection comes first.
    ``limits`` holds, per method, how many calls it takes in how many seconds; ``post_limits``
    how many messages. In ``faults`` a response_url is ``response_url``, a file ``upload``.
    """

    def __init__(
        self,
        *,
        bot_token: str = "xoxb-sandbox",
        app_token: str = "xapp-sandbox",
        signing_secret: str = "sandbox-secret",
        team_id: str = "T0SANDBOX",
        now: Callable[[], float] = time.time,
        chance: Chance | None = None,
    ) -> None:
        super().__init__(team_id=team_id, now=now, chance=chance)
        self.tokens = Tokens(bot_token, app_token, self.app_id, now)
        self.homes_of_app: list[SlackStandIn] = [self]
        self.installing = Installing(self.homes_of_app)
        self.signing_secret = signing_secret
        self.events_url: str | None = None
        self.ack_seconds = 3.0
        self.limits: dict[str, tuple[int, float]] = {}
        self.post_limits = PostLimits()
        self.calls: list[Call] = []
        self.hook_posts: list[HookPost] = []
        self.deliveries: list[Delivery] = []
        self.faults = Faults(rate_limited)
        self.work_objects = WorkObjects()
        self.web_api = WebApi(self, self.tokens, self.work_objects)
        self.sockets = Sockets(self.app_id)
        self._http = SignedHttp(signing_secret)
        self._counted: defaultdict[str, deque[float]] = defaultdict(deque)

        acts = Homes(self, self._deliver)
        self.command, self.press = acts.command, acts.press
        self.click_body, self.choose = acts.click_body, acts.choose
        self.view_action, self.submit, self.close = acts.view_action, acts.submit, acts.close
        self.shortcut, self.suggest, self.happen = acts.shortcut, acts.suggest, acts.happen
        self.open_home, self.home_action = acts.open_home, acts.home_action
        sharing = Sharing(self, acts)
        self.share, self.press_preview = sharing.share, sharing.press_preview
        self.beside = PaneActs(self, self.work_objects, acts)
        self.workflows = Workflows(self, self.tokens, self._deliver)

        self.app = web.Application(client_max_size=10 * 1024**2)
        self.app.router.add_route("*", "/api/{method}", self._serve_api)
        self.app.router.add_post("/hooks/{token}", self._serve_hook)
        self.app.router.add_post("/upload/{file_id}", self._serve_upload)
        self.app.router.add_get("/oauth/v2/authorize", self.installing.authorize)
        self.app.router.add_get("/socket", self.sockets.accept)
        self.app.on_shutdown.append(self._end_sockets)
        self.app.on_cleanup.append(self._end_http)

    def another(self, team_id: str, domain: str) -> SlackStandIn:
        """Return another workspace at the same address, in which the app is not installed yet."""
        other = SlackStandIn(bot_token="", team_id=team_id, now=self.now, chance=self.chance)
        other.tokens.app = self.app_token
        other.domain, other.base_url = domain, self.base_url
        other._http, other.sockets, other.installing = self._http, self.sockets, self.installing
        other.homes_of_app = self.homes_of_app
        self.homes_of_app.append(other)
        return other

    @property
    def bot_token(self) -> str:
        """What goes into SLACK_BOT_TOKEN."""
        return self.tokens.bot

    @property
    def app_token(self) -> str:
        """What goes into SLACK_APP_TOKEN."""
        return self.tokens.app

    @property
    def api_url(self) -> str:
        """What goes into POLLBOT_SLACK_API_URL."""
        return f"{self.base_url}/api/"

    async def stop(self) -> None:
        """Serve no more, and deliver nothing more."""
        await super().stop()
        await self._http.close()

    async def disconnect_sockets(self, reason: str = "refresh_requested") -> None:
        """End every Socket Mode connection."""
        await self.sockets.disconnect(reason)

    async def deliver(
        self,
        body: dict[str, Any],
        *,
        kind: Kind,
        timestamp: str | None = None,
        signature: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send any payload, over HTTP if some of its head is one's own; return the bare answer."""
        own = {TIMESTAMP: timestamp, SIGNATURE: signature} | dict(headers or {})
        sent = {name: value for name, value in own.items() if value is not None}
        self.events_url = self.homes_of_app[0].events_url
        waits_for_a_socket = self.sockets.were_open and self.events_url is None
        if (self.sockets.open or waits_for_a_socket) and not sent:
            answer = await self.sockets.deliver(body, kind, self.ack_seconds)
        elif self.events_url is not None:
            answer = await self._http.deliver(self.events_url, body, kind, self.ack_seconds, sent)
        else:
            answer = Answer(0, "", None, 0.0, FAILED)
        self.deliveries.append(Delivery(kind, body, answer))
        self.changed()
        return answer

    async def heard(
        self,
        method: str,
        count: int = 1,
        timeout: float = 5.0,  # noqa: ASYNC109 - a polling loop: its end is told as what was heard
    ) -> list[Call]:
        """Return the calls of a method once there are ``count`` of them."""

        def of_method() -> list[Call]:
            return [call for call in self.calls if call.method == method]

        try:
            await self.until(lambda: len(of_method()) >= count, timeout)
        except AssertionError:
            heard = [f"{call.method} {call.answer.get('error', 'ok')}" for call in self.calls]
            wanted = f"{count} x {method}"
            raise AssertionError(f"{wanted} not heard in {timeout} s, but: {heard}") from None
        return of_method()

    def heard_last(self) -> list[str]:
        """Return its last calls, in short."""
        return [f"{call.method} {call.answer.get('error', 'ok')}" for call in self.calls[-10:]]

    async def _deliver(self, body: dict[str, Any], kind: Kind) -> Answer:
        return await self.deliver(body, kind=kind)

    # Serving

    async def _serve_api(self, request: web.Request) -> web.StreamResponse:
        args, token = await arguments(request)
        home = next((one for one in self.homes_of_app if one.tokens.knows(token)), self)
        return await home._serve_call(request, args, token)

    async def _serve_call(
        self, request: web.Request, args: dict[str, Any], token: str
    ) -> web.StreamResponse:
        method = request.match_info["method"]
        request[ABOUT] = " ".join(str(args.get(name, "")) for name in ("channel", "user"))
        refused = await self.faults.before(method, request) or self._over_limit(method, args)
        if refused is not None:
            self._note(method, args, refused, object_in(refused.text or "") or {})
            return refused
        answer = self._answer(method, args, token, request)
        response = self.faults.after(method, request) or web.json_response(
            answer, headers=self.tokens.headers(token)
        )
        self._note(method, args, response, answer)
        return response

    def _answer(
        self, method: str, args: dict[str, Any], token: str, request: web.Request
    ) -> dict[str, Any]:
        said = self.workflows.end(method, args, token) or self.tokens.refused(method, token)
        if said is not None:
            return said
        if method == OPEN:
            address = self.base_url.replace("http", "ws", 1)
            ticket = self.sockets.new_ticket()
            app = self.tokens.app_token_of
            return {"ok": True, "url": f"{address}/socket?ticket={ticket}&app_id={app}"}
        if method == "oauth.v2.access":
            return self.installing.access(args, request.headers.get("Authorization", ""))
        if method == "apps.uninstall":
            return self.installing.uninstall(self, args)
        return self.web_api.call(method, args)

    async def _serve_hook(self, request: web.Request) -> web.StreamResponse:
        token = request.match_info["token"]
        home = next((one for one in self.homes_of_app if token in one.hooks), self)
        if home is not self:
            return await home._serve_hook(request)
        body = object_in(await request.text())
        if (hook := self.hooks.get(token)) is not None:
            request[ABOUT] = f"{hook.channel} {hook.user}"
        response = await self.faults.before("response_url", request)
        if response is None:
            response = self._hook_over_limit(token, body or {})
        if response is None:
            status, text = slack_hooks.post(self, token, body)
            lost = self.faults.after("response_url", request)
            response = lost or web.Response(status=status, text=text)
        url, answer = f"{self.base_url}/hooks/{token}", response.text or ""
        self.hook_posts.append(HookPost(url, body or {}, status_of(response), answer, self.now()))
        self.changed()
        return response

    async def _serve_upload(self, request: web.Request) -> web.Response:
        id, sent = request.match_info["file_id"], await request.read()
        return await self.carried_out("upload", request, lambda: self.web_api.files.take(id, sent))

    def _note(
        self, method: str, args: dict[str, Any], response: web.Response, answer: dict[str, Any]
    ) -> None:
        self.calls.append(Call(method, args, answer, status_of(response), self.now()))
        self.changed()

    def _hook_over_limit(self, token: str, body: dict[str, Any]) -> web.Response | None:
        """Return the 429 if this would be one message too many in its channel."""
        hook = self.hooks.get(token)
        is_post = body.get("response_type") == "in_channel" and not body.get("replace_original")
        return self._too_many(hook.channel) if hook is not None and is_post else None

    def _too_many(self, channel: str) -> web.Response | None:
        wait = self.post_limits.post(channel, self.now())
        return rate_limited(wait) if wait else None

    def _over_limit(self, method: str, args: dict[str, Any]) -> web.Response | None:
        if method == "chat.postMessage" and (refused := self._too_many(str(args.get("channel")))):
            return refused
        if method not in self.limits:
            return None
        most, window = self.limits[method]
        counted, now = self._counted[method], self.now()
        while counted and counted[0] <= now - window:
            counted.popleft()
        if len(counted) >= most:
            return rate_limited(math.ceil(counted[0] + window - now))
        counted.append(now)
        return None

    async def _end_sockets(self, _app: web.Application) -> None:
        await self.sockets.close()

    async def _end_http(self, _app: web.Application) -> None:
        await self._http.close()
