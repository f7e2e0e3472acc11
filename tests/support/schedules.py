"""Short ways to schedule something: from a card's button to the saved form, and its list."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pollbot.sandbox.slack import Answer, Message
from tests.support.catalog import unbracketed
from tests.support.house import ADA, PLANNING, TWO_OF_US, House, buttons

CHANGED = "schedule_changed"
_PLAIN = {"query", "name", "view", "channel", "missed"}


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
            if element["type"] == "button" and unbracketed(element["text"]["text"]) == label:
                return await house.slack.press(
                    user, message.id, element["action_id"], value=element["value"]
                )
    raise AssertionError(f"no button “{label}” in {buttons(message)}")


async def form(house: House, user: str = ADA, callback_id: str = "schedule") -> Any:
    """Return the form that is open for the user, that of a schedule."""
    return await house.slack.until(
        lambda: next(
            (
                view
                for view in house.slack.views.values()
                if view.user == user and view.view.get("callback_id") == callback_id
            ),
            None,
        ),
        what=f"the form {callback_id}",
    )


async def change(house: House, field: str, value: Any, user: str = ADA) -> None:
    """Change one of the fields that redraw the form, and wait for that."""
    view = await form(house, user)
    before = view.hash
    await house.slack.view_action(user, view.id, CHANGED, block_id=field, value=value)
    await house.slack.until(lambda: view.hash != before, what=f"a form redrawn after {field}")


async def submit(house: House, user: str = ADA, **fields: Any) -> Answer:
    """Fill in the open form and send it; return once it is known how that went.

    On a busy machine the form may say that it takes its time; a word of its own follows then.
    """
    view = await form(house, user)
    before = len(house.words(user))
    values = {
        name: {("value" if name in _PLAIN else CHANGED): value} for name, value in fields.items()
    }
    answer = await house.slack.submit(user, view.id, values)
    if "takes its time" in told_in_form(answer):
        await house.slack.until(
            lambda: len(house.words(user)) > before, what="a word on how the form went"
        )
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


async def listed(house: House, user: str = ADA) -> Message:
    """Return the list of schedules as it is shown to the user now."""
    await house.slack.command(user, PLANNING, "/pollbot", "schedules")
    return await house.slack.until(
        lambda: next((m for m in reversed(house.slack.messages) if m.ephemeral_for == user), None)
    )


async def lines(house: House, user: str = ADA, *, channel: str = TWO_OF_US) -> list[str]:
    """Return what the list of schedules says of each, where no other story looks."""
    answer = await house.slack.command(user, channel, "/pollbot", "schedules")
    assert answer.status == 200, answer
    said = [words for block in (answer.json or {})["blocks"] if "\n" in (words := _read(block))]
    assert said or "no schedules" in answer.body, answer
    return said


def _read(block: dict[str, Any]) -> str:
    """Return the words of a paragraph; it is rich text where its words hold marks."""
    if block["type"] == "section":
        return str(block["text"]["text"])
    if block["type"] != "rich_text":
        return ""
    pieces = [piece for part in block["elements"] for piece in part["elements"]]
    return "".join(str(piece.get("text") or piece.get("fallback") or "") for piece in pieces)


async def line(house: House, user: str = ADA, *, channel: str = TWO_OF_US) -> str:
    """Return what the list says of the one schedule."""
    (only,) = await lines(house, user, channel=channel)
    return only


async def next_at(house: House, user: str = ADA, *, channel: str = TWO_OF_US) -> float | None:
    """Return when the list says that the first schedule posts next; None if it is over."""
    said = (await lines(house, user, channel=channel))[0]
    if "It is over" in said:
        return None
    found = re.search(r"\nNext: \w+ (\d+ \w+ \d+, \d+:\d+) (\S+)\.", said)
    zone = re.search(r"\(([\w/+-]+)\)", said)
    assert found, said
    assert zone, said
    there = datetime.strptime(f"{found[1]} +0000", "%d %b %Y, %H:%M %z")
    there = there.replace(tzinfo=ZoneInfo(zone[1]))
    for fold in (0, 1):  # which of the two hours that have one name, in autumn
        at = there.replace(fold=fold)
        if at.tzname() == found[2].removeprefix("UTC"):
            return at.timestamp()
    return there.timestamp()


async def until_due(house: House, user: str = ADA, *, before: float = -1.0) -> None:
    """Move the clock to right after the next due time, or so many seconds before it."""
    due = await next_at(house, user)
    assert due is not None
    house.clock.ahead += due - house.clock() - before


async def new(house: House, what: str, query: str) -> None:
    """Schedule what the list of schedules offers as new, daily, as Ada, who is connected."""
    await press(house, ADA, await listed(house), f"New: {what}")
    await form(house)
    await change(house, "every", "daily")
    answer = await submit(house, query=query, at="09:00", channel=PLANNING)
    assert answer.status == 200, answer


async def a_ballot(house: House) -> None:
    """Schedule a ballot of the issues of PLAT, daily."""
    await new(house, "ballot", "project = PLAT ORDER BY key")


async def top_issues(house: House) -> None:
    """Schedule the top voted issues of PLAT, daily."""
    await new(house, "top voted issues", "PLAT")


async def an_issue(house: House) -> None:
    """Schedule the votes of PLAT-12, daily."""
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    await schedule(house, await house.card("PLAT-12"), every="daily", at="09:00")
