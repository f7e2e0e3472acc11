"""The card and the results of a poll that a crowd has answered, beside those of a small one.

Run alone by ``python -m bench.large_poll``.
"""

import asyncio
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.goals import Goal
from pollbot.database import Store
from pollbot.polls.answers import count_rows
from pollbot.polls.blocks import poll_card
from pollbot.polls.cards import as_seen
from pollbot.polls.kept import Kept
from pollbot.polls.results.blocks import results_message
from pollbot.polls.rules import Option, Poll, PollSettings
from pollbot.store.writer import Connection

MANY, FEW = 100_000, 100
_OPTIONS = 12
_TIMES = 30
_TEAM = "T0BENCH"


@dataclass(slots=True)
class LargePoll:
    """Seconds until each poll is read and drawn, as a card and as results: medians."""

    card: float
    card_of_few: float
    results: float
    results_of_few: float

    def goals(self) -> list[Goal]:
        """Return what is to be reached."""
        name = f"a poll of {MANY:,}"
        return [
            Goal(f"{name}: its card", self.card * 1000, "at most", 5, " ms"),
            Goal(f"{name}: its results", self.results * 1000, "at most", 5, " ms"),
        ]

    def line(self) -> str:
        """Return the same in words, beside a small poll."""
        return (
            f"drawn with {MANY:,} answers: card {self.card * 1000:.2f} ms, results "
            f"{self.results * 1000:.2f} ms; with {FEW}: {self.card_of_few * 1000:.2f} ms and "
            f"{self.results_of_few * 1000:.2f} ms"
        )


def results_of_a_large_poll() -> LargePoll:
    """Measure both in turns, in a database of their own."""
    with TemporaryDirectory() as folder:
        return asyncio.run(_measured(Path(folder)))


async def _measured(folder: Path) -> LargePoll:
    store = Store(folder / "pollbot.db", [])
    try:
        polls = [await _poll(store, str(answers), answers) for answers in (MANY, FEW)]
        seconds: list[list[float]] = [[], [], [], []]
        for _ in range(_TIMES):
            for place, kept in enumerate(polls):
                began = time.perf_counter()
                shown = await as_seen(store.answers, kept, time.time())
                poll_card("card", kept.poll, shown, now_open=True)
                seconds[place].append(time.perf_counter() - began)
                began = time.perf_counter()
                shown = await as_seen(store.answers, kept, time.time())
                results_message(kept.poll, shown, now_open=True)
                seconds[place + 2].append(time.perf_counter() - began)
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
    print(results_of_a_large_poll().line())
