"""Where the processor time of a click goes, by part: ``python -m bench where``.

pollbot runs under a sampler (``python -m bench.where OUT app.py``): again and again, by the
processor time that it used, it is written down what its main thread is at. A sample belongs to the
innermost part that it is in. What the writer's thread takes is known by that thread's own clock. 64
people answer one poll, each again as soon as they were answered; receipts and the card are in it.
"""

import asyncio
import json
import re
import runpy
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from types import FrameType

from bench.around import ROOT, fresh, say, world
from bench.crowd import click_together
from bench.programs import free_port, running
from bench.world import PEOPLE

_EVERY = 0.002
_WARM, _CLICKING = 1.0, 8.0
_PARTS = (
    ("signature", r"pollbot/signed"),
    ("what the body says", r"pollbot/front_door|yarl/|pollbot/slack/(payloads|shapes|clicks)"),
    ("Bolt", r"slack_bolt/"),
    ("aiohttp, in", r"aiohttp/(web|http|helpers|streams|multipart)"),
    ("aiohttp, out", r"aiohttp/|aiohappyeyeballs|slack_sdk/|pollbot/slack/client|pollbot/web/"),
    ("handing pieces to the writer", r"pollbot/.*rows|pollbot/store/|sqlite"),
    ("drawing", r"pollbot/.*(blocks|cards|tally|rules)\.py|pollbot/text/|pollbot/slack/kit"),
    ("log, metrics", r"logging/|pollbot/(logs|metrics|errands)"),
    ("listeners, services, receipts", r"pollbot/"),
    ("event loop", r"asyncio/|selectors"),
)


def where_it_goes(folder: Path) -> list[str]:
    """Return each part's share of the time, and what a click takes in all, as lines."""
    samples = fresh(folder / "where") / "samples"
    port = free_port()
    command = [sys.executable, "-m", "bench.where", str(samples), str(ROOT / "app.py")]
    with world() as outside:
        environment = outside.environment(port, samples.parent) | {"PYTHONPATH": str(ROOT)}
        with running(command, environment, port, samples.parent) as program:
            clicks = outside.polls_for_storms(port)[0]
            say("people click, and it is written down what for")
            before = program.cpu() or 0.0
            program.process.send_signal(signal.SIGUSR1)
            answers = asyncio.run(
                click_together(port, clicks, outside.secret, PEOPLE, warm=_WARM, measured=_CLICKING)
            )
            program.process.send_signal(signal.SIGUSR2)
            each = ((program.cpu() or 0.0) - before) / answers.acks
    made = json.loads(samples.read_text())
    found = Counter(_part(stack) for stack in made["stacks"])
    of_main, total = made["main"] / made["process"], sum(found.values())
    shares = {part: of_main * count / total for part, count in found.items()}
    shares["rows and commits, a thread"] = 1 - of_main
    return [
        f"a click takes {each * 1000:.2f} ms of a core, in {total:,} samples:",
        *(
            f"{part:<32}{share:>7.0%}{each * share * 1000:>9.2f} ms"
            for part, share in sorted(shares.items(), key=lambda one: -one[1])
        ),
    ]


def _part(stack: list[str]) -> str:
    for file in stack:
        for name, pattern in _PARTS:
            if re.search(pattern, file):
                return name
    return "the rest"


def sampled(out: Path, program: str) -> None:
    """Run a program, and write to ``out`` what it was at from SIGUSR1 to SIGUSR2.

    ``stacks`` are those of the main thread, ``main`` and ``process`` seconds of processor time.
    """
    stacks: list[list[str]] = []
    since = {"main": 0.0, "process": 0.0}

    def note(_number: int, frame: FrameType | None) -> None:
        stacks.append(_files(frame))

    def begin(_number: int, _frame: FrameType | None) -> None:
        stacks.clear()
        since.update(main=time.thread_time(), process=time.process_time())
        signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)

    def end(_number: int, _frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        main, process = time.thread_time(), time.process_time()
        took = {"main": main - since["main"], "process": process - since["process"]}
        out.write_text(json.dumps({"stacks": stacks, **took}))

    signal.signal(signal.SIGPROF, note)
    signal.signal(signal.SIGUSR1, begin)
    signal.signal(signal.SIGUSR2, end)
    sys.argv = [program]
    runpy.run_path(program, run_name="__main__")


def _files(frame: FrameType | None) -> list[str]:
    files = []
    while frame is not None:
        files.append(frame.f_code.co_filename)
        frame = frame.f_back
    return files


if __name__ == "__main__":
    sampled(Path(sys.argv[1]), sys.argv[2])
