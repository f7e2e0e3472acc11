"""What people see of polls that they look for."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

from pydantic import BaseModel

from pollbot.errors import StaleForm
from pollbot.polls.blocks import linked, state_of_listed, titled
from pollbot.polls.rules import Kind
from pollbot.polls.searches.rules import (
    AGES,
    FOUND,
    LOOKED_THROUGH,
    WORDS,
    Found,
    FoundPoll,
    Search,
    State,
)
from pollbot.slack import kit
from pollbot.slack.budget import fitted
from pollbot.slack.clicks import (
    FoundPageClick,
    MoreClick,
    PostPollClick,
    SearchClick,
    ShowResultsClick,
    TurnFoundClick,
)
from pollbot.slack.kit import (
    Block,
    Message,
    actions,
    beside,
    button,
    choice,
    clip,
    context,
    fit,
    moment,
    picker,
    places,
    section,
    told_apart,
    view,
    writing,
)
from pollbot.slack.windows import told_view
from pollbot.text.catalog import mark, numeral, say, say_marked, say_number

SEARCH_VIEW = "search_polls"
SEARCHED = "searched"
"""The action_id of each field of the window: what changes is looked for at once."""
TEXT_FIELD, STATE_FIELD, AGE_FIELD, WHOSE_FIELD = "text", "state", "age", "whose"
CHANNEL_FIELD = "channel"
_ANY = "any"
_MINE = "mine"
_ROOMS = (150, 100, 70, 50, 35, 20)
_CHANNELS_SHOWN = 3
_STATES = {
    "all": mark("Open and closed"),
    "open": mark("Open"),
    "closed": mark("Closed"),
}


def found_message(found: Found) -> Message:
    """Return what was found as a message, with the way to look for something else."""
    if not found.polls:
        text = _nothing(found)
        return kit.words(text, button(say("Change the search"), _again(found)))

    def drawn(room: int) -> list[Block]:
        blocks: list[Block] = [section(_said(found))]
        for one in found.polls:
            blocks += [section(_line(one, room)), actions(*_ways(one, room))]
        return [*blocks, *_turns(found), actions(button(say("Change the search"), _again(found)))]

    named = "; ".join(
        f"{fit(one.listed.poll.title, 80, 120)}: {state_of_listed(one.listed)}"
        for one in found.polls
    )
    text = say_number(
        found.total, "{number} poll found: {titles}", "{number} polls found: {titles}", titles=named
    )
    return Message(text, fitted(drawn, _ROOMS))


def looking() -> Block:
    """Return the window while what is looked for takes longer than Slack waits."""
    return told_view(say(":hourglass_flowing_sand: I am looking …"), title=say("Find polls"))


def search_view(found: Found) -> Block:
    """Return the window with what is looked for, and below what was found."""
    search = found.search
    note = [context(say("On {about}.", about=linked(found.about)))] if found.about.subject else []
    lines: list[Block] = []
    for nth, one in enumerate(found.polls):
        poll = one.listed.poll
        spoken = told_apart(say("More"), poll.title)
        more = button(say("More"), MoreClick(poll=poll.id), spoken=spoken)
        lines.append({**beside(_line(one, 150), more), "block_id": f"found:{poll.id}:{nth}"})
    return view(
        say("Find polls"),
        [
            *note,
            *_fields(search),
            section(_said(found) if found.polls else _nothing(found)),
            *lines,
            *_turns_in_view(found),
        ],
        callback_id=SEARCH_VIEW,
        submit=say("Find"),
        close=say("Done"),
        memory=_Memory(
            kind=found.about.kind, subject=found.about.subject, site=found.about.site
        ).model_dump_json(exclude_defaults=True),
    )


class _Memory(BaseModel):
    """What the window keeps: the issue or page on which polls are looked for."""

    kind: Kind = "plain"
    subject: str = ""
    site: str = ""


def read_search(window: Mapping[str, Any]) -> tuple[Search, tuple[Kind, str, str]]:
    """Return what is looked for, and on what. Raises StaleForm if it is not our window."""
    try:
        memory = _Memory.model_validate_json(window["private_metadata"] or json.dumps({}))
        values = window["state"]["values"]

        def chosen(field: str) -> str:
            return str((values[field][SEARCHED].get("selected_option") or {}).get("value") or "")

        text = str(values[TEXT_FIELD][SEARCHED].get("value") or "")
        age, state = chosen(AGE_FIELD), chosen(STATE_FIELD)
        channel = values[CHANNEL_FIELD][SEARCHED].get("selected_conversation")
        whose = chosen(WHOSE_FIELD)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StaleForm from error
    search = Search(
        text=text[:WORDS],
        state=cast("State", state) if state in get_args(State) else "all",
        days=int(age) if age.isdecimal() else None,
        mine=whose == _MINE,
        channel=str(channel or ""),
    )
    return search, (memory.kind, memory.subject, memory.site)


def _fields(search: Search) -> list[Block]:
    text = {
        **writing(longest=WORDS, initial=search.text, placeholder=say("Words of the poll")),
        "action_id": SEARCHED,
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    states = [choice(say_marked(label), value) for value, label in _STATES.items()]
    ages = [
        choice(say("Of any age"), _ANY),
        *(choice(_age(days), str(days)) for days in _ages(search)),
    ]
    whose = [choice(say("Everybody's"), _ANY), choice(say("Mine"), _MINE)]
    channel: Block = {
        "type": "conversations_select",
        "action_id": SEARCHED,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        **({"initial_conversation": search.channel} if search.channel[:1] in ("C", "G") else {}),
    }
    return [
        kit.field(
            TEXT_FIELD,
            say("Words"),
            text,
            hint=say("In the question, the description or an option. Press Enter to look."),
            optional=True,
            dispatch=True,
        ),
        _select(STATE_FIELD, say("State"), states, search.state),
        _select(AGE_FIELD, say("Age"), ages, _ANY if search.days is None else str(search.days)),
        _select(WHOSE_FIELD, say("Whose"), whose, _MINE if search.mine else _ANY),
        kit.field(CHANNEL_FIELD, say("Channel"), channel, optional=True, dispatch=True),
    ]


def _select(field: str, label: str, choices: Sequence[Block], chosen: str) -> Block:
    select = picker("static_select", SEARCHED, choices, chosen=[chosen])
    return kit.field(field, label, select, dispatch=True)


def _ages(search: Search) -> list[int]:
    return sorted({*AGES, *([search.days] if search.days is not None else [])})


def _age(days: int) -> str:
    return say_number(
        days, "Made or closed within {number} day", "Made or closed within {number} days"
    )


def _line(one: FoundPoll, room: int) -> str:
    listed = one.listed
    where = places(one.channels[:_CHANNELS_SHOWN])
    made = (
        say("Made {when}, in {channels}.", when=moment(one.made_at), channels=where)
        if one.channels
        else say("Made {when}.", when=moment(one.made_at))
    )
    return f"{titled(listed.poll, room)}\n{state_of_listed(listed)}\n{made}"


def _ways(one: FoundPoll, room: int) -> list[Block]:
    poll = one.listed.poll
    about = clip(poll.title, room // 2)
    ways = (
        (say("Post here"), PostPollClick(poll=poll.id)),
        (say("Results"), ShowResultsClick(poll=poll.id, view="bars")),
        (say("More"), MoreClick(poll=poll.id)),
    )
    return [button(label, click, spoken=told_apart(label, about)) for label, click in ways]


def _said(found: Found) -> str:
    """Return how many were found, and by what."""
    head = say_number(found.total, "*{number} poll*", "*{number} polls*")
    wishes = _wishes(found)
    line = f"{head}: {wishes}" if wishes else head
    if not found.is_cut:
        return line
    cut = say("Only the newest {most} were looked through.", most=numeral(LOOKED_THROUGH))
    return f"{line}\n{cut}"


def _wishes(found: Found) -> str:
    search = found.search
    parts = [
        say("on {about}", about=linked(found.about)) if found.about.subject else "",
        say("with “{words}”", words=fit(search.text, WORDS, 2 * WORDS)) if search.text else "",
        {"open": say("open"), "closed": say("closed")}.get(search.state, ""),
        say_number(
            search.days,
            "made or closed within {number} day",
            "made or closed within {number} days",
        )
        if search.days is not None
        else "",
        say("mine") if search.mine else "",
        say("in {channel}", channel=places([search.channel])) if search.channel else "",
    ]
    return ", ".join(filter(None, parts))


def _nothing(found: Found) -> str:
    wishes = _wishes(found)
    if not wishes:
        return say(
            "There are no polls yet: none of yours, and none in channels of which I know that you "
            "may look into them."
        )
    return say(
        "Nothing found: {wishes}. I look through your own polls, and those in channels of which I "
        "know that you may look into them.",
        wishes=wishes,
    )


def _again(found: Found) -> SearchClick:
    return SearchClick.model_validate(_remembered(found))


def _remembered(found: Found) -> dict[str, object]:
    search, about = found.search, found.about
    on = {"kind": about.kind, "subject": about.subject, "site": about.site or None}
    return {
        "text": search.text,
        "state": search.state,
        "days": search.days,
        "mine": search.mine,
        "channel": search.channel,
        **(on if about.subject else {}),
    }


def _ways_on(found: Found) -> list[tuple[str, int]]:
    last = max(0, found.total - 1) // FOUND
    ways = ((say("Previous"), found.number - 1), (say("Next"), found.number + 1))
    return [(label, page) for label, page in ways if 0 <= page <= last]


def _number(found: Found) -> Block:
    last = max(0, found.total - 1) // FOUND
    return context(
        say(
            "Page {page} of {pages}, the open ones first",
            page=numeral(found.number + 1),
            pages=numeral(last + 1),
        )
    )


def _turns(found: Found) -> list[Block]:
    ways = [
        button(label, FoundPageClick.model_validate({**_remembered(found), "page": page}), nth=nth)
        for nth, (label, page) in enumerate(_ways_on(found))
    ]
    return [_number(found), actions(*ways)] if ways else []


def _turns_in_view(found: Found) -> list[Block]:
    ways = [
        button(label, TurnFoundClick(page=page), nth=nth)
        for nth, (label, page) in enumerate(_ways_on(found))
    ]
    return [_number(found), actions(*ways)] if ways else []
