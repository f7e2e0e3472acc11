"""What Block Kit's texts, options and elements may hold: their fields and sizes.

Limits are those of docs.slack.dev (reference: block-elements, composition-objects) and of
Slack's own SDK models, which enforce them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from pollbot.sandbox.slack.checks import (
    Check,
    anything,
    boolean,
    each,
    integer,
    one_of,
    shape,
    string,
    tagged,
)

URL = string(3000, least=1)
IDS = each(string(least=1))

# Texts


def plain(most: int, *, least: int = 1) -> Check:
    """Return a check for a plain_text object."""
    return tagged({"plain_text": _text("emoji", most, least)}, noun="text object")


def text(most: int) -> Check:
    """Return a check for a plain_text or mrkdwn object."""
    return tagged(
        {"plain_text": _text("emoji", most, 1), "mrkdwn": _text("verbatim", most, 1)},
        noun="text object",
    )


def _text(flag: str, most: int, least: int) -> Check:
    return shape({"type": anything, "text": string(most, least=least)}, {flag: boolean})


# Composition objects


def option(label: Callable[[int], Check], extra: Mapping[str, Check] | None = None) -> Check:
    return shape(
        {"text": label(75), "value": string(150, least=1)},
        {"description": label(75), **(extra or {})},
    )


CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
OPTION = option(plain)
RICH_OPTION = option(text)
OPTION_GROUP = shape({"label": plain(75), "options": each(OPTION, least=1, most=100)})
SLACK_FILE = shape(None, {"id": string(), "url": URL}, only_one_of=("id", "url"))
DISPATCH = shape(
    {
        "trigger_actions_on": each(
            one_of("on_enter_pressed", "on_character_entered"), least=1, most=2
        )
    }
)
CONVERSATION_FILTER = shape(
    None,
    {
        "include": each(one_of("im", "mpim", "private", "public"), least=1),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    any_of=("include", "exclude_external_shared_channels", "exclude_bot_users"),
)


# Elements


def element(
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    *,
    only_one_of: Collection[str] = (),
    rules: Collection[Check] = (),
) -> Check:
    """Return a check for an interactive element."""
    return shape(
        {"type": anything, **(required or {})},
        {"action_id": string(255, least=1), **(optional or {})},
        only_one_of=only_one_of,
        rules=rules,
    )


FOCUS = {"focus_on_load": boolean}
MENU = {"placeholder": plain(150), "confirm": CONFIRM, **FOCUS}
MULTI_MENU = {**MENU, "max_selected_items": integer(least=1)}
TYPED = {"placeholder": plain(150), "dispatch_action_config": DISPATCH, **FOCUS}


def _initial_is_offered(value: dict[str, Any], path: str) -> Iterator[str]:
    groups = value.get("option_groups") or [value]
    offered = [item for group in groups for item in group["options"]]
    for name in ("initial_option", "initial_options"):
        initial = value.get(name)
        wanted = initial if isinstance(initial, list) else [initial] if initial else []
        if any(item not in offered for item in wanted):
            yield f"{path}/{name}: is not among the options"


def _static_menu(optional: Mapping[str, Check]) -> Check:
    return element(
        None,
        {
            "options": each(OPTION, least=1, most=100),
            "option_groups": each(OPTION_GROUP, least=1, most=100),
            **optional,
        },
        only_one_of=("options", "option_groups"),
        rules=(_initial_is_offered,),
    )


def _few_options(initial: Mapping[str, Check]) -> Check:
    return element(
        {"options": each(RICH_OPTION, least=1, most=10)},
        {**initial, "confirm": CONFIRM, **FOCUS},
        rules=(_initial_is_offered,),
    )


def _length_order(value: dict[str, Any], path: str) -> Iterator[str]:
    least, most = value.get("min_length") or 0, value.get("max_length") or 3000
    if least > most:
        yield f"{path}/min_length: {least}, more than max_length {most}"


IMAGE_SOURCE = {"image_url": URL, "slack_file": SLACK_FILE}
IMAGE = shape(
    {"type": anything, "alt_text": string(2000, least=1)},
    IMAGE_SOURCE,
    only_one_of=tuple(IMAGE_SOURCE),
)
BUTTON = element(
    {"text": plain(75)},
    {
        "url": URL,
        "value": string(2000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "agent_prompt": string(4000),
        "agent_prompt_display": anything,
        "visible_to_user_ids": IDS,
    },
)
FEEDBACK = shape({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})
ICON_BUTTON = element(
    {"icon": string(least=1), "text": plain(75)},
    {
        "value": string(2000),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "visible_to_user_ids": each(string(), most=10),
    },
)
DATE = string(pattern=r"\d{4}-\d\d-\d\d")
TIME = string(pattern=r"([01]\d|2[0-3]):[0-5]\d")
LINES = integer(1, 100)
RESPONSE_URL = {"response_url_enabled": boolean}
CONVERSATIONS = {"filter": CONVERSATION_FILTER, "default_to_current_conversation": boolean}
QUERY = {"min_query_length": integer(least=0)}

MENUS: dict[str, Check] = {
    "static_select": _static_menu({"initial_option": OPTION, **MENU}),
    "external_select": element(None, {"initial_option": OPTION, **QUERY, **MENU}),
    "users_select": element(None, {"initial_user": string(), **MENU}),
    "conversations_select": element(
        None, {"initial_conversation": string(), **CONVERSATIONS, **RESPONSE_URL, **MENU}
    ),
    "channels_select": element(None, {"initial_channel": string(), **RESPONSE_URL, **MENU}),
}
MULTI_MENUS: dict[str, Check] = {
    "multi_static_select": _static_menu({"initial_options": each(OPTION, least=1), **MULTI_MENU}),
    "multi_external_select": element(
        None, {"initial_options": each(OPTION, least=1), **QUERY, **MULTI_MENU}
    ),
    "multi_users_select": element(None, {"initial_users": IDS, **MULTI_MENU}),
    "multi_conversations_select": element(
        None, {"initial_conversations": IDS, **CONVERSATIONS, **MULTI_MENU}
    ),
    "multi_channels_select": element(None, {"initial_channels": IDS, **MULTI_MENU}),
}
PICKS: dict[str, Check] = {
    "checkboxes": _few_options({"initial_options": each(RICH_OPTION, least=1)}),
    "radio_buttons": _few_options({"initial_option": RICH_OPTION}),
    "datepicker": element(None, {"initial_date": DATE, **MENU}),
    "timepicker": element(None, {"initial_time": TIME, "timezone": string(), **MENU}),
}
DATE_TIME: dict[str, Check] = {
    "datetimepicker": element(
        None,
        {"initial_date_time": integer(1_000_000_000, 9_999_999_999), "confirm": CONFIRM, **FOCUS},
    ),
}
BUTTONS: dict[str, Check] = {
    "button": BUTTON,
    "overflow": element(
        {"options": each(option(plain, {"url": URL}), least=1, most=5)}, {"confirm": CONFIRM}
    ),
    "workflow_button": element(
        {"text": plain(75), "workflow": anything},
        {"style": one_of("primary", "danger"), "accessibility_label": string(75)},
    ),
}
TYPED_INPUTS: dict[str, Check] = {
    "plain_text_input": element(
        None,
        {
            "initial_value": string(3000),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
            **TYPED,
        },
        rules=(_length_order,),
    ),
    "rich_text_input": element(
        None, {"initial_value": anything, "min_lines": LINES, "max_lines": LINES, **TYPED}
    ),
    "number_input": element(
        {"is_decimal_allowed": boolean},
        {"initial_value": string(), "min_value": string(), "max_value": string(), **TYPED},
    ),
    "email_text_input": element(None, {"initial_value": string(), **TYPED}),
    "url_text_input": element(None, {"initial_value": string(), **TYPED}),
}
FILE_INPUT: dict[str, Check] = {
    "file_input": element(
        None, {"filetypes": each(string(least=1), least=1), "max_files": integer(1, 10)}
    ),
}
