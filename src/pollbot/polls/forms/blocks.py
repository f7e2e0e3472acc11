"""The form that makes a poll, and the one that edits it."""

from pollbot.polls.blocks import who_sees
from pollbot.polls.forms.state import (
    CHANNEL_FIELD,
    DESCRIPTION_FIELD,
    EDIT_FORM,
    END_FIELD,
    KEEP_FIELD,
    MOST_IN_FORM,
    NO_TEMPLATE,
    NOT_AT_ALL,
    OPTION_FIELD,
    POST_AT_FIELD,
    RECORD_FIELD,
    REMIND_BEFORE,
    REMIND_FIELD,
    REPEAT_FIELD,
    REPEATS,
    SETTINGS_FIELD,
    TITLE_FIELD,
    VISIBILITY_FIELD,
    FormState,
    Hitch,
    add_option,
    apply_template,
    edited_options,
    field_of,
    filled,
    memory_of,
    move_option,
    picked_template,
    read_form,
    remove_option,
    state_of,
    to_draft,
    turn_place,
    with_source,
)
from pollbot.polls.rules import (
    DESCRIPTION,
    FEWEST_OPTIONS,
    MOST_OPTIONS,
    OPTION,
    TITLE,
    PollSettings,
    Visibility,
)
from pollbot.polls.templates import TEMPLATES
from pollbot.slack import kit
from pollbot.slack.kit import (
    Block,
    actions,
    beside,
    choice,
    context,
    control,
    picker,
    section,
    view,
    writing,
)

# One name for a listener to import; what is not drawn is in state.py.
__all__ = [
    "ADD_OPTION",
    "CHANGED",
    "CREATE_FORM",
    "EDIT_FORM",
    "END_FIELD",
    "OPTION_DOWN",
    "OPTION_REMOVE",
    "OPTION_UP",
    "PICK_TEMPLATE",
    "POST_AT_FIELD",
    "REMIND_FIELD",
    "REPEAT_FIELD",
    "TITLE_FIELD",
    "TURN_PLACE",
    "FormState",
    "Hitch",
    "add_option",
    "apply_template",
    "create_form",
    "edit_form",
    "edited_options",
    "field_of",
    "filled",
    "move_option",
    "picked_template",
    "read_form",
    "remove_option",
    "state_of",
    "to_draft",
    "turn_place",
    "with_source",
]

TEMPLATE_ROW = "template"
CREATE_FORM = "create_poll"

OPTION_UP = "option_up"
OPTION_DOWN = "option_down"
OPTION_REMOVE = "option_remove"
ADD_OPTION = "add_option"
PICK_TEMPLATE = "pick_template"
TURN_PLACE = "turn_place"
CHANGED = "changed"
"""The action_id of the fields whose change redraws the line that says who sees what."""

_REMINDERS = (
    *("1 hour before the end", "4 hours before the end"),
    *("1 day before the end", "2 days before the end"),
)
_REPEATS = ("Every day", "Every weekday (Monday to Friday)", "Every week", "Every month")

