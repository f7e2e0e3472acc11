"""Presses straight to their listeners, and the same presses through Bolt: no difference.

The same world is lived twice by one seed, and the same payloads come in, some of them bent: once
they go as they do, once ``Straight`` leaves all of them to Bolt. What is answered, logged, kept and
sent is the same then, down to its bytes.
"""

import asyncio
import copy
import json
import logging
import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

import aiohttp
import pytest
from cryptography.fernet import Fernet, InvalidToken

from pollbot import errands
from pollbot.polls.answers import key_rows
from pollbot.sandbox.slack import Message
from pollbot.sandbox.slack.payloads import message_action
from pollbot.slack.straight import Body, Listener, Straight
from pollbot.socket_door import SocketDoor, _Socket
from pollbot.web.reach import Reach
from tests.sim.story import _garbage_is_kept, _signatures_are_kept
from tests.sim.world import ISSUES, KEY, PEOPLE, PLANNING, World, mood_of
from tests.support.bent import bent
from tests.support.torture import tries
from tests.support.tried import Tried

_EACH = 300
_BY_SOCKET = 60
# Where several pollbots share the work the story's one may be the one that only answers.
_ALONE = (seed for seed in count() if mood_of(seed).replicas == 1)
_SEEDS = list(islice(_ALONE, tries(_EACH, 10_200) // _EACH))
_SEALED = re.compile(r"gAAAA[\w-]+=*")
_TITLES = ("Lunch?", "Which days?", "Leaving?", "Once?", "A long list?", "Over?")
_POLLS = (
    '"Lunch?" "Pizza" "Soup" "Nothing at all"',
    'multi comments "Which days?" "Monday" "Tuesday" "Friday"',
    'anonymous "Leaving?" "Stay" "Go"',
    'final "Once?" "Yes" "No"',
    '"A long list?" ' + " ".join(f'"Option {number}"' for number in range(25)),
    '"Over?" "Yes" "No"',
)
_OF_OTHERS = {
    "view": {"id": "V1", "type": "modal"},
    "bot_access_token": "x",
    "function_data": {},
}
"""What only presses elsewhere than on a message tell."""
_NEARLY = ("{}_all", "{}:1", "{}:1:2", "{}\n", "un{}", "{} ")
"""Names of buttons that are not quite those of others."""
_UNTIL_CALM = 90.0

Part = dict[str, Any]


@dataclass(slots=True)
class Seen:
    """All that came of a life: by name, in order, and how many presses went straight."""

    straight: int = 0
    answers: list[tuple[int, str]] = field(default_factory=list)
    acknowledged: list[Part] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


@pytest.mark.parametrize("seed", _SEEDS)
def test_what_goes_straight_ends_as_through_bolt(seed: int, tmp_path: Path, tried: Tried) -> None:
    straight = _lived(seed, tmp_path / "straight", only_bolt=False)
    by_bolt = _lived(seed, tmp_path / "bolt", only_bolt=True)

    kept, through_bolt = Counter(straight.kept), Counter(by_bolt.kept)
    tried(
        "presses straight and through Bolt",
        len(straight.answers) + _BY_SOCKET,
        lost=(through_bolt - kept).total(),
        doubled=(kept - through_bolt).total(),
    )
    assert straight.straight > _EACH // 5
    assert by_bolt.straight == 0
    assert straight.answers == by_bolt.answers
    assert {200, 400} <= {status for status, _ in straight.answers}
    assert straight.acknowledged == by_bolt.acknowledged
    assert _BY_SOCKET // 2 < len(straight.acknowledged) <= _BY_SOCKET
    assert straight.sent == by_bolt.sent
    assert straight.kept == by_bolt.kept
    assert straight.logged == by_bolt.logged
    assert straight.failures == by_bolt.failures == []


def _lived(seed: int, folder: Path, *, only_bolt: bool) -> Seen:
    """Let the payloads of a seed come in, and return what came of them."""
    folder.mkdir()
    seen = Seen()
    world = World(seed, folder)
    keys = world.chance_of("keys of anonymous polls")
    with (
        _garbage_is_kept(),
        _signatures_are_kept(),
        _counted(seen, only_bolt=only_bolt),
        _logged(seen),
        patch.object(key_rows, "secrets", SimpleNamespace(token_bytes=keys.randbytes)),
    ):
        try:
            world.lay_out()
            world.loop.run_until_complete(_story(world, seen))
        finally:
            seen.failures += [repr(error) for error in world.loop.failures()] + world.broken
            world.cut()
            world.loop.bury()
    seen.sent += world.log
    seen.sent += [f"{call.method} {call.args} {call.answer}" for call in world.slack.calls]
    seen.sent += [f"{post.url} {post.body} {post.status}" for post in world.slack.hook_posts]
    with sqlite3.connect(world.folder / "pollbot.db") as db:
        seen.kept += [_unsealed(line) for line in db.iterdump()]
    return seen


async def _story(world: World, seen: Seen) -> None:
    world.begin()
    await world.up.wait()
    owner, *_ = PEOPLE
    for issue in ISSUES:
        await world.slack.command(owner, PLANNING, "/votes", issue)
    for words in _POLLS:
        await world.slack.command(owner, PLANNING, "/poll", words)
    cards = [await _card(world, name) for name in (*ISSUES, *_TITLES)]
    await _close(world, owner, cards[-1])
    controls = [(card, part) for card in cards for part in _controls(card)]
    chance, before = world.chance_of("presses"), [_press(world, "U0ADA", *controls[0], "1.0")]
    for _ in range(_EACH // 4):
        presses = [_next(world, chance, controls, before) for _ in range(4)]
        came = await asyncio.gather(*(world.deliver(one, "interactive") for one in presses))
        seen.answers += [(answer.status, answer.body) for answer in came]
        before += presses
    by_socket = [_next(world, chance, controls, before) for _ in range(_BY_SOCKET)]
    seen.acknowledged += await _brought_by_socket(world, by_socket)
    await asyncio.sleep(_UNTIL_CALM)


async def _brought_by_socket(world: World, presses: list[Part]) -> list[Part]:
    """Let presses come in Socket Mode, several at once; return what each was answered."""
    life = world.lives[0]
    assert life.desk is not None
    chance = world.chance_of("socket door")
    door = SocketDoor(life.desk, cast(Any, None), _no_address, Reach(world.clock), chance)
    line = _Line(
        [json.dumps({"envelope_id": str(n), "payload": one}) for n, one in enumerate(presses)]
    )
    await world._within(life, door._read(_Socket(cast(aiohttp.ClientWebSocketResponse, line))))
    while door._taken:
        await asyncio.wait(door._taken)
    return line.said


async def _no_address() -> str:
    raise NotImplementedError


class _Line:
    """A WebSocket that brings these texts and ends, and keeps what is said on it."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = iter(texts)
        self.said: list[Part] = []

    def __aiter__(self) -> "_Line":
        return self

    async def __anext__(self) -> aiohttp.WSMessage:
        await asyncio.sleep(0.01)
        try:
            return aiohttp.WSMessage(aiohttp.WSMsgType.TEXT, next(self._texts), None)
        except StopIteration:
            raise StopAsyncIteration from None

    async def send_json(self, said: Part) -> None:
        self.said.append(said)

    async def close(self) -> None:
        """Nothing is to be closed."""


async def _card(world: World, words: str) -> Message:
    while True:
        for message in world.slack.messages:
            if words in str(message.blocks) and message.ephemeral_for is None:
                return message
        await asyncio.sleep(0.1)


async def _close(world: World, owner: str, card: Message) -> None:
    await world.slack.press(owner, card.id, "more")
    while not (views := world.slack.stack_of(owner)):
        await asyncio.sleep(0.1)
    await world.slack.view_action(owner, views[-1].id, "close_poll")


def _controls(card: Message) -> Iterator[Part]:
    """Yield each button and each menu of a card as it hung when it was posted."""
    for block in copy.deepcopy(card.blocks):
        for element in block.get("elements", []):
            if element.get("type") in ("button", "static_select"):
                yield element | {"block_id": block.get("block_id", "")}


def _next(
    world: World,
    chance: random.Random,
    controls: list[tuple[Message, Part]],
    before: list[dict[str, Any]],
) -> dict[str, Any]:
    """Return a press as Slack sends it, one that came before, or a bent one."""
    way = chance.random()
    if way < 0.1:
        return chance.choice(before)
    stamp = f"{world.clock() - chance.choice([0, 0, 0, 5]):.6f}"
    user = chance.choice(list(PEOPLE))
    press = _press(world, user, *chance.choice(controls), stamp)
    if way < 0.2:
        pressed = press["actions"][0]
        pressed["action_id"] = chance.choice(_NEARLY).format(pressed["action_id"])
    return press if way < 0.6 else bent(chance, press, [*before[-20:], _OF_OTHERS], ())


def _press(world: World, user: str, card: Message, part: Part, stamp: str) -> dict[str, Any]:
    pressed: Part = {name: part[name] for name in ("type", "action_id", "block_id")}
    pressed["action_ts"] = stamp
    if part["type"] == "button":
        pressed["value"] = part.get("value")
    else:
        pressed["selected_option"] = part["options"][int(float(stamp)) % len(part["options"])]
    return message_action(world.slack, user, card, pressed, {})


@contextmanager
def _counted(seen: Seen, *, only_bolt: bool) -> Iterator[None]:
    """Count what goes straight, or have nothing go."""
    leads = Straight.listener

    def listener(self: Straight, body: Body) -> Listener | None:
        found = None if only_bolt else leads(self, body)
        seen.straight += found is not None
        return found

    with patch.object(Straight, "listener", listener):
        yield


class _Lines(logging.Handler):
    """Keeps what is logged, with the id that it goes by."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.INFO)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        said = f"{record.levelname} {record.name} [{errands.current()}] {record.getMessage()}"
        self._lines.append(said if error is None else f"{said} {error!r}")


@contextmanager
def _logged(seen: Seen) -> Iterator[None]:
    ours, lines = logging.getLogger("pollbot"), _Lines(seen.logged)
    level = ours.level
    ours.addHandler(lines)
    ours.setLevel(logging.INFO)
    try:
        yield
    finally:
        ours.removeHandler(lines)
        ours.setLevel(level)


def _unsealed(line: str) -> str:
    """Return a line of a dump with what is sealed in it as it was before: each seal is another."""

    def opened(sealed: re.Match[str]) -> str:
        try:
            return Fernet(KEY).decrypt(sealed[0]).decode()
        except InvalidToken:
            return "[under a key of its own]"

    return _SEALED.sub(opened, line)
