"""The issue's card, and the receipts for votes."""

from pollbot.jira.issues import Issue, issue_url
from pollbot.jira.rules import Wish
from pollbot.slack import waits
from pollbot.slack.clicks import ScheduleIssueClick, VoteClick, WithdrawClick
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
from pollbot.votes.rules import Outcome, Refusal

_SUMMARY = 300
_NAME = 40
_NAMES_SHOWN = 12
_NAMES_LONG = 2800


def issue_card(card_id: str, site: str, issue: Issue) -> Message:
    """Return the card that everybody in the channel sees and may press."""
    small = " · ".join(quoted(part, 80) for part in (issue.status, issue.type) if part)
    title = f"*{_key(site, issue.key)}*  {quoted(issue.summary, _SUMMARY)}"
    blocks: list[Block] = [section(f"{title}\n{small}"), section(_count_line(issue))]
    if issue.resolution is None:
        blocks.append(actions(*_buttons(issue.key, card_id)))
    else:
        blocks.append(
            context(f"Resolved ({quoted(issue.resolution, 80)}): Jira takes no more votes on it.")
        )
    state = issue.status if issue.resolution is None else f"{issue.status}, resolved"
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
        f"It has {_votes(issue.votes)} now."
        if issue is not None
        else "Jira did not answer when asked for the new count."
    )
    if wish is Wish.VOTE:
        return words(
            f":white_check_mark: Your vote on {key} is counted in Jira. {count}",
            button("Withdraw", WithdrawClick(issue=name)),
        )
    return words(
        f":white_check_mark: Your vote on {key} is withdrawn in Jira. {count}",
        button("Vote", VoteClick(issue=name)),
    )


def queued(site: str, issue_key: str, wish: Wish, *, busy: bool = False) -> Message:
    """Return what is said while Jira is away, or too ``busy``: kept, and nothing more to do."""
    reason, what = waits.JIRA_BUSY if busy else waits.JIRA_AWAY, _named(site, issue_key, wish)
    saved = f"Your {what} is saved, and reaches Jira by itself"
    return words(waits.queued(reason, saved, waits.for_a_day()))


def queued_elsewhere(site: str, issue_key: str, wish: Wish, host: str) -> Message:
    """Return what is said while the site's address leads to another ``host``."""
    return words(
        f":warning: Not counted yet: the address of Jira that pollbot has leads to {escape(host)} "
        f"now, where pollbot sends nobody's token. Your {_deed(wish)} {_key(site, issue_key)} is "
        "saved for 24 hours, should Jira answer there again. Whoever runs pollbot has to mend the "
        "address (POLLBOT_JIRA_URL); if it becomes another one, vote again after that."
    )


def _named(site: str, issue_key: str, wish: Wish) -> str:
    return f"{_deed(wish)} {_key(site, issue_key)}"


def not_final(site: str, issue_key: str, wish: Wish) -> Message:
    """Return what is said while Jira has it, but an earlier try may still land there."""
    key = _key(site, issue_key)
    has, against, again = (
        (f"Jira has your vote on {key}", "withdrawal", "vote again")
        if wish is Wish.VOTE
        else (f"Jira has no vote of yours on {key} now", "vote", "withdraw it again")
    )
    return words(
        f":hourglass_flowing_sand: {has}, but that is not final: over your {against} from before "
        "Jira took so long that it may still arrive there. I look again for about a minute, "
        f"{again} if it does, and tell you then how it stands. You need not do anything."
    )


def connect_first(site: str, issue_key: str, wish: Wish) -> Message:
    """Return the way to connect, for someone whose vote waits for it."""
    first = "Votes count in Jira under your own name, so pollbot needs your Jira account once."
    saved = f"Your {_named(site, issue_key, wish)} is saved, and reaches Jira by itself"
    said = waits.once_connected(first, saved, waits.for_a_day())
    return words(said, connect_button())


def connect_again(site: str, issue_key: str, wish: Wish) -> Message:
    """Return the way back, for someone whose token Jira no longer accepts."""
    saved = f"your {_named(site, issue_key, wish)} is saved, and reaches Jira by itself"
    said = waits.with_a_new_token(saved, waits.for_a_day())
    return words(said, connect_button())


def connect_to_see(site: str, issue_key: str) -> Message:
    """Return the way to connect, for someone whose card could not be read as nobody."""
    return words(
        f":link: Jira shows {_key(site, issue_key)} only to people it knows, so no card was "
        "posted. Connect your Jira account, then run `/votes` again.",
        connect_button(),
    )


def connect_again_to_see(site: str, issue_key: str) -> Message:
    """Return the way to connect anew, for someone whose token Jira does not take any more."""
    return words(
        f":link: No card of {_key(site, issue_key)} was posted: Jira no longer accepts the token "
        "of your account. Connect it again, then run `/votes` again.",
        connect_button(),
    )


def card_refused(site: str, issue_key: str, status: int) -> Message:
    """Return why no card was posted, where Jira gave no reason that is known."""
    return words(
        f":x: No card was posted: Jira refused to show {_key(site, issue_key)} (HTTP {status}). "
        "Look whether it opens in Jira; if it does, tell whoever runs pollbot."
    )


def card_not_found(site: str, issue_key: str) -> Message:
    """Return why no card was posted."""
    return words(
        f":x: No card was posted: Jira knows no issue {_key(site, issue_key)}, or does not show "
        "it to you. Check the key, or ask for access to its project."
    )


