"""The forms that ask which issue to vote on, and which to post, where no command names them."""

from pollbot.jira.jql import LONGEST_JQL
from pollbot.picks.blocks import issue_field
from pollbot.slack import kit
from pollbot.slack.kit import Block, view, writing
from pollbot.text.catalog import say

VOTE_FORM = "vote_on_issue"
SHOW_FORM = "show_votes"
ISSUE_FIELD = "issue"
QUERY_FIELD = "query"
CHANNEL_FIELD = "channel"


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


def show_form(channel: str) -> Block:
    """Return the form that posts issues to vote on; ``channel`` is empty where nobody knows it."""
    select: Block = {
        "type": "conversations_select",
        "action_id": "value",
        "default_to_current_conversation": True,
        "response_url_enabled": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        "placeholder": kit.plain_text(say("Choose a channel"), kit.PLACEHOLDER),
        **({"initial_conversation": channel} if channel else {}),
    }
    return view(
        say("Issues to vote on"),
        [
            issue_field(
                ISSUE_FIELD,
                say("Issue"),
                hint=say("Its card is posted, with its own buttons."),
                optional=True,
            ),
            kit.field(
                QUERY_FIELD,
                say("Project or JQL"),
                writing(longest=LONGEST_JQL, placeholder="PLAT", multiline=True),
                hint=say(
                    "A list is posted, each issue with its own buttons: of a project the open "
                    "issues with the most votes, of JQL what it finds."
                ),
                optional=True,
            ),
            kit.field(CHANNEL_FIELD, say("Channel to post it in"), select),
        ],
        callback_id=SHOW_FORM,
        submit=say("Post"),
        close=say("Cancel"),
    )


def on_its_way(channel: str) -> str:
    """Return what that form turns into."""
    return say(":ballot_box_with_ballot: It is on its way to {channel}.", channel=f"<#{channel}>")
