"""The few shapes of Block Kit that pollbot uses, and the limits they must keep.

Limits: docs.slack.dev, the reference page of each block and element.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pollbot.slack.budget import TEXT_BYTES, in_bytes
from pollbot.slack.clicks import Click, ConnectClick
from pollbot.slack.markup import is_literal, only_words, rich_text, spoken, unmarked
from pollbot.text.catalog import all_of, mark, numeral, say, short_weekday
from pollbot.text.moments import in_zone
from pollbot.text.writing import as_written, closed, disarmed, on_one_line, undirected

Block = dict[str, Any]

SECTION_TEXT = 3000
CONTEXT_TEXT = 2000
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
OPTION_TEXT = 75
OPTION_VALUE = 150
PLACEHOLDER = 150
VIEW_TITLE = 24
VIEW_MEMORY = 3000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_TEXT = 3000

SOMEBODY = mark("somebody")
"""Whoever it is whose name is not known; to be said."""

_ENTITY_OR_MARK = re.compile(r"&#?[a-z0-9]+;|.", re.DOTALL)
_HALF_AN_ENTITY = re.compile(r"&[#a-z0-9]{0,4}$")


@dataclass(frozen=True, slots=True)
class Message:
    """What people see: blocks, and the same in words for notifications and screen readers."""

    text: str
    blocks: list[Block]
    entity: Block | None = None
    """The same as a Work Object, for the preview of a link where Slack takes one."""

    def __post_init__(self) -> None:
        """Keep the words, a sentence in our markup, as notifications show them."""
        object.__setattr__(self, "text", _in_short(spoken(self.text)))

    @classmethod
    def made(cls, text: str, blocks: list[Block]) -> "Message":
        """Return a message of which the words were made before."""
        message = cls("", blocks)
        object.__setattr__(message, "text", text)
        return message

    def after(self, said: str, blocks: list[Block]) -> "Message":
        """Return these words after a sentence in markup; as a whole they show these blocks."""
        both = Message(said, blocks)
        # Ours are no markup any more: read as such again, marks that somebody wrote would go.
        object.__setattr__(
            both, "text", _in_short(" ".join(part for part in (both.text, self.text) if part))
        )
        return both


Draw = Callable[[], Message]
"""Draws what a person is told, in the language that is spoken by then."""


def escape(text: str) -> str:
    """Return what somebody wrote so that it is shown as it stands: no format, link or ping."""
    return as_written(closed(text))


def clip(text: str, limit: int) -> str:
    """Return ``text`` in at most ``limit`` characters, with an ellipsis where it was cut."""
    if len(text) <= limit:
        return text
    return _HALF_AN_ENTITY.sub("", text[: limit - 1]).rstrip() + "…"


def quoted(text: str, limit: int) -> str:
    """Return what somebody wrote, cut to ``limit`` characters and escaped, on one line.

    Cut first: an escape that is cut in half would be shown as such.
    """
    return escape(clip(on_one_line(text), limit))


def fit(text: str, chars: int, room: int, size: Callable[[str], int] = len) -> str:
    """Return what ``quoted`` does, in at most ``room`` characters however many escapes it takes.

    For lines that share a block with others. ``size`` measures what goes into the room.
    """
    line = clip(on_one_line(text), chars)
    shown = escape(line)
    while line and size(shown) > room:
        # An escape takes the place of one character with at most six, so this much is too much.
        line = clip(line, len(line) - max(1, (size(shown) - room) // 6))
        shown = escape(line)
    return shown


def _in_short(text: str) -> str:
    """Return the text that Slack takes beside a message's blocks, cut where it is longer."""
    if len(text) <= TEXT_BYTES and in_bytes(text) <= TEXT_BYTES:
        return text
    kept = text.encode(errors="replace")[: TEXT_BYTES - in_bytes("…")].decode(errors="ignore")
    return _HALF_AN_ENTITY.sub("", kept).rstrip() + "…"


def plain(text: str, limit: int, *, empty: str = "-") -> str:
    """Return what somebody wrote for a place that Slack shows as it stands, on one line."""
    line = disarmed(" ".join(text.split()))
    shown = closed(clip(line, limit))
    return (shown if len(shown) <= limit else clip(undirected(line), limit)) or empty


