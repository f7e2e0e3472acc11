"""Litestream itself copies the database continuously, as docs/operate.md says, with its limits.

``litestream`` comes with the packages for development. Where it cannot be had, these are skipped.
"""

import asyncio
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from pollbot.database import Store
from tests.e2e.process import ROOT, started
from tests.e2e.test_backup import answers, at_work, elsewhere, filled, pollbot
from tests.polls.test_keys import CLOSING, DORA, EVERYBODY, KEY, NOW, OPEN, answer
from tests.polls.test_keys import filled as filled_store
from tests.support.house import ADA, House
from tests.support.thief import Copy, all_in, named

BESIDE_PYTHON = Path(sys.executable).with_name("litestream")
LITESTREAM = str(BESIDE_PYTHON) if BESIDE_PYTHON.exists() else shutil.which("litestream")
pytestmark = pytest.mark.skipif(
    LITESTREAM is None and os.environ.get("CI") != "true", reason="litestream is not installed"
)


async def litestream(*words: str) -> tuple[int, str]:
    """Run a command of it; return its end and what it said."""
    child = await asyncio.create_subprocess_exec(
        str(LITESTREAM), *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    async with asyncio.timeout(20):
        out, _ = await child.communicate()
    return child.returncode or 0, out.decode()


@asynccontextmanager
async def followed(database: Path, replica: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Have Litestream follow the database for the length of a block, or until it is killed."""
    config = replica.with_name("litestream.yml")
    config.write_text(as_documented(database, replica))
    child = await asyncio.create_subprocess_exec(
        str(LITESTREAM),
        *("replicate", "-config", str(config)),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(20):
            while not list(replica.rglob("*.ltx")):
                await asyncio.sleep(0.05)
        yield child
    finally:
        if child.returncode is None:
            child.terminate()
        await child.wait()


def as_documented(database: Path, replica: Path) -> str:
    """Return the settings in docs/operate.md, for these paths."""
    page = (ROOT / "docs" / "operate.md").read_text()
    found = re.search(r"^    # /etc/litestream.yml\n((?:    .*\n)+)", page, re.MULTILINE)
    assert found is not None
    text = found[1].replace("/srv/pollbot/pollbot.db", str(database))
    return text.replace("/mnt/elsewhere/pollbot", str(replica))


async def restored(replica: Path, to: Path, *words: str) -> Path:
    """Return the replica as a database."""
    to.unlink(missing_ok=True)
    code, out = await litestream("restore", *words, "-o", str(to), f"file://{replica}")
    assert code == 0, out
    return to


async def has_come(replica: Path, people: set[str], to: Path) -> Path:
    """Return the replica as a database, once all of these people's answers are in it."""
    async with asyncio.timeout(20):
        while not people <= answers(await restored(replica, to)).keys():
            await asyncio.sleep(0.1)
    return to


@pytest.mark.timeout(120)
async def test_what_it_copied_goes_on_elsewhere_when_the_machine_is_lost(
    house: House, tmp_path: Path
) -> None:
    process, crowd = await filled(house)
    replica = tmp_path / "replica"
    house.jira.faults.mode = "down"
    async with followed(house.database, replica) as follower, at_work(crowd):
        assert (await house.vote(ADA, "PLAT-13")).status == 200
        await crowd.has_answered(20)
        known = set(crowd.answered)
        await has_come(replica, known, tmp_path / "looked at.db")
        # pollbot backup works beside it, and the database cannot be replaced under its eyes.
        code, _, err = await pollbot(house.database, "backup", str(tmp_path / "copy.db"))
        assert (code, err) == (0, "")
        process.kill()
        await process.end()
        code, _, err = await pollbot(house.database, "restore", str(tmp_path / "copy.db"))
        assert code == 1
        assert "another program has" in err
        follower.kill()
    copy = await restored(replica, tmp_path / "copied.db")
    house.database = elsewhere(house.database, tmp_path / "another machine")
    code, _, err = await pollbot(house.database, "restore", str(copy))

    assert (code, err) == (0, "")
    assert known <= answers(house.database).keys()
    house.jira.faults.mode = "up"
    async with started(house):
        await house.told(ADA, "your vote on PLAT-13")
        await house.vote(ADA, "PLAT-12")
        await house.votes("PLAT-12", 8)


# What is said of anonymous polls


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "there").mkdir()
    return tmp_path / "there"


async def states(replica: Path, to: Path) -> list[Copy]:
    """Return the database after each of the moments that the replica tells apart."""
    found: list[Copy] = []
    for path in sorted(replica.rglob("ltx/0/*.ltx")):
        _, _, txid = path.stem.partition("-")
        found.append({"copy": (await restored(replica, to, "-txid", txid)).read_bytes()})
    return found


def chosen(copy: Copy, to: Path, poll_id: str) -> set[tuple[str, str]]:
    to.write_bytes(copy["copy"])
    with closing(sqlite3.connect(to)) as db:
        return set(db.execute("SELECT voter, option_id FROM answers WHERE poll_id = ?", (poll_id,)))


@pytest.mark.timeout(120)
async def test_a_replica_names_nobody_but_the_log_stays_until_it_lets_go(
    folder: Path, tmp_path: Path
) -> None:
    store, replica = Store(folder / "pollbot.db", [KEY]), tmp_path / "replica"
    await filled_store(store)
    try:
        async with followed(folder / "pollbot.db", replica):
            await store.polls.close("T1", CLOSING, NOW + 1)
            await store.poll_keys.destroy_leftovers()

            assert store.poll_keys.leftovers, "SQLite's log cannot be emptied under its eyes"
            assert folder.joinpath("pollbot.db-wal").stat().st_size > 0
            await has_a_state(replica, tmp_path / "copy.db", "closed_at IS NOT NULL")
            copies = await states(replica, tmp_path / "copy.db")
            assert len(copies) >= 2
            assert named([*copies, all_in(folder)], EVERYBODY, [KEY]) == {DORA.user_id}
            assert named(copies, EVERYBODY, [KEY]) == set(), "no key goes there"
        await store.poll_keys.destroy_leftovers()

        assert not store.poll_keys.leftovers
        assert folder.joinpath("pollbot.db-wal").stat().st_size == 0
    finally:
        store.close()


@pytest.mark.timeout(120)
async def test_a_replica_tells_which_answer_came_when(folder: Path, tmp_path: Path) -> None:
    """The day this fails, docs/operate.md can say more for anonymous polls."""
    store, replica, copy = Store(folder / "pollbot.db", [KEY]), tmp_path / "replica", tmp_path / "c"
    await filled_store(store)
    try:
        async with followed(folder / "pollbot.db", replica):
            await answer(store, EVERYBODY[0], OPEN, "3", 30)
            await has_a_state(
                replica, copy, "(SELECT count(*) FROM answers WHERE poll_id = 'open') = 2"
            )
            before, after = [chosen(one, copy, OPEN) for one in await states(replica, copy)][-2:]
    finally:
        store.close()

    ((_, option),) = after - before
    assert option == "3", "whoever knows who clicked at that second knows what they chose"


async def has_a_state(replica: Path, to: Path, condition: str) -> None:
    """Wait until the newest state that was copied has a poll of which that is so."""
    query = f"SELECT 1 FROM polls WHERE {condition}"  # noqa: S608  written in this file
    async with asyncio.timeout(20):
        while True:
            with closing(sqlite3.connect(await restored(replica, to))) as db:
                if db.execute(query).fetchone():
                    return
            await asyncio.sleep(0.1)
