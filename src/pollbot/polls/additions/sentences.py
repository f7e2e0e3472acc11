"""What people read of a refusal of an option that they add."""

from pollbot.errors import PollbotError
from pollbot.polls.additions.refusals import LostInSource, ManyAdded, NoOptionText, NotAddable
from pollbot.text.catalog import say, say_number


def sentence(refusal: PollbotError) -> str | None:
    """Return what happened, what is safe, and what to do next; None if it is of something else."""
    match refusal:
        case NotAddable():
            return say(
                "Only whoever manages this poll adds options to it. Nothing was changed. Write in "
                "its thread which one you miss."
            )
        case NoOptionText():
            return say("An option needs words that can be seen. Nothing was changed.")
        case ManyAdded(most):
            return say_number(
                most,
                "You have added {number} option to this poll, and one person may add no more. "
                "Nothing was changed.",
                "You have added {number} options to this poll, and one person may add no more. "
                "Nothing was changed.",
            )
        case LostInSource():
            return say(
                "Team Voice was asked to add the option, and does not have it: somebody else "
                "changed the poll at the same moment. The answers are safe. Please try again in a "
                "minute."
            )
        case _:
            return None
