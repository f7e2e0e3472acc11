"""The issue's card, and the receipts for votes."""

from collections.abc import Sequence

from pollbot.jira.issues import Issue, issue_url
from pollbot.jira.rules import Wish
from pollbot.slack import waits
from pollbot.slack.clicks import ScheduleIssueClick, TellClick, VoteClick, WithdrawClick
from pollbot.slack.closed import outside, way_in
from pollbot.slack.kit import (
    Block,
    Message,
    actions,
    button,
    connect_button,
    context,
    escape,
    link,
    places,
    quoted,
    section,
    words,
)
from pollbot.text.catalog import say, say_number
from pollbot.votes.rules import Outcome, Refusal
from pollbot.votes.watches.blocks import watch_button, watch_menu

_SUMMARY = 300
_NAME = 40
_NAMES_SHOWN = 12
_NAMES_LONG = 2800


Wishes = Sequence[tuple[str, Wish]]
"""What somebody wants of some issues of one site, by their keys."""


def issue_card(card_id: str, site: str, issue: Issue) -> Message:
    """Return the card that everybody in the channel sees and may press."""
    small = " · ".join(quoted(part, 80) for part in (issue.status, issue.type) if part)
    title = f"*{_key(site, issue.key)}*  {quoted(issue.summary, _SUMMARY)}"
    blocks: list[Block] = [section(f"{title}\n{small}"), section(_count_line(issue))]
    if issue.resolution is None:
        blocks.append(actions(*_buttons(site, issue.key, card_id)))
    else:
        blocks.append(
            context(
                say(
                    "Resolved ({how}): Jira takes no more votes on it.",
                    how=quoted(issue.resolution, 80),
                )
            )
        )
    if issue.is_idea:
        blocks.append(
            context(
                say(
                    ":bulb: This is an idea of Jira Product Discovery. A vote here is one of "
                    "Jira's, which its views there may not show."
                )
            )
        )
    state = (
        issue.status if issue.resolution is None else say("{status}, resolved", status=issue.status)
    )
    text = (
        f"{escape(issue.key)}: {quoted(issue.summary, _SUMMARY)} ({quoted(state, 80)}) – "
        f"{_votes(issue.votes)}."
    )
    return Message(text, blocks)


def receipt(site: str, issue_key: str, wish: Wish, outcome: Outcome) -> Message:
    """Return what the person who asked is told once Jira has decided."""
    issue = outcome.issue
    key = _key(site, issue.key if issue is not None else issue_key)
    if outcome.refusal is not None:
        return _refused(site, issue_key, wish, outcome.refusal, issue)
    name = issue.key if issue is not None else issue_key
    count = (
        say_number(issue.votes, "It has {number} vote now.", "It has {number} votes now.")
        if issue is not None
        else say("Jira did not answer when asked for the new count.")
    )
    if wish is Wish.VOTE:
        done = say(":white_check_mark: Your vote on {issue} is counted in Jira.", issue=key)
        return words(f"{done} {count}", _withdraw(site, name))
    done = say(":white_check_mark: Your vote on {issue} is withdrawn in Jira.", issue=key)
    return words(f"{done} {count}", _vote(site, name))


def _vote(site: str, key: str) -> Block:
    """Return the button that votes; what is heard of it tells it from others in one message."""
    spoken = say("Vote on {issue}", issue=key)
    return button(say("Vote"), VoteClick(issue=key, site=site), spoken=spoken)


def _withdraw(site: str, key: str) -> Block:
    spoken = say("Withdraw my vote from {issue}", issue=key)
    return button(say("Withdraw"), WithdrawClick(issue=key, site=site), spoken=spoken)


def queued(site: str, wishes: Wishes, *, busy: bool = False) -> Message:
    """Return what is said while Jira is away, or too ``busy``: kept, and nothing more to do."""
    reason, saved = waits.JIRA_BUSY if busy else waits.JIRA_AWAY, _saved(site, wishes)
    return words(waits.queued(reason, saved, waits.for_a_day()))


