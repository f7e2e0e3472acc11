"""Who may what: every listener, for every kind of person."""

import copy
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from pollbot.errors import NotConnected, PollbotError
from pollbot.sandbox.slack.delivery import Kind
from pollbot.slack.afterwards import Afterwards
from pollbot.wiring import Pollbot
from tests.door.test_every_delivery import ROWS, VOICE
from tests.support.house import ADA, BEN, LEADS, PLANNING, House, rest
from tests.support.looks import LOOKS
from tests.support.rights import allow
from tests.support.team_voice import by_default, close_windows, connect, team_voice
from tests.support.tried import Tried
from tests.support.washed import Memory, Rows
from tests.support.who_may import MAY, RULES

Body = dict[str, Any]

DAN, CLEO, NEW, GUS, EVE, LEE, OLA = "U0DAN", "U0CLEO", "U0NEW", "U0GUS", "U0EVE", "U0LEE", "U0OLA"
NAMES = {ADA: "ada", BEN: "ben", CLEO: "cleo"}
PARTNER = "T0PARTNER"
PEOPLE = {
    "an admin": DAN,
    "a co-owner": OLA,
    "a member": CLEO,
    "a barred one": CLEO,
    "a newcomer": NEW,
    "a guest": GUS,
    "a stranger": EVE,
    "who has left": LEE,
    "a bot": CLEO,
}
"""Beside whoever did it in the story. All but the newcomer have connected a Jira account.

A co-owner is one of all polls. Who is barred is a member where only admins make polls. A stranger
administers another workspace, and is here by a shared channel. A bot writes in a member's name.
"""
STORIES = {**ROWS, **LOOKS}
PARTS = 8
LAST = "setup.choose_language"

NOISE = {
    # Who did it, how it is told to others, and what is known of issues meanwhile.
    *("audit", "audit_people", "beats", "mark", "deliveries", "receipts", "cards", "outbox"),
    *("endings", "counts", "tries", "tries_of_all", "vote_counts", "issues", "languages"),
    *("voted_issues", "cast_votes", "threshold_states", "crossings", "posts"),
}
"""Tables by which it is not told whether something was done."""


WAITING = {"intents", "waiting_polls", "watches"}
"""Tables in which what people asked for waits until they have connected their account."""


DONE = ("may", "their own", "connects")
"""What becomes of what is not refused."""


class _StoppedError(Exception):
    """The story comes to what it is about."""


@dataclass
class Ground:
    """The one world, and pollbot in it."""

    house: House
    pollbot: Pollbot
    rows: Rows
    world: Memory
    only_admins: list[tuple[Any, ...]]
    heard: list[Exception]

    @property
    def brought(self) -> int:
        return sum(one.body.get("type") != "view_closed" for one in self.house.slack.deliveries)

    def bring_back(self) -> None:
        self.rows.bring_back()
        self.world.bring_back()
        self.house.clock.ahead += 60  # a channel takes a message a second


@pytest.fixture
async def ground(house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ground]:
    heard: list[Exception] = []
    explained = Afterwards.explained

    def listening(self: Afterwards, error: Exception) -> Any:
        heard.append(error)
        return explained(self, error)

    monkeypatch.setattr(Afterwards, "explained", listening)
    slack = house.slack
    for user, name in ((OLA, "Ola"), (NEW, "Nea"), (GUS, "Gus"), (LEE, "Lee")):
        slack.add_person(user, name)
    slack.add_person(DAN, "Dan", is_admin=True)
    slack.add_person(EVE, "Eve", is_admin=True, team_id=PARTNER, shares=[PLANNING])
    slack.people[GUS].is_guest = True
    slack.channels[LEADS].members.add(DAN)
    async with AsyncExitStack() as life:
        voice = await life.enter_async_context(team_voice(house))
        VOICE.set(voice)
        pollbot = await life.enter_async_context(house.program(**by_default(voice)))
        await allow(house, makers="admins")
        await rest(house, pollbot)
        only_admins = house.rows("SELECT * FROM rights")
        await allow(house, makers="everybody")
        await connect(house, ADA)
        for user in (DAN, OLA, CLEO, GUS, EVE, LEE):
            if user != CLEO:
                house.jira.add_person(f"acc-{user}", user, f"{user}@example.com", token=f"t-{user}")
                await house.connect(user, email=f"{user}@example.com", token=f"t-{user}")
            else:
                await house.connect(user)
            await close_windows(house, user)
        slack.people[LEE].has_left = True
        await rest(house, pollbot)
        rows = Rows(house.database)
        life.callback(rows.close)
        rows.remember()
        world = Memory(slack, house.jira, voice)
        yield Ground(house, pollbot, rows, world, only_admins, heard)


