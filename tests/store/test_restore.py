"""A copy is put in the database's place: judged first, what was there is kept, and it is older."""

import asyncio
import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlite_utils import Database

from pollbot.cli import main
from pollbot.database import Store
from pollbot.errors import StartError
from pollbot.people import Person
from pollbot.store.copies import BESIDE
from pollbot.store.migrations import migrations
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection
from tests.support.thief import all_in, named, pseudonym
from tests.support.torture import tries

KEY = Fernet.generate_key().decode()
OLD, NEW = [("health", 1.0)], [("health", 2.0)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which the settings say that the database is."""
    folder = tmp_path / "there"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POLLBOT_DATABASE", str(folder / "pollbot.db"))
    monkeypatch.setenv("POLLBOT_ENCRYPTION_KEYS", KEY)
    return folder


@pytest.fixture
async def database(folder: Path) -> Path:
    """Return the path of a database that has gone on since ``copy.db`` was made of it."""
    database = folder / "pollbot.db"
    await beat(database, 1.0)
    assert main(["backup", "copy.db"]) == 0
    await beat(database, 2.0)
    return database


@pytest.fixture
def copy(database: Path, tmp_path: Path) -> Path:
    return tmp_path / "copy.db"


async def beat(database: Path, at: float) -> None:
    store = Store(database, [KEY])
    await store.beat("health", at)
    store.close()


def beats(path: Path) -> list[tuple[str, float]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT name, at FROM beats").fetchall()


def is_older(path: Path) -> bool:
    store = Store(path, [KEY])
    store.close()
    return store.is_older


def files(folder: Path) -> dict[str, bytes]:
    """Return what lies in a folder, but SQLite's index of its log, and the lock."""
    return {
        one.name: one.read_bytes()
        for one in folder.iterdir()
        if not one.name.endswith(("-shm", ".lock"))
    }


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def test_a_copy_takes_its_place_and_what_was_there_is_kept(
    database: Path, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = copy.read_bytes()

    assert main(["restore", str(copy)]) == 0

    assert beats(database) == OLD
    (kept,) = database.parent.glob("*.replaced-*")
    assert beats(kept) == NEW
    assert str(kept) in capsys.readouterr().out
    assert copy.read_bytes() == before
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert database.stat().st_nlink == kept.stat().st_nlink == 1
    assert not list(database.parent.glob("*.part*"))
    assert is_older(database)


def test_what_was_kept_can_be_put_back_again(database: Path, copy: Path) -> None:
    assert main(["restore", str(copy)]) == 0
    (kept,) = database.parent.glob("*.replaced-*")

    assert main(["restore", str(kept)]) == 0

    assert beats(database) == NEW
    assert sorted(beats(one) for one in database.parent.glob("*.replaced-*")) == [OLD, NEW]
    assert is_older(database)


def test_what_a_killed_program_left_in_its_log_is_kept_too(database: Path, copy: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        db.execute("UPDATE beats SET at = 3.0")
        for end in ("", "-wal"):
            shutil.copy(database.with_name(f"pollbot.db{end}"), copy.with_name(f"killed{end}"))
    for end in ("", "-wal"):
        shutil.copy(copy.with_name(f"killed{end}"), database.with_name(f"pollbot.db{end}"))

    assert main(["restore", str(copy)]) == 0

    (kept,) = database.parent.glob("*.replaced-*")
    assert beats(kept) == [("health", 3.0)]
    assert beats(database) == OLD


def test_a_damaged_database_is_replaced_and_kept_as_it_is(database: Path, copy: Path) -> None:
    damaged = b"no database any more, for whatever reason, and more than a hundred bytes" * 99
    database.write_bytes(damaged)

    assert main(["restore", str(copy)]) == 0

    assert beats(database) == OLD
    (kept,) = database.parent.glob("*.replaced-*")
    assert kept.read_bytes() == damaged


def test_a_log_without_its_database_is_not_written_into_the_new_one(
    database: Path, copy: Path
) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        db.execute("UPDATE beats SET at = 3.0")
        log = database.with_name("pollbot.db-wal").read_bytes()
    database.unlink()
    database.with_name("pollbot.db-wal").write_bytes(log)

    assert main(["restore", str(copy)]) == 0

    assert beats(database) == OLD
    (kept,) = database.parent.glob("*.replaced-*")
    assert kept.read_bytes() == log


# Where there was nothing, or something else


def elsewhere(database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    new = database.parent.with_name("elsewhere")
    new.mkdir()
    monkeypatch.setenv("POLLBOT_DATABASE", str(new / "pollbot.db"))
    return new / "pollbot.db"


def test_where_no_pollbot_ran_a_copy_is_an_older_one_too(
    database: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = elsewhere(database, monkeypatch)

    assert main(["restore", str(copy)]) == 0

    assert beats(new) == OLD
    assert not list(new.parent.glob("*.replaced-*"))
    assert is_older(new)


@pytest.mark.parametrize("here", [True, False], ids=["in its place", "elsewhere"])
@pytest.mark.parametrize("step", ["mark", "counts"])
def test_so_is_one_of_an_earlier_version(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, step: str, here: bool
) -> None:
    """One from before there were marks has none, and nobody would know."""
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old, isolation_level=None)) as db:
        migrations.apply(Database(db), stop_before=step)
        db.execute("INSERT INTO beats (name, at) VALUES ('health', 1.0)")
    database = folder / "pollbot.db"
    if here:
        Store(database, [KEY]).close()

    assert main(["restore", str(old)]) == 0

    assert is_older(database)
    assert beats(database) == OLD


def test_so_is_one_after_a_loss_of_power_took_the_newest_mark(database: Path, copy: Path) -> None:
    """The mark is not waited for at each commit, so it may have fallen behind the copy."""
    store = Store(database, [KEY])
    store.close()
    name, count = database.with_name("pollbot.db.mark").read_text().split()
    database.with_name("pollbot.db.mark").write_text(f"{name:16} {1:020}\n")
    assert int(count) > 1

    assert main(["restore", str(copy)]) == 0

    assert is_older(database)


# What is refused, and leaves everything as it was


def not_there(copy: Path) -> None:
    copy.unlink()


def a_folder(copy: Path) -> None:
    copy.unlink()
    copy.mkdir()


def empty(copy: Path) -> None:
    copy.write_bytes(b"")


def half(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])


def text(copy: Path) -> None:
    copy.write_text("BEGIN TRANSACTION;\n" * 99)


def of_another_program(copy: Path) -> None:
    copy.unlink()
    with closing(sqlite3.connect(copy)) as db:
        db.execute("CREATE TABLE mine (x)")


def of_a_newer_version(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as db, db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('pollbot', 'of_tomorrow', '')"
        )


def an_index_lost_its_row(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as db:
        (root,) = db.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_beats_1'"
        ).fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    content = bytearray(copy.read_bytes())
    content[root * size - 9 : root * size] = bytes(9)
    copy.write_bytes(bytes(content))


def sealed_with_another_key(copy: Path) -> None:
    other = Vault([Fernet.generate_key().decode()])
    with closing(sqlite3.connect(copy)) as db, db:
        db.execute(
            "INSERT INTO sources (id, team_id, workspace, url, token, set_by, set_at)"
            " VALUES ('s', 'T1', 'PLAT', ?, ?, 'U1', 1.0)",
            (other.seal("https://x"), other.seal("t")),
        )


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (not_there, "there is no file"),
        (a_folder, "is no backup that can be used"),
        (empty, "is no database of pollbot's"),
        (half, "is no backup that can be used"),
        (text, "is no backup that can be used"),
        (of_another_program, "is no database of pollbot's"),
        (of_a_newer_version, "a newer pollbot has used"),
        (an_index_lost_its_row, "is no backup that can be used"),
        (sealed_with_another_key, "no key that is here opens the tokens"),
    ],
)
def test_what_is_no_whole_copy_of_ours_changes_nothing(
    database: Path,
    copy: Path,
    capsys: pytest.CaptureFixture[str],
    broken: Callable[[Path], None],
    why: str,
) -> None:
    broken(copy)
    before = files(database.parent)

    assert main(["restore", str(copy)]) == 1

    heard = said(capsys)
    assert heard.startswith("Nothing was restored: ")
    assert why in heard
    assert files(database.parent) == before
    assert not is_older(database)
    assert beats(database) == NEW


