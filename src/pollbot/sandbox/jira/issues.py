"""What the pretended Jira answers about whoever asks, and about one issue.

Source: developer.atlassian.com, Jira Cloud REST v3, "Myself", "Issues" and "Permissions".
"""

from __future__ import annotations

from aiohttp import web

from pollbot.sandbox.jira.calls import Asked, refusal
from pollbot.sandbox.jira.people import issue_json, permissions_json, user_json
from pollbot.sandbox.jira.site import Answering, Site


def _myself(jira: Site, asked: Asked) -> web.Response:
    if asked.person is None:
        return web.json_response(
            {
                "message": "Client must be authenticated to access this resource.",
                "status-code": 401,
            },
            status=401,
        )
    return web.json_response(
        user_json(asked.person, jira.site_url)
        | {"emailAddress": asked.person.email, "locale": asked.person.locale}
    )


def _issue(jira: Site, asked: Asked) -> web.Response:
    issue = jira.visible(asked)
    if issue is None:
        return refusal(404, asked, "missing")
    return web.json_response(
        issue_json(
            issue,
            asked.person,
            people=jira.people,
            site=jira.site_url,
            asked=",".join(asked.request.query.getall("fields", [])).split(","),
            linked=[
                other
                for key in issue.duplicates
                if (other := jira.find(key)) is not None and jira.shows(other, asked.person)
            ],
        )
    )


def _my_permissions(jira: Site, asked: Asked) -> web.Response:
    query = asked.request.query
    wanted = [one for one in query.get("permissions", "").split(",") if one]
    issue = jira.visible(asked, query.get("issueKey") or query.get("issueId") or "")
    if issue is None:
        return refusal(404, asked, "missing")
    return permissions_json(issue, asked.person, wanted)


def tenant_info(jira: Site, asked: Asked) -> web.Response:
    return web.json_response({"cloudId": jira.cloud_id})


ENDPOINTS: tuple[tuple[str, str, Answering], ...] = (
    ("GET mypermissions", "/mypermissions", _my_permissions),
    ("GET myself", "/myself", _myself),
    ("GET issue", "/issue/{key}", _issue),
)
