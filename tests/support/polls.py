"""Polls by the form and by *More*, in short."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pollbot.sandbox.slack import Answer, Message, View
from tests.support.catalog import unbracketed
from tests.support.house import ADA, PLANNING, TWO_OF_US, House, shown

HOUR, DAY = 3600.0, 86400.0
BOUND = 10.0
MORE = '"more_settings"'


def at(house: House, seconds: float) -> int:
    """Return a full minute about ``seconds`` ahead, in unix seconds."""
    return int((house.clock() + seconds) // 60 * 60)


def until(house: House, seconds: float) -> str:
    """Return the words of a command that close a poll about ``seconds`` ahead."""
    return f"until {datetime.fromtimestamp(at(house, seconds), UTC):%Y-%m-%dT%H:%MZ}"


async def poll(house: House, words: str, *, user: str = ADA, channel: str = PLANNING) -> Message:
    """Make a poll by command, and return its card."""
    answer = await house.slack.command(user, channel, "/poll", words)
    assert (answer.status, answer.body) == (200, ""), answer
    return await house.card(words.partition('"')[2].partition('"')[0], channel=channel)


async def form_poll(house: House, **wishes: Any) -> Message:
    """Make a poll, “Lunch?”, by its form, and return its card; see ``submitted``."""
    answer = await submitted(house, **wishes)
    assert (answer.status, answer.error) == (200, None), answer
    assert "errors" not in answer.body, answer
    return await house.card(wishes.get("title", "Lunch?"), channel=wishes.get("channel", PLANNING))


async def submitted(
    house: House,
    *,
    ends_in: float | None = None,
    remind: float | None = None,
    record: bool = False,
    where: str = "",
    settings: tuple[str, ...] = ("changeable", "names"),
    user: str = ADA,
    title: str = "Lunch?",
    channel: str = PLANNING,
) -> Answer:
    """Fill in and send the form of a new poll."""
    await house.slack.command(user, channel, "/poll", where)
    form = await window(house, user, '"callback_id": "create_poll"')
    chosen: dict[str, Any] = {"title": title, "options": "Pizza\nSoup"}
    if settings != ("changeable", "names"):
        chosen["settings"] = list(settings)
    if ends_in is not None:
        chosen["end"] = at(house, ends_in)
    if remind is not None:
        chosen["remind"] = str(int(remind))
    if record:
        chosen["record"] = ["record"]
    if chosen.keys() - {"title", "options"}:
        await all_of(house, form)
    values = {field: {element(form, field): value} for field, value in chosen.items()}
    return await house.slack.submit(user, form.id, values)


async def all_of(house: House, form: View) -> View:
    """Return the form of a new poll with what stands under *More settings*."""
    if MORE not in drawn(form):
        return form
    pressed = await house.slack.view_action(form.user, form.id, "more_settings")
    assert (pressed.status, pressed.error) == (200, None), pressed
    await house.slack.until(lambda: MORE not in drawn(form), BOUND, what="all of the form")
    return form


async def why_not(house: House, user: str, answer: Answer) -> str:
    """Return why a command made no poll: what it is answered, or what its form says."""
    assert (answer.status, answer.error) == (200, None), answer
    if answer.body:
        return answer.body
    form = await window(house, user, '"callback_id": "create_poll"')
    return drawn(form)


def element(view: View, block_id: str) -> str:
    """Return the action_id of a field's element."""
    return next(
        str(block["element"]["action_id"])
        for block in view.view["blocks"]
        if block.get("block_id") == block_id
    )


async def send_form(house: House, form: View, fields: Mapping[str, Any]) -> Answer:
    """Fill in some fields of a form, by their block_id, and send it."""
    values = {name: {element(form, name): value} for name, value in fields.items()}
    sent = await house.slack.submit(form.user, form.id, values)
    assert (sent.status, sent.error) == (200, None), sent
    return sent


def refused(sent: Answer) -> dict[str, str]:
    """Return what the form says is wrong, by field; nothing if it was taken."""
    return dict((sent.json or {}).get("errors", {}))


async def window(house: House, user: str, part: str) -> View:
    """Return the window in front of the person once it has ``part`` in it."""

    def there() -> View | None:
        return next((v for v in house.slack.stack_of(user)[-1:] if part in drawn(v)), None)

    return await house.slack.until(
        there,
        BOUND,
        what=f"a window with “{part}”: {[drawn(v) for v in house.slack.stack_of(user)]}",
    )


def drawn(view: View) -> str:
    return json.dumps(view.view, ensure_ascii=False)


async def more(house: House, user: str, card: Message) -> View:
    """Open what else can be done with the card's poll."""
    for open_ in reversed(house.slack.stack_of(user)):
        await house.slack.close(user, open_.id)
    await house.slack.press(user, card.id, action(card, "More"))
    return await window(house, user, '"callback_id": "poll_more"')


async def manage(house: House, user: str, card: Message, action_id: str, part: str) -> View:
    """Press something under *More*; return the window once it says ``part``."""
    opened = await more(house, user, card)
    answer = await house.slack.view_action(user, opened.id, action_id)
    assert (answer.status, answer.error) == (200, None), answer
    return await window(house, user, part)


async def close(house: House, user: str, card: Message) -> View:
    return await manage(house, user, card, "close_poll", "takes no more answers")


