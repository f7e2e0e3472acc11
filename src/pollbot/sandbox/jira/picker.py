"""The issue picker of the pretended Jira: what somebody may mean by what they typed so far.

Source: developer.atlassian.com, Jira Cloud REST v3, "Get issue picker suggestions". Two lists, of
issues that the account looked at and of those that its JQL finds; here whoever voted, reported or
commented has looked. Keys and summaries are matched by the beginnings of their words.
"""

from __future__ import annotations

import html
import re

from aiohttp import web

from pollbot.sandbox.jira.calls import Asked
from pollbot.sandbox.jira.jql import understood
from pollbot.sandbox.jira.jql_fields import JqlError
from pollbot.sandbox.jira.people import Issue
from pollbot.sandbox.jira.site import Answering, Site

_MOST = 20


def _suggest(jira: Site, asked: Asked) -> web.Response:
    query, person = asked.request.query, asked.person
    typed = query.get("query", "").casefold().split()
    seen = [issue for issue in jira.issues.values() if jira.shows(issue, person)]
    fits = [issue for issue in seen if _fits(issue, typed)]
    own = [] if person is None else [one for one in fits if _knows(one, person.account_id)]
    sections = [_section("hs", "History Search", own)]
    if "currentJQL" in query:
        try:
            found = understood(query["currentJQL"], person, seen).run(fits)
        except JqlError:
            found = []
        sections.append(_section("cs", "Current Search", found))
    return web.json_response({"sections": sections})


ENDPOINTS: tuple[tuple[str, str, Answering], ...] = (("GET picker", "/issue/picker", _suggest),)


def _fits(issue: Issue, typed: list[str]) -> bool:
    words = re.findall(r"\w+", issue.summary.casefold())
    key = issue.key.casefold()
    return all(key.startswith(one) or any(word.startswith(one) for word in words) for one in typed)


def _knows(issue: Issue, account_id: str) -> bool:
    return issue.reporter == account_id or account_id in issue.voters


def _section(id_: str, label: str, issues: list[Issue]) -> dict[str, object]:
    shown = issues[:_MOST]
    return {
        "id": id_,
        "label": label,
        "sub": f"Showing {len(shown)} of {len(issues)} matching issues",
        "issues": [
            {
                "id": int(issue.id),
                "key": issue.key,
                "keyHtml": html.escape(issue.key),
                "img": "/images/icons/issuetypes/story.svg",
                "summary": html.escape(issue.summary),
                "summaryText": issue.summary,
            }
            for issue in shown
        ],
    }
