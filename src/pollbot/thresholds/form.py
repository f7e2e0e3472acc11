"""The form of a threshold: what it looks at, how many votes, who is told; and what it would do."""

from collections.abc import Sequence

from pollbot.jira.issues import host_of
from pollbot.jira.jql import LONGEST_JQL
from pollbot.slack import kit
from pollbot.slack.kit import Block, choice, context, fit, picker, section, view, writing
from pollbot.text.catalog import say
from pollbot.thresholds.blocks import preview_lines
from pollbot.thresholds.form_state import (
    CHANNEL_FIELD,
    SITE_FIELD,
    SUBJECT_FIELD,
    VOTES_FIELD,
    ThresholdForm,
    memory_of,
)
from pollbot.thresholds.rules import MOST_VOTES, Preview, Rule

THRESHOLD_FORM = "threshold"


def threshold_form(
    state: ThresholdForm,
    *,
    sites: Sequence[str] = (),
    shown: tuple[str, Rule, Preview] | None = None,
    problem: str = "",
) -> Block:
    """Return the form, with what its rule would have done on a site once that is ``shown``.

    Of several ``sites`` a new one asks which its issues are on. ``problem`` is markup.
    """
    asks_site = len(sites) > 1 and not state.threshold
    return view(
        say("Edit threshold") if state.threshold else say("New threshold"),
        [
            *([section(f":warning: {problem}")] if problem else []),
            # What is new stands where the form begins, so that it is seen without a search.
            *(preview_lines(*shown) if shown is not None else []),
            context(
                say(
                    "Tells once when an issue reaches a number of votes. It reads Jira with your "
                    "account, so everybody in the channel sees the issues that you can see."
                )
            ),
            *([_site(state, sites)] if asks_site else []),
            kit.field(
                SUBJECT_FIELD,
                say("Issue, project or JQL"),
                writing(
                    longest=LONGEST_JQL,
                    initial=state.subject,
                    placeholder="PLAT-12",
                    multiline=True,
                ),
                hint=say("One issue such as PLAT-12, all open ones of PLAT, or those of any JQL."),
            ),
            kit.field(VOTES_FIELD, say("Number of votes"), _number(state)),
            _channel(state),
        ],
        callback_id=THRESHOLD_FORM,
        submit=say("Save") if shown is not None else say("Preview"),
        close=say("Cancel"),
        memory=memory_of(state),
    )


def _number(state: ThresholdForm) -> Block:
    return {
        "type": "number_input",
        "action_id": "value",
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": str(MOST_VOTES),
        **({"initial_value": state.votes} if state.votes.isdecimal() else {}),
    }


def _site(state: ThresholdForm, sites: Sequence[str]) -> Block:
    choices = [choice(host_of(site), site) for site in sites]
    chosen = state.site if state.site in sites else sites[0]
    select = picker("static_select", "value", choices, chosen=[chosen])
    return kit.field(SITE_FIELD, say("Jira site"), select)


def _channel(state: ThresholdForm) -> Block:
    select: Block = {
        "type": "conversations_select",
        "action_id": "value",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        **({"initial_conversation": state.channel} if state.channel else {}),
    }
    hint = say(
        "Left empty, I tell only you, in a direct message. In a private channel pollbot must be a "
        "member: invite it there first."
    )
    if state.to:
        hint = say("Choose {channel} here. {hint}", channel=fit(state.to, 80, 80), hint=hint)
    return kit.field(CHANNEL_FIELD, say("Channel to tell"), select, hint=hint, optional=True)
