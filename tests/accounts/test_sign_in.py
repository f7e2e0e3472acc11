"""Signing in at Atlassian instead of making a token: from the button to the vote, and its end."""

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.support.house import ADA, BEN, CLEO, PLANNING, House, rest
from tests.support.signing import SECRET, signing, way_in

HOUR = 3600.0


def grants(house: House) -> list[Any]:
    return house.rows("SELECT user_id FROM grants")


async def test_somebody_signs_in_votes_and_goes_on_as_tokens_come_and_go(house: House) -> None:
    async with signing(house) as at:
        await house.vote(CLEO, "PLAT-12")
        await house.told(CLEO, "needs your Jira account once")

        page = await at.sign_in(CLEO, "acc-cleo")

        assert "You are connected" in page.text
        assert "Cleo of Jira" in page.text
        await house.votes("PLAT-12", 8)
        form = await house.slack.until(lambda: next(iter(house.slack.views.values()), None))
        assert "You are connected to 127.0.0.1" in str(form.view), "where the link was"
        house.clock.ahead += 2 * HOUR
        await house.vote(CLEO, "PLAT-13")
        await house.votes("PLAT-13", 1)
        assert house.jira.consents.refreshes == 1
        assert house.jira.issues["PLAT-13"].voters == {"acc-cleo"}


async def test_what_was_allowed_is_taken_back_told_once_and_allowed_again(house: House) -> None:
    async with signing(house) as at:
        await at.sign_in(CLEO, "acc-cleo")
        house.jira.consents.revoke("acc-cleo")

        await house.vote(CLEO, "PLAT-12")
        await house.vote(CLEO, "PLAT-13")

        await house.told(CLEO, "no longer accepts")
        await rest(house, at.pollbot)
        told = [text for text in house.words(CLEO) if "no longer accepts" in text]
        assert len(told) <= 2, "one word for each vote at most"
        assert house.jira.votes("PLAT-12") == 7

        await at.sign_in(CLEO, "acc-cleo")

        await house.votes("PLAT-12", 8)
        await house.votes("PLAT-13", 1)
        assert grants(house) == [(CLEO,)]


async def test_a_token_that_is_over_before_its_time_is_replaced_and_the_vote_counts_once(
    house: House,
) -> None:
    async with signing(house) as at:
        await at.sign_in(CLEO, "acc-cleo")
        house.jira.consents.expire()

        await house.vote(CLEO, "PLAT-12")

        await house.votes("PLAT-12", 8)
        assert house.jira.consents.refreshes == 1


async def test_twenty_who_want_the_next_token_at_once_ask_for_it_once(house: House) -> None:
    async with signing(house) as at:
        await at.sign_in(CLEO, "acc-cleo")
        house.clock.ahead += 2 * HOUR
        keys = [f"PLAT-{number}" for number in range(100, 120)]
        for key in keys:
            house.jira.add_issue(key, "One of many")

        await asyncio.gather(*(house.vote(CLEO, key) for key in keys))

        for key in keys:
            await house.votes(key, 1)
        assert house.jira.consents.refreshes == 1


async def test_who_has_closed_the_form_is_told_beside_it(house: House) -> None:
    house.jira.consents.signed_in = "acc-cleo"
    async with signing(house) as at, httpx.AsyncClient(follow_redirects=True) as browser:
        page = await browser.get(await at.link(CLEO))
        for view in list(house.slack.views.values()):
            await house.slack.close(CLEO, view.id)

        await browser.get(way_in(page.text))

        await house.told(CLEO, "You are connected to 127.0.0.1")


async def test_both_ways_live_side_by_side(house: House) -> None:
    async with signing(house) as at:
        await at.sign_in(CLEO, "acc-cleo")
        await house.connect(BEN)

        await house.vote(CLEO, "PLAT-12")
        await house.vote(BEN, "PLAT-12")

        await house.votes("PLAT-12", 9)
        assert house.jira.issues["PLAT-12"].voters == {"acc-cleo", "acc-ben"}


