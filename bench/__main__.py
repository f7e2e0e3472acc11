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
- **Durable answers**: the same 64 press the options on the card of one poll, made with ``/poll``,
  one option after the other, so that each press changes a row. Every answer brings a receipt.
  The poll has 12 options; pollbot draws them into fewer blocks, so the table says how heavy a
  click is.
- **The floor**: the same requests, of either kind, to a Bolt app whose one listener only acks, on
  the same kind of server (``bench/floor.py``). Floor, votes and answers take turns, three rounds
  each, and never run at the same time; a ratio is the median of its three pairs.
- **One issue**: 500 people, all connected to Jira, press *Vote* on one card within a second. Jira
  takes 20 writes of one issue in 2 s and 100 in 30 s, so the last vote cannot be there sooner than
  128 s after the first. Measured is how long it took, and how often Jira said that it was too much.
- **A dripping Jira**: Slack is 100 ms away. 16 people vote on issues, ask for cards of issues and
  have schedules of issues that are due, while others answer plain polls, and plain polls are posted
  by schedule. Jira answers, and then, in a pollbot of its own, drips: a byte now and then, without
  end. Measured is from each press to its card's update, and from each due time to the post: the
  medians beside a Jira that drips, divided by those beside one that answers, in pairs.
- **One second**: 1,000 schedules of plain polls are due in the same second, in 1,000 channels.
  50 people made one each, by the form; the others are copies of their rows. Slack takes 600
  messages a minute, and one a second in a channel, without a burst, so the last post cannot come
  sooner than 60 s after the first. Measured is from the due second to the last post; and each
  channel must have one post.
- **A large poll**: its results as a card shows them, with 100,000 answers and, in turns, with 100,
  in a database of their own.
- **Storms**: Slack's Web API and its response_urls are 100 ms away, and 300 people press on one
  poll's card within a second. Measured is how long after the last ack the card in the channel
  says that there are 300 answers, and how often it was changed until 3 s after that. Each storm
  has a pollbot of its own; the worst counts.

What makes it honest:

- The stand-ins of Slack and Jira, the crowd, the floor and pollbot are processes of their own;
  the table says how much of a core the crowd took, at most, and how much of the machine had
  nothing to do, at least. If the first nears 100 %, the crowd is what is measured; if the second
  nears 0, other programs are. Then run it again on a machine that is less busy.
- The database is on a real disk. After each round pollbot is killed (SIGKILL), and the clicks
  found in its file must be as many as were answered 200; and the poll must have one answer per
  person.
- Any other answer than 200 ends the run with exit code 1, and so does, after the table, a goal
  that is missed by more than a fifth of its limit.

The people, their accounts, the poll and the cards are made once, through the forms and commands
that people use; every round of pollbot begins with a copy of that database.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
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
    real_disk,
    say,
    slack_away,
    world,
)
from bench.crowd import NotAcknowledged, Template, click_together, press_within
from bench.dripping import Pair, beside_jira, make_due
from bench.due import copied_to
from bench.goals import exit_code
from bench.large_poll import results_of_a_large_poll
from bench.one_issue import votes_on_one_issue
from bench.one_second import OneSecond, posts_of_one_second
from bench.plain_polls import CHANNELS, EACH
from bench.programs import DidNotStart, Program, free_port, running, unused_cores
from bench.table import Measured, Round, Storm, goals, pair_in_words, rate, storm_in_words, table
from bench.world import ISSUES, MANY, PEOPLE

STARTS = 5
IDLE = 3.0
ROUNDS = 3
WARM = 2.0
MEASURED = 6.0
STORMS = 2
PAIRS = 2
UNTIL_DUE = 6.0
STORM = 0.95
LONGEST = 20.0
AFTER_STORM = 3.0


