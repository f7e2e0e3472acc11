"""Socket Mode: two connections, and what befalls them."""

import asyncio
import logging

import pytest
from aiohttp import web

from tests.e2e.process import run, said
from tests.support.house import ADA, BEN, PLANNING, House, buttons
from tests.support.own_time import own_time

SOON = 1.0
"""Seconds within which a lost connection is back."""


async def two_open(house: House) -> list[web.WebSocketResponse]:
    return await house.slack.until(
        lambda: list(house.slack.sockets.open) if len(house.slack.sockets.open) == 2 else None,
        what="two connections",
    )


async def test_two_connections_are_kept_and_a_lost_one_is_back_within_a_second(
    house: House,
) -> None:
    async with house.program(socket=True) as pollbot:
        first, second = await two_open(house)
        with own_time() as took:
            house.slack.sockets.cut(first)

            assert (await house.vote(ADA, "PLAT-12")).error is None
            assert "slack" not in await pollbot.health()
            now_open = await two_open(house)

            assert took() < SOON
        assert second in now_open


async def test_clicks_of_the_second_in_which_all_connections_are_lost_arrive(house: House) -> None:
    async with house.program(socket=True):
        await house.connect(ADA)
        sockets = await two_open(house)
        with own_time() as took:
            for socket in sockets:
                house.slack.sockets.cut(socket)

            asked = [
                asyncio.create_task(house.slack.command(ADA, PLANNING, "/votes", "PLAT-12"))
                for _ in range(30)
            ]
            await house.slack.until(lambda: house.slack.sockets.open, what="a connection")
            assert took() < SOON
        answers = await asyncio.gather(*asked)

        assert [answer.error for answer in answers] == [None] * 30


async def test_what_was_not_acknowledged_is_taken_when_slack_brings_it_again(house: House) -> None:
    async with house.program(socket=True):
        await house.connect(ADA)
        await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")
        card = await house.card("PLAT-13")
        sockets = await two_open(house)

        pressed = asyncio.create_task(house.slack.press(ADA, card.id, "vote"))
        await asyncio.sleep(0)
        for socket in sockets:
            house.slack.sockets.cut(socket)

        assert (await pressed).error is None
        await house.votes("PLAT-13", 1)
        assert buttons(card)


async def test_a_connection_that_slack_will_close_is_replaced_before(house: House) -> None:
    async with house.program(socket=True):
        leaving, other = await two_open(house)

        await house.slack.sockets.warn(leaving)
        await house.slack.until(lambda: len(house.slack.sockets.open) == 3, what="its successor")
        answers = [await house.vote(BEN, "PLAT-12") for _ in range(3)]
        await leaving.close()

        assert [answer.error for answer in answers] == [None] * 3
        assert other in house.slack.sockets.open
        await two_open(house)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {"ok": False, "error": "fatal_error"}),
        (200, {"ok": False, "error": "internal_error"}),
        (200, "<html>maintenance</html>"),
        (200, {"ok": True}),
        (200, {"ok": True, "url": 7}),
        (200, {"ok": True, "url": "https://example.com/"}),
        (200, {"ok": True, "url": "ws://127.0.0.1:9/"}),
        (200, "[" * 50_000),
        (200, '{"ok": true, "url": ' + "9" * 5_000 + "}"),
        (429, ""),
        (0, None),
    ],
    ids=str,
)
async def test_a_bad_answer_of_the_first_call_delays_the_start_little(
    house: House, status: int, body: dict[str, object] | str | None
) -> None:
    house.slack.faults.fail_next("apps.connections.open", status=status, body=body)
    with own_time() as took:
        async with house.program(socket=True):
            assert took() < 4.0
            answer = await house.vote(ADA, "PLAT-12")

    assert answer.error is None


ODD = ["", "x", "[]", "7", '"hello"', "{}", '{"type": "disconnect"', "[" * 50_000, "9" * 5_000]
ODD += ['{"envelope_id": 7, "payload": {}}', '{"envelope_id": "e", "payload": []}']


async def test_odd_frames_are_left_alone(house: House, caplog: pytest.LogCaptureFixture) -> None:
    async with house.program(socket=True):
        sockets = await two_open(house)
        for socket in sockets:
            for frame in ODD:
                await socket.send_str(frame)
            await socket.send_bytes(b"\x00\xff")

        answers = [await house.vote(ADA, "PLAT-12") for _ in range(4)]

        assert [answer.error for answer in answers] == [None] * 4
        assert house.slack.sockets.open == sockets
    assert not [record for record in caplog.records if record.exc_info]
    odd = [r for r in caplog.records if "no envelope" in r.message]
    assert len(odd) == len(sockets)


async def test_a_switched_off_socket_mode_is_said(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with house.program(socket=True) as pollbot:
        await two_open(house)
        await house.slack.disconnect_sockets("link_disabled")
        await house.slack.until(lambda: not house.slack.sockets.open)

        wrong = await house.slack.until(
            lambda: pollbot.door.trouble if pollbot.door else None, what="the reason"
        )

    assert wrong == "Socket Mode is switched off in the Slack app's settings"
    assert wrong in caplog.text


@pytest.mark.parametrize(
    ("app_token", "sentence"),
    [
        ("xapp-wrong", "SLACK_APP_TOKEN: Slack does not accept it (invalid_auth)"),
        ("xoxb-sandbox", "SLACK_APP_TOKEN cannot be used: it is a bot token"),
        ("xapp-sand\nbox", "SLACK_APP_TOKEN cannot be used: there is white space in it"),
        ("xapp-sandbox ", "SLACK_APP_TOKEN cannot be used: there is white space in it"),
    ],
)
async def test_a_wrong_app_level_token_ends_the_start_with_a_sentence(
    house: House, app_token: str, sentence: str
) -> None:
    child = await run(
        house,
        {
            "SLACK_BOT_TOKEN": house.slack.bot_token,
            "SLACK_APP_TOKEN": app_token,
            "POLLBOT_SLACK_API_URL": house.slack.api_url,
            "POLLBOT_JIRA_URL": house.jira.site_url,
            "POLLBOT_DATABASE": str(house.database),
            "POLLBOT_PORT": "0",
        },
    )

    words = await said(child)

    assert child.returncode == 2
    assert sentence in words
    assert "pollbot is up" not in words
    assert "Traceback" not in words
    assert app_token.strip() not in words
