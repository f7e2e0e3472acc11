"""The demo with several pollbots: what it needs, what it refuses, and that nothing of it stays."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from pollbot.cli import main
from pollbot.sandbox import cluster
from pollbot.sandbox.world import World, opened

# A server and processes of their own are started, on a machine that may have much else to do.
pytestmark = pytest.mark.timeout(300)
# What is run under nohup has its children ignore SIGHUP, too; at a terminal nobody does.
PROGRAM = """
import signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from pollbot.cli import main
sys.exit(main(sys.argv[1:]))
"""
HERE = cluster.programs()
INSTALLED = pytest.mark.skipif(
    HERE is None and "CI" not in os.environ,
    reason="no PostgreSQL server is installed (Debian's package postgresql)",
)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the only folder in which programs are found."""
    monkeypatch.setattr("pollbot.sandbox.cluster._PLACES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Return what the demo says, which does not start."""
    assert main(["demo", *words]) == 2
    told = capsys.readouterr()
    assert "http" not in told.out
    assert "did not start" in told.err
    return told.err


def test_without_postgresql_it_says_what_is_missing_and_what_to_install(
    bare: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(capsys, "--replicas", "3")

    assert "No PostgreSQL server is installed" in told
    assert "apt install postgresql" in told
    assert "brew install postgresql" in told
    assert "nothing of it runs" in told
    assert "make demo in a checkout, needs none of this" in told


def test_an_older_postgresql_is_not_enough(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = bare / "initdb"
    old.write_text("#!/bin/sh\necho 'initdb (PostgreSQL) 13.22 (Debian 13.22-1)'\n")
    old.chmod(0o755)

    assert "An older PostgreSQL server is installed" in refused(capsys, "--replicas", "2")


@INSTALLED
def test_without_what_talks_to_it_that_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    told = refused(capsys, "--replicas", "3")

    assert "pip install 'pollbot[postgres]'" in told
    assert "PostgreSQL server" not in told


@INSTALLED
def test_a_server_that_cannot_be_made_says_why(
    bare: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = bare / "initdb"
    broken.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "initdb (PostgreSQL) 17.5" && exit 0\n'
        "echo 'initdb: error: no space left' && exit 1\n"
    )
    broken.chmod(0o755)
    bare.chmod(0o755)
    monkeypatch.setenv("PATH", f"{bare}:/usr/bin:/bin")

    told = refused(capsys, "--replicas", "3", "--port", "0")

    assert "no space left" in told or "Permission" in told


@pytest.mark.parametrize("other", [("--http",), ("--database", "mine.db")])
def test_it_has_a_database_and_a_way_in_of_its_own(
    other: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert "do not go with --replicas" in refused(capsys, "--replicas", "3", *other)


@pytest.mark.parametrize("count", ["1", "6", "three"])
def test_there_are_as_many_as_slack_has_connections_for(
    count: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["demo", "--replicas", count])

    assert "--replicas" in capsys.readouterr().err


@asynccontextmanager
async def served(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=world.address, timeout=30) as http:
        yield http


async def test_where_there_is_one_pollbot_no_replica_is_killed() -> None:
    async with opened() as world, served(world) as http:
        answer = await http.post("/world/replica", json={"number": 1, "act": "kill"})

        assert "There is one pollbot here" in answer.json()["error"]
        assert world.state("U0ADA")["replicas"] is None


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[tuple[subprocess.Popen[str], httpx.AsyncClient]]:
    """Run the demo as somebody at a terminal does, with temporary folders in this one."""
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "demo", "--replicas", "2", "--port", "0"],
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert child.stdout is not None
    try:
        lines = [await asyncio.to_thread(child.stdout.readline) for _ in range(2)]
        address = re.search(r"http://\S+", lines[1])
        assert address, f"it said {lines!r}"
        async with httpx.AsyncClient(base_url=address[0], timeout=30) as http:
            yield child, http
    finally:
        if child.poll() is None:
            # Its pollbots have what it writes to open as well, so that who reads waits for them.
            for pid in [child.pid, *of(folder, child.pid)]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        child.communicate()


def of(folder: Path, parent: int) -> dict[int, str]:
    """Return the processes that a process began, and those that name the folder."""
    found = {}
    for one in Path("/proc").glob("[0-9]*"):
        try:
            command = one.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode()
            begun_by = int(one.joinpath("stat").read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
        if begun_by == parent or str(folder) in command:
            found[int(one.name)] = command
    return found


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@INSTALLED
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGHUP])
async def test_nothing_of_it_stays_also_where_one_stood_still(sign: signal.Signals) -> None:
    # Not in pytest's folders: those are for its own user only, and a socket's path has to be short.
    folder = Path(tempfile.mkdtemp(prefix="pollbot-test-"))
    folder.chmod(0o711)
    try:
        async with demo(folder) as (child, http):
            began = of(folder, child.pid)
            assert len([one for one in began.values() if "serve" in one]) == 2
            assert any("postgres" in one for one in began.values())
            said = await http.post("/world/replica", json={"number": 1, "act": "freeze"})
            assert said.json()["ok"]
            said = await http.post("/world/replica", json={"number": 1, "act": "freeze"})
            assert "cannot do this now" in said.json()["error"]
            for act, number in (("thaw", 2), ("start", 2), ("stab", 2), ("kill", 9)):
                said = await http.post("/world/replica", json={"number": number, "act": act})
                assert "cannot do this now" in said.json()["error"], (act, number)
            said = await http.post("/world/move", json={"seconds": 3600})
            assert "nobody moves here" in said.json()["error"]

            os.killpg(child.pid, sign)  # as a terminal does: to all that is in its foreground
            assert await asyncio.to_thread(child.wait, 90) == 0

        give_up = time.monotonic() + 20
        while (left := [pid for pid in began if lives(pid)]) and time.monotonic() < give_up:
            await asyncio.sleep(0.05)
        assert left == []
        assert of(folder, child.pid) == {}
        assert list(folder.iterdir()) == []
    finally:
        shutil.rmtree(folder)