def person(user_id: str) -> str:
    """Return a person as Slack names them to whoever reads; some were forgotten since."""
    if user_id.startswith("forgotten"):
        return say("a person who was forgotten")
    return f"<@{user_id}>" if re.fullmatch(r"[UW][A-Z0-9]+", user_id) else fit(user_id, 30, 30)


def is_direct(channel_id: str) -> bool:
    """Return whether that is a conversation of two people."""
    return channel_id.startswith("D")


def places(channel_ids: Iterable[str]) -> str:
    """Return channels as markup, all that are no channels as one."""
    ids = list(channel_ids)
    named = [f"<#{channel_id}>" for channel_id in ids if not is_direct(channel_id)]
    direct = [say("a direct message")] if len(named) < len(ids) else []
    return all_of(named + direct)


def moment(seconds: float) -> str:
    """Return a moment that Slack shows in the reader's own zone."""
    return f"<!date^{int(seconds)}^{{date_short}}, {{time}}|{moment_in_words(seconds)}>"


def moment_of_week(seconds: float) -> str:
    """Return what ``moment`` does, with its weekday, so that a wrong one is noticed."""
    spelt = moment_of_week_in_words(seconds)
    return f"<!date^{int(seconds)}^{{date_long}}, {{time}}|{spelt}>"


def moment_here(seconds: float, zone: str) -> str:
    """Return what ``moment_of_week`` does; where Slack does not show it, by the clock there."""
    try:
        spelt = in_zone(seconds, ZoneInfo(zone))
    except (OSError, ValueError, LookupError, OverflowError):
        return moment_of_week(seconds)
    return f"<!date^{int(seconds)}^{{date_long}}, {{time}}|{spelt}>"


def moment_of_week_in_words(seconds: float) -> str:
    """Return a moment with its weekday for a text without markup, in UTC."""
    try:
        at = datetime.fromtimestamp(int(seconds), UTC)
        return f"{short_weekday(at)} {at:%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return moment_in_words(seconds)


def moment_in_words(seconds: float) -> str:
    """Return a moment for a text without markup, in UTC."""
    try:
        return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return say("a day beyond the calendar")


def link(url: str, label: str) -> str:
    """Return a link in Slack's own markup."""
    return f"<{url}|{label}>"


def section(text: str) -> Block:
    """Return a paragraph."""
    text = clip(text, SECTION_TEXT)
    if is_literal(text):
        return rich_text(text)
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def beside(text: str, element: Block) -> Block:
    """Return a paragraph with a control beside it, which rich text cannot have."""
    text = clip(text, SECTION_TEXT)
    said: Block = {"type": "mrkdwn", "text": text}
    if is_literal(text):
        said = {"type": "plain_text", "text": disarmed(unmarked(text)), "emoji": True}
    return {"type": "section", "text": said, "accessory": element}


def sections(lines: Iterable[str], between: str = "\n") -> list[Block]:
    """Return paragraphs that hold these lines, as many in each as fit."""
    texts: list[str] = []
    for line in lines:
        if texts and len(texts[-1]) + len(between) + len(line) <= SECTION_TEXT:
            texts[-1] += between + line
        else:
            texts.append(line)
    return [section(text) for text in texts if text.strip()]


def long_text(text: str) -> list[Block]:
    """Return what somebody wrote over several lines, in as many paragraphs as it needs."""
    lines = "\n".join(map(closed, text.strip().split("\n")))
    return sections(_ENTITY_OR_MARK.findall(as_written(lines)), between="")


def context(text: str) -> Block:
    """Return a line of small print."""
    text = clip(text, CONTEXT_TEXT)
    element: Block = {"type": "mrkdwn", "text": text}
    if is_literal(text):
        # Small print takes no rich text.
        if not only_words(text):
            return rich_text(text)
        element = {"type": "plain_text", "text": unmarked(text), "emoji": True}
    return {"type": "context", "elements": [element]}


def actions(*elements: Block) -> Block:
    """Return a row of controls."""
    return {"type": "actions", "elements": list(elements)}


def button(
    label: str,
    click: Click,
    *,
    style: str | None = None,
    nth: int | None = None,
    spoken: str = "",
    confirm: Block | None = None,
) -> Block:
    """Return a button that brings ``click`` back.

    ``nth`` is its place among buttons of the same kind in one row; ``spoken`` is
    what a screen reader says instead of the label.
    """
    action_id = click.action_id if nth is None else click.nth(nth)
    return control(label, action_id, click.pack(), style=style, spoken=spoken, confirm=confirm)


