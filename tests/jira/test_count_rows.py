"""How many votes issues had is kept day by day, whatever pollbot reads them for."""

import pytest

from pollbot.wiring import Pollbot
from tests.support.house import ADA, PLANNING, House, rest

DAY = 86400.0
COUNTS = "SELECT issue_key, low, high, votes FROM vote_counts ORDER BY issue_key, day"


@pytest.fixture
def others(house: House) -> list[str]:
    """People of Jira who vote there, and not here."""
    return [f"acc-{number}" for number in range(20)]


async def look(house: House, pollbot: Pollbot) -> None:
    """Have pollbot read PLAT-13 once, for a card of it."""
    house.clock.ahead += 120
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")
    await rest(house, pollbot)


async def test_each_day_has_the_fewest_the_most_and_the_last(
    house: House, pollbot: Pollbot, others: list[str]
) -> None:
    await house.connect(ADA)
    house.clock.ahead += DAY - house.clock() % DAY + 60
    issue = house.jira.issues["PLAT-13"]
    for number in (5, 2, 9, 4):
        issue.voters.clear()
        issue.voters |= set(others[:number])
        await look(house, pollbot)
    assert house.rows(COUNTS) == [("PLAT-13", 2, 9, 4)]

    house.clock.ahead += DAY
    await look(house, pollbot)

    assert house.rows(COUNTS) == [("PLAT-13", 2, 9, 4), ("PLAT-13", 4, 4, 4)]


async def test_a_moved_issue_takes_its_counts_along(
    house: House, pollbot: Pollbot, others: list[str]
) -> None:
    await house.connect(ADA)
    house.clock.ahead += DAY - house.clock() % DAY + 60
    house.jira.issues["PLAT-13"].voters |= set(others[:5])
    await look(house, pollbot)
    house.jira.move("PLAT-13", "OPS-4")
    house.jira.issues["OPS-4"].voters |= set(others[:7])

    await look(house, pollbot)

    assert house.rows(COUNTS) == [("OPS-4", 5, 7, 7)]
