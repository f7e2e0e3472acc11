"""The form of a poll while somebody fills it in, and what each of its controls does to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pollbot.errors import StaleForm
from pollbot.polls.defaults.rules import USUAL, Defaults, end_after
from pollbot.polls.forms.who_state import (
    LEAST_FIELD,
    MOST_FIELD,
    PEOPLE_FIELD,
    PLACES_FIELD,
    WHO_FIELD,
    Who,
    as_far_as_known,
    read_who,
    settled,
    who_of,
)
from pollbot.polls.refusals import BadOption, BadPart
from pollbot.polls.rules import (
    FEWEST_OPTIONS,
    Draft,
    PollSettings,
    Visibility,
    one_line,
)
from pollbot.polls.sources.source import Can
from pollbot.polls.templates import TEMPLATES, Template
from pollbot.slack.kit import VIEW_MEMORY, VIEW_TEXT
from pollbot.text.recurrence import Every
from pollbot.text.writing import alike

EDIT_FORM = "edit_poll"
TITLE_FIELD = "title"
DESCRIPTION_FIELD = "description"
OPTION_FIELD = "option:"  # followed by the option's key
OPTIONS_FIELD = "options"
ISSUE_FIELD = "issue"
SETTINGS_FIELD = "settings"
VISIBILITY_FIELD = "visibility"
END_FIELD = "end"
KEEP_FIELD = "keep"
CHANNEL_FIELD = "channel"
REMIND_FIELD = "remind"
RECORD_FIELD = "record"
POST_AT_FIELD = "post_at"
REPEAT_FIELD = "repeat"

STAYS_OPEN = "stays_open"
TICKS = (
    "several",
    "changeable",
    "names",
    "comments",
    "percent_only",
    "addable",
    "closes_when_all",
)
"""Settings of a poll that are ticked or not, by their names in PollSettings."""
SETTINGS = (*TICKS, STAYS_OPEN)

MOST_IN_FORM = 40
_MOST_NOTES = 1000
"""Beside the keys of so many options, there is no room to remember longer ones."""
NO_TEMPLATE = "none"
NOT_AT_ALL = "none"
SAVED = "own:"
"""Before the id of a template of somebody's own, in the menu of templates."""

REMIND_BEFORE = (3600.0, 4 * 3600.0, 86400.0, 2 * 86400.0)
"""Seconds before the end."""
REPEATS = (Every.DAILY, Every.WEEKDAYS, Every.WEEKLY, Every.MONTHLY)

Keep = Literal["source", "pollbot"]


