"""Other people's servers: one deadline for a whole call, and a limit to what is read of it."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from pollbot.errors import JiraUnavailable, SlackUnavailable, SourceUnavailable
from pollbot.jira.client import Jira, basic
from pollbot.people import Account
from pollbot.polls.rules import Draft
from pollbot.polls.sources.team_voice.client import Endpoint, Place, TeamVoice
from pollbot.slack.client import Slack
from pollbot.web import calls as outside
from tests.support.dripping import dripping, endless, packed, serving, small
from tests.support.own_time import own_time
from tests.support.refusals import refuses, sentence

SOON = 0.3
LUNCH = Draft("Lunch?", ("Pizza", "Soup"))
ISSUE = Place("PLAT", "PLAT-12")


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with outside.for_jira_and_sources() as http:
        yield http


def someone(url: str) -> Account:
    return Account("acc-ada", "Ada", url, basic("ada@example.com", "ada-token"))


Act = Callable[[httpx.AsyncClient, str], Awaitable[object]]


def _jira(http: httpx.AsyncClient, url: str) -> Jira:
    return Jira(http, url, url, deadline=SOON)


def _voice(http: httpx.AsyncClient) -> TeamVoice:
    return TeamVoice(http, deadline=SOON)


async def _slack(url: str, *, by_url: bool) -> None:
    async with outside.for_slack(SOON) as session:
        slack = Slack(
            AsyncWebClient("xoxb-1", base_url=f"{url}/", session=session, retry_handlers=[])
        )
        if by_url:
            await slack.respond(f"{url}/hook", "Counted", [])
        else:
            await slack.of("T1").post("C0PLANNING", "Counted", [])


CALLS: dict[str, tuple[Act, type[Exception]]] = {
    "a vote": (lambda http, url: _jira(http, url).vote("PLAT-12", someone(url)), JiraUnavailable),
    "an issue": (lambda http, url: _jira(http, url).issue("PLAT-12", None), JiraUnavailable),
    "a connection": (lambda http, url: _jira(http, url).sign_in("ada@x.y", "t"), JiraUnavailable),
    "polls": (lambda http, url: _voice(http).polls(Endpoint(url, "t"), ISSUE), SourceUnavailable),
    "a new poll": (
        lambda http, url: _voice(http).create(Endpoint(url, "t"), ISSUE, LUNCH),
        SourceUnavailable,
    ),
    "a post": (lambda _, url: _slack(url, by_url=False), SlackUnavailable),
    "a response_url": (lambda _, url: _slack(url, by_url=True), SlackUnavailable),
}


@pytest.mark.parametrize(("act", "error"), CALLS.values(), ids=CALLS)
async def test_a_server_that_drips_holds_nobody_beyond_the_deadline(
    http: httpx.AsyncClient, act: Act, error: type[Exception]
) -> None:
    async with serving(*dripping(), pause=0.05) as url:
        with own_time() as passed, pytest.raises(error):
            await asyncio.wait_for(act(http, url), 5)
        took = passed()

    assert took < 3


@pytest.mark.parametrize("how", [endless, packed, lambda: packed("deflate")])
@pytest.mark.parametrize("act", ["an issue", "polls", "a post", "a response_url"])
async def test_no_answer_takes_more_memory_than_an_answer_may(
    http: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    act: str,
    how: Callable[[], tuple[bytes, ...]],
) -> None:
    # Nothing of this is a matter of time, and the machine may be slow.
    monkeypatch.setattr(f"{__name__}.SOON", 30.0)
    ask, error = CALLS[act]
    parts = how()
    tracemalloc.start()
    try:
        async with serving(*parts) as url:
            with pytest.raises(error):
                await ask(http, url)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 6 * outside.LARGEST


async def test_what_a_new_poll_may_have_become_is_said_after_the_deadline(
    http: httpx.AsyncClient,
) -> None:
    async with serving(*dripping(), pause=0.05) as url:
        with refuses(SourceUnavailable, says="may have been created") as failure:
            await _voice(http).create(Endpoint(url, "t"), ISSUE, LUNCH)

    assert "`local`" in sentence(failure.value)


async def test_a_packed_answer_is_unpacked(http: httpx.AsyncClient) -> None:
    async with serving(*small('{"accountId": "acc-ada"}')) as url:
        answer = await outside.call(http, "GET", url)

    assert answer.json() == {"accountId": "acc-ada"}


@pytest.mark.parametrize("said", ["br", "zstd", "gzip"])
async def test_what_cannot_be_unpacked_is_no_answer(http: httpx.AsyncClient, said: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {said}\r\nContent-Length: 4\r\n\r\nnope"
    async with serving(head.encode(), b"") as url:
        with pytest.raises(httpx.DecodingError):
            await outside.call(http, "GET", url)
