"""Whoever leaves while it is checked what they connect with is not connected once it has been."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from pollbot.sandbox.jira import JiraStandIn
from tests.accounts.test_accounts import form_of
from tests.forgetting.test_forget_me import forget
from tests.installs.test_installing import connect
from tests.stories.test_sites import labs as labs
from tests.support.house import ADA, CLEO, PLANNING, House
from tests.support.installing import GLOBEX, Installing, another, remove
from tests.support.rights import close_windows
from tests.support.signing import signing

SLOW = 1.0
HOUR = 3600.0
LEFT = "still being checked when you disconnected"


async def disconnects(house: House) -> None:
    await house.slack.command(CLEO, PLANNING, "/pollbot", "disconnect")


async def is_forgotten(house: House) -> None:
    await forget(house, CLEO)


async def is_forgotten_by_an_admin(house: House) -> None:
    await forget(house, ADA, f"forget <@{CLEO}>")


LEAVES = [disconnects, is_forgotten, is_forgotten_by_an_admin]
Leaves = Callable[[House], Awaitable[None]]


def kept(house: House) -> list[object]:
    """Return what is left of connecting, and what the audit log says of it."""
    return [
        *house.rows("SELECT user_id FROM accounts"),
        *house.rows("SELECT user_id FROM grants"),
        *house.rows("SELECT state FROM sign_ins WHERE state LIKE 'check %'"),
        *house.rows("SELECT what FROM audit WHERE what = 'account connected'"),
    ]


async def until_asked(house: House, name: str) -> None:
    """Wait until a call of that name is under way, and slow."""
    await house.jira.until(lambda: name in house.jira.faults.slowed, what=f"a slow {name}")


@pytest.mark.parametrize("leaves", LEAVES)
@pytest.mark.parametrize("slow", ["POST token", "GET resources", "GET myself"])
async def test_who_leaves_while_their_sign_in_is_under_way_is_not_connected_after_it(
    house: House, slow: str, leaves: Leaves
) -> None:
    async with signing(house) as at:
        house.jira.faults.slow_down(slow, SLOW)
        signing_in = asyncio.create_task(at.sign_in(CLEO, "acc-cleo"))
        await until_asked(house, slow)

        await leaves(house)
        page = await signing_in

        assert page.status_code == 400
        assert LEFT in page.text
        assert kept(house) == []
        house.jira.faults.mend(slow)
        assert "You are connected" in (await at.sign_in(CLEO, "acc-cleo")).text
        await house.vote(CLEO, "PLAT-12")
        await house.votes("PLAT-12", 8)


@pytest.mark.parametrize("leaves", LEAVES)
async def test_who_leaves_while_their_token_is_checked_is_not_connected_after_it(
    house: House, leaves: Leaves
) -> None:
    async with house.program():
        house.jira.faults.slow_down("GET myself", SLOW)
        connecting = asyncio.create_task(house.connect(CLEO))
        await until_asked(house, "GET myself")

        await leaves(house)
        await connecting

        await form_of(house, CLEO, LEFT)
        assert kept(house) == []


@pytest.mark.parametrize("signs_in", [True, False], ids=["signs in", "by token"])
async def test_nobody_is_connected_in_a_workspace_that_removes_pollbot_meanwhile(
    house: House, signs_in: bool
) -> None:
    globex, app = another(house), house.slack.installing
    given = {"slack_client_id": app.client_id, "slack_client_secret": app.client_secret}
    async with signing(house, workspaces=frozenset({GLOBEX}), **given) as at:
        app.redirects.add(f"{at.public_url}/slack/oauth_redirect")
        await Installing(house, at.public_url, at.pollbot).install(globex)
        house.jira.faults.slow_down("GET myself", SLOW)
        house.slack = globex
        connecting: asyncio.Task[object]
        if signs_in:
            connecting = asyncio.create_task(at.sign_in(CLEO, "acc-cleo"))
        else:
            connecting = asyncio.create_task(connect(globex, CLEO))
        await until_asked(house, "GET myself")

        await remove(globex)
        await connecting

        assert kept(house) == []


async def test_a_sign_in_that_is_begun_meanwhile_connects_and_the_one_before_does_not(
    house: House,
) -> None:
    """Of what was allowed at Atlassian the last counts, whichever is answered first."""
    async with signing(house) as at:
        house.jira.faults.slow_down("GET myself", SLOW)
        first = asyncio.create_task(at.sign_in(CLEO, "acc-cleo"))
        await until_asked(house, "GET myself")
        await disconnects(house)
        house.jira.faults.mend("GET myself")

        second = await at.sign_in(CLEO, "acc-cleo")
        overtaken = await first

        assert "You are connected" in second.text
        assert overtaken.status_code == 400
        assert "by what you began later, which stays" in overtaken.text
        assert len(house.rows("SELECT 1 FROM grants")) == 1
        await house.vote(CLEO, "PLAT-12")
        await house.votes("PLAT-12", 8)


@pytest.mark.parametrize("token_first", [True, False])
async def test_what_was_begun_last_is_what_somebody_is_connected_by(
    house: House, token_first: bool
) -> None:
    async with signing(house) as at:
        house.jira.faults.slow_down("GET myself", SLOW)
        if token_first:
            early: asyncio.Task[object] = asyncio.create_task(house.connect(CLEO))
        else:
            early = asyncio.create_task(at.sign_in(CLEO, "acc-cleo"))
        await until_asked(house, "GET myself")
        house.jira.faults.mend("GET myself")

        if token_first:
            await at.sign_in(CLEO, "acc-cleo")
        else:
            await close_windows(house, CLEO)
            await house.connect(CLEO)
        await early

        grants = house.rows("SELECT 1 FROM grants")
        assert len(grants) == (1 if token_first else 0)
        assert len(house.rows("SELECT 1 FROM accounts")) == 1
        assert house.rows("SELECT 1 FROM sign_ins WHERE state LIKE 'check %'") == []


async def test_no_account_goes_along_on_a_site_from_which_somebody_disconnects_meanwhile(
    house: House, labs: JiraStandIn
) -> None:
    async with signing(house, jira_url=f"{house.jira.site_url}, {labs.site_url}") as at:
        house.jira.consents.sites = (house.jira.cloud_id, labs.cloud_id)
        house.jira.faults.slow_down("GET myself", SLOW)
        signing_in = asyncio.create_task(at.sign_in(ADA, "acc-ada"))
        await until_asked(house, "GET myself")

        there = labs.site_url.removeprefix("http://")
        await house.slack.command(ADA, PLANNING, "/pollbot", f"disconnect {there}")

        assert "You are connected" in (await signing_in).text
        assert house.rows("SELECT site FROM accounts") == [(house.jira.site_url,)]


async def test_tokens_that_come_after_a_disconnection_are_neither_kept_nor_used(
    house: House,
) -> None:
    async with signing(house) as at:
        await at.sign_in(CLEO, "acc-cleo")
        house.clock.ahead += 2 * HOUR
        house.jira.faults.slow_down("POST token", SLOW)
        await house.vote(CLEO, "PLAT-12")
        await until_asked(house, "POST token")

        await disconnects(house)
        await house.jira.until(lambda: house.jira.consents.refreshes == 1, what="the new tokens")
        await house.slack.until(lambda: at.pollbot.at_rest, what="a pollbot at rest")

        assert house.rows("SELECT user_id FROM grants") == []
        assert house.jira.votes("PLAT-12") == 7
