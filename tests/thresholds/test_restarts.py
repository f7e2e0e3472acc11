"""Thresholds over restarts: nothing is lost, nothing is told twice, an older copy tells nothing."""

import shutil
from pathlib import Path

import pytest

from pollbot.sandbox.slack import Message
from pollbot.store import copies
from tests.door.test_cut_off import copies_in
from tests.support.house import ADA, PLANNING, House, letters
from tests.support.team_voice import close_windows, team_voice
from tests.support.thresholds import look, tells, told, vote_in_jira

DAY = 86400.0


async def connected(house: House) -> None:
    await house.connect(ADA)
    await close_windows(house, ADA)


async def test_restarts_and_a_clock_that_is_set_tell_nothing_twice_and_lose_nothing(
    house: House,
) -> None:
    async with house.program() as pollbot:
        await connected(house)
        await tells(house, pollbot, "5 PLAT-13")
        vote_in_jira(house, "PLAT-13", 5)
    for step in (0.0, 2 * DAY, -DAY, 700.0):
        house.clock.ahead += step
        async with house.program() as pollbot:
            await look(house, pollbot)
            assert len(told(house)) == 1


@pytest.mark.of_files
async def test_an_older_copy_tells_nothing_again_and_its_owner_is_told(house: House) -> None:
    async with house.program() as pollbot:
        await connected(house)
        await tells(house, pollbot, "5 PLAT-13")
        await tells(house, pollbot, "9 PLAT-12")
        await look(house, pollbot)
        copy = house.database.with_name("copy.db")
        copies.back_up(house.database, copy)
        vote_in_jira(house, "PLAT-13", 5)
        await look(house, pollbot)
        assert len(told(house)) == 1
    for beside in ("-wal", "-shm"):
        house.database.with_name(house.database.name + beside).unlink(missing_ok=True)
    shutil.copy(copy, house.database)

    async with house.program() as pollbot:
        for _ in range(3):
            await look(house, pollbot)
        assert len(told(house)) == 1
        [word] = [one for one in letters(house, ADA) if "set back to an older copy" in one]
        assert "issues that reached at 5 votes on" in word
        # What reaches the number from then on is news.
        vote_in_jira(house, "PLAT-12", 9)
        await look(house, pollbot)
        assert len(told(house)) == 2


@pytest.mark.of_files
@pytest.mark.parametrize("channel", [PLANNING, None], ids=["a channel", "its owner"])
async def test_whenever_it_is_killed_it_is_told_once_or_its_owner_hears_that_nobody_knows(
    house: House, tmp_path: Path, channel: str | None
) -> None:
    async with team_voice(house) as voice:
        with copies_in(tmp_path / "cut", voice) as copied:
            async with house.program() as pollbot:
                await connected(house)
                await tells(house, pollbot, "5 PLAT-13", channel=channel)
                await look(house, pollbot)
                vote_in_jira(house, "PLAT-13", 5)
                copied.of = lambda: len(reached(house))
                await look(house, pollbot)
                copied.of = None
        [message] = reached(house)

    ways = []
    for there, folder in copied.taken:
        # As Slack was when that was written.
        house.slack.messages[:] = [
            one for one in house.slack.messages if "reached" not in one.text
        ] + [message] * there
        house.database = folder / "pollbot.db"
        async with house.program() as pollbot:
            for _ in range(2):
                await look(house, pollbot)
        doubts = [one for one in reached(house) if "Slack did not answer" in one.text]
        ways.append((len(reached(house)) - len(doubts), len(doubts)))
    # Killed between the claim and what is kept of Slack's answer, nobody knows.
    assert set(ways) == {(1, 0), (0, 1), (1, 1)} or set(ways) == {(1, 0), (0, 1)}, ways


def reached(house: House) -> list[Message]:
    """Return what was said of it, wherever."""
    return [one for one in house.slack.messages if "reached 5 votes" in one.text]
