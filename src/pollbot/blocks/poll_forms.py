"""The forms around a poll: to make one, to edit it, to comment, to look at names, to do more."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pollbot.blocks import kit
from pollbot.blocks.clicks import (
    CloseClick,
    DeleteClick,
    EditClick,
    NamesClick,
    ShowResultsClick,
)
from pollbot.blocks.kit import (
    VIEW_MEMORY,
    Block,
    actions,
    button,
    choice,
    confirmation,
    context,
    control,
    counted,
    fit,
    person,
    picker,
    section,
    view,
    writing,
)
from pollbot.blocks.polls import who_sees
from pollbot.domain.polls import (
    COMMENT,
    DESCRIPTION,
    FEWEST_OPTIONS,
    MOST_OPTIONS,
    OPTION,
    TEMPLATES,
    TITLE,
    Draft,
    Option,
    Poll,
    PollSettings,
    Visibility,
)
from pollbot.errors import StaleButton

CREATE_FORM = "create_poll"
EDIT_FORM = "edit_poll"
COMMENT_FORM = "comment_poll"
NAMES_VIEW = "poll_names"
MORE_VIEW = "poll_more"
TOLD_VIEW = "poll_told"

TITLE_FIELD = "title"
DESCRIPTION_FIELD = "description"
OPTION_FIELD = "option:"  # followed by the option's key
SETTINGS_FIELD = "settings"
VISIBILITY_FIELD = "visibility"
END_FIELD = "end"
KEEP_FIELD = "keep"
CHANNEL_FIELD = "channel"
COMMENT_FIELD = "comment"
TEMPLATE_ROW = "template"

OPTION_UP = "option_up"
OPTION_DOWN = "option_down"
OPTION_REMOVE = "option_remove"
ADD_OPTION = "add_option"
PICK_TEMPLATE = "pick_template"
CHANGED = "changed"
"""The action_id of the fields whose change redraws the line that says who sees what."""

MOST_IN_FORM = 40
_NO_TEMPLATE = "none"
_NAMES_IN_PARAGRAPH = 50
_PARAGRAPHS_ON_PAGE = 40

Keep = Literal["team_voice", "pollbot"]


@dataclass(frozen=True, slots=True)
class FormOption:
    """One option as it stands in the form. Its key stays, so that what is typed stays with it."""

    key: str
    text: str = ""

    @property
    def option_id(self) -> str | None:
        """The id of the poll's option that is edited here; None for a new one."""
        return self.key[1:] if self.key.startswith("=") else None


@dataclass(frozen=True, slots=True)
class FormState:
    """The form as somebody has filled it in so far.

    ``poll`` is the id of the poll that is edited, empty for a new one. With
    ``options_fixed`` there are too many options for a form, and they stay as
    they are. ``next_key`` was never a key, so that no old text comes back.
    """

    title: str = ""
    description: str = ""
    options: tuple[FormOption, ...] = (FormOption("1"), FormOption("2"))
    settings: PollSettings = field(default_factory=PollSettings)
    template: str | None = None
    issue: str = ""
    page: str = ""
    channel: str = ""
    poll: str = ""
    has_source: bool = False
    keep: Keep = "pollbot"
    options_fixed: bool = False
    next_key: int = 3


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


# What a change of the form does


def add_option(state: FormState) -> FormState:
    """Return the form with one more option to fill in, if there is room for it."""
    if len(state.options) >= MOST_IN_FORM:
        return state
    new = FormOption(str(state.next_key))
    return replace(state, options=(*state.options, new), next_key=state.next_key + 1)


def remove_option(state: FormState, key: str) -> FormState:
    """Return the form without that option; the last two stay."""
    if len(state.options) <= FEWEST_OPTIONS:
        return state
    return replace(state, options=tuple(one for one in state.options if one.key != key))


def move_option(state: FormState, key: str, places: int) -> FormState:
    """Return the form with that option so many places further down; beyond an end it stays."""
    keys = [one.key for one in state.options]
    if key not in keys:
        return state
    old = keys.index(key)
    new = old + places
    if not 0 <= new < len(keys):
        return state
    options = list(state.options)
    options.insert(new, options.pop(old))
    return replace(state, options=tuple(options))


def apply_template(state: FormState, name: str) -> FormState:
    """Return the form with that template's options; an unknown name leaves them as they are."""
    template = TEMPLATES.get(name)
    if template is None:
        return replace(state, template=None)
    # New keys: Slack keeps what was typed under the old ones.
    options = tuple(
        FormOption(str(state.next_key + place), text) for place, text in enumerate(template.options)
    )
    return replace(state, template=name, options=options, next_key=state.next_key + len(options))


def to_draft(state: FormState) -> Draft:
    """Return the poll as it was written. A question left empty is the template's own."""
    template = TEMPLATES.get(state.template or "")
    texts = tuple(text for text in (one.text.strip() for one in state.options) if text)
    # An average means something only while the scale is as it was.
    same = template is not None and texts == template.options
    return Draft(
        title=state.title.strip() or (template.title if template is not None else ""),
        options=texts,
        description=state.description,
        settings=state.settings,
        template=template.name if template is not None and same else None,
    )


def edited_options(state: FormState) -> tuple[tuple[str | None, str], ...] | None:
    """Return (id or None for a new one, title) in order; None if the options stay as they are."""
    if state.options_fixed:
        return None
    return tuple((one.option_id, one.text) for one in state.options if one.text.strip())


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


