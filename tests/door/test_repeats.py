"""What Slack brings again counts once, and is answered as it was."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

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
