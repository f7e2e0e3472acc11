"""What people read of a refusal about a poll's cards."""

from pollbot.errors import PollbotError
from pollbot.polls.channels.refusals import CardGone, CardStays, NoCardChannel, PostersOnly
from pollbot.slack.kit import places
from pollbot.text.catalog import say


def sentence(refusal: PollbotError) -> str | None:
    """Return what happened, what is safe, and what to do next; None if it is not of this part."""
    match refusal:
        case NoCardChannel():
            return say("No channel was chosen, so nothing was posted. Choose one.")
        case PostersOnly():
            return say(
                "Only whoever posted that card, and who manages the poll, may take it down. It "
                "stays."
            )
        case CardGone():
            return say("That card is not there any more. Nothing was changed.")
        case CardStays(channel_id):
            return say(
                "Slack does not let pollbot delete the card in {channel}, so it stays, and takes "
                "answers as before. In a channel of which pollbot is a member that works: invite "
                "it there with `/invite @pollbot`, press any button of the card once, and remove "
                "it then. Or have an admin of your Slack delete the message.",
                channel=places([channel_id]),
            )
        case _:
            return None
