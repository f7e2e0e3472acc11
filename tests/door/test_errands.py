"""One id from a click to Jira's answer, in whatever part a line is logged, and over a restart."""

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.door.log import Log, logging_as
from tests.support import stored
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, rest
from tests.support.polls import action, answer, close, poll, window
from tests.support.schedules import an_issue, until_due
from tests.support.team_voice import close_windows, connect
from tests.support.thief import all_in, readable

FIELDS = ["at", "level", "logger", "errand", "message", "error"]
LUNCH = '"Lunch?" "Pizza" "Soup"'
CAST = "POST issue/votes: ok"
ID = re.compile(r"[\w-]{12}(?:\.\d+)?")


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    with logging_as(monkeypatch, "INFO", "json") as log:
        yield log


@pytest.fixture
def all_of_it(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    with logging_as(monkeypatch, "DEBUG", "json") as log:
        yield log


def records(log: Log) -> list[dict[str, Any]]:
    """Return what each line says, all of which have the same fields."""
    found = [json.loads(line) for line in log.lines]
    assert [record for record in found if list(record) != FIELDS] == []
    return found


def errand_of(log: Log, part: str) -> str:
    """Return the id of the one line with this in its message."""
    [found] = [one["errand"] for one in records(log) if part in one["message"]]
    assert ID.fullmatch(found), found
    return str(found)


def said_of(log: Log, errand: str) -> list[str]:
    """Return what was said under the id, without how long things took."""
    return [
        re.sub(r"^Jira at \S+: | after \d+ ms$", "", one["message"])
        for one in records(log)
        if one["errand"] == errand
    ]


# From a click to Jira


async def by_command(house: House, _: Message) -> None:
    await house.vote(BEN, "PLAT-12")


async def by_click(house: House, card: Message) -> None:
    await house.slack.press(BEN, card.id, "vote")


async def by_shortened_message(house: House, _: Message) -> None:
    await house.slack.command(BEN, PLANNING, "/pollbot", "vote PLAT-12")


VOTED = pytest.mark.parametrize(
    ("voted", "taken"),
    [
        (by_command, "command /vote"),
        (by_click, "button"),
        (by_shortened_message, "command /pollbot"),
    ],
)
Voted = Callable[[House, Message], Awaitable[None]]


@VOTED
async def test_one_id_leads_from_what_somebody_did_to_what_jira_answered(
    house: House, pollbot: Pollbot, log: Log, voted: Voted, taken: str
) -> None:
    await connect(house, ADA, BEN)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    card = await house.card("7 votes")
    await rest(house, pollbot)

    await voted(house, card)
    await house.votes("PLAT-12", 8)
    await rest(house, pollbot)

    errand = errand_of(log, CAST)
    assert said_of(log, errand) == [f"{taken}: ok", CAST, "vote on PLAT-12: counted"]


@VOTED
async def test_it_is_the_same_id_after_a_restart(
    house: House, log: Log, voted: Voted, taken: str
) -> None:
    async with house.program() as pollbot:
        await connect(house, ADA, BEN)
        await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
        card = await house.card("7 votes")
        await rest(house, pollbot)
        house.jira.faults.mode = "down"
        await voted(house, card)
        await house.told(BEN, "Queued")
    house.jira.faults.mode = "up"
    async with house.program() as pollbot:
        await house.votes("PLAT-12", 8)
        await rest(house, pollbot)

    errand = errand_of(log, CAST)
    assert f"{taken}: ok" in said_of(log, errand)
    assert said_of(log, errand)[-1] == "vote on PLAT-12: counted"


async def test_a_vote_that_waited_for_an_account_is_still_the_errand_of_who_asked_for_it(
    house: House, log: Log
) -> None:
    async with house.program() as pollbot:
        await house.vote(BEN, "PLAT-12")
        await house.told(BEN, "as soon as you are connected")
        await rest(house, pollbot)
    async with house.program() as pollbot:
        await connect(house, BEN)
        await house.votes("PLAT-12", 8)
        await rest(house, pollbot)

    assert errand_of(log, CAST) == errand_of(log, "command /vote:")


async def test_a_newer_wish_is_an_errand_of_its_own(house: House, log: Log) -> None:
    async with house.program():
        await connect(house, BEN)
        house.jira.faults.mode = "down"
        await house.vote(BEN, "PLAT-12")
        await house.told(BEN, "Queued")
        await house.slack.command(BEN, PLANNING, "/pollbot", "unvote PLAT-12")
        await house.vote(BEN, "PLAT-12")
        house.jira.faults.mode = "up"
        await house.votes("PLAT-12", 8)

    votes = [one["errand"] for one in records(log) if "command /vote:" in one["message"]]
    assert len(set(votes)) == 2
    assert errand_of(log, CAST) == votes[1]


async def test_what_jira_refuses_is_said_with_its_reason_and_nobodys_name(
    house: House, pollbot: Pollbot, log: Log
) -> None:
    await connect(house, BEN)
    await house.vote(BEN, "PLAT-7")
    await house.told(BEN, "PLAT-7")
    await rest(house, pollbot)

    said = said_of(log, errand_of(log, "refused (resolved)"))
    assert said[0] == "command /vote: ok"
    assert said[-1] == "vote on PLAT-7: refused (resolved)"
    assert BEN not in log.text


async def test_a_poll_that_waited_and_its_result_on_the_issue_keep_their_ids(
    house: House, log: Log
) -> None:
    async with house.program() as pollbot:
        await connect(house, ADA)
        house.jira.faults.mode = "down"
        await house.slack.command(ADA, PLANNING, "/poll", f"PLAT-12 {LUNCH}")
        await rest(house, pollbot)
        [(waiting,)] = house.rows("SELECT errand FROM waiting_polls")
    house.jira.faults.mode = "up"
    async with house.program() as pollbot:
        card = await house.card("Lunch?")
        assert house.rows("SELECT DISTINCT errand FROM cards") == [(waiting,)]
        await rest(house, pollbot)
        await close(house, ADA, card)
        await close_windows(house, ADA)
        await rest(house, pollbot)

    assert waiting == errand_of(log, "command /poll:")


# Without a click


async def test_each_due_time_of_a_schedule_has_an_id_of_its_own_which_its_tries_share(
    house: House, pollbot: Pollbot, all_of_it: Log
) -> None:
    await connect(house, ADA)
    await an_issue(house)
    seen: list[set[str]] = []
    for _ in range(2):
        await rest(house, pollbot)
        before, due = len(records(all_of_it)), house.rows("SELECT next_at FROM schedules")
        asked = len(house.jira.calls)
        house.jira.faults.fail_next("GET issue", 503)
        await until_due(house)
        await rest(house, pollbot)
        for _ in range(3):
            house.clock.ahead += 60
            await rest(house, pollbot)
        assert house.rows("SELECT next_at FROM schedules") != due
        looks = [call.status for call in house.jira.calls[asked:] if call.method == "GET"]
        assert looks[0] == 503
        assert 200 in looks
        new = records(all_of_it)[before:]
        seen.append({one["errand"] for one in new if "GET issue:" in one["message"]})

    assert [len(ids) for ids in seen] == [1, 1], seen
    assert seen[0] != seen[1]


# Who answers an anonymous poll is nobody's business


async def test_no_id_of_an_answer_is_anywhere_on_disk(house: House, all_of_it: Log) -> None:
    """So nothing that lies there, together with the log, tells of anybody that they answered."""
    async with house.program() as pollbot:
        card = await poll(house, f"anonymous comments {LUNCH}")
        await rest(house, pollbot)
    with stored.opened(house.database) as db:
        db.execute("DELETE FROM cards")  # so that the first who presses it brings it back
    async with house.program() as pollbot:
        before = len(records(all_of_it))
        for user, label in ((BEN, "Pizza"), (CLEO, "Soup"), (BEN, "Soup")):
            await answer(house, user, card, label)
        await house.slack.press(BEN, card.id, action(card, "Comment"))
        form = await window(house, BEN, '"callback_id": "comment')
        await house.slack.submit(BEN, form.id, {"comment": {"value": "no comment"}})
        seen = [readable([all_in(house.database.parent)])]
        await rest(house, pollbot)
        seen.append(readable([all_in(house.database.parent)]))
        new = records(all_of_it)[before:]
        ids = {one["errand"] for one in new if one["logger"] == "pollbot.desk"}
    seen.append(readable([all_in(house.database.parent)]))

    assert len(ids) >= 5
    on_disk = {one for one in ids for heap in seen for part in heap if one.encode() in part}
    assert on_disk == set()
    assert [line for line in all_of_it.lines if BEN in line or CLEO in line] == []


async def test_the_receipt_of_an_answer_whose_name_is_kept_has_its_id_over_a_restart(
    house: House, log: Log
) -> None:
    async with house.program() as pollbot:
        card = await poll(house, LUNCH)
        await rest(house, pollbot)
        before = len(records(log))
        house.slack.faults.mode = "429"
        await answer(house, BEN, card, "Soup")
        await rest(house, pollbot)
        [taken] = [one for one in records(log)[before:] if "button" in one["message"]]

        assert house.rows("SELECT errand FROM receipts") == [(taken["errand"],)]
