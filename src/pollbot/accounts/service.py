"""Jira accounts and the channel's issue: connect, forget, link."""

import asyncio
import logging
import re
from dataclasses import dataclass
from typing import Any

from pollbot.accounts import blocks
from pollbot.accounts.rows import AccountRows
from pollbot.accounts.rules import Waiting
from pollbot.errors import (
    AccountRefused,
    BadField,
    JiraError,
    JiraUnavailable,
    NoIssue,
    NotFound,
    NotSaved,
    PollbotError,
    SiteMoved,
)
from pollbot.jira.client import Jira
from pollbot.jira.issues import find_issue
from pollbot.people import Account, Address, Person
from pollbot.slack.client import Slack
from pollbot.slack.courier import Courier
from pollbot.slack.kit import Message, words
from pollbot.store.worker import Clock, Tasks

log = logging.getLogger(__name__)

_EMAIL = re.compile(r"[^@\s:]+@[^@\s:]+")
_Checked = Account | AccountRefused | JiraError | JiraUnavailable | SiteMoved
_CHECKS = 4
_BETWEEN_CHECKS = 5.0
_NOT_ACCEPTED = (
    "Jira does not accept this token with this e-mail. Nothing was saved. Check both, and that "
    "the token has not expired. One with scopes needs read:jira-user, read:jira-work and "
    "write:jira-work."
)
_HALF_ASKED = (
    "The Jira site does not accept this token with this e-mail. A token with scopes works only at "
    "Atlassian's gateway, which could not be reached, so nothing was stored. If yours has scopes, "
    "try again in a few minutes; else check the token and the e-mail."
)


@dataclass(frozen=True, slots=True)
class Connecting:
    """A filled-in form: whose, what is in it, and where an answer goes."""

    person: Person
    email: str
    token: str
    view_id: str
    memory: str
    address: Address


