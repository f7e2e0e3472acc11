"""One seed's story: a storm in which lives are cut, a calm, and a quiet time at the end."""

import asyncio
import gc
import inspect
import logging
import random
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType
from typing import Any
from unittest.mock import patch

from pollbot.jira.rules import Wish
from pollbot.store.writer import InlineWriter
from tests.sim import about_copies
from tests.sim.heard import heard_by
from tests.sim.invariants import Promises
from tests.sim.loop import Stuck
from tests.sim.parties import parties_of
from tests.sim.people import OPPOSITE, PLANNER, Crowd, Wished
from tests.sim.world import ISSUES, MOVES, PEOPLE, OpenWriter, World

_STORM = 20.0
_STILL = 65.0
"""Longer than any pause between two tries, and than the minute of chat.update's budget."""
_OF_ITSELF = ("/auth.test", "/apps.connections.open")
"""What goes over the wire though nothing is under way."""
_CALM_WITHIN = 400.0
_SOON = 3.0
_QUIET_ACTS = 4
_NIGHTS = 0.25
_STANDS_STILL = 0.4
_ALL_AT_ONCE = 0.3
_IN_ORDER = 0.25
_COPIES = 0.4
_CUT_AGAIN = 0.3
_EARLY = 0.4
_MORNING = 15.0
_DUE = 12.0
_SIX = 76_992.0
"""Seconds from the beginning to 08:37, when the first schedule is due; to 06:00 on the next day."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one seed."""

    seed: int
    log: tuple[str, ...]
    broken: tuple[str, ...]
    deeds: int = 0
    cuts: int = 0
    wrong: Mapping[str, int] = field(default_factory=dict)
    """How many promises were broken in which way, as ``tests/support/tried.py`` names it."""
    heard_by: frozenset[str] = frozenset()
    """The names of the listeners that people reached."""

    @property
    def words(self) -> str:
        """What broke, the end of the log, and how to see it again."""
        return "\n".join(
            [
                f"seed {self.seed}:",
                *self.broken,
                *self.log[-60:],
                f"Again: SEED={self.seed} .venv/bin/pytest tests/sim -k seeds",
            ]
        )


def play(seed: int, open_writer: OpenWriter = InlineWriter) -> Told:
    """Play one seed; return its log, and which promises were broken."""
    with (
        _garbage_is_kept(),
        _signatures_are_kept(),
        tempfile.TemporaryDirectory(dir=_memory()) as folder,
    ):
        world = World(seed, Path(folder), open_writer)
        with _heard(world) as heard:
            try:
                world.lay_out()
                world.loop.run_until_complete(_story(world))
            except Stuck:
                world.breaks("Everybody waits for somebody else, for ever.")
            finally:
                for error in world.loop.failures():
                    world.breaks(f"The world itself failed: {error!r}")
                cuts = len(world.cuts)
                world.cut_all()
                heard.close()
                world.loop.bury()
        brought = [one for place in world.places for one in place.slack.deliveries]
        broken, reached = tuple(world.broken), heard_by(brought)
        return Told(
            seed, tuple(world.log), broken, len(brought), cuts, world.wrong, frozenset(reached)
        )


async def _story(world: World) -> None:
    here, *beside = (Crowd(place) for place in world.places)
    crowds = [here, *beside]
    parties = parties_of(world)
    promises = [Promises(crowd.place, crowd.asking) for crowd in crowds]
    world.begin()
    await world.up.wait()
    for issue in ISSUES:
        for crowd in crowds:
            first = crowd.place.chance_of("first").choice(sorted(PEOPLE))
            await crowd.ask_for_card(first, issue)
    for party in parties:
        await party.begin()
    world.is_stormy = True
    fate = world.loop.create_task(_cuts(world))
    outages = world.loop.create_task(_outages(world))
    until = world.loop.time() + _STORM
    moves = world.loop.create_task(_moves(world))
    copies = world.loop.create_task(_copies(world))
    acting = [crowd.act(user, until) for user in PEOPLE for crowd in crowds]
    acting += [crowd.run_plans(PLANNER, until) for crowd in crowds]
    deeds = [deed for party in parties for deed in party.deeds(until)]
    await asyncio.gather(*acting, *deeds)
    fate.cancel()
    await asyncio.wait((fate,))
    await moves
    await copies
    world.loop.after_steps(0, world.cut)
    await _last_words(world, here)
    outages.cancel()
    if world.chance_of("night").random() < _NIGHTS:
        await _night(world)
    await world.all_up()
    world.clears_up()
    await _calm(world)
    for one in promises:
        one.when_calm()
    for party in parties:
        await party.when_calm()
    if world.broken or world.mood.tending:
        return
    alone = world.mood.replicas == 1 and not world.mood.beside
    if alone and world.chance_of("end").random() < _COPIES:
        await _older_copy(world, here, promises[0])
    else:
        for crowd, promised in zip(crowds, promises, strict=True):
            await _quiet(world, crowd, promised)


