"""The form of a schedule: what is posted by itself, when, where, and until when."""

import re
from collections.abc import Sequence

from pollbot.errors import BadField
from pollbot.jira.issues import host_of
from pollbot.jira.jql import LONGEST_JQL, LONGEST_NAME
from pollbot.schedules.blocks import local
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
    NAME_FIELD,
    ON_FIELD,
    QUERIES,
    QUERY_FIELD,
    SITE_FIELD,
    VIEW_FIELD,
    End,
    ScheduleForm,
    date_of,
    form_of,
    memory_of,
    most_of,
    plan_of,
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
from pollbot.slack.looks import look_name
from pollbot.text.catalog import mark, say, say_marked, weekday_name
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
    "plan_of",
    "read_schedule_form",
    "runs_ahead",
    "schedule_form",
    "to_plan",
]

SCHEDULE_FORM = "schedule"
SCHEDULE_CHANGED = "schedule_changed"
"""The action_id of the fields whose change redraws the next runs."""

_EVERY = {
    Every.ONCE: mark("Once"),
    Every.DAILY: mark("Every day"),
    Every.WEEKDAYS: mark("Every weekday (Monday to Friday)"),
    Every.WEEKLY: mark("Every week"),
    Every.MONTHLY: mark("Every month"),
}
_MISSED = {
    Missed.LATE: (
        mark("Post it late, with a note"),
        mark("What is more than a day late is left out"),
    ),
    Missed.SKIP: (mark("Skip it"), mark("The next one comes as planned")),
}
_ENDS: dict[End, tuple[str, str]] = {
    "never": (mark("Never"), ""),
    "closed": (
        mark("When the poll is closed"),
        mark("Its result then comes in the thread of its card"),
    ),
    "after": (mark("After a number of posts"), ""),
}


def schedule_form(
    state: ScheduleForm,
    upcoming: Sequence[float],
    *,
    problem: str = "",
    sites: Sequence[str] = (),
) -> Block:
    """Return the form; ``upcoming`` are its next due times, ``problem`` is markup.

    Of several ``sites`` a new one asks which its issues are on.
    """
    asks_site = len(sites) > 1 and state.what in QUERIES and not state.schedule
    return view(
        say("Edit schedule") if state.schedule else say("New schedule"),
        [
            *([section(f":warning: {problem}")] if problem else []),
            context(_posts(state)),
            *([_site(state, sites)] if asks_site else []),
            *([_query(state), _name(state)] if state.what in QUERIES else []),
            *_when(state),
            context(_runs(state, upcoming)),
            *([_view(state)] if views_of(state.what) else []),
            _channel(state),
            *([] if state.every is Every.ONCE else _end(state)),
            _missed(state),
        ],
        callback_id=SCHEDULE_FORM,
        submit=say("Save"),
        close=say("Cancel"),
        memory=memory_of(state),
    )


# What it asks


def _posts(state: ScheduleForm) -> str:
    title = fit(state.label, LABEL, 400) or "-"
    match state.what:
        case What.POLL:
            return say("Posts the results of *{title}* by itself.", title=title)
        case What.ISSUE:
            return say("Posts the votes on *{title}* by itself.", title=title)
        case What.TOP:
            lists = say(
                "Posts the issues with the most votes, and what changed since the last post."
            )
            return f"{lists} {_whose_eyes(state)}"
        case What.BALLOT:
            lists = say("Posts a list of issues, each with *Vote* and *Withdraw*.")
            return f"{lists} {_whose_eyes(state)}"
        case What.ASK:
            if state.every is Every.ONCE:
                return say(
                    "Posts *{title}* as a poll. Its question, options and settings stay as they "
                    "are: to change them, delete this schedule and make a new poll.",
                    title=title,
                )
            return say(
                "Posts *{title}* as a fresh poll each time. Its question, options and settings "
                "stay as they are: to change them, delete this schedule and make a new poll.",
                title=title,
            )


def _whose_eyes(state: ScheduleForm) -> str:
    if state.schedule:
        return say(
            "It reads Jira with its owner's account, so everybody in the channel sees the issues "
            "that its owner can see."
        )
    return say(
        "It reads Jira with your account, so everybody in the channel sees the issues that you "
        "can see."
    )


def _query(state: ScheduleForm) -> Block:
    return kit.field(
        QUERY_FIELD,
        say("Project or JQL"),
        writing(longest=LONGEST_JQL, initial=state.subject, placeholder="PLAT", multiline=True),
        hint=say('A project key such as PLAT, or JQL: project = PLAT AND status = "To Do"'),
    )


