"""What is said where Slack refuses a message for what is in it, and not for where it goes."""

from collections.abc import Sequence

from pollbot.jira.issues import issue_url
from pollbot.polls.blocks import titled
from pollbot.polls.rules import Poll
from pollbot.slack.clicks import EditClick, ShowResultsClick
from pollbot.slack.kit import Message, button, link, places, words
from pollbot.text.catalog import mark, say, say_marked

_WHY = mark(
    "It refuses the message itself, not the place: something in it is too long for Slack, or new "
    "to it."
)
_LOG = mark("Whoever runs pollbot finds Slack's reason in its log.")


def poll_refused(poll: Poll, channels: Sequence[str]) -> Message:
    """Return what a poll's creator is told whose card, or result, Slack does not take."""
    refused = say(
        ":warning: Slack does not take what pollbot wants to show of {poll} in {places}.",
        poll=titled(poll),
        places=places(channels),
    )
    meanwhile = say(
        "Every answer is kept and counts, but what can be seen there is older, or missing. pollbot "
        "tries again when the poll is edited or answered, not before. A shorter question, or "
        "shorter and fewer options, may help."
    )
    return words(
        " ".join((refused, say_marked(_WHY), meanwhile, say_marked(_LOG))),
        button(say("Edit"), EditClick(poll=poll.id)),
        button(say("Results"), ShowResultsClick(poll=poll.id, view="bars")),
    )


def issues_refused(site: str, issue_key: str, channel_id: str) -> Message:
    """Return what somebody is told whose card of an issue, or ballot, Slack does not take."""
    where = places([channel_id])
    refused = (
        say(
            ":warning: Slack does not take what pollbot wants to show on the card of {issue} in "
            "{places}.",
            issue=link(issue_url(site, issue_key), issue_key),
            places=where,
        )
        if issue_key
        else say(
            ":warning: Slack does not take what pollbot wants to show on the ballot in {places}.",
            places=where,
        )
    )
    meanwhile = say(
        "Votes count in Jira all the same, but what can be seen there is older, or missing. "
        "pollbot tries again when a vote is counted, not before."
    )
    return words(" ".join((refused, say_marked(_WHY), meanwhile, say_marked(_LOG))))
