"""Comments on issues, over real HTTP against a pretended site: written, edited, found again."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from pollbot.errors import (
    AccountRefused,
    JiraBusy,
    JiraError,
    JiraUnavailable,
    NotAllowed,
    NotFound,
)
from pollbot.jira.client import Jira, basic
from pollbot.people import Account
from pollbot.sandbox.jira import JiraStandIn

LOGIN_PAGE = "<!doctype html><title>Log in</title>"


@pytest.fixture
async def site() -> AsyncIterator[JiraStandIn]:
    """A site with Ada, Ben, and an issue."""
    jira = JiraStandIn()
    for name in ("ada", "ben"):
        jira.add_person(f"acc-{name}", name, f"{name}@example.com", token=f"{name}-token")
    jira.add_issue("PLAT-12", "Export")
    await jira.start()
    yield jira
    await jira.stop()


def account(site: JiraStandIn, name: str) -> Account:
    credential = basic(f"{name}@example.com", f"{name}-token")
    return Account(f"acc-{name}", name, site.site_url, credential)


@pytest.fixture
def ada(site: JiraStandIn) -> Account:
    return account(site, "ada")


def says(*texts: str) -> dict[str, Any]:
    content = [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in texts]
    return {"type": "doc", "version": 1, "content": content}


async def test_a_comment_is_written_once_and_edited_in_place(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    comment_id = await jira.add_comment("PLAT-12", says("Red won."), ada)
    await jira.edit_comment("PLAT-12", comment_id, says("Blue won."), ada)

    (kept,) = site.comments("PLAT-12")
    assert (kept.id, kept.author, kept.body) == (comment_id, "acc-ada", says("Blue won."))


async def test_ones_own_comment_is_found_by_the_end_of_its_text(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    ids = [
        await jira.add_comment("PLAT-12", says(*texts), ada)
        for texts in (
            ["Red won.", "Recorded, poll p1"],
            ["Red won again.", "Recorded, poll p1 "],
            ["Is poll p1", "a good question?", "Recorded, poll p2"],
            ["Recorded, poll p12"],
        )
    ]
    await jira.add_comment("PLAT-12", says("Mine, poll p1"), account(site, "ben"))

    assert await jira.find_comment("PLAT-12", "poll p1", ada) == ids[1], "the newest"
    assert await jira.find_comment("PLAT-12", "poll p2", ada) == ids[2]
    assert await jira.find_comment("PLAT-12", "poll p3", ada) is None


async def test_the_newest_hundred_comments_are_looked_through(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    site.enforce_limits = False
    first = await jira.add_comment("PLAT-12", says("poll p1"), ada)
    for _ in range(99):
        await jira.add_comment("PLAT-12", says("x"), ada)

    assert await jira.find_comment("PLAT-12", "poll p1", ada) == first
    await jira.add_comment("PLAT-12", says("x"), ada)
    assert await jira.find_comment("PLAT-12", "poll p1", ada) is None


async def test_a_comment_whose_answer_was_lost_is_there_and_was_sent_once(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    site.faults.lose_next_answer("POST comment")

    with pytest.raises(JiraUnavailable):
        await jira.add_comment("PLAT-12", says("poll p1"), ada)

    (kept,) = site.comments("PLAT-12")
    assert await jira.find_comment("PLAT-12", "poll p1", ada) == kept.id


async def test_what_an_account_may_do_is_asked_by_jiras_name_of_it(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    assert await jira.may("PLAT-12", "ADD_COMMENTS", ada)
    assert await jira.may_edit("PLAT-12", ada)

    site.people["acc-ada"].may_comment = set()
    site.people["acc-ada"].may_edit = set()

    assert not await jira.may("PLAT-12", "ADD_COMMENTS", ada)
    assert not await jira.may("PLAT-12", "EDIT_OWN_COMMENTS", ada)
    assert not await jira.may_edit("PLAT-12", ada)
    with pytest.raises(NotFound):
        await jira.may("PLAT-99", "ADD_COMMENTS", ada)


async def test_without_the_permission_nothing_is_written(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    comment_id = await jira.add_comment("PLAT-12", says("Mine"), ada)
    site.people["acc-ada"].may_comment = set()

    with pytest.raises(NotAllowed):
        await jira.add_comment("PLAT-12", says("More"), ada)
    with pytest.raises(NotAllowed):
        await jira.edit_comment("PLAT-12", comment_id, says("Changed"), ada)

    assert [one.body for one in site.comments("PLAT-12")] == [says("Mine")]


async def test_a_comment_that_was_deleted_is_not_found(
    site: JiraStandIn, jira: Jira, ada: Account
) -> None:
    comment_id = await jira.add_comment("PLAT-12", says("Mine"), ada)
    site.issues["PLAT-12"].comments.clear()

    with pytest.raises(NotFound):
        await jira.edit_comment("PLAT-12", comment_id, says("Changed"), ada)


CALLS: dict[str, tuple[str, Callable[[Jira, Account], Awaitable[Any]]]] = {
    "add": ("POST comment", lambda jira, who: jira.add_comment("PLAT-12", says("x"), who)),
    "edit": ("PUT comment", lambda jira, who: jira.edit_comment("PLAT-12", "1", says("x"), who)),
    "find": ("GET comments", lambda jira, who: jira.find_comment("PLAT-12", "x", who)),
}
STATUSES: dict[str, tuple[int, str, type[Exception]]] = {
    "400": (400, "{}", JiraError),
    "401": (401, "{}", AccountRefused),
    "403": (403, LOGIN_PAGE, NotAllowed),
    "404": (404, "{}", NotFound),
    "413": (413, "{}", JiraError),
    "429": (429, "", JiraBusy),
    "500": (500, "", JiraUnavailable),
    "302": (302, "", JiraUnavailable),
    "a page": (200, LOGIN_PAGE, JiraUnavailable),
    "another answer": (200, '{"id": ""}', JiraUnavailable),
    "nothing": (204, "", JiraUnavailable),
    "a cut line": (0, "", JiraUnavailable),
}


@pytest.mark.parametrize(("name", "call"), CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(("status", "body", "error"), STATUSES.values(), ids=STATUSES)
async def test_each_bad_answer_has_its_meaning_and_nothing_is_sent_again(
    site: JiraStandIn,
    jira: Jira,
    ada: Account,
    name: str,
    call: Callable[[Jira, Account], Awaitable[Any]],
    status: int,
    body: str,
    error: type[Exception],
) -> None:
    site.faults.fail_next(name, status, body)

    with pytest.raises(error):
        await call(jira, ada)

    assert len(await site.until(lambda: site.calls)) == 1
