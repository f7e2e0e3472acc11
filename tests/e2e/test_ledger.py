"""A crowd clicks on and on while the process is killed; what people were told is what is there.

A few kills by default; TORTURE=1 makes it 100 over 10,000 clicks, on each transport. KILLS, CLICKS,
PEOPLE and SEED choose. The ledger of what people were told uses none of pollbot's code.
"""

import asyncio
import os
import random
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial

import pytest

from pollbot.sandbox.faults import Faults
from tests.e2e.process import Process, start
from tests.support import stored
from tests.support.cluster import KEY
from tests.support.crowd import Crowd
from tests.support.house import TOKENS, House
from tests.support.ledger import Found, Told
from tests.support.repeats import TIMES, Thrice
from tests.support.team_voice import VOICE_TOKEN, team_voice
from tests.support.torture import tries
from tests.support.tried import Tried

KILLS = int(os.environ.get("KILLS", tries(2, 100)))
CLICKS = int(os.environ.get("CLICKS", tries(120, 10_000)))
PEOPLE = int(os.environ.get("PEOPLE", tries(12, 40)))
SEED = int(os.environ.get("SEED", "15"))
A_SECOND = 120
"""Clicks of all together, on average, before each of them comes three times."""
LONGEST_LIFE = 20.0
PATIENCE = tries(300, 900)
"""Seconds: after a try that failed comes another one within a minute, now and then some more."""
NONSENSE = ((200, "<html>gateway</html>"), (200, "{}"), (500, ""), (502, "{"), (404, "[]"))
LOSES = {
    "Slack": ("chat.postMessage", "chat.update", "response_url"),
    "Jira": ("POST votes", "DELETE votes", "GET issue"),
    "Voice": ("POST polls", "GET polls"),
}
SECRETS = ("xoxb-sandbox", "sandbox-secret", "xapp-sandbox", VOICE_TOKEN, *TOKENS.values(), KEY)


