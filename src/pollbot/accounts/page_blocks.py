"""What a browser shows while somebody signs in; whole pages, with nothing to load beside them."""

from html import escape

from pollbot.jira.issues import host_of
from pollbot.slack.markup import unmarked

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;color:#1d1c1d;background:#f4f4f4;margin:0;"
    "display:grid;min-height:100vh;place-items:center}"
    "main{background:#fff;max-width:26rem;margin:1rem;padding:2rem;border-radius:.75rem;"
    "box-shadow:0 1px 4px #0003}h1{font-size:1.25rem;margin:0 0 1rem}p{margin:0 0 1rem}"
    "a{display:inline-block;background:#0052cc;color:#fff;padding:.6rem 1.1rem;"
    "border-radius:.4rem;text-decoration:none}small{color:#555}"
    "@media(prefers-color-scheme:dark){body{background:#1a1d21;color:#e8e8e8}"
    "main{background:#222529}small{color:#aaa}}"
)


def who_connects(site: str, name: str, way: str) -> str:
    """Return the page before Atlassian's; ``way`` leads there, ``name`` is who asked in Slack."""
    who = f"<b>{escape(name)}</b>" if name else "the person who asked for this in Slack"
    return _page(
        "Connect your Jira account",
        f"<p>This lets pollbot vote on <b>{escape(host_of(site))}</b> for {who} in Slack, with the "
        "Atlassian account that you sign in with.</p>"
        "<p>Is that not you? Then close this page: nothing has been changed.</p>"
        f'<p><a href="{escape(way)}">Sign in with Atlassian</a></p>'
        f"<p><small>Choose {escape(host_of(site))} there. You can take it back at any time, with "
        "/pollbot disconnect in Slack.</small></p>",
    )


def connected(site: str, name: str) -> str:
    """Return the page after it has worked."""
    return _page(
        "You are connected",
        f"<p>pollbot votes on <b>{escape(host_of(site))}</b> as <b>{escape(name)}</b> now, for you "
        "alone.</p><p>You can close this page and go back to Slack.</p>",
    )


def refused(said: str) -> str:
    """Return the page that says why it has not worked."""
    return _page("You are not connected", f"<p>{escape(unmarked(said))}</p>")


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
