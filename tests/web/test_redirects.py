"""Redirects: whoever is asked sends nobody on, neither tokens nor what people wrote."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from aiohttp import ClientError, ClientSession, web
from slack_sdk.web.async_client import AsyncWebClient

from pollbot.errors import (
    JiraUnavailable,
    SiteMoved,
    SlackError,
    SlackUnavailable,
    SourceUnavailable,
)
from pollbot.jira.atlassian import Atlassian
from pollbot.jira.client import Jira, basic
from pollbot.people import Account
from pollbot.polls.rules import Draft
from pollbot.polls.sources.team_voice.client import Endpoint, Place, TeamVoice
from pollbot.slack.client import Slack
from pollbot.slack.oauth import App
from pollbot.web import calls as outside
from pollbot.web.addresses import EVERYWHERE

LUNCH = Draft("Lunch?", ("Pizza", "Soup"))
ISSUE = Place("PLAT", "PLAT-12")


class Elsewhere:
    """Whom nobody should ask: it remembers each request that it gets."""

    def __init__(self) -> None:
        self.url = ""
        self.heard: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.heard.append(f"{request.method} {request.path_qs} {await request.text()}")
        return web.json_response({"ok": True})


@pytest.fixture
async def elsewhere() -> AsyncIterator[Elsewhere]:
    elsewhere = Elsewhere()
    runner, elsewhere.url = await _serve(elsewhere.answer)
    yield elsewhere
    await runner.cleanup()


async def _serve(
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> tuple[web.AppRunner, str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


def _slack(url: str, session: ClientSession) -> Slack:
    return Slack(AsyncWebClient("xoxb-1", base_url=f"{url}/", session=session, retry_handlers=[]))


def _account(url: str) -> Account:
    return Account("acc-ada", "Ada", url, basic("ada@example.com", "ada-token"))


def _sign_in(http: httpx.AsyncClient, url: str) -> Atlassian:
    return Atlassian(http, url, url, ("client", "client-secret"), f"{url}/jira/callback")


Act = Callable[[httpx.AsyncClient, ClientSession, str], Awaitable[object]]

# Every way in which pollbot speaks to somebody, and the error that tells of it.
CALLS: dict[str, tuple[Act, type[Exception] | tuple[type[Exception], ...]]] = {
    "Jira, a vote": (
        lambda http, _, url: Jira(http, url, url).vote("PLAT-12", _account(url)),
        (JiraUnavailable, SiteMoved),
    ),
    "Jira, an issue": (
        lambda http, _, url: Jira(http, url, url).issue("PLAT-12", _account(url)),
        (JiraUnavailable, SiteMoved),
    ),
    "Jira, a typed token": (
        lambda http, _, url: Jira(http, url, url).sign_in("ada@example.com", "ada-token"),
        (JiraUnavailable, SiteMoved),
    ),
    "Atlassian, a code": (
        lambda http, _, url: _sign_in(http, url).exchange("c"),
        (JiraUnavailable, SiteMoved),
    ),
    "Atlassian, a refresh token": (
        lambda http, _, url: _sign_in(http, url).refresh("r"),
        (JiraUnavailable, SiteMoved),
    ),
    "Atlassian, sites": (
        lambda http, _, url: _sign_in(http, url).sites("a"),
        (JiraUnavailable, SiteMoved),
    ),
    "Team Voice of the settings": (
        lambda http, _, url: TeamVoice(http).create(Endpoint(url, "t"), ISSUE, LUNCH),
        SourceUnavailable,
    ),
    "Team Voice that was typed": (
        lambda http, _, url: TeamVoice(http, EVERYWHERE).create(
            Endpoint(url, "t", typed=True), ISSUE, LUNCH
        ),
        SourceUnavailable,
    ),
    "Slack, a post": (
        lambda _, session, url: _slack(url, session).of("T1").post("C0PLANNING", "Counted", []),
        SlackUnavailable,
    ),
    "Slack, a code": (
        lambda _, session, url: _slack(url, session).exchange_code(App("1.2", "shh"), "code"),
        SlackUnavailable,
    ),
    "Slack, a socket": (
        lambda _, session, url: _slack(url, session).socket_address("xapp-1"),
        SlackUnavailable,
    ),
    "a response_url": (
        lambda _, session, url: _slack(url, session).respond(f"{url}/hook", "Counted", []),
        SlackError,
    ),
    "a WebSocket": (
        lambda _, session, url: session.ws_connect(url.replace("http", "ws")),
        ClientError,
    ),
}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(("act", "error"), CALLS.values(), ids=CALLS)
async def test_nobody_is_sent_on(
    elsewhere: Elsewhere,
    act: Act,
    error: type[Exception] | tuple[type[Exception], ...],
    status: int,
) -> None:
    """Prove that a redirect, to another host or to the same, is asked for by nobody.

    So it carries no token, no secret and no answer, in a header, an address or a body.
    """
    asked: list[str] = []

    async def send_on(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, headers={"Location": f"{elsewhere.url}{request.path}"})

    runner, url = await _serve(send_on)
    async with outside.for_jira_and_sources() as http, outside.for_slack() as session:
        with pytest.raises(error):
            await act(http, session, url)
    await runner.cleanup()

    assert len(asked) == 1
    assert elsewhere.heard == []
