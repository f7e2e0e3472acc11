"""The pretended search: what JQL finds, page after page, and what it says of a bad query."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from pollbot.sandbox.jira import JiraStandIn
from tests.support.own_time import own_time

ADA = aiohttp.encode_basic_auth("ada@example.com", "ada-token")
PIOTR = aiohttp.encode_basic_auth("piotr@example.com", "piotr-token")
SCOPED = aiohttp.encode_basic_auth("ada@example.com", "ada-scoped")

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
        scopes=frozenset({"read:jira-user", "write:jira-work"}),
    )
    jira.add_person(
        "acc-piotr",
        "Piotr",
        "piotr@example.com",
        token="piotr-token",
        projects={"PLAT"},
        sees_voters=False,
    )
    jira.add_issue("PLAT-1", "Dark mode", other_votes=7)
    jira.add_issue("PLAT-2", "Export to CSV", status="In Progress", voters={"acc-ada"})
    jira.add_issue("PLAT-10", "Old bug", type="Bug", status="Done", resolution="Fixed")
    jira.add_issue("OPS-3", "Export logs", other_votes=9, voters={"acc-piotr"})
    jira.add_issue("PLAT-4", "For some only", other_votes=2, seen_by={"acc-piotr"})
    await jira.start()
    yield jira
    await jira.stop()


@pytest.fixture
async def ask(jira: JiraStandIn) -> AsyncIterator[Ask]:
    async with aiohttp.ClientSession() as session:

        async def ask(
            path: str,
            who: str | None = ADA,
            *,
            method: str = "POST",
            gateway: bool = False,
            **said: Any,
        ) -> tuple[int, Any]:
            """Return status and decoded body; what is said goes in the body, or the query."""
            base = f"{jira.gateway_url}/ex/jira/{jira.cloud_id}" if gateway else jira.site_url
            url = f"{base}/rest/api/3/search/{path}"
            headers = {"Authorization": who} if who else {}
            body, query = (said, None) if method == "POST" else (None, said)
            async with session.request(
                method, url, headers=headers, json=body, params=query
            ) as answer:
                return answer.status, await answer.json()

        yield ask


async def keys(ask: Ask, jql: str, who: str | None = ADA) -> list[str]:
    status, body = await ask("jql", who, jql=jql, fields=["summary"])
    assert status == 200, body
    return [issue["key"] for issue in body["issues"]]


FOUND = {
    "project = PLAT": ["PLAT-10", "PLAT-2", "PLAT-1"],
    'project = "plat" ORDER BY key': ["PLAT-1", "PLAT-2", "PLAT-10"],
    "project in (PLAT, OPS) order by votes desc, key": ["OPS-3", "PLAT-1", "PLAT-2", "PLAT-10"],
    "votes > 0 AND project = PLAT order by votes DESC": ["PLAT-1", "PLAT-2"],
    "votes >= 7 order by key asc": ["OPS-3", "PLAT-1"],
    "votes < 7 and votes = 1": ["PLAT-2"],
    "votes <= 0": ["PLAT-10"],
    'status = "In Progress"': ["PLAT-2"],
    "status != Open order by key": ["PLAT-2", "PLAT-10"],
    "status not in (Open, Done)": ["PLAT-2"],
    "issuetype = Bug": ["PLAT-10"],
    "type = bug": ["PLAT-10"],
    "key in (PLAT-1, ops-3) order by created": ["PLAT-1", "OPS-3"],
    "resolution is EMPTY and project = PLAT order by key": ["PLAT-1", "PLAT-2"],
    "resolution = Unresolved and project = PLAT order by summary desc": ["PLAT-2", "PLAT-1"],
    "resolution is not empty": ["PLAT-10"],
    "resolution != Fixed": [],
    'text ~ "export"': ["OPS-3", "PLAT-2"],
    "summary !~ export and project = PLAT order by key": ["PLAT-1", "PLAT-10"],
    "voter = currentUser()": ["PLAT-2"],
    "voter = acc-piotr": ["OPS-3"],
    "project = OPS or (votes > 6 and not status = Done) order by key": ["OPS-3", "PLAT-1"],
    "this is not jql": [],
    "dark mode": ["PLAT-1"],
}


@pytest.mark.parametrize(("jql", "found"), FOUND.items(), ids=FOUND)
async def test_a_query_finds_what_it_means(ask: Ask, jql: str, found: list[str]) -> None:
    assert await keys(ask, jql) == found


REFUSED = {
    "": "Unbounded JQL queries are not allowed here.",
    "ORDER BY votes DESC": "Unbounded JQL queries are not allowed here.",
    "foo = 1": "Field 'foo' does not exist or you do not have permission to view it.",
    "votes > 1 order by foo": "Field 'foo' does not exist",
    "project = NOPE": "The value 'NOPE' does not exist for the field 'project'.",
    "status = Nope": "The value 'Nope' does not exist for the field 'status'.",
    "key = PLAT-99": "An issue with key 'PLAT-99' does not exist for field 'key'.",
    "votes > many": "Value 'many' is invalid for the 'votes' field.",
    "votes is empty": "The operator 'is' is not supported by the 'votes' field.",
    "project = me()": "Unable to find JQL function 'me()'.",
    'project = "PLAT': "Error in the JQL Query: The quoted string 'PLAT' has not been completed.",
    "project = ": "Error in the JQL Query: Expecting either a value, list or function",
    "project = PLAT votes": "Error in the JQL Query: Expecting either 'OR' or 'AND' but got",
    "project = PLAT and": "Error in the JQL Query: Expecting a field name",
    "(project = PLAT": "Error in the JQL Query: Expecting ')'",
    "project in PLAT, OPS": "Error in the JQL Query: Expecting '('",
    "project == PLAT": "Error in the JQL Query: Expecting either a value",
    "project = PLAT!": "Error in the JQL Query: The character '!' is a reserved JQL character.",
    "votes > 1 order votes": "Error in the JQL Query: Expecting 'BY'",
    f"votes > 1 order by {', '.join(['key'] * 8)}": "The maximum number of ORDER BY fields is 7.",
    "(" * 2000: "Error in the JQL Query: The query is too complex.",
}


@pytest.mark.parametrize(("jql", "said"), REFUSED.items(), ids=lambda text: text[:30])
async def test_a_bad_query_is_refused_in_jiras_words(ask: Ask, jql: str, said: str) -> None:
    for path in ("jql", "approximate-count"):
        status, body = await ask(path, jql=jql)

        assert (status, body["errors"]) == (400, {})
        assert body["errorMessages"][0].startswith(said)


async def test_only_what_the_caller_may_see_is_found(jira: JiraStandIn, ask: Ask) -> None:
    every = "votes >= 0 order by key"

    assert await keys(ask, every) == ["OPS-3", "PLAT-1", "PLAT-2", "PLAT-10"]
    assert await keys(ask, every, PIOTR) == ["PLAT-1", "PLAT-2", "PLAT-4", "PLAT-10"]
    assert await keys(ask, every, None) == []
    assert (await ask("jql", PIOTR, jql="project = OPS"))[0] == 400
    jira.anonymous_may_browse = True
    assert await keys(ask, every, None) == ["OPS-3", "PLAT-1", "PLAT-2", "PLAT-10"]


async def test_votes_of_others_are_found_only_where_they_may_be_seen(ask: Ask) -> None:
    assert await keys(ask, "voter = acc-ada", PIOTR) == []
    assert await keys(ask, "voter = acc-piotr", PIOTR) == []
    assert await keys(ask, "voter = currentUser()", None) == []


async def test_without_fields_there_is_the_id_alone(jira: JiraStandIn, ask: Ask) -> None:
    _, bare = await ask("jql", jql="key = PLAT-1")
    _, full = await ask("jql", jql="key = PLAT-1", fields=["summary", "votes"])

    assert bare == {"issues": [{"id": jira.issues["PLAT-1"].id}], "isLast": True}
    assert full["issues"][0]["key"] == "PLAT-1"
    assert set(full["issues"][0]["fields"]) == {"summary", "votes"}
    assert full["issues"][0]["fields"]["votes"]["votes"] == 7


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_pages_follow_each_other_by_token(ask: Ask, method: str) -> None:
    fields: Any = "summary,votes" if method == "GET" else ["summary", "votes"]
    said: dict[str, Any] = {"jql": "votes >= 0 order by key", "fields": fields, "maxResults": 3}

    _, first = await ask("jql", method=method, **said)
    _, last = await ask("jql", method=method, nextPageToken=first["nextPageToken"], **said)

    assert [issue["key"] for issue in first["issues"]] == ["OPS-3", "PLAT-1", "PLAT-2"]
    assert (first["isLast"], "total" in first) == (False, False)
    assert [issue["key"] for issue in last["issues"]] == ["PLAT-10"]
    assert (last["isLast"], "nextPageToken" in last) == (True, False)


async def test_a_token_is_good_for_its_own_query_only(ask: Ask) -> None:
    _, first = await ask("jql", jql="votes >= 0", maxResults=1)

    for token in (first["nextPageToken"], "bm9uc2Vuc2U=", "?"):
        status, _ = await ask("jql", jql="votes >= 1", maxResults=1, nextPageToken=token)
        assert status == 400


@pytest.mark.parametrize(
    "said",
    [{"maxResults": 5001}, {"maxResults": 0}, {"maxResults": "x"}, {"fields": "key"}],
    ids=str,
)
async def test_a_bad_request_is_refused(ask: Ask, said: dict[str, Any]) -> None:
    status, _ = await ask("jql", jql="votes > 0", **said)

    assert status == 400


async def test_a_count_is_of_what_the_caller_may_see(ask: Ask) -> None:
    assert await ask("approximate-count", jql="votes > 0") == (200, {"count": 3})
    assert await ask("approximate-count", PIOTR, jql="votes > 0") == (200, {"count": 3})
    assert await ask("approximate-count", None, jql="votes > 0") == (200, {"count": 0})


async def test_the_gateway_wants_the_scope_to_read(jira: JiraStandIn, ask: Ask) -> None:
    refused, _ = await ask("jql", SCOPED, gateway=True, jql="votes > 0")
    jira.people["acc-ada"].tokens["ada-scoped"] = frozenset({"read:jira-work"})
    allowed, _ = await ask("jql", SCOPED, gateway=True, jql="votes > 0")

    assert (refused, allowed) == (401, 200)


async def test_ten_thousand_issues_are_searched_in_no_time(jira: JiraStandIn, ask: Ask) -> None:
    for number in range(100, 10_100):
        jira.add_issue(f"BIG-{number}", f"Wish {number}", other_votes=number % 97)

    with own_time() as passed:
        status, body = await ask(
            "jql", jql="project = BIG and votes > 0 order by votes desc, key", fields=["votes"]
        )
    took = passed()

    assert (status, len(body["issues"]), body["isLast"]) == (200, 50, False)
    assert await ask("approximate-count", jql="project = BIG") == (200, {"count": 10_000})
    assert took < 5
