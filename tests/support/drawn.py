"""Polls, answers and what is seen of them: drawn at random, or made by hand."""

import json
import re
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from pollbot.polls.rules import Option, Poll, PollSettings, Visibility
from pollbot.polls.tally import Part
from pollbot.polls.templates import TEMPLATES
from pollbot.sandbox.slack.blockkit import elements, is_too_long, problems
from pollbot.sandbox.slack.web_api import MOST_UPDATED_BYTES
from pollbot.slack.budget import weight
from pollbot.slack.kit import Block, Message

NOON = 1_750_000_000.0
LINK = "<https://acme.atlassian.net/browse/PLAT-12|PLAT-12>"

NASTY = [
    "",
    " ",
    "Export <all> & more",
    "<!channel> <!here> <@U0ADA> <#C0PLANNING> <!subteam^S1>",
    "<https://evil.example|PLAT-12>",
    "&amp;lt;!channel&gt;",
    "&" * 2000,
    "<!" * 1000,
    "x" * 2000,
    "word " * 400,
    "🔥" * 2000,
    "👩‍👩‍👧‍👦🏳️‍🌈 ",
    "שלום \u202egnp.exe\u202c עולם",
    "one\ntwo\r\nthree\u2028four",
    "\n" * 2000,
    "*bold* _slanted_ ~gone~ `code` ```block``` > quote",
    "```",
    "\x00\x07\x1b[31m",
    '"}],"type":"section',
]
texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=200))
settings_of_polls = st.builds(
    PollSettings,
    several=st.booleans(),
    visibility=st.sampled_from(Visibility),
    ends_at=st.none() | st.floats(NOON - 10**6, NOON + 10**6) | st.floats(0, 1e15),
    closes_at_end=st.booleans(),
    percent_only=st.booleans(),
    changeable=st.booleans(),
    names=st.booleans(),
    comments=st.booleans(),
)
PEOPLE = [f"U0PERSON{number:03}" for number in range(40)]


@st.composite
def polls(draw: st.DrawFn) -> Poll:
    """Draw a poll, with few or many options, some of them removed."""
    titles = draw(st.lists(texts, max_size=12))
    if draw(st.booleans()):
        titles = (titles or ["x"]) * draw(st.integers(1, 100))
    removed = draw(st.integers(0, 30))
    options = [
        Option(str(n), title[:200], n, removed=n >= 100 or n % 17 == removed)
        for n, title in enumerate(titles[:130])
    ]
    return Poll(
        id=draw(st.sampled_from(["p1", "p" * 12])),
        title=draw(texts)[:300],
        description=draw(texts),
        options=tuple(options),
        settings=draw(settings_of_polls),
        created_by="U0MAKER",
        template=draw(st.none() | st.sampled_from(sorted(TEMPLATES))),
        closed_at=draw(st.none() | st.just(NOON - 60)),
        deleted=draw(st.integers(0, 9)) == 0,
    )


def parts(poll: Poll) -> st.SearchStrategy[Part]:
    """Draw who answered what."""
    ids = [option.id for option in poll.options]
    if not ids:
        return st.just(Part())
    chosen = st.dictionaries(st.sampled_from(ids), st.sets(st.sampled_from(PEOPLE)), max_size=9)
    everybody = st.just({each: set(PEOPLE) for each in ids})
    return st.builds(part_of, chosen | everybody)


def part_of(chosen: dict[str, set[str]]) -> Part:
    return Part(
        counts={each: len(who) for each, who in chosen.items()},
        people=len(set().union(*chosen.values())),
        names={each: tuple(sorted(who)) for each, who in chosen.items()},
    )


def elsewhere(poll: Poll) -> st.SearchStrategy[Part | None]:
    """Draw what was answered in Jira."""
    ids = st.sampled_from([option.id for option in poll.options] or ["1"])
    counts = st.dictionaries(ids, st.one_of(st.integers(0, 5), st.integers(0, 10**7)))
    return st.none() | st.builds(Part, counts, st.none() | st.integers(0, 10**7))


def poll(
    *titles: str, deleted: bool = False, closed_at: float | None = None, **set_to: Any
) -> Poll:
    titles = titles or ("Pizza", "Soup")
    return Poll(
        id="p1",
        title="Lunch?",
        description="",
        options=tuple(Option(str(n + 1), title, n) for n, title in enumerate(titles)),
        settings=PollSettings(**set_to),
        created_by="U0MAKER",
        deleted=deleted,
        closed_at=closed_at,
    )


def answers(*chosen: str) -> Part:
    """Return answers of one person each, in that order."""
    who: dict[str, set[str]] = {}
    for place, option_id in enumerate(chosen):
        who.setdefault(option_id, set()).add(PEOPLE[place])
    return part_of(who)


def markup(part: object) -> Iterator[str]:
    """Return every text that Slack reads for links and pings."""
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield part["text"]
        for value in part.values():
            yield from markup(value)
    elif isinstance(part, list):
        for value in part:
            yield from markup(value)


def shown(message: Message) -> str:
    """Return all that a reader sees of it: texts in markup, and what is written as it stands."""
    seen = []
    for block in message.blocks:
        if block["type"] == "rich_text":
            seen.append("".join(leaf_words(part) for part in block["elements"]))
        elif block["type"] == "data_table":
            seen += [" · ".join(map(cell_words, row)) for row in block["rows"]]
        elif block["type"] == "context":
            seen += [element["text"] for element in block["elements"]]
        else:
            seen += markup(block)
    return "\n".join(seen)


def cell_words(cell: Block) -> str:
    """Return what a cell of a table shows; a link as it stands in markup."""
    if cell["type"] != "rich_text":
        return str(cell["text"])
    [[to]] = (part["elements"] for part in cell["elements"])
    return f"<{to['url']}|{to['text']}>"


def leaf_words(part: Block) -> str:
    """Return the words of a section of rich text."""
    return "".join(
        leaf.get("text") or leaf.get("fallback") or leaf.get("url") or f":{leaf.get('name')}:"
        for leaf in part["elements"]
    )


def labels(blocks: list[Block]) -> list[str]:
    """Return what the controls are called."""
    return [
        each["text"]["text"]
        for block in blocks
        for each in elements(block)
        if each["type"] == "button"
    ]


def pressed(blocks: list[Block], label: str) -> Block:
    return next(
        each
        for block in blocks
        for each in elements(block)
        if each["type"] == "button" and each["text"]["text"] == label
    )


def assert_pings_nobody(text: str, *allowed: str) -> None:
    """Nothing but our own links, times and mentions of those who answered is markup."""
    own = re.sub(r"<!date\^\d+\^\{date_(?:short|long)\}, \{time\}\|[^<>]*>", "", text)
    own = re.sub(r"<@U0PERSON\d{3}>", "", own)
    for each in allowed:
        own = own.replace(each, "")
    assert "<" not in own


def assert_room(message: Message) -> None:
    """See that Slack takes as much as that, in an update too."""
    assert 0 < len(message.text.encode(errors="replace")) <= MOST_UPDATED_BYTES
    assert not is_too_long(message.blocks), weight(message.blocks)


def assert_slack_takes(message: Message) -> None:
    assert problems(message.blocks, "message") == []
    assert_room(message)
    assert "<!channel" not in json.dumps(message.blocks)
    assert "<@U0ADA" not in json.dumps(message.blocks)
    for text in markup(message.blocks):
        assert_pings_nobody(text, LINK)
