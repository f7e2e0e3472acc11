"""The restore drill: a backup in the midst of a crowd, put back on another machine.

``DRILLS=50`` in the environment makes that many of it.
"""

import asyncio
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from pollbot.sandbox.slack import Message
from tests.e2e.process import ROOT, Process, start, started
from tests.support.house import ADA, BEN, House
from tests.support.polls import action, poll
from tests.support.torture import tries

DRILLS = int(os.environ.get("DRILLS", tries(2, 20)))
CROWD = [f"U0CROWD{number:03}" for number in range(40)]
COMMAND = "import sys; from pollbot.cli import main; sys.exit(main())"


async def pollbot(database: Path, *words: str) -> tuple[int, str, str]:
    """Run a command of pollbot's with nothing set but the database; return its end and words."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        COMMAND,
        *words,
        env={"PATH": os.environ["PATH"], "POLLBOT_DATABASE": str(database)},
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        out, err = await child.communicate()
    return child.returncode or 0, out.decode(), err.decode()


class Crowd:
    """People who answer one after the other, a few at a time; ``answered`` are acknowledged."""

    def __init__(self, house: House, card: Message) -> None:
        self._house = house
        self._card = card
        self._buttons = [action(card, name) for name in ("Pizza", "Soup")]
        self.answered: dict[str, str] = {}
        self.refused: list[str] = []

    async def go_on(self) -> None:
        """Answer, and answer anew, until somebody cancels it."""
        for round_ in range(1000):
            for at in range(0, len(CROWD), 4):
                await asyncio.gather(*(self._answer(who, round_) for who in CROWD[at : at + 4]))

    async def _answer(self, who: str, round_: int) -> None:
        place = (CROWD.index(who) + round_) % 2
        answer = await self._house.slack.press(who, self._card.id, self._buttons[place])
        if (answer.status, answer.error) == (200, None):
            self.answered[who] = f"{place + 1} {round_}"
        else:
            self.refused.append(str(answer))

    async def has_answered(self, people: int) -> None:
        await self._house.slack.until(lambda: len(self.answered) >= people, timeout=20)

    async def has_gone_on(self, since: dict[str, int]) -> None:
        await self._house.slack.until(lambda: self.rounds() != since, timeout=20)

    async def answers_once(self, who: str) -> None:
        await self._house.slack.press(who, self._card.id, self._buttons[0])

    def rounds(self) -> dict[str, int]:
        """Return for everybody in which round they answered last."""
        return {who: int(one.split()[1]) for who, one in self.answered.items()}


@asynccontextmanager
async def at_work(crowd: Crowd) -> AsyncIterator[None]:
    going_on = asyncio.create_task(crowd.go_on())
    try:
        yield
    finally:
        going_on.cancel()
        await asyncio.gather(going_on, return_exceptions=True)


def answers(database: Path) -> dict[str, str]:
    with closing(sqlite3.connect(f"{database.as_uri()}?immutable=1", uri=True)) as db:
        return dict(db.execute("SELECT voter, option_id FROM answers"))


async def filled(house: House) -> tuple[Process, Crowd]:
    for who in CROWD:
        house.slack.add_person(who, who.title())
    process = await start(house)
    await house.connect(ADA)
    return process, Crowd(house, await poll(house, '"Lunch?" "Pizza" "Soup"'))


@pytest.mark.timeout(120 + 30 * DRILLS)
async def test_what_was_acknowledged_before_a_backup_began_is_there_when_it_is_put_back(
    house: House, tmp_path: Path
) -> None:
    process, crowd = await filled(house)
    house.jira.faults.mode = "down"
    drills: list[tuple[Path, set[str], dict[str, int]]] = []

    async with at_work(crowd):
        for number in range(DRILLS):
            key = f"PLAT-{1000 + number}"
            house.jira.add_issue(key, "to be voted on")
            assert (await house.vote(ADA, key)).status == 200
            await crowd.has_answered(12)
            known, rounds = set(crowd.answered), crowd.rounds()

            copy = tmp_path / f"{number}.db"
            code, out, err = await pollbot(house.database, "backup", str(copy))

            assert (code, err) == (0, ""), err
            assert "passed SQLite's check" in out
            drills.append((copy, known, rounds))
            await crowd.has_gone_on(rounds)
        code, _, err = await pollbot(house.database, "restore", str(copy))
        assert code == 1
        assert f"pollbot runs on {house.database}. Stop it first" in err
    await process.end(signal.SIGKILL)
    assert crowd.refused == [], "the crowd noticed nothing"

    first = house.database
    for number, (copy, known, rounds) in enumerate(drills):
        house.database = elsewhere(first, tmp_path / f"machine {number}")
        code, out, err = await pollbot(house.database, "restore", str(copy))
        assert (code, err) == (0, ""), err
        kept = answers(house.database)
        assert known <= kept.keys()
        with closing(sqlite3.connect(house.database)) as db:
            waiting = db.execute("SELECT issue_key FROM intents WHERE state = 'queued'").fetchall()
        assert len(waiting) == number + 1
        # Whoever went on afterwards may have been in the copy with either answer.
        still = {who for who in known if crowd.rounds()[who] == rounds[who]}
        assert all(kept[who] == crowd.answered[who].split()[0] for who in still)

    house.jira.faults.mode = "up"
    votes = {key: house.jira.votes(key) for key in ("PLAT-12", "PLAT-1000")}
    async with started(house):
        word = await house.told(ADA, "your vote on PLAT-1000")
        assert "set back to an older copy" in word.text + str(word.blocks)
        assert house.jira.votes("PLAT-1000") == votes["PLAT-1000"], "perhaps cast since"
        await house.vote(ADA, "PLAT-12")
        await house.votes("PLAT-12", votes["PLAT-12"] + 1)
        await crowd.answers_once(BEN)
        await house.told(BEN, "Your answer")


def elsewhere(database: Path, folder: Path) -> Path:
    """Return where the database is to be on a machine that has nothing but the key."""
    folder.mkdir()
    shutil.copy(database.with_name("pollbot.db.key"), folder / "pollbot.db.key")
    return folder / "pollbot.db"


async def test_a_backup_that_is_killed_leaves_nothing_that_looks_like_one(
    house: House, tmp_path: Path
) -> None:
    process, crowd = await filled(house)
    copy = tmp_path / "copy.db"
    async with at_work(crowd):
        for pause in (0.0, 0.1, 0.2, 0.3, 0.4):
            child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                COMMAND,
                *("backup", str(copy)),
                env={"POLLBOT_DATABASE": str(house.database)},
                cwd=ROOT,
                stdout=asyncio.subprocess.DEVNULL,
            )
            await asyncio.sleep(pause)  # a bounded wait: the kill comes anywhere
            if child.returncode is None:
                child.kill()
            await child.wait()
            if copy.exists():
                answers(copy)
                copy.unlink()

        assert (await pollbot(house.database, "backup", str(copy)))[0] == 0
    assert not list(tmp_path.glob("*.part*"))
    assert answers(copy).keys() >= set(CROWD[:1])
    await process.end()
