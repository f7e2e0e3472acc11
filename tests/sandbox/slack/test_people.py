"""What people do in the stand-in: what an app hears, and how Slack takes its answers."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web

from pollbot.sandbox.slack import Message, SlackStandIn, View

Json = dict[str, Any]


class App:
    """An app of a few lines: it keeps what it hears and answers what it is told to."""

    def __init__(self) -> None:
        self.heard: list[Json] = []
        self.raw: list[tuple[bytes, dict[str, str]]] = []
        self.answer: Json | str = ""
        self.status = 200
        self.seconds = 0.0

    async def serve(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self.raw.append((raw, dict(request.headers)))
        if request.content_type == "application/json":
            self.heard.append(json.loads(raw))
        else:
            fields = {k: v[0] for k, v in parse_qs(raw.decode(), keep_blank_values=True).items()}
            self.heard.append(json.loads(fields["payload"]) if "payload" in fields else fields)
        await asyncio.sleep(self.seconds)
        if isinstance(self.answer, dict):
            return web.json_response(self.answer, status=self.status)
        return web.Response(text=self.answer, status=self.status)


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    slack = SlackStandIn()
    slack.add_person("U0ADA", "Ada")
    slack.add_person("U0BOB", "Bob")
    slack.add_channel("C0PLAN", "planning")
    slack.add_channel("C0SHUT", "shut", is_private=True, members=["U0ADA"])
    await slack.start()
    yield slack
    await slack.stop()


@pytest.fixture
async def app(slack: SlackStandIn) -> AsyncIterator[App]:
    app = App()
    server = web.Application()
    server.router.add_post("/slack/events", app.serve)
    runner = web.AppRunner(server, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    slack.events_url = f"http://{host}:{port}/slack/events"
    yield app
    await runner.cleanup()


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(action_id: str, value: str) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), "value": value}


def option(value: str) -> Json:
    return {"text": plain(value.title()), "value": value}


def menu(kind: str, action_id: str) -> Json:
    return {"type": kind, "action_id": action_id, "options": [option("red"), option("blue")]}


def row(block_id: str, *elements: Json) -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def field(block_id: str, element: Json, **more: Any) -> Json:
    element = {"action_id": "a", **element}
    return {"type": "input", "block_id": block_id, "label": plain("L"), "element": element, **more}


def card(slack: SlackStandIn, *elements: Json, ephemeral_for: str | None = None) -> Message:
    return slack.post(
        "C0PLAN", slack.bot_user_id, "Card", [row("r", *elements)], ephemeral_for=ephemeral_for
    )


def modal(*blocks: Json, **more: Any) -> Json:
    known = {"type": "modal", "callback_id": "form", "title": plain("T"), "submit": plain("S")}
    return {**known, "private_metadata": "{}", "blocks": list(blocks), **more}


TEXT: Json = {"type": "plain_text_input"}


def form(slack: SlackStandIn, *blocks: Json, **more: Any) -> View:
    return slack.open_view("U0ADA", modal(*(blocks or (field("q", TEXT),)), **more), on_top=False)


# Commands


async def test_a_command_is_signed_and_complete(slack: SlackStandIn, app: App) -> None:
    answer = await slack.command("U0ADA", "C0PLAN", "/vote", "PLAT-12 “x”")

    [(raw, headers)] = app.raw
    stamp = headers["X-Slack-Request-Timestamp"]
    base = f"v0:{stamp}:{raw.decode()}".encode()
    digest = hmac.new(slack.signing_secret.encode(), base, hashlib.sha256).hexdigest()
    assert headers["X-Slack-Signature"] == f"v0={digest}"
    assert abs(time.time() - int(stamp)) < 5
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    [heard] = app.heard
    assert heard["trigger_id"] in slack.triggers
    assert heard["response_url"].startswith(f"{slack.base_url}/hooks/")
    varying = ("trigger_id", "response_url", "token")
    assert {k: v for k, v in heard.items() if k not in varying} == {
        "team_id": slack.team_id,
        "team_domain": "sandbox",
        "channel_id": "C0PLAN",
        "channel_name": "planning",
        "user_id": "U0ADA",
        "user_name": "ada",
        "command": "/vote",
        "text": "PLAT-12 “x”",
        "api_app_id": slack.app_id,
        "is_enterprise_install": "false",
    }
    assert (answer.status, answer.body, answer.error) == (200, "", None)
    assert slack.messages == []


@pytest.mark.parametrize(
    ("said", "text", "seen_by"),
    [
        ("Counted", "Counted", "U0ADA"),
        ({"text": "Counted"}, "Counted", "U0ADA"),
        ({"text": "Counted", "response_type": "in_channel"}, "Counted", None),
    ],
)
async def test_the_answer_to_a_command_is_posted(
    slack: SlackStandIn, app: App, said: Json | str, text: str, seen_by: str | None
) -> None:
    app.answer = said

    await slack.command("U0ADA", "C0PLAN", "/vote")

    assert [(m.text, m.ephemeral_for, m.user) for m in slack.messages] == [
        (text, seen_by, slack.bot_user_id)
    ]


async def test_a_failed_command_is_told_in_slacks_words(slack: SlackStandIn, app: App) -> None:
    slack.ack_seconds = 0.05

    async def error() -> str | None:
        return (await slack.command("U0ADA", "C0PLAN", "/vote")).error

    app.seconds = 0.3
    assert await error() == '/vote failed with the error "operation_timeout"'
    app.seconds, app.status = 0, 500
    assert await error() == '/vote failed with the error "dispatch_failed"'
    app.status, app.answer = 200, {"blocks": [{"type": "poll"}]}
    assert await error() == '/vote failed with the error "invalid_command_response"'
    slack.events_url = None
    assert await error() == '/vote failed with the error "dispatch_failed"'
    assert slack.messages == []


async def test_nobody_runs_a_command_where_they_are_not(slack: SlackStandIn, app: App) -> None:
    assert (await slack.command("U0BOB", "C0SHUT", "/vote")).error is not None
    assert app.heard == []

    await slack.command("U0ADA", "C0SHUT", "/vote")
    assert app.heard[0]["channel_name"] == "privategroup"


# Buttons and menus


async def test_a_press_carries_everything_about_the_message(slack: SlackStandIn, app: App) -> None:
    message = card(slack, button("vote", "7:0"), menu("static_select", "colour"))

    answer = await slack.press("U0ADA", message.id, "vote")

    [heard] = app.heard
    assert answer.error is None
    assert heard["type"] == "block_actions"
    assert heard["user"] == {
        "id": "U0ADA",
        "username": "ada",
        "name": "ada",
        "team_id": slack.team_id,
    }
    assert heard["team"] == {"id": slack.team_id, "domain": "sandbox"}
    assert (heard["enterprise"], heard["is_enterprise_install"]) == (None, False)
    assert heard["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": "C0PLAN",
        "is_ephemeral": False,
    }
    assert heard["channel"] == {"id": "C0PLAN", "name": "planning"}
    assert heard["message"]["blocks"] == message.blocks
    assert (heard["message"]["ts"], heard["message"]["bot_id"]) == (message.ts, slack.bot_id)
    assert heard["state"]["values"] == {
        "r": {"colour": {"type": "static_select", "selected_option": None}}
    }
    assert heard["trigger_id"] in slack.triggers
    [action] = heard["actions"]
    assert action.pop("action_ts") > message.ts
    assert action == {**button("vote", "7:0"), "block_id": "r"}


async def test_each_press_has_its_own_later_time(slack: SlackStandIn, app: App) -> None:
    message = card(slack, button("vote", "7:0"))

    for _ in range(3):
        await slack.press("U0ADA", message.id, "vote")
    await slack.press("U0ADA", message.id, "vote", action_ts="1.000001")

    times = [heard["actions"][0]["action_ts"] for heard in app.heard]
    assert times[:3] == sorted(set(times[:3]))
    assert times[3] == "1.000001"


async def test_an_ephemeral_message_itself_is_left_out(slack: SlackStandIn, app: App) -> None:
    message = card(slack, button("undo", "1"), ephemeral_for="U0ADA")

    await slack.press("U0ADA", message.id, "undo")

    assert app.heard[0]["container"]["is_ephemeral"] is True
    assert "message" not in app.heard[0]


async def test_same_named_buttons_are_told_apart_by_value_or_block(
    slack: SlackStandIn, app: App
) -> None:
    rows = [row("r1", button("vote", "1")), row("r2", button("vote", "2"))]
    message = slack.post("C0PLAN", slack.bot_user_id, "Card", rows)

    await slack.press("U0ADA", message.id, "vote", value="2")
    await slack.press("U0ADA", message.id, "vote", block_id="r1")
    unclear = await slack.press("U0ADA", message.id, "vote")
    neither = await slack.press("U0ADA", message.id, "vote", value="3")

    assert [heard["actions"][0]["value"] for heard in app.heard] == ["2", "1"]
    assert unclear.error is not None
    assert neither.error == "which button? '3' is not one of ['1', '2']"


async def test_a_single_button_can_be_pressed_with_another_value(
    slack: SlackStandIn, app: App
) -> None:
    message = card(slack, button("vote", "1"))

    await slack.press("U0ADA", message.id, "vote", value="stale")

    assert app.heard[0]["actions"][0]["value"] == "stale"


async def test_what_is_not_on_the_screen_cannot_be_pressed(slack: SlackStandIn, app: App) -> None:
    message = card(slack, button("vote", "1"))
    private = card(slack, button("undo", "1"), ephemeral_for="U0BOB")
    slack.redraw(message, "Closed", [])

    gone = await slack.press("U0ADA", message.id, "vote")
    hidden = await slack.press("U0ADA", private.id, "undo")
    never = await slack.press("U0ADA", "m99", "vote")

    assert gone.error == "nothing called 'vote' is there; there are: []"
    assert hidden.error == f"U0ADA sees no message {private.id}"
    assert never.error == "U0ADA sees no message m99"
    assert app.heard == []


async def test_a_press_that_fails_is_told(slack: SlackStandIn, app: App) -> None:
    message = card(slack, button("vote", "1"))
    slack.ack_seconds = 0.05

    app.status = 500
    failed = await slack.press("U0ADA", message.id, "vote")
    app.seconds = 0.3
    silent = await slack.press("U0ADA", message.id, "vote")

    assert failed.error == "pollbot answered with an error (500)"
    assert silent.error == "pollbot did not respond"


async def test_choices_in_a_message_are_kept_for_each_person(slack: SlackStandIn, app: App) -> None:
    message = card(
        slack, menu("static_select", "one"), menu("checkboxes", "some"), menu("overflow", "more")
    )

    await slack.choose("U0ADA", message.id, "one", "red")
    await slack.choose("U0ADA", message.id, "some", ["red", "blue"])
    await slack.choose("U0ADA", message.id, "more", "blue")
    await slack.choose("U0BOB", message.id, "one", None)
    unknown = await slack.choose("U0ADA", message.id, "one", "green")

    one, some, more, other = app.heard
    assert one["actions"][0]["selected_option"] == option("red")
    assert some["actions"][0]["selected_options"] == [option("red"), option("blue")]
    assert more["actions"][0]["selected_option"] == option("blue")
    assert more["state"]["values"]["r"] == {
        "one": {"type": "static_select", "selected_option": option("red")},
        "some": {"type": "checkboxes", "selected_options": [option("red"), option("blue")]},
    }
    assert other["actions"][0]["selected_option"] is None
    assert other["state"]["values"]["r"]["some"]["selected_options"] == []
    assert unknown.error == "'one' does not offer 'green', only ['red', 'blue']"


# Forms


ALL_FIELDS: list[tuple[Json, Any, Json]] = [
    (TEXT, "hi", {"value": "hi"}),
    (TEXT, None, {"value": None}),
    (TEXT | {"initial_value": "was"}, "", {"value": None}),
    ({"type": "number_input", "is_decimal_allowed": False}, 7, {"value": "7"}),
    (menu("static_select", "a"), "red", {"selected_option": option("red")}),
    (menu("static_select", "a"), None, {"selected_option": None}),
    (menu("radio_buttons", "a"), "blue", {"selected_option": option("blue")}),
    (menu("checkboxes", "a"), ["red"], {"selected_options": [option("red")]}),
    (menu("checkboxes", "a"), None, {"selected_options": []}),
    (menu("multi_static_select", "a"), ["blue"], {"selected_options": [option("blue")]}),
    ({"type": "users_select"}, "U0BOB", {"selected_user": "U0BOB"}),
    ({"type": "multi_users_select"}, ["U0BOB"], {"selected_users": ["U0BOB"]}),
    ({"type": "channels_select"}, "C0PLAN", {"selected_channel": "C0PLAN"}),
    ({"type": "conversations_select"}, "C0PLAN", {"selected_conversation": "C0PLAN"}),
    ({"type": "datepicker"}, "2026-05-01", {"selected_date": "2026-05-01"}),
    ({"type": "timepicker"}, "09:30", {"selected_time": "09:30"}),
    ({"type": "datetimepicker"}, "1800000000", {"selected_date_time": 1800000000}),
]


@pytest.mark.parametrize(("element", "typed", "state"), ALL_FIELDS)
async def test_a_submission_states_every_field(
    slack: SlackStandIn, app: App, element: Json, typed: Any, state: Json
) -> None:
    view = form(slack, field("f", element, optional=True))

    answer = await slack.submit("U0ADA", view.id, {"f": {"a": typed}})

    [heard] = app.heard
    assert heard["view"]["state"]["values"] == {"f": {"a": {"type": element["type"], **state}}}
    assert answer.error is None


async def test_a_submission_carries_the_form_and_initial_values(
    slack: SlackStandIn, app: App
) -> None:
    colour = menu("static_select", "a") | {"initial_option": option("blue")}
    view = form(slack, field("f", colour), row("r", menu("radio_buttons", "radio")))

    await slack.submit("U0ADA", view.id, {})

    [heard] = app.heard
    assert (heard["type"], heard["response_urls"]) == ("view_submission", [])
    assert heard["trigger_id"] in slack.triggers
    shown = heard["view"]
    assert (shown["id"], shown["hash"], shown["root_view_id"]) == (view.id, view.hash, view.id)
    assert (shown["callback_id"], shown["private_metadata"]) == ("form", "{}")
    assert shown["state"]["values"] == {
        "f": {"a": {"type": "static_select", "selected_option": option("blue")}},
        "r": {"radio": {"type": "radio_buttons", "selected_option": None}},
    }


async def test_a_chosen_channel_may_bring_a_response_url(slack: SlackStandIn, app: App) -> None:
    where = {"type": "conversations_select", "response_url_enabled": True}
    view = form(slack, field("f", where))

    await slack.submit("U0ADA", view.id, {"f": {"a": "C0PLAN"}})

    [url] = app.heard[0]["response_urls"]
    assert (url["block_id"], url["action_id"], url["channel_id"]) == ("f", "a", "C0PLAN")
    assert url["response_url"].rsplit("/", 1)[1] in slack.hooks


@pytest.mark.parametrize(
    ("element", "typed", "words"),
    [
        (TEXT, "", "required"),
        (menu("checkboxes", "a"), [], "required"),
        (TEXT | {"max_length": 3}, "four", "0 to 3 characters"),
        (TEXT | {"min_length": 3}, "no", "3 to 3000 characters"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "valid number"),
        (
            {"type": "number_input", "is_decimal_allowed": True, "max_value": "5"},
            "5.5",
            "at most 5",
        ),
        ({"type": "email_text_input"}, "ada", "valid email"),
        ({"type": "url_text_input"}, "ada", "valid URL"),
        (menu("multi_static_select", "a") | {"max_selected_items": 1}, ["red", "blue"], "most 1"),
    ],
)
async def test_the_client_holds_back_what_is_not_filled_in_well(
    slack: SlackStandIn, app: App, element: Json, typed: Any, words: str
) -> None:
    view = form(slack, field("f", element))

    answer = await slack.submit("U0ADA", view.id, {"f": {"a": typed}})

    assert app.heard == []
    assert words in view.errors["f"]
    assert answer.error is not None
    assert view.values == {"f": {"a": typed}}


async def test_an_empty_answer_closes_the_form(slack: SlackStandIn, app: App) -> None:
    below = form(slack)
    view = slack.open_view("U0ADA", modal(field("q", TEXT)), on_top=True)

    await slack.submit("U0ADA", view.id, {"q": {"a": "x"}})

    assert list(slack.views) == [below.id]


async def test_errors_keep_the_form_open_and_are_shown(slack: SlackStandIn, app: App) -> None:
    view = form(slack)
    app.answer = {"response_action": "errors", "errors": {"q": "Ask something"}}

    answer = await slack.submit("U0ADA", view.id, {"q": {"a": "x"}})

    assert answer.error is None
    assert slack.views[view.id].errors == {"q": "Ask something"}
    assert slack.views[view.id].values == {"q": {"a": "x"}}

    app.answer = ""
    await slack.submit("U0ADA", view.id, {})
    assert slack.views == {}


async def test_an_update_keeps_fields_whose_ids_stay(slack: SlackStandIn, app: App) -> None:
    view = form(slack, field("q", TEXT), field("r", TEXT, optional=True))
    before = view.hash
    new = modal(field("q", TEXT), field("r2", TEXT, optional=True), callback_id="second")
    app.answer = {"response_action": "update", "view": new}

    await slack.submit("U0ADA", view.id, {"q": {"a": "kept"}, "r": {"a": "lost"}})

    [shown] = slack.views.values()
    assert (shown.id, shown.view["callback_id"]) == (view.id, "second")
    assert shown.values == {"q": {"a": "kept"}}
    assert shown.hash != before


async def test_push_and_clear_work_on_the_stack(slack: SlackStandIn, app: App) -> None:
    view = form(slack)
    app.answer = {"response_action": "push", "view": modal(field("q", TEXT))}

    for _ in range(2):
        await slack.submit("U0ADA", slack.stack_of("U0ADA")[-1].id, {"q": {"a": "x"}})
    stack = slack.stack_of("U0ADA")
    too_deep = await slack.submit("U0ADA", stack[-1].id, {"q": {"a": "x"}})

    assert [v.previous for v in stack] == [None, view.id, stack[1].id]
    assert too_deep.error is not None
    app.answer = {"response_action": "clear"}
    await slack.submit("U0ADA", stack[-1].id, {"q": {"a": "x"}})
    assert slack.views == {}


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"elsewhere": "x"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "push"},
        {"response_action": "dance"},
        "thanks",
    ],
)
async def test_an_answer_that_slack_cannot_use_is_trouble(
    slack: SlackStandIn, app: App, answer: Json | str
) -> None:
    view = form(slack)
    app.answer = answer

    result = await slack.submit("U0ADA", view.id, {"q": {"a": "x"}})

    assert result.error == "We had some trouble connecting. Try again?"
    assert list(slack.views) == [view.id]


async def test_a_form_hears_of_fields_that_ask_for_it(slack: SlackStandIn, app: App) -> None:
    view = form(
        slack,
        field("quiet", TEXT, optional=True),
        field("loud", menu("static_select", "a"), dispatch_action=True),
        row("r", button("add", "1")),
    )

    quiet = await slack.view_action("U0ADA", view.id, "a", block_id="quiet", value="typed")
    await slack.view_action("U0ADA", view.id, "a", block_id="loud", value="red")
    await slack.view_action("U0ADA", view.id, "add")

    chosen, pressed = app.heard
    assert (quiet.status, quiet.error) == (0, None)
    assert chosen["container"] == {"type": "view", "view_id": view.id}
    assert chosen["actions"][0]["selected_option"] == option("red")
    assert chosen["view"]["state"]["values"]["quiet"]["a"]["value"] == "typed"
    assert chosen["view"]["hash"] == view.hash
    assert not {"message", "channel", "response_url"} & chosen.keys()
    assert pressed["actions"][0]["value"] == "1"
    assert slack.triggers[pressed["trigger_id"]].view == view.id


@pytest.mark.parametrize(
    ("element", "value", "key", "chosen"),
    [
        ({"type": "datepicker"}, "2026-03-29", "selected_date", "2026-03-29"),
        ({"type": "timepicker"}, "09:30", "selected_time", "09:30"),
        ({"type": "datetimepicker"}, 1_774_000_000, "selected_date_time", 1_774_000_000),
        ({"type": "number_input", "is_decimal_allowed": False}, "12", "value", "12"),
        (menu("static_select", "a"), "red", "selected_option", option("red")),
        (menu("radio_buttons", "a"), "red", "selected_option", option("red")),
        (menu("checkboxes", "a"), ["red"], "selected_options", [option("red")]),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) and "type" in value else "",
)
async def test_a_field_that_is_heard_of_at_once_stays_as_it_is_when_the_form_is_redrawn(
    slack: SlackStandIn, app: App, element: Json, value: Any, key: str, chosen: Any
) -> None:
    fields = [field("loud", element, dispatch_action=True), field("q", TEXT)]
    view = form(slack, *fields)

    await slack.view_action("U0ADA", view.id, "a", block_id="loud", value=value)
    slack.update_view(view, modal(*fields, row("next runs", button("b", "1"))))
    await slack.submit("U0ADA", view.id, {"q": {"a": "Lunch?"}})

    told, submitted = app.heard
    assert told["type"] == "block_actions"
    assert told["actions"][0][key] == chosen
    assert submitted["view"]["state"]["values"]["loud"]["a"][key] == chosen


async def test_a_button_of_a_form_that_was_redrawn_meanwhile_is_pressed_all_the_same(
    slack: SlackStandIn, app: App
) -> None:
    """Slack gives blocks without a block_id a new one with each change of the form."""
    buttons = {"type": "actions", "elements": [button("more", "1"), button("less", "2")]}
    menus = {"type": "actions", "elements": [menu("static_select", "a")]}
    view = form(slack, field("q", TEXT), buttons, menus)
    _, seen, chosen_from = [block["block_id"] for block in view.view["blocks"]]
    slack.update_view(view, modal(field("q", TEXT), buttons, menus))

    answer = await slack.view_action("U0ADA", view.id, "less", block_id=seen, value="2")
    other = await slack.view_action("U0ADA", view.id, "a", block_id=chosen_from, value="red")

    [pressed] = app.heard
    assert answer.error is None
    assert (pressed["actions"][0]["action_id"], pressed["actions"][0]["value"]) == ("less", "2")
    assert other.error is not None
    assert "nothing called 'a'" in other.error


async def test_a_button_in_a_thread_is_pressed_like_any_other(
    slack: SlackStandIn, app: App
) -> None:
    root = card(slack, button("vote", "1"))
    reply = slack.post(
        "C0PLAN", slack.bot_user_id, "Closed", [row("r", button("go", "2"))], thread_ts=root.ts
    )

    answer = await slack.press("U0BOB", reply.id, "go")

    [pressed] = app.heard
    assert answer.error is None
    assert pressed["container"]["message_ts"] == reply.ts
    assert pressed["container"]["thread_ts"] == pressed["message"]["thread_ts"] == root.ts


async def test_using_an_element_of_a_form_tells_what_was_typed_in_all_of_it(
    slack: SlackStandIn, app: App
) -> None:
    view = form(slack, field("question", TEXT, optional=True), row("r", button("add", "1")))

    await slack.view_action("U0ADA", view.id, "add", values={"question": {"a": "Lunch?"}})
    elsewhere = await slack.view_action("U0ADA", view.id, "add", values={"other": {"a": "x"}})

    [pressed] = app.heard
    assert pressed["view"]["state"]["values"]["question"]["a"]["value"] == "Lunch?"
    assert view.values == {"question": {"a": "Lunch?"}}
    assert elsewhere.error is not None


async def test_closing_is_told_only_where_it_was_asked_for(slack: SlackStandIn, app: App) -> None:
    quiet = form(slack)
    await slack.close("U0ADA", quiet.id)
    assert (app.heard, slack.views) == ([], {})

    loud = form(slack, notify_on_close=True)
    loud.values = {"q": {"a": "secret"}}
    await slack.close("U0ADA", loud.id)
    [heard] = app.heard
    assert (heard["type"], heard["is_cleared"]) == ("view_closed", True)
    assert heard["view"]["state"] == {"values": {}}
    assert "trigger_id" not in heard


async def test_closing_can_clear_the_stack(slack: SlackStandIn, app: App) -> None:
    form(slack, notify_on_close=True)
    top = slack.open_view("U0ADA", modal(field("q", TEXT), clear_on_close=True), on_top=True)

    await slack.close("U0ADA", top.id)

    assert [heard["is_cleared"] for heard in app.heard] == [True]
    assert slack.views == {}


async def test_only_the_form_in_front_of_its_own_person_can_be_used(
    slack: SlackStandIn, app: App
) -> None:
    below = form(slack)
    top = slack.open_view("U0ADA", modal(field("q", TEXT)), on_top=True)

    covered = await slack.submit("U0ADA", below.id, {"q": {"a": "x"}})
    foreign = await slack.submit("U0BOB", top.id, {"q": {"a": "x"}})
    unknown = await slack.submit("U0ADA", top.id, {"nope": {"a": "x"}})

    assert covered.error == f"U0ADA has no form {below.id} in front"
    assert foreign.error == f"U0BOB has no form {top.id} in front"
    assert unknown.error == "nothing called 'a' is there; there are: ['a']"
    assert app.heard == []


# Raw payloads


async def test_any_payload_can_be_sent_with_any_signature(slack: SlackStandIn, app: App) -> None:
    message = card(slack, button("vote", "1"))
    body = slack.click_body("U0ADA", message.id, "vote")
    body["actions"][0]["value"] = "forged"
    app.status = 401

    answer = await slack.deliver(
        body,
        kind="interactive",
        timestamp="1",
        signature="v0=00",
        headers={"X-Slack-Retry-Num": "1"},
    )
    await slack.deliver({"type": "event_callback"}, kind="events_api")

    headers = app.raw[0][1]
    assert (answer.status, answer.error) == (401, "dispatch_failed")
    assert app.heard[0]["actions"][0]["value"] == "forged"
    assert (headers["X-Slack-Request-Timestamp"], headers["X-Slack-Signature"]) == ("1", "v0=00")
    assert headers["X-Slack-Retry-Num"] == "1"
    assert app.raw[1][1]["Content-Type"] == "application/json"
    assert [d.kind for d in slack.deliveries] == ["interactive", "events_api"]


# People of other workspaces, and an app that a whole organisation installed


@pytest.fixture
def eve(slack: SlackStandIn) -> str:
    slack.add_person("U0EVE", "Eve", is_admin=True, team_id="T0PARTNER", shares=["C0PLAN"])
    return "U0EVE"


def asks(slack: SlackStandIn) -> Message:
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    return slack.post("C0PLAN", slack.bot_user_id, "Vote", blocks)


BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
MENU = {"type": "external_select", "action_id": "issue"}
FORM = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "notify_on_close": True,
    "blocks": [{"type": "actions", "elements": [BUTTON, MENU]}],
}


async def each_kind(slack: SlackStandIn, app: App, user: str) -> dict[str, Json]:
    """Have somebody do each kind of thing; return what the app heard, by where it came from."""
    message = asks(slack)
    await slack.press(user, message.id, "go")
    await slack.shortcut(user, "new")
    await slack.shortcut(user, "vote", message.id)
    form = slack.open_view(user, FORM, on_top=False)
    await slack.view_action(user, form.id, "go")
    await slack.suggest(user, form.id, "issue", "PL")
    await slack.submit(user, form.id, {})
    form = slack.open_view(user, FORM, on_top=False)
    await slack.close(user, form.id)
    await slack.happen(user, {"type": "app_home_opened", "tab": "home", "channel": "D1"})
    return {f"{one['type']} {'form' if 'view' in one else ''}".strip(): one for one in app.heard}


IN_FORMS = {
    "block_actions form",
    "block_suggestion form",
    "view_submission form",
    "view_closed form",
}
BESIDE = {"block_actions", "shortcut", "message_action"}


async def test_a_stranger_is_told_by_their_own_workspace(
    slack: SlackStandIn, app: App, eve: str
) -> None:
    heard = await each_kind(slack, app, eve)

    event = heard.pop("event_callback")
    assert heard.keys() == IN_FORMS | BESIDE
    for kind, body in heard.items():
        assert body["user"]["team_id"] == "T0PARTNER"
        assert body["team"]["id"] == ("T0PARTNER" if kind in IN_FORMS else "T0SANDBOX")
        if kind in IN_FORMS:
            assert body["view"]["app_installed_team_id"] == "T0SANDBOX"
    assert (event["team_id"], event["context_team_id"]) == ("T0PARTNER", "T0SANDBOX")
    assert event["authorizations"][0]["team_id"] == "T0SANDBOX"
    assert event["is_ext_shared_channel"] is True


async def test_an_organisations_app_is_told_of_no_team_but_the_persons(
    slack: SlackStandIn, app: App, eve: str
) -> None:
    slack.organisation = "E0ORG"

    heard = await each_kind(slack, app, eve)

    event = heard.pop("event_callback")
    for kind, body in heard.items():
        assert (body["team"], body["enterprise"]["id"]) == (None, "E0ORG")
        assert body["is_enterprise_install"] is True
        assert body["user"]["team_id"] == "T0PARTNER"
        if kind in IN_FORMS:
            assert body["view"]["app_installed_team_id"] == "E0ORG"
    assert event["authorizations"][0] == {
        "enterprise_id": "E0ORG",
        "team_id": None,
        "user_id": slack.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": True,
    }


async def test_a_stranger_is_only_in_channels_that_are_shared(
    slack: SlackStandIn, eve: str
) -> None:
    slack.add_channel("C0OURS", "ours")
    asks(slack)
    slack.say("U0ADA", "C0OURS", "among us")

    assert len(slack.visible_to(eve, "C0PLAN")) == 1
    assert slack.visible_to("U0BOB", "C0OURS")
    assert slack.visible_to(eve, "C0OURS") == []
