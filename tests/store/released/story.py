"""What people do before a database is put aside, with the words that every version understands.

It is run by the tests of the version that it is about (``make.py``), so it takes what it needs of
them by whatever name they have there, and leaves out what that version cannot do.
"""

import asyncio
import importlib
import os
import re
import sqlite3
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

KEY = urlsafe_b64encode(b"a key of no use, for these files").decode()
NOBODYS_SITE = "https://acme.example"
DAY, HOUR = 86400.0, 3600.0


def of_the_tests(*names: str) -> Any:
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


async def soon(what: Callable[[], Any]) -> Any:
    """Return what is there within six seconds."""
    async with asyncio.timeout(6):
        while not (found := what()):
            await asyncio.sleep(0.02)
    return found


async def test_story(house: Any) -> None:
    words = of_the_tests("tests.support.house", "tests.support")
    ada, ben, cleo, channel = words.ADA, words.BEN, words.CLEO, words.PLANNING
    slack = house.slack

    async def say(command: str, text: str, who: str = ada) -> None:
        await slack.command(who, channel, command, text)

    async def card(title: str) -> Any:
        return await soon(
            lambda: next(
                (
                    message
                    for message in reversed(slack.messages)
                    if message.ephemeral_for is None
                    and message.channel == channel
                    and title in message.text + str(message.blocks)
                ),
                None,
            )
        )

    async def press(who: str, message: Any, word: str) -> None:
        buttons = {
            element["text"]["text"]: element["action_id"]
            for block in message.blocks
            for element in [*block.get("elements", []), block.get("accessory", {})]
            if element.get("type") == "button"
        }
        await slack.press(who, message.id, next(buttons[text] for text in buttons if word in text))

    async def poll(text: str, title: str, answers: Sequence[tuple[str, str]]) -> Any:
        await say("/poll", text)
        message = await card(title)
        for who, word in answers:
            await press(who, message, word)
        return message

    async def vote() -> None:
        await house.connect(ada)
        await say("/vote", "PLAT-12")
        await soon(lambda: house.jira.votes("PLAT-12") == 8)
        await say("/votes", "PLAT-12")
        await card("PLAT-12")
        await say("/pollbot", "link PLAT-13")

    async def named() -> None:
        await poll(
            'here "Lunch?" "Pizza" "Soup"',
            "Lunch?",
            [(ada, "Pizza"), (ben, "Soup"), (cleo, "Soup")],
        )

    async def named_before_channels_were_left() -> None:
        await poll(
            '"Lunch?" "Pizza" "Soup"', "Lunch?", [(ada, "Pizza"), (ben, "Soup"), (cleo, "Soup")]
        )

    async def anonymous() -> None:
        chosen = [(ada, "Yes"), (ben, "No"), (cleo, "No"), (ada, "No")]
        await poll('anonymous multi "Leaving?" "Yes" "No"', "Leaving?", chosen)

    async def anonymous_and_over() -> None:
        chosen = [(ada, "Yes"), (ben, "No"), (cleo, "No")]
        await press(ada, await poll('anonymous "Over?" "Yes" "No"', "Over?", chosen), "More")
        window = await soon(
            lambda: next((v for v in slack.stack_of(ada) if "close_poll" in str(v.view)), None)
        )
        await slack.view_action(ada, window.id, "close_poll")
        await soon(lambda: house.rows("SELECT 1 FROM polls WHERE closed_at IS NOT NULL"))
        for view in slack.stack_of(ada):
            await slack.close(ada, view.id)

    async def schedule() -> None:
        theirs = of_the_tests("tests.support.schedules", "tests.schedules")
        await theirs.schedule(house, await theirs.lunch(house), every="daily", at="09:00")

    async def reminder_and_record() -> None:
        theirs, wishes = of_the_tests("tests.support.polls", "tests.polls"), {"remind": HOUR}
        await theirs.form_poll(house, ends_in=2 * DAY, record=True, where="PLAT-12", **wishes)

    async def what_waits() -> None:
        house.jira.faults.mode = "down"
        await say("/vote", "PLAT-13")
        await say("/vote", "PLAT-12", ben)
        await say("/poll", 'PLAT-12 "Later?" "Pizza" "Soup"')
        await asyncio.sleep(0.5)  # what was accepted goes its way, as far as it gets

    async with house.program(encryption_keys=KEY):
        await vote()
        for deed in (
            *(named, anonymous, anonymous_and_over, schedule, reminder_and_record, what_waits),
        ):
            instead = named_before_channels_were_left if deed is named else None
            await as_far_as_it_can(deed, instead)
    keep(house.database, Path(os.environ["KEEP_IN"]))


async def as_far_as_it_can(
    deed: Callable[[], Awaitable[None]], instead: Callable[[], Awaitable[None]] | None = None
) -> None:
    try:
        await deed()
    except (AssertionError, AttributeError, StopIteration, TimeoutError, TypeError) as error:
        print(f"{deed.__name__}: not in this version ({type(error).__name__} {error})")
        if instead is not None:
            await as_far_as_it_can(instead)


def keep(database: Path, to: Path) -> None:
    """Write the database as text, with nobody's address for the stand-in's."""
    db = sqlite3.connect(database)
    text = re.sub(r"http://127\.0\.0\.1:\d+", NOBODYS_SITE, "\n".join(db.iterdump()))
    db.close()
    own = database.with_name(database.name + ".poll-key")
    head = f"-- poll-key: {own.read_text().strip()}\n" if own.exists() else ""
    to.write_text(f"{head}{text}\n")
