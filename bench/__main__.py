"""The measurements beside their goals: ``make bench``, or ``python -m bench``.

What is measured:

- **Start**: from starting ``python app.py`` in an empty folder (HTTP mode, settings from the
  environment) to the first 200 of ``/healthz``; the median of five.
- **Memory**: resident, after 3 s of idling.
- **Clicks**: votes and answers that are on disk when they are answered, on 32, 128 and 512
  connections, beside the fastest Bolt, which keeps nothing; see ``bench/clicks.py``. The payloads
  are whole ones, as Slack sends them, signed, each with its own ``action_ts`` and ``response_url``.
  pollbot answers once the click is on disk, and meanwhile takes votes to Jira, draws cards and
  sends receipts as fast as the limits let it: that is part of its price. ``python -m bench clicks``
  measures only these, in four minutes.
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
- **Growth**: the same clicks beside 1,000 to 1,000,000 ballots, and on a poll that 100,000 people
  have answered, 100,000 times in a row; see ``bench/growth.py``. ``python -m bench growth``
  measures only this.
- **Storms**: 1,000 people press within a second while Slack is 100 ms away, in several ways; see
  ``bench/storms.py``. ``python -m bench storms`` measures only these.

``python -m bench where`` says where the time of a click goes (``bench/where.py``); figures of one
machine, and what breaks first, stand in ``docs/performance.md``.

What makes it honest:

- The stand-ins of Slack and Jira, the crowd, the floors and pollbot are processes of their own;
  the table says how much of a core the crowd took, at most, and whether others kept the machine
  busy. If the first nears 100 %, the crowd is what is measured. Then run it again on a machine
  that is less busy.
- The database is on a real disk. After each round pollbot is killed (SIGKILL), and the clicks
  found in its file must be as many as were answered 200; and the poll must have one answer per
  person.
- Any other answer than 200 ends the run with exit code 1, and so does, after the table, a goal
  that is missed by more than a fifth of its limit.

The people, their accounts, the poll and the cards are made once, through the forms and commands
that people use; every round of pollbot begins with a copy of that database.
"""

import sys
import tempfile
import time
from pathlib import Path

from bench.around import (
    Clicks,
    World,
    copy,
    fresh,
    pollbot,
    real_disk,
    say,
    slack_away,
    world,
)
from bench.clicks import measure_clicks
from bench.crowd import NotAcknowledged
from bench.dripping import Pair, beside_jira, make_due
from bench.due import copied_to
from bench.goals import Goal, exit_code, lines
from bench.growth import growth_goals, growth_lines, measure_growth
from bench.one_issue import votes_on_one_issue
from bench.one_second import OneSecond, posts_of_one_second
from bench.plain_polls import CHANNELS, EACH
from bench.programs import DidNotStart, Program
from bench.storms import storm_goals, storm_lines, storms
from bench.table import Measured, goals, machine, pair_in_words, table
from bench.where import where_it_goes
from bench.world import CROWD, ISSUES

STARTS = 5
IDLE = 3.0
ROUNDS = 5
MEASURED = 2.0
PAIRS = 2
UNTIL_DUE = 6.0
SLACKS_MINUTE = 60.0
"""Seconds over which Slack counts changes of messages."""


def main() -> int:
    """Measure everything, print the table; return 1 if a click or a goal was missed by far.

    The name of a part after the command measures that only, in short.
    """
    began = time.perf_counter()
    place, disk = real_disk()
    with tempfile.TemporaryDirectory(prefix="pollbot-bench-", dir=place) as made:
        try:
            if len(sys.argv) > 1:
                reached, said = PARTS[sys.argv[1]](Path(made))
                print("\n".join([machine(disk), "", *lines(reached), "", *said]))
            else:
                measured = measure(Path(made), disk)
                reached = goals(measured)
                print(table(measured))
        except (NotAcknowledged, DidNotStart) as error:
            print(f"bench stopped: {error}", file=sys.stderr)
            return 1
    print(f"\nThe run took {time.perf_counter() - began:.0f} s.")
    return exit_code(reached)


def only_clicks(folder: Path) -> tuple[list[Goal], list[str]]:
    """Return what four short rounds of clicks brought. Raises NotAcknowledged or DidNotStart."""
    base = fresh(folder / "base")
    with world() as outside:
        with pollbot(outside, base) as program:
            clicks = crowd_arrives(outside, program)
        measured = measure_clicks(outside, base, clicks, rounds=4, seconds=1.5)
    return measured.goals(), measured.lines()


def only_storms(folder: Path) -> tuple[list[Goal], list[str]]:
    """Return what one storm of each kind brought. Raises NotAcknowledged or DidNotStart."""
    found = storms(folder)
    return storm_goals(found), storm_lines(found)


def crowd_arrives(outside: World, program: Program) -> Clicks:
    """Let everybody connect who is to click, and what they click on be posted."""
    say(f"{len(CROWD)} people connect, {len(ISSUES)} cards and a poll are posted")
    return outside.people_arrive(program.port, len(CROWD))


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
            clicks = crowd_arrives(outside, program)
        measured.clicks = measure_clicks(outside, base, clicks, rounds=ROUNDS, seconds=MEASURED)
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
        measured.heard = outside.heard()
    say("1,000 people press within a second, in several ways")
    measured.storms = storms(folder)
    measured.growth = measure_growth(folder, rounds=15)
    return measured


def pair(outside: World, plain: Path, number: int) -> Pair:
    """Measure plain polls beside a Jira that answers, and beside one that drips."""
    found = []
    for name, drips in (("answers", False), ("drips", True)):
        folder = copy(plain, f"jira-{name}-{number}")
        # Each pollbot is a new one, which does not know what the one before it has changed.
        time.sleep(SLACKS_MINUTE)
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


def only_growth(folder: Path) -> tuple[list[Goal], list[str]]:
    """Return what a few rounds and all the clicks brought. Raises as ``measure`` does."""
    found = measure_growth(folder, rounds=7)
    return growth_goals(found), growth_lines(found)


def only_where(folder: Path) -> tuple[list[Goal], list[str]]:
    """Return where the time of a click goes. Raises NotAcknowledged or DidNotStart."""
    return [], where_it_goes(folder)


PARTS = {
    "clicks": only_clicks,
    "storms": only_storms,
    "growth": only_growth,
    "where": only_where,
}
"""What can be measured alone, in a few minutes each: goals, and what else is to be said."""


if __name__ == "__main__":
    sys.exit(main())
