"""The forms that ask which issue to vote on, and which to post, where no command names them."""

from collections.abc import Sequence

from pollbot.jira.issues import host_of
from pollbot.jira.jql import LONGEST_JQL, LONGEST_NAME
from pollbot.picks.blocks import issue_field
from pollbot.slack import kit
from pollbot.slack.kit import Block, choice, picker, view, writing
from pollbot.slack.looks import OF_ISSUES
from pollbot.text.catalog import say
from pollbot.votes.form_state import (
    BALLOT,
    CHANNEL_FIELD,
    ISSUE_FIELD,
    LOOK_FIELD,
    NAME_FIELD,
    QUERY_FIELD,
    SITE_FIELD,
)

VOTE_FORM = "vote_on_issue"
SHOW_FORM = "show_votes"


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


def show_form(
    channel: str, *, look: str = BALLOT, sites: Sequence[str] = (), away: bool = False
) -> Block:
    """Return the form that posts issues now; ``channel`` is empty where nobody knows it.

    Of several ``sites``, the likeliest first, it asks which. ``away``: it is opened far from any
    channel, so pollbot itself has to be able to post where it is to be.
    """
    select: Block = {
        "type": "conversations_select",
        "action_id": "value",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        "placeholder": kit.plain_text(say("Choose a channel"), kit.PLACEHOLDER),
        **({} if away else {"default_to_current_conversation": True, "response_url_enabled": True}),
        **({"initial_conversation": channel} if channel else {}),
    }
    invite = say("In a private channel pollbot must be a member: invite it there first.")
    return view(
        list_title(),
        [
            kit.context(
                say(
                    "It reads Jira with your account, so everybody in the channel sees the issues "
                    "that you can see."
                )
            ),
            kit.field(
                QUERY_FIELD,
                say("Project or JQL"),
                writing(longest=LONGEST_JQL, placeholder="PLAT", multiline=True),
                hint=say('A project key such as PLAT, or JQL: project = PLAT AND status = "To Do"'),
                optional=True,
            ),
            *([_site(sites)] if len(sites) > 1 else []),
            _look(look),
            kit.field(
                NAME_FIELD,
                say("Name of the list"),
                writing(longest=LONGEST_NAME, placeholder=say("What we could build next")),
                hint=say("Stands above the list. Left empty, the project or JQL stands there."),
                optional=True,
            ),
            kit.field(
                CHANNEL_FIELD, say("Channel to post it in"), select, hint=invite if away else ""
            ),
            issue_field(
                ISSUE_FIELD,
                say("Or one issue"),
                hint=say("Its card is posted there, with its own buttons."),
                optional=True,
            ),
        ],
        callback_id=SHOW_FORM,
        submit=say("Post"),
        close=say("Cancel"),
    )


def list_title() -> str:
    """Return what the form is called."""
    return say("New list of issues")


def _site(sites: Sequence[str]) -> Block:
    choices = [choice(host_of(site), site) for site in sites]
    select = picker("static_select", "value", choices, chosen=[sites[0]])
    return kit.field(SITE_FIELD, say("Jira site"), select)


def _look(chosen: str) -> Block:
    named = {
        BALLOT: (
            say("Ballot"),
            say("Each issue with Vote and Withdraw, kept fresh"),
        ),
        "table": (say("Top list as a table"), say("The most votes first, as they are now")),
        "bars": (say("Top list with bars"), ""),
        "chart": (say("Top list as a chart"), ""),
    }
    choices = [choice(named[one][0], one, named[one][1]) for one in (BALLOT, *OF_ISSUES)]
    looks = picker("radio_buttons", "value", choices, chosen=[chosen])
    return kit.field(LOOK_FIELD, say("How it looks"), looks)


def on_its_way(channel: str) -> str:
    """Return what that form turns into."""
    return say(":ballot_box_with_ballot: It is on its way to {channel}.", channel=f"<#{channel}>")
