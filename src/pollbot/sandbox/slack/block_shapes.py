"""What each Block Kit block may hold: its fields, their sizes, and which elements stand in it.

Limits are those of docs.slack.dev (reference: blocks) and of Slack's own SDK models, which
enforce them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pollbot.sandbox.slack.checks import (
    Check,
    anything,
    boolean,
    each,
    integer,
    nullable,
    number,
    one_of,
    shape,
    string,
    tagged,
)
from pollbot.sandbox.slack.element_shapes import (
    BUTTONS,
    DATE_TIME,
    FEEDBACK,
    FILE_INPUT,
    ICON_BUTTON,
    IMAGE,
    IMAGE_SOURCE,
    MENUS,
    MULTI_MENUS,
    PICKS,
    TYPED_INPUTS,
    URL,
    element,
    plain,
    text,
)

ACCESSORIES = BUTTONS | MENUS | MULTI_MENUS | PICKS | {"image": IMAGE}
ACTIONS = BUTTONS | MENUS | PICKS | DATE_TIME
INPUTS = MENUS | MULTI_MENUS | PICKS | DATE_TIME | TYPED_INPUTS | FILE_INPUT
CONTEXT = {"image": IMAGE, "mrkdwn": text(3000), "plain_text": text(3000)}


def block(
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    *,
    any_of: Collection[str] = (),
    only_one_of: Collection[str] = (),
    rules: Collection[Check] = (),
) -> Check:
    return shape(
        {"type": anything, **(required or {})},
        {"block_id": string(255, least=1), **(optional or {})},
        any_of=any_of,
        only_one_of=only_one_of,
        rules=rules,
    )


def _parts(kinds: Mapping[str, Check], noun: str) -> Check:
    return each(tagged(kinds, noun=noun))


def _leaf(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    return shape({"type": anything, **required}, {"style": anything, **(optional or {})})


RICH_LEAVES: dict[str, Check] = {
    "text": _leaf({"text": string(least=1)}),
    "link": _leaf({"url": URL}, {"text": string(), "unsafe": boolean}),
    "emoji": _leaf({"name": string(least=1)}, {"unicode": string(), "skin_tone": integer(1, 6)}),
    "user": _leaf({"user_id": string(least=1)}),
    "usergroup": _leaf({"usergroup_id": string(least=1)}),
    "channel": _leaf({"channel_id": string(least=1)}),
    "team": _leaf({"team_id": string(least=1)}),
    "broadcast": _leaf({"range": one_of("here", "channel", "everyone")}),
    "color": _leaf({"value": string(least=1)}),
    "date": _leaf(
        {"timestamp": integer(), "format": string(least=1)}, {"url": URL, "fallback": string()}
    ),
}
LEAVES = _parts(RICH_LEAVES, "rich text part")
RICH_SECTION = shape({"type": anything, "elements": LEAVES})
RICH_PARTS: dict[str, Check] = {
    "rich_text_section": RICH_SECTION,
    "rich_text_quote": shape({"type": anything, "elements": LEAVES}, {"border": integer(0, 1)}),
    "rich_text_preformatted": shape(
        {"type": anything, "elements": LEAVES}, {"border": integer(0, 1), "language": string()}
    ),
    "rich_text_list": shape(
        {
            "type": anything,
            "style": one_of("bullet", "ordered"),
            "elements": _parts({"rich_text_section": RICH_SECTION}, "list item"),
        },
        {"indent": integer(0, 8), "offset": integer(least=0), "border": integer(0, 1)},
    ),
}
RICH_TEXT = block({"elements": _parts(RICH_PARTS, "rich text element")})

CELLS: dict[str, Check] = {
    "raw_text": shape({"type": anything, "text": string(least=1)}),
    "raw_number": shape({"type": anything, "value": number(), "text": string(least=1)}),
    "rich_text": RICH_TEXT,
}
COLUMN = shape(None, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})
TABLE = block(
    {"rows": each(each(tagged(CELLS, noun="cell"), least=1, most=20), least=1, most=100)},
    {"column_settings": each(nullable(COLUMN), most=20)},
)


def _rows_alike(table: dict[str, Any], path: str) -> Iterator[str]:
    head, *rows = table["rows"]
    if any(cell.get("type") == "rich_text" for cell in head):
        yield f"{path}/rows/0: a header holds no rich_text"
    if any(len(row) != len(head) for row in rows):
        yield f"{path}/rows: not all as long as the header"


# docs.slack.dev, "Data table block", with the lower of the two numbers of rows that are told.
DATA_TABLE = block(
    {
        "caption": string(least=1),
        "rows": each(each(tagged(CELLS, noun="cell"), least=1, most=20), least=2, most=101),
    },
    {"page_size": integer(1, 100), "row_header_column_index": integer(least=0)},
    rules=(_rows_alike,),
)

SEGMENT = shape({"label": string(20, least=1), "value": number(positive=True)})
POINT = shape({"label": string(20, least=1), "value": number()})
SERIES = shape({"name": string(20, least=1), "data": each(POINT, least=1, most=20)})
AXES = shape(
    {"categories": each(string(20, least=1), least=1, most=20)},
    {"x_label": string(50), "y_label": string(50)},
)


def _series_fit(chart: dict[str, Any], path: str) -> Iterator[str]:
    names = [line["name"] for line in chart["series"]]
    if len(set(names)) < len(names):
        yield f"{path}/series: names are not unique"
    for index, line in enumerate(chart["series"]):
        if [point["label"] for point in line["data"]] != chart["axis_config"]["categories"]:
            yield f"{path}/series/{index}/data: labels differ from the categories"


PLOT = shape(
    {"type": anything, "series": each(SERIES, least=1, most=6), "axis_config": AXES},
    rules=(_series_fit,),
)
CHARTS: dict[str, Check] = {
    "pie": shape({"type": anything, "segments": each(SEGMENT, least=1, most=6)}),
    "bar": PLOT,
    "line": PLOT,
    "area": PLOT,
}

CARD = block(
    None,
    {
        "hero_image": IMAGE,
        "icon": IMAGE,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "actions": each(tagged(BUTTONS, noun="element")),
    },
    any_of=("hero_image", "title", "actions", "body"),
)
TASK_CARD = block(
    {
        "task_id": string(least=1),
        "title": string(least=1),
        "status": one_of("pending", "in_progress", "complete", "error"),
    },
    {"details": RICH_TEXT, "output": RICH_TEXT, "sources": each(anything)},
)


def _header_divider(container: dict[str, Any], path: str) -> Iterator[str]:
    if container.get("has_header_divider") and container.get("is_collapsible"):
        yield f"{path}/has_header_divider: not together with is_collapsible"


def any_block(value: Any, path: str) -> Iterator[str]:
    """Yield what is wrong with one block, whatever surface it stands on."""
    yield from tagged(BLOCKS, noun="block")(value, path)


BLOCKS: dict[str, Check] = {
    "section": block(
        None,
        {
            "text": text(3000),
            "fields": each(text(2000), least=1, most=10),
            "accessory": tagged(ACCESSORIES, noun="accessory"),
            "expand": boolean,
        },
        any_of=("text", "fields"),
    ),
    "header": block({"text": plain(150)}, {"level": integer(1, 6)}),
    "divider": block(),
    "context": block({"elements": each(tagged(CONTEXT, noun="element"), least=1, most=10)}),
    "actions": block({"elements": each(tagged(ACTIONS, noun="element"), least=1, most=25)}),
    "context_actions": block(
        {
            "elements": each(
                tagged(
                    {
                        "feedback_buttons": element(
                            {"positive_button": FEEDBACK, "negative_button": FEEDBACK}
                        ),
                        "icon_button": ICON_BUTTON,
                    },
                    noun="element",
                ),
                least=1,
                most=5,
            )
        }
    ),
    "input": block(
        {"label": plain(2000), "element": tagged(INPUTS, noun="input element")},
        {"hint": plain(2000), "dispatch_action": boolean, "optional": boolean},
    ),
    "image": block(
        {"alt_text": string(2000, least=1)},
        {"title": plain(2000), **IMAGE_SOURCE},
        only_one_of=tuple(IMAGE_SOURCE),
    ),
    "markdown": block({"text": string(12_000, least=1)}),
    "video": block(
        {"alt_text": string(), "title": plain(199), "thumbnail_url": URL, "video_url": URL},
        {
            "author_name": string(49),
            "title_url": URL,
            "description": plain(200),
            "provider_icon_url": URL,
            "provider_name": string(),
        },
    ),
    "rich_text": RICH_TEXT,
    "table": TABLE,
    "data_table": DATA_TABLE,
    "alert": block(
        {"text": text(3000)},
        {"level": one_of("default", "info", "warning", "error", "success")},
    ),
    "card": CARD,
    "carousel": block({"elements": each(tagged({"card": CARD}, noun="card"), least=1, most=10)}),
    "container": block(
        {"child_blocks": each(any_block, least=1, most=10)},
        {
            "title": plain(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": text(150),
            "width": one_of("narrow", "standard", "wide", "full"),
            "icon": IMAGE,
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
        any_of=("title", "rich_text_title"),
        rules=(_header_divider,),
    ),
    "auth_provider": block(
        {"value": string(150, least=1), "name": plain(75), "is_connected": boolean},
        {
            "description": plain(150),
            "icon_url": URL,
            "auth_url": URL,
            "disconnect_url": URL,
            "connected_identity": plain(75),
            "connected_context": plain(75),
            "accessory": tagged({"overflow": BUTTONS["overflow"]}, noun="accessory"),
            "fallback": each(any_block),
        },
    ),
    "plan": block(
        {"title": string(least=1)},
        {"tasks": each(tagged({"task_card": TASK_CARD}, noun="task"), most=50)},
    ),
    "task_card": TASK_CARD,
    "data_visualization": block(
        {"title": string(50, least=1), "chart": tagged(CHARTS, noun="chart")}
    ),
}
