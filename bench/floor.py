"""The floor: a Bolt app whose one listener only acks, served as pollbot is.

``python -m bench.floor PORT SIGNING_SECRET``. Signatures are checked and whoever asks is
authorized without a look anywhere; there is nothing to keep. All of Bolt's settings are its
defaults, as in its tutorials; pollbot sets ``process_before_response``.
"""

import asyncio
import re
import sys

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult


def floor(signing_secret: str) -> web.Application:
    """Return the routes of the app that only acks."""
    known = AuthorizeResult(
        enterprise_id=None,
        team_id="T0SANDBOX",
        bot_user_id="U0POLLBOT",
        bot_id="B0POLLBOT",
        bot_token="xoxb-sandbox",
    )

    async def authorize() -> AuthorizeResult:
        return known

    bolt = AsyncApp(name="floor", authorize=authorize, signing_secret=signing_secret)

    async def click(ack: AsyncAck) -> None:
        await ack()

    bolt.action(re.compile("vote|answer:"))(click)

    async def events(request: web.Request) -> web.Response:
        bolt_request = await to_bolt_request(request)
        return await to_aiohttp_response(await bolt.async_dispatch(bolt_request))

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_post("/slack/events", events)
    return app


async def serve(port: int, signing_secret: str) -> None:
    """Serve until the process is ended."""
    runner = web.AppRunner(floor(signing_secret), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
