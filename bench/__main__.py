"""The measurements beside their goals: ``make bench``, or ``python -m bench``.

What is measured:

- **Start**: from starting ``python app.py`` in an empty folder (HTTP mode, settings from the
  environment) to the first 200 of ``/healthz``; the median of five.
- **Memory**: resident, after 3 s of idling.
- **Durable clicks**: 64 people, all connected to Jira, click *Vote* on the cards of 16 issues.
  Each sends the next click as soon as the last was answered, so 64 are under way at any moment.
  The payloads are whole ones, as Slack sends them, signed, each with its own ``action_ts`` and
  ``response_url``. pollbot answers once the vote is on disk, and meanwhile takes votes to Jira,
  draws cards and sends receipts as fast as Jira's limits let it: that is part of its price.
- **The floor**: the same requests to a Bolt app whose one listener only acks, on the same kind
  of server (``bench/floor.py``). Floor and pollbot take turns, three rounds each, and never run
  at the same time; the ratio is the median of the three pairs.

What makes it honest:

- The stand-ins of Slack and Jira, the crowd, the floor and pollbot are processes of their own;
  the table says how much of a core the crowd took, at most, and how much of the machine had
  nothing to do, at least. If the first nears 100 %, the crowd is what is measured; if the second
  nears 0, other programs are. Then run it again on a machine that is less busy.
- The database is on a real disk. After each round pollbot is killed (SIGKILL), and the clicks
  found in its file must be as many as were answered 200.
- Any other answer than 200 ends the run with exit code 1. A missed goal does not.

The people, their accounts and the cards are made once, through the forms and commands that
people use; every round of pollbot begins with a copy of that database.
"""

import asyncio
import json
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bench.crowd import Answers, NotAcknowledged, Template, click_together
from bench.programs import (
    DidNotStart,
    Program,
    clean_environment,
    end,
    free_port,
    running,
    unused_cores,
)
from bench.world import ISSUES, PEOPLE

ROOT = Path(__file__).resolve().parent.parent
STARTS = 5
IDLE = 3.0
ROUNDS = 3
WARM = 3.0
MEASURED = 8.0


@dataclass(slots=True)
class Round:
    """One round of one program."""

    answers: Answers
    cpu: float | None
    unused: float | None
    memory: float
    on_disk: int = 0


@dataclass(slots=True)
class Measured:
    """All that the table is made of."""

    disk: str
    starts: list[float] = field(default_factory=list)
    idle: float = 0.0
    floor: list[Round] = field(default_factory=list)
    product: list[Round] = field(default_factory=list)
    heard: dict[str, int] = field(default_factory=dict)


class World:
    """The stand-ins' addresses, and what only they know."""

    def __init__(self, about: dict[str, str]) -> None:
        self.secret = about["signing_secret"]
        self._about = about

    def environment(self, port: int, folder: Path) -> dict[str, str]:
        """Return the settings that lead pollbot here."""
        return {
            "SLACK_BOT_TOKEN": self._about["bot_token"],
            "SLACK_SIGNING_SECRET": self.secret,
            "POLLBOT_SLACK_API_URL": self._about["api_url"],
            "POLLBOT_HOST": "127.0.0.1",
            "POLLBOT_PORT": str(port),
            "POLLBOT_DATABASE": str(folder / "pollbot.db"),
            "POLLBOT_JIRA_URL": self._about["jira_url"],
            "POLLBOT_ATLASSIAN_API_URL": self._about["gateway_url"],
        }

    def people_arrive(self, port: int) -> list[Template]:
        """Let all 64 connect, and the cards be posted; return a click on each card."""
        answer = httpx.post(
            f"{self._about['base_url']}/bench/people",
            json={"events_url": f"http://127.0.0.1:{port}/slack/events"},
            timeout=60,
        )
        answer.raise_for_status()
        return [Template.of(click["source"], click["body"]) for click in answer.json()]

    def heard(self) -> dict[str, int]:
        """Return how often the stand-ins were called so far, and with what end."""
        heard: dict[str, int] = httpx.get(f"{self._about['base_url']}/bench/heard").json()
        return heard


