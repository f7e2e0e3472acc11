"""What people read of a refusal about thresholds."""

from pollbot.errors import PollbotError
from pollbot.text.catalog import numeral, say
from pollbot.text.writing import echo
from pollbot.thresholds.refusals import (
    ChannelUnseen,
    MakersOnly,
    ManagersOnly,
    ManyAbove,
    ManyThresholds,
    NoNumberOfVotes,
    NothingToLookAt,
    SameThreshold,
    ThresholdElsewhere,
    ThresholdGone,
    ThresholdUnseen,
    VotingOff,
)
from pollbot.thresholds.rules import MOST_VOTES
from pollbot.workflows import sentences


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next."""
    match refusal:
        case ThresholdElsewhere():
            return say("That threshold belongs to another workspace, so nothing was changed.")
        case ThresholdGone():
            return say(
                "That threshold is not known here: it was deleted, or is another pollbot's. "
                "Nothing was changed. `/pollbot thresholds` shows those that there are."
            )
        case NoNumberOfVotes(text):
            if not text:
                return say(
                    "It needs a number of votes. Nothing was saved. Give a whole number from 1 to "
                    "{most}, as in `/pollbot tell 15 PLAT-12`.",
                    most=numeral(MOST_VOTES),
                )
            return say(
                "“{text}” is no number of votes. Nothing was saved. Give a whole number from 1 to "
                "{most}, as in `/pollbot tell 15 PLAT-12`.",
                text=echo(text),
                most=numeral(MOST_VOTES),
            )
        case NothingToLookAt():
            return say(
                "It needs something to look at. Nothing was saved. Write an issue such as "
                "`PLAT-12`, a project such as `PLAT`, or JQL such as `project = PLAT`."
            )
        case ManyThresholds(most):
            return say(
                "You have {most} thresholds already. Nothing was saved. Delete some of them in "
                "`/pollbot thresholds`.",
                most=numeral(most),
            )
        case SameThreshold():
            return say(
                "You have that threshold already, so nothing was saved. `/pollbot thresholds` "
                "shows it."
            )
        case ManyAbove(most):
            return say(
                "At least {most} issues there have that many votes, more than are looked at. Give "
                "a larger number, or fewer issues.",
                most=numeral(most),
            )
        case VotingOff():
            return say(
                "Voting is switched off where it lives, so there are no votes to wait for. A Jira "
                "administrator can allow it."
            )
        case ThresholdUnseen(issue_key):
            return say(
                "Jira knows no issue {issue}, or does not show it to you any more: it may have "
                "been deleted. Ask for access to its project, or choose another issue.",
                issue=echo(issue_key),
            )
        case ChannelUnseen():
            return say(
                "Slack does not say that you may look into that channel, so nothing was saved. "
                "Choose another one, join it, or leave it empty: then I tell only you."
            )
        case ManagersOnly():
            return say(
                "Only whoever made that threshold and admins may do that. Nothing was changed."
            )
        case MakersOnly():
            return say(
                "Only whoever made that threshold may change it: Jira is read as them. Nothing was "
                "changed. Admins may pause it or delete it."
            )
        case _:
            return sentences.sentence(refusal)
