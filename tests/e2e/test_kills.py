"""What is acknowledged is kept, whatever happens to the process right afterwards.

Six kills by default; `KILLS=200` in the environment makes it 200.
"""

import asyncio
import os
import random
import signal
from collections import Counter
from contextlib import suppress

import pytest

from tests.e2e.process import start, started
from tests.support.house import ADA, BEN, PLANNING, House
from tests.support.polls import labels
from tests.support.torture import tries
from tests.support.tried import Tried

KILLS = int(os.environ.get("KILLS", tries(6, 100)))


@pytest.mark.timeout(120 + 10 * KILLS)
async def test_no_acknowledged_vote_is_lost_when_the_process_is_killed(
    house: House, tried: Tried
) -> None:
    chance = random.Random(KILLS)  # noqa: S311  chooses moments, guards nothing
    process = await start(house)
    await house.connect(ADA)
    await house.connect(BEN)
    await process.end()
    keys = [f"PLAT-{1000 + number}" for number in range(KILLS)]
    survivors = 0

    for key in keys:
        house.jira.add_issue(key, "to be voted on")
        process = await start(house)
        # Mostly Jira is away, so that the vote exists nowhere but on pollbot's disk.
        house.jira.faults.mode = chance.choice(["down", "down", "up"])
        answer = await house.vote(chance.choice([ADA, BEN]), key)
        assert answer.status == 200
        if chance.random() < 0.5:
            await asyncio.sleep(chance.uniform(0, 0.02))
        await process.end(signal.SIGKILL)
        survivors += house.jira.votes(key) == 0

    house.jira.faults.mode = "up"
    assert survivors > 0, "no kill came before Jira had the vote, so nothing was tried"
    async with started(house):
        with suppress(AssertionError):
            await house.jira.until(
                lambda: all(house.jira.votes(key) == 1 for key in keys), timeout=60
            )
    wrong = {key: house.jira.votes(key) for key in keys if house.jira.votes(key) != 1}
    lost = [key for key, votes in wrong.items() if not votes]
    tried("kills: votes", KILLS, lost=len(lost), doubled=len(wrong) - len(lost))
    print(f"{KILLS} kills, {survivors} votes that only the disk knew")
    assert wrong == {}


@pytest.mark.timeout(120 + 10 * KILLS)
async def test_each_poll_that_was_kept_is_made_once_however_often_the_process_is_killed(
    house: House, tried: Tried
) -> None:
    chance = random.Random(KILLS)  # noqa: S311  chooses moments, guards nothing
    process = await start(house)
    await house.connect(ADA)
    await process.end()
    titles = [f"Lunch {number}?" for number in range(KILLS // 2)]

    for title in titles:
        house.jira.faults.mode = "down"
        process = await start(house)
        answer = await house.slack.command(ADA, PLANNING, "/poll", f'PLAT-12 "{title}" "A" "B"')
        assert "is saved, and is made and posted by itself" in answer.body
        # Some of these kills come while polls of earlier rounds are being made.
        house.jira.faults.mode = chance.choice(["down", "up", "up"])
        await asyncio.sleep(chance.uniform(0, 0.05) if chance.random() < 0.5 else 2.0)
        await process.end(signal.SIGKILL)

    house.jira.faults.mode = "up"
    async with started(house):
        with suppress(AssertionError):
            await house.slack.until(
                lambda: all(_is_told(house, title) and _cards(house, title) for title in titles), 60
            )
    rows = house.rows("SELECT title FROM polls ORDER BY created_at")
    made = Counter(title for (title,) in rows)
    tried(
        "kills: polls that wait",
        len(titles),
        lost=len(set(titles) - made.keys()),
        doubled=sum(times > 1 for times in made.values()),
    )
    assert made == Counter(titles)
    assert [title for title in titles if not _is_told(house, title)] == []
    # Killed right after a card was posted, pollbot cannot know that Slack has it.
    assert {_cards(house, title) for title in titles} <= {1, 2}


def _is_told(house: House, title: str) -> bool:
    return any(f"*{title}*" in word and "is made." in word for word in house.words(ADA))


def _cards(house: House, title: str) -> int:
    return sum("More" in labels(m).values() and title in m.text for m in house.slack.messages)
