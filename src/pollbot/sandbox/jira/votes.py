"""The votes of the pretended Jira: read, cast and withdrawn, always the caller's own.

Source: developer.atlassian.com, Jira Cloud REST v3, "Issue votes".
"""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from pollbot.sandbox.jira.calls import Asked, refusal
from pollbot.sandbox.jira.people import Issue, user_json, votes_json
from pollbot.sandbox.jira.site import Answering, Site


def _read(jira: Site, asked: Asked) -> web.Response:
    issue = jira.visible(asked)
    if issue is None:
        return refusal(404, asked, "missing")
    if not jira.voting_enabled:
        return refusal(404, asked, "voting off")
    named = asked.person is not None and asked.person.sees_voters
    voters = [user_json(voter, jira.site_url) for voter in jira.voters(issue.key) if named]
    return web.json_response(votes_json(issue, asked.person, jira.site_url) | {"voters": voters})


def _vote(jira: Site, asked: Asked) -> web.Response:
    return _write(jira, asked, lambda issue, account: issue.voters.add(account))


def _withdraw(jira: Site, asked: Asked) -> web.Response:
    return _write(jira, asked, lambda issue, account: issue.voters.discard(account))


def _write(jira: Site, asked: Asked, change: Callable[[Issue, str], None]) -> web.Response:
    if asked.person is None:
        return refusal(401, asked, "anonymous")
    issue = jira.visible(asked)
    if issue is None:
        return refusal(404, asked, "missing")
    if (late := jira.too_many_writes(issue)) is not None:
        return late
    account = asked.person.account_id
    reasons = [
        reason
        for reason, holds in {
            "reporter": issue.reporter == account and not jira.reporters_may_vote,
            "resolved": issue.resolution is not None and not jira.resolved_may_vote,
            "voting off": not jira.voting_enabled,
            "not voted": asked.name == "DELETE votes"
            and jira.unvoted_delete_is_404
            and account not in issue.voters,
        }.items()
        if holds
    ]
    if reasons:
        return refusal(404, asked, *reasons)
    change(issue, account)
    return web.Response(status=204)


ENDPOINTS: tuple[tuple[str, str, Answering], ...] = (
    ("GET votes", "/issue/{key}/votes", _read),
    ("POST votes", "/issue/{key}/votes", _vote),
    ("DELETE votes", "/issue/{key}/votes", _withdraw),
)
