"""The pretended site's Confluence, and who may edit what there and in Jira."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from pollbot.sandbox.jira import JiraStandIn

ADA = aiohttp.encode_basic_auth("ada@example.com", "ada-token")
ADA_SCOPED = aiohttp.encode_basic_auth("ada@example.com", "ada-scoped")
BEN = aiohttp.encode_basic_auth("ben@example.com", "ben-token")
EVERY_SCOPE = frozenset({"read:confluence-content.permission", "read:page:confluence"})
CHECK = "/wiki/rest/api/content/{}/permission/check"
MINE = "/rest/api/3/mypermissions"

Ask = Callable[..., Any]


@pytest.fixture
async def jira() -> AsyncIterator[JiraStandIn]:
    jira = JiraStandIn()
    jira.add_person(
        "acc-ada",
        "Ada",
        "ada@example.com",
        token="ada-token",
        scoped_token="ada-scoped",
        scopes=EVERY_SCOPE,
    )
    jira.add_person("acc-ben", "Ben", "ben@example.com", token="ben-token", may_edit={"APP"})
    jira.add_issue("PLAT-12", "Export")
    jira.add_issue("PLAT-13", "Prices", seen_by={"acc-ada"})
    jira.add_issue("APP-1", "Icon")
    docs = jira.confluence.add_space("65601", "DOCS", "Docs")
    jira.confluence.add_page("98305", docs, "Release plan", edited_by={"acc-ada"}, text="<plan>")
    jira.confluence.add_page("98306", docs, "Salaries", seen_by={"acc-ada"})
    await jira.start()
    yield jira
    await jira.stop()


@pytest.fixture
async def ask(jira: JiraStandIn) -> AsyncIterator[Ask]:
    async with aiohttp.ClientSession() as session:

        async def ask(
            path: str, who: str | None = ADA, *, body: Any = None, **query: str
        ) -> tuple[int, Any]:
            headers = {"Authorization": who} if who else {}
            async with session.request(
                "GET" if body is None else "POST",
                jira.site_url + path,
                headers=headers,
                params=query,
                json=body,
            ) as answer:
                return answer.status, await answer.json()

        yield ask


def may(account_id: str, operation: str = "update") -> dict[str, Any]:
    return {"subject": {"type": "user", "identifier": account_id}, "operation": operation}


async def test_a_page_tells_its_space_as_text(jira: JiraStandIn, ask: Ask) -> None:
    status, page = await ask("/wiki/api/v2/pages/98305")
    _, space = await ask(f"/wiki/api/v2/spaces/{page['spaceId']}")

    assert status == 200
    assert (page["id"], page["title"], page["spaceId"]) == ("98305", "Release plan", "65601")
    assert page["_links"]["webui"] == "/spaces/DOCS/pages/98305/Release+plan"
    assert (space["id"], space["key"]) == ("65601", "DOCS")
    assert [(call.path, call.account_id) for call in jira.calls] == [
        ("/wiki/api/v2/pages/98305", "acc-ada"),
        ("/wiki/api/v2/spaces/65601", "acc-ada"),
    ]


async def test_a_hidden_page_looks_like_one_that_is_not_there(ask: Ask) -> None:
    missing = await ask("/wiki/api/v2/pages/1")

    assert missing[0] == 404
    assert await ask("/wiki/api/v2/pages/98306", BEN) == missing
    assert await ask("/wiki/api/v2/pages/98305", None) == missing
    assert (await ask("/wiki/api/v2/spaces/1"))[0] == 404
    assert (await ask("/wiki/api/v2/pages/98306"))[0] == 200


async def test_everybody_may_ask_what_they_may_do_with_a_page(ask: Ask) -> None:
    async def allowed(page: str, who: str, account_id: str, operation: str) -> bool:
        status, answer = await ask(CHECK.format(page), who, body=may(account_id, operation))
        assert status == 200
        return bool(answer["hasPermission"])

    assert await allowed("98305", ADA, "acc-ada", "update")
    assert await allowed("98305", BEN, "acc-ben", "read")
    assert not await allowed("98305", BEN, "acc-ben", "update")
    assert not await allowed("98306", BEN, "acc-ben", "read")
    assert not await allowed("98306", BEN, "acc-ben", "update")


async def test_nobody_asks_for_somebody_else_or_for_nothing(ask: Ask) -> None:
    check = CHECK.format("98305")

    assert (await ask(check, BEN, body=may("acc-ada")))[0] == 403
    assert (await ask(check, None, body=may("acc-ada")))[0] == 403
    assert (await ask(CHECK.format("1"), body=may("acc-ada")))[0] == 404
    assert (await ask(check, body=may("acc-ada", "paint")))[0] == 400
    assert (await ask(check, body={"operation": "update"}))[0] == 400


async def test_confluence_has_its_own_door_at_the_gateway(jira: JiraStandIn, ask: Ask) -> None:
    through = f"/ex/confluence/{jira.cloud_id}"

    assert (await ask(f"{through}/wiki/api/v2/pages/98305", ADA_SCOPED))[0] == 200
    status, _ = await ask(through + CHECK.format("98305"), ADA_SCOPED, body=may("acc-ada"))
    assert status == 200
    assert (await ask(f"{through}/wiki/api/v2/spaces/65601", ADA_SCOPED))[0] == 401, "no scope"
    assert (await ask("/wiki/api/v2/pages/98305", ADA_SCOPED))[0] == 404, "not on the site"
    assert (await ask(f"{through}/wiki/api/v2/pages/98305", ADA))[0] == 401


async def test_whether_an_issue_may_be_edited_is_told_to_each_for_themselves(ask: Ask) -> None:
    async def edits(who: str, key: str) -> bool:
        status, answer = await ask(MINE, who, issueKey=key, permissions="EDIT_ISSUES")
        assert status == 200
        return bool(answer["permissions"]["EDIT_ISSUES"]["havePermission"])

    assert await edits(ADA, "PLAT-12")
    assert await edits(BEN, "APP-1")
    assert not await edits(BEN, "PLAT-12")


async def test_permissions_are_asked_for_by_name_on_an_issue_that_one_sees(ask: Ask) -> None:
    assert (await ask(MINE, BEN, issueKey="PLAT-13", permissions="EDIT_ISSUES"))[0] == 404
    assert (await ask(MINE, issueKey="PLAT-12"))[0] == 400
    assert (await ask(MINE, issueKey="PLAT-12", permissions="FLY"))[0] == 400


async def test_a_browser_gets_the_page(jira: JiraStandIn) -> None:
    page = jira.confluence.pages["98305"]
    async with aiohttp.ClientSession() as session:
        for url in (
            jira.confluence.page_url(page, jira.site_url),
            f"{jira.site_url}/wiki/spaces/DOCS/pages/98305",
        ):
            async with session.get(url) as answer:
                text = await answer.text()
            assert (answer.status, "Release plan" in text, "&lt;plan&gt;" in text) == (
                200,
                True,
                True,
            )
        async with session.get(f"{jira.site_url}/wiki/spaces/DOCS/pages/1") as answer:
            assert answer.status == 404
