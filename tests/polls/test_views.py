"""A way to see results is registered once, and is offered wherever there are several."""

import pytest

from pollbot.polls.results import blocks as views
from pollbot.polls.rooms import Room
from pollbot.polls.rules import Poll
from pollbot.polls.tally import Results
from pollbot.sandbox.slack import Message
from pollbot.slack.kit import Block, section
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, House, rest, shown
from tests.support.polls import answer
from tests.support.schedules import form, line, lunch, press, schedule, until_due


def podium(poll: Poll, results: Results, room: Room) -> list[Block]:
    first = max(results.lines, key=lambda line: line.answers or 0)
    return [section(f":trophy: {first.option.title} stands on top")]


async def test_a_view_that_is_registered_appears_everywhere(
    house: House, pollbot: Pollbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(views.RESULT_VIEWS, "podium", podium)
    card = await lunch(house)
    await answer(house, BEN, card, "Soup")
    await rest(house, pollbot)

    await house.slack.command(ADA, card.channel, "/poll", "list")
    listed = await house.told(ADA, "Lunch?")
    await press(house, ADA, listed, "Results")
    results = await _seen(house, "\nPodium")
    assert {"Table", "Chart", "Pie", "Podium"} <= {*shown(results).split("\n")}
    await press(house, ADA, results, "Podium")
    assert "Soup stands on top" in shown(await _seen(house, "stands on top"))

    await press(house, ADA, card, "Schedule results")
    opened = str((await form(house)).view)
    assert all(f"'{view}'" in opened for view in views.RESULT_VIEWS)
    for open_ in list(house.slack.views.values()):
        await house.slack.close(ADA, open_.id)
    await schedule(house, card, every="daily", at="09:00", view="podium")
    assert "as Podium" in await line(house)
    await until_due(house)
    post = await house.slack.until(
        lambda: next((m for m in house.slack.messages if _is_post(m)), None), what="the post"
    )
    assert "Soup stands on top" in shown(post)


async def _seen(house: House, part: str) -> Message:
    """Return what Ada alone sees that shows this."""
    return await house.slack.until(
        lambda: next(
            (m for m in house.slack.messages if m.ephemeral_for == ADA and part in shown(m)), None
        ),
        what=f"{part} for Ada",
    )


def _is_post(message: Message) -> bool:
    return message.ephemeral_for is None and "stands on top" in shown(message)
