"""Commands and clicks about votes. Slack is answered once the wish is on disk."""

import asyncio
from contextlib import nullcontext
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.errors import BadField, BadInput
from pollbot.jira.refusals import NoIssue, NoQuery
from pollbot.jira.rules import Wish
from pollbot.people import Address
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.clicks import (
    NewListClick,
    NewVoteClick,
    VoteClick,
    WithdrawAllClick,
    WithdrawClick,
)
from pollbot.slack.client import Slack
from pollbot.slack.looks import OF_ISSUES
from pollbot.slack.straight import OfCrowds, listen
from pollbot.slack.windows import told_view
from pollbot.store.deliveries import aside
from pollbot.text.catalog import say
from pollbot.text.command_words import installed_as
from pollbot.votes.form import (
    SHOW_FORM,
    VOTE_FORM,
    list_title,
    on_its_way,
    show_form,
    vote_form,
    voted,
)
from pollbot.votes.form_state import BALLOT, ISSUE_FIELD, listing_in
from pollbot.votes.service import Named, Place, Votes

Body = dict[str, Any]


class VoteListeners:
    """Votes, by command and by button."""

    def __init__(self, votes: Votes, slack: Slack, afterwards: Afterwards) -> None:
        self._votes = votes
        self._slack = slack
        self._afterwards = afterwards

    @property
    def of_crowds(self) -> OfCrowds:
        """Who listens to the buttons on an issue's card."""
        return {
            VoteClick.action_id: self.press_vote,
            WithdrawClick.action_id: self.press_withdraw,
        }

    def register_of_crowds(self, app: AsyncApp) -> None:
        """Have Bolt know them, too."""
        listen(app, self.of_crowds)

    def register(self, app: AsyncApp) -> None:
        """Listen for the vote commands, forms, and other buttons."""
        app.action(WithdrawAllClick.pattern())(self.press_withdraw_all)
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
        except (NoIssue, NoQuery) as error:
            if not trigger_id or payloads.is_written(command):
                raise
            look = OF_ISSUES[0] if isinstance(error, NoQuery) else BALLOT
            await answering.do_next(ack, self._open_list(command, look), command, self._afterwards)
            return
        await ack()

    async def open_list(self, ack: AsyncAck, action: Body, body: Body) -> None:
        NewListClick.unpack(action)
        await answering.do_next(ack, self._open_list(body), body, self._afterwards)

    async def post_list(self, ack: AsyncAck, body: Body, view: Body) -> None:
        me, channel = payloads.person(body), payloads.channel_chosen(view)
        urls = body.get("response_urls") or []
        url = urls[0].get("response_url") if urls else None
        # A form that is sent twice, by an impatient finger, posts once.
        place = Place(channel, url, str(view["id"]))
        issue, asked = payloads.named(view, ISSUE_FIELD), listing_in(view)
        checks = [self._votes.check_place(me, place)]
        if asked is not None:
            checks.append(self._votes.check_list(me, asked, place))
        await asyncio.gather(*checks)
        if issue or asked is None:
            try:
                with aside() if asked else nullcontext():
                    await self._votes.show_issue(Named("", issue, me, channel), place)
            except BadInput as error:
                raise BadField(ISSUE_FIELD, error) from error
        if asked is not None:
            await self._votes.show_list(me, asked, place)
        told = told_view(on_its_way(channel), title=list_title())
        await ack(response_action="update", view=told)

    async def _open_list(self, body: Body, look: str = BALLOT) -> None:
        channel, me = payloads.channel_id(body), payloads.person(body)
        likely = await self._votes.site_of(me, channel)
        form = show_form(
            channel if channel[:1] in ("C", "G") else "",
            look=look,
            sites=sorted(self._votes.sites, key=lambda site: site != likely),
            away=payloads.on_home(body) is not None,
        )
        await self._slack.of(me.team_id).open_form(str(body.get("trigger_id")), form)

    async def press_new_vote(self, ack: AsyncAck, action: Body, body: Body) -> None:
        NewVoteClick.unpack(action)
        await self.open_form(ack, body)

    async def open_form(self, ack: AsyncAck, body: Body) -> None:
        opening = self._open(payloads.acted(body).team_id, str(body.get("trigger_id")))
        await answering.do_next(ack, opening, body, self._afterwards)

    async def submit(self, ack: AsyncAck, body: Body, view: Body) -> None:
        named = Named("", payloads.named(view, ISSUE_FIELD), payloads.person(body), "")
        key = await self._votes.ask(named, Wish.VOTE, Address(""))
        told = told_view(voted(key), title=say("Vote on an issue"))
        await ack(response_action="update", view=told)

    async def _open(self, team_id: str, trigger_id: str) -> None:
        await self._slack.of(team_id).open_form(trigger_id, vote_form())

    async def press_vote(self, ack: AsyncAck, action: Body, body: Body) -> None:
        await self._press(VoteClick.unpack(action), Wish.VOTE, action, body)
        await ack()

    async def press_withdraw(self, ack: AsyncAck, action: Body, body: Body) -> None:
        await self._press(WithdrawClick.unpack(action), Wish.WITHDRAW, action, body)
        await ack()

    async def press_withdraw_all(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click = WithdrawAllClick.unpack(action)
        await self._votes.press_all(
            payloads.person(body),
            click.site,
            click.issues,
            Wish.WITHDRAW,
            payloads.address(body),
            action.get("action_ts"),
        )
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