def told_apart(label: str, about: str) -> str:
    """Return what a screen reader says of one of several buttons with this label."""
    return say("{button}: {about}", button=label, about=about)


def control(
    label: str,
    action_id: str,
    value: str,
    *,
    style: str | None = None,
    spoken: str = "",
    confirm: Block | None = None,
) -> Block:
    """Return a button that brings a plain value back."""
    return {
        "type": "button",
        "action_id": action_id,
        "text": plain_text(label, BUTTON_TEXT),
        "value": value,
        **({"style": style} if style else {}),
        **({"accessibility_label": plain(spoken, BUTTON_TEXT)} if spoken else {}),
        **({"confirm": confirm} if confirm else {}),
    }


def menu(*choices: tuple[str, Click]) -> list[Block]:
    """Return a menu of what is pressed less often; each brings its click back.

    Where one remembers more than a menu may (docs.slack.dev, option object: 150 characters), all
    are buttons instead.
    """
    if any(len(click.pack()) > OPTION_VALUE for _, click in choices):
        return [button(label, click) for label, click in choices]
    return [
        {
            "type": "overflow",
            "action_id": choices[0][1].action_id,
            "options": [choice(label, click.pack()) for label, click in choices],
        }
    ]


def confirmation(title: str, text: str, yes: str) -> Block:
    """Return the question that is asked before a button does something for good."""
    return {
        "title": plain_text(title, 100),
        "text": plain_text(text, 300),
        "confirm": plain_text(yes, 30),
        "deny": plain_text(say("Cancel"), 30),
        "style": "danger",
    }


def plain_text(text: str, limit: int) -> Block:
    """Return a text without markup."""
    return {"type": "plain_text", "text": plain(text, limit), "emoji": True}


def choice(label: str, value: str, description: str = "") -> Block:
    """Return one line of a select, of checkboxes or of radio buttons."""
    return {
        "text": plain_text(label, OPTION_TEXT),
        "value": value,
        **({"description": plain_text(description, OPTION_TEXT)} if description else {}),
    }


def picker(
    kind: str,
    action_id: str,
    choices: Sequence[Block],
    *,
    chosen: Sequence[str] = (),
    placeholder: str = "",
) -> Block:
    """Return a select, checkboxes or radio buttons; ``chosen`` are the values to start with."""
    initial = [one for one in choices if one["value"] in chosen]
    start: Mapping[str, Any] = {}
    if initial and kind in ("checkboxes", "multi_static_select"):
        start = {"initial_options": initial}
    elif initial:
        start = {"initial_option": initial[0]}
    return {
        "type": kind,
        "action_id": action_id,
        "options": list(choices),
        **start,
        **({"placeholder": plain_text(placeholder, PLACEHOLDER)} if placeholder else {}),
    }


def field(
    block_id: str,
    label: str,
    element: Block,
    *,
    hint: str = "",
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """Return a field of a form; with ``dispatch`` each change of it is sent at once."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label, 150),
        "element": element,
        **({"hint": plain_text(hint, 300)} if hint else {}),
        **({"optional": True} if optional else {}),
        **({"dispatch_action": True} if dispatch else {}),
    }


def can_show(moment: float) -> bool:
    """Return whether a field for a moment can hold it: Slack takes those of ten digits only."""
    return 10**9 <= int(moment) < 10**10


def moment_field(
    block_id: str,
    label: str,
    action_id: str,
    chosen: float | None,
    hint: str,
    *,
    dispatch: bool = False,
) -> Block:
    """Return a field for a day and a time, which may be left empty."""
    initial = {"initial_date_time": int(chosen)} if chosen is not None and can_show(chosen) else {}
    return field(
        block_id,
        label,
        {
            "type": "datetimepicker",
            "action_id": action_id,
            **initial,
        },
        hint=hint,
        optional=True,
        dispatch=dispatch,
    )


def writing(
    *, longest: int, initial: str = "", placeholder: str = "", multiline: bool = False
) -> Block:
    """Return an element to write in; its action_id is "value"."""
    initial = initial[:VIEW_TEXT]
    return {
        "type": "plain_text_input",
        "action_id": "value",
        # What is there already may be longer than what we would take; Slack must still show it.
        "max_length": max(longest, len(initial)),
        **({"multiline": True} if multiline else {}),
        **({"initial_value": initial} if initial else {}),
        **({"placeholder": plain_text(placeholder, PLACEHOLDER)} if placeholder else {}),
    }


def text_input(
    block_id: str, label: str, *, hint: str, placeholder: str, element: str, initial: str = ""
) -> Block:
    """Return a required field of a form; its value is found under ``block_id``, "value"."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": label},
        "hint": {"type": "plain_text", "text": hint},
        "element": {
            "type": element,
            "action_id": "value",
            "placeholder": {"type": "plain_text", "text": placeholder},
            **({"initial_value": initial} if initial else {}),
        },
    }


