"""An issue's page on the pretended site, as a browser shows it."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

from aiohttp import web

from pollbot.sandbox.jira.adf import as_html
from pollbot.sandbox.jira.people import Comment, Issue, in_language
from pollbot.sandbox.jira.site import Site

_STYLE = (
    "body{font:16px/1.5 sans-serif;margin:3rem auto;max-width:40rem;padding:0 1rem;"
    "color:#172b4d;background:#fff;overflow-wrap:anywhere}"
    "article{border-top:1px solid #dfe1e6;padding:.5rem 0}"
    "table{border-collapse:collapse;margin:1em 0}"
    "th,td{border:1px solid #c1c7d0;padding:.25rem .75rem;text-align:left;vertical-align:top}"
    "th{background:#f4f5f7;white-space:nowrap}td p,th p{margin:0}time,.small{color:#5e6c84}"
)


def issue_page(jira: Site, issue: Issue | None) -> web.Response:
    """Return the page a browser gets. Nobody is signed in there, so it shows what there is."""
    if issue is None:
        text, status = f"<!doctype html><p>{escape(in_language('missing', 'en_US'))}", 404
        return web.Response(text=text, status=status, content_type="text/html")
    names = [voter.name for voter in jira.voters(issue.key)]
    if issue.other_votes:
        names.append(f"{issue.other_votes} more")
    title = escape(f"{issue.key} {issue.summary}")
    comments = "".join(_article(jira, comment) for comment in issue.comments)
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>"
        f'<p class="small">Pretended Jira</p><h1>{title}</h1>'
        f"<p>{escape(f'{issue.type}, {issue.resolution or issue.status}')}</p>"
        f"<p><strong>Votes: {issue.votes}</strong></p><p>{escape(', '.join(names))}</p>"
        f"<h2>Comments: {len(issue.comments)}</h2>{comments}</body></html>"
    )
    return web.Response(text=text, content_type="text/html")


def consent_page(jira: Site, asked: str) -> web.Response:
    """Return the page on which somebody says who they are, and allows what an app asks for."""
    people = "".join(
        f'<p><a href="{escape(asked)}&amp;as={escape(person.account_id)}">'
        f"Allow it as {escape(person.name)}</a></p>"
        for person in jira.people.values()
    )
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pretended Atlassian'
        f"</title><style>{_STYLE}</style></head><body>"
        '<p class="small">Pretended Atlassian</p><h1>pollbot wants to act as you</h1>'
        f"<p>Site: <strong>{escape(jira.site_url)}</strong></p>{people}"
        f'<p><a href="{escape(asked)}&amp;as=">Cancel</a></p></body></html>'
    )
    return web.Response(text=text, content_type="text/html")


def _article(jira: Site, comment: Comment) -> str:
    author = escape(jira.name_of(comment.author) or "Former user")
    edited = ", edited" if comment.updated != comment.created else ""
    when = datetime.fromtimestamp(comment.updated, UTC)
    return (
        f"<article><p><strong>{author}</strong> "
        f'<time datetime="{when:%Y-%m-%dT%H:%M:%SZ}">{when:%Y-%m-%d %H:%M} UTC</time>{edited}</p>'
        f"{as_html(comment.body)}</article>"
    )
