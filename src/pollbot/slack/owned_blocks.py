"""How a list of what people keep for themselves looks: schedules, thresholds."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pollbot.slack.budget import fitted
from pollbot.slack.clicks import Click
from pollbot.slack.kit import (
    SOMEBODY,
    Block,
    Message,
    actions,
    button,
    context,
    fit,
    section,
    words,
)
from pollbot.slack.owned import LISTED, Part
from pollbot.text.catalog import say, say_marked

_ROOMS = ((True, True), (False, True), (False, False))
"""Whether lines say why they are paused, and their buttons of which line they are."""


@dataclass(frozen=True, slots=True)
class Line:
    """One of the list: its markup, with why it is paused or without, and its buttons.

    Without ``ways`` it is somebody else's, to look at only.
    """

    text: Callable[[bool], str]
    ways: Sequence[Block] = ()


@dataclass(frozen=True, slots=True)
class ListWords:
    """What is said of the things in a list, and of there being none. ``unsure`` may be empty."""

    mine: str
    others: str
    none: str
    begin: str
    count: str
    unsure: str = ""


def owned_list(
    lines: Sequence[Line],
    part: Part,
    said: ListWords,
    turn: Callable[[int], Click],
    new: Sequence[Block],
) -> Message:
    """Return a page of a list, each line with its ways; ``new`` are the ways to begin another.

    ``lines`` are those of the page, at most 10; ``turn`` makes the click that shows another page.
    """
    if not lines:
        return words(f"{said.none} {said.unsure or said.begin}", *new)
    shown = lines[:LISTED]
    last = (max(part.total, len(lines)) - 1) // LISTED
    turns = [
        *([button(say("Previous"), turn(part.page - 1), nth=0)] if part.page > 0 else []),
        *([button(say("Next"), turn(part.page + 1), nth=1)] if part.page < last else []),
    ]

    def drawn(room: tuple[bool, bool]) -> list[Block]:
        why, read_aloud = room
        mine = [line for line in shown if line.ways]
        blocks: list[Block] = [section(said.unsure)] if said.unsure else []
        blocks += [section(said.mine)] if mine else []
        for line in mine:
            ways = line.ways if read_aloud else map(_unread, line.ways)
            blocks += [section(line.text(why)), actions(*ways)]
        if len(mine) < len(shown):
            blocks.append(section(said.others))
            blocks += (section(line.text(why)) for line in shown if not line.ways)
        if last > 0:
            blocks.append(context(say("Page {page} of {last}", page=part.page + 1, last=last + 1)))
        return [*blocks, {"type": "divider"}, actions(*turns, *new)]

    read_out = "; ".join(unlinked(line.text(True)) for line in shown)
    return Message(f"{said.count}: {read_out}", fitted(drawn, _ROOMS))


def _unread(way: Block) -> Block:
    return {name: value for name, value in way.items() if name != "accessibility_label"}


def by(name: str | None) -> str:
    """Return whose a line is; nothing where ``name`` is None: it is the reader's."""
    if name is None:
        return ""
    return say(" · by {name}", name=fit(name, 60, 120) or say_marked(SOMEBODY))


def in_channel(channel_id: str) -> str:
    """Return a channel as markup."""
    known = re.fullmatch(r"[CDG][A-Z0-9]+", channel_id)
    return f"<#{channel_id}>" if known else fit(channel_id, 30, 60)


def unlinked(label: str) -> str:
    """Return a label without links, for a text that is read out."""
    return re.sub(r"<[^|>]*\|([^>]*)>", r"\1", label)