async def _moves(world: World) -> None:
    """Move issues to another project in the midst of the storm; the fickle mostly at its end."""
    chance = world.chance_of("moves")
    early = world.mood.moves and (not world.mood.fickle or chance.random() < _EARLY)
    for before in MOVES if early else ():
        await asyncio.sleep(chance.uniform(0.0, _STORM))
        _move(world, before)


def _move(world: World, before: str) -> None:
    world.jira.move(before, MOVES[before])
    world.note("Jira", f"moves {before} to {MOVES[before]}")


async def _copies(world: World) -> None:
    """Copy the database in the storm, mostly while something is under way."""
    chance = world.chance_of("copies")
    await asyncio.sleep(chance.uniform(0.0, _STORM / 2))
    with suppress(TimeoutError):
        async with asyncio.timeout(_STORM / 4):
            await world.acked.wait()
    world.back_up()


async def _last_words(world: World, crowd: Crowd) -> None:
    """Let everybody vote at once, and cut the life right after one of them was acknowledged.

    The fickle vote twice, first for the opposite; an issue that is still to move does so between.
    """
    chance = world.chance_of("last words")
    await world.all_up()
    if world.mood.fickle:
        await _fickle_words(world, crowd, chance)
    else:
        acked = world.loop.create_task(world.acked.wait())
        voting = asyncio.gather(*(crowd.vote(user, chance) for user in PEOPLE))
        await asyncio.wait((acked, voting), return_when=asyncio.FIRST_COMPLETED)
        at_once = chance.uniform(0.0, 0.01)
        await asyncio.sleep(chance.choice((0.0, at_once, chance.uniform(0.0, 0.1))))
        world.cut()
        acked.cancel()
        await voting


async def _fickle_words(world: World, crowd: Crowd, chance: random.Random) -> None:
    staying = [issue for issue in MOVES if world.mood.moves and issue in world.jira.issues]
    issue = staying[0] if staying else chance.choice(ISSUES)
    voters = world.jira.issues[world.keys(issue)[-1]].voters
    stand = {
        user: Wish.VOTE if crowd.place.account_of(user) in voters else Wish.WITHDRAW
        for user in PEOPLE
    }
    await asyncio.gather(*(crowd.say(user, OPPOSITE[stand[user]], issue) for user in PEOPLE))
    if staying:
        _move(world, issue)
    key = world.keys(issue)[-1]
    await asyncio.gather(*(crowd.say(user, stand[user], key) for user in PEOPLE))
    await asyncio.sleep(chance.choice((chance.uniform(0.0, 0.1), chance.uniform(0.0, 3.0))))
    world.cut()


async def _night(world: World) -> None:
    """Let the program be away until about six in the morning, when a schedule is due."""
    chance = world.chance_of("morning")
    await world.is_away(_SIX + chance.uniform(-20.0, 900.0) - world.loop.time())
    world.note("the sun", "rises")
    await asyncio.sleep(_MORNING)


async def _quiet(world: World, crowd: Crowd, promises: Promises) -> None:
    """Have people vote while nothing goes wrong: then everything is done once, and soon."""
    chance = crowd.place.chance_of("quiet")
    promises.quiet_begins()
    wishes: list[Wished] = []
    for _ in range(_QUIET_ACTS):
        users = chance.sample(sorted(PEOPLE), chance.choice((1, 1, 2)))
        asked: list[Wished] = await asyncio.gather(*(crowd.vote(user, chance) for user in users))
        await asyncio.sleep(_SOON)
        for wished in asked:
            promises.soon(wished)
        if world.broken:
            return
        wishes += asked
        await asyncio.sleep(chance.uniform(0.0, 2.0))
    await _calm(world)
    for wished in wishes:
        promises.told(wished)
    promises.once()
    runs = await crowd.run_twice(PLANNER)
    await asyncio.sleep(_SOON)
    promises.ran(runs)
    promises.when_calm()


async def _older_copy(world: World, crowd: Crowd, promises: Promises) -> None:
    """Put the copy back, once all that it held is done; then vote as if nothing had been."""
    chance = world.chance_of("older copy")
    world.put_back()
    since = world.loop.time()
    if chance.random() < _CUT_AGAIN:
        world.begin()
        world.loop.after_steps(chance.randint(1, 200), world.cut)
        await asyncio.sleep(1.0)
        world.loop.after_steps(0, world.cut)
    await world.all_up()
    await _calm(world)
    about_copies.is_not_done_again(world, since)
    about_copies.was_told(world, world.backup)
    asked = await asyncio.gather(*(crowd.vote(user, chance) for user in PEOPLE))
    await asyncio.sleep(_SOON)
    for wished in asked:
        promises.kept(wished)