_OR_ELSEWHERE = "put it on no issue or page, or close this and run `/poll` with another one"
_FILL_IN = (
    "Fill in the form all the same: what you create is saved, and is made and posted by itself"
)
_HITCHES = {
    Hitch.HIDDEN: (
        ":x: Jira knows no {about}, or does not show it to you, so no poll can be made on it. "
        f"You can {_OR_ELSEWHERE}."
    ),
    Hitch.NO_EDIT: (
        ":x: Polls in Team Voice can be made by those who may edit {about}, and Jira does not let "
        f"you. You can keep it in pollbot, {_OR_ELSEWHERE}."
    ),
    Hitch.MACRO: (
        ":x: Team Voice keeps a page’s polls under the id of its macro there, which pollbot does "
        "not know yet, so {about} takes no poll of yours. You can keep it in pollbot. Or edit the "
        "page in Confluence, open the Team Voice macro, copy its *Macro ID*, run `/pollbot macro` "
        "with the page’s link and that id, and open this form again."
    ),
    Hitch.SOURCE: (
        ":x: Team Voice does not let pollbot make a poll on {about}: its address or its access "
        "token is not right for it. You can keep the poll in pollbot; an admin can mend that in "
        "`/pollbot setup`."
    ),
    Hitch.NO_ACCOUNT: (
        ":link: A poll on {about} is made with your own Jira account, and you have none connected "
        f"yet. {_FILL_IN} once you are connected (`/pollbot connect`)."
    ),
    Hitch.TOKEN_REFUSED: (
        f":warning: Jira no longer accepts your API token. {_FILL_IN} once you are connected with "
        "a new one (`/pollbot connect`)."
    ),
    Hitch.NOT_ASKED: (
        ":hourglass_flowing_sand: Whether a poll can be made on {about} could not be asked yet: "
        "Jira or Team Voice does not answer right now. "
        f"{_FILL_IN} as soon as that is possible."
    ),
}


def create_form(state: FormState, *, about: str = "") -> Block:
    """Return the form for a new poll; ``about`` is a link to the issue or page, or empty."""
    return view(
        "New poll",
        [
            *([section(f":warning: {state.notes}")] if state.notes else []),
            *_place(state, about),
            _templates(state),
            *_fields(state),
            _channel(state),
            *_later(state),
            context(_who_sees(state)),
            *_hitches(state),
        ],
        callback_id=CREATE_FORM,
        submit="Create",
        close="Cancel",
        memory=memory_of(state),
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
            *_hitches(state),
        ],
        callback_id=EDIT_FORM,
        submit="Save",
        close="Cancel",
        memory=memory_of(state),
    )


def _place(state: FormState, about: str) -> list[Block]:
    """Return what the poll is on and where it is kept, and at once what does not work there."""
    offered = state.offered_issue or ("the page" if state.offered_page else "")
    if not about:
        line = "Without an issue or page."
        place = beside(line, control(f"Put it on {offered}", TURN_PLACE, "on")) if offered else None
    else:
        line = f"On {about}{', which this channel is linked to' if state.linked else ''}."
        off = "Put it on no issue" if state.issue else "Put it on no page"
        place = beside(line, control(off, TURN_PLACE, "off")) if offered else None
    hitch = state.stands_in_the_way
    return [
        place or context(line),
        *([_keep(state)] if state.has_source else []),
        *([section(_HITCHES[hitch].format(about=about))] if hitch is not None else []),
    ]


def _templates(state: FormState) -> Block:
    choices = [
        choice("Your own options", NO_TEMPLATE),
        *(choice(template.label, template.name) for template in TEMPLATES.values()),
    ]
    chosen = state.template if state.template in TEMPLATES else NO_TEMPLATE
    select = picker("static_select", PICK_TEMPLATE, choices, chosen=[chosen or NO_TEMPLATE])
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
        _settings(state.settings, stays_open=state.stays_open),
        _visibility(state.settings),
        kit.moment_field(
            END_FIELD,
            "End",
            "value",
            state.settings.ends_at,
            "The poll closes then, in your own time zone. Without an end it is open until "
            "somebody closes it.",
            dispatch=True,
        ),
        _remind(state),
        *([_record(state)] if state.issue else []),
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


