"""Installing pollbot in another workspace, as somebody does that in a browser."""

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from pydantic import SecretStr

from pollbot.errors import StartError
from pollbot.sandbox.slack import SlackStandIn
from pollbot.wiring import Pollbot
from tests.support.house import ADA, PLANNING, House
from tests.support.signing import way_in

GLOBEX = "T0GLOBEX"
INITECH = "T0INITECH"
_TRIES = 5


@dataclass
class Installing:
    """A house whose pollbot may be installed elsewhere, and where browsers find it."""

    house: House
    public_url: str
    pollbot: Pollbot

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(
            base_url=self.public_url, timeout=10, follow_redirects=True
        ) as browser:
            yield browser

    async def install(self, home: SlackStandIn, user: str = "", **asked: str) -> httpx.Response:
        """Install it as somebody in that workspace does, and return the page at the end."""
        async with self.browser() as browser:
            return await self.allow(browser, home, user, **asked)

    async def allow(
        self, browser: httpx.AsyncClient, home: SlackStandIn, user: str = "", **asked: str
    ) -> httpx.Response:
        """Go from the first page to the last in a browser; ``whole`` for a whole organisation."""
        page = await browser.get("/slack/install")
        assert page.status_code == 200
        way = f"{way_in(page.text)}&team={home.team_id}"
        return await browser.get(f"{way}&as={user}" if user else way, params=asked or None)


def another(house: House, team_id: str = GLOBEX, domain: str = "Globex") -> SlackStandIn:
    """Return a workspace beside the house's, in which the same ids are somebody else's."""
    other = house.slack.another(team_id, domain)
    for user in house.slack.people.values():
        other.add_person(user.id, f"{user.name} of {domain}", is_admin=user.id == ADA)
    other.add_channel(PLANNING, "planning", app_is_member=True)
    return other


@asynccontextmanager
async def installing(
    house: House, *, alone: bool = False, **changes: Any
) -> AsyncIterator[Installing]:
    """Run a pollbot that may be installed in Globex; ``alone``: without SLACK_BOT_TOKEN."""
    app = house.slack.installing
    given: dict[str, Any] = {
        "slack_client_id": app.client_id,
        "slack_client_secret": SecretStr(app.client_secret),
        "workspaces": frozenset({GLOBEX}),
    }
    if alone:
        given["slack_bot_token"] = None
    async with AsyncExitStack() as life:
        for tries in range(_TRIES):
            port = _free_port()
            url = f"http://127.0.0.1:{port}"
            app.redirects.add(f"{url}/slack/oauth_redirect")
            program = house.program(**(given | {"port": port, "public_url": url} | changes))
            try:
                pollbot = await life.enter_async_context(program)
                break
            except StartError as error:
                # Another test may have got the port meanwhile.
                if "cannot be listened on" not in str(error) or tries == _TRIES - 1:
                    raise
        await pollbot.up()
        yield Installing(house, url, pollbot)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def remove(home: SlackStandIn) -> None:
    """Have the app taken out of a workspace, of which it is told."""
    for body in home.installing.removed(home):
        answer = await home.deliver(body, kind="events_api")
        assert answer.status == 200, body


def asked_at_slack(page: httpx.Response) -> dict[str, list[str]]:
    """Return what the way to Slack asks for."""
    return parse_qs(urlsplit(way_in(page.text)).query)
