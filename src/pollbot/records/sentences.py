"""What people read of a refusal about results on issues."""

from pollbot.errors import PollbotError
from pollbot.polls import sentences
from pollbot.records.refusals import (
    IssueUnseen,
    MayNotComment,
    MayNotEditComment,
    NoIssueToWriteOn,
    NoResultYet,
)
from pollbot.text.catalog import say


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next."""
    match refusal:
        case NoIssueToWriteOn():
            return say(
                "This poll is on no issue, so there is none to write its result on. Nothing was "
                "changed."
            )
        case NoResultYet():
            return say(
                "This poll is still open, so it has no result yet. Nothing was written. Close it "
                "first, with *More* on its card."
            )
        case IssueUnseen(key):
            return say("Jira knows no issue {key}, or does not show it to you.", key=key)
        case MayNotComment(key):
            return say(
                "Jira does not let you comment on {key}: you lack the permission *Add comments* in "
                "its project. Ask whoever administers that project.",
                key=key,
            )
        case MayNotEditComment():
            return say(
                "Jira does not let you edit the comment that holds it: you lack the permission "
                "*Edit own comments* in its project. Ask whoever administers that project."
            )
        case _:
            return sentences.sentence(refusal)