def card_not_posted(site: str, issue_key: str, why: str) -> Message:
    """Return that no card was posted; ``why`` is a sentence, and markup already."""
    return words(
        f":x: No card was posted for {_key(site, issue_key)}. {why} Then run `/votes` again."
    )


def card_perhaps_posted(site: str, issue_key: str, channel_id: str) -> Message:
    """Return what is said if Slack may have taken a card, or not."""
    return words(
        f":warning: Slack did not answer twice while pollbot was posting the card of "
        f"{_key(site, issue_key)} in {places([channel_id])}. It may hang there twice, "
        "once or not at all, and is not posted again by itself. Please look there: if it is "
        "missing, run `/votes` again. Each one that hangs there takes votes."
    )


def card_waits(site: str, issue_key: str, *, busy: bool = False) -> Message:
    """Return what is said while a card waits for Jira, which is away or too ``busy``."""
    reason = waits.JIRA_BUSY if busy else waits.JIRA_AWAY
    return words(
        f":hourglass_flowing_sand: Queued: {reason.why}. The card of {_key(site, issue_key)} "
        f"appears here by itself {reason.until}."
    )


def card_given_up(site: str, issue_key: str) -> Message:
    """Return what is said when Jira stayed away for too long."""
    return words(
        f":x: Jira did not answer for an hour, so the card of {_key(site, issue_key)} was not "
        "posted. Run `/votes` again when Jira is back."
    )


def _buttons(key: str, card_id: str) -> tuple[Block, ...]:
    return (
        button("Vote", VoteClick(issue=key, card=card_id), style="primary"),
        button("Withdraw", WithdrawClick(issue=key, card=card_id)),
        button("Schedule results", ScheduleIssueClick(issue=key)),
    )


def _count_line(issue: Issue) -> str:
    count = f":ballot_box_with_ballot: *{_votes(issue.votes)}*"
    if not issue.voters:
        return count
    names = [quoted(name, _NAME) for name in issue.voters[:_NAMES_SHOWN]]
    while len(", ".join(names)) > _NAMES_LONG:
        names.pop()
    rest = max(issue.votes, len(issue.voters)) - len(names)
    return f"{count}  {', '.join(names)}{f' and {rest} more' if rest else ''}"


def _votes(count: int) -> str:
    return "1 vote" if count == 1 else f"{count:,} votes"


def _deed(wish: Wish) -> str:
    return "vote on" if wish is Wish.VOTE else "withdrawal from"


def _key(site: str, key: str) -> str:
    return link(issue_url(site, key), escape(key))


def _refused(
    site: str, issue_key: str, wish: Wish, refusal: Refusal, issue: Issue | None
) -> Message:
    key = _key(site, issue.key if issue is not None else issue_key)
    what = "Your vote was not cast" if wish is Wish.VOTE else "Your vote was not withdrawn"
    count = f" It has {_votes(issue.votes)}." if issue is not None else ""
    match refusal:
        case Refusal.NOT_FOUND:
            return words(
                f":x: {what}: Jira knows no issue {key}, or does not show it to you. Check the "
                "key, or ask for access to its project."
            )
        case Refusal.RESOLVED:
            how = quoted(issue.resolution or "", 80) if issue is not None else ""
            return words(
                f":x: {what}: {key} is resolved{f' ({how})' if how else ''}, and Jira takes no "
                "votes on resolved issues. If it still matters, comment on it in Jira or ask for "
                "it to be reopened."
            )
        case Refusal.VOTING_OFF:
            return words(
                f":x: {what}: voting is switched off where {key} lives. A Jira administrator can "
                "allow it; until then, watching the issue or a comment shows your interest."
            )
        case Refusal.OWN_REPORT:
            return words(
                f":x: {what}: you reported {key}, and this Jira does not let reporters vote on "
                "their own issues. Your report already speaks for it; others can vote."
            )
        case Refusal.NOT_VOTED:
            return words(
                f":information_source: You have no vote on {key}, so there was nothing to "
                f"withdraw.{count}",
                button("Vote", VoteClick(issue=issue.key if issue is not None else issue_key)),
            )
        case Refusal.NOT_ALLOWED:
            return words(
                f":x: {what}: Jira does not allow your account to vote on {key}. Ask an "
                "administrator of its project; nothing was changed."
            )
        case Refusal.EXPIRED:
            return words(
                f":x: {what}: it waited 24 hours for {key}, and I have stopped trying. "
                "If you still mean it, do it again.",
                button("Vote", VoteClick(issue=issue_key))
                if wish is Wish.VOTE
                else button("Withdraw", WithdrawClick(issue=issue_key)),
            )
        case Refusal.UNEXPLAINED:
            return words(
                f":x: {what}: Jira refused it for {key} and the issue does not show why. Nothing "
                "was changed. Try it in Jira itself; it may say more there."
            )


def issue_card_outside(channel_id: str) -> Message:
    """Return what does not work on an issue's card in a channel without the app."""
    return words(
        f":information_source: {outside(channel_id)}, so Slack lets it change a card there only "
        "in the half hour after somebody presses it. After that, votes cast elsewhere appear on "
        f"it once somebody presses it again. {way_in(channel_id)}"
    )
