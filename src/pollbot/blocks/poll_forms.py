"""The forms around a poll: to make one, to edit it, to comment, to look at names, to do more."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pollbot.blocks import kit
from pollbot.blocks.kit import (
    VIEW_MEMORY,
    Block,
    actions,
    choice,
    context,
    control,
    picker,
    section,
    view,
    writing,
)
from pollbot.blocks.polls import who_sees
from pollbot.domain.polls import (
    DESCRIPTION,
    FEWEST_OPTIONS,
    MOST_OPTIONS,
    OPTION,
    TEMPLATES,
    TITLE,
    Poll,
    PollSettings,
    Visibility,
)
from pollbot.errors import StaleButton

CREATE_FORM = "create_poll"
EDIT_FORM = "edit_poll"

TITLE_FIELD = "title"
DESCRIPTION_FIELD = "description"
OPTION_FIELD = "option:"  # followed by the option's key
SETTINGS_FIELD = "settings"
VISIBILITY_FIELD = "visibility"
END_FIELD = "end"
KEEP_FIELD = "keep"
CHANNEL_FIELD = "channel"
TEMPLATE_ROW = "template"

OPTION_UP = "option_up"
OPTION_DOWN = "option_down"
OPTION_REMOVE = "option_remove"
ADD_OPTION = "add_option"
PICK_TEMPLATE = "pick_template"
CHANGED = "changed"
"""The action_id of the fields whose change redraws the line that says who sees what."""

_NO_TEMPLATE = "none"

class _Memory(BaseModel):
    """What a form keeps besides its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    v: Literal[1] = 1
    issue: str = ""
    page: str = ""
    channel: str = ""
    poll: str = ""
    template: str | None = None
    keys: list[str] = Field(default_factory=list)
    next_key: int = 1
    source: bool = False
    fixed: bool = False


def state_of(poll: Poll) -> FormState:
    """Return the form that edits this poll."""
    live = poll.live
    options = tuple(FormOption(f"={option.id}", option.title) for option in live)
    state = FormState(
        title=poll.title,
        description=poll.description,
        options=options,
        settings=poll.settings,
        template=poll.template,
        poll=poll.id,
        next_key=1,
    )
    keys = len(_memory(state))
    too_much = len(options) > MOST_IN_FORM or keys > VIEW_MEMORY - 500
    if too_much or any(len(one.key) > 200 for one in options):
        return replace(state, options=(), options_fixed=True)
    return state


def create_form(state: FormState, *, about: str = "", problem: str = "") -> Block:
    """Return the form for a new poll; ``about`` is a link to the issue or page, or empty."""
    place = f"On {about}." if about else "Without an issue or page."
    return view(
        "New poll",
        [
            *([section(f":warning: {problem}")] if problem else []),
            context(place),
            _templates(state),
            *_fields(state),
            *_where(state),
            context(_who_sees(state)),
        ],
        callback_id=CREATE_FORM,
        submit="Create",
        close="Cancel",
        memory=_memory(state),
    )


def edit_form(state: FormState, *, about: str = "", problem: str = "") -> Block:
    """Return the form that edits a poll."""
    return view(
        "Edit poll",
        [
            *([section(f":warning: {problem}")] if problem else []),
            *([context(f"On {about}.")] if about else []),
            *_fields(state),
            context(
                f"{_who_sees(state)} Answers to options that stay are kept. Whether names are "
                "kept cannot be changed once somebody has answered."
            ),
        ],
        callback_id=EDIT_FORM,
        submit="Save",
        close="Cancel",
        memory=_memory(state),
    )


