"""A hostile member: what a signed payload claims beyond who sent it and from where.

Whatever a button remembers or a form keeps is taken as typed by the person who sends it.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from pollbot.sandbox.slack import Answer, Message, View
from pollbot.slack.clicks import PollsPageClick
from pollbot.slack.kit import actions, button
from pollbot.wiring import Pollbot
from tests.door.log import Log, logging_as
from tests.support import stored
from tests.support.house import ADA, BEN, CLEO, LEADS, PLANNING, House, rest, shown
from tests.support.polls import (
    action,
    answer,
    element,
    labels,
    manage,
    poll,
    poll_id,
    remembered,
    window,
)
from tests.support.schedules import form as schedule_form
from tests.support.schedules import listed, press, schedule
from tests.support.team_voice import close_windows, connect

LUNCH = '"Lunch?" "Pizza" "Soup"'


def kept(house: House) -> list[Any]:
    """Return what people have made and said, as it lies on disk."""
    return [
        house.rows(f"SELECT * FROM {table}")  # noqa: S608  names of tables
        for table in ("polls", "answers", "comments", "schedules", "waiting_polls", "accounts")
    ]


async def forged(house: House, who: str, card: Message, label: str, **changes: Any) -> Answer:
    """Press a button of the message whose memory somebody changed."""
    body = house.slack.click_body(who, card.id, action(card, label))
    pressed = body["actions"][0]
    pressed["value"] = json.dumps({**json.loads(pressed["value"]), **changes})
    return await house.slack.deliver(body, kind="interactive")


# Buttons

SOMEBODY_ELSE = [{name: BEN} for name in ("user", "user_id", "person", "voter", "by", "as")]
ELSEWHERE = [{name: "T0OTHER"} for name in ("team", "team_id")]


@pytest.mark.parametrize("label", ["Soup", "My answer"])
@pytest.mark.parametrize("claim", [*SOMEBODY_ELSE, *ELSEWHERE], ids=str)
async def test_a_button_that_names_somebody_else_is_none_of_ours(
    house: House, pollbot: Pollbot, label: str, claim: dict[str, str]
) -> None:
    card = await poll(house, LUNCH)
    await answer(house, BEN, card, "Pizza")
    await house.told(BEN, "Your answer to")
    await rest(house, pollbot)
    before = kept(house)

    await forged(house, CLEO, card, label, **claim)

    await house.told(CLEO, "from an older version")
    await rest(house, pollbot)
    assert kept(house) == before
    assert not any("Pizza" in words for words in house.words(CLEO))


@pytest.mark.parametrize("option", ["99", "0", "-1", "1' OR '1'='1", "Pizza"])
async def test_an_option_that_the_poll_does_not_have_is_no_answer(
    house: House, pollbot: Pollbot, option: str
) -> None:
    card = await poll(house, LUNCH)
    before = kept(house)

    await forged(house, CLEO, card, "Soup", option=option)

    await house.told(CLEO, "That option is not there any more")
    await rest(house, pollbot)
    assert kept(house) == before


async def test_a_receipt_cannot_be_made_to_choose_more_than_the_poll_allows(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, LUNCH)
    await answer(house, CLEO, card, "Pizza")
    receipt = await house.told(CLEO, "Your answer to")
    before = kept(house)

    await forged(house, CLEO, receipt, "Withdraw answer", options=["1", "2"])

    await house.told(CLEO, "This poll takes one answer, so yours was left as it was")
    await rest(house, pollbot)
    assert kept(house) == before


async def test_the_list_of_an_issue_that_one_may_not_see_is_not_shown(
    house: House, pollbot: Pollbot
) -> None:
    await connect(house, ADA, CLEO)
    await poll(house, f"PLAT-12 {LUNCH}")
    house.jira.issues["PLAT-12"].seen_by = {"acc-ada"}
    turn = PollsPageClick(kind="issue", subject="PLAT-12", page=0)
    message = house.slack.post(
        PLANNING, house.slack.bot_user_id, "-", [actions(button("-", turn))], ephemeral_for=CLEO
    )

    await house.slack.press(CLEO, message.id, turn.action_id)

    await house.told(CLEO, "does not show it to you")
    assert not any("Lunch?" in shown(m) for m in house.slack.messages if m.ephemeral_for == CLEO)


async def test_the_list_of_plain_polls_keeps_to_the_channel_that_slack_names(
    house: House, pollbot: Pollbot
) -> None:
    await poll(house, LUNCH, channel=LEADS)

    for claimed in ("", LEADS, "%"):
        turn = PollsPageClick(kind="plain", subject=claimed, page=0)
        message = house.slack.post(
            PLANNING, house.slack.bot_user_id, "-", [actions(button("-", turn))], ephemeral_for=CLEO
        )
        await house.slack.press(CLEO, message.id, turn.action_id)
        await rest(house, pollbot)

    seen = [m for m in house.slack.messages if m.ephemeral_for == CLEO]
    assert any("There are no polls" in m.text for m in seen), house.words(CLEO)
    assert not any("Lunch?" in m.text + shown(m) for m in seen)


# Forms

Opening = Callable[[House, Message], Awaitable[tuple[View, dict[str, Any]]]]


async def editing(house: House, mine: Message) -> tuple[View, dict[str, Any]]:
    form = await manage(house, CLEO, mine, "edit_poll", '"callback_id": "edit_poll"')
    return form, {"title": {element(form, "title"): "Dinner?"}}


async def sharing(house: House, mine: Message) -> tuple[View, dict[str, Any]]:
    form = await manage(house, CLEO, mine, "poll_owners", "Co-owners")
    return form, {"owners": {"value": [CLEO]}}


async def reopening(house: House, mine: Message) -> tuple[View, dict[str, Any]]:
    await manage(house, CLEO, mine, "close_poll", "takes no more answers")
    return await manage(house, CLEO, mine, "reopen_poll", '"callback_id": "reopen_poll_form"'), {}


async def rescheduling(house: House, mine: Message) -> tuple[View, dict[str, Any]]:
    await schedule(house, mine, user=CLEO, every="daily", at="09:00")
    await press(house, CLEO, await listed(house, CLEO), "Edit")
    return await schedule_form(house, CLEO), {}


@pytest.mark.parametrize("opening", [editing, sharing, reopening, rescheduling])
async def test_a_form_of_ones_own_does_nothing_to_what_is_anothers(
    house: House, pollbot: Pollbot, opening: Opening
) -> None:
    theirs = await poll(house, LUNCH, user=BEN)
    await schedule(house, theirs, user=BEN, every="weekly", at="10:00")
    schedule_id = str(remembered(await listed(house, BEN), "schedule"))
    mine = await poll(house, '"Tea?" "Green" "Black"', user=CLEO)
    if opening is reopening:
        await manage(house, BEN, theirs, "close_poll", "takes no more answers")
    form, values = await opening(house, mine)
    await rest(house, pollbot)
    before = kept(house)
    memory = json.loads(form.view["private_metadata"])
    claimed = {"poll": poll_id(theirs), "schedule": schedule_id}
    form.view["private_metadata"] = json.dumps(
        {name: claimed.get(name, value) for name, value in memory.items()}
    )
    assert form.view["private_metadata"] != json.dumps(memory)

    sent = await house.slack.submit(CLEO, form.id, values)

    assert "Nothing was changed" in str(sent.json), sent
    await rest(house, pollbot)
    assert kept(house) == before


async def test_a_schedule_about_a_poll_that_one_may_not_see_is_not_made(
    house: House, pollbot: Pollbot
) -> None:
    await connect(house, ADA, CLEO)
    hidden = await poll(house, f"PLAT-12 {LUNCH}")
    mine = await poll(house, 'here "Tea?" "Green" "Black"', user=CLEO)
    house.jira.issues["PLAT-12"].seen_by = {"acc-ada"}
    await press(house, CLEO, mine, "Schedule results")
    form = await schedule_form(house, CLEO)
    memory = {**json.loads(form.view["private_metadata"]), "subject": poll_id(hidden)}
    form.view["private_metadata"] = json.dumps(memory)

    sent = await house.slack.submit(CLEO, form.id, {})

    assert "does not show it to you" in str(sent.json), sent
    assert house.rows("SELECT * FROM schedules") == []


async def test_a_schedule_of_nothing_is_not_made(house: House, pollbot: Pollbot) -> None:
    mine = await poll(house, LUNCH, user=CLEO)
    await press(house, CLEO, mine, "Schedule results")
    form = await schedule_form(house, CLEO)
    memory = {**json.loads(form.view["private_metadata"]), "what": "ask"}
    form.view["private_metadata"] = json.dumps(memory)

    sent = await house.slack.submit(CLEO, form.id, {})

    assert "from another version" in str(sent.json), sent
    assert house.rows("SELECT * FROM schedules") == []


# Addresses


@asynccontextmanager
async def a_strangers_server() -> AsyncIterator[tuple[str, list[str]]]:
    """Serve an address that is none of Slack's; yield it, and what was sent there."""
    got: list[str] = []

    async def listen(request: web.Request) -> web.Response:
        got.append(await request.text())
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", listen)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    try:
        yield f"127.0.0.1:{port}", got
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    "address",
    [
        "http://{server}/actions/T1/2/3",
        "http://localhost:{port}/",
        "http://hooks.slack.com@{server}/",
        "http://{server}/https://hooks.slack.com/actions/",
        "http://[::ffff:127.0.0.1]:{port}/",
    ],
)
@pytest.mark.parametrize("words", ["anonymous", ""], ids=["anonymous", "with names"])
async def test_what_somebody_answered_goes_to_no_address_but_slacks(
    house: House, pollbot: Pollbot, words: str, address: str
) -> None:
    """Whoever knows the signing secret can send anything in anybody's name, but learns nothing."""
    card = await poll(house, f"{words} {LUNCH}")
    await answer(house, BEN, card, "Pizza")
    await house.told(BEN, "Your answer to")
    async with a_strangers_server() as (server, got):
        for label in ("My answer", "Soup"):
            body = house.slack.click_body(BEN, card.id, action(card, label))
            body["response_url"] = address.format(server=server, port=server.rpartition(":")[2])
            await house.slack.deliver(body, kind="interactive")
        await house.slack.until(lambda: "Soup 1" in card.text or bool(words), what=card.text)
        await rest(house, pollbot)

        assert got == []