def queued_elsewhere(site: str, issue_key: str, wish: Wish, host: str) -> Message:
    """Return what is said while the site's address leads to another ``host``."""
    key = _key(site, issue_key)
    if wish is Wish.VOTE:
        return words(
            say(
                ":warning: Not counted yet: the address of Jira that pollbot has leads to {host} "
                "now, where pollbot sends nobody's token. Your vote on {issue} is saved for 24 "
                "hours, should Jira answer there again. Whoever runs pollbot has to mend the "
                "address (POLLBOT_JIRA_URL); if it becomes another one, vote again after that.",
                host=escape(host),
                issue=key,
            )
        )
    return words(
        say(
            ":warning: Not counted yet: the address of Jira that pollbot has leads to {host} now, "
            "where pollbot sends nobody's token. Your withdrawal from {issue} is saved for 24 "
            "hours, should Jira answer there again. Whoever runs pollbot has to mend the address "
            "(POLLBOT_JIRA_URL); if it becomes another one, vote again after that.",
            host=escape(host),
            issue=key,
        )
    )


def _saved(site: str, wishes: Wishes) -> str:
    """Return the clause of what is kept, as the beginning of a sentence."""
    issues = ", ".join(_key(site, key) for key, _ in wishes)
    match sorted({wish for _, wish in wishes}), len(wishes):
        case [Wish.VOTE], 1:
            return say("Your vote on {issue} is saved, and reaches Jira by itself", issue=issues)
        case [Wish.WITHDRAW], 1:
            return say(
                "Your withdrawal from {issue} is saved, and reaches Jira by itself", issue=issues
            )
        case [Wish.VOTE], _:
            return say(
                "Your votes on {issues} are saved, and reach Jira by themselves", issues=issues
            )
        case [Wish.WITHDRAW], _:
            return say(
                "Your withdrawals from {issues} are saved, and reach Jira by themselves",
                issues=issues,
            )
        case _:
            return say(
                "Your votes and withdrawals on {issues} are saved, and reach Jira by themselves",
                issues=issues,
            )


def not_final(site: str, issue_key: str, wish: Wish) -> Message:
    """Return what is said while Jira has it, but an earlier try may still land there."""
    key = _key(site, issue_key)
    if wish is Wish.VOTE:
        return words(
            say(
                ":hourglass_flowing_sand: Jira has your vote on {issue}, but that is not final: "
                "over your withdrawal from before Jira took so long that it may still arrive "
                "there. I look again for about a minute, vote again if it does, and tell you then "
                "how it stands. You need not do anything.",
                issue=key,
            )
        )
    return words(
        say(
            ":hourglass_flowing_sand: Jira has no vote of yours on {issue} now, but that is not "
            "final: over your vote from before Jira took so long that it may still arrive there. "
            "I look again for about a minute, withdraw it again if it does, and tell you then how "
            "it stands. You need not do anything.",
            issue=key,
        )
    )


def connect_first(site: str, wishes: Wishes, on: str = "") -> Message:
    """Return the way to connect, for someone whose votes wait for it; ``on`` names the site."""
    first = (
        say(
            "Votes count in Jira under your own name, so pollbot needs your Jira account on {host} "
            "once.",
            host=escape(on),
        )
        if on
        else say(
            "Votes count in Jira under your own name, so pollbot needs your Jira account once."
        )
    )
    said = waits.once_connected(first, _saved(site, wishes), waits.for_a_day())
    return words(said, connect_button(site))


def connect_again(site: str, wishes: Wishes) -> Message:
    """Return the way back, for someone whose token Jira no longer accepts."""
    issues = ", ".join(_key(site, key) for key, _ in wishes)
    if len(wishes) > 1:
        saved = say(
            "your votes and withdrawals on {issues} are saved, and reach Jira by themselves",
            issues=issues,
        )
    elif wishes[0][1] is Wish.VOTE:
        saved = say("your vote on {issue} is saved, and reaches Jira by itself", issue=issues)
    else:
        saved = say(
            "your withdrawal from {issue} is saved, and reaches Jira by itself", issue=issues
        )
    said = waits.with_a_new_token(saved, waits.for_a_day())
    return words(said, connect_button(site))


