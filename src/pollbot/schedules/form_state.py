"""The form of a schedule while somebody fills it in, and the plan that comes of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any, Literal, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pollbot.errors import BadField, BadInput, StaleForm
from pollbot.issue_lists.blocks import ISSUE_VIEWS
from pollbot.jira.jql import LONGEST_NAME, ballot, top_voted
from pollbot.polls.forms.state import chosen_in, chosen_many_in, text_in, value_in
from pollbot.polls.results.blocks import RESULT_VIEWS
from pollbot.schedules.refusals import FewPosts, NoChannel, NoDay, NoDays, NoNumberOfPosts, NoTime
from pollbot.schedules.rules import MOST_POSTS, Missed, Plan, Schedule, What
from pollbot.slack.kit import clip
from pollbot.slack.meanwhile import Parts, mine, traces
from pollbot.text.recurrence import Every, Recurrence, ahead

SITE_FIELD = "site"
QUERY_FIELD = "query"
NAME_FIELD = "name"
EVERY_FIELD = "every"
DAYS_FIELD = "days"
DAY_FIELD = "day"
ON_FIELD = "on"
AT_FIELD = "at"
VIEW_FIELD = "view"
CHANNEL_FIELD = "channel"
MISSED_FIELD = "missed"
END_FIELD = "end"
MOST_FIELD = "most"

LABEL = 150


QUERIES = (What.TOP, What.BALLOT)
"""What is found by JQL that is written in the form."""

End = Literal["never", "closed", "after"]


@dataclass(frozen=True, slots=True)
class ScheduleForm:
    """The form as somebody has filled it in so far.

    ``subject`` is a poll's id, an issue key or JQL; ``label`` the title of what is
    posted, without markup. ``at`` is HH:MM, ``on`` YYYY-MM-DD or empty, ``most`` a
    number as it was typed. ``schedule`` is the id of the one that is edited, empty
    for a new one, and ``posted`` how often it has posted. Nothing is due before
    ``not_before``, in unix seconds. ``ask_kept``: it posts a fresh poll each time,
    which this form leaves as it is. ``site`` is the Jira that it looks at. ``name`` is what a
    list of issues is called. ``showed`` are traces of what an edit began with.
    """

    what: What
    subject: str = ""
    label: str = ""
    channel: str = ""
    zone: str = "UTC"
    every: Every = Every.WEEKLY
    at: str = "09:00"
    days: frozenset[int] = frozenset({0})
    day: int = 1
    on: str = ""
    view: str = "bars"
    missed: Missed = Missed.LATE
    end: End = "never"
    most: str = ""
    schedule: str = ""
    posted: int = 0
    not_before: float = 0.0
    ask_kept: bool = False
    site: str = ""
    name: str = ""
    showed: str = ""


def form_of(schedule: Schedule, label: str) -> ScheduleForm:
    """Return the form that edits this schedule."""
    plan, recurrence = schedule.plan, schedule.plan.recurrence
    form = ScheduleForm(
        what=plan.what,
        subject=plan.subject,
        label=label,
        channel=plan.channel_id,
        zone=recurrence.zone,
        every=recurrence.every,
        at=f"{recurrence.at:%H:%M}",
        days=recurrence.days or frozenset({0}),
        day=recurrence.day,
        on=recurrence.on.isoformat() if recurrence.on is not None else "",
        view=plan.view,
        missed=plan.missed,
        end="closed" if plan.until_closed else "never" if plan.most is None else "after",
        most="" if plan.most is None else str(plan.most),
        schedule=schedule.id,
        posted=schedule.posted,
        not_before=plan.first_day or 0.0,
        ask_kept=plan.ask is not None,
        site=schedule.site,
        name=plan.name,
    )
    return replace(form, showed=traces(_parts(form)))


def plan_of(form: ScheduleForm, schedule: Schedule) -> Plan:
    """Return the plan of the schedule as it is now, with what the person changed in its form.

    A fresh poll is left out. Raises BadField, also where that was changed otherwise meanwhile.
    """
    now = form_of(schedule, form.label)
    changed = mine(form.showed, _parts(form), _parts(now), _FIELDS, ("subject", "name"))
    taken = {name: getattr(form, name) for name in changed}
    if "end" in changed:
        taken["most"] = form.most
    return to_plan(replace(now, **taken))


_FIELDS = {
    "subject": QUERY_FIELD,
    "name": NAME_FIELD,
    "every": EVERY_FIELD,
    "days": DAYS_FIELD,
    "day": DAY_FIELD,
    "on": ON_FIELD,
    "at": AT_FIELD,
    "view": VIEW_FIELD,
    "channel": CHANNEL_FIELD,
    "end": END_FIELD,
    "missed": MISSED_FIELD,
}


def _parts(form: ScheduleForm) -> Parts:
    """Return what the form shows, as it comes back from one left alone."""
    again = form.every is not Every.ONCE
    return {
        "subject": form.subject.strip() if form.what in QUERIES else "",
        "name": " ".join(form.name.split()) if form.what in QUERIES else "",
        "every": form.every.value,
        "days": sorted(form.days),
        "day": form.day,
        "on": form.on,
        "at": form.at,
        "view": form.view,
        "channel": form.channel,
        "end": (form.end, form.most.strip() if form.end == "after" else "") if again else (),
        "missed": form.missed.value,
    }


def to_plan(form: ScheduleForm) -> Plan:
    """Return the plan as it was wished, a fresh poll left out. Raises BadField."""
    recurrence = recurrence_of(form)
    subject = form.subject.strip()
    if form.what in QUERIES:
        try:
            (top_voted if form.what is What.TOP else ballot)(subject)
        except BadInput as error:
            raise BadField(QUERY_FIELD, error) from error
    if not form.channel:
        raise BadField(CHANNEL_FIELD, NoChannel())
    again = form.every is not Every.ONCE
    return Plan(
        what=form.what,
        subject=subject,
        channel_id=form.channel,
        recurrence=recurrence,
        view=form.view,
        missed=form.missed,
        until_closed=again and form.end == "closed" and form.what is What.POLL,
        most=most_of(form) if again and form.end == "after" else None,
        name=" ".join(form.name.split())[:LONGEST_NAME] if form.what in QUERIES else "",
    )


def runs_ahead(form: ScheduleForm, now: float) -> list[float]:
    """Return the next runs as the form stands; none while its time is not yet filled in."""
    try:
        first = 0.0 if form.every is Every.ONCE else form.not_before
        return ahead(recurrence_of(form), max(now, first - 1.0))
    except BadField:
        return []


def recurrence_of(form: ScheduleForm) -> Recurrence:
    """Return when it is posted. Raises BadField while that is not filled in."""
    at, on = time_of(form.at), date_of(form.on)
    if form.every is Every.WEEKLY and not form.days:
        raise BadField(DAYS_FIELD, NoDays())
    if form.every is Every.ONCE and on is None:
        raise BadField(ON_FIELD, NoDay())
    if at is None:
        raise BadField(AT_FIELD, NoTime())
    return Recurrence(
        every=form.every,
        at=at,
        zone=form.zone,
        days=form.days if form.every is Every.WEEKLY else frozenset(),
        day=form.day if form.every is Every.MONTHLY else 1,
        on=on if form.every is Every.ONCE else None,
    )


def most_of(form: ScheduleForm) -> int:
    """Return after how many posts it ends. Raises BadField."""
    typed = form.most.strip()
    most = int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else 0
    if not 1 <= most <= MOST_POSTS:
        raise BadField(MOST_FIELD, NoNumberOfPosts())
    if most <= form.posted:
        raise BadField(MOST_FIELD, FewPosts(form.posted))
    return most


def time_of(text: str) -> time | None:
    """Return the time of the day; None if there is no such time."""
    try:
        return time.fromisoformat(text) if re.fullmatch(r"[0-9]{2}:[0-9]{2}", text) else None
    except ValueError:
        return None


def date_of(text: str) -> date | None:
    """Return the day; None if there is no such day."""
    try:
        return (
            date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
        )
    except ValueError:
        return None


# To Slack and back


class _Memory(BaseModel):
    """What the form keeps besides its fields, and of those that are not shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    v: Literal[1] = 1
    what: What
    subject: str = ""
    label: str = ""
    channel: str = ""
    zone: str = "UTC"
    days: list[int] = Field(default_factory=list)
    day: int = 1
    on: str = ""
    view: str = "bars"
    end: End = "never"
    most: str = ""
    schedule: str = ""
    posted: int = 0
    not_before: float = 0.0
    ask_kept: bool = False
    site: str = ""
    showed: str = ""


