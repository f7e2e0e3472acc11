"""Team Voice and Confluence beside the pretended Slack and Jira, and short ways to use them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pollbot.sandbox.slack import Answer, Message, View
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from tests.support import stored
from tests.support.house import PLANNING, House, buttons

VOICE_TOKEN = "team-voice-token-of-the-site"
SPACE, PAGE, MACRO = "65601", "98305", "3f6c2d1e-5b7a-poll"
PATIENCE = 10.0
SLACK_WAITS = 3.0


@asynccontextmanager
async def team_voice(house: House) -> AsyncIterator[TeamVoiceStandIn]:
    """Serve Team Voice, with a token for PLAT and the space; and a page in that space."""
    stand_in = TeamVoiceStandIn(now=house.clock)
    stand_in.add_token(VOICE_TOKEN, {"PLAT", SPACE})
    space = house.jira.confluence.add_space(SPACE, "DOCS", "Product docs")
    house.jira.confluence.add_page(PAGE, space, "Release plan")
    await stand_in.start()
    try:
        yield stand_in
    finally:
        await stand_in.stop()


def by_default(voice: TeamVoiceStandIn) -> dict[str, Any]:
    """Return the settings that make this Team Voice the home of every project's polls."""
    return {"team_voice_url": voice.url, "team_voice_token": VOICE_TOKEN}


async def connect(house: House, *users: str) -> None:
    """Connect their Jira accounts, and close the window that says so."""
    for user in users:
        await house.connect(user)
        await close_windows(house, user)


async def close_windows(house: House, user: str) -> None:
    for view in reversed(house.slack.stack_of(user)):
        await house.slack.close(user, view.id)


async def command(
    house: House, user: str, text: str, name: str = "/poll", channel: str = PLANNING
) -> str:
    """Run a command within the time that Slack gives; return the words of its answer."""
    answer = await house.slack.command(user, channel, name, text)
    in_time(answer)
    return words(answer)


def in_time(answer: Answer) -> None:
    assert answer.status == 200, answer
    assert answer.seconds < SLACK_WAITS, answer


def words(answer: Answer) -> str:
    """Return what the answer to a command or a form says; empty if it says nothing."""
    said = answer.json or {}
    parts = [str(said.get("text") or ""), *(said.get("errors") or {}).values()]
    return "\n".join(part for part in parts if part)


async def card_says(house: House, card: Message, *parts: str) -> None:
    """Wait until the card's words have all of these parts."""
    await house.slack.until(
        lambda: all(part in card.text for part in parts),
        timeout=PATIENCE * 1.5,
        what=f"a card with {parts}, the last one: {card.text}",
    )


def action(message: Message, label: str) -> str:
    """Return the action_id of the message's one button with this label."""
    found = [one for one, text in buttons(message).items() if label in text]
    assert len(found) == 1, buttons(message)
    return found[0]


async def press(house: House, user: str, message: Message, label: str) -> Answer:
    answer = await house.slack.press(user, message.id, action(message, label))
    in_time(answer)
    return answer


async def window(house: House, user: str, part: str) -> View:
    """Return the window in front of the person once it has ``part`` in it."""
    return await house.slack.until(
        lambda: next((v for v in house.slack.stack_of(user)[-1:] if part in _drawn(v)), None),
        timeout=PATIENCE,
        what=f"a window with “{part}” instead of {[_drawn(v) for v in house.slack.stack_of(user)]}",
    )


async def more(house: House, user: str, card: Message) -> View:
    """Open what else can be done with the card's poll."""
    await press(house, user, card, "More")
    return await window(house, user, '"callback_id": "poll_more"')


async def manage(house: House, user: str, card: Message, what: str) -> None:
    """Press Edit, Close or Delete in the window of the card's poll."""
    opened = await more(house, user, card)
    in_time(await house.slack.view_action(user, opened.id, f"{what.lower()}_poll"))


async def edit(house: House, user: str, card: Message, **texts: str) -> Answer:
    """Edit the poll: ``title``, or options by their ids with an underscore before them."""
    await manage(house, user, card, "Edit")
    form = await window(house, user, '"callback_id": "edit_poll"')
    fields = {
        f"option:={name[1:]}" if name.startswith("_") else name: {"value": text}
        for name, text in texts.items()
    }
    answer = await house.slack.submit(user, form.id, fields)
    in_time(answer)
    return answer


async def set_up(
    house: House, user: str, workspace: str, url: str, token: str = VOICE_TOKEN, *, site: str = ""
) -> Answer:
    """Fill in and send the form of ``/pollbot setup``, of several sites for one; it stays open."""
    await close_windows(house, user)
    await command(house, user, "setup", "/pollbot")
    form = await window(house, user, '"callback_id": "setup"')
    return await house.slack.submit(
        user,
        form.id,
        {
            "workspace": {"value": workspace},
            "url": {"value": url},
            "token": {"value": token},
        }
        | ({"site": {"value": site}} if site else {}),
    )


def change(house: House, statement: str) -> None:
    """Change the database as no program would, while none runs."""
    with stored.opened(house.database) as db:
        db.execute(statement)


def on_disk(house: House) -> bytes:
    """Return every byte of the database, and of what is not merged into it yet."""
    files = house.database.parent.glob(f"{house.database.name}*")
    return b"".join(file.read_bytes() for file in sorted(files))


def sent(house: House) -> str:
    """Return all that Slack ever got from pollbot, in answers too."""
    outgoing: list[Any] = [call.args for call in house.slack.calls]
    outgoing += [post.body for post in house.slack.hook_posts]
    outgoing += [delivery.answer.body for delivery in house.slack.deliveries]
    return str(outgoing)


def _drawn(view: View) -> str:
    return json.dumps(view.view, ensure_ascii=False)
