"""Work that Slack's answer must not wait for; what goes wrong in it is told to its person."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from pollbot.chance import Chance, new_id
from pollbot.errors import (
    AccountRefused,
    BadField,
    NotConnected,
    PollbotError,
    SlackUnavailable,
    StorageElsewhere,
    StorageInDoubt,
    StorageUnavailable,
    ViewInDoubt,
)
from pollbot.people import Address, Person
from pollbot.slack.courier import Courier
from pollbot.slack.kit import Message, connect_button, words
from pollbot.slack.speaker import Speaker
from pollbot.store.deliveries import DELIVERY, DoneElsewhere
from pollbot.store.worker import Tasks
from pollbot.text.sentences import unexpected

log = logging.getLogger(__name__)


class Afterwards(Tasks):
    """Tasks of listeners. Slack is answered first, so errors cannot be in that answer."""

    def __init__(
        self,
        courier: Courier,
        speaker: Speaker,
        chance: Chance,
        sentence: Callable[[PollbotError], str],
        *,
        shared: bool,
    ) -> None:
        """``sentence`` words what any part refuses; ``shared``: there may be other pollbots."""
        super().__init__("afterwards")
        self._courier = courier
        self._speaker = speaker
        self._chance = chance
        self._sentence = sentence
        self._shared = shared

    def do(
        self, person: Person, address: Address, work: Coroutine[Any, Any, None]
    ) -> "asyncio.Task[None]":
        """Start ``work`` for a person; if it fails, tell them the sentence, or a reference.

        Of a lost answer of Slack's nothing is said: what was asked for may be there. But whoever
        waits for a window is told what to do if they see none.
        """
        return self.spawn(self._explained(person, address, work))

    async def say(
        self, person: Person, address: Address, message: Message, plain: Message | None = None
    ) -> None:
        """Tell a person how something went: now, or as soon as Slack takes it; see the courier."""
        await self._speaker.say(lambda: self._courier.tell(person, address, message, plain))

    async def change_form(self, person: Person, view_id: str, view: dict[str, Any]) -> bool:
        """Show another view in a person's window; False where that is closed, or Slack is away."""
        return await self._courier.change_form(person, view_id, view)

    def tell(
        self,
        person: Person,
        address: Address,
        message: Message,
        because: Exception | None = None,
    ) -> None:
        """Tell a person something as soon as possible, as it is ``because`` of an error.

        It is said beside an answer that fails where the database did not take something, and what
        fails here may be brought to another pollbot, which takes it: then this is not known.
        """
        if because is not None:
            message = self._as_far_as_known(message, because)
        self.spawn(self._tell(person, address, message, _owed(because)))

    def explained(self, error: Exception) -> Message:
        """Return our own sentence for what we expected; else a reference into the log."""
        refused = error.because if isinstance(error, BadField) else error
        if isinstance(refused, NotConnected | AccountRefused):
            site = refused.site if isinstance(refused, NotConnected) else ""
            return words(self._sentence(refused), connect_button(site))
        if isinstance(refused, PollbotError):
            return words(self._sentence(refused))
        reference = new_id(self._chance)
        log.error("unexpected error %s", reference, exc_info=error)
        return words(unexpected(reference))

    async def _explained(
        self, person: Person, address: Address, work: Coroutine[Any, Any, None]
    ) -> None:
        try:
            await work
        except DoneElsewhere:
            raise
        except Exception as error:
            is_view = isinstance(error, ViewInDoubt)
            if isinstance(error, SlackUnavailable) and error.lost and not is_view:
                log.info("what somebody asked for may be there: %s", error.why)
                return
            message = self._as_far_as_known(self.explained(error), error)
            await self._tell(person, address, message, _owed(error))

    def _as_far_as_known(self, message: Message, error: Exception) -> Message:
        is_refused = isinstance(error, StorageUnavailable) and not isinstance(error, StorageInDoubt)
        if self._shared and is_refused and DELIVERY.get() is not None:
            return self.explained(StorageElsewhere())
        return message

    async def _tell(
        self,
        person: Person,
        address: Address,
        message: Message,
        told: "asyncio.Future[bool] | None",
    ) -> None:
        # What the pressed message says stays true, so the sentence never takes its place.
        beside = replace(address, replaces=False)

        async def tell() -> None:
            try:
                said = await self._courier.tell(person, beside, message)
            except SlackUnavailable:
                raise
            except PollbotError:
                _known(told, is_heard=False)
                raise
            _known(told, is_heard=said is not None)

        await self._speaker.say(tell)


def _owed(error: Exception | None) -> "asyncio.Future[bool] | None":
    """Return what is to be told whether a person heard that the disk refused what they did."""
    delivery = DELIVERY.get()
    if delivery is None or not isinstance(error, StorageUnavailable):
        return None
    delivery.told = asyncio.get_running_loop().create_future()
    return delivery.told


def _known(told: "asyncio.Future[bool] | None", *, is_heard: bool) -> None:
    if told is not None and not told.done():
        told.set_result(is_heard)