class Hitch(StrEnum):
    """Why a poll cannot be made where it is to be, or what has to come first."""

    HIDDEN = "hidden"
    NO_EDIT = "no_edit"
    MACRO = "macro"
    SOURCE = "source"
    NO_ACCOUNT = "no_account"
    TOKEN_REFUSED = "token_refused"  # noqa: S105  no token
    NOT_ASKED = "not_asked"


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
    ``shown`` are the ids of the options that an edit began with. ``stays_open``: its
    end closes nothing. ``has_source``: it can live beside pollbot; ``source_hides``: its
    results may be hidden there. ``post_at`` is when a new poll is posted, in unix seconds;
    None for at once. ``offered_issue`` and ``offered_page`` are what the poll can be on, if
    not on nothing; ``linked``: the channel is linked to that issue. ``site``:
    where that is, empty for the default one. ``hitch`` is what stands
    in the way of what ``asked`` names. ``notes`` are sentences about what was typed and not
    understood; they stay at the top, however often the form is drawn again. ``thread`` is the
    message from whose menu the form was opened, in the channel ``thread_in``; ``here`` is where
    it was opened, empty where nobody knows. ``more``: all of it is shown; else the settings are
    those that it began with. ``own`` are the options that a template took the place of, one on a
    line; ``unkept``: they were too long for that. ``picked`` is what stands in the menu of issues,
    and ``offered`` what it was drawn with. ``usual`` are the workspace's defaults that a new poll
    began with, and ``no_end``: it was said that it has no end all the same; ``usual_end`` is
    what was filled in for theirs. ``refills``, ``repicks`` and ``reends`` count how often the
    options, that menu and the end were filled anew: Slack keeps what was typed under an old name.
    ``who`` is the section about who may answer; None where it is not shown. ``showed`` and
    ``showed_options`` are the traces of what an edit began with, empty where they were not kept.
    """

    title: str = ""
    description: str = ""
    options: tuple[FormOption, ...] = (FormOption("1"), FormOption("2"))
    settings: PollSettings = field(default_factory=PollSettings)
    template: str | None = None
    issue: str = ""
    page: str = ""
    site: str = ""
    channel: str = ""
    poll: str = ""
    has_source: bool = False
    source_hides: bool = False
    keep: Keep = "pollbot"
    options_fixed: bool = False
    next_key: int = 3
    shown: tuple[str, ...] = ()
    remind_before: float | None = None
    record: bool = False
    stays_open: bool = False
    post_at: float | None = None
    repeat: Every | None = None
    offered_issue: str = ""
    offered_page: str = ""
    linked: bool = False
    hitch: Hitch | None = None
    asked: str = ""
    notes: str = ""
    thread: str = ""
    thread_in: str = ""
    here: str = ""
    more: bool = True
    own: str = ""
    unkept: bool = False
    picked: str = ""
    offered: str = ""
    usual: Defaults = USUAL
    no_end: bool = False
    usual_end: float | None = None
    refills: int = 0
    repicks: int = 0
    reends: int = 0
    who: Who | None = None
    showed: str = ""
    showed_options: str = ""

    @property
    def wanted(self) -> PollSettings:
        """The settings with what is said of who may answer, as far as that can be."""
        return as_far_as_known(self.settings, self.who)

    @property
    def lines(self) -> str:
        """The options of a new poll as they stand in their field: one on a line."""
        return "\n".join(one.text for one in self.options if one.text.strip())

    @property
    def options_field(self) -> str:
        """The field that the options of a new poll are written into."""
        return f"{OPTIONS_FIELD}:{self.refills}" if self.refills else OPTIONS_FIELD

    @property
    def issue_field(self) -> str:
        """The field that the issue of a new poll is picked in."""
        return f"{ISSUE_FIELD}:{self.repicks}" if self.repicks else ISSUE_FIELD

    @property
    def end_field(self) -> str:
        """The field that the end is chosen in."""
        return f"{END_FIELD}:{self.reends}" if self.reends else END_FIELD

    @property
    def thread_ts(self) -> str | None:
        """The message under which the poll is to hang; None for the channel itself."""
        return self.thread if self.thread and self.channel == self.thread_in else None

    @property
    def local(self) -> bool:
        """Whether it is to be kept in pollbot although there is a choice."""
        return self.has_source and self.keep == "pollbot"

    @property
    def target(self) -> str:
        """What the poll is on and where it is to be kept; empty for on nothing."""
        on = self.issue or self.page
        return f"{on}{' local' if self.local else ''}" if on else ""

    @property
    def stands_in_the_way(self) -> Hitch | None:
        """What is known to stand in the way of the poll as it is to be now."""
        return self.hitch if self.target and self.asked == self.target else None


def turn_place(state: FormState) -> FormState:
    """Return the form of a poll on nothing, or on what is offered again."""
    anew = replace(state, repicks=state.repicks + 1)
    if state.issue or state.page:
        return replace(anew, issue="", page="", record=False)
    return replace(anew, issue=state.offered_issue, page=state.offered_page)


def on_issue(state: FormState, issue: str, site: str) -> FormState:
    """Return the form of a poll on an issue that was picked in it; empty for on none."""
    if not issue:
        return replace(state, issue="", record=False, linked=False)
    return replace(
        state,
        issue=issue,
        site=site,
        page="",
        offered_issue=issue,
        offered_page="",
        linked=False,
        hitch=None,
    )


def begun(state: FormState, usual: Defaults) -> FormState:
    """Return the form of a new poll with what is usual in its workspace."""
    return replace(
        state,
        usual=usual,
        settings=usual.settings,
        remind_before=usual.remind_before,
        record=usual.record,
        stays_open=usual.stays_open,
    )


def with_more(state: FormState, now: float) -> FormState:
    """Return the form with all its fields."""
    return with_end(replace(state, more=True), now)


def with_who(state: FormState) -> FormState:
    """Return the form with the section about who may answer."""
    return replace(state, who=state.who or Who())


def with_end(state: FormState, now: float) -> FormState:
    """Return the form with the end that is usual, if it has none of its own."""
    lasts = state.usual.lasts
    if lasts is None or state.no_end or state.settings.ends_at is not None:
        return state
    ends_at = end_after(max(now, state.post_at or now), lasts)
    settings = replace(state.settings, ends_at=ends_at, closes_at_end=not state.stays_open)
    return replace(state, settings=settings, usual_end=ends_at)


def posted_later(state: FormState, now: float) -> FormState:
    """Return the form with a usual end that nobody changed as long after its posting as ever."""
    ends_at = state.settings.ends_at
    if ends_at is None or ends_at != state.usual_end:
        return state
    moved = with_end(replace(state, settings=replace(state.settings, ends_at=None)), now)
    end = moved.settings.ends_at
    # What is posted at once ends as it stood there, however long the form is open.
    if end is None or end == ends_at or (state.post_at is None and ends_at <= end):
        return state
    return replace(moved, reends=state.reends + 1)


def is_simple(state: FormState) -> bool:
    """Return whether nothing in the form is unusual, so that the first fields tell all of it."""
    usual = state.usual
    return (
        state.settings == _usual_settings(state)
        and (state.remind_before, state.record) == (usual.remind_before, usual.record)
        and state.stays_open is usual.stays_open
        and not (state.description or (state.no_end and usual.lasts is not None))
        and (state.post_at, state.repeat, state.who) == (None, None, None)
        and state.keep == (_usual_keep(state) if state.has_source else "pollbot")
    )


def _usual_settings(state: FormState) -> PollSettings:
    """Return what is usual for such a poll: a template asks for one answer."""
    settings = state.usual.settings
    return settings if state.template is None else replace(settings, several=False)


def _usual_keep(state: FormState) -> Keep:
    """Return where a poll is kept of which nobody said so: where it can be as it is usual."""
    return "pollbot" if stays_by_default(state) else "source"


def stays_by_default(state: FormState) -> bool:
    """Return whether the workspace hides results that the source of the poll cannot hide."""
    visibility = state.settings.visibility
    is_usual = visibility is state.usual.visibility is not Visibility.ALWAYS
    return state.has_source and is_usual and not state.source_hides


def with_source(state: FormState, can: Can | None) -> FormState:
    """Return the form with a choice of where the poll is kept, or without one.

    ``can``: what its source can do; None if there is none beside pollbot.
    """
    if (can is not None) is state.has_source:
        return state
    if can is None:
        return replace(state, has_source=False, keep="pollbot")
    there = replace(state, has_source=True, source_hides=can.hides_results)
    return replace(there, keep=_usual_keep(there))


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


def template_of(state: FormState) -> Template | None:
    """Return the template of a new poll, said in the language spoken here; None without one."""
    template = TEMPLATES.get(state.template or "")
    return template.said() if template is not None and not state.poll else None


def apply_template(state: FormState, name: str) -> FormState:
    """Return the form with that template's options; an unknown name brings back one's own.

    They are for everybody, so in the language spoken here, which is to be the team's. What was
    written before is put aside, unless that is more than a form can remember: then it stays.
    """
    before, template = TEMPLATES.get(state.template or ""), TEMPLATES.get(name)
    own = state.own
    is_as_it_was = before is not None and before.is_as_it_was(tuple(state.lines.split("\n")))
    if state.lines and not is_as_it_was and (before is None or not own):
        own = state.lines
    texts = (own or state.lines).split("\n") if template is None else template.said().options
    changed = replace(
        state,
        template=None if template is None else name,
        settings=_settings_with(state, template),
        options=_in_lines("\n".join(texts)),
        own="" if template is None else own,
        unkept=False,
        refills=state.refills + 1,
    )
    for kept in (changed, replace(changed, notes="")):
        if len(memory_of(kept)) <= VIEW_MEMORY:
            return kept
    return replace(state, unkept=True, refills=state.refills + 1)


def _settings_with(state: FormState, template: Template | None) -> PollSettings:
    """Return the settings; where they are not shown, a template asks for one answer."""
    if state.more:
        return state.settings
    return replace(state.settings, several=state.usual.several and template is None)


def _in_lines(text: str) -> tuple[FormOption, ...]:
    """Return the options that are written one on a line."""
    lines = [line for line in text.split("\n") if line.strip()]
    return tuple(FormOption(str(key), line) for key, line in enumerate(lines, 1))


def filled(state: FormState, draft: Draft) -> FormState | None:
    """Return the form with this poll written into it; None if it has no room for that."""
    texts = [" ".join(text.split()) for text in draft.options]
    if max(len(draft.title), len("\n".join(texts)), len(draft.description)) > VIEW_TEXT:
        return None
    return replace(
        state,
        title=draft.title,
        description=draft.description or state.description,
        options=_in_lines("\n".join(texts)),
        settings=settled(draft.settings, None),
        who=who_of(draft.settings),
        template=draft.template,
        remind_before=draft.remind_before,
        record=draft.record,
        stays_open=state.stays_open and not draft.settings.closes_at_end,
    )


def with_saved(state: FormState, draft: Draft) -> FormState | None:
    """Return the form with a template of somebody's own; None if it has no room for that.

    Options of one's own are put aside, as long as a form can remember them.
    """
    ends_at = draft.settings.ends_at
    stays_open = ends_at is not None and not draft.settings.closes_at_end
    own = state.own or (state.lines if state.template is None else "")
    anew = replace(state, no_end=ends_at is None, stays_open=stays_open, unkept=False)
    full = filled(replace(anew, description="", refills=state.refills + 1), draft)
    if full is None:
        return None
    # All of its fields may say something else than what is usual, so all are shown.
    full = replace(full, more=not is_simple(full), own=own)
    return full if len(memory_of(full)) <= VIEW_MEMORY else replace(full, own="", notes="")


def to_draft(state: FormState) -> Draft:
    """Return the poll as it was written. A question left empty is the template's own.

    That is for everybody, so in the language spoken here, which is to be the team's. Raises
    BadPart for what is no number, and for an audience of nobody.
    """
    template = TEMPLATES.get(state.template or "")
    texts = tuple(text for text in (one.text.strip() for one in state.options) if text)
    # An average means something only while the scale is as it was.
    same = template is not None and template.is_as_it_was(texts)
    return Draft(
        title=state.title.strip() or (template.said().title if template is not None else ""),
        options=texts,
        description=state.description,
        settings=settled(state.settings, state.who),
        template=template.name if template is not None and same else None,
        remind_before=state.remind_before,
        record=state.record,
    )


# To Slack and back


class _Memory(BaseModel):
    """What a form keeps besides its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    # The first version has a field for each option of a new poll, too.
    v: Literal[1, 2] = 1
    issue: str = ""
    page: str = ""
    site: str = ""
    channel: str = ""
    poll: str = ""
    template: str | None = None
    keys: list[str] = Field(default_factory=list)
    next_key: int = 1
    source: bool = False
    hides: bool = False
    fixed: bool = False
    shown: list[str] = Field(default_factory=list)
    offered_issue: str = ""
    offered_page: str = ""
    linked: bool = False
    hitch: Hitch | None = None
    asked: str = ""
    notes: str = ""
    thread: str = ""
    thread_in: str = ""
    here: str = ""
    keep: Keep = "pollbot"
    settings: list[str] | None = None
    visibility: Visibility = Visibility.ALWAYS
    own: str = ""
    unkept: bool = False
    offered: str = ""
    usual: Defaults = USUAL
    no_end: bool = False
    usual_end: float | None = None
    refills: int = 0
    repicks: int = 0
    reends: int = 0
    who: bool = False
    audience: str = ""
    showed: str = ""
    showed_options: str = ""