def _name(state: ScheduleForm) -> Block:
    return kit.field(
        NAME_FIELD,
        say("Name of the list"),
        writing(
            longest=LONGEST_NAME, initial=state.name, placeholder=say("What we could build next")
        ),
        hint=say("Stands above the list. Left empty, the project or JQL stands there."),
        optional=True,
    )


def _site(state: ScheduleForm, sites: Sequence[str]) -> Block:
    choices = [choice(host_of(site), site) for site in sites]
    chosen = state.site if state.site in sites else sites[0]
    select = picker("static_select", "value", choices, chosen=[chosen])
    return kit.field(SITE_FIELD, say("Jira site"), select)


def _when(state: ScheduleForm) -> list[Block]:
    every = picker(
        "static_select",
        SCHEDULE_CHANGED,
        [choice(say_marked(label), each.value) for each, label in _EVERY.items()],
        chosen=[state.every.value],
    )
    at = {
        "type": "timepicker",
        "action_id": SCHEDULE_CHANGED,
        **({"initial_time": state.at} if time_of(state.at) is not None else {}),
    }
    return [
        kit.field(EVERY_FIELD, say("How often"), every, dispatch=True),
        *_which_day(state),
        kit.field(AT_FIELD, say("Time"), at, dispatch=True),
    ]


def _which_day(state: ScheduleForm) -> list[Block]:
    match state.every:
        case Every.WEEKLY:
            days = picker(
                "checkboxes",
                SCHEDULE_CHANGED,
                [choice(weekday_name(day), str(day)) for day in range(7)],
                chosen=[str(day) for day in state.days],
            )
            return [kit.field(DAYS_FIELD, say("Days of the week"), days, dispatch=True)]
        case Every.MONTHLY:
            day = picker(
                "static_select",
                SCHEDULE_CHANGED,
                [choice(str(number), str(number)) for number in range(1, 32)],
                chosen=[str(state.day)],
            )
            hint = say("Where the month is shorter, its last day.")
            return [kit.field(DAY_FIELD, say("Day of the month"), day, hint=hint, dispatch=True)]
        case Every.ONCE:
            on = {
                "type": "datepicker",
                "action_id": SCHEDULE_CHANGED,
                **({"initial_date": state.on} if date_of(state.on) is not None else {}),
            }
            return [kit.field(ON_FIELD, say("Day"), on, dispatch=True)]
    return []


def _runs(state: ScheduleForm, upcoming: Sequence[float]) -> str:
    zone = fit(state.zone, 60, 100)
    coming = _next(state, upcoming)
    if state.schedule:
        return say(
            "Times are in the time zone of this schedule, {zone}.\n*Next:* {times}",
            zone=zone,
            times=coming,
        )
    return say(
        "Times are in your Slack time zone, {zone}.\n*Next:* {times}", zone=zone, times=coming
    )


def _next(state: ScheduleForm, upcoming: Sequence[float]) -> str:
    try:
        recurrence_of(state)
        most = most_of(state) if state.end == "after" and state.every is not Every.ONCE else None
    except BadField as error:
        return say("not known yet. {then}", then=what_to_give(error.because))
    left = SHOWN_AHEAD if most is None else most - state.posted
    if upcoming:
        return "; ".join(local(at, state.zone) for at in upcoming[:left])
    if state.every is Every.ONCE:
        return say("none, since that time is in the past. Choose a later one.")
    return say("none. Choose another time.")


def _view(state: ScheduleForm) -> Block:
    views = views_of(state.what)
    choices = [choice(look_name(name), name) for name in views]
    chosen = state.view if state.view in views else views[0]
    return kit.field(
        VIEW_FIELD, say("How it looks"), picker("radio_buttons", "value", choices, chosen=[chosen])
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
        say("Channel to post it in"),
        select,
        hint=say("In a private channel pollbot must be a member: invite it there first."),
    )


def _end(state: ScheduleForm) -> list[Block]:
    offered = [each for each in _ENDS if each != "closed" or state.what is What.POLL]
    ends = picker(
        "radio_buttons",
        SCHEDULE_CHANGED,
        [choice(say_marked(_ENDS[each][0]), each, say_marked(_ENDS[each][1])) for each in offered],
        chosen=[state.end if state.end in offered else "never"],
    )
    blocks = [kit.field(END_FIELD, say("When it ends"), ends, dispatch=True)]
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
        blocks.append(kit.field(MOST_FIELD, say("Number of posts"), number, dispatch=True))
    return blocks


def _missed(state: ScheduleForm) -> Block:
    choices = [
        choice(say_marked(label), each.value, say_marked(more))
        for each, (label, more) in _MISSED.items()
    ]
    return kit.field(
        MISSED_FIELD,
        say("If pollbot is away at that time"),
        picker("radio_buttons", "value", choices, chosen=[state.missed.value]),
    )