def main() -> int:
    """Measure everything, print the table, return 0 unless a click was not acknowledged."""
    began = time.perf_counter()
    folder, disk = real_disk()
    with tempfile.TemporaryDirectory(prefix="pollbot-bench-", dir=folder) as made:
        try:
            measured = measure(Path(made), disk)
        except (NotAcknowledged, DidNotStart) as error:
            print(f"bench stopped: {error}", file=sys.stderr)
            return 1
    print(table(measured))
    print(f"\nThe run took {time.perf_counter() - began:.0f} s.")
    return 0


def measure(folder: Path, disk: str) -> Measured:
    """Return all figures. Raises NotAcknowledged or DidNotStart."""
    measured = Measured(disk)
    with world() as outside:
        say(f"starting pollbot {STARTS} times")
        for number in range(STARTS):
            with pollbot(outside, fresh(folder / f"start-{number}")) as program:
                measured.starts.append(program.seconds_to_health)
        base = fresh(folder / "base")
        with pollbot(outside, base) as program:
            time.sleep(IDLE)
            measured.idle = program.memory()
            say(f"{len(PEOPLE)} people connect, {len(ISSUES)} cards are posted")
            clicks = outside.people_arrive(program.port)
        for number in range(1, ROUNDS + 1):
            measured.floor.append(floor_round(outside, clicks, fresh(folder / f"floor-{number}")))
            say(f"round {number}: the floor answers {_rate(measured.floor[-1])}")
            copied = folder / f"round-{number}"
            shutil.copytree(base, copied)
            measured.product.append(product_round(outside, clicks, copied))
            say(f"round {number}: pollbot answers {_rate(measured.product[-1])}")
        measured.heard = outside.heard()
    return measured


def floor_round(outside: World, clicks: list[Template], folder: Path) -> Round:
    """Measure the app that only acks."""
    port = free_port()
    command = [sys.executable, "-m", "bench.floor", str(port), outside.secret]
    with running(command, {"PYTHONPATH": str(ROOT)}, port, folder) as program:
        return clicked(program, outside, clicks)


def product_round(outside: World, clicks: list[Template], folder: Path) -> Round:
    """Measure pollbot; kill it, and look for every click in what it left on disk."""
    with pollbot(outside, folder) as program:
        one = clicked(program, outside, clicks)
        program.kill()
    one.on_disk = clicks_on_disk(folder / "pollbot.db")
    if one.on_disk != one.answers.acks:
        raise NotAcknowledged(
            f"{one.answers.acks} clicks were answered 200, but {one.on_disk} are in the database"
        )
    return one


def clicked(program: Program, outside: World, clicks: list[Template]) -> Round:
    """Let the crowd click on a running program."""
    since, before, unused_before = time.perf_counter(), program.cpu(), unused_cores()
    answers = asyncio.run(
        click_together(program.port, clicks, outside.secret, PEOPLE, warm=WARM, measured=MEASURED)
    )
    took, after, unused_after = time.perf_counter() - since, program.cpu(), unused_cores()
    used = None if before is None or after is None else (after - before) / answers.acks
    unused = (
        None
        if unused_before is None or unused_after is None
        else (unused_after - unused_before) / took
    )
    return Round(answers, used, unused, program.memory())


def clicks_on_disk(database: Path) -> int:
    """Return how many clicks on cards a database has handled."""
    db = sqlite3.connect(database)
    try:
        (count,) = db.execute("SELECT count(*) FROM deliveries WHERE deed = 'vote'").fetchone()
        return int(count)
    finally:
        db.close()


@contextmanager
def pollbot(outside: World, folder: Path) -> Iterator[Program]:
    """Run ``python app.py`` as a person would, with its database in ``folder``."""
    port = free_port()
    command = [sys.executable, str(ROOT / "app.py")]
    with running(command, outside.environment(port, folder), port, folder) as program:
        yield program


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


