"""What Jira's votes resource may answer to each operation, and what becomes of a vote then."""

from collections.abc import Callable

import pytest

from pollbot.sandbox.jira.scopes import SCOPES
from pollbot.wiring import Pollbot
from tests.support.house import ADA, PLANNING, House, buttons, nothing_waits

pytestmark = pytest.mark.usefixtures("pollbot")

COMMANDS = {"POST": "/vote", "DELETE": "/unvote"}
NEEDED = frozenset().union(*(SCOPES[f"{verb} votes"][1] for verb in ("GET", "POST", "DELETE")))
"""The granular scopes of the three operations."""
ISSUE = SCOPES["GET issue"][1]


async def asked(house: House, verb: str) -> None:
    """Ask for a vote or for its withdrawal; Ada's vote is there for the latter."""
    if verb == "DELETE":
        house.jira.issues["PLAT-12"].voters.add("acc-ada")
    await house.slack.command(ADA, PLANNING, COMMANDS[verb], "PLAT-12")


def without_permission(house: House) -> None:
    house.jira.people["acc-ada"].projects = {"OTHER"}


def without_the_level(house: House) -> None:
    house.jira.issues["PLAT-12"].seen_by = {"acc-ben"}


def deleted(house: House) -> None:
    del house.jira.issues["PLAT-12"]


def resolved(house: House) -> None:
    house.jira.issues["PLAT-12"].resolution = "Fixed"


def off(house: House) -> None:
    house.jira.voting_enabled = False


def reported(house: House) -> None:
    house.jira.reporters_may_vote = False
    house.jira.issues["PLAT-12"].reporter = "acc-ada"


@pytest.mark.parametrize("verb", ["POST", "DELETE"])
@pytest.mark.parametrize(
    ("refuse", "sentence"),
    [
        (without_permission, "Jira knows no issue"),
        (without_the_level, "Jira knows no issue"),
        (deleted, "Jira knows no issue"),
        (resolved, "is resolved (Fixed)"),
        (off, "voting is switched off"),
        (reported, "you reported"),
    ],
)
async def test_each_404_is_told_as_what_it_is(
    house: House, pollbot: Pollbot, verb: str, refuse: Callable[[House], None], sentence: str
) -> None:
    await house.connect(ADA)
    issue = house.jira.issues["PLAT-12"]
    if verb == "DELETE":
        issue.voters.add("acc-ada")
    refuse(house)

    await house.slack.command(ADA, PLANNING, COMMANDS[verb], "PLAT-12")

    told = await house.told(ADA, sentence)
    assert {"POST": "not cast", "DELETE": "not withdrawn"}[verb] in told.text
    assert ("acc-ada" in issue.voters) is (verb == "DELETE")
    await nothing_waits(house, pollbot)


@pytest.mark.parametrize("verb", ["POST", "DELETE"])
@pytest.mark.parametrize(
    ("status", "sentence"),
    [(400, "the issue does not show why"), (403, "does not allow your account")],
)
async def test_a_request_that_jira_does_not_take_is_said_and_not_tried_again(
    house: House, pollbot: Pollbot, verb: str, status: int, sentence: str
) -> None:
    await house.connect(ADA)
    house.jira.faults.fail_next(f"{verb} votes", status, {"errorMessages": ["No."]})

    await asked(house, verb)

    await house.told(ADA, sentence)
    await nothing_waits(house, pollbot)
    assert sum(c.method == verb and c.path.endswith("/votes") for c in house.jira.calls) == 1
    assert ("acc-ada" in house.jira.issues["PLAT-12"].voters) is (verb == "DELETE")


@pytest.mark.parametrize("verb", ["POST", "DELETE"])
async def test_a_401_has_its_person_connect_and_the_wish_waits(house: House, verb: str) -> None:
    await house.connect(ADA)
    house.jira.faults.fail_next(f"{verb} votes", 401, {})

    await asked(house, verb)

    told = await house.told(ADA, "Connect again")
    assert buttons(told) == {"connect_jira": "Connect Jira"}
    house.slack.views.clear()
    house.jira.people["acc-ada"].tokens["new"] = None
    await house.connect(ADA, token="new")
    await house.votes("PLAT-12", 8 if verb == "POST" else 7)


async def test_a_card_shows_the_count_where_voting_is_switched_off(house: House) -> None:
    await house.connect(ADA)
    off(house)

    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")

    await house.card("7 votes")


async def test_the_granular_scopes_of_the_three_operations_are_enough(house: House) -> None:
    ada = house.jira.people["acc-ada"]
    ada.tokens["granular"] = NEEDED | ISSUE
    await house.connect(ADA, token="granular")

    await asked(house, "POST")
    await house.told(ADA, "is counted in Jira")
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    card = await house.card("8 votes")
    assert "Ada of Jira" in str(card.blocks)
    await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-12")
    await house.votes("PLAT-12", 7)


async def test_a_token_that_may_not_read_who_voted_stays_good_when_a_vote_is_refused(
    house: House, pollbot: Pollbot
) -> None:
    me = frozenset({"read:jira-user"})
    # Of what GET votes asks for beside the issue's own scopes.
    house.jira.people["acc-ada"].tokens["granular"] = (NEEDED | ISSUE | me) - {"read:group:jira"}
    await house.connect(ADA, token="granular")
    resolved(house)

    await asked(house, "POST")
    await house.told(ADA, "is resolved (Fixed)")
    await house.vote(ADA, "PLAT-13")

    await house.told(ADA, "is counted in Jira")
    await nothing_waits(house, pollbot)
