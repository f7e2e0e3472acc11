"""Several workspaces of one pollbot, in which Slack calls everything the same."""

import copy
import random
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from pydantic import SecretStr

from pollbot.installs.rules import Installed, Tokens
from pollbot.sandbox import clock as clocks
from pollbot.sandbox.jira import JiraStandIn
from pollbot.sandbox.serving import Served
from pollbot.sandbox.slack import Answer, SlackStandIn
from pollbot.sandbox.slack.stand_in import Delivery
from pollbot.sandbox.slack.things import Hook, Trigger
from pollbot.sandbox.slack.tokens import BOT_SCOPES
from pollbot.sandbox.slack.workflows import Run
from pollbot.sandbox.world.steps import STEPS
from pollbot.wiring import Pollbot
from tests.store.test_apart import TABLES, ByTeam, ForAll, Of
from tests.support import stored
from tests.support.house import ADA, BEN, CLEO, LEADS, PLANNING, TWO_OF_US, House

HERE, THERE, NOWHERE = "T0HERE", "T0THERE", "T0NOWHERE"
"""Two workspaces, and one in which nothing has happened that anybody could name."""


class OneOfMany(SlackStandIn):
    """One workspace of several: only its own id, its token and its response_urls are its own."""

    def __init__(self, team_id: str, clock: clocks.Clock, began: float) -> None:
        super().__init__(
            bot_token=f"xoxb-{team_id}",
            team_id=team_id,
            now=clock,
            chance=random.Random(7),  # noqa: S311 - the same ids, no secrets
        )
        self._began = began
        begin = self.workflows.begin

        def with_own_token(user: str, step: str, inputs: Mapping[str, Any]) -> Run:
            run = begin(user, step, inputs)
            run.token = f"xwfp-{team_id}-{run.id}"
            return run

        self.workflows.begin = with_own_token  # type: ignore[method-assign]
        self._stamps = 0

    def next_ts(self) -> str:
        """Return a time that is the same in each for what comes after as much."""
        self._stamps += 1
        return f"{self._began + self._stamps / 1000:.6f}"

    def new_trigger(self, user: str, view: str | None = None) -> str:
        id_ = f"{self.next_id('')}.{self.chance.randbytes(16).hex()}"
        self.triggers[id_] = Trigger(user, self.now(), view)
        return id_

    def know(self, other: "OneOfMany") -> None:
        """Have everything here that is there, under the same names."""
        for name in ("channels", "messages", "views", "homes", "people", "work_objects"):
            setattr(self, name, copy.deepcopy(getattr(other, name)))
        for person in self.people.values():
            person.team_id = self.team_id
        runs = copy.deepcopy(other.workflows.runs)
        for run in runs.values():
            run.state, run.token = "running", f"xwfp-{self.team_id}-{run.id}"
        self.workflows.runs, self.workflows.offered = runs, other.workflows.offered
        self._stamps, self._serial = other._stamps, other._serial
        self.web_api = type(self.web_api)(self, self.tokens, self.work_objects)

    async def replay(self, body: dict[str, Any], delivery: Delivery) -> Answer:
        """Bring what was brought elsewhere, as somebody does the same here just now."""
        for one in (body.get("trigger_id"), body.get("event", {}).get("trigger_id")):
            if one:
                user = body.get("user_id") or body.get("user", {}).get("id") or ""
                self.triggers[one] = Trigger(user, self.now(), body.get("view", {}).get("id"))
        if url := body.get("response_url"):
            channel = body.get("channel_id") or body.get("channel", {}).get("id")
            user = body.get("user_id") or body.get("user", {}).get("id")
            self.hooks[url.rpartition("/")[2]] = Hook(user, channel, None, self.now())
        return await self.deliver(body, kind=delivery.kind)


class Slacks(Served):
    """Slack's one address, which tells workspaces from each other by tokens and by its own URLs."""

    def __init__(self, workspaces: Iterable[OneOfMany]) -> None:
        self.workspaces = {one.team_id: one for one in workspaces}
        self.strange: list[str] = []
        """Calls by no token of theirs."""
        self.app = web.Application(client_max_size=10 * 1024**2)
        self.app.router.add_route("*", "/api/{method}", self._call)
        for team_id, slack in self.workspaces.items():
            self.app.add_subapp(f"/of/{team_id}/", slack.app)

    async def start(self, port: int = 0) -> None:
        await super().start(port)
        for team_id, slack in self.workspaces.items():
            slack.base_url = f"{self.base_url}/of/{team_id}"

    async def _call(self, request: web.Request) -> web.StreamResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        team_id = token.split("-")[1]
        if team_id not in self.workspaces:
            self.strange.append(f"{request.path} by “{team_id}”")
            return web.json_response({"ok": False, "error": "invalid_auth"})
        return await self.workspaces[team_id]._serve_api(request)


