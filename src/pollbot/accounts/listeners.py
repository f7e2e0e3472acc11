"""Accounts and links: the form that connects, and what its check with Jira is answered by."""

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.accounts import blocks
from pollbot.accounts.blocks import CONNECT_FORM
from pollbot.accounts.prompts import Prompts
from pollbot.accounts.refusals import ConnectedSince, NotSignedIn, Parted, TokenNotTaken
from pollbot.accounts.rules import EMAIL, SITE, TOKEN, Connected, OnSite, check_typed
from pollbot.accounts.sentences import sentence
from pollbot.accounts.service import Accounts
from pollbot.accounts.sign_in import SignIns
from pollbot.errors import (
    AccountRefused,
    BadField,
    JiraError,
    JiraUnavailable,
    PollbotError,
    SiteMoved,
    StaleForm,
)
from pollbot.people import Account, Address, Person
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.clicks import ConnectClick, SignInClick
from pollbot.slack.client import Slack
from pollbot.slack.kit import words
from pollbot.slack.shapes import read_json
from pollbot.slack.users import People

log = logging.getLogger(__name__)

Body = dict[str, Any]

_CHECKS = 4
_BETWEEN_CHECKS = 5.0


@dataclass(frozen=True, slots=True)
class Typed:
    """A filled-in form: whose, for which site, what is in it, and where an answer goes."""

    person: Person
    site: str
    email: str
    token: str
    view_id: str
    memory: str
    address: Address


