"""What measurements stand on: pollbot as a program, the world around it, and a real disk."""

import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.crowd import NotAcknowledged, Template
from bench.programs import DidNotStart, Program, clean_environment, end, free_port, running
from bench.world import PEOPLE

ROOT = Path(__file__).resolve().parent.parent
SLACK_AWAY = 0.1


@dataclass(frozen=True, slots=True)
class Clicks:
    """A click on each issue's card, and on each option of the poll's card."""

    votes: list[Template]
    answers: list[Template]


class World:
    """The stand-ins' addresses, and what only they know."""

    def __init__(self, about: dict[str, str]) -> None:
        self.secret = about["signing_secret"]
        self._about = about

    def environment(self, port: int, folder: Path, *, sockets: bool = False) -> dict[str, str]:
        """Return the settings that lead pollbot here, over HTTP or by ``sockets``."""
        door = (
            {"SLACK_APP_TOKEN": self._about["app_token"]}
            if sockets
            else {"SLACK_SIGNING_SECRET": self.secret}
        )
        return door | {
            "SLACK_BOT_TOKEN": self._about["bot_token"],
            "POLLBOT_SLACK_API_URL": self._about["api_url"],
            "POLLBOT_HOST": "127.0.0.1",
            "POLLBOT_PORT": str(port),
            "POLLBOT_DATABASE": str(folder / "pollbot.db"),
            "POLLBOT_JIRA_URL": self._about["jira_url"],
            "POLLBOT_ATLASSIAN_API_URL": self._about["gateway_url"],
        }

    def people_arrive(self, port: int, people: int = len(PEOPLE)) -> Clicks:
        """Let so many connect, and the cards be posted; return the clicks on them."""
        answer = httpx.post(
            f"{self._about['base_url']}/bench/people",
            json={"events_url": f"http://127.0.0.1:{port}/slack/events", "people": people},
            timeout=60,
        )
        answer.raise_for_status()
        made = {
            kind: [Template.of(click["source"], click["body"]) for click in clicks]
            for kind, clicks in answer.json().items()
        }
        return Clicks(**made)

    def people_schedule(self, port: int) -> None:
        """Let 50 make a poll each and schedule it, and some of them an issue's votes."""
        answer = httpx.post(
            f"{self._about['base_url']}/bench/plain",
            json={"events_url": f"http://127.0.0.1:{port}/slack/events"},
            timeout=120,
        )
        answer.raise_for_status()

    @property
    def base_url(self) -> str:
        return self._about["base_url"]

    @property
    def api_url(self) -> str:
        return self._about["api_url"]

    @property
    def bot_token(self) -> str:
        return self._about["bot_token"]

    def polls_for_storms(self, port: int | None) -> list[list[Template]]:
        """Let polls be made; return the clicks of each, that of the anonymous one last.

        Without a ``port`` pollbot hears by its sockets.
        """
        events_url = None if port is None else f"http://127.0.0.1:{port}/slack/events"
        answer = httpx.post(
            f"{self.base_url}/bench/storm", json={"events_url": events_url}, timeout=120
        )
        answer.raise_for_status()
        return [
            [Template.of(click["source"], click["body"]) for click in poll]
            for poll in answer.json()
        ]

    def slack_is_strict(self) -> None:
        """Let Slack take one message a second in a channel, and none beyond."""
        httpx.post(f"{self.base_url}/bench/strict").raise_for_status()

    def slack_is_away(self, seconds: float) -> None:
        """Let every call of Slack take so long from now on."""
        answer = httpx.post(f"{self._about['base_url']}/bench/away", json={"seconds": seconds})
        answer.raise_for_status()

    def updates(self, source: str, since: float) -> list[dict[str, Any]]:
        """Return the updates of a message: when, and to what text."""
        answer = httpx.get(
            f"{self._about['base_url']}/bench/updates", params={"source": source, "since": since}
        )
        answer.raise_for_status()
        updates: list[dict[str, Any]] = answer.json()
        return updates

    def heard(self) -> dict[str, int]:
        """Return how often the stand-ins were called so far, and with what end."""
        heard: dict[str, int] = httpx.get(f"{self._about['base_url']}/bench/heard").json()
        return heard