async def reopen(house: House, user: str, card: Message, *, ends_in: float | None = None) -> str:
    """Open a closed poll again, with a new end or with none; return what is said of it."""
    form = await manage(house, user, card, "reopen_poll", '"callback_id": "reopen_poll_form"')
    end = None if ends_in is None else at(house, ends_in)
    sent = await house.slack.submit(user, form.id, {"end": {"value": end}})
    assert "is open and takes answers again" in sent.body, sent
    return str(sent.json)


async def add_option(house: House, user: str, card: Message, text: str) -> str:
    """Add an option by the card; return what is said."""
    for open_ in reversed(house.slack.stack_of(user)):
        await house.slack.close(user, open_.id)
    await house.slack.press(user, card.id, action(card, "Add an option"))
    form = await window(house, user, '"callback_id": "add_option_form"')
    sent = await house.slack.submit(user, form.id, {"new_option": {"value": text}})
    assert (sent.status, sent.error) == (200, None), sent
    return sent.body


async def answer(house: House, user: str, card: Message, label: str) -> None:
    """Press an option of the card, once it is there."""
    await house.slack.until(lambda: label in labels(card).values(), BOUND, what=f"{label} to press")
    pressed = await house.slack.press(user, card.id, action(card, label))
    assert pressed.status == 200, pressed


def action(message: Message, label: str) -> str:
    """Return the action_id of the message's one button with this label."""
    found = [one for one, text in labels(message).items() if text == label]
    assert len(found) == 1, labels(message)
    return found[0]


def labels(message: Message) -> dict[str, str]:
    """Return the texts of the message's buttons by action_id; menus are left out."""
    return {
        element["action_id"]: unbracketed(element["text"]["text"])
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    }


def offers(view: View) -> list[str]:
    """Return the labels of the window's buttons."""
    return [
        element["text"]["text"]
        for block in view.view["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def replies(house: House, card: Message) -> list[Message]:
    """Return what stands in the thread under a message."""
    return [m for m in house.slack.messages if m.thread_ts == card.ts and m.id != card.id]


async def reply(house: House, card: Message, part: str, *, count: int = 1) -> Message:
    """Return the ``count``-th reply under the card, which has ``part`` in it, once it is there."""
    await house.slack.until(
        lambda: len(replies(house, card)) >= count,
        BOUND,
        what=f"reply {count} under the card, instead of {[m.text for m in replies(house, card)]}",
    )
    found = replies(house, card)[count - 1]
    assert part in found.text, found.text
    return found


def poll_id(message: Message) -> str:
    """Return the poll that the message's buttons are about."""
    return str(remembered(message, "poll"))


def remembered(message: Message, name: str) -> Any:
    """Return what the message's buttons remember under this name."""
    values = [
        json.loads(element["value"])
        for block in message.blocks
        for element in block.get("elements", [])
        if "value" in element
    ]
    (only,) = {value[name] for value in values if name in value}
    return only


async def polls_listed(house: House, where: str = "", *, user: str = ADA) -> list[str]:
    """Return what `/poll list` says of each poll on an issue or page, or of one's own on none."""
    answer = await house.slack.command(user, TWO_OF_US, "/poll", f"list {where}".strip())
    said = [
        block["text"]["text"]
        for block in (answer.json or {})["blocks"]
        if block["type"] == "section" and "\n" in block["text"]["text"]
    ]
    assert said or "There are no polls" in answer.body, answer
    return said


def end_of(message: Message) -> int | None:
    """Return when the poll closes or closed, as the message says it; None if it says nothing."""
    found = re.search(r"Close[sd] on <!date\^(\d+)\^", shown(message))
    return int(found[1]) if found else None


def chosen(view: View, block_id: str) -> Any:
    """Return what a field of the form has in it when it opens: a text, a value or a moment."""
    field = next(
        block["element"] for block in view.view["blocks"] if block.get("block_id") == block_id
    )
    for name in ("initial_value", "initial_date_time", "initial_users"):
        if name in field:
            return field[name]
    if "initial_options" in field:
        return [option["value"] for option in field["initial_options"]]
    return field["initial_option"]["value"] if "initial_option" in field else None


def hanging(house: House) -> list[Message]:
    """Return the cards of polls in channels: each has a way to what else can be done."""
    return [m for m in house.slack.messages if "More" in labels(m).values()]


async def defaults_form(house: House, user: str = ADA) -> View:
    """Open the form with what polls begin with in the workspace."""
    for open_ in reversed(house.slack.stack_of(user)):
        await house.slack.close(user, open_.id)
    await house.slack.command(user, PLANNING, "/pollbot", "setup")
    form = await window(house, user, '"callback_id": "setup"')
    answer = await house.slack.view_action(user, form.id, "poll_defaults")
    assert (answer.status, answer.error) == (200, None), answer
    return await window(house, user, '"callback_id": "poll_defaults"')


async def submit_defaults(house: House, form: View, **chosen: Any) -> Answer:
    """Choose some of ``settings``, ``visibility``, ``end``, ``remind``, ``record``; save that."""
    return await house.slack.submit(
        form.user, form.id, {field: {"value": value} for field, value in chosen.items()}
    )


async def set_defaults(house: House, user: str = ADA, **chosen: Any) -> None:
    """Have polls begin with that in the workspace; see ``submit_defaults``."""
    form = await defaults_form(house, user)
    answer = await submit_defaults(house, form, **chosen)
    assert (answer.status, answer.error) == (200, None), answer
    assert "errors" not in answer.body, answer
    done = await window(house, user, '"callback_id": "setup"')
    await house.slack.close(user, done.id)
