"""Answers that are on disk: in a file, and on a PostgreSQL server, in turns.

    python -m bench.engines postgresql://…

names an empty database that may be thrown away. Both are asked from inside the program, without
Slack around it: 64 people answer one poll, each as soon as their last answer is kept.
"""

import asyncio
import statistics
import sys
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.fernet import Fernet

from pollbot.database import Store
from pollbot.people import Person
from pollbot.place import place
from pollbot.polls.answers.rows import Change
from pollbot.polls.kept import Kept
from pollbot.polls.rules import Answer, Option, Poll, PollSettings, choose

PEOPLE, SECONDS, ROUNDS = 64, 4.0, 3
_TEAM, _OPTIONS = "T0BENCH", 12


async def answers_each_second(
    store: Store, poll_id: str, *, seconds: float = SECONDS
) -> tuple[float, float]:
    """Return how many answers were kept in a second, and the median seconds of one."""
    options = tuple(Option(str(number), f"Option {number}", number) for number in range(_OPTIONS))
    poll = Poll(poll_id, "Lunch?", "", options, PollSettings(), "U0MAKER")
    await store.polls.add(Kept(poll, _TEAM, "https://acme.example", "plain", "", time.time()))
    ends, took = time.perf_counter() + seconds, []

    async def answer_on_and_on(number: int) -> None:
        turn = 0
        while (began := time.perf_counter()) < ends:
            option, now = str((number + turn) % _OPTIONS), time.time()
            await store.answers.answer(
                Person(_TEAM, f"U{number:05}"),
                poll_id,
                Change(partial(_chosen, option, now)),
                now,
                action_ts=f"{now:.6f}",
            )
            took.append(time.perf_counter() - began)
            turn += 1

    await asyncio.gather(*map(answer_on_and_on, range(PEOPLE)))
    return len(took) / seconds, statistics.median(took)


def _chosen(option: str, now: float, poll: Poll, mine: Answer) -> Answer:
    return choose(poll, mine, option, now)


async def compared(address: str, folder: Path) -> list[float]:
    """Measure both in turns; tell and return each round's ratio."""
    keys, ratios = [Fernet.generate_key().decode()], []
    stores = Store(folder / "pollbot.db", keys), Store(place(address), keys)
    try:
        for number in range(ROUNDS):
            poll_id = f"{time.time_ns()}"
            (here, wait), (there, wait_there) = [
                await answers_each_second(store, poll_id) for store in stores
            ]
            ratios.append(there / here)
            print(
                f"round {number + 1}: in a file {here:,.0f} answers/s ({wait * 1000:.1f} ms),"
                f" on the server {there:,.0f} ({wait_there * 1000:.1f} ms),"
                f" ratio {ratios[-1]:.2f}",
                file=sys.stderr,
            )
    finally:
        for store in stores:
            store.close()
    return ratios


async def main(address: str) -> None:
    """Measure both, and print the median of the ratios."""
    with TemporaryDirectory(dir=Path.cwd()) as folder:
        ratios = await compared(address, Path(folder))
    print(f"PostgreSQL against SQLite, {PEOPLE} at once: {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