# To make and to edit


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


# To comment


def comment_form(poll: Poll, current: str = "") -> Block:
    """Return the form for a comment on my answer; left empty, it removes the comment."""
    who = "with your name" if _shows_names(poll) else "without your name"
    return view(
        "Comment",
        [
            section(f"Your comment on *{fit(poll.title, 150, 400)}*"),
            kit.field(
                COMMENT_FIELD,
                "Comment",
                writing(longest=COMMENT, initial=current, multiline=True),
                hint=f"It is shown with the results, {who}. Left empty, it is removed.",
                optional=True,
            ),
        ],
        callback_id=COMMENT_FORM,
        submit="Save",
        close="Cancel",
        memory=json.dumps({"poll": poll.id}),
    )


def read_comment(view: Mapping[str, Any]) -> tuple[str, str]:
    """Return the poll's id and the comment. Raises StaleButton if it is not our form."""
    try:
        poll_id = json.loads(view["private_metadata"])["poll"]
    except (KeyError, TypeError, ValueError) as error:
        raise StaleButton from error
    return str(poll_id), _text(view.get("state", {}).get("values", {}), COMMENT_FIELD).strip()


# To look at, and to do more


def names_view(poll: Poll, names_by_option: Mapping[str, Sequence[str]], page: int = 0) -> Block:
    """Return everybody who answered, by option and in pages; nobody where names are not shown."""
    if not _shows_names(poll):
        return told_view("This poll shows no names.", title="Names")
    pages = _pages([text for option in poll.options for text in _named(option, names_by_option)])
    page = min(max(0, page), len(pages) - 1)
    turns = []
    if page > 0:
        turns.append(button("Previous", NamesClick(poll=poll.id, page=page - 1), nth=0))
    if page < len(pages) - 1:
        turns.append(button("Next", NamesClick(poll=poll.id, page=page + 1), nth=1))
    number = [context(f"Page {page + 1} of {len(pages)}")] if len(pages) > 1 else []
    return view(
        "Names",
        [
            section(f"*{fit(poll.title, TITLE, 2000)}*"),
            *(section(text) for text in pages[page]),
            *number,
            *([actions(*turns)] if turns else []),
        ],
        callback_id=NAMES_VIEW,
    )


def more_view(
    poll: Poll, *, may_manage: bool, names: bool, now_open: bool = True, card_id: str = ""
) -> Block:
    """Return what else can be done with this poll, by those who may; the card's id comes back."""
    rows = [button("Results", ShowResultsClick(poll=poll.id, view="bars"))]
    if names and _shows_names(poll):
        rows.append(button("Names", NamesClick(poll=poll.id)))
    manage = []
    if may_manage:
        if now_open:
            manage.append(button("Edit", EditClick(poll=poll.id)))
            manage.append(button("Close", CloseClick(poll=poll.id), confirm=_closing(poll)))
        manage.append(
            button("Delete", DeleteClick(poll=poll.id), style="danger", confirm=_deleting())
        )
    who = "" if may_manage else "Only its maker and those who look after it can change it."
    return view(
        "Poll",
        [
            section(f"*{fit(poll.title, TITLE, 2000)}*"),
            actions(*rows),
            *([actions(*manage)] if manage else []),
            context(f"{who_sees(poll.settings)} {who}".rstrip()),
        ],
        callback_id=MORE_VIEW,
        memory=json.dumps({"poll": poll.id, "card": card_id}),
    )


def more_card(view: Mapping[str, Any]) -> str:
    """Return the id of the card that this window was opened from, empty if it does not say."""
    try:
        return str(json.loads(view["private_metadata"])["card"])
    except (KeyError, TypeError, ValueError):
        return ""


def told_view(text: str, *, title: str = "Poll") -> Block:
    """Return a window that only tells; ``text`` is markup already."""
    return view(title, [section(text)], callback_id=TOLD_VIEW)


def _closing(poll: Poll) -> Block:
    final = "" if poll.settings.names else " It is anonymous, so it cannot be opened again."
    return confirmation(
        "Close this poll?", f"It takes no more answers; its results stay.{final}", "Close it"
    )


def _deleting() -> Block:
    return confirmation(
        "Delete this poll?",
        "The poll and all its answers are deleted for everybody, in Team Voice too if it is kept "
        "there. This cannot be undone.",
        "Delete it",
    )


def _shows_names(poll: Poll) -> bool:
    return poll.settings.names and not poll.settings.percent_only


def _named(option: Option, names_by_option: Mapping[str, Sequence[str]]) -> list[str]:
    ids = names_by_option.get(option.id, ())
    removed = ", removed" if option.removed else ""
    title = f"*{fit(option.title, OPTION, 600) or '-'}*"
    return [
        f"{title} ({counted(len(ids), 'person', 'people')}{removed})\n"
        + ", ".join(person(user_id) for user_id in ids[start : start + _NAMES_IN_PARAGRAPH])
        for start in range(0, len(ids), _NAMES_IN_PARAGRAPH)
    ]


def _pages(texts: Sequence[str]) -> list[Sequence[str]]:
    if not texts:
        return [["Nobody has answered in Slack yet."]]
    return [
        texts[start : start + _PARAGRAPHS_ON_PAGE]
        for start in range(0, len(texts), _PARAGRAPHS_ON_PAGE)
    ]
