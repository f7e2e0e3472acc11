"""What people and Jira wrote reads the same on every surface, and leaves all around it alone."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from pollbot.sandbox.slack import Message
from pollbot.text.writing import undirected
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, PLANNING, House, rest
from tests.support.polls import (
    BOUND,
    action,
    add_option,
    answer,
    close,
    element,
    labels,
    manage,
    poll,
    reply,
    why_not,
    window,
)
from tests.text.test_writing import SAME, open_at_the_end

QUESTION = "2 * 3 or *4* – _which_ is > 5 & <!channel>?"
OPTIONS = [
    "*A*",
    "> 5 days",
    "_b_ ~c~",
    "`code`",
    "a & b <c>",
    "<!channel>",
    "&amp;lt;",
    "@here",
    "<https://evil.example|PLAT-12>",
    "snake_case_name",
]
TURNING = ["\u202egnp.exe", "a\u2067b", "שלום \u202d1-2", "\u2068x", "plain"]

Parts = Any


async def by_command(house: House, question: str, options: list[str]) -> None:
    words = " ".join("“" + text + "”" for text in (question, *options))
    # Slack escapes what people type after a command.
    text = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    made = await house.slack.command(ADA, PLANNING, "/poll", f"comments {text}")
    assert (made.status, made.body) == (200, ""), made


async def by_form(house: House, question: str, options: list[str]) -> None:
    await house.slack.command(ADA, PLANNING, "/poll", "")
    form = await window(house, ADA, '"callback_id": "create_poll"')
    fields = {"title": question, "options": "\n".join(options)}
    sent = await house.slack.submit(
        ADA, form.id, {name: {element(form, name): text} for name, text in fields.items()}
    )
    assert (sent.status, sent.body) == (200, ""), sent


WAYS = pytest.mark.parametrize("make", [by_command, by_form], ids=lambda one: one.__name__)


async def everywhere(house: House, pollbot: Pollbot, card: Message) -> dict[str, Parts]:
    """Return what each surface shows of a poll of whose options Ben chooses the first."""
    first = next(one for one in labels(card) if one.startswith("answer"))
    await house.slack.press(BEN, card.id, first)
    receipt = await house.told(BEN, "Your answer to")
    await house.slack.until(lambda: "1 participant" in card.text, BOUND, what=card.text)
    seen: dict[str, Parts] = {
        "card": json.loads(json.dumps(card.blocks)),
        "notification": card.text,
    }
    seen["receipt"] = receipt.blocks
    mine = len(house.words(BEN))
    await house.slack.press(BEN, card.id, action(card, "My answer"))
    await house.slack.until(lambda: len(house.words(BEN)) > mine, BOUND, what="my answer")
    seen["my answer"] = [m for m in house.slack.messages if m.ephemeral_for == BEN][-1].blocks
    for name, pressed, part in (
        ("results", "show_results", "1 participant"),
        ("names", "names", '"callback_id": "poll_names"'),
        ("the form that edits it", "edit_poll", '"callback_id": "edit_poll"'),
    ):
        seen[name] = (await manage(house, ADA, card, pressed, part)).view
    listed = await house.slack.command(ADA, PLANNING, "/poll", "list")
    seen["list"] = (listed.json or {})["blocks"]
    await house.slack.open_home(ADA)
    await house.slack.until(lambda: ADA in house.slack.homes, BOUND, what="Home")
    await rest(house, pollbot)
    seen["Home"] = house.slack.homes[ADA].view
    await close(house, ADA, card)
    announced = await reply(house, card, "Closed")
    seen["announcement"], seen["its notification"] = announced.blocks, announced.text
    await house.slack.until(lambda: not any("answer" in one for one in labels(card)), BOUND)
    seen["closed card"] = card.blocks
    return seen


def read(part: Parts, *fields: str) -> Iterator[str]:
    """Return what a reader sees in each text: of mrkdwn what Slack leaves when it has shown it.

    With ``fields`` come the texts that fields of forms begin with, which stay as they were typed.
    """
    match part:
        case str():  # a notification
            yield html.unescape(part)
        case {"type": "mrkdwn", "text": str(text)}:
            yield html.unescape(re.sub(r"(?<!\w)([*_~`])(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", text))
        case {"type": "rich_text_section" | "rich_text_quote", "elements": leaves}:
            yield "".join(str(leaf.get("text", leaf.get("url", ""))) for leaf in leaves)
        case dict():
            for name, value in part.items():
                if isinstance(value, dict | list):
                    yield from read(value, *fields)
                elif name in ("text", *fields):
                    yield str(value)
        case list():
            for one in part:
                yield from read(one, *fields)


def in_sight(text: str) -> str:
    return undirected(text).replace("\N{WORD JOINER}", "")


def reads(part: Parts) -> str:
    return in_sight("\n".join(read(part, "initial_value")))


@WAYS
async def test_marks_in_a_question_and_its_options_are_shown_as_typed_on_every_surface(
    house: House, pollbot: Pollbot, make: Any
) -> None:
    await make(house, QUESTION, OPTIONS)
    card = await house.card("4")
    buttons = [in_sight(text) for one, text in labels(card).items() if one.startswith("answer")]

    seen = {name: reads(part) for name, part in (await everywhere(house, pollbot, card)).items()}

    assert buttons == OPTIONS
    for name, words in seen.items():
        assert QUESTION in words or name in ("its notification",), (name, words)
    for name in ("card", "notification", "results", "the form that edits it", "closed card"):
        assert [one for one in OPTIONS if one not in seen[name]] == [], (name, seen[name])
    for name in ("receipt", "my answer", "names", "announcement"):
        assert OPTIONS[0] in seen[name], (name, seen[name])


@WAYS
async def test_a_text_that_turns_around_turns_nothing_beside_it_on_any_surface(
    house: House, pollbot: Pollbot, make: Any
) -> None:
    house.jira.add_issue("PLAT-40", "Export \u202egnp.exe \u2067now", other_votes=30)
    await house.connect(ADA)
    await make(house, "Which \u202eone \u2066?", TURNING)
    seen = await everywhere(house, pollbot, await house.card("Which"))
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-40")
    issue = await house.card("PLAT-40")
    await house.slack.press(ADA, issue.id, action(issue, "Vote"))
    seen["the receipt of a vote"] = (await house.told(ADA, "is counted")).blocks
    await house.slack.command(ADA, PLANNING, "/votes", "top PLAT")
    await house.card("Top voted issues")
    await house.slack.command(ADA, PLANNING, "/votes", "project = PLAT")
    await house.card("PLAT-12 Export")
    await rest(house, pollbot)
    seen["all that was sent"] = [
        *(
            [call.args.get("blocks"), call.args.get("view"), call.args]
            for call in house.slack.calls
        ),
        *(post.body for post in house.slack.hook_posts),
    ]

    shown = [text for part in seen.values() for text in read(part)]

    assert sum("gnp.exe" in text for text in shown) > 20
    assert {text for text in shown if open_at_the_end(text)} == set()


ALIKE = [(f"{n} {one}", f"{n} {other}") for n, (one, other) in enumerate(SAME.values())]


async def test_no_way_makes_a_poll_with_two_options_that_read_the_same(
    house: House, pollbot: Pollbot
) -> None:
    await house.slack.command(ADA, PLANNING, "/poll", "")
    form = await window(house, ADA, '"callback_id": "create_poll"')
    fields = [element(form, name) for name in ("title", "options")]
    for one, other in ALIKE:
        values = {"title": {fields[0]: "Q?"}, "options": {fields[1]: f"{one}\nx\n{other}"}}
        await house.slack.submit(ADA, form.id, values)
        assert "Two options are the same" in form.errors["options"], other
    await house.slack.close(ADA, form.id)
    for one, other in ALIKE:
        asked = await house.slack.command(ADA, PLANNING, "/poll", f'"Q?" "{one}" "x" "{other}"')
        assert "Two options are the same" in await why_not(house, ADA, asked), other
        await house.slack.close(ADA, house.slack.stack_of(ADA)[-1].id)
    await rest(house, pollbot)

    assert house.rows("SELECT 1 FROM polls") == []


async def test_no_option_comes_to_a_poll_that_reads_like_another_one(
    house: House, pollbot: Pollbot
) -> None:
    there = " ".join(f'"{one}"' for one, _ in ALIKE)
    card = await poll(house, f'addable "Which?" {there} "x"')
    before = house.rows("SELECT options FROM polls")
    form = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
    field = f"option:={len(ALIKE) + 1}"
    for _, other in ALIKE:
        await house.slack.submit(ADA, form.id, {field: {"value": other}})
        assert "Two options are the same" in form.errors[field], other
        said = json.loads(await add_option(house, BEN, card, other))
        assert "Two options are the same" in said["errors"]["new_option"], other
    await answer(house, BEN, card, "x")
    await rest(house, pollbot)

    assert house.rows("SELECT options FROM polls") == before
