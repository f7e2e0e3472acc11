"""What the Confluence of the pretended site answers about its spaces and pages.

Source: developer.atlassian.com, Confluence Cloud REST v2 (page, space) and v1 (permissions).
"""

from __future__ import annotations

import json
from html import escape

from aiohttp import web

from pollbot.sandbox.jira.calls import Asked
from pollbot.sandbox.jira.site import Answering, Site
from pollbot.sandbox.jira.spaces import Page


def _visible(jira: Site, asked: Asked) -> Page | None:
    page = jira.confluence.pages.get(asked.request.match_info["id"])
    account_id = asked.person.account_id if asked.person else None
    return page if page is not None and page.shown_to(account_id) else None


def _page(jira: Site, asked: Asked) -> web.Response:
    page = _visible(jira, asked)
    if page is None:
        return _missing()
    return web.json_response(
        {
            "id": page.id,
            "status": "current",
            "title": page.title,
            "spaceId": page.space.id,
            "parentId": None,
            "version": {"number": 1, "message": "", "minorEdit": False},
            "body": {},
            "_links": {
                "webui": page.path,
                "editui": f"/pages/resumedraft.action?draftId={page.id}",
                "base": f"{jira.site_url}/wiki",
            },
        }
    )


def _space(jira: Site, asked: Asked) -> web.Response:
    space = jira.confluence.spaces.get(asked.request.match_info["id"])
    if space is None or asked.person is None:
        return _missing()
    return web.json_response(
        {
            "id": space.id,
            "key": space.key,
            "name": space.name,
            "type": "global",
            "status": "current",
            "_links": {"webui": f"/spaces/{space.key}", "base": f"{jira.site_url}/wiki"},
        }
    )


def _permission(jira: Site, asked: Asked) -> web.Response:
    """Answer whether somebody may do something with a page; only admins may ask for others."""
    try:
        said = json.loads(asked.body)
        subject, operation = said["subject"], said["operation"]
        who = (subject["type"], subject["identifier"])
    except (ValueError, TypeError, LookupError):
        return _old_error(400, "Unable to parse the request body.")
    if operation not in ("read", "update", "delete"):
        return _old_error(400, f"Unsupported operation: {operation}")
    if asked.person is None:
        return _old_error(403, "Current user not permitted to use Confluence")
    if who != ("user", asked.person.account_id):
        return _old_error(403, "Only an administrator may ask for somebody else")
    page = jira.confluence.pages.get(asked.request.match_info["id"])
    if page is None:
        return _old_error(404, "No content with that id")
    allowed = page.shown_to if operation == "read" else page.editable_by
    if allowed(asked.person.account_id):
        return web.json_response({"hasPermission": True})
    problem = {"translation": "User does not have permission to the content", "args": []}
    return web.json_response({"hasPermission": False, "errors": [problem]})


ENDPOINTS: tuple[tuple[str, str, Answering], ...] = (
    ("GET page", "/wiki/api/v2/pages/{id}", _page),
    ("GET space", "/wiki/api/v2/spaces/{id}", _space),
    ("POST permission", "/wiki/rest/api/content/{id}/permission/check", _permission),
)


def page_page(page: Page | None) -> web.Response:
    """Return what a browser gets. Nobody is signed in there, so it shows what there is."""
    if page is None:
        text, status = "<!doctype html><p>Page not found", 404
    else:
        title = escape(page.title)
        text, status = (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
            '<body style="font: 16px/1.5 sans-serif; margin: 3rem auto; max-width: 40rem">'
            f"<p>Pretended Confluence, space {escape(page.space.name)}<h1>{title}</h1>"
            f"<p>{escape(page.text)}",
            200,
        )
    return web.Response(text=text, status=status, content_type="text/html")


def _missing() -> web.Response:
    error = {"status": 404, "code": "NOT_FOUND", "title": "Not Found", "detail": None}
    return web.json_response({"errors": [error]}, status=404)


def _old_error(status: int, message: str) -> web.Response:
    return web.json_response({"statusCode": status, "message": message}, status=status)
