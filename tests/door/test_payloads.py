"""Any payload that is signed gets a sentence or a 400, whatever part of it is bent.

The stories of every listener (tests/door/test_every_delivery.py, tests/support/looks.py) are lived
one after the other in one world with one program; what each of them brought is then brought bent
(tests/support/bent.py), and the world is set back (tests/support/washed.py).
"""

import asyncio
import copy
import io
import json
import os
import random
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from pollbot.errors import (
    AccountRefused,
    JiraUnavailable,
    NotConnected,
    SlackUnavailable,
    SourceUnavailable,
    StorageUnavailable,
    TriggerExpired,
)
from pollbot.sandbox.slack import Answer
from pollbot.sandbox.slack.delivery import SIGNATURE, TIMESTAMP, Envelope, Kind, sign
from pollbot.sandbox.slack.things import Trigger
from pollbot.slack.afterwards import Afterwards
from pollbot.wiring import Pollbot
from tests.door.log import Log, logging_as
from tests.door.test_every_delivery import ROWS, VOICE
from tests.support.bent import Body, Sent, as_new, bent, bent_so, encoded, misenveloped, miswritten
from tests.support.house import ADA, BEN, PLANNING, House, rest
from tests.support.looks import LOOKS
from tests.support.team_voice import by_default, connect, team_voice
from tests.support.torture import tries
from tests.support.tried import Tried
from tests.support.washed import Memory, Rows

# What pollbot speaks is remembered beside the rows, so who chooses it comes last.
LAST = "setup.choose_language"
STORIES = {**ROWS, **LOOKS, LAST: ROWS[LAST]}
STORIES[LAST] = STORIES.pop(LAST)
EACH = tries(13, 320)
"""How often a story's payloads are bent: 2,000 and 100,000 times in all."""
LEFT_OUT = {
    "beats": "",  # tells that pollbot lives
    "mark": "",
    # Each click, refused or not, tells where its card hangs and how it can be updated meanwhile.
    "cards": "",
}
"""Tables in which something may change by what is refused."""
_NO_REFUSAL = (
    NotConnected,
    AccountRefused,
    JiraUnavailable,
    SlackUnavailable,
    SourceUnavailable,
    StorageUnavailable,
    TriggerExpired,
)
"""What is told of work that is kept until somebody connects, or a side is back, and of windows."""


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    with logging_as(monkeypatch) as log:
        yield log


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """All that was refused, as its person is told; who is told what is left as it is."""
    heard: list[Exception] = []
    explained = Afterwards.explained

    def listening(self: Afterwards, error: Exception) -> Any:
        if not isinstance(error, _NO_REFUSAL):
            heard.append(error)
        return explained(self, error)

    monkeypatch.setattr(Afterwards, "explained", listening)
    return heard


@dataclass
class Trap:
    """An address that is written into payloads, and that nobody is to call."""

    url: str = ""
    heard: list[bytes] = field(default_factory=list)

    @property
    def addresses(self) -> list[str]:
        host = self.url.rpartition("/")[2]
        return [self.url, f"https://{host}/", f"http://{host}/browse/PLAT-12", f"//{host}", host]


@pytest.fixture
async def trap(tried: Tried) -> AsyncIterator[Trap]:
    trap = Trap()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        trap.heard.append(await reader.read(1000))
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    trap.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield trap
    server.close()
    tried("worlds with an address that nobody is to call", 1, leaked=len(trap.heard))
    assert trap.heard == []


def more_kinds(house: House, sent: list[tuple[Kind, Body]]) -> list[tuple[Kind, Body]]:
    """Return payloads of kinds that no story ends with, made of what somebody sent."""
    whose: Body = {"id": ADA, "username": "ada", "name": "ada", "team_id": house.slack.team_id}
    who: Body = {
        "user": whose,
        "team": {"id": house.slack.team_id, "domain": "acme"},
        "token": "t",
        "api_app_id": house.slack.app_id,
        "trigger_id": "1.2.3",
    }
    views = [body["view"] for _, body in sent if isinstance(body.get("view"), dict)]
    message = {"type": "message", "text": "see PLAT-12", "ts": "1.2", "team": "T1"}
    of_message = {
        **who,
        "callback_id": "vote_on_mentioned",
        "channel": {"id": PLANNING, "name": "planning"},
        "message_ts": "1700000000.000300",
        "message": message,
        "response_url": house.slack.new_hook(ADA, PLANNING),
        "action_ts": "1.2",
    }
    return [
        *(("interactive", {**who, "type": "view_closed", "view": view}) for view in views[-1:]),
        ("interactive", {**who, "type": "shortcut", "callback_id": "x", "action_ts": "1.2"}),
        ("interactive", {**of_message, "type": "message_action"}),
        (
            "interactive",
            {
                **who,
                "type": "block_suggestion",
                "action_id": "pick_issue",
                "block_id": "issue",
                "value": "PL",
            },
        ),
        ("events_api", {"type": "app_rate_limited", "team_id": house.slack.team_id}),
        ("events_api", {"type": "url_verification", "challenge": "c", "token": "t"}),
    ]


