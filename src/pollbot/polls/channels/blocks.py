"""What people see of where a poll hangs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field

from pollbot.errors import SlackError, StaleForm
from pollbot.polls.blocks import titled
from pollbot.polls.channels.rules import CHANNELS_FIELD, MOST_AT_ONCE, SHOWN, Hangs, Hung, Places
from pollbot.polls.sentences import sentence
from pollbot.slack import kit
from pollbot.slack.clicks import TakeDownClick
from pollbot.slack.closed import why_closed
from pollbot.slack.kit import (
    Block,
    Message,
    beside,
    button,
    confirmation,
    context,
    places,
    section,
    view,
    words,
)
from pollbot.text.catalog import mark, say, say_number

SHARE_FORM = "share_poll_in"
SLOW = mark(
    ":hourglass_flowing_sand: This takes longer than usual. You may close this window; the cards "
    "appear by themselves, and I will tell you how it went."
)


def share_form(shown: Places, said: str = "") -> Block:
    """Return where the poll hangs, and the field that hangs it up elsewhere for who may."""
    poll = shown.kept.poll
    live = say(
        "Each card is the same poll: it takes answers, and all of them show the same results."
    )
    field = kit.field(
        CHANNELS_FIELD,
        say("Channels to post it in"),
        {
            "type": "multi_conversations_select",
            "action_id": "value",
            "max_selected_items": MOST_AT_ONCE,
            "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        },
        hint=say("In a private channel pollbot has to be a member: invite it there first."),
    )
    return view(
        say("Share"),
        [
            *([section(said)] if said else []),
            section(f"{titled(poll)}\n{live}"),
            *([field] if shown.may_manage else []),
            *_hanging(shown),
        ],
        callback_id=SHARE_FORM,
        submit=say("Post") if shown.may_manage else "",
        close=say("Done"),
        memory=json.dumps({"poll": poll.id}),
    )


def _hanging(shown: Places) -> list[Block]:
    poll, count = shown.kept.poll, len(shown.cards)
    if not count and not shown.unseen:
        return [context(say("It hangs nowhere yet."))]
    drawn: list[Block] = [section(say("*It hangs in*"))] if count else []
    for nth, one in enumerate(shown.cards[:SHOWN]):
        where = places([one.channel_id])
        away = button(
            say("Remove this card"),
            TakeDownClick(poll=poll.id, card=one.card_id),
            nth=nth,
            confirm=confirmation(
                say("Remove this card?"),
                say("Its message is deleted. The poll, its answers and its other cards stay."),
                say("Remove it"),
            ),
        )
        drawn.append(beside(where, away))
    if count > SHOWN:
        more = count - SHOWN
        drawn.append(
            context(say_number(more, "And {number} more card.", "And {number} more cards."))
        )
    if shown.unseen:
        drawn.append(
            context(
                say_number(
                    shown.unseen,
                    "{number} card hangs in a channel that you do not see.",
                    "{number} cards hang in channels that you do not see.",
                )
            )
        )
    return drawn


class _Memory(BaseModel):
    """What the form keeps: the poll's id."""

    poll: str = Field(min_length=1)


def read_share(form: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the poll's id and the chosen channels. Raises StaleForm if it is not our form."""
    try:
        memory = _Memory.model_validate_json(form["private_metadata"])
        value = form["state"]["values"][CHANNELS_FIELD]["value"]
        chosen = value.get("selected_conversations") or []
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StaleForm from error
    return memory.poll, [str(one) for one in chosen]


def hung(title: str, outcomes: Sequence[Hung]) -> Message:
    """Return what became of each channel."""
    new = [one.channel_id for one in outcomes if one.is_new]
    there = [one.channel_id for one in outcomes if not one.is_new and one.because is None]
    lines = []
    if new:
        lines.append(
            say(
                ":white_check_mark: {poll} is on its way to {channels}.",
                poll=title,
                channels=places(new),
            )
        )
    if there:
        lines.append(
            say(
                ":information_source: It hangs in {channels} already, so it was not posted there "
                "again.",
                channels=places(there),
            )
        )
    for one in outcomes:
        if one.because is not None:
            lines.append(
                say(
                    ":warning: It was not posted in {channel}. {why}",
                    channel=places([one.channel_id]),
                    why=why_closed(one.because.code)
                    if isinstance(one.because, SlackError)
                    else sentence(one.because),
                )
            )
    return words("\n".join(lines))


def taken_down(card: Hangs, left: int) -> str:
    """Return what is said once a card is gone."""
    gone = say(":wastebasket: The card in {channel} is removed.", channel=places([card.channel_id]))
    if left:
        return gone
    nowhere = say("The poll hangs nowhere now; `/poll list` posts it again.")
    return f"{gone} {nowhere}"
