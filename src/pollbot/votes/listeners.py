"""Commands and clicks about votes. Slack is answered once the wish is on disk."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.services import Services
from pollbot.slack import payloads
from pollbot.slack.clicks import VoteClick, WithdrawClick
from pollbot.votes.rules import Wish
from pollbot.votes.service import Named

Body = dict[str, Any]


def register(app: AsyncApp) -> None:
    """Listen for the vote commands and buttons."""
    app.action(VoteClick.action_id)(press_vote)
    app.action(WithdrawClick.action_id)(press_withdraw)
    app.command("/vote")(vote)
    app.command("/unvote")(unvote)
    app.command("/votes")(show_votes)


async def vote(ack: AsyncAck, command: Body, services: Services) -> None:
    await services.votes.ask(_named(command), Wish.VOTE, payloads.address(command))
    await ack()


async def unvote(ack: AsyncAck, command: Body, services: Services) -> None:
    await services.votes.ask(_named(command), Wish.WITHDRAW, payloads.address(command))
    await ack()


async def show_votes(ack: AsyncAck, command: Body, services: Services) -> None:
    await services.votes.show(
        _named(command), command.get("response_url"), command.get("trigger_id")
    )
    await ack()


async def press_vote(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    await _press(VoteClick.unpack(action), Wish.VOTE, action, body, services)
    await ack()


async def press_withdraw(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    await _press(WithdrawClick.unpack(action), Wish.WITHDRAW, action, body, services)
    await ack()


async def _press(
    click: VoteClick | WithdrawClick, wish: Wish, action: Body, body: Body, services: Services
) -> None:
    await services.votes.press(
        payloads.person(body),
        click.issue,
        wish,
        payloads.address(body),
        action.get("action_ts"),
    )


def _named(command: Body) -> Named:
    return Named(
        command=str(command.get("command", "")),
        text=str(command.get("text") or ""),
        person=payloads.person(command),
        channel_id=payloads.channel_id(command),
    )