def main() -> int:
    """Measure everything, print the table; return 1 if a click or a goal was missed by far."""
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
    return exit_code(goals(measured))


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
            say(f"{len(PEOPLE)} people connect, {len(ISSUES)} cards and a poll are posted")
            clicks = outside.people_arrive(program.port)
        measured.poll_bytes = len(clicks.answers[0].filled(PEOPLE[0], f"{time.time():.6f}"))
        for number in range(1, ROUNDS + 1):
            floors = floor_round(outside, clicks, fresh(folder / f"floor-{number}"))
            for floor, found in zip((measured.floor, measured.poll_floor), floors, strict=True):
                floor.append(found)
            say(f"round {number}: the floor answers {rate(floors[0])}; of a poll {rate(floors[1])}")
            measured.votes.append(vote_round(outside, clicks, copy(base, f"votes-{number}")))
            say(f"round {number}: votes are answered {rate(measured.votes[-1])}")
            measured.answers.append(answer_round(outside, clicks, copy(base, f"answers-{number}")))
            say(f"round {number}: answers are answered {rate(measured.answers[-1])}")
        for number in range(1, STORMS + 1):
            measured.storms.append(storm(outside, clicks, copy(base, f"storm-{number}")))
            say(f"storm {number}: {storm_in_words(measured.storms[-1])}")
        plain = fresh(folder / "plain")
        with pollbot(outside, plain) as program:
            say("50 people make polls and schedule them")
            outside.people_schedule(program.port)
        for number in range(1, PAIRS + 1):
            measured.dripping.append(pair(outside, plain, number))
            say(f"beside Jira, {number}: {pair_in_words(measured.dripping[-1])}")
        say("1,000 schedules are due in one second, which takes a minute at least")
        measured.one_second = one_second(outside, copy(plain, "one-second"))
        say("500 people vote on one issue, which takes two minutes at least")
        with pollbot(outside, fresh(folder / "one-issue")) as program:
            measured.one_issue = votes_on_one_issue(program, outside.base_url, outside.secret)
        measured.large_poll = results_of_a_large_poll()
        measured.heard = outside.heard()
    return measured


def floor_round(outside: World, clicks: Clicks, folder: Path) -> tuple[Round, Round]:
    """Measure the app that only acks, with clicks on issues and with clicks on a poll."""
    port = free_port()
    command = [sys.executable, "-m", "bench.floor", str(port), outside.secret]
    with running(command, {"PYTHONPATH": str(ROOT)}, port, folder) as program:
        return clicked(program, outside, clicks.votes), clicked(program, outside, clicks.answers)


def vote_round(outside: World, clicks: Clicks, folder: Path) -> Round:
    """Measure votes; kill pollbot, and look for every click in what it left on disk."""
    with pollbot(outside, folder) as program:
        one = clicked(program, outside, clicks.votes)
        program.kill()
    one.on_disk = must_be_on_disk(folder, "vote", one.answers.acks)
    return one


def answer_round(outside: World, clicks: Clicks, folder: Path) -> Round:
    """Measure answers to a poll; kill pollbot, and look for every click and everybody's answer."""
    with pollbot(outside, folder) as program:
        one = clicked(program, outside, clicks.answers)
        program.kill()
    one.on_disk = must_be_on_disk(folder, "answer", one.answers.acks)
    must_have_answered(folder, len(PEOPLE))
    return one


def storm(outside: World, clicks: Clicks, folder: Path) -> Storm:
    """Let 300 people press within a second, Slack being away; watch the card in the channel."""
    with pollbot(outside, folder) as program:
        with slack_away(outside):
            found = pressed([program.port], outside, clicks.answers)
        program.kill()
    must_be_on_disk(folder, "answer", found.answers.acks)
    must_have_answered(folder, len(MANY))
    return found


def pressed(ports: Sequence[int], outside: World, clicks: list[Template]) -> Storm:
    """Let all press once at running programs, and wait for the last update of the card."""
    source, began = clicks[0].source, time.time()
    answers = asyncio.run(press_within(STORM, ports, clicks, outside.secret, MANY))
    shown_at = None
    while shown_at is None and time.time() < answers.last_ack_at + LONGEST:
        time.sleep(0.2)
        says_all = [
            update["at"]
            for update in outside.updates(source, began)
            if update["ok"] and f" {len(MANY)} answers" in update["text"]
        ]
        shown_at = min(says_all, default=None)
    time.sleep(AFTER_STORM)
    complete = None if shown_at is None else shown_at - answers.last_ack_at
    return Storm(answers, complete, len(outside.updates(source, began)))


def pair(outside: World, plain: Path, number: int) -> Pair:
    """Measure plain polls beside a Jira that answers, and beside one that drips."""
    found = []
    for name, drips in (("answers", False), ("drips", True)):
        folder = copy(plain, f"jira-{name}-{number}")
        due = make_due(folder)
        with pollbot(outside, folder) as program, slack_away(outside):
            found.append(beside_jira(program, outside.base_url, due, drips=drips))
    return Pair(*found)


def one_second(outside: World, folder: Path) -> OneSecond:
    """Let 1,000 schedules be due at once, soon after pollbot has started."""
    due = time.time() + UNTIL_DUE
    copied_to(folder, CHANNELS, EACH, due)
    outside.slack_is_strict()
    with pollbot(outside, folder), slack_away(outside):
        return posts_of_one_second(outside.base_url, due)


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


if __name__ == "__main__":
    sys.exit(main())
