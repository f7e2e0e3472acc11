"""docs/apis.md has each line of what Jira and Team Voice describe, with the test that holds it."""

import json
import re

import pytest

from pollbot.sandbox.team_voice.stand_in import REQUIRED, SETTINGS
from tests.support.jira_spec import SPEC
from tests.support.pages import read
from tests.support.tables import holding, lines_under

PAGE = read("apis.md")
JIRAS, _, VOICES = PAGE.partition("\n## Team Voice: polls\n")
STATUSES = ("200", "400", "403", "404")
LINES = lines_under(PAGE, "the page", "pollbot", "held by")


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_each_line_names_its_test_or_why_it_is_not_used(line: list[str]) -> None:
    _, pollbot, held_by = line

    assert holding(held_by) or re.search(r"\*\(not used: [^)]+\)\*", pollbot + held_by)


def statuses(page: str) -> set[tuple[str, str]]:
    """Return the operations of a part and the statuses of each that have a line."""
    return set(re.findall(r"`(GET|POST|PUT|DELETE)` (\d{3})", page))


@pytest.mark.skipif(not SPEC.exists(), reason="Jira's description is not here")
def test_each_thing_that_jira_describes_has_a_line() -> None:
    spec = json.loads(SPEC.read_text())
    operations = spec["paths"]["/rest/api/3/issue/{issueIdOrKey}/votes"]
    wanted = {
        (verb.upper(), status) for verb, one in operations.items() for status in one["responses"]
    }
    names = {
        *(part["name"] for one in operations.values() for part in one["parameters"]),
        *(
            scope
            for one in operations.values()
            for scopes in one["x-atlassian-oauth2-scopes"]
            for scope in scopes["scopes"]
        ),
        *spec["components"]["schemas"]["Votes"]["properties"],
    }

    assert wanted <= statuses(JIRAS)
    assert {name for name in names if f"`{name}`" not in JIRAS} == set()


def test_each_thing_that_team_voice_describes_has_a_line() -> None:
    # docs.apportunity.xyz, Team Voice, "REST API", as its pretended one has it.
    wanted = {(verb, status) for verb in ("GET", "POST", "PUT", "DELETE") for status in STATUSES}
    fields = {"id", "title", "description", "options[]", "order"}

    assert wanted <= statuses(VOICES)
    assert {
        name for name in {*REQUIRED, "container", "pollId", *fields} if f"`{name}`" not in VOICES
    } == set()
    assert {name for name in SETTINGS if f"`settings.{name}`" not in VOICES} == set()
