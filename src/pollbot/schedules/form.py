"""The form of a schedule: what is posted by itself, when, where, and until when."""

import re
from collections.abc import Sequence

from pollbot.errors import BadField
from pollbot.jira.jql import LONGEST_JQL
from pollbot.schedules.blocks import DAYS, local
from pollbot.schedules.form_state import (
    AT_FIELD,
    CHANNEL_FIELD,
    DAY_FIELD,
    DAYS_FIELD,
    END_FIELD,
    EVERY_FIELD,
    LABEL,
    MISSED_FIELD,
    MOST_FIELD,
    ON_FIELD,
    QUERIES,
    QUERY_FIELD,
    VIEW_FIELD,
    End,
    ScheduleForm,
    date_of,
    form_of,
    memory_of,
    most_of,
    read_schedule_form,
    recurrence_of,
    runs_ahead,
    time_of,
    to_plan,
    views_of,
)
from pollbot.schedules.rules import MOST_POSTS, Missed, What
from pollbot.schedules.sentences import what_to_give
from pollbot.slack import kit
from pollbot.slack.kit import Block, choice, context, fit, picker, section, view, writing
from pollbot.text.recurrence import SHOWN_AHEAD, Every

# One name for a handler to import; the state is in form_state.
__all__ = [
    "AT_FIELD",
    "CHANNEL_FIELD",
    "EVERY_FIELD",
    "ON_FIELD",
    "QUERY_FIELD",
    "SCHEDULE_CHANGED",
    "SCHEDULE_FORM",
    "ScheduleForm",
    "form_of",
    "read_schedule_form",
    "runs_ahead",
    "schedule_form",
    "to_plan",
]

SCHEDULE_FORM = "schedule"
SCHEDULE_CHANGED = "schedule_changed"
"""The action_id of the fields whose change redraws the next runs."""

_EVERY = {
    Every.ONCE: "Once",
    Every.DAILY: "Every day",
    Every.WEEKDAYS: "Every weekday (Monday to Friday)",
    Every.WEEKLY: "Every week",
    Every.MONTHLY: "Every month",
}
_MISSED = {
    Missed.LATE: ("Post it late, with a note", "What is more than a day late is left out"),
    Missed.SKIP: ("Skip it", "The next one comes as planned"),
}
_ENDS: dict[End, tuple[str, str]] = {
    "never": ("Never", ""),
    "closed": ("When the poll is closed", "Its result then comes in the thread of its card"),
    "after": ("After a number of posts", ""),
}


def schedule_form(state: ScheduleForm, upcoming: Sequence[float], *, problem: str = "") -> Block:
    """Return the form; ``upcoming`` are its next due times, ``problem`` is markup."""
    return view(
        "Edit schedule" if state.schedule else "New schedule",
        [
            *([section(f":warning: {problem}")] if problem else []),
            context(_posts(state)),
            *([_query(state)] if state.what in QUERIES else []),
            *_when(state),
            context(_runs(state, upcoming)),
            *([_view(state)] if views_of(state.what) else []),
            _channel(state),
            *([] if state.every is Every.ONCE else _end(state)),
            _missed(state),
        ],
        callback_id=SCHEDULE_FORM,
        submit="Save",
        close="Cancel",
        memory=memory_of(state),
    )


# What it asks


def _posts(state: ScheduleForm) -> str:
    title = fit(state.label, LABEL, 400) or "-"
    match state.what:
        case What.POLL:
            return f"Posts the results of *{title}* by itself."
        case What.ISSUE:
            return f"Posts the votes on *{title}* by itself."
        case What.TOP:
            lists = "Posts the issues with the most votes, and what changed since the last post."
            return f"{lists} {_whose_eyes(state)}"
        case What.BALLOT:
            lists = "Posts a list of issues, each with *Vote* and *Withdraw*."
            return f"{lists} {_whose_eyes(state)}"
        case What.ASK:
            posts = "as a poll" if state.every is Every.ONCE else "as a fresh poll each time"
            return (
                f"Posts *{title}* {posts}. Its question, options and settings stay as they are: "
                "to change them, delete this schedule and make a new poll."
            )


def _whose_eyes(state: ScheduleForm) -> str:
    whose = "its owner's" if state.schedule else "your"
    can = "its owner can" if state.schedule else "you can"
    return (
        f"It reads Jira with {whose} account, so everybody in the channel sees the issues that "
        f"{can} see."
    )


def _query(state: ScheduleForm) -> Block:
    return kit.field(
        QUERY_FIELD,
        "Project or JQL",
        writing(longest=LONGEST_JQL, initial=state.subject, placeholder="PLAT", multiline=True),
        hint='A project key such as PLAT, or JQL: project = PLAT AND status = "To Do"',
    )