async def test_what_somebody_answered_is_not_taken_on_to_another_address(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, f"anonymous {LUNCH}")
    async with a_strangers_server() as (server, got):
        to_stranger = {"Location": f"http://{server}/"}
        house.slack.faults.fail_next("response_url", 307, "", to_stranger, times=4)
        await answer(house, BEN, card, "Pizza")
        await house.slack.press(BEN, card.id, action(card, "My answer"))
        await house.slack.until(lambda: len(house.slack.hook_posts) >= 2, what="two receipts")
        await rest(house, pollbot)

        assert got == []


# What others read


@pytest.fixture(params=["INFO", "DEBUG"])
def log(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    with logging_as(monkeypatch, request.param) as log:
        yield log


async def test_a_reader_of_the_log_learns_of_nobody_that_they_answered(
    house: House, log: Log
) -> None:
    async with house.program() as pollbot:
        card = await poll(house, f"anonymous comments {LUNCH}")
        house.slack.faults.fail_next("response_url", 404, "expired_url", times=2)
        for user, label in ((BEN, "Pizza"), (CLEO, "Soup"), (BEN, "Soup")):
            await answer(house, user, card, label)
            await house.slack.press(user, card.id, action(card, "My answer"))
        await house.slack.press(BEN, card.id, action(card, "Comment"))
        form = await window(house, BEN, '"callback_id": "comment')
        await house.slack.submit(BEN, form.id, {"comment": {"value": "no comment"}})
        await close_windows(house, BEN)
        await rest(house, pollbot)
    async with house.program() as pollbot:
        stored.lose_poll_keys(house.database)
    async with house.program() as pollbot:
        await answer(house, CLEO, card, "Pizza")
        await house.told(CLEO, "is anonymous")
        await manage(house, ADA, card, "close_poll", "takes no more answers")
        await answer_late(house, BEN, card)
        await rest(house, pollbot)

    assert [line for line in log.lines if BEN in line or CLEO in line] == []


async def answer_late(house: House, user: str, card: Message) -> None:
    body = house.slack.click_body(user, card.id, next(iter(labels(card))))
    await house.slack.deliver(body, kind="interactive")
