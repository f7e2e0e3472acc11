"""The form that asks which issue to vote on, where no command can name it."""

from pollbot.picks.blocks import issue_field
from pollbot.slack.kit import Block, view
from pollbot.text.catalog import say

VOTE_FORM = "vote_on_issue"
ISSUE_FIELD = "issue"


def vote_form() -> Block:
    """Return the form."""
    return view(
        say("Vote on an issue"),
        [
            issue_field(
                ISSUE_FIELD,
                say("Issue"),
                hint=say("A key, a link or words of its summary. What you type is sought in Jira."),
            )
        ],
        callback_id=VOTE_FORM,
        submit=say("Vote"),
        close=say("Cancel"),
    )


def voted(key: str) -> str:
    """Return what the form turns into."""
    return say(
        ":ballot_box_with_ballot: Your vote on {issue} is saved. I tell you in a direct message "
        "how it goes.",
        issue=key,
    )
