"""The pretended world over HTTP: the page, its stream of states, and what people do on it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from pollbot.sandbox.world.doings import Doings
from pollbot.sandbox.world.said import Said, UnusableError
from pollbot.sandbox.world.shown import shown_to

PAGE = Path(__file__).parents[1] / "page"
DEBOUNCE = 0.03
STILL_HERE_EVERY = 15.0

# The page brings everything itself; a browser that obeys this asks no other host for anything.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def add_routes(app: web.Application, world: Doings) -> None:
    """Serve the page at ``/`` and its doings under ``/world``."""
    doings: dict[str, Callable[[Said], Awaitable[str | None]]] = {
        "command": world.command,
        "press": world.press,
        "press_preview": world.press_preview,
        "press_entity": world.press_entity,
        "open_home": world.open_home,
        "home_action": world.home_action,
        "open_pane": world.open_pane,
        "press_in_pane": world.press_in_pane,
        "close_pane": world.close_pane,
        "shortcut": world.shortcut,
        "choose": world.choose,
        "view_action": world.view_action,
        "submit": world.submit,
        "close": world.close_view,
        "run_step": world.run_step,
        "switch": world.switch,
        "replica": world.replica,
        "move": world.move,
        "answer_inside": world.answer_inside,
        "resolve": world.resolve,
        "reopen": world.reopen,
    }
    app.router.add_get("/", _page)
    app.router.add_get(r"/archives/{channel:\w+}/{message:p\d+}", _permalink)
    app.router.add_get("/favicon.ico", _no_icon)
    app.router.add_static("/static/", PAGE)
    app.on_response_prepare.append(_guard)
    app.router.add_get("/world/events", _events(world))
    for name, do in doings.items():
        app.router.add_post(f"/world/{name}", _doing(do))
    app.router.add_post("/world/suggest", _suggest(world))


async def _page(request: web.Request) -> web.Response:
    return web.Response(
        text=(PAGE / "index.html").read_text(encoding="utf-8"),
        content_type="text/html",
        charset="utf-8",
    )


async def _no_icon(request: web.Request) -> web.Response:
    """Browsers ask for it on the pages of Jira and Confluence, too."""
    return web.Response(status=204)


async def _permalink(request: web.Request) -> web.Response:
    where = request.match_info
    raise web.HTTPFound(f"/#//{where['channel']}/{where['message']}")


async def _guard(request: web.Request, response: web.StreamResponse) -> None:
    if request.path == "/" or request.path.startswith("/static/"):
        response.headers.update(HEADERS)


def _doing(
    do: Callable[[Said], Awaitable[str | None]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        error = await _error_of(do, request)
        return web.json_response({"ok": error is None, "error": error})

    return answer


async def _error_of(
    do: Callable[[Said], Awaitable[str | None]], request: web.Request
) -> str | None:
    """Do what the page sent; return what went wrong, in a sentence."""
    try:
        return await do(Said(await request.json()))
    except UnusableError as unusable:
        return str(unusable)
    except (ValueError, TypeError, LookupError):
        # An element that is not there or cannot have that value; broken JSON.
        return "That cannot be done here."


def _suggest(world: Doings) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        options: list[dict[str, Any]] = []

        async def do(said: Said) -> str | None:
            found = await world.suggest(said)
            if isinstance(found, str):
                return found
            options[:] = found
            return None

        error = await _error_of(do, request)
        return web.json_response({"ok": error is None, "error": error, "options": options})

    return answer


def _events(world: Doings) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def stream(request: web.Request) -> web.StreamResponse:
        viewer = request.query.get("viewer") or next(iter(world.slack.people))
        if viewer not in world.slack.people:
            return web.json_response({"ok": False, "error": "Nobody has that id here."}, status=404)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        bell = world.watchers.join()
        sent = ""
        try:
            await response.prepare(request)
            while not world.watchers.closed:
                try:
                    await asyncio.wait_for(bell.wait(), STILL_HERE_EVERY)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if sent:
                    await asyncio.sleep(DEBOUNCE)
                bell.clear()
                state = json.dumps(shown_to(world, viewer), ensure_ascii=False)
                if state != sent:
                    await response.write(f"event: state\ndata: {state}\n\n".encode())
                    sent = state
        except ConnectionError:
            pass  # the page was closed
        finally:
            world.watchers.leave(bell)
        return response

    return stream
