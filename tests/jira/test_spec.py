"""What Jira's own description says of requests; those of every story are held to it."""

import pytest

from tests.support.jira_spec import SPEC, Asked, complaints

pytestmark = pytest.mark.skipif(not SPEC.exists(), reason="Jira's description is not here")


def test_what_pollbot_asks_is_known() -> None:
    asked = [
        Asked("GET", "/rest/api/3/issue/PLAT-12", {"fields": "summary,votes"}, ""),
        Asked("POST", "/rest/api/3/issue/PLAT-12/votes", {}, ""),
        Asked("POST", "/rest/api/3/search/jql", {}, '{"jql": "project = PLAT", "maxResults": 5}'),
    ]

    assert complaints(asked) == []


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (Asked("PATCH", "/rest/api/3/issue/PLAT-12/votes", {}, ""), "no such operation"),
        (Asked("GET", "/rest/api/3/issue/PLAT-12/voters", {}, ""), "no such operation"),
        (Asked("GET", "/rest/api/3/myself", {"verbose": "1"}, ""), "no parameter verbose"),
        (Asked("GET", "/rest/api/3/myself", {}, "{}"), "it takes no body"),
        (
            Asked("POST", "/rest/api/3/search/jql", {}, '{"jql": "a = b", "maxResults": "many"}'),
            "'many' is not of type 'integer'",
        ),
        (
            Asked("POST", "/rest/api/3/search/approximate-count", {}, '{"query": "a = b"}'),
            "Additional properties are not allowed",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_jira_does_not_know_is_noticed(asked: Asked, wrong: str) -> None:
    assert [one for one in complaints([asked]) if wrong in one]
