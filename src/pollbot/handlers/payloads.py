"""What a payload says about who, where and when; any of it may be missing."""

from collections.abc import Mapping
from typing import Any

from pollbot.blocks.clicks import read_card
from pollbot.blocks.kit import Message
from pollbot.blocks.markup import unmarked
from pollbot.domain.people import Address, Person, Pressed
from pollbot.errors import BadInput

Body = Mapping[str, Any]


def person(body: Body) -> Person:
    """Return who did it. On installs for a whole organisation ``team`` is null.

    Raises BadInput if the payload names nobody.
    """
    user = _part(body, "user")
    user_id = user.get("id") or body.get("user_id")
    team_id = (
        _part(body, "team").get("id")
        or body.get("team_id")
        or user.get("team_id")
        or _part(body, "view").get("team_id")
        or _part(body, "enterprise").get("id")
        or body.get("enterprise_id")
        or _part(body, "message").get("team")
    )
    if not user_id or not team_id:
        raise BadInput("Slack did not say who asked, so nothing was changed. Please try again.")
    return Person(str(team_id), str(user_id))


def channel_id(body: Body) -> str:
    """Return the channel, empty where the payload has none, as from forms."""
    found = (
        _part(body, "channel").get("id")
        or body.get("channel_id")
        or _part(body, "container").get("channel_id")
    )
    return str(found or "")


def address(body: Body) -> Address:
    """Return where a private answer goes."""
    url = body.get("response_url")
    return Address(
        channel_id(body),
        str(url) if url else None,
        # Of a message that only one person sees, an answer may take the place.
        replaces=bool(_part(body, "container").get("is_ephemeral")),
    )


def pressed(body: Body) -> Pressed | None:
    """Return the card that was pressed and where it hangs; None if it was none.

    What only one person sees is no card: nobody but that person can have it changed.
    """
    container, message = _part(body, "container"), _part(body, "message")
    ts = container.get("message_ts") or message.get("ts")
    channel = channel_id(body)
    whole = read_card(message.get("blocks"))
    card = whole or read_card(_as_blocks(body.get("actions")))
    if card is None or not ts or not channel or container.get("is_ephemeral"):
        return None
    url = body.get("response_url")
    return Pressed(
        card.card,
        channel,
        str(ts),
        str(url) if url else None,
        poll_id=card.poll,
        issue_key=card.issue,
        offered=whole.options if whole is not None else None,
    )


def _as_blocks(actions: object) -> list[Body]:
    """Return what was pressed as the blocks that it stands in, as far as it tells."""
    return [
        {"block_id": action.get("block_id"), "elements": [action]}
        for action in (actions if isinstance(actions, list) else [])
        if isinstance(action, Mapping)
    ]


def field(view: Body, block_id: str) -> str:
    """Return what was typed into a field of a form, without surrounding white space."""
    values = _part(_part(view, "state"), "values")
    value = _part(_part(values, block_id), "value").get("value")
    return str(value or "").strip()


def at_field(block_id: str, said: Exception | str) -> dict[str, Any]:
    """Return the answer to a form that shows a sentence under a field, which has no markup."""
    return {"response_action": "errors", "errors": {block_id: unmarked(str(said))}}


def in_words(message: Message) -> dict[str, Any]:
    """Return the message as the answer to a slash command, seen by one person."""
    return {"response_type": "ephemeral", "text": message.text, "blocks": message.blocks}


def _part(body: Body, name: str) -> Mapping[str, Any]:
    part = body.get(name)
    return part if isinstance(part, Mapping) else {}