async def test_disconnecting_forgets_the_tokens(house: House) -> None:
    async with signing(house) as at:
        await at.sign_in(CLEO, "acc-cleo")
        assert grants(house) == [(CLEO,)]

        await house.slack.command(CLEO, PLANNING, "/pollbot", "disconnect")

        await house.told(CLEO, "disconnected")
        assert grants(house) == []


async def test_a_token_of_ones_own_takes_the_place_of_a_sign_in(house: House) -> None:
    async with signing(house) as at:
        await at.sign_in(CLEO, "acc-cleo")
        house.slack.views.clear()

        await house.connect(CLEO)

        await house.slack.until(lambda: grants(house) == [], what="no grant")
        await house.vote(CLEO, "PLAT-12")
        await house.votes("PLAT-12", 8)


async def test_the_page_says_whom_it_connects_and_loads_nothing(house: House) -> None:
    house.slack.people[CLEO].name = "Cleo <b>"
    async with signing(house) as at, httpx.AsyncClient() as browser:
        page = await browser.get(await at.link(CLEO))

    assert page.status_code == 200
    assert "<b>Cleo &lt;b&gt;</b>" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    cookie = page.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    asked = parse_qs(urlsplit(way_in(page.text)).query)
    assert asked["scope"] == ["read:jira-user read:jira-work write:jira-work offline_access"]
    assert asked["audience"] == ["api.atlassian.com"]


@pytest.mark.parametrize(
    ("accepts", "spoken"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("ja-JP,de;q=0.9,en;q=0.8", "de"),
        ("en-GB,de;q=0.9", "en"),
        ("ja", "en"),
        ("*", "en"),
        (",;q=x, ;", "en"),
        ("", "en"),
    ],
)
async def test_a_page_speaks_the_language_that_the_browser_asks_for(
    house: House, accepts: str, spoken: str
) -> None:
    async with signing(house) as at, httpx.AsyncClient() as browser:
        browser.headers["Accept-Language"] = accepts
        page = await browser.get(await at.link(CLEO))
        refused = await browser.get(f"{at.public_url}/jira/connect?state=x")

    assert f'<html lang="{spoken}">' in page.text
    assert f'<html lang="{spoken}">' in refused.text


async def test_a_link_works_once_for_ten_minutes_and_in_one_browser(house: House) -> None:
    house.jira.consents.signed_in = "acc-cleo"
    async with signing(house) as at, httpx.AsyncClient(follow_redirects=True) as browser:
        link = await at.link(CLEO)
        way = way_in((await browser.get(link)).text)
        async with httpx.AsyncClient(follow_redirects=True) as other:
            elsewhere = await other.get(way)
        assert elsewhere.status_code == 400
        assert "in another browser" in elsewhere.text
        assert grants(house) == []

        assert "You are connected" in (await browser.get(way)).text
        again = await browser.get(link)
        assert again.status_code == 400
        assert "was used already" in again.text

        late = await at.link(CLEO)
        page = await browser.get(late)
        house.clock.ahead += 601
        assert "older than ten minutes" in (await browser.get(way_in(page.text))).text
        assert "older than ten minutes" in (await browser.get(late)).text


@pytest.mark.parametrize(
    "query", ["", "?state=", "?state=guessed&code=x", "?code=x", "?error=access_denied"]
)
async def test_nobody_comes_back_with_a_sign_in_that_was_not_begun(
    house: House, query: str
) -> None:
    async with signing(house) as at, httpx.AsyncClient() as browser:
        back = await browser.get(f"{at.public_url}/jira/callback{query}")
        begun = await browser.get(f"{at.public_url}/jira/connect{query}")

    assert (back.status_code, begun.status_code) == (400, 400)
    assert "Nothing was changed" in back.text.replace("so nothing", "Nothing")
    assert house.rows("SELECT user_id FROM accounts") == []