def memory_of(state: ScheduleForm) -> str:
    """Return what the form keeps besides its fields."""
    memory = _Memory(
        what=state.what,
        # JQL stands in its own field, and may be longer than what Slack remembers for us.
        subject="" if state.what in QUERIES else state.subject,
        label=clip(" ".join(state.label.split()), LABEL),
        channel=state.channel,
        zone=state.zone,
        days=sorted(state.days),
        day=state.day,
        on=state.on,
        view=state.view,
        end=state.end,
        most=state.most[:20],
        schedule=state.schedule,
        posted=state.posted,
        not_before=state.not_before,
        ask_kept=state.ask_kept,
        site=state.site,
        showed=state.showed,
    )
    return memory.model_dump_json(exclude_defaults=True)


def views_of(what: What) -> list[str]:
    """Return the ways in which that can be shown, the usual one first; none if there is but one."""
    match what:
        case What.POLL:
            return list(RESULT_VIEWS)
        case What.TOP:
            return list(ISSUE_VIEWS)
        case _:
            return []


def read_schedule_form(view: Mapping[str, Any]) -> ScheduleForm:
    """Return the form as it was filled in. Raises StaleForm if it is not one of ours."""
    try:
        memory = _Memory.model_validate_json(view["private_metadata"])
    except (KeyError, TypeError, ValidationError) as error:
        raise StaleForm from error
    if memory.what in (What.POLL, What.ISSUE) and not memory.subject:
        raise StaleForm
    values = view.get("state", {}).get("values", {})
    every, day, end = (chosen_in(values, name) for name in (EVERY_FIELD, DAY_FIELD, END_FIELD))
    look, missed = chosen_in(values, VIEW_FIELD), chosen_in(values, MISSED_FIELD)
    days = {str(each) for each in memory.days}
    if DAYS_FIELD in values:
        days = chosen_many_in(values, DAYS_FIELD)
    on = str(value_in(values, ON_FIELD, "selected_date") or "")
    return ScheduleForm(
        what=memory.what,
        subject=text_in(values, QUERY_FIELD) if memory.what in QUERIES else memory.subject,
        label=memory.label,
        channel=str(value_in(values, CHANNEL_FIELD, "selected_conversation") or memory.channel),
        zone=memory.zone,
        every=Every(every) if every in list(Every) else Every.WEEKLY,
        at=str(value_in(values, AT_FIELD, "selected_time") or ""),
        days=frozenset(each for each in range(7) if str(each) in days),
        day=int(day) if day in map(str, range(1, 32)) else memory.day,
        on=on if ON_FIELD in values else memory.on,
        view=look if look in views_of(memory.what) else memory.view,
        missed=Missed(missed) if missed in list(Missed) else Missed.LATE,
        end=cast("End", end) if end in get_args(End) else memory.end,
        most=text_in(values, MOST_FIELD) if MOST_FIELD in values else memory.most,
        schedule=memory.schedule,
        posted=memory.posted,
        not_before=memory.not_before,
        ask_kept=memory.ask_kept,
        site=chosen_in(values, SITE_FIELD) or memory.site,
        name=text_in(values, NAME_FIELD),
        showed=memory.showed,
    )
