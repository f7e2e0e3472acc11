"""The pretended comments: what Jira takes, who may write them, and how they are read."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from pollbot.sandbox.jira import JiraStandIn
from pollbot.sandbox.jira.adf import adf_problems, size

ADA = aiohttp.encode_basic_auth("ada@example.com", "ada-token")
BEN = aiohttp.encode_basic_auth("ben@example.com", "ben-token")
SCOPED = aiohttp.encode_basic_auth("ada@example.com", "ada-scoped")

Ask = Callable[..., Any]
Node = dict[str, Any]


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
    ada = jira.add_person("acc-ada", "Ada <Lovell>", "ada@example.com", token="ada-token")
    ada.tokens["ada-scoped"] = frozenset({"read:jira-work"})
    jira.add_person(
        "acc-ben", "Ben", "ben@example.com", token="ben-token", may_comment={"OPS"}, locale="pl_PL"
    )
    jira.add_issue("PLAT-1", "Dark mode")
    jira.add_issue("OPS-1", "Night shift")
    await jira.start()
    yield jira
    await jira.stop()


@pytest.fixture
async def ask(jira: JiraStandIn) -> AsyncIterator[Ask]:
    async with aiohttp.ClientSession() as session:

        async def ask(
            method: str,
            path: str,
            body: Any = None,
            who: str | None = ADA,
            *,
            gateway: bool = False,
        ) -> tuple[int, Any]:
            base = f"{jira.gateway_url}/ex/jira/{jira.cloud_id}" if gateway else jira.site_url
            headers = {"Authorization": who} if who else {}
            said = None if body is None else {"body": body}
            url = f"{base}/rest/api/3{path}"
            async with session.request(method, url, headers=headers, json=said) as answer:
                return answer.status, await answer.json()

        yield ask


def text(words: str, *marks: Node) -> Node:
    return {"type": "text", "text": words, **({"marks": list(marks)} if marks else {})}


def paragraph(*inline: Node) -> Node:
    return {"type": "paragraph", "content": list(inline)}


def doc(*content: Node) -> Node:
    return {"type": "doc", "version": 1, "content": list(content)}


def says(words: str) -> Node:
    return doc(paragraph(text(words)))


def table(*rows: list[Node]) -> Node:
    return {"type": "table", "content": [{"type": "tableRow", "content": row} for row in rows]}


def cell(*content: Node, kind: str = "tableCell", **more: Any) -> Node:
    return {"type": kind, "content": list(content), **more}


LINK = {"type": "link", "attrs": {"href": "https://acme.slack.com/p1"}}
FULL = doc(
    {"type": "heading", "attrs": {"level": 3}, "content": [text("Lunch <b>?")]},
    {
        **table(
            [cell(paragraph(text("Option", {"type": "strong"})), kind="tableHeader")],
            [cell(paragraph(), attrs={"colspan": 1, "background": "#fff"})],
        ),
        "attrs": {"isNumberColumnEnabled": False, "layout": "default"},
    },
    paragraph(text("a"), {"type": "hardBreak"}, text("b", {"type": "em"}, LINK)),
    paragraph(text("x & y", {"type": "code"})),
)


async def test_a_comment_is_written_as_the_caller_and_edited_as_a_whole(
    jira: JiraStandIn, ask: Ask, clock: Clock
) -> None:
    status, made = await ask("POST", "/issue/plat-1/comment", says("Poll closed."))
    clock.time += 60
    edited, again = await ask("PUT", f"/issue/PLAT-1/comment/{made['id']}", says("Closed again."))

    assert (status, edited) == (201, 200)
    assert made["author"]["accountId"] == "acc-ada"
    assert made["created"] == made["updated"] == "2023-11-14T22:13:20.000+0000"
    assert again["updated"] == "2023-11-14T22:14:20.000+0000"
    (kept,) = jira.comments("PLAT-1")
    assert (kept.id, kept.author, kept.body) == (made["id"], "acc-ada", says("Closed again."))


async def test_comments_are_listed_in_the_order_asked_for(ask: Ask, jira: JiraStandIn) -> None:
    jira.enforce_limits = False
    ids = [
        (await ask("POST", "/issue/PLAT-1/comment", says(str(number))))[1]["id"]
        for number in range(5)
    ]

    _, oldest = await ask("GET", "/issue/PLAT-1/comment")
    _, newest = await ask("GET", "/issue/PLAT-1/comment?orderBy=-created&startAt=1&maxResults=2")
    odd, _ = await ask("GET", "/issue/PLAT-1/comment?orderBy=votes")

    assert [one["id"] for one in oldest["comments"]] == ids
    assert [one["id"] for one in newest["comments"]] == [ids[3], ids[2]]
    assert (newest["startAt"], newest["maxResults"], newest["total"]) == (1, 2, 5)
    assert odd == 400


async def test_whoever_may_not_comment_is_refused_in_their_language(
    jira: JiraStandIn, ask: Ask
) -> None:
    allowed, _ = await ask("POST", "/issue/OPS-1/comment", says("Fine"), BEN)
    status, body = await ask("POST", "/issue/PLAT-1/comment", says("No"), BEN)

    assert (allowed, status) == (201, 403)
    assert body["errorMessages"] == ["Nie masz uprawnień do komentowania tego zgłoszenia."]
    assert jira.comments("PLAT-1") == []


async def test_nobody_comments(jira: JiraStandIn, ask: Ask) -> None:
    hidden, _ = await ask("POST", "/issue/PLAT-1/comment", says("No"), None)
    jira.anonymous_may_browse = True
    seen, _ = await ask("POST", "/issue/PLAT-1/comment", says("No"), None)

    assert (hidden, seen) == (404, 401)


async def test_only_its_author_edits_a_comment_that_is_still_there(
    jira: JiraStandIn, ask: Ask
) -> None:
    _, made = await ask("POST", "/issue/PLAT-1/comment", says("Mine"))
    path = f"/issue/PLAT-1/comment/{made['id']}"

    jira.people["acc-ben"].may_comment = None
    others, _ = await ask("PUT", path, says("Theirs"), BEN)
    jira.people["acc-ada"].may_comment = set()
    no_more, _ = await ask("PUT", path, says("Mine again"))
    jira.issues["PLAT-1"].comments.clear()
    gone, _ = await ask("PUT", path, says("Mine again"))

    assert (others, no_more, gone) == (400, 400, 404)


async def test_permissions_to_comment_can_be_asked_for(ask: Ask) -> None:
    path = "/mypermissions?permissions=ADD_COMMENTS,EDIT_OWN_COMMENTS&issueKey="

    for key, may in (("PLAT-1", False), ("OPS-1", True)):
        _, body = await ask("GET", f"{path}{key}", None, BEN)
        assert {one["havePermission"] for one in body["permissions"].values()} == {may}


async def test_the_gateway_wants_the_scope_to_write(jira: JiraStandIn, ask: Ask) -> None:
    read, _ = await ask("GET", "/issue/PLAT-1/comment", None, SCOPED, gateway=True)
    written, _ = await ask("POST", "/issue/PLAT-1/comment", says("x"), SCOPED, gateway=True)

    assert (read, written) == (200, 401)


async def test_comments_count_as_writes_to_their_issue(jira: JiraStandIn, ask: Ask) -> None:
    statuses = [(await ask("POST", "/issue/PLAT-1/comment", says("x")))[0] for _ in range(20)]
    late, _ = await ask("POST", "/issue/PLAT-1/comment", says("x"))
    elsewhere, _ = await ask("POST", "/issue/OPS-1/comment", says("x"))

    assert set(statuses) == {201}
    assert (late, elsewhere, len(jira.comments("PLAT-1"))) == (429, 201, 20)


async def test_a_whole_document_is_taken_and_read_on_the_issues_page(
    jira: JiraStandIn, ask: Ask
) -> None:
    await ask("POST", "/issue/PLAT-1/comment", FULL)
    bad = {"type": "link", "attrs": {"href": "javascript:alert(1)"}}
    await ask("POST", "/issue/PLAT-1/comment", doc(paragraph(text("<i>", bad))))

    async with aiohttp.ClientSession() as session:
        page = await (await session.get(f"{jira.site_url}/browse/PLAT-1")).text()

    assert "<h3>Lunch &lt;b&gt;?</h3>" in page
    assert "<table><tr><th><p><strong>Option</strong></p></th></tr>" in page
    assert '<a href="https://acme.slack.com/p1" rel="noreferrer"><em>b</em></a>' in page
    assert "<code>x &amp; y</code>" in page
    assert "<p>&lt;i&gt;</p>" in page
    assert "javascript" not in page
    assert "Ada &lt;Lovell&gt;" in page
    assert "2023-11-14 22:13 UTC" in page
    assert "Comments: 2" in page


INVALID: dict[str, Any] = {
    "no document": paragraph(text("x")),
    "another version": {**says("x"), "version": 2},
    "no version": {"type": "doc", "content": []},
    "no content": {"type": "doc", "version": 1},
    "an empty text": says(""),
    "a number": doc(paragraph({"type": "text", "text": 7})),
    "a text of its own": doc(text("x")),
    "an unknown node": doc({"type": "blink", "content": []}),
    "no node": doc("x"),  # type: ignore[arg-type]  # that is what is wrong
    "an unknown mark": doc(paragraph(text("x", {"type": "blink"}))),
    "a mark twice": doc(paragraph(text("x", {"type": "em"}, {"type": "em"}))),
    "bold code": doc(paragraph(text("x", {"type": "code"}, {"type": "strong"}))),
    "a link to nowhere": doc(paragraph(text("x", {"type": "link", "attrs": {"href": ""}}))),
    "a heading without a level": doc({"type": "heading", "content": [text("x")]}),
    "a heading of level 7": doc({"type": "heading", "attrs": {"level": 7}, "content": []}),
    "an empty table": doc(table()),
    "an empty row": doc(table([])),
    "an empty cell": doc(table([cell()])),
    "a text in a cell": doc(table([cell(text("x"))])),
    "a table in a cell": doc(table([cell(table([cell(paragraph())]))])),
    "an odd attribute": doc(table([cell(paragraph(), attrs={"color": "red"})])),
    "an odd key": doc({**paragraph(text("x")), "text": "y"}),
    "content that is none": doc({"type": "paragraph", "content": "x"}),
}


@pytest.mark.parametrize("body", INVALID.values(), ids=INVALID)
async def test_a_document_that_is_not_valid_is_refused(
    jira: JiraStandIn, ask: Ask, body: Node
) -> None:
    status, answer = await ask("POST", "/issue/PLAT-1/comment", body)

    assert adf_problems(body)
    assert (status, answer["errorMessages"]) == (400, ["INVALID_INPUT"])
    assert jira.comments("PLAT-1") == []


@pytest.mark.parametrize("body", ["Poll closed.", 7, [], {}, doc(), doc(paragraph())], ids=str)
async def test_wiki_text_and_empty_comments_are_refused(ask: Ask, body: Any) -> None:
    status, _ = await ask("POST", "/issue/PLAT-1/comment", body)

    assert status == 400


async def test_a_comment_that_is_too_long_is_refused(jira: JiraStandIn, ask: Ask) -> None:
    room = 32_767 - size(says(""))

    fits, _ = await ask("POST", "/issue/PLAT-1/comment", says("x" * room))
    status, body = await ask("POST", "/issue/PLAT-1/comment", says("🔥" * (room // 2 + 1)))

    assert (fits, status) == (201, 400)
    assert body["errors"]["comment"].endswith("exceeds the allowed limit of 32,767 characters.")