class Sender:
    """Brings a payload by one of the two doors, and returns the answer."""

    def __init__(self, house: House, http: aiohttp.ClientSession, *, socket: bool) -> None:
        self._house = house
        self._http = http
        self.socket = socket

    async def send(self, chance: random.Random, body: Body, kind: Kind) -> Answer:
        """Bring it, now and then in a request or an envelope that is written wrongly."""
        odd = chance.random() < 0.12
        if not self.socket:
            return await self.request(*(miswritten if odd else _written)(chance, body, kind))
        if odd:
            await self._envelope(chance, body, kind)
            # Nobody answers what is no envelope; whether the connection lives the next one tells.
            body, kind = {"type": "app_rate_limited"}, "events_api"
        return await self._house.slack.deliver(body, kind=kind)

    async def request(self, raw: bytes, content_type: str) -> Answer:
        at = str(int(time.time()))
        signature = sign(self._house.slack.signing_secret, at, raw)
        async with self._http.post(
            self._house.slack.events_url or "",
            data=io.BytesIO(raw),
            headers={"Content-Type": content_type, TIMESTAMP: at, SIGNATURE: signature},
        ) as response:
            text = await response.text()
        try:
            parsed = json.loads(text)
        except ValueError:
            parsed = None
        return Answer(response.status, text, parsed if isinstance(parsed, dict) else None, 0.0)

    async def _envelope(self, chance: random.Random, body: Body, kind: Kind) -> None:
        sockets, id_, next_ = (
            self._house.slack.sockets,
            secrets.token_hex(16),
            secrets.token_hex(16),
        )
        loop = asyncio.get_running_loop()
        socket = chance.choice(sockets.open)
        sockets._unacked[id_] = Envelope({}, loop.create_future())
        sockets._unacked[next_] = heard = Envelope({}, loop.create_future())
        await socket.send_str(misenveloped(chance, body, kind, id_))
        # Once the next one on the same connection is heard, this one was.
        limited = {"type": "app_rate_limited"}
        content = {"envelope_id": next_, "type": "events_api", "payload": limited}
        await socket.send_str(json.dumps(content))
        async with asyncio.timeout(10):
            await heard.acked
        sockets._unacked.pop(id_, None)


def _written(chance: random.Random, body: Body, kind: Kind) -> Sent:
    return encoded(body, kind)


def replay(door: str, name: str, number: int) -> str:
    """Return the command that brings this one payload again."""
    return f"REPLAY='{SEED} {number} {name}' make test FILE='tests/door/test_payloads.py -k {door}'"


SEED = os.environ.get("REPLAY", os.environ.get("SEED", "0")).split(" ")[0]
PARTS = 4
"""Programs by each door, one after the other: all stories are long for one test."""
DOORS = {"HTTP": False, "Socket": True}


def chosen(socket: bool, part: int) -> dict[str, range]:
    """Return which stories are lived in a part, and how often their payloads are bent.

    In short each of them has its payloads brought by one door, and its neighbour by the other.
    """
    if again := os.environ.get("REPLAY"):
        _, number, name = again.split(" ", 2)
        return {} if part else {name: range(int(number), int(number) + 1)}
    own = [name for n, name in enumerate(STORIES) if tries(n % 2 == socket, True)]
    return {name: range(EACH) for name in own[part::PARTS]}


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("socket", DOORS.values(), ids=DOORS)
async def test_no_signed_payload_breaks_anything(
    house: House,
    log: Log,
    refused: list[Exception],
    trap: Trap,
    socket: bool,
    part: int,
    tried: Tried,
) -> None:
    """Prove of each bent payload that it is answered, harms nothing, and leaves a good program.

    The answer is 200, or 400 where it is nothing that Slack sends; nothing is logged as
    unexpected; no address in it is called. What is refused has written no row: a 400, a form
    that stays open with a word at its fields, and whatever else is told as a refusal. Not among
    these are who has to connect first, and a side that is away: what they asked for is kept.
    """
    wrong: list[str] = []
    door = next(name for name, one in DOORS.items() if one == socket)
    async with AsyncExitStack() as life:
        voice = await life.enter_async_context(team_voice(house))
        VOICE.set(voice)
        pollbot = await life.enter_async_context(
            house.program(socket=socket, allow_private_addresses=False, **by_default(voice))
        )
        sender = Sender(
            house, await life.enter_async_context(aiohttp.ClientSession()), socket=socket
        )
        await connect(house, ADA)
        await rest(house, pollbot)
        rows = Rows(house.database)
        life.callback(rows.close)
        rows.remember()
        world = Memory(house.slack, house.jira, voice)
        others: list[Body] = [{"type": "shortcut"}]
        for name, numbers in chosen(socket, part).items():
            await STORIES[name](house)
            await rest(house, pollbot)
            brought = Brought(house, pollbot, sender, log, refused)
            try:
                for number in numbers:
                    chance = random.Random(f"{SEED} {number} {name}")  # noqa: S311 - repeatable
                    kind, body = brought.one(chance)
                    payload = bent_so(chance, number, body, trap.addresses)
                    if payload is None:
                        payload = bent(chance, body, others, trap.addresses)
                    found = await brought.bring(chance, payload, kind)
                    if found:
                        wrong.append(f"{found}\n{replay(door, name, number)}\n{payload!r:.3000}")
            finally:
                tried("bent payloads", brought.times, let_in=brought.let_in)
            others = (others + [body for _, body in brought.valid])[-60:]
            if complaint := await brought.good_one():
                wrong.append(f"{complaint} after {name}, as it was brought at first")
            rows.bring_back()
            world.bring_back()
            house.clock.ahead += 60  # a channel takes a message a second

        await house.connect(BEN)
        await house.vote(BEN, "PLAT-13")
        await house.jira.until(
            lambda: "acc-ben" in house.jira.issues["PLAT-13"].voters, what="Ben's vote"
        )
    assert not wrong, "\n\n".join([f"{len(wrong)} payloads", *wrong[:10]])


