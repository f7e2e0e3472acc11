"""The watchers of the pretended Jira: whoever may see an issue may watch it themselves, or stop.

Source: developer.atlassian.com, Jira Cloud REST v3, "Issue watchers", "Add watcher" and "Delete
watcher"; what they answer where the option is off, or to who stops and did not watch, is not said
there, and taken to be as it is for votes.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from aiohttp import web

from pollbot.sandbox.jira.calls import Asked, refusal, said_no
from pollbot.sandbox.jira.people import Issue
from pollbot.sandbox.jira.site import Answering, Site


def _watch(jira: Site, asked: Asked) -> web.Response:
    try:
        account = json.loads(asked.body) if asked.body else None
    except ValueError:
        account = ""
    if account is None and asked.person is not None:
        account = asked.person.account_id
    return _change(jira, asked, account, lambda issue, who: issue.watchers.add(who))


def _stop(jira: Site, asked: Asked) -> web.Response:
    account = asked.request.query.get("accountId")
    return _change(jira, asked, account, lambda issue, who: issue.watchers.discard(who))


def _change(
    jira: Site, asked: Asked, account: object, change: Callable[[Issue, str], None]
) -> web.Response:
    if asked.person is None:
        return refusal(401, asked, "anonymous")
    issue = jira.visible(asked)
    if issue is None:
        return refusal(404, asked, "missing")
    if (late := jira.too_many_writes(issue)) is not None:
        return late
    if not jira.watching_enabled:
        return refusal(404, asked, "watching off")
    if not isinstance(account, str) or not account:
        return said_no(400, "The account ID of the user is missing.")
    if account != asked.person.account_id:
        # That takes the permission to manage the watcher list.
        return said_no(403, "You do not have the permission to manage the watcher list.")
    change(issue, account)
    return web.Response(status=204)


ENDPOINTS: tuple[tuple[str, str, Answering], ...] = (
    ("POST watchers", "/issue/{key}/watchers", _watch),
    ("DELETE watchers", "/issue/{key}/watchers", _stop),
)