async def held_back(ground: Ground, name: str) -> tuple[Body, Kind]:
    """Live a story up to what Slack would bring last, and return that."""
    slack, before = ground.house.slack, ground.brought
    await STORIES[name](ground.house)
    await rest(ground.house, ground.pollbot)
    last = ground.brought - before
    ground.bring_back()
    deliver, brought = slack.deliver, 0
    held: list[tuple[Body, Kind]] = []

    async def holding(body: Body, *, kind: Kind, **more: Any) -> Any:
        nonlocal brought
        brought += body.get("type") != "view_closed"
        if brought == last and not held:
            held.append((copy.deepcopy(body), kind))
            raise _StoppedError
        return await deliver(body, kind=kind, **more)

    slack.deliver = holding  # type: ignore[method-assign]
    try:
        await STORIES[name](ground.house)
    except _StoppedError:
        pass
    finally:
        slack.deliver = deliver  # type: ignore[method-assign]
    await rest(ground.house, ground.pollbot)
    return held[0]


def maker_of(body: Body) -> str:
    """Return who brings it, empty where nobody does."""
    acted = body.get("user_id") or body.get("user") or body.get("event", {}).get("user") or ""
    return str(acted.get("id") if isinstance(acted, dict) else acted)


def account_of(user: str) -> str:
    """Return the account in Jira that is theirs."""
    return f"acc-{NAMES.get(user, user)}"


def brought_by(house: House, body: Body, who: str) -> Body:
    """Return the same as somebody else does it just now, whoever was shown what it came from."""
    slack, body, user = house.slack, copy.deepcopy(body), PEOPLE.get(who, who)
    channel = str(body.get("channel_id") or (body.get("channel") or {}).get("id") or PLANNING)
    if "trigger_id" in body:
        body["trigger_id"] = slack.new_trigger(user)
    if body.get("response_url"):
        body["response_url"] = slack.new_hook(user, channel)
    for action in body.get("actions") or []:
        action["action_ts"] = slack.next_ts()
    if "user_id" in body:
        body |= {"user_id": user, "user_name": user.lower()}
    if isinstance(body.get("user"), dict):
        team = slack.people[user].team_id
        body["user"] |= {"id": user, "team_id": team, "username": user, "name": user}
    if event := body.get("event"):
        body["event_id"] = slack.next_id("Ev")
        if "user" in event:
            event["user"] = user
        if who == "a bot":
            event |= {"bot_id": "B0OTHER", "subtype": "bot_message"}
    return body


