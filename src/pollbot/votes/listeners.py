"""Commands and clicks about votes. Slack is answered once the wish is on disk."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.jira.rules import Wish
from pollbot.slack import payloads
from pollbot.slack.clicks import VoteClick, WithdrawClick
from pollbot.text.command_words import installed_as
from pollbot.votes.service import Named, Votes

Body = dict[str, Any]


class VoteListeners:
    """Votes, by command and by button."""

    def __init__(self, votes: Votes) -> None:
        self._votes = votes

    def register(self, app: AsyncApp) -> None:
        """Listen for the vote commands and buttons."""
        app.action(VoteClick.action_id)(self.press_vote)
        app.action(WithdrawClick.action_id)(self.press_withdraw)
        app.command(installed_as("/vote"))(self.vote)
        app.command(installed_as("/unvote"))(self.unvote)
        app.command(installed_as("/votes"))(self.show_votes)

    async def vote(self, ack: AsyncAck, command: Body) -> None:
        await self._votes.ask(_named(command), Wish.VOTE, payloads.address(command))
        await ack()

    async def unvote(self, ack: AsyncAck, command: Body) -> None:
        await self._votes.ask(_named(command), Wish.WITHDRAW, payloads.address(command))
        await ack()

    async def show_votes(self, ack: AsyncAck, command: Body) -> None:
        await self._votes.show(
            _named(command), command.get("response_url"), command.get("trigger_id")
        )
        await ack()

    async def press_vote(self, ack: AsyncAck, action: Body, body: Body) -> None:
        await self._press(VoteClick.unpack(action), Wish.VOTE, action, body)
        await ack()

    async def press_withdraw(self, ack: AsyncAck, action: Body, body: Body) -> None:
        await self._press(WithdrawClick.unpack(action), Wish.WITHDRAW, action, body)
        await ack()

    async def _press(
        self, click: VoteClick | WithdrawClick, wish: Wish, action: Body, body: Body
    ) -> None:
        await self._votes.press(
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