class Accounts:
    """What people do about their account, before Slack is answered and after."""

    def __init__(
        self,
        account_rows: AccountRows,
        jira: Jira,
        slack: Slack,
        courier: Courier,
        site: str,
        clock: Clock,
        beside: Tasks,
        *,
        patience: float = 2.0,
    ) -> None:
        self._account_rows = account_rows
        self._jira = jira
        self._slack = slack
        self._courier = courier
        self._site = site
        self._clock = clock
        self._beside = beside
        # Slack closes a form with an error 3 s after "Connect"; 2 s leave time for the way back.
        self._patience = patience

    async def open_form(self, person: Person, trigger_id: str, memory: str) -> None:
        """Open the form. Raises TriggerExpired if the click is older than 3 s."""
        await self._slack.open_form(trigger_id, await self._form(person, memory))

    async def show_form(self, person: Person, view_id: str, memory: str) -> None:
        """Show the form in place of the window in which it was asked for."""
        await self._slack.update_form(view_id, await self._form(person, memory))

    async def connect(self, form: Connecting) -> dict[str, Any]:
        """Check the token with Jira; return the view that takes the form's place.

        Raises BadField for what Jira refuses within 2 s. If Jira takes longer,
        the view says so, and is changed when Jira has answered; only then
        anything is stored.
        """
        if not _EMAIL.fullmatch(form.email):
            raise NotSaved(
                blocks.EMAIL, "That is no e-mail address.", "Use the one you sign in with."
            )
        if not form.token:
            raise NotSaved(blocks.TOKEN, "The field is empty.", "Paste the API token here.")
        if not form.token.isascii() or not form.token.isprintable() or " " in form.token:
            raise NotSaved(
                blocks.TOKEN, "A token has only letters, digits and signs.", "Copy the whole of it."
            )
        check = asyncio.create_task(self._check(form))
        done, _ = await asyncio.wait({check}, timeout=self._patience)
        if done:
            return await self._answered(form, check.result())
        self._beside.spawn(self._finish(form, check))
        return blocks.checking(self._site)

    async def disconnect(self, person: Person) -> Message:
        """Forget the person's account and whatever still waits for it."""
        was_connected, dropped = await self._account_rows.disconnect(person, self._site)
        say = blocks.disconnected if was_connected else blocks.not_connected
        return say(self._site, dropped)

    async def link(self, person: Person, channel_id: str, text: str) -> Message:
        """Link the channel to the issue named in ``text``; blank text only asks.

        Raises BadInput. If the person is connected and Jira is at hand, an issue that Jira does
        not show them is refused; otherwise the key is taken as it is.
        """
        if not text.strip():
            known = await self._account_rows.linked(person.team_id, channel_id, self._site)
            return blocks.link_of(self._site, known)
        key = find_issue(text, self._site)
        if key is None:
            raise NoIssue("/pollbot link")
        account, seen = await self._account_rows.usable(person, self._site), False
        if account is not None:
            try:
                async with asyncio.timeout(self._patience):
                    await self._jira.issue(key, account)
                seen = True
            except NotFound:
                return words(
                    f":x: Jira knows no issue {key}, or does not show it to you, so the channel's "
                    "link was left as it was. Check the key."
                )
            except (AccountRefused, JiraError, JiraUnavailable, SiteMoved, TimeoutError):
                log.info("%s was linked without a look at Jira", key)
        linked = await self._account_rows.link(person, channel_id, self._site, key, self._clock())
        return blocks.linked(self._site, linked, seen=seen)

    async def unlink(self, person: Person, channel_id: str) -> Message:
        """Remove the channel's link."""
        key = await self._account_rows.unlink(person.team_id, channel_id)
        return blocks.unlinked(self._site, key)

    async def _form(self, person: Person, memory: str) -> dict[str, Any]:
        account = await self._account_rows.find(person, self._site)
        return blocks.connect_form(self._site, memory, account=account)

    async def _check(self, form: Connecting) -> _Checked:
        try:
            return await self._jira.sign_in(form.email, form.token)
        except (AccountRefused, JiraError, JiraUnavailable, SiteMoved) as error:
            return error

    async def _answered(self, form: Connecting, found: _Checked) -> dict[str, Any]:
        if isinstance(found, Account):
            return blocks.connected_form(
                self._site, found.display_name, await self._keep(form, found)
            )
        if isinstance(found, JiraUnavailable):
            self._beside.spawn(self._try_again(form))
            return blocks.checking(self._site)
        raise BadField(blocks.TOKEN, _sentence(found))

    async def _keep(self, form: Connecting, account: Account) -> Waiting:
        return await self._account_rows.connect(form.person, self._site, account, self._clock())

    async def _finish(self, form: Connecting, check: "asyncio.Task[Any]") -> None:
        await self._end(form, await check)

    async def _try_again(self, form: Connecting) -> None:
        await self._end(form, JiraUnavailable("no answer yet"))

    async def _end(self, form: Connecting, found: _Checked) -> None:
        """Tell the person how the check went, when the form was answered long ago."""
        for _ in range(_CHECKS):
            if not isinstance(found, JiraUnavailable):
                break
            await asyncio.sleep(max(_BETWEEN_CHECKS, min(found.retry_after, 30.0)))
            found = await self._check(form)
        if isinstance(found, Account):
            waiting = await self._keep(form, found)
            view = blocks.connected_form(self._site, found.display_name, waiting)
            sentence = blocks.connected(self._site, found.display_name, waiting)
        else:
            problem = _sentence(found)
            view = blocks.connect_form(self._site, form.memory, problem=problem, email=form.email)
            sentence = f":x: Your Jira account is not connected. {problem}"
        await self._show(form, view, sentence)

    async def _show(self, form: Connecting, view: dict[str, Any], sentence: str) -> None:
        try:
            if await self._slack.update_form(form.view_id, view):
                return
        except PollbotError as error:
            log.info("the form could not be changed (%s); telling the person instead", error)
        try:
            await self._courier.tell(form.person, form.address, words(sentence))
        except PollbotError as error:
            log.warning("%s was not told how connecting went: %s", form.person.user_id, error)


def _sentence(error: AccountRefused | JiraError | JiraUnavailable | SiteMoved) -> str:
    match error:
        case AccountRefused():
            return _HALF_ASKED if error.gateway_silent else _NOT_ACCEPTED
        case JiraUnavailable():
            return (
                "Jira did not answer, so the token could not be checked. Nothing was stored. Try "
                "again in a few minutes."
            )
        case SiteMoved():
            return str(error)
        case JiraError():
            return f"{error} Nothing was saved. Check the token, or ask your Jira administrator."