async def _calm(world: World) -> None:
    """Wait until nothing has gone over the wire for a while that somebody asked for."""
    give_up = world.loop.time() + _CALM_WITHIN
    while world.loop.time() < give_up:
        calls = [call for call in world.wire.calls if not call.path.endswith(_OF_ITSELF)]
        last = calls[-1].left_at if calls else 0.0
        still = world.loop.time() - max(last, *world.ups)
        if still >= _STILL:
            return
        await asyncio.sleep(_STILL - still + 0.01)
    world.breaks(f"Something is still tried again and again, {_CALM_WITHIN:.0f} s after the storm.")


async def _cuts(world: World) -> None:
    """Cut lives and begin new ones: at any moment, and often where something hangs in the air."""
    chance = world.chance_of("fate")
    while True:
        await _moment(world, chance)
        if world.mood.replicas > 1 and chance.random() < _STANDS_STILL:
            await world.stand_still(chance.uniform(0.0, 8.0))
            continue
        if chance.random() < _IN_ORDER:
            await world.end_in_order()
        elif chance.random() < _ALL_AT_ONCE:
            world.cut_all()
        else:
            world.cut()
        await asyncio.sleep(chance.choice((0.0, 0.05, chance.uniform(0.0, 3.0))))
        world.begin()


async def _moment(world: World, chance: random.Random) -> None:
    """Wait for the moment of a cut."""
    kinds = ("any", "starting", "acknowledged", "acknowledged", "call", "call", "due")
    kind = chance.choice(kinds)
    if kind == "starting":
        await asyncio.sleep(chance.uniform(0.0, 0.05))
        return
    if kind == "due" and world.loop.time() < _DUE:
        await asyncio.sleep(_DUE - world.loop.time() + chance.uniform(0.0, 0.5))
        return
    await asyncio.sleep(chance.uniform(0.0, 10.0))
    if kind == "acknowledged":
        await world.acked.wait()
    elif kind == "call":
        await world.called.wait()
    if chance.random() < 0.5:
        await asyncio.sleep(chance.uniform(0.0, 0.05))
        return
    world.loop.after_steps(chance.randint(1, 60), world.cut)
    await world.cut_off.wait()


async def _outages(world: World) -> None:
    """Let Slack, Jira or the disk be away for a while, or take nothing, or be slow."""
    chance = world.chance_of("outages")
    away = ("down", "429")
    sides: tuple[tuple[str, Callable[[str], None], tuple[str, ...]], ...] = (
        ("Slack", world.slack_is, away),
        ("Jira", world.jira_is, away),
        ("the disk", world.disk_is, ("full", "slow")),
    )
    if world.mood.voice:
        voice = ("Team Voice", world.team_voice_is, (*away, "a page", "nonsense"))
        sides = (*sides, voice, voice, voice, voice)
    while True:
        await asyncio.sleep(chance.expovariate(1 / 20.0))
        name, to, ways = chance.choice(sides)
        how = chance.choice(ways)
        to(how)
        world.note(name, how)
        try:
            await asyncio.sleep(chance.uniform(0.5, 8.0))
        finally:
            to("up")
            world.note(name, "up")


def _memory() -> str | None:
    """Return a folder in memory, where there is one: a commit there costs no disk's time."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  only a folder's parent


class _Failures(logging.Handler):
    """Hears of errors that pollbot did not expect."""

    def __init__(self, world: World) -> None:
        super().__init__(logging.ERROR)
        self._world = world

    def close(self) -> None:
        """Hear nothing more: who is buried wakes once more, on a loop that does nothing."""
        super().close()
        self.setLevel(logging.CRITICAL + 1)

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self._world.breaks(f"Something failed: {record.getMessage()} ({record.exc_info[1]!r})")


@contextmanager
def _heard(world: World) -> Iterator[logging.Handler]:
    """Hear what pollbot logs, and let nobody else hear it or what its libraries say."""
    handler, logger = _Failures(world), logging.getLogger("pollbot")
    others = [logging.getLogger(name) for name in ("slack_bolt", "slack_sdk", "httpx", "asyncio")]
    before = [(one, one.level, one.propagate) for one in (logger, *others)]
    for one in others:
        one.setLevel(logging.CRITICAL + 1)
    logger.setLevel(logging.ERROR)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield handler
    finally:
        logger.removeHandler(handler)
        for one, level, propagates in before:
            one.setLevel(level)
            one.propagate = propagates


_SIGNATURES: dict[CodeType, inspect.FullArgSpec] = {}


@contextmanager
def _signatures_are_kept() -> Iterator[None]:
    """Have Python read the signature of a function once; Bolt asks for all of them in each life."""
    read = inspect.getfullargspec

    def kept(function: Any) -> inspect.FullArgSpec:
        code = getattr(function, "__code__", None)
        if not isinstance(code, CodeType):
            return read(function)
        if code not in _SIGNATURES:
            _SIGNATURES[code] = read(function)
        return _SIGNATURES[code]

    with patch.object(inspect, "getfullargspec", kept):
        yield


@contextmanager
def _garbage_is_kept() -> Iterator[None]:
    """Have no collector of garbage close the coroutines that were cut off."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
