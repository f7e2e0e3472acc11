"""A threshold tells once that an issue reached a number of votes, and first what it would have."""

from pollbot.wiring import Pollbot
from tests.support.house import ADA, House, shown
from tests.support.thresholds import look, tells, told, vote_in_jira


async def test_a_channel_is_told_once_that_an_issue_has_so_many_votes(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    await tells(house, pollbot, "5 PLAT-13")
    vote_in_jira(house, "PLAT-13", 4)
    await look(house, pollbot)
    assert told(house) == []

    vote_in_jira(house, "PLAT-13", 6)
    for _ in range(3):
        await look(house, pollbot)

    [message] = told(house)
    assert message.text.startswith(":bell: PLAT-13 reached 5 votes.")
    assert "Threshold of Ada" in shown(message)
    assert "6 votes" in shown(message)
