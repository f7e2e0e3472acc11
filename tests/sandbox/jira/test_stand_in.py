"""The pretended Jira answers as the real one is described to."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from pollbot.sandbox.jira import JiraStandIn

ADA = aiohttp.encode_basic_auth("ada@example.com", "ada-token")
ADA_SCOPED = aiohttp.encode_basic_auth("ada@example.com", "ada-scoped")
READS_ONLY = aiohttp.encode_basic_auth("ben@example.com", "ben-reads")
GRANULAR = aiohttp.encode_basic_auth("ben@example.com", "ben-granular")
PIOTR = aiohttp.encode_basic_auth("piotr@example.com", "piotr-token")

Ask = Callable[..., Any]


class Clock:
    def __init__(self) -> None:
        self.time = 1_700_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def jira(clock: Clock) -> AsyncIterator[JiraStandIn]:
    jira = JiraStandIn(now=clock)
    jira.add_person(
        "acc-ada", "Ada Lovell", "ada@example.com", token="ada-token", scoped_token="ada-scoped"
    )
    ben = jira.add_person("acc-ben", "Ben Okri", "ben@example.com", token="ben-token")
    ben.tokens["ben-reads"] = frozenset({"read:jira-work", "read:jira-user"})
    ben.tokens["ben-granular"] = frozenset({"write:issue.vote:jira"})
    jira.add_person(
        "acc-piotr",
        "Piotr Zając",
        "piotr@example.com",
        token="piotr-token",
        projects={"PLAT"},
        sees_voters=False,
        locale="pl_PL",
    )
    jira.add_issue("PLAT-12", "Dark mode", reporter="acc-ben", other_votes=7)
    await jira.start()
    yield jira
    await jira.stop()


@pytest.fixture
async def ask(jira: JiraStandIn) -> AsyncIterator[Ask]:
    async with aiohttp.ClientSession() as session:

        async def ask(
            method: str,
            path: str,
            who: str | None = ADA,
            *,
            gateway: bool = False,
        ) -> tuple[int, Any, Any]:
            """Return status, decoded body, and headers."""
            base = f"{jira.gateway_url}/ex/jira/{jira.cloud_id}" if gateway else jira.site_url
            headers = {"Authorization": who} if who else {}
            url = f"{base}/rest/api/3{path}"
            async with session.request(method, url, headers=headers) as answer:
                body = await answer.json() if answer.content_type == "application/json" else None
                return answer.status, body, answer.headers

        yield ask


async def test_a_vote_is_the_callers_own_and_counts_once(jira: JiraStandIn, ask: Ask) -> None:
    first, _, _ = await ask("POST", "/issue/PLAT-12/votes")
    second, body, _ = await ask("POST", "/issue/PLAT-12/votes")

    assert (first, second, body) == (204, 204, None)
    assert jira.votes("PLAT-12") == 8
    assert jira.issues["PLAT-12"].voters == {"acc-ada"}


async def test_withdrawing_is_fine_with_and_without_a_vote(jira: JiraStandIn, ask: Ask) -> None:
    await ask("POST", "/issue/PLAT-12/votes")

    statuses = [(await ask("DELETE", "/issue/PLAT-12/votes"))[0] for _ in range(2)]

    assert statuses == [204, 204]
    assert jira.votes("PLAT-12") == 7


async def test_a_site_may_refuse_to_withdraw_what_was_not_cast(jira: JiraStandIn, ask: Ask) -> None:
    jira.unvoted_delete_is_404 = True

    status, body, _ = await ask("DELETE", "/issue/PLAT-12/votes")

    assert status == 404
    assert body["errorMessages"]


async def test_votes_name_the_voters_and_say_whether_i_am_one(jira: JiraStandIn, ask: Ask) -> None:
    await ask("POST", "/issue/PLAT-12/votes")

    status, body, _ = await ask("GET", "/issue/PLAT-12/votes")

    assert status == 200
    assert (body["votes"], body["hasVoted"]) == (8, True)
    assert [voter["displayName"] for voter in body["voters"]] == ["Ada Lovell"]
    assert "emailAddress" not in body["voters"][0]
    assert body["self"] == f"{jira.site_url}/rest/api/3/issue/PLAT-12/votes"


async def test_without_the_permission_the_names_are_missing_and_the_count_is_right(
    jira: JiraStandIn, ask: Ask
) -> None:
    await ask("POST", "/issue/PLAT-12/votes")

    _, body, _ = await ask("GET", "/issue/PLAT-12/votes", PIOTR)

    assert (body["votes"], body["hasVoted"], body["voters"]) == (8, False, [])


async def test_an_issue_has_the_fields_asked_for(ask: Ask) -> None:
    status, body, _ = await ask("GET", "/issue/plat-12?fields=summary,status,votes,reporter")

    assert status == 200
    assert body["key"] == "PLAT-12"
    assert set(body["fields"]) == {"summary", "status", "votes", "reporter"}
    assert body["fields"]["summary"] == "Dark mode"
    assert body["fields"]["status"]["statusCategory"]["key"] == "new"
    assert body["fields"]["votes"] == {
        "self": body["fields"]["votes"]["self"],
        "votes": 7,
        "hasVoted": False,
    }
    assert body["fields"]["reporter"]["accountId"] == "acc-ben"


async def test_an_issue_shows_everything_when_nothing_is_asked_for(ask: Ask) -> None:
    _, body, _ = await ask("GET", "/issue/PLAT-12")
    _, all_but_one, _ = await ask("GET", "/issue/PLAT-12?fields=*all,-votes")

    assert body["fields"]["resolution"] is None
    assert body["fields"]["project"]["key"] == "PLAT"
    assert body["fields"]["issuetype"]["name"] == "Story"
    assert set(body["fields"]) - set(all_but_one["fields"]) == {"votes"}


async def test_a_moved_issue_answers_to_its_old_key_with_the_new_one(
    jira: JiraStandIn, ask: Ask
) -> None:
    jira.move("PLAT-12", "OPS-3")

    _, body, _ = await ask("GET", "/issue/plat-12?fields=summary")
    status, _, _ = await ask("POST", "/issue/PLAT-12/votes")

    assert body["key"] == "OPS-3"
    assert status == 204
    assert jira.votes("OPS-3") == 8


async def test_a_hidden_issue_looks_like_a_missing_one(jira: JiraStandIn, ask: Ask) -> None:
    jira.add_issue("OPS-1", "Not Piotr's project")
    jira.add_issue("PLAT-13", "For some only", seen_by={"acc-ada"})

    answers = [
        await ask(method, f"/issue/{key}{path}", PIOTR)
        for key in ("OPS-1", "PLAT-13", "PLAT-999")
        for method, path in (("GET", ""), ("GET", "/votes"), ("POST", "/votes"))
    ]

    assert {status for status, _, _ in answers} == {404}
    assert len({str(body) for _, body, _ in answers}) == 1
    assert (await ask("GET", "/issue/PLAT-13"))[0] == 200


async def test_refusals_come_in_the_language_of_the_account(ask: Ask) -> None:
    _, english, _ = await ask("GET", "/issue/PLAT-999")
    _, polish, _ = await ask("GET", "/issue/PLAT-999", PIOTR)

    assert english["errorMessages"][0].startswith("Issue does not exist")
    assert polish["errorMessages"][0].startswith("Zgłoszenie nie istnieje")
    assert polish["errors"] == {}


async def test_no_vote_on_a_resolved_issue(jira: JiraStandIn, ask: Ask) -> None:
    jira.add_issue("PLAT-9", "Done", status="Done", category="done", resolution="Fixed")

    statuses = [(await ask(method, "/issue/PLAT-9/votes"))[0] for method in ("POST", "DELETE")]
    jira.resolved_may_vote = True
    allowed, _, _ = await ask("POST", "/issue/PLAT-9/votes")

    assert (statuses, allowed) == ([404, 404], 204)


async def test_voting_switched_off_is_404_for_reading_too(jira: JiraStandIn, ask: Ask) -> None:
    jira.voting_enabled = False

    statuses = [
        (await ask(method, "/issue/PLAT-12/votes"))[0] for method in ("GET", "POST", "DELETE")
    ]

    assert statuses == [404, 404, 404]
    assert jira.votes("PLAT-12") == 7


async def test_the_reporter_may_vote_on_cloud_and_not_on_a_data_center(
    jira: JiraStandIn, ask: Ask
) -> None:
    jira.issues["PLAT-12"].reporter = "acc-ada"
    on_cloud, _, _ = await ask("POST", "/issue/PLAT-12/votes")
    jira.reporters_may_vote = False

    status, body, _ = await ask("DELETE", "/issue/PLAT-12/votes")

    assert on_cloud == 204
    assert (status, body["errorMessages"]) == (
        404,
        ["You cannot vote for an issue you have reported."],
    )


async def test_several_reasons_come_in_one_answer(jira: JiraStandIn, ask: Ask) -> None:
    jira.add_issue("PLAT-9", "Done", reporter="acc-ada", resolution="Fixed")
    jira.reporters_may_vote = jira.voting_enabled = False

    _, body, _ = await ask("POST", "/issue/PLAT-9/votes")

    assert len(body["errorMessages"]) == 3


@pytest.mark.parametrize(
    "who",
    [None, aiohttp.encode_basic_auth("ada@example.com", "wrong"), ADA_SCOPED],
    ids=["nobody", "wrong", "scoped"],
)
async def test_wrong_credentials_are_nobodys(jira: JiraStandIn, ask: Ask, who: str | None) -> None:
    myself, _, _ = await ask("GET", "/myself", who)
    vote, _, _ = await ask("POST", "/issue/PLAT-12/votes", who)
    read, _, _ = await ask("GET", "/issue/PLAT-12", who)
    jira.anonymous_may_browse = True
    open_read, body, _ = await ask("GET", "/issue/PLAT-12/votes", who)

    assert (myself, vote, read, open_read) == (401, 401, 404, 200)
    assert (body["votes"], body["hasVoted"], body["voters"]) == (7, False, [])
    assert {call.account_id for call in jira.calls} == {None}


async def test_myself_says_who_i_am(ask: Ask) -> None:
    status, body, _ = await ask("GET", "/myself", PIOTR)

    assert status == 200
    assert body["accountId"] == "acc-piotr"
    assert body["displayName"] == "Piotr Zając"
    assert body["emailAddress"] == "piotr@example.com"
    assert body["locale"] == "pl_PL"


async def test_a_scoped_token_works_through_the_gateway_only(jira: JiraStandIn, ask: Ask) -> None:
    through, _, _ = await ask("POST", "/issue/PLAT-12/votes", ADA_SCOPED, gateway=True)
    unscoped, body, _ = await ask("GET", "/myself", ADA, gateway=True)

    assert through == 204
    assert jira.votes("PLAT-12") == 8
    assert (unscoped, body["code"]) == (401, 401)


async def test_a_missing_scope_is_refused_by_the_gateway(jira: JiraStandIn, ask: Ask) -> None:
    read, _, _ = await ask("GET", "/issue/PLAT-12", READS_ONLY, gateway=True)
    write, body, _ = await ask("POST", "/issue/PLAT-12/votes", READS_ONLY, gateway=True)
    granular, _, _ = await ask("DELETE", "/issue/PLAT-12/votes", GRANULAR, gateway=True)

    assert (read, write, granular) == (200, 401, 204)
    assert body == {"code": 401, "message": "Unauthorized; scope does not match"}
    assert jira.votes("PLAT-12") == 7


async def test_the_site_tells_its_cloud_id(jira: JiraStandIn) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{jira.site_url}/_edge/tenant_info") as answer,
    ):
        body = await answer.json()

    assert body == {"cloudId": jira.cloud_id}


async def test_the_issues_page_escapes_what_people_wrote(jira: JiraStandIn) -> None:
    jira.add_issue("PLAT-14", "Use <b> & <i>", voters={"acc-ada"})

    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{jira.site_url}/browse/plat-14") as answer,
        session.get(f"{jira.site_url}/browse/%3Cb%3E-1") as missing,
    ):
        page = await answer.text()

    assert answer.content_type == "text/html"
    assert "Use &lt;b&gt; &amp; &lt;i&gt;" in page
    assert "Ada Lovell" in page
    assert missing.status == 404


async def test_an_issue_takes_twenty_writes_in_two_seconds(
    jira: JiraStandIn, ask: Ask, clock: Clock
) -> None:
    jira.add_issue("PLAT-13", "Another")

    statuses = [(await ask("POST", "/issue/PLAT-12/votes"))[0] for _ in range(20)]
    status, _, headers = await ask("DELETE", "/issue/PLAT-12/votes")
    elsewhere, _, _ = await ask("POST", "/issue/PLAT-13/votes")
    clock.time += 2
    later, _, _ = await ask("DELETE", "/issue/PLAT-12/votes")

    assert set(statuses) == {204}
    assert status == 429
    assert headers["Retry-After"] == "2"
    assert headers["RateLimit-Reason"] == "jira-per-issue-on-write"
    assert headers["X-RateLimit-Reset"] == "2023-11-14T22:13:22Z"
    assert (elsewhere, later) == (204, 204)


async def test_an_issue_takes_a_hundred_writes_in_thirty_seconds(
    jira: JiraStandIn, ask: Ask, clock: Clock
) -> None:
    for _ in range(100):
        assert (await ask("POST", "/issue/PLAT-12/votes"))[0] == 204
        clock.time += 0.125

    status, _, headers = await ask("POST", "/issue/PLAT-12/votes")
    clock.time += float(headers["Retry-After"])
    later, _, _ = await ask("POST", "/issue/PLAT-12/votes")

    assert (status, headers["Retry-After"], later) == (429, "18", 204)


async def test_a_second_takes_so_many_calls_of_one_kind(
    jira: JiraStandIn, ask: Ask, clock: Clock
) -> None:
    for _ in range(100):
        await ask("GET", "/myself")

    status, _, headers = await ask("GET", "/myself")
    other, _, _ = await ask("GET", "/issue/PLAT-12")
    clock.time += 1
    later, _, _ = await ask("GET", "/myself")

    assert (status, headers["RateLimit-Reason"]) == (429, "jira-burst-based")
    assert (other, later) == (200, 200)


async def test_without_limits_anything_goes(jira: JiraStandIn, ask: Ask) -> None:
    jira.enforce_limits = False

    statuses = {(await ask("POST", "/issue/PLAT-12/votes"))[0] for _ in range(60)}

    assert statuses == {204}


async def test_down_answers_nothing(jira: JiraStandIn, ask: Ask) -> None:
    jira.faults.mode = "down"

    with pytest.raises(aiohttp.ClientError):
        await ask("POST", "/issue/PLAT-12/votes")

    assert jira.votes("PLAT-12") == 7
    assert (await jira.until(lambda: jira.calls))[0].status == 0


async def test_429_says_when_to_come_back(jira: JiraStandIn, ask: Ask) -> None:
    jira.faults.mode = "429"

    status, _, headers = await ask("POST", "/issue/PLAT-12/votes")

    assert (status, headers["Retry-After"]) == (429, "1")
    assert headers["RateLimit-Reason"] == "jira-burst-based"
    assert jira.votes("PLAT-12") == 7


async def test_slow_answers_in_the_end(jira: JiraStandIn, ask: Ask) -> None:
    jira.faults.mode = "slow"
    jira.faults.slow_seconds = 0.05
    started = asyncio.get_running_loop().time()

    status, _, _ = await ask("POST", "/issue/PLAT-12/votes")

    assert status == 204
    assert asyncio.get_running_loop().time() - started >= 0.05


async def test_one_call_can_be_made_to_fail(jira: JiraStandIn, ask: Ask) -> None:
    jira.faults.fail_next("POST votes", status=503, headers={"Retry-After": "3"})

    read, _, _ = await ask("GET", "/issue/PLAT-12")
    failed, _, headers = await ask("POST", "/issue/PLAT-12/votes")
    again, _, _ = await ask("POST", "/issue/PLAT-12/votes")

    assert (read, failed, again) == (200, 503, 204)
    assert headers["Retry-After"] == "3"


async def test_an_answer_can_be_lost_after_the_vote_was_taken(jira: JiraStandIn, ask: Ask) -> None:
    jira.faults.lose_next_answer("POST votes")

    with pytest.raises(aiohttp.ClientError):
        await ask("POST", "/issue/PLAT-12/votes")

    assert jira.votes("PLAT-12") == 8


async def test_revoking_ends_every_token_of_the_account(jira: JiraStandIn, ask: Ask) -> None:
    jira.revoke("acc-ada")

    site, _, _ = await ask("GET", "/myself")
    gateway, _, _ = await ask("GET", "/myself", ADA_SCOPED, gateway=True)

    assert (site, gateway) == (401, 401)


async def test_calls_are_remembered_without_secrets(jira: JiraStandIn, ask: Ask) -> None:
    changes: list[int] = []
    jira.on_change.append(lambda: changes.append(len(jira.calls)))

    await ask("GET", "/issue/PLAT-12?fields=summary")
    await ask("POST", "/issue/PLAT-12/votes", ADA_SCOPED, gateway=True)

    assert [(call.method, call.path, call.account_id, call.status) for call in jira.calls] == [
        ("GET", "/rest/api/3/issue/PLAT-12", "acc-ada", 200),
        (
            "POST",
            f"/ex/jira/{jira.cloud_id}/rest/api/3/issue/PLAT-12/votes",
            "acc-ada",
            204,
        ),
    ]
    assert changes[-1] == 2


async def test_waiting_in_vain_says_what_was_heard(jira: JiraStandIn, ask: Ask) -> None:
    await ask("GET", "/myself")

    with pytest.raises(AssertionError, match=r"a ninth vote.*GET /rest/api/3/myself 200"):
        await jira.until(lambda: jira.votes("PLAT-12") == 9, timeout=0.05, what="a ninth vote")


async def test_the_fields_are_those_that_an_issue_has(jira: JiraStandIn, ask: Ask) -> None:
    status, fields, _ = await ask("GET", "/field", None)
    _, issue, _ = await ask("GET", "/issue/PLAT-12?fields=*all")

    assert status == 200
    assert {field["id"] for field in fields} == {"issuekey", *issue["fields"]}
    assert all(field["id"] in field["clauseNames"] for field in fields)

    jira.voting_enabled = False
    _, without_voting, _ = await ask("GET", "/field", None)

    assert [field for field in fields if field not in without_voting] == [
        {
            "id": "votes",
            "key": "votes",
            "name": "Votes",
            "custom": False,
            "orderable": False,
            "navigable": True,
            "searchable": False,
            "clauseNames": ["votes"],
            "schema": {"type": "votes", "system": "votes"},
        }
    ]