def view(
    title: str,
    blocks: list[Block],
    *,
    callback_id: str,
    submit: str | None = None,
    close: str = "",
    memory: str = "",
) -> Block:
    """Return a form; without ``submit`` it only tells. ``memory`` comes back with it."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": {"type": "plain_text", "text": clip(title, VIEW_TITLE)},
        "close": {"type": "plain_text", "text": close or say("Close")},
        **({"submit": {"type": "plain_text", "text": submit}} if submit else {}),
        "private_metadata": memory,
        "blocks": blocks,
    }


def bare(message: Message) -> Message:
    """Return a message's words alone, for a Slack that does not take its blocks."""
    said = unmarked(message.text)
    parts = [said[start : start + SECTION_TEXT] for start in range(0, len(said), SECTION_TEXT)]
    blocks = [{"type": "section", "text": {"type": "plain_text", "text": part}} for part in parts]
    return Message(message.text, blocks)


def words(text: str, *controls: Block) -> Message:
    """Return a short message: one paragraph, and perhaps a row of controls."""
    return Message(text, [section(text), *([actions(*controls)] if controls else [])])


def together(messages: Sequence[Message]) -> Message:
    """Return several short messages as one; what each of them offers stands beside its words."""
    if len(messages) == 1:
        return messages[0]
    blocks: list[Block] = []
    for message in messages:
        match message.blocks:
            case [{"type": "section", "text": said}, {"type": "actions", "elements": [only]}]:
                blocks.append({"type": "section", "text": said, "accessory": only})
            case own:
                blocks += own
    first, *others = messages
    whole = Message("", blocks)
    object.__setattr__(whole, "text", _in_short("\n".join([first.text, *(o.text for o in others)])))
    return whole


def link_button(
    label: str, click: Click, address: str, *, style: str | None = None, spoken: str = ""
) -> Block:
    """Return a button that leads to an address; that it was pressed is brought back, too."""
    return {**button(label, click, style=style, spoken=spoken), "url": address}


def connect_button(site: str = "") -> Block:
    """Return the button that opens the form for a Jira account."""
    return button(say("Connect Jira"), ConnectClick(site=site or None), style="primary")


def without_charts(blocks: Iterable[Block]) -> list[Block]:
    """Return the same with tables and charts as lines, for a Slack that does not take them."""
    plainer: list[Block] = []
    for block in blocks:
        match block["type"]:
            case "table" | "data_table":
                plainer += sections(" · ".join(map(_in_a_line, row)) for row in block["rows"])
            case "data_visualization":
                drawn = block["chart"]
                points = drawn["segments"] if drawn["type"] == "pie" else drawn["series"][0]["data"]
                plainer += sections(
                    f"{escape(point['label'])}: {numeral(point['value'])}" for point in points
                )
            case _:
                plainer.append(block)
    return plainer


def ways_to_show(message: Message, *, is_pressed: bool) -> list[Message]:
    """Return the message, then the same without tables and charts where it has any.

    Where nothing in it is to be pressed, its words alone come last.
    """
    plainer = Message.made(message.text, without_charts(message.blocks))
    ways = [message] if plainer.blocks == message.blocks else [message, plainer]
    return ways if is_pressed else [*ways, bare(message)]


def _in_a_line(cell: Block) -> str:
    """Return what a cell says, as markup; rich text of ours is one link."""
    if cell["type"] != "rich_text":
        return escape(cell["text"])
    [[to]] = (part["elements"] for part in cell["elements"])
    return link(to["url"], escape(to["text"]))


def framed(message: Message, above: str, below: str) -> Message:
    """Return the message between two lines of small print, which are markup; either may be empty.

    What does not fit between them is left out, the end first.
    """
    top, end = ([context(line)] if line else [] for line in (above, below))
    room = MESSAGE_BLOCKS - len(top) - len(end)
    return message.after(above, [*top, *message.blocks[:room], *end])