def memory_of(state: FormState) -> str:
    """Return what a form keeps besides its fields."""
    memory = _Memory(
        v=1 if state.poll else 2,
        issue=state.issue,
        page=state.page,
        site=state.site,
        channel=state.channel,
        poll=state.poll,
        template=state.template,
        keys=[one.key for one in state.options] if state.poll else [],
        next_key=state.next_key,
        source=state.has_source,
        hides=state.source_hides,
        fixed=state.options_fixed,
        shown=list(state.shown),
        offered_issue=state.offered_issue,
        offered_page=state.offered_page,
        linked=state.linked,
        hitch=state.hitch,
        asked=state.asked,
        notes=state.notes if len(state.notes) <= _MOST_NOTES else "",
        thread=state.thread,
        thread_in=state.thread_in,
        here=state.here,
        keep=state.keep,
        settings=None if state.more else ticked(state.settings),
        visibility=Visibility.ALWAYS if state.more else state.settings.visibility,
        own=state.own,
        unkept=state.unkept,
        offered=state.offered,
        usual=state.usual,
        no_end=state.no_end,
        usual_end=state.usual_end,
        refills=state.refills,
        repicks=state.repicks,
        reends=state.reends,
        who=state.who is not None,
        audience=state.who.channel if state.who is not None else "",
        showed=state.showed,
        showed_options=state.showed_options,
    )
    return memory.model_dump_json(exclude_defaults=True)


