from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from pollbot.sandbox.slack.blockkit import Surface, is_too_long, problems, view_problems

Json = dict[str, Any]


def x(count: int) -> str:
    return "x" * count


def plain(text: str = "Text") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "Text") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**fields: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **fields}


def button(**fields: Any) -> Json:
    return {"type": "button", "text": plain(), **fields}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(text: str = "Red", value: str = "red", **fields: Any) -> Json:
    return {"text": plain(text), "value": value, **fields}


def options(count: int) -> list[Json]:
    return [option(value=str(n)) for n in range(count)]


def select(**fields: Any) -> Json:
    return {"type": "static_select", "options": options(2), **fields}


def field(element: Json, **fields: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element, **fields}


def typed(**fields: Any) -> Json:
    return {"type": "plain_text_input", **fields}


def image(**fields: Any) -> Json:
    return {"type": "image", "alt_text": "a cat", "image_url": "https://cats/1", **fields}


def confirm(**fields: Any) -> Json:
    texts = {name: plain() for name in ("title", "text", "confirm", "deny")}
    return button(confirm=texts | fields)


CELL: Json = {"type": "raw_text", "text": "-"}


def data_table(rows: int = 2, cells: int = 1, **fields: Any) -> Json:
    row = [CELL] * cells
    return {"type": "data_table", "caption": "C", "rows": [row] * rows, **fields}


def table(rows: int = 1, cells: int = 1, text: str = "-", **fields: Any) -> Json:
    row = [{"type": "raw_text", "text": text}] * cells
    return {"type": "table", "rows": [row] * rows, **fields}


def chart(body: Json, title: str = "Votes") -> Json:
    return {"type": "data_visualization", "title": title, "chart": body}


def pie(segments: int = 1, label: str = "Red", value: float = 1) -> Json:
    return chart({"type": "pie", "segments": [{"label": label, "value": value}] * segments})


def bar(series: int = 1, points: int = 1, name: str = "", **axes: Any) -> Json:
    categories = [f"c{n}" for n in range(points)]
    lines = [
        {"name": name or f"s{n}", "data": [{"label": label, "value": 0} for label in categories]}
        for n in range(series)
    ]
    config = {"categories": categories, **axes}
    return chart({"type": "bar", "series": lines, "axis_config": config})


def container(**fields: Any) -> Json:
    return {"type": "container", "title": plain(), "child_blocks": [section()], **fields}


def card(**fields: Any) -> Json:
    return {"type": "card", "title": mrkdwn(), **fields}


def video(**fields: Any) -> Json:
    urls = {"thumbnail_url": "https://v/t", "video_url": "https://v/v"}
    return {"type": "video", "alt_text": "a", "title": plain(), **urls, **fields}


def plan(tasks: int) -> Json:
    task = {"type": "task_card", "task_id": "t", "title": "T", "status": "pending"}
    return {"type": "plan", "title": "P", "tasks": [task] * tasks}


def provider(**fields: Any) -> Json:
    known = {"value": "v", "name": plain(), "is_connected": True}
    return {"type": "auth_provider", **known, **fields}


def icon_button(ids: int) -> Json:
    known = {"type": "icon_button", "icon": "trash", "text": plain()}
    return {"type": "context_actions", "elements": [{**known, "visible_to_user_ids": ["U"] * ids}]}


Make = Callable[[int], Json | list[Json]]

