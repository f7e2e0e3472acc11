"""What a browser shows while somebody signs in; whole pages, with nothing to load beside them."""

from collections.abc import Sequence
from html import escape

from pollbot.accounts.rules import Connected
from pollbot.jira.issues import host_of
from pollbot.slack.markup import unmarked
from pollbot.text.catalog import say, spoken

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
    host = escape(host_of(site))
    lets = (
        say(
            "This lets pollbot vote on <b>{host}</b> for <b>{name}</b> in Slack, with the "
            "Atlassian account that you sign in with.",
            host=host,
            name=escape(name),
        )
        if name
        else say(
            "This lets pollbot vote on <b>{host}</b> for the person who asked for this in Slack, "
            "with the Atlassian account that you sign in with.",
            host=host,
        )
    )
    elsewhere = say("Is that not you? Then close this page: nothing has been changed.")
    sign_in = say("Sign in with Atlassian")
    choose = say(
        "Choose {host} there. You can take it back at any time, with /pollbot disconnect in Slack.",
        host=host,
    )
    return page(
        say("Connect your Jira account"),
        f"<p>{lets}</p><p>{elsewhere}</p>"
        f'<p><a href="{escape(way)}">{sign_in}</a></p><p><small>{choose}</small></p>',
    )


def connected(on: Sequence[Connected]) -> str:
    """Return the page after it has worked."""
    votes = say(
        "pollbot votes on <b>{host}</b> as <b>{name}</b> now, for you alone.",
        host="</b>, <b>".join(escape(host_of(one.site)) for one in on),
        name=escape(on[0].name),
    )
    back = say("You can close this page and go back to Slack.")
    return page(say("You are connected"), f"<p>{votes}</p><p>{back}</p>")


def refused(said: str) -> str:
    """Return the page that says why it has not worked."""
    return page(say("You are not connected"), f"<p>{escape(unmarked(said))}</p>")


def page(title: str, body: str) -> str:
    """Return a whole page, of a title and HTML."""
    return (
        f'<!doctype html><html lang="{spoken().code}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
