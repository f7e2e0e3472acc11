"""A small poll app as people write them: each click changes a row, and then the message.

``python -m bench.small_app PORT SIGNING_SECRET BOT_TOKEN API_URL DATABASE``. It keeps an answer
before it acks, which not all of them do; it has no receipts, no rights, and no way back from an
error of Slack's but the next click.
"""

import asyncio
import re
import shlex
import sqlite3
import sys
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


def small_app(db: sqlite3.Connection, secret: str, token: str, api_url: str) -> AsyncApp:
    """Return the app, with its tables made."""
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE polls (id INTEGER PRIMARY KEY, title, options)")
    db.execute("CREATE TABLE answers (poll_id, voter, option_id, PRIMARY KEY (poll_id, voter))")
    bolt = AsyncApp(client=AsyncWebClient(token=token, base_url=api_url), signing_secret=secret)

    def message(poll_id: int) -> dict[str, Any]:
        query = "SELECT title, options FROM polls WHERE id = ?"
        title, options = db.execute(query, (poll_id,)).fetchone()
        query = "SELECT option_id, count(*) FROM answers WHERE poll_id = ? GROUP BY option_id"
        counts = dict(db.execute(query, (poll_id,)).fetchall())
        blocks: list[dict[str, Any]] = [
            {"type": "section", "text": {"type": "mrkdwn", "text": title}}
        ]
        for place, option in enumerate(options.split("\n")):
            said = {"type": "mrkdwn", "text": f"{option}: {counts.get(place, 0)}"}
            choose: dict[str, Any] = {
                "type": "button",
                "text": {"type": "plain_text", "text": "Choose"},
            }
            choose |= {"action_id": f"answer:{place}", "value": str(poll_id)}
            blocks.append({"type": "section", "text": said, "accessory": choose})
        return {"text": f"{title}: {sum(counts.values()):,} answers", "blocks": blocks}

    @bolt.command("/poll")
    async def make(ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        title, *options = (word for word in shlex.split(command["text"]) if word != "anonymous")
        query = "INSERT INTO polls (title, options) VALUES (?, ?)"
        poll_id = db.execute(query, (title, "\n".join(options))).lastrowid or 0
        db.commit()
        await client.chat_postMessage(channel=command["channel_id"], **message(poll_id))

    @bolt.action(re.compile("answer:"))
    async def answer(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient
    ) -> None:
        poll_id, place = int(action["value"]), int(action["action_id"].partition(":")[2])
        values = (poll_id, body["user"]["id"], place)
        db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", values)
        db.commit()
        await ack()
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        await client.chat_update(**where, **message(poll_id))

    return bolt


async def serve(port: int, bolt: AsyncApp) -> None:
    """Serve until the process is ended."""

    async def events(request: web.Request) -> web.Response:
        answered = await bolt.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answered)

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_post("/slack/events", events)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    given, own, key, url, file = sys.argv[1:]
    asyncio.run(serve(int(given), small_app(sqlite3.connect(file), own, key, url)))
