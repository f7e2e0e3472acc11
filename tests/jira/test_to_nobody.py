"""An answer that Jira gave to nobody, though an account had asked: never the account's own."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from pollbot.errors import AccountRefused, JiraUnavailable, NotFound
from pollbot.jira.client import Jira, basic
from pollbot.people import Account
from pollbot.sandbox.jira import JiraStandIn

SPACE, PAGE = "65601", "98305"

Read = Callable[[Jira, Account], Awaitable[object]]
READS: dict[str, Read] = {
    "an issue": lambda jira, ada: jira.issue("PLAT-12", ada),
    "an issue with its voters": lambda jira, ada: jira.issue("PLAT-12", ada, voters=True),
    "an issue that is hidden": lambda jira, ada: jira.issue("PLAT-40", ada),
    "an issue that is not there": lambda jira, ada: jira.issue("PLAT-999", ada),
    "a search": lambda jira, ada: jira.search("project = PLAT", ada, 20),
    "a search that finds nothing": lambda jira, ada: jira.search("votes > 99", ada, 20),
    "a search of what only some know": lambda jira, ada: jira.search("project = LEAD", ada, 20),
    "whether voting is on": lambda jira, ada: jira.voting_is_on("PLAT-12", ada),
    "a permission": lambda jira, ada: jira.may("PLAT-12", "ADD_COMMENTS", ada),
    "the permission to edit": lambda jira, ada: jira.may_edit("PLAT-12", ada),
    "comments": lambda jira, ada: jira.find_comment("PLAT-12", "poll 1", ada),
    "a page": lambda jira, ada: jira.page(PAGE, ada),
    "the permission to edit a page": lambda jira, ada: jira.may_edit_page(PAGE, ada),
    "a vote": lambda jira, ada: jira.vote("PLAT-12", ada),
    "a withdrawal": lambda jira, ada: jira.withdraw("PLAT-12", ada),
    "a comment": lambda jira, ada: jira.add_comment("PLAT-12", {}, ada),
}


@pytest.fixture
async def site() -> AsyncIterator[JiraStandIn]:
    """A site that shows some of its issues to everybody."""
    jira = JiraStandIn()
    jira.anonymous_may_browse = True
    jira.add_person("557058:ada", "Ada", "ada@example.com", token="t1", scoped_token="t2")
    jira.add_issue("PLAT-12", "Seen by all", voters={"557058:ada"})
    jira.add_issue("PLAT-40", "Seen by some", seen_by={"557058:ada"}, other_votes=30)
    jira.add_issue("LEAD-1", "Seen by some", seen_by={"557058:ada"})
    space = jira.confluence.add_space(SPACE, "DOCS", "Product docs")
    jira.confluence.add_page(PAGE, space, "Release plan")
    await jira.start()
    yield jira
    await jira.stop()


@pytest.fixture
def ada(site: JiraStandIn) -> Account:
    return Account("557058:ada", "Ada", site.site_url, basic("ada@example.com", "t1"))


@pytest.mark.parametrize("headers", [True, False], ids=["told in a header", "headers stripped"])
@pytest.mark.parametrize("read", READS.values(), ids=READS)
async def test_what_was_answered_to_nobody_is_a_refusal_of_the_account(
    site: JiraStandIn, jira: Jira, ada: Account, read: Read, headers: bool
) -> None:
    site.headers_arrive = headers
    site.revoke("557058:ada")

    with pytest.raises(AccountRefused):
        await read(jira, ada)


@pytest.mark.parametrize(
    "reason", ["AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED", "AUTHORISATION_FAILED", "OUT"]
)
@pytest.mark.parametrize("status", [200, 400, 403, 404])
async def test_every_word_of_jiras_for_it_counts_whatever_the_status(
    site: JiraStandIn, jira: Jira, ada: Account, reason: str, status: int
) -> None:
    site.headers_arrive = False
    site.faults.fail_next(
        "POST search", status, '{"issues": []}', {"x-seraph-loginreason": reason.lower()}
    )

    with pytest.raises(AccountRefused):
        await jira.search("project = PLAT", ada, 20)


async def test_a_login_that_went_well_after_an_older_one_is_a_login(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    site.headers_arrive = False
    site.faults.fail_next("POST search", 200, '{"issues": []}', {"X-Seraph-LoginReason": "OUT, OK"})

    assert (await jira.search("project = PLAT", ada, 20)).total == 0
    assert len(site.calls) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410])
@pytest.mark.parametrize("read", READS.values(), ids=READS)
async def test_a_page_in_place_of_an_answer_is_nobodys_refusal(
    site: JiraStandIn, jira: Jira, ada: Account, read: Read, status: int
) -> None:
    site.headers_arrive = False
    site.faults.answer_all(status, "<!doctype html><title>Not here</title>")

    with pytest.raises(JiraUnavailable):
        await read(jira, ada)


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (404, '{"errorMessages": ["Issue does not exist"], "errors": {}}', {}),
        (404, '{"errors": [{"status": 404, "code": "NOT_FOUND"}]}', {}),
        (404, '{"statusCode": 404, "message": "No content"}', {}),
        (404, '{"code": 404, "message": "Not Found"}', {}),
        (404, "", {"X-AREQUESTID": "1x2x3"}),
        (401, "Client must be authenticated to access this resource.", {}),
    ],
)
async def test_what_jira_confluence_and_their_gateway_refuse_is_a_refusal(
    site: JiraStandIn, jira: Jira, status: int, body: str, headers: dict[str, str]
) -> None:
    site.headers_arrive = False
    site.faults.answer_all(status, body, headers)

    with pytest.raises(AccountRefused if status == 401 else NotFound):
        await jira.issue("PLAT-12", None)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_site_in_trouble_says_nothing_of_the_account(
    site: JiraStandIn, jira: Jira, ada: Account, status: int
) -> None:
    site.faults.fail_next("GET issue", status, "", {"X-Seraph-LoginReason": "OUT"})

    with pytest.raises(JiraUnavailable):
        await jira.issue("PLAT-12", ada)


@pytest.mark.parametrize(("headers", "asked"), [(True, 0), (False, 1)])
async def test_jira_is_asked_who_it_was_only_where_its_answer_does_not_say_so(
    site: JiraStandIn, jira: Jira, ada: Account, headers: bool, asked: int
) -> None:
    site.headers_arrive = headers

    assert (await jira.issue("PLAT-12", ada)).voted
    await jira.vote("PLAT-12", ada)
    assert (await jira.issue("PLAT-12", ada, known=True)).voted

    assert [call.path for call in site.calls].count("/rest/api/3/myself") == asked


async def test_the_gateway_lets_nobody_in_so_it_is_not_asked_twice(
    site: JiraStandIn, jira: Jira
) -> None:
    site.headers_arrive = False
    account = await jira.sign_in("ada@example.com", "t2")
    site.calls.clear()

    assert (await jira.issue("PLAT-12", account)).voted
    assert len(site.calls) == 1


async def test_nobody_may_ask_as_nobody(site: JiraStandIn, jira: Jira) -> None:
    assert not (await jira.issue("PLAT-12", None)).voted
