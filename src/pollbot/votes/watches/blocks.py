"""What people are told who want to watch an issue, or to stop that."""

from pollbot.jira.issues import issue_url
from pollbot.jira.rules import Watching
from pollbot.slack import waits
from pollbot.slack.clicks import Click, UnwatchClick, WatchClick
from pollbot.slack.kit import Block, Message, button, connect_button, escape, link, menu, words
from pollbot.text.catalog import say
from pollbot.votes.watches.rules import Watched


def watch_button(site: str, issue_key: str) -> Block:
    """Return the button by which somebody watches an issue."""
    return button(say("Watch"), WatchClick(issue=issue_key, site=site))


def watch_menu(
    site: str, issue_key: str, *more: tuple[str, Click], of_several: bool = False
) -> list[Block]:
    """Return the menu in which each says whether they watch an issue, and ``more``.

    ``of_several`` issues in one message each names its own: what a menu offers is all that is
    heard of it.
    """
    watch, stop = say("Watch"), say("Stop watching")
    if of_several:
        watch = say("Watch {issue}", issue=issue_key)
        stop = say("Stop watching {issue}", issue=issue_key)
    return menu(
        (watch, WatchClick(issue=issue_key, site=site)),
        (stop, UnwatchClick(issue=issue_key, site=site, deed="unwatch")),
        *more,
    )


def receipt(site: str, issue_key: str, wish: Watching, outcome: Watched) -> Message:
    """Return what the person who asked is told once it is decided."""
    key, watches = _key(site, issue_key), wish is Watching.WATCH
    match outcome:
        case Watched.DONE if watches:
            return words(
                say(
                    ":eyes: You watch {issue} in Jira now: Jira tells you what happens on it, as "
                    "your settings there say.",
                    issue=key,
                ),
                _unwatch_button(site, issue_key),
            )
        case Watched.DONE:
            return words(
                say(":white_check_mark: You do not watch {issue} in Jira now.", issue=key),
                watch_button(site, issue_key),
            )
        case Watched.NOT_FOUND if watches:
            return words(
                say(
                    ":x: You do not watch it by this: Jira knows no issue {issue}, or does not "
                    "show it to you. Check the key, or ask for access to its project.",
                    issue=key,
                )
            )
        case Watched.NOT_FOUND:
            return words(
                say(
                    ":x: Nothing was changed: Jira knows no issue {issue}, or does not show it to "
                    "you. Check the key, or ask for access to its project.",
                    issue=key,
                )
            )
        case Watched.NOT_ALLOWED if watches:
            return words(
                say(
                    ":x: You do not watch {issue} by this: Jira does not allow your account or "
                    "its token to do so. Nothing was changed. Watch it in Jira itself, or ask an "
                    "administrator of its project.",
                    issue=key,
                )
            )
        case Watched.NOT_ALLOWED:
            return words(
                say(
                    ":x: Whether you watch {issue} was not changed: Jira does not allow your "
                    "account or its token to do so. Stop watching it in Jira itself, or ask an "
                    "administrator of its project.",
                    issue=key,
                )
            )
        case Watched.NOT_TAKEN if watches:
            return words(
                say(
                    ":x: You do not watch {issue} by this: Jira did not take it. Perhaps watching "
                    "is switched off on this site. Nothing was changed; try it in Jira itself, "
                    "which may say more.",
                    issue=key,
                )
            )
        case Watched.NOT_TAKEN:
            return words(
                say(
                    ":x: Whether you watch {issue} was not changed: Jira did not take it. Perhaps "
                    "watching is switched off on this site. Try it in Jira itself, which may say "
                    "more.",
                    issue=key,
                )
            )
        case Watched.EXPIRED:
            again = watch_button if watches else _unwatch_button
            return words(
                say(
                    ":x: Whether you watch {issue} is not known: it waited 24 hours, and I have "
                    "stopped trying. If you still mean it, do it again.",
                    issue=key,
                ),
                again(site, issue_key),
            )


def queued(site: str, issue_key: str, wish: Watching, *, busy: bool = False) -> Message:
    """Return what is said while Jira is away, or too ``busy``."""
    reason = waits.JIRA_BUSY if busy else waits.JIRA_AWAY
    return words(waits.queued(reason, _saved(site, issue_key, wish), waits.for_a_day()))


def queued_elsewhere(site: str, issue_key: str, wish: Watching, host: str) -> Message:
    """Return what is said while the site's address leads to another ``host``."""
    reason = waits.site_moved(host)
    return words(waits.queued(reason, _saved(site, issue_key, wish), waits.for_a_day()))


def not_final(site: str, issue_key: str, wish: Watching) -> Message:
    """Return what is said while Jira has it, but an earlier try may still land there."""
    key = _key(site, issue_key)
    if wish is Watching.WATCH:
        return words(
            say(
                ":hourglass_flowing_sand: Jira has you among those who watch {issue}, but that is "
                "not final: that you stop watching it, which you asked for before, may still "
                "arrive there. I look again for about a minute and tell you then how it stands. "
                "You need not do anything.",
                issue=key,
            )
        )
    return words(
        say(
            ":hourglass_flowing_sand: Jira does not have you among those who watch {issue}, but "
            "that is not final: that you watch it, which you asked for before, may still arrive "
            "there. I look again for about a minute and tell you then how it stands. You need not "
            "do anything.",
            issue=key,
        )
    )


def connect_first(site: str, issue_key: str, wish: Watching) -> Message:
    """Return the way to connect, for someone whose wish waits for it."""
    first = say("You watch issues under your own name, so pollbot needs your Jira account once.")
    said = waits.once_connected(first, _saved(site, issue_key, wish), waits.for_a_day())
    return words(said, connect_button(site))


def connect_again(site: str, issue_key: str, wish: Watching) -> Message:
    """Return the way back, for someone whose token Jira no longer accepts."""
    key = _key(site, issue_key)
    if wish is Watching.WATCH:
        saved = say(
            "that you want to watch {issue} is saved, and reaches Jira by itself", issue=key
        )
    else:
        saved = say(
            "that you want to stop watching {issue} is saved, and reaches Jira by itself",
            issue=key,
        )
    return words(waits.with_a_new_token(saved, waits.for_a_day()), connect_button(site))


def _unwatch_button(site: str, issue_key: str) -> Block:
    return button(say("Stop watching"), UnwatchClick(issue=issue_key, site=site, deed="unwatch"))


def _saved(site: str, issue_key: str, wish: Watching) -> str:
    key = _key(site, issue_key)
    if wish is Watching.WATCH:
        return say("That you want to watch {issue} is saved, and reaches Jira by itself", issue=key)
    return say(
        "That you want to stop watching {issue} is saved, and reaches Jira by itself", issue=key
    )


def _key(site: str, issue_key: str) -> str:
    return link(issue_url(site, issue_key), escape(issue_key))
