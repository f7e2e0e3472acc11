"""How Slack reaches pollbot over HTTP, and the health page beside it."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from yarl import query_to_pairs

Health = Callable[[], Awaitable[dict[str, str]]]
"""Returns what is wrong: a reason by the name of each part that is not well."""

Remarks = Callable[[], dict[str, str]]
"""Returns what whoever runs pollbot should know by its part, though pollbot works."""


def web_app(bolt: AsyncApp | None, health: Health, remarks: Remarks) -> web.Application:
    """Return the HTTP routes; without ``bolt``, in Socket Mode, only the health page."""
    app = web.Application()

    async def healthz(_: web.Request) -> web.Response:
        wrong = await health()
        said = {"remarks": found} if (found := remarks()) else {}
        return web.json_response({"ok": not wrong, **wrong, **said}, status=503 if wrong else 200)

    app.router.add_get("/healthz", healthz)
    if bolt is not None:
        app.router.add_post("/slack/events", _events(bolt))
    return app


def _events(bolt: AsyncApp) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def events(request: web.Request) -> web.Response:
        # Bolt 1.30 answers 500 to a timestamp that is no number; it is a forgery like any other.
        stamp = request.headers.get("X-Slack-Request-Timestamp", "0")
        if not (stamp.isascii() and stamp.isdigit()):
            return web.json_response({"error": "invalid request"}, status=401)
        try:
            bolt_request = _request(await request.text(), request)
        except ValueError:
            # Not UTF-8, or a payload that is no JSON: Slack sends neither.
            return web.json_response({"error": "invalid request"}, status=400)
        return await to_aiohttp_response(await bolt.async_dispatch(bolt_request))

    return events


def _request(text: str, request: web.Request) -> AsyncBoltRequest:
    """Return the request for Bolt, read here. Raises ValueError if it is neither form nor JSON.

    Bolt 1.30 decodes a form in Python, which takes half a millisecond for a click on a full
    card, and takes a command with the word "payload" in its text for an empty request.
    """
    bolt_request = AsyncBoltRequest(
        body=_body(text, request.content_type),
        query=request.query_string,
        headers=dict(request.headers),
        mode="socket_mode",  # the only mode that takes a body that was read already
    )
    # From here on it is what came over HTTP, with the text that Bolt checks the signature of.
    bolt_request.mode, bolt_request.raw_body = "http", text
    return bolt_request


def _body(text: str, content_type: str) -> dict[str, Any]:
    if content_type == "application/json" or text.startswith("{"):
        body = json.loads(text)
    else:
        fields = dict(query_to_pairs(text))
        body = json.loads(fields["payload"]) if "payload" in fields else fields
    if not isinstance(body, dict):
        raise ValueError("the request holds no object")
    return body
