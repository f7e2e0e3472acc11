"""/votes with JQL: a list of what it finds, to vote on, at once."""

import pytest

from pollbot.jira.jql import is_query
from pollbot.sandbox.slack import Message
from tests.support.house import ADA, PLANNING, House
from tests.support.team_voice import command, words

BY_QUERY = "project = PLAT AND resolution IS EMPTY ORDER BY votes DESC"


async def ballot(house: House) -> Message:
    return await house.card("Vote on these issues")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("project = PLAT", True),
        ("project=PLAT ORDER BY votes", True),
        ("order by votes", True),
        ("status in (Open, Done)", True),
        ("status not in (Open)", True),
        ("votes >= 3", True),
        ('text ~ "export"', True),
        ('"Story points" > 3', True),
        ("cf[10001] = 1", True),
        ("PLAT-12", False),
        ("plat-12 please", False),
        ("https://acme.atlassian.net/browse/PLAT-12?a=b", False),
        ("coffee", False),
        ("", False),
        ("this is in PLAT", False),
    ],
)
def test_jql_is_told_from_an_issue(text: str, asked: bool) -> None:
    assert is_query(text) is asked


@pytest.mark.usefixtures("pollbot")
async def test_a_query_is_a_list_to_vote_on(house: House) -> None:
    await house.connect(ADA)

    assert await command(house, ADA, BY_QUERY, "/votes") == ""

    card = await ballot(house)
    assert "PLAT-12 Export" in card.text
    assert "PLAT-13" in card.text
    assert "PLAT-7" not in card.text
    vote = next(
        one
        for block in card.blocks
        for one in block.get("elements", [])
        if '"PLAT-13"' in one.get("value", "")
    )
    await house.slack.press(ADA, card.id, "vote", value=vote["value"])
    await house.votes("PLAT-13", 1)
    await house.slack.until(lambda: "PLAT-13 Dark mode (1 vote)" in card.text, what="the vote")


@pytest.mark.parametrize("text", ["votes &gt; 3", "summary ~ “export”"])
@pytest.mark.usefixtures("pollbot")
async def test_it_is_read_as_it_was_typed(house: House, text: str) -> None:
    await house.connect(ADA)

    await command(house, ADA, text, "/votes")

    assert "PLAT-12" in (await ballot(house)).text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("project = NOPE", "Jira does not take that JQL"),
        ("project = PLAT AND", "Jira does not take that JQL"),
        ("votes > 1000", "Jira finds no issue by that JQL"),
        (f"text ~ '{'x' * 2001}'", "2,010 characters"),
    ],
)
@pytest.mark.usefixtures("pollbot")
async def test_what_finds_nothing_is_said(house: House, text: str, why: str) -> None:
    await house.connect(ADA)

    said = await command(house, ADA, text, "/votes")

    if why not in said:
        await house.told(ADA, why)
    posted = [m for m in house.slack.messages if m.channel == PLANNING and not m.ephemeral_for]
    assert posted == []


@pytest.mark.usefixtures("pollbot")
async def test_a_list_has_the_name_that_was_typed_and_nothing_that_is_done(house: House) -> None:
    await house.connect(ADA)

    await command(house, ADA, "project = PLAT as “What next?”", "/votes")

    card = await ballot(house)
    assert card.text.startswith("What next?: Vote on these issues – ")
    assert "PLAT-12" in card.text
    assert "PLAT-7" not in card.text
    assert "project = PLAT" not in str(card.blocks)
    await command(house, ADA, "project = PLAT AND resolution IS NOT EMPTY as Done ones", "/votes")
    assert "PLAT-7" in (await house.card("Done ones: Vote on these issues")).text


@pytest.mark.usefixtures("pollbot")
async def test_who_is_not_connected_is_asked_to(house: House) -> None:
    await command(house, ADA, BY_QUERY, "/votes")

    await house.told(ADA, "Jira shows these issues only to people it knows")


@pytest.mark.usefixtures("pollbot")
async def test_jira_away_delays_it(house: House) -> None:
    await house.connect(ADA)
    house.jira.faults.mode = "down"
    await command(house, ADA, BY_QUERY, "/votes")
    await house.told(ADA, "The list of issues appears by itself as soon as Jira is back")
    house.jira.faults.mode = "up"
    house.clock.ahead += 60

    assert "PLAT-12" in (await ballot(house)).text


@pytest.mark.usefixtures("pollbot")
async def test_an_issue_is_its_card_as_before(house: House) -> None:
    await house.connect(ADA)

    assert words(await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")) == ""

    assert (await house.card("PLAT-12")).text.startswith("PLAT-12: Export")