def read_form(view: Mapping[str, Any]) -> FormState:
    """Return the form as it was filled in. Raises StaleForm if it is not one of ours."""
    memory = _read_memory(view)
    _check_memory(memory, view)
    values = view.get("state", {}).get("values", {})
    more = memory.settings is None
    usual = memory.usual
    settings = chosen_many_in(values, SETTINGS_FIELD) if more else set(memory.settings or ())
    stays_open = STAYS_OPEN in settings if more else usual.stays_open
    names = FormState(refills=memory.refills, repicks=memory.repicks, reends=memory.reends)
    end = value_in(values, names.end_field, "selected_date_time")
    ends_at = float(end) if isinstance(end, int | float) else None
    keep = chosen_in(values, KEEP_FIELD)
    visibility = chosen_in(values, VISIBILITY_FIELD) if more else memory.visibility.value
    remind = chosen_in(values, REMIND_FIELD)
    remind_before = next((each for each in REMIND_BEFORE if str(int(each)) == remind), None)
    is_recorded = "record" in chosen_many_in(values, RECORD_FIELD)
    post_at = value_in(values, POST_AT_FIELD, "selected_date_time")
    repeat = chosen_in(values, REPEAT_FIELD)
    options = (
        _in_lines(text_in(values, names.options_field))
        if memory.v == 2
        else tuple(FormOption(key, text_in(values, f"{OPTION_FIELD}{key}")) for key in memory.keys)
    )
    return FormState(
        title=text_in(values, TITLE_FIELD),
        description=text_in(values, DESCRIPTION_FIELD),
        options=options,
        settings=PollSettings(
            several="several" in settings,
            visibility=Visibility(visibility)
            if visibility in list(Visibility)
            else Visibility.ALWAYS,
            ends_at=ends_at,
            closes_at_end=ends_at is not None and not stays_open,
            percent_only="percent_only" in settings,
            changeable="changeable" in settings,
            names="names" in settings,
            comments="comments" in settings,
            addable="addable" in settings,
            closes_when_all="closes_when_all" in settings,
        ),
        template=memory.template,
        issue=memory.issue,
        page=memory.page,
        site=memory.site,
        channel=str(value_in(values, CHANNEL_FIELD, "selected_conversation") or memory.channel),
        poll=memory.poll,
        has_source=memory.source,
        source_hides=memory.hides,
        keep=cast("Keep", keep) if keep in get_args(Keep) else memory.keep,
        options_fixed=memory.fixed,
        shown=tuple(memory.shown),
        next_key=memory.next_key,
        remind_before=remind_before if more else usual.remind_before,
        # Where it is not asked, a poll that gets an issue begins with what is usual.
        record=is_recorded if more and memory.issue else usual.record,
        stays_open=stays_open,
        post_at=float(post_at) if isinstance(post_at, int | float) else None,
        repeat=next((each for each in REPEATS if each == repeat), None),
        # A form from before this was offered could not be put on nothing.
        offered_issue=memory.offered_issue or memory.issue,
        offered_page=memory.offered_page or memory.page,
        linked=memory.linked,
        hitch=memory.hitch,
        asked=memory.asked,
        notes=memory.notes,
        thread=memory.thread,
        thread_in=memory.thread_in,
        here=memory.here,
        more=more,
        own=memory.own,
        unkept=memory.unkept,
        picked=chosen_in(values, names.issue_field),
        offered=memory.offered,
        usual=usual,
        no_end=memory.no_end,
        usual_end=memory.usual_end,
        refills=memory.refills,
        repicks=memory.repicks,
        reends=memory.reends,
        who=read_who(values, memory.audience) if memory.who else None,
        showed=memory.showed,
        showed_options=memory.showed_options,
    )