# What is measured, how to make one of that size, the most that fits, the path that is named.
MOST: list[tuple[str, Make, int, str]] = [
    ("blocks", lambda n: [section()] * n, 50, "/blocks"),
    ("block_id", lambda n: section(block_id=x(n)), 255, "/blocks/0/block_id"),
    ("action_id", lambda n: actions(button(action_id=x(n))), 255, "/elements/0/action_id"),
    ("section text", lambda n: section(text=mrkdwn(x(n))), 3000, "/blocks/0/text/text"),
    ("section fields", lambda n: section(fields=[mrkdwn()] * n), 10, "/blocks/0/fields"),
    ("field text", lambda n: section(fields=[mrkdwn(x(n))]), 2000, "/fields/0/text"),
    ("header", lambda n: {"type": "header", "text": plain(x(n))}, 150, "/blocks/0/text/text"),
    ("context", lambda n: {"type": "context", "elements": [mrkdwn()] * n}, 10, "/elements"),
    ("actions", lambda n: actions(*[button()] * n), 25, "/blocks/0/elements"),
    ("input label", lambda n: field(typed(), label=plain(x(n))), 2000, "/blocks/0/label/text"),
    ("input hint", lambda n: field(typed(), hint=plain(x(n))), 2000, "/blocks/0/hint/text"),
    ("image url", lambda n: image(image_url=x(n)), 3000, "/blocks/0/image_url"),
    ("image alt", lambda n: image(alt_text=x(n)), 2000, "/blocks/0/alt_text"),
    ("image title", lambda n: image(title=plain(x(n))), 2000, "/blocks/0/title/text"),
    ("accessory alt", lambda n: section(accessory=image(alt_text=x(n))), 2000, "/alt_text"),
    ("markdown", lambda n: {"type": "markdown", "text": x(n)}, 12_000, "/blocks/0/text"),
    ("markdown sum", lambda n: [{"type": "markdown", "text": x(n)}] * 2, 6000, "/blocks"),
    ("video title", lambda n: video(title=plain(x(n))), 199, "/blocks/0/title/text"),
    ("video author", lambda n: video(author_name=x(n)), 49, "/blocks/0/author_name"),
    ("table rows", lambda n: table(rows=n), 100, "/blocks/0/rows"),
    ("table cells", lambda n: table(cells=n), 20, "/blocks/0/rows/0"),
    ("columns", lambda n: table(column_settings=[None] * n), 20, "/blocks/0/column_settings"),
    ("table text", lambda n: table(text=x(n)), 10_000, "/blocks"),
    ("data rows", lambda n: data_table(rows=n), 101, "/blocks/0/rows"),
    ("data cells", lambda n: data_table(cells=n), 20, "/blocks/0/rows/0"),
    ("data page", lambda n: data_table(page_size=n), 100, "/blocks/0/page_size"),
    ("tables", lambda n: [table()] * n, 1, "/blocks"),
    ("charts", lambda n: [pie()] * n, 2, "/blocks"),
    ("chart title", lambda n: pie() | {"title": x(n)}, 50, "/blocks/0/title"),
    ("pie segments", lambda n: pie(segments=n), 6, "/blocks/0/chart/segments"),
    ("pie label", lambda n: pie(label=x(n)), 20, "/chart/segments/0/label"),
    ("bar series", lambda n: bar(series=n), 6, "/blocks/0/chart/series"),
    ("bar points", lambda n: bar(points=n), 20, "/chart/series/0/data"),
    ("series name", lambda n: bar(name=x(n)), 20, "/chart/series/0/name"),
    ("x label", lambda n: bar(x_label=x(n)), 50, "/chart/axis_config/x_label"),
    ("y label", lambda n: bar(y_label=x(n)), 50, "/chart/axis_config/y_label"),
    ("card title", lambda n: card(title=mrkdwn(x(n))), 150, "/blocks/0/title/text"),
    ("card subtitle", lambda n: card(subtitle=mrkdwn(x(n))), 150, "/blocks/0/subtitle/text"),
    ("card body", lambda n: card(body=mrkdwn(x(n))), 200, "/blocks/0/body/text"),
    ("carousel", lambda n: {"type": "carousel", "elements": [card()] * n}, 10, "/elements"),
    ("child blocks", lambda n: container(child_blocks=[section()] * n), 10, "/child_blocks"),
    ("container title", lambda n: container(title=plain(x(n))), 150, "/blocks/0/title/text"),
    ("container subtitle", lambda n: container(subtitle=plain(x(n))), 150, "/subtitle/text"),
    ("plan tasks", plan, 50, "/blocks/0/tasks"),
    ("provider value", lambda n: provider(value=x(n)), 150, "/blocks/0/value"),
    ("provider name", lambda n: provider(name=plain(x(n))), 75, "/blocks/0/name/text"),
    ("provider url", lambda n: provider(auth_url=x(n)), 3000, "/blocks/0/auth_url"),
    ("icon button people", icon_button, 10, "/elements/0/visible_to_user_ids"),
    ("button text", lambda n: actions(button(text=plain(x(n)))), 75, "/elements/0/text/text"),
    ("button value", lambda n: actions(button(value=x(n))), 2000, "/elements/0/value"),
    ("button url", lambda n: actions(button(url=x(n))), 3000, "/elements/0/url"),
    ("button label", lambda n: actions(button(accessibility_label=x(n))), 75, "_label"),
    ("agent prompt", lambda n: actions(button(agent_prompt=x(n))), 4000, "/agent_prompt"),
    ("placeholder", lambda n: actions(select(placeholder=plain(x(n)))), 150, "/placeholder/text"),
    ("options", lambda n: actions(select(options=options(n))), 100, "/elements/0/options"),
    ("option text", lambda n: actions(select(options=[option(x(n))])), 75, "/options/0/text/text"),
    ("option value", lambda n: actions(select(options=[option("R", x(n))])), 150, "/0/value"),
    (
        "option description",
        lambda n: actions(select(options=[option(description=plain(x(n)))])),
        75,
        "/options/0/description/text",
    ),
    (
        "option groups",
        lambda n: actions(
            {
                "type": "static_select",
                "option_groups": [{"label": plain(), "options": options(1)}] * n,
            }
        ),
        100,
        "/elements/0/option_groups",
    ),
    (
        "group label",
        lambda n: actions(
            {
                "type": "static_select",
                "option_groups": [{"label": plain(x(n)), "options": options(1)}],
            }
        ),
        75,
        "/option_groups/0/label/text",
    ),
    (
        "group options",
        lambda n: actions(
            {
                "type": "static_select",
                "option_groups": [{"label": plain(), "options": options(n)}],
            }
        ),
        100,
        "/option_groups/0/options",
    ),
    ("overflow", lambda n: actions({"type": "overflow", "options": options(n)}), 5, "/options"),
    ("checkboxes", lambda n: actions({"type": "checkboxes", "options": options(n)}), 10, "/opt"),
    ("radio", lambda n: actions({"type": "radio_buttons", "options": options(n)}), 10, "/options"),
    ("confirm title", lambda n: actions(confirm(title=plain(x(n)))), 100, "/confirm/title/text"),
    ("confirm text", lambda n: actions(confirm(text=plain(x(n)))), 300, "/confirm/text/text"),
    ("confirm yes", lambda n: actions(confirm(confirm=plain(x(n)))), 30, "/confirm/confirm/text"),
    ("confirm no", lambda n: actions(confirm(deny=plain(x(n)))), 30, "/confirm/deny/text"),
    ("min_length", lambda n: field(typed(min_length=n)), 3000, "/element/min_length"),
    ("max_length", lambda n: field(typed(max_length=n)), 3000, "/element/max_length"),
    ("max_lines", lambda n: field({"type": "rich_text_input", "max_lines": n}), 100, "/max_lines"),
]