def _settings(settings: PollSettings, *, stays_open: bool) -> Block:
    offered = {
        "several": ("Several answers allowed", "A person may choose more than one option"),
        "changeable": ("Answers can be changed", "Or withdrawn, as long as the poll is open"),
        "names": ("Names are kept and shown", "Without this, the poll is anonymous"),
        "comments": ("Comments allowed", "A person may add a comment to an answer"),
        "percent_only": ("Percentages only", "Absolute numbers and names are not shown"),
        "stays_open": ("Stays open after its end", "The end is only shown; somebody closes it"),
    }
    ticked = {name for name in offered if getattr(settings, name, False)}
    if stays_open:
        ticked.add("stays_open")
    return kit.field(
        SETTINGS_FIELD,
        "Settings",
        picker(
            "checkboxes",
            CHANGED,
            [choice(label, name, more) for name, (label, more) in offered.items()],
            chosen=sorted(ticked),
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


def _remind(state: FormState) -> Block:
    choices = [
        choice("No reminder", NOT_AT_ALL),
        *(
            choice(label, str(int(before)))
            for before, label in zip(REMIND_BEFORE, _REMINDERS, strict=True)
        ),
    ]
    known = state.remind_before if state.remind_before in REMIND_BEFORE else None
    chosen = NOT_AT_ALL if known is None else str(int(known))
    return kit.field(
        REMIND_FIELD,
        "Remind those who have not answered",
        picker("static_select", CHANGED, choices, chosen=[chosen]),
        hint="Once, in private. Only where names are kept and the poll closes by itself.",
        optional=True,
        dispatch=True,
    )


def _record(state: FormState) -> Block:
    label = "Write the result on the issue when it closes"
    tick = choice(label, "record", "One comment in Jira, in your name")
    return kit.field(
        RECORD_FIELD,
        "Decision on record",
        picker("checkboxes", "value", [tick], chosen=["record"] if state.record else []),
        optional=True,
    )


def _later(state: FormState) -> list[Block]:
    choices = [
        choice("Does not repeat", NOT_AT_ALL),
        *(choice(label, each.value) for each, label in zip(REPEATS, _REPEATS, strict=True)),
    ]
    repeat = kit.field(
        REPEAT_FIELD,
        "Repeat",
        picker("static_select", CHANGED, choices, chosen=[state.repeat or NOT_AT_ALL]),
        hint="A fresh poll each time, at the time above, open as long as the first one.",
        optional=True,
        dispatch=True,
    )
    hint = "In your own time zone. Left empty, it is posted at once."
    later = kit.moment_field(
        POST_AT_FIELD, "Post it later", CHANGED, state.post_at, hint, dispatch=True
    )
    return [later, repeat]


def _channel(state: FormState) -> Block:
    channel: Block = {
        "type": "conversations_select",
        "action_id": "value",
        "default_to_current_conversation": True,
        # The url that comes with it reaches channels to which the app was not invited.
        "response_url_enabled": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        **({"initial_conversation": state.channel} if state.channel else {}),
    }
    return kit.field(CHANNEL_FIELD, "Channel to post it in", channel)


def _keep(state: FormState) -> Block:
    kept = {
        "source": "In Team Voice: people can answer in Jira as well",
        "pollbot": "In pollbot: only here in Slack",
    }
    return kit.field(
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


def _who_sees(state: FormState) -> str:
    line = f":eyes: {who_sees(state.settings)}"
    elsewhere = state.has_source and state.keep == "source" and not state.source_hides
    if elsewhere and state.settings.visibility is not Visibility.ALWAYS:
        line += (
            " :warning: Team Voice shows results always: choose that, or keep this poll in pollbot."
        )
    return line


def _hitches(state: FormState) -> list[Block]:
    """Return what the choices so far do not allow, if anything."""
    hitches = []
    if state.remind_before is not None and not state.settings.names:
        hitches.append(
            "An anonymous poll cannot remind anybody: nobody knows who has answered. Keep names, "
            "or choose no reminder."
        )
    if state.remind_before is not None and not state.settings.closes_at_end:
        hitches.append(
            "A reminder needs an *End* at which the poll closes: give it one, and let it not stay "
            "open after that; or choose no reminder."
        )
    if state.repeat is not None and state.post_at is None:
        hitches.append("To repeat, it needs a time: choose one at *Post it later*.")
    return [context(f":warning: {' '.join(hitches)}")] if hitches else []
