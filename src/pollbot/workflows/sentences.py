"""What people read of a step that failed. Slack passes it on, so it says what there is to do."""

from pollbot.errors import PollbotError
from pollbot.schedules import sentences
from pollbot.slack.closed import why_closed
from pollbot.text.catalog import say
from pollbot.text.writing import echo
from pollbot.workflows.refusals import (
    CardNotTaken,
    IssueNotShown,
    NobodyUsedIt,
    NoCardThere,
    NoChannelGiven,
    NoPollNamed,
    NoPollOnMessage,
    NoSuchStep,
    NotInChannel,
    OutputsRefused,
    PollGoneMeanwhile,
    StepSetBack,
    StepTooOld,
    UserForgotten,
    UserGone,
)


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next."""
    match refusal:
        case NoSuchStep():
            return say(
                "This pollbot has no such step, so nothing was done. Whoever runs it has to give "
                "its Slack app the manifest of its own version: `pollbot manifest --steps` prints "
                "it."
            )
        case NobodyUsedIt():
            return say(
                "Slack did not say who used the workflow, and a poll is created as somebody. "
                "Nothing was created. Start the workflow by something that people do, or put a "
                "message with a button before this step."
            )
        case UserGone():
            return say(
                "Who used the workflow has no active account in this Slack any more, so nothing "
                "was created. Somebody else can run it."
            )
        case UserForgotten():
            return say(
                "Who used the workflow was forgotten in pollbot before this step was done, so "
                "nothing more is done in their name. A poll that it made already stays. If it is "
                "still wanted, run the workflow again."
            )
        case NoChannelGiven():
            return say(
                "The step names no channel, so nothing was created. Choose one in Workflow Builder."
            )
        case NotInChannel():
            return say(
                "Who used the workflow is not known to be in that channel, so nothing was created. "
                "Let them join it, or choose another one. pollbot can tell only with the "
                "permissions channels:read and groups:read."
            )
        case NoCardThere(code):
            return say(
                "pollbot cannot post in the channel of this step, so nothing was created. {why}",
                why=why_closed(code),
            )
        case CardNotTaken():
            return say(
                "The poll is created, but Slack took no message with it; who used the workflow is "
                "told why. `/poll list` shows the poll and posts it again."
            )
        case IssueNotShown(key, connected=True):
            return say(
                "Jira knows no issue {key}, or does not show it to who used the workflow. Nothing "
                "was changed. Check the key, or let somebody run it who sees the issue in Jira.",
                key=echo(key),
            )
        case IssueNotShown(key):
            return say(
                "Jira does not show {key} to everybody, or knows no such issue, and who used the "
                "workflow has no Jira account connected. Nothing was changed. Check the key, or "
                "type `/pollbot connect` once and run the workflow again.",
                key=echo(key),
            )
        case NoPollNamed(text):
            return say(
                "“{text}” is no poll of pollbot's, so the step waits for nothing. Give it *Poll* "
                "of the step Create a poll, or the link of a message with the poll.",
                text=echo(text),
            )
        case NoPollOnMessage():
            return say(
                "That link leads to no message with a poll of this workspace, so the step waits "
                "for nothing. Open the menu of the poll's message, and choose *Copy link*."
            )
        case PollGoneMeanwhile():
            return say("That poll was deleted, so there is no result to wait for.")
        case StepTooOld():
            return say(
                "pollbot was not running when the workflow came to this step, and a day has passed "
                "since. Nothing was done. If it is still wanted, run the workflow again."
            )
        case StepSetBack():
            return say(
                "The database of pollbot was set back to an older copy, so this step may have been "
                "done before, or not. Nothing is done again by itself. Look in the channel, and "
                "run the workflow again if the poll is not there."
            )
        case OutputsRefused(code):
            return say(
                "Slack does not take what this step tells ({code}). Whoever runs pollbot has to "
                "give its Slack app the manifest of its own version: `pollbot manifest --steps` "
                "prints it.",
                code=code,
            )
        case _:
            return sentences.sentence(refusal)