def as_blocks(made: Json | list[Json]) -> list[Json]:
    return made if isinstance(made, list) else [made]


@pytest.mark.parametrize(("make", "most", "path"), [c[1:] for c in MOST], ids=[c[0] for c in MOST])
def test_a_limit_is_kept_to_the_last_character(make: Make, most: int, path: str) -> None:
    assert problems(as_blocks(make(most)), "message") == []

    over = problems(as_blocks(make(most + 1)), "message")

    assert any(path in problem for problem in over)


# What is wrong, the blocks, words from the answer.
WRONG: list[tuple[str, Any, str]] = [
    ("not a list", {"type": "section"}, "/blocks: must be a list"),
    ("a block that is no object", ["hello"], "/blocks/0: a string, must be an object"),
    ("unknown block", [{"type": "poll"}], "/blocks/0/type: 'poll' is no block"),
    ("block without type", [{"text": mrkdwn()}], "/blocks/0/type: None is no block"),
    ("a type that is a list", [{"type": ["section"]}], "/blocks/0/type: ['section'] is no block"),
    ("unknown field", [section(colour="red")], "/blocks/0/colour: unknown field"),
    ("empty section", [{"type": "section"}], "/blocks/0: needs one of text, fields"),
    ("empty text", [section(text=mrkdwn(""))], "/blocks/0/text/text: 0 characters, at least 1"),
    ("text that is a string", [section(text="hi")], "/blocks/0/text: a string, must be an object"),
    ("mrkdwn in a header", [{"type": "header", "text": mrkdwn()}], "/text/type: 'mrkdwn' is no"),
    ("mrkdwn on a button", [actions(button(text=mrkdwn()))], "/elements/0/text/type: 'mrkdwn'"),
    ("mrkdwn option in a menu", [actions(select(options=[option() | {"text": mrkdwn()}]))], "'mr"),
    ("button without text", [actions({"type": "button"})], "/elements/0/text: missing"),
    ("odd button style", [actions(button(style="blue"))], "/style: 'blue' is none of primary"),
    ("unknown element", [actions({"type": "slider"})], "/elements/0/type: 'slider' is no element"),
    ("field outside an input", [actions(typed())], "'plain_text_input' is no element"),
    ("input without label", [{"type": "input", "element": typed()}], "/blocks/0/label: missing"),
    ("input without element", [{"type": "input", "label": plain()}], "/blocks/0/element: missing"),
    ("button in an input", [field(button())], "'button' is no input element"),
    ("no actions", [actions()], "/blocks/0/elements: 0 items, at least 1"),
    ("menu without options", [actions({"type": "static_select"})], "exactly one of options"),
    ("no overflow option", [actions({"type": "overflow", "options": []})], "at least 1"),
    ("initial not offered", [actions(select(initial_option=option("G", "g")))], "not among"),
    ("image without alt", [{"type": "image", "image_url": "https://c"}], "/alt_text: missing"),
    ("image without source", [{"type": "image", "alt_text": "a"}], "exactly one of image_url"),
    ("same block_id", [section(block_id="a")] * 2, "/blocks: block_id 'a' is used 2 times"),
    ("same action_id", [actions(*[button(action_id="a")] * 2)], "action_id 'a' is used 2 times"),
    ("same nested block_id", [container(child_blocks=[section(block_id="a")] * 2)], "'a' is used"),
    ("no rows below", [data_table(rows=1)], "/rows: 1 items, at least 2"),
    ("no caption", [data_table(caption="")], "/caption: 0 characters, at least 1"),
    (
        "rows unlike",
        [data_table() | {"rows": [[CELL], [CELL, CELL]]}],
        "/rows: not all as long as the header",
    ),
    (
        "rich header",
        [data_table() | {"rows": [[{"type": "rich_text", "elements": []}], [CELL]]}],
        "/rows/0: a header holds no rich_text",
    ),
    ("empty cell", [table(text="")], "/rows/0/0/text: 0 characters, at least 1"),
    (
        "number without text",
        [{"type": "table", "rows": [[{"type": "raw_number", "value": 3}]]}],
        "/rows/0/0/text: missing",
    ),
    ("odd alignment", [table(column_settings=[{"align": "up"}])], "/align: 'up' is none of left"),
    ("empty pie slice", [pie(value=0)], "/value: 0, must be more than 0"),
    ("same series twice", [bar(series=2, name="s")], "/chart/series: names are not unique"),
    (
        "labels that differ",
        [bar(points=2, categories=["c1", "c0"])],
        "/chart/series/0/data: labels differ from the categories",
    ),
    ("empty card", [{"type": "card"}], "needs one of hero_image, title, actions, body"),
    (
        "divider on a fold",
        [container(is_collapsible=True, has_header_divider=True)],
        "/has_header_divider: not together with is_collapsible",
    ),
    ("lengths the wrong way", [field(typed(min_length=5, max_length=4))], "more than max_length"),
    ("number without decimals", [field({"type": "number_input"})], "/is_decimal_allowed: missing"),
    ("odd date", [actions({"type": "datepicker", "initial_date": "1 May"})], "/initial_date: '1"),
    ("file in a message", [field({"type": "file_input"})], "file_input is allowed in modals only"),
    (
        "response_url in a message",
        [actions({"type": "channels_select", "response_url_enabled": True})],
        "response_url_enabled is allowed in a modal's input blocks only",
    ),
    ("an alert", [{"type": "alert", "text": plain()}], "alert is not allowed in a message"),
    (
        "rich text leaf",
        [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [plain()]}]}],
        "'plain_text' is no rich text part",
    ),
]