def ticked(settings: PollSettings, *, stays_open: bool = False) -> list[str]:
    """Return the names of what is ticked in the box of settings."""
    names = [name for name in TICKS if getattr(settings, name)]
    return [*names, *([STAYS_OPEN] if stays_open else [])]


def picked_template(action: Mapping[str, Any]) -> str:
    """Return the name of the template that was picked; "none" for one's own options."""
    return str((action.get("selected_option") or {}).get("value") or NO_TEMPLATE)


def _read_memory(view: Mapping[str, Any]) -> _Memory:
    try:
        return _Memory.model_validate_json(view["private_metadata"])
    except (KeyError, TypeError, ValidationError) as error:
        raise StaleForm from error


def _check_memory(memory: _Memory, view: Mapping[str, Any]) -> None:
    """Raise StaleForm for a memory that is of some other form: of no poll, or other options."""
    fields = {str(block.get("block_id")) for block in view.get("blocks", [])}
    known = {f"{OPTION_FIELD}{key}" for key in memory.keys}
    shown = {field for field in fields if field.startswith(OPTION_FIELD)}
    if (view.get("callback_id") == EDIT_FORM) is not bool(memory.poll) or known != shown:
        raise StaleForm
    lines = FormState(refills=memory.refills).options_field
    if not memory.poll and (lines in fields) is not (memory.v == 2):
        raise StaleForm


