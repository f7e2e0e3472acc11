"""Searching Jira, over real HTTP against a pretended site: lists, counts, and bad JQL."""

from collections.abc import AsyncIterator

import httpx
import pytest

from pollbot.errors import AccountRefused, BadInput, JiraError, JiraUnavailable, NotAllowed
from pollbot.jira.client import Jira, basic
from pollbot.jira.refusals import BadJql
from pollbot.people import Account
from pollbot.sandbox.jira import JiraStandIn
from tests.support.refusals import sentence

TOP = "project = PLAT AND votes > 0 ORDER BY votes DESC"
LOGIN_PAGE = "<!doctype html><title>Log in</title>"


@pytest.fixture
async def site() -> AsyncIterator[JiraStandIn]:
    """A site with Ada and thirty issues, of which the last has most votes."""
    jira = JiraStandIn()
    jira.add_person(
        "acc-ada", "Ada", "ada@example.com", token="ada-token", scoped_token="ada-scoped"
    )
    for number in range(1, 31):
        jira.add_issue(f"PLAT-{number}", f"Wish {number}", other_votes=number)
    await jira.start()
    yield jira
    await jira.stop()


@pytest.fixture
async def jira(site: JiraStandIn) -> AsyncIterator[Jira]:
    async with httpx.AsyncClient(timeout=2) as http:
        yield Jira(http, site.site_url, site.gateway_url)


@pytest.fixture
def ada(site: JiraStandIn) -> Account:
    return Account("acc-ada", "Ada", site.site_url, basic("ada@example.com", "ada-token"))


def paths(site: JiraStandIn) -> list[str]:
    return [call.path.removeprefix("/rest/api/3/") for call in site.calls]


