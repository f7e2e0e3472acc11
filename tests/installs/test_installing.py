"""Installing pollbot in workspaces beside the one of SLACK_BOT_TOKEN, and what each then has."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from pollbot.sandbox.slack import SlackStandIn
from tests.support.house import ADA, BEN, CLEO, EMAILS, PLANNING, TOKENS, House, rest
from tests.support.installing import (
    GLOBEX,
    INITECH,
    Installing,
    another,
    asked_at_slack,
    installing,
)
from tests.support.signing import way_in


@pytest.fixture
def globex(house: House) -> SlackStandIn:
    return another(house)


async def connect(slack: SlackStandIn, user: str) -> None:
    """Connect somebody of that workspace."""
    await slack.command(user, PLANNING, "/pollbot", "connect")
    form = await slack.until(lambda: next(iter(slack.views.values()), None))
    typed = {"email": {"value": EMAILS[user]}, "token": {"value": TOKENS[user]}}
    await slack.submit(user, form.id, typed)


def installed(house: House) -> list[Any]:
    return house.rows("SELECT id, name FROM installations ORDER BY id")


@pytest.mark.parametrize("alone", [False, True], ids=["beside a token", "without one"])
async def test_pollbot_is_installed_in_another_workspace_and_answers_there_by_its_own_token(
    house: House, globex: SlackStandIn, alone: bool
) -> None:
    async with installing(house, alone=alone) as at:
        page = await at.install(globex)

        assert page.status_code == 200
        assert "<b>Globex</b> has pollbot now" in page.text
        assert f"app={globex.app_id}&amp;team={GLOBEX}" in page.text
        await globex.command(ADA, PLANNING, "/poll", '"Lunch?" "Soup" "Pizza"')
        await globex.heard("chat.postMessage")
        await connect(globex, BEN)
        await globex.command(BEN, PLANNING, "/vote", "PLAT-12")
        await house.votes("PLAT-12", 8)
        await rest(house, at.pollbot)
        assert [m.text for m in house.slack.messages] == [], "nothing was said at home"


async def test_home_goes_on_by_slack_bot_token(house: House, globex: SlackStandIn) -> None:
    async with installing(house) as at:
        await at.install(globex)

        await house.slack.command(ADA, PLANNING, "/poll", '"Tea?" "Yes" "No"')

        await house.card("Tea?")
        await rest(house, at.pollbot)
        assert globex.messages == []


async def test_in_socket_mode_the_pages_are_there_too(house: House, globex: SlackStandIn) -> None:
    async with installing(house, socket=True) as at:
        page = await at.install(globex)

        assert page.status_code == 200
        await globex.command(ADA, PLANNING, "/poll", '"Lunch?" "Soup" "Pizza"')
        await globex.heard("chat.postMessage")


async def test_without_a_client_id_there_is_nothing_to_install(house: House) -> None:
    async with house.program() as pollbot, httpx.AsyncClient() as browser:
        page = await browser.get(f"http://127.0.0.1:{pollbot.port}/slack/install")

    assert page.status_code == 404


async def test_the_first_page_loads_nothing_and_asks_slack_for_what_the_manifest_does(
    house: House,
) -> None:
    async with installing(house) as at, at.browser() as browser:
        page = await browser.get("/slack/install")

    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    cookie = page.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=600" in cookie
    asked = asked_at_slack(page)
    assert "chat:write" in asked["scope"][0].split(",")
    assert asked["redirect_uri"] == [f"{at.public_url}/slack/oauth_redirect"]
    kept = house.rows("SELECT state FROM installs_begun")
    assert asked["state"][0] not in str(kept), "only its hash lies on disk"


# What goes wrong

Wrong = Callable[[Installing, SlackStandIn, httpx.AsyncClient], Any]


async def cancelled(at: Installing, globex: SlackStandIn, browser: httpx.AsyncClient) -> Any:
    page = await browser.get("/slack/install")
    return await browser.get(f"{way_in(page.text)}&team=")


async def by_guest(at: Installing, globex: SlackStandIn, browser: httpx.AsyncClient) -> Any:
    globex.people[CLEO].is_guest = True
    return await at.allow(browser, globex, CLEO)


async def after_ten_minutes(
    at: Installing, globex: SlackStandIn, browser: httpx.AsyncClient
) -> Any:
    page = await browser.get("/slack/install")
    at.house.clock.ahead += 601
    return await browser.get(f"{way_in(page.text)}&team={GLOBEX}")


async def by_another_browser(
    at: Installing, globex: SlackStandIn, browser: httpx.AsyncClient
) -> Any:
    page = await browser.get("/slack/install")
    browser.cookies.clear()
    return await browser.get(f"{way_in(page.text)}&team={GLOBEX}")


async def with_a_state_of_ones_own(
    at: Installing, globex: SlackStandIn, browser: httpx.AsyncClient
) -> Any:
    browser.cookies.set("pollbot_install", "mine", path="/slack")
    return await browser.get("/slack/oauth_redirect?state=mine&code=x")


async def with_nothing(at: Installing, globex: SlackStandIn, browser: httpx.AsyncClient) -> Any:
    return await browser.get("/slack/oauth_redirect")


async def with_a_code_of_ones_own(
    at: Installing, globex: SlackStandIn, browser: httpx.AsyncClient
) -> Any:
    state = asked_at_slack(await browser.get("/slack/install"))["state"][0]
    return await browser.get(f"/slack/oauth_redirect?state={state}&code=stolen")


async def with_a_wrong_secret(
    at: Installing, globex: SlackStandIn, browser: httpx.AsyncClient
) -> Any:
    globex.installing.client_secret = "another"
    return await at.allow(browser, globex)


async def while_slack_is_down(
    at: Installing, globex: SlackStandIn, browser: httpx.AsyncClient
) -> Any:
    page = await browser.get("/slack/install")
    at.house.slack.faults.fail_next("oauth.v2.access", 503)
    return await browser.get(f"{way_in(page.text)}&team={GLOBEX}")


def answering(**changed: Any) -> Wrong:
    """Have Slack answer the exchange with something else in it."""

    async def wrong(at: Installing, globex: SlackStandIn, browser: httpx.AsyncClient) -> Any:
        answer = globex.installing.access
        globex.installing.access = lambda *said: answer(*said) | changed  # type: ignore[method-assign]
        return await at.allow(browser, globex)

    return wrong


WRONG: dict[str, tuple[Wrong, str]] = {
    "consent that is cancelled": (cancelled, "it was cancelled, or not allowed"),
    "a guest": (by_guest, "Guests cannot install apps"),
    "too late": (after_ten_minutes, "more than ten minutes ago"),
    "another browser": (by_another_browser, "begun in another browser"),
    "a made up state": (with_a_state_of_ones_own, "used already"),
    "no state at all": (with_nothing, "begun in another browser"),
    "a made up code": (with_a_code_of_ones_own, "Slack does not take its own answer"),
    "a wrong secret": (with_a_wrong_secret, "(bad_client_secret)"),
    "Slack is down": (while_slack_is_down, "Slack did not answer in time"),
    "no token": (answering(access_token=None), "does not understand"),
    "another kind of token": (answering(token_type="user"), "does not understand"),
    "no workspace": (answering(team=None), "does not understand"),
    "a number for a name": (answering(bot_user_id=5), "does not understand"),
    "half of a rotation": (answering(expires_in=5), "does not understand"),
    "a list": (answering(ok="perhaps"), "Slack did not answer in time"),
    "few scopes": (answering(scope="commands"), "chat:write, users:read is missing"),
}


@pytest.mark.parametrize(("wrong", "said"), WRONG.values(), ids=WRONG)
async def test_what_goes_wrong_is_a_sentence_and_installs_nothing(
    house: House, globex: SlackStandIn, wrong: Wrong, said: str
) -> None:
    async with installing(house) as at, at.browser() as browser:
        page = await wrong(at, globex, browser)

        assert page.status_code == 400
        assert "pollbot is not installed" in page.text
        assert said in page.text
        assert 'href="/slack/install"' in page.text
        assert installed(house) == []


async def test_what_came_back_once_comes_back_no_more(house: House, globex: SlackStandIn) -> None:
    async with installing(house) as at, at.browser() as browser:
        page = await browser.get("/slack/install")
        cookie = browser.cookies["pollbot_install"]
        first = await browser.get(f"{way_in(page.text)}&team={GLOBEX}")
        assert first.status_code == 200
        browser.cookies.set("pollbot_install", cookie, path="/slack")

        again = await browser.get(str(first.url))

        assert again.status_code == 400
        assert "This page was used already" in again.text
        assert installed(house) == [(GLOBEX, "Globex")]
        assert globex.installing.exchanges == 1


async def test_who_is_not_listed_is_taken_out_again_and_reads_what_to_do(house: House) -> None:
    initech = another(house, INITECH, "Initech")
    async with installing(house) as at:
        page = await at.install(initech)

        assert page.status_code == 400
        assert "Whoever runs pollbot can add T0INITECH to POLLBOT_WORKSPACES" in page.text
        assert installed(house) == []
        assert initech.tokens.bot == "", "the app is there no more"
        assert house.slack.bot_token, "and at home it is"


async def test_home_installs_again_and_nothing_changes(house: House) -> None:
    async with installing(house) as at:
        page = await at.install(house.slack)

        assert page.status_code == 200
        assert "had pollbot already" in page.text
        assert installed(house) == []
        await house.slack.command(ADA, PLANNING, "/poll", '"Tea?" "Yes" "No"')
        await house.card("Tea?")


async def test_installing_again_takes_the_place_of_the_first(
    house: House, globex: SlackStandIn
) -> None:
    async with installing(house) as at:
        await at.install(globex)
        globex.tokens.revoke("token_revoked")

        await at.install(globex)

        assert installed(house) == [(GLOBEX, "Globex")]
        await globex.command(ADA, PLANNING, "/poll", '"Lunch?" "Soup" "Pizza"')
        await globex.until(lambda: any("Lunch?" in m.text for m in globex.messages))


async def test_tokens_lie_sealed(house: House, globex: SlackStandIn) -> None:
    globex.installing.rotates = True
    async with installing(house) as at:
        await at.install(globex)

        [row] = house.rows("SELECT token, refresh FROM installations")
        assert "xox" not in str(row)


# Whose rights


async def test_pollbot_admins_are_those_of_home(house: House, globex: SlackStandIn) -> None:
    globex.people[BEN].is_admin = False
    globex.people[CLEO].is_admin = False
    admins = frozenset({BEN, f"{GLOBEX}:{CLEO}"})
    async with installing(house, admins=admins) as at:
        await at.install(globex)

        await house.slack.command(BEN, PLANNING, "/pollbot", "setup")
        await house.slack.until(lambda: house.slack.stack_of(BEN), what="Ben's form")
        await globex.command(BEN, PLANNING, "/pollbot", "setup")
        await globex.command(CLEO, PLANNING, "/pollbot", "setup")
        await globex.until(lambda: globex.stack_of(CLEO), what="Cleo's form")

        await rest(house, at.pollbot)
        assert globex.stack_of(BEN) == [], "the same id in Globex is somebody else"


async def test_a_workspace_that_is_listed_no_more_is_not_served(
    house: House, globex: SlackStandIn
) -> None:
    async with installing(house) as at:
        await at.install(globex)
    async with installing(house, workspaces=frozenset({INITECH})) as at:
        answer = await globex.command(ADA, PLANNING, "/poll", '"Lunch?" "Soup" "Pizza"')

        assert "pollbot does not serve this workspace" in answer.body
        assert house.rows("SELECT 1 FROM polls") == []
        assert installed(house) == [(GLOBEX, "Globex")], "nothing is deleted"
