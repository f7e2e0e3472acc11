"""What people read of a refusal of what admins set up."""

from pollbot.errors import PollbotError
from pollbot.retention import sentences
from pollbot.setup.refusals import (
    NoDefaultReminder,
    NoMacro,
    NoPage,
    NoProjectOrSpace,
    NoSourceToken,
    NotAnAddress,
    PageUnread,
    SourceSlow,
    TokenOfOthers,
)
from pollbot.text.catalog import say


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next."""
    match refusal:
        case NoProjectOrSpace():
            return say(
                "That is no project or space. Nothing was saved. Give a Jira project's key, such "
                "as PLAT, or a Confluence space's id, a number."
            )
        case NotAnAddress():
            return say(
                "That is no address. Nothing was saved. Paste the one from Team Voice's settings, "
                "from https:// up to the “?”."
            )
        case NoSourceToken():
            return say(
                "This cannot be one. Nothing was saved. Paste the whole token from Team Voice's "
                "settings."
            )
        case SourceSlow():
            return say("Team Voice did not answer within 2 s. Nothing was saved. Please try again.")
        case TokenOfOthers():
            return say(
                "Team Voice does not accept this token for this project or space: it is wrong, was "
                "revoked, or is meant for others. Nothing was saved. Copy it from Team Voice's "
                "settings of this one."
            )
        case NoDefaultReminder():
            return say(
                "Such a reminder could go to nobody: it needs an end at which polls close, further "
                "away than the reminder, and names that are kept. Nothing was saved. Choose those, "
                "or no reminder."
            )
        case NoMacro():
            return say(
                "Give the page's link and the macro's id, as in "
                "`/pollbot macro https://acme.atlassian.net/wiki/spaces/DOCS/pages/123 4f1c9b7e`. "
                "Nothing was changed."
            )
        case PageUnread():
            return say(
                "Confluence did not answer within 2 s, so nothing was changed. Try again in a "
                "minute."
            )
        case NoPage():
            return say("That is no link to a Confluence page. Nothing was changed.")
        case _:
            return sentences.sentence(refusal)
