"""Any payload that is signed gets a sentence or a 400, whatever part of it is of another type."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from pollbot.sandbox.slack.delivery import Kind
from tests.door.log import Log, logging_as
from tests.support.house import ADA, BEN, PLANNING, TWO_OF_US, House, rest
from tests.support.polls import close, element, manage, window
from tests.support.schedules import form as schedule_form
from tests.support.schedules import press as press_label
from tests.support.torture import tries

Payload = tuple[Kind, dict[str, Any]]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    with logging_as(monkeypatch) as log:
        yield log


async def tour(house: House) -> list[Payload]:
    """Have people use all of pollbot; return each payload that it got, and a few more kinds."""
    slack = house.slack
    await house.connect(ADA)
    await slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    issue = await house.card("PLAT-12")
    for command, text in (
        ("/vote", "PLAT-12"),
        ("/unvote", "PLAT-12"),
        ("/poll", 'multi comments "Lunch?" "Pizza" "Soup"'),
        ("/poll", 'until 2031-01-01T12:00 PLAT-12 "Export?" "CSV" "JSON"'),
        ("/poll", "list"),
        ("/pollbot", "help"),
        ("/pollbot", "link PLAT-12"),
        ("/pollbot", "schedules"),
        ("/pollbot", "disconnect"),
    ):
        await slack.command(ADA, PLANNING, command, text)
    await house.connect(ADA)
    lunch = await house.card("Lunch?")
    for label in ("Vote", "Withdraw"):
        await press_label(house, ADA, issue, label)
    for label in ("Pizza", "My answer", "Comment"):
        await press_label(house, ADA, lunch, label)
    commenting = await window(house, ADA, '"callback_id": "comment')
    await slack.submit(
        ADA, commenting.id, {"comment": {element(commenting, "comment"): "with cheese"}}
    )
    for open_ in reversed(slack.stack_of(ADA)):
        await slack.close(ADA, open_.id)
    await manage(house, ADA, lunch, "edit_poll", '"callback_id": "edit_poll"')
    editing = slack.stack_of(ADA)[-1]
    await slack.view_action(ADA, editing.id, "add_option")
    await slack.submit(ADA, editing.id, {"title": {element(editing, "title"): "Dinner?"}})
    await manage(house, ADA, lunch, "poll_owners", "Co-owners")
    owners = slack.stack_of(ADA)[-1]
    await slack.submit(ADA, owners.id, {"owners": {"value": [BEN]}})
    for open_ in reversed(slack.stack_of(ADA)):
        await slack.close(ADA, open_.id)
    await press_label(house, ADA, lunch, "Schedule results")
    scheduling = await schedule_form(house)
    await slack.submit(ADA, scheduling.id, {})
    for open_ in reversed(slack.stack_of(ADA)):
        await slack.close(ADA, open_.id)
    await slack.command(ADA, TWO_OF_US, "/pollbot", "setup")
    setting_up = await window(house, ADA, "Where polls live")
    await slack.view_action(ADA, setting_up.id, "needs_jira")
    await slack.close(ADA, setting_up.id)
    await slack.command(ADA, PLANNING, "/poll", "PLAT-12")
    creating = await window(house, ADA, '"callback_id": "create_poll"')
    await slack.submit(ADA, creating.id, {"title": {element(creating, "title"): "Tea?"}})
    await slack.close(ADA, creating.id)
    await close(house, ADA, lunch)
    sent = [(one.kind, one.body) for one in slack.deliveries if one.answer.status == 200]
    of_form = next(body for _, body in sent if body.get("type") == "view_submission")
    who = {name: of_form[name] for name in ("user", "team", "token", "api_app_id", "trigger_id")}
    return [
        *((kind, copy.deepcopy(body)) for kind, body in sent),
        ("interactive", {**who, "type": "view_closed", "view": of_form["view"]}),
        ("interactive", {**who, "type": "shortcut", "callback_id": "x", "action_ts": "1.2"}),
        (
            "interactive",
            {
                **who,
                "type": "message_action",
                "callback_id": "x",
                "action_ts": "1.2",
                "channel": {"id": PLANNING, "name": "planning"},
                "message_ts": "1700000000.000300",
                "response_url": slack.new_hook(ADA, PLANNING),
                "message": {"type": "message", "text": "see PLAT-12", "ts": "1.2", "team": "T1"},
            },
        ),
        (
            "interactive",
            {
                **who,
                "type": "block_suggestion",
                "action_id": "x",
                "block_id": "y",
                "value": "PL",
                "container": {"type": "view", "view_id": "V1"},
                "view": of_form["view"],
            },
        ),
        (
            "events_api",
            {
                "type": "event_callback",
                "team_id": slack.team_id,
                "api_app_id": "A1",
                "event_id": "Ev1",
                "event": {"type": "app_home_opened", "user": ADA, "channel": "D1", "tab": "home"},
                "authorizations": [{"enterprise_id": None, "team_id": slack.team_id}],
            },
        ),
    ]


def places(part: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place in a payload, as what it is in and its name there."""
    if isinstance(part, dict | list):
        for name in list(part) if isinstance(part, dict) else range(len(part)):
            yield part, name
            yield from places(part[name])


