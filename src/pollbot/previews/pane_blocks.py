"""An issue as a Work Object: below a link for everybody, and in the pane beside it for one."""

from pollbot.jira.issues import Issue, issue_url
from pollbot.jira.rules import Wish
from pollbot.previews.rules import Viewer
from pollbot.slack.clicks import (
    ConnectClick,
    PaneVoteClick,
    PaneWithdrawClick,
    VoteClick,
    WithdrawClick,
)
from pollbot.slack.entities import Entity, Head, Trouble, action, task, text_field
from pollbot.slack.kit import plain
from pollbot.text.catalog import say, say_number

_SUMMARY = 250
_SHORT = 75
_NAME = 40
_NAMES = 12


def below_link(card_id: str, site: str, issue: Issue) -> Entity:
    """Return what everybody in the channel sees below a link, and may press."""
    buttons = (
        action(say("Vote"), VoteClick(issue=issue.key, site=site, card=card_id), style="primary"),
        action(say("Withdraw"), WithdrawClick(issue=issue.key, site=site, card=card_id)),
    )
    fields = [_count(issue), *_notes(issue)]
    return _drawn(issue_url(site, issue.key), issue, fields, () if issue.resolution else buttons)


def instead(site: str, key: str, said: str) -> Entity:
    """Return what takes the place of an issue that may not be seen there any more."""
    return task(issue_url(site, key), Head(plain(said, _SUMMARY), key))


def pane(site: str, key: str, issue: Issue, viewer: Viewer, waiting: Wish | None) -> Entity:
    """Return the issue as one person sees it; ``key`` is that by which they opened it.

    ``waiting`` is what they asked for that Jira has not taken yet.
    """
    voters = () if not issue.voters else (text_field("voters", say("Who voted"), _names(issue)),)
    fields = [
        text_field("my_vote", say("Your vote"), _my_vote(issue, viewer, waiting), long=True),
        _count(issue),
        *voters,
        *_notes(issue),
    ]
    buttons: tuple[Entity, ...] = ()
    if issue.resolution is None:
        buttons = _wishes(site, key, stands=_stands(issue, viewer, waiting))
    if viewer != "connected":
        buttons = (*buttons[:1], _connect(site))
    return _drawn(issue_url(site, key), issue, fields, buttons)


def away(site: str, key: str, waiting: Wish | None, *, busy: bool = False) -> Trouble:
    """Return what is shown while Jira does not answer, or is too ``busy``: votes are kept."""
    if waiting is Wish.VOTE:
        said = say(
            "Your vote is saved, and reaches Jira by itself once Jira answers. You will be told."
        )
    elif waiting is Wish.WITHDRAW:
        said = say(
            "Your withdrawal is saved, and reaches Jira by itself once Jira answers. You will be "
            "told."
        )
    else:
        said = say(
            "You can vote all the same: it is saved, and reaches Jira by itself once Jira answers."
        )
    title = (
        say("Jira is too busy to show {issue}", issue=key)
        if busy
        else say("Jira does not answer, so {issue} cannot be shown", issue=key)
    )
    return Trouble(_titled(title), said, _wishes(site, key, stands=waiting))


def hidden(site: str, key: str, viewer: Viewer) -> Trouble:
    """Return what is shown to somebody who may not see the issue, as far as Jira says."""
    match viewer:
        case "connected":
            return Trouble(
                _titled(say("{issue} is not there for you", issue=key)),
                say(
                    "Jira knows no such issue, or does not show it to you. Ask for access to its "
                    "project."
                ),
            )
        case "refused":
            said = say(
                "Jira no longer accepts the token of your account. Connect it again, then open "
                "this again."
            )
        case "unknown":
            said = say(
                "Jira shows it only to people it knows. Connect your Jira account, then open this "
                "again."
            )
    return Trouble(_titled(say("{issue} needs your account", issue=key)), said, (_connect(site),))


def not_shown(key: str) -> Trouble:
    """Return what is shown where Jira gave no reason that is known."""
    return Trouble(
        _titled(say("{issue} cannot be shown", issue=key)),
        say(
            "Jira refused to show it. Look whether it opens in Jira; if it does, tell whoever runs "
            "pollbot."
        ),
    )


def not_ours() -> Trouble:
    """Return what is shown of something that pollbot knows nothing of."""
    return Trouble(
        say("Nothing to show"),
        say("This is no issue of a Jira site that pollbot works with here."),
    )


def _drawn(url: str, issue: Issue, fields: list[Entity], buttons: tuple[Entity, ...]) -> Entity:
    head = Head(
        plain(issue.summary, _SUMMARY),
        issue.key,
        plain(issue.type, _SHORT, empty=say("Issue")),
        plain(issue.status, _SHORT),
    )
    return task(url, head, fields, buttons)


def _count(issue: Issue) -> Entity:
    said = say_number(issue.votes, "{number} vote", "{number} votes")
    return text_field("votes", say("Votes"), said)


def _names(issue: Issue) -> str:
    voters = issue.voters or ()
    named = ", ".join(plain(name, _NAME) for name in voters[:_NAMES])
    rest = max(issue.votes, len(voters)) - len(voters[:_NAMES])
    return (
        say_number(rest, "{names} and {number} more", "{names} and {number} more", names=named)
        if rest
        else named
    )


def _notes(issue: Issue) -> list[Entity]:
    notes = []
    if issue.resolution is not None:
        how = plain(issue.resolution, _SHORT)
        said = say("Resolved ({how}): Jira takes no more votes on it.", how=how)
        notes.append(text_field("resolved", say("Resolution"), said, long=True))
    if issue.is_idea:
        said = say(
            "This is an idea of Jira Product Discovery. A vote here is one of Jira's, which its "
            "views there may not show."
        )
        notes.append(text_field("idea", say("Idea"), said, long=True))
    return notes


def _my_vote(issue: Issue, viewer: Viewer, waiting: Wish | None) -> str:
    if viewer == "refused":
        return say("Not known: Jira no longer accepts the token of your account.")
    if viewer == "unknown":
        if waiting is Wish.VOTE:
            return say("Saved. It is counted once you connect your Jira account.")
        return say("Not known: your Jira account is not connected.")
    match waiting:
        case Wish.VOTE:
            return say("Saved, and on its way to Jira.")
        case Wish.WITHDRAW:
            return say("Your withdrawal is saved, and on its way to Jira.")
    return say("You voted.") if issue.voted else say("You have not voted.")


def _stands(issue: Issue, viewer: Viewer, waiting: Wish | None) -> Wish | None:
    if waiting is not None or viewer != "connected":
        return waiting
    return Wish.VOTE if issue.voted else Wish.WITHDRAW


def _wishes(site: str, key: str, *, stands: Wish | None) -> tuple[Entity, ...]:
    """Return a button for each wish that is not what stands already."""
    vote = action(say("Vote"), PaneVoteClick(issue=key, site=site), style="primary")
    withdraw = action(say("Withdraw"), PaneWithdrawClick(issue=key, site=site))
    match stands:
        case Wish.VOTE:
            return (withdraw,)
        case Wish.WITHDRAW:
            return (vote,)
    return (vote, withdraw)


def _connect(site: str) -> Entity:
    return action(say("Connect Jira"), ConnectClick(site=site))


def _titled(title: str) -> str:
    return plain(title, _SUMMARY)
