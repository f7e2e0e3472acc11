"""A real Bolt app against the stand-in, over HTTP and over Socket Mode."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from pollbot.sandbox.slack import SlackStandIn

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


CARD = [
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            {"type": "button", "action_id": "again", "text": plain("Again"), "value": "7"},
            {"type": "button", "action_id": "form", "text": plain("Form")},
        ],
    }
]
FORM = {
    "type": "modal",
    "callback_id": "shout",
    "title": plain("Shout"),
    "submit": plain("Go"),
    "blocks": [
        {
            "type": "input",
            "block_id": "words",
            "label": plain("Words"),
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


def echo_app(slack: SlackStandIn) -> AsyncApp:
    """Return an app with a command that echoes, a button that updates, and a form that shouts."""
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    app = AsyncApp(client=client, signing_secret=slack.signing_secret)

    @app.command("/echo")
    async def echo(ack: Any, command: Json, client: AsyncWebClient) -> None:
        await ack(f"You said {command['text']}")
        await client.chat_postMessage(
            channel=command["channel_id"], text=command["text"], blocks=CARD
        )

    @app.command("/ping")
    async def ping(ack: Any) -> None:
        await ack("pong")

    @app.action("again")
    async def again(
        ack: Any, action: Json, body: Json, client: AsyncWebClient, respond: Any
    ) -> None:
        await ack()
        place = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        await client.chat_update(**place, text=f"value {action['value']}", blocks=CARD)
        await respond("Done", replace_original=False)

    @app.action("form")
    async def open_form(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("shout")
    async def shout(ack: Any, view: Json, body: Json, client: AsyncWebClient) -> None:
        text = view["state"]["values"]["words"]["text"]["value"]
        if text == "quiet":
            await ack(response_action="errors", errors={"words": "Louder!"})
            return
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text=text.upper())

    return app


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    slack = SlackStandIn()
    slack.add_person("U0ADA", "Ada")
    slack.add_channel("C0PLAN", "planning")
    await slack.start()
    yield slack
    await slack.stop()


@pytest.fixture
async def over_http(slack: SlackStandIn) -> AsyncIterator[None]:
    runner = web.AppRunner(echo_app(slack).web_app(), shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    slack.events_url = f"http://{host}:{port}/slack/events"
    yield
    await runner.cleanup()


@pytest.fixture
async def over_a_socket(slack: SlackStandIn) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(echo_app(slack), slack.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt left it bare
    await slack.until(lambda: slack.sockets.open)
    yield handler
    await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt left it bare


async def play_through(slack: SlackStandIn) -> None:
    """Use the app's command, button and form, and see each do its work."""
    said = await slack.command("U0ADA", "C0PLAN", "/echo", "hello")
    await slack.heard("chat.postMessage")
    [card] = [m for m in slack.messages if m.ephemeral_for is None]
    [reply] = [m for m in slack.messages if m.ephemeral_for == "U0ADA"]
    assert said.error is None
    assert (card.text, reply.text) == ("hello", "You said hello")

    assert (await slack.press("U0ADA", card.id, "again")).error is None
    await slack.until(lambda: slack.hook_posts)
    assert card.text == "value 7"
    assert slack.messages[-1].text == "Done"

    assert (await slack.press("U0ADA", card.id, "form")).error is None
    [view] = await slack.until(lambda: list(slack.views.values()))
    await slack.submit("U0ADA", view.id, {"words": {"text": "quiet"}})
    assert view.errors == {"words": "Louder!"}

    await slack.submit("U0ADA", view.id, {"words": {"text": "hi"}})
    await slack.until(lambda: slack.messages[-1].text == "HI")
    assert slack.views == {}


async def test_a_bolt_app_works_over_http(slack: SlackStandIn, over_http: None) -> None:
    await play_through(slack)


async def test_a_bolt_app_works_over_a_socket(
    slack: SlackStandIn, over_a_socket: AsyncSocketModeHandler
) -> None:
    await play_through(slack)


async def test_a_bolt_app_works_over_http_when_the_clock_is_far_ahead(
    slack: SlackStandIn, over_http: None
) -> None:
    slack.now = lambda: time.time() + 7 * 86400

    await play_through(slack)


async def test_bolt_refuses_a_forged_signature(slack: SlackStandIn, over_http: None) -> None:
    body = {"command": "/echo", "text": "x"}

    answer = await slack.deliver(body, kind="slash_commands", signature="v0=00")

    assert (answer.status, answer.json) == (401, {"error": "invalid request"})


async def test_a_signature_of_ones_own_goes_over_http_even_with_a_socket(
    slack: SlackStandIn, over_a_socket: AsyncSocketModeHandler, over_http: None
) -> None:
    forged = await slack.deliver({"command": "/ping"}, kind="slash_commands", signature="v0=00")
    usual = await slack.command("U0ADA", "C0PLAN", "/ping")

    assert forged.status == 401
    assert usual.body == '{"text": "pong"}'


async def test_a_command_nobody_listens_to_fails(slack: SlackStandIn, over_http: None) -> None:
    answer = await slack.command("U0ADA", "C0PLAN", "/nope")

    assert answer.error == '/nope failed with the error "dispatch_failed"'


async def test_bolt_comes_back_after_a_disconnect(
    slack: SlackStandIn, over_a_socket: AsyncSocketModeHandler
) -> None:
    await slack.disconnect_sockets()
    await slack.until(lambda: slack.sockets.open)

    answer = await slack.command("U0ADA", "C0PLAN", "/echo", "hello")

    assert (answer.error, answer.json) == (None, {"text": "You said hello"})