async def test_the_first_issues_are_read_and_the_rest_is_counted(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    site.issues["PLAT-30"].voters.add("acc-ada")
    site.issues["PLAT-29"].resolution = "Fixed"

    found = await jira.search(TOP, ada, 20)

    assert [issue.key for issue in found.issues] == [f"PLAT-{n}" for n in range(30, 10, -1)]
    assert found.total == 30
    first, second = found.issues[:2]
    assert (first.summary, first.status, first.type) == ("Wish 30", "Open", "Story")
    assert (first.votes, first.voted, first.voters) == (31, True, None)
    assert (first.resolution, second.resolution) == (None, "Fixed")
    assert paths(site) == ["search/jql", "search/approximate-count"]


async def test_a_whole_list_needs_no_counting(site: JiraStandIn, jira: Jira, ada: Account) -> None:
    found = await jira.search("key in (PLAT-1, PLAT-2)", ada, 20)

    assert (len(found.issues), found.total) == (2, 2)
    assert paths(site) == ["search/jql"]


async def test_a_site_that_answers_in_small_pages_is_asked_for_the_next_one(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    one = {"key": "PLAT-1", "fields": {"summary": "Wish 1"}}
    site.faults.fail_next("POST search", 200, {"issues": [one], "nextPageToken": "more"})
    site.faults.fail_next("POST search", 200, {"issues": [one, {**one, "key": "PLAT-2"}]})

    found = await jira.search(TOP, ada, 20)

    assert [issue.key for issue in found.issues] == ["PLAT-1", "PLAT-2"], "none of them twice"
    assert found.total == 2


async def test_the_next_page_goes_on_where_the_last_one_ended(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.post(
            f"{site.site_url}/rest/api/3/search/jql",
            headers={"Authorization": ada.credential},
            json={"jql": TOP, "fields": ["summary"], "maxResults": 2},
        )
    site.faults.fail_next("POST search", 200, answer.json())

    found = await jira.search(TOP, ada, 4)

    assert [issue.key for issue in found.issues] == ["PLAT-30", "PLAT-29", "PLAT-28", "PLAT-27"]


async def test_a_site_whose_pages_never_end_is_left_after_ten(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    body = {"issues": [{"key": "PLAT-1", "fields": {}}], "nextPageToken": "more"}
    site.faults.fail_next("POST search", 200, body, times=50)
    site.faults.fail_next("POST count", 200, {"count": 0})

    found = await jira.search(TOP, ada, 20)

    assert (len(found.issues), found.total) == (1, 2)
    assert paths(site).count("search/jql") == 10


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, ""), (429, ""), (403, "{}"), (200, LOGIN_PAGE), (0, "")],
    ids=["500", "429", "403", "a page", "a cut line"],
)
async def test_a_count_that_cannot_be_had_is_one_more_than_is_known(
    site: JiraStandIn, jira: Jira, ada: Account, status: int, body: str
) -> None:
    site.faults.fail_next("POST count", status, body)

    assert (await jira.search(TOP, ada, 20)).total == 21


async def test_bad_jql_is_refused_in_jiras_own_words(jira: Jira, ada: Account) -> None:
    with pytest.raises(BadJql) as refused:
        await jira.search("project = NOPE", ada, 20)

    assert isinstance(refused.value, BadInput)
    assert refused.value.said == "The value 'NOPE' does not exist for the field 'project'."
    assert refused.value.said in sentence(refused.value)


async def test_words_about_single_fields_are_jiras_own_words_too(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    site.faults.fail_next(
        "POST search", 400, {"errorMessages": ["Zła <kwerenda>."], "errors": {"jql": "Popraw."}}
    )

    with pytest.raises(BadJql) as refused:
        await jira.search(TOP, ada, 20)

    assert refused.value.said == "Zła <kwerenda>. Popraw."
    assert "Zła &lt;kwerenda&gt;. Popraw." in sentence(refused.value)


@pytest.mark.parametrize("body", [LOGIN_PAGE, "{}", "[]", ""])
async def test_a_refusal_without_words_is_not_about_the_query(
    site: JiraStandIn, jira: Jira, ada: Account, body: str
) -> None:
    site.faults.fail_next("POST search", 400, body)

    with pytest.raises(JiraError) as refused:
        await jira.search(TOP, ada, 20)

    assert refused.value.status == 400


@pytest.mark.parametrize("jql", ["votes > 0", TOP], ids=["an empty list", "an unknown project"])
async def test_a_dead_token_is_told_from_an_empty_list_and_from_a_bad_query(
    site: JiraStandIn, jira: Jira, ada: Account, jql: str
) -> None:
    site.revoke("acc-ada")

    with pytest.raises(AccountRefused):
        await jira.search(jql, ada, 20)


async def test_a_list_that_is_empty_indeed_is_empty(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    found = await jira.search("votes > 99", ada, 20)

    assert (found.issues, found.total) == ((), 0)
    assert paths(site) == ["search/jql"]


async def test_a_token_with_scopes_searches_through_the_gateway(
    site: JiraStandIn, jira: Jira
) -> None:
    account = await jira.sign_in("ada@example.com", "ada-scoped")

    assert (await jira.search(TOP, account, 1)).issues[0].key == "PLAT-30"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, "{}", AccountRefused),
        (403, "{}", NotAllowed),
        (410, "{}", JiraError),
        (429, "", JiraUnavailable),
        (503, LOGIN_PAGE, JiraUnavailable),
        (302, "", JiraUnavailable),
        (200, LOGIN_PAGE, JiraUnavailable),
        (200, "{}", JiraUnavailable),
        (200, '{"issues": [{"id": "1"}]}', JiraUnavailable),
        (0, "", JiraUnavailable),
    ],
)
async def test_each_bad_answer_to_a_search_has_its_meaning(
    site: JiraStandIn, jira: Jira, ada: Account, status: int, body: str, error: type[Exception]
) -> None:
    site.faults.fail_next("POST search", status, body)

    with pytest.raises(error):
        await jira.search(TOP, ada, 20)