def read_form(view: Mapping[str, Any]) -> FormState:
    """Return the form as it was filled in. Raises StaleButton if it is not one of ours."""
    memory = _read_memory(view)
    values = view.get("state", {}).get("values", {})
    settings = _chosen_many(values, SETTINGS_FIELD)
    end = _value(values, END_FIELD, "selected_date_time")
    keep = _chosen(values, KEEP_FIELD)
    visibility = _chosen(values, VISIBILITY_FIELD)
    return FormState(
        title=_text(values, TITLE_FIELD),
        description=_text(values, DESCRIPTION_FIELD),
        options=tuple(
            FormOption(key, _text(values, f"{OPTION_FIELD}{key}")) for key in memory.keys
        ),
        settings=PollSettings(
            several="several" in settings,
            visibility=Visibility(visibility)
            if visibility in list(Visibility)
            else Visibility.ALWAYS,
            ends_at=float(end) if isinstance(end, int | float) else None,
            closes_at_end="closes_at_end" in settings,
            percent_only="percent_only" in settings,
            changeable="changeable" in settings,
            names="names" in settings,
            comments="comments" in settings,
        ),
        template=memory.template,
        issue=memory.issue,
        page=memory.page,
        channel=str(_value(values, CHANNEL_FIELD, "selected_conversation") or memory.channel),
        poll=memory.poll,
        has_source=memory.source,
        keep=cast("Keep", keep) if keep in get_args(Keep) else "pollbot",
        options_fixed=memory.fixed,
        next_key=memory.next_key,
    )


def picked_template(action: Mapping[str, Any]) -> str:
    """Return the name of the template that was picked; "none" for one's own options."""
    return str((action.get("selected_option") or {}).get("value") or _NO_TEMPLATE)


def _templates(state: FormState) -> Block:
    choices = [
        choice("Your own options", _NO_TEMPLATE),
        *(choice(template.label, template.name) for template in TEMPLATES.values()),
    ]
    chosen = state.template if state.template in TEMPLATES else _NO_TEMPLATE
    select = picker("static_select", PICK_TEMPLATE, choices, chosen=[chosen or _NO_TEMPLATE])
    return {**actions(select), "block_id": TEMPLATE_ROW}


def _fields(state: FormState) -> list[Block]:
    template = TEMPLATES.get(state.template or "") if not state.poll else None
    return [
        kit.field(
            TITLE_FIELD,
            "Question",
            writing(
                longest=TITLE,
                initial=state.title,
                placeholder=template.title if template is not None else "What shall we eat?",
            ),
            hint=f"Left empty, it is “{template.title}”" if template is not None else "",
            optional=template is not None,
        ),
        kit.field(
            DESCRIPTION_FIELD,
            "Description",
            writing(longest=DESCRIPTION, initial=state.description, multiline=True),
            optional=True,
        ),
        *_options(state),
        _settings(state.settings),
        _visibility(state.settings),
        _end(state.settings),
    ]


def _options(state: FormState) -> list[Block]:
    if state.options_fixed:
        return [
            context(
                "This poll has more options than fit into a form; they stay as they are. "
                f"At most {MOST_IN_FORM} can be edited here."
            )
        ]
    blocks: list[Block] = []
    count = len(state.options)
    for place, one in enumerate(state.options):
        element = writing(longest=OPTION, initial=one.text)
        blocks.append(
            kit.field(f"{OPTION_FIELD}{one.key}", f"Option {place + 1}", element, optional=True)
        )
        if moves := _moves(one.key, place, count):
            blocks.append(actions(*moves))
    if count < MOST_IN_FORM:
        blocks.append(actions(control("Add an option", ADD_OPTION, "add")))
    blocks.append(
        context(
            f"Options left empty are left out. A form holds {MOST_IN_FORM}; "
            f'`/poll "Question" "A" "B" …` takes up to {MOST_OPTIONS}.'
        )
    )
    return blocks


def _moves(key: str, place: int, count: int) -> list[Block]:
    spoken = f"option {place + 1}"
    moves = []
    if place > 0:
        moves.append(control("▲", OPTION_UP, key, spoken=f"Move {spoken} up"))
    if place < count - 1:
        moves.append(control("▼", OPTION_DOWN, key, spoken=f"Move {spoken} down"))
    if count > FEWEST_OPTIONS:
        moves.append(control("✕", OPTION_REMOVE, key, spoken=f"Remove {spoken}"))
    return moves


