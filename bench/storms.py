"""1,000 people press within one second, while Slack is 100 ms away: ``python -m bench storms``.

Each storm has a pollbot and a Slack of its own:

- **one poll**: all of them answer the same poll;
- **ten polls**: each answers one of ten;
- **anonymous**: all answer a poll that keeps no names;
- **over sockets**: the same as the first, brought by Socket Mode;
- **429**: Slack answers every call with 429 from the first press on, for five seconds;
- **a small app**: the first one over the app of ``bench/small_app.py``, which changes its message
  with every click. It is there for the ratio, and has no goals.

Measured are the acks; the time from the last ack until the card in the channel (the last one of
ten) has all answers; how often one card was changed until 3 s after that; and how many people
never heard of their answer, or twice, once all is calm. Slack takes 50 updates a minute. At the
end pollbot is killed (SIGKILL): what was acknowledged must be on disk.
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

import httpx

from bench.around import (
    ROOT,
    World,
    fresh,
    must_be_on_disk,
    must_have_answered,
    pollbot,
    say,
    slack_away,
    world,
)
from bench.crowd import Answers, Template, press_within
from bench.goals import Goal
from bench.programs import Program, free_port, running
from bench.world import MANY

WITHIN = 1.0
_TOO_MANY = 5.0
_PATIENCE = 3.0
"""Seconds after which Slack tells whoever pressed that it did not work."""
_LONGEST = 90.0
_AFTER = 3.0
_BETWEEN_LOOKS = 0.25
KINDS = ("one poll", "ten polls", "anonymous", "over sockets", "429 for 5 s")
SMALL = "a small app"


@dataclass(slots=True)
class Storm:
    """What one storm brought; seconds are from the last ack on, None for never."""

    kind: str
    answers: Answers
    complete: float | None
    """Until each card has all of its answers."""
    updates: int
    """Most changes of one card that were tried."""
    taken: int
    """How many changes Slack took, of all cards."""
    shown: str
    """What the last one of them said."""
    not_told: int
    told_twice: int
    all_told: float
    """Until the last one was told."""
    too_many: int
    """Answers of 429."""
    cpu: float | None
    """Seconds of a core that the program took for one press, with all that followed."""


def storms(folder: Path, kinds: tuple[str, ...] = (*KINDS, SMALL)) -> list[Storm]:
    """Return a storm of each kind. Raises NotAcknowledged or DidNotStart."""
    found = []
    for kind in kinds:
        found.append(storm(fresh(folder / f"storm-{kind.replace(' ', '-')}"), kind))
        say(f"storm, {kind}: {in_words(found[-1])}")
    return found


def storm(folder: Path, kind: str) -> Storm:
    """Let a storm of a kind come over a pollbot of its own, then kill it and look what it kept."""
    by_sockets = kind == "over sockets"
    with world() as outside, _program(outside, folder, kind) as program:
        polls = outside.polls_for_storms(None if by_sockets else program.port)
        polls = polls[-1:] if kind == "anonymous" else polls[: 10 if kind == "ten polls" else 1]
        time.sleep(1.0)
        before = program.cpu()
        found = pressed(outside, kind, polls, [] if by_sockets else [program.port])
        after = program.cpu()
        found.cpu = None if before is None or after is None else (after - before) / len(MANY)
        program.kill()
    if kind not in ("anonymous", SMALL, "over sockets"):
        must_be_on_disk(folder, "answer", found.answers.acks)
    if kind != SMALL:
        must_have_answered(folder, len(MANY))
    return found


def _program(outside: World, folder: Path, kind: str) -> AbstractContextManager[Program]:
    if kind != SMALL:
        return pollbot(outside, folder, sockets=kind == "over sockets")
    port, file = free_port(), str(folder / "pollbot.db")
    about = (outside.secret, outside.bot_token, outside.api_url, file)
    command = [sys.executable, "-m", "bench.small_app", str(port), *about]
    return running(command, {"PYTHONPATH": str(ROOT)}, port, folder)


def pressed(outside: World, kind: str, polls: list[list[Template]], ports: Sequence[int]) -> Storm:
    """Let 1,000 people press within a second, Slack being away; watch cards and receipts.

    Without ports the presses come by pollbot's sockets.
    """
    with slack_away(outside):
        began = time.time()

        def before() -> None:
            if kind == "429 for 5 s":
                _post(outside, "too-many", seconds=_TOO_MANY)

        if ports:
            answers = asyncio.run(
                press_within(
                    WITHIN,
                    ports,
                    _spread(polls),
                    outside.secret,
                    MANY,
                    must=kind != SMALL,
                    before=before,
                )
            )
        else:
            answers = _brought(outside, polls)
        return _watched(outside, kind, polls, began, answers)


def _spread(polls: list[list[Template]]) -> list[Template]:
    """Return the clicks, one poll after the other, so that neighbours are on different polls."""
    return [click for place in zip(*polls, strict=True) for click in place]


def _brought(outside: World, polls: list[list[Template]]) -> Answers:
    """Let Slack bring a click of each person by its sockets."""
    clicks, now = _spread(polls), time.time()
    forms = [
        clicks[number % len(clicks)].filled(user, f"{now + number / 1e4:.6f}").decode()
        for number, user in enumerate(MANY)
    ]
    acked = _post(outside, "envelopes", forms=forms, seconds=WITHIN * (1 - 1 / len(MANY)))
    answers = Answers(sent=len(forms), acks=sum(error is None for _, error, _ in acked))
    answers.latencies = [seconds for seconds, _, _ in acked]
    answers.last_ack_at = max(at for _, _, at in acked)
    return answers


def _watched(
    outside: World, kind: str, polls: list[list[Template]], began: float, answers: Answers
) -> Storm:
    """Wait until all cards are complete and all were told, and a little longer."""
    sources = [clicks[0].source for clicks in polls]
    whole = f"{len(MANY) // len(polls):,} answers"
    give_up = answers.last_ack_at + _LONGEST
    while True:
        drawn = _get(outside, "drawn", since=began, sources=",".join(sources))
        told = _get(outside, "told", since=began)
        complete = [_complete(drawn[source], whole) for source in sources]
        tries = sum(len(of_one) for of_one in drawn.values())
        is_over = all(complete) and told["told"].keys() >= set(MANY)
        # This one tells nobody, and tries each change once.
        is_over = is_over or (kind == SMALL and tries >= answers.acks)
        if is_over or time.time() > give_up:
            break
        time.sleep(_BETWEEN_LOOKS)
    time.sleep(_AFTER)
    drawn = _get(outside, "drawn", since=began, sources=",".join(sources))
    told = _get(outside, "told", since=began)
    times = [at for at in complete if at is not None]
    return Storm(
        kind,
        answers,
        max(times) - answers.last_ack_at if len(times) == len(sources) else None,
        max(len(of_one) for of_one in drawn.values()),
        sum(one["ok"] for of_one in drawn.values() for one in of_one),
        max(
            ((one["at"], one["text"]) for of_one in drawn.values() for one in of_one if one["ok"]),
            default=(0.0, "nothing"),
        )[1],
        not_told=sum(user not in told["told"] for user in MANY),
        told_twice=sum(told["told"].get(user, 0) > 1 for user in MANY),
        all_told=told["last"] - answers.last_ack_at,
        too_many=told["too_many"],
        cpu=None,
    )


def _complete(tries: list[dict[str, Any]], whole: str) -> float | None:
    """Return when a card first said that it has all answers."""
    return min((one["at"] for one in tries if one["ok"] and whole in one["text"]), default=None)


def _post(outside: World, route: str, **asked: Any) -> Any:
    answer = httpx.post(f"{outside.base_url}/bench/{route}", json=asked, timeout=60)
    answer.raise_for_status()
    return answer.json()


def _get(outside: World, route: str, **asked: Any) -> Any:
    answer = httpx.get(f"{outside.base_url}/bench/{route}", params=asked, timeout=60)
    answer.raise_for_status()
    return answer.json()


def storm_goals(storms: Sequence[Storm]) -> list[Goal]:
    """Return what is to be reached in each of these storms."""
    return [goal for one in storms if one.kind != SMALL for goal in _goals(one)]


def _goals(one: Storm) -> list[Goal]:
    name = f"storm, {one.kind}"
    wrong = one.not_told + one.told_twice
    goals = [Goal(f"{name}: ack p99", one.answers.percentile(99) / 1000, "at most", 0.5, " s")]
    if not one.too_many:
        complete = inf if one.complete is None else one.complete
        goals += [
            Goal(f"{name}: card complete", complete, "at most", 1, " s"),
            Goal(f"{name}: updates of a card", one.updates, "at most", 3, digits=0),
        ]
    late = one.answers.sent - one.answers.acks
    if late:
        goals.append(Goal(f"{name}: acked too late", late, "at most", 0, digits=0))
    return [*goals, Goal(f"{name}: not told just once", wrong, "at most", 0, digits=0)]


def storm_lines(storms: Sequence[Storm]) -> list[str]:
    """Return what each storm brought, in words."""
    return [f"storm, {one.kind}: {in_words(one)}" for one in storms] + _beside(storms)


def _beside(storms: Sequence[Storm]) -> list[str]:
    """Return how the first storm went beside the same over the small app."""
    found = {one.kind: one for one in storms}
    ours, small = found.get(KINDS[0]), found.get(SMALL)
    if ours is None or small is None:
        return []
    p99 = ours.answers.percentile(99) / small.answers.percentile(99)
    said = (
        f"beside the small app, which acked {_in_time(small)} presses within 3 s: ack p99 "
        f"{p99:.2f} of its, {ours.updates} updates for its {small.updates}, of which Slack took "
        f"{small.taken}"
    )
    if ours.cpu is not None and small.cpu:
        said += f", and {ours.cpu / small.cpu:.2f} of its processor time"
    end = "" if small.complete is None else " in the end"
    return [f"{said}; its message had {small.shown}{end}"]


def _in_time(one: Storm) -> int:
    return sum(took <= _PATIENCE for took in one.answers.latencies)


def in_words(one: Storm) -> str:
    """Return what a storm brought, as people read it."""
    complete = "never" if one.complete is None else f"{one.complete:.2f} s after the last ack"
    cpu = "" if one.cpu is None else f"; {one.cpu * 1000:.2f} ms of a core each"
    told = "nobody is told"
    if one.not_told < len(MANY):
        told = f"{one.not_told} not told, {one.told_twice} told twice, the last one after "
        told += f"{one.all_told:.1f} s"
    return (
        f"{one.answers.acks} acks, {_in_time(one)} of them within 3 s, "
        f"p50 {one.answers.percentile(50):.0f} ms, p99 {one.answers.percentile(99):.0f} ms; "
        f"card complete {complete}, {one.updates} updates; {told}; {one.too_many} answers of "
        f"429{cpu}"
    )
