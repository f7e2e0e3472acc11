"""Databases that earlier versions wrote, each brought up to date and used.

``released/`` holds one for each change of the tables; what they are is in its README.
"""

import os
import re
import resource
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from pollbot.database import Store
from pollbot.errors import StartError
from pollbot.people import Person
from pollbot.store.migrations import migrations
from tests.store.released.story import KEY, NOBODYS_SITE
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, rest, shown
from tests.support.thief import all_in, named

RELEASED = sorted((Path(__file__).parent / "released").glob("*.sql"))
FROM = pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
with closing(sqlite3.connect(":memory:")) as _empty:
    STEPS = [step.name for step in migrations.pending(Database(_empty))]
SINCE_OWN_KEYS = STEPS.index("parted_for_good") + 1


def steps_in(released: Path) -> int:
    return int(released.stem.partition("_")[0])


def test_none_is_left_out_up_to_the_newest() -> None:
    """Two steps that came in one version have one; those after the newest were in none yet."""
    every = [f"{place:02}_{step}" for place, step in enumerate(STEPS, 1) if step != "queues"]
    found = [path.stem for path in RELEASED]

    assert len(found) >= 18
    assert found == every[: len(found)]


def schema(db: sqlite3.Connection) -> dict[str, str]:
    return dict(
        db.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE ?",
            ["%_sqlite_%"],
        )
    )


@FROM
def test_its_steps_are_still_the_same(released: Path) -> None:
    """A step that was applied anywhere is never changed: whoever has it would have other tables."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as now:
        place = steps_in(released)
        migrations.apply(Database(now), stop_before=STEPS[place] if place < len(STEPS) else None)
        with closing(sqlite3.connect(":memory:")) as then:
            then.executescript(released.read_text())

            assert schema(then) == schema(now)


def put(house: House, released: Path) -> list[str]:
    """Have the house's database be this one, a minute later; return all that is in it."""
    text = released.read_text().replace(NOBODYS_SITE, house.jira.site_url)
    with closing(sqlite3.connect(house.database)) as db:
        db.executescript(text)
        content = list(db.iterdump())
        (made_at,) = db.execute("SELECT max(asked_at) FROM intents").fetchone()
        mark = (
            steps_in(released) > STEPS.index("mark")
            and db.execute("SELECT name, count FROM mark").fetchone()
        )
    house.clock.ahead = made_at + 60 - time.time()
    for end, held in re.findall(r"^-- (\S+): (.*)$", text, re.MULTILINE):
        house.database.with_name(f"pollbot.db.{end}").write_text(held)
    if mark:
        house.database.with_name("pollbot.db.mark").write_text(f"{mark[0]:16} {mark[1]:020}\n")
    return content


@FROM
async def test_it_is_brought_up_to_date_and_goes_on(house: House, released: Path) -> None:
    was, place = put(house, released), steps_in(released)
    answers = [] if place == 1 else house.rows("SELECT option_id FROM answers ORDER BY poll_id, 1")

    async with house.program(encryption_keys=KEY) as pollbot:
        assert "database" not in pollbot.remarks(), "it is no older copy"
        assert "poll keys" not in pollbot.remarks()
        # A vote that waited for Jira is cast, with a token that the version then has sealed.
        await house.votes("PLAT-13", 1)
        await house.told(ADA, "is counted")
        await house.slack.command(ADA, PLANNING, "/vote", "PLAT-12")
        await house.votes("PLAT-12", 8)
        if place > 1:
            listed = await a_list(house, "list here") + await a_list(house, "list")
            assert "Lunch?" in listed
            assert "3 answers" in listed
            assert "Leaving?" in listed
        if place >= STEPS.index("schedules") + 1:
            await house.slack.command(ADA, PLANNING, "/pollbot", "schedules")
            assert "Results of *Lunch?*" in shown(house.slack.visible_to(ADA, PLANNING)[-1])
        await rest(house, pollbot)

    with (
        closing(sqlite3.connect(house.database)) as db,
        closing(sqlite3.connect(":memory:")) as new,
    ):
        migrations.apply(Database(new))
        assert schema(db) == schema(new)
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    if place > 1:
        assert house.rows("SELECT option_id FROM answers ORDER BY poll_id, 1") == answers
    kept = list(house.database.parent.glob("*.before-*"))
    assert [path.name for path in kept] == [
        f"pollbot.db.before-{step}" for step in STEPS[place:][:1]
    ]
    for path in kept:
        with closing(sqlite3.connect(path)) as db:
            if place >= SINCE_OWN_KEYS:
                assert list(db.iterdump()) == was
            people = [Person(house.slack.team_id, who) for who in (ADA, BEN, CLEO)]
            assert named([{"copy": path.read_bytes()}], people, [KEY]) == set()
            assert (place == 1) == (named([all_in(house.database.parent)], people, [KEY]) == set())