class World:
    """Workspaces with one pollbot and one Jira between them, each as a house of its own."""

    def __init__(self, slacks: Slacks, jira: JiraStandIn, database: Path, clock: clocks.Clock):
        self.slacks = slacks
        self.jira = jira
        self.houses = {
            team_id: House(slack, jira, database, clock)
            for team_id, slack in slacks.workspaces.items()
        }
        self.here = self.houses[HERE]

    def slack(self, team_id: str) -> OneOfMany:
        return self.slacks.workspaces[team_id]

    @asynccontextmanager
    async def program(self, **changes: Any) -> AsyncIterator[Pollbot]:
        """Run the one pollbot: SLACK_BOT_TOKEN is the first one's, the others have installed it."""
        given: dict[str, Any] = {
            "slack_api_url": f"{self.slacks.base_url}/api/",
            "slack_client_id": "1.2",
            "slack_client_secret": SecretStr("secret"),
            "public_url": "https://pollbot.example.com",
            "workspaces": frozenset(self.houses),
        }
        async with self.here.program(**(given | changes)) as pollbot:
            await pollbot.up()
            for team_id, slack in self.slacks.workspaces.items():
                slack.events_url = self.here.slack.events_url
                if team_id != HERE:
                    await pollbot._store.installations.keep(_installed(slack), self.here.clock())
            yield pollbot

    def rows(self, team_id: str) -> dict[str, list[str]]:
        """Return all that is kept of a workspace, table by table."""
        queries = {
            table: _rows_of(table) for table, how in TABLES.items() if not isinstance(how, ForAll)
        }
        found = self.here.all_rows(queries.values(), team_id)
        return {table: found[query] for table, query in queries.items()}

    def drawn(self, team_id: str) -> set[str]:
        """Return the ids that pollbot has drawn for things of a workspace."""
        found = set()
        with stored.opened(self.here.database) as db:
            for table, how in TABLES.items():
                for column in how.drawn if isinstance(how, ByTeam) else ():
                    if table not in ("outbox", "deliveries"):
                        query = f"SELECT {column} FROM {table} WHERE team_id = ?"  # noqa: S608
                        drawn = db.execute(query, (team_id,)).fetchall()
                        found |= {str(one) for (one,) in drawn if one}
        # A number is no id that anything could be found by.
        return {one for one in found if not one.isdigit()}


def _rows_of(table: str) -> str:
    match TABLES[table]:
        case ByTeam():
            return f"SELECT * FROM {table} WHERE team_id = ?"  # noqa: S608  a table of the schema
        case Of(column, parent):
            of = f"SELECT id FROM {parent} WHERE team_id = ?"  # noqa: S608
            return f"SELECT * FROM {table} WHERE {column} IN ({of})"  # noqa: S608
    raise AssertionError(table)


def _installed(slack: OneOfMany) -> Installed:
    tokens = Tokens(slack.bot_token)
    return Installed(
        slack.team_id,
        slack.team_id,
        slack.app_id,
        slack.bot_user_id,
        ADA,
        frozenset(BOT_SCOPES),
        tokens,
    )


@asynccontextmanager
async def world(jira: JiraStandIn, database: Path, clock: clocks.Clock) -> AsyncIterator[World]:
    """Make three workspaces with the people and channels of the house."""
    began = float(int(clock()))
    slacks = Slacks(OneOfMany(team_id, clock, began) for team_id in (HERE, THERE, NOWHERE))
    for slack in slacks.workspaces.values():
        slack.workflows.offered = STEPS
        for user, name in ((ADA, "Ada"), (BEN, "Ben"), (CLEO, "Cleo")):
            slack.add_person(user, name, is_admin=user == ADA)
        slack.add_channel(PLANNING, "planning")
        slack.add_channel(LEADS, "leads", is_private=True, members=(ADA, BEN))
        slack.add_channel(TWO_OF_US, "directmessage", is_private=True, members=(ADA, BEN))
    await slacks.start()

    try:
        yield World(slacks, jira, database, clock)
    finally:
        await slacks.stop()
    assert slacks.strange == []


def renamed(text: str, names: dict[str, str]) -> str:
    """Return the text with other names in it."""
    for old, new in names.items():
        text = text.replace(old, new)
    return text
