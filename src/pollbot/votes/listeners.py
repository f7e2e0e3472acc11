"""Commands and clicks about votes. Slack is answered once the wish is on disk."""

from contextlib import nullcontext
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.errors import BadField, BadInput
from pollbot.jira.refusals import NoIssue
from pollbot.jira.rules import Wish
from pollbot.people import Address
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.clicks import NewListClick, NewVoteClick, VoteClick, WithdrawClick
from pollbot.slack.client import Slack
from pollbot.slack.windows import told_view
from pollbot.store.deliveries import aside
from pollbot.text.catalog import say
from pollbot.text.command_words import installed_as
from pollbot.votes.form import (
    ISSUE_FIELD,
    QUERY_FIELD,
    SHOW_FORM,
    VOTE_FORM,
    on_its_way,
    show_form,
    vote_form,
    voted,
)
from pollbot.votes.service import Named, Votes

Body = dict[str, Any]


class VoteListeners:
    """Votes, by command and by button."""

    def __init__(self, votes: Votes, slack: Slack, afterwards: Afterwards) -> None:
        self._votes = votes
        self._slack = slack
        self._afterwards = afterwards

    def register(self, app: AsyncApp) -> None:
        """Listen for the vote commands and buttons."""
        app.action(VoteClick.action_id)(self.press_vote)
        app.action(WithdrawClick.action_id)(self.press_withdraw)
        app.command(installed_as("/vote"))(self.vote)
        app.command(installed_as("/unvote"))(self.unvote)
        app.command(installed_as("/votes"))(self.show_votes)
        app.global_shortcut("vote_on_issue")(self.open_form)
        app.action(NewVoteClick.action_id)(self.press_new_vote)
        app.view(VOTE_FORM)(self.submit)
        app.action(NewListClick.pattern())(self.open_list)
        app.view(SHOW_FORM)(self.post_list)

    async def vote(self, ack: AsyncAck, command: Body) -> None:
        await self._votes.ask(_named(command), Wish.VOTE, payloads.address(command))
        await ack()

    async def unvote(self, ack: AsyncAck, command: Body) -> None:
        await self._votes.ask(_named(command), Wish.WITHDRAW, payloads.address(command))
        await ack()

    async def show_votes(self, ack: AsyncAck, command: Body) -> None:
        trigger_id = command.get("trigger_id")
        try:
            await self._votes.show(
                _named(command),
                command.get("response_url"),
                trigger_id,
                payloads.thread_of(command),
            )
        except NoIssue:
            if not trigger_id or payloads.is_written(command):
                raise
            opening = self._open_list(str(trigger_id), payloads.channel_id(command))
            await answering.do_next(ack, opening, command, self._afterwards)
            return
        await ack()

    async def open_list(self, ack: AsyncAck, action: Body, body: Body) -> None:
        NewListClick.unpack(action)
        opening = self._open_list(str(body.get("trigger_id")), payloads.channel_id(body))
        await answering.do_next(ack, opening, body, self._afterwards)

    async def post_list(self, ack: AsyncAck, body: Body, view: Body) -> None:
        me, channel = payloads.person(body), payloads.channel_chosen(view)
        urls = body.get("response_urls") or []
        url = urls[0].get("response_url") if urls else None
        issue, query = payloads.named(view, ISSUE_FIELD), payloads.named(view, QUERY_FIELD)
        # A form that is sent twice, by an impatient finger, posts once.
        stamp = str(view["id"])
        try:
            query = self._votes.query_of(query) if query else ""
        except BadInput as error:
            raise BadField(QUERY_FIELD, error) from error
        if issue or not query:
            try:
                with aside() if query else nullcontext():
                    await self._votes.show_issue(Named("", issue, me, channel), url, stamp)
            except BadInput as error:
                raise BadField(ISSUE_FIELD, error) from error
        if query:
            await self._votes.show_list(me, channel, query, url, stamp)
        told = told_view(on_its_way(channel), title=say("Issues to vote on"))
        await ack(response_action="update", view=told)

    async def _open_list(self, trigger_id: str, channel: str) -> None:
        here = channel if channel[:1] in ("C", "G") else ""
        await self._slack.open_form(trigger_id, show_form(here))

    async def press_new_vote(self, ack: AsyncAck, action: Body, body: Body) -> None:
        NewVoteClick.unpack(action)
        await self.open_form(ack, body)

    async def open_form(self, ack: AsyncAck, body: Body) -> None:
        opening = self._open(str(body.get("trigger_id")))
        await answering.do_next(ack, opening, body, self._afterwards)

    async def submit(self, ack: AsyncAck, body: Body, view: Body) -> None:
        named = Named("", payloads.named(view, ISSUE_FIELD), payloads.person(body), "")
        key = await self._votes.ask(named, Wish.VOTE, Address(""))
        told = told_view(voted(key), title=say("Vote on an issue"))
        await ack(response_action="update", view=told)

    async def _open(self, trigger_id: str) -> None:
        await self._slack.open_form(trigger_id, vote_form())

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
            click.site,
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
