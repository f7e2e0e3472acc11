"""A post by schedule comes at most once, whenever the process is killed around its time.

Ten kills by default; `KILLS=1000` in the environment makes it 1,000.
"""

import asyncio
import os
import random
import re
import signal
import sqlite3
import time
from contextlib import suppress

import pytest

from tests.e2e.process import start, started
from tests.support.house import ADA, PLANNING, House
from tests.support.schedules import schedule
from tests.support.torture import tries
from tests.support.tried import Tried

KILLS = int(os.environ.get("KILLS", tries(10, 100)))
PER_ROUND = 3


@pytest.mark.timeout(120 + 10 * KILLS)
async def test_no_scheduled_post_is_made_twice_and_none_is_lost_in_silence(
    house: House, tried: Tried
) -> None:
    chance = random.Random(KILLS)  # noqa: S311  chooses moments, guards nothing
    keys = [f"PLAT-{1000 + number}" for number in range(KILLS * PER_ROUND)]
    for key in keys:
        house.jira.add_issue(key, "to be posted")
    async with started(house):
        await house.connect(ADA)
        await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
        await schedule(house, await house.card("PLAT-12"), every="daily", at="09:00")

    for number in range(KILLS):
        # It takes a moment to start, so some are due before that and some after it.
        for key in keys[number * PER_ROUND : (number + 1) * PER_ROUND]:
            _arm(house, key, time.time() + chance.uniform(0.2, 1.1))
        house.slack.faults.mode = chance.choice(["up", "slow"])
        house.slack.faults.slow_seconds = chance.uniform(0.01, 0.1)
        process = await start(house)
        await asyncio.sleep(chance.uniform(0, 0.4))
        await process.end(signal.SIGKILL)

    house.slack.faults.mode = "up"
    async with started(house) as process:
        with suppress(AssertionError):
            await house.slack.until(
                lambda: all(_posts(house, key) or key in _told(house) for key in keys), timeout=60
            )
        await process.end()  # what is under way is finished
    async with started(house) as process:
        await process.end()  # nothing is left for this one
    posts = {key: _posts(house, key) for key in keys}
    told, lost = set(_told(house)), {key for key, made in posts.items() if made == 0}
    doubled = sum(made > 1 for made in posts.values())
    tried("kills: posts of schedules", len(keys), lost=len(lost - told), doubled=doubled)
    assert max(posts.values()) == 1, f"twice: {[key for key, made in posts.items() if made > 1]}"
    assert lost <= told, f"of {lost} not all were told"
    print(
        f"{KILLS} kills around {len(keys)} due times: {len(keys) - len(lost)} posted once, "
        f"0 twice, {len(lost)} not; the owner was told of these and of {len(told) - len(lost)} "
        "that were posted and not known to be"
    )


def _arm(house: House, key: str, due_at: float) -> None:
    """Have the votes of an issue posted at a moment, which a form could name only by the minute."""
    db = sqlite3.connect(house.database)
    with db:
        db.execute(
            "INSERT INTO schedules (id, team_id, site, owner, plan, made_at, next_at)"
            " SELECT ?, team_id, site, owner, replace(plan, 'PLAT-12', ?), made_at, ?"
            " FROM schedules WHERE id NOT LIKE 'of %'",
            (f"of {key}", key, due_at),
        )
    db.close()


def _posts(house: House, key: str) -> int:
    return sum(
        m.channel == PLANNING and m.text.startswith(f"{key}: ") for m in house.slack.messages
    )


def _told(house: House) -> list[str]:
    """Return the issues whose post may be missing, as their owner was told."""
    words = [str(m.blocks) for m in house.slack.messages if "may be in its" in m.text]
    return re.findall(r"/browse/(PLAT-\d+)\|", " ".join(words))
