"""What people are told whose wishes an older copy of the database still held."""

from collections.abc import Sequence

from pollbot.slack.kit import Message, escape, fit, words

_LISTED = 20


def left_out(kind: str, id_: str, title: str) -> str:
    """Return in words what was not done again; ``title`` is the question of a poll."""
    match kind:
        case "vote":
            return f"your vote on {escape(id_)}"
        case "withdraw":
            return f"the withdrawal of your vote on {escape(id_)}"
        case "card":
            return f"the card of {escape(id_)}"
        case _:
            return f"the card or the result of *{fit(title, 150, 400)}*"


def set_back(asked_for: Sequence[str]) -> Message:
    """Return what one person is told of all that was left out."""
    lines = [f"• {one}" for one in asked_for[:_LISTED]]
    rest = len(asked_for) - len(lines)
    lines += [f"• and {rest:,} more"] if rest > 0 else []
    return words(
        ":warning: The database of pollbot was set back to an older copy. In that, this was still "
        "to be done. It may have been done since, so it is not done again by itself:\n"
        + "\n".join(lines)
        + "\nPlease look whether it is there, and ask for it once more if it is not. What you told "
        "pollbot since that copy was made is not known to it any more."
    )