@pytest.mark.timeout(3 * PATIENCE + 30 * KILLS)
@pytest.mark.parametrize("socket", [False, True], ids=["http", "socket"])
async def test_what_people_were_told_is_there_however_often_the_process_is_killed(
    house: House, socket: bool, tried: Tried
) -> None:
    chance = random.Random(SEED + socket)  # noqa: S311  chooses moments, guards nothing
    async with AsyncExitStack() as world:
        voice = await world.enter_async_context(team_voice(house))
        settings = {
            "POLLBOT_TEAM_VOICE_URL": voice.url,
            "POLLBOT_TEAM_VOICE_TOKEN": VOICE_TOKEN,
            "POLLBOT_ENCRYPTION_KEYS": KEY,
        }
        crowd = Crowd(
            house,
            voice,
            [f"U0CROWD{number:03}" for number in range(PEOPLE)],
            [f"PLAT-{100 + number}" for number in range(max(4, PEOPLE // 4))],
            [f"PLAT-{2000 + number}" for number in range(2 * KILLS)],
            chance,
            pause=PEOPLE / A_SECOND,
        )
        lives = Lives(house, socket, settings)
        await lives.begin()
        await crowd.arrive(lambda: stored.beside(house.database), posts_within=3.0 * KILLS)
        thrice = Thrice(house.slack, chance, apart=1.0)
        others = {"Slack": house.slack.faults, "Jira": house.jira.faults, "Voice": voice.faults}
        stranger = Stranger(house, chance)
        found = Found()
        try:
            life = asyncio.ensure_future(crowd.go_on())
            for number in range(KILLS):
                befall(others, chance)
                await clicked(crowd, (number + 1) * CLICKS // KILLS)
                if socket and house.slack.sockets.open and chance.random() < 0.5:
                    house.slack.sockets.cut(chance.choice(house.slack.sockets.open))
                if not socket:
                    await stranger.comes()
                await asyncio.sleep(chance.uniform(0, 0.05))
                await lives.end()
                for name, faults in others.items():
                    mend(name, faults)
                await lives.begin()
            await clicked(crowd, CLICKS)
            crowd.end()
            await life
            await thrice.all_came()
            await crowd.press_again()
            await thrice.all_came()
            found = await settled(crowd, closed=False)
            await crowd.close_polls()
            found = found or await settled(crowd, closed=True)
            await house.slack.until(
                lambda: not crowd.silent(),
                PATIENCE + 2 * len(crowd.posts),
                what="each post, or a word",
            )
            await lives.end(signal.SIGTERM)
        finally:
            await lives.end()
            found = found or crowd.wrong(closed=False)
            posts = [crowd.posted(key) for key in crowd.posts]
            deeds = {told.name.lower(): crowd.ledger.count(told) for told in Told}
            leaks = leaked(house, lives.said)
            tried("crowd over kills: kills", lives.kills)
            tried("crowd over kills: deeds", sum(deeds.values()), lost=len(found.lost),
                  doubled=len(found.doubled), leaked=len(leaks))  # fmt: skip
            tried("crowd over kills: posts of schedules", len(posts),
                  lost=len(crowd.silent()), doubled=sum(n > 1 for n in posts))  # fmt: skip
            tried(
                "crowd over kills: what a stranger brought", stranger.came, let_in=stranger.let_in
            )

    print(f"{deeds}, brought {thrice.brought} times; {posts.count(0)} posts told of instead")
    assert not found, found
    assert max(posts) <= 1
    assert leaks == []
    assert stranger.let_in == 0
    assert crowd.acknowledged >= CLICKS
    assert thrice.brought >= TIMES * CLICKS
    assert socket or stranger.came > 0


async def clicked(crowd: Crowd, many: int) -> None:
    """Return once so much of what people did is acknowledged, or after a long life."""
    give_up = asyncio.get_running_loop().time() + LONGEST_LIFE
    while crowd.acknowledged < many:
        if asyncio.get_running_loop().time() > give_up:
            return
        await asyncio.sleep(0.01)


def befall(others: dict[str, Faults], chance: random.Random) -> None:
    """Let something be wrong with some of the others until they are mended."""
    for name, faults in others.items():
        ways: list[Callable[[], None]] = [
            *(partial(setattr, faults, "mode", mode) for mode in ("down", "429", "slow")),
            partial(faults.answer_all, *chance.choice(NONSENSE)),
            partial(drip, faults, name),
        ]
        faults.slow_seconds = chance.uniform(0.05, 0.5)
        for call in LOSES[name]:
            faults.lose_next_answer(call, times=chance.choice([0, 0, 1, 2]))
        if chance.random() < 0.5:
            chance.choice(ways)()


def drip(faults: Faults, name: str) -> None:
    for call in LOSES[name]:
        faults.drip(call)


def mend(name: str, faults: Faults) -> None:
    faults.mode = "up"
    faults.let_go()
    for call in LOSES[name]:
        faults.mend(call)


class Lives:
    """The process, one life after the other, and all that it ever logged."""

    def __init__(self, house: House, socket: bool, settings: dict[str, str]) -> None:
        self._house = house
        self._socket = socket
        self._settings = settings
        self._process: Process | None = None
        self.said = ""
        self.kills = 0

    async def begin(self) -> None:
        """Start it; return when it is healthy."""
        self._process = await start(self._house, socket=self._socket, **self._settings)

    async def end(self, sign: signal.Signals = signal.SIGKILL) -> None:
        """End it as the sign does, unless it has ended."""
        if self._process is None:
            return
        process, self._process = self._process, None
        await process.end(sign)
        self.kills += sign is signal.SIGKILL
        self.said += process.said_first + process.said_then


class Stranger:
    """Somebody who has seen a click, and has no signature for another one."""

    def __init__(self, house: House, chance: random.Random) -> None:
        self._house = house
        self._chance = chance
        self.came = self.let_in = 0

    async def comes(self) -> None:
        """Bring what somebody did as if it were done now: unsigned, signed by another, or old."""
        slack = self._house.slack
        seen = self._chance.choice([one for one in slack.deliveries if one.kind == "interactive"])
        timestamp, signature = self._chance.choice(
            [(None, ""), (None, "v0=" + "0" * 64), ("1700000000", None)]
        )
        answer = await slack.deliver(
            seen.body, kind=seen.kind, timestamp=timestamp, signature=signature
        )
        self.came += 1
        self.let_in += answer.status == 200


async def settled(crowd: Crowd, *, closed: bool) -> Found:
    """Return what is wrong once nothing is, or what still is in the end."""
    give_up = asyncio.get_running_loop().time() + PATIENCE
    while (found := crowd.wrong(closed=closed)) and asyncio.get_running_loop().time() < give_up:
        await asyncio.sleep(0.05)
    return found


def leaked(house: House, said: str) -> list[str]:
    """Return the secrets that stand in a log, in the database, or in what left for a channel."""
    folder = house.database.parent
    places = {path.name: path.read_bytes() for path in folder.glob("pollbot.db*") if path.is_file()}
    places["the log"] = said.encode()
    places["Slack"] = "\n".join(
        [*(str(call.args) for call in house.slack.calls),
         *(str(post.body) for post in house.slack.hook_posts)]
    ).encode()  # fmt: skip
    return [
        f"{secret[:4]}… in {place}"
        for place, content in places.items()
        for secret in SECRETS
        if secret.encode() in content
    ]
