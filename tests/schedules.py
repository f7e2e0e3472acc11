"""Short ways to schedule something: from a card's button to the saved form."""

from typing import Any

from pollbot.sandbox.slack import Answer, Message
from tests.support import ADA, PLANNING, House, buttons

CHANGED = "schedule_changed"
_PLAIN = {"query", "view", "channel", "missed"}


async def lunch(house: House, *, text: str = '"Lunch?" "Pizza" "Soup"') -> Message:
    """Return the card of a poll that was just made."""
    question = text.partition('"')[2].partition('"')[0]
    await house.slack.command(ADA, PLANNING, "/poll", text)
    return await house.card(question)


async def press(house: House, user: str, message: Message, label: str) -> Answer:
    """Press the button of a message with that text."""
    for block in message.blocks:
        elements = [
            *block.get("elements", []),
            *([block["accessory"]] if "accessory" in block else []),
        ]
        for element in elements:
            if element["type"] == "button" and element["text"]["text"] == label:
                return await house.slack.press(
                    user, message.id, element["action_id"], value=element["value"]
                )
    raise AssertionError(f"no button “{label}” in {buttons(message)}")


async def form(house: House, user: str = ADA) -> Any:
    """Return the schedule form that is open for the user."""
    return await house.slack.until(
        lambda: next(
            (
                view
                for view in house.slack.views.values()
                if view.user == user and view.view.get("callback_id") == "schedule"
            ),
            None,
        ),
        what="the form of a schedule",
    )


async def change(house: House, field: str, value: Any, user: str = ADA) -> None:
    """Change one of the fields that redraw the form, and wait for that."""
    view = await form(house, user)
    before = view.hash
    await house.slack.view_action(user, view.id, CHANGED, block_id=field, value=value)
    await house.slack.until(lambda: view.hash != before, what=f"a form redrawn after {field}")


async def submit(house: House, user: str = ADA, **fields: Any) -> Answer:
    """Fill in the open form and send it."""
    view = await form(house, user)
    values = {
        name: {("value" if name in _PLAIN else CHANGED): value} for name, value in fields.items()
    }
    answer = await house.slack.submit(user, view.id, values)
    if view.id in house.slack.views:
        await house.slack.close(user, view.id)
    return answer


async def schedule(house: House, card: Message, *, user: str = ADA, **fields: Any) -> Answer:
    """Press *Schedule results* on the card, fill in the form and send it."""
    await press(house, user, card, "Schedule results")
    for field in ("every", "end"):
        if field in fields:
            await change(house, field, fields.pop(field), user)
    return await submit(house, user, **fields)


def told_in_form(answer: Answer) -> str:
    """Return the words of the window that a form turned into."""
    return str((answer.json or {}).get("view", {}).get("blocks"))


def errors(answer: Answer) -> dict[str, str]:
    """Return what the form says is wrong, by field."""
    return dict((answer.json or {}).get("errors", {}))
