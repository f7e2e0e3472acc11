"""The form in which admins say what is allowed, in short."""

from typing import Any

from pollbot.sandbox.slack import Answer, View
from pollbot.sandbox.slack.things import UserGroup
from tests.support.house import ADA, PLANNING, House
from tests.support.polls import window


async def close_windows(house: House, user: str) -> None:
    for open_ in reversed(house.slack.stack_of(user)):
        await house.slack.close(user, open_.id)


async def setup_form(house: House, user: str = ADA) -> View:
    """Open the form of all that admins set up."""
    await close_windows(house, user)
    await house.slack.command(user, PLANNING, "/pollbot", "setup")
    return await window(house, user, '"callback_id": "setup"')


async def rights_form(house: House, user: str = ADA) -> View:
    """Open the form with who makes polls, on which projects, and where."""
    form = await setup_form(house, user)
    answer = await house.slack.view_action(user, form.id, "rights")
    assert (answer.status, answer.error) == (200, None), answer
    return await window(house, user, '"callback_id": "rights"')


async def submit_rights(house: House, form: View, **chosen: Any) -> Answer:
    """Choose ``makers``, ``group``, ``people``, ``projects``, ``places``, ``channels``; save."""
    return await house.slack.submit(
        form.user, form.id, {field: {"value": value} for field, value in chosen.items()}
    )


async def allow(house: House, user: str = ADA, **chosen: Any) -> None:
    """Have the workspace allow that; see ``submit_rights``."""
    form = await rights_form(house, user)
    answer = await submit_rights(house, form, **chosen)
    assert (answer.status, answer.error) == (200, None), answer
    assert "errors" not in answer.body, answer
    done = await window(house, user, '"callback_id": "setup"')
    await house.slack.close(user, done.id)


def add_group(house: House, id: str, handle: str, users: list[str]) -> None:
    """Have a user group of these people in Slack."""
    house.slack.groups[id] = UserGroup(id, handle, handle.title(), set(users))


async def retention_form(house: House, user: str = ADA) -> View:
    """Open the form with how long what is over is kept."""
    form = await setup_form(house, user)
    answer = await house.slack.view_action(user, form.id, "retention")
    assert (answer.status, answer.error) == (200, None), answer
    return await window(house, user, '"callback_id": "retention"')


async def keep_for(house: House, **days: str) -> None:
    """Have the workspace keep ``polls``, ``audit`` or ``work`` for so many days."""
    form = await retention_form(house)
    answer = await submit_rights(house, form, **days)
    assert (answer.status, answer.error) == (200, None), answer
    assert "errors" not in answer.body, answer
    done = await window(house, ADA, '"callback_id": "setup"')
    await house.slack.close(ADA, done.id)
