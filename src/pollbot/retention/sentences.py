"""What people read of a refusal of how long something is kept."""

from pollbot.errors import PollbotError
from pollbot.retention.refusals import NotDays
from pollbot.text.catalog import numeral, say
from pollbot.text.writing import echo
from pollbot.thresholds import sentences


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next."""
    match refusal:
        case NotDays(typed, least, most):
            return say(
                "“{typed}” is no number of days from {least} to {most}. Nothing was saved, and "
                "nothing is forgotten. Leave the field empty to keep it for good.",
                typed=echo(typed),
                least=numeral(least),
                most=numeral(most),
            )
        case _:
            return sentences.sentence(refusal)