async def test_the_socket_stays_while_the_web_api_is_down(
    slack: SlackStandIn, over_a_socket: AsyncSocketModeHandler
) -> None:
    await slack.command("U0ADA", "C0PLAN", "/ping")
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])

    for mode in ("429", "down"):
        slack.faults.mode = mode
        answer = await slack.command("U0ADA", "C0PLAN", "/ping")

        assert (answer.error, answer.json) == (None, {"text": "pong"})
        with pytest.raises((SlackApiError, aiohttp.ClientError)):
            await client.chat_postMessage(channel="C0PLAN", text="x")


# The wire of Socket Mode


class Wire:
    """A Socket Mode client that acks only when told to."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self) -> Json:
        heard: Json = json.loads((await self.socket.receive(timeout=2)).data)
        return heard

    async def ack(self, envelope: Json, payload: Json | None = None) -> None:
        reply: Json = {"envelope_id": envelope["envelope_id"]}
        await self.socket.send_json(reply if payload is None else {**reply, "payload": payload})


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def ticket(slack: SlackStandIn) -> str:
    client = AsyncWebClient(token=slack.app_token, base_url=slack.api_url)
    url: str = (await client.apps_connections_open(app_token=slack.app_token))["url"]
    return url


async def connect(slack: SlackStandIn, http: aiohttp.ClientSession) -> Wire:
    wire = Wire(await http.ws_connect(await ticket(slack)))
    assert (await wire.next())["type"] == "hello"
    return wire


async def test_a_ticket_opens_one_connection(
    slack: SlackStandIn, http: aiohttp.ClientSession
) -> None:
    url = await ticket(slack)
    async with http.ws_connect(url) as socket:
        hello = await socket.receive_json()

    with pytest.raises(aiohttp.WSServerHandshakeError):
        await http.ws_connect(url)

    assert hello["connection_info"] == {"app_id": slack.app_id}
    assert hello["num_connections"] == 1


async def test_an_envelope_goes_to_one_connection_and_its_ack_is_the_answer(
    slack: SlackStandIn, http: aiohttp.ClientSession
) -> None:
    wires = [await connect(slack, http) for _ in range(2)]

    async def serve(wire: Wire) -> Json:
        envelope = await wire.next()
        await wire.ack(envelope, {"text": "counted"})
        return envelope

    tasks = [asyncio.create_task(serve(wire)) for wire in wires]
    answers = [await slack.command("U0ADA", "C0PLAN", "/vote", str(n)) for n in range(2)]
    envelopes = [await task for task in tasks]

    assert [answer.json for answer in answers] == [{"text": "counted"}] * 2
    assert {envelope["payload"]["text"] for envelope in envelopes} == {"0", "1"}
    assert envelopes[0]["type"] == "slash_commands"
    assert envelopes[0]["accepts_response_payload"] is True
    assert (envelopes[0]["retry_attempt"], envelopes[0]["retry_reason"]) == (0, "")


async def test_an_unacked_envelope_is_delivered_once_more_elsewhere(
    slack: SlackStandIn, http: aiohttp.ClientSession
) -> None:
    slack.ack_seconds = 0.2
    first = await connect(slack, http)
    silent = await slack.command("U0ADA", "C0PLAN", "/vote")
    envelope = await first.next()

    second = await connect(slack, http)
    await first.socket.close()
    again = await second.next()
    third = await connect(slack, http)
    await second.socket.close()
    await slack.until(lambda: len(slack.sockets.open) == 1)
    acking = asyncio.create_task(slack.command("U0ADA", "C0PLAN", "/unvote"))
    other = await third.next()
    await third.ack(other)

    assert silent.error == '/vote failed with the error "operation_timeout"'
    assert (again["envelope_id"], again["retry_attempt"]) == (envelope["envelope_id"], 1)
    assert again["payload"] == envelope["payload"]
    assert other["payload"]["command"] == "/unvote"
    assert (await acking).error is None


async def test_a_redelivery_acked_in_time_is_the_answer(
    slack: SlackStandIn, http: aiohttp.ClientSession
) -> None:
    first = await connect(slack, http)
    running = asyncio.create_task(slack.command("U0ADA", "C0PLAN", "/vote"))
    await first.next()

    await first.socket.close()
    second = await connect(slack, http)
    await second.ack(await second.next(), {"text": "counted"})

    assert (await running).json == {"text": "counted"}
    assert [m.text for m in slack.messages] == ["counted"]


async def test_a_connection_that_answers_no_ping_ends_and_another_one_is_given_what_it_had(
    slack: SlackStandIn, http: aiohttp.ClientSession
) -> None:
    slack.sockets.ping = 0.1
    # With autoping it would answer by itself, as one whose process stands still does not.
    frozen = await http.ws_connect(await ticket(slack), autoping=False)
    await slack.until(lambda: slack.sockets.open, what="its connection")
    running = asyncio.create_task(slack.command("U0ADA", "C0PLAN", "/vote"))
    await slack.until(lambda: not slack.sockets.open, what="the end of the silent one")

    slack.sockets.ping = None
    other = await connect(slack, http)
    await other.ack(await other.next(), {"text": "counted"})

    assert (await running).json == {"text": "counted"}
    await frozen.close()


async def test_a_disconnect_says_why(slack: SlackStandIn, http: aiohttp.ClientSession) -> None:
    wire = await connect(slack, http)
    ending = asyncio.create_task(slack.disconnect_sockets("warning"))

    notice = await wire.next()
    closing = await wire.socket.receive(timeout=2)
    await ending

    assert (notice["type"], notice["reason"]) == ("disconnect", "warning")
    assert closing.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING)
    assert slack.sockets.open == []
