"""The watchers of the pretended Jira: whoever may see an issue may watch it themselves.

Source: developer.atlassian.com, Jira Cloud REST v3, "Issue watchers", "Add watcher"; what it
answers where the option is off is not said there, and taken to be as it is for votes.
"""

from __future__ import annotations

import json

from aiohttp import web

from pollbot.sandbox.jira.calls import Asked, refusal, said_no
from pollbot.sandbox.jira.site import Answering, Site


def _watch(jira: Site, asked: Asked) -> web.Response:
    if asked.person is None:
        return refusal(401, asked, "anonymous")
    issue = jira.visible(asked)
    if issue is None:
        return refusal(404, asked, "missing")
    if (late := jira.too_many_writes(issue)) is not None:
        return late
    if not jira.watching_enabled:
        return refusal(404, asked, "watching off")
    try:
        account = json.loads(asked.body) if asked.body else asked.person.account_id
    except ValueError:
        account = None
    if not isinstance(account, str):
        return said_no(400, "The account ID of the user is a JSON string.")
    if account != asked.person.account_id:
        # That takes the permission to manage the watcher list.
        return said_no(403, "You do not have the permission to manage the watcher list.")
    issue.watchers.add(account)
    return web.Response(status=204)


ENDPOINTS: tuple[tuple[str, str, Answering], ...] = (
    ("POST watchers", "/issue/{key}/watchers", _watch),
)
