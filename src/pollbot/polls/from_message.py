"""A poll out of somebody's message: its words are the question, its list the options."""

import re
from collections.abc import Sequence

from pollbot.polls.refusals import ManyOptions
from pollbot.polls.rules import DESCRIPTION, MOST_OPTIONS, OPTION, TITLE, Draft, one_line
from pollbot.polls.typed import OpenForm
from pollbot.polls.typed_refusals import CutShort
from pollbot.text.lists import is_item, without_marks

_AFTER_EMOJI = re.compile(r"\s*:[a-z0-9_+-]+:\s+(\S.*)", re.IGNORECASE)
_FENCE = re.compile(r"^\s*```|```\s*$", re.MULTILINE)
_CUT = "…"


def form_of(text: str) -> OpenForm | None:
    """Return the form with the poll that a message's words ask; None if it has none.

    The lines of a list are the options. Of the others the first is the question, or the last that
    ends as one does; the rest describes it. What is too long is cut where the form can be filled,
    and noted. Raises ManyOptions.
    """
    lines = [line for line in _FENCE.sub("", text).splitlines() if one_line(line)]
    items = _items(lines)
    words = [one_line(line) for place, line in enumerate(lines) if place not in items]
    if not words and not items:
        return None
    asking = [line for line in words if line.endswith("?")]
    title = asking[-1] if asking else words[0] if words else ""
    rest = [line for line in words if line is not title]
    if len(title) > TITLE:
        rest.insert(0, title)
        title = _clip(title, TITLE)
    described, options = "\n".join(rest), tuple(dict.fromkeys(map(one_line, items.values())))
    if len(options) > MOST_OPTIONS:
        raise ManyOptions(len(options))
    cut = CutShort(sum(len(one) > OPTION for one in options), len(described) > DESCRIPTION)
    draft = Draft(
        title=title,
        options=tuple(dict.fromkeys(_clip(one, OPTION) for one in options)),
        description=_clip(described, DESCRIPTION),
    )
    return OpenForm(None, draft, notes=(cut,) if cut.options or cut.description else ())


def _items(lines: Sequence[str]) -> dict[int, str]:
    """Return the items of a message's list by their lines; none where it has no list.

    Some lists have emoji for bullets. So have lines that are none: a greeting, or a question.
    """
    places = [place for place, line in enumerate(lines) if is_item(line)]
    if len(places) > 1:
        return dict(zip(places, without_marks([lines[place] for place in places]), strict=True))
    found = {
        place: match[1]
        for place, line in enumerate(lines)
        if (match := _AFTER_EMOJI.match(line)) is not None
    }
    asks = any(item.rstrip().endswith("?") for item in found.values())
    return {} if len(found) < 2 or 0 in found or asks else found


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}{_CUT}"
