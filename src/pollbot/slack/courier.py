"""A private word to one person, by whatever way is open."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pollbot.errors import ContentRefused, PollbotError, PollGone, SlackError
from pollbot.people import Address, Person
from pollbot.slack.busy import Busy
from pollbot.slack.client import Posted, Slack
from pollbot.slack.kit import Message, bare
from pollbot.slack.posting import Posting
from pollbot.store.worker import Clock

log = logging.getLogger(__name__)

_BY_URL = "response_url"

KeepsNames = Callable[[str, str], Awaitable[bool]]
"""Returns whether a team's poll keeps the names of who answers. Raises PollGone."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word that Slack took; ``stands`` is where, if it is a direct message."""

    stands: Posted | None = None


class Courier:
    """Delivers receipts and other private messages."""

    def __init__(
        self, slack: Slack, posting: Posting, keeps_names: KeepsNames, clock: Clock
    ) -> None:
        self._slack = slack
        self._posting = posting
        self._busy = Busy(clock)
        self._keeps_names = keeps_names

    async def change_form(self, person: Person, view_id: str, view: dict[str, Any]) -> bool:
        """Show another view in a person's window; False where that is closed, or Slack is away."""
        try:
            return await self._slack.of(person.team_id).update_form(view_id, view) is not None
        except PollbotError:
            return False

    async def tell(
        self,
        person: Person,
        address: Address,
        message: Message,
        plain: Message | None = None,
        *,
        instead_of: Posted | None = None,
    ) -> Said | None:
        """Tell the person: in the channel, seen only by them, or else by direct message.

        Return that it is said; None if Slack refuses every way, and they do not hear it: that is
        logged, and the word is lost. ``instead_of`` is a direct message that this takes the place
        of, if it is still there.

        The response_url comes first, since it works where the app is no
        member; to whoever answers a poll that keeps no names it is the only way, as
        the others name them to Slack. ``plain``, or else its words alone, is sent
        instead where Slack does not take the blocks of ``message``: charts came to
        workspaces one after the other.
        Raises NotYet if Slack asked that workspace to wait, SlackUnavailable if it could not be
        reached, InstallBroken, and
        StorageUnavailable where nobody can tell whether the person may be named.
        """
        if instead_of is not None and await self._replaced(person, instead_of, message):
            return Said(instead_of)
        for way in (self._by_url, self._in_channel, self._directly):
            try:
                return Said(await way(person, address, message))
            except ContentRefused as error:
                # What is in it would be refused the other ways, too.
                log.error("Slack refused what somebody is told: %s %s", error.code, error.where)
                simpler = bare(message) if plain in (None, message) else plain
                if simpler != message:
                    return await self.tell(person, address, simpler)
                return None
            except SlackError as error:
                log.info("a way to tell somebody is closed: %s", error.code)
        log.warning("somebody could not be told: Slack refuses every way")
        return None

    async def must_answer(self, person: Person) -> None:
        """Raise SlackUnavailable or InstallBroken unless Slack answers in the person's workspace.

        What leaves for the last time waits for that: else what lost it before loses it again.
        """
        await self._posting.is_there(person.team_id)

    def waits(self) -> dict[str, float]:
        """Return the workspaces whose words have to wait now, and until when those of each have to.

        It is the first way, which nearly all of them go, that Slack takes nothing by.
        """
        return self._busy.teams(_BY_URL)

    async def take_back(self, person: Person, posted: Posted) -> None:
        """Take back a direct message that is true no more; what Slack does not take back stays."""
        try:
            await self._slack.of(person.team_id).delete(posted.channel_id, posted.ts)
        except PollbotError as error:
            log.info("a direct message that is over stays: %s", error)

    async def _replaced(self, person: Person, posted: Posted, message: Message) -> bool:
        """Return whether a direct message says this now; not so if it is gone, or full."""
        try:
            slack = self._slack.of(person.team_id)
            await slack.update(posted.channel_id, posted.ts, message.text, message.blocks)
        except SlackError as error:
            log.info("a direct message stays as it was, and is followed by one: %s", error.code)
            return False
        return True

    async def _by_url(self, person: Person, address: Address, message: Message) -> None:
        if address.response_url is None:
            raise SlackError("no_response_url")
        with self._busy.going(person.team_id, _BY_URL):
            await self._slack.respond(
                address.response_url, message.text, message.blocks, replace=address.replaces
            )

    async def _in_channel(self, person: Person, address: Address, message: Message) -> None:
        if not address.channel_id:
            raise SlackError("no_channel")
        await self._must_be_named(person, address)
        slack, said = self._slack.of(person.team_id), (message.text, message.blocks)
        with self._busy.going(person.team_id, "chat.postEphemeral"):
            await slack.post_ephemeral(address.channel_id, person.user_id, *said, address.thread_ts)

    async def _directly(self, person: Person, address: Address, message: Message) -> Posted:
        await self._must_be_named(person, address)
        with self._busy.going(person.team_id, "chat.postMessage"):
            return await self._posting.post(person.team_id, person.user_id, message, at_once=True)

    async def _must_be_named(self, person: Person, address: Address) -> None:
        """Raise SlackError if to name the person would, or may, name a voter."""
        if address.voter_of is None:
            return
        try:
            named = await self._keeps_names(person.team_id, address.voter_of)
        except PollGone:
            raise SlackError("perhaps_anonymous") from None
        if not named:
            raise SlackError("anonymous")
