"""The program as a process: its settings, its two transports, its end."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.e2e.process import health, run, said, settings, start, started
from tests.support.house import ADA, PLANNING, House


@pytest.mark.parametrize("socket", [False, True], ids=["HTTP", "Socket Mode"])
async def test_a_person_can_connect_and_vote(house: House, socket: bool) -> None:
    async with started(house, socket=socket):
        await house.connect(ADA)
        await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
        card = await house.card("7 votes")

        await house.slack.press(ADA, card.id, "vote")

        await house.told(ADA, "is counted")
        await house.card("8 votes")
        assert bool(house.slack.sockets.open) == socket


async def test_socket_mode_survives_a_refresh_of_its_connection(house: House) -> None:
    async with started(house, socket=True):
        await house.connect(ADA)

        await house.slack.disconnect_sockets()
        await house.slack.until(lambda: house.slack.sockets.open, timeout=15, what="a new socket")

        await house.vote(ADA, "PLAT-12")
        await house.told(ADA, "is counted")


async def test_a_slack_in_trouble_at_the_start_is_asked_again(house: House) -> None:
    house.slack.faults.fail_next(
        "auth.test", status=500, body={"ok": False, "error": "fatal_error"}, times=2
    )
    process = await start(house)
    try:
        assert len([c for c in house.slack.calls if c.method == "auth.test"]) == 3
    finally:
        assert (await process.end())[0] == 0


@pytest.mark.parametrize("socket", [False, True], ids=["HTTP", "Socket Mode"])
async def test_sigterm_finishes_what_was_accepted(house: House, socket: bool) -> None:
    process = await start(house, socket=socket)
    await house.connect(ADA)
    # It has two seconds for all of it, and its calls follow each other.
    house.jira.faults.mode, house.jira.faults.slow_seconds = "slow", 0.15

    asked = [asyncio.create_task(house.vote(ADA, key)) for key in ("PLAT-12", "PLAT-13")]
    answers = await asyncio.gather(*asked)
    code, seconds = await process.end()

    assert [answer.status for answer in answers] == [200, 200]
    assert code == 0
    assert seconds < 10
    assert (house.jira.votes("PLAT-12"), house.jira.votes("PLAT-13")) == (8, 1)


async def test_sigterm_leaves_for_the_next_start_what_jira_does_not_take(house: House) -> None:
    process = await start(house)
    await house.connect(ADA)
    house.jira.faults.mode, house.jira.faults.slow_seconds = "slow", 30.0
    await house.vote(ADA, "PLAT-13")
    await house.jira.until(lambda: house.jira.faults.mode == "slow")

    code, seconds = await process.end()
    assert code == 0
    assert seconds < 10
    house.jira.faults.mode = "up"

    async with started(house):
        await house.votes("PLAT-13", 1)


async def test_a_second_process_on_the_same_file_is_refused(house: House) -> None:
    async with started(house) as first:
        second = await run(house, settings(house))

        words = await said(second)

        assert second.returncode == 2
        assert "Another pollbot already uses" in words
        assert "Traceback" not in words
        assert await health(first, until=200) == 200


@pytest.mark.parametrize(
    ("given", "sentences"),
    [
        ({}, ["SLACK_BOT_TOKEN is missing", "POLLBOT_JIRA_URL is missing"]),
        (
            {"SLACK_BOT_TOKEN": "xoxb-x", "POLLBOT_JIRA_URL": "https://a.example"},
            ["SLACK_SIGNING_SECRET or SLACK_APP_TOKEN"],
        ),
        (
            {"SLACK_BOT_TOKEN": "x", "SLACK_APP_TOKEN": "y", "POLLBOT_JIRA_URL": "acme"},
            [
                "SLACK_BOT_TOKEN cannot be used",
                "SLACK_APP_TOKEN cannot be used",
                "POLLBOT_JIRA_URL cannot be used",
            ],
        ),
    ],
)
async def test_a_start_that_cannot_work_says_why(
    house: House, given: dict[str, str], sentences: list[str]
) -> None:
    child = await run(house, given)

    words = await said(child)

    assert child.returncode == 2
    assert all(sentence in words for sentence in sentences)
    assert "Traceback" not in words
    assert list(Path(house.database.parent).glob("pollbot.db*")) == []


async def test_each_line_is_an_object_where_that_is_asked_for(house: House) -> None:
    house.slack.faults.fail_next(
        "auth.test", status=500, body={"ok": False, "error": "fatal_error"}
    )

    async with started(house, POLLBOT_LOG_FORMAT="json", POLLBOT_LOG_LEVEL="WARNING") as process:
        *_, last = [json.loads(line) for line in process.said_first.splitlines()]

    assert (last["level"], last["errand"], last["error"]) == ("INFO", "", "")
    assert last["message"] == f"pollbot is up (HTTP, port {process.port})"


async def test_why_it_does_not_start_is_an_object_where_that_is_asked_for(house: House) -> None:
    other = {"SLACK_BOT_TOKEN": "xoxb-of-somebody-else", "POLLBOT_LOG_FORMAT": "json"}

    child = await run(house, settings(house) | other)
    *_, last = [json.loads(line) for line in (await said(child)).splitlines()]

    assert child.returncode == 2
    assert last["level"] == "ERROR"
    assert "SLACK_BOT_TOKEN: Slack does not accept it (invalid_auth)" in last["message"]


async def test_a_bot_token_that_slack_refuses_ends_the_program_with_a_sentence(
    house: House,
) -> None:
    child = await run(house, settings(house) | {"SLACK_BOT_TOKEN": "xoxb-of-somebody-else"})
    words = await said(child)

    assert child.returncode == 2
    assert "SLACK_BOT_TOKEN: Slack does not accept it (invalid_auth)" in words
    assert "somebody-else" not in words
