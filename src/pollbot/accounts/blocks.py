"""The form that connects a Jira account, what it turns into, and the help."""

from collections.abc import Sequence

from pollbot.accounts.rules import EMAIL, TOKEN, Dropped, Ending, Waiting
from pollbot.jira.issues import host_of, issue_url
from pollbot.jira.rules import Wish
from pollbot.people import Account
from pollbot.slack.clicks import SignInClick
from pollbot.slack.kit import (
    Block,
    Message,
    actions,
    connect_button,
    escape,
    fit,
    link,
    link_button,
    moment,
    quoted,
    section,
    text_input,
    view,
    words,
)
from pollbot.text.command_words import in_help

CONNECT_FORM = "connect_jira"
TOLD_FORM = "told"
_MOST_NAMED = 20
_MOST_POLLS = 8
_TOKENS_PAGE = "https://id.atlassian.com/manage-profile/security/api-tokens"


def connect_form(
    site: str,
    memory: str,
    *,
    problem: str = "",
    email: str = "",
    account: Account | None = None,
    sign_in: str = "",
) -> Block:
    """Return the form for an e-mail and an API token; ``problem`` stands on top of it.

    ``account`` is the one that the person has connected already; ``sign_in`` is the address
    at which they can sign in instead, if there is that way.
    """
    blocks = [
        *([section(f":warning: {problem}")] if problem else []),
        *([section(_connected_as(site, account))] if account is not None else []),
        *(_signing_in(site, sign_in) if sign_in else []),
        section(
            f"pollbot votes on *{escape(host_of(site))}* as you, with an API token of yours. "
            "It is checked with Jira now, kept encrypted, sent to nobody but Jira, and forgotten "
            f"with `/pollbot disconnect`. {link(_TOKENS_PAGE, 'Make a token')}; one with scopes "
            "needs `read:jira-user`, `read:jira-work` and `write:jira-work`."
        ),
        text_input(
            EMAIL,
            "Your Jira e-mail",
            hint="The address that you sign in to Jira with.",
            placeholder="you@example.com",
            element="email_text_input",
            initial=email,
        ),
        text_input(
            TOKEN,
            "Your API token",
            hint="Not your password. Paste the whole token.",
            placeholder="Paste it here",
            element="plain_text_input",
        ),
    ]
    return view(
        "Connect Jira",
        blocks,
        callback_id=CONNECT_FORM,
        submit="Connect",
        close="Cancel",
        memory=memory,
    )


def _signing_in(site: str, address: str) -> list[Block]:
    return [
        section(
            f"Sign in at Atlassian and choose *{escape(host_of(site))}*: pollbot then votes as "
            "you, with no token to make. The link is yours alone and works for ten minutes."
        ),
        actions(link_button("Sign in with Atlassian", SignInClick(), address, style="primary")),
        {"type": "divider"},
        section("*Or with an API token*"),
    ]


def checking(site: str) -> Block:
    """Return what the form shows while Jira takes its time."""
    return _told(
        f":hourglass_flowing_sand: Checking with {escape(host_of(site))}, which is slow to answer. "
        "You may close this; I will tell you how it went. If you hear nothing within two minutes, "
        "run `/pollbot connect` again: until the check has passed, nothing is stored."
    )


def connected(site: str, name: str, waiting: Waiting) -> str:
    """Return the sentence for a connection that works."""
    return (
        f":white_check_mark: You are connected to {escape(host_of(site))} as "
        f"*{quoted(name, 80)}*. {_waiting(site, waiting)}"
    ).rstrip()


def connected_form(site: str, name: str, waiting: Waiting) -> Block:
    """Return what the form turns into when the connection works."""
    return _told(connected(site, name, waiting))


def not_taken(problem: str) -> str:
    """Return the sentence for a connection that did not come about, and why."""
    return f":x: Your Jira account is not connected. {problem}"


def disconnected(site: str, dropped: Dropped) -> Message:
    """Return what is said once the account is forgotten."""
    return words(
        f":white_check_mark: Your Jira account is disconnected and your token is forgotten."
        f"{_dropped(site, dropped)} Votes that Jira has counted stay. You may also revoke "
        f"the token on {link(_TOKENS_PAGE, 'Atlassian’s page')}."
    )


def not_connected(site: str, dropped: Dropped) -> Message:
    """Return what is said to somebody who has no account to disconnect."""
    if dropped.votes or dropped.polls:
        return words(f"You have no Jira account connected.{_dropped(site, dropped)}")
    return words("You have no Jira account connected, so there is nothing to forget.")


def linked(site: str, key: str, *, seen: bool) -> Message:
    """Return what the channel is told about its new link; ``seen``: Jira has shown the issue."""
    issue = link(issue_url(site, key), key)
    unseen = "" if seen else " I could not look in Jira whether there is such an issue: check it."
    return words(
        f":link: This channel is now linked to {issue}.{unseen} {_what_a_link_does(issue)}"
    )


