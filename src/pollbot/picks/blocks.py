"""The menu in which an issue is picked: it fills while somebody types."""

from collections.abc import Sequence

from pollbot.jira.issues import Suggested, host_of, issue_url
from pollbot.slack import kit
from pollbot.slack.kit import Block, choice, plain_text
from pollbot.text.catalog import say

PICK_ISSUE = "pick_issue"
"""The action_id of each such menu."""

_VALUE = 150


def issue_field(
    block_id: str,
    label: str,
    *,
    hint: str,
    chosen: Block | None = None,
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """Return the field; ``chosen`` is the issue that it begins with, as ``issue_choice`` has it."""
    menu: Block = {
        "type": "external_select",
        "action_id": PICK_ISSUE,
        # Slack's own default is three; with none, opening it shows what is likely.
        "min_query_length": 0,
        "placeholder": plain_text(say("Type a key or words"), kit.PLACEHOLDER),
        **({"initial_option": chosen} if chosen is not None else {}),
    }
    return kit.field(block_id, label, menu, hint=hint, optional=optional, dispatch=dispatch)


def issue_choice(issue: Suggested, *, of_several: bool) -> Block:
    """Return one line of the menu. Its value reads as an issue: a key, or of several sites a link.

    What Slack cannot take whole is the key alone.
    """
    link = issue_url(issue.site, issue.key)
    value = link if of_several and len(link) <= _VALUE else issue.key
    where = f" ({host_of(issue.site)})" if of_several else ""
    return choice(f"{issue.key}{where} {issue.summary}".strip(), value)


def issue_choices(issues: Sequence[Suggested], *, of_several: bool) -> list[Block]:
    """Return the lines of the menu."""
    return [issue_choice(issue, of_several=of_several) for issue in issues]