def connect_to_see(site: str, issue_key: str) -> Message:
    """Return the way to connect, for someone whose card could not be read as nobody."""
    return words(
        say(
            ":link: Jira shows {issue} only to people it knows, so no card was posted. Connect "
            "your Jira account, then run `/votes` again.",
            issue=_key(site, issue_key),
        ),
        connect_button(site),
    )


def connect_again_to_see(site: str, issue_key: str) -> Message:
    """Return the way to connect anew, for someone whose token Jira does not take any more."""
    return words(
        say(
            ":link: No card of {issue} was posted: Jira no longer accepts the token of your "
            "account. Connect it again, then run `/votes` again.",
            issue=_key(site, issue_key),
        ),
        connect_button(site),
    )


def card_refused(site: str, issue_key: str, status: int) -> Message:
    """Return why no card was posted, where Jira gave no reason that is known."""
    return words(
        say(
            ":x: No card was posted: Jira refused to show {issue} (HTTP {status}). Look whether "
            "it opens in Jira; if it does, tell whoever runs pollbot.",
            issue=_key(site, issue_key),
            status=status,
        )
    )


def card_not_found(site: str, issue_key: str) -> Message:
    """Return why no card was posted."""
    return words(
        say(
            ":x: No card was posted: Jira knows no issue {issue}, or does not show it to you. "
            "Check the key, or ask for access to its project.",
            issue=_key(site, issue_key),
        )
    )


def card_not_posted(site: str, issue_key: str, why: str) -> Message:
    """Return that no card was posted; ``why`` is a sentence, and markup already."""
    return words(
        say(
            ":x: No card was posted for {issue}. {why} Then run `/votes` again.",
            issue=_key(site, issue_key),
            why=why,
        )
    )


def card_perhaps_posted(site: str, issue_key: str, channel_id: str) -> Message:
    """Return what is said if Slack may have taken a card, or not."""
    return words(
        say(
            ":warning: Slack did not answer twice while pollbot was posting the card of {issue} "
            "in {place}. It may hang there twice, once or not at all, and is not posted again by "
            "itself. Please look there: if it is missing, run `/votes` again. Each one that hangs "
            "there takes votes.",
            issue=_key(site, issue_key),
            place=places([channel_id]),
        )
    )


def card_waits(site: str, issue_key: str, *, busy: bool = False) -> Message:
    """Return what is said while a card waits for Jira, which is away or too ``busy``."""
    reason = waits.JIRA_BUSY if busy else waits.JIRA_AWAY
    return words(
        say(
            ":hourglass_flowing_sand: Queued: {why}. The card of {issue} appears here by itself "
            "{until}.",
            why=reason.why,
            issue=_key(site, issue_key),
            until=reason.until,
        )
    )


def card_given_up(site: str, issue_key: str) -> Message:
    """Return what is said when Jira stayed away for too long."""
    return words(
        say(
            ":x: Jira did not answer for an hour, so the card of {issue} was not posted. Run "
            "`/votes` again when Jira is back.",
            issue=_key(site, issue_key),
        )
    )


def _buttons(site: str, key: str, card_id: str) -> tuple[Block, ...]:
    return (
        button(say("Vote"), VoteClick(issue=key, site=site, card=card_id), style="primary"),
        button(say("Withdraw"), WithdrawClick(issue=key, site=site, card=card_id)),
        button(say("Schedule results"), ScheduleIssueClick(issue=key, site=site)),
        *watch_menu(
            site,
            key,
            (say("Tell at … votes"), TellClick(issue=key, site=site, deed="tell")),
        ),
    )


def _count_line(issue: Issue) -> str:
    count = f":ballot_box_with_ballot: *{_votes(issue.votes)}*"
    if not issue.voters:
        return count
    names = [quoted(name, _NAME) for name in issue.voters[:_NAMES_SHOWN]]
    while len(", ".join(names)) > _NAMES_LONG:
        names.pop()
    rest, named = max(issue.votes, len(issue.voters)) - len(names), ", ".join(names)
    if rest:
        named = say_number(
            rest, "{names} and {number} more", "{names} and {number} more", names=named
        )
    return f"{count}  {named}"


