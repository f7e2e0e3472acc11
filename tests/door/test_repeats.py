"""What Slack brings again counts once, and is answered as it was."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from hashlib import sha256

import pytest
from slack_bolt.response import BoltResponse

from pollbot.repeats import MOST, Repeats
from pollbot.wiring import Pollbot
from tests.support.house import ADA, PLANNING, House, nothing_waits, rest


async def by_command(house: House) -> None:
    await house.vote(ADA, "PLAT-13")


async def by_click(house: House) -> None:
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")
    card = await house.card("PLAT-13")
    await house.slack.press(ADA, card.id, "vote")


@pytest.mark.parametrize("vote", [by_command, by_click])
@pytest.mark.parametrize("restarted", [False, True], ids=["at once", "after a restart"])
@pytest.mark.parametrize("socket", [False, True], ids=["HTTP", "Socket Mode"])
async def test_a_vote_that_comes_again_after_it_was_withdrawn_does_not_vote(
    house: House, socket: bool, restarted: bool, vote: Callable[[House], Awaitable[None]]
) -> None:
    async with AsyncExitStack() as life:
        pollbot: Pollbot = await life.enter_async_context(house.program(socket=socket))
        await house.connect(ADA)
        await vote(house)
        first = house.slack.deliveries[-1]
        await house.votes("PLAT-13", 1)
        await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-13")
        await house.votes("PLAT-13", 0)
        await rest(house, pollbot)
        said = len(house.words(ADA))
        if restarted:
            await life.aclose()
            pollbot = await life.enter_async_context(house.program(socket=socket))

        again = await house.slack.deliver(first.body, kind=first.kind)

        assert (again.status, again.body) == (200, "")
        await nothing_waits(house, pollbot)
        assert house.jira.votes("PLAT-13") == 0
        assert len(house.words(ADA)) == said


async def test_help_that_is_asked_for_again_is_answered_again(house: House) -> None:
    async with house.program():
        first = await house.slack.command(ADA, PLANNING, "/pollbot", "help")

        again = await house.slack.deliver(house.slack.deliveries[-1].body, kind="slash_commands")

    assert (again.status, again.body) == (200, first.body)


# How long, and how many


class Told:
    """The time, as it is told."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def name(number: int) -> str:
    return sha256(str(number).encode()).hexdigest()


def words(number: int, length: int = 0) -> BoltResponse:
    return BoltResponse(status=200, body=f"{number}".ljust(length))


def silence() -> BoltResponse:
    return BoltResponse(status=200, body="")


def test_an_answer_is_known_for_an_hour_even_if_the_clock_is_set_back_and_not_for_a_day() -> None:
    clock = Told()
    known = Repeats(clock, 3600, silent=[name(0)])
    known.keep(name(1), words(1))
    for ahead in (1800.0, 3600.0, -90.0):
        clock.now = 1_000_000.0 + ahead
        told = known.answer(name(1))
        assert told is not None
        assert (told.status, told.body) == (200, "1")
        nothing = known.answer(name(0))
        assert nothing is not None
        assert (nothing.status, nothing.body) == (200, "")
    for _ in range(24):
        clock.now += 3601
        known.keep(name(2), words(2))

    assert known.answer(name(1)) is None
    assert known.answer(name(0)) is None


def test_of_a_crowd_the_younger_half_are_known_and_of_none_its_answer_as_another_one() -> None:
    most, known = MOST + MOST // 2, Repeats(Told(), 3600)
    for number in range(most):
        known.keep(name(number), words(number) if number % 50 == 0 else silence())

    found = {number: known.answer(name(number)) for number in range(most)}
    assert all(found[number] for number in range(most - MOST // 2, most))
    assert sum(one is not None for one in found.values()) <= MOST
    for number, one in found.items():
        assert one is None or one.body == (str(number) if number % 50 == 0 else "")


def test_long_answers_take_no_more_room_than_there_is() -> None:
    known = Repeats(Told(), 3600)
    for number in range(500):
        known.keep(name(number), words(number, 20_000))

    kept = [number for number in range(500) if known.answer(name(number)) is not None]
    assert 499 in kept
    assert 20 < len(kept) < 120