@pytest.mark.parametrize(("blocks", "words"), [c[1:] for c in WRONG], ids=[c[0] for c in WRONG])
def test_what_slack_refuses_is_named(blocks: Any, words: str) -> None:
    assert any(words in problem for problem in problems(blocks, "message"))


@pytest.mark.parametrize("junk", [None, 7, "x", [], [None], {}, {"type": []}, {"type": "section"}])
def test_junk_in_any_place_is_a_problem_and_no_crash(junk: Any) -> None:
    for block in [section(), actions(select()), field(typed()), table(), bar(), container()]:
        for name in block:
            problems([{**block, name: junk}], "message")
            assert view_problems(modal(blocks=[{**block, name: [junk]}])) != []


FINE: dict[str, list[Json]] = {
    "no blocks": [],
    "checkboxes with mrkdwn": [
        actions({"type": "checkboxes", "options": [option() | {"text": mrkdwn()}]})
    ],
    "an initial option": [actions(select(initial_option=option(value="1")))],
    "fields only": [{"type": "section", "fields": [plain()]}],
    "input in a message": [field(typed())],
    "numbers in a table": [
        {"type": "table", "rows": [[{"type": "raw_number", "value": 3, "text": "3"}]]}
    ],
    "same action_id in two blocks": [actions(button(action_id="a"))] * 2,
    "rich text": [
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [{"type": "text", "text": "hi", "style": {"bold": True}}],
                        }
                    ],
                }
            ],
        }
    ],
    "feedback": [
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "positive_button": {"text": plain(), "value": "1"},
                    "negative_button": {"text": plain(), "value": "0"},
                }
            ],
        }
    ],
}


