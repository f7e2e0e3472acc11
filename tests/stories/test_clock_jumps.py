"""The machine's clock is set wrong for a while: nothing is done by it that cannot be undone."""

import logging

import pytest

from pollbot.sandbox.slack import Message
from pollbot.told_time import ToldTime
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, House, buttons
from tests.support.polls import answer, poll, until
from tests.support.schedules import lunch, next_at, schedule

HOUR, DAY = 3600.0, 86400.0
MONTHS = 91 * DAY


@pytest.fixture(autouse=True)
def _at_noon(house: House) -> None:
    """Begin at noon, so that the daily time at which something is due is hours away."""
    house.clock.ahead = (12 * HOUR - house.clock() % DAY) % DAY


async def look(house: House, pollbot: Pollbot) -> dict[str, str]:
    """Have pollbot look at the clock, all of it; return its remarks."""
    for listener in house.clock.on_move:
        listener()
    await pollbot.health()
    await house.slack.until(lambda: pollbot.at_rest or None, what="rest")
    return pollbot.remarks()


async def jump(house: House, pollbot: Pollbot, seconds: float, *, stands: float) -> None:
    """Set the machine's clock wrong, and let time pass while it is."""
    house.clock.wrong += seconds
    await look(house, pollbot)
    house.clock.ahead += stands
    await look(house, pollbot)


@pytest.mark.parametrize(("ahead", "stands"), [(2 * DAY, 1.0), (MONTHS, 14.0), (-DAY, 30.0)])
async def test_a_clock_that_is_wrong_for_seconds_changes_nothing(
    house: House, caplog: pytest.LogCaptureFixture, ahead: float, stands: float
) -> None:
    caplog.set_level(logging.INFO)
    async with house.program() as pollbot:
        await house.connect(ADA)
        ending = await poll(house, f'anonymous {until(house, 3 * HOUR)} "Lunch?" "Pizza" "Soup"')
        await schedule(house, await lunch(house, text='"Tea?" "Yes" "No"'), every="daily")
        due, keys = await next_at(house), house.rows("SELECT count(*) FROM poll_keys")
        house.jira.faults.mode = "down"
        await house.vote(ADA, "PLAT-13")
        await house.told(ADA, "Queued")

        await jump(house, pollbot, ahead, stands=stands)
        doubted = pollbot.remarks()
        house.clock.wrong = 0.0
        right = await look(house, pollbot)
        house.jira.faults.mode = "up"

        await house.jira.until(lambda: house.jira.votes("PLAT-13") == 1, timeout=40)
        await answer(house, BEN, ending, "Soup")
        assert await next_at(house) == due
        assert house.rows("SELECT count(*) FROM poll_keys") == keys
        assert "answer:1" in buttons(ending)
    assert "jumped by" in doubted["clock"]
    assert right == {}
    assert caplog.text.count("the machine's clock jumped by") == 1
    assert "the clock is right again" in caplog.text


async def test_what_stands_for_a_minute_is_believed(house: House) -> None:
    async with house.program() as pollbot:
        card = await poll(house, f'{until(house, 3 * HOUR)} "Lunch?" "Pizza" "Soup"')

        await jump(house, pollbot, 4 * HOUR, stands=61.0)

        await house.slack.until(lambda: "answer:1" not in buttons(card) or None, what="an end")
        assert pollbot.remarks() == {}


async def test_a_pause_that_was_begun_by_a_clock_ahead_is_no_longer_for_that(house: House) -> None:
    async with house.program() as pollbot:
        await house.connect(ADA)
        await jump(house, pollbot, HOUR / 2, stands=61.0)
        house.jira.faults.mode = "down"
        await house.vote(ADA, "PLAT-13")
        await house.told(ADA, "Queued")
        house.jira.faults.mode = "up"

        await jump(house, pollbot, -HOUR / 2, stands=61.0)

        await house.jira.until(lambda: house.jira.votes("PLAT-13") == 1, timeout=5)


@pytest.mark.parametrize("restart", [False, True], ids=["running", "restarted"])
async def test_after_a_clock_that_was_ahead_for_long_nothing_waits_for_it(
    house: House, restart: bool
) -> None:
    async with house.program() as pollbot:
        await house.connect(ADA)
        card = await lunch(house)
        await schedule(house, card, every="daily")
        due = await next_at(house)
        await house.slack.command(ADA, "C0PLANNING", "/votes", "PLAT-13")
        issue = await house.card("Dark mode")
        await jump(house, pollbot, MONTHS, stands=120.0)
        assert await next_at(house) != due
        house.jira.faults.mode = "down"
        await house.vote(ADA, "PLAT-13")
        await house.told(ADA, "Queued")
        if not restart:
            await jump(house, pollbot, -MONTHS, stands=61.0)
            await back(house, pollbot, issue, due)
    if restart:
        house.clock.wrong = 0.0
        async with house.program() as pollbot:
            await back(house, pollbot, issue, due)


async def back(house: House, pollbot: Pollbot, issue: Message, due: float | None) -> None:
    house.jira.faults.mode = "up"
    await house.jira.until(lambda: house.jira.votes("PLAT-13") == 1, timeout=40)
    await house.slack.until(lambda: "1 vote" in issue.text or None, timeout=20)
    assert await next_at(house) == due


def test_time_that_is_told_follows_the_clock_but_not_its_jumps() -> None:
    wall, steady = [1000.0], [50.0]
    told = ToldTime(lambda: wall[0], lambda: steady[0])
    steps: list[float] = []
    told.on_step.append(steps.append)

    def after(seconds: float, *, jump: float = 0.0) -> float:
        steady[0] += seconds
        wall[0] += seconds + jump
        return told()

    assert after(10) == 1010
    assert after(10, jump=100) == 1120, "a clock that is adjusted is followed"
    assert after(10, jump=DAY) == 1130
    assert after(30) == 1160
    assert told.doubt
    assert after(10, jump=DAY) == 1170, "another jump is doubted for a minute of its own"
    assert after(55) == 1225
    assert steps == []
    assert after(6) == 1231 + 2 * DAY
    assert (steps, told.doubt) == ([2 * DAY], "")
    assert after(5, jump=-2 * DAY) == 1236 + 2 * DAY
    assert after(5, jump=2 * DAY) == 1241 + 2 * DAY
    assert (steps, told.doubt) == ([2 * DAY], "")
    assert after(5000) == 6241 + 2 * DAY, "time that passed is no jump"
