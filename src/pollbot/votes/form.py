"""The form that asks which issue to vote on, where no command can name it."""

from pollbot.slack.kit import Block, text_input, view
from pollbot.text.catalog import say

VOTE_FORM = "vote_on_issue"
ISSUE_FIELD = "issue"


def vote_form() -> Block:
    """Return the form."""
    return view(
        say("Vote on an issue"),
        [
            text_input(
                ISSUE_FIELD,
                say("Issue"),
                hint=say("A key, such as PLAT-12, or a link to the issue."),
                placeholder="PLAT-12",
                element="plain_text_input",
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
