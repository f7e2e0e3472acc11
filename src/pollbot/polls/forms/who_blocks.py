"""The section of the form that says who may answer, and with how many options."""

from collections.abc import Sequence

from pollbot.polls.audience.rules import MOST_GROUPS, MOST_PEOPLE, Group
from pollbot.polls.forms.who_state import (
    GROUPS_FIELD,
    LEAST_FIELD,
    MOST_FIELD,
    PEOPLE_FIELD,
    PLACES_FIELD,
    WHO_FIELD,
    Who,
)
from pollbot.slack import kit
from pollbot.slack.kit import Block, choice, context, picker, writing
from pollbot.text.catalog import say

_DIGITS = 20
_GROUPS_SHOWN = 100


def who_fields(who: Who, action_id: str, groups: Sequence[Group] | None) -> list[Block]:
    """Return the fields; ``groups`` are those to choose from, None where nobody tells them."""
    offered = {
        "everybody": say("Everybody who sees its card"),
        "here": say("The members of the channel where it is posted"),
        "named": say("People and user groups that I choose"),
    }
    chosen = picker(
        "radio_buttons",
        action_id,
        [choice(label, kind) for kind, label in offered.items()],
        chosen=[who.kind],
    )
    return [
        kit.field(WHO_FIELD, say("Who may answer"), chosen, dispatch=True),
        *(_named(who, groups) if who.kind == "named" else []),
        _number(
            LEAST_FIELD, say("Options that an answer needs"), who.least, say("Left empty, one.")
        ),
        _number(
            MOST_FIELD,
            say("Options that an answer takes"),
            who.most,
            say("Left empty, one; or as many as there are, where several are allowed."),
        ),
        _number(
            PLACES_FIELD,
            say("Places of each option"),
            who.places,
            say("So many people can choose it; it is full then. Left empty, there is no end."),
        ),
    ]


def _named(who: Who, groups: Sequence[Group] | None) -> list[Block]:
    people: Block = {
        "type": "multi_users_select",
        "action_id": "value",
        "max_selected_items": MOST_PEOPLE,
        **({"initial_users": list(who.people)} if who.people else {}),
    }
    fields = [kit.field(PEOPLE_FIELD, say("People"), people, optional=True)]
    others = [one for one in groups or () if one.id not in {group.id for group in who.groups}]
    known = [*who.groups, *others][:_GROUPS_SHOWN]
    if not known:
        return [*fields, context(_no_groups(groups))]
    menu = picker(
        "multi_static_select",
        "value",
        [choice(f"@{group.handle}", group.id) for group in known],
        chosen=[group.id for group in who.groups],
        placeholder=say("Choose user groups"),
    )
    menu["max_selected_items"] = MOST_GROUPS
    hint = _no_groups(None) if groups is None else ""
    return [*fields, kit.field(GROUPS_FIELD, say("User groups"), menu, hint=hint, optional=True)]


def _no_groups(groups: Sequence[Group] | None) -> str:
    if groups is None:
        return say("Slack does not tell pollbot the user groups of this workspace right now.")
    return say("This workspace has no user groups.")


def _number(block_id: str, label: str, written: str, hint: str) -> Block:
    field = writing(longest=_DIGITS, initial=written)
    return kit.field(block_id, label, field, hint=hint, optional=True)
