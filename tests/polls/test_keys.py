"""Anonymous on disk: what lies in the folder, with any earlier copy of the database, names nobody.

The thief of ``tests/support/thief.py`` has the installation's key, too.
"""

import logging
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlite_utils import Database

from pollbot.database import Store
from pollbot.people import Person
from pollbot.polls.answers.rows import Change
from pollbot.polls.kept import Kept
from pollbot.polls.refusals import PollClosed, PollKeyLost
from pollbot.polls.rules import Definition, Option, Poll, PollSettings, choose, choose_exactly
from pollbot.store.migrations import migrations
from pollbot.store.vault import Vault
from tests.support.refusals import refuses
from tests.support.thief import Copy, all_in, database_in, named, poll_keys, pseudonym
from tests.support.torture import tries

pytestmark = pytest.mark.of_files  # tests/store/test_postgres.py has what a server keeps of it
NOW = 1_700_000_000.0
KEY = Fernet.generate_key().decode()
VOTERS = [Person("T1", f"U0{name}") for name in ("XAVIER", "YVONNE", "ZACHARY")]
XAVIER, YVONNE, ZACHARY = VOTERS
DORA = Person("T1", "U0DORA")
EVERYBODY = [*VOTERS, DORA]
CLOSING, OPEN = "closing", "open"


def a_poll(poll_id: str = CLOSING, **changes: object) -> Kept:
    options = tuple(Option(str(n), f"Option {n}", n) for n in (1, 2, 3))
    settings = replace(PollSettings(names=False, comments=True, several=True), **changes)  # type: ignore[arg-type]
    poll = Poll(poll_id, "Leaving?", "", options, settings, created_by="U0CREATOR")
    return Kept(poll, "T1", "https://acme.example", "plain", "", NOW)


async def answer(store: Store, who: Person, poll_id: str, option: str, stamp: int) -> None:
    await store.answers.answer(
        who,
        poll_id,
        Change(
            lambda poll, mine: choose(poll, mine, option, NOW),
            comment=f"no comment {stamp}",
            switch=True,
        ),
        NOW,
        action_ts=f"{NOW + stamp:.6f}",
    )