async def test_who_says_no_is_told_so_and_nothing_is_kept(house: House) -> None:
    house.jira.consents.allows = False
    async with signing(house) as at:
        page = await at.sign_in(CLEO, "acc-cleo")

        assert page.status_code == 400
        assert "it was not allowed" in page.text
        assert grants(house) == []


async def test_who_chooses_another_site_is_told_which_to_choose(house: House) -> None:
    house.jira.other_sites["elsewhere"] = "https://other.example"
    async with signing(house) as at:
        consents = house.jira.consents
        consents.sites = ("elsewhere",)

        page = await at.sign_in(CLEO, "acc-cleo")

        assert "at Atlassian you chose other.example" in page.text
        assert "choose 127.0.0.1" in page.text
        assert grants(house) == []


async def test_a_wrong_secret_is_for_whoever_runs_pollbot(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async with signing(house, jira_client_secret="another") as at:
        page = await at.sign_in(CLEO, "acc-cleo")

    assert page.status_code == 400
    assert "POLLBOT_JIRA_CLIENT_SECRET: Atlassian takes none" in caplog.text
    assert "another" not in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("name", "status"),
    [("POST token", 403), ("GET resources", 401), ("GET myself", 401), ("GET myself", 403)],
)
async def test_what_atlassian_does_not_accept_is_said_as_that(
    house: House, name: str, status: int
) -> None:
    async with signing(house) as at:
        house.jira.faults.fail_next(name, status, {"error": "invalid_grant"}, times=2)

        page = await at.sign_in(CLEO, "acc-cleo")

        assert page.status_code == 400
        assert "Atlassian does not accept this sign-in" in page.text
        assert house.rows("SELECT user_id FROM accounts") == []
        assert grants(house) == []


@pytest.mark.parametrize("name", ["POST token", "GET resources", "GET myself"])
async def test_atlassian_away_is_said_and_another_try_works(house: House, name: str) -> None:
    async with signing(house) as at:
        house.jira.faults.fail_next(name, 503)

        page = await at.sign_in(CLEO, "acc-cleo")

        assert page.status_code == 400
        assert "Jira does not answer right now" in page.text
        assert house.rows("SELECT user_id FROM accounts") == []
        assert "You are connected" in (await at.sign_in(CLEO, "acc-cleo")).text


async def test_a_refresh_whose_answer_is_lost_is_asked_for_again_in_time(house: House) -> None:
    async with signing(house) as at:
        await at.sign_in(CLEO, "acc-cleo")
        house.clock.ahead += 2 * HOUR
        house.jira.faults.lose_next_answer("POST token")

        await house.vote(CLEO, "PLAT-12")

        await house.votes("PLAT-12", 8)
        assert house.jira.consents.refreshes == 2


async def test_no_token_and_no_state_lies_open(house: House) -> None:
    async with signing(house) as at:
        link = await at.link(BEN)
        await at.sign_in(CLEO, "acc-cleo")
        [grant] = house.jira.consents.grants
        secrets = [grant.refresh, *grant.access, parse_qs(urlsplit(link).query)["state"][0]]

        held = b"".join(
            path.read_bytes() for path in house.database.parent.iterdir() if path.is_file()
        )

    assert [secret for secret in secrets if secret.encode() in held] == []
    assert [secret for secret in secrets if secret in str(house.slack.messages)] == []


async def test_without_the_app_there_is_no_page_and_no_button(house: House) -> None:
    async with house.program() as pollbot, httpx.AsyncClient() as browser:
        await house.slack.command(ADA, PLANNING, "/pollbot", "connect")
        form = await house.slack.until(lambda: next(iter(house.slack.views.values()), None))
        page = await browser.get(f"http://127.0.0.1:{pollbot.port}/jira/connect?state=x")

    assert "Sign in with Atlassian" not in str(form.view)
    assert page.status_code == 404


async def test_signing_in_works_in_socket_mode_too(house: House) -> None:
    async with signing(house, socket=True) as at:
        assert "You are connected" in (await at.sign_in(CLEO, "acc-cleo")).text