class Table:
    """One row of it: what becomes of a thing that is brought, by who brings it."""

    def __init__(self, ground: Ground, body: Body, kind: Kind) -> None:
        self._ground = ground
        self._body, self._kind = body, kind
        self._rows = Rows(ground.house.database)
        self._rows.remember()
        self._stood = self._all()
        self._world = Memory(ground.house.slack, ground.house.jira, VOICE.get())
        self.maker = maker_of(body)

    @property
    def _is_written(self) -> bool:
        """Whether it is a message; nothing else comes of a bot."""
        return str(self._body.get("event", {}).get("type")) in ("message", "app_mention")

    async def cells(self) -> dict[str, str]:
        """Return what each kind of person may."""
        done, refused = await self._try(self.maker or ADA)
        people = [who for who in PEOPLE if self.maker and (who != "a bot" or self._is_written)]
        found = {who: await self._try(who) for who in people}
        self._rows.close()
        return {"who did it": _named("", done, done, refused)} | {
            who: _named(who, changed, done, why) for who, (changed, why) in found.items()
        }

    async def _try(self, who: str) -> tuple[frozenset[str], list[Exception]]:
        """Return in which tables something changed, how Jira was written to, what was refused."""
        house, pollbot = self._ground.house, self._ground.pollbot
        if who == "a co-owner":
            self._rows.write("UPDATE polls SET owners = ?", f'["{OLA}"]')
        if who == "a barred one":
            self._rows.write("DELETE FROM rights")
            for row in self._ground.only_admins:
                marks = ", ".join("?" * len(row))
                self._rows.write(f"INSERT INTO rights VALUES ({marks})", *row)  # noqa: S608
        before = self._all()
        self._ground.heard.clear()
        in_jira, voted = len(house.jira.calls), self._votes()
        answer = await house.slack.deliver(brought_by(house, self._body, who), kind=self._kind)
        await rest(house, pollbot)
        assert answer.status == 200, (who, answer)
        now = self._all()
        refused = list(self._ground.heard)
        of_votes = self._votes() ^ voted
        # A search is a POST, too, and only looks; to withdraw a vote that is not there changes
        # nothing.
        wrote = [
            call
            for call in house.jira.calls[in_jira:]
            if "/search" not in call.path
            and (of_votes or call.method != "DELETE" or not call.path.endswith("/votes"))
        ]
        done = {f"{call.method} of Jira's" for call in wrote if call.method != "GET"}
        if self.maker:
            others = {voter for _, voter in of_votes} - {account_of(PEOPLE.get(who, who))}
            assert not others, f"of what {who} brings the votes of {others} come or go"
        self._rows.bring_back()
        self._world.bring_back()
        house.clock.ahead += 5
        return frozenset(done.union(one for one in now if now[one] != before[one])), refused

    def _votes(self) -> set[tuple[str, str]]:
        """Return the votes in Jira: of which issue, and whose."""
        issues = self._ground.house.jira.issues.values()
        return {(issue.id, voter) for issue in issues for voter in issue.voters}

    def _all(self) -> dict[str, list[str]]:
        return self._rows.all(dict.fromkeys(NOISE, ""))


def _named(
    who: str, changed: frozenset[str], by_maker: frozenset[str], refused: list[Exception]
) -> str:
    why = [getattr(error, "because", error) for error in refused]
    assert all(isinstance(error, PollbotError) for error in why), why
    asked = any(isinstance(error, NotConnected) for error in why)
    if asked or (who == "a newcomer" and changed & WAITING and changed != by_maker):
        return "connects"
    if why:
        assert not changed, (why, changed)
        return type(why[0]).__name__
    # Whether a wish waits for Jira, or is there already, is a matter of time.
    if changed - {"intents"} == by_maker - {"intents"}:
        return "may"
    return "their own" if changed - {"intents"} else "nothing"


@pytest.mark.parametrize("part", range(PARTS))
async def test_each_may_what_the_table_says(ground: Ground, part: int, tried: Tried) -> None:
    """Prove for each cell what becomes of it, by the rows that change and by what is refused.

    What one person does last in each story of a listener is held back, and brought by each kind
    of person in turn, to a world that is the same each time. ``may``: the same changes, on disk and
    in Jira, as by whoever did it in the story. ``connects``: it is kept until they have connected
    their account, or they are asked to. Else it is what it is refused with, and then no row
    changes; or ``nothing``, which changes none either; ``their own``: something of theirs changes
    in its place. Whatever it is, no vote comes or goes but that of whoever brings it. How the same
    ids of another workspace fare is held by tests/door/test_two_workspaces.py, for every story.
    """
    names = sorted(STORIES, key=lambda name: name == LAST)[part::PARTS]
    wrong = []
    for name in [one for one in names if os.environ.get("ROW", "") in one]:
        table = Table(ground, *await held_back(ground, name))
        cells = await table.cells()
        expected = RULES[MAY[name]] if name in MAY else {}
        differ = [cell for who, cell in cells.items() if cell != expected.get(who)]
        let_in = sum(cell in DONE for cell in differ)
        tried("who may what", len(cells), lost=len(differ) - let_in, let_in=let_in)
        if differ:
            wrong.append(f"{name}: {MAY.get(name)}\n    {cells}")
        ground.bring_back()
    assert not wrong, "\n".join(wrong)


def test_each_row_is_filled() -> None:
    missing, gone = STORIES.keys() - MAY.keys(), MAY.keys() - STORIES.keys()
    assert not missing, f"say in tests/support/who_may.py who may {sorted(missing)}"
    assert not gone, f"{sorted(gone)} are rows of listeners that are no more"
    assert set(MAY.values()) == RULES.keys()
