"""Short ways to make thresholds: from the command or a menu to the saved form, and its list."""

from typing import Any

from pollbot.sandbox.slack import Answer, Message
from pollbot.wiring import Pollbot
from tests.support.house import ADA, PLANNING, House, rest
from tests.support.schedules import form as open_form
from tests.support.schedules import told_in_form

LOOK = 610.0
"""Seconds after which pollbot has looked once more."""


async def form(house: House, user: str = ADA) -> Any:
    """Return the form that is open for the user."""
    return await open_form(house, user, "threshold")


async def opened(house: House, typed: str = "15 PLAT-13", user: str = ADA) -> Any:
    """Open the form by the command."""
    await house.slack.command(user, PLANNING, "/pollbot", f"tell {typed}")
    return await form(house, user)


async def submit(house: House, user: str = ADA, **fields: Any) -> Answer:
    """Send the open form with these fields; ``channel`` None leaves it empty."""
    view = await form(house, user)
    values = {name: {"value": value} for name, value in fields.items()}
    return await house.slack.submit(user, view.id, values)


async def preview(house: House, user: str = ADA, **fields: Any) -> str:
    """Send the open form the first time; return what it shows then."""
    answer = await submit(house, user, **fields)
    assert answer.status == 200, answer
    view = await form(house, user)
    await house.slack.until(
        lambda: "what it would have done" in str(view.view), what=f"a preview, not {answer}"
    )
    return str(view.view["blocks"])


async def save(house: House, user: str = ADA, **fields: Any) -> str:
    """Send the open form until it is saved; return what is said of that."""
    await preview(house, user, **fields)
    answer = await submit(house, user, **fields)
    said = told_in_form(answer)
    assert "Saved" in said, answer
    view = next(view for view in house.slack.views.values() if view.user == user)
    await house.slack.close(user, view.id)
    return said


async def tells(
    house: House,
    pollbot: Pollbot,
    typed: str = "5 PLAT-13",
    *,
    user: str = ADA,
    channel: str | None = PLANNING,
) -> None:
    """Make a threshold, and wait until pollbot has looked for the first time."""
    await opened(house, typed, user)
    await save(house, user, channel=channel)
    await rest(house, pollbot)


def vote_in_jira(house: House, key: str, votes: int) -> None:
    """Have an issue have so many votes, of people whom pollbot does not know."""
    voters = house.jira.issues[key].voters
    voters.clear()
    voters |= {f"acc-{number}" for number in range(votes)}


async def look(house: House, pollbot: Pollbot, seconds: float = LOOK) -> None:
    """Let time pass until pollbot has looked again, and told what it has to tell."""
    await rest(house, pollbot)
    house.clock.ahead += seconds
    await rest(house, pollbot)
    # What waits for more of it for a second, too.
    house.clock.ahead += 3.0
    await rest(house, pollbot)
    house.clock.ahead += 3.0
    await rest(house, pollbot)


def told(house: House, channel: str = PLANNING) -> list[Message]:
    """Return what thresholds told in a channel."""
    return [
        one
        for one in house.slack.messages
        if one.channel == channel and one.ephemeral_for is None and "reached" in one.text
    ]


async def listed(house: House, user: str = ADA, channel: str = PLANNING) -> Message:
    """Return the list of thresholds as it is shown to the user now."""
    before = len(house.slack.messages)
    await house.slack.command(user, channel, "/pollbot", "thresholds")
    return await house.slack.until(
        lambda: next(
            (m for m in reversed(house.slack.messages[before:]) if m.ephemeral_for == user), None
        ),
        what="the list",
    )
