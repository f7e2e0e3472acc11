"""What is said where a list of issues that somebody asked for cannot be posted, or not yet."""

from pollbot.slack import waits
from pollbot.slack.kit import Message, connect_button, places, words
from pollbot.text.catalog import say


def none_of_these() -> Message:
    """Return what is said where Jira shows none of the issues that a message names."""
    return words(
        say(
            ":x: No card was posted: Jira knows none of the issues that this message names, or "
            "does not show them to you. Check their keys, or ask for access to their projects."
        )
    )


def none_found() -> Message:
    """Return what is said where a query finds nothing."""
    return words(
        say(
            ":x: No card was posted: Jira finds no issue by that JQL, or does not show it to you. "
            "Jira's own search shows what it finds there."
        )
    )


def none_voted() -> Message:
    """Return what is said where no issue of a project has votes."""
    return words(
        say(
            ":x: No list was posted: no open issue of that project has votes yet, as far as Jira "
            "shows you. As a ballot it lists those without votes, too."
        )
    )


def connect_for_list(site: str) -> Message:
    """Return the way to connect, for someone whose issues could not be read as nobody."""
    return words(
        say(
            ":link: No card was posted: Jira shows these issues only to people it knows. Connect "
            "your Jira account, then ask for them again."
        ),
        connect_button(site),
    )


def connect_again_for_list(site: str) -> Message:
    """Return the way to connect anew, for someone whose token Jira does not take any more."""
    return words(
        say(
            ":link: No card was posted: Jira no longer accepts the token of your account. Connect "
            "it again, then ask for the issues again."
        ),
        connect_button(site),
    )


def list_waits(*, busy: bool = False) -> Message:
    """Return what is said while the list waits for Jira, which is away or too ``busy``."""
    reason = waits.JIRA_BUSY if busy else waits.JIRA_AWAY
    return words(
        say(
            ":hourglass_flowing_sand: Queued: {why}. The list of issues appears by itself {until}.",
            why=reason.why,
            until=reason.until,
        )
    )


def list_given_up() -> Message:
    """Return what is said when Jira stayed away for too long."""
    return words(
        say(
            ":x: Jira did not answer for an hour, so the list of issues was not posted. Ask for it "
            "again when Jira is back."
        )
    )


def list_not_posted(why: str) -> Message:
    """Return that Slack did not take the list; ``why`` is a sentence, and markup already."""
    return words(
        say(":x: The list of issues was not posted. {why} Then ask for it again.", why=why)
    )


def list_perhaps_posted(channel_id: str) -> Message:
    """Return what is said if Slack may have taken a list, or not."""
    return words(
        say(
            ":warning: Slack did not answer twice while pollbot was posting a list of issues in "
            "{place}. It may hang there twice, once or not at all, and is not posted again by "
            "itself. Please look there, and ask for it again if it is missing.",
            place=places([channel_id]),
        )
    )