@pytest.mark.parametrize("blocks", FINE.values(), ids=FINE)
def test_what_slack_takes_has_no_problems(blocks: list[Json]) -> None:
    assert problems(blocks, "message") == []


@pytest.mark.parametrize(
    ("surface", "refused", "taken"),
    [
        ("message", [], [table(), pie(), card(), container(), {"type": "markdown", "text": "#"}]),
        ("modal", [table(), pie(), card(), container(), {"type": "markdown", "text": "#"}], []),
        ("home", [table(), pie(), container(), {"type": "markdown", "text": "#"}], [card()]),
    ],
)
def test_each_surface_refuses_its_own_blocks(
    surface: Surface, refused: list[Json], taken: list[Json]
) -> None:
    for block in refused:
        assert problems([block], surface) == [
            f"/blocks/0/type: {block['type']} is not allowed in a {surface}"
        ]
    assert problems(taken, surface) == []


def modal(**fields: Any) -> Json:
    return {"type": "modal", "title": plain("T"), "blocks": [section()], **fields}


MOST_IN_VIEWS: list[tuple[str, Callable[[int], Json], int]] = [
    ("/blocks", lambda n: modal(blocks=[section()] * n), 100),
    ("/blocks", lambda n: {"type": "home", "blocks": [section()] * n}, 100),
    ("/title/text", lambda n: modal(title=plain(x(n))), 24),
    ("/submit/text", lambda n: modal(submit=plain(x(n))), 24),
    ("/close/text", lambda n: modal(close=plain(x(n))), 24),
    ("/private_metadata", lambda n: modal(private_metadata=x(n)), 3000),
    ("/callback_id", lambda n: modal(callback_id=x(n)), 255),
    ("/external_id", lambda n: modal(external_id=x(n)), 255),
    (
        "focus_on_load",
        lambda n: modal(submit=plain(), blocks=[field(typed(focus_on_load=True))] * n),
        1,
    ),
    (
        "/max_files",
        lambda n: modal(submit=plain(), blocks=[field({"type": "file_input", "max_files": n})]),
        10,
    ),
]


