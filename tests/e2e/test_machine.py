"""What befalls the machine under the real process: its disk, its file, its keys, its clock."""

import asyncio
import resource
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from pollbot.sandbox.slack import Answer
from tests.e2e.process import (
    PATIENCE,
    Process,
    health,
    run,
    said,
    settings,
    start_beside,
    started,
    trouble,
)
from tests.support.cluster import KEY
from tests.support.house import ADA, BEN, House, buttons
from tests.support.polls import action, answer, poll, until
from tests.support.schedules import lunch, next_at, schedule
from tests.support.tried import Tried

NOTHING_KEPT = "othing was saved"
SMALL = 8 * 1024**2
CLICKS = 12
DAY = 86400.0

Trouble = Callable[[Process, Path], AbstractContextManager[None]]


@pytest.fixture
def disk(tmp_path: Path, house: House) -> Iterator[Path]:
    """A small disk of its own with the database on it, where one can be had."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "pollbot", folder],  # noqa: S607
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("a disk of one's own needs the right to mount one")
    house.database = folder / "pollbot.db"
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)  # noqa: S607


@contextmanager
def full(process: Process, database: Path) -> Iterator[None]:
    """Leave no byte on the disk."""
    filler = database.with_name("filler")
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            pass
    yield
    filler.unlink()


@contextmanager
def at_its_limit(process: Process, database: Path) -> Iterator[None]:
    """Let none of its files grow."""
    limits = resource.prlimit(process.child.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.child.pid, resource.RLIMIT_FSIZE, (4096, limits[1]))
    yield
    resource.prlimit(process.child.pid, resource.RLIMIT_FSIZE, limits)


@contextmanager
def locked(process: Process, database: Path) -> Iterator[None]:
    """Have another program hold the file."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.parametrize("befalls", [at_its_limit, locked])
async def test_what_a_file_does_not_take_is_said_and_what_it_took_stays(
    house: House, befalls: Trouble, tried: Tried
) -> None:
    await _through(house, befalls, tried)


@pytest.mark.usefixtures("disk")
async def test_what_a_full_disk_does_not_take_is_said_and_what_it_took_stays(
    house: House, tried: Tried
) -> None:
    await _through(house, full, tried)


async def test_on_a_disk_that_only_reads_it_says_so_and_changes_nothing(
    house: House, disk: Path
) -> None:
    async with started(house) as process:
        await house.connect(ADA)
        await process.end()
    before = house.database.read_bytes()
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)  # noqa: S607

    child = await run(house, settings(house))
    words = await said(child)

    assert child.returncode == 2
    assert str(house.database) in words
    assert "Traceback" not in words
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)  # noqa: S607
    assert house.database.read_bytes() == before
    async with started(house):
        assert (await house.vote(ADA, "PLAT-13")).status == 200
        await house.votes("PLAT-13", 1)


async def _through(house: House, befalls: Trouble, tried: Tried) -> None:
    keys = [f"PLAT-{100 + number}" for number in range(CLICKS)]
    for key in keys:
        house.jira.add_issue(key, "to be voted on")
    async with started(house) as process:
        await house.connect(ADA)
        card = await poll(house, '"Lunch?" "Pizza" "Soup"')
        assert (await house.vote(ADA, "PLAT-13")).status == 200
        await house.votes("PLAT-13", 1)

        with befalls(process, house.database):
            answers = {key: await house.vote(ADA, key) for key in keys}
            pressed = await house.slack.press(ADA, card.id, action(card, "Pizza"))
            unwell = await health(process, until=503)
            why = await trouble(process)
        assert await health(process, until=200) == 200, await trouble(process)
        await answer(house, BEN, card, "Soup")
        assert (await house.vote(ADA, "PLAT-12")).status == 200
        await house.votes("PLAT-12", 8)
        kept = {key for key, one in answers.items() if _is_kept(one)}
        await house.jira.until(
            lambda: {key for key in keys if house.jira.votes(key)} >= kept, timeout=30
        )
        code, _ = await process.end()

    there = {key for key in keys if house.jira.votes(key)}
    tried(f"votes while the file is {befalls.__name__.replace('_', ' ')}", CLICKS,
          lost=len(kept - there), doubled=len(there - kept))  # fmt: skip
    assert [one.error for one in (*answers.values(), pressed)] == [None] * (CLICKS + 1)
    assert kept < set(keys), "nothing was refused, so nothing was tried"
    assert there == kept
    assert (unwell, "database" in why) == (503, True)
    assert code == 0
    assert "Traceback" not in process.said_first + process.said_then
    assert house.rows("PRAGMA integrity_check") == [("ok",)]


async def test_a_wrong_key_is_said_and_nothing_is_changed_by_it(house: House) -> None:
    async with started(house, POLLBOT_ENCRYPTION_KEYS=KEY) as process:
        await house.connect(ADA)
        await process.end()
    before = house.database.read_bytes()
    other = "A" * 43 + "="

    child = await run(house, settings(house) | {"POLLBOT_ENCRYPTION_KEYS": other})
    words = await said(child)

    assert child.returncode == 2
    assert "POLLBOT_ENCRYPTION_KEYS" in words
    assert other not in words
    assert "Traceback" not in words
    assert house.database.read_bytes() == before
    async with started(house, POLLBOT_ENCRYPTION_KEYS=KEY):
        assert (await house.vote(ADA, "PLAT-13")).status == 200
        await house.votes("PLAT-13", 1)


@pytest.mark.parametrize("ahead", [2 * DAY, -2 * DAY])
async def test_a_clock_that_jumps_closes_and_posts_nothing(
    house: House, tmp_path: Path, ahead: float, tried: Tried
) -> None:
    clock = tmp_path / "wrong_by"
    clock.write_text("0")
    program = Path(__file__).parent / "jumping.py"
    process = await start_beside(house, program, socket=True, JUMPS=str(clock))
    house.slack.events_url = None
    try:
        await house.connect(ADA)
        ending = await poll(house, f'{until(house, DAY / 2)} "Lunch?" "Pizza" "Soup"')
        tea = await lunch(house, text='"Tea?" "Yes" "No"')
        await schedule(house, tea, every="daily", at=_in_half_a_day(house))
        due = await next_at(house)
        posts = len(house.slack.messages)

        clock.write_text(str(ahead))
        assert "jumped by" in await _remark(process)
        await answer(house, BEN, ending, "Soup")
        clock.write_text("0")
        await answer(house, ADA, ending, "Pizza")
        assert await health(process, until=200) == 200

        assert "answer:1" in buttons(ending)
        assert await next_at(house) == due
        public = [m for m in house.slack.messages[posts:] if m.ephemeral_for is None]
        asked = [m.text for m in public if "Tea?" in m.text]
        tried("a jump of the clock by days", 1, lost=0, doubled=len(asked))
        assert asked == []
        chosen = house.rows("SELECT voter, option_id FROM answers ORDER BY voter")
        assert [voter for voter, _ in chosen] == sorted([ADA, BEN])
    finally:
        await process.end()
    assert "Traceback" not in process.said_then


async def _remark(process: Process) -> str:
    """Return what /healthz says once it has something to say of the clock."""
    give_up = time.monotonic() + PATIENCE
    while "clock" not in (words := await trouble(process)) and time.monotonic() < give_up:
        await asyncio.sleep(0.05)
    return words


def _is_kept(answer: Answer) -> bool:
    return answer.error is None and NOTHING_KEPT not in answer.body


def _in_half_a_day(house: House) -> str:
    return time.strftime("%H:%M", time.gmtime(house.clock() + DAY / 2))
