"""The comments of the pretended Jira: written, edited and listed.

Source: developer.atlassian.com, Jira Cloud REST v3, "Issue comments".
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from pollbot.sandbox.jira.adf import LONGEST_COMMENT, adf_problems, adf_text, size
from pollbot.sandbox.jira.calls import Asked, refusal, said_no
from pollbot.sandbox.jira.people import Comment, Issue, JiraPerson, user_json
from pollbot.sandbox.jira.site import Answering, Site

MOST_LISTED = 100
_ORDERS = {"created": False, "+created": False, "-created": True}


def _add(jira: Site, asked: Asked) -> web.Response:
    issue = jira.visible(asked)
    if issue is None:
        return refusal(404, asked, "missing")
    if asked.person is None:
        return refusal(401, asked, "anonymous comment")
    if not asked.person.comments_in(issue):
        return refusal(403, asked, "may not comment")
    body = _body(asked)
    if isinstance(body, web.Response):
        return body
    if (late := jira.too_many_writes(issue)) is not None:
        return late
    now = jira.now()
    comment = Comment(jira.next_id(), asked.person.account_id, body, now, now)
    issue.comments.append(comment)
    return web.json_response(_comment_json(jira, issue, comment), status=201)


def _edit(jira: Site, asked: Asked) -> web.Response:
    issue = jira.visible(asked)
    if issue is None:
        return refusal(404, asked, "missing")
    wanted = asked.request.match_info["comment_id"]
    comment = next((one for one in issue.comments if one.id == wanted), None)
    if comment is None:
        return said_no(404, f"Can not find a comment for the id: {wanted}.")
    if not _edits(asked.person, issue, comment):
        return refusal(400, asked, "may not edit comment")
    body = _body(asked)
    if isinstance(body, web.Response):
        return body
    if (late := jira.too_many_writes(issue)) is not None:
        return late
    comment.body, comment.updated = body, jira.now()
    return web.json_response(_comment_json(jira, issue, comment))


def _list(jira: Site, asked: Asked) -> web.Response:
    issue = jira.visible(asked)
    if issue is None:
        return refusal(404, asked, "missing")
    query = asked.request.query
    order = query.get("orderBy", "created")
    if order not in _ORDERS:
        return said_no(400, f"The value '{order}' is not valid for orderBy.")
    try:
        start, most = int(query.get("startAt", "0")), int(query.get("maxResults", "100"))
    except ValueError:
        return said_no(400, "startAt and maxResults are whole numbers.")
    start, most = max(0, start), min(max(0, most), MOST_LISTED)
    ordered = issue.comments[::-1] if _ORDERS[order] else issue.comments
    return web.json_response(
        {
            "startAt": start,
            "maxResults": most,
            "total": len(ordered),
            "comments": [
                _comment_json(jira, issue, comment) for comment in ordered[start : start + most]
            ],
        }
    )


ENDPOINTS: tuple[tuple[str, str, Answering], ...] = (
    ("GET comments", "/issue/{key}/comment", _list),
    ("POST comment", "/issue/{key}/comment", _add),
    ("PUT comment", "/issue/{key}/comment/{comment_id}", _edit),
)


def _edits(person: JiraPerson | None, issue: Issue, comment: Comment) -> bool:
    return person is not None and person.account_id == comment.author and person.comments_in(issue)


def _body(asked: Asked) -> dict[str, Any] | web.Response:
    """Return the document that was sent, or why it is none."""
    try:
        said = json.loads(asked.body)
    except ValueError:
        return said_no(400, "There was an error parsing JSON. Check that your request is valid.")
    body = said.get("body") if isinstance(said, dict) else None
    if not isinstance(body, dict):
        return said_no(
            400,
            comment="Operation value must be an Atlassian Document "
            "(see the Atlassian Document Format)",
        )
    if adf_problems(body):
        return said_no(400, "INVALID_INPUT")
    if not adf_text(body).strip():
        return said_no(400, comment="Comment body can not be empty!")
    if size(body) > LONGEST_COMMENT:
        return said_no(
            400,
            comment="The entered text is too long. It exceeds the allowed limit of "
            f"{LONGEST_COMMENT:,} characters.",
        )
    return body


def _comment_json(jira: Site, issue: Issue, comment: Comment) -> dict[str, Any]:
    author = jira.people.get(comment.author)
    who = user_json(author, jira.site_url) if author else None
    return {
        "self": f"{jira.site_url}/rest/api/3/issue/{issue.id}/comment/{comment.id}",
        "id": comment.id,
        "author": who,
        "body": comment.body,
        "updateAuthor": who,
        "created": _instant(comment.created),
        "updated": _instant(comment.updated),
        "jsdPublic": True,
    }


def _instant(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}+0000"