def other(chance: random.Random, part: Any) -> Any:
    """Return something that is hardly what stood there."""
    deep: Any = []
    for _ in range(chance.choice([3, 400])):
        deep = [deep] if chance.random() < 0.5 else {"a": deep}
    return chance.choice(
        [
            *(
                None,
                True,
                0,
                -1,
                1.5,
                10**18,
                10**40,
                "",
                "x",
                " ",
                "\x00",
                "\ud800",
                "0",
                "=",
                "null",
            ),
            *([], {}, [[]], [None], ["x"], [{}], {"id": None}, {"id": []}, {"value": 7}, {"": ""}),
            *(
                "x" * 5000,
                "\u202e*_~`<!channel>&",
                '{"v":1}',
                "[1]",
                "2026-02-30",
                "99:99",
                "1e999",
            ),
            deep,
            [part],
            {"value": part},
            str(part),
            [part] * 50,
        ]
    )


def bent(chance: random.Random, body: dict[str, Any]) -> dict[str, Any]:
    """Return the payload as a new one, with one part or a few of another type, or missing."""
    body = copy.deepcopy(body)
    named = chance.randbytes(6).hex()
    for name in ("trigger_id", "event_id"):
        if name in body:
            body[name] = named
    for action in body.get("actions") or []:
        action["action_ts"] = f"{chance.randrange(10**9, 2 * 10**9)}.{chance.randrange(10**6):06}"
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        # Parts of the top count as much as all that lies within them.
        where = list(places(body)) if chance.random() < 0.6 else [(body, name) for name in body]
        inside, name = chance.choice(where or [(body, "type")])
        if chance.random() < 0.15:
            del inside[name]
        else:
            inside[name] = other(chance, inside.get(name) if isinstance(inside, dict) else None)
        in_memory(chance, body)
    return body


def as_form(body: dict[str, Any]) -> dict[str, Any]:
    """Return the fields as a form can hold them: texts, and no halves of characters."""
    return {
        name: str(value).encode("utf-8", "replace").decode()
        for name, value in body.items()
        if value is not None
    }


def in_memory(chance: random.Random, body: dict[str, Any]) -> None:
    """Now and then bend what a form or button remembers, which is JSON in a text."""
    view = body.get("view")
    holders = [(view, "private_metadata")] if isinstance(view, dict) else []
    actions = body.get("actions")
    if isinstance(actions, list) and actions and isinstance(actions[0], dict):
        holders += [(actions[0], "value"), (actions[0], "block_id")]
    for holder, name in holders:
        try:
            memory = json.loads(holder[name])
            inside, part = chance.choice(list(places(memory)))
        except (ValueError, TypeError, KeyError, IndexError, RecursionError):
            continue
        if chance.random() < 0.2:
            inside[part] = other(chance, None)
            holder[name] = json.dumps(memory)


@pytest.mark.parametrize("seed", range(tries(4, 60)))
@pytest.mark.parametrize("socket", [False, True], ids=["HTTP", "Socket Mode"])
async def test_no_signed_payload_breaks_anything(
    house: House, log: Log, seed: int, socket: bool
) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    async with house.program(socket=socket) as pollbot:
        valid = await tour(house)
        wrong = []
        before = len(log.lines)
        for number in range(600):
            kind, body = chance.choice(valid)
            payload = bent(chance, body)
            if kind == "slash_commands" and not socket:
                payload = as_form(payload)
            answer = await house.slack.deliver(payload, kind=kind)
            if answer.status not in (200, 400):
                wrong.append((number, answer, json.dumps(payload)))
        await rest(house, pollbot)
        unexpected = [line for line in log.lines[before:] if "Traceback" in line]

        assert wrong == []
        assert unexpected == []
        await house.connect(BEN)
        await house.vote(BEN, "PLAT-13")
        await house.jira.until(
            lambda: "acc-ben" in house.jira.issues["PLAT-13"].voters, what="Ben's vote"
        )


async def test_every_payload_of_the_tour_is_taken(house: House, log: Log) -> None:
    async with house.program():
        kinds = {body.get("type", "command") for _, body in await tour(house)}

    assert kinds >= {
        *("command", "block_actions", "view_submission", "view_closed", "shortcut"),
        *("message_action", "block_suggestion", "event_callback"),
    }
    assert log.having("turned away") == []
    assert log.having(" ERROR ") == []
