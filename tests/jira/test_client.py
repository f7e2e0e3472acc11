"""The Jira client, over real HTTP against a pretended site: what each failure means."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from pollbot.errors import (
    AccountRefused,
    JiraBusy,
    JiraError,
    JiraUnavailable,
    NotAllowed,
    NotFound,
    PollbotError,
)
from pollbot.jira.client import Jira, basic
from pollbot.people import Account
from pollbot.sandbox.jira import JiraStandIn
from pollbot.sandbox.slack import SlackStandIn
from tests.support.house import ADA, BEN, EMAILS, PLANNING, TOKENS, Clock, House
from tests.support.refusals import sentence

EMAIL, TOKEN, SCOPED = "ada@example.com", "ATATT3x-ada-token", "ATATT3x-ada-scoped"
LOGIN_PAGE = "<!doctype html><title>Log in</title>"


class Wire:
    """What each request carried; every answer sets a cookie, as Jira's do."""

    def __init__(self) -> None:
        self.authorizations: list[str] = []
        self.cookies: list[str] = []
        self.beside: list[str] = []
        """The queries and bodies that came along."""

    def watch(self, jira: JiraStandIn) -> None:
        @web.middleware
        async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
            self.authorizations.append(request.headers.get("Authorization", ""))
            self.cookies.append(request.headers.get("Cookie", ""))
            self.beside.append(request.query_string + await request.text())
            response = await handler(request)
            response.set_cookie("JSESSIONID", f"session-{len(self.cookies)}")
            return response

        jira.app.middlewares.append(note)


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
async def site(wire: Wire) -> AsyncIterator[JiraStandIn]:
    """A site with Ada, who has a token of each sort, and two issues."""
    jira = JiraStandIn()
    wire.watch(jira)
    jira.add_person("acc-ada", "Ada of Jira", EMAIL, token=TOKEN, scoped_token=SCOPED)
    jira.add_person("acc-ben", "Ben of Jira", "ben@example.com", token="ben-token")
    jira.add_issue("PLAT-12", "Export", reporter="acc-ben", other_votes=7)
    jira.add_issue("PLAT-7", "Old", status="Done", resolution="Fixed", reporter="acc-ada")
    await jira.start()
    yield jira
    await jira.stop()


@pytest.fixture
def jira(site: JiraStandIn, http: httpx.AsyncClient) -> Jira:
    return Jira(http, site.site_url, site.gateway_url)


@pytest.fixture
def ada(site: JiraStandIn) -> Account:
    return Account("acc-ada", "Ada of Jira", site.site_url, basic(EMAIL, TOKEN))


# What it reads and writes