def field_of(state: FormState, error: BadPart) -> str:
    """Return the block_id of what is wrong in the form, whether it has that or not."""
    match error.part:
        case "options":
            if not state.poll:
                return state.options_field
            text = error.option if isinstance(error, BadOption) else ""
            return f"{OPTION_FIELD}{_wrong_option(state, text) or ''}"
        case "description":
            return DESCRIPTION_FIELD
        case "end":
            return state.end_field
        case "reminder":
            return REMIND_FIELD
        case "question":
            return TITLE_FIELD
        case "least":
            return LEAST_FIELD
        case "most":
            return MOST_FIELD
        case "places":
            return PLACES_FIELD
        case "audience":
            return (
                PEOPLE_FIELD if state.who is not None and state.who.kind == "named" else WHO_FIELD
            )


def _wrong_option(state: FormState, text: str) -> str | None:
    """Return the last option with that text; without a text the first that is empty, or any."""
    if text:
        meant = [one.key for one in state.options if alike(one_line(one.text)) == alike(text)]
    else:
        meant = [one.key for one in state.options if not one_line(one.text)][:1]
        meant = meant or [one.key for one in state.options]
    return meant[-1] if meant else None


def value_in(values: Mapping[str, Any], block_id: str, name: str) -> Any:
    """Return what one field holds, whatever its element is called; None if it is not there."""
    for element in (values.get(block_id) or {}).values():
        return element.get(name)
    return None


def text_in(values: Mapping[str, Any], block_id: str) -> str:
    """Return what was written in one field."""
    return str(value_in(values, block_id, "value") or "")


def chosen_in(values: Mapping[str, Any], block_id: str) -> str:
    """Return the value of what was chosen in one field; empty if nothing was."""
    return str((value_in(values, block_id, "selected_option") or {}).get("value") or "")


def chosen_many_in(values: Mapping[str, Any], block_id: str) -> set[str]:
    """Return the values of all that was chosen in one field."""
    return {str(one["value"]) for one in value_in(values, block_id, "selected_options") or []}
