"""What a call of the Web API says, however it is written."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

JSON_ARGUMENTS = ("blocks", "error", "metadata", "outputs", "view")


async def arguments(request: web.Request) -> tuple[dict[str, Any], str]:
    """Return a call's arguments, from wherever they came, and its token."""
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        args |= object_in(await request.text()) or {}
    else:
        args |= dict(await request.post())
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    in_body = str(args.pop("token", ""))
    for name in JSON_ARGUMENTS:
        if isinstance(args.get(name), str):
            try:
                args[name] = json.loads(args[name])
            except ValueError:
                continue
    return args, token if scheme.lower() == "bearer" else in_body


def object_in(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def rate_limited(seconds: int = 1) -> web.Response:
    """Return Slack's 429. Source: docs.slack.dev, rate-limits."""
    return web.json_response(
        {"ok": False, "error": "ratelimited"},
        status=429,
        headers={"Retry-After": str(max(1, seconds))},
    )