async def test_an_issue_is_read_as_the_person_who_asks(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    site.issues["PLAT-12"].voters |= {"acc-ada", "acc-ben"}

    seen = await jira.issue("PLAT-12", ada, voters=True)

    assert (seen.key, seen.summary, seen.status, seen.type) == (
        "PLAT-12",
        "Export",
        "Open",
        "Story",
    )
    assert (seen.votes, seen.voted) == (9, True)
    assert seen.voters == ("Ada of Jira", "Ben of Jira")
    assert (seen.resolution, seen.reporter_id) == (None, "acc-ben")


async def test_names_are_asked_for_only_where_they_are_wanted(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    assert (await jira.issue("PLAT-7", ada)).voters is None

    assert [call.path for call in site.calls] == ["/rest/api/3/issue/PLAT-7"]


async def test_hidden_voters_are_not_taken_for_nobody(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    site.people["acc-ada"].sees_voters = False

    assert (await jira.issue("PLAT-12", ada, voters=True)).voters is None
    assert (await jira.issue("PLAT-7", ada, voters=True)).voters == ()


async def test_a_resolution_and_a_moved_key_are_read(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    site.move("PLAT-7", "APP-1")

    seen = await jira.issue("PLAT-7", ada)

    assert (seen.key, seen.resolution) == ("APP-1", "Fixed")


async def test_a_vote_and_its_withdrawal_stand_under_the_persons_own_name_and_may_be_repeated(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    for _ in range(2):
        await jira.vote("PLAT-12", ada)
        assert site.issues["PLAT-12"].voters == {"acc-ada"}

    for _ in range(2):
        await jira.withdraw("PLAT-12", ada)
        assert site.issues["PLAT-12"].voters == set()


async def test_votes_are_asked_for_with_nothing_but_the_key(
    site: JiraStandIn, jira: Jira, ada: Account, wire: Wire
) -> None:
    await jira.vote("PLAT-12", ada)
    await jira.voting_is_on("PLAT-12", ada)
    await jira.withdraw("PLAT-12", ada)

    path = "/rest/api/3/issue/PLAT-12/votes"
    asked = [(call.method, call.path) for call in site.calls]
    assert asked == [(verb, path) for verb in ("POST", "GET", "DELETE")]
    assert set(wire.beside) == {""}


async def test_whether_voting_is_on_is_read_from_the_votes_themselves(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    assert await jira.voting_is_on("PLAT-12", ada)

    site.voting_enabled = False

    assert not await jira.voting_is_on("PLAT-12", ada)


async def test_nobody_reads_without_a_credential(site: JiraStandIn, jira: Jira, wire: Wire) -> None:
    with pytest.raises(NotFound):
        await jira.issue("PLAT-12", None)
    site.anonymous_may_browse = True

    assert (await jira.issue("PLAT-12", None)).votes == 7
    assert set(wire.authorizations) == {""}


# What failures mean


def as_date(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def in_seconds(seconds: float) -> str:
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


STATUSES: dict[str, tuple[int, str, type[Exception]]] = {
    "400": (400, "{}", JiraError),
    "401": (401, "{}", AccountRefused),
    "401 with a page": (401, LOGIN_PAGE, AccountRefused),
    "403": (403, '{"errorMessages": ["Nie wolno."]}', NotAllowed),
    "403 with a page": (403, LOGIN_PAGE, NotAllowed),
    "404": (404, '{"errorMessages": ["Issue does not exist"]}', NotFound),
    "404 with a page": (404, LOGIN_PAGE, NotFound),
    "408": (408, "", JiraUnavailable),
    "410": (410, "", JiraError),
    "429": (429, "", JiraBusy),
    "500": (500, "Internal Server Error", JiraUnavailable),
    "502": (502, LOGIN_PAGE, JiraUnavailable),
    "503": (503, "", JiraUnavailable),
    "a page in place of an answer": (200, LOGIN_PAGE, JiraUnavailable),
    "nothing in place of an answer": (200, "", JiraUnavailable),
    "half an answer": (200, '{"key": "PLAT-12", "fie', JiraUnavailable),
    "another answer": (200, '{"issues": []}', JiraUnavailable),
    "a list": (200, "[]", JiraUnavailable),
    "a cut line": (0, "", JiraUnavailable),
}


@pytest.mark.parametrize(("status", "body", "error"), STATUSES.values(), ids=STATUSES)
async def test_each_bad_answer_to_a_question_has_its_meaning(
    site: JiraStandIn, jira: Jira, ada: Account, status: int, body: str, error: type[Exception]
) -> None:
    site.faults.fail_next("GET issue", status, body)

    with pytest.raises(error) as failure:
        await jira.issue("PLAT-12", ada)

    assert type(failure.value) is error or isinstance(failure.value, JiraUnavailable)
    assert (await jira.issue("PLAT-12", ada)).votes == 7, "the next one is answered again"


WRITES: dict[str, tuple[str, Callable[[Jira, Account], Awaitable[None]]]] = {
    "vote": ("POST votes", lambda jira, account: jira.vote("PLAT-12", account)),
    "withdraw": ("DELETE votes", lambda jira, account: jira.withdraw("PLAT-12", account)),
}


@pytest.mark.parametrize(("name", "write"), WRITES.values(), ids=WRITES)
@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        *((s, b, e) for s, b, e in STATUSES.values() if s != 200),
        (200, LOGIN_PAGE, JiraUnavailable),
    ],
    ids=[*(name for name, (status, _, _) in STATUSES.items() if status != 200), "200 with a page"],
)
async def test_each_bad_answer_to_a_write_has_its_meaning(
    site: JiraStandIn,
    jira: Jira,
    ada: Account,
    name: str,
    write: Callable[[Jira, Account], Awaitable[None]],
    status: int,
    body: str,
    error: type[Exception],
) -> None:
    site.faults.fail_next(name, status, body)

    with pytest.raises(error):
        await write(jira, ada)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_a_login_page_is_not_followed(
    site: JiraStandIn, jira: Jira, ada: Account, wire: Wire, status: int
) -> None:
    for name in ("GET issue", "POST votes"):
        site.faults.fail_next(name, status, "", {"Location": f"{site.site_url}/browse/PLAT-12"})

    with pytest.raises(JiraUnavailable):
        await jira.issue("PLAT-12", ada)
    with pytest.raises(JiraUnavailable):
        await jira.vote("PLAT-12", ada)

    assert len(wire.authorizations) == 2


async def test_a_site_that_is_too_slow_is_away(
    site: JiraStandIn, jira: Jira, http: httpx.AsyncClient, ada: Account
) -> None:
    http.timeout = httpx.Timeout(10, read=0.2)
    site.faults.mode, site.faults.slow_seconds = "slow", 1.0

    with pytest.raises(JiraUnavailable) as failure:
        await jira.vote("PLAT-12", ada)

    assert failure.value.why == "ReadTimeout"


async def test_a_site_that_drops_the_line_is_away(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    site.faults.mode = "down"

    with pytest.raises(JiraUnavailable):
        await jira.vote("PLAT-12", ada)


async def test_a_site_where_nobody_listens_is_away(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    await site.stop()

    with pytest.raises(JiraUnavailable) as failure:
        await jira.issue("PLAT-12", ada)

    assert failure.value.why == "ConnectError"


async def test_a_site_that_is_full_says_why_and_for_how_long(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    for _ in range(20):
        await jira.vote("PLAT-12", ada)

    with pytest.raises(JiraBusy) as failure:
        await jira.vote("PLAT-12", ada)

    assert failure.value.cause == "jira-per-issue-on-write"
    assert failure.value.retry_after in (1.0, 2.0)


# What says a moment is written when it is sent: the first test may be minutes ago by then.
PAUSES: dict[str, tuple[Callable[[], dict[str, str]], float, float]] = {
    "seconds": (lambda: {"Retry-After": "7"}, 7, 7),
    "a date": (lambda: {"Retry-After": as_date(3600)}, 3400, 3600),
    "a past date": (lambda: {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0, 5),
    "an instant": (lambda: {"X-RateLimit-Reset": in_seconds(3600)}, 3400, 3600),
    "both": (lambda: {"Retry-After": "7", "X-RateLimit-Reset": in_seconds(3600)}, 7, 7),
    "none": (dict, 1, 10),
    "nonsense": (lambda: {"Retry-After": "soon", "X-RateLimit-Reset": "later"}, 1, 10),
    "a number where an instant belongs": (lambda: {"X-RateLimit-Reset": "1700000000"}, 1, 10),
    "a minus": (lambda: {"Retry-After": "-3"}, 0, 10),
    "a fraction": (lambda: {"Retry-After": "1.5"}, 1, 10),
    "a digit that is no number": (lambda: {"Retry-After": "²"}, 0, 10),
}


@pytest.mark.parametrize(("headers", "least", "most"), PAUSES.values(), ids=PAUSES)
async def test_a_429_says_how_long_to_wait_and_is_believed(
    site: JiraStandIn,
    jira: Jira,
    ada: Account,
    headers: Callable[[], dict[str, str]],
    least: float,
    most: float,
) -> None:
    asked_to_wait = headers() | {"RateLimit-Reason": "jira-burst-based"}
    site.faults.fail_next("POST votes", 429, "", asked_to_wait)

    with pytest.raises(JiraBusy) as failure:
        await jira.vote("PLAT-12", ada)

    assert failure.value.cause == "jira-burst-based"
    assert least <= failure.value.retry_after <= most


async def test_a_503_may_say_how_long_to_wait_too(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    site.faults.fail_next("POST votes", 503, LOGIN_PAGE, {"Retry-After": "30"})

    with pytest.raises(JiraUnavailable) as failure:
        await jira.vote("PLAT-12", ada)

    assert failure.value.retry_after == 30.0


async def test_an_issue_whose_voters_cannot_be_read_is_still_an_issue(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    site.faults.fail_next("GET votes", 403)

    seen = await jira.issue("PLAT-12", ada, voters=True)

    assert (seen.votes, seen.voters) == (7, None)


# Signing in


async def test_a_token_without_scopes_signs_in_on_the_site_alone(
    site: JiraStandIn, jira: Jira
) -> None:
    account = await jira.sign_in(EMAIL, TOKEN)

    assert account == Account("acc-ada", "Ada of Jira", site.site_url, basic(EMAIL, TOKEN))
    assert [call.path for call in site.calls] == ["/rest/api/3/myself"]


async def test_a_token_with_scopes_signs_in_and_votes_through_the_gateway(
    site: JiraStandIn, jira: Jira
) -> None:
    account = await jira.sign_in(EMAIL, SCOPED)
    await jira.vote("PLAT-12", account)

    gateway = f"/ex/jira/{site.cloud_id}/rest/api/3"
    assert account.base_url == f"{site.gateway_url}/ex/jira/{site.cloud_id}"
    assert [(call.method, call.path) for call in site.calls] == [
        ("GET", "/rest/api/3/myself"),
        ("GET", "/_edge/tenant_info"),
        ("GET", f"{gateway}/myself"),
        ("POST", f"{gateway}/issue/PLAT-12/votes"),
    ]
    assert site.issues["PLAT-12"].voters == {"acc-ada"}


async def test_the_gateway_is_asked_for_its_address_without_a_credential(
    site: JiraStandIn, jira: Jira, wire: Wire
) -> None:
    await jira.sign_in(EMAIL, SCOPED)

    told = dict(zip([call.path for call in site.calls], wire.authorizations, strict=True))
    assert told["/_edge/tenant_info"] == ""


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_however_the_site_refuses_a_token_the_gateway_is_asked(
    site: JiraStandIn, jira: Jira, status: int
) -> None:
    site.faults.fail_next("GET myself", status, LOGIN_PAGE)

    account = await jira.sign_in(EMAIL, SCOPED)

    assert account.base_url == f"{site.gateway_url}/ex/jira/{site.cloud_id}"


async def test_a_token_that_lacks_a_scope_is_refused_when_it_votes(
    site: JiraStandIn, jira: Jira
) -> None:
    site.add_person(
        "acc-cleo",
        "Cleo",
        "cleo@example.com",
        scoped_token="cleo-scoped",
        scopes=frozenset({"read:jira-user", "read:jira-work"}),
    )
    account = await jira.sign_in("cleo@example.com", "cleo-scoped")

    with pytest.raises(AccountRefused):
        await jira.vote("PLAT-12", account)


@pytest.mark.parametrize(
    ("email", "token"),
    [(EMAIL, "wrong"), ("nobody@example.com", TOKEN), (EMAIL, "ben-token")],
    ids=["token", "e-mail", "somebody else's token"],
)
async def test_who_is_known_nowhere_is_refused(jira: Jira, email: str, token: str) -> None:
    with pytest.raises(AccountRefused):
        await jira.sign_in(email, token)


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_server_of_ones_own_has_no_gateway(
    site: JiraStandIn, jira: Jira, status: int
) -> None:
    site.faults.fail_next("GET tenant_info", status, LOGIN_PAGE)

    with pytest.raises(AccountRefused):
        await jira.sign_in(EMAIL, "wrong")

    assert len(site.calls) == 2, "the token goes nowhere else"


@pytest.mark.parametrize(
    "cloud_id", ["", "../../evil", "a/b", "x" * 65, "evil.example?", "@evil.example"]
)
async def test_a_cloud_id_that_is_none_leads_nowhere(
    site: JiraStandIn, jira: Jira, wire: Wire, cloud_id: str
) -> None:
    site.faults.fail_next("GET tenant_info", 200, {"cloudId": cloud_id})

    with pytest.raises(AccountRefused):
        await jira.sign_in(EMAIL, SCOPED)

    assert len(wire.authorizations) == 2


@pytest.mark.parametrize("name", ["GET myself", "GET tenant_info"])
@pytest.mark.parametrize("status", [500, 429, 0, 302])
async def test_a_site_that_is_away_refuses_nobody(
    site: JiraStandIn, jira: Jira, name: str, status: int
) -> None:
    site.faults.fail_next(name, status, LOGIN_PAGE)

    with pytest.raises(JiraUnavailable):
        await jira.sign_in(EMAIL, SCOPED)


async def test_a_page_in_place_of_an_account_is_no_account(site: JiraStandIn, jira: Jira) -> None:
    for body in (LOGIN_PAGE, "{}", '{"accountId": ""}'):
        site.faults.fail_next("GET myself", 200, body)

        with pytest.raises(JiraUnavailable):
            await jira.sign_in(EMAIL, TOKEN)


# Secrets


async def test_no_token_is_ever_logged_or_repeated(
    site: JiraStandIn, jira: Jira, ada: Account, caplog: pytest.LogCaptureFixture
) -> None:
    # A program that ran in this process before has turned them down.
    for name in ("", "httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, logger=name)
    said = [repr(ada), str(ada), repr(await jira.sign_in(EMAIL, SCOPED))]
    secrets = [TOKEN, SCOPED, *(basic(EMAIL, one).split()[1] for one in (TOKEN, SCOPED))]

    for status, body in (
        (200, LOGIN_PAGE),
        (302, ""),
        (401, TOKEN),
        (429, ""),
        (500, TOKEN),
        (0, ""),
    ):
        for name in ("GET issue", "GET myself", "GET tenant_info"):
            site.faults.fail_next(name, status, body)
        for asking in (jira.issue("PLAT-12", ada), jira.sign_in(EMAIL, TOKEN)):
            try:
                said.append(repr(await asking))
            except PollbotError as error:
                said += [sentence(error), repr(error), str(vars(error))]
                said += traceback.format_exception(error)
        # What was not asked for this time must not answer the next.
        site.faults = JiraStandIn().faults

    assert caplog.records, "the libraries do log at this level"
    for text in [*said, caplog.text]:
        assert not [secret for secret in secrets if secret in text]


async def test_a_cookie_that_jira_sets_for_one_person_is_never_sent_for_another(
    tmp_path: Path, clock: Clock, wire: Wire
) -> None:
    slack, jira = SlackStandIn(now=clock), JiraStandIn(now=clock)
    wire.watch(jira)
    for user in (ADA, BEN):
        slack.add_person(user, user)
        jira.add_person(f"acc-{user}", user, EMAILS[user], token=TOKENS[user])
    slack.add_channel(PLANNING, "planning")
    jira.add_issue("PLAT-12", "Export")
    await slack.start()
    await jira.start()
    house = House(slack, jira, tmp_path / "pollbot.db", clock)

    async with house.program():
        for user in (ADA, BEN):
            await house.connect(user)
            await house.vote(user, "PLAT-12")
            await house.told(user, "is counted")

    await asyncio.gather(slack.stop(), jira.stop())
    assert jira.issues["PLAT-12"].voters == {"acc-U0ADA", "acc-U0BEN"}
    assert len(wire.cookies) >= 6
    assert set(wire.cookies) == {""}


async def test_people_who_ask_side_by_side_are_not_mixed_up(site: JiraStandIn, jira: Jira) -> None:
    people = [(f"p{n}@example.com", f"token-{n}") for n in range(30)]
    for n, (email, token) in enumerate(people):
        site.add_person(f"acc-{n}", f"P{n}", email, token=token)

    accounts = await asyncio.gather(*(jira.sign_in(*person) for person in people))
    votes: list[Any] = await asyncio.gather(
        *(jira.vote("PLAT-12", account) for account in accounts[:20])
    )

    assert [account.account_id for account in accounts] == [f"acc-{n}" for n in range(30)]
    assert len(votes) == 20
    assert site.issues["PLAT-12"].voters == {f"acc-{n}" for n in range(20)}


async def test_what_never_left_cannot_land_and_what_lost_its_line_may() -> None:
    here = JiraStandIn()
    await here.start()
    ada = Account("acc-ada", "Ada", here.site_url, basic("ada@example.com", "token"))
    async with httpx.AsyncClient() as http:
        jira = Jira(http, here.site_url, here.gateway_url)
        here.faults.mode = "down"
        with pytest.raises(JiraUnavailable) as cut:
            await jira.vote("PLAT-12", ada)
        here.faults.mode = "429"
        with pytest.raises(JiraUnavailable) as busy:
            await jira.vote("PLAT-12", ada)
        await here.stop()
        with pytest.raises(JiraUnavailable) as refused:
            await jira.vote("PLAT-12", ada)

    assert cut.value.perhaps
    assert not busy.value.perhaps
    assert not refused.value.perhaps