def test_a_copy_without_its_key_is_refused_where_no_key_is(
    database: Path,
    copy: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sealed = Vault([KEY])
    with closing(sqlite3.connect(copy)) as db, db:
        db.execute(
            "INSERT INTO sources (id, team_id, workspace, url, token, set_by, set_at)"
            " VALUES ('s', 'T1', 'PLAT', ?, ?, 'U1', 1.0)",
            (sealed.seal("https://x"), sealed.seal("t")),
        )
    monkeypatch.delenv("POLLBOT_ENCRYPTION_KEYS")
    new = elsewhere(database, monkeypatch)

    assert main(["restore", str(copy)]) == 1
    assert f"into {new}.key" in said(capsys)
    assert not new.exists()
    assert not new.with_name("pollbot.db.key").exists(), "else it would be taken for the right one"

    new.with_name("pollbot.db.key").write_text(KEY)
    assert main(["restore", str(copy)]) == 0


def test_while_pollbot_runs_nothing_is_restored(
    database: Path, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store(database, [KEY])
    try:
        assert main(["restore", str(copy)]) == 1
    finally:
        store.close()

    assert "pollbot runs on" in said(capsys)
    assert beats(database) == NEW
    assert not is_older(database)


def test_while_another_program_has_it_open_nothing_is_restored(
    database: Path, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM beats").fetchall()

        assert main(["restore", str(copy)]) == 1

    assert "another program has" in said(capsys)
    assert beats(database) == NEW
    assert not is_older(database)


@pytest.mark.parametrize("by", ["its name", "a link"])
def test_the_database_is_not_restored_from_itself(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], by: str
) -> None:
    name = database
    if by == "a link":
        name = tmp_path / "link.db"
        name.symlink_to(database)

    assert main(["restore", str(name)]) == 1

    assert "is the database itself" in said(capsys)
    assert beats(database) == NEW


@pytest.fixture
def fails_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let a step of the swap fail, as a folder does that may not be written any more."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    def fail(step: str) -> None:
        match step:
            case "mark":
                monkeypatch.setattr("pollbot.store.mark._write", refused)
            case "second name":
                monkeypatch.setattr(os, "link", refused)
                monkeypatch.setattr(Path, "rename", refused)
            case "place":
                monkeypatch.setattr(Path, "replace", refused)

    return fail


@pytest.mark.parametrize("step", ["mark", "second name", "place"])
def test_a_step_that_fails_is_undone(
    database: Path,
    copy: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    fails_at: Callable[[str], None],
    step: str,
) -> None:
    before = files(database.parent)
    fails_at(step)
    assert main(["restore", str(copy)]) == 1
    monkeypatch.undo()

    assert "Permission denied" in said(capsys)
    assert files(database.parent).keys() == before.keys()
    assert database.stat().st_nlink == 1
    assert beats(database) == NEW
    assert not is_older(database)


RESTORE_AND_DIE = """
import os, sys
from pathlib import Path
from pollbot.cli import main
from pollbot.store import mark

copy, last = sys.argv[1], int(sys.argv[2])
done = [0]

def dying(step):
    def counted(*args, **kwargs):
        if done[0] == last:
            os._exit(9)
        done[0] += 1
        return step(*args, **kwargs)
    return counted

for owner, name in (
    (os, "link"), (os, "fsync"), (mark, "_write"),
    (Path, "rename"), (Path, "replace"), (Path, "unlink"),
):
    setattr(owner, name, dying(getattr(owner, name)))
sys.exit(main(["restore", copy]))
"""


async def test_a_kill_at_any_step_leaves_the_one_or_the_other(
    database: Path, copy: Path, tmp_path: Path
) -> None:
    before = files(database.parent)
    for last in range(0, 40, tries(4, 1)):
        for left in database.parent.iterdir():
            left.unlink()
        for name, content in before.items():
            database.with_name(name).write_bytes(content)
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            RESTORE_AND_DIE,
            str(copy),
            str(last),
            stdout=asyncio.subprocess.PIPE,
        )
        await child.communicate()

        assert beats(database) in (OLD, NEW)
        if database.stat().st_nlink > 1:
            with pytest.raises(StartError, match="is one of 2 names"):
                Store(database, [KEY])
        else:
            assert is_older(database) or beats(database) == NEW
        if child.returncode == 0:
            break
        assert child.returncode == 9
        assert main(["restore", str(copy)]) == 0
        assert beats(database) == OLD
        assert is_older(database)
        assert not list(database.parent.glob("*.part*"))
    assert child.returncode == 0, "each step had its kill"
    assert last > 5


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("there", [True, False], ids=["in its place", "elsewhere"])
def test_what_root_restores_belongs_to_whoever_runs_pollbot(
    database: Path, copy: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    where = database if there else elsewhere(database, monkeypatch)
    for path in where.parent.iterdir() if there else [where.parent]:
        os.chown(path, 12345, 23456)

    assert main(["restore", str(copy)]) == 0

    for path in where.parent.iterdir():
        assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456), path


# What is kept names no more than a backup does, once pollbot has started on what took its place


async def test_what_was_replaced_names_nobody_after_the_next_start(
    folder: Path, tmp_path: Path
) -> None:
    """Its open anonymous polls are never closed, so nothing else would destroy their own key."""
    database, people = folder / "pollbot.db", [Person("T1", "U0ADA"), Person("T1", "U0BEN")]
    for round_, person in enumerate(people):
        store = Store(database, [KEY])
        await store._writer.do(partial(_answered, store, f"p{round_}", person))
        store.close()
        if not round_:
            assert main(["backup", "copy.db"]) == 0
    assert named([all_in(folder)], people, [KEY]) == {"U0ADA", "U0BEN"}, "the thief can do it"

    assert main(["restore", "copy.db"]) == 0
    store = Store(database, [KEY])

    try:
        assert store.poll_keys.lost == 1, "its key was renewed since the copy"
        assert named([all_in(folder)], people, [KEY]) == set()
    finally:
        store.close()


def _answered(store: Store, poll_id: str, person: Person, db: Connection) -> None:
    db.execute(
        "INSERT INTO polls (id, team_id, site, kind, subject, title, description, options,"
        " settings, created_by, created_at) VALUES (?, 'T1', 's', 'plain', '', 't', '', '[]',"
        """ '{"names":false}', 'U1', 1.0)""",
        (poll_id,),
    )
    key = store.poll_keys.new(db, poll_id)
    db.execute(
        "INSERT INTO answers (poll_id, voter, option_id) VALUES (?, ?, '1')",
        (poll_id, pseudonym(key, person)),
    )


def test_every_file_beside_the_database_is_known(database: Path) -> None:
    """So that no backup takes the name of one."""
    found = {one.name.removeprefix("pollbot.db") for one in database.parent.iterdir()}

    assert found <= set(BESIDE)
