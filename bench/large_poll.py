"""The results of a poll that a crowd has answered, beside those of a small one.

Run alone by ``python -m bench.large_poll``.
"""

import asyncio
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pollbot.database import Store
from pollbot.polls.answers import count_rows
from pollbot.polls.cards import as_seen
from pollbot.polls.kept import Kept
from pollbot.polls.rules import Option, Poll, PollSettings
from pollbot.store.writer import Connection

MANY, FEW = 100_000, 100
_OPTIONS = 12
_TIMES = 30
_TEAM = "T0BENCH"


@dataclass(slots=True)
class LargePoll:
    """Seconds until the results of each poll are there, as its card shows them: medians."""

    many: float
    few: float

    @property
    def ratio(self) -> float:
        return self.many / self.few


def results_of_a_large_poll() -> LargePoll:
    """Measure both in turns, in a database of their own."""
    with TemporaryDirectory() as folder:
        return asyncio.run(_measured(Path(folder)))


async def _measured(folder: Path) -> LargePoll:
    store = Store(folder / "pollbot.db", [])
    try:
        polls = [await _poll(store, str(answers), answers) for answers in (MANY, FEW)]
        seconds: list[list[float]] = [[], []]
        for _ in range(_TIMES):
            for kept, took in zip(polls, seconds, strict=True):
                began = time.perf_counter()
                await as_seen(store.answers, kept, time.time())
                took.append(time.perf_counter() - began)
        return LargePoll(*(statistics.median(took) for took in seconds))
    finally:
        store.close()


async def _poll(store: Store, poll_id: str, answers: int) -> Kept:
    options = tuple(Option(str(number), f"Option {number}", number) for number in range(_OPTIONS))
    poll = Poll(poll_id, "Lunch?", "", options, PollSettings(), "U0MAKER")
    await store.polls.add(Kept(poll, _TEAM, "https://acme.example", "plain", "", time.time()))

    def answer(db: Connection) -> None:
        db.executemany(
            "INSERT INTO answers (poll_id, voter, option_id) VALUES (?, ?, ?)",
            [(poll_id, f"U{number:07}", str(number % _OPTIONS)) for number in range(answers)],
        )
        count_rows.recount(db, poll_id)

    await store._writer.do(answer)
    return await store.polls.find(_TEAM, poll_id)


if __name__ == "__main__":
    found = results_of_a_large_poll()
    print(
        f"results of {MANY:,} answers: {found.many * 1000:.2f} ms, {found.ratio:.2f} of those of "
        f"{FEW} ({found.few * 1000:.2f} ms)"
    )