@pytest.mark.parametrize(("path", "make", "most"), MOST_IN_VIEWS)
def test_a_views_limit_is_kept_to_the_last_character(
    path: str, make: Callable[[int], Json], most: int
) -> None:
    assert view_problems(make(most)) == []

    over = view_problems(make(most + 1))

    assert len(over) == 1
    assert path in over[0]


def test_a_view_of_250_kilobytes_fits_and_one_byte_more_does_not() -> None:
    # 250,000 bytes as compact JSON, in sections of at most 3,000 characters.
    blocks = [section(text=mrkdwn(x(2900))) for _ in range(84)] + [section(text=mrkdwn("x"))]
    view = modal(blocks=blocks)
    size = len(json.dumps(view, separators=(",", ":")))
    blocks[-1]["text"]["text"] += x(250_000 - size)
    assert view_problems(view) == []

    blocks[-1]["text"]["text"] += "x"

    assert view_problems(view) == ["/: 250001 bytes, at most 250000"]


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (None, "/type: None is none of modal, home"),
        ({"type": "sheet"}, "/type: 'sheet' is none of modal, home"),
        ({"type": "modal", "blocks": [section()]}, "/title: missing"),
        ({"type": "modal", "title": plain("T")}, "/blocks: missing"),
        (modal(title=mrkdwn("T")), "/title/type: 'mrkdwn' is no text object"),
        (modal(blocks=[]), "/blocks: 0 items, at least 1"),
        (modal(blocks=[field(typed())]), "/submit: missing, there is an input block"),
        ({"type": "home", "blocks": [section()], "submit": plain()}, "/submit: unknown field"),
        (modal(colour="red"), "/colour: unknown field"),
        (modal(blocks=[section(), {"type": "poll"}]), "/blocks/1/type: 'poll' is no block"),
    ],
)
def test_a_wrong_view_is_explained(view: Any, words: str) -> None:
    assert any(words in problem for problem in view_problems(view))


def test_a_form_may_ask_for_a_response_url_in_an_input() -> None:
    channel = {"type": "conversations_select", "response_url_enabled": True}

    assert view_problems(modal(submit=plain(), blocks=[field(channel)])) == []


def paragraph(length: int, text: str = "x") -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text * length}}


def menu(count: int, length: int) -> dict[str, Any]:
    options = [
        {"text": {"type": "plain_text", "text": "x" * length}, "value": f"{n:012}"}
        for n in range(count)
    ]
    element = {"type": "static_select", "action_id": "a", "options": options}
    return {"type": "actions", "elements": [element]}


@pytest.mark.parametrize(
    ("blocks", "too_long"),
    [
        ([paragraph(2800)] * 4, False),
        ([paragraph(2840)] * 4, True),
        ([paragraph(2800, "課")] * 4, False),
        ([paragraph(180)] * 47, False),
        ([paragraph(185)] * 47, True),
        ([paragraph(2900)] * 2 + [menu(100, 20)], False),
        ([paragraph(2900)] * 3 + [menu(100, 75)], True),
        ([], False),
    ],
)
def test_slack_adds_up_all_texts_of_a_message_and_its_blocks(
    blocks: list[dict[str, Any]], too_long: bool
) -> None:
    assert problems(blocks, "message") == []
    assert is_too_long(blocks) is too_long
