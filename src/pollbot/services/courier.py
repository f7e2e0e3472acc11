"""A private word to one person, by whatever way is open."""

import logging

from pollbot.blocks.kit import Message
from pollbot.clients.slack import Slack
from pollbot.domain.people import Address, Person
from pollbot.errors import SlackError

log = logging.getLogger(__name__)


class Courier:
    """Delivers receipts and other private messages."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    async def tell(self, person: Person, address: Address, message: Message) -> None:
        """Tell the person: in the channel, seen only by them, or else by direct message.

        The response_url comes first, since it works where the app is no
        member. Raises SlackUnavailable if Slack could not be reached; if Slack
        refuses every way, that is logged and the word is lost.
        """
        text, blocks = message.text, message.blocks
        if address.response_url is not None:
            try:
                await self._slack.respond(
                    address.response_url, text, blocks, replace=address.replaces
                )
            except SlackError:
                log.info("a response_url is spent; taking another way")
            else:
                return
        try:
            if not address.channel_id:
                raise SlackError("no_channel")
            await self._slack.whisper(address.channel_id, person.user_id, text, blocks)
        except SlackError:
            try:
                await self._slack.post(person.user_id, text, blocks)
            except SlackError as error:
                log.warning("%s could not be told: %s", person.user_id, error.code)
