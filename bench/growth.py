"""What a click costs as the database grows: ``python -m bench growth``.

Databases with 1,000, 10,000, 100,000 and 1,000,000 ballots, in polls of a hundred each, and one
whose clicks are on a poll that 100,000 people have answered. One poll was made by command;
the rest are copies of its rows. Each has a pollbot of its own, and they take turns, a second
each, with the same 16 people, who click again as soon as they were answered. A ratio is made of
two figures of the same round, and its median counts.

Beside that: from ``python app.py`` to the first 200 of ``/healthz`` on the largest one; how long
the card and the results of the large poll take to draw (``bench/large_poll.py``); and the memory
of pollbot after it answered many clicks on it. Whose turn is the first goes around.
"""

import asyncio
import os
import shutil
import sqlite3
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from bench.around import World, copy, fresh, must_be_on_disk, pollbot, say, world
from bench.crowd import Answers, Template, click_together
from bench.goals import Goal
from bench.large_poll import LargePoll, results_of_a_large_poll
from bench.programs import Program
from bench.world import PEOPLE

BALLOTS = (1_000, 10_000, 100_000, 1_000_000)
ONE_POLL = 100_000
_EACH = 100
_CLICKING = PEOPLE[:16]
_WARM = 0.2
_TURN = 0.8
_STARTS = 3
_AT_ONCE = 2.0
CLICKS = 100_000
"""How many in a row are to leave the memory as it is."""
_LOOKED_AT = (1_000, 10_000, 25_000, 50_000)
"""After so many of them the memory is looked at, too; after the second it is to stay as it is."""
_ONE = "one poll"


@dataclass(slots=True)
class Growth:
    """What was measured, by the number of ballots, and of the one large poll."""

    clicks: dict[str, list[Answers]] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)
    """Seconds of a core for a click."""
    starts: list[float] = field(default_factory=list)
    start_cpu: list[float] = field(default_factory=list)
    """Seconds of a core for a start."""
    large_poll: LargePoll | None = None
    clicked: int = 0
    memory: dict[int, float] = field(default_factory=dict)
    """MB after so many clicks in a row, those before which it was looked at and all."""
    took: float = 0.0
    """Seconds that all of these took."""
    megabytes: float = 0.0
    """Of the file with the most ballots."""


