"""The form that makes a poll, and the one that edits it."""

from collections.abc import Sequence
from dataclasses import replace

from pollbot.picks.blocks import issue_field
from pollbot.polls.audience.rules import Group
from pollbot.polls.blocks import Asked, poll_card, who_sees
from pollbot.polls.defaults.blocks import in_words
from pollbot.polls.defaults.rules import USUAL, changes
from pollbot.polls.forms.editing import edit_of, state_of
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
    SAVED,
    SETTINGS_FIELD,
    TITLE_FIELD,
    VISIBILITY_FIELD,
    FormState,
    Hitch,
    add_option,
    apply_template,
    begun,
    field_of,
    filled,
    is_simple,
    memory_of,
    move_option,
    on_issue,
    picked_template,
    posted_later,
    read_form,
    remove_option,
    stays_by_default,
    template_of,
    ticked,
    to_draft,
    turn_place,
    with_end,
    with_more,
    with_saved,
    with_source,
    with_who,
)
from pollbot.polls.forms.who_blocks import who_fields
from pollbot.polls.rules import (
    DESCRIPTION,
    FEWEST_OPTIONS,
    MOST_OPTIONS,
    OPTION,
    TITLE,
    Draft,
    Option,
    Poll,
    Visibility,
)
from pollbot.polls.saved.rules import Saved
from pollbot.polls.tally import Part, results
from pollbot.polls.templates import TEMPLATES, Template
from pollbot.polls.terms_blocks import terms
from pollbot.slack import kit
from pollbot.slack.kit import (
    Block,
    Message,
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
from pollbot.text.catalog import (
    Language,
    mark,
    numeral,
    say,
    say_marked,
    speaking,
    spoken,
)

# One name for a listener to import; what is not drawn is in state.py.
__all__ = [
    "ADD_OPTION",
    "CHANGED",
    "CREATE_FORM",
    "EDIT_FORM",
    "END_FIELD",
    "MORE_SETTINGS",
    "OPTION_DOWN",
    "OPTION_REMOVE",
    "OPTION_UP",
    "PICK_TEMPLATE",
    "POST_AT_FIELD",
    "PREVIEW",
    "REMIND_FIELD",
    "REPEAT_FIELD",
    "SAVED",
    "SAVE_TEMPLATE",
    "TITLE_FIELD",
    "TURN_PLACE",
    "WHO_AND_HOW",
    "FormState",
    "Hitch",
    "add_option",
    "apply_template",
    "begun",
    "card_of",
    "create_form",
    "edit_form",
    "edit_of",
    "field_of",
    "filled",
    "is_simple",
    "move_option",
    "on_issue",
    "picked_template",
    "posted_later",
    "read_form",
    "remove_option",
    "state_of",
    "to_draft",
    "turn_place",
    "with_end",
    "with_more",
    "with_saved",
    "with_source",
    "with_who",
]

TEMPLATE_ROW = "template"
CREATE_FORM = "create_poll"

OPTION_UP = "option_up"
OPTION_DOWN = "option_down"
OPTION_REMOVE = "option_remove"
ADD_OPTION = "add_option"
PICK_TEMPLATE = "pick_template"
TURN_PLACE = "turn_place"
MORE_SETTINGS = "more_settings"
WHO_AND_HOW = "who_and_how"
PREVIEW = "preview_poll"
SAVE_TEMPLATE = "save_template_of_form"
CHANGED = "changed"
"""The action_id of the fields whose change redraws the line that says who sees what."""

_REMINDERS = (
    mark("1 hour before the end"),
    mark("4 hours before the end"),
    mark("1 day before the end"),
    mark("2 days before the end"),
)
_REPEATS = (
    mark("Every day"),
    mark("Every weekday (Monday to Friday)"),
    mark("Every week"),
    mark("Every month"),
)

_HITCHES = {
    Hitch.HIDDEN: mark(
        ":x: Jira knows no {about}, or does not show it to you, so no poll can be made on it. "
        "You can put it on no issue or page, or close this and run `/poll` with another one."
    ),
    Hitch.NO_EDIT: mark(
        ":x: Polls in Team Voice can be made by those who may edit {about}, and Jira does not let "
        "you. You can keep it in pollbot, put it on no issue or page, or close this and run "
        "`/poll` with another one."
    ),
    Hitch.MACRO: mark(
        ":x: Team Voice keeps a page’s polls under the id of its macro there, which pollbot does "
        "not know yet, so {about} takes no poll of yours. You can keep it in pollbot. Or edit the "
        "page in Confluence, open the Team Voice macro, copy its *Macro ID*, run `/pollbot macro` "
        "with the page’s link and that id, and open this form again."
    ),
    Hitch.SOURCE: mark(
        ":x: Team Voice does not let pollbot make a poll on {about}: its address or its access "
        "token is not right for it. You can keep the poll in pollbot; an admin can mend that in "
        "`/pollbot setup`."
    ),
    Hitch.NO_ACCOUNT: mark(
        ":link: A poll on {about} is made with your own Jira account, and you have none connected "
        "yet. Fill in the form all the same: what you create is saved, and is made and posted by "
        "itself once you are connected (`/pollbot connect`)."
    ),
    Hitch.TOKEN_REFUSED: mark(
        ":warning: Jira no longer accepts your API token. Fill in the form all the same: what you "
        "create is saved, and is made and posted by itself once you are connected with a new one "
        "(`/pollbot connect`)."
    ),
    Hitch.NOT_ASKED: mark(
        ":hourglass_flowing_sand: Whether a poll can be made on {about} could not be asked yet: "
        "Jira or Team Voice does not answer right now. Fill in the form all the same: what you "
        "create is saved, and is made and posted by itself as soon as that is possible."
    ),
}
_ELSEWHERE = (Hitch.NO_EDIT, Hitch.MACRO, Hitch.SOURCE)
_PUT_ASIDE = mark(
    "Your own options are put aside: they come back with *Your own options*, above the question."
)
_UNKEPT = mark(
    ":warning: Your own options are too long to be put aside, so the template was not taken. Empty "
    "the field to take one."
)
_SETTINGS = {
    "several": (
        mark("Several answers allowed"),
        mark("A person may choose more than one option"),
    ),
    "changeable": (
        mark("Answers can be changed"),
        mark("Or withdrawn, as long as the poll is open"),
    ),
    "names": (
        mark("Names are kept and shown"),
        mark("Without this, the poll is anonymous"),
    ),
    "comments": (
        mark("Comments allowed"),
        mark("A person may add a comment to an answer"),
    ),
    "percent_only": (
        mark("Percentages only"),
        mark("Absolute numbers and names are not shown"),
    ),
    "addable": (
        mark("People may add options"),
        mark("Whoever may answer, with a button on the card"),
    ),
    "closes_when_all": (
        mark("Closes once all have answered"),
        mark("All who may answer; else all members of the channel"),
    ),
    "stays_open": (
        mark("Stays open after its end"),
        mark("The end is only shown; somebody closes it"),
    ),
}


def create_form(
    state: FormState,
    *,
    about: str = "",
    team: Language | None = None,
    chosen: Block | None = None,
    saved: Sequence[Saved] = (),
    groups: Sequence[Group] | None = None,
) -> Block:
    """Return the form for a new poll; ``about`` is a link to the issue or page, or empty.

    ``team``: the language in which everybody is asked, if it is another than that of the form.
    ``chosen``: the issue as its menu has it. ``saved`` are templates beside the ready-made ones.
    ``groups``: the workspace's user groups, None where they are not known.
    """
    with speaking(team or spoken()):
        template = template_of(state)
    chosen = chosen if state.issue else None
    state = replace(state, offered=str(chosen["value"]) if chosen is not None else "")
    return view(
        say("New poll"),
        [
            *([section(f":warning: {state.notes}")] if state.notes else []),
            *_place(state, about),
            _templates(state, saved),
            _question(state, template),
            *_lines(state),
            _issue(state, chosen),
            _channel(state),
            context(_who_sees(state)),
            *_usual(state),
            *_hitches(state),
            actions(
                *([] if state.more else [control(say("More settings"), MORE_SETTINGS, "more")]),
                *(_who_button(state) if state.more else []),
                control(say("Preview"), PREVIEW, "preview"),
                control(say("Save as template"), SAVE_TEMPLATE, "save"),
            ),
            *(_rest(state, groups) if state.more else []),
        ],
        callback_id=CREATE_FORM,
        submit=say("Create"),
        close=say("Cancel"),
        memory=memory_of(state),
    )


def card_of(draft: Draft, maker: str, now: float, *, about: str = "") -> Message:
    """Return the card of a poll that is not made yet, as everybody would see it first."""
    options = tuple(Option(str(n), title, n) for n, title in enumerate(draft.options, 1))
    poll = Poll("-", draft.title, draft.description, options, draft.settings, maker, draft.template)
    return poll_card("-", poll, results(poll, Part(), None, now), now_open=True, asked=Asked(about))


def edit_form(
    state: FormState,
    *,
    about: str = "",
    problem: str = "",
    groups: Sequence[Group] | None = None,
) -> Block:
    """Return the form that edits a poll; ``groups`` as in the form of a new one."""
    stays = say(
        "Answers to options that stay are kept. Whether names are kept cannot be changed once "
        "somebody has answered."
    )
    return view(
        say("Edit poll"),
        [
            *([section(f":warning: {problem}")] if problem else []),
            *([context(say("On {about}.", about=about))] if about else []),
            _question(state, None),
            _description(state),
            *_options(state),
            *_settled(state),
            *([actions(*way)] if (way := _who_button(state)) else []),
            *_who(state, groups),
            context(f"{_who_sees(state)} {stays}"),
            *_hitches(state),
        ],
        callback_id=EDIT_FORM,
        submit=say("Save"),
        close=say("Cancel"),
        memory=memory_of(state),
    )


def _place(state: FormState, about: str) -> list[Block]:
    """Return what the poll is on and where it is kept, and at once what does not work there."""
    line, turn, way = _where(state, about)
    hitch = state.stands_in_the_way
    there = say("It is created in Team Voice, so people can answer in Jira as well.")
    kept: list[Block] = []
    if state.has_source:
        # What stands in the way there may not here.
        asks = state.more or hitch in _ELSEWHERE or state.keep == "pollbot"
        kept = [_keep(state)] if asks else [context(there)] if state.keep == "source" else []
        if stays_by_default(state) and state.keep == "pollbot":
            kept.append(context(_stays_by_default()))
    return [
        *([beside(line, control(turn, TURN_PLACE, way))] if turn else []),
        *([] if turn else [context(line)]),
        *kept,
        *([section(say_marked(_HITCHES[hitch], about=about))] if hitch is not None else []),
    ]


def _stays_by_default() -> str:
    return say(
        "Your workspace does not show results to everybody at once, and Team Voice cannot hide "
        "them: so this poll begins as one that is kept in pollbot."
    )


def _usual(state: FormState) -> list[Block]:
    """Return the line that says with which defaults of the workspace a new poll begins."""
    names = {name for name in changes(USUAL, state.usual) if name not in _not_of(state)}
    if not names:
        return []
    defaults = in_words(state.usual, names)
    if state.more:
        said = say(
            "Filled in unless you said otherwise are your workspace’s defaults: {defaults}.",
            defaults=defaults,
        )
    else:
        said = say(
            "Your workspace’s defaults: {defaults}. *More settings* changes that for this poll.",
            defaults=defaults,
        )
    return [context(f":gear: {said}")]


def _not_of(state: FormState) -> set[str]:
    """Return the defaults that say nothing of such a poll."""
    of_a_template = {"several"} if state.template is not None else set()
    return of_a_template | (set() if state.issue else {"record"})


def _where(state: FormState, about: str) -> tuple[str, str, str]:
    """Return what the poll is on; how to change that, and what the button brings; or empty."""
    if not about:
        line = say("Without an issue or page.")
        if state.offered_issue and not state.page:
            return line, say("Put it on {issue}", issue=state.offered_issue), "on"
        return line, say("Put it on the page") if state.offered_page else "", "on"
    line = (
        say("On {about}, which this channel is linked to.", about=about)
        if state.linked
        else say("On {about}.", about=about)
    )
    if not (state.offered_issue or state.offered_page):
        return line, "", ""
    return line, say("Put it on no issue") if state.issue else say("Put it on no page"), "off"


def _templates(state: FormState, saved: Sequence[Saved]) -> Block:
    choices = [
        choice(say("Your own options"), NO_TEMPLATE),
        *(choice(say_marked(template.label), template.name) for template in TEMPLATES.values()),
        *(choice(one.name, f"{SAVED}{one.id}") for one in saved if one.definition is not None),
    ]
    chosen = state.template if state.template in TEMPLATES else NO_TEMPLATE
    select = picker(
        "static_select",
        PICK_TEMPLATE,
        choices,
        chosen=[chosen or NO_TEMPLATE],
        placeholder=say("Choose a template"),
    )
    # Where a template was not taken, its menu is to say so.
    row = f"{TEMPLATE_ROW}:{state.refills}" if state.unkept else TEMPLATE_ROW
    return {**actions(select), "block_id": row}


def _question(state: FormState, template: Template | None) -> Block:
    empty = say("Left empty, it is “{title}”", title=template.title) if template else ""
    return kit.field(
        TITLE_FIELD,
        say("Question"),
        writing(
            longest=TITLE,
            initial=state.title,
            placeholder=template.title if template else say("What shall we eat?"),
        ),
        hint=empty,
        optional=template is not None,
    )


def _lines(state: FormState) -> list[Block]:
    """Return the options of a new poll, one on a line."""
    field = kit.field(
        state.options_field,
        say("Options"),
        writing(
            longest=kit.VIEW_TEXT,
            initial=state.lines,
            placeholder=say("One option on each line"),
            multiline=True,
        ),
        hint=say("Two at least, and {most} at most.", most=numeral(MOST_OPTIONS)),
    )
    if state.unkept:
        return [field, context(say_marked(_UNKEPT))]
    if state.own:
        return [field, context(say_marked(_PUT_ASIDE))]
    return [field]


def _issue(state: FormState, chosen: Block | None) -> Block:
    return issue_field(
        state.issue_field,
        say("Issue"),
        hint=say("What the poll is about in Jira. Left empty, it is on none."),
        chosen=chosen,
        optional=True,
        dispatch=True,
    )


def _description(state: FormState) -> Block:
    return kit.field(
        DESCRIPTION_FIELD,
        say("Description"),
        writing(longest=DESCRIPTION, initial=state.description, multiline=True),
        optional=True,
    )


def _rest(state: FormState, groups: Sequence[Group] | None) -> list[Block]:
    """Return what a new poll need not say."""
    return [_description(state), *_settled(state), *_who(state, groups), *_later(state)]


def _who_button(state: FormState) -> list[Block]:
    if state.who is not None:
        return []
    return [control(say("Who may answer, and how many"), WHO_AND_HOW, "who")]


def _who(state: FormState, groups: Sequence[Group] | None) -> list[Block]:
    return [] if state.who is None else who_fields(state.who, CHANGED, groups)


def _settled(state: FormState) -> list[Block]:
    return [
        settings_field(ticked(state.settings, stays_open=state.stays_open)),
        visibility_field(state.settings.visibility),
        kit.moment_field(
            state.end_field,
            say("End"),
            "value",
            state.settings.ends_at,
            say(
                "The poll closes then, in your own time zone. Without an end it is open until "
                "somebody closes it."
            ),
            dispatch=True,
        ),
        remind_field(state.remind_before),
        *([_record(state)] if state.issue else []),
    ]


def _options(state: FormState) -> list[Block]:
    if state.options_fixed:
        return [
            context(
                say(
                    "This poll has more options than fit into a form; they stay as they are. At "
                    "most {most} can be edited here.",
                    most=numeral(MOST_IN_FORM),
                )
            )
        ]
    blocks: list[Block] = []
    count = len(state.options)
    for place, one in enumerate(state.options):
        element = writing(longest=OPTION, initial=one.text)
        blocks.append(
            kit.field(
                f"{OPTION_FIELD}{one.key}",
                say("Option {place}", place=numeral(place + 1)),
                element,
                optional=True,
            )
        )
        if moves := _moves(one.key, place, count):
            blocks.append(actions(*moves))
    if count < MOST_IN_FORM:
        blocks.append(actions(control(say("Add an option"), ADD_OPTION, "add")))
    blocks.append(
        context(
            say(
                "Options left empty are left out. A form holds {most}; "
                '`/poll "Question" "A" "B" …` takes up to {typed}.',
                most=numeral(MOST_IN_FORM),
                typed=numeral(MOST_OPTIONS),
            )
        )
    )
    return blocks


def _moves(key: str, place: int, count: int) -> list[Block]:
    number, moves = numeral(place + 1), []
    if place > 0:
        up = say("Move option {place} up", place=number)
        moves.append(control("▲", OPTION_UP, key, spoken=up))
    if place < count - 1:
        down = say("Move option {place} down", place=number)
        moves.append(control("▼", OPTION_DOWN, key, spoken=down))
    if count > FEWEST_OPTIONS:
        away = say("Remove option {place}", place=number)
        moves.append(control("✕", OPTION_REMOVE, key, spoken=away))
    return moves


def settings_field(chosen: Sequence[str], action_id: str = CHANGED) -> Block:
    """Return the box with what can be ticked of a poll."""
    return kit.field(
        SETTINGS_FIELD,
        say("Settings"),
        picker(
            "checkboxes",
            action_id,
            [
                choice(say_marked(label), name, say_marked(more))
                for name, (label, more) in _SETTINGS.items()
            ],
            chosen=chosen,
        ),
        optional=True,
        dispatch=action_id == CHANGED,
    )


def visibility_field(chosen: Visibility, action_id: str = CHANGED) -> Block:
    """Return the field for when results are shown."""
    offered = {
        Visibility.ALWAYS: say("Always, to everybody"),
        Visibility.AFTER_VOTE: say("To each person once they have answered"),
        Visibility.AFTER_CLOSE: say("When the poll is closed"),
    }
    return kit.field(
        VISIBILITY_FIELD,
        say("When results are shown"),
        picker(
            "radio_buttons",
            action_id,
            [choice(label, value.value) for value, label in offered.items()],
            chosen=[chosen.value],
        ),
        dispatch=action_id == CHANGED,
    )


def remind_field(before: float | None, action_id: str = CHANGED) -> Block:
    """Return the field for a reminder so many seconds before the end."""
    choices = [
        choice(say("No reminder"), NOT_AT_ALL),
        *(
            choice(say_marked(label), str(int(before)))
            for before, label in zip(REMIND_BEFORE, _REMINDERS, strict=True)
        ),
    ]
    known = before if before in REMIND_BEFORE else None
    chosen = NOT_AT_ALL if known is None else str(int(known))
    return kit.field(
        REMIND_FIELD,
        say("Remind those who have not answered"),
        picker("static_select", action_id, choices, chosen=[chosen]),
        hint=say("Once, in private. Only where names are kept and the poll closes by itself."),
        optional=True,
        dispatch=action_id == CHANGED,
    )


def _record(state: FormState) -> Block:
    label = say("Write the result on the issue when it closes")
    tick = choice(label, "record", say("One comment in Jira, in your name"))
    return kit.field(
        RECORD_FIELD,
        say("Decision on record"),
        picker("checkboxes", "value", [tick], chosen=["record"] if state.record else []),
        optional=True,
    )


def _later(state: FormState) -> list[Block]:
    choices = [
        choice(say("Does not repeat"), NOT_AT_ALL),
        *(
            choice(say_marked(label), each.value)
            for each, label in zip(REPEATS, _REPEATS, strict=True)
        ),
    ]
    repeat = kit.field(
        REPEAT_FIELD,
        say("Repeat"),
        picker("static_select", CHANGED, choices, chosen=[state.repeat or NOT_AT_ALL]),
        hint=say("A fresh poll each time, at the time above, open as long as the first one."),
        optional=True,
        dispatch=True,
    )
    hint = say("In your own time zone. Left empty, it is posted at once.")
    later = kit.moment_field(
        POST_AT_FIELD, say("Post it later"), CHANGED, state.post_at, hint, dispatch=True
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
    return kit.field(CHANNEL_FIELD, say("Channel to post it in"), channel)


def _keep(state: FormState) -> Block:
    kept = {
        "source": say("In Team Voice: people can answer in Jira as well"),
        "pollbot": say("In pollbot: only here in Slack"),
    }
    return kit.field(
        KEEP_FIELD,
        say("Where the poll is kept"),
        picker(
            "radio_buttons",
            CHANGED,
            [choice(label, name) for name, label in kept.items()],
            chosen=[state.keep],
        ),
        dispatch=True,
    )


def _who_sees(state: FormState) -> str:
    said = (terms(state.wanted), who_sees(state.settings))
    line = f":eyes: {' '.join(filter(None, said))}"
    elsewhere = state.has_source and state.keep == "source" and not state.source_hides
    if elsewhere and state.settings.visibility is not Visibility.ALWAYS:
        warning = say(
            ":warning: Team Voice shows results always: choose that, or keep this poll in pollbot."
        )
        return f"{line} {warning}"
    return line


def _hitches(state: FormState) -> list[Block]:
    """Return what the choices so far do not allow, if anything."""
    hitches = []
    if state.remind_before is not None and not state.settings.names:
        hitches.append(
            say(
                "An anonymous poll cannot remind anybody: nobody knows who has answered. Keep "
                "names, or choose no reminder."
            )
        )
    if state.remind_before is not None and not state.settings.closes_at_end:
        hitches.append(
            say(
                "A reminder needs an *End* at which the poll closes: give it one, and let it not "
                "stay open after that; or choose no reminder."
            )
        )
    if state.repeat is not None and state.post_at is None:
        hitches.append(say("To repeat, it needs a time: choose one at *Post it later*."))
    return [context(f":warning: {' '.join(hitches)}")] if hitches else []
