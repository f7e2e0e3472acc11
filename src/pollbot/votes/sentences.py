"""What people read of a refusal about votes, and lists that are posted now."""

from pollbot.errors import PollbotError
from pollbot.installs import sentences
from pollbot.slack.closed import why_closed
from pollbot.text.catalog import say
from pollbot.votes.refusals import NoPlace, PlaceClosed


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next."""
    match refusal:
        case NoPlace():
            return say("It needs a channel to post in. Nothing was posted. Choose one.")
        case PlaceClosed(code):
            return say(
                "pollbot cannot post in that channel yet. Nothing was posted, and what you filled "
                "in is still here. {why}",
                why=why_closed(code),
            )
        case _:
            return sentences.sentence(refusal)
