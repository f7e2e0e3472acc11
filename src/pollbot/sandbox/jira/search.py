"""The search of the pretended Jira: page after page of what JQL finds, and about how many.

Source: developer.atlassian.com, Jira Cloud REST v3, "Issue search" (search/jql).
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import Any

from aiohttp import web

from pollbot.sandbox.jira.calls import Asked, said_no
from pollbot.sandbox.jira.jql import understood
from pollbot.sandbox.jira.jql_fields import JqlError
from pollbot.sandbox.jira.people import Issue, issue_json
from pollbot.sandbox.jira.site import Answering, Site

MOST_RESULTS = 5000
_RESULTS = 50


def _search_by_query(jira: Site, asked: Asked) -> web.Response:
    query = asked.request.query
    fields = [name for part in query.getall("fields", []) for name in part.split(",")]
    wanted: dict[str, Any] = {"jql": query.get("jql", ""), "fields": fields}
    if "nextPageToken" in query:
        wanted["nextPageToken"] = query["nextPageToken"]
    if "maxResults" in query:
        try:
            wanted["maxResults"] = int(query["maxResults"])
        except ValueError:
            return said_no(400, "maxResults is a whole number.")
    return _page(jira, asked, wanted)


def _search(jira: Site, asked: Asked) -> web.Response:
    wanted = _sent(asked)
    return wanted if isinstance(wanted, web.Response) else _page(jira, asked, wanted)


def _count(jira: Site, asked: Asked) -> web.Response:
    wanted = _sent(asked)
    if isinstance(wanted, web.Response):
        return wanted
    try:
        return web.json_response({"count": len(_found(jira, asked, wanted.get("jql")))})
    except JqlError as error:
        return said_no(400, str(error))


ENDPOINTS: tuple[tuple[str, str, Answering], ...] = (
    ("GET search", "/search/jql", _search_by_query),
    ("POST search", "/search/jql", _search),
    ("POST count", "/search/approximate-count", _count),
)


def _page(jira: Site, asked: Asked, wanted: dict[str, Any]) -> web.Response:
    jql, fields = wanted.get("jql"), wanted.get("fields") or []
    most, token = wanted.get("maxResults", _RESULTS), wanted.get("nextPageToken")
    if not isinstance(fields, list) or not all(isinstance(name, str) for name in fields):
        return said_no(400, "fields is a list of names.")
    if not isinstance(most, int) or isinstance(most, bool) or not 0 < most <= MOST_RESULTS:
        return said_no(400, f"maxResults is between 1 and {MOST_RESULTS:,}.")
    try:
        start = 0 if token is None else _start(token, jql)
        found = _found(jira, asked, jql)
    except JqlError as error:
        return said_no(400, str(error))
    end = start + most
    last = end >= len(found)
    return web.json_response(
        {
            "issues": [_shown(jira, asked, issue, fields) for issue in found[start:end]],
            "isLast": last,
            **({} if last else {"nextPageToken": _token(end, jql)}),
        }
    )


def _found(jira: Site, asked: Asked, jql: object) -> list[Issue]:
    seen = [issue for issue in jira.issues.values() if jira.shows(issue, asked.person)]
    return understood(jql if isinstance(jql, str) else "", asked.person, seen).run(seen)


def _shown(jira: Site, asked: Asked, issue: Issue, fields: list[str]) -> dict[str, Any]:
    # Without fields there is the id alone, not even the key.
    if not [name for name in fields if name.strip() not in ("", "id")]:
        return {"id": issue.id}
    return issue_json(issue, asked.person, people=jira.people, site=jira.site_url, asked=fields)


def _sent(asked: Asked) -> dict[str, Any] | web.Response:
    try:
        said = json.loads(asked.body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return said_no(400, "There was an error parsing JSON. Check that your request is valid.")
    return said


def _token(start: int, jql: object) -> str:
    return base64.urlsafe_b64encode(json.dumps([start, _mark(jql)]).encode()).decode()


def _start(token: object, jql: object) -> int:
    """Return where the page of a token begins; a token is good for its own query only."""
    try:
        start, mark = json.loads(base64.urlsafe_b64decode(str(token)))
    except (ValueError, TypeError, binascii.Error):
        start, mark = -1, None
    if not isinstance(start, int) or start < 0 or mark != _mark(jql):
        raise JqlError("The nextPageToken is not valid for this query.")
    return start


def _mark(jql: object) -> int:
    return zlib.crc32(str(jql).encode("utf-8", "replace"))