class Brought:
    """What a story brought, to be brought again and again to the world that it left."""

    def __init__(
        self, house: House, pollbot: Pollbot, sender: Sender, log: Log, refused: list[Exception]
    ) -> None:
        self._house = house
        self._pollbot = pollbot
        self._sender = sender
        self._log = log
        self._refused = refused
        sent = [(one.kind, one.body) for one in house.slack.deliveries]
        last = [one for one in sent if one[1].get("type") != "view_closed"][-1]
        self.valid = [*sent, *more_kinds(house, sent)]
        self._last = last
        self._rows = Rows(house.database)
        self._rows.remember()
        self._stood = self._all()
        self._world = Memory(house.slack, house.jira, VOICE.get())
        self.times = self.let_in = 0
        """How many were brought, and how many of those were refused and wrote something."""

    def one(self, chance: random.Random) -> tuple[Kind, Body]:
        """Return the last of it, which is what the story is about, or another one."""
        return self._last if chance.random() < 0.7 else chance.choice(self.valid)

    async def bring(
        self, chance: random.Random, payload: Body, kind: Kind, *, again: bool = False
    ) -> str:
        """Return what is wrong, if anything; the world is what it was, then.

        What was refused and seems to have written is brought ``again``: of what came before it
        something may have been under way, a word that waits its second in a channel, say.
        """
        if isinstance(named := payload.get("trigger_id"), str):
            self._house.slack.triggers[named] = Trigger(ADA, self._house.clock(), None)
        self._refused.clear()
        self._log.taken()
        before = self._rows.version
        self.times += 1
        answer = await self._sender.send(chance, payload, kind)
        await rest(self._house, self._pollbot)
        said = self._log.taken()
        wrong = []
        if answer.status not in (200, 400):
            wrong.append(f"answered with {answer}")
        if "Traceback" in said or "unexpected error" in said:
            wrong.append(said)
        if self._rows.version != before:
            why = "400" if answer.status == 400 else str(self._refused[:1] or "")
            if "response_action" in answer.body and "errors" in answer.body:
                why = answer.body
            changed = self._changed() if why else {}
            self._rows.bring_back()
            self._world.bring_back()
            if changed and not again:
                wrong.append(await self.bring(chance, as_new(chance, payload), kind, again=True))
            elif changed:
                wrong.append(f"refused ({why}), and wrote {changed}")
                self.let_in += 1
        return "\n".join(filter(None, wrong))

    async def good_one(self) -> str:
        """Return what is wrong with the answer to what the story brought, brought once more."""
        kind, body = self._last
        # Of the payload as it was, nothing is bent but by which names it is told from others.
        body = copy.deepcopy(body)
        if "trigger_id" in body:
            body["trigger_id"] = self._house.slack.new_trigger(ADA)
        answer = await self._house.slack.deliver(body, kind=kind)
        await rest(self._house, self._pollbot)
        self._rows.close()
        return "" if answer.status == 200 and not answer.error else f"{answer}"

    def _changed(self) -> dict[str, list[str]]:
        return {
            table: [one for one in rows if one not in self._stood[table]]
            or [f"{len(self._stood[table]) - len(rows)} rows are gone"]
            for table, rows in self._all().items()
            if rows != self._stood[table]
        }

    def _all(self) -> dict[str, list[str]]:
        return self._rows.all(LEFT_OUT)
