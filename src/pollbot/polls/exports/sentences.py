"""What people read of a refusal about exports."""

from pollbot.errors import PollbotError
from pollbot.polls.exports.refusals import (
    FilesNotTaken,
    FilesRefused,
    NamesGone,
    NoFiles,
    StillHidden,
)
from pollbot.polls.tally import FEWEST_ANONYMOUS, Hidden
from pollbot.text.catalog import numeral, say
from pollbot.text.writing import echo

_STORAGE_FULL = "storage_limit_reached"


def sentence(refusal: PollbotError) -> str | None:
    """Return what happened, what is safe, and what to do next; None if it is not of this part."""
    match refusal:
        case StillHidden(title, Hidden.UNTIL_ANSWERED):
            return say(
                "The results of “{title}” are shown to each person once they have answered, so "
                "nothing was exported. Answer it first, or export it when it is closed.",
                title=echo(title),
            )
        case StillHidden(title, Hidden.UNTIL_CLOSED):
            return say(
                "Nobody sees the results of “{title}” before it is closed, so nothing was "
                "exported. Export it then.",
                title=echo(title),
            )
        case StillHidden(title):
            return say(
                "“{title}” is anonymous and has fewer than {few} answers, which would tell who "
                "chose what. Nothing was exported. Export it when it has more.",
                title=echo(title),
                few=numeral(FEWEST_ANONYMOUS),
            )
        case NamesGone():
            return say(
                "Somebody has just made this poll anonymous, so nothing was sent to you. Export "
                "it again: then without names."
            )
        case NoFiles(scope):
            return say(
                "Slack does not let pollbot send files: the app was installed without the scope "
                "`{scope}`. Nothing was sent. Ask an admin to add it with the newest manifest and "
                "to install the app again; then export once more.",
                scope=scope,
            )
        case FilesRefused(code) if code == _STORAGE_FULL:
            return say(
                "This workspace has no room for files left in Slack, so nothing was sent. Delete "
                "some there, or ask an admin; then export once more."
            )
        case FilesRefused(code):
            return say(
                "Slack does not take the files (`{code}`), so nothing was sent. Perhaps files are "
                "not allowed in this workspace: an admin of it can tell.",
                code=code,
            )
        case FilesNotTaken():
            return say(
                "Slack did not answer while it was given the files, so nothing was sent. Please "
                "export once more in a minute."
            )
        case _:
            return None