async def a_list(house: House, words: str) -> str:
    await house.slack.command(ADA, PLANNING, "/poll", words)
    return shown(house.slack.visible_to(ADA, PLANNING)[-1])


# The copy that is made before


def an_old_one(tmp_path: Path, *, before: str) -> Path:
    path = tmp_path / "pollbot.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        migrations.apply(Database(db), stop_before=before)
        db.execute("INSERT INTO beats (name, at) VALUES ('health', 1.0)")
    return path


def test_a_new_database_and_one_that_is_up_to_date_need_no_copy(tmp_path: Path) -> None:
    for _ in range(2):
        Store(tmp_path / "pollbot.db", [KEY]).close()

    assert not list(tmp_path.glob("*.before-*"))


def test_the_newest_few_copies_are_kept(tmp_path: Path) -> None:
    path = an_old_one(tmp_path, before="counts")
    mine = tmp_path / "pollbot.db.before-christmas.part"
    mine.touch()
    for age, step in enumerate(("receipts", "found", "issues", "asked")):
        old = tmp_path / f"pollbot.db.before-{step}"
        old.touch()
        os.utime(old, (1000.0 - age, 1000.0 - age))

    Store(path, [KEY]).close()

    assert {one.name for one in tmp_path.glob("*.before-*")} - {mine.name} == {
        "pollbot.db.before-counts",
        "pollbot.db.before-receipts",
        "pollbot.db.before-found",
    }


def test_a_start_that_fails_again_and_again_keeps_one_copy_of_each_state(tmp_path: Path) -> None:
    path = an_old_one(tmp_path, before="mark")
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE counts (mine TEXT)")

    for _ in range(3):
        with pytest.raises(StartError, match=r"the step counts failed .* left nothing behind"):
            Store(path, [KEY])

    kept = {one.name for one in tmp_path.glob("*.before-*")}
    assert kept == {"pollbot.db.before-mark", "pollbot.db.before-counts"}
    with closing(sqlite3.connect(tmp_path / "pollbot.db.before-mark")) as db:
        assert db.execute("SELECT * FROM beats").fetchall() == [("health", 1.0)]
        assert "mark" not in schema(db)


def test_without_room_for_the_copy_nothing_is_changed_and_nothing_starts(tmp_path: Path) -> None:
    path = an_old_one(tmp_path, before="mark")
    before = path.read_bytes()
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size // 2, was[1]))
    try:
        with pytest.raises(StartError, match=r"cannot be made before .* Nothing in it was changed"):
            Store(path, [KEY])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)

    with closing(sqlite3.connect(path)) as db:
        assert "mark" not in schema(db)
        assert db.execute("SELECT * FROM beats").fetchall() == [("health", 1.0)]
    assert len(path.read_bytes()) == len(before)
    assert not list(tmp_path.glob("*.before-*"))
    Store(path, [KEY]).close()
    assert list(tmp_path.glob("*.before-mark"))


def test_a_damaged_database_is_not_changed_but_to_be_replaced(tmp_path: Path) -> None:
    path = an_old_one(tmp_path, before="mark")
    with closing(sqlite3.connect(path)) as db:
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'cards'").fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)

    with pytest.raises(StartError, match=r"it is damaged .* Put back a backup"):
        Store(path, [KEY])

    with closing(sqlite3.connect(path)) as db:
        assert "mark" not in schema(db)
    assert not list(tmp_path.glob("*.before-*"))
