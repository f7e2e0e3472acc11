"""What is said of the issues that a message names, where no card of them can be posted."""

from pollbot.slack import waits
from pollbot.slack.kit import Message, connect_button, words
from pollbot.text.catalog import say


def none_of_these() -> Message:
    """Return what is said where Jira shows none of them."""
    return words(
        say(
            ":x: No card was posted: Jira knows none of the issues that this message names, or "
            "does not show them to you. Check their keys, or ask for access to their projects."
        )
    )


def connect_to_see_these(site: str) -> Message:
    """Return the way to connect, for someone whose issues could not be read as nobody."""
    return words(
        say(
            ":link: No card was posted: Jira shows none of the issues that this message names to "
            "everybody. Connect your Jira account, then use the shortcut again."
        ),
        connect_button(site),
    )


def connect_again_to_see_these(site: str) -> Message:
    """Return the way to connect anew, for someone whose token Jira does not take any more."""
    return words(
        say(
            ":link: No card was posted: Jira no longer accepts the token of your account. Connect "
            "it again, then use the shortcut again."
        ),
        connect_button(site),
    )


def ballot_waits(*, busy: bool = False) -> Message:
    """Return what is said while the ballot waits for Jira, which is away or too ``busy``."""
    reason = waits.JIRA_BUSY if busy else waits.JIRA_AWAY
    return words(
        say(
            ":hourglass_flowing_sand: Queued: {why}. The list of the issues that the message names "
            "appears by itself {until}.",
            why=reason.why,
            until=reason.until,
        )
    )


def ballot_given_up() -> Message:
    """Return what is said when Jira stayed away for too long."""
    return words(
        say(
            ":x: Jira did not answer for an hour, so the list of the issues that the message names "
            "was not posted. Use the shortcut again when Jira is back."
        )
    )


def ballot_not_posted(why: str) -> Message:
    """Return that Slack did not take the list; ``why`` is a sentence, and markup already."""
    return words(
        say(
            ":x: The list of the issues that the message names was not posted. {why} Then use the "
            "shortcut again.",
            why=why,
        )
    )
