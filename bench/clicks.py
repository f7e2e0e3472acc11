"""Clicks that are kept, beside programs that keep nothing: ``python -m bench clicks``.

On as many connections as ``CONNECTIONS`` says, one person each, everybody clicks again as soon as
they were answered. **Answers** press the options on the card of one poll, one after the other, so
that each press changes a row and each person is told of theirs; **votes** press *Vote* on the cards
of 16 issues, which are taken to Jira and drawn meanwhile. All 512 are connected to Jira.

The floors (``bench/floor.py``) are brought the very same requests. Each round has all programs
take their turn, and never two at once: pollbot, begun anew on a copy of the same database, with
answers and with votes, and the fastest Bolt with either; the others with answers. A machine is
faster in one minute than in the next, so pollbot and the fastest Bolt follow one another on each
number of connections, now the one first and now the other, and pollbot is halted while the other
is measured. A ratio is made of two such figures, and its median over the rounds is what counts.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from bench.around import (
    ROOT,
    Clicks,
    World,
    copy,
    fresh,
    must_be_on_disk,
    must_have_answered,
    pollbot,
    say,
)
from bench.crowd import Answers, Template, click_together
from bench.floor import KINDS
from bench.goals import Goal
from bench.programs import Program, free_port, running, unused_cores
from bench.world import CROWD

CONNECTIONS = (32, 128, 512)
BOLT, TUTORIAL, BARE = KINDS
_WARM = 0.6
_OURS = {"answers": "answer", "votes": "vote"}
"""What is kept of each kind of click is known by this name on disk."""
_OF = {"answers": f"{BOLT}, answers", "votes": f"{BOLT}, votes"}
_NAMES = {
    "answers": "pollbot: answers",
    _OF["answers"]: "the fastest Bolt: answers",
    "votes": "pollbot: votes",
    _OF["votes"]: "the fastest Bolt: votes",
    TUTORIAL: "Bolt as in its tutorials: answers",
    BARE: "bare aiohttp: answers",
}


@dataclass(frozen=True, slots=True)
class Level:
    """What one program did in one round, on so many connections.

    ``cpu`` are seconds of its processor time for each click, ``unused`` the cores that had
    nothing to do, both None where that cannot be told; ``memory`` is in MB, at the end.
    """

    answers: Answers
    cpu: float | None
    unused: float | None
    memory: float


Round = dict[tuple[str, int], Level]
"""By the name of the program with its kind of click, and the number of connections."""


@dataclass(slots=True)
class ClicksMeasured:
    """All rounds; ``on_disk`` are the clicks that were found there after pollbot was killed."""

    request_bytes: int = 0
    rounds: list[Round] = field(default_factory=list)
    acks: int = 0
    on_disk: int = 0

    def ratios(self, kind: str, connections: int) -> list[float]:
        """Return how many clicks pollbot answered for each of the fastest Bolt, by round."""
        return [
            one[kind, connections].answers.per_second
            / one[_OF[kind], connections].answers.per_second
            for one in self.rounds
        ]

    def p99_ratios(self, kind: str, connections: int) -> list[float]:
        """Return how long the slowest hundredth of pollbot's clicks took, of that one's."""
        return [
            one[kind, connections].answers.percentile(99)
            / one[_OF[kind], connections].answers.percentile(99)
            for one in self.rounds
        ]

    def goals(self) -> list[Goal]:
        """Return what is to be reached on each number of connections."""
        of_speed = [
            Goal(
                f"durable {kind} of the fastest Bolt, {connections}",
                statistics.median(self.ratios(kind, connections)),
                "at least",
                0.8,
            )
            for kind in _OURS
            for connections in CONNECTIONS
        ]
        of_waiting = [
            Goal(
                f"ack p99 of its, {kind}, {connections}",
                statistics.median(self.p99_ratios(kind, connections)),
                "at most",
                2,
            )
            for kind in _OURS
            for connections in CONNECTIONS
        ]
        return of_speed + of_waiting

    def lines(self) -> list[str]:
        """Return the table of what each program did, and what to know about it."""
        return [
            f"{'clicks a second (ack p50, p99 in ms)':<36}"
            + "".join(f"{connections:>22}" for connections in CONNECTIONS),
            *(f"{said:<36}" + self._cells(name) for name, said in _NAMES.items()),
            "",
            *(
                f"{_NAMES[name]}: {_each(self._cpus(name))} ms of a core for a click, "
                f"{statistics.median(one[name, CONNECTIONS[-1]].memory for one in self.rounds):.0f}"
                " MB at the end"
                for name in _NAMES
            ),
            *(
                f"ratios of {kind}, {connections}, by round: "
                + ", ".join(f"{one:.2f}" for one in self.ratios(kind, connections))
                for kind in _OURS
                for connections in CONNECTIONS
            ),
            f"a click on the poll is a request of {self.request_bytes / 1000:.1f} kB",
            f"{self.acks:,} clicks were answered 200 by pollbot; {self.on_disk:,} were on disk "
            "after it was killed",
            f"the crowd took {max(self._shares()):.0%} of a core at most",
            *self._busy(),
        ]

    def _cells(self, name: str) -> str:
        return "".join(
            f"{self._median(name, connections, lambda one: one.per_second):>10,.0f}"
            f"{self._waited(name, connections):>12}"
            for connections in CONNECTIONS
        )

    def _waited(self, name: str, connections: int) -> str:
        p50 = self._median(name, connections, lambda one: one.percentile(50))
        p99 = self._median(name, connections, lambda one: one.percentile(99))
        return f"({p50:.0f}, {p99:.0f})"

    def _median(self, name: str, connections: int, of: Callable[[Answers], float]) -> float:
        return statistics.median(of(one[name, connections].answers) for one in self.rounds)

    def _cpus(self, name: str) -> list[float]:
        used = [
            [cpu for one in self.rounds if (cpu := one[name, connections].cpu) is not None]
            for connections in CONNECTIONS
        ]
        return [statistics.median(of_level) * 1000 for of_level in used if of_level]

    def _shares(self) -> Iterable[float]:
        return (level.answers.own_share for one in self.rounds for level in one.values())

    def _busy(self) -> list[str]:
        # A floor keeps one core busy, and the crowd a part of another; what else is taken is
        # taken by others.
        floors = [
            level.unused
            for one in self.rounds
            for (name, _), level in one.items()
            if name not in _OURS and level.unused is not None
        ]
        if floors and min(floors) < 0.1:
            return ["other programs kept this machine busy: run it again when it is calm"]
        return []


def measure_clicks(
    outside: World, base: Path, clicks: Clicks, *, rounds: int, seconds: float
) -> ClicksMeasured:
    """Return what all programs did in so many rounds, with so many seconds for each level.

    ``base`` is the database to begin with. Raises NotAcknowledged or DidNotStart.
    """
    request = clicks.answers[0].filled(CROWD[0], f"{time.time():.6f}")
    measured = ClicksMeasured(len(request))
    with floors(outside, fresh(base.with_name("floors"))) as ports:
        for number in range(1, rounds + 1):
            one: Round = {}
            for kind, deed in _OURS.items():
                of_kind = clicks.answers if kind == "answers" else clicks.votes
                folder = copy(base, f"{kind}-{number}")
                with pollbot(outside, folder) as program:
                    for connections in CONNECTIONS:
                        people = CROWD[:connections]
                        turns = [(kind, program), (_OF[kind], ports[BOLT])]
                        for name, its in turns if number % 2 else reversed(turns):
                            with nullcontext() if its is program else program.paused():
                                level = clicked(its, outside, of_kind, people, seconds)
                            one[name, connections] = level
                    program.kill()
                acks = sum(one[kind, connections].answers.acks for connections in CONNECTIONS)
                measured.on_disk += must_be_on_disk(folder, deed, acks)
                measured.acks += acks
                if kind == "answers":
                    must_have_answered(folder, max(CONNECTIONS))
            for kind in (TUTORIAL, BARE):
                for connections in CONNECTIONS:
                    people = CROWD[:connections]
                    level = clicked(ports[kind], outside, clicks.answers, people, seconds)
                    one[kind, connections] = level
            measured.rounds.append(one)
            say(f"round {number}: " + "; ".join(_in_words(one)))
    return measured


@contextmanager
def floors(outside: World, folder: Path) -> Iterator[dict[str, Program]]:
    """Run all floors; while nobody clicks there they do nothing."""
    with ExitStack() as stack:
        started = {}
        for kind in KINDS:
            port = free_port()
            command = [sys.executable, "-m", "bench.floor", str(port), outside.secret, kind]
            program = running(command, {"PYTHONPATH": str(ROOT)}, port, fresh(folder / kind))
            started[kind] = stack.enter_context(program)
        yield started


def clicked(
    program: Program,
    outside: World,
    clicks: list[Template],
    people: tuple[str, ...],
    seconds: float,
) -> Level:
    """Let these people click on a running program."""
    since, before, unused_before = time.perf_counter(), program.cpu(), unused_cores()
    answers = asyncio.run(
        click_together(program.port, clicks, outside.secret, people, warm=_WARM, measured=seconds)
    )
    took, after, unused_after = time.perf_counter() - since, program.cpu(), unused_cores()
    used = None if before is None or after is None else (after - before) / answers.acks
    unused = (
        None
        if unused_before is None or unused_after is None
        else (unused_after - unused_before) / took
    )
    return Level(answers, used, unused, program.memory())


def _in_words(one: Round) -> Iterator[str]:
    for kind in _OURS:
        ratios = (
            one[kind, connections].answers.per_second
            / one[_OF[kind], connections].answers.per_second
            for connections in CONNECTIONS
        )
        yield f"{kind} {', '.join(f'{ratio:.2f}' for ratio in ratios)} of the fastest Bolt"


def _each(numbers: list[float]) -> str:
    return ", ".join(f"{number:.2f}" for number in numbers) or "?"