def _votes(count: int) -> str:
    return say_number(count, "{number} vote", "{number} votes")


def _key(site: str, key: str) -> str:
    return link(issue_url(site, key), escape(key))


def _refused(
    site: str, issue_key: str, wish: Wish, refusal: Refusal, issue: Issue | None
) -> Message:
    key = _key(site, issue.key if issue is not None else issue_key)
    what = (
        say("Your vote was not cast") if wish is Wish.VOTE else say("Your vote was not withdrawn")
    )
    watch = watch_button(site, issue.key if issue is not None else issue_key)
    match refusal:
        case Refusal.NOT_FOUND:
            return words(
                say(
                    ":x: {what}: Jira knows no issue {issue}, or does not show it to you. Check "
                    "the key, or ask for access to its project.",
                    what=what,
                    issue=key,
                )
            )
        case Refusal.RESOLVED:
            return words(_resolved(what, key, issue), watch)
        case Refusal.VOTING_OFF:
            return words(
                say(
                    ":x: {what}: voting is switched off where {issue} lives. A Jira administrator "
                    "can allow it; until then, watching the issue or a comment shows your "
                    "interest.",
                    what=what,
                    issue=key,
                ),
                watch,
            )
        case Refusal.OWN_REPORT:
            return words(
                say(
                    ":x: {what}: you reported {issue}, and this Jira does not let reporters vote "
                    "on their own issues. Your report already speaks for it; others can vote.",
                    what=what,
                    issue=key,
                ),
                watch,
            )
        case Refusal.NOT_VOTED:
            return words(
                _not_voted(key, issue),
                _vote(site, issue.key if issue is not None else issue_key),
            )
        case Refusal.NOT_ALLOWED:
            return words(
                say(
                    ":x: {what}: Jira does not allow your account to vote on {issue}. Ask an "
                    "administrator of its project; nothing was changed.",
                    what=what,
                    issue=key,
                ),
                watch,
            )
        case Refusal.EXPIRED:
            return words(
                say(
                    ":x: {what}: it waited 24 hours for {issue}, and I have stopped trying. If "
                    "you still mean it, do it again.",
                    what=what,
                    issue=key,
                ),
                _vote(site, issue_key) if wish is Wish.VOTE else _withdraw(site, issue_key),
            )
        case Refusal.UNEXPLAINED:
            return words(
                say(
                    ":x: {what}: Jira refused it for {issue} and the issue does not show why. "
                    "Nothing was changed. Try it in Jira itself; it may say more there.",
                    what=what,
                    issue=key,
                )
            )


def _resolved(what: str, key: str, issue: Issue | None) -> str:
    how = quoted(issue.resolution or "", 80) if issue is not None else ""
    if how:
        return say(
            ":x: {what}: {issue} is resolved ({how}), and Jira takes no votes on resolved issues. "
            "If it still matters, comment on it in Jira or ask for it to be reopened.",
            what=what,
            issue=key,
            how=how,
        )
    return say(
        ":x: {what}: {issue} is resolved, and Jira takes no votes on resolved issues. If it still "
        "matters, comment on it in Jira or ask for it to be reopened.",
        what=what,
        issue=key,
    )


def _not_voted(key: str, issue: Issue | None) -> str:
    said = say(
        ":information_source: You have no vote on {issue}, so there was nothing to withdraw.",
        issue=key,
    )
    if issue is None:
        return said
    count = say_number(issue.votes, "It has {number} vote.", "It has {number} votes.")
    return f"{said} {count}"


def issue_card_outside(channel_id: str) -> Message:
    """Return what does not work on an issue's card in a channel without the app."""
    return words(
        say(
            ":information_source: {outside}, so Slack lets it change a card there only in the "
            "half hour after somebody presses it. After that, votes cast elsewhere appear on it "
            "once somebody presses it again. {way_in}",
            outside=outside(channel_id),
            way_in=way_in(channel_id),
        )
    )