async def filled(store: Store) -> None:
    """Let three people answer one anonymous poll, and DORA another that stays open."""
    await store.polls.add(a_poll())
    await store.polls.add(a_poll(OPEN))
    for stamp, who in enumerate(VOTERS):
        await answer(store, who, CLOSING, str(1 + stamp), stamp)
        await answer(store, who, CLOSING, "3" if stamp == 0 else "1", 10 + stamp)
    await answer(store, DORA, OPEN, "1", 5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pollbot.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    store = Store(path, [KEY])
    await filled(store)
    yield store
    store.close()


async def end(store: Store, how: str) -> None:
    """Bring the poll's anonymity to where it is for good."""
    match how:
        case "closed by hand":
            await store.polls.close("T1", CLOSING, NOW + 1)
        case "closed by its end":
            assert await store.polls.ended(NOW + 101) == [CLOSING]
        case "deleted":
            await store.polls.delete("T1", CLOSING, NOW + 1)


ENDS = ("closed by hand", "closed by its end", "deleted")


@pytest.mark.parametrize("how", ENDS)
async def test_nothing_on_disk_names_who_answered_once_the_poll_is_over(
    path: Path, how: str
) -> None:
    store = Store(path, [KEY])
    await filled(store)
    kept = await store.polls.find("T1", CLOSING)
    await store.polls.change(
        kept,
        NOW,
        Definition(
            "Leaving?",
            "",
            kept.poll.options,
            replace(kept.poll.settings, ends_at=NOW + 100, closes_at_end=True),
        ),
    )
    before = database_in(path.parent)
    known = poll_keys([all_in(path.parent)], [KEY])
    everybody = {person.user_id for person in EVERYBODY}
    assert named([all_in(path.parent)], EVERYBODY, [KEY]) == everybody, "the thief can do it"

    await end(store, how)
    after = all_in(path.parent)
    store.close()

    for left in (after, all_in(path.parent)):
        assert named([left, before], EVERYBODY, [KEY]) == {DORA.user_id}
        # Not even whoever copied the key while the poll was open finds anything new.
        assert standing(left, known) <= {DORA.user_id}
    assert after["pollbot.db-wal"] == b""


def standing(left: Copy, known: set[bytes]) -> set[str]:
    """Return whose pseudonyms stand in there, by keys that were copied earlier."""
    return {
        person.user_id
        for person in EVERYBODY
        for key in known
        if any(pseudonym(key, person).encode() in content for content in left.values())
    }


async def test_no_copy_of_the_database_is_worth_anything_later(path: Path) -> None:
    copies: list[Copy] = []
    store = Store(path, [KEY])
    await store.polls.add(a_poll())
    await store.polls.add(a_poll(OPEN))
    for stamp, who in enumerate(VOTERS):
        await answer(store, who, CLOSING, str(1 + stamp), stamp)
        copies.append(database_in(path.parent))
    await answer(store, DORA, OPEN, "1", 5)
    reading = sqlite3.connect(path)
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM answers").fetchall()

    await store.polls.close("T1", CLOSING, NOW + 1)

    # Between the transaction and the emptying of the log, which somebody who reads keeps up.
    assert store.poll_keys.leftovers
    copies.append(database_in(path.parent))
    assert copies[-1]["pollbot.db-wal"] != b""
    assert named([all_in(path.parent), *copies], EVERYBODY, [KEY]) == {DORA.user_id}
    reading.close()
    await store.poll_keys.destroy_leftovers()
    assert not store.poll_keys.leftovers
    copies.append(database_in(path.parent))
    assert copies[-1]["pollbot.db-wal"] == b""

    assert named([all_in(path.parent), *copies], EVERYBODY, [KEY]) == {DORA.user_id}
    await store.polls.close("T1", OPEN, NOW + 2)
    store.close()
    assert named([all_in(path.parent), *copies], EVERYBODY, [KEY]) == set()
    assert not list(path.parent.glob("*.poll-key*")), "there is nothing left to open"


async def test_what_is_counted_stays_and_each_answer_is_nobodys(path: Path, store: Store) -> None:
    kept = await store.polls.find("T1", CLOSING)
    before = await store.answers.counted(kept)

    await store.polls.close("T1", CLOSING, NOW + 1)

    after = await store.answers.counted(kept)
    assert (after.counts, after.people) == (before.counts, before.people)
    assert sorted(said for _, said in after.comments) == sorted(said for _, said in before.comments)
    with closing(sqlite3.connect(path)) as db:
        answers = db.execute(
            "SELECT voter FROM answers WHERE poll_id = ?"
            " UNION ALL SELECT voter FROM comments WHERE poll_id = ?",
            (CLOSING, CLOSING),
        ).fetchall()
        assert len(set(answers)) == len(answers) == 9
        assert db.execute("SELECT poll_id FROM poll_keys").fetchall() == [(OPEN,)]
        subjects = db.execute("SELECT DISTINCT subject FROM deliveries").fetchall()
        assert subjects == [(f"poll {OPEN}",)]
    mine = await store.answers.mine(XAVIER, CLOSING)
    assert (mine.known, set(mine.after)) == (False, set())
    assert (await store.answers.mine(DORA, OPEN)).after == {"1"}, "what is open goes on"
    with pytest.raises(PollClosed):
        await answer(store, XAVIER, CLOSING, "1", 99)


async def test_names_that_are_given_up_leave_nothing_of_them(path: Path) -> None:
    store = Store(path, [KEY])
    await store.polls.add(a_poll(names=True))
    for stamp, who in enumerate(VOTERS):
        await answer(store, who, CLOSING, "1", stamp)
    kept = await store.polls.find("T1", CLOSING)

    await store.polls.change(
        kept,
        NOW,
        Definition("Leaving?", "", kept.poll.options, replace(kept.poll.settings, names=False)),
    )

    left = all_in(path.parent)
    assert not any(b"XAVIER" in content for content in left.values())
    store.close()


# The file of the key that seals poll keys


async def test_the_file_is_its_owners_and_renewed_at_every_close_and_start(path: Path) -> None:
    file = path.with_name("pollbot.db.poll-key")
    old = os.umask(0)
    try:
        store = Store(path, [KEY])
        await filled(store)
        contents = [file.read_bytes()]
        assert file.stat().st_mode & 0o777 == 0o600
        await store.polls.close("T1", CLOSING, NOW + 1)
        contents.append(file.read_bytes())
        store.close()
        file.chmod(0o666)
        store = Store(path, [KEY])
        contents.append(file.read_bytes())
        assert file.stat().st_mode & 0o777 == 0o600
        await answer(store, DORA, OPEN, "2", 6)
        assert (await store.answers.mine(DORA, OPEN)).after == {"1", "2"}
        store.close()
    finally:
        os.umask(old)

    assert len(set(contents)) == 3
    assert not list(path.parent.glob("*.poll-key.new"))
    opened = [Vault([KEY]).opened(content.decode().strip()) for content in contents]
    assert None not in opened, "without the installation's key it opens nothing"


async def test_the_installations_key_can_be_retired_while_a_poll_is_open(path: Path) -> None:
    new = Fernet.generate_key().decode()
    store = Store(path, [KEY])
    await filled(store)
    store.close()

    Store(path, [new, KEY]).close()
    store = Store(path, [new])

    assert (await store.answers.mine(DORA, OPEN)).after == {"1"}
    store.close()


def missing(file: Path) -> None:
    file.unlink()


def empty(file: Path) -> None:
    file.write_bytes(b"")


def blanked(file: Path) -> None:
    file.write_bytes(b"\0" * 140)


def of_somebody_else(file: Path) -> None:
    file.write_text(Vault([KEY]).seal(Fernet.generate_key().decode()))


def binary(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x80gAAAA")


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


BROKEN = (missing, empty, blanked, of_somebody_else, binary, a_folder)


@pytest.mark.parametrize("broken", BROKEN)
async def test_without_the_file_only_open_anonymous_polls_take_no_answers(
    path: Path, broken: object, caplog: pytest.LogCaptureFixture
) -> None:
    file = path.with_name("pollbot.db.poll-key")
    store = Store(path, [KEY])
    await filled(store)
    await store.polls.add(a_poll("named", names=True))
    store.close()
    saved = file.read_bytes()
    broken(file)  # type: ignore[operator]

    with caplog.at_level(logging.ERROR):
        store = Store(path, [KEY])

    assert f"{file} is missing or cannot be read: 2 open anonymous polls" in caplog.text
    assert store.poll_keys.lost == 2
    for refused in (answer(store, DORA, OPEN, "2", 6), store.answers.mine(DORA, OPEN)):
        with refuses(PollKeyLost, says="“Leaving\\?” is anonymous, and on pollbot's side"):
            await refused
    part = await store.answers.counted(await store.polls.find("T1", OPEN))
    assert (part.counts, part.people) == ({"1": 1}, 1), "what it has still counts"
    await answer(store, DORA, "named", "2", 7)
    assert (await store.answers.mine(DORA, "named")).after == {"2"}
    # It is put back: everything goes on, without a restart.
    if file.is_dir():
        file.rmdir()
    file.write_bytes(saved)
    await answer(store, DORA, OPEN, "2", 8)
    assert (await store.answers.mine(DORA, OPEN)).after == {"1", "2"}
    assert store.poll_keys.lost == 0
    store.close()


async def test_where_the_key_is_lost_polls_can_be_closed_and_new_ones_made(path: Path) -> None:
    store = Store(path, [KEY])
    await filled(store)
    before = database_in(path.parent)
    store.close()
    lost = path.with_name("pollbot.db.poll-key").read_bytes()
    path.with_name("pollbot.db.poll-key").write_bytes(b"gAAAA" + lost[10:])

    store = Store(path, [KEY])
    await store.polls.add(a_poll("new"))
    await answer(store, ZACHARY, "new", "1", 20)
    kept = await store.polls.find("T1", CLOSING)
    await store.polls.close("T1", CLOSING, NOW + 1)

    assert (await store.answers.mine(ZACHARY, "new")).after == {"1"}
    assert (await store.answers.counted(kept)).people == 3
    assert lost[10:] not in path.with_name("pollbot.db.poll-key").read_bytes()
    store.close()
    assert named([all_in(path.parent), before], EVERYBODY, [KEY]) == {ZACHARY.user_id}


async def test_a_late_answer_hears_that_it_is_late_though_the_key_is_lost(path: Path) -> None:
    store = Store(path, [KEY])
    await store.polls.add(a_poll(ends_at=NOW + 100, closes_at_end=True))
    await answer(store, XAVIER, CLOSING, "1", 1)
    store.close()
    path.with_name("pollbot.db.poll-key").unlink()
    store = Store(path, [KEY])

    with pytest.raises(PollClosed):
        await store.answers.answer(
            XAVIER,
            CLOSING,
            Change(lambda poll, mine: choose_exactly(poll, mine, ["2"], NOW)),
            NOW + 101,
        )
    store.close()


async def test_a_database_from_a_backup_leaves_no_newer_key_behind(path: Path) -> None:
    """It opens nothing there, but the database that was replaced, which somebody may have kept."""
    store = Store(path, [KEY])
    await filled(store)
    backup = database_in(path.parent)
    await store.polls.close("T1", CLOSING, NOW + 1)
    store.close()
    newer, file = all_in(path.parent), path.with_name("pollbot.db.poll-key")
    assert named([newer], EVERYBODY, [KEY]) == {DORA.user_id}
    put(path.parent, backup)

    restored = Store(path, [KEY])

    assert restored.poll_keys.lost == 2
    assert not file.exists()
    newer = {name: content for name, content in newer.items() if name != file.name}
    assert named([all_in(path.parent), newer], EVERYBODY, [KEY]) == set()
    restored.close()


@pytest.mark.parametrize("broken", [empty, blanked, binary, a_folder])
async def test_one_that_cannot_be_read_is_left_to_be_put_right(path: Path, broken: object) -> None:
    store = Store(path, [KEY])
    await filled(store)
    store.close()
    file = path.with_name("pollbot.db.poll-key")
    saved = file.read_bytes()
    path.with_name("pollbot.db.mark").unlink()
    broken(file)  # type: ignore[operator]

    restored = Store(path, [KEY])
    assert restored.is_older
    assert restored.poll_keys.lost == 2
    assert file.exists()
    restored.close()
    if file.is_dir():
        file.rmdir()
    file.write_bytes(saved)

    restored = Store(path, [KEY])
    assert restored.poll_keys.lost == 0
    restored.close()


def put(folder: Path, copy: Copy) -> None:
    for name, content in copy.items():
        (folder / name).write_bytes(content)


# Killed at any step


CLOSE_AND_DIE = """
import asyncio, os, signal, sys
from pathlib import Path
from pollbot.database import Store

path, key, poll_id, at, last = sys.argv[1:]
steps = [0]

def step(what):
    steps[0] += 1
    if steps[0] == int(last):
        os.kill(os.getpid(), signal.SIGKILL)

def hear(event, args):
    writing = event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR)
    if writing and ".poll-key" in str(args[0]) or event in ("os.rename", "os.remove"):
        step(event)

async def live():
    sys.addaudithook(hear)
    store = Store(Path(path), [key])
    store._writer.connection.set_trace_callback(step)
    await store.polls.close("T1", poll_id, float(at))
    os.kill(os.getpid(), signal.SIGKILL)

real = os.fsync
def fsync(descriptor):
    real(descriptor)
    step("fsync")
os.fsync = fsync
asyncio.run(live())
"""


def close_and_die(path: Path, last: int) -> None:
    """Close the poll in a process that is killed at its ``last`` step on disk, or at its end."""
    arguments = [str(path), KEY, CLOSING, str(NOW + 1), str(last)]
    ended = subprocess.run([sys.executable, "-c", CLOSE_AND_DIE, *arguments], check=False)
    assert ended.returncode == -signal.SIGKILL


STEPS = 45
"""A few more than there are, of the start and the close: the last are killed right after it."""


@pytest.mark.parametrize("last", range(1, STEPS, STEPS // tries(12, STEPS)))
async def test_a_kill_at_any_step_of_a_close_is_mended_at_the_start(path: Path, last: int) -> None:
    store = Store(path, [KEY])
    await filled(store)
    copies = [database_in(path.parent)]
    store.close()
    close_and_die(path, last)
    copies.append(database_in(path.parent))

    store = Store(path, [KEY])
    still_open = (await store.polls.find("T1", CLOSING)).poll.closed_at is None
    if still_open:
        assert (await store.answers.mine(XAVIER, CLOSING)).after == {"1", "3"}
        await store.polls.close("T1", CLOSING, NOW + 2)

    assert (await store.answers.mine(DORA, OPEN)).after == {"1"}
    assert named([all_in(path.parent), *copies], EVERYBODY, [KEY]) == {DORA.user_id}
    assert len(list(path.parent.glob("*.poll-key*"))) == 1
    store.close()


# A database of the version before


async def test_a_database_from_before_is_brought_up_to_it(path: Path) -> None:
    key = before(path)
    assert standing(all_in(path.parent), {key}) == {XAVIER.user_id, YVONNE.user_id}

    store = Store(path, [KEY])

    assert standing(all_in(path.parent), {key}) == set()
    assert named([all_in(path.parent)], EVERYBODY, [KEY]) == {DORA.user_id}
    assert (await store.answers.mine(DORA, OPEN)).after == {"1"}
    assert (await store.answers.mine(XAVIER, "named")).after == {"1"}
    over = await store.polls.find("T1", CLOSING)
    part = await store.answers.counted(over)
    assert (part.counts, part.people) == ({"1": 2, "2": 1}, 2)
    assert [said for _, said in part.comments] == ["no comment"]
    await answer(store, DORA, OPEN, "2", 7)
    await store.polls.close("T1", OPEN, NOW + 1)
    store.close()
    assert named([all_in(path.parent)], EVERYBODY, [KEY]) == set()


def before(path: Path) -> bytes:
    """Make a database in which closed polls keep pseudonyms, and keys lie under no own key.

    Return the key that is gone from it.
    """
    key, other, vault = os.urandom(32), os.urandom(32), Vault([KEY])
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA secure_delete=ON")
    migrations.apply(Database(db), stop_before="parted_for_good")
    for poll_id, names, closed_at in (
        (CLOSING, "false", NOW),
        (OPEN, "false", None),
        ("named", "true", NOW),
    ):
        db.execute(
            "INSERT INTO polls (id, team_id, site, kind, subject, title, description, options,"
            " settings, created_by, created_at, closed_at)"
            " VALUES (?, 'T1', 's', 'plain', '', 't', '', ?, ?, 'U0CREATOR', 1.0, ?)",
            (
                poll_id,
                '[{"id": "1", "title": "A", "order": 0}, {"id": "2", "title": "B", "order": 1}]',
                f'{{"names": {names}, "several": true}}',
                closed_at,
            ),
        )
    db.execute("INSERT INTO poll_keys VALUES (?, ?)", (OPEN, vault.seal(other.hex())))
    for who, option in ((XAVIER, "1"), (XAVIER, "2"), (YVONNE, "1")):
        voter = pseudonym(key, who)
        db.execute("INSERT INTO answers VALUES (?, ?, ?)", (CLOSING, voter, option))
    said = (CLOSING, pseudonym(key, XAVIER), "no comment")
    db.execute("INSERT INTO comments VALUES (?, ?, ?)", said)
    db.execute("INSERT INTO answers VALUES (?, ?, '1')", (OPEN, pseudonym(other, DORA)))
    db.execute("INSERT INTO answers VALUES ('named', ?, '1')", (XAVIER.user_id,))
    db.close()
    return key
