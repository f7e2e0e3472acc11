"""What people are told whose wishes an older copy of the database still held."""

from collections.abc import Sequence

from pollbot.slack.kit import Message, escape, fit, words
from pollbot.text.catalog import numeral, say

_LISTED = 20


def left_out(kind: str, id_: str, title: str) -> str:
    """Return in words what was not done again; ``title`` is the question of a poll."""
    match kind:
        case "vote":
            return say("your vote on {issue}", issue=escape(id_))
        case "withdraw":
            return say("the withdrawal of your vote on {issue}", issue=escape(id_))
        case "watch":
            return say("that you watch {issue}", issue=escape(id_))
        case "unwatch":
            return say("that you watch {issue} no more", issue=escape(id_))
        case "card":
            return say("the card of {issue}", issue=escape(id_))
        case "threshold":
            return say(
                "issues that reached {threshold} since that copy was made: such as have so many "
                "votes now are not told",
                threshold=title,
            )
        case _:
            return say("the card or the result of *{poll}*", poll=fit(title, 150, 400))


def set_back(asked_for: Sequence[str]) -> Message:
    """Return what one person is told of all that was left out."""
    named = list(asked_for[:_LISTED])
    rest = len(asked_for) - len(named)
    if rest > 0:
        named.append(say("and {rest} more", rest=numeral(rest)))
    return words(
        say(
            ":warning: The database of pollbot was set back to an older copy. In that, this was "
            "still to be done. It may have been done since, so it is not done again by itself:\n"
            "{list}\nPlease look whether it is there, and ask for it once more if it is not. What "
            "you told pollbot since that copy was made is not known to it any more.",
            list="\n".join(f"• {one}" for one in named),
        )
    )