def _settings(settings: PollSettings) -> Block:
    offered = {
        "several": ("Several answers allowed", "A person may choose more than one option"),
        "changeable": ("Answers can be changed", "Or withdrawn, as long as the poll is open"),
        "names": ("Names are kept and shown", "Without this, the poll is anonymous"),
        "comments": ("Comments allowed", "A person may add a comment to an answer"),
        "percent_only": ("Percentages only", "Absolute numbers and names are not shown"),
        "closes_at_end": ("Closes by itself at its end", "Needs an end, below"),
    }
    return kit.field(
        SETTINGS_FIELD,
        "Settings",
        picker(
            "checkboxes",
            CHANGED,
            [choice(label, name, more) for name, (label, more) in offered.items()],
            chosen=[name for name in offered if getattr(settings, name)],
        ),
        optional=True,
        dispatch=True,
    )


def _visibility(settings: PollSettings) -> Block:
    offered = {
        Visibility.ALWAYS: "Always, to everybody",
        Visibility.AFTER_VOTE: "To each person once they have answered",
        Visibility.AFTER_CLOSE: "When the poll is closed",
    }
    return kit.field(
        VISIBILITY_FIELD,
        "When results are shown",
        picker(
            "radio_buttons",
            CHANGED,
            [choice(label, value.value) for value, label in offered.items()],
            chosen=[settings.visibility.value],
        ),
        dispatch=True,
    )


def _end(settings: PollSettings) -> Block:
    # Slack takes moments of ten digits only.
    ends_at = int(settings.ends_at) if settings.ends_at is not None else 0
    known = 10**9 <= ends_at < 10**10
    return kit.field(
        END_FIELD,
        "End",
        {
            "type": "datetimepicker",
            "action_id": "value",
            **({"initial_date_time": ends_at} if known else {}),
        },
        hint="In your own time zone. Without an end, the poll stays open until somebody closes it.",
        optional=True,
    )


def _where(state: FormState) -> list[Block]:
    channel: Block = {
        "type": "conversations_select",
        "action_id": "value",
        "default_to_current_conversation": True,
        # The url that comes with it reaches channels to which the app was not invited.
        "response_url_enabled": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        **({"initial_conversation": state.channel} if state.channel else {}),
    }
    kept = {
        "team_voice": "In Team Voice: people can answer in Jira as well",
        "pollbot": "In pollbot: only here in Slack",
    }
    keep = kit.field(
        KEEP_FIELD,
        "Where the poll is kept",
        picker(
            "radio_buttons",
            CHANGED,
            [choice(label, name) for name, label in kept.items()],
            chosen=[state.keep],
        ),
        dispatch=True,
    )
    return [
        *([keep] if state.has_source else []),
        kit.field(CHANNEL_FIELD, "Channel to post it in", channel),
    ]


def _who_sees(state: FormState) -> str:
    line = f":eyes: {who_sees(state.settings)}"
    in_team_voice = state.has_source and state.keep == "team_voice"
    if in_team_voice and state.settings.visibility is not Visibility.ALWAYS:
        line += (
            " :warning: Team Voice shows results always: choose that, or keep this poll in pollbot."
        )
    return line


def _memory(state: FormState) -> str:
    memory = _Memory(
        issue=state.issue,
        page=state.page,
        channel=state.channel,
        poll=state.poll,
        template=state.template,
        keys=[one.key for one in state.options],
        next_key=state.next_key,
        source=state.has_source,
        fixed=state.options_fixed,
    )
    return memory.model_dump_json(exclude_defaults=True)


def _read_memory(view: Mapping[str, Any]) -> _Memory:
    try:
        return _Memory.model_validate_json(view["private_metadata"])
    except (KeyError, TypeError, ValidationError) as error:
        raise StaleButton from error


def _value(values: Mapping[str, Any], block_id: str, name: str) -> Any:
    """Return what one field holds, whatever its element is called; None if it is not there."""
    for element in (values.get(block_id) or {}).values():
        return element.get(name)
    return None


def _text(values: Mapping[str, Any], block_id: str) -> str:
    return str(_value(values, block_id, "value") or "")


def _chosen(values: Mapping[str, Any], block_id: str) -> str:
    return str((_value(values, block_id, "selected_option") or {}).get("value") or "")


def _chosen_many(values: Mapping[str, Any], block_id: str) -> set[str]:
    return {str(one["value"]) for one in _value(values, block_id, "selected_options") or []}