def table(measured: Measured) -> str:
    """Return the figures as people read them."""
    floor = statistics.median(one.answers.per_second for one in measured.floor)
    product = statistics.median(one.answers.per_second for one in measured.product)
    pairs = [
        mine.answers.per_second / other.answers.per_second
        for mine, other in zip(measured.product, measured.floor, strict=True)
    ]
    start, ratio = statistics.median(measured.starts), statistics.median(pairs)
    p99 = _middle(measured.product, 99)
    low, high = min(measured.starts), max(measured.starts)
    lines = [
        f"pollbot, measured on {os.cpu_count()} cores ({platform.machine()}, "
        f"{platform.system()}), Python {platform.python_version()}",
        f"database on {measured.disk}",
        "",
        _row("", "measured", "goal", ""),
        _row("start to /healthz", f"{start:.2f} s", "<= 1.5 s", _met(start <= 1.5)),
        _row(
            "memory when idle", f"{measured.idle:.0f} MB", "<= 100 MB", _met(measured.idle <= 100)
        ),
        _row("durable clicks, of the floor", f"{ratio:.2f}", ">= 0.5", _met(ratio >= 0.5)),
        _row("ack p99, 64 people at once", f"{p99:.0f} ms", "< 200 ms", _met(p99 < 200)),
        "",
        _row("", "pollbot", "floor", ""),
        _row("clicks acknowledged per second", f"{product:,.0f}", f"{floor:,.0f}", ""),
        _row("ack p50", f"{_middle(measured.product, 50):.0f} ms", _floor_ms(measured, 50), ""),
        _row("ack p99", f"{p99:.0f} ms", _floor_ms(measured, 99), ""),
        _row("processor time per click", _cpu(measured.product), _cpu(measured.floor), ""),
        _row("memory after a round", _memory(measured.product), _memory(measured.floor), ""),
        _row("the crowd's share of a core", _share(measured.product), _share(measured.floor), ""),
        _row("cores with nothing to do", _unused(measured.product), _unused(measured.floor), ""),
        "",
        f"starts: {low:.2f} to {high:.2f} s; ratio by pair of rounds: "
        + ", ".join(f"{pair:.2f}" for pair in pairs),
        f"{sum(one.answers.acks for one in measured.product):,} clicks were answered 200 by "
        f"pollbot; {sum(one.on_disk for one in measured.product):,} were on disk after it was "
        "killed",
        f"meanwhile: {_meanwhile(measured.heard)}",
    ]
    if any(one.unused is not None and one.unused < 0.1 for one in measured.floor):
        # The floor keeps one core busy; where the rest is taken, too, it was taken by others.
        lines.append("other programs kept this machine busy: run it again when it is calm")
    return "\n".join(lines)


def _row(name: str, one: str, other: str, verdict: str) -> str:
    return f"{name:<32}{one:>12}{other:>14}   {verdict}".rstrip()


def _met(is_met: bool) -> str:
    return "met" if is_met else "not met"


def _rate(one: Round) -> str:
    answers = one.answers
    return (
        f"{answers.per_second:,.0f} clicks a second, p50 {answers.percentile(50):.0f} ms, "
        f"p99 {answers.percentile(99):.0f} ms"
    )


def _middle(rounds: list[Round], percent: float) -> float:
    return statistics.median(one.answers.percentile(percent) for one in rounds)


def _floor_ms(measured: Measured, percent: float) -> str:
    return f"{_middle(measured.floor, percent):.0f} ms"


def _cpu(rounds: list[Round]) -> str:
    known = [one.cpu for one in rounds if one.cpu is not None]
    return f"{statistics.median(known) * 1000:.2f} ms" if known else "not known"


def _memory(rounds: list[Round]) -> str:
    return f"{statistics.median(one.memory for one in rounds):.0f} MB"


def _share(rounds: list[Round]) -> str:
    return f"{max(one.answers.own_share for one in rounds):.0%}"


def _unused(rounds: list[Round]) -> str:
    known = [one.unused for one in rounds if one.unused is not None]
    return f"{min(known):.1f}" if known else "not known"


def _meanwhile(heard: dict[str, Any]) -> str:
    return ", ".join(f"{count:,} x {what}" for what, count in sorted(heard.items()))


def say(what: str) -> None:
    """Tell whoever waits how far it is."""
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