def link_of(site: str, key: str | None) -> Message:
    """Return what is said to somebody who asks what the channel is linked to."""
    if key is None:
        return words(
            "This channel is linked to no issue. `/pollbot link PLAT-12` links it to one, so that "
            "`/vote` alone is enough here."
        )
    issue = link(issue_url(site, key), key)
    return words(
        f":link: This channel is linked to {issue}. {_what_a_link_does(issue)} "
        "`/pollbot link` with another issue changes that, `/pollbot unlink` ends it."
    )


def ends_soon(ending: Ending) -> Message:
    """Return what somebody is told whose account is over soon."""
    host, day = escape(host_of(ending.site)), moment(ending.ends_at)
    what = (
        f"What you allowed at Atlassian for *{host}* ends after a year, on {day} at the latest."
        if ending.signed_in
        else f"An API token lives for a year at most, so the one with which you connected to "
        f"*{host}* ends by {day}, or earlier if it was older then."
    )
    return words(
        f":hourglass: {what} Connect anew before that: your votes then go on without a break.",
        connect_button(),
    )


def unlinked(site: str, key: str | None) -> Message:
    """Return what is said after a link was removed, or was not there."""
    if key is None:
        return words("This channel is linked to no issue, so nothing was changed.")
    return words(f"This channel is no longer linked to {link(issue_url(site, key), key)}.")


def help_text(word: str = "", meant: str | None = None) -> Message:
    """Return everything pollbot understands; ``word`` is what it did not.

    ``meant`` is the word after /pollbot that was probably meant.
    """
    near = f" Did you mean `/pollbot {meant}`?" if meant else ""
    first = f"I do not know “{quoted(word, 40)}”.{near} This is what I know:\n" if word else ""
    return words(f"{first}{in_help()}")


def _what_a_link_does(issue: str) -> str:
    return (
        "Here, `/vote`, `/unvote` and `/votes` mean that issue when they name none, and a poll is "
        f'on it: `/poll "Lunch?" …` makes one on {issue}. `/poll here "Lunch?" …` makes one on no '
        "issue."
    )


def _connected_as(site: str, account: Account) -> str:
    who = f"as *{quoted(account.display_name, 80)}* to {escape(host_of(site))}"
    if account.refused:
        return (
            f":warning: You were connected {who}, but Jira does not accept that token any more. "
            "Paste a new one."
        )
    return (
        f":white_check_mark: You are connected {who}. Another token takes the place of yours; "
        "`/pollbot disconnect` forgets it."
    )


def _told(text: str) -> Block:
    return view("Connect Jira", [section(text)], callback_id=TOLD_FORM)


def _waiting(site: str, waiting: Waiting) -> str:
    said = []
    if waiting.votes:
        said.append(f"Your vote on {_issues(site, list(waiting.votes))} is on its way to Jira.")
    if waiting.polls:
        be = "are" if len(waiting.polls) > 1 else "is"
        said.append(
            f"{_polls(waiting.polls).replace('your', 'Your', 1)} {be} being made, and posted then."
        )
    return " ".join(said) or "Your votes now count under your own name: try `/vote` with an issue."


def _dropped(site: str, dropped: Dropped) -> str:
    """Return what was dropped with the account, and what is left open of the wishes."""
    votes = [
        f"your {'vote on' if one.wish is Wish.VOTE else 'withdrawal from'} "
        f"{link(issue_url(site, one.issue_key), one.issue_key)}"
        for one in dropped.votes[:_MOST_NAMED]
    ]
    rest = len(dropped.votes) - len(votes)
    more = f" and {rest} more" if rest else ""
    made = f" Dropped with it, and not made: {_polls(dropped.polls)}." if dropped.polls else ""
    if not dropped.votes:
        return made
    which = _issues(site, [one.issue_key for one in dropped.votes if one.may_land])
    unless = (
        f" A call over {which} had left already, though: that one may still arrive there."
        if which
        else ""
    )
    return (
        f" Dropped with it, since saved but not counted yet: {', '.join(votes)}{more}. What was "
        f"dropped will not reach Jira any more.{unless}{made}"
    )


def _polls(titles: Sequence[str]) -> str:
    named = [f"“{fit(title, 40, 80)}”" for title in titles[:_MOST_POLLS]]
    rest = len(titles) - len(named)
    what = "your poll" if len(titles) == 1 else "your polls"
    return f"{what} {', '.join(named)}{f' and {rest} more' if rest else ''}"


def _issues(site: str, keys: list[str]) -> str:
    named = [link(issue_url(site, key), key) for key in keys[:5]]
    rest = len(keys) - len(named)
    return ", ".join(named) + (f" and {rest} more" if rest else "")
