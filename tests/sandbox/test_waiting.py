"""Waiting skips pollbot's rest, and nothing else; time is what the tests themselves had."""

import asyncio
import selectors
import time
from typing import Any

import pytest

from pollbot.sandbox.slack import views_api
from pollbot.sandbox.waiting import until
from pollbot.wiring import Pollbot
from tests.support.house import ADA, PLANNING, Clock, House


def rest_until(clock: Clock, moment: float) -> None:
    """Let pollbot have nothing to do before ``moment``, and something from then on."""
    clock.rests_until = lambda: moment if clock() < moment else None


async def test_what_falls_due_in_time_is_there_at_once(clock: Clock) -> None:
    due = clock() + 50
    rest_until(clock, due)
    began = time.monotonic()

    assert await until(lambda: clock() >= due, 60, clock, lambda: "it never fell due")

    assert time.monotonic() - began < 10
    assert 49 < clock.ahead <= 50


async def test_several_rests_are_skipped_one_after_the_other(clock: Clock) -> None:
    last = clock() + 50
    clock.rests_until = lambda: min(clock() + 10, last)

    assert await until(lambda: clock() >= last - 1, 60, clock, lambda: "it never came")

    assert clock.ahead <= 50


async def test_what_falls_due_later_than_the_wait_is_not_waited_for(clock: Clock) -> None:
    due = clock() + 0.5
    rest_until(clock, due)

    with pytest.raises(AssertionError, match="not in time"):
        await until(lambda: clock() >= due, 0.1, clock, lambda: "not in time")

    assert clock.ahead == 0


async def test_rests_together_are_not_longer_than_the_wait(clock: Clock) -> None:
    clock.rests_until = lambda: clock() + 0.04

    with pytest.raises(AssertionError, match="never"):
        await until(lambda: False, 0.1, clock, lambda: "never")

    assert clock.ahead <= 0.1


async def test_a_pollbot_at_work_is_waited_for_in_real_time(clock: Clock) -> None:
    with pytest.raises(AssertionError, match="still at work"):
        await until(lambda: False, 0.1, clock, lambda: "still at work")

    assert clock.ahead == 0


async def test_a_clock_without_hands_is_waited_for_in_real_time() -> None:
    began = time.monotonic()

    with pytest.raises(AssertionError, match="too late"):
        await until(lambda: False, 0.1, time.time, lambda: "too late")

    assert time.monotonic() - began >= 0.1


async def test_what_a_machine_takes_for_itself_uses_up_no_wait(clock: Clock) -> None:
    looks = 0

    def comes_true() -> bool:
        nonlocal looks
        looks += 1
        time.sleep(0.05)
        return looks == 4

    assert await until(comes_true, 0.1, clock, lambda: "the machine was busy")


# The loop of all tests


async def test_no_patience_ends_while_a_machine_stands_still() -> None:
    async with asyncio.timeout(0.3):
        time.sleep(0.5)  # noqa: ASYNC251  as a machine does that has something else to do
        await asyncio.sleep(0.05)


async def test_time_passes_for_whoever_waits_and_for_whoever_computes() -> None:
    now, began = asyncio.get_running_loop().time, time.monotonic()
    started = now()
    await asyncio.to_thread(time.sleep, 0.2)
    waited = now() - started
    while time.monotonic() < began + 0.5:
        pass

    assert waited > 0.05
    assert waited + 0.02 < now() - started < 1


async def test_the_clock_of_a_house_goes_by_the_loop(house: House) -> None:
    began, steady = house.clock(), house.clock.steady()
    assert began == pytest.approx(time.time(), abs=5)

    time.sleep(0.5)  # noqa: ASYNC251
    assert house.clock() - began < 0.4
    assert house.clock() - began == pytest.approx(house.clock.steady() - steady, abs=0.05)

    house.clock.ahead += 60
    assert 60 <= house.clock() - began < 60.4


async def test_a_form_opens_though_the_machine_stands_still_for_long(
    house: House, pollbot: Pollbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack's three seconds, and pollbot's patience within them, are shorter here."""
    monkeypatch.setattr(views_api, "TRIGGER_SECONDS", 0.4)
    house.slack.ack_seconds = 0.4

    naps = iter((0.6, 0.6))
    house.slack.on_change.append(lambda: time.sleep(next(naps, 0.0)))

    answer = await house.slack.command(ADA, PLANNING, "/pollbot", "connect")
    await house.slack.until(lambda: house.slack.views, what="the form")

    assert answer.error is None


async def test_what_takes_the_loop_s_time_is_waited_for_in_the_loop_s_time(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    come: list[bool] = []
    select = selectors.DefaultSelector.select

    def with_a_busy_machine(selector: Any, timeout: float | None = None) -> Any:
        time.sleep(0.03)
        return select(selector, timeout)

    monkeypatch.setattr(selectors.DefaultSelector, "select", with_a_busy_machine)
    asyncio.get_running_loop().call_later(0.4, come.append, True)

    assert await until(lambda: come, 0.5, clock, lambda: "it was not waited for")
