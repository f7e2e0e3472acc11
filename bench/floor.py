"""The floors: three programs that answer 200 to a click and keep nothing.

``python -m bench.floor PORT SIGNING_SECRET KIND``, where KIND is one of

- ``bolt``: the fastest Bolt, with ``process_before_response=True`` as pollbot has it: the answer
  goes out when the listener ends, and not at one of Bolt's looks every 10 ms;
- ``tutorial``: the same with all of Bolt's settings at their defaults, as in its tutorials;
- ``bare``: aiohttp that checks the signature and reads the form, and nothing of Slack's besides.

Both Bolts have one listener, which only acks. Signatures are checked, and whoever asks is
authorized without a look anywhere.
"""

import asyncio
import hmac
import re
import sys
import time
from collections.abc import Awaitable, Callable
from hashlib import sha256
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

KINDS = ("bolt", "tutorial", "bare")

_Events = Callable[[web.Request], Awaitable[web.Response]]


def of_bolt(signing_secret: str, *, at_once: bool) -> _Events:
    """Return the route of a Bolt app whose one listener only acks."""
    known = AuthorizeResult(
        enterprise_id=None,
        team_id="T0SANDBOX",
        bot_user_id="U0POLLBOT",
        bot_id="B0POLLBOT",
        bot_token="xoxb-sandbox",
    )

    async def authorize() -> AuthorizeResult:
        return known

    bolt = AsyncApp(
        name="floor",
        authorize=authorize,
        signing_secret=signing_secret,
        process_before_response=at_once,
    )

    async def click(ack: AsyncAck) -> None:
        await ack()

    bolt.action(re.compile("vote|answer:"))(click)

    async def events(request: web.Request) -> web.Response:
        bolt_request = await to_bolt_request(request)
        return await to_aiohttp_response(await bolt.async_dispatch(bolt_request))

    return events


def of_aiohttp(signing_secret: str) -> _Events:
    """Return a route that answers whatever form is signed."""
    key = signing_secret.encode()

    async def events(request: web.Request) -> web.Response:
        raw, stamp = await request.read(), request.headers["X-Slack-Request-Timestamp"]
        right = hmac.digest(key, b"v0:" + stamp.encode() + b":" + raw, sha256).hex()
        signed = hmac.compare_digest("v0=" + right, request.headers["X-Slack-Signature"])
        if not signed or abs(time.time() - int(stamp)) > 300:
            return web.Response(status=401)
        form = dict(parse_qsl(raw.decode()))
        return web.Response(status=200 if "payload" in form else 400)

    return events


def floor(signing_secret: str, kind: str) -> web.Application:
    """Return the routes of a floor."""

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_post(
        "/slack/events",
        of_aiohttp(signing_secret)
        if kind == "bare"
        else of_bolt(signing_secret, at_once=kind == "bolt"),
    )
    return app


async def serve(port: int, signing_secret: str, kind: str) -> None:
    """Serve until the process is ended."""
    runner = web.AppRunner(floor(signing_secret, kind), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
