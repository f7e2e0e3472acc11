"""What the pretended Jira tells of itself: where it is, and what is switched on.

Source: developer.atlassian.com, Jira Cloud REST v3, "Server info", "Jira settings" and "Issue
fields": the settings can be asked by whoever may use Jira, the others by anybody.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from pollbot.sandbox.jira.calls import Asked, refusal
from pollbot.sandbox.jira.site import Answering, Site


def _server_info(jira: Site, asked: Asked) -> web.Response:
    return web.json_response(
        {
            "baseUrl": jira.site_url,
            "version": "1001.0.0-SNAPSHOT",
            "versionNumbers": [1001, 0, 0],
            "deploymentType": "Cloud",
            "buildNumber": 100000,
            "serverTitle": "Jira",
        }
    )


def _configuration(jira: Site, asked: Asked) -> web.Response:
    if asked.person is None and not jira.anonymous_may_browse:
        return refusal(401, asked, "anonymous")
    return web.json_response(
        {
            "votingEnabled": jira.voting_enabled,
            "watchingEnabled": jira.watching_enabled,
            "unassignedIssuesAllowed": True,
            "subTasksEnabled": True,
            "issueLinkingEnabled": True,
            "timeTrackingEnabled": False,
            "attachmentsEnabled": True,
        }
    )


def _fields(jira: Site, asked: Asked) -> web.Response:
    shown = [id for id in _FIELDS if id != "votes" or jira.voting_enabled]
    return web.json_response([_field(id, *_FIELDS[id]) for id in shown])


# The fields that an issue here has: name, type, whether one may order by it in a list and search
# for it in the navigator, and what JQL calls it.
_FIELDS: dict[str, tuple[str, str | None, bool, bool, tuple[str, ...]]] = {
    "issuekey": ("Key", None, False, False, ("id", "issue", "issuekey", "key")),
    "summary": ("Summary", "string", True, True, ("summary",)),
    "status": ("Status", "status", False, True, ("status",)),
    "votes": ("Votes", "votes", False, False, ("votes",)),
    "issuetype": ("Issue Type", "issuetype", True, True, ("issuetype", "type")),
    "project": ("Project", "project", False, True, ("project",)),
    "resolution": ("Resolution", "resolution", True, True, ("resolution",)),
    "issuelinks": ("Linked Issues", "array", True, True, ("issuelinks",)),
    "reporter": ("Reporter", "user", True, True, ("reporter",)),
}


def _field(
    id: str,
    name: str,
    type: str | None,
    orderable: bool,
    searchable: bool,
    clauses: tuple[str, ...],
) -> dict[str, Any]:
    return {
        "id": id,
        "key": id,
        "name": name,
        "custom": False,
        "orderable": orderable,
        "navigable": True,
        "searchable": searchable,
        "clauseNames": [*clauses],
        **({"schema": {"type": type, "system": id}} if type else {}),
    }


ENDPOINTS: tuple[tuple[str, str, Answering], ...] = (
    ("GET serverInfo", "/serverInfo", _server_info),
    ("GET configuration", "/configuration", _configuration),
    ("GET field", "/field", _fields),
)