def _when(state: ScheduleForm) -> list[Block]:
    every = picker(
        "static_select",
        SCHEDULE_CHANGED,
        [choice(label, each.value) for each, label in _EVERY.items()],
        chosen=[state.every.value],
    )
    at = {
        "type": "timepicker",
        "action_id": SCHEDULE_CHANGED,
        **({"initial_time": state.at} if time_of(state.at) is not None else {}),
    }
    return [
        kit.field(EVERY_FIELD, "How often", every, dispatch=True),
        *_which_day(state),
        kit.field(AT_FIELD, "Time", at, dispatch=True),
    ]


def _which_day(state: ScheduleForm) -> list[Block]:
    match state.every:
        case Every.WEEKLY:
            days = picker(
                "checkboxes",
                SCHEDULE_CHANGED,
                [choice(name, str(day)) for day, name in enumerate(DAYS)],
                chosen=[str(day) for day in state.days],
            )
            return [kit.field(DAYS_FIELD, "Days of the week", days, dispatch=True)]
        case Every.MONTHLY:
            day = picker(
                "static_select",
                SCHEDULE_CHANGED,
                [choice(str(number), str(number)) for number in range(1, 32)],
                chosen=[str(state.day)],
            )
            hint = "Where the month is shorter, its last day."
            return [kit.field(DAY_FIELD, "Day of the month", day, hint=hint, dispatch=True)]
        case Every.ONCE:
            on = {
                "type": "datepicker",
                "action_id": SCHEDULE_CHANGED,
                **({"initial_date": state.on} if date_of(state.on) is not None else {}),
            }
            return [kit.field(ON_FIELD, "Day", on, dispatch=True)]
    return []


def _runs(state: ScheduleForm, upcoming: Sequence[float]) -> str:
    zone = fit(state.zone, 60, 100)
    whose = "the time zone of this schedule" if state.schedule else "your Slack time zone"
    return f"Times are in {whose}, {zone}.\n*Next:* {_next(state, upcoming)}"


def _next(state: ScheduleForm, upcoming: Sequence[float]) -> str:
    try:
        recurrence_of(state)
        most = most_of(state) if state.end == "after" and state.every is not Every.ONCE else None
    except BadField as error:
        return f"not known yet. {what_to_give(error.because)}"
    left = SHOWN_AHEAD if most is None else most - state.posted
    if upcoming:
        return "; ".join(local(at, state.zone) for at in upcoming[:left])
    if state.every is Every.ONCE:
        return "none, since that time is in the past. Choose a later one."
    return "none. Choose another time."


def _view(state: ScheduleForm) -> Block:
    views = views_of(state.what)
    choices = [choice(name.capitalize(), name) for name in views]
    chosen = state.view if state.view in views else views[0]
    return kit.field(
        VIEW_FIELD, "How it looks", picker("radio_buttons", "value", choices, chosen=[chosen])
    )


def _channel(state: ScheduleForm) -> Block:
    select: Block = {
        "type": "conversations_select",
        "action_id": "value",
        "default_to_current_conversation": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        **({"initial_conversation": state.channel} if state.channel else {}),
    }
    return kit.field(
        CHANNEL_FIELD,
        "Channel to post it in",
        select,
        hint="In a private channel pollbot must be a member: invite it there first.",
    )


def _end(state: ScheduleForm) -> list[Block]:
    offered = [each for each in _ENDS if each != "closed" or state.what is What.POLL]
    ends = picker(
        "radio_buttons",
        SCHEDULE_CHANGED,
        [choice(_ENDS[each][0], each, _ENDS[each][1]) for each in offered],
        chosen=[state.end if state.end in offered else "never"],
    )
    blocks = [kit.field(END_FIELD, "When it ends", ends, dispatch=True)]
    if state.end == "after":
        number = {
            "type": "number_input",
            "action_id": SCHEDULE_CHANGED,
            "is_decimal_allowed": False,
            "min_value": "1",
            "max_value": str(MOST_POSTS),
            "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
            **({"initial_value": state.most} if re.fullmatch(r"[0-9]{1,4}", state.most) else {}),
        }
        blocks.append(kit.field(MOST_FIELD, "Number of posts", number, dispatch=True))
    return blocks


def _missed(state: ScheduleForm) -> Block:
    choices = [choice(label, each.value, more) for each, (label, more) in _MISSED.items()]
    return kit.field(
        MISSED_FIELD,
        "If pollbot is away at that time",
        picker("radio_buttons", "value", choices, chosen=[state.missed.value]),
    )
