"""Backups: whole, of one moment, never in another file's place, and worth nothing by themselves."""

import asyncio
import fcntl
import os
import resource
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlite_utils import Database

from pollbot.cli import main
from pollbot.database import Store
from pollbot.people import Person
from pollbot.store import copies
from pollbot.store.migrations import migrations
from pollbot.store.vault import Vault
from tests.support.thief import all_in, named, pseudonym

KEY = Fernet.generate_key().decode()


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the settings say that the database is, in a folder of its own."""
    folder = tmp_path / "there"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POLLBOT_DATABASE", str(folder / "pollbot.db"))
    monkeypatch.setenv("POLLBOT_ENCRYPTION_KEYS", KEY)
    return folder / "pollbot.db"


@pytest.fixture
def made(path: Path) -> Path:
    """Return the path of a database in which there is something."""
    store = Store(path, [KEY])
    store.close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO beats (name, at) VALUES ('health', 1.0)")
    return path


def beats(path: Path) -> list[tuple[str, float]]:
    with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return db.execute("SELECT name, at FROM beats ORDER BY name").fetchall()


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def files(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*.*")}


def test_a_backup_is_one_whole_file_for_its_owner_only(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", "copy.db"]) == 0

    copy = tmp_path / "copy.db"
    assert beats(copy) == [("health", 1.0)]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["copy.db"]
    assert "passed SQLite's check" in capsys.readouterr().out


def two(number: int, db: sqlite3.Connection) -> None:
    """Write two rows that belong together."""
    for kind in "ab":
        db.execute("INSERT INTO beats (name, at) VALUES (?, 1.0)", (f"{kind}{number:06}",))


async def test_it_holds_all_that_was_committed_when_it_began_and_nothing_by_halves(
    made: Path, tmp_path: Path
) -> None:
    store = Store(made, [KEY])

    async def write() -> None:
        for number in range(100_000):
            await store._writer.do(partial(two, number))

    writing = asyncio.create_task(write())
    try:
        for round_ in range(5):
            await store.beat("acknowledged", float(round_))
            await asyncio.to_thread(copies.back_up, made, tmp_path / f"{round_}.db")
            found = dict(beats(tmp_path / f"{round_}.db"))
            assert found["acknowledged"] == float(round_)
            pairs = [{name[1:] for name in found if name[0] == kind} for kind in "ab"]
            assert pairs[0] - {"cknowledged"} == pairs[1]
    finally:
        writing.cancel()
        store.close()
    assert pairs[1], "somebody wrote meanwhile"


def a_file(path: Path) -> None:
    path.write_bytes(b"mine")


def a_link_to_nowhere(path: Path) -> None:
    path.symlink_to("nowhere")


@pytest.mark.parametrize("there", [a_file, a_link_to_nowhere, Path.mkdir])
def test_what_is_there_stays_as_it_is(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], there: Callable[[Path], None]
) -> None:
    copy = tmp_path / "copy.db"
    there(copy)
    before = copy.lstat()

    assert main(["backup", str(copy)]) == 1

    assert "is there already, and stays as it is" in said(capsys)
    assert copy.lstat().st_mtime_ns == before.st_mtime_ns
    assert not list(tmp_path.glob("*.part*"))


@pytest.mark.parametrize("end", [*filter(None, copies.BESIDE), ".before-mine", ".replaced-mine"])
def test_no_name_of_the_databases_own_files_is_taken(
    made: Path, capsys: pytest.CaptureFixture[str], end: str
) -> None:
    name = made.with_name(made.name + end)
    name.unlink(missing_ok=True)

    assert main(["backup", str(name)]) == 1

    assert "belongs to the database itself" in said(capsys)
    assert not name.exists()


def nothing(path: Path) -> None:
    path.unlink()


def no_database(path: Path) -> None:
    path.write_bytes(b"no database at all, but as long as the head of one is: a hundred bytes" * 9)


def of_another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE mine (x)")


def damaged(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode=DELETE").fetchall()
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'beats'").fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(os.urandom(size))


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (nothing, "there is no"),
        (no_database, "is not a database"),
        (of_another_program, "is no database of pollbot's"),
        (damaged, "it is damaged"),
    ],
)
def test_of_what_is_no_whole_database_there_is_no_backup(
    made: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    broken: Callable[[Path], None],
    why: str,
) -> None:
    broken(made)
    before = files(made.parent)

    assert main(["backup", "copy.db"]) == 1

    heard = said(capsys)
    assert heard.startswith("No backup was made")
    assert why in heard
    assert not list(tmp_path.glob("copy.db*"))
    assert files(made.parent) == before


@pytest.mark.parametrize("where", ["no folder/copy.db", "there/pollbot.db/copy.db"])
def test_a_place_that_cannot_be_written_is_said(
    made: Path, capsys: pytest.CaptureFixture[str], where: str
) -> None:
    assert main(["backup", where]) == 1

    assert where in said(capsys)


def test_a_disk_that_is_full_leaves_nothing_behind(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], full_disk: Path
) -> None:
    assert main(["backup", str(full_disk / "copy.db")]) == 1

    assert "No backup was made" in said(capsys)
    assert not list(full_disk.glob("copy.db*"))


@pytest.fixture
def full_disk(made: Path, tmp_path: Path) -> Iterator[Path]:
    """Return a folder in which no file may grow beyond a few pages. Python ignores SIGXFSZ."""
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, was[1]))
    yield tmp_path
    resource.setrlimit(resource.RLIMIT_FSIZE, was)


def test_what_a_killed_backup_left_is_written_over(made: Path, tmp_path: Path) -> None:
    part = tmp_path / "copy.db.part"
    part.write_bytes(b"half of a database" * 10_000)
    part.chmod(0o644)

    assert main(["backup", "copy.db"]) == 0

    assert beats(tmp_path / "copy.db") == [("health", 1.0)]
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600


def test_two_backups_at_once_into_one_file_are_one(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (tmp_path / "copy.db.part").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        assert main(["backup", "copy.db"]) == 1

    assert "another program is writing" in said(capsys)
    assert not (tmp_path / "copy.db").exists()


def test_a_file_system_without_hard_links_will_do(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError("Operation not permitted")

    monkeypatch.setattr(os, "link", refused)

    assert main(["backup", "copy.db"]) == 0

    assert beats(tmp_path / "copy.db") == [("health", 1.0)]


# Of a version whose poll keys the installation's key alone opens


def test_a_backup_from_before_poll_keys_had_their_own_key_names_nobody(
    path: Path, tmp_path: Path
) -> None:
    ada = Person("T1", "U0ADA")
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        migrations.apply(Database(db), stop_before="parted_for_good")
        _answered_by(db, ada)
    assert named([all_in(path.parent)], [ada], [KEY]) == {ada.user_id}, "the thief can do it"

    assert main(["backup", "copy.db"]) == 0
    assert named([{"copy.db": (tmp_path / "copy.db").read_bytes()}], [ada], [KEY]) == set()

    store = Store(path, [KEY])
    try:
        assert store.poll_keys.lost == 0, "the poll itself goes on"
        (kept,) = path.parent.glob("*.before-*")
        assert named([all_in(path.parent)], [ada], [KEY]) == {ada.user_id}
        assert named([{"copy.db": kept.read_bytes()}], [ada], [KEY]) == set()
    finally:
        store.close()
    shutil.copy(tmp_path / "copy.db", path)
    store = Store(path, [KEY])
    assert store.poll_keys.lost == 1, "restored, its poll takes no more answers, and says so"
    store.close()


def _answered_by(db: sqlite3.Connection, person: Person) -> None:
    key = bytes(range(32))
    db.execute(
        "INSERT INTO polls (id, team_id, site, kind, subject, title, description, options,"
        " settings, created_by, created_at) VALUES ('p1', 'T1', 's', 'plain', '', 't', '', '[]',"
        """ '{"names":false}', 'U1', 1.0)"""
    )
    db.execute(
        "INSERT INTO poll_keys (poll_id, key) VALUES ('p1', ?)", (Vault([KEY]).seal(key.hex()),)
    )
    db.execute(
        "INSERT INTO answers (poll_id, voter, option_id) VALUES ('p1', ?, '1')",
        (pseudonym(key, person),),
    )