class AccountListeners:
    """The form that connects an account, and the words about accounts and links."""

    def __init__(
        self,
        accounts: Accounts,
        sign_ins: SignIns | None,
        slack: Slack,
        afterwards: Afterwards,
        prompts: Prompts,
        people: People,
    ) -> None:
        """``sign_ins``: None where people connect by API token only."""
        self._accounts = accounts
        self._sign_ins = sign_ins
        self._slack = slack
        self._afterwards = afterwards
        self._prompts = prompts
        self._people = people

    def register(self, app: AsyncApp) -> None:
        """Listen for the Connect button, and the form behind it; the rest are /pollbot's words."""
        app.action(ConnectClick.action_id)(self.press_connect)
        app.action(SignInClick.action_id)(self.press_sign_in)
        app.view(CONNECT_FORM)(self.connect)

    async def press_connect(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me, address = (
            ConnectClick.unpack(action),
            payloads.person(body),
            payloads.address(body),
        )
        if address.replaces and address.response_url is not None:
            site = click.site or self._accounts.sites.default
            self._prompts.pressed(me, site, address.response_url)
        opening = self._open_form(me, body, click.site or "")
        await answering.do_next(ack, opening, body, self._afterwards)

    async def press_sign_in(self, ack: AsyncAck) -> None:
        await ack()

    async def ask_to_connect(self, ack: AsyncAck, command: Body) -> None:
        opening = self._open_form(payloads.person(command), command)
        await answering.do_next(ack, opening, command, self._afterwards)

    async def connect(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """Check the token with Jira; if Jira takes long, the form is changed afterwards."""
        memory = str(view.get("private_metadata") or "")
        typed = Typed(
            person=payloads.person(body),
            site=self._site(payloads.chosen(view, SITE)),
            email=payloads.field(view, EMAIL),
            token=payloads.field(view, TOKEN),
            view_id=str(view.get("id", "")),
            memory=memory,
            address=Address(_channel(memory)),
        )
        check_typed(typed.email, typed.token)
        check_id = await self._accounts.begin_check(
            typed.person, typed.site, typed.address.channel_id
        )
        check = asyncio.create_task(self._check(typed))
        done, _ = await asyncio.wait({check}, timeout=answering.PATIENCE)
        shown = blocks.checking(typed.site)
        if not done:
            self._afterwards.spawn(self._finish(typed, check_id, check))
        else:
            match check.result():
                case Account() as account:
                    shown, _ = await self._connected(typed, check_id, account)
                case JiraUnavailable() as silence:
                    self._afterwards.spawn(self._end(typed, check_id, silence))
                case refused:
                    await self._accounts.end_check(check_id)
                    raise BadField(TOKEN, TokenNotTaken(refused))
        await ack(response_action="update", view=shown)

    async def disconnect(self, ack: AsyncAck, command: Body) -> None:
        me, host = payloads.person(command), str(command.get("text") or "")
        several = self._accounts.sites.are_several
        gone = await self._accounts.disconnect(me, host if several else "")
        if several:
            await ack(**payloads.in_words(blocks.disconnected_from(gone)))
            return
        [only] = gone
        say = blocks.disconnected if only.was_connected else blocks.not_connected
        await ack(**payloads.in_words(say(only.site, only.dropped)))

    async def link(self, ack: AsyncAck, command: Body) -> None:
        """Link the channel; without more words, tell what it is linked to."""
        me, channel, text = payloads.person(command), payloads.channel_id(command), command["text"]
        if not text.strip():
            known = await self._accounts.linked(me, channel)
            await ack(**payloads.in_words(blocks.link_of(known)))
            return
        await ack(**payloads.in_words(blocks.linked(await self._accounts.link(me, channel, text))))

    async def unlink(self, ack: AsyncAck, command: Body) -> None:
        me, channel = payloads.person(command), payloads.channel_id(command)
        led_to = await self._accounts.unlink(me, channel)
        await ack(**payloads.in_words(blocks.unlinked(led_to)))

    def _site(self, chosen: str) -> str:
        """Return the site of a form. Raises StaleForm for one that is none of ours any more."""
        if chosen and chosen not in self._accounts.sites.all:
            raise StaleForm
        return chosen or self._accounts.sites.default

    async def _open_form(self, me: Person, body: Body, site: str = "") -> None:
        """Open the form; in place of the window in which it was asked for, if it was in one.

        ``site`` is the one that is meant, where that is known.
        """
        channel = payloads.channel_id(body)
        states, stands = [], []
        for one in self._accounts.sites.all:
            link = ""
            if self._sign_ins is not None:
                state = await self._sign_ins.begin(me, one, channel)
                link = self._sign_ins.link(state)
                states.append(state)
            stands.append(OnSite(one, await self._accounts.find(me, one), link))
        email = await self._people.email(me)
        memory = json.dumps({"channel": channel})
        form = blocks.connect_form(stands, memory, chosen=site, email=email, guessed=bool(email))
        shown = await answering.show(self._slack, body, form)
        if shown is not None and self._sign_ins is not None:
            for state in states:
                await self._sign_ins.shown_in(state, shown.view_id)

    async def _check(self, typed: Typed) -> Account | NotSignedIn:
        try:
            return await self._accounts.sign_in(typed.site, typed.email, typed.token)
        except (AccountRefused, JiraError, JiraUnavailable, SiteMoved) as error:
            return error

    async def _connected(
        self, typed: Typed, check_id: str, account: Account
    ) -> tuple[dict[str, Any], str]:
        """Keep the account, unless nobody asks for it any more; return what its person sees."""
        me, site = typed.person, typed.site
        try:
            waiting = await self._accounts.connect_checked(me, site, account, check_id)
        except (Parted, ConnectedSince) as gone:
            why = sentence(gone)
            return blocks.overtaken_form(why), blocks.overtaken(why)
        self._afterwards.spawn(self._prompts.take_back(me, site))
        on = [Connected(site, account.display_name, waiting)]
        return blocks.connected_form(on), blocks.connected(on)

    async def _finish(
        self, typed: Typed, check_id: str, check: "asyncio.Task[Account | NotSignedIn]"
    ) -> None:
        await self._end(typed, check_id, await check)

    async def _end(self, typed: Typed, check_id: str, found: Account | NotSignedIn) -> None:
        """Tell the person how the check went, when the form was answered long ago."""
        for _ in range(_CHECKS):
            if not isinstance(found, JiraUnavailable):
                break
            await asyncio.sleep(max(_BETWEEN_CHECKS, min(found.retry_after, 30.0)))
            found = await self._check(typed)
        site = typed.site
        if isinstance(found, Account):
            view, said = await self._connected(typed, check_id, found)
        else:
            await self._accounts.end_check(check_id)
            problem = sentence(TokenNotTaken(found))
            stands = [OnSite(one, None) for one in self._accounts.sites.all]
            view = blocks.connect_form(
                stands, typed.memory, chosen=site, problem=problem, email=typed.email
            )
            said = blocks.not_taken(problem)
        await self._show(typed, view, said)

    async def _show(self, typed: Typed, view: dict[str, Any], said: str) -> None:
        try:
            slack = self._slack.of(typed.person.team_id)
            if await slack.update_form(typed.view_id, view):
                return
        except PollbotError as error:
            log.info("the form could not be changed (%s); telling the person instead", error)
        await self._afterwards.say(typed.person, typed.address, words(said))


# A form's payload names no channel, and the answer may come after the form was closed.
def _channel(memory: str) -> str:
    try:
        return str(read_json(memory)["channel"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