def measure_growth(folder: Path, *, rounds: int, clicks: int = CLICKS) -> Growth:
    """Return all figures, with so many clicks for the memory. Raises what clicks may raise."""
    found = Growth()
    with world() as outside, ExitStack() as stack:
        base = fresh(folder / "growing")
        with pollbot(outside, base) as program:
            templates = outside.polls_for_storms(program.port)[0]
            time.sleep(1.0)
        folders = {f"{ballots:,}": grown(base, ballots, ballots // _EACH) for ballots in BALLOTS}
        folders[_ONE] = grown(base, ONE_POLL, 0)
        largest = folders[f"{BALLOTS[-1]:,}"]
        found.megabytes = (largest / "pollbot.db").stat().st_size / 1e6
        for _ in range(_STARTS):
            with pollbot(outside, largest) as program:
                found.starts.append(program.seconds_to_health)
                found.start_cpu += [used for used in [program.cpu()] if used is not None]
        programs = {
            name: stack.enter_context(pollbot(outside, one)) for name, one in folders.items()
        }
        for number in range(rounds):
            say(f"clicks beside more and more ballots, round {number + 1} of {rounds}")
            names = [*programs]
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                _one_turn(found, name, programs[name], outside, templates)
        say(f"{clicks:,} clicks on the poll with {ONE_POLL:,} answers")
        _click_on(found, programs[_ONE], outside, templates, clicks)
        for name, program in programs.items():
            program.kill()
            must_be_on_disk(folders[name], "answer", sum(one.acks for one in found.clicks[name]))
            shutil.rmtree(folders[name])
    found.large_poll = results_of_a_large_poll()
    return found


def _one_turn(
    found: Growth, name: str, program: Program, outside: World, templates: list[Template]
) -> None:
    before = program.cpu()
    answers = _clicked(program, outside, templates, _TURN)
    after = program.cpu()
    found.clicks.setdefault(name, []).append(answers)
    if before is not None and after is not None:
        found.cpu.setdefault(name, []).append((after - before) / answers.acks)


def _click_on(
    found: Growth, program: Program, outside: World, templates: list[Template], clicks: int
) -> None:
    """Let people click so often, and keep what memory pollbot takes meanwhile."""
    began, looks = time.monotonic(), [one for one in _LOOKED_AT if one < clicks]
    while found.clicked < clicks:
        seconds = _TURN if found.clicked < _LOOKED_AT[1] else _AT_ONCE
        answers = _clicked(program, outside, templates, seconds)
        found.clicks[_ONE].append(answers)
        found.clicked += answers.acks
        while looks and found.clicked >= looks[0]:
            found.memory[looks.pop(0)] = program.memory()
    found.memory[found.clicked] = program.memory()
    found.took = time.monotonic() - began


def _clicked(
    program: Program, outside: World, templates: list[Template], seconds: float
) -> Answers:
    return asyncio.run(
        click_together(
            program.port, templates, outside.secret, _CLICKING, warm=_WARM, measured=seconds
        )
    )


def grown(base: Path, ballots: int, polls: int) -> Path:
    """Return a copy of a folder with so many more ballots, spread over so many more polls.

    With none of them all are on the first poll that is there.
    """
    folder = copy(base, f"{base.name}-{ballots}-{polls}")
    with closing(sqlite3.connect(folder / "pollbot.db")) as db, db:
        db.execute("PRAGMA journal_mode = OFF")
        (first,) = db.execute("SELECT id FROM polls ORDER BY created_at LIMIT 1").fetchone()
        (options,) = db.execute(
            "SELECT json_array_length(options) FROM polls WHERE id = ?", (first,)
        ).fetchone()
        option_ids = [
            option_id
            for (option_id,) in db.execute(
                "SELECT json_extract(one.value, '$.id') FROM polls, json_each(options) AS one"
                " WHERE polls.id = ?",
                (first,),
            )
        ]
        made = [f"copy-{number}" for number in range(polls)]
        for table, own in (("polls", ("id",)), ("cards", ("id", "poll_id"))):
            _copied(db, table, own, first, made)
        each, into = (_EACH, made) if polls else (ballots, [first])
        db.executemany(
            "INSERT INTO answers (poll_id, voter, option_id) VALUES (?, ?, ?)",
            (
                (poll_id, f"U0COPY{number:06}", option_ids[number % options])
                for poll_id in into
                for number in range(each)
            ),
        )
        people = [(poll_id, "", each) for poll_id in into]
        counts = [
            (poll_id, option_id, len(range(place, each, options)))
            for poll_id in into
            for place, option_id in enumerate(option_ids)
        ]
        db.executemany(
            "INSERT INTO counts (poll_id, option_id, answers) VALUES (?, ?, ?)", people + counts
        )
    # What one program waits to have on disk may have to wait for all that lies before it.
    os.sync()
    return folder


def _copied(
    db: sqlite3.Connection, table: str, own: tuple[str, ...], poll_id: str, ids: Sequence[str]
) -> None:
    """Copy the row of a poll, or of its card, once for each id."""
    whose = own[-1]
    cursor = db.execute(f"SELECT * FROM {table} WHERE {whose} = ?", (poll_id,))  # noqa: S608
    names = [column[0] for column in cursor.description]
    row = dict(zip(names, cursor.fetchone(), strict=True))
    marks = ", ".join("?" * len(names))
    db.executemany(
        f"INSERT INTO {table} VALUES ({marks})",  # noqa: S608  names of ours, and marks
        (list((row | dict.fromkeys(own, id_)).values()) for id_ in ids),
    )


def _seconds(one: Answers) -> float:
    """Return the seconds from one click that was answered to the next."""
    return 1 / one.per_second


def _p99(one: Answers) -> float:
    return one.percentile(99)


def _ratio(ours: Sequence[float], first: Sequence[float]) -> float:
    return statistics.median(mine / other for mine, other in zip(ours, first, strict=False))


def growth_goals(found: Growth) -> list[Goal]:
    """Return what is to be reached."""
    first = found.clicks[f"{BALLOTS[0]:,}"]
    apart = [*(f"{ballots:,}" for ballots in BALLOTS[1:]), _ONE]
    goals = []
    for name in apart:
        is_one = name == _ONE
        said = f"a poll of {ONE_POLL:,}" if is_one else f"{name} ballots"
        goals.append(
            Goal(
                f"{said}: a click, of that beside {BALLOTS[0]:,}",
                _ratio([*map(_seconds, found.clicks[name])], [*map(_seconds, first)]),
                "at most",
                1.2 if is_one else 1.1,
            )
        )
    p99 = _ratio([*map(_p99, found.clicks[_ONE])], [*map(_p99, first)])
    goals.append(Goal(f"a poll of {ONE_POLL:,}: its ack p99, of that", p99, "at most", 1.2))
    start = statistics.median(found.starts)
    goals.append(Goal(f"start beside {BALLOTS[-1]:,} ballots", start, "at most", 1, " s"))
    if found.large_poll is not None:
        goals += found.large_poll.goals()
    most, settled = max(found.memory.values()), found.memory.get(_LOOKED_AT[1], 0.0)
    return [
        *goals,
        Goal(f"memory within {found.clicked:,} clicks", most, "at most", 120, " MB", 0),
        Goal(f"  more than after {_LOOKED_AT[1]:,}", most - settled, "at most", 5, " MB", 1),
    ]


def growth_lines(found: Growth) -> list[str]:
    """Return the figures behind them."""
    first = found.cpu.get(f"{BALLOTS[0]:,}", [])
    return [
        f"{'ballots':<14}{'clicks a second':>16}{'ack p50':>10}{'p99':>10}{'core each':>12}"
        f"{'of the first':>14}",
        *(
            f"{name:<14}{statistics.median(one.per_second for one in answers):>16,.0f}"
            f"{statistics.median(one.percentile(50) for one in answers):>7.0f} ms"
            f"{statistics.median(map(_p99, answers)):>7.0f} ms"
            + (
                f"{statistics.median(found.cpu[name]) * 1000:>9.2f} ms"
                f"{_ratio(found.cpu[name], first):>14.2f}"
                if name in found.cpu
                else ""
            )
            for name, answers in found.clicks.items()
        ),
        f"the file with {BALLOTS[-1]:,} ballots has {found.megabytes:,.0f} MB; starts: "
        + ", ".join(f"{one:.2f} s" for one in found.starts)
        + "; of a core "
        + ", ".join(f"{one:.2f} s" for one in found.start_cpu),
        "memory after so many clicks in a row: "
        + ", ".join(f"{clicks:,}: {memory:.1f} MB" for clicks, memory in found.memory.items())
        + f"; they took {found.took:.0f} s",
        *([] if found.large_poll is None else [found.large_poll.line()]),
    ]
