"""The form that edits a poll: with what it begins, and what it asks for once others edited, too."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pollbot.errors import BadField, ChangedMeanwhile, PollbotError
from pollbot.polls.edits.rules import Edit, Options
from pollbot.polls.forms.state import (
    DESCRIPTION_FIELD,
    MOST_IN_FORM,
    OPTION_FIELD,
    RECORD_FIELD,
    REMIND_BEFORE,
    REMIND_FIELD,
    SETTINGS,
    SETTINGS_FIELD,
    TICKS,
    TITLE_FIELD,
    VISIBILITY_FIELD,
    FormOption,
    FormState,
    memory_of,
    to_draft,
)
from pollbot.polls.forms.who_state import (
    LEAST_FIELD,
    MOST_FIELD,
    PLACES_FIELD,
    WHO_FIELD,
    Who,
    settled,
    who_of,
)
from pollbot.polls.kept import Kept
from pollbot.polls.refusals import OptionReworded, OptionsMoved, OptionTakenOut
from pollbot.polls.rules import MOST_PLACES, Option, Poll, PollSettings, one_line
from pollbot.slack.kit import VIEW_MEMORY, VIEW_TEXT, can_show
from pollbot.slack.meanwhile import Parts, is_overtaken, mine, pieces, trace, traces
from pollbot.text.words import read_number

_ROOM = 500
"""Characters that stay free in what a form keeps: for traces, and for options that are added."""
_TOLD = ("title", "description", "least", "most", "places")


def state_of(
    poll: Poll, remind_before: float | None = None, record: bool = False, issue: str = ""
) -> FormState:
    """Return the form that edits this poll; ``issue`` is the key of the one that it is on."""
    live = poll.live
    options = tuple(FormOption(f"={option.id}", option.title) for option in live)
    state = FormState(
        title=poll.title,
        description=poll.description,
        options=options,
        settings=settled(poll.settings, None),
        who=who_of(poll.settings),
        template=poll.template,
        poll=poll.id,
        next_key=1,
        shown=tuple(option.id for option in live),
        issue=issue,
        remind_before=remind_before,
        record=record,
        stays_open=poll.settings.ends_at is not None and not poll.settings.closes_at_end,
    )
    keys = len(memory_of(state))
    too_much = len(options) > MOST_IN_FORM or keys > VIEW_MEMORY - _ROOM
    if too_much or any(len(one.key) > 200 for one in options):
        state = replace(state, options=(), options_fixed=True, shown=())
    said = "".join(trace(_as_shown(one.text)) for one in state.options)
    return replace(state, showed=traces(_parts(state)), showed_options=said)


def edit_of(sent: FormState, kept: Kept) -> Edit:
    """Return what a form makes of the poll as it is kept now.

    What others changed since the form was opened stays. Raises BadField where the person changed
    the same, and BadPart for what is no number, and for an audience of nobody.
    """
    now = state_of(kept.poll, kept.remind_before, kept.record, sent.issue)
    parts, stand = _parts(sent), _parts(now)
    changed = mine(sent.showed, parts, stand, _fields(sent), _TOLD)
    whole = _with(now, sent, changed)
    options = None if sent.options_fixed else _options(sent, kept.poll.live)
    overtaken = any(parts[name] != stand[name] for name in parts.keys() - changed)
    overtaken = overtaken or (options is not None and options != _written(sent))
    return Edit(to_draft(whole), options, sent.shown, overtaken)


def _fields(state: FormState) -> Mapping[str, str]:
    return {
        **dict.fromkeys(SETTINGS, SETTINGS_FIELD),
        "title": TITLE_FIELD,
        "description": DESCRIPTION_FIELD,
        "visibility": VISIBILITY_FIELD,
        "end": state.end_field,
        "reminder": REMIND_FIELD,
        "record": RECORD_FIELD,
        "least": LEAST_FIELD,
        "most": MOST_FIELD,
        "places": PLACES_FIELD,
        "audience": WHO_FIELD,
    }


def _parts(state: FormState) -> Parts:
    """Return what the form shows, but for the options, as it comes back from one left alone."""
    settings, who = state.settings, state.who or Who()
    ends_at, before = settings.ends_at, state.remind_before
    named = who.kind == "named"
    return {
        "title": _as_shown(state.title),
        "description": state.description[:VIEW_TEXT].replace("\r\n", "\n").strip(),
        **{name: getattr(settings, name) for name in TICKS},
        "stays_open": state.stays_open,
        "visibility": settings.visibility.value,
        "end": int(ends_at) if ends_at is not None and can_show(ends_at) else None,
        "reminder": before if before in REMIND_BEFORE else None,
        "record": state.record and bool(state.issue),
        "least": _number(who.least, usual=1),
        "most": _number(who.most),
        "places": _number(who.places),
        "audience": (
            who.kind,
            sorted(who.people) if named else [],
            sorted(group.id for group in who.groups) if named else [],
        ),
    }


def _as_shown(text: str) -> str:
    return one_line(text[:VIEW_TEXT])


def _number(written: str, *, usual: int | None = None) -> str:
    number = read_number(written, MOST_PLACES)
    if number is None:
        return written.strip()
    return "" if number == usual else str(number)


def _with(now: FormState, sent: FormState, changed: set[str]) -> FormState:
    """Return the form of the poll as it is, with what the person changed."""
    settings, who, wanted = now.settings, now.who or Who(), sent.who or Who()
    ticks = {name: getattr(sent.settings, name) for name in TICKS if name in changed}
    settings = replace(settings, **ticks)
    if "visibility" in changed:
        settings = replace(settings, visibility=sent.settings.visibility)
    if "end" in changed:
        settings = replace(settings, ends_at=sent.settings.ends_at)
    stays_open = sent.stays_open if "stays_open" in changed else now.stays_open
    numbers = {
        name: getattr(wanted, name) for name in ("least", "most", "places") if name in changed
    }
    who = replace(who, **numbers)
    if "audience" in changed:
        who = replace(
            who,
            kind=wanted.kind,
            people=wanted.people,
            groups=wanted.groups,
            channel=wanted.channel,
        )
    return replace(
        now,
        title=sent.title if "title" in changed else now.title,
        description=sent.description if "description" in changed else now.description,
        settings=_ending(settings, stays_open=stays_open),
        who=who,
        remind_before=sent.remind_before if "reminder" in changed else now.remind_before,
        record=sent.record if "record" in changed else now.record,
    )


def _ending(settings: PollSettings, *, stays_open: bool) -> PollSettings:
    return replace(settings, closes_at_end=settings.ends_at is not None and not stays_open)


# The options


def _written(sent: FormState) -> Options:
    """Return the options as they stand in the form."""
    return tuple((one.option_id, one.text) for one in sent.options if one_line(one.text))


def _options(sent: FormState, live: Sequence[Option]) -> Options:
    """Return the options of a form, each as whoever changed it worded it.

    Those that came meanwhile are not among them. Raises BadField.
    """
    if not sent.showed_options:
        return _written(sent)
    texts = _texts(sent, {option.id: option.title for option in live})
    ours = [(one.option_id, texts.get(one.option_id or "", one.text)) for one in sent.options]
    ours = [(known, text) for known, text in ours if one_line(text)]
    kept = {known for known, _ in ours if known is not None}
    mine_order = [known for known, _ in ours if known is not None]
    their_order = [option.id for option in live if option.id in kept]
    began = [known for known in sent.shown if known in kept]
    if their_order in (began, mine_order):
        return tuple(ours)
    if mine_order != began:
        raise BadField(f"{OPTION_FIELD}{sent.options[0].key}", OptionsMoved())
    return _in_order(ours, their_order)


def _texts(sent: FormState, there: Mapping[str, str]) -> dict[str, str]:
    """Return what the options say that the form began with; nothing for one that is taken out."""
    written = {one.option_id: one.text for one in sent.options}
    texts = {}
    for known, was in zip(sent.shown, pieces(sent.showed_options), strict=False):
        text, now = written.get(known, ""), there.get(known, "")
        if is_overtaken(was, _as_shown(text), _as_shown(now)):
            raise BadField(f"{OPTION_FIELD}={known}", _overtaken(text, _as_shown(now)))
        texts[known] = now if trace(_as_shown(text)) == was else text
    return texts


def _overtaken(text: str, now: str) -> PollbotError:
    if not now:
        return OptionTakenOut()
    return ChangedMeanwhile(now) if one_line(text) else OptionReworded(now)


def _in_order(ours: Sequence[tuple[str | None, str]], order: Sequence[str]) -> Options:
    """Return the options in that order, and each new one behind what it stands behind in ours."""
    texts = dict(ours)
    found: list[tuple[str | None, str]] = [(known, texts[known]) for known in order]
    for place, (known, text) in enumerate(ours):
        if known is None:
            behind = found.index(ours[place - 1]) + 1 if place else 0
            found.insert(behind, (known, text))
    return tuple(found)
