"""What people are told who want to watch an issue."""

from pollbot.jira.issues import issue_url
from pollbot.slack import waits
from pollbot.slack.clicks import WatchClick
from pollbot.slack.kit import Block, Message, button, connect_button, escape, link, words
from pollbot.text.catalog import say
from pollbot.votes.watches.rules import Watched


def watch_button(site: str, issue_key: str) -> Block:
    """Return the button by which somebody watches an issue."""
    return button(say("Watch"), WatchClick(issue=issue_key, site=site))


def receipt(site: str, issue_key: str, outcome: Watched) -> Message:
    """Return what the person who asked is told once it is decided."""
    key = _key(site, issue_key)
    match outcome:
        case Watched.DONE:
            return words(
                say(
                    ":eyes: You watch {issue} in Jira now: Jira tells you what happens on it, as "
                    "your settings there say. To stop, open it there.",
                    issue=key,
                )
            )
        case Watched.NOT_FOUND:
            return words(
                say(
                    ":x: You do not watch it by this: Jira knows no issue {issue}, or does not "
                    "show it to you. Check the key, or ask for access to its project.",
                    issue=key,
                )
            )
        case Watched.NOT_ALLOWED:
            return words(
                say(
                    ":x: You do not watch {issue} by this: Jira does not allow your account or "
                    "its token to do so. Nothing was changed. Watch it in Jira itself, or ask an "
                    "administrator of its project.",
                    issue=key,
                )
            )
        case Watched.NOT_TAKEN:
            return words(
                say(
                    ":x: You do not watch {issue} by this: Jira did not take it. Perhaps watching "
                    "is switched off on this site. Nothing was changed; try it in Jira itself, "
                    "which may say more.",
                    issue=key,
                )
            )
        case Watched.EXPIRED:
            return words(
                say(
                    ":x: Whether you watch {issue} is not known: it waited 24 hours, and I have "
                    "stopped trying. If you still mean it, do it again.",
                    issue=key,
                ),
                watch_button(site, issue_key),
            )


def queued(site: str, issue_key: str, *, busy: bool = False) -> Message:
    """Return what is said while Jira is away, or too ``busy``."""
    reason = waits.JIRA_BUSY if busy else waits.JIRA_AWAY
    return words(waits.queued(reason, _saved(site, issue_key), waits.for_a_day()))


def queued_elsewhere(site: str, issue_key: str, host: str) -> Message:
    """Return what is said while the site's address leads to another ``host``."""
    reason = waits.site_moved(host)
    return words(waits.queued(reason, _saved(site, issue_key), waits.for_a_day()))


def connect_first(site: str, issue_key: str) -> Message:
    """Return the way to connect, for someone whose wish waits for it."""
    first = say("You watch issues under your own name, so pollbot needs your Jira account once.")
    said = waits.once_connected(first, _saved(site, issue_key), waits.for_a_day())
    return words(said, connect_button(site))


def connect_again(site: str, issue_key: str) -> Message:
    """Return the way back, for someone whose token Jira no longer accepts."""
    saved = say(
        "that you want to watch {issue} is saved, and reaches Jira by itself",
        issue=_key(site, issue_key),
    )
    return words(waits.with_a_new_token(saved, waits.for_a_day()), connect_button(site))


def _saved(site: str, issue_key: str) -> str:
    return say(
        "That you want to watch {issue} is saved, and reaches Jira by itself",
        issue=_key(site, issue_key),
    )


def _key(site: str, issue_key: str) -> str:
    return link(issue_url(site, issue_key), escape(issue_key))
