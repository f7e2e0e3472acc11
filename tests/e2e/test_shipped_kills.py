"""Everybody who voted is told once that the issue is resolved, however often the process is killed.

Forty are to be told, with six kills, by default; 500 with 20 by `TORTURE=1`.
"""

import asyncio
import os
import random
import signal
import sqlite3
from functools import partial

import pytest

from pollbot.jira.client import basic
from pollbot.store.vault import Vault, keys_found
from tests.e2e.process import start, started
from tests.support.house import ADA, PLANNING, House, letters
from tests.support.torture import tries
from tests.support.tried import Tried

KILLS = int(os.environ.get("KILLS", tries(6, 20)))
VOTERS = int(os.environ.get("VOTERS", tries(40, 500)))
KEY = "PLAT-13"


@pytest.mark.timeout(180 + 20 * KILLS + 4 * VOTERS)
async def test_each_voter_is_told_once_that_the_issue_is_resolved(
    house: House, tried: Tried
) -> None:
    chance = random.Random(KILLS)  # noqa: S311  chooses moments, guards nothing
    voters = [f"U0VOTER{number:03}" for number in range(VOTERS + 2 * (VOTERS // 10))]
    withdrew, muted = set(voters[::12]), set(voters[6::12])
    async with started(house):
        await house.connect(ADA)
    _arrive(house, voters)

    async with started(house):
        for user in voters:
            assert (await house.vote(user, KEY)).status == 200
        # Jira takes 100 writes to one issue in half a minute.
        await house.jira.until(
            lambda: house.jira.votes(KEY) == len(voters), timeout=60 + VOTERS, what="their votes"
        )
        for user in sorted(withdrew):
            await house.slack.command(user, PLANNING, "/unvote", KEY)
        for user in sorted(muted):
            await _mute(house, user)
        await house.slack.until(
            lambda: _kept(house) == len(voters) - len(withdrew) - len(muted),
            timeout=120 + VOTERS,
            what="what is kept of the votes",
        )

    house.jira.resolve(KEY)
    _arm(house)
    told_at_kills = []
    for _ in range(KILLS):
        house.slack.faults.mode = "slow"
        house.slack.faults.slow_seconds = chance.uniform(0.02, 0.2)
        process = await start(house)
        # Killed while it tells the next ones, and others after them.
        some_more = _told(house, voters) + chance.randint(1, max(1, VOTERS // (2 * KILLS)))
        await house.slack.until(
            partial(_are_told, house, voters, some_more), timeout=90, what="some more of them told"
        )
        if chance.random() < 0.5:
            await asyncio.sleep(chance.uniform(0.0, 0.1))
        await process.end(signal.SIGKILL)
        told_at_kills.append(_told(house, voters))
    house.slack.faults.mode = "up"

    async with started(house):
        await house.slack.until(
            lambda: _kept(house) == 0 or None, timeout=120 + VOTERS, what="nobody left to tell"
        )
    said = {user: sum("is resolved" in one for one in letters(house, user)) for user in voters}
    twice = {user for user, times in said.items() if times > 1}
    untold = set(voters) - withdrew - muted - {user for user, times in said.items() if times}
    tried("kills: words to voters", len(voters), lost=len(untold), doubled=len(twice))
    assert twice == set()
    assert {user for user, times in said.items() if times} == set(voters) - withdrew - muted
    print(
        f"{KILLS} kills, told by then {told_at_kills}; of {len(voters)} voters"
        f" {sum(said.values())} were told once, {len(withdrew)} had withdrawn, {len(muted)} muted"
    )


def _arrive(house: House, voters: list[str]) -> None:
    """Let people come who are connected already: to connect by the form takes each its time."""
    keys = keys_found(house.database)
    assert keys is not None
    vault = Vault(keys)
    db = sqlite3.connect(house.database)
    with db:
        for user in voters:
            email, account = f"{user.lower()}@example.com", f"acc-{user.lower()}"
            house.slack.add_person(user, user.title())
            house.jira.add_person(account, user.title(), email, token=user)
            db.execute(
                "INSERT INTO accounts (team_id, user_id, site, account_id, display_name, base_url,"
                " credential, connected_at) SELECT team_id, ?, site, ?, ?, base_url, ?,"
                " connected_at FROM accounts WHERE user_id = ?",
                (user, account, user.title(), vault.seal(basic(email, user)), ADA),
            )
    db.close()


async def _mute(house: House, user: str) -> None:
    await house.slack.command(user, PLANNING, "/pollbot", "shipped")
    said = next(
        m
        for m in reversed(house.slack.messages)
        if m.ephemeral_for == user and "mute_shipped" in str(m.blocks)
    )
    button = next(
        element
        for block in said.blocks
        for element in block.get("elements", ())
        if str(element.get("action_id")).startswith("mute_shipped")
    )
    await house.slack.press(user, said.id, button["action_id"])


def _arm(house: House) -> None:
    """Have the issue looked at now, and not in ten minutes."""
    db = sqlite3.connect(house.database)
    with db:
        db.execute("UPDATE voted_issues SET due_at = 0")
    db.close()


def _kept(house: House) -> int:
    [(count,)] = house.rows("SELECT count(*) FROM cast_votes")
    return int(count)


def _are_told(house: House, voters: list[str], some: int) -> bool:
    """Return whether so many are told, or all that are to be."""
    return _told(house, voters) >= some or _kept(house) == 0


def _told(house: House, voters: list[str]) -> int:
    return sum(any("is resolved" in one for one in letters(house, user)) for user in voters)
