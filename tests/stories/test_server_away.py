"""The server that keeps the database is away: what people and operators hear, and what is kept."""

import asyncio
import logging
import os
from collections.abc import Iterator

import pytest

from pollbot.place import Server
from tests.support.cluster import KEY, Cluster, programs, running
from tests.support.house import ADA, BEN, House
from tests.support.polls import action, poll

NOTHING_KEPT = "nothing was saved or changed"


@pytest.fixture
def stoppable() -> Iterator[Cluster]:
    """A server of this test alone, since nobody else would like to see it stopped."""
    found = programs()
    if found is None:
        assert "CI" not in os.environ, "no PostgreSQL server is installed"
        pytest.skip("no PostgreSQL server is installed")
    with running(found) as cluster:
        yield cluster


async def test_while_the_server_is_away_clicks_hear_that_nothing_was_kept_and_then_all_goes_on(
    house: House, stoppable: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    place = Server(stoppable.make("pollbot"))
    async with house.program(database=place, encryption_keys=KEY) as pollbot:
        await house.connect(ADA)
        card = await poll(house, '"Lunch?" "Pizza" "Soup"')
        await house.vote(ADA, "PLAT-12")
        await house.votes("PLAT-12", 8)
        caplog.set_level(logging.INFO)

        await asyncio.to_thread(stoppable.stop)
        votes = [await house.vote(ADA, "PLAT-13") for _ in range(2)]
        press = await house.slack.press(BEN, card.id, action(card, "Soup"))
        health = await pollbot.health()
        stoppable.start()
        await house.slack.until(lambda: not pollbot._store.trouble, 30, what="the server")
        after = await house.vote(ADA, "PLAT-13")
        await house.votes("PLAT-13", 1)
        await house.slack.press(BEN, card.id, action(card, "Soup"))
        await house.slack.until(lambda: "1 answer" in card.text, what="the card's count")
        well = await pollbot.health()

    assert [one.error for one in (*votes, after)] == [None] * 3
    assert press.error == "pollbot answered with an error (503)"
    assert all(NOTHING_KEPT in one.body for one in votes)
    assert "database" in health
    assert well == {}
    said = [one.getMessage() for one in caplog.records if "database" in one.getMessage()]
    assert len(said) == 2, said
    assert "the database is away: it takes no changes" in said[0]
    assert "the database is back after" in said[1]
    assert not [one for one in caplog.records if one.exc_info]
