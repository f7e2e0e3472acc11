"""What people read of a refusal of who is to be forgotten."""

from pollbot.errors import PollbotError
from pollbot.forgetting.refusals import NotAPerson
from pollbot.setup import sentences
from pollbot.text.catalog import say


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next."""
    match refusal:
        case NotAPerson():
            return say(
                "Write `/pollbot forget me` to see what is kept of you, and to have it forgotten. "
                "Admins write a person’s user id in place of `me`, as in "
                "`/pollbot forget U0123ABCD`; Slack shows it in their profile. Nothing was "
                "forgotten."
            )
        case _:
            return sentences.sentence(refusal)
