"""What people read of a refusal about lists of issues."""

from pollbot.errors import PollbotError
from pollbot.issue_lists.refusals import NoneMentioned, ThreadUnread
from pollbot.text.catalog import say
from pollbot.votes import sentences


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next."""
    match refusal:
        case NoneMentioned(thread_unread=True):
            return say(
                ":information_source: This message names no issue, and Slack does not let pollbot "
                "read its thread. Use the shortcut on the message that names one, or "
                "`/votes PLAT-12`."
            )
        case NoneMentioned():
            return say(
                ":information_source: This message names no issue of your Jira, so there is "
                "nothing to vote on. `/vote PLAT-12` works for any issue."
            )
        case ThreadUnread(busy=True):
            return say(
                ":warning: Slack asks pollbot to wait before it reads more, so what the thread "
                "names is not known yet. No card was posted. Use the shortcut again in a minute."
            )
        case ThreadUnread():
            return say(
                ":warning: Slack did not show pollbot the thread just now, so what it names is not "
                "known yet. No card was posted. Use the shortcut again in a minute."
            )
        case _:
            return sentences.sentence(refusal)
