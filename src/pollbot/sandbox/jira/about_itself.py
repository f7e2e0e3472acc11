"""What the pretended Jira tells of itself: where it is, and what is switched on.

Source: developer.atlassian.com, Jira Cloud REST v3, "Server info" and "Jira settings": the first
can be asked by anybody, the second by whoever may use Jira.
"""

from __future__ import annotations

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
            "watchingEnabled": True,
            "unassignedIssuesAllowed": True,
            "subTasksEnabled": True,
            "issueLinkingEnabled": True,
            "timeTrackingEnabled": False,
            "attachmentsEnabled": True,
        }
    )


ENDPOINTS: tuple[tuple[str, str, Answering], ...] = (
    ("GET serverInfo", "/serverInfo", _server_info),
    ("GET configuration", "/configuration", _configuration),
)