def must_be_on_disk(folder: Path, deed: str, acks: int) -> int:
    """Return how many clicks a database has handled. Raises NotAcknowledged if some are lost."""
    found = counted(folder, "SELECT count(*) FROM deliveries WHERE deed = ?", deed)
    if found != acks:
        raise NotAcknowledged(f"{acks} clicks were answered 200, but {found} are in the database")
    return found


def must_have_answered(folder: Path, people: int) -> None:
    """Raise NotAcknowledged unless the poll has one answer of each of so many people."""
    rows = counted(folder, "SELECT count(*) FROM answers")
    voters = counted(folder, "SELECT count(DISTINCT voter) FROM answers")
    if not rows == voters == people:
        raise NotAcknowledged(f"{people} people answered, but {rows} answers of {voters} are kept")


def counted(folder: Path, query: str, *values: str) -> int:
    """Return the number that a query finds in what pollbot left in ``folder``."""
    db = sqlite3.connect(folder / "pollbot.db")
    try:
        (count,) = db.execute(query, values).fetchone()
        return int(count)
    finally:
        db.close()


@contextmanager
def pollbot(outside: World, folder: Path, *, sockets: bool = False) -> Iterator[Program]:
    """Run ``python app.py`` as a person would, with its database in ``folder``."""
    port = free_port()
    command = [sys.executable, str(ROOT / "app.py")]
    environment = outside.environment(port, folder, sockets=sockets)
    with running(command, environment, port, folder) as program:
        yield program


@contextmanager
def slack_away(outside: World) -> Iterator[None]:
    """Have Slack 100 ms away within this."""
    outside.slack_is_away(SLACK_AWAY)
    try:
        yield
    finally:
        outside.slack_is_away(0.0)


@contextmanager
def world() -> Iterator[World]:
    """Run the stand-ins of Slack and Jira in a process of their own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.world"],
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.PIPE,
    )
    try:
        line = process.stdout.readline() if process.stdout else b""
        if not line:
            raise DidNotStart("the stand-ins did not start")
        yield World(json.loads(line))
    finally:
        end(process)
        if process.stdout:
            process.stdout.close()


def real_disk() -> tuple[Path, str]:
    """Return a folder that is not in memory, and what kind of disk it is on."""
    places = [Path(tempfile.gettempdir()), Path("/var/tmp"), ROOT]  # noqa: S108  a name is added
    for place in places:
        kind = _file_system(place)
        if place.is_dir() and os.access(place, os.W_OK) and kind not in ("tmpfs", "ramfs"):
            return place, f"{kind}, {_fsync(place):.2f} ms for 4 kB to be on it"
    return places[0], "in memory only: durable figures mean little"


def _file_system(place: Path) -> str:
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return "of unknown kind"
    above = [m for m in mounts if place.resolve().is_relative_to(m[1])]
    return max(above, key=lambda mount: len(mount[1]))[2] if above else "of unknown kind"


def _fsync(place: Path) -> float:
    """Return the median milliseconds of 50 small writes that wait for the disk."""
    took = []
    with tempfile.TemporaryFile(dir=place) as file:
        for _ in range(50):
            since = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            took.append((time.perf_counter() - since) * 1000)
    return statistics.median(took)


def fresh(folder: Path) -> Path:
    """Make an empty folder."""
    folder.mkdir()
    return folder


def copy(base: Path, name: str) -> Path:
    """Copy a database with its key, to begin a round with."""
    copied = base.with_name(name)
    shutil.copytree(base, copied)
    return copied


def say(what: str) -> None:
    """Tell whoever waits how far it is."""
    print(what, file=sys.stderr, flush=True)
